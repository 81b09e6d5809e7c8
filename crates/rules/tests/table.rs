//! What must hold for the table that comes with the program.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use std::{collections::BTreeMap, fs, path::PathBuf};

use model::{
    api::{Endpoint, Method, SdkId},
    permission::{Access, Grade, PermissionId},
};
use rules::{Answer, EndpointRule, Files, RuleSet};

const COMPILED: &str = include_str!("../../../rules/compiled.tsv");

fn files() -> Files {
    let rules = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    let mut files = Files::new();
    for folder in [
        "",
        "endpoints",
        "sdks",
        "http_clients",
        "functions",
        "libraries",
    ] {
        for entry in fs::read_dir(rules.join(folder)).unwrap() {
            let path = entry.unwrap().path();
            if path
                .extension()
                .is_some_and(|extension| extension == "yaml")
            {
                let file = path.file_name().unwrap().to_str().unwrap();
                let name = format!("{folder}/{file}");
                let text = fs::read_to_string(&path).unwrap();
                files.insert(name.trim_start_matches('/').to_owned(), text);
            }
        }
    }
    files
}

/// Counts the rows of each kind, `service` and `class` rows per SDK.
fn counts(table: &str) -> BTreeMap<String, usize> {
    let (mut sdk, mut owner) = ("", "");
    let mut counts = BTreeMap::new();
    for line in table.lines().skip(1) {
        let mut cells = line.split('\t');
        let kind = match cells.next().unwrap() {
            "sdk" => {
                sdk = cells.next().unwrap();
                "sdk".to_owned()
            }
            kind @ ("service" | "class") => {
                owner = kind;
                format!("{sdk} {kind}")
            }
            "m" | "s" | "i" => format!("{sdk} {owner} methods"),
            kind => kind.to_owned(),
        };
        *counts.entry(kind).or_insert(0) += 1;
    }
    counts
}

#[test]
fn the_compiled_table_is_what_the_rule_files_say() {
    let compiled = rules::compile(&files()).unwrap_or_else(|error| {
        panic!(
            "{}:{}:{}: {error}",
            error.file(),
            error.line(),
            error.column()
        )
    });
    assert!(
        compiled == COMPILED,
        "rules/compiled.tsv is old; run `cargo xtask compile-rules`"
    );
}

#[test]
fn no_row_was_lost() {
    let counts = counts(COMPILED);
    let n = |kind: &str| counts[kind];
    assert_eq!(n("endpoint"), 867);
    assert_eq!(n("stripe-php service methods"), 591);
    assert_eq!(n("stripe-node service methods"), 805);
    assert_eq!(n("stripe-python service methods"), 2428);
    assert_eq!(n("stripe-php class methods"), 895);
    assert_eq!(n("stripe-python class methods"), 2010);
    // 116 bases: 33 read only, 14 write only, 69 both.
    assert_eq!(n("permission"), 33 + 14 + 2 * 69);
    assert_eq!(n("collection"), 28);
}

#[test]
fn loading_loses_no_row() {
    let rules = RuleSet::builtin();
    assert_eq!(rules.endpoints().count(), 867);
    assert_eq!(rules.permissions().count(), 185);
    let counts = counts(COMPILED);
    for (sdk, table) in &rules.catalog().sdks {
        let services: usize = table
            .services
            .values()
            .flat_map(BTreeMap::values)
            .map(Vec::len)
            .sum();
        let classes: usize = table
            .classes
            .values()
            .flat_map(|class| class.statics.values().chain(class.instances.values()))
            .map(Vec::len)
            .sum();
        let n = |kind: &str| counts.get(&format!("{} {kind} methods", sdk.id())).copied();
        assert_eq!(Some(services), n("service"));
        assert_eq!(classes, n("class").unwrap_or_default());
    }
    assert_eq!(rules.catalog().http.len(), counts["http"]);
}

#[test]
fn every_permission_that_an_endpoint_asks_for_exists() {
    let rules = RuleSet::builtin();
    for rule in rules.endpoints() {
        if let Answer::Needs(ids) = &rule.answer {
            assert!(!ids.is_empty(), "{}", rule.endpoint);
            for id in ids {
                assert!(rules.permission(id).is_some(), "{id} of {}", rule.endpoint);
            }
        }
    }
}

#[test]
fn what_is_claimed_to_be_known_has_a_source() {
    let rules = RuleSet::builtin();
    for rule in rules.endpoints() {
        let known = rule.grade < Grade::Inferred;
        assert!(!known || rule.source.is_some(), "{}", rule.endpoint);
        let unknown = rule.answer == Answer::Unknown;
        assert_eq!(unknown, rule.grade == Grade::Unknown, "{}", rule.endpoint);
    }
    for rule in rules.permissions() {
        let known = rule.info.grade < Grade::Inferred;
        assert!(!known || rule.source.is_some(), "{}", rule.info.id);
    }
}

