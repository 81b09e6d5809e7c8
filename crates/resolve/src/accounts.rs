//! What callers say of the account that a request is sent for, where what they hand in is not known.
//!
//! A parameter that nothing is known of stands for an account that is given. A caller that hands in
//! what it does not know itself may hand in nothing, which means the own account.

use model::facts::{Expr, ExprKind};

use crate::{
    evaluator::{Evaluator, Frame, Handed},
    extras::is_account,
    value::{Atom, Origin, Value},
};

/// Words in names of what is set once for a whole program, and may be empty.
const SETTINGS: [&str; 7] = [
    "config", "setting", "option", "env", "process", "param", "args",
];

impl Evaluator<'_> {
    /// Returns the value of an option; the account of an object that is at hand is one that is given.
    ///
    /// Nothing is known of `seller.account`, but whoever writes that has a seller. Fields of the own
    /// class, settings, and what is reached by `?.` may be empty.
    pub(crate) fn account_given(
        &self,
        frame: &Frame,
        name: &str,
        expr: &Expr,
        value: Value,
    ) -> Value {
        let is_open = value.is_unknown() || value.atoms.as_slice() == [Atom::Foreign];
        if !is_account(name) || !is_open || is_said_to_be_empty(&value) {
            return value;
        }
        let ExprKind::Member { object, .. } = &expr.kind else {
            return value;
        };
        let text = &self.program.file(frame.file).source.text;
        let (start, end) = (object.span.start as usize, expr.span.end as usize);
        let is_guarded = text.get(start..end).is_none_or(|text| text.contains('?'));
        if is_guarded {
            return Value::unknown();
        }
        if !is_of_a_record(object) {
            return value;
        }
        Value::of(Atom::Foreign)
    }

    /// Returns arguments with those filled in that may name no account; `None` where all name one.
    pub(crate) fn with_accounts(
        &self,
        handed: &Handed,
        given: &[Option<Value>],
        mut inside: Vec<Value>,
    ) -> Option<Vec<Value>> {
        let mut is_any = false;
        for index in handed.direct.params() {
            if let (Some(Some(value)), Some(inside)) = (given.get(index), inside.get_mut(index))
                && value.is_unknown()
                && is_said(value)
            {
                *inside = value.handed_in(Origin::param(index), &self.rebased);
                is_any = true;
            }
        }
        is_any.then_some(inside)
    }
}

/// Tells whether `null` is among what a value can be.
fn is_said_to_be_empty(value: &Value) -> bool {
    value.atoms.iter().any(|atom| matches!(atom, Atom::Null))
}

/// Tells whether an expression is a variable that holds one thing of many, by its name.
fn is_of_a_record(object: &Expr) -> bool {
    match &object.kind {
        ExprKind::Name(name) => {
            let name = name.to_ascii_lowercase();
            !SETTINGS.iter().any(|word| name.contains(word))
        }
        ExprKind::Member { object, property } => {
            let property = property.to_ascii_lowercase();
            !SETTINGS.iter().any(|word| property.contains(word)) && is_of_a_record(object)
        }
        _ => false,
    }
}

/// Tells whether a value says more of an account than that a caller hands one in.
pub(crate) fn is_said(value: &Value) -> bool {
    !value.is_unknown() || value.open || is_said_to_be_empty(value)
}
