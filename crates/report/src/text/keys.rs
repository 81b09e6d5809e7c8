//! Keys that lie where they do not belong: the worst first, never a key itself.

use std::io::{self, Write};

use model::key::{KeyFinding, KeyReport, LeftOut, Severity};

use super::{
    CAREFUL, Cell, FAINT, GOOD, NAME, Options, PLAIN, STRONG, count,
    open::{heading, rest, shown},
};
use crate::key_help::help;

/// Writes what was found in each folder.
pub(crate) fn render(
    reports: &[KeyReport],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (index, report) in reports.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        let looked = count(report.n_files, "file looked at", "files looked at");
        writeln!(
            out,
            "{}  {}",
            Cell::new(&report.name, STRONG).paint(options.styles),
            Cell::new(&looked, FAINT).paint(options.styles)
        )?;
        sections(report, ["Errors", "Warnings", "Notes"], None, options, out)?;
        writeln!(out, "\n  {}", verdict(report).paint(options.styles))?;
        left_out(report, options, out)?;
    }
    Ok(())
}

/// Writes what was found as a part of the report of a unit, whose key `link` creates.
pub(super) fn part(
    report: &KeyReport,
    link: Option<&str>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let titles = ["Keys: errors", "Keys: warnings", "Keys: notes"];
    sections(report, titles, link, options, out)?;
    if report.findings.is_empty() {
        heading("Keys", options, out)?;
        writeln!(out, "    {}", verdict(report).paint(options.styles))?;
    }
    left_out(report, options, out)
}

fn sections(
    report: &KeyReport,
    titles: [&str; 3],
    link: Option<&str>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let severities = [Severity::Error, Severity::Warning, Severity::Note];
    for (severity, title) in severities.into_iter().zip(titles) {
        let all = report.findings.iter();
        let all: Vec<&KeyFinding> = all.filter(|one| one.severity == severity).collect();
        if all.is_empty() {
            continue;
        }
        heading(title, options, out)?;
        let shown = shown(&all, options);
        for one in shown {
            finding(one, link, options, out)?;
        }
        rest(all.len(), shown.len(), out)?;
    }
    if !report.closed.is_empty() {
        heading("Closed by a comment", options, out)?;
    }
    for one in &report.closed {
        let (at, code) = (&one.finding.location, one.finding.code.id());
        let what = format!("{}:{}:{} [{code}]", at.path, at.line, at.column);
        let what = Cell::new(&what, CAREFUL).paint(options.styles);
        let reason = Cell::new(&one.reason, FAINT).paint(options.styles);
        writeln!(out, "    {what}\n      {reason}")?;
    }
    if !report.unread.is_empty() {
        heading("Not looked at", options, out)?;
    }
    for (path, reason) in &report.unread {
        let path = Cell::new(path, NAME).paint(options.styles);
        let reason = Cell::new(reason, PLAIN).paint(options.styles);
        writeln!(out, "    {path}  {reason}")?;
    }
    Ok(())
}

fn finding(
    one: &KeyFinding,
    link: Option<&str>,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let at = &one.location;
    let place = format!("{}:{}:{}", at.path, at.line, at.column);
    let place = Cell::new(&place, PLAIN).paint(options.styles);
    let message = Cell::new(&one.message, PLAIN).paint(options.styles);
    let code = format!("[{}]", one.code.id());
    let code = Cell::new(&code, CAREFUL).paint(options.styles);
    writeln!(out, "    {place}\n      {message} {code}")?;
    if !at.excerpt.is_empty() {
        let text = Cell::new(&at.excerpt, FAINT).paint(options.styles);
        writeln!(out, "      {text}")?;
    }
    let link = link.map(|_| "below");
    let help = Cell::new(&help(one, link), FAINT).paint(options.styles);
    writeln!(out, "      help: {help}")
}

/// Counts what was found.
fn verdict(report: &KeyReport) -> Cell {
    let counts: Vec<String> = [
        (Severity::Error, "error", "errors"),
        (Severity::Warning, "warning", "warnings"),
        (Severity::Note, "note", "notes"),
    ]
    .into_iter()
    .map(|(severity, one, many)| (report.n_of(severity) as u64, one, many))
    .filter(|(n, _, _)| *n > 0)
    .map(|(n, one, many)| count(n, one, many))
    .collect();
    if counts.is_empty() {
        return Cell::new("no key found that lies where it does not belong", GOOD);
    }
    Cell::new(&counts.join(", "), STRONG)
}

/// Says how many files and folders were left out: nobody must take them for clean.
fn left_out(report: &KeyReport, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if report.left_out.is_empty() {
        return Ok(());
    }
    let counts: Vec<String> = report
        .left_out
        .iter()
        .map(|(reason, n)| match option(*reason) {
            Some(option) => format!("{} {n} ({option})", reason.id()),
            None => format!("{} {n}", reason.id()),
        })
        .collect();
    let line = format!("not looked at for keys: {}", counts.join(", "));
    writeln!(out, "  {}", Cell::new(&line, FAINT).paint(options.styles))
}

/// Names the option with which such files are looked at.
const fn option(reason: LeftOut) -> Option<&'static str> {
    match reason {
        LeftOut::Ignored => Some("--no-ignore"),
        LeftOut::Dependency => Some("--include-dependencies"),
        LeftOut::Test => Some("--include-tests"),
        LeftOut::TooLarge => Some("--max-file-size"),
        LeftOut::Documentation | LeftOut::Configured | LeftOut::Binary | LeftOut::Link => None,
    }
}
