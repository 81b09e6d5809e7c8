//! Runs of functions that are remembered, and what each of them depended on.
//!
//! Everything is run again, in rounds, until no field and no variable of a module holds more. A run whose
//! answer cannot have changed is not made again: nothing that it read has grown, and the functions that it
//! called give back what they gave it before. What runs found is kept with each of them, and put together in
//! the end from those that the program still leads to.

use std::rc::Rc;

use crate::hashing::{HashMap, HashSet};
use crate::{
    evaluator::{Context, Env, Evaluator, MAX_CALLS, Summary, instance},
    found::{Found, Pending},
    held::digest,
    program::{FileId, FunctionId},
    table::{Cell, Table, Version},
    usage::{Node, Use},
    value::{Atom, Value},
};

/// The last round in which what was left out for want of room is tried again.
const LAST_SECOND_CHANCE: u32 = 2;

/// How many runs are asked at once whether they still hold, each because of the one before.
const MAX_ASKED: usize = 2_000;

/// A function with everything that its result depends on, by number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct RunIndex(usize);

/// Something that a run called upon.
#[derive(Clone, Debug)]
enum Step {
    /// A function, and what it gave back; `None` where it was running already.
    Run(RunIndex, Option<Rc<Summary>>),
    /// The top level of a file.
    Module(FileId),
}

/// What a run depended on, in the order in which it asked.
#[derive(Clone, Debug, Default)]
pub(crate) struct Trail {
    cells: Vec<(Cell, Version)>,
    steps: Vec<Step>,
    /// How often something was not run that may be run another time.
    n_cuts: u32,
}

/// A place in a trail.
#[derive(Clone, Copy)]
pub(crate) struct Mark {
    cells: usize,
    steps: usize,
    cuts: u32,
}

/// What was read between two places of a trail that still grows.
#[derive(Clone, Copy)]
pub(crate) struct Stretch {
    from: usize,
    to: usize,
}

impl Trail {
    /// Notes that something was read that can grow.
    pub(crate) fn read(&mut self, cell: Cell, version: Version) {
        if self.cells.last() != Some(&(cell, version)) {
            self.cells.push((cell, version));
        }
    }

    /// Notes that the top level of a file was to be run.
    pub(crate) fn module(&mut self, file: FileId) {
        let is_last = matches!(self.steps.last(), Some(Step::Module(last)) if *last == file);
        if !is_last {
            self.steps.push(Step::Module(file));
        }
    }

    /// Notes that something was not run which may be run another time.
    pub(crate) fn cut(&mut self) {
        self.n_cuts += 1;
    }

    fn ran(&mut self, run: RunIndex, summary: Option<Rc<Summary>>) {
        let is_last = matches!(self.steps.last(), Some(Step::Run(last, _)) if *last == run);
        if !is_last {
            self.steps.push(Step::Run(run, summary));
        }
    }

    pub(crate) fn mark(&self) -> Mark {
        Mark {
            cells: self.cells.len(),
            steps: self.steps.len(),
            cuts: self.n_cuts,
        }
    }

    /// Returns what was noted since `mark`.
    pub(crate) fn since(&self, mark: Mark) -> Self {
        Self {
            cells: self.cells.get(mark.cells..).unwrap_or_default().to_vec(),
            steps: self.steps.get(mark.steps..).unwrap_or_default().to_vec(),
            n_cuts: self.n_cuts - mark.cuts,
        }
    }

    /// Returns the same without what was read more than once.
    pub(crate) fn without_repetition(mut self) -> Self {
        // Of what has grown in between, what was read first stays in front.
        self.cells.sort_unstable();
        self.cells.dedup();
        self
    }

    /// Returns the stretch from `mark` to here.
    pub(crate) fn stretch(&self, mark: Mark) -> Stretch {
        Stretch {
            // What was read last is not noted twice.
            from: mark.cells.saturating_sub(1),
            to: self.cells.len(),
        }
    }

    /// Tells whether nothing that was read on a stretch has grown since.
    pub(crate) fn is_as_read_within(&self, stretch: Stretch, table: &Table) -> bool {
        let cells = self.cells.get(stretch.from..stretch.to);
        table.is_as_read(cells.unwrap_or_default())
    }

    pub(crate) fn append(&mut self, other: &Self) {
        self.cells.extend_from_slice(&other.cells);
        self.steps.extend_from_slice(&other.steps);
        self.n_cuts += other.n_cuts;
    }

    /// Tells whether nothing that was read has grown since.
    pub(crate) fn is_as_read(&self, table: &Table) -> bool {
        table.is_as_read(&self.cells)
    }
}

