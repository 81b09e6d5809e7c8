//! The report for people: compact, aligned, and honest about what is open.

use std::io::{self, Write};

use model::{
    diagnostic::{Code, Diagnostic},
    evidence::{Apart, Tier},
    key::KeyReport,
    manifest::{KeyTiers, Manifest, Needed, UnitKind, Unmapped},
};

use crate::{
    Options,
    directory::Directory,
    layout::{CAREFUL, Cell, FAINT, GOOD, NAME, PLAIN, STRONG},
    link::link,
    matrix,
    v1::Unit,
};

pub(crate) mod keys;
mod open;
mod table;
mod told;

pub(crate) use table::access;

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if manifests.iter().any(|one| one.among.is_some()) {
        let mut directory = Directory::new(manifests.len() > 1);
        for manifest in manifests {
            directory.add(&Unit::of(manifest, options.mode));
            directory.text(manifest, options, out)?;
        }
        return directory.summary(options, out);
    }
    let quiet = matrix::quiet(manifests, options);
    let shown = manifests
        .iter()
        .zip(quiet)
        .filter(|(_, is_quiet)| !is_quiet);
    for (index, (manifest, _)) in shown.enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        unit(manifest, options, out)?;
    }
    matrix::text(manifests, options, out)?;
    summary(manifests, options, out)
}

/// Writes what there is to say of one unit.
pub(crate) fn unit(manifest: &Manifest, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    header(manifest, options, out)?;
    let parts = Parts::of(manifest);
    table::section("", &parts.own, parts.tiers, options, out)?;
    let connect = "Connect, for requests on behalf of connected accounts";
    table::section(connect, &parts.connect, parts.tiers, options, out)?;
    let unreferenced = "Not part of the key: nothing here reaches this code";
    table::section(unreferenced, &parts.unreferenced, parts.tiers, options, out)?;
    let one_off = "Not part of the key: needed once, by upgrade or migration code";
    table::section(one_off, &parts.one_off, parts.tiers, options, out)?;
    open::unmapped("Not mapped", &parts.unmapped, options, out)?;
    open::unresolved("Could not be resolved", &parts.unresolved, options, out)?;
    open::not_counted(&manifest.not_counted, options, out)?;
    open::unresolved(
        "Without effect, or not obeyed",
        &parts.warnings,
        options,
        out,
    )?;
    open::unresolved("Notes", &parts.notes(options), options, out)?;
    told::told(&manifest.told, options, out)?;
    verdict(manifest, &parts, options, out)?;
    if options.explain_skips || options.verbose {
        skipped(manifest, options, out)?;
    }
    let link = link(manifest, options.mode);
    if let Some(report) = &manifest.keys {
        keys::part(report, link.as_deref(), options, out)?;
    }
    match link {
        Some(link) => writeln!(out, "\n  Create the key:\n  {link}"),
        None => Ok(()),
    }
}

/// A manifest, sorted by what is to be done with each part.
struct Parts<'a> {
    tiers: KeyTiers,
    own: Vec<&'a Needed>,
    connect: Vec<&'a Needed>,
    unreferenced: Vec<&'a Needed>,
    one_off: Vec<&'a Needed>,
    unmapped: Vec<&'a Unmapped>,
    asks_nothing: bool,
    unresolved: Vec<&'a Diagnostic>,
    warnings: Vec<&'a Diagnostic>,
    notes: Vec<&'a Diagnostic>,
}

