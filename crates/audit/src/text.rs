//! The audit for people: what to do first, and what it rests on.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use report::{Options, sanitize};
use unicode_width::UnicodeWidthStr as _;

use crate::v1::{Audit, NotGranted, Permission, Refused, Used};

const STRONG: Style = Style::new().bold();
const FAINT: Style = Style::new().dimmed();
const NAME: Style = AnsiColor::Cyan.on_default();
const GOOD: Style = AnsiColor::Green.on_default();
const CAREFUL: Style = AnsiColor::Yellow.on_default();

/// Entries of what is no finding that are shown unless all are asked for.
const SHOWN: usize = 12;

/// Writes the audit for people.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(audit: &Audit, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let mut page = Page { options, out };
    page.header(audit)?;
    page.used_not_found(audit)?;
    page.not_granted(&audit.not_granted)?;
    page.not_needed(audit)?;
    page.refused(&audit.refused)?;
    page.not_used(audit)?;
    page.bad_lines(audit)?;
    page.verdict(audit)
}

struct Page<'p> {
    options: &'p Options,
    out: &'p mut dyn Write,
}

impl Page<'_> {
    fn header(&mut self, audit: &Audit) -> io::Result<()> {
        let title = match audit.code.units.as_slice() {
            [unit] => unit.clone(),
            units => format!("{} units", units.len()),
        };
        let mut about = Vec::new();
        if let Some(log) = &audit.log {
            let files = match log.files.as_slice() {
                [file] => file.clone(),
                files => count(files.len(), "log", "logs"),
            };
            let requests = count(log.requests, "request", "requests");
            let endpoints = count(audit.used.len(), "endpoint", "endpoints");
            about.push(format!("{files}: {requests} to {endpoints}"));
        }
        if let Some(granted) = &audit.granted {
            let n = granted.permissions.len() + granted.connect.len();
            about.push(format!(
                "a key with {}",
                count(n, "permission", "permissions")
            ));
        }
        let (title, about) = (
            self.paint(STRONG, &title),
            self.paint(FAINT, &about.join(", ")),
        );
        writeln!(self.out, "{title}  {about}")
    }

    fn used_not_found(&mut self, audit: &Audit) -> io::Result<()> {
        let all = &audit.used_not_found;
        if all.is_empty() {
            return Ok(());
        }
        self.heading("Used, but not found in the code")?;
        let rows: Vec<[String; 3]> = all
            .iter()
            .map(|used| [used.endpoint.clone(), asked(used), usage(used)])
            .collect();
        self.rows(&rows)?;
        let by_others = "find out who else uses the key";
        let note = match self.places(&audit.code.open_at) {
            at if at.is_empty() => by_others.to_owned(),
            at => format!(
                "see whether {at}, which could not be resolved, requests it, or {by_others}"
            ),
        };
        writeln!(self.out, "    {}", self.paint(FAINT, &note))
    }

    fn not_granted(&mut self, all: &[NotGranted]) -> io::Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        self.heading("Needed, but not granted: these requests will fail")?;
        for one in all {
            let names: Vec<String> = one.permissions.iter().map(named).collect();
            let connect = if one.connect { ", Connect" } else { "" };
            let name = self.paint(NAME, &format!("{}{connect}", names.join(", or ")));
            writeln!(self.out, "    {name}")?;
            for needing in &one.requests {
                let log = needing
                    .log
                    .as_ref()
                    .map(|at| format!("{}:{}", at.file, at.line));
                let mut at = self.places(&needing.at);
                if at.is_empty() {
                    at = log.unwrap_or_default();
                }
                writeln!(
                    self.out,
                    "      {}  {}",
                    needing.request,
                    self.paint(FAINT, &at)
                )?;
            }
            let mut messages: Vec<(&String, &String)> = one
                .requests
                .iter()
                .map(|needing| (&needing.message, &needing.message_before))
                .collect();
            messages.sort();
            messages.dedup();
            for (now, before) in messages {
                writeln!(self.out, "      403: {now}")?;
                let before = self.paint(FAINT, &format!("up to 2026: {before}"));
                writeln!(self.out, "      {before}")?;
            }
        }
        Ok(())
    }

    fn not_needed(&mut self, audit: &Audit) -> io::Result<()> {
        if audit.not_needed.is_empty() {
            return Ok(());
        }
        self.heading("Granted, but needed nowhere")?;
        let rows: Vec<[String; 3]> = audit
            .not_needed
            .iter()
            .map(|one| {
                let label = one.permission.label.clone().unwrap_or_default();
                let column = if one.connect { " (Connect)" } else { "" };
                let action = match &one.instead {
                    Some(id) => format!("only reading is needed: {id}"),
                    None => "remove".to_owned(),
                };
                [one.permission.id.clone() + column, label, action]
            })
            .collect();
        self.rows(&rows)?;
        if !audit.code.complete {
            let open = count(
                audit.code.open,
                "place or endpoint is",
                "places or endpoints are",
            );
            let caution = format!("careful: {open} open in the code, and may need one of these");
            writeln!(self.out, "    {}", self.paint(CAREFUL, &caution))?;
        }
        Ok(())
    }

    fn refused(&mut self, all: &[Refused]) -> io::Result<()> {
        if all.is_empty() {
            return Ok(());
        }
        self.heading("Refused in the log (403)")?;
        for one in all {
            let at = format!("{}:{}", one.first.file, one.first.line);
            let times = count(one.count, "time", "times");
            let endpoint = self.paint(NAME, &one.endpoint);
            writeln!(
                self.out,
                "    {endpoint}  {times}, first {}",
                self.paint(FAINT, &at)
            )?;
            self.asked_there(one)?;
            let requested = match self.places(&one.at) {
                at if at.is_empty() => "the code does not request it".to_owned(),
                at => format!("requested at {at}"),
            };
            writeln!(self.out, "      {requested}")?;
        }
        Ok(())
    }

    /// Says what a refusal asked for, and whether the key has it now.
    fn asked_there(&mut self, one: &Refused) -> io::Result<()> {
        let names: Vec<String> = one.permissions.iter().map(named).collect();
        if names.is_empty() {
            writeln!(self.out, "      {}", one.consequence)?;
        } else {
            writeln!(
                self.out,
                "      {}: {}",
                one.consequence,
                names.join(", or ")
            )?;
        }
        if !one.unknown.is_empty() {
            let unknown = one.unknown.join(", ");
            writeln!(
                self.out,
                "      it names what is not in the rule table: {unknown}"
            )?;
        }
        let is_other = one
            .permissions
            .iter()
            .all(|named| !one.by_table.contains(&named.id));
        if !one.by_table.is_empty() && is_other {
            writeln!(
                self.out,
                "      by the rule table it needs {}",
                one.by_table.join(" or ")
            )?;
        }
        match one.granted {
            Some(true) => writeln!(self.out, "      the key has this now"),
            Some(false) => writeln!(self.out, "      the key does not have it"),
            None => Ok(()),
        }
    }

    fn not_used(&mut self, audit: &Audit) -> io::Result<()> {
        let all = &audit.not_used;
        if all.is_empty() {
            return Ok(());
        }
        self.heading("In the code, but not in the log (for information)")?;
        let n_shown = if self.options.verbose {
            all.len()
        } else {
            SHOWN
        };
        let rows: Vec<[String; 3]> = all
            .iter()
            .take(n_shown)
            .map(|one| [one.endpoint.clone(), self.places(&one.at), String::new()])
            .collect();
        self.rows(&rows)?;
        if all.len() > n_shown {
            let more = all.len() - n_shown;
            writeln!(self.out, "    … and {more} more, shown by --verbose")?;
        }
        Ok(())
    }

    fn bad_lines(&mut self, audit: &Audit) -> io::Result<()> {
        let Some(log) = &audit.log else { return Ok(()) };
        if log.bad_lines > 0 {
            let n = count(log.bad_lines, "line", "lines");
            self.heading(&format!("Not read: {n} of the log"))?;
            for bad in &log.bad {
                writeln!(
                    self.out,
                    "    {}:{}  {}",
                    bad.at.file, bad.at.line, bad.reason
                )?;
            }
        }
        let notes = [
            (log.elsewhere, "to other servers or paths"),
            (
                log.dropped,
                "to unknown endpoints, beyond the first 1000 of them",
            ),
        ];
        for (n, what) in notes.into_iter().filter(|(n, _)| *n > 0) {
            let note = format!("{} {what}", count(n, "request", "requests"));
            writeln!(self.out, "\n  not counted: {note}")?;
        }
        Ok(())
    }

    fn verdict(&mut self, audit: &Audit) -> io::Result<()> {
        let open = if audit.code.complete {
            String::new()
        } else {
            let n_open = count(audit.code.open, "place or endpoint", "places or endpoints");
            format!("; the code is incomplete: {n_open} open")
        };
        if audit.findings > 0 {
            let parts = [
                (audit.used_not_found.len(), "used but not found in the code"),
                (audit.not_granted.len(), "not granted"),
                (audit.not_needed.len(), "not needed"),
            ];
            let parts: Vec<String> = parts
                .into_iter()
                .filter(|(n, _)| *n > 0)
                .map(|(n, what)| format!("{n} {what}"))
                .collect();
            let n = count(audit.findings, "finding", "findings");
            let word = self.paint(CAREFUL, &n);
            return writeln!(self.out, "\n  {word}: {}{open}", parts.join(", "));
        }
        let clean = match (&audit.log, &audit.granted) {
            (Some(_), Some(_)) => "the key has what code and log need, and no more",
            (Some(_), None) => "every request in the log is in the code",
            (None, _) => "the key has what the code needs, and no more",
        };
        let word = self.paint(GOOD, "no findings");
        writeln!(self.out, "\n  {word}: {clean}{open}")
    }

    fn heading(&mut self, text: &str) -> io::Result<()> {
        let text = self.paint(STRONG, text);
        writeln!(self.out, "\n  {text}")
    }

    /// Writes rows whose columns line up; the first is a name.
    fn rows(&mut self, rows: &[[String; 3]]) -> io::Result<()> {
        let width = |at: usize| {
            rows.iter()
                .filter_map(|row| row.get(at))
                .map(|cell| cell.width())
                .max()
        };
        let widths = [0, 1].map(|at| width(at).unwrap_or(0));
        for [name, middle, last] in rows {
            let gaps = [
                widths[0].saturating_sub(name.width()),
                widths[1].saturating_sub(middle.width()),
            ];
            let name = self.paint(NAME, name);
            let line = format!(
                "    {name}{:gap$}  {middle}{:rest$}  {}",
                "",
                "",
                self.paint(FAINT, last),
                gap = gaps[0],
                rest = gaps[1]
            );
            writeln!(self.out, "{}", line.trim_end())?;
        }
        Ok(())
    }

    /// Names the first place, and how many there are.
    fn places(&self, at: &[String]) -> String {
        match at {
            [] => String::new(),
            [one] => one.clone(),
            all if self.options.verbose => all.join(", "),
            [first, rest @ ..] => format!("{first} and {} more", rest.len()),
        }
    }

    fn paint(&self, style: Style, text: &str) -> String {
        let text = sanitize(text);
        if self.options.styles && !text.is_empty() {
            format!("{style}{text}{style:#}")
        } else {
            text.into_owned()
        }
    }
}

