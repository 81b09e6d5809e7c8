//! The command of Stripe's own program that says which permissions endpoints need.
//!
//! `stripe keys permissions "GET /v1/charges/:id"` asks Stripe. What is asked about are endpoints: what
//! is expanded, or inside events, is not part of the question.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use model::{
    api::{Endpoint, is_hole},
    manifest::Manifest,
};

use crate::{endpoints::requests, sanitize};

/// Lists the endpoints that `manifests` request, of the tiers that their keys are made for.
pub fn endpoints(manifests: &[Manifest]) -> BTreeSet<&Endpoint> {
    let requests = manifests.iter().flat_map(requests);
    requests.map(|request| &request.endpoint).collect()
}

/// Spells an endpoint as Stripe's program does: `GET /v1/charges/:id`.
#[must_use]
pub fn example(endpoint: &Endpoint) -> String {
    let mut text = format!("{} ", endpoint.method);
    for part in endpoint.path.segments() {
        text.push('/');
        text.push_str(if is_hole(part) { ":id" } else { part });
    }
    text
}

pub(crate) fn render(manifests: &[Manifest], out: &mut dyn Write) -> io::Result<()> {
    let endpoints = endpoints(manifests);
    if endpoints.is_empty() {
        return Ok(());
    }
    write!(out, "stripe keys permissions")?;
    for endpoint in endpoints {
        write!(out, " {}", quoted(&sanitize(&example(endpoint))))?;
    }
    writeln!(out)
}

/// Quotes `text` for a shell; what any shell could take for more than text stands in single quotes.
fn quoted(text: &str) -> String {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " /_.:-".contains(c);
    if text.chars().all(is_plain) {
        format!("\"{text}\"")
    } else {
        format!("'{}'", text.replace('\'', r"'\''"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holes_are_spelled_as_stripe_does() {
        let endpoint = Endpoint::parse("GET /v1/customers/{customer}/sources/{id}").unwrap();
        assert_eq!(example(&endpoint), "GET /v1/customers/:id/sources/:id");
    }

    #[test]
    fn no_path_runs_a_command() {
        assert_eq!(quoted("GET /v1/refunds/:id"), "\"GET /v1/refunds/:id\"");
        assert_eq!(quoted("GET /v1/$(rm -r x)"), "'GET /v1/$(rm -r x)'");
        assert_eq!(quoted("GET /v1/'`x`"), r"'GET /v1/'\''`x`'");
    }
}
