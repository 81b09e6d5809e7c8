//! The examples and the documents: what they show is what the program prints, and what they name exists.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;

const MANIFEST: &str = "stripe-permissions.yaml";

/// Documents whose paths must exist, relative to the folder of the document; all in `docs` are too.
const DOCUMENTS: [&str; 7] = [
    "README.md",
    "ARCHITECTURE.md",
    "CONTRIBUTING.md",
    "CHANGELOG.md",
    "SECURITY.md",
    "examples/README.md",
    "examples/hooks/README.md",
];

/// How a document spells the program.
const PROGRAM: [&str; 2] = ["cargo run --release -- ", "rakscan "];

/// Lists the pages in `docs`.
fn pages() -> Vec<String> {
    let entries = fs::read_dir(root().join("docs")).unwrap();
    let names = entries.map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut pages: Vec<String> = names.map(|name| format!("docs/{name}")).collect();
    pages.sort();
    assert!(
        pages
            .iter()
            .all(|page| Path::new(page).extension().is_some_and(|end| end == "md"))
    );
    pages
}

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
    let n_compared = |document: &str| compare_output(&read(document));
    assert!(n_compared("README.md") >= 1);
    let on_pages: usize = pages().iter().map(|page| n_compared(page)).sum();
    assert!(on_pages >= 1);
}

/// Returns how many outputs there are.
fn compare_output(document: &str) -> usize {
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
    n_compared
}

#[test]
fn settings_in_the_documents_are_the_example_files() {
    let page = read("docs/configuration.md");
    let blocks = blocks(&page);
    let yaml = blocks.iter().filter(|block| block.language == "yaml");
    let shown: Vec<&str> = yaml.map(|block| block.text).collect();
    let files = ["examples/acme-rakscan.yaml", "examples/acme-rules.yaml"];
    assert_eq!(shown, files.map(read));
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
    let documents = DOCUMENTS.map(str::to_owned).into_iter().chain(pages());
    let missing: Vec<String> = documents
        .flat_map(|document| {
            let text = read(&document);
            let folder = root().join(&document).parent().unwrap().to_path_buf();
            // Commands are for the root.
            let exists = |path: &str| folder.join(path).exists() || root().join(path).exists();
            let links = links(&text)
                .into_iter()
                .filter(|link| !leads(&folder, link));
            let code = named_paths(&text).into_iter().filter(|path| !exists(path));
            let missing: Vec<String> = links.map(str::to_owned).chain(code).collect();
            missing
                .into_iter()
                .map(move |path| format!("{document}: {path}"))
        })
        .collect();
    assert!(missing.is_empty(), "{missing:#?}");
}

/// Lists the targets of links to what is in this repository.
fn links(document: &str) -> Vec<&str> {
    let prose = document.split("```").step_by(2);
    prose
        .flat_map(|piece| piece.split("](").skip(1))
        .filter_map(|rest| Some(rest.split_once(')')?.0))
        .filter(|target| !target.contains("://") && !target.starts_with('#'))
        .collect()
}

/// Tells whether a link on a page in `folder` leads to a file, and to a heading in it if it names one.
fn leads(folder: &Path, link: &str) -> bool {
    let (path, heading) = link.split_once('#').unwrap_or((link, ""));
    let path = folder.join(path);
    path.exists() && (heading.is_empty() || anchors(&read(path)).contains(heading))
}

/// Lists the names that headings have in links.
fn anchors(document: &str) -> BTreeSet<String> {
    let headings = document.lines().filter(|line| line.starts_with('#'));
    headings
        .map(|line| {
            let text = line.trim_start_matches('#').trim().to_lowercase();
            let kept = text
                .chars()
                .filter(|c| c.is_alphanumeric() || " -_".contains(*c));
            kept.map(|c| if c == ' ' { '-' } else { c }).collect()
        })
        .collect()
}

/// Lists the paths in the code of a document.
fn named_paths(document: &str) -> BTreeSet<String> {
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
    code.into_iter().chain(shell).map(str::to_owned).collect()
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
