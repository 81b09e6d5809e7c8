//! Reads strings, templates and numbers.

use model::facts::{Expr, ExprKind};
use tree_sitter::Node;

use super::{Lowering, children, kind};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers a template string; one without holes is a text.
    pub(super) fn template(&mut self, node: Node<'_>) -> Expr {
        let inner = node.start_byte() + 1..node.end_byte().saturating_sub(1);
        let mut parts = Vec::new();
        let mut from = inner.start;
        for child in children(node) {
            if child.kind() == kind::TEMPLATE_SUBSTITUTION {
                self.push_text(from..child.start_byte(), &mut parts);
                parts.push(self.substitution(child));
                from = child.end_byte();
            }
        }
        let whole = parts.is_empty();
        self.push_text(from..inner.end, &mut parts);
        let kind = match parts.pop() {
            None => ExprKind::Text("".into()),
            Some(text) if whole => text.kind,
            Some(last) => {
                parts.push(last);
                ExprKind::Concat(parts)
            }
        };
        Expr::new(kind, span(node))
    }

    fn substitution(&mut self, node: Node<'_>) -> Expr {
        let inside = children(node);
        match inside.as_slice() {
            [only] => self.expression(*only),
            _ => self.unknown(node),
        }
    }

    fn push_text(&self, range: std::ops::Range<usize>, parts: &mut Vec<Expr>) {
        let source = self.text.get(range.clone()).unwrap_or_default();
        if source.is_empty() {
            return;
        }
        let span = model::source::Span {
            start: u32::try_from(range.start).unwrap_or(u32::MAX),
            end: u32::try_from(range.end).unwrap_or(u32::MAX),
        };
        parts.push(Expr::new(ExprKind::Text(unescape(source).into()), span));
    }

    /// Lowers a number; one that is not whole is unknown.
    pub(super) fn number(&self, node: Node<'_>) -> Expr {
        let kind = integer(self.text(node)).map_or(ExprKind::Unknown(Vec::new()), ExprKind::Int);
        Expr::new(kind, span(node))
    }
}

/// Reads a whole number in any base.
pub(super) fn integer(source: &str) -> Option<i64> {
    let digits = source.replace('_', "").to_ascii_lowercase();
    let digits = digits.strip_suffix('n').unwrap_or(&digits);
    let prefixes = [("0x", 16), ("0o", 8), ("0b", 2)];
    let other_base = prefixes
        .iter()
        .find_map(|(prefix, base)| Some((digits.strip_prefix(prefix)?, *base)));
    match other_base {
        Some((digits, base)) => i64::from_str_radix(digits, base).ok(),
        None => digits.parse().ok(),
    }
}

/// Takes the quotes off a string, where there are some, and resolves its escapes.
pub(super) fn unquote(source: &str) -> String {
    let inner = ['"', '\'', '`']
        .iter()
        .find_map(|quote| source.strip_prefix(*quote)?.strip_suffix(*quote));
    inner.map_or_else(|| source.to_owned(), unescape)
}

/// Resolves the escapes of a string.
pub(super) fn unescape(source: &str) -> String {
    if !source.contains('\\') {
        return source.to_owned();
    }
    let mut out = String::with_capacity(source.len());
    let mut chars = source.chars();
    while let Some(c) = chars.next() {
        if c == '\\' {
            out.extend(escaped(&mut chars));
        } else {
            out.push(c);
        }
    }
    out
}

/// Reads what follows a backslash.
fn escaped(chars: &mut std::str::Chars<'_>) -> Option<char> {
    match chars.next()? {
        'n' => Some('\n'),
        't' => Some('\t'),
        'r' => Some('\r'),
        'b' => Some('\u{8}'),
        'f' => Some('\u{c}'),
        'v' => Some('\u{b}'),
        '0' => Some('\0'),
        '\n' => None,
        '\r' => {
            skip(chars, '\n');
            None
        }
        'x' => code_point(&take(chars, 2)),
        'u' if skip(chars, '{') => {
            let digits: String = chars.take_while(|c| *c != '}').collect();
            code_point(&digits)
        }
        'u' => code_point(&take(chars, 4)),
        other => Some(other),
    }
}

fn skip(chars: &mut std::str::Chars<'_>, expected: char) -> bool {
    let found = chars.as_str().starts_with(expected);
    if found {
        chars.next();
    }
    found
}

fn take(chars: &mut std::str::Chars<'_>, n_digits: usize) -> String {
    let digits: String = chars
        .as_str()
        .chars()
        .take(n_digits)
        .take_while(char::is_ascii_hexdigit)
        .collect();
    for _ in 0..digits.len() {
        chars.next();
    }
    digits
}

fn code_point(digits: &str) -> Option<char> {
    let code = u32::from_str_radix(digits, 16).ok()?;
    Some(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER))
}
