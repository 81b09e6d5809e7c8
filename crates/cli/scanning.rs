//! Scans for a command: what was typed becomes manifests, and says how the run ends.

use std::path::PathBuf;

use model::{
    diagnostic::Code,
    key::Severity,
    manifest::{KeyTiers, Manifest},
};
use report::v1::Unit;
use rules::RuleSet;
use scan::{Afterwards, Input, Split, Trust};
use serde::{Deserialize, Serialize};

use crate::{
    args::{InputArgs, KeyArgs, ReadArgs, RunArgs},
    config,
    error::CliError,
    input::input,
    progress::Bar,
    screen::Screen,
    status::Status,
};

/// What is to be scanned, and how.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) paths: &'a [PathBuf],
    pub(crate) files: &'a InputArgs,
    pub(crate) key: &'a KeyArgs,
    pub(crate) run: &'a RunArgs,
}

/// Scans what is asked for.
pub(crate) fn manifests(
    request: Request<'_>,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Manifest>, CliError> {
    let input = input(request.paths, request.files)?;
    let options = options(request, &input, rules)?;
    let bar = Bar::new(screen);
    Ok(scan::scan(&input, &options, rules, &bar)?)
}

/// Returns how `input` is to be scanned.
pub(crate) fn options(
    request: Request<'_>,
    input: &Input,
    rules: &RuleSet,
) -> Result<scan::Options, CliError> {
    let Request {
        files, key, run, ..
    } = request;
    let key_tiers = KeyTiers {
        one_off: !key.exclude_one_off,
        unreferenced: key.include_unreferenced,
    };
    let options = options_for(&files.read, run, key_tiers, input, rules)?;
    Ok(scan::Options {
        split: if files.units {
            Split::Packages
        } else {
            Split::Whole
        },
        ..options
    })
}

/// Returns the options of a scan whose key is made for `key_tiers`.
pub(crate) fn options_for(
    read: &ReadArgs,
    run: &RunArgs,
    key_tiers: KeyTiers,
    input: &Input,
    rules: &RuleSet,
) -> Result<scan::Options, CliError> {
    let default = scan::Options::default();
    Ok(scan::Options {
        configs: config::load(run, input, rules)?,
        threads: run.threads.map(usize::from),
        respect_ignore_files: !read.no_ignore,
        include_tests: read.include_tests,
        include_dependencies: read.include_dependencies,
        max_file_size: read.max_file_size.unwrap_or(default.max_file_size),
        trust: if run.no_config {
            Trust::Nobody
        } else {
            Trust::Owner
        },
        key_tiers,
        keys: default.keys,
        split: default.split,
        fingerprint: default.fingerprint,
        paths: default.paths,
        afterwards: Afterwards::Ends,
    })
}

/// How far a unit could be understood.
#[derive(Clone, Copy, Debug, Serialize, Deserialize)]
pub(crate) struct Standing {
    /// How many permissions its key must have.
    pub(crate) n_permissions: usize,
    /// Whether nothing is open.
    pub(crate) is_complete: bool,
    /// How much was told without effect.
    n_idle: usize,
}

impl From<&Manifest> for Standing {
    fn from(manifest: &Manifest) -> Self {
        let idle = manifest.unresolved.iter();
        Self {
            n_permissions: manifest.permissions.len() + manifest.connect.len(),
            is_complete: manifest.is_complete(),
            n_idle: idle.filter(|one| one.code.is_without_effect()).count(),
        }
    }
}

/// How many there are of what decides how a run ends.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Counts {
    units: usize,
    /// Units that are not complete.
    open: usize,
    /// What was told without effect.
    idle: usize,
    /// Keys that lie where they must not.
    bad_keys: usize,
}

impl Counts {
    fn add_standing(&mut self, unit: Standing) {
        self.units += 1;
        self.open += usize::from(!unit.is_complete);
        self.idle += unit.n_idle;
    }

    /// Counts a unit.
    pub(crate) fn add(&mut self, unit: &Unit) {
        self.units += 1;
        self.open += usize::from(!unit.complete);
        let codes = unit.unresolved.iter().map(|one| Code::from_id(&one.code));
        let idle = codes.flatten().filter(|code| code.is_without_effect());
        self.idle += idle.count();
        let bad = unit
            .keys
            .iter()
            .filter(|key| key.severity == Severity::Error.id());
        self.bad_keys += bad.count();
    }

    /// Tells whether a key was found that lies where it must not.
    pub(crate) const fn has_bad_key(&self) -> bool {
        self.bad_keys > 0
    }
}

/// Says how a run ends that scanned these units, and why where that is because of `--strict`.
pub(crate) fn judged(
    run: &RunArgs,
    units: impl IntoIterator<Item = impl Into<Standing>>,
    screen: &Screen,
) -> Status {
    let mut counts = Counts::default();
    for unit in units {
        counts.add_standing(unit.into());
    }
    judged_by(run, counts, screen)
}

/// Does the same where the units were counted already.
pub(crate) fn judged_by(run: &RunArgs, counts: Counts, screen: &Screen) -> Status {
    if !run.strict {
        return Status::Done;
    }
    let Counts {
        units: n_units,
        open: n_open,
        idle: n_idle,
        bad_keys: _,
    } = counts;
    if n_open > 0 {
        screen.remark(&format!(
            "incomplete: {n_open} of {n_units} units; see what could not be resolved or mapped"
        ));
    }
    if n_idle > 0 {
        screen.remark(&format!(
            "told without effect: {n_idle}; see the entries and comments named"
        ));
    }
    if n_open + n_idle > 0 {
        Status::Incomplete
    } else {
        Status::Done
    }
}
