//! What can be typed behind `rakscan keys`.

use std::path::PathBuf;

use clap::{Args, ValueEnum, ValueHint};

use crate::args::{INPUT, InputArgs, OUTPUT, RUN};

pub(crate) const EXAMPLES: &str = "\
Examples:
  rakscan keys                               this folder, with its .env and other settings
  rakscan keys wp-config.php wp-content      a site
  rakscan keys --no-ignore                   what .gitignore names, too
  rakscan keys --format json -o keys.json    for another program

A comment on the line, or alone on the line above, closes a finding:
  // rakscan: ignore[key-in-source] the key of the sandbox that anybody may use

Exit codes:
  0  done; warnings and notes do not fail
  1  an error: a key lies where it does not belong
  2  wrong usage, or a path or output failed
  3  no file to look at";

/// Where keys are looked for, and what is printed.
#[derive(Debug, Args)]
pub(crate) struct KeysArgs {
    /// Folders and files to look through [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath, help_heading = INPUT)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    /// Format of the result
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub(crate) format: KeysFormat,
    /// Write the result into a file
    #[arg(short, long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub(crate) output: Option<PathBuf>,
    /// Read the configuration from a file [default: rakscan.yaml in the folder]
    ///
    /// Only the files that it leaves out (`ignore`) count here.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_config", help_heading = RUN)]
    pub(crate) config: Option<PathBuf>,
    /// Obey no configuration and no comment in the code
    #[arg(long, help_heading = RUN)]
    pub(crate) no_config: bool,
    /// Number of threads [default: one per core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = RUN)]
    pub(crate) threads: Option<u16>,
}

/// Format of the report of keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum KeysFormat {
    /// For people.
    Text,
    /// For programs.
    Json,
}
