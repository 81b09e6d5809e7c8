//! Compares what two manifests leave open.

use std::collections::{BTreeMap, BTreeSet};

use model::diagnostic::Code;
use report::v1::{Place, Unit, changes::OpenPlace};

use crate::{key, safe};

/// Lists what is open in `new` alone, and what was open in `old` alone.
///
/// A place that only moved to another line of its file is the same place.
pub(crate) fn changes(old: &Unit, new: &Unit) -> (Vec<OpenPlace>, Vec<OpenPlace>) {
    let (before, after) = (open(old), open(new));
    (more(&before, &after), more(&after, &before))
}

/// What is open, without its line.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Kind {
    path: String,
    code: String,
    reason: String,
    request: Option<String>,
}

/// The places of everything that is open, in the order of the manifest.
type Open = BTreeMap<Kind, Vec<String>>;

fn open(unit: &Unit) -> Open {
    let mut all = Open::new();
    for one in &unit.unresolved {
        if Code::from_id(&one.code).is_some_and(Code::leaves_complete) {
            continue;
        }
        let at = one.at.short();
        let kind = Kind {
            path: file(&at).to_owned(),
            code: one.code.clone(),
            reason: one.reason.clone(),
            request: None,
        };
        all.entry(kind).or_default().push(at);
    }
    for one in key::unmapped(unit) {
        let kind = Kind {
            path: String::new(),
            code: one.code.clone(),
            reason: one.reason.clone(),
            request: Some(one.title()),
        };
        let first = one.at.first().map(Place::short).unwrap_or_default();
        // However many places send it, it is one request without a known permission.
        all.entry(kind).or_insert_with(|| vec![first]);
    }
    all
}

fn file(at: &str) -> &str {
    at.rsplit_once(':').map_or(at, |(file, _)| file)
}

/// Lists what `after` has more of.
fn more(before: &Open, after: &Open) -> Vec<OpenPlace> {
    let mut all: Vec<OpenPlace> = after
        .iter()
        .flat_map(|(kind, places)| {
            let known = before.get(kind).map(Vec::as_slice).unwrap_or_default();
            let n_more = places.len().saturating_sub(known.len());
            let known: BTreeSet<&String> = known.iter().collect();
            let (other, same): (Vec<_>, Vec<_>) =
                places.iter().partition(|place| !known.contains(place));
            let listed: Vec<OpenPlace> = other
                .into_iter()
                .chain(same)
                .take(n_more)
                .map(|at| OpenPlace {
                    at: safe(at),
                    code: safe(&kind.code),
                    reason: safe(&kind.reason),
                    request: kind.request.as_deref().map(safe),
                })
                .collect();
            listed
        })
        .collect();
    all.sort_by(|a, b| (&a.request, place(&a.at)).cmp(&(&b.request, place(&b.at))));
    all
}

/// Splits a place so that line 9 comes before line 10.
fn place(at: &str) -> (&str, u32) {
    let (file, line) = at.rsplit_once(':').unwrap_or((at, ""));
    (file, line.parse().unwrap_or_default())
}
