//! The examples and the documents: what they show is what the program prints, and what they name exists.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;

const MANIFEST: &str = "stripe-permissions.yaml";

/// Documents whose paths must exist, relative to the folder of the document.
const DOCUMENTS: [&str; 9] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "docs/directories.md",
    "docs/archives.md",
    "examples/README.md",
    "examples/hooks/README.md",
];

/// How a document spells the program.
const PROGRAM: [&str; 2] = ["cargo run --release -- ", "rakscan "];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn read(path: impl AsRef<Path>) -> String {
    let path = root().join(path);
    fs::read_to_string(&path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

fn rakscan<'a>(arguments: impl IntoIterator<Item = &'a str>) -> Command {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    command.current_dir(root()).args(arguments);
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR", "GITHUB_STEP_SUMMARY"] {
        command.env_remove(name);
    }
    command.env("RAKSCAN_CACHE_DIR", "");
    command
}

/// Returns what is printed where there are findings or none.
fn shown(mut command: Command) -> String {
    let assert = command.assert();
    let output = assert.get_output();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn printed(mut command: Command) -> String {
    let assert = command.assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// Lists the folders with a manifest under `dir`, relative to the root.
fn with_manifest(dir: &Path, found: &mut BTreeSet<PathBuf>) {
    for entry in fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            with_manifest(&path, found);
        } else if path.ends_with(MANIFEST) {
            found.insert(dir.strip_prefix(root()).unwrap().to_path_buf());
        }
    }
}

fn examples() -> BTreeSet<PathBuf> {
    let mut found = BTreeSet::new();
    with_manifest(&root().join("examples"), &mut found);
    found
}

/// Returns the repository that an example is one unit of, if it is.
fn repository(example: &Path) -> Option<String> {
    let manifest = read(example.join(MANIFEST));
    let inner = manifest
        .lines()
        .find_map(|line| line.strip_prefix("  path: "))?;
    let root = example.to_str().unwrap().strip_suffix(inner).unwrap();
    Some(root.trim_end_matches('/').to_owned())
}

#[test]
fn every_manifest_is_what_a_scan_prints() {
    for example in examples() {
        let dir = example.to_str().unwrap();
        if let Some(root) = repository(&example) {
            let all = printed(rakscan(["scan", "--units", "--format", "yaml", &root]));
            let manifest = read(example.join(MANIFEST));
            let is_there = all.split("---\n").any(|one| one == manifest);
            assert!(
                is_there,
                "`rakscan scan --units --write {root}` renews {dir}"
            );
            continue;
        }
        let manifest = printed(rakscan(["scan", "--format", "yaml", dir]));
        assert_eq!(
            manifest,
            read(example.join(MANIFEST)),
            "read the difference; `rakscan scan --write {dir}` accepts it"
        );
    }
}

#[test]
fn every_example_has_a_manifest() {
    let examples = examples();
    for entry in fs::read_dir(root().join("examples")).unwrap() {
        let path = entry.unwrap().path();
        // Hooks are settings of other programs, not code.
        if path.is_dir() && !path.ends_with("hooks") {
            let name = path.strip_prefix(root()).unwrap();
            let has = examples.iter().any(|example| example.starts_with(name));
            assert!(has, "{} has no {MANIFEST}", name.display());
        }
    }
}

#[test]
fn the_plugin_is_complete_and_the_script_with_a_dynamic_resource_is_not() {
    let code = |dir| {
        let assert = rakscan(["scan", "--strict", "--quiet", dir]).assert();
        assert.get_output().status.code()
    };
    assert_eq!(code("examples/wordpress-plugin/acme-donations"), Some(0));
    assert_eq!(code("examples/python-service"), Some(0));
    assert_eq!(code("examples/node-service"), Some(4));
}

#[test]
fn the_example_rules_find_the_request_of_a_function_that_is_not_scanned() {
    let code = "<?php acme_request( 'https://api.stripe.com/v1/refunds', ['method' => 'POST'] );";
    let rules = ["--rules", "examples/acme-rules.yaml"];
    let mut command = rakscan(["scan", "-", "--language", "php", "--format", "endpoints"]);
    command.args(rules).write_stdin(code);
    assert_eq!(printed(command), "POST /v1/refunds\n");
}

