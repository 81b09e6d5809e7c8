//! Prints the JSON Schema of the report, or with `changes` that of what `check` and `diff` report:
//! `cargo run -p rakscan-report --example schema > schema/manifest-v1.schema.json`.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let schema = match std::env::args().nth(1).as_deref() {
        Some("changes") => report::changes_schema(),
        _ => report::json_schema(),
    };
    io::stdout().write_all(schema.as_bytes())
}
