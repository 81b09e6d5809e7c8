//! A directory of plugins: lines, one file a unit, the summary, and going on later.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod program;

use std::{fs, path::Path};

use assert_cmd::assert::Assert;
use report::v1::{Document, Line};
use tempfile::TempDir;

use program::rakscan;

const REFUND: &str = "<?php\n\\Stripe\\Refund::create(['charge' => $id]);\n";

fn write(root: &TempDir, path: &str, text: &str) {
    let path = root.path().join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Makes a folder with a plugin without Stripe and one that refunds.
fn plugins() -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for name in ["gallery", "refunds"] {
        let header = format!("<?php\n/* Plugin Name: {name} */\n");
        write(&root, &format!("plugins/{name}/{name}.php"), &header);
    }
    write(&root, "plugins/refunds/refund.php", REFUND);
    root
}

fn scan(root: &TempDir, arguments: &[&str]) -> Assert {
    let all = [&["scan", "plugins"], arguments].concat();
    rakscan(root, &all).assert()
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

fn lines(text: &str) -> Vec<Line> {
    text.lines()
        .map(|line| report::read_line(line).unwrap())
        .collect()
}

fn report(root: &TempDir, path: &str) -> Document {
    report::read_json(&read(root, path)).unwrap()
}

fn read(root: &TempDir, path: &str) -> String {
    fs::read_to_string(root.path().join(path)).unwrap()
}

/// Reads the number of the summary that is called `name`.
fn number(summary: &str, name: &str) -> Option<u64> {
    let mut rows = summary.lines();
    rows.find_map(|row| row.trim().strip_prefix(name)?.trim().parse().ok())
}

#[test]
fn text_shows_the_units_with_stripe_and_counts_all() {
    let root = plugins();
    let text = stdout(&scan(&root, &[]).success());
    assert!(text.starts_with("refunds  WordPress plugin"), "{text}");
    let counted = ["plugins", "with Stripe", "complete", "incomplete"];
    assert_eq!(
        counted.map(|name| number(&text, name)),
        [Some(2), Some(1), Some(2), Some(0)]
    );
    let (_, summary) = text.split_once("Most needed permissions").unwrap();
    let row: Vec<&str> = summary.lines().nth(1).unwrap().split_whitespace().collect();
    assert_eq!(row.join(" "), "Charges and Refunds charge_write 1");
    let verbose = stdout(&scan(&root, &["-v"]).success());
    assert!(
        verbose.starts_with("gallery  WordPress plugin"),
        "{verbose}"
    );
}

#[test]
fn each_line_is_a_report_and_the_summary_is_talk() {
    let root = plugins();
    let assert = scan(&root, &["--format", "jsonl"]).success();
    let all = lines(&stdout(&assert));
    let folders: Vec<_> = all
        .iter()
        .map(|line| line.unit.unit.folder.as_deref())
        .collect();
    assert_eq!(folders, [Some("gallery"), Some("refunds")]);
    assert_eq!(all[1].unit.permissions[0].id, "charge_write");
    assert_eq!(number(&stderr(&assert), "plugins"), Some(2));
    let quiet = scan(&root, &["--format", "jsonl", "--quiet", "--threads", "1"]).success();
    assert_eq!(
        (stderr(&quiet), stdout(&quiet)),
        (String::new(), stdout(&assert))
    );
}

#[test]
fn a_folder_gets_one_report_for_each_unit() {
    let root = plugins();
    let assert = scan(&root, &["--out", "reports/new"]).success();
    assert_eq!(stdout(&assert), "");
    assert_eq!(number(&stderr(&assert), "with Stripe"), Some(1));
    assert_eq!(
        report(&root, "reports/new/gallery.json").units[0].permissions,
        []
    );
    let refunds = report(&root, "reports/new/refunds.json");
    assert_eq!(refunds.units[0].permissions[0].id, "charge_write");
    assert_eq!(
        fs::read_dir(root.path().join("reports/new"))
            .unwrap()
            .count(),
        2
    );
    scan(&root, &["--out", "reports", "--format", "yaml"]).success();
    let yaml = report::read_yaml(&read(&root, "reports/refunds.yaml")).unwrap();
    assert_eq!(yaml[0].unit.permissions[0].id, "charge_write");
}

#[test]
fn a_single_unit_and_a_site_have_files_too() {
    let root = plugins();
    rakscan(&root, &["scan", "plugins/refunds", "--out", "one"])
        .assert()
        .success();
    assert_eq!(report(&root, "one/refunds.json").units.len(), 1);
    fs::create_dir(root.path().join("wp-content")).unwrap();
    fs::rename(
        root.path().join("plugins"),
        root.path().join("wp-content/plugins"),
    )
    .unwrap();
    rakscan(&root, &["scan", ".", "--out", "site"])
        .assert()
        .success();
    assert_eq!(
        report(&root, "site/wp-content/plugins/refunds.json")
            .units
            .len(),
        1
    );
}

#[test]
fn files_of_others_are_left_and_the_others_written() {
    let root = plugins();
    write(&root, "reports/gallery.json", "{\"mine\": true}");
    let assert = scan(&root, &["--out", "reports"]).code(2);
    let expected = "error: a file was not written by rakscan, and left as it is: ";
    assert!(stderr(&assert).contains(expected), "{}", stderr(&assert));
    assert_eq!(read(&root, "reports/gallery.json"), "{\"mine\": true}");
    assert_eq!(report(&root, "reports/refunds.json").units.len(), 1);
    // Its own files are written again, also what a broken run left of one.
    write(&root, "reports/gallery.json", "");
    scan(&root, &["--out", "reports"]).success();
}

#[cfg(unix)]
#[test]
fn links_lead_nowhere() {
    use std::os::unix::fs::symlink;

    let root = plugins();
    write(&root, "elsewhere/keep.json", "");
    write(&root, "reports/x", "");
    let link = root.path().join("reports/refunds.json");
    symlink(root.path().join("elsewhere/keep.json"), link).unwrap();
    scan(&root, &["--out", "reports"]).code(2);
    assert_eq!(read(&root, "elsewhere/keep.json"), "");
    fs::create_dir(root.path().join("wp-content")).unwrap();
    fs::rename(
        root.path().join("plugins"),
        root.path().join("wp-content/plugins"),
    )
    .unwrap();
    fs::create_dir(root.path().join("site")).unwrap();
    symlink(
        root.path().join("elsewhere"),
        root.path().join("site/wp-content"),
    )
    .unwrap();
    let assert = rakscan(&root, &["scan", ".", "--out", "site"])
        .assert()
        .code(2);
    assert!(
        stderr(&assert).contains("cannot write"),
        "{}",
        stderr(&assert)
    );
    assert_eq!(
        fs::read_dir(root.path().join("elsewhere")).unwrap().count(),
        1
    );
}

#[test]
fn names_of_folders_are_safe_names_of_files() {
    let root = plugins();
    write(
        &root,
        "plugins/Two Words/x.php",
        "<?php\n/* Plugin Name: Two */\n",
    );
    write(
        &root,
        "plugins/two words/x.php",
        "<?php\n/* Plugin Name: Two */\n",
    );
    scan(&root, &["--out", "reports"]).success();
    let entries = fs::read_dir(root.path().join("reports")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut names: Vec<String> = names
        .filter(|name| name.to_lowercase().contains("two"))
        .collect();
    names.sort();
    assert_eq!(names.len(), 2);
    assert!(
        names[0].starts_with("Two_Words-") && names[1].starts_with("two_words-"),
        "{names:?}"
    );
}

#[test]
fn a_folder_is_resumed() {
    let root = plugins();
    let arguments = ["--out", "reports", "--resume"];
    let summary = stderr(&scan(&root, &arguments).success());
    assert_eq!(number(&summary, "unchanged, not scanned again"), None);
    let before = read(&root, "reports/refunds.json");
    let summary = stderr(&scan(&root, &arguments).success());
    let counted = ["plugins", "with Stripe", "unchanged, not scanned again"];
    assert_eq!(
        counted.map(|name| number(&summary, name)),
        [Some(2), Some(1), Some(2)]
    );
    assert_eq!(read(&root, "reports/refunds.json"), before);
    write(
        &root,
        "plugins/refunds/refund.php",
        "<?php\n\\Stripe\\Payout::all();\n",
    );
    fs::remove_file(root.path().join("reports/gallery.json")).unwrap();
    scan(&root, &arguments).success();
    let changed = report(&root, "reports/refunds.json");
    assert_eq!(changed.units[0].permissions[0].id, "payout_read");
    assert_eq!(report(&root, "reports/gallery.json").units.len(), 1);
    // Other options lead to other results.
    let summary = stderr(&scan(&root, &["--out", "reports", "--resume", "--test-mode"]).success());
    assert_eq!(number(&summary, "unchanged, not scanned again"), None);
}

#[test]
fn a_file_of_lines_is_resumed() {
    let root = plugins();
    scan(&root, &["-o", "all.jsonl"]).success();
    let whole = read(&root, "all.jsonl");
    let first = whole.lines().next().unwrap();
    write(&root, "all.jsonl", &format!("{first}\n{{\"schema\":1,\"to"));
    let summary = stderr(&scan(&root, &["-o", "all.jsonl", "--resume"]).success());
    assert_eq!(number(&summary, "unchanged, not scanned again"), Some(1));
    assert_eq!(read(&root, "all.jsonl"), whole);
    fs::remove_dir_all(root.path().join("plugins/gallery")).unwrap();
    write(
        &root,
        "plugins/pay/pay.php",
        "<?php\n/* Plugin Name: Pay */\n",
    );
    scan(&root, &["-o", "all.jsonl", "--resume"]).success();
    let all = lines(&read(&root, "all.jsonl"));
    let names: Vec<&str> = all
        .iter()
        .map(|line| line.unit.unit.name.as_str())
        .collect();
    assert_eq!(names, ["pay", "refunds"]);
    write(&root, "all.jsonl", "{}\n");
    let assert = scan(&root, &["-o", "all.jsonl", "--resume"]).code(2);
    assert!(stderr(&assert).contains("`all.jsonl` cannot be continued: line 1 is no report"));
    assert_eq!(read(&root, "all.jsonl"), "{}\n");
}

#[test]
fn strict_counts_units_that_were_not_scanned_again() {
    let root = plugins();
    let open = "<?php\nfunction f($name, $client) { $c = new \\Stripe\\StripeClient('k'); $c->$name->all(); }\nf($_GET['a'], 1);\n";
    write(&root, "plugins/refunds/open.php", open);
    let arguments = ["--out", "reports", "--resume", "--strict"];
    for _ in 0..2 {
        let assert = scan(&root, &arguments).code(4);
        assert!(
            stderr(&assert).contains("incomplete: 1 of 2 units"),
            "{}",
            stderr(&assert)
        );
    }
}

#[test]
fn usage_that_cannot_work_is_refused() {
    let root = plugins();
    let cases: [(&[&str], &str); 6] = [
        (&["--resume"], "nothing that --resume could continue"),
        (
            &["--resume", "-f", "jsonl"],
            "nothing that --resume could continue",
        ),
        (
            &["--resume", "--out", "r", "-f", "yaml"],
            "nothing that --resume could continue",
        ),
        (&["--resume", "--out", "r", "--keys"], "cannot be used with"),
        (
            &["--out", "r", "-f", "sarif"],
            "--out writes json or yaml, not sarif",
        ),
        (&["--out", "plugins/refunds/refund.php"], "cannot write"),
    ];
    for (arguments, expected) in cases {
        let assert = scan(&root, arguments).code(2);
        assert!(
            stderr(&assert).contains(expected),
            "{arguments:?}: {}",
            stderr(&assert)
        );
    }
    assert!(!Path::new(&root.path().join("r")).exists());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_in_the_result_and_ends_nothing() {
    use std::os::unix::fs::PermissionsExt as _;

    let root = plugins();
    write(&root, "plugins/closed/closed.php", REFUND);
    let closed = root.path().join("plugins/closed");
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    // Nothing is closed to a superuser.
    let is_closed = fs::read_dir(&closed).is_err();
    let assert = scan(&root, &["-f", "jsonl"]).success();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o755)).unwrap();
    let all = lines(&stdout(&assert));
    assert_eq!(all.len(), 3);
    if is_closed {
        assert!(!all[0].unit.complete);
        assert_eq!(all[0].unit.unresolved[0].code, "unreadable-file");
        assert_eq!(number(&stderr(&assert), "incomplete"), Some(1));
    }
}

#[test]
fn a_reader_that_goes_away_ends_the_run() {
    let root = plugins();
    let mut command = std::process::Command::new(assert_cmd::cargo::cargo_bin!("rakscan"));
    command
        .args(["scan", "-q", "-f", "jsonl", "plugins"])
        .current_dir(&root);
    command.stdout(std::process::Stdio::piped());
    let mut child = command.spawn().unwrap();
    drop(child.stdout.take());
    assert!(child.wait().unwrap().success());
}
