//! The manifest file: one unit as YAML, short enough to review in a diff.
//!
//! Says the same as the JSON report, with each place as `path:line`, and without what changes with
//! every commit: counts of files, columns and source lines.

use std::io::{self, Write};

use model::manifest::Manifest;
use serde::Deserialize as _;

use crate::{Options, v1::UnitFile};

const COMMENT: &str = "# What a Stripe restricted API key must be allowed to do for this code.";

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (index, manifest) in manifests.iter().enumerate() {
        if index > 0 {
            writeln!(out, "---")?;
        }
        let text = serde_yaml::to_string(&UnitFile::new(manifest, options.mode))
            .map_err(io::Error::other)?;
        write!(out, "{COMMENT}\n{text}")?;
    }
    Ok(())
}

/// Reads manifest files back, one for each YAML document in `text`.
///
/// # Errors
///
/// Fails where `text` is no manifest of this version.
pub fn read(text: &str) -> io::Result<Vec<UnitFile>> {
    serde_yaml::Deserializer::from_str(text)
        .map(|document| {
            let file = UnitFile::deserialize(document)
                .map_err(|error| io::Error::new(io::ErrorKind::InvalidData, error))?;
            file.check_version()?;
            Ok(file)
        })
        .collect()
}
