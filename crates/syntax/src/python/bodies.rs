//! Statements.

use model::facts::{Each, Expr, ExprKind, NamedType, Operator, Stmt, Type};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        blocks, children, classes,
        context::{Context, Place},
        expressions::{all, expression},
        fields, functions, imports,
        kind::{
            field,
            node::{
                ASSERT, ASSIGNMENT, AUGMENTED_ASSIGNMENT, BLOCK, BREAK, CALL, CLASS, CONTINUE,
                DECORATED, DELETE, ELIF, EXPRESSION_STATEMENT, FOR, FUNCTION, FUTURE_IMPORT,
                GLOBAL, IDENTIFIER, IF, IMPORT, IMPORT_FROM, MATCH, NONLOCAL, PASS, PRINT, RAISE,
                RETURN, TRY, TYPE_ALIAS, WHILE, WITH,
            },
            token,
        },
        patterns, strings, types,
    },
};

/// Most `elif` that are nested as `if` in `else`; further ones follow one another.
const MAX_ELIF: usize = 60;

/// Lowers the statements of a block.
pub(super) fn block(context: &mut Context<'_>, node: Node<'_>) -> Vec<Stmt> {
    let mut out = Vec::new();
    for child in children(node) {
        statement(context, child, &mut out);
    }
    out
}

/// Lowers the block that is the body of `node`.
pub(super) fn body_of(context: &mut Context<'_>, node: Node<'_>) -> Vec<Stmt> {
    part(context, node, field::BODY)
}

/// Lowers one statement.
pub(super) fn statement(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let read = context.deeper(node, |context| {
        if node.is_error() || node.kind() == BLOCK {
            out.append(&mut block(context, node));
        } else if !compound(context, node, out) {
            simple(context, node, out);
        }
    });
    if read.is_none() {
        out.push(Stmt::Expr(Expr::unknown(Vec::new(), span(node))));
    }
}

/// Lowers `target = value` with its type, written or in a comment.
fn assignment(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let Some(left) = node.child_by_field_name(field::LEFT) else {
        return;
    };
    alias(context, node, left);
    let ty = node.child_by_field_name(field::TYPE);
    let ty = ty.map(|ty| types::annotation(context, ty));
    let value = node.child_by_field_name(field::RIGHT);
    let value = value.map(|value| expression(context, value));
    out.push(Stmt::Assign {
        target: expression(context, left),
        value,
        ty: ty.or_else(|| type_comment(context, node)),
        augmented: false,
    });
}

/// Reads `# type: T` behind an assignment.
pub(super) fn type_comment(context: &Context<'_>, node: Node<'_>) -> Option<Type> {
    let comment = context.comment_behind(node)?;
    let ty = comment.trim_start().strip_prefix("type:")?.trim();
    (!ty.starts_with("ignore")).then(|| types::parse(ty))
}

fn part(context: &mut Context<'_>, node: Node<'_>, name: &str) -> Vec<Stmt> {
    let part = node.child_by_field_name(name);
    part.map(|part| block(context, part)).unwrap_or_default()
}

/// Lowers a statement that holds others; tells whether it was one.
fn compound(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) -> bool {
    match node.kind() {
        FUNCTION => function(context, node, Vec::new(), out),
        CLASS => class(context, node, Vec::new(), out),
        DECORATED => decorated(context, node, out),
        IF => conditional(context, node, out),
        FOR | WHILE => repeated(context, node, out),
        TRY => blocks::tried(context, node, out),
        WITH => blocks::with(context, node, out),
        MATCH => patterns::matched(context, node, out),
        _ => return false,
    }
    true
}

