//! One key per service: a repository as several units that share code.
//!
//! Everything is read once. Each package is then resolved with the files of other packages that it
//! uses; of those only what it reaches counts. The repository is resolved as one program too: what
//! that finds, and no package is seen to reach, counts for the package in which it is written, so
//! that the keys together can never do less than one key for the whole.

mod across;
mod closure;
mod part;

use std::collections::BTreeSet;

use model::{
    Name,
    diagnostic::Diagnostic,
    evidence::{CallSite, Resolution, Tier},
    manifest::{Manifest, SdkInUse, Told},
    unit::{EntryPoints, Neighbours, UnitFacts},
};
use rayon::prelude::*;
use rules::RuleSet;

use crate::{
    Options, entry,
    listing::{Found, Listing, Skipped},
    pipeline::{self, Gathered, Scanned},
    place,
    target::Target,
    told,
};
use closure::Closure;
use part::{Part, owner};

/// What was found in one part.
struct Share {
    facts: UnitFacts,
    sdks: Vec<SdkInUse>,
    found: Resolution,
    told: Told,
    notes: Vec<Diagnostic>,
}

/// Lists the units that `target` is to be split into; less than two where it is not.
fn parts(target: &Target, listing: &Listing) -> Vec<Part> {
    let is_whole = target.is_whole_folder();
    if !is_whole || target.has_browser_scripts() {
        return Vec::new();
    }
    part::parts(&target.unit, &listing.packages)
}

/// Scans each package in `target`; nothing where it is not to be split.
pub(crate) fn scan(
    target: &Target,
    gathered: &mut Gathered<'_>,
    options: &Options,
    rules: &RuleSet,
) -> Vec<Scanned> {
    let parts = parts(target, &gathered.listing);
    if parts.len() < 2 {
        return Vec::new();
    }
    let whole = told_whole(gathered, rules);
    let hot = places(&whole);
    widen(&parts, gathered, &hot);
    let gathered = &*gathered;
    let mut shares = shares(&parts, gathered, target, &hot, rules);
    settle(&parts, &mut shares, whole);
    let all = parts.iter().zip(shares);
    let mut scanned: Vec<Scanned> = all
        .map(|(part, share)| judged(part, share, gathered, options, rules))
        .collect();
    for one in &mut scanned {
        one.manifest.folder = target.folder();
    }
    if let Some(first) = scanned.first_mut() {
        first.manifest.skipped.clone_from(&gathered.skipped);
    }
    scanned
}

/// Lists the files with a request or something open.
fn places(whole: &Resolution) -> BTreeSet<Name> {
    let calls = whole.calls.iter().map(|call| &call.location);
    let open = whole.unresolved.iter().map(|one| &one.location);
    let apart = whole.not_counted.iter().flat_map(|one| &one.at);
    let all = calls.chain(open).chain(apart);
    all.map(|at| at.path.clone()).collect()
}

/// Reads what lies between the parts and the files in `hot`.
fn widen(parts: &[Part], gathered: &mut Gathered<'_>, hot: &BTreeSet<Name>) {
    let (listing, reader) = (&gathered.listing, &gathered.reader);
    let wanted = across::between(parts, listing, &gathered.facts, hot, reader);
    let more = reader.read_more(&mut gathered.unread, &wanted);
    gathered.diagnostics.extend(more.diagnostics);
    let files = &mut gathered.facts.files;
    files.extend(more.facts);
    files.sort_by(|a, b| a.source.path.cmp(&b.source.path));
}

/// Resolves every part by itself.
fn shares(
    parts: &[Part],
    gathered: &Gathered<'_>,
    target: &Target,
    hot: &BTreeSet<Name>,
    rules: &RuleSet,
) -> Vec<Share> {
    let facts = &gathered.facts;
    let files = facts.files.iter();
    let paths: Vec<&str> = files.map(|facts| &*facts.source.path).collect();
    let links = resolve::links(facts);
    let closures = closure::closures(parts, &paths, &links);
    let lent: BTreeSet<usize> = closures
        .iter()
        .flat_map(|closure| closure.imported.iter().copied())
        .collect();
    let numbered: Vec<usize> = (0..parts.len()).collect();
    numbered
        .into_par_iter()
        .map(|index| {
            let closure = &closures[index];
            let place = Place {
                parts,
                index,
                closure,
                hot,
            };
            let lent = closure.own.intersection(&lent).copied().collect();
            place.share(gathered, &lent, target, rules)
        })
        .collect()
}

