//! Tables that grow while code is run, and remember what was read of them too early.

use std::hash::Hash;

use crate::hashing::{HashMap, HashSet};
use crate::value::{Atom, Value};

/// What is known under each key, and which keys somebody asked for in this round.
#[derive(Debug)]
pub(crate) struct Table<K> {
    known: HashMap<K, Value>,
    read: HashSet<K>,
}

impl<K> Default for Table<K> {
    fn default() -> Self {
        Self {
            known: HashMap::default(),
            read: HashSet::default(),
        }
    }
}

impl<K: Clone + Eq + Hash> Table<K> {
    /// Forgets who read what, but not what is known.
    pub(crate) fn start_round(&mut self) {
        self.read.clear();
    }

    /// Returns what is known so far.
    pub(crate) fn read(&mut self, key: &K) -> Option<&Value> {
        if !self.read.contains(key) {
            self.read.insert(key.clone());
        }
        self.known.get(key)
    }

    /// Joins `value` to what is known; tells whether somebody read less before.
    pub(crate) fn grow(&mut self, key: K, value: &Value) -> bool {
        let was_read = self.read.contains(&key);
        let known = self.known.entry(key).or_default();
        if known.join(value) == *known {
            return false;
        }
        let is_new = |atom: &Atom| known.atoms.binary_search(atom).is_err();
        let new = value.without(|atom| is_new(atom) && repeats(known, atom));
        let joined = known.join(&new);
        let has_grown = *known != joined;
        *known = joined;
        has_grown && was_read
    }
}

/// Tells whether a text is what adding the same piece to itself again and again makes: `i += 1`.
fn repeats(known: &Value, atom: &Atom) -> bool {
    let texts = || known.atoms.iter().filter_map(template);
    let Some(text) = template(atom) else {
        return false;
    };
    texts().any(|before| {
        let added = text
            .strip_prefix(&*before)
            .filter(|added| !added.is_empty());
        let in_front = text
            .strip_suffix(&*before)
            .filter(|added| !added.is_empty());
        let first = added.and_then(|added| before.strip_suffix(added));
        let last = in_front.and_then(|added| before.strip_prefix(added));
        texts().any(|text| Some(&*text) == first || Some(&*text) == last)
    })
}

fn template(atom: &Atom) -> Option<String> {
    match atom {
        Atom::Text(text) => Some(text.template()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn grown(texts: &[&str]) -> Value {
        let mut table = Table::default();
        for text in texts {
            table.grow((), &Value::text(*text));
        }
        table.read(&()).cloned().unwrap_or_default()
    }

    #[test]
    fn a_text_that_grows_by_itself_stops_growing() {
        assert_eq!(grown(&["1", "11", "111"]), grown(&["1", "11"]));
        assert_eq!(grown(&["a", "x_a", "x_x_a"]), grown(&["a", "x_a"]));
    }

    #[test]
    fn texts_that_only_begin_alike_are_kept() {
        let names = grown(&["charge", "charges", "charges/search"]);
        assert_eq!(names.atoms.len(), 3);
    }

    #[test]
    fn only_what_was_read_too_early_counts_as_growth() {
        let mut table = Table::default();
        assert!(!table.grow((), &Value::text("a")));
        table.read(&());
        assert!(!table.grow((), &Value::text("a")));
        assert!(table.grow((), &Value::text("b")));
    }
}
