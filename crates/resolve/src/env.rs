//! The names of a running function and what they hold.

use std::rc::Rc;

use model::Name;

use crate::{fields::Fields, value::Value};

/// Names and their values; cheap to copy, because every branch starts with a copy.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Env(Rc<Fields>);

impl Env {
    pub(crate) fn new() -> Self {
        Self::default()
    }

    pub(crate) fn get(&self, name: &Name) -> Option<&Value> {
        self.0.get(name)
    }

    pub(crate) fn contains_key(&self, name: &Name) -> bool {
        self.0.contains_key(name)
    }

    pub(crate) fn insert(&mut self, name: Name, value: Value) {
        if self.0.get(&name) != Some(&value) {
            Rc::make_mut(&mut self.0).insert(name, value);
        }
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = (&Name, &Value)> {
        self.0.iter()
    }

    pub(crate) fn values(&self) -> impl Iterator<Item = &Value> {
        self.0.values()
    }

    /// Returns what holds where either of two ways was taken.
    pub(crate) fn join(&self, other: &Self) -> Self {
        if Rc::ptr_eq(&self.0, &other.0) {
            return self.clone();
        }
        let mut joined = self.clone();
        for (name, value) in other.0.iter() {
            match self.0.get(name) {
                Some(known) if known == value => {}
                Some(known) => joined.insert(name.clone(), known.join(value)),
                None => joined.insert(name.clone(), value.clone()),
            }
        }
        joined
    }

    /// The same where the second way was a turn of a loop: further turns may change again what it
    /// changed.
    pub(crate) fn join_turn(&self, turn: &Self) -> Self {
        if Rc::ptr_eq(&self.0, &turn.0) {
            return self.clone();
        }
        let mut joined = self.join(turn);
        for (name, before) in self.0.iter() {
            match turn.0.get(name) {
                Some(value) if value != before => joined.soften(name),
                _ => {}
            }
        }
        joined
    }

    /// Makes what a name holds something that decides no condition.
    pub(crate) fn soften(&mut self, name: &Name) {
        if let Some(value) = self.0.get(name).filter(|value| !value.soft) {
            let value = value.clone().softer(true);
            self.insert(name.clone(), value);
        }
    }

    /// Makes what all names hold something that decides no condition.
    pub(crate) fn soften_all(&mut self) {
        for (_, value) in Rc::make_mut(&mut self.0).iter_mut() {
            value.soft = true;
        }
    }
}

impl FromIterator<(Name, Value)> for Env {
    fn from_iter<I: IntoIterator<Item = (Name, Value)>>(pairs: I) -> Self {
        Self(Rc::new(pairs.into_iter().collect()))
    }
}
