//! Why the calls on one line were or were not counted.
//!
//! Runs the unit once more with a recorder, and puts what it saw on the line together with what was
//! found. Says nothing that the evaluator did not see.

use std::collections::BTreeSet;

use model::{
    Name,
    api::Catalog,
    diagnostic::Diagnostic,
    evidence::Resolution,
    facts::{Expr, ExprKind, FileFacts, Function, FunctionIndex},
    source::{Location, Span},
    trace::{Callee, Counted, Hop, Outcome, Run, TracedCall, TracedRequest, Way},
    unit::UnitFacts,
};

use crate::{
    Texts,
    describe::{Describe, spell},
    evaluate,
    evaluator::Evaluator,
    found::{Pending, Wanted},
    loose::Loose,
    program::{FileId, FunctionId, Program, number},
    reach::Reach,
    recorder::{Event, Ran, Recorder, is_call, is_same},
    resolution,
    value::Atom,
    visit, why,
};

/// Most ways of one call that are told.
const MAX_WAYS: usize = 5;
/// Most requests named below a call that are told.
const MAX_BELOW: usize = 4;
/// Most hops below a call that are told.
const MAX_HOPS: usize = 8;

/// Says what every call on `line` of the file `path` did, and what else stayed open there.
///
/// Empty where the file is not among those of `unit`, or has no call there.
#[must_use]
pub fn trace(
    unit: &UnitFacts,
    catalog: &Catalog,
    path: &str,
    line: u32,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> (Vec<TracedCall>, Vec<Diagnostic>) {
    let program = Program::new(unit, catalog);
    let found = program
        .files()
        .find(|(_, facts)| *facts.source.path == *path);
    let Some((file, facts)) = found else {
        return (Vec::new(), Vec::new());
    };
    let calls = calls_on(facts, line);
    let spans: BTreeSet<Span> = calls.iter().map(|(_, call)| call.span).collect();
    let reach = Reach::new(&program);
    let mut evaluator = Evaluator::new(&program, &reach, Loose::new(&program));
    evaluator.recorder = Some(Box::new(Recorder::new(file, spans)));
    if !reach.is_empty() {
        evaluate(&mut evaluator);
    }
    let recorder = evaluator.recorder.take().unwrap_or_default();
    let resolution = resolution(&mut evaluator, &Texts::new(&program), mentioned);
    let seen = Seen {
        program: &program,
        evaluator: &evaluator,
        recorder: &recorder,
        resolution,
    };
    let calls: Vec<TracedCall> = calls
        .into_iter()
        .map(|(function, call)| seen.call(file, function, call))
        .collect();
    let outcomes = calls.iter().flat_map(|call| &call.ways);
    let outcomes: Vec<&Outcome> = outcomes.flat_map(|way| &way.outcomes).collect();
    let is_told = |open: &Diagnostic| {
        outcomes.iter().any(|outcome| match outcome {
            Outcome::Open { listed_at, .. } => listed_at.contains(&open.location),
            Outcome::Request(_) | Outcome::Nothing { .. } => false,
        })
    };
    let mut open = seen.resolution.unresolved.clone();
    open.retain(|open| {
        let is_here = *open.location.path == *path && open.location.line == line;
        is_here && !is_told(open)
    });
    (calls, open)
}

/// Lists the calls named on a line, or else the innermost one that reaches over it.
fn calls_on(facts: &FileFacts, line: u32) -> Vec<(FunctionIndex, &Expr)> {
    let all = all_calls(facts);
    let source = &facts.source;
    let mut named: Vec<_> = all
        .iter()
        .filter(|(_, call)| source.line(call.span.start) == line)
        .copied()
        .collect();
    named.sort_by_key(|(function, call)| (call.span, *function));
    named.dedup_by_key(|(_, call)| call.span);
    if !named.is_empty() {
        return named;
    }
    let around = all.into_iter().filter_map(|(function, call)| {
        let extent = extent(call);
        let lines = source.line(extent.start)..=source.line(extent.end.saturating_sub(1));
        let key = (extent.end - extent.start, extent);
        lines.contains(&line).then_some((key, function, call))
    });
    let innermost = around.min_by_key(|(key, ..)| *key);
    innermost
        .map(|(_, function, call)| (function, call))
        .into_iter()
        .collect()
}

fn all_calls(facts: &FileFacts) -> Vec<(FunctionIndex, &Expr)> {
    let mut all = Vec::new();
    for (index, function) in facts.functions.iter().enumerate() {
        let index = FunctionIndex(number(index));
        expressions_of(function, &mut |expr| {
            if is_call(expr) {
                all.push((index, expr));
            }
        });
    }
    for class in &facts.classes {
        for value in class.fields.iter().filter_map(|field| field.value.as_ref()) {
            visit::walk(value, &mut |expr| {
                if is_call(expr) {
                    all.push((class.function, expr));
                }
            });
        }
    }
    all
}

fn expressions_of<'f>(function: &'f Function, on: &mut dyn FnMut(&'f Expr)) {
    for default in function.params.iter().filter_map(|p| p.default.as_ref()) {
        visit::walk(default, on);
    }
    for decorator in &function.decorators {
        visit::walk(decorator, on);
    }
    visit::expressions(&function.body, on);
}

/// Returns from where to where a call reaches, its receiver and arguments included.
fn extent(call: &Expr) -> Span {
    let mut extent = call.span;
    visit::walk(call, &mut |inner| {
        extent.start = extent.start.min(inner.span.start);
        extent.end = extent.end.max(inner.span.end);
    });
    extent
}

/// What was seen of the line, and what was found in the unit.
struct Seen<'a> {
    program: &'a Program<'a>,
    evaluator: &'a Evaluator<'a>,
    recorder: &'a Recorder,
    resolution: Resolution,
}

