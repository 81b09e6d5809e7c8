//! Expressions.

use model::facts::{ClassRef, Each, Entry, EntryKind, Expr, ExprKind};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        bodies::each,
        calls, children,
        context::Context,
        fields, functions,
        kind::{
            field,
            node::{
                AS_PATTERN_TARGET, ASSIGNMENT, ATTRIBUTE, AWAIT, CALL, CONCATENATED_STRING,
                DICTIONARY, DICTIONARY_COMPREHENSION, DICTIONARY_SPLAT, DOTTED_NAME, ELLIPSIS,
                EXPRESSION_LIST, FALSE, FOR_IN, GENERATOR, IDENTIFIER, IF_CLAUSE, INTEGER, LAMBDA,
                LIST, LIST_COMPREHENSION, LIST_PATTERN, LIST_SPLAT, LIST_SPLAT_PATTERN,
                NAMED_EXPRESSION, NONE, PAIR, PARENTHESIZED, PATTERN_LIST, SET, SET_COMPREHENSION,
                SLICE, STRING, SUBSCRIPT, TRUE, TUPLE, TUPLE_PATTERN, YIELD,
            },
            token,
        },
        operators, strings,
    },
};

/// Lowers an expression or a target of an assignment.
pub(super) fn expression(context: &mut Context<'_>, node: Node<'_>) -> Expr {
    let node = unwrapped(node);
    let read = context.deeper(node, |context| {
        if node.kind() == CALL {
            return calls::call(context, node);
        }
        let kind = kind_of(context, node);
        Expr::new(kind, span(node))
    });
    read.unwrap_or_else(|| Expr::unknown(Vec::new(), span(node)))
}

/// Lowers a child that the grammar promises.
pub(super) fn child(context: &mut Context<'_>, node: Node<'_>, field: &str) -> Expr {
    match node.child_by_field_name(field) {
        Some(child) => expression(context, child),
        None => Expr::unknown(Vec::new(), span(node)),
    }
}

/// Lowers every node.
pub(super) fn all(context: &mut Context<'_>, nodes: Vec<Node<'_>>) -> Vec<Expr> {
    nodes
        .into_iter()
        .map(|node| expression(context, node))
        .collect()
}

