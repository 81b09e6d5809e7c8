//! What is found between code, key and log; and the JSON that says so.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, path::PathBuf, sync::LazyLock};

use audit::{Columns, Granted, Usage, v1::Audit};
use report::{Options, v1::Unit};
use rules::RuleSet;

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

/// Refunds and a list of prices, products of a connected account, and a payout that nothing reaches.
const SHOP: &str = "\
schema: 1
unit: { name: shop, kind: folder, version: '1.2' }
complete: true
permissions:
- id: charge_write
  section: Core
  access: write
  grade: official
  tier: required
  requests:
  - { endpoint: 'GET /v1/charges/{charge}', tier: required, at: ['a.php:2'] }
  - { endpoint: POST /v1/refunds, tier: required, at: ['a.php:3', 'b.php:9'] }
- id: plan_read
  section: Billing
  access: read
  grade: official
  tier: required
  requests:
  - { endpoint: GET /v1/prices, tier: required, at: ['a.php:5'] }
- id: payout_read
  section: Core
  access: read
  grade: official
  tier: unreferenced
  requests:
  - { endpoint: GET /v1/payouts, tier: unreferenced, at: ['old.php:1'] }
connect:
- id: customer_read
  section: Core
  access: read
  grade: official
  tier: required
  requests:
  - { endpoint: GET /v1/customers, tier: required, at: ['c.php:1'] }
";

fn shop() -> Vec<Unit> {
    audit::units(SHOP).unwrap()
}

fn audited(log: &str, granted: &str) -> Audit {
    let mut usage = Usage::default();
    if !log.is_empty() {
        let mut input = log.as_bytes();
        usage
            .read("a.log", &mut input, &Columns::default(), &RULES)
            .unwrap();
    }
    let usage = (!log.is_empty()).then_some(usage);
    let granted = (!granted.is_empty()).then(|| Granted::parse(granted, &RULES).unwrap());
    audit::audit(
        &shop(),
        usage.as_ref(),
        granted.as_ref(),
        &RULES,
        &Options::default(),
    )
}

fn missing(granted: &str) -> Vec<String> {
    let audit = audited("", granted);
    let name = |one: &audit::v1::NotGranted| {
        let ids: Vec<&str> = one.permissions.iter().map(|one| one.id.as_str()).collect();
        format!(
            "{}{}",
            if one.connect { "connect:" } else { "" },
            ids.join("|")
        )
    };
    audit.not_granted.iter().map(name).collect()
}

fn superfluous(granted: &str) -> Vec<String> {
    let audit = audited("", granted);
    let name = |one: &audit::v1::NotNeeded| match &one.instead {
        Some(instead) => format!("{} -> {instead}", one.permission.id),
        None => one.permission.id.clone(),
    };
    audit.not_needed.iter().map(name).collect()
}

#[test]
fn a_key_with_exactly_what_is_needed_is_clean() {
    let audit = audited("", "rak_charge_write, plan_read connect:customer_read");
    assert_eq!(audit.findings, 0);
}

#[test]
fn write_includes_read_and_other_columns_do_not_count() {
    assert_eq!(
        missing("charge_write,plan_write,connect:customer_write"),
        [""; 0]
    );
    assert_eq!(
        missing("charge_read,plan_read,customer_read"),
        ["charge_write", "connect:customer_read"]
    );
    assert_eq!(
        missing("payout_read"),
        ["charge_write", "plan_read", "connect:customer_read"]
    );
}

#[test]
fn a_missing_permission_has_its_lines_and_the_words_of_the_refusal() {
    let audit = audited("", "plan_read,connect:customer_read");
    let [missing] = audit.not_granted.as_slice() else {
        panic!()
    };
    let requests: Vec<_> = missing
        .requests
        .iter()
        .map(|one| (one.request.as_str(), one.at.join(" ")))
        .collect();
    assert_eq!(
        requests,
        [
            ("GET /v1/charges/{charge}", "a.php:2".to_owned()),
            ("POST /v1/refunds", "a.php:3 b.php:9".to_owned()),
        ]
    );
    assert_eq!(
        missing.requests[1].message,
        "Enabling \"Charges and Refunds Write\" ('charge_write') permissions on this key would allow this request to continue."
    );
    assert_eq!(
        missing.requests[1].message_before,
        "Having the 'rak_charge_write' permission would allow this request to continue."
    );
}

