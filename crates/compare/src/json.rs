//! The changes for programs.

use std::io::{self, Write};

use report::v1::{
    VERSION,
    changes::{Changes, ChangesDocument},
};

/// Writes the changes as JSON.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(changes: &[Changes], out: &mut dyn Write) -> io::Result<()> {
    let document = ChangesDocument {
        schema: VERSION,
        units: changes.to_vec(),
    };
    serde_json::to_writer_pretty(&mut *out, &document)?;
    writeln!(out)
}
