//! Rows of tables: comma, semicolon or tab between cells, quotes around cells.

use std::io;

use super::lines::Lines;

/// No honest row is longer, and no honest cell has more line breaks.
const LONGEST: usize = 1 << 20;
const MOST_LINES: u64 = 1000;

/// One row and the line where it begins; no cells where it cannot be read.
pub(super) struct Row {
    pub(super) number: u64,
    pub(super) cells: Option<Vec<String>>,
}

/// Returns what stands between the cells of a header, where it has at least two.
pub(super) fn delimiter(header: &str) -> Option<char> {
    let count = |delimiter: &char| header.matches(*delimiter).count();
    let most = [';', '\t', ','].into_iter().max_by_key(count)?;
    (count(&most) > 0).then_some(most)
}

/// Returns the names in a header.
pub(super) fn header(text: &str, delimiter: char) -> Vec<String> {
    cells(text, delimiter).unwrap_or_default()
}

/// Reads the next row, which takes more lines where a quoted cell does.
pub(super) fn next(lines: &mut Lines<'_>, delimiter: char) -> io::Result<Option<Row>> {
    let Some(first) = lines.next()? else {
        return Ok(None);
    };
    let number = first.number;
    let unreadable = Row {
        number,
        cells: None,
    };
    let Some(mut text) = first.text else {
        return Ok(Some(unreadable));
    };
    for _ in 0..MOST_LINES {
        if let Some(cells) = cells(&text, delimiter) {
            let cells = Some(cells);
            return Ok(Some(Row { number, cells }));
        }
        match lines.next()?.and_then(|line| line.text) {
            Some(more) if text.len() + more.len() < LONGEST => {
                text.push('\n');
                text.push_str(&more);
            }
            _ => break,
        }
    }
    Ok(Some(unreadable))
}

/// Splits a row; `None` where a quote is still open at its end.
fn cells(text: &str, delimiter: char) -> Option<Vec<String>> {
    let mut cells = Vec::new();
    let mut cell = String::new();
    let mut is_quoted = false;
    let mut chars = text.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '"' if is_quoted && chars.peek() == Some(&'"') => {
                chars.next();
                cell.push('"');
            }
            '"' if is_quoted => is_quoted = false,
            '"' if cell.trim().is_empty() => {
                cell.clear();
                is_quoted = true;
            }
            c if c == delimiter && !is_quoted => cells.push(std::mem::take(&mut cell)),
            c => cell.push(c),
        }
    }
    cells.push(cell);
    (!is_quoted).then_some(cells)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quotes_keep_delimiters_quotes_and_breaks() {
        let split = |text| cells(text, ',').map(|cells| cells.join("|"));
        assert_eq!(split("a,,b").as_deref(), Some("a||b"));
        assert_eq!(
            split("\"a,b\", \"say \"\"hi\"\"\"").as_deref(),
            Some("a,b|say \"hi\"")
        );
        assert_eq!(split("a,\"b"), None);
        let mut input = "a,\"b\nc\"\nd,\"open\nfor ever".as_bytes();
        let mut lines = Lines::new(&mut input);
        let row = next(&mut lines, ',').unwrap().unwrap();
        assert_eq!(row.cells.unwrap(), ["a", "b\nc"]);
        let row = next(&mut lines, ',').unwrap().unwrap();
        assert_eq!((row.number, row.cells), (3, None));
        assert!(next(&mut lines, ',').unwrap().is_none());
    }

    #[test]
    fn the_delimiter_is_what_is_there_most() {
        assert_eq!(delimiter("a;b,c;d"), Some(';'));
        assert_eq!(delimiter("a\tb"), Some('\t'));
        assert_eq!(delimiter("abc"), None);
    }
}
