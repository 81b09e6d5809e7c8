//! `rakscan verify`, with a stub in the place of Stripe's program.
#![cfg(unix)]
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::{Command, assert::Assert};
use tempfile::TempDir;

const CODE: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->refunds->create( [ 'charge' => $id ] );
$stripe->customers->retrieve( $customer );
";

/// What Stripe would say, as our table has it.
const SAME: &str = "POST /v1/refunds=charge_write\nGET /v1/customers/:id=customer_read\n";

/// A code base, and what the stub answers.
struct Case {
    folder: TempDir,
}

impl Case {
    fn new(code: &str, table: &str) -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("src")).unwrap();
        fs::write(folder.path().join("src/shop.php"), code).unwrap();
        fs::write(folder.path().join("table"), table).unwrap();
        Self { folder }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn verify(&self, mode: &str, options: &[&str]) -> Command {
        let stub = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/stub/stripe");
        let mut command = Command::cargo_bin("rakscan").unwrap();
        for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
            command.env_remove(name);
        }
        command
            .current_dir(self.folder.path())
            .env("STUB", mode)
            .env("STUB_TABLE", self.path("table"))
            .env("STUB_LOG", self.path("log"))
            .arg("verify")
            .arg(format!("--with-stripe-cli={}", stub.display()))
            .args(options)
            .arg("src");
        command
    }

    fn log(&self) -> String {
        fs::read_to_string(self.path("log")).unwrap_or_default()
    }
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

#[test]
fn the_same_answer_is_one_question() {
    let case = Case::new(CODE, SAME);
    for mode in ["list", "json"] {
        let assert = case.verify(mode, &[]).assert().success();
        assert_eq!(
            stdout(&assert),
            "asked about 2 endpoints: the rule table says the same\n"
        );
    }
    let question = "keys|permissions|GET /v1/customers/:id|POST /v1/refunds|\n";
    assert_eq!(case.log(), question.repeat(2));
}

#[test]
fn a_difference_names_the_endpoint_and_fails() {
    let table = SAME.replace("charge_write", "refund_write");
    let case = Case::new(CODE, &table);
    let assert = case.verify("list", &[]).assert().code(1);
    assert_eq!(
        stdout(&assert),
        "Stripe gives other answers\n  POST /v1/refunds\n    table   charge_write (official)\n    \
         Stripe  refund_write\n\nasked about 2 endpoints: 1 difference; correct it with --rules until \
         the table is\n"
    );
    assert_eq!(
        stderr(&assert),
        "the answers differ; asking about each endpoint alone\n"
    );
    let json = case.verify("json", &["--format", "json"]).assert().code(1);
    let json: serde_json::Value = serde_json::from_str(&stdout(&json)).unwrap();
    assert_eq!(json["differences"][0]["endpoint"], "POST /v1/refunds");
    assert_eq!(json["differences"][0]["table"][0], "charge_write");
    assert_eq!(json["differences"][0]["stripe"][0], "refund_write");
    assert_eq!(json["asked"], 2);
}

#[test]
fn rules_of_ones_own_can_settle_a_difference() {
    let table = SAME.replace("customer_read", "customer_write");
    let case = Case::new(CODE, &table);
    case.verify("list", &[]).assert().code(1);
    let rules = "endpoints:\n  - endpoint: GET /v1/customers/{customer}\n    permission: customer_write\n    grade: observed\n    source: asked\n";
    fs::write(case.path("rules.yaml"), rules).unwrap();
    let settled = case.verify("list", &["--rules", "rules.yaml"]);
    { settled }.assert().success();
}

#[test]
fn what_stripe_does_not_know_is_listed_and_no_difference() {
    let case = Case::new(CODE, "POST /v1/refunds=charge_write\n");
    let expected = "Stripe gives no answer\n  GET /v1/customers/{customer}: no such endpoint\n\nasked \
                    about 2 endpoints: the rule table says the same\n";
    for mode in ["list", "json"] {
        let assert = case.verify(mode, &[]).assert().success();
        assert_eq!(stdout(&assert), expected);
    }
    case.verify("list", &["--strict"]).assert().code(4);
}

#[test]
fn without_an_endpoint_nothing_is_run() {
    let case = Case::new("<?php echo 'stripe';", SAME);
    let assert = case.verify("fail", &[]).assert().success();
    assert_eq!(stdout(&assert), "asked about 0 endpoints\n");
    assert_eq!(case.log(), "");
}

#[test]
fn a_path_that_may_hold_an_id_is_not_sent() {
    let code = "<?php wp_remote_get( 'https://api.stripe.com/v1/wonders/won_1Abc' );";
    let case = Case::new(code, SAME);
    let assert = case.verify("fail", &[]).assert().success();
    assert!(
        stdout(&assert)
            .contains("Not asked, because the path may hold an id\n  GET /v1/wonders/won_1Abc\n")
    );
    assert_eq!(case.log(), "");
}

#[test]
fn a_failing_program_is_quoted_without_its_secrets() {
    let case = Case::new(CODE, SAME);
    let assert = case.verify("fail", &[]).assert().code(2);
    let talk = stderr(&assert);
    assert!(
        talk.contains("failed with exit status: 1: You must use an unrestricted key"),
        "{talk}"
    );
    assert!(
        talk.contains("rk_test_…uvwx") && !talk.contains("abcdefgh"),
        "{talk}"
    );
    assert!(talk.contains("help: it needs `stripe login`"), "{talk}");
}

#[test]
fn an_answer_that_is_none_is_an_error() {
    let case = Case::new(CODE, SAME);
    for mode in ["garbage", "flood"] {
        let assert = case.verify(mode, &[]).assert().code(2);
        let talk = stderr(&assert);
        assert!(talk.contains("cannot understand what"), "{talk}");
        assert!(!talk.contains('\u{1b}'), "{talk}");
    }
}

#[test]
fn a_program_that_does_not_end_is_given_up() {
    let case = Case::new(CODE, SAME);
    let assert = case.verify("hang", &["--timeout", "1"]).assert().code(2);
    assert!(stderr(&assert).contains("gave no answer in 1 s"));
}

#[test]
fn a_missing_program_and_a_missing_wish_are_told() {
    let case = Case::new(CODE, SAME);
    let verify = |arguments: &[&str]| {
        let mut command = Command::cargo_bin("rakscan").unwrap();
        command.current_dir(case.folder.path()).args(arguments);
        stderr(&command.assert().code(2))
    };
    let talk = verify(&["verify", "--with-stripe-cli=./no-such-program", "src"]);
    assert!(
        talk.starts_with("error: there is no program `./no-such-program`\n"),
        "{talk}"
    );
    let talk = verify(&["verify", "src"]);
    assert!(talk.contains("--with-stripe-cli"), "{talk}");
    let talk = verify(&["verify", "--with-stripe-cli", "no-such-folder"]);
    assert!(
        talk.contains("no such file or directory: `no-such-folder`"),
        "{talk}"
    );
    assert_eq!(case.log(), "");
}
