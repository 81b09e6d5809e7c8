//! Prints what verifying gave.

use std::{fmt::Write as _, io};

use anstyle::{AnsiColor, Style};
use model::permission::PermissionId;
use report::sanitize;
use serde::Serialize;

use super::compare::{Difference, Verified};
use crate::screen::Screen;

/// Writes the result for people.
pub(super) fn text(verified: &Verified<'_>, screen: &Screen) -> String {
    let paint = |style: Style, text: &str| {
        if screen.styles {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    };
    let strong = Style::new().bold();
    let mut out = String::new();
    // Writing to a string cannot fail.
    if !verified.differences.is_empty() {
        let _ = writeln!(out, "{}", paint(strong, "Stripe gives other answers"));
        for one in &verified.differences {
            let endpoint = one.endpoint.as_deref().unwrap_or("one of the endpoints");
            let _ = writeln!(
                out,
                "  {}",
                paint(AnsiColor::Cyan.on_default(), &sanitize(endpoint))
            );
            let _ = writeln!(out, "    table   {}", table(one));
            let _ = writeln!(out, "    Stripe  {}", joined(one.stripe.iter(), " and "));
        }
        let _ = writeln!(out);
    }
    if !verified.unresolved.is_empty() {
        let _ = writeln!(out, "{}", paint(strong, "Stripe gives no answer"));
        for one in &verified.unresolved {
            let (endpoint, reason) = (sanitize(&one.endpoint), sanitize(&one.reason));
            let _ = writeln!(out, "  {endpoint}: {reason}");
        }
        let _ = writeln!(out);
    }
    if !verified.not_asked.is_empty() {
        let _ = writeln!(
            out,
            "{}",
            paint(strong, "Not asked, because the path may hold an id")
        );
        for endpoint in &verified.not_asked {
            let _ = writeln!(out, "  {}", sanitize(&endpoint.to_string()));
        }
        let _ = writeln!(out);
    }
    let _ = writeln!(out, "{}", summary(verified));
    out
}

fn summary(verified: &Verified<'_>) -> String {
    let n_asked = verified.n_asked;
    let plural = if n_asked == 1 { "" } else { "s" };
    let mut text = format!("asked about {n_asked} endpoint{plural}");
    match verified.differences.len() {
        0 if n_asked == 0 => {}
        0 => text.push_str(": the rule table says the same"),
        1 => text.push_str(": 1 difference; correct it with --rules until the table is"),
        n => {
            let _ = write!(
                text,
                ": {n} differences; correct them with --rules until the table is"
            );
        }
    }
    text
}

fn table(one: &Difference) -> String {
    if one.table.is_empty() {
        return "nothing".to_owned();
    }
    let ids = joined(one.table.iter(), " or ");
    format!("{ids} ({})", one.grade.id())
}

fn joined<'a>(ids: impl Iterator<Item = &'a PermissionId>, between: &str) -> String {
    let ids: Vec<String> = ids.map(ToString::to_string).collect();
    if ids.is_empty() {
        "nothing".to_owned()
    } else {
        ids.join(between)
    }
}

#[derive(Serialize)]
struct Document {
    schema: u32,
    asked: usize,
    differences: Vec<DifferenceRow>,
    unresolved: Vec<UnresolvedRow>,
    not_asked: Vec<String>,
}

#[derive(Serialize)]
struct DifferenceRow {
    /// `null` where it cannot be said of which endpoint.
    endpoint: Option<String>,
    /// Any one of them suffices.
    table: Vec<String>,
    grade: &'static str,
    stripe: Vec<String>,
}

#[derive(Serialize)]
struct UnresolvedRow {
    endpoint: String,
    reason: String,
}

/// Writes the result for programs.
pub(super) fn json(verified: &Verified<'_>) -> io::Result<String> {
    let document = Document {
        schema: 1,
        asked: verified.n_asked,
        differences: verified.differences.iter().map(row).collect(),
        unresolved: verified
            .unresolved
            .iter()
            .map(|one| UnresolvedRow {
                endpoint: sanitize(&one.endpoint).into_owned(),
                reason: sanitize(&one.reason).into_owned(),
            })
            .collect(),
        not_asked: verified
            .not_asked
            .iter()
            .map(|endpoint| sanitize(&endpoint.to_string()).into_owned())
            .collect(),
    };
    Ok(serde_json::to_string_pretty(&document)? + "\n")
}

fn row(one: &Difference) -> DifferenceRow {
    DifferenceRow {
        endpoint: one.endpoint.clone(),
        table: one.table.iter().map(ToString::to_string).collect(),
        grade: one.grade.id(),
        stripe: one.stripe.iter().map(ToString::to_string).collect(),
    }
}
