//! Makes code bases of any size, to measure with.
//!
//! A tree is the same on every machine and in every run, and plugin number 7 is the same in a tree
//! of ten as in one of ten thousand. What the files hold is put together from pieces that are typical
//! of WordPress plugins; how many there are and how long they are follows real plugins. Deliberately
//! knows nothing of rakscan.

mod bundle;
mod chain;
mod disk;
mod piece;
mod plan;
mod plugin;
mod random;
mod source;
mod stripe;

pub use crate::{
    chain::chain,
    disk::{Written, plugins, write},
    plugin::plugin,
    source::{Kind, source},
};

/// A file of a code base.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Path below the root, with `/`.
    pub path: String,
    /// What it holds.
    pub bytes: Vec<u8>,
}

impl File {
    pub(crate) fn new(path: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        Self {
            path: path.into(),
            bytes: bytes.into(),
        }
    }
}
