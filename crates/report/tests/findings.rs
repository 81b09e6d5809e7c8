//! Formats for single findings: SARIF obeys its schema, annotations obey GitHub's rules.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{collections::BTreeSet, fs, path::PathBuf};

use model::{
    diagnostic::Code,
    manifest::{Manifest, UnmappedReason},
    permission::PermissionId,
};
use report::{Findings, Format, Options, Start};
use serde_json::Value;

mod manifest;

use manifest::{at, empty, shop, unmapped, unresolved};

fn rendered(format: Format, manifests: &[Manifest], options: &Options) -> String {
    let mut out = Vec::new();
    report::render(format, manifests, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn options() -> Options {
    Options {
        tool_version: "0.1.0".into(),
        rules_version: "abc".into(),
        ..Options::default()
    }
}

fn with_evidence() -> Options {
    Options {
        findings: Findings::All,
        ..options()
    }
}

/// The shop, with a wrapper below one of its requests.
fn wrapped() -> Manifest {
    let mut shop = shop();
    let request = &mut shop.permissions[1].requests[0];
    let wrapper = at("includes/class-api.php:40:9 wp_remote_post( $url, $args );");
    request.through = [(request.at[0].clone(), vec![wrapper])].into();
    shop
}

fn sarif(manifests: &[Manifest], options: &Options) -> Value {
    serde_json::from_str(&rendered(Format::Sarif, manifests, options)).unwrap()
}

fn results(log: &Value) -> &Vec<Value> {
    log["runs"][0]["results"].as_array().unwrap()
}

fn errors(log: &Value) -> Vec<String> {
    let path = "tests/sarif/sarif-schema-2.1.0.json";
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(path);
    let schema = serde_json::from_str(&fs::read_to_string(path).unwrap()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let errors = validator.iter_errors(log);
    errors.map(|error| error.to_string()).collect()
}

#[test]
fn sarif_obeys_the_published_schema() {
    for options in [options(), with_evidence()] {
        for manifests in [vec![], vec![empty("lib")], vec![wrapped(), empty("lib")]] {
            let log = sarif(&manifests, &options);
            assert_eq!(errors(&log), Vec::<String>::new());
        }
    }
    let mut wrong = sarif(&[shop()], &options());
    wrong["runs"][0]["results"][0]["level"] = "bad".into();
    assert!(!errors(&wrong).is_empty());
}

#[test]
fn sarif_holds_problems_only() {
    let log = sarif(&[shop()], &options());
    let seen: Vec<(&str, &str)> = results(&log)
        .iter()
        .map(|one| {
            (
                one["ruleId"].as_str().unwrap(),
                one["level"].as_str().unwrap(),
            )
        })
        .collect();
    assert_eq!(
        seen,
        [
            ("dynamic-operation", "warning"),
            ("unmapped-request", "warning"),
            ("unmapped-request", "warning"),
        ]
    );
    let first = &results(&log)[0];
    assert!(
        first["message"]["text"]
            .as_str()
            .unwrap()
            .starts_with("cannot tell which")
    );
    let place = &first["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "includes/form.php");
    assert_eq!(place["artifactLocation"]["uriBaseId"], "%SRCROOT%");
    assert_eq!(place["region"]["startLine"], 326);
    assert_eq!(log["runs"][0]["columnKind"], "unicodeCodePoints");
}

#[test]
fn evidence_is_added_on_request_with_the_wrappers_below_it() {
    let log = sarif(&[wrapped()], &with_evidence());
    let notes: Vec<&Value> = results(&log)
        .iter()
        .filter(|one| one["level"] == "note")
        .collect();
    let refund = notes
        .iter()
        .find(|one| one["locations"][0]["physicalLocation"]["region"]["startLine"] == 90)
        .unwrap();
    assert_eq!(
        refund["message"]["text"],
        "`POST /v1/refunds` needs `charge_write` (Charges and Refunds), official"
    );
    let related = &refund["relatedLocations"][0];
    assert_eq!(
        related["physicalLocation"]["artifactLocation"]["uri"],
        "includes/class-api.php"
    );
    assert!(notes.iter().any(|one| one["ruleId"] == "invalid-utf8"));
    let text = log.to_string();
    assert!(
        text.contains("(PaymentIntents, for connected accounts)"),
        "{text}"
    );
    assert!(text.contains("official, once"), "{text}");
}

#[test]
fn every_result_names_a_described_rule() {
    let log = sarif(&[shop()], &with_evidence());
    let rules = log["runs"][0]["tool"]["driver"]["rules"]
        .as_array()
        .unwrap();
    for result in results(&log) {
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(rules[index]["id"], result["ruleId"]);
    }
    for rule in rules {
        for key in ["shortDescription", "fullDescription", "help"] {
            assert!(rule[key]["text"].as_str().unwrap().len() > 20, "{rule}");
        }
        assert!(rule["help"]["markdown"].is_string() && rule["helpUri"].is_string());
    }
}

#[test]
fn fingerprints_outlive_lines_that_move() {
    let prints = |manifest: &Manifest| -> BTreeSet<String> {
        results(&sarif(std::slice::from_ref(manifest), &with_evidence()))
            .iter()
            .map(|one| one["partialFingerprints"]["primaryLocationLineHash"].to_string())
            .collect()
    };
    let before = prints(&shop());
    let mut moved = shop();
    for open in &mut moved.unresolved {
        open.location.line += 17;
    }
    for place in moved
        .permissions
        .iter_mut()
        .flat_map(|one| &mut one.requests)
    {
        for at in &mut place.at {
            at.line += 3;
        }
    }
    assert_eq!(before, prints(&moved));
    let n_results = results(&sarif(&[shop()], &with_evidence())).len();
    assert_eq!(before.len(), n_results, "each result has its own");
}

#[test]
fn more_results_than_are_shown_are_cut_and_that_is_said() {
    let mut many = empty("lib");
    many.unresolved = (1..=5_003)
        .map(|n| unresolved(Code::DynamicRequest, &format!("a.php:{n}:1 x"), "open"))
        .collect();
    let options = options();
    let log = sarif(std::slice::from_ref(&many), &options);
    assert_eq!(results(&log).len(), 5_000);
    assert_eq!(report::n_cut_from_sarif(&[many], &options), 3);
    let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"][0];
    assert_eq!(
        told["message"]["text"],
        "3 results are left out: code scanning shows 5000"
    );
    assert_eq!(errors(&log), Vec::<String>::new());
}

#[test]
fn hostile_names_stay_text() {
    let mut hostile = empty("lib");
    hostile.unresolved = vec![unresolved(
        Code::DynamicRequest,
        "a,b\u{202e}::\n/%x.php:3:1 x",
        "see [this](https://e.example)\u{1b}[2J\n::error::gone ##[add-mask]x 100%",
    )];
    let log = sarif(std::slice::from_ref(&hostile), &options());
    let first = &results(&log)[0];
    assert_eq!(
        first["locations"][0]["physicalLocation"]["artifactLocation"]["uri"],
        "a%2Cb%E2%80%AE%3A%3A%0A/%25x.php"
    );
    assert!(!first["message"]["text"].as_str().unwrap().contains("]("));
    assert_eq!(errors(&log), Vec::<String>::new());
    let text = rendered(Format::Github, &[hostile], &options());
    assert_eq!(text.lines().count(), 2, "{text}");
    let command = text.lines().nth(1).unwrap();
    assert!(command.starts_with("::warning file=a%2Cb\\u{202e}%3A%3A\\n/%25x.php,line=3,col=1,"));
    assert!(!command.contains('\u{1b}') && !command.contains("##["));
}

#[test]
fn annotations_name_file_line_and_rule() {
    insta::assert_snapshot!(rendered(Format::Github, &[shop(), empty("lib")], &options()), @"
    rakscan: acme-shop: 4 permissions, incomplete
    rakscan: lib: 0 permissions, complete
    ::warning file=includes/form.php,line=326,col=5,title=rakscan%3A dynamic-operation::cannot tell which Stripe resource `$name` reaches%0Ahelp: write `// rakscan: uses OPERATION` on this line, or `- { at: includes/form.php:326, uses: [OPERATION] }` under `assume:` in rakscan.yaml
    ::warning file=includes/new.php,line=8,col=2,title=rakscan%3A unmapped-request::`POST /v1/wonders`: this endpoint is not in the rule table
    ::warning file=includes/new.php,line=9,col=2,title=rakscan%3A unmapped-request::`POST /v1/wonders`: this endpoint is not in the rule table
    ");
}

#[test]
fn ten_annotations_of_a_level_are_shown_and_the_rest_is_counted() {
    let mut many = empty("lib");
    let places: Vec<String> = (1..=12).map(|n| format!("a.php:{n}:1 x")).collect();
    let places: Vec<&str> = places.iter().map(String::as_str).collect();
    many.unmapped = vec![unmapped(
        "GET /v1/new",
        UnmappedReason::UnknownEndpoint,
        &places,
    )];
    let text = rendered(Format::Github, &[many], &options());
    let n = |start: &str| text.lines().filter(|line| line.starts_with(start)).count();
    assert_eq!(n("::warning "), 10);
    assert!(text.contains("::notice title=rakscan::2 more warnings are in the log of this step\n"));
    assert_eq!(n("warning: a.php:1"), 2);
}

#[test]
fn paths_start_at_the_root_of_the_repository() {
    let mut shop = shop();
    shop.folder = "plugins/acme shop".into();
    let options = Options {
        start: Start {
            current: "/w/repo/wp".into(),
            root: "/w/repo".into(),
        },
        ..options()
    };
    let log = sarif(std::slice::from_ref(&shop), &options);
    let place = &results(&log)[0]["locations"][0]["physicalLocation"];
    assert_eq!(
        place["artifactLocation"]["uri"],
        "wp/plugins/acme%20shop/includes/form.php"
    );
    let text = rendered(Format::Github, &[shop], &options);
    assert!(
        text.contains("file=wp/plugins/acme shop/includes/form.php,"),
        "{text}"
    );
}

/// The shop, as an app that may ask for these.
fn app(ids: &[&str]) -> Options {
    Options {
        app_permissions: ids
            .iter()
            .filter_map(|id| PermissionId::parse(id))
            .collect(),
        ..options()
    }
}

#[test]
fn a_stripe_app_asks_for_what_its_manifest_accepts() {
    let options = app(&["charge_write", "payment_intent_write", "account_link_write"]);
    insta::assert_snapshot!(rendered(Format::StripeApp, &[shop()], &options), @"
    [
      {
        \"permission\": \"account_link_write\",
        \"purpose\": \"Create account links (includes/class-onboarding.php:7)\"
      },
      {
        \"permission\": \"charge_write\",
        \"purpose\": \"Create refunds (includes/class-charge.php:90)\"
      },
      {
        \"permission\": \"payment_intent_write\",
        \"purpose\": \"Create payment intents (includes/direct.php:12)\"
      }
    ]
    ");
    let refused = report::refused_by_stripe_apps(&[shop()], &options);
    let refused: Vec<(String, &str)> = refused
        .iter()
        .map(|one| (one.id.to_string(), one.purpose.as_str()))
        .collect();
    assert_eq!(
        refused,
        [(
            "tax_calculations_read".to_owned(),
            "Read tax calculations (includes/tax.php:33)"
        )]
    );
}

#[test]
fn a_stripe_app_reads_where_it_cannot_write() {
    let mut shop = shop();
    shop.permissions[1].requests[1].tier = model::evidence::Tier::Required;
    let options = app(&["charge_read"]);
    let text = rendered(Format::StripeApp, std::slice::from_ref(&shop), &options);
    assert!(text.contains("\"permission\": \"charge_read\""), "{text}");
    assert!(
        text.contains("\"purpose\": \"Read charges (includes/legacy.php:4)\""),
        "{text}"
    );
    let refused = report::refused_by_stripe_apps(&[shop], &options);
    assert!(
        refused
            .iter()
            .any(|one| one.id.to_string() == "charge_write")
    );
}

#[test]
fn the_command_for_stripe_is_one_line() {
    insta::assert_snapshot!(rendered(Format::StripeCli, &[shop()], &options()), @"
    stripe keys permissions \"POST /v1/account_links\" \"POST /v1/payment_intents\" \"POST /v1/refunds\" \"GET /v1/tax/calculations/:id\" \"POST /v1/wonders\"
    ");
    assert_eq!(rendered(Format::StripeCli, &[empty("lib")], &options()), "");
}
