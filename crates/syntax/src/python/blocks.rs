//! `try` and `with`: statements that guard a block.

use model::facts::{Stmt, Type};
use tree_sitter::Node;

use crate::python::{
    bodies::{block, body_of},
    children,
    context::Context,
    expressions::expression,
    kind::{
        field,
        node::{AS_PATTERN, BLOCK, ELSE, EXCEPT, FINALLY, TUPLE, WITH_CLAUSE, WITH_ITEM},
    },
    types,
};

/// Lowers `try`.
pub(super) fn tried(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let body = body_of(context, node);
    let mut handlers = Vec::new();
    let mut finally = Vec::new();
    for child in children(node) {
        match child.kind() {
            EXCEPT => handlers.push(handler(context, child)),
            ELSE => finally.append(&mut body_of(context, child)),
            FINALLY => finally.append(&mut inner_blocks(context, child)),
            _ => {}
        }
    }
    out.push(Stmt::Try {
        body,
        handlers,
        finally,
    });
}

fn inner_blocks(context: &mut Context<'_>, node: Node<'_>) -> Vec<Stmt> {
    let blocks = children(node)
        .into_iter()
        .filter(|child| child.kind() == BLOCK);
    blocks.flat_map(|inner| block(context, inner)).collect()
}

/// Lowers one `except`; the caught error is declared with its type.
fn handler(context: &mut Context<'_>, node: Node<'_>) -> Vec<Stmt> {
    let mut out = Vec::new();
    let caught = node.child_by_field_name(field::VALUE);
    let (caught, alias) = match caught {
        Some(pattern) if pattern.kind() == AS_PATTERN => parts_of_as(pattern),
        caught => (caught, node.child_by_field_name(field::ALIAS)),
    };
    if let Some(alias) = alias {
        out.push(Stmt::Assign {
            target: expression(context, alias),
            value: None,
            ty: caught.map(|caught| caught_type(context, caught)),
            augmented: false,
        });
    }
    out.append(&mut inner_blocks(context, node));
    out
}

fn caught_type(context: &Context<'_>, caught: Node<'_>) -> Type {
    if caught.kind() != TUPLE {
        return types::annotation(context, caught);
    }
    let types = children(caught).into_iter();
    Type::Union(types.map(|ty| types::annotation(context, ty)).collect())
}

/// Splits `value as target`.
fn parts_of_as(pattern: Node<'_>) -> (Option<Node<'_>>, Option<Node<'_>>) {
    let target = pattern.child_by_field_name(field::ALIAS);
    let target = target.and_then(|target| children(target).into_iter().next());
    (children(pattern).into_iter().next(), target)
}

/// Lowers `with`; what it binds is bound to the value itself.
pub(super) fn with(context: &mut Context<'_>, node: Node<'_>, out: &mut Vec<Stmt>) {
    let clauses = children(node)
        .into_iter()
        .filter(|child| child.kind() == WITH_CLAUSE);
    for item in clauses
        .flat_map(children)
        .filter(|item| item.kind() == WITH_ITEM)
    {
        let Some(value) = item.child_by_field_name(field::VALUE) else {
            continue;
        };
        match (value.kind() == AS_PATTERN).then(|| parts_of_as(value)) {
            Some((Some(value), Some(target))) => {
                let value = expression(context, value);
                out.push(Stmt::Assign {
                    target: expression(context, target),
                    value: Some(value),
                    ty: None,
                    augmented: false,
                });
            }
            _ => out.push(Stmt::Expr(expression(context, value))),
        }
    }
    out.append(&mut body_of(context, node));
}
