//! What the rule table answers when it is asked.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::time::Instant;

use model::{
    api::{Endpoint, SdkId},
    evidence::{CallSite, Tier},
    manifest::{UnmappedReason, Verdict},
    permission::{Grade, PermissionId},
    source::Location,
};
use rules::RuleSet;

fn call(text: &str) -> CallSite {
    let Endpoint { path, method } = Endpoint::parse(text).unwrap();
    CallSite {
        method,
        path,
        location: Location {
            path: "a.php".into(),
            line: 1,
            column: 1,
            excerpt: "x".into(),
        },
        spelling: "x".into(),
        named: Vec::new(),
        chain: Vec::new(),
        connect: false,
        expands: Vec::new(),
        events: Vec::new(),
        tier: Tier::Required,
    }
}

fn judged(text: &str) -> String {
    match RuleSet::builtin().judge(call(text)) {
        Verdict::Nothing { endpoint, .. } => format!("{endpoint} asks nothing"),
        Verdict::Needs {
            endpoint,
            permission,
            alternatives,
            grade,
            ..
        } => format!(
            "{endpoint} needs {permission} {alternatives:?} {}",
            grade.id()
        ),
        Verdict::Unmapped {
            endpoint, reason, ..
        } => format!("{endpoint} {reason:?}"),
    }
}

#[test]
fn a_request_needs_the_permission_of_its_row() {
    assert_eq!(
        judged("POST /v1/refunds"),
        "POST /v1/refunds needs charge_write [] official"
    );
    assert_eq!(
        judged("GET /v1/customers/{id}/sources/src_1"),
        "GET /v1/customers/{customer}/sources/{id} needs customer_read [] inferred"
    );
}

#[test]
fn what_is_not_known_is_never_nothing() {
    let reason = |text: &str| match RuleSet::builtin().judge(call(text)) {
        Verdict::Unmapped { reason, .. } => Some(reason),
        Verdict::Needs { .. } | Verdict::Nothing { .. } => None,
    };
    let unknown = Some(UnmappedReason::UnknownPermission);
    assert_eq!(reason("GET /v1/climate/orders"), unknown);
    assert_eq!(
        reason("GET /v1/nothing"),
        Some(UnmappedReason::UnknownEndpoint)
    );
}

#[test]
fn some_endpoints_ask_nothing_of_the_key() {
    let rules = RuleSet::builtin();
    let verdict = rules.judge(call("POST /oauth/token"));
    assert!(matches!(verdict, Verdict::Nothing { .. }), "{verdict:?}");
}

#[test]
fn calls_and_endpoints_translate_both_ways() {
    let rules = RuleSet::builtin();
    let endpoint = Endpoint::parse("POST /v1/customers").unwrap();
    let spellings = rules.sdk_spellings(&endpoint);
    let texts: Vec<(SdkId, &str)> = spellings.iter().map(|s| (s.sdk, s.text.as_str())).collect();
    for wanted in [
        (SdkId::Php, "$stripe->customers->create"),
        (SdkId::Php, "\\Stripe\\Customer::create"),
        (SdkId::Php, "Stripe_Customer::create"),
        (SdkId::Node, "stripe.customers.create"),
        (SdkId::Python, "client.v1.customers.create"),
        (SdkId::Python, "stripe.Customer.create"),
    ] {
        assert!(texts.contains(&wanted), "{wanted:?} of {texts:?}");
    }
    for text in texts.iter().map(|(_, text)| *text).chain([
        "customers.create",
        "$this->stripe->customers->create($data)",
        "Customer.create",
    ]) {
        let found = rules.calls_spelled(text);
        assert!(!found.is_empty(), "{text}");
        for spelling in found {
            let found = &rules.catalog().endpoint(spelling.endpoint).endpoint;
            assert_eq!(*found, endpoint, "{text}");
        }
    }
    assert!(rules.calls_spelled("customers.explode").is_empty());
    assert!(rules.calls_spelled("").is_empty());
}

#[test]
fn every_spelling_reads_back() {
    let rules = RuleSet::builtin();
    for rule in rules.endpoints() {
        for spelling in rules.sdk_spellings(&rule.endpoint) {
            let found = rules.calls_spelled(&spelling.text);
            assert!(found.contains(&spelling), "{}", spelling.text);
        }
    }
}

#[test]
fn a_service_is_not_taken_for_the_end_of_another() {
    let rules = RuleSet::builtin();
    let found = rules.calls_spelled("testHelpers.customers.create");
    assert!(found.is_empty(), "{found:?}");
}

#[test]
fn a_write_permission_allows_reading_too() {
    let rules = RuleSet::builtin();
    let write = PermissionId::parse("charge_write").unwrap();
    let allowed: Vec<String> = rules
        .endpoints_allowed_by(&write)
        .map(|rule| rule.endpoint.to_string())
        .collect();
    assert!(allowed.contains(&"GET /v1/charges".to_owned()));
    assert!(allowed.contains(&"POST /v1/refunds".to_owned()));
}

#[test]
fn a_user_file_adds_and_replaces_rows() {
    let text = "
endpoints:
  - { endpoint: GET /v1/nothing, permission: balance_read, source: our own 403 }
  - { endpoint: \"GET /v1/climate/orders\", permission: unknown }
  - endpoint: POST /v1/refunds
    permission: [charge_write, payment_intent_write]
    grade: observed
http_clients:
  - { language: php, function: acme_http, url: 0, verb: 1.method, default: POST }
";
    let builtin = RuleSet::builtin();
    let version = builtin.version().to_owned();
    let rules = builtin.with_rules("my.yaml", text).unwrap();
    assert_ne!(rules.version(), version);
    let rule = |text: &str| rules.endpoint(&Endpoint::parse(text).unwrap()).unwrap();
    let added = rule("GET /v1/nothing");
    assert_eq!(
        (added.answer.to_string().as_str(), added.grade),
        ("balance_read", Grade::Documented)
    );
    assert_eq!(added.file.as_deref(), Some("my.yaml"));
    assert_eq!(rule("GET /v1/climate/orders").grade, Grade::Unknown);
    assert_eq!(
        rule("POST /v1/refunds").answer.to_string(),
        "charge_write|payment_intent_write"
    );
    assert_eq!(rules.endpoints().count(), 868);
    assert!(matches!(
        &rules.catalog().http[0].callee,
        model::api::HttpCallee::Function(name) if name.as_ref() == "acme_http"
    ));
}

#[test]
fn an_empty_user_file_changes_nothing_but_the_version() {
    let rules = RuleSet::builtin()
        .with_rules("my.yaml", "# nothing\n")
        .unwrap();
    assert_eq!(rules.endpoints().count(), 867);
}

/// Not a test of speed, which depends on the machine; shows it with `--nocapture`.
#[test]
fn loading_is_quick_enough_for_every_start() {
    let start = Instant::now();
    let rules = RuleSet::builtin();
    let spent = start.elapsed();
    assert!(spent.as_millis() < 1000, "{spent:?}");
    drop(rules);
}
