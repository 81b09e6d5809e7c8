//! Makes scanned text safe to show.
//!
//! Names, paths and source lines come from code that nobody has vetted. Characters that move the
//! cursor, reorder what is read or cannot be seen are written as escapes.

use std::{borrow::Cow, fmt::Write as _};

/// Escapes control, bidirectional and invisible characters in `text`.
///
/// ```
/// assert_eq!(report::sanitize("a\u{202e}b\n"), r"a\u{202e}b\n");
/// ```
#[must_use]
pub fn sanitize(text: &str) -> Cow<'_, str> {
    if !text.contains(is_unsafe) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len() + 8);
    for c in text.chars() {
        match c {
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c if is_unsafe(c) => {
                // Writing to a string cannot fail.
                let _ = write!(out, "{}", c.escape_unicode());
            }
            c => out.push(c),
        }
    }
    Cow::Owned(out)
}

fn is_unsafe(c: char) -> bool {
    c.is_control() || is_bidi(c) || is_invisible(c)
}

/// Marks, embeddings, overrides and isolates of the bidirectional algorithm.
fn is_bidi(c: char) -> bool {
    matches!(c, '\u{61c}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

/// Characters without a glyph: joiners, fillers, separators, selectors and tags.
fn is_invisible(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{115f}'
            | '\u{1160}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200d}'
            | '\u{2028}'
            | '\u{2029}'
            | '\u{2060}'..='\u{2065}'
            | '\u{206a}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff9}'..='\u{fffb}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_text_of_any_script_is_left_alone() {
        for text in ["includes/a.php", "größe", "支付", "مرحبا", "a\\b"] {
            assert!(matches!(sanitize(text), Cow::Borrowed(same) if same == text));
        }
    }

    #[test]
    fn terminal_sequences_are_escaped() {
        assert_eq!(sanitize("\u{1b}[2Jx\u{9b}m"), r"\u{1b}[2Jx\u{9b}m");
        assert_eq!(sanitize("a\r\n\tb\0"), r"a\r\n\tb\u{0}");
    }

    #[test]
    fn what_reorders_or_hides_is_escaped() {
        assert_eq!(sanitize("a\u{202e}\u{2066}b"), r"a\u{202e}\u{2066}b");
        assert_eq!(sanitize("pay\u{200b}pal"), r"pay\u{200b}pal");
        assert_eq!(sanitize("x\u{e0041}\u{feff}"), r"x\u{e0041}\u{feff}");
    }
}
