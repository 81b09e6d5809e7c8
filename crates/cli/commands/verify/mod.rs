//! `verify`: compares the rule table with what Stripe's own program says about the same endpoints.

mod compare;
mod page;

use std::time::Duration;

use model::{
    api::{Endpoint, is_hole},
    manifest::Manifest,
};
use rules::RuleSet;

use self::compare::{Difference, Verified, agrees};
use crate::{
    args::{ListFormat, VerifyArgs},
    error::CliError,
    rule_files,
    scanning::{self, Request},
    screen::Screen,
    status::Status,
    stripe_cli::{self, Answer},
};

pub(crate) fn run(args: &VerifyArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let request = Request {
        paths: &args.paths,
        files: &args.input,
        key: &args.key,
        run: &args.run,
    };
    let manifests = scanning::manifests(request, &rules, screen)?;
    let limit = Duration::from_secs(args.timeout);
    let ask = |endpoints: &[&Endpoint]| {
        let examples: Vec<String> = endpoints
            .iter()
            .map(|endpoint| report::stripe_cli_example(endpoint))
            .collect();
        stripe_cli::ask(&args.with_stripe_cli, &examples, limit)
    };
    let verified = verify(&manifests, &rules, screen, &ask)?;
    let text = match args.format {
        ListFormat::Text => page::text(&verified, screen),
        ListFormat::Json => page::json(&verified)?,
    };
    screen.print(text.as_bytes())?;
    let is_open = !verified.unresolved.is_empty() || !verified.not_asked.is_empty();
    Ok(if !verified.differences.is_empty() {
        Status::Findings
    } else if args.run.strict && is_open {
        Status::Incomplete
    } else {
        Status::Done
    })
}

/// Asks about all endpoints together, and about each alone where that gives another answer than ours.
fn verify<'a, E>(
    manifests: &'a [Manifest],
    rules: &RuleSet,
    screen: &Screen,
    ask: &dyn Fn(&[&'a Endpoint]) -> Result<Answer, E>,
) -> Result<Verified<'a>, E> {
    let requested = report::stripe_cli_endpoints(manifests);
    let (asked, not_asked): (Vec<&Endpoint>, Vec<&Endpoint>) = requested
        .into_iter()
        .partition(|endpoint| may_be_asked(endpoint, rules));
    let mut verified = Verified {
        n_asked: asked.len(),
        not_asked,
        ..Verified::default()
    };
    if asked.is_empty() {
        return Ok(verified);
    }
    let answer = ask(&asked)?;
    let differs = !agrees(&asked, &answer, rules);
    verified.unresolved = compare::unresolved(&asked, answer.unresolved.clone());
    if !differs {
        return Ok(verified);
    }
    screen.remark("the answers differ; asking about each endpoint alone");
    for endpoint in &asked {
        let answer = ask(&[endpoint])?;
        if !agrees(&[endpoint], &answer, rules) {
            let difference = Difference::new(endpoint, answer.permissions, rules);
            verified.differences.push(difference);
        }
    }
    if verified.differences.is_empty() {
        verified.differences = compare::together(&asked, &answer, rules);
    }
    Ok(verified)
}

/// Tells whether an endpoint can be asked about: what the table does not know could hold an id that
/// stands in the code.
fn may_be_asked(endpoint: &Endpoint, rules: &RuleSet) -> bool {
    let is_name = |part: &str| part.chars().all(|c| c.is_ascii_lowercase() || c == '_');
    let mut parts = endpoint.path.segments();
    let has_version = matches!(parts.next(), Some("v1" | "v2"));
    rules.endpoint(endpoint).is_some()
        || (has_version && parts.all(|part| is_hole(part) || is_name(part)))
}
