//! Text in quotes: escapes decoded, interpolation turned into parts.

use model::{
    facts::{Expr, ExprKind},
    source::Span,
};
use tree_sitter::Node;

use super::{Lowering, field, kind};
use crate::frontend::span;

impl Lowering<'_> {
    /// Returns the value of `'text'`.
    pub(super) fn single_quoted(&self, node: Node<'_>) -> ExprKind {
        let text = self.text(node).trim_start_matches(['b', 'B']);
        let inside = text.strip_prefix('\'').unwrap_or(text);
        let inside = inside.strip_suffix('\'').unwrap_or(inside);
        if !inside.contains('\\') {
            return ExprKind::Text(inside.into());
        }
        let mut decoded = String::with_capacity(inside.len());
        let mut chars = inside.chars().peekable();
        while let Some(c) = chars.next() {
            let escaped = chars.next_if(|next| c == '\\' && matches!(next, '\\' | '\''));
            decoded.push(escaped.unwrap_or(c));
        }
        ExprKind::Text(decoded.into())
    }

    /// Returns the value of `"text $with {$holes}"`.
    pub(super) fn double_quoted(&mut self, node: Node<'_>) -> ExprKind {
        let n_quotes = self.text(node).find('"').map_or(1, |at| at + 1);
        let start = node.start_byte() + n_quotes;
        let end = node.end_byte().saturating_sub(1).max(start);
        let pieces = self.pieces(node, start, end, 0);
        concat(pieces)
    }

    /// Returns the value of a heredoc or nowdoc.
    pub(super) fn heredoc(&mut self, node: Node<'_>) -> ExprKind {
        let Some(body) = node.child_by_field_name(field::VALUE) else {
            return ExprKind::Text("".into());
        };
        let raw = self.text(body);
        let n_break = raw.len() - raw.trim_start_matches('\r').len();
        let n_break =
            n_break + usize::from(raw.get(n_break..).is_some_and(|s| s.starts_with('\n')));
        let start = body.start_byte() + n_break;
        let end = body.end_byte().max(start);
        let indent = self.end_indent(node);
        let pieces = if node.kind() == kind::NOWDOC {
            vec![self.piece(start, end, indent)]
        } else {
            self.pieces(body, start, end, indent)
        };
        concat(pieces)
    }

    /// Returns how far the closing mark of a heredoc is indented.
    fn end_indent(&self, node: Node<'_>) -> usize {
        let end = node.child_by_field_name(field::END_TAG);
        let before = end.map_or("", |end| self.slice(node.start_byte(), end.end_byte()));
        let line = before.rsplit('\n').next().unwrap_or_default();
        line.len() - line.trim_start_matches([' ', '\t']).len()
    }

    /// Cuts interpolated text into its parts.
    pub(super) fn pieces(
        &mut self,
        node: Node<'_>,
        start: usize,
        end: usize,
        indent: usize,
    ) -> Vec<Expr> {
        let mut pieces = Vec::new();
        let mut at = start;
        let mut is_braced = false;
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            let is_inside = child.start_byte() >= start && child.end_byte() <= end;
            if !is_inside || is_literal(child) {
                continue;
            }
            pieces.push(self.piece(at, child.start_byte(), indent));
            at = child.end_byte();
            match child.kind() {
                kind::BRACE => is_braced = true,
                kind::BRACE_END => is_braced = false,
                kind::ESCAPE => {
                    let text = unescape(self.text(child));
                    pieces.push(Expr::new(ExprKind::Text(text.into()), span(child)));
                }
                _ if is_braced => pieces.push(self.expression(child)),
                _ => pieces.push(self.simple_hole(child)),
            }
        }
        pieces.push(self.piece(at, end, indent));
        pieces
    }

    /// Lowers `$a`, `$a[key]`, `$a->b` and `${a}` as they are read in text without braces.
    fn simple_hole(&mut self, node: Node<'_>) -> Expr {
        let inside = super::parts(node);
        let at = span(node);
        match (node.kind(), inside.as_slice()) {
            (kind::SUBSCRIPT, [object, index]) if index.kind() == kind::NAME => {
                let object = Box::new(self.expression(*object));
                let key = ExprKind::Text(self.text(*index).into());
                let index = Some(Box::new(Expr::new(key, span(*index))));
                Expr::new(ExprKind::Index { object, index }, at)
            }
            (kind::DYNAMIC_VARIABLE, [name]) if name.kind() == kind::NAME => {
                let variable = format!("${}", self.text(*name));
                Expr::new(ExprKind::Name(variable.into()), at)
            }
            _ => self.expression(node),
        }
    }

    fn piece(&self, start: usize, end: usize, indent: usize) -> Expr {
        let raw = self.slice(start, end);
        let begins_line = self.slice(0, start).ends_with('\n');
        let text = if indent == 0 {
            raw.to_owned()
        } else {
            outdent(raw, indent, begins_line)
        };
        let span = Span {
            start: u32::try_from(start).unwrap_or(u32::MAX),
            end: u32::try_from(end).unwrap_or(u32::MAX),
        };
        Expr::new(ExprKind::Text(text.into()), span)
    }
}