impl Seen<'_> {
    fn call(&self, file: FileId, function: FunctionIndex, call: &Expr) -> TracedCall {
        let facts = self.program.file(file);
        let function = FunctionId {
            file,
            index: function.0,
        };
        let location = facts.source.location(call.span);
        let events = self.recorder.seen(call.span);
        let mut ways = self.ways(call, events, &location);
        let n_more = ways.len().saturating_sub(MAX_WAYS);
        ways.truncate(MAX_WAYS);
        let run = if !events.is_empty() {
            Run::Run
        } else if self.evaluator.reach.contains(function) {
            Run::NeverReached
        } else {
            Run::NotFollowed
        };
        TracedCall {
            spelling: spell(call, facts.language()).into(),
            function: self.describe(function).function_name(function).into(),
            location,
            run,
            ways,
            n_more,
        }
    }

    fn describe(&self, function: FunctionId) -> Describe<'_> {
        Describe {
            program: self.program,
            function,
        }
    }

    /// Says what the runs of a call did: those that led to something, or else all.
    fn ways(&self, call: &Expr, events: &[Event], at: &Location) -> Vec<Way> {
        let is_useful = |way: &Way| way.outcomes.iter().any(is_listed);
        let is_known = |event: &&Event| !event.receiver.is_unknown();
        let all: BTreeSet<Way> = events.iter().map(|run| self.way(call, run, at)).collect();
        let useful: Vec<Way> = all.iter().filter(|way| is_useful(way)).cloned().collect();
        if !useful.is_empty() {
            return merged(useful.into_iter().map(without_unlisted));
        }
        let known: BTreeSet<Way> = events
            .iter()
            .filter(is_known)
            .map(|run| self.way(call, run, at))
            .collect();
        let rest = if known.is_empty() { all } else { known };
        merged(rest.into_iter())
    }

    fn way(&self, call: &Expr, event: &Event, at: &Location) -> Way {
        let mut outcomes: Vec<Outcome> = Vec::new();
        for pending in &event.wanted {
            let outcome = self.outcome(event, pending);
            if !outcomes.contains(&outcome) {
                outcomes.push(outcome);
            }
        }
        outcomes.sort();
        if outcomes.is_empty() {
            let reason = self
                .counted_here(at)
                .or_else(|| self.counted_below(event))
                .unwrap_or_else(|| why::nothing(self.evaluator, call, event));
            outcomes.push(Outcome::Nothing {
                reason: reason.into(),
            });
        }
        Way {
            outcomes,
            receiver: self.receiver(call, event),
            runs: self.runs(&event.ran),
            arguments: self.arguments(call, event),
            n_alike: 0,
        }
    }

    fn outcome(&self, event: &Event, pending: &Pending) -> Outcome {
        let at = &pending.location;
        let reported: BTreeSet<Location> = self
            .recorder
            .reported()
            .iter()
            .filter(|other| other.sink == pending.sink && is_same(&other.wanted, &pending.wanted))
            .filter(|other| other.location == *at || other.chain.contains(at))
            .chain(pending.origin.is_here().then_some(pending))
            .map(|other| self.evaluator.evidence(other).location)
            .collect();
        let through = self.hops(event, pending);
        match &pending.wanted {
            Wanted::Request { method, path, .. } => {
                let calls = self.resolution.calls.iter().filter(|call| {
                    let is_here = call.location == *at || call.chain.contains(at);
                    call.method == *method
                        && call.path == *path
                        && (is_here || reported.contains(&call.location))
                });
                let counted: BTreeSet<Counted> = calls
                    .map(|call| Counted {
                        location: call.location.clone(),
                        tier: call.tier.clone(),
                    })
                    .collect();
                Outcome::Request(TracedRequest {
                    method: *method,
                    path: path.clone(),
                    needs: None,
                    through,
                    counted_at: counted.into_iter().collect(),
                })
            }
            Wanted::Open { code, message } => {
                let open = self.resolution.unresolved.iter().filter(|open| {
                    let is_here = open.location == *at || reported.contains(&open.location);
                    is_here && open.code == *code && open.message == *message
                });
                let listed: BTreeSet<Location> = open.map(|open| open.location.clone()).collect();
                Outcome::Open {
                    code: *code,
                    message: message.clone(),
                    through,
                    listed_at: listed.into_iter().collect(),
                }
            }
        }
    }

    /// Names the requests that are counted at a call although another one sends them.
    fn counted_here(&self, at: &Location) -> Option<String> {
        let calls = self.resolution.calls.iter();
        let here: BTreeSet<String> = calls
            .filter(|call| call.location == *at)
            .map(|call| format!("{} {}", call.method, call.path))
            .collect();
        let here: Vec<String> = here.into_iter().collect();
        (!here.is_empty()).then(|| {
            format!(
                "by itself: it names {}, which is sent later and counted here",
                here.join(", ")
            )
        })
    }

    /// Names the requests that the functions which a call runs name themselves; `None` without any.
    fn counted_below(&self, event: &Event) -> Option<String> {
        let ran = event.ran.first()?;
        let mut all: Vec<String> = Vec::new();
        for pending in self.recorder.below(&event.ran) {
            let calls = self.resolution.calls.iter();
            let named_at = self.evaluator.evidence(pending).location;
            let mut calls = calls.filter(|call| call.location == named_at);
            let said = match &pending.wanted {
                Wanted::Request { method, path, .. } => calls
                    .any(|call| call.method == *method && call.path == *path)
                    .then(|| format!("{method} {path}")),
                Wanted::Open { code, .. } => Some(format!("something open [{}]", code.id())),
            };
            let at = &pending.location;
            all.extend(said.map(|said| format!("{said} at {}:{}", at.path, at.line)));
        }
        let n_more = all.len().saturating_sub(MAX_BELOW);
        all.truncate(MAX_BELOW);
        if all.is_empty() {
            return None;
        }
        if n_more > 0 {
            all.push(format!("{n_more} more"));
        }
        let name = self.describe(ran.function).function_name(ran.function);
        Some(format!(
            "on this line: what `{name}` requests is named below it: {}",
            all.join(", ")
        ))
    }

    /// Follows a request down from the call that leads to it.
    fn hops(&self, event: &Event, pending: &Pending) -> Vec<Hop> {
        let mut hops = Vec::new();
        let mut at = Some(event);
        for (index, location) in pending.chain.iter().take(MAX_HOPS).enumerate() {
            let rest = pending.chain.get(index + 1..).unwrap_or_default();
            let is_this = |inner: &Pending| {
                inner.location == *location
                    && inner.sink == pending.sink
                    && is_same(&inner.wanted, &pending.wanted)
                    && inner.chain.starts_with(rest)
            };
            let inner = at.and_then(|event| {
                let runs = event.ran.iter();
                let mut events = runs.flat_map(|ran| self.recorder.inside(ran.run));
                events.find(|inner| inner.wanted.iter().any(is_this))
            });
            hops.push(Hop {
                location: location.clone(),
                call: inner.map_or_else(|| "".into(), |inner| self.spelled(inner)),
            });
            at = inner;
        }
        hops
    }

    /// Spells a call that was run with its values.
    fn spelled(&self, event: &Event) -> Name {
        let facts = self.program.file(event.function.file);
        let mut call = None;
        if let Some(function) = facts.functions.get(event.function.index as usize) {
            expressions_of(function, &mut |expr| {
                if is_call(expr) && expr.span == event.span {
                    call = Some(spell(expr, facts.language()));
                }
            });
        }
        let spelling = call.unwrap_or_else(|| "…".to_owned());
        let describe = self.describe(event.function);
        describe.call(&spelling, &event.arguments).into()
    }

    fn receiver(&self, call: &Expr, event: &Event) -> Option<Name> {
        let describe = self.describe(event.function);
        let of = receiver_of(call);
        let is_plain = |atom: &Atom| {
            matches!(
                atom,
                Atom::Function(_) | Atom::External(_) | Atom::Class(_) | Atom::Sdk(_)
            )
        };
        if of.is_none() && !event.receiver.is_unknown() && event.receiver.atoms.iter().all(is_plain)
        {
            return None;
        }
        if event.receiver.is_unknown() {
            return Some(why::unknown(&describe, of.unwrap_or(call), event).into());
        }
        let said = describe.value(&event.receiver);
        let sdk = event.receiver.atoms.iter().find_map(|atom| match atom {
            Atom::Client(sdk) | Atom::Service(sdk, ..) | Atom::ServiceMethod(sdk, ..) => Some(*sdk),
            _ => None,
        });
        let Some(sdk) = sdk else {
            return Some(said.into());
        };
        let made = self.recorder.clients(sdk);
        let places: Vec<String> = made.map(|at| format!("{}:{}", at.path, at.line)).collect();
        Some(match places.as_slice() {
            [] => said.into(),
            [one] => format!("{said} (client made at {one})").into(),
            [one, two] => format!("{said} (client made at {one} or {two})").into(),
            [one, rest @ ..] => {
                let n_rest = rest.len();
                format!("{said} (client made at {one} or one of {n_rest} other places)").into()
            }
        })
    }

    fn runs(&self, ran: &[Ran]) -> Vec<Callee> {
        let all: BTreeSet<Callee> = ran
            .iter()
            .map(|ran| Callee {
                name: self
                    .describe(ran.function)
                    .function_name(ran.function)
                    .into(),
                location: self
                    .program
                    .file(ran.function.file)
                    .source
                    .location(self.program.function(ran.function).span),
            })
            .collect();
        all.into_iter().collect()
    }

    /// Lists the arguments of which something is known.
    fn arguments(&self, call: &Expr, event: &Event) -> Vec<(Name, Name)> {
        let describe = self.describe(event.function);
        let params = self.params(call, event);
        let positional = event.arguments.positional.iter().enumerate();
        let positional = positional.map(|(index, value)| {
            let name = params.get(index).cloned();
            (
                name.unwrap_or_else(|| format!("argument {}", index + 1).into()),
                value,
            )
        });
        let named = event.arguments.named.iter();
        let named = named.map(|(name, value)| (name.clone(), value));
        positional
            .chain(named)
            .filter(|(_, value)| !value.is_unknown() && !value.is_never())
            .map(|(name, value)| (name, describe.value(value).into()))
            .collect()
    }

    /// Returns the names of the parameters of the function that a call runs, where it is called by name.
    fn params(&self, call: &Expr, event: &Event) -> Vec<Name> {
        let Some(ran) = event.ran.first() else {
            return Vec::new();
        };
        let function = self.program.function(ran.function);
        let is_new = matches!(call.kind, ExprKind::New { .. });
        let called = called_name(call).unwrap_or_default();
        if !is_new
            && !function
                .name
                .to_ascii_lowercase()
                .ends_with(&called.to_ascii_lowercase())
        {
            return Vec::new();
        }
        let name = |expr: &Expr| match &expr.kind {
            ExprKind::Name(name) => name.clone(),
            _ => "…".into(),
        };
        function.params.iter().map(|p| name(&p.target)).collect()
    }
}

