//! Walks over statements and expressions without evaluating them.

use std::collections::BTreeSet;

use model::{
    Name,
    facts::{Each, Expr, ExprKind, Function, FunctionIndex, Param, Stmt, Type},
};

/// Calls `on` with every expression in `statements`, outer ones first; nested functions are not entered.
pub(crate) fn expressions<'a>(statements: &'a [Stmt], on: &mut dyn FnMut(&'a Expr)) {
    for statement in statements {
        match statement {
            Stmt::Expr(expr) => walk(expr, on),
            Stmt::Assign { target, value, .. } => {
                walk(target, on);
                if let Some(value) = value {
                    walk(value, on);
                }
            }
            Stmt::Return(value) | Stmt::Exit(value) => {
                if let Some(value) = value {
                    walk(value, on);
                }
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
                    for test in &case.tests {
                        walk(test, on);
                    }
                    expressions(&case.body, on);
                }
            }
            Stmt::Loop { each, body } => {
                if let Some(each) = each {
                    walk_each(each, on);
                }
                expressions(body, on);
            }
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                expressions(body, on);
                for handler in handlers {
                    expressions(handler, on);
                }
                expressions(finally, on);
            }
            Stmt::Outer(_) | Stmt::Shared(_) | Stmt::Function(_) | Stmt::Class(_) => {}
        }
    }
}

/// Calls `on` with every statement in `statements`; nested functions are not entered.
pub(crate) fn statements<'a>(statements: &'a [Stmt], on: &mut dyn FnMut(&'a Stmt)) {
    for statement in statements {
        on(statement);
        match statement {
            Stmt::If {
                then, otherwise, ..
            } => {
                self::statements(then, on);
                self::statements(otherwise, on);
            }
            Stmt::Switch { cases, .. } => {
                for case in cases {
                    self::statements(&case.body, on);
                }
            }
            Stmt::Loop { body, .. } => self::statements(body, on),
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                self::statements(body, on);
                for handler in handlers {
                    self::statements(handler, on);
                }
                self::statements(finally, on);
            }
            _ => {}
        }
    }
}

fn walk_each<'a>(each: &'a Each, on: &mut dyn FnMut(&'a Expr)) {
    if let Some(key) = &each.key {
        walk(key, on);
    }
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
            if let Some(index) = index {
                walk(index, on);
            }
        }
        ExprKind::Call { callee, arguments } => {
            walk(callee, on);
            for argument in arguments {
                walk(&argument.value, on);
            }
        }
        ExprKind::New { class, arguments } => {
            walk(class, on);
            for argument in arguments {
                walk(&argument.value, on);
            }
        }
        ExprKind::Array(entries) => {
            for entry in entries {
                if let Some(key) = &entry.key {
                    walk(key, on);
                }
                walk(&entry.value, on);
                if let Some(default) = &entry.default {
                    walk(default, on);
                }
            }
        }
        ExprKind::Concat(parts) | ExprKind::Unknown(parts) => {
            for part in parts {
                walk(part, on);
            }
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
        ExprKind::Yield(value) => {
            if let Some(value) = value {
                walk(value, on);
            }
        }
        ExprKind::Comprehension { value, each } => {
            for each in each {
                walk_each(each, on);
            }
            walk(value, on);
        }
    }
}

/// Calls `on` with the target of every assignment in `statements`, patterns taken apart.
pub(crate) fn assignments<'a>(statements: &'a [Stmt], on: &mut dyn FnMut(&'a Expr)) {
    bindings(statements, &mut |target, _, _| targets(target, on));
}

/// Calls `on` with what every assignment in `statements` binds, its value and its declared type.
pub(crate) fn bindings<'a>(statements: &'a [Stmt], on: &mut Binding<'a, '_>) {
    bound_by_statements(statements, on);
    expressions(statements, &mut |expr| {
        if let ExprKind::Assign { target, value } = &expr.kind {
            on(target, Some(value), None);
        }
    });
}

/// Is called with a target, its value and its declared type.
type Binding<'a, 'f> = dyn FnMut(&'a Expr, Option<&'a Expr>, Option<&'a Type>) + 'f;

fn bound_by_statements<'a>(statements: &'a [Stmt], on: &mut Binding<'a, '_>) {
    for statement in statements {
        match statement {
            Stmt::Assign {
                target, value, ty, ..
            } => on(target, value.as_ref(), ty.as_ref()),
            Stmt::If {
                then, otherwise, ..
            } => {
                bound_by_statements(then, on);
                bound_by_statements(otherwise, on);
            }
            Stmt::Switch { cases, .. } => {
                for case in cases {
                    bound_by_statements(&case.body, on);
                }
            }
            Stmt::Loop { each, body } => {
                if let Some(each) = each {
                    on(&each.target, None, None);
                }
                bound_by_statements(body, on);
            }
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                bound_by_statements(body, on);
                for handler in handlers {
                    bound_by_statements(handler, on);
                }
                bound_by_statements(finally, on);
            }
            Stmt::Expr(_)
            | Stmt::Return(_)
            | Stmt::Exit(_)
            | Stmt::Outer(_)
            | Stmt::Shared(_)
            | Stmt::Function(_)
            | Stmt::Class(_) => {}
        }
    }
}

fn targets<'a>(target: &'a Expr, on: &mut dyn FnMut(&'a Expr)) {
    match &target.kind {
        ExprKind::Array(entries) => {
            for entry in entries {
                targets(&entry.value, on);
            }
        }
        // `$this->list[] = x` and `this.map[key] = x` change the field too.
        ExprKind::Index { object, .. } => targets(object, on),
        _ => on(target),
    }
}

/// What stands in one function.
#[derive(Debug, Default)]
pub(crate) struct Reads {
    /// Names that it reads itself.
    pub(crate) names: BTreeSet<Name>,
    /// Functions in it.
    pub(crate) functions: Vec<FunctionIndex>,
}

/// Collects the names that a function reads, and the functions in it.
pub(crate) fn reads(function: &Function) -> Reads {
    let mut reads = Reads::default();
    let mut on = |expr: &Expr| match &expr.kind {
        ExprKind::Name(name) => {
            reads.names.insert(name.clone());
        }
        ExprKind::Function(inner) => reads.functions.push(*inner),
        _ => {}
    };
    for Param { default, .. } in &function.params {
        if let Some(default) = default {
            walk(default, &mut on);
        }
    }
    expressions(&function.body, &mut on);
    declared_inside(&function.body, &mut reads.functions);
    reads
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
                for case in cases {
                    declared_inside(&case.body, to);
                }
            }
            Stmt::Loop { body, .. } => declared_inside(body, to),
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                declared_inside(body, to);
                for handler in handlers {
                    declared_inside(handler, to);
                }
                declared_inside(finally, to);
            }
            Stmt::Expr(_)
            | Stmt::Assign { .. }
            | Stmt::Return(_)
            | Stmt::Exit(_)
            | Stmt::Outer(_)
            | Stmt::Shared(_)
            | Stmt::Class(_) => {}
        }
    }
}

/// Calls `on` with each name in a type.
pub(crate) fn type_names(ty: &Type, on: &mut dyn FnMut(&str)) {
    match ty {
        Type::Named { name, arguments } => {
            on(name);
            for ty in arguments {
                type_names(ty, on);
            }
        }
        Type::Union(all) => all.iter().for_each(|ty| type_names(ty, on)),
        Type::List(inner) | Type::ClassOf(inner) => type_names(inner, on),
        Type::Object(members) => members.iter().for_each(|(_, ty)| type_names(ty, on)),
        Type::Of(name) => on(name),
        Type::Literal(_) | Type::Unknown => {}
    }
}
