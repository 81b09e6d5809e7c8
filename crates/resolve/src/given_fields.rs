//! What an object is made with, where the code that makes it one is not there.
//!
//! `new Event(['parameters' => $parameters])` is read back as `$event->parameters`: a constructor that
//! is not in the unit most likely puts what it is given into fields of the same names. Only what says
//! something of a request is kept, and other code may have changed it.

use crate::{
    evaluator::Arguments,
    extras::holds_cost,
    fields::Fields,
    value::{Atom, Map, Value},
};

/// Returns the fields of an object that is made with these arguments.
pub(crate) fn given_fields(arguments: &Arguments) -> Fields {
    let mut fields = Fields::new();
    let maps = arguments.positional.iter();
    for atom in maps.flat_map(|value| value.atoms.iter()) {
        if let Atom::Map(map) = atom {
            add_costly(&map.entries, &mut fields);
        }
    }
    add_costly(&arguments.named, &mut fields);
    fields
}

fn add_costly(entries: &Fields, fields: &mut Fields) {
    let costly = entries.iter().filter(|(_, value)| holds_cost(value));
    for (name, value) in costly {
        let known = fields.entry(name.clone()).or_insert_with(Value::unknown);
        *known = known.join(value);
    }
}

/// Returns an object of a class that is not in the unit; `made` is what else is known of it.
pub(crate) fn foreign_object(made: Value, arguments: &Arguments) -> Value {
    let entries = given_fields(arguments);
    if entries.is_empty() || !made.atoms.is_empty() {
        return made;
    }
    made.join(&Value::map(Map {
        entries,
        other: Value::unknown(),
    }))
}
