//! `diff`: how the need of a key differs between two versions of code.

use std::path::{Path, PathBuf};

use clap::{Args, ValueHint};
use model::manifest::KeyTiers;
use report::{
    Mode,
    v1::{Unit, UnitFile, changes::Changes},
};
use rules::RuleSet;
use scan::{Input, Paths};

use crate::{
    args::{OUTPUT, ReadArgs, RuleArgs, RunArgs},
    commands::check::{ChangesFormat, print},
    committed::{self, Ids},
    error::CliError,
    input::must_exist,
    progress::Bar,
    rule_files, scanning,
    screen::{Screen, Talk},
    status::Status,
};

/// What stands below the help.
pub(crate) const EXAMPLES: &str = "\
A file with the extension yaml, yml or json is a manifest; anything else is scanned, archives too. Of
several units, those of the same name are compared. Nothing here needs git.

Examples:
  rakscan diff old/stripe-permissions.yaml stripe-permissions.yaml
  rakscan diff acme-3.1 acme-3.2 -f markdown   for the release notes
  rakscan diff acme.3.1.zip acme.3.2.zip       two versions as they were shipped
  rakscan diff stripe-permissions.yaml .       what a check would find

Exit codes:
  0  done
  1  different, with --exit-code
  2  wrong usage, a faulty manifest, or a path or rule file failed
  3  nothing to scan
  4  NEW is incomplete, with --strict";

/// What is compared.
#[derive(Debug, Args)]
pub(crate) struct DiffArgs {
    /// Manifest, or code to scan
    #[arg(value_name = "OLD", value_hint = ValueHint::AnyPath)]
    old: PathBuf,
    /// Manifest, or code to scan
    #[arg(value_name = "NEW", value_hint = ValueHint::AnyPath)]
    new: PathBuf,
    /// Format of the difference
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    format: ChangesFormat,
    /// Exit with 1 where there is a difference
    #[arg(long, help_heading = OUTPUT)]
    exit_code: bool,
    #[command(flatten)]
    read: ReadArgs,
    #[command(flatten)]
    rules: RuleArgs,
    #[command(flatten)]
    run: RunArgs,
}

pub(crate) fn run(args: &DiffArgs, screen: &Screen) -> Result<Status, CliError> {
    must_exist(&[args.old.clone(), args.new.clone()])?;
    let rules = rule_files::load(&args.rules.rules)?;
    let (old, new) = sides(args, &rules, screen)?;
    let changes = compare::compare_all(&old, &new);
    print(args.format, &changes, screen)?;
    let is_same = changes.iter().all(Changes::is_empty);
    if is_same && args.format == ChangesFormat::Text && screen.talk != Talk::Quiet {
        screen.print(b"no difference: the key needs the same permissions\n")?;
    }
    if !is_same && args.exit_code {
        return Ok(Status::Findings);
    }
    if args.run.strict && new.iter().any(|unit| !unit.complete) {
        screen.remark(&format!("incomplete: {}", args.new.display()));
        return Ok(Status::Incomplete);
    }
    Ok(Status::Done)
}

/// Reads both sides; code is scanned for the kind of key that a manifest on the other side is for.
fn sides(
    args: &DiffArgs,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<(Vec<Unit>, Vec<Unit>), CliError> {
    let committed = |path: &Path| match kind(path) {
        Kind::Manifest => committed::read(path, rules, Ids::Any).map(Some),
        Kind::Code => Ok(None),
    };
    let (old, new) = (committed(&args.old)?, committed(&args.new)?);
    let key_tiers = old.as_ref().or(new.as_ref()).map(|one| one.key_tiers);
    let key_tiers = key_tiers.unwrap_or_default();
    let old = match old {
        Some(old) => old.units,
        None => scanned(args, &args.old, key_tiers, rules, screen)?,
    };
    let new = match new {
        Some(new) => new.units,
        None => scanned(args, &args.new, key_tiers, rules, screen)?,
    };
    Ok((old, new))
}

/// What a path is.
enum Kind {
    Manifest,
    Code,
}

fn kind(path: &Path) -> Kind {
    if path.is_dir() {
        return Kind::Code;
    }
    let extension = path.extension().unwrap_or_default().to_ascii_lowercase();
    match extension.to_str().unwrap_or_default() {
        "yaml" | "yml" | "json" => Kind::Manifest,
        _ => Kind::Code,
    }
}

fn scanned(
    args: &DiffArgs,
    path: &Path,
    key_tiers: KeyTiers,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Unit>, CliError> {
    let input = Input::Paths(vec![path.to_owned()]);
    let options = scan::Options {
        paths: Paths::OfUnit,
        ..scanning::options_for(&args.read, &args.run, key_tiers, &input, rules)?
    };
    let manifests = scan::scan(&input, &options, rules, &Bar::new(screen))?;
    let units = manifests
        .iter()
        .map(|one| UnitFile::new(one, Mode::Live).unit);
    Ok(units.collect())
}
