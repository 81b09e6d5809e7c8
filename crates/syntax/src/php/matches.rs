//! `match` expressions, as choices.

use model::facts::{EntryKind, Expr, ExprKind, Operator};
use tree_sitter::Node;

use super::{Lowering, arrays::entry, field, kind, operators::binary, parts};
use crate::frontend::span;

/// How many arms of a `match`, and tests of an arm, are told in a nest.
const MAX_ARMS: usize = 48;

/// One way of a `match`.
struct Arm {
    tests: Vec<Expr>,
    value: Expr,
    /// Whether the value may be told more than once.
    is_repeatable: bool,
}

impl Lowering<'_> {
    pub(super) fn match_expression(&mut self, node: Node<'_>) -> ExprKind {
        let condition = node.child_by_field_name(field::CONDITION);
        let is_repeatable = condition.is_some_and(|node| self.is_repeatable(node));
        let subject = self.field(node, field::CONDITION);
        let brief = if is_repeatable {
            subject.clone()
        } else {
            Expr::unknown(Vec::new(), subject.span)
        };
        let (arms, otherwise) = self.arms(node);
        let is_truth = matches!(subject.kind, ExprKind::Bool(_));
        match arms.len() {
            0 => ExprKind::Unknown(vec![subject, otherwise]),
            n_arms if n_arms <= MAX_ARMS => choices(&subject, &brief, arms, otherwise),
            _ if is_truth => any_value(arms, otherwise),
            _ => look_up(subject, arms, otherwise),
        }
    }

    fn arms(&mut self, node: Node<'_>) -> (Vec<Arm>, Expr) {
        let mut arms = Vec::new();
        let mut otherwise = Expr::unknown(Vec::new(), span(node));
        let body = node.child_by_field_name(field::BODY);
        for arm in body.into_iter().flat_map(parts) {
            let value = self.field(arm, field::RETURN_EXPRESSION);
            if arm.kind() == kind::MATCH_DEFAULT {
                otherwise = value;
                continue;
            }
            let returned = arm.child_by_field_name(field::RETURN_EXPRESSION);
            let tests = arm.child_by_field_name(field::CONDITIONS).into_iter();
            let tests = tests.flat_map(parts).map(|test| self.expression(test));
            arms.push(Arm {
                tests: tests.collect(),
                value,
                is_repeatable: returned.is_some_and(|value| self.is_repeatable(value)),
            });
        }
        (arms, otherwise)
    }
}

/// Turns the arms of a `match` into a nest of choices.
///
/// The first arm tells the whole subject, the others what of it may be repeated.
fn choices(subject: &Expr, brief: &Expr, arms: Vec<Arm>, otherwise: Expr) -> ExprKind {
    let last = arms.len().saturating_sub(1);
    let mut rest = otherwise;
    for (n_later, Arm { tests, value, .. }) in arms.into_iter().rev().enumerate() {
        let compared = if n_later == last { subject } else { brief };
        let span = value.span;
        let choice = ExprKind::Choice {
            test: Box::new(any_of(compared, tests)),
            then: Box::new(value),
            otherwise: Box::new(rest),
        };
        rest = Expr::new(choice, span);
    }
    rest.kind
}

fn any_of(subject: &Expr, tests: Vec<Expr>) -> Expr {
    let span = subject.span;
    if tests.len() > MAX_ARMS {
        return Expr::unknown(tests, span);
    }
    let compared = tests.into_iter().map(|test| compare(subject, test));
    let any = compared.reduce(|left, right| {
        let span = left.span;
        Expr::new(binary(Operator::Or, left, right), span)
    });
    any.unwrap_or_else(|| Expr::unknown(Vec::new(), span))
}

fn compare(subject: &Expr, test: Expr) -> Expr {
    let span = test.span;
    match &subject.kind {
        ExprKind::Bool(true) => test,
        ExprKind::Bool(false) => Expr::new(ExprKind::Not(Box::new(test)), span),
        _ => Expr::new(binary(Operator::Equal, subject.clone(), test), span),
    }
}

/// Turns many arms into `[test => value, …][subject] ?? otherwise`.
fn look_up(subject: Expr, arms: Vec<Arm>, otherwise: Expr) -> ExprKind {
    let mut entries = Vec::new();
    for arm in arms {
        if arm.is_repeatable || arm.tests.len() == 1 {
            let each = arm.tests.into_iter();
            entries.extend(each.map(|test| entry(Some(test), arm.value.clone(), EntryKind::Value)));
        } else {
            let key = Expr::unknown(arm.tests, subject.span);
            entries.push(entry(Some(key), arm.value, EntryKind::Value));
        }
    }
    found_in(ExprKind::Array(entries), subject, otherwise)
}

/// Turns many arms without a subject into one of their values.
fn any_value(arms: Vec<Arm>, otherwise: Expr) -> ExprKind {
    let mut tests = Vec::new();
    let mut entries = Vec::new();
    for arm in arms {
        tests.extend(arm.tests);
        entries.push(entry(None, arm.value, EntryKind::Value));
    }
    let index = Expr::unknown(tests, otherwise.span);
    found_in(ExprKind::Array(entries), index, otherwise)
}

fn found_in(values: ExprKind, index: Expr, otherwise: Expr) -> ExprKind {
    let span = index.span;
    let found = ExprKind::Index {
        object: Box::new(Expr::new(values, span)),
        index: Some(Box::new(index)),
    };
    binary(Operator::Coalesce, Expr::new(found, span), otherwise)
}
