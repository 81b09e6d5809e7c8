//! What is open: requests without a known permission, and places that could not be resolved.

use std::io::{self, Write};

use model::{
    diagnostic::Diagnostic,
    evidence::{Apart, NotCounted, Tier},
    manifest::Unmapped,
};

use super::{CAREFUL, Cell, FAINT, NAME, Options, PLAIN, STRONG};
use crate::{
    help::help,
    layout::{column_widths, join},
};

/// Entries that are shown unless all are asked for.
const SHOWN: usize = 20;

/// Writes the requests `all` under `title`, or nothing where there are none.
pub(super) fn unmapped(
    title: &str,
    all: &[&Unmapped],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    heading(title, options, out)?;
    let shown = shown(all, options);
    let rows: Vec<[Cell; 2]> = shown
        .iter()
        .map(|one| {
            let endpoint = one.request.title();
            let reason = one.explanation();
            let reason = match one.request.tier {
                Tier::Required | Tier::OneOff => reason.to_owned(),
                Tier::Unreferenced => format!("{reason} (not reached)"),
            };
            [Cell::new(&endpoint, NAME), Cell::new(&reason, PLAIN)]
        })
        .collect();
    let widths = column_widths(rows.iter());
    for (one, row) in shown.iter().zip(&rows) {
        writeln!(out, "    {}", join(row, &widths, options.styles))?;
        places(one, options, out)?;
    }
    rest(all.len(), shown.len(), out)
}

fn places(unmapped: &Unmapped, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let places = &unmapped.request.at;
    let n_shown = if options.verbose { places.len() } else { 1 };
    for at in places.iter().take(n_shown) {
        let more = match places.len() - n_shown.min(places.len()) {
            0 => String::new(),
            n => format!(" and {n} more"),
        };
        let place = format!("{}:{}:{}{more}", at.path, at.line, at.column);
        writeln!(
            out,
            "      {}",
            Cell::new(&place, FAINT).paint(options.styles)
        )?;
    }
    Ok(())
}

/// Writes what has to do with Stripe and not with the key, or nothing where there is none.
pub(super) fn not_counted(
    all: &[NotCounted],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    heading("Not counted: asks nothing of this key", options, out)?;
    let shown = shown(all, options);
    let rows: Vec<[Cell; 3]> = shown
        .iter()
        .map(|one| {
            let reason = match &one.reason {
                Apart::PublishableKey => "publishable key",
                Apart::Proxy(_) => "another server",
                Apart::NoPermission => "asks for no permission",
            };
            let place = one.at.first();
            let place = place.map_or_else(String::new, |at| format!("{}:{}", at.path, at.line));
            let place = match one.at.len() {
                0 | 1 => place,
                n => format!("{place} and {} more", n - 1),
            };
            [
                Cell::new(&one.endpoint, PLAIN),
                Cell::new(reason, PLAIN),
                Cell::new(&place, FAINT),
            ]
        })
        .collect();
    let widths = column_widths(rows.iter());
    for row in &rows {
        writeln!(out, "    {}", join(row, &widths, options.styles))?;
    }
    rest(all.len(), shown.len(), out)
}

/// Writes the diagnostics `all` under `title`, or nothing where there are none.
pub(super) fn unresolved(
    title: &str,
    all: &[&Diagnostic],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    heading(title, options, out)?;
    let shown = shown(all, options);
    for one in shown {
        let at = &one.location;
        let place = format!("{}:{}:{}", at.path, at.line, at.column);
        let place = Cell::new(&place, PLAIN).paint(options.styles);
        let code = format!("[{}]", one.code.id());
        let code = Cell::new(&code, CAREFUL).paint(options.styles);
        let message = Cell::new(&one.message, PLAIN).paint(options.styles);
        writeln!(out, "    {place}\n      {message} {code}")?;
        if !at.excerpt.is_empty() {
            let text = Cell::new(&at.excerpt, FAINT).paint(options.styles);
            writeln!(out, "      {text}")?;
        }
        if let Some(help) = help(one) {
            let help = Cell::new(&help, FAINT).paint(options.styles);
            writeln!(out, "      help: {help}")?;
        }
    }
    rest(all.len(), shown.len(), out)
}

pub(super) fn heading(title: &str, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    writeln!(
        out,
        "\n  {}",
        Cell::new(title, STRONG).paint(options.styles)
    )
}

pub(super) fn shown<'a, T>(all: &'a [T], options: &Options) -> &'a [T] {
    let n_shown = if options.verbose { all.len() } else { SHOWN };
    all.get(..n_shown).unwrap_or(all)
}

pub(super) fn rest(n_all: usize, n_shown: usize, out: &mut dyn Write) -> io::Result<()> {
    match n_all - n_shown {
        0 => Ok(()),
        n => writeln!(out, "    … and {n} more; a verbose report shows all"),
    }
}
