//! Prints the JSON Schema of the report:
//! `cargo run -p rakscan-report --example schema > schema/manifest-v1.schema.json`.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    io::stdout().write_all(report::json_schema().as_bytes())
}
