//! The command line: help, exit codes, streams and colour. What a scan finds is tested elsewhere.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, io::Read as _, process::Stdio};

use assert_cmd::{Command, assert::Assert, cargo::cargo_bin};
use tempfile::TempDir;

/// Variables that change what is printed.
const COLOUR: [&str; 5] = [
    "NO_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "FORCE_COLOR",
    "TERM",
];

fn rakscan(arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    for name in COLOUR {
        command.env_remove(name);
    }
    command.args(arguments);
    command
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// A folder without a source file.
fn nothing() -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("notes.txt"), "Stripe").unwrap();
    folder
}

#[test]
fn without_arguments_the_short_help_is_an_error() {
    let assert = rakscan(&[]).assert().code(2);
    assert_eq!(stdout(&assert), "");
    assert!(stderr(&assert).contains("Usage: rakscan"));
    assert!(!stderr(&assert).contains("Exit codes:"));
}

#[test]
fn help_ends_in_examples_and_exit_codes() {
    for arguments in [&["--help"][..], &["scan", "--help"]] {
        let help = stdout(&rakscan(arguments).assert().success());
        for heading in [
            "What is scanned:",
            "What is printed:",
            "How it runs:",
            "Examples:",
            "Exit codes:",
        ] {
            assert!(help.contains(heading), "{heading} in {help}");
        }
    }
}

#[test]
fn help_names_every_format_and_language() {
    let help = stdout(&rakscan(&["--help"]).assert().success());
    for format in report::Format::ALL {
        assert!(help.contains(&format!("- {}:", format.id())));
    }
    for language in model::language::Language::ALL {
        assert!(help.contains(language.info().id));
    }
}

#[test]
fn version_is_printed() {
    let version = stdout(&rakscan(&["--version"]).assert().success());
    assert_eq!(
        version,
        concat!("rakscan ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn wrong_usage_exits_with_2() {
    for arguments in [
        &["--format", "tables", "."][..],
        &["--max-file-size", "big", "."],
        &["--threads", "0", "."],
        &["--language", "cobol", "-"],
        &["--write", "--output", "x", "."],
        &["--quiet", "--verbose", "."],
        &["completions", "tcsh"],
        &["rules"],
        &["explain"],
    ] {
        let assert = rakscan(arguments).assert().code(2);
        assert_eq!(stdout(&assert), "", "{arguments:?}");
        assert_ne!(stderr(&assert), "", "{arguments:?}");
    }
}

#[test]
fn every_missing_path_is_named() {
    let assert = rakscan(&["no/such", ".", "nor/this"]).assert().code(2);
    assert_eq!(stdout(&assert), "");
    assert_eq!(
        stderr(&assert),
        "error: no such file or directory: `no/such`, `nor/this`\n  \
         help: check the spelling; nothing was scanned\n"
    );
}

#[test]
fn nothing_to_scan_exits_with_3() {
    let folder = nothing();
    for arguments in [
        &["."][..],
        &["scan"],
        &["scan", "."],
        &["--format", "json", "scan", "."],
    ] {
        let assert = rakscan(arguments).current_dir(&folder).assert().code(3);
        assert_eq!(stdout(&assert), "");
        assert!(
            stderr(&assert).starts_with("error: there is no source file in a supported language\n")
        );
    }
}

#[cfg(unix)]
#[test]
fn an_unreadable_path_exits_with_2() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = nothing();
    let file = folder.path().join("secret.php");
    fs::write(&file, "<?php").unwrap();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o000)).unwrap();
    if fs::read(&file).is_ok() {
        return; // The administrator reads everything.
    }
    let assert = rakscan(&["secret.php"])
        .current_dir(&folder)
        .assert()
        .code(2);
    assert!(stderr(&assert).starts_with("error: cannot read `secret.php`\n  because: "));
}

#[test]
fn standard_input_needs_a_language() {
    let assert = rakscan(&["-"]).write_stdin("x").assert().code(2);
    assert!(stderr(&assert).contains("cannot tell which language"));
    let assert = rakscan(&["-", "--stdin-name", "a.txt"])
        .write_stdin("x")
        .assert()
        .code(2);
    assert!(stderr(&assert).contains("help: name it with --language"));
}

#[test]
fn standard_input_is_scanned_alone() {
    let assert = rakscan(&["-", ".", "--language", "php"])
        .write_stdin("x")
        .assert()
        .code(2);
    assert!(stderr(&assert).contains("cannot be scanned together with other paths"));
}

