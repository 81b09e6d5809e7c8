//! String literals: prefixes, escapes, holes, and texts put together.

use model::facts::{Expr, ExprKind};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        children,
        context::Context,
        expressions::expression,
        kind::{
            field,
            node::{INTERPOLATION, STRING_CONTENT, STRING_START},
        },
    },
};

/// What the letters before the quote say.
#[derive(Clone, Copy, Default)]
struct Prefix {
    raw: bool,
    format: bool,
}

/// Lowers one literal.
pub(super) fn string(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let mut prefix = Prefix::default();
    let mut parts = Vec::new();
    for child in children(node) {
        match child.kind() {
            STRING_START => prefix = prefix_of(context.text(child)),
            STRING_CONTENT => {
                let text = decode(context.text(child), prefix);
                parts.push(Expr::new(ExprKind::Text(text.into()), span(child)));
            }
            INTERPOLATION => {
                let hole = child.child_by_field_name(field::EXPRESSION);
                parts.extend(hole.map(|hole| expression(context, hole)));
            }
            _ => {}
        }
    }
    joined(parts)
}

/// Lowers adjacent literals.
pub(super) fn adjacent(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let parts = children(node).into_iter();
    joined(parts.map(|part| expression(context, part)).collect())
}

/// Puts parts together; texts that meet become one.
pub(super) fn joined(parts: Vec<Expr>) -> ExprKind {
    let mut flat = Vec::new();
    for part in parts {
        match part.kind {
            ExprKind::Concat(inner) => inner.into_iter().for_each(|part| push(&mut flat, part)),
            _ => push(&mut flat, part),
        }
    }
    let is_plain = matches!(flat.as_slice(), [part] if matches!(part.kind, ExprKind::Text(_)));
    match flat.pop() {
        None => ExprKind::Text("".into()),
        Some(only) if is_plain => only.kind,
        Some(last) => {
            flat.push(last);
            ExprKind::Concat(flat)
        }
    }
}

fn push(parts: &mut Vec<Expr>, part: Expr) {
    if let Some(last) = parts.last_mut()
        && let ExprKind::Text(before) = &mut last.kind
        && let ExprKind::Text(after) = &part.kind
    {
        *before = format!("{before}{after}").into();
        last.span.end = part.span.end;
    } else {
        parts.push(part);
    }
}

fn prefix_of(start: &str) -> Prefix {
    let letters = start.trim_end_matches(['"', '\'']);
    Prefix {
        raw: letters.contains(['r', 'R']),
        format: letters.contains(['f', 'F', 't', 'T']),
    }
}

fn decode(text: &str, prefix: Prefix) -> String {
    let text = if prefix.format {
        text.replace("{{", "{").replace("}}", "}")
    } else {
        text.to_owned()
    };
    if prefix.raw || !text.contains('\\') {
        return text;
    }
    unescape(&text)
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text.chars();
    while let Some(letter) = rest.next() {
        if letter == '\\' {
            escape(&mut rest, &mut plain);
        } else {
            plain.push(letter);
        }
    }
    plain
}

/// Reads one escape, after its backslash.
fn escape(rest: &mut std::str::Chars<'_>, plain: &mut String) {
    let before = rest.clone();
    match rest.next() {
        None => plain.push('\\'),
        Some('\n') => {}
        Some('\r') => {
            if rest.as_str().starts_with('\n') {
                rest.next();
            }
        }
        Some(same @ ('\\' | '\'' | '"')) => plain.push(same),
        Some('n') => plain.push('\n'),
        Some('r') => plain.push('\r'),
        Some('t') => plain.push('\t'),
        Some('a') => plain.push('\u{7}'),
        Some('b') => plain.push('\u{8}'),
        Some('f') => plain.push('\u{c}'),
        Some('v') => plain.push('\u{b}'),
        Some('x') => plain.push(code(rest, 2, 16)),
        Some('u') => plain.push(code(rest, 4, 16)),
        Some('U') => plain.push(code(rest, 8, 16)),
        Some('N') => plain.push(named(rest)),
        Some('0'..='7') => {
            *rest = before;
            plain.push(code(rest, 3, 8));
        }
        Some(other) => plain.extend(['\\', other]),
    }
}

/// Reads a character given by at most `n_digits` digits.
fn code(rest: &mut std::str::Chars<'_>, n_digits: usize, radix: u32) -> char {
    let digits = rest.clone().take(n_digits);
    let mut value = 0;
    for digit in digits.map_while(|digit| digit.to_digit(radix)) {
        value = value * u64::from(radix) + u64::from(digit);
        rest.next();
    }
    let value = u32::try_from(value).ok();
    value.and_then(char::from_u32).unwrap_or('\u{fffd}')
}

/// Skips the name of a character; no table of names is kept.
fn named(rest: &mut std::str::Chars<'_>) -> char {
    if rest.as_str().starts_with('{') {
        rest.by_ref().find(|letter| *letter == '}');
    }
    '\u{fffd}'
}

#[cfg(test)]
mod tests {
    use super::unescape;

    #[test]
    fn escapes_become_characters() {
        assert_eq!(
            unescape(r"a\n\t\\\x41\u00e9\101\'\q"),
            "a\n\t\\A\u{e9}A'\\q"
        );
        assert_eq!(unescape("a\\\nb\\N{BULLET}c\\"), "ab\u{fffd}c\\");
        assert_eq!(unescape(r"\x\ud800"), "\0\u{fffd}");
    }
}