/// One part among the others.
struct Place<'a> {
    parts: &'a [Part],
    index: usize,
    closure: &'a Closure,
    hot: &'a BTreeSet<Name>,
}

impl Place<'_> {
    fn share(
        &self,
        gathered: &Gathered<'_>,
        lent: &BTreeSet<usize>,
        target: &Target,
        rules: &RuleSet,
    ) -> Share {
        let (facts, sdks) = self.facts(gathered, lent, target);
        let unread = self.own(&gathered.unread);
        let texts = self.own(&gathered.listing.texts);
        // Code that is there for others is named all over; who uses it is known by the imports.
        let mentioned = |names: &BTreeSet<Name>| {
            if lent.is_empty() {
                gathered.reader.names_used(names, &unread, &texts)
            } else {
                BTreeSet::new()
            }
        };
        let mut paths = facts.files.iter().map(|file| &file.source.path);
        let leads_anywhere = paths.any(|path| self.hot.contains(path));
        let (mut found, failure) = if leads_anywhere {
            pipeline::resolve_safely(&facts, rules, &mentioned, false)
        } else {
            Default::default()
        };
        let is_own = |path: &str| owner(self.parts, path) == self.index;
        let is_here = |path: &str| facts.files.iter().any(|file| *file.source.path == *path);
        found
            .calls
            .retain(|call| call.tier != Tier::Unreferenced || is_own(&call.location.path));
        let read = gathered.diagnostics.iter();
        let read = read.filter(|one| {
            let path = &one.location.path;
            is_own(path) || (is_here(path) && !self.closure.own.is_empty())
        });
        found.unresolved.extend(read.cloned());
        let (entries, comments) = (gathered.owner.entries, gathered.owner.comments);
        let (mut found, told) = told::apply(found, &facts.files, entries, comments, rules);
        // What is without effect here may have one elsewhere.
        found.unresolved.retain(|one| !one.code.is_without_effect());
        Share {
            facts,
            sdks,
            found,
            told,
            notes: failure.into_iter().collect(),
        }
    }

    fn facts(
        &self,
        gathered: &Gathered<'_>,
        lent: &BTreeSet<usize>,
        target: &Target,
    ) -> (UnitFacts, Vec<SdkInUse>) {
        let all = &gathered.facts;
        if self.closure.own.is_empty() {
            return Default::default();
        }
        let files = self.closure.files();
        let path = |file: usize| Some(all.files.get(file)?.source.path.clone());
        let near: BTreeSet<usize> = files
            .iter()
            .filter_map(|file| path(*file))
            .map(|path| owner(self.parts, &path))
            .collect();
        let is_near = |path: &str| {
            let of = owner(self.parts, path);
            of == 0 || near.contains(&of)
        };
        let listing = Listing {
            packages: kept(&gathered.listing.packages, |(path, _)| is_near(path)),
            copies: kept(&gathered.listing.copies, |copy| {
                copy.path.as_ref().is_none_or(|path| is_near(path))
            }),
            ..Listing::default()
        };
        let chosen = files.iter().filter_map(|file| all.files.get(*file));
        let (facts, sdks) = pipeline::unit_facts(&listing, chosen.cloned().collect());
        let borrowed = self
            .closure
            .imported
            .iter()
            .copied()
            .filter_map(path)
            .collect();
        let facts = UnitFacts {
            packages: all.packages.clone(),
            aliases: all.aliases.clone(),
            python_roots: all.python_roots.clone(),
            entry_points: if lent.is_empty() {
                self.entry_points(gathered, target)
            } else {
                EntryPoints::Conventional
            },
            neighbours: Neighbours {
                borrowed,
                lent: lent.iter().copied().filter_map(path).collect(),
            },
            ..facts
        };
        (facts, sdks)
    }

    /// Decides it by the package files at the root of the part.
    fn entry_points(&self, gathered: &Gathered<'_>, target: &Target) -> EntryPoints {
        let Some(part) = self
            .parts
            .get(self.index)
            .filter(|part| !part.dir.is_empty())
        else {
            return entry::entry_points(target.unit.kind, &gathered.listing.packages);
        };
        let packages = gathered.listing.packages.iter();
        let inner: Vec<(Name, place::Place)> = packages
            .filter_map(|(path, disk)| {
                let inner = path.strip_prefix(&*part.dir)?.strip_prefix('/')?;
                Some((inner.into(), disk.clone()))
            })
            .collect();
        entry::entry_points(part.unit.kind, &inner)
    }

    fn own(&self, files: &[Found]) -> Vec<Found> {
        kept(files, |found| owner(self.parts, &found.path) == self.index)
    }
}

