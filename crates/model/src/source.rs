//! One file of source text, and places in it.

use crate::{Name, language::Language};

/// A range of bytes in one file; `start <= end`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Span {
    /// First byte.
    pub start: u32,
    /// One past the last byte.
    pub end: u32,
}

/// The text of one file that will be read.
///
/// The path is relative to the root of the scan, with `/` between its parts.
#[derive(Clone, Debug)]
pub struct SourceFile {
    /// Relative path, `/` on every system.
    pub path: Name,
    /// The language the text is read as.
    pub language: Language,
    /// The text; bytes that were no UTF-8 have become U+FFFD.
    pub text: Name,
    line_starts: Vec<u32>,
}

/// A place that a person can open: file, line and column, both counted from one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// Relative path, `/` on every system.
    pub path: Name,
    /// Line, from 1.
    pub line: u32,
    /// Column in characters, from 1.
    pub column: u32,
    /// The source line itself, trimmed, shortened and with secrets masked; never empty lines' padding.
    pub excerpt: Name,
}

/// Longest excerpt of a source line that is kept, in characters.
const EXCERPT: usize = 160;

impl SourceFile {
    /// Makes a file and notes where its lines begin.
    #[must_use]
    pub fn new(path: impl Into<Name>, language: Language, text: impl Into<Name>) -> Self {
        let text = text.into();
        let mut line_starts = vec![0];
        for (offset, byte) in text.bytes().enumerate() {
            if byte == b'\n' {
                line_starts.push(u32::try_from(offset + 1).unwrap_or(u32::MAX));
            }
        }
        Self {
            path: path.into(),
            language,
            text,
            line_starts,
        }
    }

    /// Returns the line that `offset` lies on, counted from one.
    #[must_use]
    pub fn line(&self, offset: u32) -> u32 {
        let n_before = self.line_starts.partition_point(|start| *start <= offset);
        u32::try_from(n_before).unwrap_or(u32::MAX).max(1)
    }

    /// Returns the number of lines; a line break at the end begins no further line.
    #[must_use]
    pub fn n_lines(&self) -> u32 {
        let n_starts = u32::try_from(self.line_starts.len()).unwrap_or(u32::MAX);
        if self.text.is_empty() || self.text.ends_with('\n') {
            n_starts - 1
        } else {
            n_starts
        }
    }

    /// Returns the place of a whole line; its excerpt is empty where there is no such line.
    #[must_use]
    pub fn line_location(&self, line: u32) -> Location {
        Location {
            path: self.path.clone(),
            line,
            column: 1,
            excerpt: excerpt(self.line_text(line)).into(),
        }
    }

    /// Returns the text of `line` (from one), without its line break.
    #[must_use]
    pub fn line_text(&self, line: u32) -> &str {
        let index = line.saturating_sub(1) as usize;
        let start = self.line_starts.get(index).map_or(0, |s| *s as usize);
        let end = self
            .line_starts
            .get(index + 1)
            .map_or(self.text.len(), |s| *s as usize);
        self.text
            .get(start..end)
            .unwrap_or_default()
            .trim_end_matches(['\n', '\r'])
    }

    /// Returns the place of the first byte of `span`.
    #[must_use]
    pub fn location(&self, span: Span) -> Location {
        let line = self.line(span.start);
        let line_start = self
            .line_starts
            .get(line.saturating_sub(1) as usize)
            .copied()
            .unwrap_or(0);
        let before = self
            .text
            .get(line_start as usize..span.start as usize)
            .unwrap_or_default();
        Location {
            path: self.path.clone(),
            line,
            column: u32::try_from(before.chars().count() + 1).unwrap_or(u32::MAX),
            excerpt: excerpt(self.line_text(line)).into(),
        }
    }
}

/// Trims and shortens one source line and masks what looks like a secret in it.
#[must_use]
pub fn excerpt(line: &str) -> String {
    let masked = mask_secrets(line.trim());
    let mut shortened: String = masked.chars().take(EXCERPT).collect();
    if shortened.len() < masked.len() {
        shortened.push('…');
    }
    shortened
}

/// Prefixes of credentials that must never be printed.
const SECRET_PREFIXES: [&str; 5] = ["sk_live_", "sk_test_", "rk_live_", "rk_test_", "whsec_"];

/// Replaces every Stripe secret in `text` by its prefix and its last four characters.
///
/// ```
/// let line = format!("key = 'sk_live_{}1234'", "a".repeat(20));
/// assert_eq!(model::source::mask_secrets(&line), "key = 'sk_live_…1234'");
/// ```
#[must_use]
pub fn mask_secrets(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    loop {
        let next = SECRET_PREFIXES
            .iter()
            .filter_map(|prefix| rest.find(prefix).map(|at| (at, *prefix)))
            .min();
        let Some((at, prefix)) = next else {
            out.push_str(rest);
            return out;
        };
        let body_start = at + prefix.len();
        let body = &rest[body_start..];
        let length = body
            .find(|c: char| !(c.is_ascii_alphanumeric() || "+/=_-".contains(c)))
            .unwrap_or(body.len());
        out.push_str(&rest[..body_start]);
        if length > 8 {
            out.push('…');
            out.push_str(&body[length - 4..length]);
        } else {
            out.push_str(&body[..length]);
        }
        rest = &body[length..];
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_and_columns_count_from_one() {
        let file = SourceFile::new("a.php", Language::Php, "<?php\n  é();\n");
        let at = u32::try_from(file.text.find("();").unwrap()).unwrap();
        let place = file.location(Span { start: at, end: at });
        assert_eq!((place.line, place.column), (2, 4));
        assert_eq!(&*place.excerpt, "é();");
    }

    #[test]
    fn a_secret_in_an_excerpt_is_masked() {
        let line = format!("a('rk_live_{}WXYZ', 'whsec_short')", "b".repeat(30));
        assert_eq!(excerpt(&line), "a('rk_live_…WXYZ', 'whsec_short')");
    }
}
