//! Whose word counts in a unit.
//!
//! The owner of a unit is whoever named its folder. One of several units in a folder is code of
//! others: it could hide what it requests, and so it is not asked. Only the configuration of the
//! folder that was named counts for it.

use std::collections::BTreeSet;

use model::{
    Name,
    config::Config,
    diagnostic::{Code, Diagnostic},
    source::Location,
};

use crate::{
    CONFIG_FILES, Options, Trust,
    listing::{Listing, diagnostic},
    target::Target,
};

/// Whose word counts in a unit.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Owner<'a> {
    /// The configuration, where there is one.
    pub(crate) entries: Option<Entries<'a>>,
    /// What is done with comments.
    pub(crate) comments: Comments,
    /// Whether the configuration is a file at the root of this unit.
    has_own_config: bool,
}

/// What is done with comments for rakscan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comments {
    /// They are obeyed.
    Obeyed,
    /// They are not obeyed, which is said.
    Foreign,
    /// They are not looked at.
    Off,
}

impl<'a> Owner<'a> {
    /// Says whose word counts in `target`.
    pub(crate) fn of(target: &'a Target, options: &'a Options) -> Self {
        let origin = &target.origin;
        let config = origin.root.as_ref();
        let config = config.and_then(|root| options.configs.get(root));
        let comments = match (options.trust, origin.is_shared) {
            (Trust::Nobody, _) => Comments::Off,
            (Trust::Owner, true) => Comments::Foreign,
            (Trust::Owner, false) => Comments::Obeyed,
        };
        Self {
            entries: config.map(|config| Entries {
                config,
                prefix: &origin.prefix,
                is_shared: origin.is_shared,
            }),
            comments,
            has_own_config: origin.prefix.is_empty(),
        }
    }

    /// Lists the files of the unit that the configuration names.
    pub(crate) fn named(&self) -> BTreeSet<Name> {
        let Some(entries) = &self.entries else {
            return BTreeSet::new();
        };
        let named = entries.config.assumptions.iter();
        named
            .filter_map(|entry| entries.inside(&entry.path))
            .map(Name::from)
            .collect()
    }

    /// Says of each configuration file in the unit that it is not read.
    pub(crate) fn configs_of_others(&self, listing: &Listing) -> Vec<Diagnostic> {
        if self.comments == Comments::Off {
            return Vec::new();
        }
        let message =
            "this configuration is not read: it is not that of the folder that is scanned";
        let others = listing.configs.iter().filter(|path| !self.is_read(path));
        others
            .map(|path| diagnostic(path, Code::NotObeyed, message))
            .collect()
    }

    fn is_read(&self, path: &str) -> bool {
        let name = self.entries.map(|entries| &*entries.config.file);
        self.has_own_config && CONFIG_FILES.contains(&path) && name == Some(path)
    }
}

/// A configuration, as one unit sees it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Entries<'a> {
    /// The configuration.
    pub(crate) config: &'a Config,
    /// Folder of the unit below the folder that the configuration is for; empty or with a `/` behind.
    pub(crate) prefix: &'a str,
    /// Whether other units see the same configuration.
    pub(crate) is_shared: bool,
}

impl<'a> Entries<'a> {
    /// Returns `path` as the unit spells it, where it lies in the unit.
    pub(crate) fn inside(&self, path: &'a str) -> Option<&'a str> {
        let inner = path.strip_prefix(self.prefix)?;
        let is_of_other = self.is_shared && self.prefix.is_empty() && inner.contains('/');
        (!is_of_other).then_some(inner)
    }

    /// Says where in the configuration `line` is.
    pub(crate) fn by(&self, line: u32) -> Name {
        format!("{}:{line}", self.config.file).into()
    }

    /// Says that the entry at `line` has no effect.
    pub(crate) fn unused(&self, line: u32, message: String) -> Diagnostic {
        Diagnostic {
            location: Location {
                path: self.config.file.clone(),
                line,
                column: 1,
                excerpt: "".into(),
            },
            code: Code::UnusedEntry,
            message: message.into(),
            within: None,
        }
    }
}
