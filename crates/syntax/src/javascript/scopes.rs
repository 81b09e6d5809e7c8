//! Tells names that a function declares from outer names that it assigns.
//!
//! The facts have one statement for both. A function therefore lists the outer names that it assigns
//! in a [`Stmt::Outer`]; any other assigned name is its own.

use std::collections::HashSet;

use model::{
    Name,
    facts::{Expr, ExprKind, Stmt},
};

/// The names that one function binds.
#[derive(Default)]
pub(super) struct Scope {
    declared: HashSet<Name>,
    /// In the order of the source.
    assigned: Vec<Name>,
}

impl Scope {
    /// Notes a declaration: a variable, a parameter, a function or a class.
    pub(super) fn declare(&mut self, target: &Expr) {
        let mut names = Vec::new();
        bound_names(target, &mut names);
        self.declared.extend(names);
    }

    /// Notes the declaration of one name.
    pub(super) fn declare_name(&mut self, name: Name) {
        self.declared.insert(name);
    }

    /// Notes an assignment without a declaration.
    pub(super) fn assign(&mut self, target: &Expr) {
        bound_names(target, &mut self.assigned);
    }

    /// Returns the statement that lists the outer names, if there are any.
    pub(super) fn outer(self) -> Option<Stmt> {
        let mut known = self.declared;
        let names: Vec<Name> = self
            .assigned
            .into_iter()
            .filter(|name| known.insert(name.clone()))
            .collect();
        (!names.is_empty()).then_some(Stmt::Outer(names))
    }
}

/// Lists the names that a target binds.
pub(super) fn bound_names(target: &Expr, out: &mut Vec<Name>) {
    match &target.kind {
        ExprKind::Name(name) => out.push(name.clone()),
        ExprKind::Array(entries) => {
            for entry in entries {
                bound_names(&entry.value, out);
            }
        }
        _ => {}
    }
}
