//! Expressions with operators.

use model::facts::{Expr, ExprKind, Operator};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        children,
        context::Context,
        expressions::{all, child, unwrapped},
        fields,
        kind::{
            field,
            node::{BINARY, BOOLEAN, COMPARISON, CONDITIONAL, NOT, UNARY},
            token,
        },
        strings,
    },
};

/// Lowers an operation, and as unknown what is none.
pub(super) fn operation(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    match node.kind() {
        BINARY => binary(context, node),
        BOOLEAN => boolean(context, node),
        NOT => ExprKind::Not(Box::new(child(context, node, field::ARGUMENT))),
        UNARY => unary(context, node),
        COMPARISON => comparison(context, node),
        CONDITIONAL => conditional(context, node),
        _ => ExprKind::Unknown(all(context, children(node))),
    }
}

/// Repeats an expression if it is small and calls nothing; else nothing is known of the copy.
pub(super) fn copy(expr: &Expr) -> Expr {
    if is_quiet(expr) {
        expr.clone()
    } else {
        Expr::unknown(Vec::new(), expr.span)
    }
}

/// Tells whether an expression is small and calls nothing.
pub(super) fn is_quiet(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Member { object, .. } => is_quiet(object),
        ExprKind::Binary { left, right, .. } => is_leaf(left) && is_leaf(right),
        _ => is_leaf(expr),
    }
}

fn is_leaf(expr: &Expr) -> bool {
    matches!(
        expr.kind,
        ExprKind::Name(_)
            | ExprKind::This
            | ExprKind::Class(_)
            | ExprKind::Int(_)
            | ExprKind::Text(_)
            | ExprKind::Null
    )
}

fn binary(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    match operator_of(node) {
        token::PLUS => strings::joined(summands(context, node)),
        token::PERCENT => two(context, node, Operator::Modulo),
        token::BAR => two(context, node, Operator::BitOr),
        _ => two(context, node, Operator::Other),
    }
}

fn operator_of(node: Node<'_>) -> &str {
    let operator = node.child_by_field_name(field::OPERATOR);
    operator.map_or("", |operator| operator.kind())
}

fn two(context: &mut Context<'_>, node: Node<'_>, operator: Operator) -> ExprKind {
    ExprKind::Binary {
        operator,
        left: Box::new(child(context, node, field::LEFT)),
        right: Box::new(child(context, node, field::RIGHT)),
    }
}

/// Lowers the operands of `a + b + c`, however many there are.
fn summands(context: &mut Context<'_>, node: Node<'_>) -> Vec<Expr> {
    let mut nodes = Vec::new();
    let mut left = node;
    while left.kind() == BINARY && operator_of(left) == token::PLUS {
        nodes.extend(left.child_by_field_name(field::RIGHT));
        match left.child_by_field_name(field::LEFT) {
            Some(next) => left = unwrapped(next),
            None => break,
        }
    }
    nodes.push(left);
    nodes.reverse();
    all(context, nodes)
}

fn boolean(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let is_and = operator_of(node) == token::AND;
    two(
        context,
        node,
        if is_and { Operator::And } else { Operator::Or },
    )
}

fn unary(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let argument = child(context, node, field::ARGUMENT);
    match argument.kind {
        ExprKind::Int(value) if operator_of(node) == token::MINUS => {
            ExprKind::Int(value.saturating_neg())
        }
        _ => ExprKind::Unknown(vec![argument]),
    }
}

/// Lowers `a < b`, and `a < b < c` as both comparisons.
fn comparison(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let mut operands = all(context, children(node)).into_iter();
    let operators = fields(node, field::OPERATORS);
    let Some(mut left) = operands.next() else {
        return ExprKind::Unknown(Vec::new());
    };
    let mut whole: Option<ExprKind> = None;
    for (operator, right) in operators.into_iter().zip(operands) {
        let again = copy(&right);
        let next = compared(operator.kind(), left, right);
        left = again;
        whole = Some(match whole {
            None => next,
            Some(before) => ExprKind::Binary {
                operator: Operator::And,
                left: Box::new(Expr::new(before, span(node))),
                right: Box::new(Expr::new(next, span(node))),
            },
        });
    }
    whole.unwrap_or(left.kind)
}

fn compared(operator: &str, left: Expr, right: Expr) -> ExprKind {
    let place = left.span;
    let binary = |operator| ExprKind::Binary {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    };
    match operator {
        token::EQUAL | token::IS => binary(Operator::Equal),
        token::NOT_EQUAL | token::IS_NOT | token::LESS_GREATER => binary(Operator::NotEqual),
        token::IN => binary(Operator::In),
        token::NOT_IN => ExprKind::Not(Box::new(Expr::new(binary(Operator::In), place))),
        _ => binary(Operator::Other),
    }
}

fn conditional(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let mut parts = all(context, children(node)).into_iter();
    match (parts.next(), parts.next(), parts.next()) {
        (Some(then), Some(test), Some(otherwise)) => ExprKind::Choice {
            test: Box::new(test),
            then: Box::new(then),
            otherwise: Box::new(otherwise),
        },
        (then, test, _) => ExprKind::Unknown(then.into_iter().chain(test).collect()),
    }
}
