//! Lays out text: styled cells in columns that line up by display width.

use anstyle::{AnsiColor, Style};
use unicode_width::{UnicodeWidthChar as _, UnicodeWidthStr as _};

use crate::sanitize;

/// For headings.
pub const STRONG: Style = Style::new().bold();
/// For what is there if one looks for it.
pub const FAINT: Style = Style::new().dimmed();
/// For what needs no second look.
pub const GOOD: Style = AnsiColor::Green.on_default();
/// For what a person should look at.
pub const CAREFUL: Style = AnsiColor::Yellow.on_default();
/// For names to be typed somewhere.
pub const NAME: Style = AnsiColor::Cyan.on_default();
/// For everything else.
pub const PLAIN: Style = Style::new();

/// A piece of text that is safe to print, and how it looks.
#[derive(Clone, Debug)]
pub struct Cell {
    text: String,
    style: Style,
}

impl Cell {
    /// Makes the cell, escaping `text`.
    #[must_use]
    pub fn new(text: &str, style: Style) -> Self {
        let text = sanitize(text).into_owned();
        Self { text, style }
    }

    /// Returns the columns that the text takes.
    #[must_use]
    pub fn width(&self) -> usize {
        self.text.width()
    }

    /// Writes the text with its style, if there are `styles` at all.
    #[must_use]
    pub fn paint(&self, styles: bool) -> String {
        if styles && self.style != PLAIN && !self.text.is_empty() {
            format!("{}{}{:#}", self.style, self.text, self.style)
        } else {
            self.text.clone()
        }
    }
}

/// Returns the width of each of the first `N` columns.
#[must_use]
pub fn column_widths<'a, const N: usize>(rows: impl Iterator<Item = &'a [Cell; N]>) -> [usize; N] {
    let mut widths = [0; N];
    for row in rows {
        for (width, cell) in widths.iter_mut().zip(row) {
            *width = (*width).max(cell.width());
        }
    }
    widths
}

/// Joins the cells of one row, each padded to its column, without trailing space.
#[must_use]
pub fn join<const N: usize>(row: &[Cell; N], widths: &[usize; N], styles: bool) -> String {
    let mut line = String::new();
    let mut gap = 0;
    for (cell, width) in row.iter().zip(widths) {
        if cell.text.is_empty() {
            gap += if *width == 0 { 0 } else { width + 2 };
            continue;
        }
        line.push_str(&" ".repeat(gap));
        line.push_str(&cell.paint(styles));
        gap = width.saturating_sub(cell.width()) + 2;
    }
    line
}

/// Cuts the front off a path that is wider than `limit`, at a `/` where there is one.
#[must_use]
pub fn shorten_front(text: &str, limit: usize) -> String {
    if text.width() <= limit {
        return text.to_owned();
    }
    let mut room = limit.saturating_sub(1);
    let mut start = text.len();
    for (at, c) in text.char_indices().rev() {
        let width = c.width().unwrap_or(0);
        if width > room {
            break;
        }
        room -= width;
        start = at;
    }
    let tail = text.get(start..).unwrap_or_default();
    let tail = tail.find('/').and_then(|at| tail.get(at..)).unwrap_or(tail);
    format!("…{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_line_up_by_display_width() {
        let rows = ["支付", "abc"].map(|text| [Cell::new(text, PLAIN), Cell::new("x", PLAIN)]);
        let widths = column_widths(rows.iter());
        assert_eq!(join(&rows[0], &widths, false), "支付  x");
        assert_eq!(join(&rows[1], &widths, false), "abc   x");
    }

    #[test]
    fn a_long_path_loses_its_first_folders() {
        assert_eq!(shorten_front("a/b.php:3", 20), "a/b.php:3");
        assert_eq!(shorten_front("includes/gateways/b.php:3", 15), "…/b.php:3");
        assert_eq!(shorten_front("abcdefgh", 4), "…fgh");
    }
}
