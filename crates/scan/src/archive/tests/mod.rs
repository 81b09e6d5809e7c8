//! What hostile and broken archives give: what can be read, a diagnostic, and bounded cost.

#[path = "../../../tests/pack/mod.rs"]
mod pack;

mod tars;
mod zips;

use std::sync::Arc;

use tempfile::TempDir;

use super::{Archive, Fault, Limits, Tree};
use crate::{Options, place::Place};

/// Opens bytes as the archive that a name says they are.
fn open_with(name: &str, bytes: &[u8], limits: &Limits) -> Result<Arc<Tree>, Fault> {
    let folder = TempDir::new().unwrap();
    let path = folder.path().join(name);
    std::fs::write(&path, bytes).unwrap();
    let archive = Archive::at(Place::Disk(path)).unwrap();
    archive.open(&Options::default(), limits)
}

fn open(name: &str, bytes: &[u8]) -> Arc<Tree> {
    open_with(name, bytes, &Limits::default()).unwrap()
}

/// Lists the files that can be read.
fn files(tree: &Tree) -> Vec<String> {
    tree.files().collect()
}

/// Reads a file as text.
fn text(tree: &Tree, path: &str) -> String {
    let bytes = tree.whole(path, 1 << 30).unwrap().unwrap();
    String::from_utf8(bytes).unwrap()
}

/// Says why a file cannot be read.
fn failure(tree: &Tree, path: &str) -> String {
    super::in_words(&tree.whole(path, 1 << 30).unwrap_err())
}

/// Lists what is said, as `code path message`.
fn said(tree: &Tree) -> Vec<String> {
    let all = tree.diagnostics().into_iter();
    all.map(|said| {
        let path = &said.location.path;
        format!("{} {path} {}", said.code.id(), said.message)
    })
    .collect()
}

/// Bytes that cannot be made much smaller.
fn noise(n_bytes: usize) -> Vec<u8> {
    let mut state = 1_u32;
    let next = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    std::iter::repeat_with(next).take(n_bytes).collect()
}
