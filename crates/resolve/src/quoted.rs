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

/// A text, and the name of what it is handed to.
type Quote = (Name, Option<Name>);

/// What code writes in quotes, and who calls by such names.
pub(crate) struct Quoted {
    /// Texts that are handed on or listed, by the outermost function; each with the name of what it is
    /// handed to.
    texts: Vec<(FunctionId, Vec<Quote>)>,
    /// Functions that call what they are given the name of, by their own names.
    callers: HashSet<Name>,
    /// Whether some code calls by a name that it does not take from its own parameters.
    has_others: bool,
}

impl Quoted {
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let mut quoted = Self {
            texts: Vec::new(),
            callers: HashSet::default(),
            has_others: false,
        };
        // Functions that hand a parameter to another, both by name.
        let mut givers: Vec<(&str, &str)> = Vec::new();
        for id in functions(program) {
            let function = program.function(id);
            let name = last(&function.name);
            let is_outermost = program.outermost(id) == id;
            let mut texts = Vec::new();
            visit::expressions(&function.body, &mut |expr| {
                read_texts(expr, &mut texts);
                if let Some(key) = computed_member(expr) {
                    if is_outermost && takes(&function.params, key) {
                        quoted.callers.insert(name.into());
                    } else {
                        quoted.has_others = true;
                    }
                }
                if let ExprKind::Call { callee, arguments } = &expr.kind
                    && let Some(callee) = last_name(callee)
                    && !name.is_empty()
                {
                    let hands_on = |argument: &Argument| takes(&function.params, &argument.value);
                    if arguments.iter().any(hands_on) {
                        givers.push((name, callee));
                    }
                }
            });
            if !texts.is_empty() {
                quoted.texts.push((program.outermost(id), texts));
            }
        }
        for _ in 0..MAX_HANDS {
            let n_known = quoted.callers.len();
            for (name, callee) in &givers {
                if quoted.callers.contains(*callee) && !quoted.callers.contains(*name) {
                    quoted.callers.insert((*name).into());
                }
            }
            if quoted.callers.len() == n_known {
                break;
            }
        }
        quoted
    }

    /// Returns which of `names` functions among `live` hand to something that calls them.
    pub(crate) fn names_called(
        &self,
        live: &HashSet<FunctionId>,
        names: &BTreeSet<Name>,
    ) -> BTreeSet<Name> {
        let mut found = BTreeSet::new();
        if self.callers.is_empty() && !self.has_others {
            return found;
        }
        let living = self.texts.iter().filter(|(id, _)| live.contains(id));
        for (text, callee) in living.flat_map(|(_, texts)| texts) {
            let calls = |name: &Name| self.callers.contains(name);
            let is_handed = || callee.as_ref().is_some_and(calls);
            if names.contains(text) && (is_handed() || (self.has_others && is_telling_name(text))) {
                found.insert(text.clone());
            }
        }
        found
    }
}

/// Adds the texts that an expression hands on or lists, each with what it is handed to.
fn read_texts(expr: &Expr, texts: &mut Vec<Quote>) {
    let mut note = |value: &Expr, callee: Option<&str>| {
        if let ExprKind::Text(text) = &value.kind {
            texts.push((text.clone(), callee.map(Name::from)));
        }
    };
    match &expr.kind {
        ExprKind::Call { callee, arguments } => {
            let callee = last_name(callee);
            let values = arguments.iter().map(|argument| &argument.value);
            values.for_each(|value| note(value, callee));
        }
        ExprKind::Array(entries) => entries.iter().for_each(|entry| note(&entry.value, None)),
        _ => {}
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
