//! The functions of a file and what stands between them, and which of them have to do with each other.

use std::ops::Range;

use model::facts::{FileFacts, Function};

use crate::names::{has_word, last_part};

/// A function, or what stands between functions.
pub(crate) struct Part<'a> {
    /// The last part of the name of the function; `None` where there is none.
    name: Option<&'a str>,
    /// Where it is in the text of the file.
    pub(crate) range: Range<usize>,
}

impl Part<'_> {
    /// Tells whether this part of a text holds the name of the function that the other is.
    pub(crate) fn names(&self, other: &Part<'_>, text: &[u8]) -> bool {
        let text = &text[self.range.clone()];
        other.name.is_some_and(|name| has_word(text, name))
    }
}

/// Cuts the text of a file into functions and what stands between them.
pub(crate) fn parts(facts: &FileFacts) -> Vec<Part<'_>> {
    let of = |function: &Function| {
        let (start, end) = (function.extent.start, function.extent.end);
        start as usize..end as usize
    };
    let mut functions: Vec<&Function> = facts.functions.iter().skip(1).collect();
    functions.sort_by_key(|function| of(function).start);
    let mut parts = Vec::new();
    let mut end = 0;
    for function in functions {
        let range = of(function);
        // What is written in another function is a part of that.
        if range.start < end {
            continue;
        }
        parts.push(Part {
            name: None,
            range: end..range.start,
        });
        end = range.end;
        let name = last_part(&function.name);
        parts.push(Part {
            name: (!name.is_empty()).then_some(name),
            range,
        });
    }
    parts.push(Part {
        name: None,
        range: end..facts.source.text.len(),
    });
    parts
}

/// How many parts of a file are compared with each other.
const MAX_PARTS: usize = 512;

/// Returns the parts that `is_first` holds of, with those that `is_near` one of them or one that is near
/// itself; all of them if there are very many.
pub(crate) fn around(
    parts: Vec<Part<'_>>,
    is_first: impl Fn(&Part<'_>) -> bool,
    is_near: impl Fn(&Part<'_>, &Part<'_>) -> bool,
) -> Vec<Part<'_>> {
    if parts.len() > MAX_PARTS {
        return parts;
    }
    let (mut around, mut others): (Vec<_>, Vec<_>) = parts.into_iter().partition(is_first);
    let mut n_seen = 0;
    while n_seen < around.len() {
        let last = &around[n_seen..];
        let is_around = |part: &Part<'_>| last.iter().any(|other| is_near(part, other));
        let (near, rest): (Vec<_>, Vec<_>) = others.into_iter().partition(is_around);
        n_seen = around.len();
        around.extend(near);
        others = rest;
    }
    around
}
