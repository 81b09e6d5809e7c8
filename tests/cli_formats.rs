//! Formats for other tools from end to end: several files in one run, SARIF, annotations, Stripe's own.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, path::Path};

use assert_cmd::{Command, assert::Assert};
use serde_json::Value;
use tempfile::TempDir;

const API: &str = "<?php
class Acme_API {
    public static function request( $path, $method = 'GET' ) {
        return wp_remote_request( 'https://api.stripe.com/v1/' . $path, [ 'method' => $method ] );
    }
}
";

const SHOP: &str = "<?php
function acme_refund() {
    return Acme_API::request( 'refunds', 'POST' );
}
acme_refund();
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->{$_GET['what']}->all();
";

/// A folder with one unit, `shop`, that has something open.
fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::create_dir(folder.path().join("shop")).unwrap();
    fs::write(folder.path().join("shop/api.php"), API).unwrap();
    fs::write(folder.path().join("shop/shop.php"), SHOP).unwrap();
    folder
}

fn rakscan(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    for name in [
        "CLICOLOR_FORCE",
        "FORCE_COLOR",
        "GITHUB_STEP_SUMMARY",
        "GITHUB_WORKSPACE",
    ] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder);
    command
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn printed(folder: &TempDir, arguments: &[&str]) -> String {
    stdout(&rakscan(folder.path(), arguments).assert().success())
}

fn refused(folder: &TempDir, arguments: &[&str]) -> String {
    stderr(&rakscan(folder.path(), arguments).assert().code(2))
}

fn uri(result: &Value) -> &str {
    let place = &result["locations"][0]["physicalLocation"];
    place["artifactLocation"]["uri"].as_str().unwrap()
}

#[test]
fn several_formats_are_written_in_one_run() {
    let folder = shop();
    let arguments = [
        "shop",
        "-f",
        "github",
        "-o",
        "sarif=a.out",
        "-o",
        "json=b.out",
    ];
    let annotations = printed(&folder, &arguments);
    assert!(
        annotations.contains("::warning file=shop/shop.php,line=7,"),
        "{annotations}"
    );
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert!(read("a.out").contains("\"version\": \"2.1.0\""));
    assert_eq!(read("b.out"), printed(&folder, &["shop", "-f", "json"]));
}

#[test]
fn the_extension_says_the_format() {
    let folder = shop();
    let arguments = [
        "shop", "-o", "a.json", "-o", "a.sarif", "-o", "a.yaml", "-o", "a.md", "-o", "a",
    ];
    assert_eq!(printed(&folder, &arguments), "");
    for (name, format) in [
        ("a.json", "json"),
        ("a.sarif", "sarif"),
        ("a.yaml", "yaml"),
        ("a.md", "markdown"),
        ("a", "text"),
    ] {
        let text = fs::read_to_string(folder.path().join(name)).unwrap();
        assert_eq!(text, printed(&folder, &["shop", "-f", format]), "{name}");
    }
}

#[test]
fn mistaken_outputs_are_told() {
    let folder = shop();
    let talk = refused(&folder, &["shop", "-o", "sarfi=a"]);
    assert!(
        talk.contains("there is no format `sarfi`; write ./sarfi=a"),
        "{talk}"
    );
    let talk = refused(&folder, &["shop", "-o", "json=a", "-o", "a"]);
    assert!(talk.contains("`a` would be written twice"), "{talk}");
    let talk = refused(&folder, &["shop", "-o", "no/such/folder.json"]);
    assert!(
        talk.contains("cannot write `no/such/folder.json`"),
        "{talk}"
    );
    let talk = refused(
        &folder,
        &["shop", "--trace", "shop/shop.php:3", "-o", "a", "-o", "b"],
    );
    assert!(talk.contains("--trace writes one file"), "{talk}");
    assert_eq!(
        fs::read_dir(folder.path()).unwrap().count(),
        1,
        "nothing was written"
    );
}

#[test]
fn sarif_is_no_failure_and_holds_what_is_open() {
    let folder = shop();
    let log: Value = serde_json::from_str(&printed(&folder, &["shop", "-f", "sarif"])).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 1);
    assert_eq!(results[0]["ruleId"], "dynamic-operation");
    assert_eq!(uri(&results[0]), "shop/shop.php");
    rakscan(folder.path(), &["shop", "-f", "sarif", "--strict"])
        .assert()
        .code(4);
}

