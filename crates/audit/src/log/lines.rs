//! Splits a log into lines without ever holding more than a bounded piece of it.

use std::{
    collections::VecDeque,
    io::{self, BufRead, Read as _},
};

/// The longest line that is read; what is longer is no line of a request log.
const LONGEST: usize = 1 << 20;

/// One line, from one counted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    pub(super) number: u64,
    /// The text without its line break; `None` where the line is too long.
    pub(super) text: Option<String>,
}

/// The lines of a log, some of which can be looked at beforehand.
pub(super) struct Lines<'i> {
    input: &'i mut dyn BufRead,
    ahead: VecDeque<Line>,
    n_read: u64,
}

impl<'i> Lines<'i> {
    pub(super) fn new(input: &'i mut dyn BufRead) -> Self {
        Self {
            input,
            ahead: VecDeque::new(),
            n_read: 0,
        }
    }

    /// Returns up to `n` of the next lines and leaves them to be read.
    pub(super) fn peek(&mut self, n: usize) -> io::Result<&VecDeque<Line>> {
        let mut n_bytes = 0;
        while self.ahead.len() < n && n_bytes <= LONGEST {
            let Some(line) = self.read()? else { break };
            n_bytes += line.text.as_deref().map_or(0, str::len);
            self.ahead.push_back(line);
        }
        Ok(&self.ahead)
    }

    pub(super) fn next(&mut self) -> io::Result<Option<Line>> {
        match self.ahead.pop_front() {
            Some(line) => Ok(Some(line)),
            None => self.read(),
        }
    }

    fn read(&mut self) -> io::Result<Option<Line>> {
        let mut bytes = Vec::new();
        let limit = u64::try_from(LONGEST + 1).unwrap_or(u64::MAX);
        let n = (&mut *self.input)
            .take(limit)
            .read_until(b'\n', &mut bytes)?;
        if n == 0 {
            return Ok(None);
        }
        self.n_read += 1;
        let number = self.n_read;
        if bytes.len() > LONGEST && bytes.last() != Some(&b'\n') {
            self.skip_line()?;
            return Ok(Some(Line { number, text: None }));
        }
        while matches!(bytes.last(), Some(b'\n' | b'\r')) {
            bytes.pop();
        }
        let bytes = match number {
            1 => bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes),
            _ => &bytes,
        };
        let text = String::from_utf8_lossy(bytes).into_owned();
        let text = Some(text);
        Ok(Some(Line { number, text }))
    }

    /// Reads to the end of the line without keeping it.
    fn skip_line(&mut self) -> io::Result<()> {
        loop {
            let buffer = self.input.fill_buf()?;
            let end = buffer.iter().position(|byte| *byte == b'\n');
            let n = end.map_or(buffer.len(), |at| at + 1);
            self.input.consume(n);
            if end.is_some() || n == 0 {
                return Ok(());
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_is_too_long_is_one_line() {
        let text = format!("\u{feff}a\r\n{}\nb", "x".repeat(3 * LONGEST));
        let mut input = text.as_bytes();
        let mut lines = Lines::new(&mut input);
        assert_eq!(lines.peek(1).unwrap().len(), 1);
        let mut read = Vec::new();
        while let Some(line) = lines.next().unwrap() {
            read.push((line.number, line.text));
        }
        let text = |text: &str| Some(text.to_owned());
        assert_eq!(read, [(1, text("a")), (2, None), (3, text("b"))]);
    }
}
