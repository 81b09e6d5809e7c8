//! PHP: the other names that `class_alias` gives to classes, as far as the code spells both names.

use std::collections::HashMap;

use model::{
    facts::{Argument, ClassRef, Expr, ExprKind},
    language::Language,
    unit::UnitFacts,
};

use crate::visit;

/// How many aliases of aliases are followed.
const MAX_HOPS: usize = 4;

/// What other names of classes mean; all in lower case and without leading backslash.
#[derive(Debug, Default)]
pub(crate) struct ClassAliases {
    meanings: HashMap<String, String>,
}

impl ClassAliases {
    pub(crate) fn new(unit: &UnitFacts) -> Self {
        let mut aliases = Self::default();
        let php = unit.files.iter();
        let php = php.filter(|facts| facts.language() == Language::Php);
        for function in php.flat_map(|facts| &facts.functions) {
            visit::expressions(&function.body, &mut |expr| {
                if let Some((meaning, alias)) = alias(expr) {
                    aliases.meanings.entry(alias).or_insert(meaning);
                }
            });
        }
        aliases
    }

    /// Returns the name of the class that another name stands for.
    pub(crate) fn meaning(&self, alias: &str) -> Option<&str> {
        let mut found = self.meanings.get(alias)?;
        for _ in 0..MAX_HOPS {
            match self.meanings.get(found) {
                Some(next) => found = next,
                None => break,
            }
        }
        Some(found)
    }
}

/// Takes `class_alias('Class', 'Alias')` apart.
fn alias(expr: &Expr) -> Option<(String, String)> {
    let ExprKind::Call { callee, arguments } = &expr.kind else {
        return None;
    };
    let ExprKind::Global(name) = &callee.kind else {
        return None;
    };
    let last = name.rsplit('\\').next().unwrap_or_default();
    if !last.eq_ignore_ascii_case("class_alias") {
        return None;
    }
    match arguments.as_slice() {
        [class, alias, ..] => Some((class_name(class)?, class_name(alias)?)),
        _ => None,
    }
}

/// Returns the name that an argument spells, as a text or as `Name::class`.
fn class_name(argument: &Argument) -> Option<String> {
    match &argument.value.kind {
        ExprKind::Text(name) | ExprKind::Class(ClassRef::Named(name)) => {
            Some(name.trim_start_matches('\\').to_ascii_lowercase())
        }
        _ => None,
    }
}