impl<'a> Parts<'a> {
    fn of(manifest: &'a Manifest) -> Self {
        let needed = |all: &'a [Needed]| -> (Vec<&'a Needed>, Vec<&'a Needed>) {
            all.iter()
                .partition(|needed| manifest.key_tiers.contains(&needed.tier))
        };
        let (own, mut left_out) = needed(&manifest.permissions);
        let (connect, rest) = needed(&manifest.connect);
        left_out.extend(rest);
        let (one_off, unreferenced) = left_out
            .into_iter()
            .partition(|needed| needed.tier == Tier::OneOff);
        let mut not_counted = manifest.not_counted.iter();
        let (notes, unresolved): (Vec<_>, Vec<_>) = manifest
            .unresolved
            .iter()
            .partition(|diagnostic| diagnostic.code.leaves_complete());
        let (warnings, notes) = notes
            .into_iter()
            .partition(|one| one.code.is_without_effect() || one.code == Code::NotObeyed);
        Self {
            tiers: manifest.key_tiers,
            own,
            connect,
            unreferenced,
            one_off,
            unmapped: manifest.unmapped.iter().collect(),
            asks_nothing: not_counted.any(|one| one.reason == Apart::NoPermission),
            unresolved,
            warnings,
            notes,
        }
    }

    /// Returns the notes to show: those about events change the key, others only explain.
    fn notes(&self, options: &Options) -> Vec<&'a Diagnostic> {
        let notes = self.notes.iter().copied();
        let shown = |note: &&Diagnostic| options.verbose || note.code == Code::EventObjects;
        notes.filter(shown).collect()
    }

    /// Says what follows where nothing is open.
    fn conclusion(&self) -> &'static str {
        if !(self.own.is_empty() && self.connect.is_empty()) {
            "every request found has a known permission, and nothing was left open"
        } else if self.asks_nothing {
            "no request found needs a permission of the key"
        } else if !(self.unreferenced.is_empty() && self.one_off.is_empty()) {
            "no request is part of the key; a key for this code needs no permission"
        } else {
            "no Stripe API request found; a key for this code needs no permission"
        }
    }

    /// Counts the endpoints without a known permission that the key is made for.
    fn n_unmapped(&self) -> usize {
        let tiers = self.unmapped.iter().map(|unmapped| &unmapped.request.tier);
        tiers.filter(|tier| self.tiers.contains(tier)).count()
    }

    /// Says what is open.
    fn open(&self) -> String {
        let places = "places could not be resolved";
        let endpoints = "endpoints have no known permission";
        let open: Vec<String> = [
            (self.unresolved.len(), "place could not be resolved", places),
            (
                self.n_unmapped(),
                "endpoint has no known permission",
                endpoints,
            ),
        ]
        .into_iter()
        .filter(|(n, _, _)| *n > 0)
        .map(|(n, one, many)| count(n as u64, one, many))
        .collect();
        let open = open.join(", ");
        let found = [&self.own, &self.connect].iter().any(|all| !all.is_empty());
        if found || !self.unmapped.is_empty() || self.asks_nothing {
            open
        } else {
            format!("no Stripe API request found, but {open}")
        }
    }
}

fn header(manifest: &Manifest, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let unit = &manifest.unit;
    let title = match &unit.version {
        Some(version) => format!("{} {version}", unit.name),
        None => unit.name.to_string(),
    };
    let mut about = vec![
        kind(unit.kind).to_owned(),
        count(manifest.n_files, "file read", "files read"),
    ];
    about.extend(manifest.sdks.iter().map(|sdk| match &sdk.version {
        Some(version) => format!("{} {version}", sdk.name),
        None => sdk.name.to_string(),
    }));
    about.dedup();
    writeln!(
        out,
        "{}  {}",
        Cell::new(&title, STRONG).paint(options.styles),
        Cell::new(&about.join(", "), FAINT).paint(options.styles)
    )
}

const fn kind(kind: UnitKind) -> &'static str {
    match kind {
        UnitKind::WordPressPlugin => "WordPress plugin",
        UnitKind::WordPressTheme => "WordPress theme",
        UnitKind::Package => "package",
        UnitKind::Folder => "folder",
        UnitKind::File => "file",
    }
}

/// Says in one line that all is known, or what is open.
fn verdict(
    manifest: &Manifest,
    parts: &Parts<'_>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (word, style, explanation) = if manifest.is_complete() {
        (
            "complete",
            GOOD,
            parts.conclusion().to_owned() + &told::remark(&manifest.told),
        )
    } else {
        ("incomplete", CAREFUL, parts.open())
    };
    let word = Cell::new(word, style).paint(options.styles);
    writeln!(out, "\n  {word}: {explanation}")
}

fn skipped(manifest: &Manifest, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if manifest.skipped.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = manifest
        .skipped
        .iter()
        .map(|(reason, n_files)| format!("{} {n_files}", reason.id()))
        .collect();
    let line = format!("files left out: {}", counts.join(", "));
    writeln!(out, "  {}", Cell::new(&line, FAINT).paint(options.styles))
}

/// Counts the units where there are several.
fn summary(manifests: &[Manifest], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if manifests.len() < 2 {
        return Ok(());
    }
    let n_with = manifests
        .iter()
        .filter(|manifest| link(manifest, options.mode).is_some())
        .count();
    let n_open = manifests
        .iter()
        .filter(|manifest| !manifest.is_complete())
        .count();
    let line = format!(
        "{} units: {n_with} with permissions, {n_open} incomplete",
        manifests.len()
    );
    writeln!(out, "\n{}", Cell::new(&line, STRONG).paint(options.styles))
}

/// Tells whether nothing was found in a unit, and nothing is open.
pub(crate) fn says_nothing(manifest: &Manifest) -> bool {
    manifest.permissions.is_empty()
        && manifest.connect.is_empty()
        && manifest.unmapped.is_empty()
        && manifest.not_counted.is_empty()
        && manifest.unresolved.is_empty()
        && manifest.told.is_empty()
        && manifest.keys.as_ref().is_none_or(says_nothing_of_keys)
}

fn says_nothing_of_keys(report: &KeyReport) -> bool {
    report.findings.is_empty() && report.closed.is_empty() && report.unread.is_empty()
}

/// Returns `1 file` or `2 files`.
fn count(n: u64, one: &str, many: &str) -> String {
    format!("{n} {}", if n == 1 { one } else { many })
}
