//! Lowers what a value is bound to: names, members and destructuring patterns.

use model::facts::{Entry, EntryKind, Expr, ExprKind};
use tree_sitter::Node;

use super::{
    Lowering, children,
    expressions::entry,
    kind::{self, field},
    only_child,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers the target of a declaration, assignment, parameter or loop.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::OBJECT_PATTERN | kind::ARRAY_PATTERN => {
                let otherwise = Expr::unknown(Vec::new(), span(node));
                self.deeper(node, 1, otherwise, |this| this.entries(node))
            }
            _ => self.expression(node),
        }
    }

    fn entries(&mut self, node: Node<'_>) -> Expr {
        let entries = if node.kind() == kind::OBJECT_PATTERN {
            children(node)
                .into_iter()
                .filter_map(|child| self.property(child))
                .collect()
        } else {
            elements(node)
                .into_iter()
                .map(|element| match element {
                    Some(child) => self.element(None, child),
                    None => entry(None, Expr::unknown(Vec::new(), span(node))),
                })
                .collect()
        };
        Expr::new(ExprKind::Array(entries), span(node))
    }

    fn property(&mut self, node: Node<'_>) -> Option<Entry> {
        match node.kind() {
            kind::PAIR_PATTERN => {
                let key = self.key(node.child_by_field_name(field::KEY)?);
                Some(self.element(Some(key), node.child_by_field_name(field::VALUE)?))
            }
            kind::SHORTHAND_PATTERN => {
                let key = Expr::new(ExprKind::Text(self.name(node)), span(node));
                Some(entry(Some(key), self.name_expr(node)))
            }
            kind::OBJECT_ASSIGNMENT_PATTERN => {
                let left = self.property(node.child_by_field_name(field::LEFT)?)?;
                let right = node.child_by_field_name(field::RIGHT)?;
                Some(Entry {
                    default: Some(self.expression(right)),
                    ..left
                })
            }
            _ => Some(self.element(None, node)),
        }
    }

    fn element(&mut self, key: Option<Expr>, node: Node<'_>) -> Entry {
        match node.kind() {
            kind::ASSIGNMENT_PATTERN => {
                let (target, default) = self.defaulted(node);
                Entry {
                    default,
                    ..entry(key, target)
                }
            }
            kind::REST_PATTERN => Entry {
                kind: EntryKind::Spread,
                ..entry(key, self.rest(node))
            },
            _ => entry(key, self.pattern(node)),
        }
    }

    /// Lowers `target = default`.
    pub(super) fn defaulted(&mut self, node: Node<'_>) -> (Expr, Option<Expr>) {
        let target = match node.child_by_field_name(field::LEFT) {
            Some(left) => self.pattern(left),
            None => Expr::unknown(Vec::new(), span(node)),
        };
        let default = node
            .child_by_field_name(field::RIGHT)
            .map(|right| self.expression(right));
        (target, default)
    }

    /// Lowers the target of `...target`.
    pub(super) fn rest(&mut self, node: Node<'_>) -> Expr {
        match only_child(node) {
            Some(child) => self.pattern(child),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }
}

/// Returns the elements of a list or list pattern, `None` for each hole.
pub(super) fn elements(node: Node<'_>) -> Vec<Option<Node<'_>>> {
    let mut cursor = node.walk();
    let mut elements = Vec::new();
    let mut pending = None;
    for child in node.children(&mut cursor) {
        match child.kind() {
            "," => elements.push(pending.take()),
            "[" | "]" | kind::COMMENT => {}
            _ => pending = Some(child),
        }
    }
    elements.extend(pending.map(Some));
    elements
}
