//! `rakscan.yaml` and comments for rakscan, from the command line.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::fs;

use assert_cmd::{Command, assert::Assert};
use report::v1;
use tempfile::TempDir;

const EXPORT: &str = "<?php
class Acme_Export {
	public static function run() {
		$stripe = new \\Stripe\\StripeClient( $key );
		return $stripe->{$_GET['what']}->all();
	}
}
";

const PLUGIN: &str = "<?php
/**
 * Plugin Name: Acme Pay
 */
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->{$_GET['what']}->all(); // rakscan: ignore[dynamic-operation] trust me
";

const ASSUME: &str = "\
assume:
  - at: src/export.php
    function: Acme_Export::run
    uses: [invoices.list, GET /v1/payouts]
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

fn rakscan(folder: &TempDir, arguments: &[&str]) -> Assert {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    command.args(arguments).current_dir(folder).assert()
}

fn units(folder: &TempDir, arguments: &[&str]) -> Vec<v1::Unit> {
    let assert = rakscan(folder, &[&["--format", "json"], arguments].concat()).success();
    let json = String::from_utf8(assert.get_output().stdout.clone()).unwrap();
    report::read_json(&json).unwrap().units
}

fn one(folder: &TempDir, arguments: &[&str]) -> v1::Unit {
    let mut units = units(folder, arguments);
    assert_eq!(units.len(), 1);
    units.remove(0)
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn codes(unit: &v1::Unit) -> Vec<&str> {
    unit.unresolved.iter().map(|one| &*one.code).collect()
}

fn ids(unit: &v1::Unit) -> Vec<&str> {
    unit.permissions.iter().map(|one| &*one.id).collect()
}

/// Scans `src/export.php` with this configuration.
fn with_config(config: &str) -> v1::Unit {
    let folder = folder(&[("src/export.php", EXPORT), ("rakscan.yaml", config)]);
    one(&folder, &["."])
}

#[test]
fn an_assumption_closes_the_place_and_adds_its_requests() {
    let unit = with_config(ASSUME);
    assert!(unit.complete);
    assert_eq!(ids(&unit), ["invoice_read", "payout_read"]);
    let by: Vec<_> = unit.assumed.iter().map(|one| &*one.by).collect();
    assert_eq!(by, ["rakscan.yaml:2", "rakscan.yaml:2"]);
    assert_eq!(unit.suppressed.len(), 1);
    assert_eq!(unit.suppressed[0].code, "dynamic-operation");
    assert_eq!(
        unit.suppressed[0].because,
        "requests GET /v1/invoices, GET /v1/payouts"
    );
}

#[test]
fn a_line_a_function_and_a_file_can_be_named() {
    for at in [
        "{ at: 'src/export.php:5', uses: [] }",
        "{ at: 'src/export.php:5:10', uses: [] }",
        "{ at: ./src/export.php, function: run, endpoints: [] }",
        "{ at: src/export.php, uses: [] }",
    ] {
        let unit = with_config(&format!("assume:\n  - {at}\n"));
        assert!(unit.complete && unit.permissions.is_empty(), "{at}");
        assert_eq!(codes(&unit), [""; 0], "{at}");
    }
}

#[test]
fn an_entry_without_effect_is_told_and_leaves_the_result_complete() {
    for (entry, message) in [
        (
            "{ at: gone.php, uses: [] }",
            "`gone.php` is no file that was read",
        ),
        (
            "{ at: src/export.php, function: halt, uses: [] }",
            "has no function `halt`",
        ),
        ("{ at: 'src/export.php:99', uses: [] }", "has no line 99"),
        (
            "{ at: 'src/export.php:2', uses: [] }",
            "nothing is open there",
        ),
    ] {
        let unit = with_config(&format!("{ASSUME}  - {entry}\n"));
        assert_eq!(codes(&unit), ["unused-entry"], "{entry}");
        assert!(unit.complete);
        assert!(unit.unresolved[0].reason.contains(message), "{entry}");
    }
}

#[test]
fn strict_fails_on_what_has_no_effect() {
    let config = format!("{ASSUME}ignore:\n  - {{ path: gone/, reason: not there }}\n");
    let files = folder(&[("src/export.php", EXPORT), ("rakscan.yaml", &config)]);
    let assert = rakscan(&files, &["--strict", "."]).code(4);
    assert!(stderr(&assert).contains("told without effect: 1"));
    fs::write(files.path().join("rakscan.yaml"), ASSUME).unwrap();
    rakscan(&files, &["--strict", "."]).success();
}

#[test]
fn ignored_files_are_left_out_counted_and_named() {
    let config = "ignore:\n  - path: src/\n    reason: never deployed\n";
    let unit = with_config(config);
    assert!(unit.complete && unit.permissions.is_empty());
    assert_eq!(unit.skipped.unwrap()["configured"], 1);
    assert_eq!(unit.excluded[0].because, "never deployed");
    let folder = folder(&[("src/export.php", EXPORT), ("rakscan.yaml", config)]);
    let text = rakscan(&folder, &["."]);
    assert!(stdout(&text).contains("1 file was left out by the owner of the code"));
}

#[test]
fn mistakes_are_shown_with_file_line_and_known_keys() {
    for (config, line, message) in [
        (
            "assume:\n  - at: x\n    fnction: y\n",
            3,
            "unknown key `fnction`, expected one of `at`, `function`, `endpoints`, `uses`",
        ),
        (
            "asume: []\n",
            1,
            "unknown key `asume`, expected one of `assume`, `ignore`, `features`",
        ),
        ("ignore:\n  - path: x\n", 2, "missing key `reason`"),
        (
            "ignore:\n  - path: x\n    reason: ' '\n",
            3,
            "the reason is empty",
        ),
        (
            "ignore:\n  - path: '!x'\n    reason: y\n",
            2,
            "the pattern names no files",
        ),
        ("assume:\n  - at: x\n", 2, "does not say what is requested"),
        (
            "assume:\n  - at: x\n    uses:\n      - refund.create\n",
            4,
            "`refund.create` is no operation of the rule table",
        ),
        (
            "assume:\n  - at: ../x\n    uses: []\n",
            2,
            "`../x` is no path here",
        ),
        ("assume: [", 1, ""),
    ] {
        let folder = folder(&[("a.php", EXPORT), ("rakscan.yml", config)]);
        let assert = rakscan(&folder, &["."]).code(2);
        let said = stderr(&assert);
        assert!(said.contains(&format!("rakscan.yml:{line}:")), "{said}");
        assert!(said.contains(message), "{said}");
        assert_eq!(stdout(&assert), "");
    }
}

#[test]
fn an_unknown_endpoint_is_no_assumption_unless_a_rule_file_adds_it() {
    let config = "assume:\n  - { at: src/export.php, endpoints: [GET /v1/acme] }\n";
    let rules = "endpoints:\n  - { endpoint: GET /v1/acme, permission: balance_read, source: https://acme.test }\n";
    let folder = folder(&[
        ("src/export.php", EXPORT),
        ("acme.yaml", config),
        ("rules.yaml", rules),
    ]);
    rakscan(&folder, &["--config", "acme.yaml", "src"]).code(2);
    let arguments = ["--config", "acme.yaml", "--rules", "rules.yaml", "."];
    assert_eq!(ids(&one(&folder, &arguments)), ["balance_read"]);
}

#[test]
fn the_owner_of_a_folder_is_obeyed_unless_that_is_switched_off() {
    let config = "assume:\n  - { at: acme.php, uses: [] }\n";
    let folder = folder(&[("acme/acme.php", PLUGIN), ("acme/rakscan.yaml", config)]);
    let unit = one(&folder, &["acme"]);
    assert_eq!((unit.complete, unit.suppressed.len()), (true, 1));
    let unit = one(&folder, &["--no-config", "acme"]);
    assert_eq!(codes(&unit), ["dynamic-operation"]);
    assert_eq!((unit.complete, unit.suppressed.len()), (false, 0));
}

#[test]
fn a_plugin_among_others_cannot_hide_what_it_requests() {
    let config = "ignore:\n  - { path: '*.php', reason: hide }\n";
    let folder = folder(&[
        ("plugins/acme/acme.php", PLUGIN),
        ("plugins/acme/rakscan.yaml", config),
        ("plugins/other/other.php", PLUGIN),
    ]);
    let all = units(&folder, &["plugins"]);
    assert_eq!(all.len(), 2);
    let expected = ["dynamic-operation", "not-obeyed"];
    assert_eq!(codes(&all[0]), [&expected[..], &["not-obeyed"]].concat());
    assert_eq!(codes(&all[1]), expected);
    assert!(
        all.iter()
            .all(|unit| !unit.complete && unit.suppressed.is_empty())
    );
    // Notes about code of others are no mistake of whoever scans it.
    let text = stdout(&rakscan(&folder, &["plugins"]).success());
    assert!(
        text.contains("rakscan.yaml:1:1\n      this configuration is not read"),
        "{text}"
    );
}

#[test]
fn the_configuration_of_the_folder_of_plugins_counts_for_them() {
    let config = "\
assume:
  - { at: acme/acme.php, uses: [refunds.list] }
ignore:
  - { path: other/, reason: about to be removed }
";
    let folder = folder(&[
        ("plugins/acme/acme.php", PLUGIN),
        ("plugins/other/other.php", PLUGIN),
        ("plugins/rakscan.yaml", config),
    ]);
    let all = units(&folder, &["plugins"]);
    let acme = all.iter().find(|unit| unit.unit.name == "acme").unwrap();
    assert_eq!((acme.complete, ids(acme)), (true, vec!["charge_read"]));
    let other = all.iter().find(|unit| unit.unit.name == "other").unwrap();
    assert_eq!(other.excluded[0].path, "other/");
}

#[test]
fn a_configuration_below_the_folder_that_is_scanned_is_not_read() {
    let folder = folder(&[
        ("src/export.php", EXPORT),
        ("lib/rakscan.yaml", "this is: [no configuration"),
    ]);
    assert_eq!(
        codes(&one(&folder, &["."])),
        ["not-obeyed", "dynamic-operation"]
    );
}

#[cfg(unix)]
#[test]
fn a_link_out_of_the_folder_is_no_configuration() {
    let folder = folder(&[
        ("acme/export.php", EXPORT),
        ("secret.yaml", "password: 1\n"),
    ]);
    let link = folder.path().join("acme/rakscan.yaml");
    std::os::unix::fs::symlink(folder.path().join("secret.yaml"), link).unwrap();
    assert_eq!(codes(&one(&folder, &["acme"])), ["dynamic-operation"]);
}

#[test]
fn a_secret_in_a_comment_or_a_reason_is_not_printed() {
    let secret = format!("sk_live_{}WXYZ", "a".repeat(24));
    let code = format!(
        "<?php\nacme(); // rakscan: uses {secret}\nacme(); // rakscan: ignore[dynamic-operation] {secret}\n"
    );
    let config = format!("ignore:\n  - {{ path: '*.inc.php', reason: has {secret} }}\n");
    let folder = folder(&[
        ("a.php", &code),
        ("b.inc.php", EXPORT),
        ("rakscan.yaml", &config),
    ]);
    for format in ["text", "json", "yaml", "markdown"] {
        let text = stdout(&rakscan(&folder, &["-v", "--format", format, "."]).success());
        assert!(
            text.contains("sk_live_…WXYZ") || text.contains("live"),
            "{text}"
        );
        assert!(!text.contains(&secret), "{format}: {text}");
    }
}

#[test]
fn the_help_of_an_open_place_is_an_entry_that_closes_it() {
    let files = folder(&[("src/export.php", EXPORT)]);
    let unit = one(&files, &["."]);
    assert_eq!(
        unit.unresolved[0].function.as_deref(),
        Some("Acme_Export::run")
    );
    let help = unit.unresolved[0].help.clone().unwrap();
    let entry = help
        .split('`')
        .find(|part| part.starts_with("- {"))
        .unwrap();
    let entry = entry.replace("OPERATION", "refunds.list");
    fs::write(
        files.path().join("rakscan.yaml"),
        format!("assume:\n  {entry}\n"),
    )
    .unwrap();
    let unit = one(&files, &["."]);
    assert_eq!((unit.complete, ids(&unit)), (true, vec!["charge_read"]));
}
