//! Services and permissions: what the key of each unit of one repository may do, side by side.
//!
//! There only where a repository was split into units; plugins that merely lie in one folder have
//! nothing to do with one another.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use model::{
    Name,
    manifest::{Manifest, Needed},
    permission::Access,
};

use crate::{
    Options,
    layout::{CAREFUL, Cell, FAINT, NAME, PLAIN, STRONG},
    link::part_of_key,
    markdown,
    text::{access, says_nothing},
};

/// Columns that the table may take where nothing says how many there are.
const USUAL_WIDTH: usize = 120;

/// What the keys of several units may do.
struct Matrix<'a> {
    /// The units with permissions.
    services: Vec<Service<'a>>,
    rows: BTreeMap<Subject<'a>, Row<'a>>,
    /// The units without.
    without: Vec<&'a str>,
}

struct Service<'a> {
    name: &'a str,
    n_open: usize,
}

/// Connect comes last, then by id.
type Subject<'a> = (bool, &'a Name);

struct Row<'a> {
    label: Option<&'a str>,
    /// For each service by its number.
    access: BTreeMap<usize, Access>,
}

impl<'a> Matrix<'a> {
    /// Puts units side by side; `None` where they are not parts of one repository.
    fn of(manifests: &'a [Manifest]) -> Option<Self> {
        let is_split = manifests
            .iter()
            .any(|manifest| manifest.unit.path.is_some());
        let mut matrix = Self {
            services: Vec::new(),
            rows: BTreeMap::new(),
            without: Vec::new(),
        };
        for manifest in manifests {
            matrix.add(manifest, column(manifest, manifests));
        }
        (is_split && manifests.len() > 1 && !matrix.services.is_empty()).then_some(matrix)
    }

    fn add(&mut self, manifest: &'a Manifest, name: &'a str) {
        let own = part_of_key(manifest, &manifest.permissions).map(|needed| (false, needed));
        let connect = part_of_key(manifest, &manifest.connect).map(|needed| (true, needed));
        let all: Vec<(bool, &Needed)> = own.chain(connect).collect();
        let open = manifest.unresolved.iter();
        let n_open = open.filter(|one| !one.code.leaves_complete()).count();
        if all.is_empty() && n_open == 0 {
            self.without.push(name);
            return;
        }
        let number = self.services.len();
        self.services.push(Service { name, n_open });
        for (is_connect, needed) in all {
            let row = self.rows.entry((is_connect, &needed.id.base));
            let row = row.or_insert_with(|| Row {
                label: needed.label.as_deref(),
                access: BTreeMap::new(),
            });
            let access = row.access.entry(number).or_insert(needed.id.access);
            *access = (*access).max(needed.id.access);
        }
    }

    fn is_open(&self) -> bool {
        self.services.iter().any(|service| service.n_open > 0)
    }
}

/// Says of each unit whether its name in the last line of the table says all of it.
pub(crate) fn quiet(manifests: &[Manifest], options: &Options) -> Vec<bool> {
    let is_table = !options.verbose && Matrix::of(manifests).is_some();
    let manifests = manifests.iter();
    manifests.map(|one| is_table && says_nothing(one)).collect()
}

/// Names a unit at the head of a column: by its folder where another has the same name.
fn column<'a>(manifest: &'a Manifest, all: &[Manifest]) -> &'a str {
    let name = &manifest.unit.name;
    let n_same = all.iter().filter(|other| other.unit.name == *name).count();
    match &manifest.unit.path {
        Some(path) if n_same > 1 => path,
        _ => name,
    }
}

/// Writes the table as text, or lists each permission with its services where it is too wide.
pub(crate) fn text(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let Some(matrix) = Matrix::of(manifests) else {
        return Ok(());
    };
    let title = Cell::new("Permissions by unit", STRONG).paint(options.styles);
    writeln!(out, "\n{title}\n")?;
    let table = matrix.table();
    let widths = widths(&table);
    let width: usize = widths.iter().map(|width| width + 2).sum();
    if width <= options.width.unwrap_or(USUAL_WIDTH) {
        for row in &table {
            writeln!(out, "  {}", line(row, &widths, options.styles))?;
        }
    } else {
        matrix.list(options, out)?;
    }
    if !matrix.without.is_empty() {
        let names = format!("No key needed: {}", matrix.without.join(", "));
        writeln!(
            out,
            "\n  {}",
            Cell::new(&names, FAINT).paint(options.styles)
        )?;
    }
    Ok(())
}

