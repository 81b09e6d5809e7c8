//! What can be typed where many units are scanned.

use std::path::PathBuf;

use clap::{Args, ValueHint};

use crate::args::OUTPUT;

/// Where the results of many units go.
#[derive(Debug, Args)]
pub(crate) struct ManyArgs {
    /// Write one report for each unit into a folder
    ///
    /// For many units, such as a folder of plugins: that on `plugins/acme-pay` is `DIR/acme-pay.json`.
    /// With --format yaml they are manifest files. What rakscan did not write is left as it is.
    #[arg(long, value_name = "DIR", value_hint = ValueHint::DirPath, conflicts_with_all = ["units", "write", "trace"], help_heading = OUTPUT)]
    pub(crate) out: Option<PathBuf>,
    /// Do not scan again what is reported already and did not change
    ///
    /// Goes with --out DIR or --output FILE.jsonl, and continues what is there, also where a run was
    /// interrupted. A unit is skipped where its files, the options, the rules and the version of rakscan
    /// are those of its report.
    #[arg(long, conflicts_with_all = ["units", "write", "trace", "keys"], help_heading = OUTPUT)]
    pub(crate) resume: bool,
}
