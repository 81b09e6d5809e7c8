//! What tests of a type say of a name: `isinstance(x, C)`, `type(x) is C`, `x instanceof C`.

use model::facts::{Expr, ExprKind};

use crate::{
    evaluator::{Evaluator, Frame},
    value::{Atom, Value},
};

impl Evaluator<'_> {
    /// Narrows a name by a call that holds.
    pub(crate) fn narrow_by_call(&mut self, frame: &mut Frame, test: &Expr) {
        if let Some((subject, class)) = is_instance_call(test) {
            self.narrow_instance(frame, subject, class);
        }
    }

    /// Narrows the name in `type(x)`, which equals `class`.
    pub(crate) fn narrow_type(&mut self, frame: &mut Frame, left: &Expr, class: &Expr) {
        if let ExprKind::Call { callee, arguments } = &left.kind
            && is_name(callee, "type")
            && let [subject] = arguments.as_slice()
        {
            self.narrow_instance(frame, &subject.value, class);
        }
    }

    /// Narrows a name to instances of a class, or of one of several in a tuple.
    pub(crate) fn narrow_instance(&mut self, frame: &mut Frame, left: &Expr, right: &Expr) {
        let ExprKind::Name(name) = &left.kind else {
            return;
        };
        let known = frame.env.get(name).cloned().unwrap_or_default();
        if !can_be_anything(&known) {
            return;
        }
        let class = self.eval(frame, right);
        let instance = class.flat_map(|atom| match atom {
            Atom::Map(map) => map.elements().flat_map(|class| self.instance_of(class)),
            class => self.instance_of(class),
        });
        let is_among = known.atoms.iter().any(|atom| instance.atoms.contains(atom));
        if instance.matters() && !is_among {
            frame.env.insert(name.clone(), instance);
        }
    }
}

/// Tells whether a value can be something that is not known.
fn can_be_anything(value: &Value) -> bool {
    let is_dark = |atom: &Atom| matches!(atom, Atom::Param(_) | Atom::Foreign);
    value.open || value.atoms.is_empty() || value.atoms.iter().any(is_dark)
}

/// Takes `isinstance(x, C)` apart.
pub(crate) fn is_instance_call(test: &Expr) -> Option<(&Expr, &Expr)> {
    let ExprKind::Call { callee, arguments } = &test.kind else {
        return None;
    };
    match arguments.as_slice() {
        [subject, class] if is_name(callee, "isinstance") => Some((&subject.value, &class.value)),
        _ => None,
    }
}

fn is_name(expr: &Expr, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if **name == *wanted)
}
