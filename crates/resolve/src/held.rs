//! Shared parts of values, compared by digest.
//!
//! Values hold maps, instances and functions, which hold values: a graph that is compared, hashed and
//! asked for its origins all the time. What the answers need is computed once, where a part is made.

use std::{
    cmp::Ordering,
    hash::{Hash, Hasher},
    ops::Deref,
    rc::Rc,
};

use crate::{
    hashing::Folding,
    value::{Atom, Origin, Value},
};

/// Something that holds values.
pub(crate) trait Parts: Hash {
    /// Joins what `of` says of its values, and `of_atom` of an atom that it holds outside a value.
    fn sum(&self, of: fn(&Value) -> Origin, of_atom: fn(&Atom) -> Origin) -> Origin;
}

/// A shared part of a value.
#[derive(Debug)]
pub(crate) struct Held<T>(Rc<Body<T>>);

#[derive(Debug)]
struct Body<T> {
    digest: u64,
    origin: Origin,
    depends_on: Origin,
    content: T,
}

impl<T: Parts> Held<T> {
    pub(crate) fn new(content: T) -> Self {
        Self(Rc::new(Body {
            digest: digest(&content),
            origin: content.sum(Value::origin, Atom::origin),
            depends_on: content.sum(Value::depends_on, Atom::depends_on),
            content,
        }))
    }
}

impl<T> Held<T> {
    /// Returns where what it names comes from.
    pub(crate) fn origin(&self) -> Origin {
        self.0.origin
    }

    /// Returns where all that it is made of comes from.
    pub(crate) fn depends_on(&self) -> Origin {
        self.0.depends_on
    }
}

impl<T> Clone for Held<T> {
    fn clone(&self) -> Self {
        Self(Rc::clone(&self.0))
    }
}

impl<T> Deref for Held<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.0.content
    }
}

impl<T> PartialEq for Held<T> {
    fn eq(&self, other: &Self) -> bool {
        self.0.digest == other.0.digest
    }
}

impl<T> Eq for Held<T> {}

impl<T> PartialOrd for Held<T> {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl<T> Ord for Held<T> {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.digest.cmp(&other.0.digest)
    }
}

impl<T> Hash for Held<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.0.digest);
    }
}

/// Returns the digest of something; the same in every run of the program.
pub(crate) fn digest(content: &impl Hash) -> u64 {
    let mut hasher = Folding::default();
    content.hash(&mut hasher);
    hasher.finish()
}
