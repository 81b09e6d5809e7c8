//! The way of many units: each thread takes the next one, and what comes of it is handed over in
//! their order.
//!
//! As many units are in work as there are threads. What is finished before its turn waits, and nobody
//! begins a unit that is too far ahead, so that memory does not grow with the number of units. A thread
//! that has to wait helps inside the units of others.

use std::{
    collections::BTreeMap,
    ops::ControlFlow,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::{
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Sender},
    },
    thread,
    time::Duration,
};

use model::{diagnostic::Code, evidence::Resolution, manifest::Manifest};
use rayon::{ThreadPool, Yield};
use rules::RuleSet;

use crate::{
    Earlier, Options, Progress,
    fingerprint::{self, Known},
    listing::diagnostic,
    pipeline::{self, Scanned},
    spot::Spotted,
    target::Target,
    told::feature::Features,
};

/// How many units may be begun before the first of them is finished.
const WINDOW: usize = 512;
/// How long a thread that can help nobody waits before it looks again.
const PAUSE: Duration = Duration::from_micros(200);

/// What all units of a run have in common.
#[derive(Clone, Copy)]
pub(crate) struct Job<'a> {
    /// How they are scanned.
    pub(crate) options: &'a Options,
    /// The rule table.
    pub(crate) rules: &'a RuleSet,
    /// Who is told how far it has come.
    pub(crate) progress: &'a dyn Progress,
    /// What an earlier run found.
    pub(crate) earlier: Option<&'a dyn Earlier>,
}

/// Where a unit stands among those of a run.
#[derive(Clone, Copy)]
pub(crate) struct Turn {
    /// Whether there is no other, so that everybody is told how far it has come.
    pub(crate) is_alone: bool,
    /// Whether none is begun after it.
    pub(crate) is_last: bool,
}

/// What came of one unit.
pub(crate) enum Finished {
    /// It was scanned, as one unit or as several.
    Scanned(Box<Target>, Vec<Scanned>),
    /// An earlier run found what would be found again.
    Unchanged,
}

/// Is handed what comes of each unit, and says whether to go on.
pub(crate) type Take<'a> = dyn FnMut(&Spotted, Finished) -> ControlFlow<()> + 'a;

/// Who is where in the line of units.
struct Line {
    /// The unit that is begun next.
    next: AtomicUsize,
    /// The first unit that may not be begun yet.
    end: AtomicUsize,
    /// Whether nobody wants to know more.
    is_over: AtomicBool,
}

/// Scans the only unit; all threads work on it.
pub(crate) fn alone(spot: &Spotted, job: Job<'_>, pool: Option<&ThreadPool>) -> Finished {
    let turn = Turn {
        is_alone: true,
        is_last: true,
    };
    let scan = || guarded(spot, job, || scan(spot, job, turn));
    match pool {
        Some(pool) => pool.install(scan),
        None => scan(),
    }
}

/// Scans all units on the threads of `pool`, and tells whether `take` wanted all.
pub(crate) fn each(
    spots: &[Spotted],
    job: Job<'_>,
    pool: Option<&ThreadPool>,
    take: &mut Take<'_>,
) -> ControlFlow<()> {
    let line = &Line {
        next: AtomicUsize::new(0),
        end: AtomicUsize::new(WINDOW),
        is_over: AtomicBool::new(false),
    };
    job.progress.begin("scanning", Some(spots.len() as u64));
    thread::scope(|scope| {
        let (sender, receiver) = mpsc::channel();
        scope.spawn(move || {
            let work = |_: rayon::BroadcastContext<'_>| work(spots, job, line, &sender);
            match pool {
                Some(pool) => pool.broadcast(work),
                None => rayon::broadcast(work),
            }
        });
        let mut early = BTreeMap::new();
        let mut n_taken = 0;
        for (index, finished) in receiver {
            early.insert(index, finished);
            while let Some((spot, finished)) = spots.get(n_taken).zip(early.remove(&n_taken)) {
                n_taken += 1;
                line.end.store(n_taken + WINDOW, Ordering::Relaxed);
                if take(spot, finished).is_break() {
                    line.is_over.store(true, Ordering::Relaxed);
                    return ControlFlow::Break(());
                }
            }
        }
        ControlFlow::Continue(())
    })
}

