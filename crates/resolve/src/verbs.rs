//! Which verb a call of an HTTP client sends.
//!
//! Most clients have a default, and an option that overrides it. Of options that are put together from
//! what is not known, `wp_remote_post($url, array_merge($defaults, $given))`, nothing says that the verb is
//! among them: where the function is called after its verb, that is the one it sends.

use model::api::{HttpCall, HttpCallee, HttpPlace, Method};

use crate::{
    evaluator::Arguments,
    request::{argument_at, first_place},
    value::{Atom, Value},
};

/// Returns the verb that a call of an HTTP client sends.
pub(crate) fn verb_of(row: &HttpCall, arguments: &Arguments) -> Value {
    let default = Value::text(row.default_verb.id());
    let given = row.verb.iter().map(|place| given_at(row, place, arguments));
    let Some(given) = given.into_iter().find(Given::is_telling) else {
        let has_body = !first_place(&row.body, arguments).is_never();
        return if has_body {
            Value::text(Method::Post.id())
        } else {
            default
        };
    };
    let verb = given.verb;
    // A verb that may be left out falls back to the default.
    let known = !verb.open || verb.atoms.iter().any(|atom| matches!(atom, Atom::Param(_)));
    if given.may_be_absent || !(known || verb.known_texts().is_empty()) {
        verb.join(&default)
    } else {
        verb
    }
}

/// What stands at one of the places where a client takes its verb.
struct Given {
    verb: Value,
    may_be_absent: bool,
}

impl Given {
    fn is_telling(&self) -> bool {
        self.verb.matters() || self.verb.open
    }
}

fn given_at(row: &HttpCall, place: &HttpPlace, arguments: &Arguments) -> Given {
    let mut given = Given {
        verb: Value::never(),
        may_be_absent: false,
    };
    let Some(argument) = argument_at(place, arguments) else {
        return given;
    };
    let Some(key) = &place.key else {
        given.verb = argument.without(|atom| matches!(atom, Atom::Null));
        return given;
    };
    for atom in argument.atoms.iter() {
        let Atom::Map(map) = atom else { continue };
        match map.entries.get(key) {
            Some(verb) => given.verb = given.verb.join(verb),
            None if is_named_after_verb(row) && !map.other.depends_on().is_from_outside() => {
                given.may_be_absent = true;
            }
            None if map.other.is_never() => given.may_be_absent = true,
            None => given.verb = given.verb.join(&map.other),
        }
    }
    given.verb = given.verb.without(|atom| matches!(atom, Atom::Null));
    given
}

/// Tells whether the name of what is called says the verb: `wp_remote_post`, `requests.post`.
fn is_named_after_verb(row: &HttpCall) -> bool {
    let name = match &row.callee {
        HttpCallee::Function(name) => name,
        HttpCallee::Method { method, .. } => method,
        HttpCallee::Module { member, .. } => member,
    };
    let last = name.rsplit(['_', '.']).next().unwrap_or_default();
    Method::parse(last) == Some(row.default_verb)
}
