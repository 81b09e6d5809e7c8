//! `check`: whether the committed manifest is still what the code needs.

use std::{
    io,
    path::{Path, PathBuf},
};

use model::manifest::{KeyTiers, Manifest};
use report::v1::changes::Changes;
use rules::RuleSet;
use scan::Input;

mod args;
mod kept;
mod outcome;

pub(crate) use args::{ChangesFormat, CheckArgs, EXAMPLES};

use crate::{
    commands::check::{kept::Kept, outcome::Outcome},
    committed::{self, Ids},
    error::CliError,
    input::must_exist,
    progress::Bar,
    rule_files, scanning,
    screen::{Screen, Talk},
    status::Status,
};

pub(crate) fn run(args: &CheckArgs, screen: &Screen) -> Result<Status, CliError> {
    let here = [PathBuf::from(".")];
    let roots = match args.paths.as_slice() {
        [] => &here,
        paths => paths,
    };
    if args.manifest.is_some() && roots.len() > 1 {
        return Err(CliError::OneManifest);
    }
    must_exist(roots)?;
    let rules = rule_files::load(&args.rules.rules)?;
    let mut outcomes = Vec::new();
    for root in roots {
        outcomes.extend(check(args, root, &rules, screen)?);
    }
    let changes: Vec<Changes> = outcomes
        .iter()
        .flat_map(|one| one.changes.clone())
        .collect();
    print(args.format, &changes, screen)?;
    if args.fix {
        for outcome in outcomes.iter().filter(|one| one.is_old) {
            outcome.write(args, &rules, screen)?;
        }
    }
    if args.format == ChangesFormat::Text && screen.talk != Talk::Quiet {
        let advice = outcome::advice(&outcomes, args);
        screen.print(advice.as_bytes())?;
    }
    Ok(judged(args, &outcomes, screen))
}

/// Writes the changes in the format that was asked for.
pub(crate) fn print(format: ChangesFormat, changes: &[Changes], screen: &Screen) -> io::Result<()> {
    let mut out = Vec::new();
    match format {
        ChangesFormat::Text => {
            let options = report::Options {
                styles: screen.styles,
                verbose: screen.talk == Talk::Verbose,
                width: screen.width,
                ..report::Options::default()
            };
            compare::render_text(changes, &options, &mut out)?;
        }
        ChangesFormat::Markdown => compare::render_markdown(changes, &mut out)?,
        ChangesFormat::Json => compare::render_json(changes, &mut out)?,
    }
    screen.print(&out)
}

/// Compares what is at `root` with its manifest, or each unit there with its own.
fn check(
    args: &CheckArgs,
    root: &Path,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Outcome>, CliError> {
    let ids = if args.fix { Ids::Any } else { Ids::Known };
    let file = args.manifest.clone().or_else(|| committed::in_folder(root));
    let scan = |tiers| scan(args, root, tiers, rules, screen);
    if let Some(file) = file {
        let committed = committed::read(&file, rules, ids)?;
        let options = options(args, root, committed.key_tiers, rules)?;
        let kept = Kept::of(args, root, options, rules, &committed);
        if let Some(found) = kept.as_ref().and_then(Kept::get) {
            return Ok(vec![Outcome::known(committed, found)]);
        }
        let units = scan(committed.key_tiers)?;
        let manifests = units.into_iter().map(|(_, manifest)| manifest).collect();
        let outcome = Outcome::compared(committed, manifests);
        if let Some(kept) = kept {
            kept.put(&outcome.found);
        }
        return Ok(vec![outcome]);
    }
    let units = scan(KeyTiers::default())?;
    let has_own = |folder: &Path| folder != root && committed::in_folder(folder).is_some();
    if !units.iter().any(|(folder, _)| has_own(folder)) {
        return Err(CliError::NoManifest {
            folder: root.to_owned(),
            below: committed::below(root),
        });
    }
    each(units, rules, ids, &scan)
}

/// A unit and its folder.
type Placed = (PathBuf, Manifest);

/// Compares each unit with the manifest in its folder.
fn each(
    units: Vec<Placed>,
    rules: &RuleSet,
    ids: Ids,
    scan: &dyn Fn(KeyTiers) -> Result<Vec<Placed>, CliError>,
) -> Result<Vec<Outcome>, CliError> {
    let mut outcomes = Vec::new();
    // Few keys are made for other tiers than usual; all units are scanned once for each such choice.
    let mut scans = vec![(KeyTiers::default(), units)];
    let n_units = scans.first().map_or(0, |(_, units)| units.len());
    for n in 0..n_units {
        let Some((folder, manifest)) = at(&scans, 0, n) else {
            continue;
        };
        let Some(file) = committed::in_folder(&folder) else {
            outcomes.extend(Outcome::without_manifest(&folder, manifest));
            continue;
        };
        let committed = committed::read(&file, rules, ids)?;
        let known = scans
            .iter()
            .position(|(tiers, _)| *tiers == committed.key_tiers);
        let which = if let Some(which) = known {
            which
        } else {
            scans.push((committed.key_tiers, scan(committed.key_tiers)?));
            scans.len() - 1
        };
        let manifest = at(&scans, which, n).map_or(manifest, |(_, manifest)| manifest);
        outcomes.push(Outcome::compared(committed, vec![manifest]));
    }
    Ok(outcomes)
}

fn at(scans: &[(KeyTiers, Vec<Placed>)], which: usize, n: usize) -> Option<Placed> {
    scans.get(which)?.1.get(n).cloned()
}

fn scan(
    args: &CheckArgs,
    root: &Path,
    key_tiers: KeyTiers,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Placed>, CliError> {
    let input = Input::Paths(vec![root.to_owned()]);
    let options = options(args, root, key_tiers, rules)?;
    let bar = Bar::new(screen);
    Ok(scan::scan_placed(&input, &options, rules, &bar)?)
}

fn options(
    args: &CheckArgs,
    root: &Path,
    key_tiers: KeyTiers,
    rules: &RuleSet,
) -> Result<scan::Options, CliError> {
    let input = Input::Paths(vec![root.to_owned()]);
    scanning::options_for(&args.read, &args.run, key_tiers, &input, rules)
}

fn judged(args: &CheckArgs, outcomes: &[Outcome], screen: &Screen) -> Status {
    if !args.fix && outcomes.iter().any(|one| one.fails(args)) {
        return Status::Findings;
    }
    let units = outcomes.iter().flat_map(|one| &one.found.standings);
    scanning::judged(&args.run, units.copied(), screen)
}
