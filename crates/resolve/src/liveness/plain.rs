//! Bases and decorators that say nothing about who calls what.

use model::facts::{Expr, ExprKind};

use crate::{program::Program, reach::last};

/// Bases that a language itself has: being one says nothing about who calls its methods.
const PLAIN_BASES: [&str; 24] = [
    "object",
    "abc",
    "protocol",
    "generic",
    "interface",
    "typeddict",
    "namedtuple",
    "enum",
    "strenum",
    "intenum",
    "exception",
    "error",
    "typeerror",
    "valueerror",
    "runtimeexception",
    "invalidargumentexception",
    "jsonserializable",
    "countable",
    "iteratoraggregate",
    "arrayaccess",
    "stringable",
    "stdclass",
    "array",
    "eventemitter",
];
/// Decorators that say what a method is, not that something calls it.
const PLAIN_DECORATORS: [&str; 15] = [
    "staticmethod",
    "classmethod",
    "property",
    "cached_property",
    "abstractmethod",
    "override",
    "overload",
    "wraps",
    "lru_cache",
    "cache",
    "contextmanager",
    "atomic",
    "dataclass",
    "retry",
    "deprecated",
];

/// Tells whether a base says nothing about who calls the methods of a class.
pub(super) fn is_plain(base: &Expr) -> bool {
    Program::dotted(base).is_some_and(|name| is_plain_name(&name))
        || matches!(&base.kind, ExprKind::Index { object, .. } if is_plain(object))
}

/// Tells whether a base is one that every language has.
pub(super) fn is_plain_name(name: &str) -> bool {
    let name = last(name).to_ascii_lowercase();
    PLAIN_BASES.contains(&name.as_str()) || name.ends_with("exception")
}

/// Tells whether a decorator hands the function to something that calls it.
pub(super) fn is_registered(decorators: &[Expr]) -> bool {
    decorators.iter().any(|decorator| {
        Program::dotted(decorator).is_none_or(|name| {
            !PLAIN_DECORATORS.contains(&last(&name)) && !name.contains(".setter")
        })
    })
}
