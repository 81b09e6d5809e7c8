//! A table between two markers.

use std::fmt::Write as _;

use model::manifest::Manifest;

use super::{
    DocsError,
    rows::{Row, has_optional, rows},
};
use crate::{
    link::{Mode, link},
    markdown::escape,
};

const START: &str = "<!-- stripe-permissions:start -->";
const END: &str = "<!-- stripe-permissions:end -->";

/// Returns the block with its markers.
pub(super) fn block(manifest: &Manifest) -> String {
    let (own, connect) = rows(manifest);
    let mut text = format!("{START}\n");
    if own.is_empty() && connect.is_empty() {
        text.push_str("No Stripe permission is needed.\n");
    } else {
        text.push_str(
            "Create a [restricted API key](https://docs.stripe.com/keys/restricted-api-keys) with these \
             permissions, and leave every other at None.\n",
        );
    }
    table(&mut text, &own);
    if !connect.is_empty() {
        text.push_str("\nIn the Connect column, for connected accounts:\n");
        table(&mut text, &connect);
    }
    let all: Vec<&Row> = own.iter().chain(&connect).collect();
    if has_optional(&all) {
        text.push_str("\nWhat is only needed by a feature that you do not use can stay at None.\n");
    }
    if !manifest.is_complete() {
        text.push_str("\nThis list may lack something: not all of the code could be resolved.\n");
    }
    let links = [Mode::Live, Mode::Test].map(|mode| link(manifest, mode));
    if let [Some(live), Some(test)] = links {
        // Writing to a string cannot fail.
        let _ = writeln!(
            text,
            "\nThe Dashboard with these permissions filled in: [live mode]({live}), [test mode]({test})."
        );
    }
    text.push_str(END);
    text.push('\n');
    text
}

fn table(text: &mut String, rows: &[Row]) {
    if rows.is_empty() {
        return;
    }
    let has_when = rows.iter().any(|row| row.when.is_some());
    let (head, rule) = if has_when {
        (" Needed |", " --- |")
    } else {
        ("", "")
    };
    // Writing to a string cannot fail.
    let _ = write!(
        text,
        "\n| Section | Permission | Access | To |{head}\n| --- | --- | --- | --- |{rule}\n"
    );
    for row in rows {
        let _ = write!(
            text,
            "| {} | {} | {} | {} |",
            escape(&row.section),
            escape(&row.label),
            row.access,
            escape(&row.purpose),
        );
        if has_when {
            let when = row.when.as_deref().unwrap_or("always");
            let _ = write!(text, " {} |", escape(when));
        }
        text.push('\n');
    }
}

/// Replaces the block between the markers; appends it where there are none.
pub(super) fn update(old: &str, manifest: &Manifest) -> Result<String, DocsError> {
    let block = block(manifest);
    let Some((start, end)) = markers(old)? else {
        let gap = match old {
            "" => "",
            text if text.ends_with("\n\n") => "",
            text if text.ends_with('\n') => "\n",
            _ => "\n\n",
        };
        return Ok(format!("{old}{gap}## Stripe permissions\n\n{block}"));
    };
    let after = old.get(end..).unwrap_or_default();
    let after = after.strip_prefix('\n').unwrap_or(after);
    let before = old.get(..start).unwrap_or_default();
    Ok(format!("{before}{block}{after}"))
}

/// Returns where the first marker begins and the second ends.
fn markers(text: &str) -> Result<Option<(usize, usize)>, DocsError> {
    let starts = places(text, START);
    let ends = places(text, END);
    for (marker, places) in [(START, &starts), (END, &ends)] {
        if let Some((line, _)) = places.get(1) {
            let line = *line;
            return Err(DocsError::SecondMarker { line, marker });
        }
    }
    match (starts.first(), ends.first()) {
        (None, None) => Ok(None),
        (Some((_, start)), Some((_, end))) if start < end => Ok(Some((*start, end + END.len()))),
        (Some((line, _)), _) => Err(DocsError::LoneMarker {
            line: *line,
            marker: START,
        }),
        (None, Some((line, _))) => Err(DocsError::LoneMarker {
            line: *line,
            marker: END,
        }),
    }
}

/// Lists the lines that are the marker, from 1, with their offsets.
fn places(text: &str, marker: &str) -> Vec<(usize, usize)> {
    let mut offset = 0;
    let mut found = Vec::new();
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.trim() == marker {
            let indent = line.len() - line.trim_start().len();
            found.push((index + 1, offset + indent));
        }
        offset += line.len();
    }
    found
}
