//! `rakscan docs` from end to end.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, path::Path};

use assert_cmd::Command;
use tempfile::TempDir;

const PLUGIN: &str = "<?php
/**
 * Plugin Name: Acme Shop
 */
\\Stripe\\Refund::create( [ 'charge' => 'ch_1' ] );
";
const GIFTS: &str = "<?php
\\Stripe\\Coupon::create( [ 'percent_off' => 5 ] );
";
const CONFIG: &str = "\
features:
  - name: Gift cards
    paths: [gifts.php]
    optional: true
";
const README: &str =
    "=== Acme Shop ===\nStable tag: 1.0\n\nSells things.\n\n== Changelog ==\n\n= 1.0 =\n* First.\n";

fn shop() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in [
        ("acme-shop.php", PLUGIN),
        ("gifts.php", GIFTS),
        ("rakscan.yaml", CONFIG),
        ("readme.txt", README),
        ("README.md", "# Acme Shop\n"),
    ] {
        fs::write(folder.path().join(path), text).unwrap();
    }
    folder
}

fn docs(folder: &TempDir, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    command.arg("docs").args(arguments).current_dir(folder);
    command
}

fn read(folder: &TempDir, path: &str) -> String {
    fs::read_to_string(folder.path().join(path)).unwrap()
}

#[test]
fn documents_are_written_once_and_then_left_alone() {
    let folder = shop();
    let write = ["--write", "readme.txt", "--write", "README.md"];
    let first = docs(&folder, &write).assert().success();
    assert_eq!(
        String::from_utf8_lossy(&first.get_output().stderr),
        "wrote readme.txt\nwrote README.md\n"
    );
    let readme = read(&folder, "readme.txt");
    assert!(
        readme
            .contains("* Billing: Coupons – Write, to create coupons (only if you use Gift cards)"),
        "{readme}"
    );
    let markdown = read(&folder, "README.md");
    assert!(
        markdown.contains("| Core | Charges and Refunds | Write | create refunds | always |"),
        "{markdown}"
    );
    let second = docs(&folder, &write).assert().success();
    assert_eq!(
        String::from_utf8_lossy(&second.get_output().stderr),
        "readme.txt is up to date\nREADME.md is up to date\n"
    );
    assert_eq!(read(&folder, "readme.txt"), readme);
}

#[test]
fn check_says_what_is_out_of_date_and_writes_nothing() {
    let folder = shop();
    let run = docs(&folder, &["--write", "readme.txt", "--check"])
        .assert()
        .code(1);
    assert_eq!(
        String::from_utf8_lossy(&run.get_output().stderr),
        "readme.txt is out of date: run `rakscan docs --write readme.txt`\n"
    );
    assert_eq!(read(&folder, "readme.txt"), README);
}

#[test]
fn without_a_document_the_text_is_printed() {
    let folder = shop();
    let run = docs(&folder, &[]).assert().success();
    let text = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(
        text.starts_with("<!-- stripe-permissions:start -->\n"),
        "{text}"
    );
}

#[test]
fn what_cannot_be_written_into_is_an_error_and_stays() {
    let folder = shop();
    let lone = "# Acme\n<!-- stripe-permissions:start -->\n";
    fs::write(folder.path().join("README.md"), lone).unwrap();
    fs::write(folder.path().join("notes.rst"), "x").unwrap();
    fs::write(folder.path().join("other-readme.md"), "").unwrap();
    let error = |arguments: &[&str]| {
        let run = docs(&folder, arguments).assert().code(2);
        String::from_utf8_lossy(&run.get_output().stderr).into_owned()
    };
    let marker = error(&["--write", "README.md"]);
    assert!(
        marker.contains("line 2") && marker.contains("write both markers"),
        "{marker}"
    );
    assert_eq!(read(&folder, "README.md"), lone);
    let unknown = error(&["--write", "notes.rst"]);
    assert!(
        unknown.contains("--format markdown or --format readme"),
        "{unknown}"
    );
    let missing = error(&["--write", "gone.md"]);
    assert!(missing.contains("cannot read `gone.md`"), "{missing}");
    let no_plugin = error(&["--write", "README.md", "--format", "readme"]);
    assert!(no_plugin.contains("=== Plugin Name ==="), "{no_plugin}");
}

#[test]
fn a_folder_of_several_plugins_has_no_document() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["one", "two"] {
        let plugin = folder.path().join(name);
        fs::create_dir(&plugin).unwrap();
        fs::write(plugin.join("plugin.php"), PLUGIN).unwrap();
    }
    let run = docs(&folder, &["."]).assert().code(2);
    let text = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(text.contains("here are 2"), "{text}");
}

#[test]
fn mistakes_in_features_are_shown_with_their_line() {
    let folder = shop();
    let config = "features:\n  - name: A\n    paths: [a.php]\n  - name: A\n    paths: []\n";
    fs::write(folder.path().join("rakscan.yaml"), config).unwrap();
    let run = docs(&folder, &[]).assert().code(2);
    let text = String::from_utf8_lossy(&run.get_output().stderr).into_owned();
    assert!(text.contains("`A` is named twice"), "{text}");
    assert!(text.contains("rakscan.yaml:4"), "{text}");
}

#[test]
fn a_feature_without_files_is_said() {
    let folder = shop();
    fs::remove_file(folder.path().join("gifts.php")).unwrap();
    let mut command = Command::cargo_bin("rakscan").unwrap();
    let run = command.arg(".").current_dir(&folder).assert().success();
    let text = String::from_utf8_lossy(&run.get_output().stdout).into_owned();
    assert!(
        text.contains("no file matches a path of the feature `Gift cards`"),
        "{text}"
    );
}

#[test]
fn the_readme_of_the_example_is_up_to_date() {
    let plugin = "examples/wordpress-plugin/acme-donations";
    let readme = format!("{plugin}/readme.txt");
    assert!(Path::new(&readme).exists());
    let mut command = Command::cargo_bin("rakscan").unwrap();
    command
        .args(["docs", plugin, "--write", &readme, "--check"])
        .assert()
        .success();
}