/// A fenced block of a document.
struct Block<'a> {
    language: &'a str,
    text: &'a str,
}

fn blocks(document: &str) -> Vec<Block<'_>> {
    // Between fences, every other piece is a block.
    document
        .split("```")
        .skip(1)
        .step_by(2)
        .map(|block| {
            let (language, text) = block.split_once('\n').unwrap();
            Block { language, text }
        })
        .collect()
}

#[test]
fn output_in_a_document_is_that_of_the_command_above_it() {
    for document in ["README.md", "docs/directories.md"] {
        compare_output(&read(document));
    }
}

fn compare_output(document: &str) {
    let blocks = blocks(document);
    let mut n_compared = 0;
    for pair in blocks.windows(2) {
        let [command, output] = pair else { continue };
        if command.language != "sh" || output.language != "text" {
            continue;
        }
        let command = command.text.trim_end();
        let arguments = PROGRAM.iter().find_map(|name| command.strip_prefix(name));
        let arguments = arguments.unwrap_or_else(|| panic!("`{command}` is not ours"));
        assert_eq!(
            shown(rakscan(arguments.split(' '))),
            output.text,
            "{command}"
        );
        n_compared += 1;
    }
    let n_outputs = blocks.iter().filter(|b| b.language == "text").count();
    assert_eq!(n_compared, n_outputs, "output without a command above it");
    assert!(n_compared >= 1);
}

#[test]
fn rules_in_the_readme_are_the_example_file() {
    let readme = read("README.md");
    let blocks = blocks(&readme);
    let rules = blocks.iter().find(|block| block.language == "yaml");
    assert_eq!(rules.unwrap().text, read("examples/acme-rules.yaml"));
}

#[test]
fn ci_runs_the_tests_as_the_readme_says() {
    let readme = read("README.md");
    let blocks = blocks(&readme);
    let tests = blocks
        .iter()
        .find(|block| block.text.starts_with("cargo test"));
    let command = tests.unwrap().text;
    assert!(read(".ci/run").contains(&format!("\n{command}")));
}

#[test]
fn every_path_that_a_document_names_exists() {
    let missing: Vec<String> = DOCUMENTS
        .iter()
        .flat_map(|document| {
            let text = read(document);
            let folder = root().join(document).parent().unwrap().to_path_buf();
            // Commands are for the root.
            let exists =
                move |path: &String| folder.join(path).exists() || root().join(path).exists();
            named_paths(&text)
                .into_iter()
                .filter(move |path| !exists(path))
                .map(move |path| format!("{document}: {path}"))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Lists what a document names: targets of links, and paths in code.
fn named_paths(document: &str) -> BTreeSet<String> {
    let links = document
        .split("](")
        .skip(1)
        .filter_map(|rest| Some(rest.split_once(')')?.0))
        .filter(|target| !target.contains("://") && !target.starts_with('#'));
    let prose: String = document.split("```").step_by(2).collect();
    let code: Vec<&str> = prose
        .split('`')
        .skip(1)
        .step_by(2)
        .filter(|code| is_path(code))
        .collect();
    let shell: Vec<&str> = blocks(document)
        .into_iter()
        .filter(|block| block.language == "sh")
        .flat_map(|block| block.text.split_whitespace())
        .filter(|word| is_path(word))
        .collect();
    links.chain(code).chain(shell).map(str::to_owned).collect()
}

/// Tells a path of this repository from other code: it begins as one does, and has no blank.
fn is_path(code: &str) -> bool {
    const TOP: [&str; 8] = [
        ".ci/",
        ".cargo/",
        "crates/",
        "examples/",
        "pre-commit/",
        "rules/",
        "schema/",
        "tests/",
    ];
    let is_name = |c: char| c.is_ascii_alphanumeric() || "./_-".contains(c);
    let extension = Path::new(code).extension().and_then(|end| end.to_str());
    let is_root_file = !code.contains('/') && matches!(extension, Some("md" | "toml"));
    code.chars().all(is_name)
        && (is_root_file || TOP.iter().any(|top| code.starts_with(top)) || code == "examples")
}
