//! How code is scanned, whichever command asks for it.

use model::manifest::KeyTiers;
use rules::RuleSet;
use scan::{Input, Options, Trust};

use crate::{
    args::{ReadArgs, RunArgs},
    config,
    error::CliError,
};

/// Returns the options of a scan whose key is made for `key_tiers`.
pub(crate) fn options(
    read: &ReadArgs,
    run: &RunArgs,
    key_tiers: KeyTiers,
    input: &Input,
    rules: &RuleSet,
) -> Result<Options, CliError> {
    let default = Options::default();
    Ok(Options {
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
    })
}
