//! Operators and assignments that combine.

use model::facts::{Argument, EntryKind, Expr, ExprKind, Operator};
use tree_sitter::Node;

use super::{Lowering, arrays::entry, field, kind, strings::concat};
use crate::frontend::span;

/// How long, in bytes, an expression may be to be told more than once.
const MAX_REPEATED: usize = 200;

impl<'t> Lowering<'t> {
    /// Lowers `target += value` and `target++` to the target and its new value.
    pub(super) fn augmented_assignment(&mut self, node: Node<'_>) -> (Expr, Expr) {
        let at = span(node);
        let is_update = node.kind() == kind::UPDATE;
        let side = if is_update {
            field::ARGUMENT
        } else {
            field::LEFT
        };
        let left = node.child_by_field_name(side);
        let target = self.field(node, side);
        let old = if left.is_some_and(|left| self.is_repeatable(left)) {
            target.clone()
        } else {
            Expr::unknown(Vec::new(), target.span)
        };
        if is_update {
            return (target, Expr::unknown(vec![old], at));
        }
        let value = self.field(node, field::RIGHT);
        let operator = self.operator(node).trim_end_matches('=');
        (target, Expr::new(combine(operator, old, value), at))
    }

    /// Says whether the facts of an expression may be told more than once.
    ///
    /// Not where it holds something that is itself told more than once: such expressions, nested in
    /// one another, would grow out of all proportion.
    pub(super) fn is_repeatable(&self, node: Node<'_>) -> bool {
        let text = self.text(node);
        text.len() <= MAX_REPEATED && !["=", "++", "--"].iter().any(|mark| text.contains(mark))
    }

    fn operator(&self, node: Node<'_>) -> &'t str {
        let operator = node.child_by_field_name(field::OPERATOR);
        operator.map_or("", |operator| self.text(operator))
    }

    pub(super) fn unary(&mut self, node: Node<'_>) -> ExprKind {
        let value = match node.child_by_field_name(field::ARGUMENT) {
            Some(argument) => self.expression(argument),
            None => self.only(node),
        };
        match (self.operator(node), &value.kind) {
            ("!", _) => ExprKind::Not(Box::new(value)),
            ("-" | "", ExprKind::Int(number)) => ExprKind::Int(number.wrapping_neg()),
            ("+", ExprKind::Int(_)) => value.kind,
            _ => ExprKind::Unknown(vec![value]),
        }
    }

    pub(super) fn conditional(&mut self, node: Node<'_>) -> ExprKind {
        let test = Box::new(self.field(node, field::CONDITION));
        if node.child_by_field_name(field::BODY).is_none() {
            return ExprKind::Binary {
                operator: Operator::Or,
                left: test,
                right: Box::new(self.field(node, field::ALTERNATIVE)),
            };
        }
        ExprKind::Choice {
            test,
            then: Box::new(self.field(node, field::BODY)),
            otherwise: Box::new(self.field(node, field::ALTERNATIVE)),
        }
    }

    pub(super) fn binary(&mut self, node: Node<'_>) -> ExprKind {
        let operator = self.operator(node);
        if operator == "." {
            return self.concatenation(node);
        }
        let left = self.field(node, field::LEFT);
        if operator.eq_ignore_ascii_case("instanceof") {
            return ExprKind::Binary {
                operator: Operator::InstanceOf,
                left: Box::new(left),
                right: Box::new(self.class_field(node, field::RIGHT)),
            };
        }
        combine(operator, left, self.field(node, field::RIGHT))
    }

    /// Lowers a row of `.` without recursion: long rows are common.
    pub(super) fn concatenation(&mut self, node: Node<'_>) -> ExprKind {
        let mut reversed = Vec::new();
        let mut rest = node;
        while rest.kind() == kind::BINARY && self.operator(rest) == "." {
            reversed.extend(rest.child_by_field_name(field::RIGHT));
            match rest.child_by_field_name(field::LEFT) {
                Some(left) => rest = left,
                None => break,
            }
        }
        reversed.push(rest);
        let pieces = reversed.into_iter().rev();
        concat(pieces.map(|piece| self.expression(piece)).collect())
    }
}

pub(super) fn binary(operator: Operator, left: Expr, right: Expr) -> ExprKind {
    ExprKind::Binary {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    }
}

/// Applies an operator, of an expression or of a combined assignment.
fn combine(operator: &str, left: Expr, right: Expr) -> ExprKind {
    let operator = match operator {
        "." => return concat(vec![left, right]),
        "|>" => {
            return ExprKind::Call {
                callee: Box::new(right),
                arguments: vec![Argument::positional(left)],
            };
        }
        "+" if is_array(&left) || is_array(&right) => return array_union(left, right),
        "==" | "===" => Operator::Equal,
        "!=" | "!==" | "<>" => Operator::NotEqual,
        "&&" => Operator::And,
        "||" => Operator::Or,
        "??" => Operator::Coalesce,
        word if word.eq_ignore_ascii_case("and") => Operator::And,
        word if word.eq_ignore_ascii_case("or") => Operator::Or,
        _ => Operator::Other,
    };
    binary(operator, left, right)
}

fn is_array(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Array(_))
}

/// Says `$a + $b` of arrays: the entries of the left one win.
fn array_union(left: Expr, right: Expr) -> ExprKind {
    let mut entries = Vec::new();
    for side in [right, left] {
        match side.kind {
            ExprKind::Array(inside) => entries.extend(inside),
            _ => entries.push(entry(None, side, EntryKind::Spread)),
        }
    }
    ExprKind::Array(entries)
}