/// What runs note: what they found, who uses whom, what they depended on.
///
/// There are very many runs, and most of them find nothing.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    found: Option<Box<Found>>,
    uses: Vec<Use>,
    /// Functions that are called, and what calls each.
    called: Vec<(FunctionId, Node)>,
    pub(crate) trail: Trail,
}

impl Notes {
    /// Returns where to note requests, and what stays open of them.
    pub(crate) fn found(&mut self) -> &mut Found {
        self.found.get_or_insert_default()
    }

    /// Notes what a function leaves to callers that may not exist.
    pub(crate) fn leave_open(&mut self, function: FunctionId, pending: Vec<Pending>) {
        if !pending.is_empty() {
            self.found().leave_open(function, pending);
        }
    }

    /// Notes who uses what.
    pub(crate) fn note_use(&mut self, seen: Use) {
        if self.uses.last() != Some(&seen) {
            self.uses.push(seen);
        }
    }

    /// Notes that a caller decides what a function leaves to its callers.
    pub(crate) fn note_called(&mut self, function: FunctionId, by: Node) {
        self.called.push((function, by));
    }
}

/// A run, and what is known of it.
#[derive(Debug)]
struct Run {
    context: Rc<Context>,
    state: State,
    /// The round in which `state` was set.
    round: u32,
    notes: Notes,
    /// The trail in which it was seen last.
    seen_in: Stamp,
}

/// The number of a trail.
pub(crate) type Stamp = u64;

#[derive(Clone, Debug)]
enum State {
    /// It has not been made.
    New,
    /// It is being made, or it is being asked whether it still holds; what is known of it so far.
    Running(Rc<Summary>),
    Done(Rc<Summary>),
}

/// What is known of a run without making it.
enum Known {
    /// It is being made; what is known so far.
    Partly(Rc<Summary>),
    Whole(Rc<Summary>),
    Nothing,
}

/// All runs of functions and files.
#[derive(Debug, Default)]
pub(crate) struct Runs {
    round: u32,
    /// By the digest of the context: values are compared by their digests too.
    by_context: HashMap<u64, RunIndex>,
    all: Vec<Run>,
    n_trails: Stamp,
    /// Memory of notes that were put away.
    spare: Vec<Notes>,
    modules: HashMap<FileId, Notes>,
    /// Runs that were asked for while they were being made.
    recursive: HashSet<RunIndex>,
    /// How many runs are being asked whether they still hold.
    n_asked: usize,
    /// For how many argument lists each function was run in this round.
    n_contexts: HashMap<FunctionId, u32>,
    /// How often each function is being run.
    n_active: HashMap<FunctionId, u32>,
}

impl Runs {
    pub(crate) fn start_round(&mut self) {
        self.round += 1;
        self.n_contexts.clear();
        self.recursive.clear();
    }

    /// Forgets all runs, so that everything is run again.
    pub(crate) fn forget(&mut self) {
        *self = Self {
            round: self.round,
            n_trails: self.n_trails,
            ..Self::default()
        };
    }

    /// Returns for how many argument lists a function was run in this round.
    pub(crate) fn n_contexts(&self, function: FunctionId) -> u32 {
        self.n_contexts.get(&function).copied().unwrap_or(0)
    }

    /// Returns how often a function is being run.
    pub(crate) fn n_active(&self, function: FunctionId) -> u32 {
        self.n_active.get(&function).copied().unwrap_or(0)
    }

    fn count(&mut self, function: FunctionId) -> u32 {
        let n_contexts = self.n_contexts.entry(function).or_default();
        *n_contexts += 1;
        *n_contexts
    }

    fn index(&mut self, context: Context) -> RunIndex {
        let next = RunIndex(self.all.len());
        let index = *self.by_context.entry(digest(&context)).or_insert(next);
        if index == next {
            self.all.push(Run {
                context: Rc::new(context),
                state: State::New,
                round: self.round,
                notes: Notes::default(),
                seen_in: 0,
            });
        }
        index
    }

    fn set(&mut self, run: RunIndex, state: State) {
        let round = self.round;
        let run = &mut self.all[run.0];
        run.state = state;
        run.round = round;
    }
}

