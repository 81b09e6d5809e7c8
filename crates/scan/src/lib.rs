//! The pipeline: paths in, manifests out.
//!
//! Owns the disk and the threads. Deliberately knows no grammar, no rule format and no output format.

use std::path::PathBuf;

use model::{language::Language, manifest::Manifest};
use rules::RuleSet;

/// What to scan.
#[derive(Clone, Debug)]
pub enum Input {
    /// Files, folders.
    Paths(Vec<PathBuf>),
    /// One text that is on no disk, with the name shown for it.
    Text {
        /// Name shown in evidence.
        name: String,
        /// What it is read as.
        language: Language,
        /// The bytes.
        bytes: Vec<u8>,
    },
}

/// How to scan.
#[derive(Clone, Debug)]
pub struct Options {
    /// Number of threads; `None` for one per core.
    pub threads: Option<usize>,
    /// Whether `.gitignore` and the like are respected where that is the default.
    pub respect_ignore_files: bool,
    /// Whether tests are read too.
    pub include_tests: bool,
    /// Whether dependencies (`vendor`, `node_modules`) are read too.
    pub include_dependencies: bool,
    /// Largest file that is read, in bytes.
    pub max_file_size: u64,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: None,
            respect_ignore_files: true,
            include_tests: false,
            include_dependencies: false,
            max_file_size: 4 << 20,
        }
    }
}

/// Is told how far a scan has come.
pub trait Progress: Sync {
    /// A step begins; `n_files` where the number is known.
    fn begin(&self, step: &str, n_files: Option<u64>);
    /// One more file is done.
    fn advance(&self);
    /// All is done.
    fn end(&self);
}

/// Tells nobody.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoProgress;

impl Progress for NoProgress {
    fn begin(&self, _step: &str, _n_files: Option<u64>) {}
    fn advance(&self) {}
    fn end(&self) {}
}

/// Why a scan could not be done at all.
#[derive(Debug, thiserror::Error)]
pub enum ScanError {
    /// A path that was asked for does not exist.
    #[error("no such file or directory: `{}`", path.display())]
    NotFound {
        /// The path.
        path: PathBuf,
    },
    /// A path that was asked for cannot be read.
    #[error("cannot read `{}`", path.display())]
    Unreadable {
        /// The path.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// There is no source file in a supported language.
    #[error("no source file in a supported language")]
    NothingToScan,
}

/// Says which permissions the code of `input` needs, one manifest per unit.
///
/// # Errors
///
/// Fails where a path that was asked for is not there or cannot be read, or nothing can be scanned.
pub fn scan(
    input: &Input,
    options: &Options,
    rules: &RuleSet,
    progress: &dyn Progress,
) -> Result<Vec<Manifest>, ScanError> {
    let _ = (input, options, rules, progress);
    Err(ScanError::NothingToScan)
}
