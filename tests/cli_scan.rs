//! The command line from end to end: small code bases in, results out.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod program;

use std::{fs, path::Path};

use assert_cmd::assert::Assert;
use report::v1;
use tempfile::TempDir;

use program::rakscan;

const REFUNDS: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->refunds->create( [ 'charge' => $id ] );
";

const CUSTOMERS: &str = "\
import stripe

def find(email):
    return stripe.Customer.list(email=email)

find('a@example.com')
";

const DYNAMIC: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->{$_GET['what']}->all();
";

const PLUGIN: &str = "<?php
/**
 * Plugin Name: Acme Shop
 * Version: 4.0.8
 */
require __DIR__ . '/includes/refund.php';
";

fn folder(files: &[(&str, &str)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn printed(folder: &TempDir, arguments: &[&str]) -> String {
    stdout(&rakscan(folder, arguments).assert().success())
}

fn units(folder: &TempDir, arguments: &[&str]) -> Vec<v1::Unit> {
    let json = printed(folder, arguments);
    report::read_json(&json).unwrap().units
}

/// Returns `permission` and `path:line` of every place.
fn evidence(unit: &v1::Unit) -> Vec<(String, String)> {
    let mut all = Vec::new();
    for permission in &unit.permissions {
        for place in permission.requests.iter().flat_map(|one| &one.at) {
            let v1::Place::Full { path, line, .. } = place else {
                panic!("{place:?} is not written in full");
            };
            all.push((permission.id.clone(), format!("{path}:{line}")));
        }
    }
    all
}

fn pair(permission: &str, place: &str) -> (String, String) {
    (permission.to_owned(), place.to_owned())
}

#[test]
fn json_names_permission_and_place() {
    let folder = folder(&[("src/refund.php", REFUNDS), ("app/customers.py", CUSTOMERS)]);
    let units = units(&folder, &["--format", "json", "."]);
    assert_eq!(units.len(), 1);
    assert!(units[0].complete);
    assert_eq!(
        evidence(&units[0]),
        [
            pair("charge_write", "src/refund.php:3"),
            pair("customer_read", "app/customers.py:4"),
        ]
    );
    assert_eq!(
        units[0].permissions[0].label.as_deref(),
        Some("Charges and Refunds")
    );
    assert_eq!(
        units[0].permissions[0].requests[0].endpoint,
        "POST /v1/refunds"
    );
}

#[test]
fn scan_is_the_default_command() {
    let folder = folder(&[("refund.php", REFUNDS)]);
    let expected = printed(&folder, &["scan", "--format", "json", "."]);
    for arguments in [
        &["--format", "json", "."][..],
        &["-f", "json", "scan"],
        &["-fjson"],
    ] {
        assert_eq!(printed(&folder, arguments), expected, "{arguments:?}");
    }
}

#[test]
fn output_is_the_same_on_any_number_of_threads() {
    let names: Vec<String> = (0..40).map(|n| format!("src/{n}.php")).collect();
    let files: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), REFUNDS)).collect();
    let folder = folder(&files);
    let one = printed(&folder, &["-f", "json", "-j", "1", "."]);
    let many = printed(&folder, &["-f", "json", "-j", "8", "."]);
    assert_eq!(one, many);
}

#[test]
fn text_names_the_dashboard_row_and_the_link() {
    let folder = folder(&[("refund.php", REFUNDS)]);
    let text = printed(&folder, &["."]);
    assert!(
        text.contains("Charges and Refunds  charge_write  Write"),
        "{text}"
    );
    assert!(text.contains("refund.php:3"), "{text}");
    assert!(text.contains("complete: "), "{text}");
    assert!(
        text.contains("permissions%5B%5D=rak_charge_write"),
        "{text}"
    );
    assert!(!text.contains('\u{1b}'));
}

#[test]
fn code_without_stripe_needs_no_permission() {
    let folder = folder(&[("index.php", "<?php echo 1;")]);
    let text = printed(&folder, &["."]);
    assert!(text.contains("no Stripe API request found; a key for this code needs no permission"));
}

#[test]
fn endpoints_and_link_are_plain_lines() {
    let folder = folder(&[("refund.php", REFUNDS)]);
    assert_eq!(
        printed(&folder, &["-f", "endpoints", "."]),
        "POST /v1/refunds\n"
    );
    let link = printed(&folder, &["-f", "link", "--test-mode", "."]);
    assert!(link.starts_with("https://dashboard.stripe.com/test/apikeys/create?name="));
    assert!(link.ends_with("&permissions%5B%5D=rak_charge_write\n"));
}

#[test]
fn strict_exits_with_4_where_something_is_open() {
    let open = folder(&[("dynamic.php", DYNAMIC)]);
    let assert = rakscan(&open, &["--strict", "-f", "json", "."])
        .assert()
        .code(4);
    let units = report::read_json(&stdout(&assert)).unwrap().units;
    assert!(!units[0].complete);
    assert_eq!(units[0].unresolved[0].code, "dynamic-operation");
    assert!(stderr(&assert).starts_with("incomplete: 1 of 1 units"));
    rakscan(&open, &["."]).assert().success();
    let closed = folder(&[("refund.php", REFUNDS)]);
    rakscan(&closed, &["--strict", "."]).assert().success();
}

