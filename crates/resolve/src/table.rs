//! What grows while code is run: fields, variables of modules. Remembers what was read too early.

use model::Name;

use crate::hashing::HashMap;
use crate::{
    program::{ClassId, FileId, number},
    runs::{Stamp, Trail},
    value::{Atom, Value},
};

/// What can grow.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Key {
    /// What methods assign to a field, constructors apart.
    Field(ClassId, Name),
    /// What constructors assign to a field.
    Constructed(ClassId, Name),
    /// What functions assign to a name of their module, PHP: to a global name.
    Outer(Option<FileId>, Name),
    /// What the top level of a file binds a name to.
    Bound(FileId, Name),
    /// All that the top level of a file binds.
    AllBound(FileId),
    /// Whether the unit sets an account for all calls of the SDK's classes.
    GlobalAccount,
}

/// Where something that can grow is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Cell(u32);

/// How often something has grown.
pub(crate) type Version = u32;

/// In how many rounds something may grow; what grows longer than that grows without end.
const MAX_GROWING: u32 = 5;

#[derive(Debug, Default)]
struct Slot {
    /// `None` as long as nothing has been put there.
    value: Option<Value>,
    version: Version,
    was_read: bool,
    /// The last round in which it grew.
    round: u32,
    /// In how many rounds it has grown.
    n_rounds: u32,
    /// The trail in which it was seen last.
    seen_in: Stamp,
}

impl Slot {
    /// Tells whether it has grown for too long, and grows no more.
    fn is_full(&self, round: u32) -> bool {
        self.n_rounds >= MAX_GROWING && self.round != round
    }
}

/// What is known under each key, and whether somebody asked for it.
#[derive(Debug, Default)]
pub(crate) struct Table {
    cells: HashMap<Key, Cell>,
    slots: Vec<Slot>,
    /// How often anything has grown.
    n_changes: u64,
    round: u32,
}

impl Table {
    pub(crate) fn start_round(&mut self) {
        self.round += 1;
    }

    /// Returns what is known so far, and notes in `trail` that this was asked.
    pub(crate) fn read(&mut self, key: &Key, trail: &mut Trail) -> Option<&Value> {
        let cell = self.cell(key);
        let slot = self.slot(cell);
        slot.was_read = true;
        trail.read(cell, slot.version);
        slot.value.as_ref()
    }

    /// Joins `value` to what is known; tells whether somebody read less before.
    pub(crate) fn grow(&mut self, key: &Key, value: &Value) -> bool {
        let cell = self.cell(key);
        let round = self.round;
        let slot = self.slot(cell);
        let is_full = slot.is_full(round);
        let known = slot.value.get_or_insert_default();
        if known.join(value) == *known {
            return false;
        }
        let is_new = |atom: &Atom| known.atoms.binary_search(atom).is_err();
        let new = value.without(|atom| is_new(atom) && repeats(known, atom));
        let joined = known.join(&new);
        if *known == joined {
            return false;
        }
        if !is_full {
            *known = joined;
            return self.note_growth(cell);
        }
        // What it would hold one day is not known: those who read it hear that, once.
        if known.open {
            return false;
        }
        known.open = true;
        self.note_change(cell)
    }

    /// Puts `value` in place of what is known; tells whether somebody read something else before.
    pub(crate) fn put(&mut self, key: &Key, value: Value) -> bool {
        let cell = self.cell(key);
        self.slot(cell).value = Some(value);
        self.note_growth(cell)
    }

    /// Tells whether a trail has not named something before.
    pub(crate) fn is_new_in(&mut self, cell: Cell, trail: Stamp) -> bool {
        let slot = self.slot(cell);
        std::mem::replace(&mut slot.seen_in, trail) != trail
    }

    /// Counts how often anything has grown.
    pub(crate) fn n_changes(&self) -> u64 {
        self.n_changes
    }

    /// Tells whether nothing that was read has grown since.
    pub(crate) fn is_as_read(&self, cells: &[(Cell, Version)]) -> bool {
        cells.iter().all(|(cell, version)| {
            let slot = usize::try_from(cell.0)
                .ok()
                .and_then(|at| self.slots.get(at));
            slot.is_some_and(|slot| slot.version == *version)
        })
    }

    fn note_growth(&mut self, cell: Cell) -> bool {
        let round = self.round;
        let slot = self.slot(cell);
        if slot.round != round {
            slot.round = round;
            slot.n_rounds += 1;
        }
        self.note_change(cell)
    }

    fn note_change(&mut self, cell: Cell) -> bool {
        self.n_changes += 1;
        let slot = self.slot(cell);
        slot.version += 1;
        slot.was_read
    }

    fn cell(&mut self, key: &Key) -> Cell {
        if let Some(cell) = self.cells.get(key) {
            return *cell;
        }
        let cell = Cell(number(self.slots.len()));
        self.slots.push(Slot::default());
        self.cells.insert(key.clone(), cell);
        cell
    }

    fn slot(&mut self, cell: Cell) -> &mut Slot {
        &mut self.slots[cell.0 as usize]
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

    const KEY: Key = Key::GlobalAccount;

    fn grown(texts: &[&str]) -> Value {
        let mut table = Table::default();
        for text in texts {
            table.grow(&KEY, &Value::text(*text));
        }
        let known = table.read(&KEY, &mut Trail::default());
        known.cloned().unwrap_or_default()
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
        assert!(!table.grow(&KEY, &Value::text("a")));
        table.read(&KEY, &mut Trail::default());
        assert!(!table.grow(&KEY, &Value::text("a")));
        assert!(table.grow(&KEY, &Value::text("b")));
    }

    #[test]
    fn what_grows_in_every_round_is_left_open_in_the_end() {
        let mut table = Table::default();
        for round in 0..20 {
            table.start_round();
            table.read(&KEY, &mut Trail::default());
            table.grow(&KEY, &Value::text(format!("name{round}")));
        }
        let known = table.read(&KEY, &mut Trail::default()).unwrap();
        assert!(known.open);
        assert!(known.atoms.len() < 20);
    }

    #[test]
    fn who_read_what_grows_without_end_hears_once_that_it_is_open() {
        let mut table = Table::default();
        let mut n_told = 0;
        for round in 0..20 {
            table.start_round();
            let mut trail = Trail::default();
            let is_open = table.read(&KEY, &mut trail).is_some_and(|known| known.open);
            table.grow(&KEY, &Value::text(format!("name{round}")));
            assert!(!is_open || trail.is_as_read(&table));
            n_told += u32::from(!trail.is_as_read(&table));
        }
        assert_eq!(n_told, MAX_GROWING + 1);
    }

    #[test]
    fn a_trail_holds_until_something_on_it_grows() {
        let mut table = Table::default();
        let mut trail = Trail::default();
        table.read(&KEY, &mut trail);
        table.grow(&Key::AllBound(FileId(0)), &Value::text("a"));
        assert!(trail.is_as_read(&table));
        table.grow(&KEY, &Value::text("a"));
        assert!(!trail.is_as_read(&table));
    }
}
