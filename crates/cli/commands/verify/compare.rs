//! Compares two answers about the same endpoints.

use std::collections::BTreeSet;

use model::{
    api::Endpoint,
    permission::{Grade, PermissionId},
};
use rules::{Answer as Known, RuleSet};

use crate::stripe_cli::{Answer, Unresolved};

/// What verifying gave.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Verified<'a> {
    /// How many endpoints were asked about.
    pub(super) n_asked: usize,
    /// Where the answers differ, sorted by endpoint.
    pub(super) differences: Vec<Difference>,
    /// What Stripe does not know, sorted.
    pub(super) unresolved: Vec<Unresolved>,
    /// What was not asked about, because it may hold an id.
    pub(super) not_asked: Vec<&'a Endpoint>,
}

/// Two answers that differ.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Difference {
    /// The endpoint; `None` where it cannot be said of which.
    pub(super) endpoint: Option<String>,
    /// What the table says; any one of them suffices.
    pub(super) table: Vec<PermissionId>,
    /// How well the table knows.
    pub(super) grade: Grade,
    /// What Stripe says.
    pub(super) stripe: BTreeSet<PermissionId>,
}

impl Difference {
    pub(super) fn new(
        endpoint: &Endpoint,
        stripe: BTreeSet<PermissionId>,
        rules: &RuleSet,
    ) -> Self {
        let rule = rules.endpoint(endpoint);
        Self {
            endpoint: Some(endpoint.to_string()),
            table: choices(endpoint, rules).to_vec(),
            grade: rule.map_or(Grade::Unknown, |rule| rule.grade),
            stripe,
        }
    }
}

/// Returns the permissions any of which suffices; nothing where none is needed or known.
fn choices<'r>(endpoint: &Endpoint, rules: &'r RuleSet) -> &'r [PermissionId] {
    match rules.endpoint(endpoint).map(|rule| &rule.answer) {
        Some(Known::Needs(ids)) => ids,
        Some(Known::Nothing | Known::Unknown) | None => &[],
    }
}

/// Tells whether Stripe's answer is that of the table: it allows every endpoint, and names nothing that
/// none of them asks for. Endpoints without an answer are left out.
pub(super) fn agrees(asked: &[&Endpoint], answer: &Answer, rules: &RuleSet) -> bool {
    missing(asked, answer, rules).next().is_none() && beside(asked, answer, rules).next().is_none()
}

/// Lists endpoints that what Stripe names does not allow, as the table sees it.
fn missing<'a>(
    asked: &'a [&'a Endpoint],
    answer: &'a Answer,
    rules: &'a RuleSet,
) -> impl Iterator<Item = &'a Endpoint> {
    let allows = |id: &PermissionId| answer.permissions.iter().any(|named| named.includes(id));
    answered(asked, answer).filter(move |endpoint| {
        let choices = choices(endpoint, rules);
        !choices.is_empty() && !choices.iter().any(allows)
    })
}

/// Lists permissions that Stripe names and that no endpoint asks for, as the table sees it.
fn beside<'a>(
    asked: &'a [&'a Endpoint],
    answer: &'a Answer,
    rules: &'a RuleSet,
) -> impl Iterator<Item = &'a PermissionId> {
    answer.permissions.iter().filter(move |named| {
        let mut all = answered(asked, answer).flat_map(|one| choices(one, rules));
        !all.any(|id| id.includes(named))
    })
}

fn answered<'a>(
    asked: &'a [&'a Endpoint],
    answer: &'a Answer,
) -> impl Iterator<Item = &'a Endpoint> {
    let has_answer = |endpoint: &&Endpoint| {
        let open = answer.unresolved.iter();
        !open.into_iter().any(|one| is_about(one, endpoint))
    };
    asked.iter().copied().filter(has_answer)
}

fn is_about(open: &Unresolved, endpoint: &Endpoint) -> bool {
    open.endpoint.trim() == report::stripe_cli_example(endpoint)
        || open.endpoint.trim() == endpoint.to_string()
}

/// Spells what Stripe does not know as the table does.
pub(super) fn unresolved(asked: &[&Endpoint], all: Vec<Unresolved>) -> Vec<Unresolved> {
    let mut all: Vec<Unresolved> = all
        .into_iter()
        .map(|open| {
            let known = asked.iter().find(|endpoint| is_about(&open, endpoint));
            Unresolved {
                endpoint: known.map_or(open.endpoint.clone(), ToString::to_string),
                reason: open.reason,
            }
        })
        .collect();
    all.sort();
    all.dedup();
    all
}

/// Lists differences that show only where all endpoints are asked about together.
pub(super) fn together(asked: &[&Endpoint], answer: &Answer, rules: &RuleSet) -> Vec<Difference> {
    let mut all: Vec<Difference> = missing(asked, answer, rules)
        .map(|endpoint| Difference::new(endpoint, BTreeSet::new(), rules))
        .collect();
    let beside: BTreeSet<PermissionId> = beside(asked, answer, rules).cloned().collect();
    if !beside.is_empty() {
        all.push(Difference {
            endpoint: None,
            table: Vec::new(),
            grade: Grade::Unknown,
            stripe: beside,
        });
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn endpoints(all: &[&str]) -> Vec<Endpoint> {
        let parsed = all.iter().map(|text| Endpoint::parse(text));
        parsed.collect::<Option<_>>().unwrap()
    }

    fn answer(ids: &[&str], unresolved: &[&str]) -> Answer {
        Answer {
            permissions: ids
                .iter()
                .filter_map(|id| PermissionId::parse(id))
                .collect(),
            unresolved: unresolved
                .iter()
                .map(|endpoint| Unresolved {
                    endpoint: (*endpoint).to_owned(),
                    reason: "r".to_owned(),
                })
                .collect(),
        }
    }

    fn agree(asked: &[&str], ids: &[&str], unresolved: &[&str]) -> bool {
        let asked = endpoints(asked);
        let asked: Vec<&Endpoint> = asked.iter().collect();
        agrees(&asked, &answer(ids, unresolved), &RuleSet::builtin())
    }

    #[test]
    fn write_stands_for_read() {
        let asked = ["POST /v1/refunds", "GET /v1/charges"];
        assert!(agree(&asked, &["charge_write"], &[]));
        assert!(agree(&asked, &["charge_write", "charge_read"], &[]));
        assert!(!agree(&asked, &["charge_read"], &[]));
        assert!(!agree(&["GET /v1/charges"], &["charge_write"], &[]));
    }

    #[test]
    fn more_and_less_are_differences() {
        assert!(!agree(
            &["POST /v1/refunds"],
            &["charge_write", "plan_read"],
            &[]
        ));
        assert!(!agree(&["POST /v1/refunds"], &[], &[]));
        assert!(agree(&[], &[], &[]));
    }

    #[test]
    fn what_has_no_answer_does_not_differ() {
        let asked = ["POST /v1/refunds", "GET /v1/customers/{customer}"];
        assert!(agree(&asked, &["charge_write"], &["GET /v1/customers/:id"]));
        assert!(!agree(&asked, &["charge_write"], &[]));
    }
}
