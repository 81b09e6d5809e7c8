//! The report as Markdown, for a README, a pull request or a job summary.

use std::{
    collections::BTreeSet,
    fmt::Write as _,
    io::{self, Write},
};

use model::{
    diagnostic::Diagnostic,
    manifest::{KeyTiers, Manifest, Needed},
    permission::{Access, Grade},
    source::Location,
};

use crate::{
    Options,
    link::{link, part_of_key},
    matrix, sanitize,
};

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for (index, manifest) in manifests.iter().enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        unit(manifest, options, out)?;
    }
    matrix::markdown(manifests, out)
}

fn unit(manifest: &Manifest, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let version = match &manifest.unit.version {
        Some(version) => format!(" {}", escape(version)),
        None => String::new(),
    };
    let name = escape(&manifest.unit.name);
    writeln!(out, "## Stripe permissions for {name}{version}\n")?;
    let own: Vec<&Needed> = part_of_key(manifest, &manifest.permissions).collect();
    let connect: Vec<&Needed> = part_of_key(manifest, &manifest.connect).collect();
    if own.is_empty() && connect.is_empty() {
        writeln!(out, "No permission is needed for what was found.\n")?;
    }
    table(&own, manifest.key_tiers, options, out)?;
    if !connect.is_empty() {
        writeln!(out, "### Connect\n")?;
        writeln!(out, "For requests on behalf of connected accounts.\n")?;
        table(&connect, manifest.key_tiers, options, out)?;
    }
    unmapped(manifest, options, out)?;
    unresolved(manifest, out)?;
    not_counted(manifest, options, out)?;
    told(manifest, out)?;
    keys(manifest, out)?;
    match link(manifest, options.mode) {
        Some(link) => writeln!(out, "[Create this key in the Stripe Dashboard]({link})"),
        None => Ok(()),
    }
}

fn table(
    all: &[&Needed],
    tiers: KeyTiers,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "| Permission | Access | Dashboard section | Needed for | Where |"
    )?;
    writeln!(out, "| --- | --- | --- | --- | --- |")?;
    for needed in all {
        let reached = || {
            let requests = needed.requests.iter();
            requests.filter(|request| tiers.contains(&request.tier))
        };
        let endpoints: Vec<String> = reached()
            .map(|request| cell_code(&request.title()))
            .collect();
        let places = reached().flat_map(|request| &request.at);
        writeln!(
            out,
            "| {} | {} | {} | {} | {} |",
            permission(needed),
            match needed.id.access {
                Access::Read => "Read",
                Access::Write => "Write",
            },
            escape(&needed.section),
            endpoints.join("<br>"),
            where_called(places, options),
        )?;
    }
    writeln!(out)
}

/// Names the permission, and says so where that is less than known.
fn permission(needed: &Needed) -> String {
    let id = cell_code(&needed.id.to_string());
    let name = match &needed.label {
        Some(label) => format!("{} ({id})", escape(label)),
        None => id,
    };
    match needed.grade {
        Grade::Official | Grade::Observed => name,
        Grade::Documented | Grade::Inferred | Grade::Unknown => {
            format!("{name}, {}", needed.grade.id())
        }
    }
}

fn where_called<'a>(places: impl Iterator<Item = &'a Location>, options: &Options) -> String {
    let places: BTreeSet<(&str, u32)> = places.map(|at| (&*at.path, at.line)).collect();
    let n_shown = if options.verbose { places.len() } else { 1 };
    let mut text = places
        .iter()
        .take(n_shown)
        .map(|(path, line)| cell_code(&format!("{path}:{line}")))
        .collect::<Vec<_>>()
        .join("<br>");
    if places.len() > n_shown {
        // Writing to a string cannot fail.
        let _ = write!(text, " and {} more", places.len() - n_shown);
    }
    text
}

fn unmapped(manifest: &Manifest, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if manifest.unmapped.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Not mapped\n")?;
    for one in &manifest.unmapped {
        let endpoint = code(&one.request.title());
        let places = where_called(one.request.at.iter(), options);
        writeln!(out, "- {endpoint}: {} ({places})", one.explanation())?;
    }
    writeln!(out)
}

