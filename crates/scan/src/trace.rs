//! The way of one line: find its unit, read that as a scan does, and say what became of the line.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    path::{Path, PathBuf},
    sync::Arc,
};

use model::{
    Name,
    api::Endpoint,
    diagnostic::{Code, Diagnostic},
    evidence::Resolution,
    language::Language,
    manifest::SkipReason,
    source::SourceFile,
    trace::{Needs, Outcome, Reading, Trace, TracedCall, TracedRequest},
};
use model::{manifest::UnmappedReason, unit::UnitFacts};
use rules::{Answer, RuleSet};

use crate::{
    Input, NoProgress, Options, ScanError, archive, entry,
    harvest::{self, Reader},
    listing::{Content, Found, Listing, diagnostic},
    pipeline,
    place::Place,
    pool,
    target::{self, Scope, Target},
    told::{self, Owner},
    walk,
};

/// Why a line could not be traced.
#[derive(Debug, thiserror::Error)]
pub enum TraceError {
    /// What was asked for could not be scanned.
    #[error(transparent)]
    Scan(#[from] ScanError),
    /// There is no such file.
    #[error("no such file: `{}`", path.display())]
    NoSuchFile {
        /// The file as it was given.
        path: PathBuf,
    },
    /// The file is there, but not in what is scanned.
    #[error("`{}` is not in what is scanned", path.display())]
    Outside {
        /// The file as it was given.
        path: PathBuf,
    },
    /// The file has no text.
    #[error("`{}` cannot be read as text", path.display())]
    NoText {
        /// The file as it was given.
        path: PathBuf,
    },
    /// The file is shorter.
    #[error("`{}` has no line {line}: it has {n_lines}", path.display())]
    NoSuchLine {
        /// The file as it was given.
        path: PathBuf,
        /// The line that was asked for.
        line: u32,
        /// How many it has.
        n_lines: u32,
    },
}

/// Says what became of one line, in each unit of `input` that has the file.
///
/// `file` is a path from here, or one as a manifest of `input` shows it.
///
/// # Errors
///
/// Fails where `input` cannot be scanned, or no unit of it has such a file or line.
pub fn trace(
    input: &Input,
    options: &Options,
    rules: &RuleSet,
    file: &Path,
    line: u32,
) -> Result<Vec<Trace>, TraceError> {
    let targets = archive::expanded(target::targets(input)?, options)?;
    let places = places(&targets, file);
    if places.is_empty() {
        let path = file.to_path_buf();
        return Err(if file.is_file() {
            TraceError::Outside { path }
        } else {
            TraceError::NoSuchFile { path }
        });
    }
    let run = || {
        let traced = places
            .iter()
            .map(|(target, found)| trace_in(target, found, options, rules, (file, line)));
        traced.collect()
    };
    match pool(options) {
        Some(pool) => pool.install(run),
        None => run(),
    }
}

/// Lists the units that have a file: by its path from here, or else by that in the unit.
fn places<'t>(targets: &'t [Target], file: &Path) -> Vec<(&'t Target, Found)> {
    let by = |find: &dyn Fn(&Target) -> Option<Found>| -> Vec<(&'t Target, Found)> {
        let found = targets.iter().map(|target| (target, find(target)));
        found
            .filter_map(|(target, found)| Some((target, found?)))
            .collect()
    };
    let from_here = by(&|target| place(target, file));
    if !from_here.is_empty() {
        return from_here;
    }
    by(&|target| match &target.scope {
        Scope::Folder { base, .. } | Scope::Loose(base) => {
            place(target, &base.on_disk()?.join(file))
        }
        Scope::Archive(_) => None,
        Scope::File(found) => (Path::new(&*found.path) == file).then(|| found.clone()),
    })
}

/// Finds the member of an archive by the path that a manifest shows, or by that in its unit.
fn member(target: &Target, base: &Place, path: &Path) -> Option<Found> {
    let path = path.to_string_lossy().replace('\\', "/");
    let inner = match path.split_once(&target.origin.prefix) {
        Some((before, inner)) if before.is_empty() || before.ends_with('/') => inner,
        Some(_) | None => &path,
    };
    let place = base.join(inner);
    place.is_file().then(|| Found {
        path: inner.into(),
        language: Language::from_path(Path::new(inner)),
        content: place.content(),
        words: None,
    })
}

/// Finds the file at `path` in a unit.
fn place(target: &Target, path: &Path) -> Option<Found> {
    if let Scope::Folder { base, .. } | Scope::Loose(base) = &target.scope
        && base.on_disk().is_none()
    {
        return member(target, base, path);
    }
    let (base, is_deep) = match &target.scope {
        Scope::Folder { base, .. } => (base.on_disk()?, true),
        Scope::Loose(folder) => (folder.on_disk()?, false),
        Scope::Archive(_) => return None,
        Scope::File(found) => {
            let Content::Disk(disk) = &found.content else {
                return None;
            };
            let is_same = disk.canonicalize().ok()? == path.canonicalize().ok()?;
            return is_same.then(|| found.clone());
        }
    };
    let disk = path.canonicalize().ok().filter(|path| path.is_file())?;
    let below = disk.strip_prefix(base.canonicalize().ok()?).ok()?;
    let parts: Vec<_> = below.iter().map(|part| part.to_string_lossy()).collect();
    (is_deep || parts.len() == 1).then(|| Found {
        path: parts.join("/").into(),
        language: Language::from_path(below),
        content: Content::Disk(Arc::from(disk.as_path())),
        words: None,
    })
}

