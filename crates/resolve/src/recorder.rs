//! Watches the evaluator at work, for the trace of one line.
//!
//! Is there only while a trace is made. Keeps each call on the line with the values it had, and in
//! every run of a function the calls that led to Stripe, so that a request can be followed down.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use model::{
    facts::{Expr, ExprKind},
    source::{Location, Span},
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    evaluator::{Arguments, Evaluator, Frame, Summary},
    found::{Pending, Wanted},
    program::{FileId, FunctionId, SdkIndex},
    value::{Atom, Value},
};

/// Most runs of one call that are kept.
const MAX_EVENTS: usize = 512;

/// One run of one call.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Event {
    /// The function that it stands in.
    pub(crate) function: FunctionId,
    pub(crate) span: Span,
    /// What it is called on; the callee itself where it is called on nothing.
    pub(crate) receiver: Value,
    pub(crate) arguments: Arguments,
    pub(crate) result: Value,
    /// What it asked of Stripe.
    pub(crate) wanted: Vec<Pending>,
    /// What it ran.
    pub(crate) ran: Vec<Ran>,
}

/// A function that a call ran.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) function: FunctionId,
    /// Which of its runs.
    pub(crate) run: RunId,
}

/// A run of a function, told from others by where its summary is kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct RunId(usize);

impl RunId {
    fn of(summary: &Summary) -> Self {
        Self(std::ptr::from_ref(summary).addr())
    }
}

/// A call that is being evaluated.
#[derive(Default)]
struct Active {
    depth: usize,
    wanted: Vec<Pending>,
    ran: Vec<Ran>,
}

/// What happened in a run of a function.
#[derive(Default)]
struct Inside {
    /// Calls that led to Stripe.
    events: Vec<Event>,
    ran: Vec<RunId>,
    /// What the function itself names.
    reported: BTreeSet<Pending>,
}

/// What was seen.
#[derive(Default)]
pub(crate) struct Recorder {
    file: FileId,
    on_line: BTreeSet<Span>,
    /// Whether the next expression to be evaluated is the one just noted.
    is_noted: bool,
    active: Vec<Active>,
    /// The functions that run, innermost last.
    running: Vec<Inside>,
    runs: HashMap<RunId, Inside>,
    /// Calls on the line.
    seen: BTreeMap<Span, Vec<Event>>,
    /// Where clients are made.
    clients: BTreeSet<(SdkIndex, Location)>,
    /// Requests and open places as they were reported.
    reported: BTreeSet<Pending>,
}

impl Recorder {
    /// Makes one for the calls of `file` at the places `on_line`.
    pub(crate) fn new(file: FileId, on_line: BTreeSet<Span>) -> Self {
        Self {
            file,
            on_line,
            ..Self::default()
        }
    }

    /// Forgets what was seen, because everything is run again.
    pub(crate) fn start_round(&mut self) {
        *self = Self::new(self.file, std::mem::take(&mut self.on_line));
    }

    /// Returns the runs of a call on the line.
    pub(crate) fn seen(&self, span: Span) -> &[Event] {
        self.seen.get(&span).map_or(&[], Vec::as_slice)
    }

    /// Returns the calls that led to Stripe in a run of a function.
    pub(crate) fn inside(&self, run: RunId) -> &[Event] {
        self.runs
            .get(&run)
            .map_or(&[], |inside| inside.events.as_slice())
    }

    /// Returns what functions, and those that they run, name themselves.
    pub(crate) fn below(&self, ran: &[Ran]) -> BTreeSet<&Pending> {
        let mut todo: Vec<RunId> = ran.iter().map(|ran| ran.run).collect();
        let mut seen: HashSet<RunId> = todo.iter().copied().collect();
        let mut all = BTreeSet::new();
        while let Some(inside) = todo.pop().map(|run| self.runs.get(&run)) {
            let Some(inside) = inside else { continue };
            all.extend(&inside.reported);
            todo.extend(inside.ran.iter().filter(|run| seen.insert(**run)));
        }
        all
    }

    /// Returns where clients of an SDK are made.
    pub(crate) fn clients(&self, sdk: SdkIndex) -> impl Iterator<Item = &Location> {
        let of_sdk = move |(made, _): &&(SdkIndex, Location)| *made == sdk;
        self.clients.iter().filter(of_sdk).map(|(_, at)| at)
    }

    pub(crate) fn reported(&self) -> &BTreeSet<Pending> {
        &self.reported
    }

