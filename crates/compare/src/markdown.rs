//! The changes for release notes and pull requests.

use std::io::{self, Write};

use report::{
    markdown_code as code, markdown_escape as escape,
    v1::{
        Access, Grade,
        changes::{Because, Changes, OpenPlace, PermissionChange, Presence},
    },
};

/// Places that are named for one request.
const SHOWN: usize = 2;

/// Writes what changed, as sentences for those who have a key.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(changes: &[Changes], out: &mut dyn Write) -> io::Result<()> {
    if changes.iter().all(Changes::is_empty) {
        return writeln!(out, "The Stripe key needs the same permissions as before.");
    }
    let different = changes.iter().filter(|one| !one.is_empty());
    for (index, one) in different.enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        unit(one, out)?;
    }
    Ok(())
}

fn unit(changes: &Changes, out: &mut dyn Write) -> io::Result<()> {
    let name = escape(&named(changes));
    writeln!(out, "### Stripe permissions of {name}")?;
    let needs = match changes.presence {
        Presence::New => format!("A key for {name} needs:"),
        Presence::Both | Presence::Gone => format!("{name} needs now, which it did not before:"),
    };
    let columns = [
        (&changes.permissions, ""),
        (&changes.connect, " for connected accounts"),
    ];
    let listed = |widens| {
        let all = columns.into_iter().flat_map(move |(all, column)| {
            let some = all.iter().filter(move |one| one.change.widens() == widens);
            some.map(move |one| format!("- {}", sentence(one, column)))
        });
        all.collect::<Vec<_>>()
    };
    part(&needs, &listed(true), out)?;
    part(
        "No longer needed; remove it from the key:",
        &listed(false),
        out,
    )?;
    let open = |all: &[OpenPlace]| all.iter().map(place).collect::<Vec<_>>();
    let opened = "Could need more, which cannot be read from the code:";
    part(opened, &open(&changes.opened), out)?;
    part("No longer open:", &open(&changes.closed), out)
}

fn named(changes: &Changes) -> String {
    let version = changes
        .new_version
        .as_ref()
        .or(changes.old_version.as_ref());
    match version {
        Some(version) => format!("{} {version}", changes.unit),
        None => changes.unit.clone(),
    }
}

fn part(title: &str, lines: &[String], out: &mut dyn Write) -> io::Result<()> {
    if lines.is_empty() {
        return Ok(());
    }
    writeln!(out, "\n{title}\n")?;
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

/// Says what is needed, or no longer needed, and why.
fn sentence(change: &PermissionChange, column: &str) -> String {
    let access = match (change.from, change.to) {
        (Some(from), Some(to)) => format!("**{}** instead of {}", word(to), word(from)),
        (None, Some(access)) | (Some(access), None) => format!("**{}**", word(access)),
        (None, None) => String::new(),
    };
    let id = code(&change.id);
    let row = match &change.label {
        Some(label) => format!("{} ({id})", escape(label)),
        None => id,
    };
    let grade = match change.grade {
        Grade::Official | Grade::Observed => "",
        Grade::Documented => " (documented)",
        Grade::Inferred => " (inferred)",
        Grade::Unknown => " (unknown)",
    };
    let why: Vec<String> = change.because.iter().map(reason).collect();
    let why = match (why.as_slice(), change.change.widens()) {
        ([], _) => String::new(),
        (all, true) => format!(", because of {}", all.join(", ")),
        (all, false) => format!(", which was for {}", all.join(", ")),
    };
    let note = match &change.note {
        Some(note) => format!(" ({note})"),
        None => String::new(),
    };
    format!("{access} on {row}{grade}{column}{why}{note}")
}

const fn word(access: Access) -> &'static str {
    match access {
        Access::Read => "Read",
        Access::Write => "Write",
    }
}

fn reason(because: &Because) -> String {
    let request = code(&because.request);
    let places: Vec<String> = because.at.iter().take(SHOWN).map(|at| code(at)).collect();
    let more = match because.at.len().saturating_sub(SHOWN) {
        0 => String::new(),
        n => format!(" and {n} more"),
    };
    match places.as_slice() {
        [] => request,
        places => format!("{request} ({}{more})", places.join(", ")),
    }
}

fn place(open: &OpenPlace) -> String {
    let at = code(&open.at);
    let reason = escape(&open.reason);
    match &open.request {
        Some(request) => format!("- {}: {reason} ({at})", code(request)),
        None => format!("- {at}: {reason} ({})", escape(&open.code)),
    }
}
