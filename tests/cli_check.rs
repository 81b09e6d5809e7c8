//! `check` and `diff` from end to end: code and manifests in, differences and exit codes out.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod program;

use std::{fs, path::Path};

use report::v1::changes::ChangesDocument;
use tempfile::TempDir;

use program::rakscan;

const REFUND: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->refunds->create( [ 'charge' => $id ] );
";
const PRICES: &str = "$stripe->prices->all();\n";
const CUSTOMERS: &str = "$stripe->customers->create();\n";
const DYNAMIC: &str = "$stripe->{$_GET['what']}->all();\n";
const MANIFEST: &str = "stripe-permissions.yaml";

/// What a run gave: exit code, standard output, standard error.
#[derive(Debug)]
struct Run {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(folder: &Path, arguments: &[&str]) -> Run {
    let assert = rakscan(folder, arguments).assert();
    let output = assert.get_output();
    Run {
        code: output.status.code(),
        out: String::from_utf8(output.stdout.clone()).unwrap(),
        err: String::from_utf8(output.stderr.clone()).unwrap(),
    }
}

fn put(folder: &Path, path: &str, text: &str) {
    let path = folder.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

fn code(parts: &[&str]) -> String {
    format!("{REFUND}{}", parts.concat())
}

/// Makes a package with a manifest that is up to date.
fn shop(parts: &[&str]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    put(
        folder.path(),
        "composer.json",
        r#"{"name": "acme/shop", "version": "3.1"}"#,
    );
    put(folder.path(), "src/pay.php", &code(parts));
    assert_eq!(run(folder.path(), &["scan", "--write"]).code, Some(0));
    folder
}

fn edit(folder: &TempDir, parts: &[&str]) {
    put(folder.path(), "src/pay.php", &code(parts));
}

fn manifest(folder: &TempDir) -> String {
    fs::read_to_string(folder.path().join(MANIFEST)).unwrap()
}

#[test]
fn a_manifest_that_is_up_to_date_takes_one_line() {
    let folder = shop(&[]);
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(0));
    assert_eq!(
        done.out,
        "stripe-permissions.yaml is up to date: 1 permission, complete\n"
    );
    assert_eq!(done.err, "");
    let quiet = run(folder.path(), &["check", "--quiet"]);
    assert_eq!((quiet.out.as_str(), quiet.err.as_str()), ("", ""));
}

#[test]
fn a_wider_key_fails_with_the_line_that_needs_it() {
    let folder = shop(&[]);
    edit(&folder, &[CUSTOMERS]);
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(1));
    assert_eq!(
        done.out,
        "\
acme/shop 3.1: the key needs more

  + customer_write  Write  Customers  src/pay.php:4  POST /v1/customers

stripe-permissions.yaml is out of date
Is it meant? Then `rakscan check --fix` accepts it; commit the manifest with the code.
The key in use lacks what it gains: change it before this code is deployed.
"
    );
    let quiet = run(folder.path(), &["check", "-q"]);
    assert_eq!(quiet.code, Some(1));
    assert!(quiet.out.ends_with("POST /v1/customers\n"), "{quiet:?}");
}

#[test]
fn read_that_becomes_write_is_one_line() {
    let folder = shop(&["$stripe->customers->all();\n"]);
    edit(&folder, &["$stripe->customers->all();\n", CUSTOMERS]);
    let done = run(folder.path(), &["check", "-q"]);
    assert!(
        done.out.ends_with(
            "\n  ~ customer_write  Read → Write  Customers  src/pay.php:5  POST /v1/customers\n"
        ),
        "{done:?}"
    );
}

#[test]
fn a_narrower_key_fails_unless_that_is_allowed() {
    let folder = shop(&[PRICES]);
    edit(&folder, &[]);
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.out.starts_with(
            "acme/shop 3.1: the key could do with less\n\n  - plan_read  Read  Prices  was src/pay.php:4  GET /v1/prices\n"
        ),
        "{done:?}"
    );
    let allowed = run(folder.path(), &["check", "--allow-narrower"]);
    assert_eq!(allowed.code, Some(0));
    assert!(allowed.out.contains("plan_read"), "{allowed:?}");
}