#[test]
fn quiet_says_nothing_beside_the_result() {
    let folder = folder(&[("dynamic.php", DYNAMIC)]);
    let assert = rakscan(&folder, &["--strict", "--quiet", "."])
        .assert()
        .code(4);
    assert_eq!(stderr(&assert), "");
    assert_ne!(stdout(&assert), "");
}

#[test]
fn standard_input_is_a_file() {
    let folder = folder(&[]);
    for arguments in [
        &[
            "-",
            "--language",
            "php",
            "--stdin-name",
            "charge.php",
            "-f",
            "json",
        ][..],
        &["-", "--stdin-name", "charge.php", "-f", "json"],
    ] {
        let assert = rakscan(&folder, arguments)
            .write_stdin(REFUNDS)
            .assert()
            .success();
        let units = report::read_json(&stdout(&assert)).unwrap().units;
        assert_eq!(units[0].unit.kind, "file");
        assert_eq!(evidence(&units[0]), [pair("charge_write", "charge.php:3")]);
    }
}

#[test]
fn a_list_of_files_is_scanned() {
    let folder = folder(&[
        ("refund.php", REFUNDS),
        ("c.py", CUSTOMERS),
        ("other.php", DYNAMIC),
    ]);
    let assert = rakscan(&folder, &["--files-from", "-", "-f", "endpoints"])
        .write_stdin("refund.php\0c.py\0")
        .assert()
        .success();
    assert_eq!(stdout(&assert), "GET /v1/customers\nPOST /v1/refunds\n");
}

#[test]
fn output_goes_into_a_file() {
    let folder = folder(&[("refund.php", REFUNDS)]);
    let expected = printed(&folder, &["-f", "markdown", "refund.php"]);
    let assert = rakscan(&folder, &["-f", "markdown", "-o", "out.md", "refund.php"])
        .assert()
        .success();
    assert_eq!(
        (stdout(&assert), stderr(&assert)),
        (String::new(), String::new())
    );
    assert_eq!(
        fs::read_to_string(folder.path().join("out.md")).unwrap(),
        expected
    );
    let assert = rakscan(&folder, &["-o", "no/such/out.md", "refund.php"])
        .assert()
        .code(2);
    assert!(stderr(&assert).starts_with("error: cannot write `no/such/out.md`\n  because: "));
}

#[test]
fn write_puts_the_manifest_beside_the_code() {
    let folder = folder(&[
        ("acme/acme.php", PLUGIN),
        ("acme/includes/refund.php", REFUNDS),
    ]);
    let assert = rakscan(&folder, &["scan", "acme", "--write"])
        .assert()
        .success();
    assert_eq!(stdout(&assert), "");
    let path = Path::new("acme").join("stripe-permissions.yaml");
    assert_eq!(stderr(&assert), format!("wrote {}\n", path.display()));
    let text = fs::read_to_string(folder.path().join(&path)).unwrap();
    let files = report::read_yaml(&text).unwrap();
    assert_eq!(files.len(), 1);
    assert_eq!(files[0].unit.unit.kind, "wordpress-plugin");
    assert_eq!(files[0].unit.unit.version.as_deref(), Some("4.0.8"));
    assert_eq!(files[0].unit.permissions[0].id, "charge_write");
    rakscan(&folder, &["scan", "acme", "--write"])
        .assert()
        .success();
    assert_eq!(fs::read_to_string(folder.path().join(&path)).unwrap(), text);
}

#[test]
fn write_needs_one_folder() {
    let folder = folder(&[("a.php", REFUNDS), ("b/b.php", REFUNDS)]);
    for arguments in [&["--write", "a.php"][..], &["--write", ".", "b"]] {
        let assert = rakscan(&folder, arguments).assert().code(2);
        assert!(stderr(&assert).contains("--write needs one folder"));
    }
}

#[test]
fn a_broken_rule_file_is_shown_with_its_line() {
    let rules = "endpoints:\n  - endpoint: POST /v1/refunds\n    permission: [charge\n";
    let folder = folder(&[("a.php", REFUNDS), ("acme.yaml", rules)]);
    let assert = rakscan(&folder, &["--rules", "acme.yaml", "."])
        .assert()
        .code(2);
    assert_eq!(stdout(&assert), "");
    assert!(
        stderr(&assert).contains("acme.yaml:"),
        "{}",
        stderr(&assert)
    );
}

#[test]
fn a_permission_is_explained() {
    let folder = folder(&[]);
    let page = printed(&folder, &["explain", "rak_charge_write"]);
    assert!(
        page.starts_with("charge_write\n  label       Charges and Refunds\n"),
        "{page}"
    );
    assert!(page.contains("    POST /v1/refunds\n"));
    assert_eq!(printed(&folder, &["explain", "charge_write"]), page);
    let message = "Having the 'rak_charge_write' permission would allow this request to continue.";
    assert_eq!(printed(&folder, &["explain", message]), page);
    let both = printed(&folder, &["explain", "Charges and Refunds"]);
    assert!(both.starts_with("charge_read\n") && both.ends_with(&page));
}

