//! Prints the JSON Schema of the audit:
//! `cargo run -p rakscan-audit --example audit_schema > schema/audit-v1.schema.json`.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(audit::json_schema().as_bytes())
}
