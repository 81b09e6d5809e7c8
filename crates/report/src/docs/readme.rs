//! The `readme.txt` of a WordPress plugin: a sub-section under External services, and a question.
//!
//! Its parser has no tables and no comments, so whole sub-sections are replaced.
//! Source: <https://developer.wordpress.org/plugins/wordpress-org/how-your-readme-txt-works/>

use std::fmt::Write as _;

use model::manifest::Manifest;

use super::{
    DocsError,
    rows::{Row, has_optional, rows},
};
use crate::link::{Mode, link};

const SERVICES: &str = "External services";
const LIST: &str = "Stripe restricted key permissions";
const QUESTIONS: &str = "Frequently Asked Questions";
const QUESTION: &str = "Which permissions must a Stripe restricted key have?";
/// Sections that new ones are put before.
const LATER: [&str; 3] = ["Screenshots", "Changelog", "Upgrade Notice"];

/// Returns both sub-sections by themselves.
pub(super) fn alone(manifest: &Manifest) -> String {
    format!(
        "== {SERVICES} ==\n\n= {LIST} =\n\n{}\n== {QUESTIONS} ==\n\n= {QUESTION} =\n\n{}",
        list(manifest),
        answer(manifest)
    )
}

/// Replaces or adds both sub-sections.
pub(super) fn update(old: &str, manifest: &Manifest) -> Result<String, DocsError> {
    let first = old
        .trim_start_matches('\u{feff}')
        .trim_start()
        .lines()
        .next();
    if first.is_none_or(|line| level(line) != Some(3)) {
        return Err(DocsError::NotReadme);
    }
    let with_list = put(old, SERVICES, LIST, &list(manifest));
    Ok(put(&with_list, QUESTIONS, QUESTION, &answer(manifest)))
}

/// Says which permissions are needed, one a line.
fn list(manifest: &Manifest) -> String {
    let (own, connect) = rows(manifest);
    if own.is_empty() && connect.is_empty() {
        return "No Stripe permission is needed.\n".to_owned();
    }
    let mut text =
        "The plugin asks Stripe only for what is listed here. Create a restricted API key with \
                    these permissions, and leave every other at None:\n\n"
            .to_owned();
    for row in &own {
        text.push_str(&line(row, ""));
    }
    for row in &connect {
        text.push_str(&line(row, ", in the Connect column"));
    }
    let all: Vec<&Row> = own.iter().chain(&connect).collect();
    if has_optional(&all) {
        text.push_str("\nWhat is only needed by a feature that you do not use can stay at None.\n");
    }
    if !manifest.is_complete() {
        text.push_str("\nThis list may lack something: not all of the code could be resolved.\n");
    }
    if let Some(links) = links(manifest) {
        // Writing to a string cannot fail.
        let _ = write!(
            text,
            "\nThe Dashboard with these permissions filled in: {links}.\n"
        );
    }
    text
}

fn line(row: &Row, column: &str) -> String {
    let when = row
        .when
        .as_ref()
        .map_or_else(String::new, |when| format!(" ({when})"));
    format!(
        "* {}: {} – {}{column}, to {}{when}\n",
        plain(&row.section),
        plain(&row.label),
        row.access,
        plain(&row.purpose),
    )
}

/// Answers the question in short.
fn answer(manifest: &Manifest) -> String {
    let (own, connect) = rows(manifest);
    let short = |row: &Row| format!("{} ({})", plain(&row.label), row.access);
    let own: Vec<String> = own.iter().map(short).collect();
    let connect: Vec<String> = connect.iter().map(short).collect();
    let mut text = match (own.is_empty(), connect.is_empty()) {
        (true, true) => return "None.\n".to_owned(),
        (false, true) => own.join(", "),
        (true, false) => format!("In the Connect column: {}", connect.join(", ")),
        (false, false) => format!(
            "{}. In the Connect column: {}",
            own.join(", "),
            connect.join(", ")
        ),
    };
    // Writing to a string cannot fail.
    let _ = writeln!(text, ". What each is for stands under {SERVICES}.");
    if let Some(links) = links(manifest) {
        let _ = writeln!(text, "\nThe key with one click: {links}.");
    }
    text
}

fn links(manifest: &Manifest) -> Option<String> {
    let live = link(manifest, Mode::Live)?;
    let test = link(manifest, Mode::Test)?;
    Some(format!("[live mode]({live}), [test mode]({test})"))
}

/// Keeps the markup of the file out of words that come from elsewhere.
fn plain(text: &str) -> String {
    text.chars()
        .filter(|c| !matches!(c, '=' | '*' | '`' | '[' | ']' | '\n'))
        .collect()
}

/// Returns how many `=` stand on both sides of a heading.
fn level(line: &str) -> Option<usize> {
    let line = line.trim();
    let n_before = line.len() - line.trim_start_matches('=').len();
    let n_after = line.len() - line.trim_end_matches('=').len();
    let title = line.trim_matches('=').trim();
    (n_before > 0 && n_before == n_after && n_before <= 3 && !title.is_empty()).then_some(n_before)
}

fn is_heading(line: &str, wanted: usize, title: &str) -> bool {
    let text = line.trim().trim_matches('=').trim();
    level(line) == Some(wanted) && text.eq_ignore_ascii_case(title)
}

/// Replaces the sub-section `title` of `section`, or adds it at the end of that section.
fn put(old: &str, section: &str, title: &str, body: &str) -> String {
    let lines: Vec<&str> = old.lines().collect();
    let is_end = |line: &&str, least: usize| level(line).is_some_and(|level| level >= least);
    let rest_of = |from: usize, least: usize| {
        let rest = lines.iter().skip(from);
        rest.clone()
            .position(|line| is_end(line, least))
            .map_or(lines.len(), |n| from + n)
    };
    let Some(head) = lines.iter().position(|line| is_heading(line, 2, section)) else {
        let later = |line: &&str| LATER.iter().any(|title| is_heading(line, 2, title));
        let at = lines.iter().position(later).unwrap_or(lines.len());
        let new = format!("== {section} ==\n\n= {title} =\n\n{body}");
        return spliced(&lines, at, at, &new);
    };
    let end = rest_of(head + 1, 2);
    let inside = lines.iter().take(end).skip(head + 1);
    let found = inside.clone().position(|line| is_heading(line, 1, title));
    let new = format!("= {title} =\n\n{body}");
    match found {
        Some(n) => {
            let start = head + 1 + n;
            spliced(&lines, start, rest_of(start + 1, 1).min(end), &new)
        }
        None => spliced(&lines, end, end, &new),
    }
}

/// Puts `new` in place of some lines, with an empty line on both sides.
fn spliced(lines: &[&str], start: usize, end: usize, new: &str) -> String {
    let before = lines.get(..start).unwrap_or_default().join("\n");
    let after = lines.get(end..).unwrap_or_default().join("\n");
    let (before, after) = (before.trim_end(), after.trim_start_matches('\n'));
    let mut text = String::new();
    if !before.is_empty() {
        text.push_str(before);
        text.push_str("\n\n");
    }
    text.push_str(new.trim_end());
    text.push('\n');
    if !after.is_empty() {
        text.push('\n');
        text.push_str(after.trim_end());
        text.push('\n');
    }
    text
}
