//! Shows on a terminal how far a scan has come, if it takes long enough to wonder.

use std::{
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::{Duration, Instant},
};

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use scan::Progress;

use crate::screen::{Screen, Talk};

/// A shorter run shows nothing.
const PATIENCE: Duration = Duration::from_millis(500);

/// A bar that appears after a while.
pub(crate) struct Bar {
    line: ProgressBar,
    started: Instant,
    /// Whether it may appear and has not.
    is_waiting: AtomicBool,
}

impl Bar {
    pub(crate) fn new(screen: &Screen) -> Self {
        Self {
            line: ProgressBar::with_draw_target(None, ProgressDrawTarget::hidden()),
            started: Instant::now(),
            is_waiting: AtomicBool::new(screen.talk_is_read && screen.talk != Talk::Quiet),
        }
    }

    /// Does something that writes to the terminal, and keeps the bar out of its way.
    pub(crate) fn beside<T>(&self, write: impl FnOnce() -> T) -> T {
        self.line.suspend(write)
    }

    fn appear_when_late(&self) {
        let is_late = self.started.elapsed() > PATIENCE;
        if is_late && self.is_waiting.swap(false, Ordering::Relaxed) {
            self.line.set_draw_target(ProgressDrawTarget::stderr());
        }
    }
}

/// Writes how many are done in a second.
fn rate(state: &ProgressState, out: &mut dyn fmt::Write) {
    // Writing to a string cannot fail.
    let _ = write!(out, "{:.0}/s", state.per_sec());
}

impl Progress for Bar {
    fn begin(&self, step: &str, n_files: Option<u64>) {
        let template = match n_files {
            Some(_) => "{msg} {bar:30} {pos}/{len}  {rate}  {eta} left",
            None => "{msg} {pos}",
        };
        if let Ok(style) = ProgressStyle::with_template(template) {
            self.line.set_style(style.with_key("rate", rate));
        }
        self.line.set_length(n_files.unwrap_or(0));
        self.line.set_position(0);
        self.line.set_message(step.to_owned());
        self.appear_when_late();
    }

    fn advance(&self) {
        self.line.inc(1);
        self.appear_when_late();
    }

    fn end(&self) {
        self.line.finish_and_clear();
    }
}

impl Drop for Bar {
    fn drop(&mut self) {
        self.line.finish_and_clear();
    }
}
