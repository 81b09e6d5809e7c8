//! Looks for keys that lie where they do not belong.
//!
//! Other files than those of a scan are opened here: settings, dotfiles and code of all languages.
//! What a key is, and what is wrong with it, is known by the crate `keys`.

mod files;

use std::{fs::File, io::Read as _, path::Path};

use model::{
    Name,
    diagnostic::Code,
    key::{KeyReport, LeftOut},
};
use rayon::prelude::*;

use crate::{
    Input, Options, Progress, ScanError,
    archive::{self, Contents},
    listing::{Content, Found, Listing},
    pipeline, pool,
    target::{self, Scope, Target},
    text::{self, Decoded},
    told::{self, Comments, Owner},
};

/// Looks for keys in all that is asked for, one report for each path.
///
/// # Errors
///
/// Fails where a path that was asked for is not there or cannot be read, or keys are looked for in no
/// file.
pub fn keys(
    input: &Input,
    options: &Options,
    progress: &dyn Progress,
) -> Result<Vec<KeyReport>, ScanError> {
    let targets: Vec<Target> = match input {
        Input::Paths(paths) => paths
            .iter()
            .map(|path| target::whole(path))
            .collect::<Result<_, _>>()?,
        Input::Text { .. } => target::targets(input)?,
    };
    progress.begin("looking for keys", None);
    let run = || {
        let report = |target: &Target| match &target.scope {
            Scope::Archive(archive) => archive::keys(target, archive, options),
            Scope::Folder { .. } | Scope::Loose(_) | Scope::File(_) => {
                of_unit(target, options, &Owner::of(target, options))
            }
        };
        targets.iter().map(report).collect::<Vec<_>>()
    };
    let reports = match pool(options) {
        Some(pool) => pool.install(run),
        None => run(),
    };
    progress.end();
    let has_files = |one: &KeyReport| one.n_files > 0 || !one.unread.is_empty();
    if reports.iter().any(has_files) {
        Ok(reports)
    } else {
        Err(ScanError::NothingToScan)
    }
}

/// What became of one file.
enum Outcome {
    Read(keys::Found),
    Binary,
    TooLarge(Name),
    Unreadable(Name, std::io::Error),
}

/// Looks for keys in one unit.
pub(crate) fn of_unit(target: &Target, options: &Options, owner: &Owner<'_>) -> KeyReport {
    let rules = pipeline::walk_rules(options);
    let listed = match &target.scope {
        Scope::Folder { base, start } => files::list(base, start, &rules, true),
        Scope::Loose(folder) => files::list(folder, folder, &rules, false),
        Scope::Archive(_) => files::Listed::default(),
        Scope::File(found) => files::Listed {
            files: vec![found.clone()],
            ..files::Listed::default()
        },
    };
    let mut report = KeyReport {
        name: target.unit.name.clone(),
        findings: Vec::new(),
        closed: Vec::new(),
        n_files: 0,
        left_out: listed.left_out,
        unread: listed.unread,
    };
    let mut listing = Listing {
        files: listed.files,
        ..Listing::default()
    };
    if let Some(entries) = &owner.entries {
        let (excluded, _) = told::exclude::exclude(&mut listing, entries);
        let n_files = excluded.iter().map(|one| one.n_files).sum();
        files::add(&mut report.left_out, LeftOut::Configured, n_files);
    }
    let outcomes: Vec<Outcome> = listing
        .files
        .par_iter()
        .map(|found| look_at(found, options.max_file_size))
        .collect();
    for outcome in outcomes {
        report.take(outcome, owner.comments == Comments::Obeyed);
    }
    report.in_order()
}

/// Adds to a report.
trait Growing: Sized {
    fn take(&mut self, outcome: Outcome, obeys_comments: bool);
    fn in_order(self) -> Self;
}

impl Growing for KeyReport {
    fn take(&mut self, outcome: Outcome, obeys_comments: bool) {
        match outcome {
            Outcome::Read(found) => {
                self.n_files += 1;
                self.findings.extend(found.findings);
                if obeys_comments {
                    self.closed.extend(found.closed);
                } else {
                    let closed = found.closed.into_iter().map(|one| one.finding);
                    self.findings.extend(closed);
                }
            }
            Outcome::Binary => files::add(&mut self.left_out, LeftOut::Binary, 1),
            Outcome::TooLarge(path) => {
                files::add(&mut self.left_out, LeftOut::TooLarge, 1);
                let reason = "larger than --max-file-size";
                self.unread.push((path, reason.into()));
            }
            Outcome::Unreadable(path, error) => {
                let reason = format!("cannot be read: {}", error.kind());
                self.unread.push((path, reason.into()));
            }
        }
    }

    /// Sorts everything, and says only once that a restricted key would do.
    fn in_order(mut self) -> Self {
        self.findings.sort();
        let mut has_full_key = false;
        self.findings.retain(|finding| {
            let is_repeated = finding.code == Code::FullKey && has_full_key;
            has_full_key |= finding.code == Code::FullKey;
            !is_repeated
        });
        self.closed.sort();
        self.unread.sort();
        self
    }
}

fn look_at(found: &Found, max_size: u64) -> Outcome {
    let bytes = match &found.content {
        Content::Memory(bytes) => bytes.to_vec(),
        Content::Member(tree, path) => match tree.read(path, max_size) {
            Ok(Contents::Some(bytes)) => bytes,
            Ok(Contents::TooLarge { .. }) => return Outcome::TooLarge(found.path.clone()),
            Err(error) => return Outcome::Unreadable(found.path.clone(), error),
        },
        Content::Disk(path) => match read(path, max_size) {
            Ok(Some(bytes)) => bytes,
            Ok(None) => return Outcome::TooLarge(found.path.clone()),
            Err(error) => return Outcome::Unreadable(found.path.clone(), error),
        },
    };
    if text::is_wide(&bytes) {
        return match text::decode(&bytes) {
            Decoded::Text(text) | Decoded::Repaired(text) => {
                Outcome::Read(keys::find(&found.path, text.as_bytes()))
            }
            Decoded::Binary => Outcome::Binary,
        };
    }
    if text::is_binary(&bytes) {
        return Outcome::Binary;
    }
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    Outcome::Read(keys::find(&found.path, bytes))
}

/// Reads a file; `None` where it is too large.
fn read(path: &Path, max_size: u64) -> std::io::Result<Option<Vec<u8>>> {
    let mut bytes = Vec::new();
    let limit = max_size.saturating_add(1);
    File::open(path)?.take(limit).read_to_end(&mut bytes)?;
    let is_small = u64::try_from(bytes.len()).is_ok_and(|size| size <= max_size);
    Ok(is_small.then_some(bytes))
}