/// Says what a logged request asks for.
fn asked(used: &Used) -> String {
    match used.rule.as_str() {
        "unknown-endpoint" => "not in the rule table".to_owned(),
        "unknown-permission" => "permission not published".to_owned(),
        _ => used.permissions.join(" or "),
    }
}

/// Says how often and with what result an endpoint was requested.
fn usage(used: &Used) -> String {
    let requests = count(used.count, "request", "requests");
    let status = used.last_status.map(|status| format!(", last {status}"));
    let account = if used.account == "connect" {
        " for connected accounts"
    } else {
        ""
    };
    let code = match (used.in_code.as_str(), used.at.first()) {
        ("unreferenced", Some(at)) => format!("; nothing reaches {at}"),
        ("other-account", Some(at)) if used.account == "connect" => {
            format!("; {at} requests it for the own account")
        }
        ("other-account", Some(at)) => format!("; {at} requests it for connected accounts"),
        _ => String::new(),
    };
    let first = format!("{}:{}", used.first.file, used.first.line);
    format!(
        "{requests}{account}{}, first {first}{code}",
        status.unwrap_or_default()
    )
}

/// Names a permission by its id and its row in the Dashboard.
fn named(permission: &Permission) -> String {
    match &permission.label {
        Some(label) => format!("{} ({label}, {})", permission.id, permission.access),
        None => permission.id.clone(),
    }
}

/// Returns `1 file` or `2 files`.
fn count(n: impl TryInto<u64>, one: &str, many: &str) -> String {
    let n = n.try_into().unwrap_or(u64::MAX);
    format!("{n} {}", if n == 1 { one } else { many })
}
