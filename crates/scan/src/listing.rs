//! What a walk finds: files to read, files that say something about packages, and what was left out.

use std::{collections::BTreeMap, path::Path, sync::Arc};

use model::{
    Name,
    diagnostic::{Code, Diagnostic},
    language::Language,
    manifest::SkipReason,
    source::Location,
    unit::SdkRoot,
};

use crate::{archive::Tree, place::Place, words::Words};

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub(crate) enum Content {
    /// On disk.
    Disk(Arc<Path>),
    /// Given by the caller.
    Memory(Arc<[u8]>),
    /// In an archive, under this path.
    Member(Arc<Tree>, Arc<str>),
}

/// A file that may be read.
#[derive(Clone, Debug)]
pub(crate) struct Found {
    /// Path in the manifest.
    pub(crate) path: Name,
    /// Its language by its name; `None` where only its first line can tell.
    pub(crate) language: Option<Language>,
    /// Its bytes.
    pub(crate) content: Content,
    /// The words in it, where they have been asked for.
    pub(crate) words: Option<Arc<Words>>,
}

/// How many files were left out, by reason.
pub(crate) type Skipped = BTreeMap<SkipReason, u64>;

/// All that a walk found.
#[derive(Debug, Default)]
pub(crate) struct Listing {
    /// Files in a language that can be read.
    pub(crate) files: Vec<Found>,
    /// Files in a language that cannot.
    pub(crate) foreign: Vec<Found>,
    /// Files that are no source but may name code.
    pub(crate) texts: Vec<Found>,
    /// Package, lock and compiler configuration files.
    pub(crate) packages: Vec<(Name, Place)>,
    /// Configuration files for rakscan.
    pub(crate) configs: Vec<Name>,
    /// Copies of SDKs.
    pub(crate) copies: Vec<SdkRoot>,
    /// What was left out.
    pub(crate) skipped: Skipped,
    /// What could not be listed.
    pub(crate) diagnostics: Vec<Diagnostic>,
}

impl Listing {
    /// Notes that `n` files were left out.
    pub(crate) fn skip(&mut self, reason: SkipReason, n: u64) {
        add(&mut self.skipped, reason, n);
    }

    /// Puts two listings together.
    pub(crate) fn merged(mut self, other: Self) -> Self {
        self.files.extend(other.files);
        self.foreign.extend(other.foreign);
        self.texts.extend(other.texts);
        self.packages.extend(other.packages);
        self.configs.extend(other.configs);
        self.copies.extend(other.copies);
        self.diagnostics.extend(other.diagnostics);
        for (reason, n) in other.skipped {
            self.skip(reason, n);
        }
        self
    }

    /// Puts everything into the order of paths.
    pub(crate) fn sort(&mut self) {
        self.files.sort_by(|a, b| a.path.cmp(&b.path));
        self.foreign.sort_by(|a, b| a.path.cmp(&b.path));
        self.texts.sort_by(|a, b| a.path.cmp(&b.path));
        self.packages.sort_by(|a, b| a.0.cmp(&b.0));
        self.configs.sort();
        self.copies.sort();
        self.diagnostics.sort();
    }
}

/// Adds to a count; zero leaves no trace.
pub(crate) fn add(skipped: &mut Skipped, reason: SkipReason, n: u64) {
    if n > 0 {
        *skipped.entry(reason).or_default() += n;
    }
}

/// Says something about a file as a whole.
pub(crate) fn diagnostic(path: &str, code: Code, message: &str) -> Diagnostic {
    Diagnostic {
        location: Location {
            path: path.into(),
            line: 1,
            column: 1,
            excerpt: "".into(),
        },
        code,
        message: message.into(),
        within: None,
    }
}