/// Scans one unit after another, as long as there are any.
fn work(spots: &[Spotted], job: Job<'_>, line: &Line, sender: &Sender<(usize, Finished)>) {
    loop {
        let index = line.next.fetch_add(1, Ordering::Relaxed);
        let Some(spot) = spots.get(index) else {
            return;
        };
        while index >= line.end.load(Ordering::Relaxed) && !line.is_over.load(Ordering::Relaxed) {
            if rayon::yield_now() != Some(Yield::Executed) {
                thread::sleep(PAUSE);
            }
        }
        if line.is_over.load(Ordering::Relaxed) {
            return;
        }
        let turn = Turn {
            is_alone: false,
            is_last: index + rayon::current_num_threads() >= spots.len(),
        };
        let finished = guarded(spot, job, || scan(spot, job, turn));
        job.progress.advance();
        if sender.send((index, finished)).is_err() {
            return;
        }
    }
}

/// Turns a failure of ours into something that the manifest of the unit says.
fn guarded(spot: &Spotted, job: Job<'_>, scan: impl FnOnce() -> Finished) -> Finished {
    catch_unwind(AssertUnwindSafe(scan)).unwrap_or_else(|_| {
        let named = catch_unwind(AssertUnwindSafe(|| spot.target()));
        let target = named.unwrap_or_else(|_| spot.unknown());
        let manifest = failed(&target, job);
        let scanned = Scanned {
            manifest,
            has_source: true,
            counts: true,
        };
        Finished::Scanned(Box::new(target), vec![scanned])
    })
}

fn scan(spot: &Spotted, job: Job<'_>, turn: Turn) -> Finished {
    let target = spot.target();
    if let Some(earlier) = job.earlier
        && let Some(known) = earlier.known(&spot.folder())
        && is_unchanged(&target, &known, job.options)
    {
        return Finished::Unchanged;
    }
    let Job {
        options,
        rules,
        progress,
        ..
    } = job;
    let scanned = pipeline::scan_unit(&target, options, rules, progress, turn);
    Finished::Scanned(Box::new(target), scanned)
}

fn is_unchanged(target: &Target, known: &Known, options: &Options) -> bool {
    fingerprint::again(target, options, known.n_files > 0)
        .is_some_and(|now| *now == *known.fingerprint)
}

/// Says of a unit that nothing is known of it.
fn failed(target: &Target, job: Job<'_>) -> Manifest {
    let message = "scanning this unit failed and was given up";
    let said = diagnostic(".", Code::LimitExceeded, message);
    let (nothing, features) = (Resolution::default(), Features::default());
    Manifest {
        unit: target.unit.clone(),
        folder: target.folder(),
        ..pipeline::judged(nothing, vec![said], &[], &features, job.options, job.rules)
    }
}

#[cfg(test)]
mod tests {
    use std::path::PathBuf;

    use super::*;
    use crate::{Input, NoProgress, spot};

    #[test]
    fn a_unit_that_fails_is_incomplete_and_ends_nothing() {
        let folder = tempfile::tempdir().unwrap();
        let code = "<?php\n/* Plugin Name: A */\n";
        for name in ["a", "b"] {
            std::fs::create_dir(folder.path().join(name)).unwrap();
            std::fs::write(folder.path().join(name).join("x.php"), code).unwrap();
        }
        let input = Input::Paths(vec![PathBuf::from(folder.path())]);
        let spots = spot::spots(&input).unwrap();
        let (options, rules) = (Options::default(), RuleSet::builtin());
        let job = Job {
            options: &options,
            rules: &rules,
            progress: &NoProgress,
            earlier: None,
        };
        let Finished::Scanned(target, units) = guarded(&spots[1], job, || panic!("a mistake"))
        else {
            panic!("it was not scanned before");
        };
        let manifest = &units[0].manifest;
        assert_eq!((&*target.unit.name, &*manifest.unit.name), ("b", "b"));
        assert!(units[0].counts && !manifest.is_complete());
        let said = &manifest.unresolved[0];
        assert_eq!(&*said.location.path, ".");
        assert_eq!(&*said.message, "scanning this unit failed and was given up");
    }
}
