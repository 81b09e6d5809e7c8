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
    parts_of_each(each, &mut |part| walk(part, on));
}

fn parts_of_each<'a>(each: &'a Each, on: &mut dyn FnMut(&'a Expr)) {
    if let Some(key) = &each.key {
        on(key);
    }
    on(&each.target);
    on(&each.iterable);
}

/// Calls `on` with `expr` and every expression inside it.
pub(crate) fn walk<'a>(expr: &'a Expr, on: &mut dyn FnMut(&'a Expr)) {
    on(expr);
    parts(expr, &mut |part| walk(part, on));
}

/// Calls `on` with the expressions that `expr` is made of, not with those inside them.
pub(crate) fn parts<'a>(expr: &'a Expr, on: &mut dyn FnMut(&'a Expr)) {
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
        ExprKind::Member { object, .. } => on(object),
        ExprKind::StaticMember { class, .. } => on(class),
        ExprKind::DynamicMember { object, property } => {
            on(object);
            on(property);
        }
        ExprKind::DynamicStaticMember { class, property } => {
            on(class);
            on(property);
        }
        ExprKind::Index { object, index } => {
            on(object);
            if let Some(index) = index {
                on(index);
            }
        }
        ExprKind::Call { callee, arguments } => {
            on(callee);
            for argument in arguments {
                on(&argument.value);
            }
        }
        ExprKind::New { class, arguments } => {
            on(class);
            for argument in arguments {
                on(&argument.value);
            }
        }
        ExprKind::Array(entries) => {
            for entry in entries {
                if let Some(key) = &entry.key {
                    on(key);
                }
                on(&entry.value);
                if let Some(default) = &entry.default {
                    on(default);
                }
            }
        }
        ExprKind::Concat(parts) | ExprKind::Unknown(parts) => {
            for part in parts {
                on(part);
            }
        }
        ExprKind::Choice {
            test,
            then,
            otherwise,
        } => {
            on(test);
            on(then);
            on(otherwise);
        }
        ExprKind::Binary { left, right, .. } => {
            on(left);
            on(right);
        }
        ExprKind::Not(inner) => on(inner),
        ExprKind::Assign { target, value } => {
            on(target);
            on(value);
        }
        ExprKind::Cast { value, .. } => on(value),
        ExprKind::Yield(value) => {
            if let Some(value) = value {
                on(value);
            }
        }
        ExprKind::Comprehension { value, each } => {
            for each in each {
                parts_of_each(each, on);
            }
            on(value);
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

/// Calls `on` with what the assignments bind that are statements themselves.
pub(crate) fn bound_by_statements<'a>(statements: &'a [Stmt], on: &mut Binding<'a, '_>) {
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
