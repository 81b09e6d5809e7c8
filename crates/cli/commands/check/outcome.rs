//! What comparing one manifest file gave, and what is done about it.

use std::{fmt::Write as _, path::Path};

use model::manifest::Manifest;
use report::{
    Format, Mode,
    v1::{Document, Unit, UnitFile, changes::Changes},
};
use rules::RuleSet;
use serde::{Deserialize, Serialize};

use crate::{
    commands::check::CheckArgs,
    committed::{Committed, Form, MANIFEST},
    error::CliError,
    output::write,
    scanning::Standing,
    screen::Screen,
};

/// What comparing one manifest file gave.
#[derive(Debug)]
pub(crate) struct Outcome {
    /// The file, its units as they are written there, and how; no units where there is no file yet.
    committed: Committed,
    /// What the code needs; empty where that was known.
    manifests: Vec<Manifest>,
    /// The same, as far as it is compared.
    pub(crate) found: Found,
    /// What is different, unit by unit.
    pub(crate) changes: Vec<Changes>,
    /// Whether the file says anything that is no longer so, be it a line number.
    pub(crate) is_old: bool,
}

/// What was found in the code, as far as a check tells it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Found {
    /// The units, as the manifest file would have them.
    units: Vec<Unit>,
    /// How each of them stands.
    pub(crate) standings: Vec<Standing>,
}

impl Found {
    /// Says how the units are written in a manifest file.
    pub(crate) fn form(committed: &Committed) -> String {
        let tiers = committed.key_tiers;
        format!(
            "{:?} {:?} {tiers:?}",
            committed.form,
            mode(&committed.units)
        )
    }

    fn new(manifests: &[Manifest], committed: &Committed) -> Self {
        let mode = mode(&committed.units);
        let units = match committed.form {
            Form::Yaml => manifests
                .iter()
                .map(|manifest| UnitFile::new(manifest, mode).unit)
                .collect(),
            Form::Json => {
                let options = report::Options {
                    mode,
                    ..report::Options::default()
                };
                Document::new(manifests, &options).units
            }
        };
        Self {
            units,
            standings: manifests.iter().map(Standing::from).collect(),
        }
    }
}

impl Outcome {
    /// Compares a manifest file with what its code needs.
    pub(crate) fn compared(committed: Committed, manifests: Vec<Manifest>) -> Self {
        let found = Found::new(&manifests, &committed);
        Self {
            manifests,
            ..Self::known(committed, found)
        }
    }

    /// Compares a manifest file with what an earlier check found.
    pub(crate) fn known(committed: Committed, found: Found) -> Self {
        Self {
            changes: compare::compare_all(&committed.units, &found.units),
            is_old: committed.units != found.units,
            committed,
            manifests: Vec::new(),
            found,
        }
    }

    /// Reports a unit whose folder has no manifest, unless it needs none.
    pub(crate) fn without_manifest(folder: &Path, manifest: Manifest) -> Option<Self> {
        let changes = compare::appeared(&UnitFile::new(&manifest, Mode::Live).unit);
        let committed = Committed {
            path: folder.join(MANIFEST),
            form: Form::Yaml,
            units: Vec::new(),
            key_tiers: manifest.key_tiers,
        };
        (!changes.is_empty()).then(|| Self {
            found: Found::new(std::slice::from_ref(&manifest), &committed),
            committed,
            manifests: vec![manifest],
            changes: vec![changes],
            is_old: true,
        })
    }

    /// Tells whether the check fails because of this file.
    pub(crate) fn fails(&self, args: &CheckArgs) -> bool {
        let is_grave = |one: &Changes| {
            one.widens() || !one.opened.is_empty() || (one.narrows() && !args.allow_narrower)
        };
        self.changes.iter().any(is_grave) || (args.exact && self.is_old)
    }

