//! What an HTTP client sends with each of its requests: headers that it was made with.
//!
//! Kept beside the base URL of the client, and only where it says for whom requests are sent.

use std::rc::Rc;

use model::facts::{Expr, ExprKind};

use crate::{
    evaluator::{Arguments, Evaluator, Frame},
    extras::holds_cost,
    value::{Atom, Map, Value},
};

/// Returns what the client made with these arguments sends each time.
pub(crate) fn sent_each_time(arguments: &Arguments) -> Value {
    let maps = arguments.all().flat_map(|value| value.atoms.iter());
    let maps = maps.filter(|atom| matches!(atom, Atom::Map(_)));
    let costly = maps.filter(|atom| holds_cost(&Value::of((*atom).clone())));
    Value::from_atoms(costly.cloned().collect(), false)
}

/// Returns a map with one entry.
pub(crate) fn header(name: &str, value: &Value) -> Value {
    let mut map = Map::default();
    map.entries.insert(name.into(), value.clone());
    Value::map(map)
}

/// Parts the base URL of a client from what it sends each time.
pub(crate) fn url_and_standing(base: &Value) -> (Value, Value) {
    let is_map = |atom: &Atom| matches!(atom, Atom::Map(_));
    let standing = base.atoms.iter().filter(|atom| is_map(atom)).cloned();
    let standing = Value::from_atoms(standing.collect(), false);
    (base.without(is_map), standing)
}

impl Evaluator<'_> {
    /// Puts headers into what a client sends each time: `session.headers["Stripe-Account"] = x`.
    ///
    /// `holder` is what they are put into. Tells whether that belongs to a client.
    pub(crate) fn send_each_time(
        &mut self,
        frame: &mut Frame,
        holder: &Expr,
        headers: &Value,
    ) -> bool {
        if !holds_cost(headers) {
            return false;
        }
        let mut at = holder;
        while let ExprKind::Member { object, .. } | ExprKind::Index { object, .. } = &at.kind {
            at = object;
            let client = self.eval(frame, at);
            let is_client = |atom: &Atom| matches!(atom, Atom::ExternalInstance(..));
            if client.atoms.iter().any(is_client) {
                let client = client.flat_map(|atom| with_headers(atom, headers));
                self.assign(frame, at, client, None);
                return true;
            }
        }
        false
    }
}

fn with_headers(atom: &Atom, headers: &Value) -> Value {
    Value::of(match atom {
        Atom::ExternalInstance(class, base) => {
            Atom::ExternalInstance(class.clone(), Rc::new(base.join(headers)))
        }
        _ => atom.clone(),
    })
}
