//! `audit`, and `explain` on standard input, from end to end.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod program;

use std::fs;

use assert_cmd::assert::Assert;
use tempfile::TempDir;

use program::rakscan;

const REFUNDS: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->refunds->create( [ 'charge' => $id ] );
";

const SINGULAR: &str =
    "Having the 'rak_plan_read' permission would allow this request to continue.";

fn shop(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("src")).unwrap();
    fs::write(folder.path().join("src/refund.php"), REFUNDS).unwrap();
    for (path, text) in files {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

#[test]
fn a_log_that_the_code_explains_is_clean() {
    let folder = shop(&[("a.log", "POST /v1/refunds 200\n")]);
    let assert = rakscan(&folder, &["audit", "src", "--log", "a.log"])
        .assert()
        .success();
    assert_eq!(
        stdout(&assert),
        "src  a.log: 1 request to 1 endpoint\n\n  no findings: every request in the log is in the code\n"
    );
}

#[test]
fn findings_exit_with_1() {
    let folder = shop(&[(
        "a.log",
        "POST /v1/refunds 200\nGET /v1/payouts 200\nGET /v1/payouts 403\n",
    )]);
    let arguments = [
        "audit",
        "src",
        "--log",
        "a.log",
        "--granted",
        "payout_write",
    ];
    let assert = rakscan(&folder, &arguments).assert().code(1);
    assert_eq!(
        stdout(&assert),
        "src  a.log: 3 requests to 2 endpoints, a key with 1 permission

  Used, but not found in the code
    GET /v1/payouts  payout_read  2 requests, last 403, first a.log:2
    find out who else uses the key

  Needed, but not granted: these requests will fail
    charge_write (Charges and Refunds, Write)
      POST /v1/refunds  refund.php:3
      403: Enabling \"Charges and Refunds Write\" ('charge_write') permissions on this key would allow this request to continue.
      up to 2026: Having the 'rak_charge_write' permission would allow this request to continue.

  Granted, but needed nowhere
    payout_write  Payouts  only reading is needed: payout_read

  Refused in the log (403)
    GET /v1/payouts  1 time, first a.log:3
      the log has no message: it does not prove which permission was missing
      by the rule table it needs payout_read
      the key has this now
      the code does not request it

  3 findings: 1 used but not found in the code, 1 not granted, 1 not needed
"
    );
}

#[test]
fn a_log_can_come_on_standard_input_and_the_result_go_into_a_file() {
    let folder = shop(&[]);
    let arguments = ["audit", "src", "--log", "-", "-f", "json", "-o", "out.json"];
    let line = r#"{"method":"GET","url":"/v1/payouts","status":200}"#;
    let assert = rakscan(&folder, &arguments)
        .write_stdin(line)
        .assert()
        .code(1);
    assert_eq!(stdout(&assert), "");
    let json = fs::read_to_string(folder.path().join("out.json")).unwrap();
    let audit: audit::v1::Audit = serde_json::from_str(&json).unwrap();
    assert_eq!(audit.used_not_found[0].endpoint, "GET /v1/payouts");
    assert_eq!(audit.used_not_found[0].first.file, "<stdin>");
}

#[test]
fn a_manifest_stands_in_for_the_code() {
    let folder = shop(&[("a.log", "POST /v1/refunds 200\n")]);
    for format in ["yaml", "json"] {
        rakscan(&folder, &["scan", "src", "-f", format, "-o", "m"])
            .assert()
            .success();
        let arguments = [
            "audit",
            "--manifest",
            "m",
            "--log",
            "a.log",
            "--granted",
            "m",
        ];
        rakscan(&folder, &arguments).assert().success();
    }
}

#[test]
fn open_places_are_said_and_fail_a_strict_run() {
    let dynamic = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->{$_GET['what']}->all();
";
    let folder = shop(&[
        ("src/export.php", dynamic),
        ("a.log", "POST /v1/refunds 200\n"),
    ]);
    let arguments = ["audit", "src", "--log", "a.log"];
    let assert = rakscan(&folder, &arguments).assert().success();
    assert!(stdout(&assert).contains("the code is incomplete: 1 place or endpoint open"));
    rakscan(&folder, &arguments)
        .arg("--strict")
        .assert()
        .code(4);
    let assert = rakscan(
        &folder,
        &["audit", "src", "--granted", "charge_write,plan_read"],
    )
    .assert()
    .code(1);
    assert!(stdout(&assert).contains("careful: 1 place or endpoint is open in the code"));
}

#[test]
fn what_cannot_be_used_is_named_with_a_way_out() {
    let folder = shop(&[
        ("empty.csv", ""),
        ("columns.csv", "When,What\n1,2\n"),
        ("words.log", "hello\n"),
        ("utf16.log", "P\0O\0S\0T\0"),
        ("bad.yaml", "permissions: 3\n"),
        ("ids.txt", "charge_write\nchrage_read\n"),
    ]);
    for (arguments, error, help) in [
        (
            &["--log", "empty.csv"][..],
            "the log `empty.csv` is empty",
            "export requests",
        ),
        (
            &["--log", "columns.csv"],
            "the log `columns.csv` has no column for the method and the path",
            "it has `When`, `What`; name the right ones: --columns",
        ),
        (
            &["--log", "columns.csv", "--columns", "path=Where"],
            "no column for the method and the path (`Where`)",
            "--columns",
        ),
        (
            &["--log", "columns.csv", "--columns", "where=What"],
            "`where` is none of method, path, status, error, account",
            "write it as",
        ),
        (
            &["--log", "words.log"],
            "the log `words.log` has no request in it: line 1",
            "one JSON object a line",
        ),
        (
            &["--log", "utf16.log"],
            "the log `utf16.log` is not UTF-8 text",
            "save it as UTF-8",
        ),
        (
            &["--log", "none.log"],
            "no such file or directory: `none.log`",
            "check the spelling",
        ),
        (
            &["--granted", "chrage_read"],
            "there is no permission `chrage_read`",
            "try `charge_read`",
        ),
        (
            &["--granted", "ids.txt"],
            "there is no permission `chrage_read`",
            "try `charge_read`",
        ),
        (
            &["--granted", "none.txt"],
            "no such file or directory: `none.txt`",
            "check the spelling",
        ),
        (
            &["--granted", "rk_live_1234567890abcdef"],
            "a key does not say which permissions it has",
            "never needs the key itself",
        ),
        (
            &["--granted", "charge_write", "--manifest", "bad.yaml"],
            "`bad.yaml` is no manifest",
            "rakscan scan --write",
        ),
        (&[], "required arguments were not provided", "--granted"),
    ] {
        let assert = rakscan(&folder, &["audit"])
            .args(arguments)
            .assert()
            .code(2);
        let stderr = stderr(&assert);
        assert_eq!(stdout(&assert), "", "{arguments:?}");
        assert!(
            stderr.contains(error) && stderr.contains(help),
            "{arguments:?}: {stderr}"
        );
        assert!(!stderr.contains("rk_live_1234567890abcdef"), "{stderr}");
    }
    fs::create_dir(folder.path().join("nothing")).unwrap();
    rakscan(&folder, &["audit", "nothing", "--granted", "charge_write"])
        .assert()
        .code(3);
}

#[test]
fn help_ends_in_examples_and_exit_codes() {
    let folder = shop(&[]);
    let help = stdout(&rakscan(&folder, &["audit", "--help"]).assert().success());
    for heading in [
        "What is compared:",
        "What is printed:",
        "Logs:",
        "Examples:",
        "Exit codes:",
    ] {
        assert!(help.contains(heading), "{heading} in {help}");
    }
}

fn explained(input: &str, arguments: &[&str]) -> Assert {
    let mut command = rakscan(shop(&[]), &[]);
    command
        .arg("explain")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"));
    command.write_stdin(input).assert()
}

#[test]
fn explain_reads_a_message_from_standard_input() {
    for (input, arguments) in [
        (SINGULAR.to_owned(), &["-"][..]),
        (SINGULAR.to_owned(), &[]),
        (format!(r#"{{"error":{{"message":"{SINGULAR}"}}}}"#), &[]),
        (SINGULAR.replace('\'', "\\u0027"), &[]),
        (format!("{SINGULAR}\n{SINGULAR}\n"), &[]),
        ("Enabling \"Prices Read\" permissions on this key would allow this request to continue.".to_owned(), &[]),
    ] {
        let page = stdout(&explained(&input, arguments).success());
        assert!(page.starts_with("plan_read\n"), "{input}: {page}");
        assert_eq!(page.matches("link id").count(), 1, "{input}: {page}");
    }
}

#[test]
fn explain_says_what_a_message_does_not_prove() {
    let plural = "Having the 'rak_charge_read', 'rak_plan_read' permissions would allow this request to continue.";
    let page = stdout(&explained(plural, &[]).success());
    assert!(page.starts_with("403: charge_read or plan_read\n  means       the key lacked all of these; any one of them is enough\n"), "{page}");
    assert_eq!(page.matches("link id").count(), 2);
    let unnamed = "Having more permissions would allow this request to continue.";
    let page = stdout(&explained(unnamed, &[]).success());
    assert_eq!(
        page,
        "403\n  means       this message names no permission: it does not prove which one was missing\n"
    );
}

#[test]
fn explain_reads_names_one_a_line_and_refuses_what_it_does_not_know() {
    let page = stdout(&explained("charge_write\nPOST /v1/refunds\n", &["-"]).success());
    assert!(page.contains("\ncharge_write\n") && page.contains("POST /v1/refunds\n"));
    let secret = format!("sk_live_{}", "a1B2".repeat(8));
    let assert = explained(&secret, &[]).code(2);
    assert!(!stderr(&assert).contains(&secret));
    let assert = explained("", &[]).code(2);
    assert!(stderr(&assert).starts_with("error: there is nothing to explain\n"));
}
