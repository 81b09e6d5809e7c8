//! Which function a place lies in, and how people name it.

use std::{collections::BTreeMap, ops::RangeInclusive};

use model::{
    diagnostic::Diagnostic,
    facts::{ExprKind, FileFacts, Function, FunctionIndex, Stmt},
    language::Language,
};

/// Writes into each diagnostic the named function around it.
pub(crate) fn name_functions(unresolved: &mut [Diagnostic], files: &[FileFacts]) {
    let mut known: BTreeMap<usize, Vec<Named<'_>>> = BTreeMap::new();
    for one in unresolved.iter_mut().filter(|one| !one.code.is_of_file()) {
        let at = files.binary_search_by(|facts| facts.source.path.cmp(&one.location.path));
        let Ok(at) = at else { continue };
        let Some(facts) = files.get(at) else { continue };
        let named = known.entry(at).or_insert_with(|| named(facts));
        let around = named
            .iter()
            .filter(|function| function.lines.contains(&one.location.line));
        let innermost = around.min_by_key(|function| function.lines.end() - function.lines.start());
        one.within = innermost.map(|function| spelled(facts, function).into());
    }
}

/// A function that has a name.
pub(super) struct Named<'f> {
    pub(super) function: &'f Function,
    name: &'f str,
    class: Option<&'f str>,
    pub(super) lines: RangeInclusive<u32>,
}

/// Lists the functions of a file that have a name, also by the variable that they are put into.
pub(super) fn named(facts: &FileFacts) -> Vec<Named<'_>> {
    let variables = variables(facts);
    facts
        .functions
        .iter()
        .enumerate()
        .skip(1)
        .filter_map(|(at, function)| {
            let name = match &*function.name {
                "" => variables.get(&at).copied()?,
                name => last_part(name),
            };
            let class = function
                .class
                .and_then(|class| facts.classes.get(class.0 as usize))
                .map(|class| last_part(&class.name))
                .filter(|class| !class.is_empty());
            let last = function.extent.end.saturating_sub(1);
            let lines = facts.source.line(function.extent.start)..=facts.source.line(last);
            Some(Named {
                function,
                name,
                class,
                lines,
            })
        })
        .collect()
}

/// Tells whether `text` names the function: `refund`, `Acme_Refunds::refund`, `Refunds.refund`.
pub(super) fn is_called(named: &Named<'_>, text: &str) -> bool {
    let text = text.trim_end_matches("()");
    let parts = text.rsplit_once("::").or_else(|| text.rsplit_once('.'));
    match parts {
        Some((class, name)) => named.name == name && named.class == Some(last_part(class)),
        None => named.name == last_part(text),
    }
}

fn spelled(facts: &FileFacts, named: &Named<'_>) -> String {
    let separator = match facts.language() {
        Language::Php => "::",
        _ => ".",
    };
    match named.class {
        Some(class) => format!("{class}{separator}{}", named.name),
        None => named.name.to_owned(),
    }
}

fn last_part(name: &str) -> &str {
    name.rsplit('\\').next().unwrap_or(name)
}

/// Finds `const name = () => …`, by the index of the function.
fn variables(facts: &FileFacts) -> BTreeMap<usize, &str> {
    let mut found = BTreeMap::new();
    for stmt in facts.functions.iter().flat_map(|function| &function.body) {
        if let Stmt::Assign {
            target,
            value: Some(value),
            ..
        } = stmt
            && let ExprKind::Name(name) = &target.kind
            && let ExprKind::Function(FunctionIndex(index)) = &value.kind
        {
            found.insert(*index as usize, name.trim_start_matches('$'));
        }
    }
    found
}
