//! The trace for programs.

use std::io::{self, Write};

use model::{
    source::Location,
    trace::{Counted, Hop, Needs, Outcome, Run, Trace, TracedCall, TracedRequest, Way},
};
use serde_json::{Value, json};

use super::{no_call, not_run, reading};

/// Writes the traces for programs.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(traces: &[Trace], out: &mut dyn Write) -> io::Result<()> {
    let traces: Vec<Value> = traces.iter().map(trace).collect();
    serde_json::to_writer_pretty(&mut *out, &json!({ "trace": 1, "lines": traces }))?;
    writeln!(out)
}

fn trace(trace: &Trace) -> Value {
    let diagnostics = trace.diagnostics.iter().map(|said| {
        json!({ "at": place(&said.location), "code": said.code.id(), "message": &*said.message })
    });
    json!({
        "unit": &*trace.unit.name,
        "at": place(&trace.location),
        "source": &*trace.location.excerpt,
        "not_read": reading(trace.reading),
        "no_call": no_call(trace),
        "diagnostics": diagnostics.collect::<Vec<Value>>(),
        "calls": trace.calls.iter().map(call).collect::<Vec<Value>>(),
    })
}

fn call(call: &TracedCall) -> Value {
    json!({
        "at": place(&call.location),
        "call": &*call.spelling,
        "function": &*call.function,
        "run": match call.run {
            Run::Run => "run",
            Run::NotFollowed => "not-followed",
            Run::NeverReached => "never-reached",
        },
        "not_run": not_run(call),
        "ways": call.ways.iter().map(way).collect::<Vec<Value>>(),
        "more_ways": call.n_more,
    })
}

fn way(way: &Way) -> Value {
    let runs = way
        .runs
        .iter()
        .map(|callee| json!({ "function": &*callee.name, "at": place(&callee.location) }));
    let arguments = way
        .arguments
        .iter()
        .map(|(name, value)| json!({ "name": &**name, "value": &**value }));
    json!({
        "called_on": way.receiver.as_deref(),
        "runs": runs.collect::<Vec<Value>>(),
        "given": arguments.collect::<Vec<Value>>(),
        "other_values": way.n_alike,
        "outcomes": way.outcomes.iter().map(outcome).collect::<Vec<Value>>(),
    })
}

fn outcome(outcome: &Outcome) -> Value {
    match outcome {
        Outcome::Request(request) => asked(request),
        Outcome::Open {
            code,
            message,
            through,
            listed_at,
        } => json!({
            "kind": "open",
            "code": code.id(),
            "message": &**message,
            "through": hops(through),
            "listed_at": listed_at.iter().map(place).collect::<Vec<Value>>(),
        }),
        Outcome::Nothing { reason } => json!({ "kind": "nothing", "reason": &**reason }),
    }
}

fn asked(request: &TracedRequest) -> Value {
    let (permission, grade, reason) = match &request.needs {
        Some(Needs::Permission { id, grade, .. }) => (Some(id.to_string()), Some(grade.id()), None),
        Some(Needs::Unmapped { reason, .. }) => (None, None, Some(reason.text())),
        Some(Needs::Nothing { .. }) => (None, None, Some(super::ASKS_NOTHING)),
        None => (None, None, None),
    };
    json!({
        "kind": "request",
        "endpoint": format!("{} {}", request.method, request.path),
        "permission": permission,
        "grade": grade,
        "unmapped": reason,
        "through": hops(&request.through),
        "counted_at": request.counted_at.iter().map(counted).collect::<Vec<Value>>(),
    })
}

fn hops(hops: &[Hop]) -> Vec<Value> {
    let hop = |hop: &Hop| json!({ "at": place(&hop.location), "call": &*hop.call });
    hops.iter().map(hop).collect()
}

fn counted(counted: &Counted) -> Value {
    json!({ "at": place(&counted.location), "tier": counted.tier.id() })
}

fn place(at: &Location) -> Value {
    json!({ "path": &*at.path, "line": at.line, "column": at.column })
}
