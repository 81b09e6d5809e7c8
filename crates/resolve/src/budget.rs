//! How much work a unit is worth.
//!
//! The work allowed grows with the size of the code and with nothing else, so that a scan always ends.
//! Where a round of runs takes more than most code does, functions are run for fewer argument lists; what
//! is lost by that is a diagnostic.

use crate::program::Program;

/// Expressions that a round may evaluate however small the unit is.
const LEAST: u64 = 1_500_000;
/// For how many bytes of source text a round may evaluate one expression more.
const BYTES_PER_STEP: u64 = 12;
/// How many fair shares all rounds together may take; a round that would take more is not begun.
const SHARES: u64 = 3;
/// After how many fair shares everything ends at once.
const LAST_SHARE: u64 = 12;

/// How many different argument lists a function is run with.
const MAX_CONTEXTS: u32 = 400;
/// The same for functions that make no request themselves, and for all where the round takes long.
pub(crate) const MAX_FAR_CONTEXTS: u32 = 40;
/// The same where it takes very long.
const LAST_CONTEXTS: u32 = 4;

/// What has been spent of the work that the unit is worth.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Budget {
    /// Expressions evaluated.
    steps: u64,
    /// The same when the round began.
    before: u64,
    /// What one round is worth.
    share: u64,
}

impl Budget {
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let texts = program.files().map(|(_, facts)| facts.source.text.len());
        let n_bytes: usize = texts.sum();
        Self {
            steps: 0,
            before: 0,
            share: LEAST + n_bytes as u64 / BYTES_PER_STEP,
        }
    }

    pub(crate) fn start_round(&mut self) {
        self.before = self.steps;
    }

    /// Notes that one expression is evaluated.
    pub(crate) fn spend(&mut self) {
        self.steps += 1;
    }

    /// Tells whether nothing is run any more.
    pub(crate) fn is_exhausted(&self) -> bool {
        self.steps > self.share * LAST_SHARE
    }

    /// Tells whether one more round like the last is too much.
    pub(crate) fn ends_here(&self) -> bool {
        let last = self.steps - self.before;
        self.steps + last > self.share * SHARES
    }

    /// Returns for how many argument lists a function is run, by whether it leads to Stripe.
    pub(crate) fn contexts(&self, leads: bool) -> u32 {
        let spent = self.steps - self.before;
        if spent > self.share + self.share / 2 {
            LAST_CONTEXTS
        } else if leads && spent <= self.share {
            MAX_CONTEXTS
        } else {
            MAX_FAR_CONTEXTS
        }
    }
}
