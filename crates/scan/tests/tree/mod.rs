//! A folder of files that exists as long as a test.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use model::manifest::{Manifest, SkipReason};
use rules::RuleSet;
use scan::{Input, NoProgress, Options, ScanError, scan};
use tempfile::TempDir;

/// A folder with files.
pub(crate) struct Tree(TempDir);

/// Text of a file that talks to Stripe.
pub(crate) const CALL: &str = "<?php\n\\Stripe\\Refund::create(['charge' => $id]);\n";
/// Header of a plugin's main file.
pub(crate) const PLUGIN: &str =
    "<?php\n/**\n * Plugin Name: Acme Pay\n * Version: 1.2.3\n */\n// Stripe\n";

impl Tree {
    /// Writes files of these paths and texts.
    pub(crate) fn of<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Self {
        let tree = Self(TempDir::new().expect("a folder for temporary files"));
        for (path, bytes) in files {
            tree.write(path, bytes.as_ref());
        }
        tree
    }

    /// Writes one file.
    pub(crate) fn write(&self, path: &str, bytes: &[u8]) {
        let path = self.path(path);
        let folder = path.parent().expect("a path below the root");
        fs::create_dir_all(folder).expect("a folder that can be made");
        fs::write(path, bytes).expect("a file that can be written");
    }

    /// Returns the place of a file.
    pub(crate) fn path(&self, path: &str) -> PathBuf {
        self.0.path().join(path)
    }

    /// Scans the folder at `path` with the defaults.
    #[allow(dead_code, reason = "not every test has several folders")]
    pub(crate) fn scan(&self, path: &str) -> Vec<Manifest> {
        scan_path(&self.path(path), &Options::default()).expect("something to scan")
    }

    /// Scans the whole and expects one unit.
    #[allow(dead_code, reason = "not every test has one unit")]
    pub(crate) fn one(&self) -> Manifest {
        self.one_with(&Options::default())
    }

    /// Scans the whole with `options` and expects one unit.
    #[allow(dead_code, reason = "not every test has one unit")]
    pub(crate) fn one_with(&self, options: &Options) -> Manifest {
        let mut manifests = scan_path(self.0.path(), options).expect("something to scan");
        assert_eq!(manifests.len(), 1);
        manifests.remove(0)
    }
}

/// Scans one path.
pub(crate) fn scan_path(path: &Path, options: &Options) -> Result<Vec<Manifest>, ScanError> {
    let input = Input::Paths(vec![path.to_path_buf()]);
    scan(&input, options, &RuleSet::builtin(), &NoProgress)
}

/// Lists what was left out, as words and numbers.
#[allow(dead_code, reason = "not every test counts")]
pub(crate) fn skipped(manifest: &Manifest) -> BTreeMap<&'static str, u64> {
    manifest
        .skipped
        .iter()
        .map(|(reason, n): (&SkipReason, &u64)| (reason.id(), *n))
        .collect()
}

/// Lists the diagnostics as `code path:line`.
#[allow(dead_code, reason = "not every test looks at them")]
pub(crate) fn diagnostics(manifest: &Manifest) -> Vec<String> {
    manifest
        .unresolved
        .iter()
        .map(|said| {
            let place = &said.location;
            format!("{} {}:{}", said.code.id(), place.path, place.line)
        })
        .collect()
}
