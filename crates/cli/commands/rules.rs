//! `rules list`: the rule table, row by row.

use std::fmt::Write as _;

use serde::Serialize;

use rules::{Answer, EndpointRule};

use crate::{
    args::{ListArgs, ListFormat},
    error::CliError,
    rule_files,
    screen::Screen,
    status::Status,
};

pub(crate) fn list(args: &ListArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let mut rows: Vec<Row<'_>> = rules
        .endpoints()
        .map(row)
        .filter(|row| row.has(args.filter.as_deref().unwrap_or_default()))
        .collect();
    rows.sort_by(|a, b| a.key().cmp(&b.key()));
    let text = match args.format {
        ListFormat::Text => table(&rows),
        ListFormat::Json => {
            serde_json::to_string_pretty(&rows).map_err(std::io::Error::from)? + "\n"
        }
    };
    screen.print(text.as_bytes())?;
    Ok(Status::Done)
}

/// One endpoint of the table, as it is printed.
#[derive(Serialize)]
struct Row<'a> {
    endpoint: String,
    /// Any one of them suffices; empty where none is needed or none is known.
    permissions: Vec<String>,
    /// `needs`, `none` or `unknown`.
    answer: &'static str,
    grade: &'static str,
    status: &'a str,
    source: Option<&'a str>,
    note: Option<&'a str>,
}

fn row(rule: &EndpointRule) -> Row<'_> {
    let (answer, permissions) = match &rule.answer {
        Answer::Needs(ids) => ("needs", ids.iter().map(ToString::to_string).collect()),
        Answer::Nothing => ("none", Vec::new()),
        Answer::Unknown => ("unknown", Vec::new()),
    };
    Row {
        endpoint: rule.endpoint.to_string(),
        permissions,
        answer,
        grade: rule.grade.id(),
        status: &rule.status,
        source: rule.source.as_deref(),
        note: rule.note.as_deref(),
    }
}

impl Row<'_> {
    /// Sorts by path, then by verb.
    fn key(&self) -> (&str, &str) {
        let (verb, path) = self
            .endpoint
            .split_once(' ')
            .unwrap_or(("", &self.endpoint));
        (path, verb)
    }

    fn has(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        let text = text.strip_prefix("rak_").unwrap_or(&text);
        [&*self.endpoint, &self.permission(), self.grade, self.status]
            .iter()
            .any(|cell| cell.to_lowercase().contains(text))
    }

    fn permission(&self) -> String {
        if self.permissions.is_empty() {
            self.answer.to_owned()
        } else {
            self.permissions.join(" or ")
        }
    }
}

fn table(rows: &[Row<'_>]) -> String {
    let width = |of: fn(&Row<'_>) -> usize| rows.iter().map(of).max().unwrap_or(0);
    let endpoint = width(|row| row.endpoint.len());
    let permission = width(|row| row.permission().len());
    let mut text = String::new();
    for row in rows {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "{:endpoint$}  {:permission$}  {:10}  {}",
            row.endpoint,
            row.permission(),
            row.grade,
            row.status,
        );
    }
    text
}