#[test]
fn access_follows_the_verb_with_one_known_exception() {
    let fits = |rule: &&EndpointRule| {
        let read = rule.endpoint.method == Method::Get;
        let wanted = if read { Access::Read } else { Access::Write };
        match &rule.answer {
            Answer::Needs(ids) => ids.iter().all(|id| id.access == wanted),
            Answer::Nothing | Answer::Unknown => true,
        }
    };
    let rules = RuleSet::builtin();
    let exceptions: Vec<_> = rules.endpoints().filter(|rule| !fits(rule)).collect();
    let names: Vec<String> = exceptions.iter().map(|r| r.endpoint.to_string()).collect();
    assert_eq!(names, ["POST /v1/reporting/report_runs"]);
    assert!(exceptions.iter().all(|rule| rule.note.is_some()));
}

#[test]
fn every_endpoint_finds_itself() {
    let rules = RuleSet::builtin();
    for (n, rule) in rules.endpoints().enumerate() {
        let Endpoint { path, method } = &rule.endpoint;
        let id = rules.catalog().find(*method, path).unwrap();
        assert_eq!(id.0 as usize, n, "{}", rule.endpoint);
    }
}

#[test]
fn what_common_endpoints_answer_with_is_known() {
    let rules = RuleSet::builtin();
    let answer = |text: &str| {
        let endpoint = Endpoint::parse(text).unwrap();
        let id = rules.catalog().find(endpoint.method, &endpoint.path)?;
        let returned = rules.catalog().endpoint(id).returns.clone()?;
        Some((returned.object.to_string(), returned.list))
    };
    let one = |object: &str| Some((object.to_owned(), false));
    let many = |object: &str| Some((object.to_owned(), true));
    assert_eq!(
        answer("POST /v1/payment_intents/{i}/capture"),
        one("payment_intent")
    );
    assert_eq!(
        answer("POST /v1/customers/{c}/sources"),
        one("payment_source")
    );
    assert_eq!(
        answer("GET /v1/customers/{c}/sources"),
        many("payment_source")
    );
    assert_eq!(answer("GET /v1/subscriptions/search"), many("subscription"));
    assert_eq!(answer("GET /v1/balance_settings"), one("balance_settings"));
    assert_eq!(answer("DELETE /v1/subscriptions/{s}"), one("subscription"));
    assert_eq!(
        answer("GET /v1/checkout/sessions/{s}/line_items"),
        many("item")
    );
    assert_eq!(answer("GET /v1/quotes/{quote}/pdf"), None);
    let n_known = rules
        .catalog()
        .endpoints
        .iter()
        .filter(|info| info.returns.is_some())
        .count();
    assert!(n_known >= 780, "{n_known}");
}

#[test]
fn classes_know_their_object() {
    let rules = RuleSet::builtin();
    let object = |sdk, class: &str| {
        let class = rules.catalog().sdk(sdk)?.classes.get(class)?;
        class.object.as_deref()
    };
    assert_eq!(
        object(SdkId::Php, "Checkout\\Session"),
        Some("checkout.session")
    );
    assert_eq!(object(SdkId::Php, "Stripe_Charge"), Some("charge"));
    assert_eq!(object(SdkId::Php, "Source"), Some("source"));
    assert_eq!(object(SdkId::Php, "FileUpload"), Some("file"));
    assert_eq!(
        object(SdkId::Python, "checkout.Session"),
        Some("checkout.session")
    );
    let source = &rules.catalog().objects["payment_source"];
    assert_eq!(source.classes[&SdkId::Php].len(), 4);
    assert!(source.fields.contains_key("customer"));
}

#[test]
fn ids_that_stripe_never_published_do_not_exist() {
    let rules = RuleSet::builtin();
    for id in [
        "refund_write",
        "price_read",
        "payment_link_write",
        "topup_write",
    ] {
        let id = PermissionId::parse(id).unwrap();
        assert_eq!(rules.permission(&id), None);
    }
}

#[test]
fn http_clients_read_their_verbs_in_order() {
    let rules = RuleSet::builtin();
    let call = |name: &str| {
        let mut calls = rules.catalog().http.iter();
        let function = model::api::HttpCallee::Function(name.into());
        calls.find(|call| call.callee == function).unwrap()
    };
    let get = call("wp_remote_get");
    assert_eq!(get.default_verb, Method::Get);
    assert_eq!(get.verb[0].argument, Some(1));
    assert_eq!(get.verb[0].key.as_deref(), Some("method"));
    assert_eq!(call("wp_remote_post").default_verb, Method::Post);
}