fn unresolved(manifest: &Manifest, out: &mut dyn Write) -> io::Result<()> {
    let open: Vec<&Diagnostic> = manifest
        .unresolved
        .iter()
        .filter(|one| !one.code.leaves_complete())
        .collect();
    if open.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Could not be resolved\n")?;
    for one in open {
        let at = code(&format!("{}:{}", one.location.path, one.location.line));
        writeln!(out, "- {at}: {} ({})", escape(&one.message), one.code.id())?;
    }
    writeln!(out)
}

fn not_counted(manifest: &Manifest, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if manifest.not_counted.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Not counted\n")?;
    writeln!(out, "These requests ask nothing of this key.\n")?;
    for one in &manifest.not_counted {
        let endpoint = code(&one.endpoint);
        let places = where_called(one.at.iter(), options);
        writeln!(out, "- {endpoint}: {} ({places})", one.reason.id())?;
    }
    writeln!(out)
}

/// Says what the owner of the code told, and what that changed.
fn told(manifest: &Manifest, out: &mut dyn Write) -> io::Result<()> {
    let told = &manifest.told;
    if told.is_empty() {
        return Ok(());
    }
    writeln!(out, "### Told by the owner of the code\n")?;
    for one in &told.assumed {
        let (endpoint, at) = (code(&one.endpoint.to_string()), &one.at);
        let at = code(&format!("{}:{}", at.path, at.line));
        writeln!(out, "- {at}: assumed {endpoint} ({})", escape(&one.by))?;
    }
    for one in &told.suppressed {
        let at = &one.diagnostic.location;
        let at = code(&format!("{}:{}", at.path, at.line));
        let (message, by) = (escape(&one.diagnostic.message), escape(&one.by));
        writeln!(
            out,
            "- {at}: closed: {message} ({by}: {})",
            escape(&one.reason)
        )?;
    }
    for one in &told.excluded {
        let (pattern, by) = (code(&one.pattern), escape(&one.by));
        writeln!(out, "- {pattern}: left out ({by}: {})", escape(&one.reason))?;
    }
    writeln!(out)
}

/// Lists keys that lie where they do not belong, the worst first.
fn keys(manifest: &Manifest, out: &mut dyn Write) -> io::Result<()> {
    let findings = manifest.keys.iter().flat_map(|report| &report.findings);
    let mut findings = findings.peekable();
    if findings.peek().is_none() {
        return Ok(());
    }
    writeln!(out, "### Keys\n")?;
    for one in findings {
        let at = code(&format!("{}:{}", one.location.path, one.location.line));
        let (severity, id) = (one.severity.id(), one.code.id());
        writeln!(out, "- {at}: {severity}: {} ({id})", escape(&one.message))?;
    }
    writeln!(out)
}

/// Escapes what Markdown or HTML would take for markup.
#[must_use]
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in sanitize(text).chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            // Written as entities, so that nobody is mentioned and no address becomes a link.
            '@' => out.push_str("&#64;"),
            ':' => out.push_str("&#58;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '#' | '|' | '~' => {
                out.push('\\');
                out.push(c);
            }
            c => out.push(c),
        }
    }
    out
}

/// Writes `text` as a code span whose fence does not occur in it.
#[must_use]
pub fn code(text: &str) -> String {
    let text = sanitize(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or(0);
    let fence = "`".repeat(longest + 1);
    let pad = if longest > 0 { " " } else { "" };
    format!("{fence}{pad}{text}{pad}{fence}")
}

/// Writes a code span inside a table, where a `|` ends the cell even in code.
pub(crate) fn cell_code(text: &str) -> String {
    code(text).replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_in_scanned_text_stays_text() {
        assert_eq!(
            escape("<b>_x_</b> @me [a](b) | "),
            r"&lt;b&gt;\_x\_&lt;/b&gt; &#64;me \[a\](b) \| "
        );
        assert_eq!(escape("https://x"), "https&#58;//x");
    }

    #[test]
    fn a_code_span_holds_backticks_and_bars() {
        assert_eq!(code("a.php:3"), "`a.php:3`");
        assert_eq!(cell_code("a`|``b"), "``` a`\\|``b ```");
    }
}