#[test]
fn an_endpoint_is_explained() {
    let folder = folder(&[]);
    let page = printed(&folder, &["explain", "POST", "/v1/refunds"]);
    assert!(
        page.starts_with(
            "POST /v1/refunds\n  permission  charge_write, Charges and Refunds (Core)\n"
        ),
        "{page}"
    );
    assert!(page.contains("$stripe->refunds->create") && page.contains("stripe.Refund.create"));
    let all = printed(&folder, &["explain", "https://api.stripe.com/v1/refunds"]);
    assert!(all.starts_with("GET /v1/refunds\n") && all.ends_with(&page));
}

#[test]
fn an_sdk_call_is_explained() {
    let folder = folder(&[]);
    for call in [
        "customers.create",
        "$stripe->customers->create( $args )",
        "\\Stripe\\Customer::create",
        "stripe.Customer.create",
    ] {
        let page = printed(&folder, &["explain", call]);
        assert!(
            page.starts_with("POST /v1/customers\n  permission  customer_write"),
            "{page}"
        );
    }
}

#[test]
fn what_is_mistyped_gets_suggestions() {
    let folder = folder(&[]);
    for (typed, meant) in [
        ("rak_charges_write", "`charge_write`"),
        ("customers.creat", "`customers.create`"),
        ("$stripe->customer->create()", "`customers.create`"),
        ("POST /v1/refund", "`POST /v1/refunds`"),
    ] {
        let assert = rakscan(&folder, &["explain", typed]).assert().code(2);
        assert!(stderr(&assert).contains(meant), "{}", stderr(&assert));
    }
}

#[test]
fn rules_are_listed_and_filtered() {
    let folder = folder(&[]);
    let all = printed(&folder, &["rules", "list"]);
    let some = printed(&folder, &["rules", "list", "rak_charge_write"]);
    assert!(all.lines().count() > 500);
    assert!(some.lines().all(|line| line.contains("charge_write")));
    assert!(
        some.lines()
            .any(|line| line.starts_with("POST /v1/refunds "))
    );
    let json = printed(
        &folder,
        &["rules", "list", "/v1/refunds", "--format", "json"],
    );
    assert!(json.contains("\"endpoint\": \"POST /v1/refunds\""));
}

#[cfg(unix)]
#[test]
fn a_name_that_is_not_utf8_is_no_failure() {
    use std::{ffi::OsStr, os::unix::ffi::OsStrExt as _};
    let folder = folder(&[("refund.php", REFUNDS)]);
    let name = OsStr::from_bytes(b"caf\xe9.php");
    if fs::write(folder.path().join(name), REFUNDS).is_err() {
        return; // Not every file system takes such names.
    }
    let units = units(&folder, &["-f", "json", "."]);
    assert_eq!(evidence(&units[0]).len(), 2);
}

/// A plugin that reads charges, refunds one in an upgrade, and has a method that nothing calls.
const TIERS: &str = "<?php
/**
 * Plugin Name: Acme Tiers
 */
class Acme_Stripe {
    public function charges() {
        return \\Stripe\\Charge::all();
    }
    public function unused() {
        return \\Stripe\\Payout::create( [ 'amount' => 1 ] );
    }
}
function acme_upgrade_1_2() {
    \\Stripe\\Refund::create( [ 'charge' => 'ch_1' ] );
}
if ( get_option( 'acme_version' ) < 1.2 ) {
    acme_upgrade_1_2();
}
echo count( ( new Acme_Stripe() )->charges() );
";

#[test]
fn options_choose_the_tiers_that_the_key_is_made_for() {
    let folder = folder(&[("acme-tiers.php", TIERS)]);
    let ids = |options: &[&str]| -> Vec<String> {
        let arguments = [&["scan", ".", "--format", "link"], options].concat();
        let output = rakscan(&folder, &arguments).assert().success();
        let link = String::from_utf8(output.get_output().stdout.clone()).unwrap();
        let ids = link.trim().split("%5B%5D=rak_").skip(1);
        ids.map(|id| id.split('&').next().unwrap().to_owned())
            .collect()
    };
    assert_eq!(ids(&[]), ["charge_write"]);
    assert_eq!(ids(&["--exclude-one-off"]), ["charge_read"]);
    assert_eq!(
        ids(&["--include-unreferenced"]),
        ["charge_write", "payout_write"]
    );
    assert_eq!(
        ids(&["--include-unreferenced", "--exclude-one-off"]),
        ["charge_read", "payout_write"]
    );
}

#[test]
fn what_is_left_out_of_the_key_is_still_shown() {
    let folder = folder(&[("acme-tiers.php", TIERS)]);
    let arguments = ["scan", ".", "--exclude-one-off"];
    let output = rakscan(&folder, &arguments).assert().success();
    let text = String::from_utf8(output.get_output().stdout.clone()).unwrap();
    assert!(
        text.contains("Not part of the key: nothing here reaches this code"),
        "{text}"
    );
    assert!(
        text.contains("Not part of the key: needed once, by upgrade or migration code"),
        "{text}"
    );
}
