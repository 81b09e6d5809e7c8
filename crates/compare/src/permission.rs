//! Compares one column of two keys, permission by permission.

use std::collections::BTreeSet;

use report::v1::{
    Access, Place, Request,
    changes::{Because, ChangeKind, PermissionChange},
};

use crate::{
    key::{Key, Row},
    safe,
};

const STILL_THERE: &str = "still in the code, but the key is not made for the code that needs it";
const WAS_THERE: &str = "the code was there before, but the key was not made for it";
const KNOWN_BETTER: &str = "the code makes the same requests; what is known about them has changed";

/// Lists what the key gains, then what it loses, each sorted by id.
pub(crate) fn changes(old: &Key<'_>, new: &Key<'_>) -> Vec<PermissionChange> {
    let bases: BTreeSet<&String> = old.rows.keys().chain(new.rows.keys()).collect();
    let sides = bases
        .into_iter()
        .map(|base| (base.as_str(), old.rows.get(base), new.rows.get(base)));
    let mut all: Vec<PermissionChange> = sides
        .filter_map(|(base, before, after)| {
            let change = match (before, after) {
                (None, Some(after)) => gained(ChangeKind::Added, after, None),
                (Some(before), None) => lost(ChangeKind::Removed, before, None),
                (Some(before), Some(after)) => match (before.access, after.access) {
                    (Access::Read, Access::Write) => {
                        gained(ChangeKind::Widened, after, Some(before))
                    }
                    (Access::Write, Access::Read) => {
                        lost(ChangeKind::Narrowed, before, Some(after))
                    }
                    (Access::Read, Access::Read) | (Access::Write, Access::Write) => return None,
                },
                (None, None) => return None,
            };
            Some(noted(change, base, old, new))
        })
        .collect();
    all.sort_by_key(|one| !one.change.widens());
    all
}

fn gained(change: ChangeKind, after: &Row<'_>, before: Option<&Row<'_>>) -> PermissionChange {
    PermissionChange {
        from: before.map(|row| row.access),
        to: Some(after.access),
        ..described(change, after, before)
    }
}

fn lost(change: ChangeKind, before: &Row<'_>, after: Option<&Row<'_>>) -> PermissionChange {
    let id = after.map(|row| safe(&row.permission.id));
    let described = described(change, before, after);
    PermissionChange {
        from: Some(before.access),
        to: after.map(|row| row.access),
        id: id.unwrap_or_else(|| described.id.clone()),
        ..described
    }
}

/// Describes a change by the side that has more, and the requests that only this side has.
fn described(change: ChangeKind, more: &Row<'_>, less: Option<&Row<'_>>) -> PermissionChange {
    PermissionChange {
        id: safe(&more.permission.id),
        label: more.permission.label.as_deref().map(safe),
        section: safe(&more.permission.section),
        grade: more.permission.grade,
        change,
        from: None,
        to: None,
        because: because(more, less),
        note: None,
    }
}

/// Lists the requests of `more` that explain why `less` is not enough.
fn because(more: &Row<'_>, less: Option<&Row<'_>>) -> Vec<Because> {
    let known = less.map(|row| row.requests.as_slice()).unwrap_or_default();
    let is_new = |request: &&Request| known.iter().all(|one| one.title() != request.title());
    let all = || more.requests.iter().copied();
    let writes = |request: &&Request| !request.endpoint.starts_with("GET ");
    // Of two kinds of access it is the wider one that has to be explained.
    let candidates: Vec<&Request> = if less.is_none() {
        let (writing, reading): (Vec<_>, Vec<_>) = all().partition(writes);
        [writing, reading].concat()
    } else {
        let choices = [
            all().filter(is_new).filter(writes).collect::<Vec<_>>(),
            all().filter(is_new).collect(),
            all().filter(writes).collect(),
        ];
        let found = choices.into_iter().find(|some| !some.is_empty());
        found.unwrap_or_else(|| all().collect())
    };
    candidates
        .into_iter()
        .map(|request| Because {
            request: safe(&request.title()),
            at: places(request, known),
        })
        .collect()
}

/// Lists the places of a request, those that `known` does not have first.
fn places(request: &Request, known: &[&Request]) -> Vec<String> {
    let known: BTreeSet<String> = known
        .iter()
        .flat_map(|one| one.at.iter().map(Place::short))
        .collect();
    let mut places: Vec<String> = request.at.iter().map(Place::short).collect();
    places.dedup();
    places.sort_by_key(|place| known.contains(place));
    places.iter().map(|place| safe(place)).collect()
}

/// Adds what else there is to say about the cause.
fn noted(change: PermissionChange, base: &str, old: &Key<'_>, new: &Key<'_>) -> PermissionChange {
    let (other, aside) = if change.change.widens() {
        (old, WAS_THERE)
    } else {
        (new, STILL_THERE)
    };
    let titles = other.titles();
    let is_the_same = !change.because.is_empty()
        && change
            .because
            .iter()
            .all(|one| titles.contains(&one.request));
    let note = if other.beside.contains(base) {
        Some(aside)
    } else {
        is_the_same.then_some(KNOWN_BETTER)
    };
    PermissionChange {
        note: note.map(str::to_owned),
        ..change
    }
}
