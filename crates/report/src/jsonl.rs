//! JSON Lines: one line for each unit, each of which stands by itself.
//!
//! Meant for many units: a line can be written as soon as its unit is done, and read without the others.

use std::io::{self, Write};

use model::manifest::Manifest;
use serde::Deserialize;

use crate::{Options, v1::Line};

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for manifest in manifests {
        serde_json::to_writer(&mut *out, &Line::new(manifest, options))?;
        writeln!(out)?;
    }
    Ok(())
}

/// Reads one line back.
///
/// # Errors
///
/// Fails where `text` is no line of this version.
pub fn read(text: &str) -> io::Result<Line> {
    let line: Line = serde_json::from_str(text)?;
    line.check_version()?;
    Ok(line)
}

/// What tells a line from others, without all that it says.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
pub struct Head {
    /// Version of the format.
    schema: u32,
    /// The unit.
    unit: Folder,
    /// A digest of all that the rest follows from.
    #[serde(default)]
    pub fingerprint: Option<String>,
    /// Number of files that were read for calls.
    #[serde(default)]
    pub files: u64,
}

#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
struct Folder {
    folder: Option<String>,
}

impl Head {
    /// Reads the head of a line.
    ///
    /// # Errors
    ///
    /// Fails where `text` is no line of this version.
    pub fn read(text: &str) -> io::Result<Self> {
        let head: Self = serde_json::from_str(text)?;
        crate::v1::check_version(head.schema)?;
        Ok(head)
    }

    /// Returns the folder of the unit below the folder that was scanned.
    #[must_use]
    pub fn folder(&self) -> Option<&str> {
        self.unit.folder.as_deref()
    }
}
