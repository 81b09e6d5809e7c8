//! The complete report as JSON, and its JSON Schema.

use std::io::{self, Write};

use model::manifest::Manifest;

use crate::{Options, v1::Document};

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &Document::new(manifests, options))?;
    writeln!(out)
}

/// Reads a report back.
///
/// # Errors
///
/// Fails where `text` is no report of this version.
pub fn read(text: &str) -> io::Result<Document> {
    let document: Document = serde_json::from_str(text)?;
    document.check_version()?;
    Ok(document)
}

/// Returns the JSON Schema of the report, as it is checked in under `schema/`.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Document);
    format!("{:#}\n", schema.as_value())
}

/// Returns the JSON Schema of a line of the report on many units.
#[must_use]
pub fn line_schema() -> String {
    let schema = schemars::schema_for!(crate::v1::Line);
    format!("{:#}\n", schema.as_value())
}

/// Returns the JSON Schema of the changes that `check` and `diff` report.
#[must_use]
pub fn changes_schema() -> String {
    let schema = schemars::schema_for!(crate::v1::changes::ChangesDocument);
    format!("{:#}\n", schema.as_value())
}
