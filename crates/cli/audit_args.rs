//! What can be typed behind `rakscan audit`.

use std::path::PathBuf;

use clap::{ArgGroup, Args, ValueEnum, ValueHint};

use crate::args::{InputArgs, RuleArgs, RunArgs};

const INPUT: &str = "What is compared";
const OUTPUT: &str = "What is printed";

pub(crate) const EXAMPLES: &str = "\
Logs:
  Tables with a header, such as the CSV that Workbench exports, `stripe logs tail --format JSON`,
  other JSON lines, and plain lines with a verb, a path and a status: `POST /v1/refunds 200`.
  Stripe publishes no list of columns: they are found by their names, and --columns names others.
  Only the requests of one key should be in a log: what the Dashboard, Stripe.js or other programs
  request is not in this code.

Examples:
  rakscan audit --log requests.csv                     what was used and is not in the code
  rakscan audit src --log - < requests.jsonl           a log on standard input
  rakscan audit --granted charge_write,connect:plan_read
                                                       what the key lacks, and what it can lose
  rakscan audit --granted key.txt --log requests.csv   both
  rakscan audit --log proxy.csv --columns method=Verb,path=Target,status=Code

Exit codes:
  0  no findings
  1  findings: used but not found in the code, needed but not granted, or granted but not needed
  2  wrong usage, or a path, log, list of permissions or rule file failed
  3  nothing to scan
  4  no findings, but incomplete, with --strict";

/// What is compared, and what is printed of it.
#[derive(Debug, Args)]
#[command(group = ArgGroup::new("compared").args(["log", "granted"]).required(true).multiple(true))]
pub(crate) struct AuditArgs {
    /// Folder with the code [default: this one]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, conflicts_with = "manifest")]
    pub(crate) path: Option<PathBuf>,
    /// Compare with a manifest file instead of scanning
    ///
    /// One that `rakscan scan --write` or `--format json` has written.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = INPUT)]
    pub(crate) manifest: Option<PathBuf>,
    /// Read a request log, or `-`; may be given several times
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = INPUT)]
    pub(crate) log: Vec<PathBuf>,
    /// Say which columns of a table, or fields of JSON lines, have what
    ///
    /// Names are method, path, status, error (the message) and account (the connected account; an
    /// empty one means the own account). Fields inside objects are spelled with dots:
    /// `path=request.url`.
    #[arg(long, value_name = "NAME=COLUMN,…", requires = "log", help_heading = INPUT)]
    pub(crate) columns: Option<String>,
    /// Say which permissions the key has
    ///
    /// Ids with commas between them, with or without `rak_`; `connect:` before an id means the
    /// Connect column. Or the link to the Dashboard page that creates the key. Or a file with one of
    /// these, with one id a line, or with a manifest.
    #[arg(long, value_name = "IDS|LINK|FILE", help_heading = INPUT)]
    pub(crate) granted: Option<String>,
    /// Format of the result
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub(crate) format: AuditFormat,
    /// Write the result into a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// Format of an audit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum AuditFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}