fn simple(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    match node.kind() {
        EXPRESSION_STATEMENT => {
            for child in children(node) {
                effect(context, child, out);
            }
        }
        IMPORT | IMPORT_FROM => imports::import(context, node),
        RETURN => {
            let value = children(node).into_iter().next();
            out.push(Stmt::Return(value.map(|value| expression(context, value))));
        }
        RAISE => raise(context, node, out),
        BREAK | CONTINUE => out.push(Stmt::Exit(None)),
        GLOBAL | NONLOCAL => {
            let names = children(node).into_iter().map(|name| context.name_of(name));
            out.push(Stmt::Outer(names.collect()));
        }
        DELETE => {
            let inside = all(context, children(node));
            out.push(Stmt::Expr(Expr::unknown(inside, span(node))));
        }
        ASSERT => assertion(context, node, out),
        PRINT => {
            let inside = all(context, children(node));
            out.extend(inside.into_iter().map(Stmt::Expr));
        }
        TYPE_ALIAS => type_alias(context, node),
        PASS | FUTURE_IMPORT => {}
        _ => effect(context, node, out),
    }
}

/// Lowers `assert test, message`: what comes after it holds only if the test does.
fn assertion(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let mut parts = all(context, children(node)).into_iter();
    let Some(test) = parts.next() else {
        return;
    };
    out.push(Stmt::If {
        test,
        then: Vec::new(),
        otherwise: vec![Stmt::Exit(parts.next())],
    });
}

/// Lowers an expression that is evaluated for its effect.
pub(super) fn effect(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    match node.kind() {
        ASSIGNMENT => assignment(context, node, out),
        AUGMENTED_ASSIGNMENT => augmented(context, node, out),
        CALL if ends_program(context, node) => {
            let call = expression(context, node);
            out.push(Stmt::Exit(Some(call)));
        }
        _ => {
            let value = expression(context, node);
            // A text that stands alone is documentation.
            if !matches!(value.kind, ExprKind::Text(_)) {
                out.push(Stmt::Expr(value));
            }
        }
    }
}

fn ends_program(context: &Context<'_>, call: Node<'_>) -> bool {
    let function = call.child_by_field_name(field::FUNCTION);
    function.is_some_and(|function| {
        matches!(
            context.text(function),
            "sys.exit" | "exit" | "quit" | "os._exit"
        )
    })
}

fn augmented(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let left = node.child_by_field_name(field::LEFT);
    let right = node.child_by_field_name(field::RIGHT);
    let (Some(left), Some(right)) = (left, right) else {
        return;
    };
    let target = expression(context, left);
    let right = expression(context, right);
    let operator = node.child_by_field_name(field::OPERATOR);
    let operator = match operator.map(|operator| operator.kind()) {
        Some(token::PLUS_ASSIGN) => None,
        Some(token::PERCENT_ASSIGN) => Some(Operator::Modulo),
        Some(token::BAR_ASSIGN) => Some(Operator::BitOr),
        _ => Some(Operator::Other),
    };
    let kind = match operator {
        None => strings::joined(vec![target.clone(), right]),
        Some(operator) => ExprKind::Binary {
            operator,
            left: Box::new(target.clone()),
            right: Box::new(right),
        },
    };
    out.push(Stmt::Assign {
        target,
        value: Some(Expr::new(kind, span(node))),
        ty: None,
        augmented: true,
    });
}

fn raise(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let cause = node.child_by_field_name(field::CAUSE);
    let thrown = children(node)
        .into_iter()
        .find(|child| Some(*child) != cause);
    if let Some(cause) = cause.filter(|cause| cause.kind() != IDENTIFIER) {
        out.push(Stmt::Expr(expression(context, cause)));
    }
    out.push(Stmt::Exit(thrown.map(|thrown| expression(context, thrown))));
}

fn function(context: &mut Context<'_>, node: Node<'_>, decorators: Vec<Expr>, out: &mut Vec<Stmt>) {
    let index = functions::definition(context, node, decorators, None);
    out.push(Stmt::Function(index));
}

fn class(context: &mut Context<'_>, node: Node<'_>, decorators: Vec<Expr>, out: &mut Vec<Stmt>) {
    let index = classes::definition(context, node, decorators, out);
    out.push(Stmt::Class(index));
}

