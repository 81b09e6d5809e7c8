//! Python: what a name is bound to whose function has decorators of the unit.
//!
//! Only decorators that can lead to Stripe are run: what others hand in says nothing of it, and the
//! function they are written on is run with open parameters anyway.

use model::{
    facts::{Expr, ExprKind, FunctionIndex, FunctionKind},
    language::Language,
};

use crate::{
    evaluator::{Arguments, Evaluator, Frame},
    names::callable,
    program::{FunctionId, number},
    value::{Atom, Value},
};

impl Evaluator<'_> {
    /// Binds the decorated functions of a module to what their decorators make of them, and runs that
    /// once as code outside would.
    pub(crate) fn bind_decorated(&mut self, frame: &mut Frame) {
        let file = frame.file;
        if self.program.language(file) != Language::Python {
            return;
        }
        for (index, function) in self.program.file(file).functions.iter().enumerate() {
            let is_top = function.parent == Some(FunctionIndex(0)) && function.class.is_none();
            if !is_top || function.kind != FunctionKind::Function || function.decorators.is_empty()
            {
                continue;
            }
            let index = number(index);
            let Some(made) = self.decorated(frame, FunctionId { file, index }) else {
                continue;
            };
            frame.env.insert(function.name.clone(), made.clone());
            let open = Arguments {
                open: true,
                ..Arguments::default()
            };
            self.call_value(frame, &made, &open, function.span);
        }
    }

    /// Returns what the decorators of the unit make of a function; `None` where they leave it alone.
    fn decorated(&mut self, frame: &mut Frame, function: FunctionId) -> Option<Value> {
        let plain = Value::of(callable(function));
        let decorators = &self.program.function(function).decorators;
        let made = decorators.iter().rev().fold(plain.clone(), |made, expr| {
            self.apply(frame, expr, &made).unwrap_or(made)
        });
        (made != plain).then_some(made)
    }

    fn apply(&mut self, frame: &mut Frame, decorator: &Expr, function: &Value) -> Option<Value> {
        let named = match &decorator.kind {
            ExprKind::Call { callee, .. } => callee,
            _ => decorator,
        };
        let maker = self.eval(frame, named);
        if !self.leads_to_stripe(&maker) {
            return None;
        }
        let decorator_value = self.eval(frame, decorator);
        let arguments = Arguments::of([function.clone()]);
        let made = self.call_value(frame, &decorator_value, &arguments, decorator.span);
        let is_function = |atom: &Atom| matches!(atom, Atom::Function(_));
        let made = made.without(|atom| !is_function(atom));
        made.atoms.iter().any(is_function).then(|| made.closed())
    }

    /// Tells whether a value is a function of the unit that can have to do with Stripe.
    fn leads_to_stripe(&self, value: &Value) -> bool {
        value.atoms.iter().any(|atom| match atom {
            Atom::Function(callable) => self.reach.contains(callable.function),
            _ => false,
        })
    }
}
