//! Which files to read that do not mention Stripe themselves: the users of what does, and its bases.
//!
//! Works on names alone, and rather reads a file too many than one too few: what a name really means
//! is for `resolve`. *Users* hold the name of a class or function that was read, in its language and, in PHP,
//! with its namespace, or import its file.
//! *Definitions* declare a PHP class or function that was named in what was read, or are files that it
//! imports. Of users only what itself holds such a name leads on, of definitions only base classes.

use std::{
    ops::Range,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use memchr::memmem;
use model::{
    facts::{
        Class, ClassRef, Expr, ExprKind, FileFacts, FunctionIndex, FunctionKind, Import, ImportItem,
    },
    language::Language,
};
use rayon::prelude::*;

use crate::{
    evident::Evident,
    listing::Found,
    mention,
    names::{Meaning, Mentioned, has_word, last_part},
    path,
    reference::{self, Modules, References, module_of, references},
    used::UsedNames,
    words::{Sought, Words},
};

/// How often the frontier moves on.
const MAX_ROUNDS: usize = 3;
/// Shortest name that is followed.
const SHORTEST: usize = 5;
/// Shortest name of a PHP class that is followed: nothing but its name leads to its users.
const SHORTEST_CLASS: usize = 3;
/// About how many words of files are kept; files with more are read again in each round.
const MAX_WORDS: usize = 4 << 20;
/// A name that stands in more files than this, and in more than a tenth of all, leads nowhere.
const COMMON: usize = 64;
/// Names that stand for so much that they lead nowhere.
const STOP: [&str; 16] = [
    "default", "index", "config", "handler", "service", "create", "update", "delete", "metadata",
    "loader", "action", "activate", "Admin", "Plugin", "Settings", "Helper",
];

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
    /// Names that users hold, and what else makes a file a user.
    used: UsedNames,
    /// Files that users import.
    modules: Modules,
    /// What PHP files may declare.
    mentioned: Mentioned,
    /// What was imported.
    imported: References,
}

/// A name that a file declares.
pub(crate) struct Declaration<'a> {
    /// The name, in PHP with its namespace.
    pub(crate) name: &'a str,
    /// In which part of the text.
    part: Range<usize>,
}

impl Frontier {
    /// Begins at the files that talk to Stripe.
    ///
    /// Of those that do so from afar, users are not looked for.
    pub(crate) fn of_evidence(files: Vec<Evident<'_>>) -> Self {
        let mut frontier = Self::default();
        for Evident { facts, parts } in files {
            if parts.is_none() {
                for declaration in declarations(facts) {
                    frontier.add_used(declaration.name, facts.language());
                }
                frontier.modules.add(module_of(&facts.source.path));
                frontier.add_imported(facts);
            }
            if facts.language() == Language::Php {
                let (text, meaning) = (&facts.source.text, Meaning::of(facts));
                let all = 0..text.len();
                for part in parts.unwrap_or_else(|| vec![all]) {
                    let text = text.get(part).unwrap_or_default();
                    frontier.mentioned.add_text(text, &meaning);
                }
            }
            frontier.add_bases(facts);
        }
        frontier
    }

