//! The pipeline: paths in, manifests out.
//!
//! Owns the disk and the threads. Deliberately knows no grammar, no rule format and no output format.

mod alias;
mod archive;
mod disk;
mod elsewhere;
mod english;
mod entry;
mod evident;
mod fingerprint;
mod fold;
mod foreign;
mod frontier;
mod hand_over;
mod harvest;
mod hygiene;
mod ignored;
mod json;
mod listing;
mod lock;
mod mention;
mod names;
mod package;
mod package_file;
mod parts;
mod path;
mod patterns;
mod pipeline;
mod place;
mod prefix;
mod reference;
mod run;
mod sdk;
mod skip;
mod spot;
mod target;
mod text;
mod told;
mod trace;
mod units;
mod unknown;
mod used;
mod walk;
mod wordpress;
mod words;

use std::{collections::BTreeMap, ops::ControlFlow, path::PathBuf, sync::Arc};

use model::{
    Name,
    config::Config,
    language::Language,
    manifest::{KeyTiers, Manifest},
};
use rayon::{ThreadPool, ThreadPoolBuilder};
use rules::RuleSet;

pub use crate::archive::archive_extensions;
pub use crate::fingerprint::{Known, fingerprint};
pub use crate::hygiene::keys;
pub use crate::trace::{TraceError, trace};

use crate::{
    hand_over::{HandOver, Take},
    run::Job,
    spot::Spotted,
};

/// What to scan.
#[derive(Clone, Debug)]
pub enum Input {
    /// Files, folders, archives.
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

/// Names of the configuration file; the first that is there counts.
pub const CONFIG_FILES: [&str; 2] = ["rakscan.yaml", "rakscan.yml"];

/// Says what is wrong with a pattern of files to leave out, if anything is.
#[must_use]
pub fn pattern_fault(pattern: &str) -> Option<String> {
    told::exclude::fault(pattern)
}

/// Whose word about the code counts, in comments and configuration files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// That of whoever named the folder.
    Owner,
    /// Nobody's.
    Nobody,
}

/// Whether keys that lie where they do not belong are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Hygiene {
    /// They are not.
    Off,
    /// They are, and stand in the manifest.
    On,
}

/// What of a folder is a unit of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Split {
    /// The folder as a whole.
    Whole,
    /// Each of its packages.
    Packages,
}

/// What the paths of an archive look like in a manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Paths {
    /// With the archive: `plugin.zip!/plugin/a.php`.
    WithArchive,
    /// As if it were unpacked, to be compared with those of another release.
    OfUnit,
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
    /// The configuration of each path of the input that has one.
    pub configs: BTreeMap<PathBuf, Config>,
    /// Whose word about the code counts.
    pub trust: Trust,
    /// Which tiers the key is made for.
    pub key_tiers: KeyTiers,
    /// Whether keys that lie where they do not belong are looked for.
    pub keys: Hygiene,
    /// What is a unit of its own.
    pub split: Split,
    /// What a fingerprint of each unit begins with: all that the result follows from beside the code and
    /// the other options, such as the version of the program. `None` for no fingerprints.
    pub fingerprint: Option<Arc<str>>,
    /// What the paths of an archive look like.
    pub paths: Paths,
    /// What the program does after the scan.
    pub afterwards: Afterwards,
}

impl Default for Options {
    fn default() -> Self {
        Self {
            threads: None,
            respect_ignore_files: true,
            include_tests: false,
            include_dependencies: false,
            max_file_size: 4 << 20,
            configs: BTreeMap::new(),
            trust: Trust::Owner,
            key_tiers: KeyTiers::default(),
            keys: Hygiene::Off,
            split: Split::Whole,
            fingerprint: None,
            paths: Paths::WithArchive,
            afterwards: Afterwards::GoesOn,
        }
    }
}

/// What the program does after a scan.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Afterwards {
    /// It goes on: all memory is freed.
    #[default]
    GoesOn,
    /// It ends soon: what the scan of the last units made is left to the system to free.
    Ends,
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
    /// An archive that was asked for is not what its name says.
    #[error("cannot open `{}`: {reason}", path.display())]
    BadArchive {
        /// The path.
        path: PathBuf,
        /// Why.
        reason: String,
    },
    /// An archive that was asked for is of a kind that is not read.
    #[error("`{}` is an archive of a kind that is not read", path.display())]
    UnknownArchive {
        /// The path.
        path: PathBuf,
    },
    /// There is no source file in a supported language.
    #[error("no source file in a supported language")]
    NothingToScan,
}