impl Evaluator<'_> {
    /// Returns what a function does in a context, which is run if that is not known.
    pub(crate) fn summary(&mut self, context: Context) -> Rc<Summary> {
        let run = self.runs.index(context);
        self.ask(run, true)
    }

    /// Returns what a closure does that is run where it is written: as often as the function around it is.
    pub(crate) fn summary_of_closure(&mut self, context: Context) -> Rc<Summary> {
        let run = self.runs.index(context);
        self.ask(run, false)
    }

    /// Returns what a run does. Of those that are `counted`, only so many are made for one function.
    fn ask(&mut self, run: RunIndex, counted: bool) -> Rc<Summary> {
        match self.known(run, counted) {
            Known::Partly(so_far) => {
                self.notes.trail.ran(run, None);
                so_far
            }
            Known::Whole(summary) => {
                self.notes.trail.ran(run, Some(summary.clone()));
                summary
            }
            Known::Nothing => self.make_if_possible(run, counted),
        }
    }

    /// Returns what is known of a run without making it.
    fn known(&mut self, run: RunIndex, counted: bool) -> Known {
        let known = &self.runs.all[run.0];
        let is_of_round = known.round == self.runs.round;
        match known.state.clone() {
            State::Running(so_far) => {
                self.runs.recursive.insert(run);
                self.declared.note_partial();
                Known::Partly(so_far)
            }
            State::Done(summary) if is_of_round => Known::Whole(summary),
            State::Done(summary) if self.still_holds(run, &summary) => {
                if counted {
                    let function = self.runs.all[run.0].context.function;
                    self.runs.count(function);
                }
                Known::Whole(summary)
            }
            State::Done(_) | State::New => Known::Nothing,
        }
    }

    /// Makes a run, unless that is too much work.
    fn make_if_possible(&mut self, run: RunIndex, counted: bool) -> Rc<Summary> {
        let context = self.runs.all[run.0].context.clone();
        if self.depth > MAX_CALLS || self.is_exhausted() {
            return self.given_up(&context);
        }
        if counted {
            let leads = self.reach.contains(context.function);
            if self.runs.count(context.function) > self.budget.contexts(leads) {
                return self.without_arguments(&context);
            }
        }
        let summary = self.make(run);
        self.notes.trail.ran(run, Some(summary.clone()));
        summary
    }

    /// Tells whether a run of an earlier round would do the same again.
    fn still_holds(&mut self, run: RunIndex, summary: &Rc<Summary>) -> bool {
        if self.runs.n_asked >= MAX_ASKED {
            return false;
        }
        self.runs.n_asked += 1;
        self.runs.set(run, State::Running(Rc::default()));
        let trail = std::mem::take(&mut self.runs.all[run.0].notes.trail);
        let holds = self.is_as_before(&trail);
        self.runs.all[run.0].notes.trail = trail;
        self.runs.n_asked -= 1;
        self.runs.set(run, State::Done(summary.clone()));
        holds
    }

    /// Tells whether all that a trail leads to still says the same.
    fn is_as_before(&mut self, trail: &Trail) -> bool {
        let is_cut = trail.n_cuts > 0 && self.runs.round <= LAST_SECOND_CHANCE;
        if is_cut || !self.table.is_as_read(&trail.cells) {
            return false;
        }
        let n_changes = self.table.n_changes();
        let mut steps = trail.steps.iter();
        let holds = steps.all(|step| match step {
            Step::Run(run, before) => {
                let now = match self.known(*run, false) {
                    Known::Partly(now) | Known::Whole(now) => now,
                    Known::Nothing => self.aside(|this| this.make_if_possible(*run, false)),
                };
                before
                    .as_ref()
                    .is_none_or(|before| Rc::ptr_eq(before, &now))
            }
            Step::Module(file) => {
                if !self.modules.contains(file) {
                    self.aside(|this| this.run_module(*file));
                }
                true
            }
        });
        holds && (self.table.n_changes() == n_changes || self.table.is_as_read(&trail.cells))
    }

    /// Does something of which the notes belong to the runs that are asked, not to the one that runs.
    fn aside<T>(&mut self, work: impl FnOnce(&mut Self) -> T) -> T {
        let outer = std::mem::take(&mut self.notes);
        let result = work(self);
        self.notes = outer;
        result
    }

    /// Notes a run that is not made, and returns what is known without it.
    fn given_up(&mut self, context: &Context) -> Rc<Summary> {
        let hands_over = context
            .arguments
            .iter()
            .chain(context.captured.values())
            .any(|value| self.holds_stripe(value));
        self.cut_short(context.function, hands_over);
        self.declared.note_partial();
        self.notes.trail.cut();
        Rc::new(Summary {
            returns: Value::unknown(),
            ..Summary::default()
        })
    }

    /// Returns what a function gives back whatever it is given, in place of a run for these arguments.
    fn without_arguments(&mut self, context: &Context) -> Rc<Summary> {
        let given_up = self.given_up(context);
        let function = context.function;
        let arguments = self.open_arguments(function);
        let open = self.runs.index(Context {
            function,
            this: match &context.this {
                Some(Atom::Instance(this)) => Some(instance(this.class)),
                this => this.clone(),
            },
            captured: Env::new(),
            arguments,
            constructing: context.constructing,
        });
        if matches!(self.runs.all[open.0].state, State::Running(_)) {
            return given_up;
        }
        let summary = self.ask(open, false);
        Rc::new(Summary {
            returns: summary.returns.clone(),
            fields: summary.fields.clone(),
            ..Summary::default()
        })
    }

    /// Runs a function, once more where it calls itself.
    fn make(&mut self, run: RunIndex) -> Rc<Summary> {
        let made = &self.runs.all[run.0];
        let context = made.context.clone();
        let before = match &made.state {
            State::Done(summary) => Some(summary.clone()),
            State::Running(_) | State::New => None,
        };
        self.runs.set(run, State::Running(Rc::default()));
        *self.runs.n_active.entry(context.function).or_default() += 1;
        if let Some(recorder) = &mut self.recorder {
            recorder.enters();
        }
        let outer = self.begin_notes();
        let mut summary = Rc::new(self.run(&context));
        if self.runs.recursive.remove(&run) {
            self.runs.set(run, State::Running(summary.clone()));
            summary = Rc::new(self.run(&context));
            self.runs.recursive.remove(&run);
        }
        let notes = self.end_notes(outer);
        if let Some(recorder) = &mut self.recorder {
            recorder.leaves(&summary);
        }
        if let Some(n_active) = self.runs.n_active.get_mut(&context.function) {
            *n_active -= 1;
        }
        // Callers that got this before need not run again.
        let summary = before
            .filter(|before| *before == summary)
            .unwrap_or(summary);
        self.runs.all[run.0].notes = notes;
        self.runs.set(run, State::Done(summary.clone()));
        summary
    }

    /// Runs the top level of a file, once a round.
    pub(crate) fn run_module(&mut self, file: FileId) {
        self.notes.trail.module(file);
        if self.depth > MAX_CALLS || !self.modules.insert(file) {
            return;
        }
        if let Some(mut before) = self.runs.modules.remove(&file) {
            let trail = std::mem::take(&mut before.trail);
            if self.is_as_before(&trail) {
                before.trail = trail;
                self.runs.modules.insert(file, before);
                return;
            }
        }
        let outer = self.begin_notes();
        self.run_top_level(file);
        let notes = self.end_notes(outer);
        self.runs.modules.insert(file, notes);
    }

    /// Begins to note what one run does, and returns what was noted until then.
    fn begin_notes(&mut self) -> Notes {
        let empty = self.runs.spare.pop().unwrap_or_default();
        std::mem::replace(&mut self.notes, empty)
    }

    /// Returns what was noted of a run, each thing once; of what has grown in between, what was read first
    /// counts.
    fn end_notes(&mut self, outer: Notes) -> Notes {
        let mut notes = std::mem::replace(&mut self.notes, outer);
        let trail = &mut notes.trail;
        self.runs.n_trails += 1;
        let stamp = self.runs.n_trails;
        let table = &mut self.table;
        trail
            .cells
            .retain(|(cell, _)| table.is_new_in(*cell, stamp));
        let runs = &mut self.runs.all;
        let mut modules = HashSet::default();
        trail.steps.retain(|step| match step {
            Step::Run(run, _) => std::mem::replace(&mut runs[run.0].seen_in, stamp) != stamp,
            Step::Module(file) => modules.insert(*file),
        });
        notes.uses.sort_unstable();
        notes.uses.dedup();
        notes.called.sort_unstable();
        notes.called.dedup();
        let kept = Notes {
            found: notes.found.take(),
            uses: notes.uses.drain(..).collect(),
            called: notes.called.drain(..).collect(),
            trail: Trail {
                cells: trail.cells.drain(..).collect(),
                steps: trail.steps.drain(..).collect(),
                n_cuts: std::mem::take(&mut trail.n_cuts),
            },
        };
        self.runs.spare.push(notes);
        kept
    }

    /// Puts together what all runs noted that the program still leads to.
    pub(crate) fn gather(&mut self) {
        let own = std::mem::take(&mut self.notes);
        let mut todo = self.sum_up(own);
        while let Some(step) = todo.pop() {
            let notes = match step {
                Step::Run(run, _) => Some(std::mem::take(&mut self.runs.all[run.0].notes)),
                Step::Module(file) => self.runs.modules.remove(&file),
            };
            if let Some(notes) = notes {
                todo.extend(self.sum_up(notes));
            }
        }
    }

    /// Adds what one run noted to what all did, and returns what it called.
    fn sum_up(&mut self, notes: Notes) -> Vec<Step> {
        if let Some(found) = notes.found {
            self.found.absorb(*found);
        }
        for (function, by) in notes.called {
            self.found.note_called(function, by);
        }
        for seen in notes.uses {
            self.usage.note(seen);
        }
        notes.trail.steps
    }
}
