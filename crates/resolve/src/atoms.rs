//! The things that a value can be, shared by all its copies.

use std::{ops::Deref, rc::Rc};

use crate::value::Atom;

/// Things that a value can be; nothing is allocated for none.
#[derive(Clone, Debug, Default)]
pub(crate) struct Atoms(Option<Rc<[Atom]>>);

impl Atoms {
    pub(crate) fn one(atom: Atom) -> Self {
        Self(Some(Rc::new([atom])))
    }

    pub(crate) fn as_slice(&self) -> &[Atom] {
        self
    }

    /// Tells whether both are copies of the same.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        match (&self.0, &other.0) {
            (Some(a), Some(b)) => Rc::ptr_eq(a, b),
            (None, None) => true,
            _ => false,
        }
    }
}

impl From<Vec<Atom>> for Atoms {
    fn from(atoms: Vec<Atom>) -> Self {
        Self((!atoms.is_empty()).then(|| atoms.into()))
    }
}

impl Deref for Atoms {
    type Target = [Atom];

    fn deref(&self) -> &[Atom] {
        self.0.as_deref().unwrap_or_default()
    }
}
