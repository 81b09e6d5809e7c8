//! Turns of loops: a statement is run again only where the turn before has left something else to it.
//!
//! A loop is run twice, so that what one turn leaves behind reaches the next. Most statements read nothing
//! of that: what they did in the first turn, they would do again.

use std::collections::BTreeSet;

use model::{
    Name,
    facts::{Each, Expr, ExprKind, Stmt},
};

use crate::{
    evaluator::{Evaluator, Frame},
    program::{FunctionId, ends},
    reach::last,
    runs::Stretch,
    scopes::Scopes,
    value::Value,
    visit,
};

/// What a statement takes from the names of its function, and what it leaves in them.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    /// Names that it reads before it has assigned them itself.
    read: BTreeSet<Name>,
    /// Names that it assigns, on every way through it or on some.
    assigned: BTreeSet<Name>,
    /// Those that it assigns on every way.
    always: BTreeSet<Name>,
    /// Whether it can change names that it does not say.
    is_opaque: bool,
}

/// What a statement did in the first turn.
struct Done {
    /// What it read, by the order of [`Effects::read`].
    read: Vec<Option<Value>>,
    /// What was in the names that it reads or assigns, when it was done.
    left: Vec<(Name, Value)>,
    /// What the function noted meanwhile.
    stretch: Stretch,
    has_ended: bool,
}

impl Evaluator<'_> {
    /// Runs a loop twice, so that what one turn leaves behind reaches the next.
    pub(crate) fn repeat(&mut self, frame: &mut Frame, each: Option<&Each>, body: &[Stmt]) {
        frame.breaks.push(Vec::new());
        let mut after = frame.env.clone();
        let n_turns = if ends(body) { 1 } else { 2 };
        let is_watched = n_turns > 1
            && frame.constructing.is_none()
            && frame.function.index != 0
            && self.recorder.is_none();
        let mut done = Vec::new();
        for turn in 0..n_turns {
            if let Some(each) = each {
                self.bind_each(frame, each);
            }
            for (index, statement) in body.iter().enumerate() {
                if frame.ended {
                    break;
                }
                if is_watched && turn == 0 {
                    done.push(self.watched(frame, statement));
                    continue;
                }
                let known = done.get(index).and_then(Option::as_ref);
                if !known.is_some_and(|done| self.does_the_same(frame, statement, done)) {
                    self.statement(frame, statement);
                }
            }
            if !frame.ended {
                after = after.join_turn(&frame.env);
            }
            frame.ended = false;
            frame.env = after.clone();
        }
        for env in frame.breaks.pop().unwrap_or_default() {
            after = after.join(&env);
        }
        frame.env = after;
    }

    /// Runs a statement, and returns what it did; `None` where that cannot be told.
    fn watched(&mut self, frame: &mut Frame, statement: &Stmt) -> Option<Done> {
        let effects = self.scopes.effects(frame.function, statement);
        if effects.is_opaque {
            self.statement(frame, statement);
            return None;
        }
        let read = effects.read.iter().map(|name| frame.env.get(name).cloned());
        let read = read.collect();
        let mark = self.notes.trail.mark();
        self.statement(frame, statement);
        let names = effects.read.iter().chain(&effects.assigned);
        let left = names.filter_map(|name| Some((name.clone(), frame.env.get(name)?.clone())));
        Some(Done {
            read,
            left: left.collect(),
            stretch: self.notes.trail.stretch(mark),
            has_ended: frame.ended,
        })
    }

    /// Puts what a statement did before in place of another run, where that would do the same.
    fn does_the_same(&self, frame: &mut Frame, statement: &Stmt, done: &Done) -> bool {
        let effects = self.scopes.effects(frame.function, statement);
        let mut read = effects.read.iter().zip(&done.read);
        let reads_the_same = read.all(|(name, value)| frame.env.get(name) == value.as_ref());
        let trail = &self.notes.trail;
        if !reads_the_same || !trail.is_as_read_within(done.stretch, &self.table) {
            return false;
        }
        for (name, value) in &done.left {
            let is_certain = effects.always.contains(name) || effects.read.contains(name);
            let value = match frame.env.get(name) {
                Some(known) if !is_certain => known.join(value),
                _ => value.clone(),
            };
            frame.env.insert(name.clone(), value);
        }
        frame.ended = done.has_ended;
        true
    }
}

/// Says what a statement of a function takes and leaves.
pub(crate) fn effects(scopes: &Scopes<'_>, function: FunctionId, statement: &Stmt) -> Effects {
    let mut walk = Walk {
        scopes,
        function,
        effects: Effects::default(),
    };
    let mut always = BTreeSet::new();
    walk.statement(statement, &mut always);
    Effects {
        always,
        ..walk.effects
    }
}

struct Walk<'a, 'p> {
    scopes: &'a Scopes<'p>,
    function: FunctionId,
    effects: Effects,
}

impl Walk<'_, '_> {
    /// Walks over statements; `set` are the names that were certainly assigned until then.
    fn block(&mut self, statements: &[Stmt], set: &mut BTreeSet<Name>) {
        for statement in statements {
            self.statement(statement, set);
        }
    }

