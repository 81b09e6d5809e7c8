//! Which files the imports of a script or Python file may mean, read from its text alone.
//!
//! Cheap, and for choosing files only: what an import really means is for `resolve`.

use std::collections::{BTreeMap, BTreeSet};

use aho_corasick::AhoCorasick;
use model::language::Language;

use crate::path;

/// A file as others import it: its path without extension, `index` and `__init__`.
pub(crate) fn module_of(path: &str) -> &str {
    let dir = path::parent(path);
    let stem = path::stem(path::file_name(path));
    if matches!(stem, "index" | "__init__") {
        return dir;
    }
    let end = path.len() - path::file_name(path).len() + stem.len();
    &path[..end]
}

/// Modules by name, for asking whether something refers to one of them.
#[derive(Debug, Default)]
pub(crate) struct Modules {
    all: BTreeSet<String>,
    by_last: BTreeMap<String, Vec<String>>,
}

/// What an import names.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Reference {
    /// This module.
    Exact(String),
    /// A module whose path ends like this.
    Suffix(String),
}

impl Modules {
    /// Adds a module by its path.
    pub(crate) fn add(&mut self, module: &str) {
        if !module.is_empty() && self.all.insert(module.to_owned()) {
            let last = path::file_name(module).to_owned();
            self.by_last
                .entry(last)
                .or_default()
                .push(module.to_owned());
        }
    }

    /// Tells whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.all.is_empty()
    }

    /// Tells whether `reference` may mean one of them.
    pub(crate) fn has(&self, reference: &Reference) -> bool {
        match reference {
            Reference::Exact(module) => self.all.contains(module),
            Reference::Suffix(suffix) => self
                .by_last
                .get(path::file_name(suffix))
                .is_some_and(|modules| modules.iter().any(|module| ends_with(module, suffix))),
        }
    }
}

/// References by the last part of what they name, for asking whether they mean a file.
#[derive(Debug, Default)]
pub(crate) struct References {
    exact: BTreeSet<String>,
    by_last: BTreeMap<String, Vec<String>>,
}

impl References {
    /// Adds a reference.
    pub(crate) fn add(&mut self, reference: Reference) {
        match reference {
            Reference::Exact(module) => {
                self.exact.insert(module);
            }
            Reference::Suffix(suffix) => {
                let last = path::file_name(&suffix).to_owned();
                self.by_last.entry(last).or_default().push(suffix);
            }
        }
    }

    /// Tells whether there is none.
    pub(crate) fn is_empty(&self) -> bool {
        self.exact.is_empty() && self.by_last.is_empty()
    }

    /// Tells whether one of them may mean `module`.
    pub(crate) fn mean(&self, module: &str) -> bool {
        self.exact.contains(module)
            || self
                .by_last
                .get(path::file_name(module))
                .is_some_and(|suffixes| suffixes.iter().any(|suffix| ends_with(module, suffix)))
    }
}

fn ends_with(module: &str, suffix: &str) -> bool {
    module
        .strip_suffix(suffix)
        .is_some_and(|rest| rest.is_empty() || rest.ends_with('/'))
}

/// Lists what the file at `path` imports.
pub(crate) fn references(path: &str, language: Language, bytes: &[u8]) -> Vec<Reference> {
    match language {
        Language::Php => Vec::new(),
        Language::Python => python(path, bytes),
        Language::JavaScript | Language::TypeScript | Language::Tsx => script(path, bytes),
    }
}

/// Lists the names of modules that a text imports, as they are written.
pub(crate) fn modules_in(language: Language, text: &str) -> Vec<String> {
    match language {
        Language::Php => Vec::new(),
        Language::Python => python_modules(text),
        Language::JavaScript | Language::TypeScript | Language::Tsx => script_modules(text),
    }
}

fn script_modules(text: &str) -> Vec<String> {
    let Ok(search) = AhoCorasick::new(["from", "import", "require"]) else {
        return Vec::new();
    };
    search
        .find_iter(text)
        .filter_map(|hit| quoted_after(text.as_bytes().get(hit.end()..)?))
        .map(str::to_owned)
        .collect()
}

fn python_modules(text: &str) -> Vec<String> {
    let mut all = Vec::new();
    for (at, line) in text.match_indices("import") {
        let start = text[..at].rfind('\n').map_or(0, |end| end + 1);
        let before = text.get(start..at).unwrap_or_default().trim();
        let after = text.get(at + line.len()..).unwrap_or_default();
        let end = if after.trim_start().starts_with('(') {
            ')'
        } else {
            '\n'
        };
        let names = after.split(end).next().unwrap_or_default();
        let names = names.split([',', '(', '\\', '\n']);
        let names = names.filter_map(|name| name.split_whitespace().next());
        if before.is_empty() {
            all.extend(names.map(str::to_owned));
        } else if let Some(module) = before.strip_prefix("from ") {
            let module = module.trim();
            all.push(module.to_owned());
            all.extend(names.map(|name| format!("{}.{name}", module.trim_end_matches('.'))));
        }
    }
    all
}

/// Says what a module name means in the file at `path`.
pub(crate) fn of_module(path: &str, language: Language, module: &str) -> Option<Reference> {
    match language {
        Language::Php => None,
        Language::Python => python_reference(path, module),
        Language::JavaScript | Language::TypeScript | Language::Tsx => {
            script_reference(path, module)
        }
    }
}

