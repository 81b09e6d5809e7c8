//! Loads the rules: the built-in table, and the files that the user adds.

use std::{fs, path::PathBuf};

use rules::RuleSet;

use crate::{error::CliError, input::failed};

/// Returns the built-in rules with those of `files` added.
pub(crate) fn load(files: &[PathBuf]) -> Result<RuleSet, CliError> {
    files.iter().try_fold(RuleSet::builtin(), |rules, file| {
        let bytes = fs::read(file).map_err(|source| failed(file, source))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(rules.with_rules(&file.display().to_string(), &text)?)
    })
}
