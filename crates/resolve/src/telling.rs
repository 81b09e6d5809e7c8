//! Whether a value is worth following.
//!
//! Maps hold maps, and large ones are parts of many others: each is judged once.

use std::cell::RefCell;

use crate::hashing::HashMap;
use crate::{
    evaluator::Evaluator,
    extras::is_cost,
    value::{Atom, Map, Object, Value},
};

/// Digest, openness and softness, and depth.
type SlimKey = (u64, (bool, bool), usize);

/// What was found of values with maps in them, by their digests.
#[derive(Debug, Default)]
pub(crate) struct Judged {
    telling: RefCell<HashMap<u64, bool>>,
    mattering: RefCell<HashMap<u64, bool>>,
    holding: RefCell<HashMap<u64, bool>>,
    /// What is left of a value at the border of a function, by what it depends on.
    slimmed: RefCell<HashMap<SlimKey, Value>>,
}

/// Asks `judge` about a value with maps in it, unless that is known.
fn once(known: &RefCell<HashMap<u64, bool>>, value: &Value, judge: impl Fn(&Atom) -> bool) -> bool {
    if !value.atoms.iter().any(|atom| matches!(atom, Atom::Map(_))) {
        return value.atoms.iter().any(judge);
    }
    let known_already = known.borrow().get(&value.digest()).copied();
    known_already.unwrap_or_else(|| {
        let judgement = value.atoms.iter().any(judge);
        known.borrow_mut().insert(value.digest(), judgement);
        judgement
    })
}

impl Evaluator<'_> {
    /// Tells whether handing in a value can make a function do something that it does not do with any
    /// other.
    pub(crate) fn can_matter(&self, value: &Value) -> bool {
        once(&self.judged.mattering, value, |atom| match atom {
            Atom::Function(callable) => self.reach.contains(callable.function),
            Atom::Instance(instance) => self.reach.has_class(instance.class),
            Atom::Class(class) => self.reach.has_class(*class),
            Atom::Map(map) => {
                map.entries.values().any(|value| self.can_matter(value))
                    || self.can_matter(&map.other)
            }
            Atom::Object(object) => !self.is_inert(object),
            _ => atom.is_of_stripe(),
        })
    }

    /// Tells whether code can only read an object: its SDK gives objects no methods.
    fn is_inert(&self, object: &Object) -> bool {
        let id = self.program.sdk_id(object.sdk);
        let info = self.program.catalog.objects.get(&object.name);
        info.is_none_or(|info| info.classes.get(&id).is_none_or(Vec::is_empty))
    }

    /// Tells whether a client, service or class of an SDK is in it.
    ///
    /// Objects of the API are passed around a lot, and rarely make requests themselves.
    pub(crate) fn holds_stripe(&self, value: &Value) -> bool {
        once(&self.judged.holding, value, |atom| match atom {
            Atom::Map(map) => {
                map.entries.values().any(|value| self.holds_stripe(value))
                    || self.holds_stripe(&map.other)
            }
            Atom::Sdk(_)
            | Atom::SdkPath(..)
            | Atom::Client(..)
            | Atom::Service(..)
            | Atom::ServiceMethod(..)
            | Atom::ClassMethod(..) => true,
            _ => false,
        })
    }

    /// Tells whether it is worth remembering for one instance: names, paths, things of Stripe, code.
    pub(crate) fn is_telling(&self, value: &Value) -> bool {
        once(&self.judged.telling, value, |atom| match atom {
            Atom::Text(text) => text.has_name(),
            Atom::Map(map) => {
                map.entries.keys().any(|name| is_cost(name))
                    || map.entries.values().any(|value| self.is_telling(value))
                    || self.is_telling(&map.other)
            }
            Atom::Function(callable) => self.reach.contains(callable.function),
            Atom::Class(class) => self.reach.has_class(*class),
            Atom::Instance(instance) => self.reach.has_class(instance.class),
            _ => atom.is_of_stripe(),
        })
    }

    /// Returns an argument without the entries of maps that say nothing: request bodies have many.
    pub(crate) fn slim(&self, value: &Value, depth: usize) -> Value {
        if !value.atoms.iter().any(|atom| matches!(atom, Atom::Map(_))) {
            return value.clone();
        }
        let key = (value.digest(), (value.open, value.soft), depth);
        if let Some(slim) = self.judged.slimmed.borrow().get(&key) {
            return slim.clone();
        }
        let slim = value.flat_map(|atom| match atom {
            Atom::Map(map) if depth < 3 => {
                let kept = map.entries.iter().filter(|(name, value)| {
                    is_cost(name)
                        || self.is_worth_capturing(value)
                        || value.atoms.iter().any(|atom| matches!(atom, Atom::Int(_)))
                });
                Value::map(Map {
                    entries: kept
                        .map(|(name, value)| (name.clone(), self.slim(value, depth + 1)))
                        .collect(),
                    other: map.other.clone(),
                })
            }
            other => Value::of(other.clone()),
        });
        let mut slimmed = self.judged.slimmed.borrow_mut();
        slimmed.insert(key, slim.clone());
        slim
    }
}
