//! The units of an archive: those of the folder that unpacking it gives.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use model::{
    Name,
    diagnostic::{Code, Diagnostic},
    evidence::Resolution,
    key::KeyReport,
    language::Language,
    manifest::{Among, Manifest, UnitKind},
};
use rules::RuleSet;

use super::{
    Archive, Fault, Format, Limits, Tree, relocate,
    relocate::{relocated, relocated_keys},
};
use crate::{
    Hygiene, Options, Paths, Progress, ScanError, disk, fingerprint, hygiene,
    listing::diagnostic,
    package_file,
    pipeline::{self, Scanned},
    place::{Kind, Place},
    run::Turn,
    spot::Spot,
    target::{self, Origin, Scope, Target},
    told::{Owner, feature::Features},
};

/// How many archives in an archive are opened.
const MOST_INNER: usize = 1_000;

/// What an archive turned out to hold.
pub(crate) struct Opened {
    /// Its units; paths are those in the archive.
    pub(crate) targets: Vec<Target>,
    /// What of it was not read; paths are those that people read.
    remarks: Vec<Diagnostic>,
}

/// Lists the archives in a folder.
pub(crate) fn in_folder(folder: &Place) -> Vec<Archive> {
    let files = disk::files(folder).into_iter();
    files.filter_map(Archive::at).collect()
}

/// Tells whether a folder holds archives and nothing that could be code they belong to.
pub(crate) fn is_of_archives(folder: &Place) -> bool {
    let entries = folder.entries().unwrap_or_default();
    let shown = || entries.iter().filter(|entry| !entry.name.starts_with('.'));
    let is_apart = shown().all(|entry| match entry.kind {
        Some(Kind::Folder) => false,
        Some(Kind::File) => {
            Language::from_path(Path::new(&entry.name)).is_none()
                && !package_file::is_one(&entry.name)
        }
        Some(Kind::Link | Kind::Other) | None => true,
    });
    is_apart && shown().any(|entry| entry.kind == Some(Kind::File) && is_named_so(&entry.name))
}

fn is_named_so(name: &str) -> bool {
    Format::of(name).is_some()
}

/// Scans what is in an archive; `target` is what it was found as.
pub(crate) fn scan(
    target: &Target,
    archive: &Archive,
    options: &Options,
    rules: &RuleSet,
    progress: &dyn Progress,
    turn: Turn,
) -> Vec<Scanned> {
    let opened = match expand(target, archive, options) {
        Ok(opened) => opened,
        Err(Fault(reason)) => return vec![unopened(target, archive, &reason, options, rules)],
    };
    let mut all = Vec::new();
    for (at, inner) in opened.targets.iter().enumerate() {
        let turn = Turn {
            is_last: turn.is_last && at + 1 == opened.targets.len(),
            ..turn
        };
        for mut scanned in pipeline::scan_unit(inner, options, rules, progress, turn) {
            let is_relative = options.paths == Paths::OfUnit;
            if !is_relative && !matches!(inner.scope, Scope::Archive(_)) {
                scanned.manifest = relocated(scanned.manifest, &inner.origin.prefix);
            }
            if !opened.remarks.is_empty() {
                // Something of it is not known: that must not be passed over in silence.
                scanned.counts = true;
                scanned.has_source = true;
            }
            let unresolved = &mut scanned.manifest.unresolved;
            unresolved.extend(opened.remarks.iter().cloned());
            unresolved.sort();
            scanned.manifest.among = None;
            all.push(scanned);
        }
    }
    place_among(&mut all, || {
        fingerprint::of_archive(target, archive, options)
    });
    all
}

/// Says where each unit lies in the archive, where there are several; only one alone is known again by
/// the digest of the archive.
fn place_among(all: &mut [Scanned], fingerprint: impl Fn() -> Option<Name>) {
    let counting = || all.iter().filter(|one| one.counts).count();
    let is_alone = counting() < 2;
    let mut seen: BTreeMap<Name, u32> = BTreeMap::new();
    for one in all.iter_mut().filter(|one| one.counts) {
        let name = &one.manifest.unit.name;
        let n_before = seen.entry(name.clone()).or_default();
        *n_before += 1;
        let folder: Name = match (is_alone, *n_before) {
            (true, _) => "".into(),
            (false, 1) => name.clone(),
            (false, n) => format!("{name}-{n}").into(),
        };
        one.manifest.among = Some(Among {
            folder,
            fingerprint: if is_alone { fingerprint() } else { None },
        });
    }
}

/// Finds the units in an archive.
pub(crate) fn expand(
    target: &Target,
    archive: &Archive,
    options: &Options,
) -> Result<Opened, Fault> {
    let tree = archive.open(options, &Limits::default())?;
    let prefix = format!("{}!/", shown(target, archive));
    let mut remarks = tree.diagnostics();
    for said in &mut remarks {
        relocate::of_diagnostic(said, &prefix);
    }
    let mut found = units(&tree, options);
    if found.len() > MOST_INNER {
        found.truncate(MOST_INNER);
        let message =
            format!("the archive holds more than {MOST_INNER} units; others were not read");
        let said = diagnostic(&shown(target, archive), Code::UnreadArchive, &message);
        remarks.push(said);
    }
    let targets = found
        .into_iter()
        .map(|unit| placed(unit, target, &prefix))
        .collect();
    Ok(Opened { targets, remarks })
}

