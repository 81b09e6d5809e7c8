//! Functions inside functions: what they remember, and how they are run where they are written.
//!
//! What becomes of a closure is often not known: it is handed to a library, or kept for later. So each is
//! run where it is written, as something that is called some time with something.

use std::rc::Rc;

use model::{Name, facts::ExprKind};

use crate::{
    env::Env,
    evaluator::{Context, Evaluator, Frame, Summary},
    held::Held,
    program::FunctionId,
    value::{Atom, Callable, Origin, Value},
};

/// How deep calls nest before closures in them are no longer run where they are written.
const MAX_INLINE: usize = 32;

impl Evaluator<'_> {
    /// Runs a closure or nested function that is written in the function that runs.
    ///
    /// It is a run like any other, of which what it remembers is a part; only where it changes something of
    /// the function around it, it is run as a part of that. Closures of modules are not run here, but by
    /// themselves, when the names of the module are known.
    pub(crate) fn run_written(&mut self, frame: &mut Frame, function: FunctionId) {
        if frame.function.index == 0 && self.program.is_module_closure(function) {
            return;
        }
        if self.depth > MAX_INLINE || self.is_exhausted() {
            self.cut_short(function, false);
            return;
        }
        let assigned = self.assigned_around(frame, function);
        let is_apart = frame.function.index != 0
            && frame.outer.is_empty()
            && frame.constructing.is_none()
            && assigned.is_empty();
        if !is_apart {
            self.run_inline(frame, function, assigned);
            return;
        }
        let written = Callable {
            function,
            this: frame.this.clone(),
            captured: self.captured(frame, function, Value::clone),
        };
        let (this, captured) = self.held_inside(&written);
        let arguments = self.open_arguments(function);
        let given = vec![Some(Value::of(Atom::Param(Origin::OUTER))); arguments.len()];
        let summary = self.summary_of_closure(Context {
            function,
            this,
            captured,
            arguments,
            constructing: false,
        });
        self.settle_written(frame, &written, &given, &summary);
    }

    /// Runs a closure as a part of the function around it, of which it changes names or fields.
    fn run_inline(&mut self, frame: &mut Frame, function: FunctionId, assigned: Vec<Name>) {
        let facts = self.program.function(function);
        let mut inner = self.frame(function, frame.this.clone(), frame.env.clone());
        inner.outer.clone_from(&frame.outer);
        self.depth += 1;
        for param in &facts.params {
            let mut value = Value::of(Atom::Param(Origin::OUTER));
            if let Some(ty) = &param.ty {
                value = self.with_type(&inner, value, ty);
            }
            if let ExprKind::Name(name) = &param.target.kind {
                inner.env.insert(name.clone(), value);
            } else {
                self.assign(&mut inner, &param.target, value, None);
            }
        }
        self.block(&mut inner, &facts.body);
        self.depth -= 1;
        frame.depends = frame.depends.join(inner.depends);
        for pending in inner.pending {
            self.put(frame, pending);
        }
        for name in assigned {
            if let (Some(old), Some(new)) = (frame.env.get(&name), inner.env.get(&name)) {
                let joined = old.join(new);
                frame.env.insert(name, joined);
            }
        }
    }

    /// Lists the names of the function that runs which a closure assigns.
    fn assigned_around(&self, frame: &Frame, function: FunctionId) -> Vec<Name> {
        let assigned = self.scopes.assigned(function);
        let around = assigned.iter().filter(|name| frame.env.contains_key(name));
        around.cloned().collect()
    }

    /// Makes a function value that remembers the names around it.
    pub(crate) fn closure(&mut self, frame: &Frame, function: FunctionId) -> Value {
        let captured = self.captured(frame, function, |value| {
            if self.is_worth_capturing(value) {
                without_functions(value)
            } else {
                // It hides what the module calls by the same name.
                Value::unknown()
            }
        });
        Value::of(Atom::Function(Held::new(Callable {
            function,
            this: frame.this.clone(),
            captured,
        })))
    }

    /// Returns what a closure remembers of the names of the function that runs.
    fn captured(&self, frame: &Frame, function: FunctionId, kept: impl Fn(&Value) -> Value) -> Env {
        match self.scopes.free_names(function) {
            Some(names) if frame.function.index != 0 => frame
                .env
                .iter()
                .filter(|(name, _)| names.contains(*name))
                .map(|(name, value)| (name.clone(), kept(value)))
                .collect(),
            _ => Env::new(),
        }
    }

    /// Reports what a closure requests that is called some time, and passes on what the function around it
    /// decides of that.
    fn settle_written(
        &mut self,
        frame: &mut Frame,
        written: &Callable,
        given: &[Option<Value>],
        summary: &Rc<Summary>,
    ) {
        if let Some(recorder) = &mut self.recorder {
            recorder.ran(self.depth, written.function, summary);
        }
        self.hand_on(frame, given, &summary.handed);
        // What it is given some time, nobody around it decides.
        frame.note_uses(summary.depends, written, &[]);
        for pending in &summary.pending {
            let mut pending = pending.clone();
            pending.move_out(written, given);
            self.put(frame, pending);
        }
    }
}

/// Returns a captured value without functions that capture others: those are found by name again.
fn without_functions(value: &Value) -> Value {
    value.without(|atom| matches!(atom, Atom::Function(callable) if callable.captured.values().next().is_some()))
}
