//! Names of methods that code writes in quotes and hands to something that calls them.
//!
//! `self.run("capture_payment", …)` names a method as well as a call of it does, where `run` does
//! `getattr(plugin, name)(…)`. A name that is handed to such a function counts, however short; other
//! texts count where they are too long to be words, and only where the unit calls by computed names.

use std::collections::BTreeSet;

use model::{
    Name,
    facts::{Argument, Entry, Expr, ExprKind, Param},
};

use crate::{
    hashing::HashSet,
    liveness::is_telling_name,
    program::{FunctionId, Program},
    reach::last,
    visit,
};

/// How many functions hand a name on until it is called.
const MAX_HANDS: usize = 4;

/// Functions that call what they are given the name of, by their own names.
#[derive(Default)]
struct Callers {
    names: HashSet<Name>,
    /// Whether some code calls by a name that it does not take from its own parameters.
    has_others: bool,
}

/// Returns which of `names` functions among `live` hand to something that calls them.
pub(crate) fn names_called(
    program: &Program<'_>,
    live: &HashSet<FunctionId>,
    names: &BTreeSet<Name>,
) -> BTreeSet<Name> {
    let mut called = BTreeSet::new();
    let callers = Callers::new(program);
    if callers.names.is_empty() && !callers.has_others {
        return called;
    }
    let mut note = |text: &Name, is_handed: bool| {
        if names.contains(text) && (is_handed || (callers.has_others && is_telling_name(text))) {
            called.insert(text.clone());
        }
    };
    for function in functions(program) {
        if !live.contains(&program.outermost(function)) {
            continue;
        }
        visit::expressions(&program.function(function).body, &mut |expr| {
            texts_of(expr, &callers, &mut note);
        });
    }
    called
}

/// Calls `note` with the texts that an expression hands on or lists, and whether to one of `callers`.
fn texts_of(expr: &Expr, callers: &Callers, note: &mut impl FnMut(&Name, bool)) {
    match &expr.kind {
        ExprKind::Call { callee, arguments } => {
            let is_handed = last_name(callee).is_some_and(|name| callers.names.contains(name));
            let values = arguments.iter().map(|argument| &argument.value);
            values.for_each(|value| note_text(value, is_handed, note));
        }
        ExprKind::Array(entries) => entries
            .iter()
            .for_each(|entry| note_text(&entry.value, false, note)),
        _ => {}
    }
}

fn note_text(value: &Expr, is_handed: bool, note: &mut impl FnMut(&Name, bool)) {
    if let ExprKind::Text(text) = &value.kind {
        note(text, is_handed);
    }
}

impl Callers {
    fn new(program: &Program<'_>) -> Self {
        let mut callers = Self::default();
        for function in functions(program) {
            callers.add_caller(program, function);
        }
        for _ in 0..MAX_HANDS {
            let n_known = callers.names.len();
            for function in functions(program) {
                callers.add_giver(program, function);
            }
            if callers.names.len() == n_known {
                break;
            }
        }
        callers
    }

    /// Notes a function that reaches a member whose name is computed.
    fn add_caller(&mut self, program: &Program<'_>, id: FunctionId) {
        let function = program.function(id);
        visit::expressions(&function.body, &mut |expr| {
            let Some(key) = computed_member(expr) else {
                return;
            };
            if program.outermost(id) == id && takes(&function.params, key) {
                self.names.insert(last(&function.name).into());
            } else {
                self.has_others = true;
            }
        });
    }

    /// Notes a function that hands a parameter on to one that is known.
    fn add_giver(&mut self, program: &Program<'_>, id: FunctionId) {
        let function = program.function(id);
        if function.name.is_empty() || self.names.contains(last(&function.name)) {
            return;
        }
        let mut is_giver = false;
        visit::expressions(&function.body, &mut |expr| {
            let ExprKind::Call { callee, arguments } = &expr.kind else {
                return;
            };
            let hands_on = |argument: &Argument| takes(&function.params, &argument.value);
            is_giver |= last_name(callee).is_some_and(|name| self.names.contains(name))
                && arguments.iter().any(hands_on);
        });
        if is_giver {
            self.names.insert(last(&function.name).into());
        }
    }
}

/// Returns the name of a member that is computed: `$object->$name`, `object[name]()`,
/// `[$object, $name]`.
fn computed_member(expr: &Expr) -> Option<&Expr> {
    let key = match &expr.kind {
        ExprKind::DynamicMember { property, .. }
        | ExprKind::DynamicStaticMember { property, .. } => property,
        ExprKind::Call { callee, .. } => match &callee.kind {
            ExprKind::Index { index, .. } => index.as_deref()?,
            _ => return pair_called(expr),
        },
        _ => return None,
    };
    let is_written = matches!(key.kind, ExprKind::Text(_) | ExprKind::Int(_));
    (!is_written).then_some(key)
}

/// PHP: `call_user_func([$object, $name], …)`.
fn pair_called(call: &Expr) -> Option<&Expr> {
    let ExprKind::Call { callee, arguments } = &call.kind else {
        return None;
    };
    if !last_name(callee)?.starts_with("call_user_func") {
        return None;
    }
    let ExprKind::Array(pair) = &arguments.first()?.value.kind else {
        return None;
    };
    match pair.as_slice() {
        [_, Entry { value, .. }] if !matches!(value.kind, ExprKind::Text(_)) => Some(value),
        _ => None,
    }
}

/// Tells whether an expression is one of the parameters.
fn takes(params: &[Param], expr: &Expr) -> bool {
    let ExprKind::Name(name) = &expr.kind else {
        return false;
    };
    params
        .iter()
        .any(|param| matches!(&param.target.kind, ExprKind::Name(own) if own == name))
}

fn functions(program: &Program<'_>) -> impl Iterator<Item = FunctionId> {
    program.files().flat_map(|(file, facts)| {
        let indexes = 0..crate::program::number(facts.functions.len());
        indexes.map(move |index| FunctionId { file, index })
    })
}

fn last_name(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Name(name) | ExprKind::Global(name) => Some(last(name)),
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
            Some(property)
        }
        _ => None,
    }
}
