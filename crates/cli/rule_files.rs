//! Loads the rules: the built-in table, and the files that the user adds.

use std::{fs, mem::ManuallyDrop, path::PathBuf};

use rules::RuleSet;

use crate::{error::CliError, input::failed};

/// Returns the built-in rules with those of `files` added.
///
/// They are kept until the program ends: to free them row by row would take longer than most of
/// what is done with them.
pub(crate) fn load(files: &[PathBuf]) -> Result<ManuallyDrop<RuleSet>, CliError> {
    let rules = files.iter().try_fold(RuleSet::builtin(), add)?;
    Ok(ManuallyDrop::new(rules))
}

fn add(rules: RuleSet, file: &PathBuf) -> Result<RuleSet, CliError> {
    let bytes = fs::read(file).map_err(|source| failed(file, source))?;
    let text = String::from_utf8_lossy(&bytes);
    Ok(rules.with_rules(&file.display().to_string(), &text)?)
}
