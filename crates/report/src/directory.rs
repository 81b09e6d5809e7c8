//! The report on a whole directory: the units with Stripe one after another, then all of them in numbers.
//!
//! Made to be written while the scan runs: of a unit that was reported, only the numbers are kept.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use model::{diagnostic::Code, manifest::Manifest};

use crate::{
    Options,
    layout::{CAREFUL, Cell, FAINT, NAME, PLAIN, STRONG, column_widths},
    text,
    v1::{Permission, Unit},
};

/// How many permissions are listed unless all are asked for.
const N_SHOWN: usize = 10;

/// What is known of all units reported so far.
#[derive(Clone, Debug, Default)]
pub struct Directory {
    are_several: bool,
    n_units: u64,
    n_plugins: u64,
    n_with_stripe: u64,
    n_complete: u64,
    n_unchanged: u64,
    n_printed: u64,
    /// Connect comes last; for each permission its label and the number of units.
    permissions: BTreeMap<(bool, String), (Option<String>, u64)>,
}

impl Directory {
    /// Begins a report; whether several units are expected.
    #[must_use]
    pub fn new(are_several: bool) -> Self {
        Self {
            are_several,
            ..Self::default()
        }
    }

    /// Counts a unit.
    pub fn add(&mut self, unit: &Unit) {
        self.n_units += 1;
        self.n_plugins += u64::from(unit.unit.kind == "wordpress-plugin");
        self.n_with_stripe += u64::from(is_with_stripe(unit));
        self.n_complete += u64::from(unit.complete);
        let own = unit.permissions.iter().map(|one| (false, one));
        let connect = unit.connect.iter().map(|one| (true, one));
        let counted = own.chain(connect).filter(|(_, one)| is_of_key(unit, one));
        for (is_connect, permission) in counted {
            let key = (is_connect, permission.id.clone());
            let (label, n) = self.permissions.entry(key).or_default();
            label.clone_from(&permission.label);
            *n += 1;
        }
    }

    /// Counts a unit that an earlier run reported.
    pub fn add_unchanged(&mut self, unit: &Unit) {
        self.add(unit);
        self.n_unchanged += 1;
    }

    /// Tells how many units were counted.
    #[must_use]
    pub fn n_units(&self) -> u64 {
        self.n_units
    }

    /// Writes what people want to know of one unit of several; of one without Stripe nothing, unless
    /// everything is to be said.
    ///
    /// # Errors
    ///
    /// Fails where `out` does.
    pub fn text(
        &mut self,
        manifest: &Manifest,
        options: &Options,
        out: &mut dyn Write,
    ) -> io::Result<()> {
        if self.are_several && !options.verbose && text::says_nothing(manifest) {
            return Ok(());
        }
        if self.n_printed > 0 {
            writeln!(out)?;
        }
        self.n_printed += 1;
        text::unit(manifest, options, out)
    }

    /// Writes all of it in numbers, where there are several units.
    ///
    /// # Errors
    ///
    /// Fails where `out` does.
    pub fn summary(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        if !self.are_several {
            return Ok(());
        }
        if self.n_printed > 0 {
            writeln!(out)?;
        }
        writeln!(
            out,
            "{}\n",
            Cell::new("Summary", STRONG).paint(options.styles)
        )?;
        self.numbers(options, out)?;
        self.most_needed(options, out)
    }

    fn noun(&self) -> &'static str {
        if self.n_plugins == self.n_units {
            "plugins"
        } else {
            "units"
        }
    }

    fn numbers(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        let n_open = self.n_units - self.n_complete;
        let open = if n_open == 0 { PLAIN } else { CAREFUL };
        let rows = [
            (self.noun(), self.n_units, PLAIN, true),
            ("with Stripe", self.n_with_stripe, PLAIN, true),
            ("complete", self.n_complete, PLAIN, true),
            ("incomplete", n_open, open, true),
            (
                "unchanged, not scanned again",
                self.n_unchanged,
                PLAIN,
                self.n_unchanged > 0,
            ),
        ];
        let shown = rows.into_iter().filter(|(_, _, _, is_shown)| *is_shown);
        let rows: Vec<[Cell; 2]> = shown
            .map(|(name, n, style, _)| [Cell::new(name, style), number(n)])
            .collect();
        lines(&rows, options, out)
    }

    fn most_needed(&self, options: &Options, out: &mut dyn Write) -> io::Result<()> {
        if self.permissions.is_empty() {
            return Ok(());
        }
        let mut all: Vec<_> = self.permissions.iter().collect();
        // Those that are needed equally often stay in the order of their ids.
        all.sort_by_key(|(_, (_, n))| std::cmp::Reverse(*n));
        let n_shown = if options.verbose { all.len() } else { N_SHOWN };
        let head = [
            Cell::new("Most needed permissions", STRONG),
            Cell::new("", PLAIN),
            Cell::new(self.noun(), STRONG),
        ];
        let rows = all
            .iter()
            .take(n_shown)
            .map(|((is_connect, id), (label, n))| {
                let label = label.as_deref().unwrap_or("–");
                let connect = if *is_connect { " (Connect)" } else { "" };
                [
                    Cell::new(&format!("{label}{connect}"), PLAIN),
                    Cell::new(id, NAME),
                    number(*n),
                ]
            });
        let rows: Vec<[Cell; 3]> = [head].into_iter().chain(rows).collect();
        writeln!(out)?;
        lines(&rows, options, out)?;
        let n_more = all.len().saturating_sub(n_shown);
        if n_more > 0 {
            let more = format!("and {n_more} more; --verbose lists all");
            writeln!(out, "  {}", Cell::new(&more, FAINT).paint(options.styles))?;
        }
        Ok(())
    }
}

fn number(n: u64) -> Cell {
    Cell::new(&n.to_string(), PLAIN)
}

/// Writes rows in columns, the last of them flush right.
fn lines<const N: usize>(
    rows: &[[Cell; N]],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let widths = column_widths(rows.iter());
    for row in rows {
        let mut line = String::new();
        for (at, (cell, width)) in row.iter().zip(widths).enumerate() {
            let gap = " ".repeat(width - cell.width());
            let text = cell.paint(options.styles);
            let is_last = at + 1 == N;
            let parts = if is_last {
                [&gap, &text, ""]
            } else {
                [&text, &gap, "  "]
            };
            line.extend(parts);
        }
        writeln!(out, "  {line}")?;
    }
    Ok(())
}

/// Tells whether a permission is part of the key of its unit.
fn is_of_key(unit: &Unit, permission: &Permission) -> bool {
    match &unit.key_tiers {
        Some(tiers) => tiers.contains(&permission.tier),
        None => permission.tier != "unreferenced",
    }
}

/// Tells whether a unit has to do with Stripe: it asks something of it, or may.
fn is_with_stripe(unit: &Unit) -> bool {
    let asks = !(unit.permissions.is_empty()
        && unit.connect.is_empty()
        && unit.unmapped.is_empty()
        && unit.not_counted.is_empty()
        && unit.assumed.is_empty()
        && unit.suppressed.is_empty()
        && unit.sdks.is_empty());
    let is_of_stripe = |code: Code| match code {
        Code::UnreadableFile | Code::LimitExceeded => false,
        code => code == Code::EventObjects || !code.leaves_complete(),
    };
    let codes = unit.unresolved.iter().map(|one| Code::from_id(&one.code));
    asks || codes.flatten().any(is_of_stripe)
}
