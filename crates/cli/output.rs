//! Writes results into files.

use std::{fs, path::Path};

use crate::error::CliError;

/// Writes the file at `path` anew.
pub(crate) fn write(path: &Path, bytes: impl AsRef<[u8]>) -> Result<(), CliError> {
    fs::write(path, bytes).map_err(|source| CliError::Unwritable {
        path: path.to_owned(),
        source,
    })
}
