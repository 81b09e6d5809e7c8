//! Files that the configuration leaves out.

use model::{
    diagnostic::Diagnostic,
    manifest::{Excluded, SkipReason},
};

use super::Entries;
use crate::{
    listing::Listing,
    patterns::{PatternFault, Patterns, Said},
};

/// Says what is wrong with a pattern, if anything is.
pub(crate) fn fault(pattern: &str) -> Option<String> {
    if pattern.trim().is_empty() || pattern.starts_with(['#', '!']) {
        return Some("the pattern names no files".to_owned());
    }
    matcher([pattern]).err().map(|error| error.to_string())
}

/// Makes what tells the files that patterns name.
pub(crate) fn matcher<'a>(
    patterns: impl IntoIterator<Item = &'a str>,
) -> Result<Patterns, PatternFault> {
    Patterns::parse(patterns)
}

/// Takes the files out of `listing` that the configuration names; says which, and what named none.
pub(crate) fn exclude(
    listing: &mut Listing,
    entries: &Entries<'_>,
) -> (Vec<Excluded>, Vec<Diagnostic>) {
    let (mut excluded, mut unused) = (Vec::new(), Vec::new());
    for entry in &entries.config.exclusions {
        let Ok(matcher) = matcher([&*entry.pattern]) else {
            continue;
        };
        let keeps = |path: &str| {
            let path = format!("{}{path}", entries.prefix);
            matcher.say_with_folders(&path, false) != Said::Out
        };
        let n_before = listing.files.len() + listing.foreign.len();
        listing.files.retain(|found| keeps(&found.path));
        listing.foreign.retain(|found| keeps(&found.path));
        listing.diagnostics.retain(|one| keeps(&one.location.path));
        let n_files = (n_before - listing.files.len() - listing.foreign.len()) as u64;
        listing.skip(SkipReason::Configured, n_files);
        if n_files > 0 {
            excluded.push(Excluded {
                pattern: entry.pattern.clone(),
                n_files,
                by: entries.by(entry.line),
                reason: entry.reason.clone(),
            });
        } else if !entries.is_shared {
            let message = format!("this has no effect: no file matches `{}`", entry.pattern);
            unused.push(entries.unused(entry.line, message));
        }
    }
    (excluded, unused)
}