#[test]
fn evidence_shows_the_wrapper_that_a_request_goes_through() {
    let folder = shop();
    let text = printed(&folder, &["shop", "-f", "sarif", "--evidence"]);
    let log: Value = serde_json::from_str(&text).unwrap();
    let results = log["runs"][0]["results"].as_array().unwrap();
    let refund = results
        .iter()
        .find(|one| one["ruleId"] == "permission")
        .unwrap();
    assert_eq!(uri(refund), "shop/shop.php");
    let related = &refund["relatedLocations"][0]["physicalLocation"];
    assert_eq!(related["artifactLocation"]["uri"], "shop/api.php");
    assert_eq!(related["region"]["startLine"], 4);
}

#[test]
fn paths_start_at_the_checkout_wherever_it_is_run() {
    let folder = shop();
    let root = folder.path().canonicalize().unwrap();
    for (current, path) in [
        ("", "shop"),
        ("shop", "."),
        ("shop", "../shop"),
        ("shop", "shop.php"),
    ] {
        let log = rakscan(&root.join(current), &[path, "-f", "sarif"])
            .env("GITHUB_WORKSPACE", &root)
            .assert()
            .success();
        let log: Value = serde_json::from_str(&stdout(&log)).unwrap();
        assert_eq!(
            uri(&log["runs"][0]["results"][0]),
            "shop/shop.php",
            "{current} {path}"
        );
    }
    let absolute = root.join("shop");
    let log = printed(&folder, &[absolute.to_str().unwrap(), "-f", "sarif"]);
    assert!(log.contains("\"uri\": \"shop/shop.php\""), "{log}");
    let elsewhere = tempfile::tempdir().unwrap();
    let log = rakscan(
        elsewhere.path(),
        &[absolute.to_str().unwrap(), "-f", "sarif"],
    );
    let log = stdout(&{ log }.assert().success());
    assert!(log.contains("\"uri\": \"shop.php\""), "{log}");
}

#[test]
fn the_job_summary_is_added_where_github_asks_for_it() {
    let folder = shop();
    let summary = folder.path().join("summary.md");
    fs::write(&summary, "before\n").unwrap();
    let run = |path: &Path| {
        rakscan(folder.path(), &["shop", "-f", "github"])
            .env("GITHUB_STEP_SUMMARY", path)
            .assert()
    };
    run(&summary).success();
    let text = fs::read_to_string(&summary).unwrap();
    assert!(
        text.starts_with("before\n## Stripe permissions for shop\n"),
        "{text}"
    );
    assert!(
        text.contains("| Charges and Refunds (`charge_write`)"),
        "{text}"
    );
    let talk = stderr(&run(&folder.path().join("no/such/file")).code(2));
    assert!(talk.contains("cannot write `"), "{talk}");
}

#[test]
fn a_stripe_app_is_told_what_it_cannot_ask_for() {
    let folder = tempfile::tempdir().unwrap();
    let code = "<?php\n$stripe = new \\Stripe\\StripeClient( $key );\n$stripe->refunds->create( [] );\n$stripe->accountSessions->create( [] );\n";
    fs::write(folder.path().join("app.php"), code).unwrap();
    let arguments = ["app.php", "-f", "stripe-app", "--quiet"];
    let assert = rakscan(folder.path(), &arguments).assert().success();
    let entries: Value = serde_json::from_str(&stdout(&assert)).unwrap();
    let expected = serde_json::json!([
        { "permission": "charge_write", "purpose": "Create refunds (app.php:3)" }
    ]);
    assert_eq!(entries, expected);
    assert_eq!(
        stderr(&assert),
        "stripe-app: left out `account_session_write`, which the published schema of app manifests does \
         not accept: Create account sessions (app.php:4)\n"
    );
    rakscan(folder.path(), &["app.php", "-f", "stripe-app", "--strict"])
        .assert()
        .code(4);
}

#[test]
fn an_incomplete_stripe_app_is_told_so() {
    let folder = shop();
    let assert = rakscan(folder.path(), &["shop", "-f", "stripe-app"]).assert();
    assert!(stderr(&assert).contains("stripe-app: incomplete, permissions may be missing"));
}

#[test]
fn the_command_for_stripe_lists_every_endpoint() {
    let folder = shop();
    assert_eq!(
        printed(&folder, &["shop", "-f", "stripe-cli"]),
        "stripe keys permissions \"POST /v1/refunds\"\n"
    );
    fs::write(folder.path().join("none.php"), "<?php echo 1;").unwrap();
    let assert = rakscan(folder.path(), &["none.php", "-f", "stripe-cli"]).assert();
    assert_eq!(stdout(&assert.success()), "");
}