#[test]
fn a_place_that_is_newly_open_fails_and_one_that_was_closed_does_not() {
    let folder = shop(&[]);
    edit(&folder, &[DYNAMIC]);
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.out.contains("Newly open\n  ! src/pay.php:4"),
        "{done:?}"
    );
    assert_eq!(run(folder.path(), &["check", "--fix"]).code, Some(0));
    assert_eq!(run(folder.path(), &["check", "--strict"]).code, Some(4));
    edit(&folder, &[]);
    let closed = run(folder.path(), &["check"]);
    assert_eq!(closed.code, Some(0));
    assert!(
        closed.out.contains("No longer open\n  - src/pay.php:4"),
        "{closed:?}"
    );
    assert_eq!(run(folder.path(), &["check", "--exact"]).code, Some(1));
}

#[test]
fn lines_that_moved_pass_and_are_mentioned() {
    let folder = shop(&[]);
    put(
        folder.path(),
        "src/pay.php",
        &REFUND.replace("<?php", "<?php\n\n"),
    );
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(0));
    assert!(
        done.out.contains("have moved: `rakscan check --fix`"),
        "{done:?}"
    );
    assert_eq!(run(folder.path(), &["check", "--exact"]).code, Some(1));
    assert_eq!(run(folder.path(), &["check", "--fix"]).code, Some(0));
    assert_eq!(run(folder.path(), &["check", "--exact"]).code, Some(0));
}

#[test]
fn fix_writes_what_a_scan_would_and_says_what_changed() {
    let folder = shop(&[]);
    edit(&folder, &[CUSTOMERS]);
    let done = run(folder.path(), &["check", "--fix"]);
    assert_eq!(done.code, Some(0));
    assert!(done.out.contains("+ customer_write"), "{done:?}");
    assert_eq!(done.err, "wrote stripe-permissions.yaml\n");
    let written = manifest(&folder);
    assert_eq!(
        run(folder.path(), &["scan", "-f", "yaml", "."]).out,
        written
    );
    assert_eq!(run(folder.path(), &["check"]).code, Some(0));
}

#[test]
fn fix_keeps_the_tiers_and_the_mode_of_the_manifest() {
    let folder = shop(&["function unused($stripe) { $stripe->products->all(); }\n"]);
    let wide = [
        "scan",
        "--include-unreferenced",
        "--test-mode",
        "-f",
        "yaml",
        "-o",
        MANIFEST,
    ];
    assert_eq!(run(folder.path(), &wide).code, Some(0));
    assert!(
        manifest(&folder).contains("key_tiers"),
        "{}",
        manifest(&folder)
    );
    assert_eq!(run(folder.path(), &["check", "--exact"]).code, Some(0));
    put(
        folder.path(),
        "src/more.php",
        &format!("<?php\n{}", &REFUND[6..]),
    );
    assert_eq!(run(folder.path(), &["check", "--fix"]).code, Some(0));
    let written = manifest(&folder);
    assert!(written.contains("key_tiers"), "{written}");
    assert!(written.contains("dashboard.stripe.com/test/"), "{written}");
}

#[test]
fn a_manifest_in_json_and_elsewhere_is_named() {
    let folder = shop(&[]);
    let json = ["scan", "-f", "json", "-o", "docs/stripe.json"];
    fs::create_dir(folder.path().join("docs")).unwrap();
    assert_eq!(
        run(folder.path(), &[&json[..], &["."]].concat()).code,
        Some(0)
    );
    fs::remove_file(folder.path().join(MANIFEST)).unwrap();
    let named = ["check", "-m", "docs/stripe.json"];
    let done = run(folder.path(), &named);
    assert_eq!(done.code, Some(0), "{done:?}");
    edit(&folder, &[PRICES]);
    let done = run(folder.path(), &named);
    assert_eq!(done.code, Some(1));
    assert!(
        done.out
            .contains("`rakscan check --fix --manifest docs/stripe.json` accepts"),
        "{done:?}"
    );
    assert_eq!(
        run(folder.path(), &[&named[..], &["--fix"]].concat()).code,
        Some(0)
    );
    assert_eq!(run(folder.path(), &named).code, Some(0));
    let text = fs::read_to_string(folder.path().join("docs/stripe.json")).unwrap();
    assert!(report::read_json(&text).is_ok());
}

