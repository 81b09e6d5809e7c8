//! Parts of the program that the configuration names by their files.

use std::collections::{BTreeMap, BTreeSet};

use model::{Name, diagnostic::Diagnostic, manifest};

use super::{Entries, exclude::matcher};
use crate::{listing::Listing, patterns::Said};

/// The features of a unit.
#[derive(Debug, Default)]
pub(crate) struct Features {
    /// In the order of the configuration.
    pub(crate) all: Vec<manifest::Feature>,
    /// The features of each file that has some.
    by_path: BTreeMap<Name, BTreeSet<Name>>,
}

impl Features {
    /// Reads the features of the files in `listing`; says which entries name no file.
    pub(crate) fn new(listing: &Listing, entries: Option<&Entries<'_>>) -> (Self, Vec<Diagnostic>) {
        let (mut features, mut unused) = (Self::default(), Vec::new());
        let Some(entries) = entries else {
            return (features, unused);
        };
        for entry in &entries.config.features {
            let Ok(matcher) = matcher(entry.patterns.iter().map(|pattern| &**pattern)) else {
                continue;
            };
            let mut is_used = false;
            for found in &listing.files {
                let path = format!("{}{}", entries.prefix, found.path);
                let answer = matcher.say_with_folders(&path, false);
                if answer == Said::Out {
                    let names = features.by_path.entry(found.path.clone()).or_default();
                    names.insert(entry.name.clone());
                    is_used = true;
                }
            }
            if is_used {
                features.all.push(manifest::Feature {
                    name: entry.name.clone(),
                    optional: entry.optional,
                });
            } else if !entries.is_shared {
                let message = format!(
                    "this has no effect: no file matches a path of the feature `{}`",
                    entry.name
                );
                unused.push(entries.unused(entry.line, message));
            }
        }
        (features, unused)
    }

    /// Returns the features that a file belongs to.
    pub(crate) fn of(&self, path: &str) -> Option<&BTreeSet<Name>> {
        self.by_path.get(path)
    }
}

#[cfg(test)]
impl Features {
    /// Makes features of files by hand.
    pub(crate) fn of_files(files: &[(&str, &str)]) -> Self {
        let mut features = Self::default();
        for (path, name) in files {
            let names = features.by_path.entry((*path).into()).or_default();
            names.insert((*name).into());
        }
        features
    }
}
