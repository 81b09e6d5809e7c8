//! What an earlier check of the same code found.

use std::path::Path;

use rules::RuleSet;
use scan::{Input, Options};

use crate::{
    cache::{self, Cache},
    commands::check::{CheckArgs, outcome::Found},
    committed::Committed,
};

/// The place of one result.
pub(crate) struct Kept {
    cache: Cache,
    input: Input,
    options: Options,
    /// What the result depends on beside the code.
    about: String,
    key: String,
}

impl Kept {
    /// Says where the result of a check is kept; `None` where none is.
    pub(crate) fn of(
        args: &CheckArgs,
        root: &Path,
        options: Options,
        rules: &RuleSet,
        committed: &Committed,
    ) -> Option<Self> {
        // What is written must be scanned: only a scan knows all of it.
        if args.no_cache || args.fix {
            return None;
        }
        let cache = Cache::of_user()?;
        let about = format!("check {} {}", rules.version(), Found::form(committed));
        let input = Input::Paths(vec![root.to_owned()]);
        let key = key(&input, &options, &about)?;
        Some(Self {
            cache,
            input,
            options,
            about,
            key,
        })
    }

    /// Returns the result, if it is there.
    pub(crate) fn get(&self) -> Option<Found> {
        self.cache.get(&self.key)
    }

    /// Keeps a result, unless the code has changed since the scan began.
    pub(crate) fn put(&self, found: &Found) {
        if key(&self.input, &self.options, &self.about).as_ref() == Some(&self.key) {
            self.cache.put(&self.key, found);
        }
    }
}

fn key(input: &Input, options: &Options, about: &str) -> Option<String> {
    let fingerprint = scan::fingerprint(input, options).ok()??;
    cache::key(&[about, &fingerprint])
}