fn trace_in(
    target: &Target,
    found: &Found,
    options: &Options,
    rules: &RuleSet,
    (asked, line): (&Path, u32),
) -> Result<Trace, TraceError> {
    let walk_rules = pipeline::walk_rules(options);
    let mut listing = target.list(&walk_rules);
    let owner = Owner::of(target, options);
    let is_listed = |listing: &Listing| listing.files.iter().any(|file| file.path == found.path);
    let was_listed = is_listed(&listing);
    if let Some(entries) = &owner.entries {
        told::exclude::exclude(&mut listing, entries);
    }
    let is_excluded = was_listed && !is_listed(&listing);
    let reader = pipeline::reader(&listing, target, options, &owner);
    let source = source(&reader, found, asked)?;
    if line == 0 || line > source.n_lines() {
        return Err(TraceError::NoSuchLine {
            path: asked.to_path_buf(),
            line,
            n_lines: source.n_lines(),
        });
    }
    let harvest = harvest::harvest(&listing, &reader, &NoProgress);
    let mut diagnostics = harvest.diagnostics;
    diagnostics.retain(|said| said.location.path == found.path);
    let (mut facts, _) = pipeline::unit_facts(&listing, harvest.facts);
    facts.entry_points = entry::entry_points(target.unit.kind, &listing.packages);
    let unread = harvest.unread;
    let mentioned = |names: &BTreeSet<Name>| reader.names_used(names, &unread, &listing.texts);
    let is_read = facts
        .files
        .iter()
        .any(|facts| facts.source.path == found.path);
    let reading = if is_read {
        Reading::Read
    } else if is_excluded {
        Reading::Skipped(SkipReason::Configured)
    } else {
        why_unread(target, &listing, &reader, &walk_rules, found)
    };
    let (mut calls, open) = calls(&facts, rules, (&found.path, line), &mentioned);
    diagnostics.extend(still_open(open, &facts, &owner, rules));
    diagnostics.sort();
    diagnostics.dedup();
    for call in &mut calls {
        judge(call, rules);
    }
    Ok(Trace {
        unit: target.unit.clone(),
        location: source.line_location(line),
        reading,
        diagnostics,
        calls,
    })
}

fn source(reader: &Reader<'_>, found: &Found, asked: &Path) -> Result<SourceFile, TraceError> {
    let text = reader.text(found).ok_or_else(|| TraceError::NoText {
        path: asked.to_path_buf(),
    })?;
    // The language does not matter: only the lines are looked at.
    let language = found.language.unwrap_or(Language::Php);
    Ok(SourceFile::new(found.path.clone(), language, text))
}

fn why_unread(
    target: &Target,
    listing: &Listing,
    reader: &Reader<'_>,
    rules: &walk::Rules,
    found: &Found,
) -> Reading {
    let listed = listing.files.iter().find(|file| file.path == found.path);
    let reason = match (listed, &target.scope) {
        (Some(file), _) => reader.why_unread(file),
        (None, Scope::Folder { base, start }) => {
            walk::why_left_out(base, start, rules, &found.path)
        }
        (None, Scope::Loose(folder)) => walk::why_left_out(folder, folder, rules, &found.path),
        (None, Scope::File(_) | Scope::Archive(_)) => None,
    };
    reason.map_or(Reading::NotSource, Reading::Skipped)
}

/// Leaves out what the owner of the code has answered.
fn still_open(
    open: Vec<Diagnostic>,
    facts: &UnitFacts,
    owner: &Owner<'_>,
    rules: &RuleSet,
) -> Vec<Diagnostic> {
    let asked = Resolution {
        unresolved: open.clone(),
        ..Resolution::default()
    };
    let (left, _) = told::apply(asked, &facts.files, owner.entries, owner.comments, rules);
    open.into_iter()
        .filter(|said| left.unresolved.contains(said))
        .collect()
}

/// Traces, and turns a failure of ours into something that the trace says.
fn calls(
    facts: &UnitFacts,
    rules: &RuleSet,
    (path, line): (&Name, u32),
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> (Vec<TracedCall>, Vec<Diagnostic>) {
    let attempt =
        AssertUnwindSafe(|| resolve::trace(facts, rules.catalog(), path, line, mentioned));
    catch_unwind(attempt).unwrap_or_else(|_| {
        let message = "following the calls of this unit failed and was given up";
        let said = diagnostic(path, Code::LimitExceeded, message);
        (Vec::new(), vec![said])
    })
}

fn judge(call: &mut TracedCall, rules: &RuleSet) {
    let outcomes = call.ways.iter_mut().flat_map(|way| &mut way.outcomes);
    for outcome in outcomes {
        if let Outcome::Request(request) = outcome {
            request.needs = Some(needs(request, rules));
        }
    }
}

fn needs(request: &TracedRequest, rules: &RuleSet) -> Needs {
    let asked = Endpoint {
        path: request.path.clone(),
        method: request.method,
    };
    let Some(rule) = rules.endpoint(&asked) else {
        return Needs::Unmapped {
            endpoint: asked,
            reason: UnmappedReason::UnknownEndpoint,
        };
    };
    let endpoint = rule.endpoint.clone();
    let unmapped = |reason| Needs::Unmapped {
        endpoint: endpoint.clone(),
        reason,
    };
    match &rule.answer {
        Answer::Nothing => Needs::Nothing { endpoint },
        Answer::Unknown => unmapped(UnmappedReason::UnknownPermission),
        Answer::Needs(ids) => match ids.first() {
            Some(id) => Needs::Permission {
                label: rules.permission(id).and_then(|info| info.label.clone()),
                id: id.clone(),
                grade: rule.grade,
                endpoint,
            },
            None => unmapped(UnmappedReason::UnknownPermission),
        },
    }
}
