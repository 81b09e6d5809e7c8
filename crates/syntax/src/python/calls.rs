//! Calls, and the built-in functions that the facts have words for.

use model::facts::{Argument, ClassRef, Entry, EntryKind, Expr, ExprKind, Import, Operator};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        children,
        context::Context,
        expressions::{child, expression, unwrapped},
        kind::{
            field,
            node::{ATTRIBUTE, DICTIONARY_SPLAT, GENERATOR, KEYWORD_ARGUMENT, LIST_SPLAT},
        },
        types,
    },
};

/// Lowers a call.
pub(super) fn call(context: &mut Context<'_>, node: Node<'_>) -> Expr {
    let function = node.child_by_field_name(field::FUNCTION).map(unwrapped);
    let name = function.map_or("", |function| context.text(function));
    if let Some(kind) = special(context, name, node) {
        return Expr::new(kind, span(node));
    }
    let callee = Box::new(child(context, node, field::FUNCTION));
    let place = function.map_or_else(|| span(node), called_name);
    let kind = ExprKind::Call {
        callee,
        arguments: arguments(context, node),
    };
    Expr::new(kind, place)
}

/// Returns where the called name is.
fn called_name(function: Node<'_>) -> model::source::Span {
    let attribute = Some(function)
        .filter(|function| function.kind() == ATTRIBUTE)
        .and_then(|function| function.child_by_field_name(field::ATTRIBUTE));
    span(attribute.unwrap_or(function))
}

fn arguments(context: &mut Context<'_>, node: Node<'_>) -> Vec<Argument> {
    let Some(list) = node.child_by_field_name(field::ARGUMENTS) else {
        return Vec::new();
    };
    if list.kind() == GENERATOR {
        return vec![Argument::positional(expression(context, list))];
    }
    children(list)
        .into_iter()
        .map(|inner| argument(context, inner))
        .collect()
}

fn argument(context: &mut Context<'_>, node: Node<'_>) -> Argument {
    match node.kind() {
        KEYWORD_ARGUMENT => {
            let name = node.child_by_field_name(field::NAME);
            Argument {
                value: child(context, node, field::VALUE),
                name: name.map(|name| context.name_of(name)),
                spread: false,
            }
        }
        LIST_SPLAT | DICTIONARY_SPLAT => {
            let value = children(node).into_iter().next().unwrap_or(node);
            Argument {
                value: expression(context, value),
                name: None,
                spread: true,
            }
        }
        _ => Argument::positional(expression(context, node)),
    }
}

/// Lowers a call of a function whose meaning is known to every program.
fn special(context: &mut Context<'_>, name: &str, node: Node<'_>) -> Option<ExprKind> {
    match name {
        "super" => Some(ExprKind::Class(ClassRef::Parent)),
        "type" => own_class(context, node),
        "getattr" => read_attribute(context, node),
        "setattr" => write_attribute(context, node),
        "dict" => map(context, node),
        "importlib.import_module" | "import_module" | "__import__" => require(context, node),
        _ if types::last_part(name) == "cast" => cast(context, name, node),
        _ => None,
    }
}

/// Returns the arguments if all of them are given by position.
fn positional(node: Node<'_>) -> Option<Vec<Node<'_>>> {
    let list = node.child_by_field_name(field::ARGUMENTS)?;
    let arguments = children(list);
    let is_plain = list.kind() != GENERATOR
        && !arguments.iter().any(|argument| {
            matches!(
                argument.kind(),
                KEYWORD_ARGUMENT | LIST_SPLAT | DICTIONARY_SPLAT
            )
        });
    is_plain.then_some(arguments)
}

/// `type(self)`.
fn own_class(context: &mut Context<'_>, node: Node<'_>) -> Option<ExprKind> {
    let receiver = context.place.receiver?;
    match positional(node)?.as_slice() {
        [only] if context.text(*only) == receiver.name && !receiver.is_class => {
            Some(ExprKind::Class(ClassRef::Static))
        }
        _ => None,
    }
}

/// `getattr(o, name)`, `getattr(o, name, default)`.
fn read_attribute(context: &mut Context<'_>, node: Node<'_>) -> Option<ExprKind> {
    let arguments = positional(node)?;
    let (object, name, default) = match arguments.as_slice() {
        [object, name] => (*object, *name, None),
        [object, name, default] => (*object, *name, Some(*default)),
        _ => return None,
    };
    let member = member(context, object, name);
    let Some(default) = default else {
        return Some(member);
    };
    Some(ExprKind::Binary {
        operator: Operator::Or,
        left: Box::new(Expr::new(member, span(node))),
        right: Box::new(expression(context, default)),
    })
}

/// `setattr(o, name, value)`.
fn write_attribute(context: &mut Context<'_>, node: Node<'_>) -> Option<ExprKind> {
    let arguments = positional(node)?;
    let [object, name, value] = arguments.as_slice() else {
        return None;
    };
    let target = member(context, *object, *name);
    Some(ExprKind::Assign {
        target: Box::new(Expr::new(target, span(node))),
        value: Box::new(expression(context, *value)),
    })
}

fn member(context: &mut Context<'_>, object: Node<'_>, name: Node<'_>) -> ExprKind {
    let object = Box::new(expression(context, object));
    let name = expression(context, name);
    match name.kind {
        ExprKind::Text(property) => ExprKind::Member { object, property },
        _ => ExprKind::DynamicMember {
            object,
            property: Box::new(name),
        },
    }
}

/// `dict(a=1, **b)` is the same map as `{"a": 1, **b}`.
fn map(context: &mut Context<'_>, node: Node<'_>) -> Option<ExprKind> {
    let list = node.child_by_field_name(field::ARGUMENTS)?;
    let is_plain = list.kind() != GENERATOR
        && children(list)
            .iter()
            .all(|child| matches!(child.kind(), KEYWORD_ARGUMENT | DICTIONARY_SPLAT));
    if !is_plain {
        return None;
    }
    let entries = children(list).into_iter().map(|inner| {
        let place = span(inner);
        let argument = argument(context, inner);
        let kind = if argument.spread {
            EntryKind::Spread
        } else {
            EntryKind::Value
        };
        Entry {
            key: argument
                .name
                .map(|name| Expr::new(ExprKind::Text(name), place)),
            value: argument.value,
            default: None,
            kind,
        }
    });
    Some(ExprKind::Array(entries.collect()))
}

/// `importlib.import_module("x")`.
fn require(context: &mut Context<'_>, node: Node<'_>) -> Option<ExprKind> {
    let arguments = positional(node)?;
    let [module] = arguments.as_slice() else {
        return None;
    };
    let module = expression(context, *module);
    Some(match module.kind {
        ExprKind::Text(module) => ExprKind::Require(module),
        _ => ExprKind::Call {
            callee: Box::new(child(context, node, field::FUNCTION)),
            arguments: vec![Argument::positional(module)],
        },
    })
}

/// `cast(T, x)` of the type library; other libraries call other things so.
fn cast(context: &mut Context<'_>, name: &str, node: Node<'_>) -> Option<ExprKind> {
    let local = name.split('.').next().unwrap_or_default();
    let is_typing = |import: &Import| {
        *import.local == *local && matches!(&*import.module, "typing" | "typing_extensions")
    };
    if !context.facts.imports.iter().any(is_typing) {
        return None;
    }
    let arguments = positional(node)?;
    let [ty, value] = arguments.as_slice() else {
        return None;
    };
    Some(ExprKind::Cast {
        value: Box::new(expression(context, *value)),
        ty: types::annotation(context, *ty),
    })
}
