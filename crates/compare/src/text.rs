//! The changes for people: a diff to be read in five seconds.

use std::io::{self, Write};

use anstyle::{AnsiColor, Style};
use report::{
    Options,
    layout::{CAREFUL, Cell, FAINT, GOOD, PLAIN, STRONG, column_widths, join},
    v1::{
        Access, Grade,
        changes::{Because, ChangeKind, Changes, OpenPlace, PermissionChange, Presence},
    },
};

/// For what a key must not gain unnoticed.
const BAD: Style = AnsiColor::Red.on_default();
/// Requests, and open places, that are shown unless all are asked for.
const SHOWN: usize = 3;
const SHOWN_OPEN: usize = 20;

type Line = [Cell; 5];

/// Writes the units that changed, one after the other; nothing where none did.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(changes: &[Changes], options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let different = changes.iter().filter(|one| !one.is_empty());
    for (index, one) in different.enumerate() {
        if index > 0 {
            writeln!(out)?;
        }
        unit(one, options, out)?;
    }
    Ok(())
}

fn unit(changes: &Changes, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    let title = Cell::new(&title(changes), STRONG).paint(options.styles);
    writeln!(out, "{title}: {}", headline(changes))?;
    let own: Vec<Vec<Line>> = changes
        .permissions
        .iter()
        .map(|c| lines(c, options))
        .collect();
    let connect: Vec<Vec<Line>> = changes.connect.iter().map(|c| lines(c, options)).collect();
    let widths = column_widths(own.iter().chain(&connect).flatten());
    table("", &own, &widths, options, out)?;
    let for_others = "Connect, for requests on behalf of connected accounts";
    table(for_others, &connect, &widths, options, out)?;
    open("Newly open", "!", CAREFUL, &changes.opened, options, out)?;
    open("No longer open", "-", GOOD, &changes.closed, options, out)
}

fn title(changes: &Changes) -> String {
    let name = &changes.unit;
    match (&changes.old_version, &changes.new_version) {
        (Some(old), Some(new)) if old != new => format!("{name} {old} → {new}"),
        (_, Some(version)) | (Some(version), None) => format!("{name} {version}"),
        (None, None) => name.clone(),
    }
}

/// Says in a few words what happened.
fn headline(changes: &Changes) -> String {
    match changes.presence {
        Presence::New => return "new here; a key for it needs".to_owned(),
        Presence::Gone => return "gone, and with it the need for".to_owned(),
        Presence::Both => {}
    }
    let said = [
        (changes.widens(), "the key needs more"),
        (changes.narrows(), "the key could do with less"),
        (!changes.opened.is_empty(), "more is open than before"),
        (
            changes.opened.is_empty() && !changes.closed.is_empty(),
            "less is open than before",
        ),
    ];
    let said: Vec<&str> = said
        .into_iter()
        .filter_map(|(is_so, what)| is_so.then_some(what))
        .collect();
    said.join(", ")
}

fn table(
    title: &str,
    all: &[Vec<Line>],
    widths: &[usize; 5],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(out)?;
    if !title.is_empty() {
        let title = Cell::new(title, STRONG).paint(options.styles);
        writeln!(out, "  {title}")?;
    }
    for line in all.iter().flatten() {
        writeln!(out, "  {}", join(line, widths, options.styles))?;
    }
    Ok(())
}

/// Writes one change: a line with its first cause, and a line for each further one.
fn lines(change: &PermissionChange, options: &Options) -> Vec<Line> {
    let (sign, style) = match change.change {
        ChangeKind::Added => ("+", BAD),
        ChangeKind::Widened => ("~", BAD),
        ChangeKind::Narrowed => ("~", GOOD),
        ChangeKind::Removed => ("-", GOOD),
    };
    let access = match (change.from, change.to) {
        (Some(from), Some(to)) => format!("{} → {}", word(from), word(to)),
        (None, Some(access)) | (Some(access), None) => word(access).to_owned(),
        (None, None) => String::new(),
    };
    let label = change.label.as_deref().unwrap_or("–");
    let label = match change.grade {
        Grade::Official | Grade::Observed => label.to_owned(),
        Grade::Documented => format!("{label} (documented)"),
        Grade::Inferred => format!("{label} (inferred)"),
        Grade::Unknown => format!("{label} (unknown)"),
    };
    let head = [
        Cell::new(&format!("{sign} {}", change.id), style),
        Cell::new(&access, PLAIN),
        Cell::new(&label, PLAIN),
    ];
    let nothing = || Cell::new("", PLAIN);
    let n_shown = if options.verbose { usize::MAX } else { SHOWN };
    let mut causes = change
        .because
        .iter()
        .take(n_shown)
        .map(|because| cause(because, change.change, options));
    let [place, request] = causes.next().unwrap_or_else(|| [nothing(), nothing()]);
    let [id, access, label] = head;
    let mut lines = vec![[id, access, label, place, request]];
    lines.extend(causes.map(|[at, request]| [nothing(), nothing(), nothing(), at, request]));
    let n_more = change.because.len().saturating_sub(n_shown);
    let more = (n_more > 0).then(|| format!("and {n_more} more"));
    for remark in more.iter().chain(&change.note) {
        let remark = Cell::new(remark, FAINT);
        lines.push([nothing(), nothing(), nothing(), remark, nothing()]);
    }
    lines
}

const fn word(access: Access) -> &'static str {
    match access {
        Access::Read => "Read",
        Access::Write => "Write",
    }
}

fn cause(because: &Because, change: ChangeKind, options: &Options) -> [Cell; 2] {
    let n_shown = if options.verbose { because.at.len() } else { 1 };
    let places: Vec<&str> = because
        .at
        .iter()
        .take(n_shown)
        .map(String::as_str)
        .collect();
    let places = match because.at.len().saturating_sub(n_shown) {
        0 => places.join(", "),
        n => format!("{} and {n} more", places.join(", ")),
    };
    let was = if change.widens() { "" } else { "was " };
    [
        Cell::new(&format!("{was}{places}"), PLAIN),
        Cell::new(&because.request, FAINT),
    ]
}

fn open(
    title: &str,
    sign: &str,
    style: Style,
    all: &[OpenPlace],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    writeln!(
        out,
        "\n  {}",
        Cell::new(title, STRONG).paint(options.styles)
    )?;
    let n_shown = if options.verbose {
        all.len()
    } else {
        SHOWN_OPEN
    };
    let rows: Vec<[Cell; 2]> = all
        .iter()
        .take(n_shown)
        .map(|one| {
            let reason = match &one.request {
                Some(request) => format!("{request}: {} [{}]", one.reason, one.code),
                None => format!("{} [{}]", one.reason, one.code),
            };
            let place = format!("{sign} {}", one.at);
            [Cell::new(&place, style), Cell::new(&reason, PLAIN)]
        })
        .collect();
    let widths = column_widths(rows.iter());
    for row in &rows {
        writeln!(out, "  {}", join(row, &widths, options.styles))?;
    }
    match all.len().saturating_sub(n_shown) {
        0 => Ok(()),
        n => writeln!(out, "  … and {n} more; --verbose shows all"),
    }
}
