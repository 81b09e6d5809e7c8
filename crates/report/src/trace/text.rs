//! The trace for people.

use std::io::{self, Write};

use model::{
    evidence::Tier,
    source::Location,
    trace::{Counted, Hop, Needs, Outcome, Trace, TracedCall, TracedRequest, Way},
};

use super::{ASKS_NOTHING, no_call, not_run, reading};
use crate::{
    Options,
    layout::{CAREFUL, Cell, FAINT, GOOD, NAME, PLAIN, STRONG},
};

/// Most places and arguments that are listed.
const SHOWN: usize = 6;

/// Writes the traces for people.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(traces: &[Trace], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for (index, trace) in traces.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        Page { options, out }.trace(trace)?;
    }
    Ok(())
}

struct Page<'a> {
    options: &'a Options,
    out: &'a mut dyn Write,
}

impl Page<'_> {
    fn trace(&mut self, trace: &Trace) -> io::Result<()> {
        let at = &trace.location;
        let place = Cell::new(&short(at), STRONG).paint(self.options.styles);
        let unit = Cell::new(&format!("in {}", trace.unit.name), FAINT);
        writeln!(self.out, "{place}  {}", unit.paint(self.options.styles))?;
        if !at.excerpt.is_empty() {
            self.line(2, &at.excerpt, FAINT)?;
        }
        writeln!(self.out)?;
        if let Some(reason) = reading(trace.reading) {
            self.line(2, &format!("The file was not read: {reason}."), CAREFUL)?;
        }
        for said in &trace.diagnostics {
            let text = format!(
                "{}: {} [{}]",
                short(&said.location),
                said.message,
                said.code.id()
            );
            self.line(2, &text, CAREFUL)?;
        }
        if let Some(reason) = no_call(trace) {
            self.line(2, &format!("Nothing to count: {reason}."), PLAIN)?;
        }
        for (index, call) in trace.calls.iter().enumerate() {
            if index > 0 {
                writeln!(self.out)?;
            }
            self.call(trace, call)?;
        }
        Ok(())
    }

    fn call(&mut self, trace: &Trace, call: &TracedCall) -> io::Result<()> {
        let at = call.location.line;
        let title = if at == trace.location.line {
            call.spelling.to_string()
        } else {
            format!("{}, which begins at line {at}", call.spelling)
        };
        self.line(2, &title, NAME)?;
        if let Some(reason) = not_run(call) {
            return self.row("not counted", &reason, PLAIN);
        }
        for (index, way) in call.ways.iter().enumerate() {
            if index > 0 {
                self.line(4, "or, run with other values:", FAINT)?;
            }
            self.way(way)?;
        }
        match call.n_more {
            0 => Ok(()),
            n => self.line(4, &format!("and {n} more ways of running it"), FAINT),
        }
    }

    fn way(&mut self, way: &Way) -> io::Result<()> {
        if let Some(receiver) = &way.receiver {
            self.row("called on", receiver, PLAIN)?;
        }
        for (index, callee) in way.runs.iter().take(SHOWN).enumerate() {
            let text = format!("{} at {}", callee.name, short(&callee.location));
            self.row(if index == 0 { "runs" } else { "" }, &text, PLAIN)?;
        }
        for (index, (name, value)) in way.arguments.iter().take(SHOWN).enumerate() {
            let text = format!("{name} = {value}");
            self.row(if index == 0 { "given" } else { "" }, &text, PLAIN)?;
        }
        if way.n_alike > 0 {
            let text = format!(
                "or {} other sets of values, with the same result",
                way.n_alike
            );
            self.row("", &text, FAINT)?;
        }
        for outcome in &way.outcomes {
            match outcome {
                Outcome::Request(request) => self.request(request)?,
                Outcome::Open {
                    code,
                    message,
                    through,
                    listed_at,
                } => {
                    self.hops(through)?;
                    self.row("open", &format!("{message} [{}]", code.id()), CAREFUL)?;
                    let places: Vec<String> = listed_at.iter().map(short).collect();
                    let text = if places.is_empty() {
                        "nowhere: callers say what is open here".to_owned()
                    } else {
                        few(&places)
                    };
                    self.row("listed at", &text, PLAIN)?;
                }
                Outcome::Nothing { reason } => self.row("not counted", reason, PLAIN)?,
            }
        }
        Ok(())
    }

    fn request(&mut self, request: &TracedRequest) -> io::Result<()> {
        self.hops(&request.through)?;
        let asked = format!("{} {}", request.method, request.path);
        self.row("requests", &asked, NAME)?;
        match &request.needs {
            Some(Needs::Permission {
                id, label, grade, ..
            }) => {
                let label = label
                    .as_deref()
                    .map_or_else(String::new, |label| format!(", {label}"));
                self.row("needs", &format!("{id}{label} ({})", grade.id()), GOOD)?;
            }
            Some(Needs::Unmapped { reason, .. }) => self.row("needs", reason.text(), CAREFUL)?,
            Some(Needs::Nothing { .. }) => self.row("needs", ASKS_NOTHING, PLAIN)?,
            None => {}
        }
        if request.counted_at.is_empty() {
            return self.row(
                "not counted",
                "no caller makes this request concrete",
                PLAIN,
            );
        }
        let places: Vec<String> = request.counted_at.iter().map(counted).collect();
        self.row("counted at", &few(&places), PLAIN)
    }

    fn hops(&mut self, hops: &[Hop]) -> io::Result<()> {
        for (index, hop) in hops.iter().enumerate() {
            let call = if hop.call.is_empty() {
                &hop.location.excerpt
            } else {
                &hop.call
            };
            let text = format!("{}  {call}", short(&hop.location));
            self.row(if index == 0 { "through" } else { "" }, &text, PLAIN)?;
        }
        Ok(())
    }

    fn row(&mut self, word: &str, text: &str, style: anstyle::Style) -> io::Result<()> {
        let word = Cell::new(&format!("{word:<12}"), FAINT).paint(self.options.styles);
        let text = Cell::new(text, style).paint(self.options.styles);
        writeln!(self.out, "    {word}{text}")
    }

    fn line(&mut self, indent: usize, text: &str, style: anstyle::Style) -> io::Result<()> {
        let text = Cell::new(text, style).paint(self.options.styles);
        writeln!(self.out, "{:indent$}{text}", "")
    }
}

fn counted(counted: &Counted) -> String {
    match counted.tier {
        Tier::Required => short(&counted.location),
        Tier::OneOff | Tier::Unreferenced => {
            format!("{} ({})", short(&counted.location), counted.tier.id())
        }
    }
}

fn short(at: &Location) -> String {
    format!("{}:{}", at.path, at.line)
}

/// Joins the first of `all`.
fn few(all: &[String]) -> String {
    let shown: Vec<&str> = all.iter().take(SHOWN).map(String::as_str).collect();
    match all.len() - shown.len() {
        0 => shown.join(", "),
        n => format!("{} and {n} more", shown.join(", ")),
    }
}
