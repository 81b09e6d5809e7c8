//! Says how the need of a key has changed between two manifests.
//!
//! Works on the manifest as it is written, because one side is usually a file that was committed. What
//! only moves lines, or only changes a grade or a label, is no change: the key stays the same.
//! Deliberately opens no file and knows no terminal.

use report::v1::{
    Unit,
    changes::{Changes, Presence},
};

mod json;
mod key;
mod markdown;
mod open;
mod permission;
mod text;

pub use json::render as render_json;
pub use markdown::render as render_markdown;
pub use text::render as render_text;

use crate::key::Key;

/// Says what is different in `new`.
#[must_use]
pub fn compare(old: &Unit, new: &Unit) -> Changes {
    let (before, after) = (Key::own(old), Key::own(new));
    let (connect_before, connect_after) = (Key::connect(old), Key::connect(new));
    let (opened, closed) = open::changes(old, new);
    Changes {
        unit: safe(&new.unit.name),
        presence: Presence::Both,
        old_version: old.unit.version.as_deref().map(safe),
        new_version: new.unit.version.as_deref().map(safe),
        permissions: permission::changes(&before, &after),
        connect: permission::changes(&connect_before, &connect_after),
        opened,
        closed,
    }
}

/// Compares units that belong together: one with one whatever they are called, several by their names.
///
/// A unit that only one side has is compared with nothing.
#[must_use]
pub fn compare_all(old: &[Unit], new: &[Unit]) -> Vec<Changes> {
    if let ([old], [new]) = (old, new) {
        return vec![compare(old, new)];
    }
    let mut rest: Vec<&Unit> = old.iter().collect();
    let mut all = Vec::new();
    for unit in new {
        let same = rest.iter().position(|old| old.unit.name == unit.unit.name);
        all.push(match same {
            Some(at) => compare(rest.remove(at), unit),
            None => appeared(unit),
        });
    }
    all.extend(rest.into_iter().map(gone));
    all.sort_by(|a, b| a.unit.cmp(&b.unit));
    all
}

/// Says what a unit needs that was not there before.
#[must_use]
pub fn appeared(unit: &Unit) -> Changes {
    Changes {
        presence: Presence::New,
        old_version: None,
        ..compare(&without_needs(unit), unit)
    }
}

/// Says what a unit needed that is no longer there.
#[must_use]
pub fn gone(unit: &Unit) -> Changes {
    Changes {
        presence: Presence::Gone,
        new_version: None,
        ..compare(unit, &without_needs(unit))
    }
}

/// Returns the unit as if it had no code.
fn without_needs(unit: &Unit) -> Unit {
    Unit {
        permissions: Vec::new(),
        connect: Vec::new(),
        unmapped: Vec::new(),
        unresolved: Vec::new(),
        ..unit.clone()
    }
}

fn safe(text: &str) -> String {
    report::sanitize(text).into_owned()
}
