//! Files that say what a package is called, needs and maps: known by their names.

use std::collections::BTreeSet;

use model::Name;

use crate::{path, place::Place};

const NAMES: [&str; 19] = [
    "package.json",
    "package-lock.json",
    "npm-shrinkwrap.json",
    "yarn.lock",
    "pnpm-lock.yaml",
    "bun.lock",
    "composer.json",
    "composer.lock",
    "scoper.inc.php",
    "pyproject.toml",
    "poetry.lock",
    "uv.lock",
    "pdm.lock",
    "Pipfile",
    "Pipfile.lock",
    "setup.py",
    "setup.cfg",
    "jsconfig.json",
    "tsconfig.json",
];

/// Tells whether the file at `path` is one of them.
pub(crate) fn is_one(path: &str) -> bool {
    let name = path::file_name(path);
    NAMES.contains(&name) || is_requirements(path) || is_compiler_file(name) || is_framework(name)
}

/// Tells whether the file lists requirements for `pip`.
pub(crate) fn is_requirements(path: &str) -> bool {
    let name = path::file_name(path);
    let folder = path::file_name(path::parent(path));
    path::extension(name) == "txt" && (name.contains("requirements") || folder == "requirements")
}

/// Lists the folders with a package file for Python.
pub(crate) fn python_roots(files: &[(Name, Place)]) -> Vec<Name> {
    let of_python = |name| ["pyproject.toml", "setup.py", "setup.cfg"].contains(&name);
    let dirs: BTreeSet<Name> = files
        .iter()
        .filter(|(path, _)| of_python(path::file_name(path)))
        .map(|(path, _)| path::parent(path).into())
        .collect();
    dirs.into_iter().collect()
}

/// Tells whether the file configures the TypeScript compiler.
pub(crate) fn is_compiler_file(name: &str) -> bool {
    name == "jsconfig.json" || (name.starts_with("tsconfig") && path::extension(name) == "json")
}

/// Tells whether the file configures a framework that brings its own aliases.
pub(crate) fn is_framework(name: &str) -> bool {
    ["svelte", "nuxt"].contains(&name.split('.').next().unwrap_or_default())
        && path::stem(name).ends_with(".config")
}
