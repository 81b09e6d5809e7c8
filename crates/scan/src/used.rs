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

    /// Says of static methods of a PHP class that they have nothing to do with what is looked for.
    pub(crate) fn set_idle(&mut self, class: &str, methods: BTreeSet<String>) {
        let Some(holder) = self.0.get_mut(last_part(class)) else {
            return;
        };
        if !holder.is_of_one() || !holder.is_named(class) {
            return;
        }
        match &mut holder.idle {
            // It is declared more than once.
            Some(idle) => idle.retain(|method| methods.contains(method)),
            None => holder.idle = Some(methods),
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
        self.is_one_used_in(facts, part, |_| true)
    }

    /// Tells whether a part of a file uses one of them that is chosen.
    pub(crate) fn is_one_used_in(
        &self,
        facts: &FileFacts,
        part: Range<usize>,
        is_chosen: impl Fn(&str) -> bool,
    ) -> bool {
        let (language, text) = (Some(facts.language()), facts.source.text.as_bytes());
        words_in(&self.search, text, part)
            .into_iter()
            .map(|(name, places)| (&self.used[name], places))
            .any(|(used, places)| is_chosen(used.name) && used.is_used_at(&places, language, text))
    }
}

/// What a file that holds a name must be to use what the name means.
#[derive(Debug, Default)]
pub(crate) struct Holder {
    /// Languages in which the name is declared; code in another cannot call it.
    languages: BTreeSet<Language>,
    /// PHP namespaces in which it is declared.
    namespaces: BTreeSet<String>,
    /// Whether the name is declared in no namespace too.
    is_global: bool,
    /// Static methods that have nothing to do with what is looked for; a file that only calls these is no user.
    idle: Option<BTreeSet<String>>,
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
        let places: Vec<usize> = places(text, self.name).collect();
        self.is_used_at(&places, language, text)
    }

    /// Tells whether the name, where it stands at one of these places of a file, means what was read.
    fn is_used_at(&self, places: &[usize], language: Option<Language>, text: &[u8]) -> bool {
        if !self.holder.can_be(language, text) {
            return false;
        }
        if language != Some(Language::Php) {
            return !places.is_empty();
        }
        // What is imported is judged by where it is used then, if that makes a difference.
        let is_import = |at: usize| {
            let end = at + self.name.len();
            self.holder.idle.is_some() && names::is_import(text, at, end)
        };
        let aliases = LazyCell::new(|| names::aliases(text));
        let is_known_bare = LazyCell::new(|| self.holder.is_known_bare(self.name, text));
        places.iter().any(|&at| {
            let end = at + self.name.len();
            if is_import(at) {
                return false;
            }
            let is_meant = match written(text, at, end) {
                Written::Part | Written::Prose => false,
                Written::Global => self.holder.is_global,
                Written::Quoted => true,
                Written::Bare => *is_known_bare,
                Written::Qualified(part) => {
                    self.holder.is_within(part) || aliases.contains(part.as_bytes())
                }
            };
            is_meant && !self.holder.is_idle_call(&text[end..])
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

    /// Tells whether what stands behind the name calls a static method of it that is idle.
    fn is_idle_call(&self, after: &[u8]) -> bool {
        let (Some(idle), Some(rest)) = (&self.idle, after.strip_prefix(b"::")) else {
            return false;
        };
        let length = rest.iter().position(|byte| !names::is_name_byte(*byte));
        let (method, rest) = rest.split_at(length.unwrap_or(rest.len()));
        let is_call = rest.first().is_some_and(|next| b"('\"".contains(next));
        is_call && std::str::from_utf8(method).is_ok_and(|method| idle.contains(method))
    }

    /// Tells whether just one thing has the name.
    fn is_of_one(&self) -> bool {
        self.namespaces.len() + usize::from(self.is_global) == 1
    }

    /// Tells whether a full PHP name is its name, given that the last part is.
    pub(crate) fn is_named(&self, name: &str) -> bool {
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
