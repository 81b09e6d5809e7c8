//! Names of what was read, and which files use it: those that hold its name where it can mean that.

use std::{
    cell::LazyCell,
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use aho_corasick::AhoCorasick;
use memchr::memmem;
use model::{facts::FileFacts, language::Language};

use crate::{
    names::{self, Written, last_part, places, words_in, written},
    words::Sought,
};

/// Names of classes and functions, by their last parts.
#[derive(Debug, Default)]
pub(crate) struct UsedNames(BTreeMap<String, Holder>);

impl UsedNames {
    /// Adds what a file in a language declares; what has no name cannot be used elsewhere.
    pub(crate) fn add(&mut self, name: &str, language: Language) {
        let last = last_part(name);
        if last.is_empty() {
            return;
        }
        let holder = self.0.entry(last.to_owned()).or_default();
        holder.languages.insert(language);
        match name.rsplit_once('\\') {
            Some((namespace, _)) if language == Language::Php => {
                let namespaces = &mut holder.namespaces;
                namespaces.insert(namespace.to_owned());
            }
            _ => holder.is_global = true,
        }
    }

    /// Tells whether there are none.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Tells whether a full PHP name is one of them.
    pub(crate) fn has(&self, name: &str) -> bool {
        let holder = self.0.get(last_part(name));
        holder.is_some_and(|holder| holder.is_named(name))
    }

    /// Lists them for a search among words.
    pub(crate) fn list(&self) -> Vec<Used<'_>> {
        self.0.iter().map(Used::new).collect()
    }

    /// Prepares a search for all of them at once; `None` where they are too many.
    pub(crate) fn search(&self) -> Option<Search<'_>> {
        Some(Search {
            used: self.list(),
            search: AhoCorasick::new(self.0.keys()).ok()?,
        })
    }
}

/// Searches files for names.
pub(crate) struct Search<'a> {
    used: Vec<Used<'a>>,
    search: AhoCorasick,
}

impl Search<'_> {
    /// Tells whether a part of a file uses one of them.
    pub(crate) fn is_used_in(&self, facts: &FileFacts, part: Range<usize>) -> bool {
        let (language, text) = (Some(facts.language()), facts.source.text.as_bytes());
        let mut words = words_in(&self.search, text, part).into_iter();
        words.any(|(name, places)| self.used[name].is_used_at(places.into_iter(), language, text))
    }
}

/// What a file that holds a name must be to use what the name means.
#[derive(Debug, Default)]
struct Holder {
    /// Languages in which the name is declared; code in another cannot call it.
    languages: BTreeSet<Language>,
    /// PHP namespaces in which it is declared.
    namespaces: BTreeSet<String>,
    /// Whether the name is declared in no namespace too.
    is_global: bool,
}

/// A name that users hold, as it is searched for.
pub(crate) struct Used<'a> {
    /// The last part of what was declared.
    pub(crate) name: &'a str,
    /// The same for the search among words.
    pub(crate) sought: Sought,
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
    pub(crate) fn stands_in(&self, language: Option<Language>, text: &[u8]) -> bool {
        self.is_used_at(places(text, self.name), language, text)
    }

    /// Tells whether the name, where it stands at one of these places of a file, means what was read.
    fn is_used_at(
        &self,
        mut places: impl Iterator<Item = usize>,
        language: Option<Language>,
        text: &[u8],
    ) -> bool {
        if !self.holder.can_be(language, text) {
            return false;
        }
        if language != Some(Language::Php) {
            return places.next().is_some();
        }
        let aliases = LazyCell::new(|| names::aliases(text));
        let is_known_bare = LazyCell::new(|| self.holder.is_known_bare(self.name, text));
        places.any(|at| match written(text, at, at + self.name.len()) {
            Written::Part | Written::Prose => false,
            Written::Global => self.holder.is_global,
            Written::Quoted => true,
            Written::Bare => *is_known_bare,
            Written::Qualified(part) => {
                self.holder.is_within(part) || aliases.contains(part.as_bytes())
            }
        })
    }
}

impl Holder {
    /// Tells whether a file that holds the name can mean what is declared by it.
    fn can_be(&self, language: Option<Language>, bytes: &[u8]) -> bool {
        let speaks = |language: Language| {
            let mut declared = self.languages.iter();
            declared.any(|other| *other == language || (other.is_script() && language.is_script()))
        };
        let holds = |text: &str| memmem::find(bytes, text.as_bytes()).is_some();
        let has_namespace = || {
            let mut namespaces = self.namespaces.iter();
            namespaces.any(|namespace| {
                let part = near_part(namespace);
                // In texts, separators may be written twice.
                holds(part) || (part.contains('\\') && holds(&part.replace('\\', "\\\\")))
            })
        };
        language.is_none_or(speaks)
            && (self.is_global || language != Some(Language::Php) || has_namespace())
    }

    /// Tells whether a PHP file can mean it by the name alone, without naming its namespace.
    fn is_known_bare(&self, name: &str, text: &[u8]) -> bool {
        let mut namespaces = self.namespaces.iter();
        self.is_global
            || namespaces.any(|namespace| {
                names::declares_namespace(text, namespace)
                    || names::imports(text, &format!("{namespace}\\{name}"))
            })
            // Names that are imported in braces stand alone.
            || memmem::find(text, b"\\{").is_some()
    }

    /// Tells whether a name behind this last part of a namespace can mean it.
    fn is_within(&self, part: &str) -> bool {
        let mut namespaces = self.namespaces.iter();
        part == "namespace" || namespaces.any(|namespace| last_part(namespace) == part)
    }

    /// Tells whether a full PHP name is its name, given that the last part is.
    fn is_named(&self, name: &str) -> bool {
        let name = name.trim_start_matches('\\');
        match name.rsplit_once('\\') {
            Some((namespace, _)) => self.namespaces.contains(namespace),
            None => self.is_global,
        }
    }
}

/// Returns the last two parts of a namespace: what is left of it behind an import of the others.
fn near_part(namespace: &str) -> &str {
    let mut cuts = namespace.rmatch_indices('\\');
    let cut = cuts.nth(1).map_or(0, |(at, _)| at + 1);
    &namespace[cut..]
}
