//! Which files to read that do not mention Stripe themselves: the users of what does, and its bases.
//!
//! Works on names alone, and rather reads a file too many than one too few: what a name really means
//! is for `resolve`. *Users* hold the name of a class or function that was read, in its language, or import
//! its file.
//! *Definitions* declare a PHP class or function that was named in what was read, or are files that it
//! imports. Of users only what itself holds such a name leads on, of definitions only base classes.

use std::{
    collections::{BTreeMap, BTreeSet},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::Relaxed},
    },
};

use aho_corasick::AhoCorasick;
use memchr::memmem;
use model::{
    facts::{Class, ClassRef, Expr, ExprKind, FileFacts, FunctionIndex, FunctionKind, ImportItem},
    language::Language,
};
use rayon::prelude::*;

use crate::{
    listing::Found,
    mention,
    names::{Mentioned, has_word, last_part, words_in},
    path,
    reference::{self, Modules, References, module_of, references},
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
    used: BTreeMap<String, Holder>,
    /// Files that users import.
    modules: Modules,
    /// What PHP files may declare.
    mentioned: Mentioned,
    /// What was imported.
    imported: References,
}

/// What a file that holds a name must be to use what the name means.
#[derive(Debug, Default)]
struct Holder {
    /// Languages in which the name is declared; code in another cannot call it.
    languages: BTreeSet<Language>,
    /// Namespaces of which it must hold one; none in languages without namespaces, and where the name is
    /// global.
    namespaces: BTreeSet<String>,
}

/// A name that users hold, as it is searched for.
struct Used<'a> {
    name: &'a str,
    sought: Sought,
    holder: &'a Holder,
}

impl<'a> Used<'a> {
    fn new((name, holder): (&'a String, &'a Holder)) -> Self {
        Self {
            name,
            sought: Sought::new(name),
            holder,
        }
    }

    /// Tells whether a file with this text uses what the name means.
    fn stands_in(&self, found: &Found, text: &[u8]) -> bool {
        has_word(text, self.name) && self.holder.can_be(found, text)
    }
}

/// A name that a file declares, and where its declaration is.
struct Declaration<'a> {
    name: &'a str,
    text: &'a [u8],
}

impl Frontier {
    /// Begins at the files that talk to Stripe.
    pub(crate) fn of_evidence<'a>(files: impl Iterator<Item = &'a FileFacts>) -> Self {
        let mut frontier = Self::default();
        for facts in files {
            for declaration in declarations(facts) {
                frontier.add_used(declaration.name, facts.language());
            }
            frontier.modules.add(module_of(&facts.source.path));
            frontier.add_imported(facts);
            if facts.language() == Language::Php {
                frontier.mentioned.add_namespace(&facts.namespace);
                frontier.mentioned.add_text(&facts.source.text);
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
        let search = AhoCorasick::new(self.used.keys()).ok();
        for (facts, reach) in files {
            let imported = self.imported_names(facts);
            let leads_on = |text: &[u8]| {
                let holds_name = search
                    .as_ref()
                    .is_some_and(|search| !words_in(search, text).is_empty());
                holds_name || imported.iter().any(|name| has_word(text, name))
            };
            if reach == Reach::User {
                for declaration in declarations(facts) {
                    if leads_on(declaration.text) {
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
        let used: Vec<Used<'_>> = self.used.iter().map(Used::new).collect();
        let n_kept = files.iter().filter_map(|found| found.words.as_deref());
        let n_kept = AtomicUsize::new(n_kept.map(Words::len).sum());
        let mentioned: Vec<Sought> = self
            .mentioned
            .names
            .iter()
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
                names.retain(|name| used[*name].stands_in(found, &text));
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
        let holder = self.used.entry(last.to_owned()).or_default();
        holder.languages.insert(language);
        if language == Language::Php
            && let Some((namespace, _)) = name.rsplit_once('\\')
        {
            let namespaces = &mut holder.namespaces;
            namespaces.insert(near_part(namespace).to_owned());
        }
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

    /// Lists the names by which a file calls what it imports from modules of this round.
    fn imported_names<'a>(&self, facts: &'a FileFacts) -> Vec<&'a str> {
        let from = &facts.source.path;
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

impl Holder {
    /// Tells whether a file that holds the name can mean what is declared by it.
    fn can_be(&self, found: &Found, bytes: &[u8]) -> bool {
        let speaks = |language: Language| {
            let mut declared = self.languages.iter();
            declared.any(|other| *other == language || (other.is_script() && language.is_script()))
        };
        let has_namespace = || {
            let mut namespaces = self.namespaces.iter();
            namespaces.any(|namespace| memmem::find(bytes, namespace.as_bytes()).is_some())
        };
        found.language.is_none_or(speaks)
            && (self.namespaces.is_empty()
                || found.language != Some(Language::Php)
                || has_namespace())
    }
}

/// Returns the last two parts of a namespace: what is left of it behind an import of the others.
fn near_part(namespace: &str) -> &str {
    let mut cuts = namespace.rmatch_indices('\\');
    let cut = cuts.nth(1).map_or(0, |(at, _)| at + 1);
    &namespace[cut..]
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
fn declarations(facts: &FileFacts) -> Vec<Declaration<'_>> {
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
            text: text.get(start..end).unwrap_or_default(),
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
