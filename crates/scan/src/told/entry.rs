//! Entries of a configuration: which lines of which file they are about.

use model::{
    config::{Assumption, Part},
    facts::FileFacts,
    source::{Location, Span},
};

use super::{
    Effect, Entries, Statement,
    place::{is_called, named},
};

/// Returns what the entries say about files of the unit.
pub(super) fn statements(entries: &Entries<'_>, files: &[FileFacts]) -> Vec<Statement> {
    let all = entries.config.assumptions.iter();
    all.filter_map(|entry| {
        let path = entries.inside(&entry.path)?;
        let facts = files.iter().find(|facts| *facts.source.path == *path);
        Some(statement(entries, entry, path, facts))
    })
    .collect()
}

fn statement(
    entries: &Entries<'_>,
    entry: &Assumption,
    path: &str,
    facts: Option<&FileFacts>,
) -> Statement {
    let mut said = Statement {
        path: path.into(),
        lines: Vec::new(),
        covers_file: true,
        effect: Effect::Requests(entry.endpoints.clone()),
        fallback: None,
        by: entries.by(entry.line),
        unused: entries.unused(entry.line, unused(entry, facts)),
    };
    let start = |line: u32, facts: &FileFacts| Location {
        line,
        column: 1,
        excerpt: model::source::excerpt(facts.source.line_text(line)).into(),
        path: path.into(),
    };
    match &entry.part {
        Part::File => {
            said.lines.push(1..=u32::MAX);
            said.fallback = facts.map(|facts| start(1, facts));
        }
        Part::Line(line) => {
            said.lines.push(*line..=*line);
            let has_line = |facts: &&FileFacts| *line <= n_lines(facts);
            said.fallback = facts.filter(has_line).map(|facts| start(*line, facts));
        }
        Part::Function(name) => {
            said.covers_file = false;
            let Some(facts) = facts else { return said };
            for named in named(facts).iter().filter(|named| is_called(named, name)) {
                said.lines.push(named.lines.clone());
                let at = || facts.source.location(named.function.span);
                said.fallback.get_or_insert_with(at);
            }
        }
    }
    said
}

fn n_lines(facts: &FileFacts) -> u32 {
    let end = u32::try_from(facts.source.text.len()).unwrap_or(u32::MAX);
    facts.source.location(Span { start: end, end }).line
}

/// Says why an entry has no effect, if it has none.
fn unused(entry: &Assumption, facts: Option<&FileFacts>) -> String {
    let path = &entry.path;
    let Some(facts) = facts else {
        return format!("this has no effect: `{path}` is no file that was read");
    };
    match &entry.part {
        Part::Function(name) if !named(facts).iter().any(|named| is_called(named, name)) => {
            format!("this has no effect: `{path}` has no function `{name}`")
        }
        Part::Line(line) if *line > n_lines(facts) => {
            format!("this has no effect: `{path}` has no line {line}")
        }
        Part::File | Part::Line(_) | Part::Function(_) => {
            "this has no effect: nothing is open there that it closes, and it adds no request"
                .to_owned()
        }
    }
}