fn is_literal(node: Node<'_>) -> bool {
    !matches!(node.kind(), kind::BRACE | kind::BRACE_END)
        && (!node.is_named() || node.kind() == kind::STRING_CONTENT)
}

fn outdent(raw: &str, indent: usize, begins_line: bool) -> String {
    let mut lines = raw.split('\n');
    let first = lines.next().unwrap_or_default();
    let first = if begins_line {
        cut(first, indent)
    } else {
        first
    };
    let mut out = first.to_owned();
    for line in lines {
        out.push('\n');
        out.push_str(cut(line, indent));
    }
    out
}

fn cut(line: &str, indent: usize) -> &str {
    let n_space = line.len() - line.trim_start_matches([' ', '\t']).len();
    line.get(n_space.min(indent)..).unwrap_or(line)
}

/// Decodes one escape sequence of text in double quotes.
fn unescape(escape: &str) -> String {
    let code = escape.strip_prefix('\\').unwrap_or(escape);
    let decoded = match code {
        "n" => Some('\n'),
        "r" => Some('\r'),
        "t" => Some('\t'),
        "v" => Some('\u{b}'),
        "e" => Some('\u{1b}'),
        "f" => Some('\u{c}'),
        _ => numeric_escape(code),
    };
    decoded.map_or_else(|| code.to_owned(), String::from)
}

fn numeric_escape(code: &str) -> Option<char> {
    if let Some(hex) = code.strip_prefix("u{") {
        return char::from_u32(u32::from_str_radix(hex.strip_suffix('}')?, 16).ok()?);
    }
    if let Some(hex) = code.strip_prefix('x') {
        return char::from_u32(u32::from_str_radix(hex, 16).ok()?);
    }
    char::from_u32(u32::from_str_radix(code, 8).ok()? & 0xff)
}

/// Puts parts together: nested ones flattened, neighbouring texts joined.
pub(super) fn concat(pieces: Vec<Expr>) -> ExprKind {
    let mut joiner = Joiner::default();
    for piece in pieces {
        match piece.kind {
            ExprKind::Concat(inner) => inner.into_iter().for_each(|part| joiner.add(part)),
            _ => joiner.add(piece),
        }
    }
    joiner.end_text();
    let mut parts = joiner.parts;
    match parts.pop() {
        None => ExprKind::Text("".into()),
        Some(Expr {
            kind: ExprKind::Text(text),
            ..
        }) if parts.is_empty() => ExprKind::Text(text),
        Some(last) => {
            parts.push(last);
            ExprKind::Concat(parts)
        }
    }
}

/// Joins neighbouring texts.
#[derive(Default)]
struct Joiner {
    parts: Vec<Expr>,
    text: String,
    span: Option<Span>,
}

impl Joiner {
    fn add(&mut self, part: Expr) {
        let ExprKind::Text(text) = &part.kind else {
            self.end_text();
            self.parts.push(part);
            return;
        };
        if !text.is_empty() {
            self.text.push_str(text);
            self.span.get_or_insert(part.span).end = part.span.end;
        }
    }

    fn end_text(&mut self) {
        if let Some(span) = self.span.take() {
            let text = std::mem::take(&mut self.text);
            self.parts
                .push(Expr::new(ExprKind::Text(text.into()), span));
        }
    }
}