fn script(path: &str, bytes: &[u8]) -> Vec<Reference> {
    let Ok(search) = AhoCorasick::new(["from", "import", "require"]) else {
        return Vec::new();
    };
    search
        .find_iter(bytes)
        .filter_map(|hit| quoted_after(bytes.get(hit.end()..)?))
        .filter_map(|module| script_reference(path, module))
        .collect()
}

/// Reads the string that follows, behind spaces and a parenthesis at most.
fn quoted_after(bytes: &[u8]) -> Option<&str> {
    let bytes = bytes.trim_ascii_start();
    let bytes = bytes.strip_prefix(b"(").unwrap_or(bytes).trim_ascii_start();
    let quote = *bytes
        .first()
        .filter(|byte| matches!(byte, b'\'' | b'"' | b'`'))?;
    let end = memchr::memchr(quote, bytes.get(1..)?)?;
    std::str::from_utf8(bytes.get(1..=end)?).ok()
}

fn script_reference(from: &str, module: &str) -> Option<Reference> {
    let extension = path::extension(module);
    let is_known = Language::from_path(std::path::Path::new(module)).is_some();
    let module = if is_known {
        &module[..module.len() - extension.len() - 1]
    } else {
        module
    };
    if module.starts_with('.') {
        let joined = path::join(path::parent(from), module)?;
        let joined = joined.strip_suffix("/index").unwrap_or(&joined);
        return Some(Reference::Exact(joined.to_owned()));
    }
    let (first, rest) = module.split_once('/')?;
    let rest = rest.strip_suffix("/index").unwrap_or(rest);
    let is_alias = matches!(first, "@" | "~" | "~~" | "@@" | "src" | "app" | "#");
    (is_alias || rest.contains('/')).then(|| Reference::Suffix(rest.to_owned()))
}

fn python(path: &str, bytes: &[u8]) -> Vec<Reference> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line.trim_ascii_start()).ok())
        .flat_map(|line| python_line(path, line))
        .collect()
}

fn python_line(path: &str, line: &str) -> Vec<Reference> {
    if let Some(rest) = line.strip_prefix("from ") {
        let (module, names) = rest.split_once(" import").unwrap_or((rest, ""));
        let whole = python_reference(path, module.trim());
        let parts = names
            .split([',', '(', ')', '\\'])
            .filter_map(|name| name.split_whitespace().next())
            .filter_map(|name| within(whole.as_ref()?, name));
        return parts.chain(whole.clone()).collect();
    }
    let Some(rest) = line.strip_prefix("import ") else {
        return Vec::new();
    };
    rest.split(',')
        .filter_map(|name| python_reference(path, name.split_whitespace().next()?))
        .collect()
}

fn within(reference: &Reference, name: &str) -> Option<Reference> {
    Some(match reference {
        Reference::Exact(module) => Reference::Exact(path::join(module, name)?),
        Reference::Suffix(suffix) => Reference::Suffix(path::join(suffix, name)?),
    })
}

fn python_reference(from: &str, module: &str) -> Option<Reference> {
    let name = module.trim_start_matches('.');
    let below = name.replace('.', "/");
    match module.len() - name.len() {
        0 if name.contains('.') => Some(Reference::Suffix(below)),
        0 => Some(Reference::Exact(path::join(path::parent(from), &below)?)),
        n_dots => {
            let up = "../".repeat(n_dots - 1);
            Some(Reference::Exact(path::join(
                path::parent(from),
                &(up + &below),
            )?))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn means(from: &str, language: Language, code: &str, module: &str) -> bool {
        let mut modules = Modules::default();
        modules.add(module);
        let mut all = References::default();
        let found = references(from, language, code.as_bytes());
        let has = found.iter().any(|reference| modules.has(reference));
        for reference in found {
            all.add(reference);
        }
        assert_eq!(has, all.mean(module));
        has
    }

    #[test]
    fn imports_of_scripts_are_followed_to_files() {
        let of = |code, module| means("src/app/a.ts", Language::TypeScript, code, module);
        assert!(of(
            "import { x } from '../lib/billing.js'",
            "src/lib/billing"
        ));
        assert!(of("export * from \"./b\"", "src/app/b"));
        assert!(of("const b = require('./b/index')", "src/app/b"));
        assert!(of("await import('@/lib/billing')", "src/lib/billing"));
        assert!(!of("import x from 'billing'", "src/lib/billing"));
        assert!(!of("import x from '../billing'", "src/lib/billing"));
    }

    #[test]
    fn imports_of_python_are_followed_to_files() {
        let of = |code, module| means("shop/views/pay.py", Language::Python, code, module);
        assert!(of(
            "from ..services import billing as b, x",
            "shop/services/billing"
        ));
        assert!(of(
            "  from shop.services.billing import charge",
            "shop/services/billing"
        ));
        assert!(of(
            "import shop.services.billing",
            "src/shop/services/billing"
        ));
        assert!(of("from . import helper", "shop/views/helper"));
        assert!(!of("from billing import x", "shop/services/billing"));
    }

    #[test]
    fn a_file_is_called_as_others_import_it() {
        assert_eq!(module_of("a/b.test.ts"), "a/b.test");
        assert_eq!(module_of("a/index.ts"), "a");
        assert_eq!(module_of("__init__.py"), "");
    }
}