fn decorated(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let decorators = functions::decorators(context, node);
    match node.child_by_field_name(field::DEFINITION) {
        Some(inner) if inner.kind() == FUNCTION => function(context, inner, decorators, out),
        Some(inner) if inner.kind() == CLASS => class(context, inner, decorators, out),
        _ => out.extend(decorators.into_iter().map(Stmt::Expr)),
    }
}

fn conditional(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let mut branches = vec![branch(context, node)];
    let mut otherwise = Vec::new();
    for alternative in fields(node, field::ALTERNATIVE) {
        match alternative.kind() {
            ELIF => branches.push(branch(context, alternative)),
            _ => otherwise = body_of(context, alternative),
        }
    }
    let further = branches.split_off(branches.len().min(MAX_ELIF));
    let further = further.into_iter().map(|(test, then)| Stmt::If {
        test,
        then,
        otherwise: Vec::new(),
    });
    otherwise = further.chain(otherwise).collect();
    for (test, then) in branches.into_iter().rev() {
        otherwise = vec![Stmt::If {
            test,
            then,
            otherwise,
        }];
    }
    out.append(&mut otherwise);
}

/// Lowers the condition and the block of an `if` or `elif`.
fn branch(context: &mut Context<'_>, node: Node<'_>) -> (Expr, Vec<Stmt>) {
    let test = node.child_by_field_name(field::CONDITION).unwrap_or(node);
    let is_for_types =
        context.text(test).ends_with("TYPE_CHECKING") && !context.text(test).starts_with("not ");
    let test = if test == node {
        Expr::unknown(Vec::new(), span(node))
    } else {
        expression(context, test)
    };
    let place = Place {
        type_only: context.place.type_only || is_for_types,
        ..context.place
    };
    let then = context.at(place, |context| part(context, node, field::CONSEQUENCE));
    (test, then)
}

fn repeated(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let each = each(context, node);
    let test = node.child_by_field_name(field::CONDITION);
    let mut body: Vec<Stmt> = Vec::new();
    body.extend(test.map(|test| Stmt::Expr(expression(context, test))));
    body.append(&mut body_of(context, node));
    out.push(Stmt::Loop { each, body });
    if let Some(alternative) = node.child_by_field_name(field::ALTERNATIVE) {
        out.append(&mut body_of(context, alternative));
    }
}

/// Lowers what a `for` binds, in a statement or a comprehension.
pub(super) fn each(context: &mut Context<'_>, node: Node<'_>) -> Option<Each> {
    let target = node.child_by_field_name(field::LEFT)?;
    let iterable = node.child_by_field_name(field::RIGHT)?;
    let iterable = expression(context, iterable);
    Some(Each {
        key: None,
        target: expression(context, target),
        iterable,
        keys_only: false,
    })
}

/// Notes `X: TypeAlias = T` and `X = Union[A, B]` as a type.
fn alias(context: &mut Context<'_>, node: Node<'_>, left: Node<'_>) {
    let ty = node
        .child_by_field_name(field::TYPE)
        .map(|ty| context.text(ty));
    let Some(right) = node.child_by_field_name(field::RIGHT) else {
        return;
    };
    let is_declared = ty.is_some_and(|ty| types::last_part(ty) == "TypeAlias");
    let written = context.text(right);
    if left.kind() == IDENTIFIER && (is_declared || ty.is_none() && types::is_type(written)) {
        let name = context.name_of(left);
        let ty = types::parse(written);
        context.facts.types.push(NamedType { name, ty });
    }
}

/// `type X = T`.
fn type_alias(context: &mut Context<'_>, node: Node<'_>) {
    let left = node.child_by_field_name(field::LEFT);
    let right = node.child_by_field_name(field::RIGHT);
    if let (Some(left), Some(right)) = (left, right) {
        let name = context
            .text(left)
            .split('[')
            .next()
            .unwrap_or_default()
            .trim();
        let name = context.name(name);
        let ty = types::annotation(context, right);
        context.facts.types.push(NamedType { name, ty });
    }
}