    /// Notes what a function asks of Stripe, as it is reported or passed on.
    pub(crate) fn wants(&mut self, depth: usize, pending: &Pending) {
        if pending.origin.is_here() {
            self.reported.insert(pending.clone());
            if let Some(inside) = self.running.last_mut() {
                inside.reported.insert(pending.clone());
            }
        }
        if let Some(active) = self.active.last_mut()
            && active.depth == depth
            && !active.wanted.contains(pending)
        {
            active.wanted.push(pending.clone());
        }
    }

    /// Notes that the call at work ran a function.
    pub(crate) fn ran(&mut self, depth: usize, function: FunctionId, summary: &Summary) {
        let run = RunId::of(summary);
        if let Some(active) = self.active.last_mut()
            && active.depth == depth
        {
            active.ran.push(Ran { function, run });
        }
        if let Some(inside) = self.running.last_mut()
            && !inside.ran.contains(&run)
        {
            inside.ran.push(run);
        }
    }

    /// Notes that a function begins to run.
    pub(crate) fn enters(&mut self) {
        self.running.push(Inside::default());
    }

    /// Notes that it has run.
    pub(crate) fn leaves(&mut self, summary: &Rc<Summary>) {
        let inside = self.running.pop().unwrap_or_default();
        self.runs.insert(RunId::of(summary), inside);
    }

    fn watches(&self, file: FileId, span: Span) -> bool {
        file == self.file && self.on_line.contains(&span)
    }

    fn add(&mut self, event: Event) {
        let add = |events: &mut Vec<Event>, event: Event| {
            if events.len() < MAX_EVENTS && !events.contains(&event) {
                events.push(event);
            }
        };
        if self.watches(event.function.file, event.span) {
            add(self.seen.entry(event.span).or_default(), event.clone());
        }
        if let (false, Some(inside)) = (event.wanted.is_empty(), self.running.last_mut()) {
            add(&mut inside.events, event);
        }
    }
}

impl Evaluator<'_> {
    /// Evaluates a call and notes what it did; `None` where `expr` is no call, or is noted already.
    pub(crate) fn record(&mut self, frame: &mut Frame, expr: &Expr) -> Option<Value> {
        let recorder = self.recorder.as_mut()?;
        let is_noted = std::mem::take(&mut recorder.is_noted);
        if is_noted || !is_call(expr) {
            return None;
        }
        recorder.is_noted = true;
        recorder.active.push(Active {
            depth: self.depth,
            ..Active::default()
        });
        let result = self.eval(frame, expr);
        let mut recorder = self.recorder.take()?;
        let active = recorder.active.pop().unwrap_or_default();
        recorder.is_noted = false;
        if active.ran.is_empty() {
            let at = self.program.file(frame.file).source.location(expr.span);
            let made = result.atoms.iter().filter_map(client);
            recorder.clients.extend(made.map(|sdk| (sdk, at.clone())));
        }
        if recorder.watches(frame.file, expr.span) || !active.wanted.is_empty() {
            // What is evaluated a second time has been noted the first time.
            let (receiver, arguments) = self.parts(frame, expr);
            recorder.add(Event {
                function: frame.function,
                span: expr.span,
                receiver,
                arguments,
                result: result.clone(),
                wanted: active.wanted,
                ran: active.ran,
            });
        }
        self.recorder = Some(recorder);
        Some(result)
    }

    /// Evaluates what a call is made of.
    fn parts(&mut self, frame: &mut Frame, call: &Expr) -> (Value, Arguments) {
        let (callee, arguments) = match &call.kind {
            ExprKind::Call { callee, arguments } => (callee, arguments),
            ExprKind::New { class, arguments } => (class, arguments),
            _ => return (Value::unknown(), Arguments::default()),
        };
        let receiver = match &callee.kind {
            ExprKind::Member { object, .. } | ExprKind::DynamicMember { object, .. } => object,
            ExprKind::StaticMember { class, .. } | ExprKind::DynamicStaticMember { class, .. } => {
                class
            }
            _ => callee,
        };
        let receiver = self.eval(frame, receiver);
        (receiver, self.arguments(frame, arguments))
    }
}

/// Tells whether an expression is a call.
pub(crate) fn is_call(expr: &Expr) -> bool {
    matches!(expr.kind, ExprKind::Call { .. } | ExprKind::New { .. })
}

/// Returns the SDK of which `atom` is a client.
fn client(atom: &Atom) -> Option<SdkIndex> {
    match atom {
        Atom::Client(sdk) => Some(*sdk),
        _ => None,
    }
}

/// Tells whether two requests or open places ask the same of Stripe.
pub(crate) fn is_same(a: &Wanted, b: &Wanted) -> bool {
    match (a, b) {
        (
            Wanted::Request { method, path, .. },
            Wanted::Request {
                method: other,
                path: there,
                ..
            },
        ) => method == other && path == there,
        _ => a == b,
    }
}