#[test]
fn json_is_for_programs() {
    let folder = shop(&[]);
    edit(&folder, &[CUSTOMERS]);
    let done = run(folder.path(), &["check", "-f", "json"]);
    assert_eq!(done.code, Some(1));
    let document: ChangesDocument = serde_json::from_str(&done.out).unwrap();
    assert_eq!(document.units[0].permissions[0].id, "customer_write");
}

/// Makes a folder of two plugins, each with a manifest.
fn plugins() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for name in ["acme", "beta"] {
        let text = REFUND.replace("<?php", &format!("<?php\n/* Plugin Name: {name} */"));
        put(folder.path(), &format!("{name}/{name}.php"), &text);
        assert_eq!(run(folder.path(), &["scan", "--write", name]).code, Some(0));
    }
    folder
}

#[test]
fn each_plugin_is_compared_with_its_own_manifest() {
    let folder = plugins();
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(0), "{done:?}");
    assert_eq!(done.out, "2 manifests are up to date\n");
    let text = fs::read_to_string(folder.path().join("beta/beta.php")).unwrap();
    put(folder.path(), "beta/beta.php", &(text + PRICES));
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.out.starts_with("beta: the key needs more\n"),
        "{done:?}"
    );
    assert!(
        done.out
            .contains("\nbeta/stripe-permissions.yaml is out of date\n"),
        "{done:?}"
    );
    assert_eq!(run(folder.path(), &["check", "--fix"]).code, Some(0));
    assert_eq!(run(folder.path(), &["check", "acme", "beta"]).code, Some(0));
}

#[test]
fn a_plugin_without_a_manifest_beside_others_is_found() {
    let folder = plugins();
    fs::remove_file(folder.path().join("beta").join(MANIFEST)).unwrap();
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(1));
    assert!(
        done.out.contains("beta: new here; a key for it needs"),
        "{done:?}"
    );
    assert!(
        done.out.contains("beta/stripe-permissions.yaml is missing"),
        "{done:?}"
    );
    assert_eq!(run(folder.path(), &["check", "--fix"]).code, Some(0));
    assert_eq!(run(folder.path(), &["check"]).code, Some(0));
}

#[test]
fn without_a_manifest_it_says_how_to_write_the_first() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "code/plugin/pay.php", REFUND);
    let done = run(folder.path(), &["check", "code"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""));
    assert_eq!(
        done.err,
        "error: there is no manifest in `code`\n  help: write the first one with `rakscan scan \
         --write code` and commit it; or name it with --manifest\n"
    );
    assert_eq!(
        run(folder.path(), &["scan", "--write", "code/plugin"]).code,
        Some(0)
    );
    let done = run(folder.path(), &["check", "code"]);
    assert!(
        done.err.contains("there is one in `code/plugin`"),
        "{done:?}"
    );
}

