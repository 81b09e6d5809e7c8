//! Measures the steps of a scan: `cargo bench`, or `cargo bench -- lower` for some of them.
//!
//! All inputs are made by the crate `sample`, and so are the same everywhere. How the whole program
//! compares with others is measured by `benches/compare`.

mod lower;
mod resolve;
mod scan;

fn main() {
    divan::main();
}