/// Knows what an earlier run found.
pub trait Earlier: Sync {
    /// Returns what it found of the unit in `folder`, as [`Among`](model::manifest::Among) names it.
    fn known(&self, folder: &str) -> Option<Known>;
}

/// What came of a unit.
#[derive(Clone, Debug)]
pub enum Outcome {
    /// What it needs.
    Scanned(Box<Manifest>),
    /// It is as an earlier run found it; its folder, as [`Among`](model::manifest::Among) names it.
    Unchanged(Name),
}

/// Where the units of an input are.
pub struct Units(Vec<Spotted>);

impl Units {
    /// Finds the units of `input`, without reading any.
    ///
    /// # Errors
    ///
    /// Fails where a path that was asked for is not there or cannot be read.
    pub fn of(input: &Input) -> Result<Self, ScanError> {
        Ok(Self(spot::spots(input)?))
    }

    /// Tells whether there may be several.
    #[must_use]
    pub fn are_several(&self) -> bool {
        self.0.len() > 1
    }
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
    let mut manifests = Vec::new();
    let units = Units::of(input)?;
    let mut take = |outcome| {
        if let Outcome::Scanned(manifest) = outcome {
            manifests.push(*manifest);
        }
        ControlFlow::Continue(())
    };
    scan_each(&units, options, rules, progress, None, &mut take)?;
    Ok(manifests)
}

/// Does the same, and hands over what comes of each unit as soon as it is its turn.
///
/// The order is that of [`scan`]; only a few units are in memory at a time, however many there are. What
/// `earlier` knows and would be found again is not scanned. Ends early where `take` says so.
///
/// # Errors
///
/// Fails where there is nothing to scan; what was handed over before stays true.
pub fn scan_each(
    units: &Units,
    options: &Options,
    rules: &RuleSet,
    progress: &dyn Progress,
    earlier: Option<&dyn Earlier>,
    take: &mut dyn FnMut(Outcome) -> ControlFlow<()>,
) -> Result<(), ScanError> {
    let job = Job {
        options,
        rules,
        progress,
        earlier,
    };
    scan_spots(&units.0, job, &mut |_, outcome| take(outcome))
}

/// Does the same as [`scan`], and says which folder each unit is in.
///
/// The folder is the path that was asked for, or one below it; a file stands for itself.
///
/// # Errors
///
/// Fails as [`scan`] does.
pub fn scan_placed(
    input: &Input,
    options: &Options,
    rules: &RuleSet,
    progress: &dyn Progress,
) -> Result<Vec<(PathBuf, Manifest)>, ScanError> {
    let mut placed = Vec::new();
    let job = Job {
        options,
        rules,
        progress,
        earlier: None,
    };
    scan_spots(&spot::spots(input)?, job, &mut |target, outcome| {
        let (Some(target), Outcome::Scanned(manifest)) = (target, outcome) else {
            return ControlFlow::Continue(());
        };
        let origin = &target.origin;
        let root = origin.root.clone().unwrap_or_default();
        // Joining an empty path would add a separator, and turn a file into a folder.
        let folder = match origin.prefix.as_str() {
            "" => root,
            prefix => root.join(prefix.trim_end_matches('/')),
        };
        placed.push((folder, *manifest));
        ControlFlow::Continue(())
    })?;
    Ok(placed)
}

fn scan_spots(spots: &[Spotted], job: Job<'_>, take: &mut Take<'_>) -> Result<(), ScanError> {
    let pool = pool(job.options);
    let mut hand_over = HandOver::new(spots.len() > 1, take);
    let ended = match spots {
        [alone] => hand_over.finished(alone, run::alone(alone, job, pool.as_ref())),
        several => run::each(several, job, pool.as_ref(), &mut |spot, finished| {
            hand_over.finished(spot, finished)
        }),
    };
    job.progress.end();
    let is_empty = ended.is_continue() && !hand_over.has_source;
    (!is_empty).then_some(()).ok_or(ScanError::NothingToScan)
}

/// Code can nest deeply, and is followed by functions that call themselves.
const STACK: usize = 64 << 20;

/// Makes threads with stacks deep enough for deeply nested code.
pub(crate) fn pool(options: &Options) -> Option<ThreadPool> {
    ThreadPoolBuilder::new()
        .num_threads(options.threads.unwrap_or(0))
        .stack_size(STACK)
        .build()
        .ok()
}
