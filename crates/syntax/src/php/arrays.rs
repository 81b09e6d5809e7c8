//! Lists and maps: literals, destructuring patterns, single elements.

use model::facts::{Entry, EntryKind, Expr, ExprKind};
use tree_sitter::Node;

use super::{Lowering, is_margin, kind, parts, parts_and_errors};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers what an assignment binds.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::ARRAY | kind::LIST => {
                let entries = self.nested(node, |lowering| lowering.pattern_entries(node));
                Expr::new(ExprKind::Array(entries.unwrap_or_default()), span(node))
            }
            kind::BY_REFERENCE => match parts(node).as_slice() {
                [inner] => self.pattern(*inner),
                _ => self.unknown(node),
            },
            _ => self.expression(node),
        }
    }

    /// Lowers the entries of `[$a, , 'k' => $b]`; one that is left out binds nothing.
    pub(super) fn pattern_entries(&mut self, node: Node<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut pending: Vec<Node<'_>> = Vec::new();
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                kind::COMMA => {
                    entries.push(self.pattern_entry(&pending, child));
                    pending.clear();
                }
                kind::ARRAY_ELEMENT => pending.extend(parts(child)),
                _ if child.is_named() && !is_margin(child) && !child.is_error() => {
                    pending.push(child);
                }
                _ => {}
            }
        }
        if let Some(last) = pending.last().copied() {
            entries.push(self.pattern_entry(&pending, last));
        }
        entries
    }

    pub(super) fn pattern_entry(&mut self, inside: &[Node<'_>], place: Node<'_>) -> Entry {
        let (key, value) = match inside {
            [value] => (None, self.pattern(*value)),
            [key, value] => (Some(self.expression(*key)), self.pattern(*value)),
            _ => (None, Expr::unknown(Vec::new(), span(place))),
        };
        entry(key, value, EntryKind::Value)
    }

    pub(super) fn entries(&mut self, node: Node<'_>) -> Vec<Entry> {
        let parts = parts_and_errors(node);
        parts
            .into_iter()
            .map(|part| self.array_entry(part))
            .collect()
    }

    pub(super) fn array_entry(&mut self, node: Node<'_>) -> Entry {
        match parts(node).as_slice() {
            [value] if value.kind() == kind::VARIADIC_UNPACKING => {
                entry(None, self.only(*value), EntryKind::Spread)
            }
            [value] if node.kind() == kind::ARRAY_ELEMENT => {
                entry(None, self.expression(*value), EntryKind::Value)
            }
            [key, value] if node.kind() == kind::ARRAY_ELEMENT => {
                let key = self.expression(*key);
                entry(Some(key), self.expression(*value), EntryKind::Value)
            }
            _ => entry(None, self.unknown(node), EntryKind::Value),
        }
    }

    pub(super) fn subscript(&mut self, node: Node<'_>) -> ExprKind {
        match parts(node).as_slice() {
            [object] => ExprKind::Index {
                object: Box::new(self.expression(*object)),
                index: None,
            },
            [object, index] => ExprKind::Index {
                object: Box::new(self.expression(*object)),
                index: Some(Box::new(self.expression(*index))),
            },
            _ => self.unknown(node).kind,
        }
    }
}

pub(super) fn entry(key: Option<Expr>, value: Expr, kind: EntryKind) -> Entry {
    Entry {
        key,
        value,
        default: None,
        kind,
    }
}
