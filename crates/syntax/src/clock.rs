//! How long parsing takes, for `cargo xtask profile`; without the feature `clock` nothing is measured.

/// Runs `work`, and adds the processor time that it takes to that of parsing.
#[cfg(not(feature = "clock"))]
pub(crate) fn parsing<T>(work: impl FnOnce() -> T) -> T {
    work()
}

/// Runs `work`, and adds the processor time that it takes to that of lowering.
#[cfg(not(feature = "clock"))]
pub(crate) fn lowering<T>(work: impl FnOnce() -> T) -> T {
    work()
}

#[cfg(feature = "clock")]
mod measured {
    use std::{
        fs,
        sync::atomic::{AtomicU64, Ordering},
    };

    static PARSING: AtomicU64 = AtomicU64::new(0);
    static LOWERING: AtomicU64 = AtomicU64::new(0);

    pub(crate) fn parsing<T>(work: impl FnOnce() -> T) -> T {
        measure(&PARSING, work)
    }

    pub(crate) fn lowering<T>(work: impl FnOnce() -> T) -> T {
        measure(&LOWERING, work)
    }

    /// Returns the processor time of parsing and of lowering so far, in nanoseconds.
    #[must_use]
    pub fn times() -> (u64, u64) {
        (
            PARSING.load(Ordering::Relaxed),
            LOWERING.load(Ordering::Relaxed),
        )
    }

    fn measure<T>(sum: &AtomicU64, work: impl FnOnce() -> T) -> T {
        let before = now();
        let result = work();
        sum.fetch_add(now().saturating_sub(before), Ordering::Relaxed);
        result
    }

    /// Returns the processor time of this thread; Linux tells it.
    fn now() -> u64 {
        let text = fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
        let first = text.split_whitespace().next();
        first.and_then(|time| time.parse().ok()).unwrap_or(0)
    }
}

#[cfg(feature = "clock")]
pub use measured::times;
#[cfg(feature = "clock")]
pub(crate) use measured::{lowering, parsing};