    /// Writes the manifest as the code needs it.
    pub(crate) fn write(
        &self,
        args: &CheckArgs,
        rules: &RuleSet,
        screen: &Screen,
    ) -> Result<(), CliError> {
        let names = args.rules.rules.iter().filter_map(|file| file.file_name());
        let options = report::Options {
            tool_version: env!("CARGO_PKG_VERSION").to_owned(),
            rules_version: rules.version().to_owned(),
            added_rules: names
                .map(|name| name.to_string_lossy().into_owned())
                .collect(),
            mode: mode(&self.committed.units),
            ..report::Options::default()
        };
        let format = match self.committed.form {
            Form::Yaml => Format::Yaml,
            Form::Json => Format::Json,
        };
        let mut out = Vec::new();
        report::render(format, &self.manifests, &options, &mut out)?;
        write(&self.committed.path, out)?;
        screen.remark(&format!("wrote {}", self.shown()));
        Ok(())
    }

    fn shown(&self) -> String {
        let path = &self.committed.path;
        let path = path.strip_prefix(".").unwrap_or(path);
        report::sanitize(&path.display().to_string()).into_owned()
    }

    /// Says in one line that nothing is to be done.
    fn is_fine(&self) -> String {
        let standings = &self.found.standings;
        let n_permissions: usize = standings.iter().map(|one| one.n_permissions).sum();
        let permissions = match n_permissions {
            1 => "1 permission".to_owned(),
            n => format!("{n} permissions"),
        };
        let complete = if standings.iter().all(|one| one.is_complete) {
            "complete"
        } else {
            "incomplete"
        };
        format!("{} is up to date: {permissions}, {complete}", self.shown())
    }
}

/// Returns the kind of key that the links of a manifest create.
fn mode(units: &[Unit]) -> Mode {
    let mut links = units.iter().filter_map(|unit| unit.link.as_deref());
    if links.any(|link| link.starts_with("https://dashboard.stripe.com/test/")) {
        Mode::Test
    } else {
        Mode::Live
    }
}

/// Says what to do, or that nothing is to be done.
pub(crate) fn advice(outcomes: &[Outcome], args: &CheckArgs) -> String {
    let mut text = String::new();
    let mut say = |line: &str| {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{line}");
    };
    let failed: Vec<&Outcome> = outcomes.iter().filter(|one| one.fails(args)).collect();
    let is_shown = outcomes
        .iter()
        .any(|one| one.changes.iter().any(|changes| !changes.is_empty()));
    if is_shown && !args.fix {
        say("");
    }
    let command = command(args);
    if failed.is_empty() {
        match outcomes {
            [] => say("no unit here needs a manifest"),
            [one] => say(&one.is_fine()),
            all => say(&format!("{} manifests are up to date", all.len())),
        }
        if outcomes.iter().any(|one| one.is_old) && !args.fix {
            say(&format!(
                "lines or other details in it have moved: `{command}` writes them again"
            ));
        }
        return text;
    }
    if args.fix {
        return text;
    }
    for one in &failed {
        let state = if one.committed.units.is_empty() {
            "is missing"
        } else {
            "is out of date"
        };
        say(&format!("{} {state}", one.shown()));
    }
    let widens = failed
        .iter()
        .flat_map(|one| &one.changes)
        .any(Changes::widens);
    say(&format!(
        "Is it meant? Then `{command}` accepts it; commit the manifest with the code."
    ));
    if widens {
        say("The key in use lacks what it gains: change it before this code is deployed.");
    }
    text
}

/// Returns the command that accepts the difference.
fn command(args: &CheckArgs) -> String {
    let mut command = "rakscan check --fix".to_owned();
    let manifest = args.manifest.iter().map(|file| ("--manifest ", file));
    for (option, path) in manifest.chain(args.paths.iter().map(|path| ("", path))) {
        let path = path.display().to_string();
        let path = report::sanitize(&path);
        let quote = if path.contains(' ') { "'" } else { "" };
        // Writing to a string cannot fail.
        let _ = write!(command, " {option}{quote}{path}{quote}");
    }
    command
}