/// Puts the units of archives in place of the archives.
pub(crate) fn expanded(targets: Vec<Target>, options: &Options) -> Result<Vec<Target>, ScanError> {
    let mut all = Vec::new();
    for target in targets {
        let Scope::Archive(archive) = &target.scope else {
            all.push(target);
            continue;
        };
        let opened = expand(&target, archive, options).map_err(|Fault(reason)| {
            let path = shown(&target, archive).into();
            ScanError::BadArchive { path, reason }
        })?;
        all.extend(expanded(opened.targets, options)?);
    }
    Ok(all)
}

/// Looks for keys in all that is in an archive.
pub(crate) fn keys(target: &Target, archive: &Archive, options: &Options) -> KeyReport {
    let options = Options {
        keys: Hygiene::On,
        ..options.clone()
    };
    let name = shown(target, archive);
    let tree = match archive.open(&options, &Limits::default()) {
        Ok(tree) => tree,
        Err(Fault(reason)) => {
            return KeyReport {
                name: target.unit.name.clone(),
                findings: Vec::new(),
                closed: Vec::new(),
                n_files: 0,
                left_out: BTreeMap::new(),
                unread: vec![(name.as_str().into(), reason.into())],
            };
        }
    };
    let root = Place::Inside(Arc::clone(&tree), String::new());
    let prefix = format!("{name}!/");
    let unit = placed(target::folder(&root), target, &prefix);
    let report = hygiene::of_unit(&unit, &options, &Owner::of(&unit, &options));
    let mut report = relocated_keys(report, &prefix);
    for mut said in tree.diagnostics() {
        relocate::of_diagnostic(&mut said, &prefix);
        report.unread.push((said.location.path, said.message));
    }
    report.unread.sort();
    report
}

/// Returns the path of an archive as people read it.
fn shown(target: &Target, archive: &Archive) -> String {
    match &archive.place {
        Place::Disk(_) => disk::name_of(&archive.place),
        Place::Inside(_, path) => format!("{}{path}", target.origin.prefix),
    }
}

/// Notes where a unit was found; what lies in an archive is code of others.
fn placed(unit: Target, outer: &Target, prefix: &str) -> Target {
    let below = match &unit.scope {
        Scope::Folder { base, .. } | Scope::Loose(base) => match base {
            Place::Inside(_, path) if !path.is_empty() => format!("{path}/"),
            Place::Inside(..) | Place::Disk(_) => String::new(),
        },
        Scope::File(_) | Scope::Archive(_) => String::new(),
    };
    let is_wordpress = unit.has_browser_scripts();
    Target {
        only_if_used: unit.only_if_used || (outer.only_if_used && !is_wordpress),
        origin: Origin {
            root: outer.origin.root.clone(),
            prefix: format!("{prefix}{below}"),
            is_shared: true,
        },
        ..unit
    }
}

/// Lists the units in a tree: a bundle of archives, with papers beside them, is what they are.
fn units(tree: &Arc<Tree>, options: &Options) -> Vec<Target> {
    let root = top(Place::Inside(Arc::clone(tree), String::new()));
    let found: Vec<Target> = target::of_folder(&root).iter().map(Spot::target).collect();
    let is_bundle = found.len() == 1 && found.iter().all(|unit| unit.unit.kind == UnitKind::Folder);
    if !is_bundle {
        return found;
    }
    let folders = disk::folders(&root);
    let mut inner: Vec<Archive> = [&root]
        .into_iter()
        .chain(&folders)
        .flat_map(in_folder)
        .collect();
    inner.truncate(MOST_INNER + 1);
    let has_source = tree
        .files()
        .any(|path| Language::from_path(Path::new(&path)).is_some());
    if has_source {
        inner.retain(|archive| holds_plugin(archive, options));
    }
    if inner.is_empty() {
        return found;
    }
    let rest = found.into_iter().map(|unit| Target {
        only_if_used: true,
        ..unit
    });
    inner
        .into_iter()
        .map(target::of_archive)
        .chain(rest)
        .collect()
}

/// Returns the one folder that everything lies in, where there is one; else the root.
fn top(root: Place) -> Place {
    let mut entries = root.entries().unwrap_or_default();
    // What macOS and version control leave beside it does not count.
    entries.retain(|entry| !entry.name.starts_with('.') && entry.name != "__MACOSX");
    match entries.as_slice() {
        [only] if only.kind == Some(Kind::Folder) => only.place(&root),
        _ => root,
    }
}

fn holds_plugin(archive: &Archive, options: &Options) -> bool {
    let tree = archive.open(options, &Limits::default());
    tree.is_ok_and(|tree| {
        let root = top(Place::Inside(tree, String::new()));
        target::of_folder(&root)
            .iter()
            .any(|spot| spot.target().has_browser_scripts())
    })
}

/// Makes a manifest that says only that the archive was not opened.
fn unopened(
    target: &Target,
    archive: &Archive,
    reason: &str,
    options: &Options,
    rules: &RuleSet,
) -> Scanned {
    let message = format!("the archive cannot be opened: {reason}");
    let said = diagnostic(&shown(target, archive), Code::UnreadArchive, &message);
    let nothing = Resolution::default();
    let judged = pipeline::judged(
        nothing,
        vec![said],
        &[],
        &Features::default(),
        options,
        rules,
    );
    Scanned {
        has_source: true,
        counts: true,
        manifest: Manifest {
            unit: target.unit.clone(),
            folder: target.folder(),
            ..judged
        },
    }
}
