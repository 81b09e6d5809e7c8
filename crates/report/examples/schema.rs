//! Prints the JSON Schema of the report, with `line` that of a line for one unit, with `changes` that of what `check` and `diff` report, or with
//! `keys` that of the report of keys:
//! `cargo run -p rakscan-report --example schema > schema/manifest-v1.schema.json`.

use std::io::{self, Write as _};

fn main() -> io::Result<()> {
    let schema = match std::env::args().nth(1).as_deref() {
        Some("changes") => report::changes_schema(),
        Some("line") => report::line_schema(),
        Some("keys") => report::keys::schema(),
        _ => report::json_schema(),
    };
    io::stdout().write_all(schema.as_bytes())
}
