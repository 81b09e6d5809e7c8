//! What callers say of the account that a request is sent for, where what they hand in is not known.
//!
//! A parameter that nothing is known of stands for an account that is given. A caller that hands in
//! what it does not know itself may hand in nothing, which means the own account.

use crate::{
    evaluator::{Evaluator, Handed},
    value::{Atom, Origin, Value},
};

impl Evaluator<'_> {
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

/// Tells whether a value says more of an account than that a caller hands one in.
pub(crate) fn is_said(value: &Value) -> bool {
    !value.is_unknown() || value.open || value.atoms.iter().any(|atom| matches!(atom, Atom::Null))
}