#[test]
fn a_list_of_files_is_read_by_line_or_nul() {
    for list in ["a.php\r\n\nb.php\n", "a.php\0b.php\0"] {
        let assert = rakscan(&["--files-from", "-"])
            .write_stdin(list)
            .assert()
            .code(2);
        assert!(
            stderr(&assert).contains("directory: `a.php`, `b.php`\n"),
            "{}",
            stderr(&assert)
        );
    }
}

#[test]
fn an_empty_list_of_files_is_nothing_to_scan() {
    rakscan(&["--files-from", "-"])
        .write_stdin("")
        .assert()
        .code(3);
    let assert = rakscan(&["--files-from", "no-list"]).assert().code(2);
    assert!(stderr(&assert).contains("`no-list`"));
}

#[test]
fn a_missing_rule_file_prints_no_result() {
    for arguments in [
        &["--rules", "none.yaml", "."][..],
        &["rules", "list", "--rules", "none.yaml"],
    ] {
        let assert = rakscan(arguments).assert().code(2);
        assert_eq!(stdout(&assert), "");
        assert!(stderr(&assert).contains("`none.yaml`"));
    }
}

#[test]
fn a_broken_rule_file_prints_no_result() {
    let folder = nothing();
    fs::write(folder.path().join("rules.yaml"), "- endpoint: [\n").unwrap();
    let assert = rakscan(&["--rules", "rules.yaml", "."])
        .current_dir(&folder)
        .assert()
        .code(2);
    assert_eq!(stdout(&assert), "");
    assert!(stderr(&assert).contains("rules.yaml"));
}

#[test]
fn a_diagnostic_code_is_explained() {
    for code in model::diagnostic::Code::ALL {
        let page = stdout(&rakscan(&["explain", code.id()]).assert().success());
        assert!(page.starts_with(&format!("{}\n  ", code.id())));
    }
}

#[test]
fn an_unknown_subject_gets_suggestions() {
    let assert = rakscan(&["explain", "dynamic-operatoin"]).assert().code(2);
    assert_eq!(
        stderr(&assert),
        "error: nothing is known of `dynamic-operatoin`\n  help: try `dynamic-operation`\n"
    );
    let assert = rakscan(&["explain", "x", "y"]).assert().code(2);
    assert!(stderr(&assert).contains("nothing is known of `x y`"));
}

#[test]
fn a_pipe_gets_no_colour_unless_asked_for() {
    let explain = ["explain", "dynamic-operation"];
    let has_colour = |command: &mut Command| stdout(&command.assert().success()).contains('\u{1b}');
    assert!(!has_colour(&mut rakscan(&explain)));
    assert!(!has_colour(rakscan(&explain).env("NO_COLOR", "1")));
    assert!(!has_colour(
        rakscan(&explain)
            .env("NO_COLOR", "1")
            .env("FORCE_COLOR", "1")
    ));
    assert!(!has_colour(rakscan(&explain).env("FORCE_COLOR", "0")));
    assert!(!has_colour(
        rakscan(&explain)
            .env("FORCE_COLOR", "1")
            .arg("--color=never")
    ));
    assert!(has_colour(rakscan(&explain).env("FORCE_COLOR", "1")));
    assert!(has_colour(rakscan(&explain).env("CLICOLOR_FORCE", "1")));
    assert!(has_colour(
        rakscan(&explain).env("NO_COLOR", "1").arg("--color=always")
    ));
}

#[test]
fn errors_in_a_pipe_have_no_colour() {
    let assert = rakscan(&["no/such"]).assert().code(2);
    assert!(!stderr(&assert).contains('\u{1b}'));
    let assert = rakscan(&["no/such", "--color=always"]).assert().code(2);
    assert!(stderr(&assert).contains('\u{1b}'));
}

#[test]
fn what_is_typed_cannot_control_the_terminal() {
    let assert = rakscan(&["no/\u{1b}[2J\u{202e}such"]).assert().code(2);
    assert!(stderr(&assert).contains(r"`no/\u{1b}[2J\u{202e}such`"));
}

#[test]
fn every_shell_gets_completions() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let script = stdout(&rakscan(&["completions", shell]).assert().success());
        assert!(
            script.contains("rakscan") && script.contains("files-from"),
            "{shell}"
        );
    }
}

#[test]
fn a_reader_that_goes_away_is_no_failure() {
    let mut child = std::process::Command::new(cargo_bin("rakscan"))
        .args(["completions", "bash"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let status = child.wait().unwrap();
    let mut talk = String::new();
    child
        .stderr
        .take()
        .unwrap()
        .read_to_string(&mut talk)
        .unwrap();
    assert_eq!((status.code(), talk.as_str()), (Some(0), ""));
}
