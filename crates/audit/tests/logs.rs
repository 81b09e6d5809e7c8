//! Logs of every kind become the same requests, and nothing in them can do harm.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::sync::LazyLock;

use audit::{Columns, LogError, Usage, v1::Audit};
use proptest::prelude::*;
use report::{Options, v1::Unit};
use rules::RuleSet;

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

fn units() -> Vec<Unit> {
    let text = "\
schema: 1
unit: { name: shop, kind: folder }
complete: true
permissions:
- id: charge_write
  section: Core
  access: write
  grade: official
  tier: required
  requests:
  - { endpoint: POST /v1/refunds, tier: required, at: ['a.php:3'] }
";
    audit::units(text).unwrap()
}

fn read(log: &[u8], columns: &str) -> Result<Audit, LogError> {
    let columns = match columns {
        "" => Columns::default(),
        columns => Columns::parse(columns).unwrap(),
    };
    let mut usage = Usage::default();
    let mut input = log;
    usage.read("a.log", &mut input, &columns, &RULES)?;
    let options = Options::default();
    Ok(audit::audit(&units(), Some(&usage), None, &RULES, &options))
}

/// Returns every endpoint used, how often, with which last status and for which account.
fn used(log: &str, columns: &str) -> Vec<String> {
    let audit = read(log.as_bytes(), columns).unwrap();
    let used = audit.used.iter();
    used.map(|used| {
        let status = used.last_status.unwrap_or_default();
        format!("{} {} {status} {}", used.endpoint, used.count, used.account)
    })
    .collect()
}

fn error(log: &str, columns: &str) -> String {
    read(log.as_bytes(), columns).unwrap_err().to_string()
}

#[test]
fn plain_lines_are_read_however_they_are_written() {
    for line in [
        "POST /v1/refunds 200",
        "post /v1/refunds?expand[]=charge 200",
        "2026-11-02 09:14:07 [200] POST /v1/refunds [req_1]",
        "1.2.3.4 - - [02/Nov/2026:09:14:07 +0000] \"POST /v1/refunds HTTP/1.1\" 200 512",
        "POST https://api.stripe.com/v1/refunds 200",
        "POST http://localhost:12111/v1/refunds/ 200",
        "message='Request' method=post path=https://api.stripe.com/v1/refunds status=200",
    ] {
        assert_eq!(used(line, ""), ["POST /v1/refunds 1 200 unknown"], "{line}");
    }
}

#[test]
fn tables_are_read_by_the_names_of_their_columns() {
    for table in [
        "Created,Method,Endpoint,Status\nx,POST,/v1/refunds,200\n",
        "\u{feff}url;http method;status code\r\nhttps://api.stripe.com/v1/refunds;POST;200 OK\r\n",
        "Request\tStatus\nPOST /v1/refunds\t200\n",
        "Method,URL,Endpoint,Status\nPOST,https://dashboard.stripe.com/logs/req_1,/v1/refunds,200\n",
    ] {
        assert_eq!(
            used(table, ""),
            ["POST /v1/refunds 1 200 unknown"],
            "{table}"
        );
    }
    let table = "Verb,Adresse,Code\nPOST,/v1/refunds,200\n";
    let columns = "method=Verb,path=Adresse,status=Code";
    assert_eq!(used(table, columns), ["POST /v1/refunds 1 200 unknown"]);
}

#[test]
fn json_lines_are_read_as_stripe_and_others_write_them() {
    for line in [
        r#"{"created_at":1,"livemode":false,"method":"POST","request_id":"req_1","status":200,"url":"/v1/refunds","error":{"type":"","message":""}}"#,
        r#"{"request":{"method":"post","url":"https://api.stripe.com/v1/refunds"},"response":{"status":200}}"#,
        r#"{"request_method":"POST","requestPath":"/v1/refunds","status_code":"200"}"#,
    ] {
        assert_eq!(used(line, ""), ["POST /v1/refunds 1 200 unknown"], "{line}");
    }
    let line = r#"{"a":{"verb":"POST"},"b":"/v1/refunds"}"#;
    let columns = "method=a.verb,path=b";
    assert_eq!(used(line, columns), ["POST /v1/refunds 1 0 unknown"]);
}

#[test]
fn a_column_for_connected_accounts_says_for_which_account() {
    let table = "Method,Path,Stripe-Account\nPOST,/v1/refunds,acct_1\nPOST,/v1/refunds,\n";
    assert_eq!(
        used(table, ""),
        ["POST /v1/refunds 1 0 own", "POST /v1/refunds 1 0 connect"]
    );
    let line = "POST /v1/refunds 200 Stripe-Account: acct_1";
    assert_eq!(used(line, ""), ["POST /v1/refunds 1 200 connect"]);
    let line = r#"{"method":"POST","url":"/v1/refunds","stripe_account":"acct_1"}"#;
    assert_eq!(used(line, ""), ["POST /v1/refunds 1 0 connect"]);
}

#[test]
fn ids_are_matched_and_unknown_endpoints_are_kept() {
    let log = "\
GET /v1/customers/search?query=a 200
GET /v1/customers/cus_1 200
GET /v1/customers/cus_2 404
POST /v1/brand_new/bn_1/start 200
POST /v1/brand_new/bn_2/start 200
POST /webhooks/stripe 200
";
    assert_eq!(
        used(log, ""),
        [
            "POST /v1/brand_new/{id}/start 2 200 unknown",
            "GET /v1/customers/search 1 200 unknown",
            "GET /v1/customers/{customer} 2 404 unknown",
        ]
    );
    assert_eq!(read(log.as_bytes(), "").unwrap().log.unwrap().elsewhere, 1);
}

