//! The packages of a JavaScript workspace: which file an import of a package means.

use std::collections::BTreeSet;

use model::{Name, unit::Package};
use serde_json::Value;

use crate::{disk, json, path, place::Place};

/// Fields of `package.json` that name the file behind the package itself, best first.
const ENTRIES: [&str; 6] = ["source", "module", "main", "svelte", "types", "typings"];
/// What stands behind a package that says nothing.
const GUESSES: [&str; 6] = [
    "index.ts",
    "index.tsx",
    "index.js",
    "src/index.ts",
    "src/index.tsx",
    "src/index.js",
];
/// Folders of built files whose sources lie in `src`.
const BUILT: [&str; 5] = ["dist", "build", "lib", "out", "esm"];

/// Reads every `package.json` of a unit.
pub(crate) fn packages(files: &[(Name, Place)]) -> Vec<Package> {
    files
        .iter()
        .filter(|(path, _)| path::file_name(path) == "package.json")
        .filter_map(|(path, disk)| {
            let value = json::parse(&disk::text(disk)?)?;
            Some(package(path::parent(path), &value))
        })
        .collect()
}

fn package(dir: &str, value: &Value) -> Package {
    Package {
        dir: dir.into(),
        name: json::text(value, &["name"]).map(Into::into),
        exports: exports(value),
        imports: value
            .get("imports")
            .map(|imports| with_sources(targets(imports)))
            .unwrap_or_default(),
        dependencies: dependencies(value),
    }
}

fn exports(value: &Value) -> Vec<(Name, Name)> {
    let declared = value.get("exports").map(targets).unwrap_or_default();
    let is_open = declared.is_empty();
    let entries = ENTRIES
        .iter()
        .filter_map(|field| json::text(value, &[field]))
        .map(|file| (".".to_owned(), file.to_owned()));
    let mut all = with_sources(declared.into_iter().chain(entries).collect());
    for guess in GUESSES {
        push(&mut all, ".", guess);
    }
    if is_open {
        push(&mut all, "./*", "*");
    }
    all
}

/// Lists every sub-path and each file that one of its conditions names, in order.
fn targets(value: &Value) -> Vec<(String, String)> {
    let mut found = Vec::new();
    match value.as_object() {
        Some(map) if map.keys().all(|key| key.starts_with(['.', '#'])) => {
            for (key, value) in map {
                leaves(key, value, &mut found);
            }
        }
        _ => leaves(".", value, &mut found),
    }
    found
}

fn leaves(key: &str, value: &Value, found: &mut Vec<(String, String)>) {
    match value {
        Value::String(file) => found.push((key.to_owned(), file.clone())),
        Value::Array(values) => values.iter().for_each(|value| leaves(key, value, found)),
        Value::Object(map) => map.values().for_each(|value| leaves(key, value, found)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// Puts behind each built file the source that it is likely built from.
fn with_sources(targets: Vec<(String, String)>) -> Vec<(Name, Name)> {
    let mut all = Vec::new();
    for (key, file) in targets {
        let file = file.trim_start_matches("./");
        if !file.contains(".d.") {
            push(&mut all, &key, file);
        }
        let Some((folder, rest)) = file.split_once('/') else {
            continue;
        };
        if BUILT.contains(&folder) {
            let stem = without_extension(rest);
            for extension in ["ts", "tsx", "js"] {
                push(&mut all, &key, &format!("src/{stem}.{extension}"));
            }
        }
    }
    all
}

fn without_extension(file: &str) -> &str {
    [".d.ts", ".d.mts", ".d.cts", ".js", ".mjs", ".cjs", ".ts"]
        .iter()
        .find_map(|extension| file.strip_suffix(extension))
        .unwrap_or(file)
}

fn push(all: &mut Vec<(Name, Name)>, key: &str, file: &str) {
    let pair = (Name::from(key), Name::from(file));
    if !all.contains(&pair) {
        all.push(pair);
    }
}

fn dependencies(value: &Value) -> Vec<Name> {
    let names: BTreeSet<&String> = [
        "dependencies",
        "devDependencies",
        "peerDependencies",
        "optionalDependencies",
    ]
    .iter()
    .filter_map(|section| value.get(section)?.as_object())
    .flat_map(|section| section.keys())
    .collect();
    names.into_iter().map(|name| name.as_str().into()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn exports_of(text: &str) -> Vec<(String, String)> {
        package("", &json::parse(text).unwrap())
            .exports
            .iter()
            .map(|(key, file)| (key.to_string(), file.to_string()))
            .collect()
    }

    #[test]
    fn conditions_are_flattened_and_sources_guessed() {
        let exports = exports_of(
            r#"{"exports":{".":{"types":"./dist/index.d.ts","import":"./dist/index.mjs"},"./x/*":"./src/x/*.ts"}}"#,
        );
        let has = |key: &str, file: &str| exports.contains(&(key.to_owned(), file.to_owned()));
        assert!(has(".", "dist/index.mjs") && has(".", "src/index.ts"));
        assert!(has("./x/*", "src/x/*.ts"));
        assert!(!has(".", "dist/index.d.ts") && !has("./*", "*"));
    }

    #[test]
    fn a_package_without_exports_is_open() {
        let exports = exports_of(r#"{"main":"./lib/main.js"}"#);
        assert_eq!(exports[0], (".".to_owned(), "lib/main.js".to_owned()));
        assert_eq!(exports.last().unwrap().0, "./*");
    }
}
