//! The exit codes, in one place.

use std::process::ExitCode;

/// How a run ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    /// All was done; also if nobody read the output to its end.
    Done,
    /// A check found something.
    Findings,
    /// Usage, configuration, rules, reading or writing failed.
    Failed,
    /// There was nothing to scan.
    NothingToScan,
    /// `--strict`, and something was left open.
    Incomplete,
}

impl From<Status> for ExitCode {
    fn from(status: Status) -> Self {
        Self::from(match status {
            Status::Done => 0,
            Status::Findings => 1,
            Status::Failed => 2,
            Status::NothingToScan => 3,
            Status::Incomplete => 4,
        })
    }
}
