//! Which files of a unit lead to which others.
//!
//! By imports where the language has them, and in PHP by the names of classes and functions. Says
//! nothing of what is used of a file; that is for [`mod@crate::liveness`].

use std::collections::{BTreeSet, HashMap};

use model::{
    facts::{ClassRef, ExportValue, Expr, ExprKind, FileFacts, Import, ImportItem},
    language::Language,
    unit::UnitFacts,
};

use crate::{
    modules::{ModuleRef, Modules},
    visit,
};

/// Says which file an import means.
pub struct Finder {
    modules: Modules,
}

impl Finder {
    /// Knows the files of `unit` by their paths; what they say is not looked at.
    #[must_use]
    pub fn new(unit: &UnitFacts) -> Self {
        Self {
            modules: Modules::new(unit),
        }
    }

    /// Returns the index of the file that `module` means in the file at `from`, and in Python of the
    /// packages around it, which are run before it.
    #[must_use]
    pub fn files(&self, language: Language, from: &str, module: &str) -> Vec<usize> {
        Modules::with_packages(language, module)
            .filter_map(|module| match self.modules.find(language, from, module) {
                ModuleRef::File(file) => usize::try_from(file.0).ok(),
                ModuleRef::Sdk(..) | ModuleRef::External => None,
            })
            .collect()
    }
}

/// Lists for each file of `unit`, by its index, the files that it loads or names.
#[must_use]
pub fn links(unit: &UnitFacts) -> Vec<BTreeSet<usize>> {
    let finder = Finder::new(unit);
    let declared = php_names(unit);
    let files = unit.files.iter().enumerate();
    files
        .map(|(index, facts)| {
            let mut found = BTreeSet::new();
            if facts.language() == Language::Php {
                // A class that is asked for by name is loaded.
                named(facts, &mut |name| {
                    found.extend(declared.get(&folded(name)).into_iter().flatten());
                });
            } else {
                modules_run(facts, &mut |module| {
                    found.extend(finder.files(facts.language(), &facts.source.path, module));
                });
            }
            found.remove(&index);
            found
        })
        .collect()
}

/// Calls `on` with each module that a file imports when it runs, as it is written.
fn modules_run(facts: &FileFacts, on: &mut dyn FnMut(&str)) {
    modules_declared(facts, |import| !import.type_only, on);
    for function in &facts.functions {
        visit::expressions(&function.body, &mut |expr| {
            if let ExprKind::Require(module) = &expr.kind {
                on(module);
            }
        });
    }
}

/// Calls `on` with each module that stands in the imports that count, or in the exports of a file.
pub(crate) fn modules_declared(
    facts: &FileFacts,
    counts: impl Fn(&Import) -> bool,
    on: &mut dyn FnMut(&str),
) {
    for import in facts.imports.iter().filter(|import| counts(import)) {
        on(&import.module);
        if let ImportItem::Named(name) = &import.item {
            on(&format!("{}.{name}", import.module.trim_end_matches('.')));
        }
    }
    for export in &facts.exports {
        if let ExportValue::From { module, .. } = &export.value {
            on(module);
        }
    }
}

/// Says where PHP classes and functions are declared.
fn php_names(unit: &UnitFacts) -> HashMap<String, Vec<usize>> {
    let mut declared: HashMap<String, Vec<usize>> = HashMap::new();
    let files = unit.files.iter().enumerate();
    for (index, facts) in files.filter(|(_, facts)| facts.language() == Language::Php) {
        let classes = facts.classes.iter().map(|class| &class.name);
        let functions = facts.functions.iter();
        let functions = functions.filter(|function| function.class.is_none());
        for name in classes.chain(functions.map(|function| &function.name)) {
            if !name.is_empty() {
                declared.entry(folded(name)).or_default().push(index);
            }
        }
    }
    declared
}

/// PHP does not tell capitals in the names of classes and functions.
fn folded(name: &str) -> String {
    name.trim_start_matches('\\').to_ascii_lowercase()
}

/// Calls `on` with each name of a class or function that a PHP file holds.
fn named(facts: &FileFacts, on: &mut dyn FnMut(&str)) {
    for import in &facts.imports {
        on(&import.module);
        if let ImportItem::Named(name) = &import.item {
            on(&format!("{}\\{name}", import.module));
        }
    }
    for class in &facts.classes {
        class.mixins.iter().for_each(|name| on(name));
        let values = class.fields.iter().filter_map(|field| field.value.as_ref());
        for expr in class.bases.iter().chain(values).chain(&class.decorators) {
            visit::walk(expr, &mut |expr| named_in(expr, on));
        }
        let types = class.fields.iter().filter_map(|field| field.ty.as_ref());
        types.for_each(|ty| visit::type_names(ty, on));
    }
    for function in &facts.functions {
        visit::expressions(&function.body, &mut |expr| named_in(expr, on));
        let types = function.params.iter().filter_map(|param| param.ty.as_ref());
        types
            .chain(&function.returns)
            .for_each(|ty| visit::type_names(ty, on));
    }
}

fn named_in(expr: &Expr, on: &mut dyn FnMut(&str)) {
    match &expr.kind {
        ExprKind::Global(name) => {
            on(name);
            // A function that the namespace does not have is the global one.
            on(name.rsplit('\\').next().unwrap_or_default());
        }
        ExprKind::Class(ClassRef::Named(name)) => on(name),
        ExprKind::Text(text) if text.len() < 160 => {
            on(text.split([':', '@']).next().unwrap_or_default());
        }
        ExprKind::Cast { ty, .. } => visit::type_names(ty, on),
        _ => {}
    }
}