#[test]
fn a_path_that_is_not_there_is_named() {
    let folder = shop(&[]);
    for arguments in [&["check", "nowhere"][..], &["diff", ".", "nowhere"]] {
        let done = run(folder.path(), arguments);
        assert_eq!(done.code, Some(2));
        assert!(
            done.err.contains("no such file or directory: `nowhere`"),
            "{done:?}"
        );
    }
    let done = run(folder.path(), &["check", "-m", "nowhere.yaml"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("`nowhere.yaml`"), "{done:?}");
    let done = run(folder.path(), &["check", "-m", MANIFEST, "src", "."]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err.contains("--manifest goes with one path"),
        "{done:?}"
    );
}

/// Writes `text` over the manifest, checks, and returns the error.
fn refused(folder: &TempDir, text: &str) -> String {
    put(folder.path(), MANIFEST, text);
    let done = run(folder.path(), &["check"]);
    assert_eq!((done.code, done.out.as_str()), (Some(2), ""), "{done:?}");
    done.err
}

#[test]
fn a_manifest_that_a_merge_has_cut_is_shown_with_its_line() {
    let folder = shop(&[]);
    let text = manifest(&folder).replace("permissions:\n", "<<<<<<< HEAD\npermissions:\n");
    let error = refused(&folder, &text);
    assert!(error.contains("this is no manifest: "), "{error}");
    assert!(error.contains("stripe-permissions.yaml:"), "{error}");
    assert!(error.contains("<<<<<<< HEAD"), "{error}");
    assert!(error.contains("rakscan scan --write"), "{error}");
    let fixed = run(folder.path(), &["check", "--fix"]);
    assert_eq!(
        fixed.code,
        Some(2),
        "what cannot be read is not overwritten"
    );
}

#[test]
fn a_wrong_value_is_shown_with_its_line() {
    let folder = shop(&[]);
    let text = manifest(&folder).replace("access: write", "access: all");
    let error = refused(&folder, &text);
    assert!(error.contains("stripe-permissions.yaml:12:"), "{error}");
    for text in [
        "",
        "# nothing\n",
        "- 1\n",
        "schema: 1\n",
        "\u{0}\u{1}",
        "a: &a [*a, *a]\n",
        "---\n---\n",
    ] {
        let error = refused(&folder, text);
        assert!(error.contains("this is no manifest"), "{text:?}: {error}");
    }
    let deep = "[".repeat(100_000);
    refused(&folder, &deep);
}

#[test]
fn an_unknown_id_is_named_with_the_nearest() {
    let folder = shop(&[]);
    let text = manifest(&folder).replace("- id: charge_write", "- id: chrage_write");
    let error = refused(&folder, &text);
    assert!(
        error.contains("there is no permission `chrage_write`"),
        "{error}"
    );
    assert!(error.contains("[stripe-permissions.yaml:9:7]"), "{error}");
    assert!(
        error.contains("write `charge_write` if that is meant"),
        "{error}"
    );
    let fixed = run(folder.path(), &["check", "--fix"]);
    assert_eq!(fixed.code, Some(0), "{fixed:?}");
    assert!(fixed.out.contains("- chrage_write"), "{fixed:?}");
    assert_eq!(run(folder.path(), &["check"]).code, Some(0));
}

#[test]
fn a_newer_schema_and_an_unknown_tier_are_named() {
    let folder = shop(&[]);
    let good = manifest(&folder);
    let error = refused(&folder, &good.replace("schema: 1", "schema: 2"));
    assert!(
        error.contains("schema 2 is not supported, only 1 is"),
        "{error}"
    );
    assert!(error.contains("update rakscan"), "{error}");
    let error = refused(
        &folder,
        &good.replace("permissions:\n", "key_tiers: [sometimes]\npermissions:\n"),
    );
    assert!(error.contains("there is no tier `sometimes`"), "{error}");
}

#[test]
fn a_hostile_manifest_cannot_write_to_the_terminal() {
    let folder = shop(&[]);
    let text = manifest(&folder).replace("access: write", "access: \u{9b}2J\u{202e}");
    let error = refused(&folder, &text);
    assert!(
        !error.contains(['\u{9b}', '\u{202e}', '\u{1b}']),
        "{error:?}"
    );
    let text = text.replace("access: \u{9b}2J\u{202e}", "access: \"\\e[2J\\u202e\"");
    let error = refused(&folder, &text);
    assert!(!error.contains(['\u{202e}', '\u{1b}']), "{error:?}");
}

#[cfg(unix)]
#[test]
fn a_manifest_that_is_a_link_out_of_the_folder_is_none() {
    let folder = shop(&[]);
    let other = tempfile::tempdir().unwrap();
    let outside = other.path().join("secret.yaml");
    fs::rename(folder.path().join(MANIFEST), &outside).unwrap();
    std::os::unix::fs::symlink(&outside, folder.path().join(MANIFEST)).unwrap();
    let done = run(folder.path(), &["check", "--fix"]);
    assert_eq!(done.code, Some(2));
    assert!(done.err.contains("there is no manifest"), "{done:?}");
}

#[test]
fn no_git_is_needed() {
    let folder = shop(&[]);
    let mut command = rakscan(folder.path(), &["check"]);
    command.env("PATH", "").assert().success();
    let help = run(folder.path(), &["check", "--help"]).out;
    assert!(help.contains("nothing here needs git"), "{help}");
}

#[test]
fn nothing_to_scan_is_said() {
    let folder = shop(&[]);
    fs::remove_dir_all(folder.path().join("src")).unwrap();
    let done = run(folder.path(), &["check"]);
    assert_eq!(done.code, Some(3), "{done:?}");
}

/// Makes two versions of a package.
fn versions() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (version, parts) in [("3.1", &[PRICES][..]), ("3.2", &[CUSTOMERS][..])] {
        let package = format!(r#"{{"name": "acme/shop", "version": "{version}"}}"#);
        put(
            folder.path(),
            &format!("shop-{version}/composer.json"),
            &package,
        );
        put(
            folder.path(),
            &format!("shop-{version}/src/pay.php"),
            &code(parts),
        );
    }
    folder
}

#[test]
fn diff_takes_folders_and_manifests() {
    let folder = versions();
    let expected = "\
acme/shop 3.1 → 3.2: the key needs more, the key could do with less

  + customer_write  Write  Customers  src/pay.php:4      POST /v1/customers
  - plan_read       Read   Prices     was src/pay.php:4  GET /v1/prices
";
    let done = run(folder.path(), &["diff", "shop-3.1", "shop-3.2"]);
    assert_eq!((done.code, done.out.as_str()), (Some(0), expected));
    for (version, format) in [("3.1", "yaml"), ("3.2", "json")] {
        let file = format!("{version}.{format}");
        let from = format!("shop-{version}");
        assert_eq!(
            run(folder.path(), &["scan", &from, "-f", format, "-o", &file]).code,
            Some(0)
        );
    }
    for arguments in [
        ["3.1.yaml", "3.2.json"],
        ["shop-3.1", "3.2.json"],
        ["3.1.yaml", "shop-3.2"],
    ] {
        let done = run(folder.path(), &["diff", arguments[0], arguments[1]]);
        assert_eq!(done.out, expected, "{arguments:?}");
    }
    let changed = ["diff", "--exit-code", "3.1.yaml", "3.2.json"];
    assert_eq!(run(folder.path(), &changed).code, Some(1));
    let same = run(
        folder.path(),
        &["diff", "--exit-code", "3.1.yaml", "shop-3.1"],
    );
    assert_eq!(same.code, Some(0));
    assert_eq!(
        same.out,
        "no difference: the key needs the same permissions\n"
    );
}

#[test]
fn diff_writes_release_notes() {
    let folder = versions();
    let done = run(
        folder.path(),
        &["diff", "shop-3.1", "shop-3.2", "-f", "markdown"],
    );
    assert_eq!(
        done.out,
        "\
### Stripe permissions of acme/shop 3.2

acme/shop 3.2 needs now, which it did not before:

- **Write** on Customers (`customer_write`), because of `POST /v1/customers` (`src/pay.php:4`)

No longer needed; remove it from the key:

- **Read** on Prices (`plan_read`), which was for `GET /v1/prices` (`src/pay.php:4`)
"
    );
}
