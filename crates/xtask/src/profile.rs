//! Measures where the time of a scan goes.
//!
//! Counts processor time, not the clock on the wall, so that other programs do not disturb. Works on
//! Linux, where `/proc` tells it.

use std::{
    fmt::Write as _,
    fs,
    path::Path,
    sync::{Mutex, PoisonError},
    time::Duration,
};

use rules::RuleSet;
use scan::{Input, Options, Progress, ScanError};

/// Steps of a scan, each with the processor time at which it began, in seconds.
#[derive(Default)]
struct Marks(Mutex<Vec<(String, f64)>>);

impl Marks {
    fn mark(&self, step: &str) {
        let mut marks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        marks.push((step.to_owned(), processor_time()));
    }
}

impl Progress for Marks {
    fn begin(&self, step: &str, _n_files: Option<u64>) {
        self.mark(step);
    }

    fn advance(&self) {}

    fn end(&self) {
        self.mark("");
    }
}

/// Scans the code at `path` on one thread and says how long each step took.
pub(crate) fn profile(path: &Path) -> Result<String, ScanError> {
    let options = Options {
        threads: Some(1),
        ..Options::default()
    };
    let rules = RuleSet::builtin();
    let marks = Marks::default();
    marks.mark("listing");
    scan::scan(
        &Input::Paths(vec![path.to_owned()]),
        &options,
        &rules,
        &marks,
    )?;
    let marks = marks.0.into_inner().unwrap_or_else(PoisonError::into_inner);
    Ok(table(&marks))
}

fn table(marks: &[(String, f64)]) -> String {
    let took = |step: &str| {
        let steps = marks.iter().zip(marks.iter().skip(1));
        let of = steps.filter(|((name, _), _)| name == step);
        of.map(|((_, begin), (_, end))| end - begin).sum::<f64>()
    };
    let (parsing, lowering) = syntax::times();
    let seconds = |time: u64| Duration::from_nanos(time).as_secs_f64();
    let (parsing, lowering) = (seconds(parsing), seconds(lowering));
    let resolving = took("resolving");
    let mut table = String::new();
    for (step, time) in [
        ("listing", took("listing")),
        ("reading, searching", took("reading") - parsing - lowering),
        ("parsing", parsing),
        ("lowering", lowering),
        ("resolving", resolving),
    ] {
        let _ = writeln!(table, "{step:<20} {time:>7.3} s");
    }
    if parsing > 0.0 {
        let _ = writeln!(table, "resolving / parsing  {:>7.2}", resolving / parsing);
    }
    table
}

/// Returns the processor time that all threads of this process have used so far, in seconds.
fn processor_time() -> f64 {
    let tasks = fs::read_dir("/proc/self/task").into_iter().flatten();
    let nanoseconds = tasks.flatten().filter_map(|task| {
        let text = fs::read_to_string(task.path().join("schedstat")).ok()?;
        text.split_whitespace().next()?.parse::<f64>().ok()
    });
    nanoseconds.sum::<f64>() / 1e9
}
