//! What can be typed behind `check`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::args::{INPUT, OUTPUT, RUN, ReadArgs, RuleArgs, RunArgs};

/// What stands below the help.
pub(crate) const EXAMPLES: &str = "\
A manifest is out of date where the key must be allowed more, where it could do with less, or where
more is open than before. Lines that moved and grades that changed are no difference, unless --exact.
It is compared as it lies on disk; nothing here needs git.

Examples:
  rakscan check                        this folder with its stripe-permissions.yaml
  rakscan check --fix                  accept the difference: write the manifest
  rakscan check plugins/acme -f json   for another program
  rakscan check wp-content/plugins     each plugin with the manifest in its folder
  rakscan check -m docs/stripe.json    a manifest that lies somewhere else

Exit codes:
  0  up to date, or brought up to date by --fix
  1  out of date
  2  wrong usage, no manifest or a faulty one, or a path or rule file failed
  3  nothing to scan
  4  incomplete, with --strict";

/// What is checked, and how.
#[derive(Debug, Args)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is an option of its own"
)]
pub(crate) struct CheckArgs {
    /// Folders to check [default: .]
    ///
    /// In a folder of several WordPress plugins or themes, each is compared with the manifest in its
    /// own folder.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Manifest to compare with [default: stripe-permissions.yaml in the folder]
    ///
    /// YAML as `scan --write` writes it, or the JSON of `scan --format json`. The tiers that its key
    /// is made for are those of the scan.
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = INPUT)]
    pub(crate) manifest: Option<PathBuf>,
    /// Write the manifest where it is out of date, and say what changed
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) fix: bool,
    /// Let a manifest pass that lists more than the code needs
    #[arg(long, conflicts_with = "exact", help_heading = OUTPUT)]
    pub(crate) allow_narrower: bool,
    /// Fail too where lines have moved, or anything else in the manifest is old
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) exact: bool,
    /// Format of the difference
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub(crate) format: ChangesFormat,
    /// Work everything out again, and keep nothing for the next check
    ///
    /// Where neither the files nor the rules nor the program have changed, a check shows again what the
    /// last one found. That is kept in the cache folder of the user, or in `RAKSCAN_CACHE_DIR`; set it to
    /// nothing to keep nothing.
    #[arg(long, help_heading = RUN)]
    pub(crate) no_cache: bool,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// Format of a difference.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ChangesFormat {
    /// Lines for people
    Text,
    /// Sentences for release notes or a pull request
    Markdown,
    /// For programs
    Json,
}