    /// Walks over statements of which nobody knows whether they are run.
    fn aside(&mut self, statements: &[Stmt], set: &BTreeSet<Name>) -> BTreeSet<Name> {
        let mut inner = set.clone();
        self.block(statements, &mut inner);
        inner
    }

    fn statement(&mut self, statement: &Stmt, set: &mut BTreeSet<Name>) {
        match statement {
            Stmt::Expr(expr) | Stmt::Return(Some(expr)) | Stmt::Exit(Some(expr)) => {
                self.expr(expr, set);
            }
            Stmt::Assign {
                target, value, ty, ..
            } => {
                if let Some(value) = value {
                    self.expr(value, set);
                }
                if value.is_some() || ty.is_some() {
                    self.target(target, set);
                }
            }
            Stmt::If {
                test,
                then,
                otherwise,
            } => {
                self.expr(test, set);
                let one = self.aside(then, set);
                let other = self.aside(otherwise, set);
                *set = match (ends(then), ends(otherwise)) {
                    (true, false) => other,
                    (false, true) => one,
                    _ => one.intersection(&other).cloned().collect(),
                };
            }
            Stmt::Switch { subject, cases } => {
                self.expr(subject, set);
                for case in cases {
                    let mut inner = set.clone();
                    for test in &case.tests {
                        self.expr(test, &mut inner);
                    }
                    self.block(&case.body, &mut inner);
                }
            }
            Stmt::Loop { each, body } => {
                let mut inner = set.clone();
                if let Some(each) = each {
                    self.expr(&each.iterable, &mut inner);
                    if let Some(key) = &each.key {
                        self.target(key, &mut inner);
                    }
                    self.target(&each.target, &mut inner);
                }
                self.block(body, &mut inner);
            }
            Stmt::Try {
                body,
                handlers,
                finally,
            } => {
                for part in [body].into_iter().chain(handlers).chain([finally]) {
                    self.aside(part, set);
                }
            }
            Stmt::Outer(_) | Stmt::Function(_) | Stmt::Class(_) => self.effects.is_opaque = true,
            Stmt::Return(None) | Stmt::Exit(None) | Stmt::Shared(_) => {}
        }
    }

    fn expr(&mut self, expr: &Expr, set: &mut BTreeSet<Name>) {
        match &expr.kind {
            ExprKind::Name(name) => self.name(name, set),
            ExprKind::Function(index) => {
                let function = FunctionId {
                    file: self.function.file,
                    index: index.0,
                };
                self.closure(function, set);
            }
            ExprKind::ClassLiteral(_) => self.effects.is_opaque = true,
            ExprKind::Assign { target, value } => {
                self.expr(value, set);
                self.target(target, set);
            }
            // Of two ways, or of what is done for each of some things, none may be taken.
            ExprKind::Choice {
                test,
                then,
                otherwise,
            } => {
                self.expr(test, set);
                self.expr(then, &mut set.clone());
                self.expr(otherwise, &mut set.clone());
            }
            ExprKind::Binary { left, right, .. } => {
                self.expr(left, set);
                self.expr(right, &mut set.clone());
            }
            ExprKind::Comprehension { value, each } => {
                let mut inner = set.clone();
                for each in each {
                    self.expr(&each.iterable, &mut inner);
                    if let Some(key) = &each.key {
                        self.target(key, &mut inner);
                    }
                    self.target(&each.target, &mut inner);
                }
                self.expr(value, &mut inner);
            }
            ExprKind::Call { callee, .. } => {
                if let ExprKind::Global(name) | ExprKind::Name(name) = &callee.kind {
                    self.effects.is_opaque |= last(name).eq_ignore_ascii_case("extract");
                }
                visit::parts(expr, &mut |part| self.expr(part, set));
            }
            _ => visit::parts(expr, &mut |part| self.expr(part, set)),
        }
    }

    /// Walks over what is assigned to; a name of which a part is assigned is read, too.
    fn target(&mut self, target: &Expr, set: &mut BTreeSet<Name>) {
        match &target.kind {
            ExprKind::Name(name) => {
                self.effects.assigned.insert(name.clone());
                set.insert(name.clone());
            }
            ExprKind::Array(entries) => {
                for entry in entries {
                    if let Some(key) = &entry.key {
                        self.expr(key, set);
                    }
                    if let Some(default) = &entry.default {
                        self.expr(default, &mut set.clone());
                    }
                    self.target(&entry.value, set);
                }
            }
            // PHP's `$$name = x`.
            ExprKind::Unknown(_) => self.effects.is_opaque = true,
            _ => self.expr(target, set),
        }
    }

    fn name(&mut self, name: &Name, set: &BTreeSet<Name>) {
        if !set.contains(name) && self.effects.read.insert(name.clone()) {
            // A function that is declared around remembers names, too.
            if let Some(function) = self.scopes.declared_around(self.function, name) {
                self.closure(function, set);
            }
        }
    }

    /// Notes what a closure remembers, and what it assigns of the names around it.
    fn closure(&mut self, function: FunctionId, set: &BTreeSet<Name>) {
        if let Some(names) = self.scopes.free_names(function) {
            for name in names.iter() {
                self.name(name, set);
            }
        }
        for name in self.scopes.assigned(function).iter() {
            self.effects.read.insert(name.clone());
        }
    }
}
