//! Runs the initial values of fields that do something, although nobody may read the field.
//!
//! `handle = wrap(async () => …)` in a class hands a function to code that calls it, and
//! `items = client.items.list()` calls when the class is made. A table of URLs is data for other code.

use model::facts::{Expr, ExprKind};

use crate::{
    evaluator::Evaluator,
    program::{ClassId, FunctionId},
    request::API_HOSTS,
    visit,
};

impl Evaluator<'_> {
    /// Evaluates those initial values of a class that call, or hold URLs or functions that can matter.
    pub(crate) fn run_field_values(&mut self, class: ClassId) {
        let program = self.program;
        for field in &program.class(class).fields {
            if field
                .value
                .as_ref()
                .is_some_and(|value| self.acts(class, value))
            {
                self.initial_field(class, &field.name);
            }
        }
    }

    fn acts(&self, class: ClassId, value: &Expr) -> bool {
        let module = FunctionId {
            file: class.file,
            index: 0,
        };
        let can_call = self.reach.has_class(class) || self.reach.contains(module);
        let mut acts = false;
        visit::walk(value, &mut |expr| {
            acts |= match &expr.kind {
                ExprKind::Function(index) => self.reach.contains(FunctionId {
                    file: class.file,
                    index: index.0,
                }),
                ExprKind::Text(text) => API_HOSTS.iter().any(|host| text.contains(host)),
                ExprKind::Call { .. } | ExprKind::New { .. } => can_call,
                _ => false,
            };
        });
        acts
    }
}
