//! Where in a file something is: line, column, and an excerpt without secrets.

use model::source::{Location, excerpt};

/// Counts lines and columns from the beginning of a file on; never goes back.
pub(crate) struct Lines<'b> {
    bytes: &'b [u8],
    at: usize,
    line: u32,
    line_start: usize,
    column: u32,
}

/// Bytes before and behind a place that an excerpt may show.
const AROUND: (usize, usize) = (60, 24);

impl<'b> Lines<'b> {
    pub(crate) fn new(bytes: &'b [u8]) -> Self {
        Self {
            bytes,
            at: 0,
            line: 1,
            line_start: 0,
            column: 1,
        }
    }

    /// Goes on to `at`, and returns the line and column there.
    pub(crate) fn go(&mut self, at: usize) -> (u32, u32) {
        let between = self.bytes.get(self.at..at).unwrap_or_default();
        for (offset, byte) in between.iter().enumerate() {
            if *byte == b'\n' {
                self.line = self.line.saturating_add(1);
                self.line_start = self.at + offset + 1;
                self.column = 1;
            } else if byte & 0xC0 != 0x80 {
                self.column = self.column.saturating_add(1);
            }
        }
        self.at = self.at.max(at);
        (self.line, self.column)
    }

    /// Goes on to `start`, and returns the place of `start..end`.
    pub(crate) fn location(&mut self, path: &str, start: usize, end: usize) -> Location {
        let (line, column) = self.go(start);
        Location {
            path: path.into(),
            line,
            column,
            excerpt: self.excerpt(start, end).into(),
        }
    }

    /// Tells whether nothing but the signs of a comment stands before `at` on its line.
    pub(crate) fn begins_with_comment(&self, at: usize) -> bool {
        const FAR: usize = 400;
        if at.saturating_sub(self.line_start) > FAR {
            return false;
        }
        let before = self.bytes.get(self.line_start..at).unwrap_or_default();
        let first = before.iter().position(|byte| !byte.is_ascii_whitespace());
        let text = first
            .and_then(|first| before.get(first..))
            .unwrap_or_default();
        ["//", "#", "/*", "*", "<!--", ";", "--", "{/*"]
            .iter()
            .any(|sign| text.starts_with(sign.as_bytes()))
    }

    /// Shows what is around `start..end`, as far as it is about that: settings of others on the same
    /// line may be secret too.
    fn excerpt(&self, start: usize, end: usize) -> String {
        let first = start.saturating_sub(AROUND.0).max(self.line_start);
        let before = self.bytes.get(first..start).unwrap_or_default();
        let other = before.iter().rposition(|byte| b",;{}&\n".contains(byte));
        let mut first = other.map_or(first, |at| self.begin(first, at, start));
        if first > self.line_start && other.is_none() {
            // The word that was cut could be the end of another secret.
            first += before.iter().take_while(|byte| is_word(**byte)).count();
        }
        let after = self.bytes.get(end..).unwrap_or_default();
        let after = after.get(..AROUND.1).unwrap_or(after);
        let n_after = after
            .iter()
            .position(|byte| b",;{}&\r\n".contains(byte))
            .unwrap_or_else(|| after.iter().rposition(|byte| !is_word(*byte)).unwrap_or(0));
        let text = self.bytes.get(first.min(start)..end + n_after);
        excerpt(&String::from_utf8_lossy(text.unwrap_or_default()))
    }

    /// Returns where an excerpt begins whose window from `first` has a separator at `at`; that of
    /// `define( 'NAME', 'value' )` belongs to it.
    fn begin(&self, first: usize, at: usize, start: usize) -> usize {
        let between = self.bytes.get(first + at + 1..start).unwrap_or_default();
        let is_argument = between.iter().all(|byte| b" \t'\"".contains(byte))
            && self.bytes.get(first + at) == Some(&b',');
        let before = self.bytes.get(first..first + at).unwrap_or_default();
        let earlier = before.iter().rposition(|byte| b"(,;{}&\n".contains(byte));
        match (is_argument, earlier) {
            (true, Some(earlier)) => first + earlier + 1,
            _ => first + at + 1,
        }
    }
}

fn is_word(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte >= 0x80 || b"+/=_-".contains(&byte)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, what: &str) -> Location {
        let start = text.find(what).unwrap();
        Lines::new(text.as_bytes()).location("a", start, start + what.len())
    }

    #[test]
    fn lines_and_columns_count_from_one_and_in_characters() {
        let at = shown("a\r\né = KEY\r\n", "KEY");
        assert_eq!((at.line, at.column), (2, 5));
        assert_eq!(&*at.excerpt, "é = KEY");
    }

    #[test]
    fn an_excerpt_shows_nothing_of_its_neighbours() {
        let text = "{\"password\":\"hunter2\",\"stripe\":\"KEY\",\"other\":\"hunter3\"}";
        assert_eq!(&*shown(text, "KEY").excerpt, "\"stripe\":\"KEY\"");
        let text = "x(); define( 'NAME', 'KEY' ); y();";
        assert_eq!(&*shown(text, "KEY").excerpt, "'NAME', 'KEY' )");
        let text = format!("{}{} KEY", "b".repeat(40), "hunter2".repeat(9));
        assert_eq!(&*shown(&text, "KEY").excerpt, "KEY");
    }
}
