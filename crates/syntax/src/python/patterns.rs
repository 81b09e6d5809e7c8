//! `match` and the patterns of its cases.

use model::facts::{Argument, Case, Entry, EntryKind, Expr, ExprKind, Stmt};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        bodies, children,
        context::Context,
        expressions::expression,
        fields,
        kind::{
            field,
            node::{
                AS_PATTERN, CASE, CASE_PATTERN, CLASS_PATTERN, CONCATENATED_STRING, DOTTED_NAME,
                FALSE, FLOAT, IDENTIFIER, INTEGER, NONE, SPLAT_PATTERN, STRING, TRUE,
                UNION_PATTERN,
            },
            token,
        },
        operators::copy,
    },
};

/// What the pattern of a case asks for and binds.
#[derive(Default)]
struct Pattern {
    tests: Vec<Expr>,
    binds: Vec<Stmt>,
}

/// Lowers a `match` statement.
pub(super) fn matched(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let subject = subject(context, node);
    let body = node.child_by_field_name(field::BODY);
    let clauses = body.map(children).unwrap_or_default().into_iter();
    let cases = clauses
        .filter(|clause| clause.kind() == CASE)
        .map(|clause| case(context, clause, &subject))
        .collect();
    out.push(Stmt::Switch { subject, cases });
}

fn subject(context: &mut Context<'_>, node: Node<'_>) -> Expr {
    let subjects = fields(node, field::SUBJECT);
    let mut values: Vec<Expr> = Vec::new();
    for subject in subjects {
        values.push(expression(context, subject));
    }
    match (values.pop(), values.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            let entries = values.into_iter().chain(last).map(|value| Entry {
                key: None,
                value,
                default: None,
                kind: EntryKind::Value,
            });
            Expr::new(ExprKind::Array(entries.collect()), span(node))
        }
    }
}

fn case(context: &mut Context<'_>, node: Node<'_>, subject: &Expr) -> Case {
    let patterns: Vec<_> = children(node)
        .into_iter()
        .filter(|child| child.kind() == CASE_PATTERN)
        .collect();
    let mut pattern = Pattern::default();
    match patterns.as_slice() {
        [only] => read(context, *only, subject, &mut pattern),
        several => {
            pattern.tests.push(Expr::unknown(Vec::new(), span(node)));
            for part in several {
                captures(context, *part, &mut pattern);
            }
        }
    }
    let consequence = node.child_by_field_name(field::CONSEQUENCE);
    let guard = node.child_by_field_name(field::GUARD);
    let guard = guard.and_then(|guard| children(guard).into_iter().next());
    let guard = guard.map(|guard| expression(context, guard));
    let body = consequence
        .map(|body| bodies::block(context, body))
        .unwrap_or_default();
    with_guard(pattern, guard, body)
}

/// Puts the body behind its guard; a guarded case is never the default.
fn with_guard(pattern: Pattern, guard: Option<Expr>, body: Vec<Stmt>) -> Case {
    let Pattern { mut tests, binds } = pattern;
    let body = match guard {
        None => body,
        Some(test) => {
            if tests.is_empty() {
                tests.push(Expr::unknown(Vec::new(), test.span));
            }
            vec![Stmt::If {
                test,
                then: body,
                otherwise: Vec::new(),
            }]
        }
    };
    Case {
        tests,
        body: binds.into_iter().chain(body).collect(),
        falls_through: false,
    }
}

fn read(context: &mut Context<'_>, node: Node<'_>, subject: &Expr, pattern: &mut Pattern) {
    context.deeper(node, |context| match node.kind() {
        CASE_PATTERN => match children(node).as_slice() {
            [] => {}
            [inner] => read(context, *inner, subject, pattern),
            _ => unknown(context, node, pattern),
        },
        UNION_PATTERN => {
            for inner in children(node) {
                read(context, inner, subject, pattern);
            }
        }
        AS_PATTERN => {
            let parts = children(node);
            if let [inner, name] = parts.as_slice() {
                read(context, *inner, subject, pattern);
                bind(context, *name, copy(subject), pattern);
            }
        }
        DOTTED_NAME => match children(node).as_slice() {
            [name] => bind(context, *name, copy(subject), pattern),
            _ => pattern.tests.push(expression(context, node)),
        },
        INTEGER if has_sign(node) => pattern.tests.push(negative(context, node)),
        STRING | CONCATENATED_STRING | INTEGER | FLOAT | TRUE | FALSE | NONE => {
            pattern.tests.push(expression(context, node));
        }
        CLASS_PATTERN => {
            pattern.tests.push(instance_test(context, node, subject));
            captures(context, node, pattern);
        }
        _ => unknown(context, node, pattern),
    });
}

/// Writes the pattern `C(...)` as the test that it makes first, `isinstance(subject, C)`.
fn instance_test(context: &mut Context<'_>, node: Node<'_>, subject: &Expr) -> Expr {
    let place = span(node);
    let Some(class) = children(node).into_iter().next() else {
        return Expr::unknown(Vec::new(), place);
    };
    let class = expression(context, class);
    let callee = Expr::new(ExprKind::Name("isinstance".into()), place);
    let arguments = [copy(subject), class].map(Argument::positional);
    let call = ExprKind::Call {
        callee: Box::new(callee),
        arguments: arguments.into(),
    };
    Expr::new(call, place)
}

/// Tells whether a minus stands before a number: in patterns it is no operator.
fn has_sign(node: Node<'_>) -> bool {
    let before = node.prev_sibling();
    before.is_some_and(|before| before.kind() == token::MINUS)
}

fn negative(context: &mut Context<'_>, number: Node<'_>) -> Expr {
    let number = expression(context, number);
    match number.kind {
        ExprKind::Int(value) => Expr::new(ExprKind::Int(value.saturating_neg()), number.span),
        _ => number,
    }
}

/// A pattern that compares more than one value.
fn unknown(context: &mut Context<'_>, node: Node<'_>, pattern: &mut Pattern) {
    pattern.tests.push(Expr::unknown(Vec::new(), span(node)));
    captures(context, node, pattern);
}

/// Declares the names that a pattern binds to parts of the subject.
fn captures(context: &mut Context<'_>, node: Node<'_>, pattern: &mut Pattern) {
    let mut waiting = vec![node];
    while let Some(node) = waiting.pop() {
        let inner = children(node);
        let name = match (node.kind(), inner.as_slice()) {
            (DOTTED_NAME | SPLAT_PATTERN, [name]) => Some(*name),
            (AS_PATTERN, [.., name]) if name.kind() == IDENTIFIER => Some(*name),
            _ => None,
        };
        if let Some(name) = name {
            let part = Expr::unknown(Vec::new(), span(name));
            bind(context, name, part, pattern);
        }
        let n_named = usize::from(node.kind() == CLASS_PATTERN);
        waiting.extend(inner.into_iter().skip(n_named).rev());
    }
}

fn bind(context: &mut Context<'_>, name: Node<'_>, value: Expr, pattern: &mut Pattern) {
    pattern.binds.push(Stmt::Assign {
        target: expression(context, name),
        value: Some(value),
        ty: None,
        augmented: false,
    });
}