#[test]
fn bad_lines_are_counted_and_the_first_are_named() {
    let log = "POST /v1/refunds 200\n\n# comment\none\ntwo\nthree\nfour\n";
    let log = read(log.as_bytes(), "").unwrap().log.unwrap();
    let named: Vec<u64> = log.bad.iter().map(|bad| bad.at.line).collect();
    assert_eq!((log.bad_lines, named), (4, vec![4, 5, 6]));
}

#[test]
fn a_log_without_requests_is_an_error() {
    assert_eq!(error("", ""), "the log `a.log` is empty");
    assert_eq!(error("\n \n", ""), "the log `a.log` is empty");
    assert_eq!(
        error("hello\n", ""),
        "the log `a.log` has no request in it: line 1 has no verb with a path behind it, and so on"
    );
    assert_eq!(
        error("Method,Path\n", ""),
        "the log `a.log` has no request in it: line 1 has no verb with a path behind it, and so on"
    );
    assert_eq!(
        error("a,b\n1,2\n", ""),
        "the log `a.log` has no column for the method and the path"
    );
    assert_eq!(
        error("Path,Status\n/v1/refunds,200\n", ""),
        "the log `a.log` has no column for the method"
    );
    assert_eq!(
        error("Method,Path\nPOST,/v1/refunds\n", "path=Target"),
        "the log `a.log` has no column for the path (`Target`)"
    );
    assert_eq!(
        error("P\0O\0S\0T\0", ""),
        "the log `a.log` is not UTF-8 text"
    );
}

#[test]
fn refusals_are_explained_in_each_form() {
    let log = "\
POST /v1/refunds 403 Having the 'rak_charge_write' permission would allow this request to continue.
GET /v1/prices 403 Enabling \"Prices Read\" permissions on this key would allow this request to continue.
GET /v1/setup_intents/seti_1 403 Having the 'rak_a_read', 'rak_setup_intent_read' permissions would allow this request to continue.
GET /v1/payouts 403 The provided key does not have the required permissions. Having more permissions would allow this request to continue.
GET /v1/balance 403
2026-11-02 09:14:07 [403] GET /v1/disputes [req_1]
Type: invalid_request_error
Message: Having the 'rak_dispute_read' permission would allow this request to continue.
";
    let audit = read(log.as_bytes(), "").unwrap();
    let refused: Vec<String> = audit
        .refused
        .iter()
        .map(|one| {
            let ids: Vec<&str> = one.permissions.iter().map(|one| one.id.as_str()).collect();
            let by_table = one.by_table.join("|");
            let unknown = one.unknown.join(" ");
            let ids = ids.join(" ");
            format!(
                "{} {} named={ids} unknown={unknown} table={by_table}",
                one.endpoint, one.form
            )
        })
        .collect();
    assert_eq!(
        refused,
        [
            "GET /v1/balance no-message named= unknown= table=balance_read",
            "GET /v1/disputes singular named=dispute_read unknown= table=dispute_read",
            "GET /v1/payouts unnamed named= unknown= table=payout_read",
            "GET /v1/prices label named=plan_read unknown= table=plan_read",
            "POST /v1/refunds singular named=charge_write unknown= table=charge_write",
            "GET /v1/setup_intents/{intent} plural named=setup_intent_read unknown=a_read table=setup_intent_read|confirmation_token_client_read",
        ]
    );
}

#[test]
fn secrets_and_control_characters_are_never_shown() {
    let secret = format!("sk_live_{}", "a1B2".repeat(8));
    let log = format!(
        "GET /v1/things/{secret}/{secret} 200\nGET /v1/\u{1b}[2J{secret} 200\nkey={secret}\n"
    );
    let mut usage = Usage::default();
    let mut input = log.as_bytes();
    usage
        .read(&secret, &mut input, &Columns::default(), &RULES)
        .unwrap();
    let options = Options::default();
    let audit = audit::audit(&units(), Some(&usage), None, &RULES, &options);
    let mut out = Vec::new();
    audit::render_text(&audit, &options, &mut out).unwrap();
    audit::render_json(&audit, &mut out).unwrap();
    let out = String::from_utf8(out).unwrap();
    assert!(!out.contains(&secret) && !out.contains('\u{1b}'), "{out}");
}

#[test]
fn memory_is_bounded_by_what_is_kept() {
    let mut log = String::new();
    for n in 0..5000_u32 {
        let letters = n
            .to_string()
            .bytes()
            .map(|digit| char::from(digit + 49))
            .collect::<String>();
        log.push_str("GET /v1/thing_");
        log.push_str(&letters);
        log.push_str(" 403\n");
    }
    let audit = read(log.as_bytes(), "").unwrap();
    assert_eq!((audit.used.len(), audit.refused.len()), (1000, 1000));
    assert_eq!(audit.log.unwrap().dropped, 4000);
}

proptest! {
    #[test]
    fn any_bytes_are_read_without_panic(bytes in prop::collection::vec(any::<u8>(), 0..400)) {
        let _ = read(&bytes, "");
    }

    #[test]
    fn anything_like_a_log_is_read_without_panic(
        log in "(POST |GET |\"|,|;|/v1/|refunds|\\{|\\}|:|\n|403|Having the 'rak_|permissions? would allow this request to continue|Enabling |é){0,60}"
    ) {
        if let Ok(audit) = read(log.as_bytes(), "") {
            let mut out = Vec::new();
            audit::render_text(&audit, &Options::default(), &mut out).unwrap();
        }
    }
}
