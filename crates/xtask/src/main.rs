//! Developer chores of rakscan.
fn main() {}
