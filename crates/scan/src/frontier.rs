//! Which files to read that do not mention Stripe themselves: the users of what does, and its bases.
//!
//! Works on names alone, and rather reads a file too many than one too few: what a name really means
//! is for `resolve`. *Users* hold the name of a class, function or module that was read. *Definitions*
//! declare a class or function that was named in what was read. Each round starts from the files of
//! the round before, and there are at most [`MAX_ROUNDS`].

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use model::{
    facts::{ClassRef, Expr, ExprKind, FileFacts, FunctionIndex, FunctionKind},
    language::Language,
};
use rayon::prelude::*;

use crate::{listing::Found, path};

/// How often the frontier moves on.
const MAX_ROUNDS: usize = 3;
/// Names shorter than this are on every page.
const SHORTEST: usize = 5;
/// Names in more files than this, and in more than a quarter of all, say nothing.
const COMMON: usize = 64;
/// Names that say nothing.
const STOP: [&str; 32] = [
    "index",
    "default",
    "utils",
    "types",
    "config",
    "helper",
    "helpers",
    "client",
    "server",
    "handler",
    "service",
    "services",
    "models",
    "model",
    "views",
    "settings",
    "constants",
    "create",
    "update",
    "delete",
    "route",
    "router",
    "routes",
    "schema",
    "activate",
    "install",
    "Admin",
    "Plugin",
    "Settings",
    "__init__",
    "lambda",
    "metadata",
];

/// How a file was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It uses what was read.
    User,
    /// It declares what was named.
    Definition,
}

/// The names that lead from what was read to what was not.
#[derive(Debug, Default)]
pub(crate) struct Frontier {
    round: usize,
    /// Names that users hold.
    used: BTreeSet<String>,
    /// Words of which some may be declared elsewhere.
    named: BTreeSet<String>,
    /// Last parts of module names.
    modules: BTreeSet<String>,
}

impl Frontier {
    /// Begins at the files that talk to Stripe.
    pub(crate) fn of_evidence<'a>(files: impl Iterator<Item = &'a FileFacts>) -> Self {
        let mut frontier = Self::default();
        for facts in files {
            frontier.add_declared(facts);
            frontier.named.extend(words(&facts.source.text));
            frontier.add_modules(facts);
        }
        frontier
    }

    /// Moves on from the files of this round.
    pub(crate) fn beyond<'a>(&self, files: impl Iterator<Item = (&'a FileFacts, Reach)>) -> Self {
        let mut frontier = Self {
            round: self.round + 1,
            ..Self::default()
        };
        for (facts, reach) in files {
            match reach {
                Reach::User => frontier.add_declared(facts),
                Reach::Definition => frontier.add_modules(facts),
            }
            frontier.add_bases(facts);
        }
        frontier
    }

    /// Tells whether there is nowhere to go.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.round >= MAX_ROUNDS
            || (self.used.is_empty() && self.named.is_empty() && self.modules.is_empty())
    }

    /// Says of each file whether it is reached, in their order.
    pub(crate) fn reached(
        &self,
        files: &[Found],
        bytes: impl Fn(&Found) -> Vec<u8> + Sync,
    ) -> Vec<Option<Reach>> {
        let used: Vec<&String> = self.used.iter().collect();
        let Ok(search) = AhoCorasick::new(&used) else {
            return vec![None; files.len()];
        };
        let seen: Vec<(bool, BTreeSet<usize>)> = files
            .par_iter()
            .map(|found| {
                let bytes = bytes(found);
                (self.is_definition(found, &bytes), names_in(&search, &bytes))
            })
            .collect();
        let common = common_names(&seen, used.len());
        seen.iter()
            .map(|(is_definition, names)| {
                if names.iter().any(|name| !common[*name]) {
                    return Some(Reach::User);
                }
                is_definition.then_some(Reach::Definition)
            })
            .collect()
    }

    fn add_declared(&mut self, facts: &FileFacts) {
        let classes = facts.classes.iter().map(|class| &*class.name);
        let functions = facts
            .functions
            .iter()
            .filter(|function| {
                function.kind == FunctionKind::Function
                    && function.class.is_none()
                    && function.parent == Some(FunctionIndex(0))
            })
            .map(|function| &*function.name);
        let exports = facts.exports.iter().map(|export| &*export.name);
        let module = module_name(&facts.source.path, facts.language());
        let names = classes.chain(functions).chain(exports).map(last_part);
        let telling = names.chain(module).filter(|name| is_telling(name));
        self.used.extend(telling.map(str::to_owned));
    }

    fn add_modules(&mut self, facts: &FileFacts) {
        for import in &facts.imports {
            self.modules.insert(module_stem(&import.module).to_owned());
            if let model::facts::ImportItem::Named(name) = &import.item
                && facts.language() == Language::Python
            {
                self.modules.insert(name.to_string());
            }
        }
        if facts.language().is_script() {
            let required = required_modules(&facts.source.text);
            self.modules
                .extend(required.map(|module| module_stem(module).to_owned()));
        }
        self.modules.remove("");
    }

    fn add_bases(&mut self, facts: &FileFacts) {
        for class in &facts.classes {
            let bases = class.bases.iter().filter_map(base_name);
            let mixins = class.mixins.iter().map(|name| &**name);
            self.named
                .extend(bases.chain(mixins).map(|name| last_part(name).to_owned()));
        }
    }

    /// Tells whether a file is a module that was imported, or declares a class or function named.
    fn is_definition(&self, found: &Found, bytes: &[u8]) -> bool {
        let is_php = found.language == Some(Language::Php);
        let stem = match path::stem(&found.path) {
            "index" | "__init__" => path::file_name(path::parent(&found.path)),
            stem => stem,
        };
        (!is_php && self.modules.contains(stem))
            || (!self.named.is_empty()
                && declared_names(bytes).any(|name| self.named.contains(name)))
    }
}

