//! What the owner of the code told: never silent, so that nobody can hide anything with it.

use std::io::{self, Write};

use model::manifest::Told;

use super::{CAREFUL, Cell, FAINT, NAME, Options, PLAIN, count, open::heading};

/// Writes what was assumed, closed and left out, or nothing where nothing was told.
pub(super) fn told(told: &Told, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    if told.is_empty() {
        return Ok(());
    }
    heading("Told by the owner of the code", options, out)?;
    let line = |style, what: &str, by: &str, because: &str, out: &mut dyn Write| {
        let what = Cell::new(what, style).paint(options.styles);
        writeln!(out, "    {what}")?;
        let because = Cell::new(&format!("{by}: {because}"), FAINT).paint(options.styles);
        writeln!(out, "      {because}")
    };
    for one in &told.assumed {
        let place = format!("{}:{}", one.at.path, one.at.line);
        line(
            NAME,
            &one.endpoint.to_string(),
            &one.by,
            &format!("requested at {place}"),
            out,
        )?;
    }
    for one in &told.suppressed {
        let at = &one.diagnostic.location;
        let code = one.diagnostic.code.id();
        let what = format!("{}:{}:{} [{code}]", at.path, at.line, at.column);
        line(CAREFUL, &what, &one.by, &one.reason, out)?;
    }
    for one in &told.excluded {
        let files = count(one.n_files, "file left out", "files left out");
        let what = format!("{} ({files})", one.pattern);
        line(PLAIN, &what, &one.by, &one.reason, out)?;
    }
    Ok(())
}

/// Says behind `complete` how much of that rests on somebody's word.
pub(super) fn remark(told: &Told) -> String {
    let n_files = told.excluded.iter().map(|one| one.n_files).sum();
    let closed = told.suppressed.len() as u64;
    let counts: Vec<String> = [
        (closed, "place was closed", "places were closed"),
        (n_files, "file was left out", "files were left out"),
    ]
    .into_iter()
    .filter(|(n, _, _)| *n > 0)
    .map(|(n, one, many)| count(n, one, many))
    .collect();
    if counts.is_empty() {
        return String::new();
    }
    format!("; {} by the owner of the code", counts.join(" and "))
}
