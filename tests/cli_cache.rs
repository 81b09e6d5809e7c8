//! What `check` keeps for the next check, and when it must not be believed.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod program;

use std::{fs, path::PathBuf};

use tempfile::TempDir;

use program::rakscan;

const REFUND: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->refunds->create( [ 'charge' => $id ] );
";

/// Code with its manifest, and a cache of its own.
struct Project {
    code: TempDir,
    cache: TempDir,
}

impl Project {
    fn new() -> Self {
        let (code, cache) = (TempDir::new().unwrap(), TempDir::new().unwrap());
        let project = Self { code, cache };
        project.put("app.php", REFUND);
        let mut write = rakscan(project.code.path(), &["scan", ".", "--write", "-q"]);
        write.assert().success();
        project
    }

    fn put(&self, path: &str, text: &str) {
        fs::write(self.code.path().join(path), text).unwrap();
    }

    /// Checks, and returns the exit code and what was printed.
    fn check(&self, arguments: &[&str]) -> (Option<i32>, String) {
        let arguments = [&["check"], arguments].concat();
        let mut command = rakscan(self.code.path(), &arguments);
        command.env("RAKSCAN_CACHE_DIR", self.cache.path());
        let output = command.output().unwrap();
        (
            output.status.code(),
            String::from_utf8(output.stdout).unwrap(),
        )
    }

    fn entries(&self) -> Vec<PathBuf> {
        let entries = fs::read_dir(self.cache.path()).unwrap();
        let mut all: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
        all.sort();
        all
    }

    /// Returns the one entry.
    fn entry(&self) -> PathBuf {
        let entries = self.entries();
        assert_eq!(entries.len(), 1);
        entries[0].clone()
    }
}

#[test]
fn a_second_check_says_the_same_and_keeps_nothing_more() {
    let project = Project::new();
    let first = project.check(&[]);
    assert_eq!(first.0, Some(0));
    let kept = fs::read(project.entry()).unwrap();
    assert_eq!(project.check(&[]), first);
    assert_eq!(project.check(&["--threads", "1"]), first);
    assert_eq!(fs::read(project.entry()).unwrap(), kept);
}

#[test]
fn code_that_changed_or_came_is_read() {
    let project = Project::new();
    project.check(&[]);
    let more = format!("{REFUND}$stripe->prices->all();\n");
    project.put("app.php", &more);
    let (code, said) = project.check(&[]);
    assert!(code == Some(1) && said.contains("plan_read"), "{said}");
    project.put("app.php", REFUND);
    assert_eq!(project.check(&[]).0, Some(0));
    project.put("more.php", &more);
    assert_eq!(project.check(&[]).0, Some(1));
}

#[test]
fn configuration_options_and_rules_count() {
    let project = Project::new();
    project.check(&[]);
    project.put("rakscan.yaml", "ignore:\n  - app.php\n");
    assert_ne!(project.check(&[]).0, Some(0));
    assert_eq!(project.check(&["--no-config"]).0, Some(0));
    fs::remove_file(project.code.path().join("rakscan.yaml")).unwrap();
    project.put(
        "rules.yml",
        "endpoints:\n  - { endpoint: POST /v1/refunds, permission: none, source: us }\n",
    );
    let (code, said) = project.check(&["--rules", "rules.yml"]);
    assert_eq!(code, Some(1), "{said}");
    assert_eq!(project.check(&[]).0, Some(0));
}

#[test]
fn a_damaged_entry_is_as_good_as_none() {
    let project = Project::new();
    let first = project.check(&[]);
    let entry = project.entry();
    let whole = fs::read(&entry).unwrap();
    let text = String::from_utf8(whole.clone()).unwrap();
    let other = text.replace("charge_write", "charge_read_");
    assert_ne!(other, text);
    for damaged in [
        &whole[..whole.len() / 2],
        b"",
        b"\xFF\xFE\n{}",
        other.as_bytes(),
    ] {
        fs::write(&entry, damaged).unwrap();
        assert_eq!(project.check(&[]), first);
        assert_eq!(fs::read(&entry).unwrap(), whole);
    }
}

#[test]
fn entries_of_another_program_are_not_found() {
    let project = Project::new();
    let first = project.check(&[]);
    let copy = project.cache.path().join("other-program");
    fs::copy(assert_cmd::cargo::cargo_bin("rakscan"), &copy).unwrap();
    let mut other = assert_cmd::Command::new(&copy);
    other.arg("check").current_dir(project.code.path());
    other.env("RAKSCAN_CACHE_DIR", project.cache.path());
    other.assert().success().stdout(first.1);
    // The program, its entry, and that of the first.
    assert_eq!(project.entries().len(), 3);
}

#[test]
fn nothing_is_kept_where_nobody_wants_it_or_it_cannot_be() {
    let project = Project::new();
    let first = project.check(&["--no-cache"]);
    assert_eq!(first.0, Some(0));
    assert!(project.entries().is_empty());
    let file = project.cache.path().join("file");
    fs::write(&file, "").unwrap();
    for folder in [
        file.join("below"),
        PathBuf::from("relative"),
        PathBuf::new(),
    ] {
        let mut command = rakscan(project.code.path(), &["check"]);
        command.env("RAKSCAN_CACHE_DIR", folder);
        command.assert().success().stdout(first.1.clone());
    }
    assert!(!project.code.path().join("relative").exists());
}

#[test]
fn what_is_open_still_fails_a_strict_check() {
    let project = Project::new();
    project.put(
        "app.php",
        &format!("{REFUND}$stripe->{{$_GET['what']}}->all();\n"),
    );
    let mut write = rakscan(project.code.path(), &["scan", ".", "--write", "-q"]);
    write.assert().success();
    for _ in 0..2 {
        assert_eq!(project.check(&["--strict"]).0, Some(4));
    }
}

#[test]
fn fixing_reads_the_code() {
    let project = Project::new();
    project.put("app.php", &format!("{REFUND}$stripe->prices->all();\n"));
    assert_eq!(project.check(&[]).0, Some(1));
    assert_eq!(project.check(&["--fix"]).0, Some(0));
    assert_eq!(project.check(&["--exact"]).0, Some(0));
}
