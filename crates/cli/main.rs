//! The `rakscan` command.
fn main() {}
