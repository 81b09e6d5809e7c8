//! Renders manifests.
//!
//! Owns the output formats. Deliberately knows no analysis, no terminal and no file.

use std::io::{self, Write};

use model::manifest::Manifest;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// For people.
    Text,
}

/// Writes `manifests` to `out`.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(format: Format, manifests: &[Manifest], out: &mut dyn Write) -> io::Result<()> {
    match format {
        Format::Text => writeln!(out, "{}", manifests.len()),
    }
}
