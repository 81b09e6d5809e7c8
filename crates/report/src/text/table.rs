//! The table of permissions, grouped by Dashboard section.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use anstyle::Style;
use model::{
    evidence::Tier,
    manifest::{KeyTiers, Needed},
    permission::{Access, Grade},
    source::Location,
};

use super::{CAREFUL, Cell, FAINT, GOOD, NAME, Options, PLAIN, STRONG};
use crate::layout::{column_widths, join, shorten_front};

/// Columns that the place needs to stand on the line of its permission.
const PLACE: usize = 32;

type Row = [Cell; 4];

/// Writes the permissions `all` under `title`, or nothing where there are none.
pub(super) fn section(
    title: &str,
    all: &[&Needed],
    tiers: KeyTiers,
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    if all.is_empty() {
        return Ok(());
    }
    if !title.is_empty() {
        writeln!(out, "\n{}", Cell::new(title, STRONG).paint(options.styles))?;
    }
    let rows: Vec<Row> = all.iter().map(|needed| row(needed, tiers)).collect();
    let widths = column_widths(rows.iter());
    for ((_, name), members) in grouped(all, &rows) {
        let name = if name.is_empty() {
            "Section not known"
        } else {
            name
        };
        writeln!(out, "\n  {}", Cell::new(name, STRONG).paint(options.styles))?;
        for (needed, row) in members {
            permission(needed, row, &widths, options, out)?;
        }
    }
    Ok(())
}

/// A Dashboard section, and before it whether it comes after `Core`.
type Section<'a> = (bool, &'a str);

/// Groups by section; `Core` comes first, as in the Dashboard.
fn grouped<'a>(
    all: &[&'a Needed],
    rows: &'a [Row],
) -> BTreeMap<Section<'a>, Vec<(&'a Needed, &'a Row)>> {
    let mut groups: BTreeMap<Section<'a>, Vec<_>> = BTreeMap::new();
    for (needed, row) in all.iter().zip(rows) {
        let section = &*needed.section;
        let key = (section != "Core", section);
        groups.entry(key).or_default().push((*needed, row));
    }
    groups
}

fn row(needed: &Needed, tiers: KeyTiers) -> Row {
    let id = needed.id.to_string();
    [
        Cell::new(needed.label.as_deref().unwrap_or("–"), PLAIN),
        Cell::new(&id, NAME),
        Cell::new(access(needed.id.access), PLAIN),
        Cell::new(&grade_and_use(needed, tiers), grade_style(needed.grade)),
    ]
}

/// Returns the word of the Dashboard's column.
pub(crate) const fn access(access: Access) -> &'static str {
    match access {
        Access::Read => "Read",
        Access::Write => "Write",
    }
}

fn grade_and_use(needed: &Needed, tiers: KeyTiers) -> String {
    let mut text = needed.grade.id().to_owned();
    if needed.tier == Tier::OneOff {
        text.push_str(", once");
    }
    let features = needed.features(tiers);
    let features: Vec<&str> = features.into_iter().map(|name| &**name).collect();
    if !features.is_empty() {
        text.push_str(", for ");
        text.push_str(&features.join(" and "));
    }
    text
}

const fn grade_style(grade: Grade) -> Style {
    match grade {
        Grade::Official | Grade::Observed => GOOD,
        Grade::Documented => PLAIN,
        Grade::Inferred | Grade::Unknown => CAREFUL,
    }
}

fn permission(
    needed: &Needed,
    row: &Row,
    widths: &[usize; 4],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let cells = join(row, widths, options.styles);
    if options.verbose {
        writeln!(out, "    {cells}")?;
        return every_place(needed, options, out);
    }
    let used = 4 + widths.iter().map(|width| width + 2).sum::<usize>();
    let room = options.width.map(|width| width.saturating_sub(used));
    if room.is_some_and(|room| room < PLACE) {
        let room = options.width.map(|width| width.saturating_sub(6));
        writeln!(out, "    {cells}")?;
        return writeln!(
            out,
            "      {}",
            first_place(needed, room).paint(options.styles)
        );
    }
    let [.., last] = row;
    let [.., width] = widths;
    let gap = " ".repeat(width - last.width() + 2);
    let place = first_place(needed, room).paint(options.styles);
    writeln!(out, "    {cells}{gap}{place}")
}

/// Names the first place of the most needed requests, and how many more there are.
fn first_place(needed: &Needed, room: Option<usize>) -> Cell {
    let places: BTreeSet<(&str, u32)> = needed
        .requests
        .iter()
        .filter(|request| request.tier == needed.tier)
        .flat_map(|request| &request.at)
        .map(|at| (&*at.path, at.line))
        .collect();
    let Some((path, line)) = places.first() else {
        return Cell::new("", FAINT);
    };
    let more = match places.len() {
        1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    let place = Cell::new(&format!("{path}:{line}"), FAINT).paint(false);
    let place = match room {
        Some(room) => shorten_front(&place, room.saturating_sub(more.len())),
        None => place,
    };
    Cell::new(&(place + &more), FAINT)
}

fn every_place(needed: &Needed, options: &Options, out: &mut dyn Write) -> io::Result<()> {
    for request in &needed.requests {
        let note = match (&request.tier, &needed.tier) {
            (tier, whole) if tier == whole => "",
            (Tier::Required, _) => "  (required)",
            (Tier::OneOff, _) => "  (once)",
            (Tier::Unreferenced, _) => "  (not reached)",
        };
        let endpoint = Cell::new(&request.title(), PLAIN).paint(options.styles);
        writeln!(out, "      {endpoint}{note}")?;
        for at in &request.at {
            writeln!(out, "        {}", place_and_text(at, options))?;
        }
    }
    Ok(())
}

/// Writes a place in full, and the source line after it as far as there is room.
pub(super) fn place_and_text(at: &Location, options: &Options) -> String {
    let place = Cell::new(&format!("{}:{}:{}", at.path, at.line, at.column), PLAIN);
    let text = Cell::new(&at.excerpt, FAINT);
    let room = options.width.map(|width| width.saturating_sub(10));
    let fits = room.is_none_or(|room| place.width() + text.width() <= room);
    if fits && text.width() > 0 {
        format!(
            "{}  {}",
            place.paint(options.styles),
            text.paint(options.styles)
        )
    } else {
        place.paint(options.styles)
    }
}
