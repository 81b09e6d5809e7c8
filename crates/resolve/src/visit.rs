//! Walks over statements and expressions without evaluating them.

use std::collections::BTreeSet;

use model::{
    Name,
    facts::{Each, Expr, ExprKind, FileFacts, FunctionIndex, Param, Stmt},
};

/// Calls `on` with every expression in `statements`, outer ones first; nested functions are not entered.
pub(crate) fn expressions<'a>(statements: &'a [Stmt], on: &mut dyn FnMut(&'a Expr)) {
    for statement in statements {
        match statement {
            Stmt::Expr(expr) => walk(expr, on),
            Stmt::Assign { target, value, .. } => {
                walk(target, on);
                value.iter().for_each(|value| walk(value, on));
            }
            Stmt::Return(value) | Stmt::Exit(value) => {
                value.iter().for_each(|value| walk(value, on));
            }
            Stmt::If {
                test,
                then,
                otherwise,
            } => {
                walk(test, on);
                expressions(then, on);
                expressions(otherwise, on);
            }
            Stmt::Switch { subject, cases } => {
                walk(subject, on);
                for case in cases {
                    case.tests.iter().for_each(|test| walk(test, on));
                    expressions(&case.body, on);
                }
            }
            Stmt::Loop { each, body } => {
                each.iter().for_each(|each| walk_each(each, on));
                expressions(body, on);
            }
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                expressions(body, on);
                handlers.iter().for_each(|handler| expressions(handler, on));
                expressions(finally, on);
            }
            Stmt::Outer(_) | Stmt::Function(_) | Stmt::Class(_) => {}
        }
    }
}

fn walk_each<'a>(each: &'a Each, on: &mut dyn FnMut(&'a Expr)) {
    each.key.iter().for_each(|key| walk(key, on));
    walk(&each.target, on);
    walk(&each.iterable, on);
}

/// Calls `on` with `expr` and every expression inside it.
pub(crate) fn walk<'a>(expr: &'a Expr, on: &mut dyn FnMut(&'a Expr)) {
    on(expr);
    match &expr.kind {
        ExprKind::Name(_)
        | ExprKind::Global(_)
        | ExprKind::This
        | ExprKind::Class(_)
        | ExprKind::Function(_)
        | ExprKind::ClassLiteral(_)
        | ExprKind::Text(_)
        | ExprKind::Int(_)
        | ExprKind::Bool(_)
        | ExprKind::Null
        | ExprKind::Require(_) => {}
        ExprKind::Member { object, .. } => walk(object, on),
        ExprKind::StaticMember { class, .. } => walk(class, on),
        ExprKind::DynamicMember { object, property } => {
            walk(object, on);
            walk(property, on);
        }
        ExprKind::DynamicStaticMember { class, property } => {
            walk(class, on);
            walk(property, on);
        }
        ExprKind::Index { object, index } => {
            walk(object, on);
            index.iter().for_each(|index| walk(index, on));
        }
        ExprKind::Call { callee, arguments } => {
            walk(callee, on);
            arguments
                .iter()
                .for_each(|argument| walk(&argument.value, on));
        }
        ExprKind::New { class, arguments } => {
            walk(class, on);
            arguments
                .iter()
                .for_each(|argument| walk(&argument.value, on));
        }
        ExprKind::Array(entries) => {
            for entry in entries {
                entry.key.iter().for_each(|key| walk(key, on));
                walk(&entry.value, on);
                entry.default.iter().for_each(|default| walk(default, on));
            }
        }
        ExprKind::Concat(parts) | ExprKind::Unknown(parts) => {
            parts.iter().for_each(|part| walk(part, on));
        }
        ExprKind::Choice {
            test,
            then,
            otherwise,
        } => {
            walk(test, on);
            walk(then, on);
            walk(otherwise, on);
        }
        ExprKind::Binary { left, right, .. } => {
            walk(left, on);
            walk(right, on);
        }
        ExprKind::Not(inner) => walk(inner, on),
        ExprKind::Assign { target, value } => {
            walk(target, on);
            walk(value, on);
        }
        ExprKind::Cast { value, .. } => walk(value, on),
        ExprKind::Yield(value) => value.iter().for_each(|value| walk(value, on)),
        ExprKind::Comprehension { value, each } => {
            each.iter().for_each(|each| walk_each(each, on));
            walk(value, on);
        }
    }
}

