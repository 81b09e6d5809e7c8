//! The report of keys that lie where they do not belong, apart from that of permissions.

use std::io::{self, Write};

use model::key::KeyReport;

use crate::{Options, text, v1::keys::KeysDocument};

/// Writes the report for people.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render_text(
    reports: &[KeyReport],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    text::keys::render(reports, options, out)
}

/// Writes the report for programs.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render_json(
    reports: &[KeyReport],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, &KeysDocument::new(reports, options))?;
    writeln!(out)
}

/// Returns the JSON Schema of the report, as it is checked in under `schema/`.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(KeysDocument);
    format!("{:#}\n", schema.as_value())
}