#[test]
fn what_nothing_needs_is_to_be_removed_or_narrowed() {
    assert_eq!(
        superfluous("charge_write,plan_write,payout_read,connect:customer_write"),
        [
            "payout_read",
            "plan_write -> plan_read",
            "customer_write -> customer_read"
        ]
    );
}

#[test]
fn what_the_log_shows_is_needed_too() {
    let log = "GET /v1/payouts 200\nGET /v1/balance 403 Having the 'rak_accounts_kyc_basic_read' permission would allow this request to continue.\n";
    let audit = audited(
        log,
        "charge_write,plan_read,payout_read,connect:customer_read",
    );
    assert!(audit.not_needed.is_empty());
    let missing: Vec<&str> = audit
        .not_granted
        .iter()
        .map(|one| one.permissions[0].id.as_str())
        .collect();
    assert_eq!(missing, ["accounts_kyc_basic_read", "balance_read"]);
    let found: Vec<(&str, &str)> = audit
        .used_not_found
        .iter()
        .map(|used| (used.endpoint.as_str(), used.in_code.as_str()))
        .collect();
    assert_eq!(
        found,
        [
            ("GET /v1/balance", "no"),
            ("GET /v1/payouts", "unreferenced")
        ]
    );
    assert_eq!(audit.findings, 4);
}

#[test]
fn the_account_counts_where_the_log_says_it() {
    let log = "Method,Path,Connected account\nGET,/v1/customers,acct_1\nGET,/v1/prices,acct_1\nPOST,/v1/refunds,\n";
    let audit = audited(log, "");
    let found: Vec<(&str, &str)> = audit
        .used_not_found
        .iter()
        .map(|used| (used.endpoint.as_str(), used.in_code.as_str()))
        .collect();
    assert_eq!(found, [("GET /v1/prices", "other-account")]);
}

#[test]
fn what_is_not_used_is_no_finding() {
    let audit = audited("POST /v1/refunds 200\n", "");
    let not_used: Vec<&str> = audit
        .not_used
        .iter()
        .map(|one| one.endpoint.as_str())
        .collect();
    assert_eq!(
        not_used,
        [
            "GET /v1/charges/{charge}",
            "GET /v1/customers",
            "GET /v1/prices"
        ]
    );
    assert_eq!(audit.findings, 0);
}

#[test]
fn permissions_are_read_from_links_lists_and_manifests() {
    let expected = Granted::parse("charge_write,plan_read,connect:customer_read", &RULES).unwrap();
    for text in [
        "rak_charge_write\n# a comment\n- plan_read\nconnect:rak_customer_read\n",
        "https://dashboard.stripe.com/apikeys/create?name=shop&permissions%5B%5D=rak_charge_write&permissions[]=rak_plan_read&connectPermissions%5B0%5D=rak_customer_read",
        SHOP,
    ] {
        assert_eq!(Granted::parse(text, &RULES).unwrap(), expected, "{text}");
    }
}

#[test]
fn permissions_that_do_not_exist_are_refused() {
    let error = |text: &str| Granted::parse(text, &RULES).unwrap_err().to_string();
    assert_eq!(
        error("charges_write"),
        "there is no permission `charges_write`"
    );
    assert_eq!(
        error("https://dashboard.stripe.com/apikeys/create?permissions[]=rak_x_read"),
        "there is no permission `rak_x_read`"
    );
    assert_eq!(
        error("rk_live_1234567890abcdef"),
        "a key does not say which permissions it has"
    );
    assert_eq!(error(" ,\n"), "no permission is named");
    assert!(error("permissions: 3").starts_with("the manifest cannot be read: "));
    assert!(error("{\"units\": 3}").starts_with("the manifest cannot be read: "));
}

fn checked_in() -> String {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schema/audit-v1.schema.json");
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

#[test]
fn the_checked_in_schema_is_current() {
    assert_eq!(
        checked_in(),
        audit::json_schema(),
        "run `cargo run -p rakscan-audit --example audit_schema > schema/audit-v1.schema.json`"
    );
}

#[test]
fn json_obeys_the_schema_and_reads_back_equal() {
    let audit = audited(
        "GET /v1/payouts 200\nGET /v1/balance 403\nbad\n",
        "payout_write",
    );
    let mut out = Vec::new();
    audit::render_json(&audit, &mut out).unwrap();
    let schema = serde_json::from_str(&checked_in()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = serde_json::from_slice(&out).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
    assert_eq!(serde_json::from_slice::<Audit>(&out).unwrap(), audit);
}