    /// Moves on from the files of this round.
    pub(crate) fn beyond<'a>(&self, files: impl Iterator<Item = (&'a FileFacts, Reach)>) -> Self {
        let mut next = Self {
            round: self.round + 1,
            ..Self::default()
        };
        let search = self.used.search();
        let leads_on = |facts: &FileFacts, part: Range<usize>| {
            let text = facts.source.text.as_bytes();
            let search = search.as_ref();
            let holds_name = search.is_some_and(|search| search.is_used_in(facts, part.clone()));
            let part = text.get(part).unwrap_or_default();
            let imported = self.imported_names(facts);
            holds_name || imported.iter().any(|name| has_word(part, name))
        };
        for (facts, reach) in files {
            if reach == Reach::User {
                for declaration in declarations(facts) {
                    if leads_on(facts, declaration.part) {
                        next.add_used(declaration.name, facts.language());
                        next.modules.add(module_of(&facts.source.path));
                    }
                }
            }
            if hands_on(facts) {
                next.modules.add(module_of(&facts.source.path));
                next.add_imported(facts);
            }
            next.add_bases(facts);
        }
        next
    }

    /// Tells whether there is nowhere to go.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.round >= MAX_ROUNDS
            || (self.used.is_empty()
                && self.mentioned.is_empty()
                && self.modules.is_empty()
                && self.imported.is_empty())
    }

    /// Says of each file whether it is reached, in their order; notes the words of those that it reads.
    pub(crate) fn reached(
        &self,
        files: &mut [Found],
        bytes: impl Fn(&Found) -> Vec<u8> + Sync,
    ) -> Vec<Option<Reach>> {
        let used = self.used.list();
        let n_kept = files.iter().filter_map(|found| found.words.as_deref());
        let n_kept = AtomicUsize::new(n_kept.map(Words::len).sum());
        let mentioned: Vec<Sought> = self
            .mentioned
            .names
            .keys()
            .map(|name| Sought::new(name))
            .collect();
        let seen: Vec<(Option<Reach>, Vec<usize>)> = files
            .par_iter_mut()
            .map(|found| {
                let mut text = None;
                let words = found.words.clone().unwrap_or_else(|| {
                    let bytes = text.insert(bytes(found));
                    Arc::new(Words::of(bytes))
                });
                if found.words.is_none() && n_kept.fetch_add(words.len(), Relaxed) < MAX_WORDS {
                    found.words = Some(Arc::clone(&words));
                }
                let mut names: Vec<usize> = (0..used.len())
                    .filter(|name| words.may_hold(&used[*name].sought))
                    .collect();
                if names.is_empty() && !self.may_link_to(found, &words, &mentioned) {
                    return (None, names);
                }
                let text = text.unwrap_or_else(|| bytes(found));
                names.retain(|name| used[*name].stands_in(found.language, &text));
                (self.link_to(found, &text), names)
            })
            .collect();
        let common = common_names(&seen, used.len());
        seen.into_iter()
            .map(|(link, names)| {
                let is_user = names.into_iter().any(|name| !common[name]);
                if is_user { Some(Reach::User) } else { link }
            })
            .collect()
    }

    /// Tells whether declarations and imports can link a file with these words to what was read.
    fn may_link_to(&self, found: &Found, words: &Words, mentioned: &[Sought]) -> bool {
        match found.language {
            Some(Language::Php) => mentioned.iter().any(|name| words.may_hold(name)),
            Some(_) => !self.modules.is_empty() || !self.imported.is_empty(),
            None => false,
        }
    }

    fn add_used(&mut self, name: &str, language: Language) {
        // What holds the word itself has found all of its users already.
        if mention::mentions_stripe(name.as_bytes()) {
            return;
        }
        let last = last_part(name);
        let is_class = language == Language::Php && last.starts_with(char::is_uppercase);
        let shortest = if is_class { SHORTEST_CLASS } else { SHORTEST };
        if last.len() < shortest || STOP.contains(&last) {
            return;
        }
        self.used.add(name, language);
    }

    fn add_imported(&mut self, facts: &FileFacts) {
        let text = facts.source.text.as_bytes();
        for reference in references(&facts.source.path, facts.language(), text) {
            self.imported.add(reference);
        }
    }

    fn add_bases(&mut self, facts: &FileFacts) {
        if facts.language() == Language::Php {
            for name in facts.classes.iter().flat_map(bases) {
                self.mentioned.add_name(name);
            }
        }
    }

    /// Lists the names by which a file calls what it imports of this round.
    fn imported_names<'a>(&self, facts: &'a FileFacts) -> Vec<&'a str> {
        let from = &facts.source.path;
        if facts.language() == Language::Php {
            let is_renamed = |import: &&Import| *import.local != *last_part(&import.module);
            let imports = facts.imports.iter().filter(is_renamed);
            let used = imports.filter(|import| self.used.has(&import.module));
            return used.map(|import| &*import.local).collect();
        }
        let comes_from_here = |module: &str, item: &ImportItem| {
            let of = |module: &str| reference::of_module(from, facts.language(), module);
            let part = match item {
                ImportItem::Named(name) => of(&format!("{}.{name}", module.trim_end_matches('.'))),
                ImportItem::Module | ImportItem::Default | ImportItem::All => None,
            };
            of(module)
                .into_iter()
                .chain(part.filter(|_| facts.language() == Language::Python))
                .any(|reference| self.modules.has(&reference))
        };
        facts
            .imports
            .iter()
            .filter(|import| comes_from_here(&import.module, &import.item))
            .map(|import| &*import.local)
            .collect()
    }

    /// Says how a file is linked to what was read by declarations and imports.
    fn link_to(&self, found: &Found, bytes: &[u8]) -> Option<Reach> {
        let language = found.language?;
        if language == Language::Php {
            let declares = !self.mentioned.is_empty() && self.mentioned.is_declared_in(bytes);
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
}

/// Says of each name whether it stands in so many files that it leads nowhere.
fn common_names(seen: &[(Option<Reach>, Vec<usize>)], n_names: usize) -> Vec<bool> {
    let mut counts = vec![0_usize; n_names];
    for name in seen.iter().flat_map(|(_, names)| names) {
        counts[*name] += 1;
    }
    let limit = COMMON.max(seen.len() / 10);
    counts.into_iter().map(|count| count > limit).collect()
}

/// Lists what others can name of a file, each with the text up to the next.
pub(crate) fn declarations(facts: &FileFacts) -> Vec<Declaration<'_>> {
    let text = facts.source.text.as_bytes();
    let classes = facts
        .classes
        .iter()
        .map(|class| (class.span.start as usize, &*class.name));
    let functions = facts
        .functions
        .iter()
        .filter(|function| {
            function.kind == FunctionKind::Function
                && function.class.is_none()
                && function.parent == Some(FunctionIndex(0))
        })
        .map(|function| (function.span.start as usize, &*function.name));
    let exports = facts.exports.iter().filter_map(|export| {
        let at = memmem::find(text, format!(" {}", export.name).as_bytes())?;
        Some((at, &*export.name))
    });
    let mut starts: Vec<(usize, &str)> = classes.chain(functions).chain(exports).collect();
    starts.sort_unstable();
    let ends = starts.iter().skip(1).map(|(start, _)| *start);
    let ends: Vec<usize> = ends.chain([text.len()]).collect();
    starts
        .into_iter()
        .zip(ends)
        .map(|((start, name), end)| Declaration {
            name,
            part: start..end,
        })
        .collect()
}

/// Tells whether a file only hands on what others declare.
fn hands_on(facts: &FileFacts) -> bool {
    facts.language() != Language::Php
        && matches!(path::stem(&facts.source.path), "index" | "__init__")
}

fn bases(class: &Class) -> impl Iterator<Item = &str> {
    let bases = class.bases.iter().filter_map(base_name);
    bases.chain(class.mixins.iter().map(|name| &**name))
}

fn base_name(base: &Expr) -> Option<&str> {
    match &base.kind {
        ExprKind::Class(ClassRef::Named(name)) => Some(name),
        _ => None,
    }
}
