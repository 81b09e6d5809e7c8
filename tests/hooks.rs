//! Hooks and examples for continuous integration: what they name is what there is.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, path::Path};

use model::language::Language;

fn read(path: &str) -> String {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns the patterns of files for which the hooks run.
fn patterns() -> Vec<String> {
    let hooks = read(".pre-commit-hooks.yaml");
    let lines = hooks
        .lines()
        .filter(|line| line.contains("files: ") && line.contains('\''));
    lines
        .map(|line| line.split('\'').nth(1).unwrap().to_owned())
        .collect()
}

/// Spells out `[cm]?js` and `pyi?`, as far as our patterns use that.
fn endings(pattern: &str) -> Vec<String> {
    let group = pattern
        .split("\\.(")
        .nth(1)
        .unwrap()
        .split(")$")
        .next()
        .unwrap();
    group
        .split('|')
        .flat_map(|one| {
            if let Some(rest) = one.strip_prefix("[cm]?") {
                vec![rest.to_owned(), format!("c{rest}"), format!("m{rest}")]
            } else if let Some(rest) = one.strip_suffix("i?") {
                vec![rest.to_owned(), format!("{rest}i")]
            } else {
                vec![one.to_owned()]
            }
        })
        .collect()
}

#[test]
fn hooks_run_for_every_language_that_is_scanned() {
    let patterns = patterns();
    assert_eq!(patterns.len(), 2);
    for pattern in patterns {
        let endings = endings(&pattern);
        for extension in Language::ALL.iter().flat_map(|one| one.info().extensions) {
            let has = endings.iter().any(|ending| ending == extension);
            assert!(has, "{extension} is not in {pattern}");
        }
    }
}

#[test]
fn actions_of_others_are_pinned_to_a_commit() {
    for file in ["action.yml", "examples/hooks/github-workflow.yml"] {
        let text = read(file);
        let used = text.lines().filter_map(|line| line.split_once("uses: "));
        for (_, action) in used.filter(|(_, action)| !action.starts_with("rakscan/")) {
            let (action, version) = action.split_once(" # v").expect("a version behind it");
            let (_, commit) = action.split_once('@').unwrap();
            let is_hash = commit.len() == 40 && commit.chars().all(|c| c.is_ascii_hexdigit());
            assert!(is_hash && !version.is_empty(), "{file}: {action}");
        }
    }
}

#[test]
fn scripts_of_the_action_hold_no_expression() {
    let text = read("action.yml");
    for script in text.split("run: |").skip(1) {
        let script = script.split("\n    - ").next().unwrap();
        assert!(!script.contains("${{"), "{script}");
    }
}

#[test]
fn every_version_that_is_named_is_this_one() {
    let version = env!("CARGO_PKG_VERSION");
    let named = [
        (
            "examples/hooks/pre-commit-config.yaml",
            format!("rev: v{version}"),
        ),
        (
            "examples/hooks/gitlab-ci.yml",
            format!("RAKSCAN_VERSION: {version}"),
        ),
        (
            "examples/hooks/github-workflow.yml",
            format!("version: {version}"),
        ),
        ("pre-commit/README.md", format!("rev: v{version}")),
        ("pre-commit/pyproject.toml", format!("rakscan=={version}")),
        (
            "pre-commit/pyproject.toml",
            format!("version = \"{version}\""),
        ),
    ];
    for (file, text) in named {
        assert!(read(file).contains(&text), "{file} does not say {text}");
    }
}