impl Matrix<'_> {
    /// Makes the cells of the table, the head first.
    fn table(&self) -> Vec<Vec<Cell>> {
        let names = self.services.iter();
        let names = names.map(|service| Cell::new(service.name, STRONG));
        let head: Vec<Cell> = [Cell::new("", PLAIN), Cell::new("", PLAIN)]
            .into_iter()
            .chain(names)
            .collect();
        let rows = self.rows.iter().map(|((is_connect, base), row)| {
            let label = row.label.unwrap_or("–");
            let label = if *is_connect {
                format!("{label} (Connect)")
            } else {
                label.to_owned()
            };
            let cells = (0..self.services.len()).map(|number| match row.access.get(&number) {
                Some(access_of) => Cell::new(access(*access_of), PLAIN),
                None => Cell::new("·", FAINT),
            });
            [Cell::new(&label, PLAIN), Cell::new(base, NAME)]
                .into_iter()
                .chain(cells)
                .collect()
        });
        let open = self.services.iter().map(|service| match service.n_open {
            0 => Cell::new("·", FAINT),
            n => Cell::new(&n.to_string(), CAREFUL),
        });
        let open: Vec<Cell> = [
            Cell::new("Could not be resolved", CAREFUL),
            Cell::new("", PLAIN),
        ]
        .into_iter()
        .chain(open)
        .collect();
        let last = self.is_open().then_some(open);
        [head].into_iter().chain(rows).chain(last).collect()
    }

    fn list(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        for ((is_connect, base), row) in &self.rows {
            let label = row.label.unwrap_or("–");
            let connect = if *is_connect { " (Connect)" } else { "" };
            let id = Cell::new(base, NAME).paint(options.styles);
            let label = Cell::new(&format!("{label}{connect}"), PLAIN).paint(options.styles);
            writeln!(out, "  {label}  {id}")?;
            for wanted in [Access::Read, Access::Write] {
                let having = row.access.iter().filter(|(_, access)| **access == wanted);
                let names: Vec<&str> = having
                    .filter_map(|(number, _)| Some(self.services.get(*number)?.name))
                    .collect();
                if !names.is_empty() {
                    let line = format!("{}: {}", access(wanted), names.join(", "));
                    let line = Cell::new(&line, PLAIN).paint(options.styles);
                    writeln!(out, "    {line}")?;
                }
            }
        }
        let open: Vec<String> = self
            .services
            .iter()
            .filter(|service| service.n_open > 0)
            .map(|service| format!("{} ({})", service.name, service.n_open))
            .collect();
        if open.is_empty() {
            return Ok(());
        }
        let line = format!("Could not be resolved: {}", open.join(", "));
        writeln!(out, "  {}", Cell::new(&line, CAREFUL).paint(options.styles))
    }
}

fn widths(table: &[Vec<Cell>]) -> Vec<usize> {
    let n_columns = table.first().map_or(0, Vec::len);
    (0..n_columns)
        .map(|column| {
            let cells = table.iter().filter_map(|row| row.get(column));
            cells.map(Cell::width).max().unwrap_or(0)
        })
        .collect()
}

/// Joins cells, each padded to its column, without trailing space.
fn line(row: &[Cell], widths: &[usize], styles: bool) -> String {
    let mut line = String::new();
    let mut gap = 0;
    for (cell, width) in row.iter().zip(widths) {
        if cell.width() > 0 {
            line.push_str(&" ".repeat(gap));
            line.push_str(&cell.paint(styles));
            gap = 0;
        }
        gap += width - cell.width() + 2;
    }
    line
}

/// Writes the table as Markdown.
pub(crate) fn markdown(manifests: &[Manifest], out: &mut dyn Write) -> io::Result<()> {
    let Some(matrix) = Matrix::of(manifests) else {
        return Ok(());
    };
    let names: Vec<String> = matrix
        .services
        .iter()
        .map(|service| markdown::escape(service.name))
        .collect();
    writeln!(out, "\n## Permissions by unit\n")?;
    writeln!(out, "| Permission | {} |", names.join(" | "))?;
    writeln!(out, "| --- |{}", " --- |".repeat(names.len()))?;
    for ((is_connect, base), row) in &matrix.rows {
        let label = markdown::escape(row.label.unwrap_or("–"));
        let connect = if *is_connect { ", Connect" } else { "" };
        let cells: Vec<&str> = (0..names.len())
            .map(|number| row.access.get(&number).map_or("", |one| access(*one)))
            .collect();
        let id = markdown::cell_code(base);
        writeln!(out, "| {label} ({id}){connect} | {} |", cells.join(" | "))?;
    }
    if matrix.is_open() {
        let open = matrix.services.iter().map(|service| match service.n_open {
            0 => String::new(),
            n => n.to_string(),
        });
        let open: Vec<String> = open.collect();
        writeln!(out, "| Could not be resolved | {} |", open.join(" | "))?;
    }
    if !matrix.without.is_empty() {
        let without: BTreeSet<&str> = matrix.without.iter().copied().collect();
        let names: Vec<String> = without.into_iter().map(markdown::escape).collect();
        writeln!(out, "\nNo key needed: {}", names.join(", "))?;
    }
    Ok(())
}