/// Calls `on` with the target of every assignment in `statements`, patterns taken apart.
pub(crate) fn assignments<'a>(statements: &'a [Stmt], on: &mut dyn FnMut(&'a Expr)) {
    for statement in statements {
        match statement {
            Stmt::Assign { target, .. } => targets(target, on),
            Stmt::If {
                then, otherwise, ..
            } => {
                assignments(then, on);
                assignments(otherwise, on);
            }
            Stmt::Switch { cases, .. } => {
                cases.iter().for_each(|case| assignments(&case.body, on));
            }
            Stmt::Loop { each, body } => {
                each.iter().for_each(|each| targets(&each.target, on));
                assignments(body, on);
            }
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                assignments(body, on);
                handlers.iter().for_each(|handler| assignments(handler, on));
                assignments(finally, on);
            }
            Stmt::Expr(_)
            | Stmt::Return(_)
            | Stmt::Exit(_)
            | Stmt::Outer(_)
            | Stmt::Function(_)
            | Stmt::Class(_) => {}
        }
    }
    expressions(statements, &mut |expr| {
        if let ExprKind::Assign { target, .. } = &expr.kind {
            targets(target, on);
        }
    });
}

fn targets<'a>(target: &'a Expr, on: &mut dyn FnMut(&'a Expr)) {
    match &target.kind {
        ExprKind::Array(entries) => {
            entries.iter().for_each(|entry| targets(&entry.value, on));
        }
        // `$this->list[] = x` and `this.map[key] = x` change the field too.
        ExprKind::Index { object, .. } => targets(object, on),
        _ => on(target),
    }
}

/// Collects the names that the functions inside a function read.
pub(crate) fn names_read_inside(facts: &FileFacts, function: FunctionIndex) -> BTreeSet<Name> {
    let mut names = BTreeSet::new();
    let mut todo = Vec::new();
    if let Some(outer) = facts.functions.get(function.0 as usize) {
        expressions(&outer.body, &mut |expr| {
            if let ExprKind::Function(inner) = &expr.kind {
                todo.push(*inner);
            }
        });
        declared_inside(&outer.body, &mut todo);
    }
    while let Some(index) = todo.pop() {
        let Some(function) = facts.functions.get(index.0 as usize) else {
            continue;
        };
        let mut on = |expr: &Expr| match &expr.kind {
            ExprKind::Name(name) => {
                names.insert(name.clone());
            }
            ExprKind::Function(inner) => todo.push(*inner),
            _ => {}
        };
        for Param { default, .. } in &function.params {
            default.iter().for_each(|default| walk(default, &mut on));
        }
        expressions(&function.body, &mut on);
        declared_inside(&function.body, &mut todo);
    }
    names
}

/// Collects the functions that `statements` declare.
pub(crate) fn declared_inside(statements: &[Stmt], to: &mut Vec<FunctionIndex>) {
    for statement in statements {
        match statement {
            Stmt::Function(index) => to.push(*index),
            Stmt::If {
                then, otherwise, ..
            } => {
                declared_inside(then, to);
                declared_inside(otherwise, to);
            }
            Stmt::Switch { cases, .. } => {
                cases
                    .iter()
                    .for_each(|case| declared_inside(&case.body, to));
            }
            Stmt::Loop { body, .. } => declared_inside(body, to),
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                declared_inside(body, to);
                handlers
                    .iter()
                    .for_each(|handler| declared_inside(handler, to));
                declared_inside(finally, to);
            }
            Stmt::Expr(_)
            | Stmt::Assign { .. }
            | Stmt::Return(_)
            | Stmt::Exit(_)
            | Stmt::Outer(_)
            | Stmt::Class(_) => {}
        }
    }
}