fn is_telling(name: &str) -> bool {
    // What holds the word itself has found all of its users already.
    name.len() >= SHORTEST && !STOP.contains(&name) && !name.to_ascii_lowercase().contains("stripe")
}

/// Returns the name by which others import a file that is a module.
fn module_name(path: &str, language: Language) -> Option<&str> {
    (language == Language::Python || language.is_script()).then(|| path::stem(path))
}

/// Returns the part of a class or function name behind its namespace.
fn last_part(name: &str) -> &str {
    name.rsplit(['\\', '.']).next().unwrap_or(name)
}

/// Returns the last part of a module name, without an extension.
fn module_stem(module: &str) -> &str {
    let last = module.rsplit('/').next().unwrap_or(module);
    let last = [
        ".js", ".ts", ".mjs", ".cjs", ".jsx", ".tsx", ".vue", ".svelte",
    ]
    .iter()
    .find_map(|extension| last.strip_suffix(extension))
    .unwrap_or(last);
    if module.contains('/') {
        last
    } else {
        last.rsplit('.').next().unwrap_or(last)
    }
}

/// Lists what `require('…')` names.
fn required_modules(text: &str) -> impl Iterator<Item = &str> {
    text.split("require(").skip(1).filter_map(|rest| {
        let quote = rest.chars().next().filter(|c| ['"', '\''].contains(c))?;
        rest[1..].split(quote).next()
    })
}

fn base_name(base: &Expr) -> Option<&str> {
    match &base.kind {
        ExprKind::Name(name) | ExprKind::Class(ClassRef::Named(name)) => Some(name),
        ExprKind::Member { property, .. } => Some(property),
        _ => None,
    }
}

/// Lists the identifiers in a text that could be names of classes or functions.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_'))
        .filter(|word| word.len() >= SHORTEST && !word.starts_with(|c: char| c.is_ascii_digit()))
        .map(str::to_owned)
}

/// Lists the classes that a text declares, and the functions that it declares at the left margin.
fn declared_names(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line.get(..200).unwrap_or(line)).ok())
        .filter_map(declared_name)
}

fn declared_name(line: &str) -> Option<&str> {
    let is_at_margin = !line.starts_with([' ', '\t']);
    let mut words = line.split_whitespace().skip_while(|word| {
        [
            "export", "default", "abstract", "final", "readonly", "async", "declare",
        ]
        .contains(word)
    });
    let name = match words.next()? {
        "class" | "trait" | "interface" => words.next()?,
        "function" | "def" if is_at_margin => words.next()?,
        _ => return None,
    };
    let end = name.find(|c: char| !(c.is_alphanumeric() || c == '_'));
    Some(&name[..end.unwrap_or(name.len())]).filter(|name| !name.is_empty())
}

/// Finds which of the names stand in `bytes` as whole words.
fn names_in(search: &AhoCorasick, bytes: &[u8]) -> BTreeSet<usize> {
    let is_word = |byte: Option<&u8>| byte.is_some_and(|b| b.is_ascii_alphanumeric() || *b == b'_');
    search
        .find_overlapping_iter(bytes)
        .filter(|hit| {
            let before = hit.start().checked_sub(1).and_then(|at| bytes.get(at));
            !is_word(before) && !is_word(bytes.get(hit.end()))
        })
        .map(|hit| hit.pattern().as_usize())
        .collect()
}

/// Says of each name whether it stands in so many files that it says nothing.
fn common_names(seen: &[(bool, BTreeSet<usize>)], n_names: usize) -> Vec<bool> {
    let mut counts = vec![0_usize; n_names];
    for name in seen.iter().flat_map(|(_, names)| names) {
        counts[*name] += 1;
    }
    let limit = COMMON.max(seen.len() / 4);
    counts.into_iter().map(|count| count > limit).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_line_by_line() {
        let of = |line| declared_name(line);
        assert_eq!(of("abstract class Gateway extends Base {"), Some("Gateway"));
        assert_eq!(of("\t\tfinal class Inner{"), Some("Inner"));
        assert_eq!(of("function acme_post($url)"), Some("acme_post"));
        assert_eq!(of("    def method(self):"), None);
        assert_eq!(of("export async function send(url) {"), Some("send"));
        assert_eq!(of("// a class of its own"), None);
    }

    #[test]
    fn modules_are_known_by_their_last_part() {
        assert_eq!(module_stem("../lib/billing.js"), "billing");
        assert_eq!(module_stem("@/lib/billing"), "billing");
        assert_eq!(module_stem("..services.billing"), "billing");
        let required: Vec<_> = required_modules("a = require('./x'); require(\"y\")").collect();
        assert_eq!(required, ["./x", "y"]);
    }

    #[test]
    fn names_count_as_whole_words_only() {
        let search = AhoCorasick::new(["Gateway"]).unwrap();
        assert_eq!(names_in(&search, b"new Gateway()").len(), 1);
        assert_eq!(names_in(&search, b"new AcmeGateway()").len(), 0);
    }
}
