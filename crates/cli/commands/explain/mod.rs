//! `explain`: what a permission, an endpoint, an SDK call or a diagnostic code means.

use std::{
    collections::BTreeSet,
    io::{self, IsTerminal as _, Read as _},
};

use model::{
    api::{Endpoint, Method, PathTemplate, SdkTable},
    diagnostic::Code,
    permission::PermissionId,
};
use rules::{EndpointRule, PermissionRule, RuleSet, Spelling};

mod page;
mod refusal;

use crate::{
    args::ExplainArgs, error::CliError, nearest::nearest, rule_files, screen::Screen,
    status::Status,
};
use page::Page;

/// More of standard input is not read.
const LARGEST: u64 = 16 << 20;

pub(crate) fn run(args: &ExplainArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let page = match given(args)? {
        Given::Subject(subject) => explained(subject.trim(), &rules, screen)?,
        Given::Text(text) => refusal::explained_text(&text, &rules, screen)?,
    };
    screen.print(page.as_bytes())?;
    Ok(Status::Done)
}

/// What is to be explained.
enum Given {
    /// What was typed.
    Subject(String),
    /// What was piped in.
    Text(String),
}

fn given(args: &ExplainArgs) -> Result<Given, CliError> {
    let subject = args.subject.join(" ");
    if !matches!(subject.trim(), "" | "-") {
        return Ok(Given::Subject(subject));
    }
    if subject.trim().is_empty() && io::stdin().is_terminal() {
        return Err(CliError::NothingToExplain);
    }
    let mut bytes = Vec::new();
    let read = io::stdin().lock().take(LARGEST).read_to_end(&mut bytes);
    read.map_err(|source| CliError::Stdin { source })?;
    Ok(Given::Text(String::from_utf8_lossy(&bytes).into_owned()))
}

/// Returns the page about `subject`, whatever it turns out to be.
fn explained(subject: &str, rules: &RuleSet, screen: &Screen) -> Result<String, CliError> {
    let mut page = Page::new(screen);
    if let Some(code) = Code::from_id(subject) {
        page.code(code);
        return Ok(page.into_text());
    }
    for rule in endpoints(subject, rules) {
        page.endpoint(rule, &rules.sdk_spellings(&rule.endpoint), rules);
    }
    if page.is_empty() {
        permissions(subject, rules).for_each(|rule| page.permission(rule, rules));
    }
    if page.is_empty() {
        calls(subject, rules, &mut page);
    }
    if page.is_empty() {
        refusal::refusals(subject, rules, &mut page);
    }
    if page.is_empty() {
        quoted(subject, rules).for_each(|rule| page.permission(rule, rules));
    }
    if page.is_empty() {
        return Err(CliError::UnknownSubject {
            subject: subject.to_owned(),
            nearest: similar(subject, rules),
        });
    }
    Ok(page.into_text())
}

/// Returns the endpoints that `POST /v1/refunds`, `/v1/refunds` or a whole URL names.
fn endpoints<'r>(subject: &str, rules: &'r RuleSet) -> Vec<&'r EndpointRule> {
    let (methods, path) = match subject.split_once(char::is_whitespace) {
        Some((verb, path)) => match Method::parse(verb) {
            Some(method) => (vec![method], path.trim()),
            None => return Vec::new(),
        },
        None => (vec![Method::Get, Method::Post, Method::Delete], subject),
    };
    let path = path.strip_prefix("https://").map_or(path, |url| {
        url.find('/').and_then(|at| url.get(at..)).unwrap_or(path)
    });
    if !path.starts_with('/') {
        return Vec::new();
    }
    let endpoint = |method| Endpoint {
        method,
        path: PathTemplate::new(path),
    };
    methods
        .into_iter()
        .filter_map(|method| rules.endpoint(&endpoint(method)))
        .collect()
}

/// Returns the permissions that an id, an id without access, or a Dashboard label names.
fn permissions<'r>(subject: &str, rules: &'r RuleSet) -> impl Iterator<Item = &'r PermissionRule> {
    let name = subject
        .strip_prefix("rak_")
        .unwrap_or(subject)
        .to_lowercase();
    rules.permissions().filter(move |rule| {
        let info = &rule.info;
        let label = info.label.as_deref().unwrap_or_default().to_lowercase();
        info.id.to_string() == name || *info.id.base == *name || label == name
    })
}

/// Returns the permissions that a longer text names, as the message of a 403 does.
fn quoted<'r>(text: &str, rules: &'r RuleSet) -> impl Iterator<Item = &'r PermissionRule> {
    let ids: BTreeSet<PermissionId> = text
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter_map(PermissionId::parse)
        .collect();
    rules
        .permissions()
        .filter(move |rule| ids.contains(&rule.info.id))
}

/// Adds the endpoints that an SDK call requests, each with the spellings that were meant.
fn calls(subject: &str, rules: &RuleSet, page: &mut Page<'_>) {
    let spellings = rules.calls_spelled(subject);
    let ids: BTreeSet<_> = spellings.iter().map(|spelling| spelling.endpoint).collect();
    for id in ids {
        let meant: Vec<Spelling> = spellings
            .iter()
            .filter(|spelling| spelling.endpoint == id)
            .cloned()
            .collect();
        page.endpoint(rules.endpoint_by_id(id), &meant, rules);
    }
}

/// Returns the names that a mistyped subject may have meant.
fn similar(subject: &str, rules: &RuleSet) -> Vec<String> {
    let mut names: BTreeSet<String> = Code::ALL.map(|code| code.id().to_owned()).into();
    for rule in rules.permissions() {
        names.insert(rule.info.id.to_string());
        names.extend(rule.info.label.as_deref().map(str::to_owned));
    }
    for rule in rules.endpoints() {
        names.insert(rule.endpoint.to_string());
        names.insert(rule.endpoint.path.to_string());
    }
    for table in rules.catalog().sdks.values() {
        names.extend(call_names(table));
    }
    let subject = subject.split('(').next().unwrap_or(subject).trim();
    let subject = subject.replace("->", ".").replace("::", ".");
    let subject = ["$stripe.", "stripe.", "client.", "\\Stripe\\", "rak_"]
        .iter()
        .find_map(|prefix| subject.strip_prefix(prefix))
        .unwrap_or(&subject);
    nearest(subject, names.iter().map(String::as_str))
}

/// Returns every call of an SDK in the form `customers.create`.
fn call_names(table: &SdkTable) -> impl Iterator<Item = String> {
    let classes = table.classes.iter().flat_map(|(name, class)| {
        let methods = class.statics.keys().chain(class.instances.keys());
        methods.map(move |method| format!("{name}.{method}"))
    });
    let services = table
        .services
        .iter()
        .flat_map(|(path, methods)| methods.keys().map(move |method| format!("{path}.{method}")));
    services.chain(classes)
}