fn kept<T: Clone>(all: &[T], keeps: impl Fn(&T) -> bool) -> Vec<T> {
    all.iter().filter(|one| keeps(one)).cloned().collect()
}

/// Resolves the repository as one program, with what its owner told.
fn told_whole(gathered: &Gathered<'_>, rules: &RuleSet) -> Resolution {
    let (mut found, failure) = pipeline::resolve_all(gathered, rules, false);
    found
        .unresolved
        .extend(gathered.diagnostics.iter().cloned());
    found.unresolved.extend(gathered.notes.iter().cloned());
    found.unresolved.extend(failure);
    let (entries, comments) = (gathered.owner.entries, gathered.owner.comments);
    told::apply(found, &gathered.facts.files, entries, comments, rules).0
}

/// Gives every request and everything open to at least one part, and what is unreferenced to none
/// that only holds it for others.
fn settle(parts: &[Part], shares: &mut [Share], whole: Resolution) {
    let is_live = |call: &&CallSite| call.tier != Tier::Unreferenced;
    let calls = shares.iter().flat_map(|share| &share.found.calls);
    let mut live: BTreeSet<Key> = calls.filter(is_live).map(key).collect();
    let open = shares.iter().flat_map(|share| &share.found.unresolved);
    let mut open: BTreeSet<Diagnostic> = open.cloned().collect();
    for call in whole.calls.into_iter().filter(|call| is_live(&call)) {
        if live.insert(key(&call))
            && let Some(share) = shares.get_mut(owner(parts, &call.location.path))
        {
            share.found.calls.push(call);
        }
    }
    for one in whole.unresolved {
        if open.insert(one.clone())
            && let Some(share) = shares.get_mut(owner(parts, &one.location.path))
        {
            share.found.unresolved.push(one);
        }
    }
    for share in shares {
        let calls = &mut share.found.calls;
        calls.retain(|call| is_live(&call) || !live.contains(&key(call)));
        calls.sort();
    }
}

/// What makes two requests the same one.
type Key = (Name, u32, u32, String, bool);

fn key(call: &CallSite) -> Key {
    let at = &call.location;
    let endpoint = format!("{} {}", call.method, call.path);
    (at.path.clone(), at.line, at.column, endpoint, call.connect)
}

/// Makes the manifest of a part.
fn judged(
    part: &Part,
    share: Share,
    gathered: &Gathered<'_>,
    options: &Options,
    rules: &RuleSet,
) -> Scanned {
    let Share {
        facts,
        sdks,
        found,
        mut told,
        notes,
    } = share;
    told.excluded.clone_from(&gathered.excluded);
    let judged = pipeline::judged(
        found,
        notes,
        &facts.files,
        &gathered.features,
        options,
        rules,
    );
    let asks = !(judged.permissions.is_empty()
        && judged.connect.is_empty()
        && judged.unmapped.is_empty()
        && judged.unresolved.is_empty()
        && told.assumed.is_empty()
        && told.suppressed.is_empty());
    // Code that is there for others needs no key of its own.
    let is_for_others = !facts.neighbours.lent.is_empty();
    Scanned {
        has_source: gathered.has_source,
        counts: asks || !(facts.files.is_empty() || is_for_others),
        manifest: Manifest {
            unit: part.unit.clone(),
            told,
            sdks,
            skipped: Skipped::new(),
            n_files: facts.files.len() as u64,
            ..judged
        },
    }
}