/// Tells whether an outcome is in the manifest.
fn is_listed(outcome: &Outcome) -> bool {
    match outcome {
        Outcome::Request(request) => !request.counted_at.is_empty(),
        Outcome::Open { listed_at, .. } => !listed_at.is_empty(),
        Outcome::Nothing { .. } => false,
    }
}

/// Puts ways together that differ in nothing but the values they were given.
fn merged(ways: impl Iterator<Item = Way>) -> Vec<Way> {
    let mut all: Vec<(Way, Way)> = Vec::new();
    for way in ways {
        let key = without_values(way.clone());
        match all.iter_mut().find(|(known, _)| *known == key) {
            Some((_, first)) => first.n_alike += 1,
            None => all.push((key, way)),
        }
    }
    all.into_iter().map(|(_, way)| way).collect()
}

fn without_values(mut way: Way) -> Way {
    way.arguments.clear();
    for outcome in &mut way.outcomes {
        let through = match outcome {
            Outcome::Request(request) => &mut request.through,
            Outcome::Open { through, .. } => through,
            Outcome::Nothing { .. } => continue,
        };
        for hop in through {
            hop.call = "".into();
        }
    }
    way
}

fn without_unlisted(mut way: Way) -> Way {
    way.outcomes.retain(is_listed);
    way
}

/// Returns the expression that a call is a member of.
pub(crate) fn receiver_of(call: &Expr) -> Option<&Expr> {
    match &callee_of(call)?.kind {
        ExprKind::Member { object, .. } | ExprKind::DynamicMember { object, .. } => Some(object),
        ExprKind::StaticMember { class, .. } | ExprKind::DynamicStaticMember { class, .. } => {
            Some(class)
        }
        _ => None,
    }
}

/// Returns the last name of what is called.
pub(crate) fn called_name(call: &Expr) -> Option<&str> {
    match &callee_of(call)?.kind {
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
            Some(property)
        }
        ExprKind::Name(name) | ExprKind::Global(name) => name.rsplit('\\').next(),
        _ => None,
    }
}

fn callee_of(call: &Expr) -> Option<&Expr> {
    match &call.kind {
        ExprKind::Call { callee, .. } => Some(callee),
        ExprKind::New { class, .. } => Some(class),
        _ => None,
    }
}
