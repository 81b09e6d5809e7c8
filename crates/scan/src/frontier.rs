//! Which files to read that do not mention Stripe themselves: the users of what does, and its bases.
//!
//! Works on names alone, and rather reads a file too many than one too few: what a name really means
//! is for `resolve`. *Users* hold the name of a class or function that was read, or import its file.
//! *Definitions* declare a PHP class or function that was named in what was read, or are files that it
//! imports. Each round starts from the files of the round before and asks for more than that one did.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use model::{
    facts::{Class, ClassRef, Expr, ExprKind, FileFacts, FunctionIndex, FunctionKind},
    language::Language,
};
use rayon::prelude::*;

use crate::{
    listing::Found,
    reference::{Modules, References, module_of, references},
};

/// How often the frontier moves on.
const MAX_ROUNDS: usize = 3;
/// Names that stand for so much that they lead nowhere.
const STOP: [&str; 16] = [
    "default", "index", "config", "handler", "service", "create", "update", "delete", "metadata",
    "loader", "action", "activate", "Admin", "Plugin", "Settings", "Helper",
];

/// How telling a name must be to be followed.
struct Threshold {
    /// Shortest name.
    n_letters: usize,
    /// Most files that a name may stand in.
    n_files: usize,
    /// Most files that it may stand in, as a part of all.
    part_of_files: usize,
}

/// For names in files that talk to Stripe.
const FIRST: Threshold = Threshold {
    n_letters: 5,
    n_files: 64,
    part_of_files: 10,
};
/// For names in files that were reached by names.
const LATER: Threshold = Threshold {
    n_letters: 8,
    n_files: 16,
    part_of_files: usize::MAX,
};

/// How a file was reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Reach {
    /// It uses what was read.
    User,
    /// It declares what was named.
    Definition,
}

/// What leads from files that were read to files that were not.
#[derive(Debug, Default)]
pub(crate) struct Frontier {
    round: usize,
    /// Names that users hold.
    used: BTreeSet<String>,
    /// Files that users import.
    modules: Modules,
    /// Words of which some may be declared by PHP files.
    named: BTreeSet<String>,
    /// What was imported.
    imported: References,
}

impl Frontier {
    /// Begins at the files that talk to Stripe.
    pub(crate) fn of_evidence<'a>(files: impl Iterator<Item = &'a FileFacts>) -> Self {
        let mut frontier = Self::default();
        for facts in files {
            frontier.add_declared(facts);
            frontier.modules.add(module_of(&facts.source.path));
            frontier.add_imported(facts);
            if facts.language() == Language::Php {
                frontier.named.extend(words(&facts.source.text));
            }
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
            if reach == Reach::User {
                frontier.add_declared(facts);
                if hands_on(facts) {
                    frontier.modules.add(module_of(&facts.source.path));
                }
            }
            if hands_on(facts) {
                frontier.add_imported(facts);
            }
            let bases = facts.classes.iter().flat_map(bases);
            frontier
                .named
                .extend(bases.map(|name| last_part(name).to_owned()));
        }
        frontier
    }

    /// Tells whether there is nowhere to go.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.round >= MAX_ROUNDS
            || (self.used.is_empty()
                && self.named.is_empty()
                && self.modules.is_empty()
                && self.imported.is_empty())
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
        let seen: Vec<(Option<Reach>, BTreeSet<usize>)> = files
            .par_iter()
            .map(|found| {
                let bytes = bytes(found);
                (self.link_to(found, &bytes), names_in(&search, &bytes))
            })
            .collect();
        let common = self.common_names(&seen, used.len());
        seen.into_iter()
            .map(|(link, names)| {
                let is_user = names.into_iter().any(|name| !common[name]);
                if is_user { Some(Reach::User) } else { link }
            })
            .collect()
    }

    fn threshold(&self) -> Threshold {
        if self.round == 0 { FIRST } else { LATER }
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
        let n_letters = self.threshold().n_letters;
        let names = classes.chain(functions).chain(exports).map(last_part);
        let telling = names.filter(|name| name.len() >= n_letters && is_telling(name));
        self.used.extend(telling.map(str::to_owned));
    }

    fn add_imported(&mut self, facts: &FileFacts) {
        let text = facts.source.text.as_bytes();
        for reference in references(&facts.source.path, facts.language(), text) {
            self.imported.add(reference);
        }
    }

    /// Says how a file is linked to what was read by declarations and imports.
    fn link_to(&self, found: &Found, bytes: &[u8]) -> Option<Reach> {
        let language = found.language?;
        if language == Language::Php {
            let declares = !self.named.is_empty()
                && declared_names(bytes).any(|name| self.named.contains(name));
            return declares.then_some(Reach::Definition);
        }
        let imports_one = !self.modules.is_empty()
            && references(&found.path, language, bytes)
                .iter()
                .any(|reference| self.modules.has(reference));
        if imports_one {
            return Some(Reach::User);
        }
        self.imported
            .mean(module_of(&found.path))
            .then_some(Reach::Definition)
    }

    /// Says of each name whether it stands in so many files that it leads nowhere.
    fn common_names(&self, seen: &[(Option<Reach>, BTreeSet<usize>)], n_names: usize) -> Vec<bool> {
        let mut counts = vec![0_usize; n_names];
        for name in seen.iter().flat_map(|(_, names)| names) {
            counts[*name] += 1;
        }
        let threshold = self.threshold();
        let limit = threshold.n_files.max(seen.len() / threshold.part_of_files);
        counts.into_iter().map(|count| count > limit).collect()
    }
}

fn is_telling(name: &str) -> bool {
    // What holds the word itself has found all of its users already.
    !STOP.contains(&name) && !name.to_ascii_lowercase().contains("stripe")
}

/// Tells whether a file only hands on what others declare.
fn hands_on(facts: &FileFacts) -> bool {
    let path = &facts.source.path;
    facts.language() != Language::Php && matches!(crate::path::stem(path), "index" | "__init__")
}

/// Returns the part of a class or function name behind its namespace.
fn last_part(name: &str) -> &str {
    name.rsplit(['\\', '.']).next().unwrap_or(name)
}

fn bases(class: &Class) -> impl Iterator<Item = &str> {
    let bases = class.bases.iter().filter_map(base_name);
    bases.chain(class.mixins.iter().map(|name| &**name))
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
        .filter(|word| {
            word.len() >= FIRST.n_letters && !word.starts_with(|c: char| c.is_ascii_digit())
        })
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
    let mut words = line
        .split_whitespace()
        .skip_while(|word| ["abstract", "final", "readonly"].contains(word));
    let name = match words.next()? {
        "class" | "trait" | "interface" => words.next()?,
        "function" if is_at_margin => words.next()?,
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn declarations_are_read_line_by_line() {
        let of = |line| declared_name(line);
        assert_eq!(of("abstract class Gateway extends Base {"), Some("Gateway"));
        assert_eq!(of("\t\tfinal class Inner{"), Some("Inner"));
        assert_eq!(of("function acme_post($url)"), Some("acme_post"));
        assert_eq!(of("    function method() {"), None);
        assert_eq!(of("// a class of its own"), None);
    }

    #[test]
    fn names_count_as_whole_words_only() {
        let search = AhoCorasick::new(["Gateway"]).unwrap();
        assert_eq!(names_in(&search, b"new Gateway()").len(), 1);
        assert_eq!(names_in(&search, b"new AcmeGateway()").len(), 0);
    }
}