/// Takes off parentheses and `await`.
pub(super) fn unwrapped(mut node: Node<'_>) -> Node<'_> {
    while matches!(node.kind(), PARENTHESIZED | AWAIT | AS_PATTERN_TARGET) {
        match children(node).as_slice() {
            [inner] => node = *inner,
            _ => break,
        }
    }
    node
}

fn kind_of(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    match node.kind() {
        IDENTIFIER => {
            let text = context.text(node);
            context.variable(text)
        }
        STRING => strings::string(context, node),
        CONCATENATED_STRING => strings::adjacent(context, node),
        INTEGER => integer(context.text(node)),
        TRUE => ExprKind::Bool(true),
        FALSE => ExprKind::Bool(false),
        NONE | ELLIPSIS => ExprKind::Null,
        ATTRIBUTE => attribute(context, node),
        DOTTED_NAME => dotted(context, node),
        SUBSCRIPT => subscript(context, node),
        LAMBDA => functions::lambda(context, node),
        YIELD => yielded(context, node),
        LIST | TUPLE | SET | DICTIONARY | EXPRESSION_LIST | PATTERN_LIST | TUPLE_PATTERN
        | LIST_PATTERN => array(context, node),
        LIST_COMPREHENSION | SET_COMPREHENSION | GENERATOR | DICTIONARY_COMPREHENSION => {
            comprehension(context, node)
        }
        ASSIGNMENT => assignment(context, node, field::LEFT, field::RIGHT),
        NAMED_EXPRESSION => assignment(context, node, field::NAME, field::VALUE),
        _ => operators::operation(context, node),
    }
}

fn integer(text: &str) -> ExprKind {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let radix = |prefix| digits.strip_prefix(prefix);
    let value = if let Some(digits) = radix("0x") {
        i64::from_str_radix(digits, 16)
    } else if let Some(digits) = radix("0o") {
        i64::from_str_radix(digits, 8)
    } else if let Some(digits) = radix("0b") {
        i64::from_str_radix(digits, 2)
    } else {
        digits.parse()
    };
    value.map_or(ExprKind::Unknown(Vec::new()), ExprKind::Int)
}

fn attribute(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let object = Box::new(child(context, node, field::OBJECT));
    let property = node.child_by_field_name(field::ATTRIBUTE);
    let property = property.map_or("", |property| context.text(property));
    if property == "__class__" && matches!(object.kind, ExprKind::This) {
        return ExprKind::Class(ClassRef::Static);
    }
    ExprKind::Member {
        object,
        property: context.name(property),
    }
}

/// Lowers the dotted name of a pattern.
fn dotted(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let mut parts = children(node).into_iter();
    let Some(first) = parts.next() else {
        return ExprKind::Unknown(Vec::new());
    };
    let mut whole = expression(context, first);
    for part in parts {
        let kind = ExprKind::Member {
            object: Box::new(whole),
            property: context.name_of(part),
        };
        whole = Expr::new(kind, span(node));
    }
    whole.kind
}

fn subscript(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let object = Box::new(child(context, node, field::VALUE));
    let keys = fields(node, field::SUBSCRIPT);
    match keys.as_slice() {
        [slice] if slice.kind() == SLICE => {
            let bounds = all(context, children(*slice));
            let part = ExprKind::Index {
                object,
                index: None,
            };
            if bounds.iter().all(operators::is_quiet) {
                return part;
            }
            let part = Expr::new(part, span(node));
            ExprKind::Unknown(std::iter::once(part).chain(bounds).collect())
        }
        [key] => ExprKind::Index {
            object,
            index: Some(Box::new(expression(context, *key))),
        },
        keys => {
            let entries = keys.iter().map(|key| entry(context, *key)).collect();
            let index = Expr::new(ExprKind::Array(entries), span(node));
            ExprKind::Index {
                object,
                index: Some(Box::new(index)),
            }
        }
    }
}

fn yielded(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let value = children(node).into_iter().next();
    let value = value.map(|value| expression(context, value));
    let is_each = node
        .child(1)
        .is_some_and(|second| second.kind() == token::FROM);
    let value = value.map(|value| if is_each { element(value) } else { value });
    ExprKind::Yield(value.map(Box::new))
}

/// Returns some element of a collection.
fn element(collection: Expr) -> Expr {
    let span = collection.span;
    let kind = ExprKind::Index {
        object: Box::new(collection),
        index: Some(Box::new(Expr::unknown(Vec::new(), span))),
    };
    Expr::new(kind, span)
}

fn array(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let entries = children(node).into_iter();
    ExprKind::Array(entries.map(|inner| entry(context, inner)).collect())
}

fn entry(context: &mut Context<'_>, node: Node<'_>) -> Entry {
    let node = unwrapped(node);
    let spread = || children(node).into_iter().next().unwrap_or(node);
    let (key, value, kind) = match node.kind() {
        PAIR => {
            let key = child(context, node, field::KEY);
            let value = child(context, node, field::VALUE);
            (Some(key), value, EntryKind::Value)
        }
        LIST_SPLAT | DICTIONARY_SPLAT | LIST_SPLAT_PATTERN => {
            (None, expression(context, spread()), EntryKind::Spread)
        }
        _ => (None, expression(context, node), EntryKind::Value),
    };
    Entry {
        key,
        value,
        default: None,
        kind,
    }
}

/// Lowers a comprehension. A condition that may call something becomes a turn that binds nothing, so
/// that it is evaluated; of a map the values are kept, and a key is treated like a condition.
fn comprehension(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let mut turns = Vec::new();
    for clause in children(node) {
        match clause.kind() {
            FOR_IN => turns.extend(each(context, clause)),
            IF_CLAUSE => {
                let conditions = all(context, children(clause));
                turns.extend(conditions.into_iter().filter_map(evaluated));
            }
            _ => {}
        }
    }
    let body = node.child_by_field_name(field::BODY);
    let value = match body.filter(|body| body.kind() == PAIR) {
        None => child(context, node, field::BODY),
        Some(pair) => {
            turns.extend(evaluated(child(context, pair, field::KEY)));
            child(context, pair, field::VALUE)
        }
    };
    ExprKind::Comprehension {
        value: Box::new(value),
        each: turns,
    }
}

fn evaluated(expr: Expr) -> Option<Each> {
    let needed = Some(expr).filter(|expr| !operators::is_quiet(expr));
    needed.map(|expr| Each {
        key: None,
        target: Expr::new(ExprKind::Array(Vec::new()), expr.span),
        iterable: expr,
        keys_only: false,
    })
}

fn assignment(context: &mut Context<'_>, node: Node<'_>, left: &str, right: &str) -> ExprKind {
    let value = Box::new(child(context, node, right));
    let target = Box::new(child(context, node, left));
    ExprKind::Assign { target, value }
}
