//! What a written name means: namespaces and `use` imports applied.
//!
//! PHP resolves names while it compiles, from nothing but the file; so does this. Whether the class
//! or function exists is not asked here.

use std::collections::HashMap;

use model::{
    Name,
    facts::{FunctionIndex, Import, ImportItem},
    source::Span,
};
use tree_sitter::Node;

use super::{Lowering, field, kind, parts};
use crate::frontend::span;

/// The three kinds of names that are imported apart from each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Symbol {
    Class,
    Function,
    Constant,
}

/// The namespace that code stands in and what it imports.
#[derive(Debug, Default)]
pub(super) struct Scope {
    namespace: String,
    classes: HashMap<String, Name>,
    functions: HashMap<String, Name>,
    constants: HashMap<String, Name>,
}

impl Scope {
    pub(super) fn new(namespace: &str) -> Self {
        Self {
            namespace: namespace.trim().trim_matches('\\').to_owned(),
            ..Self::default()
        }
    }

    pub(super) fn namespace(&self) -> &str {
        &self.namespace
    }

    /// Returns the full name of something declared here.
    pub(super) fn declared(&self, name: &str) -> Name {
        if self.namespace.is_empty() {
            name.into()
        } else {
            format!("{}\\{name}", self.namespace).into()
        }
    }

    /// Returns the full name of what `written` stands for.
    pub(super) fn resolve(&self, written: &str, symbol: Symbol) -> Name {
        if let Some(full) = written.strip_prefix('\\') {
            return full.into();
        }
        let Some((first, rest)) = written.split_once('\\') else {
            return self.resolve_plain(written, symbol);
        };
        if first.eq_ignore_ascii_case("namespace") {
            return self.declared(rest);
        }
        match self.classes.get(&first.to_ascii_lowercase()) {
            Some(import) => format!("{import}\\{rest}").into(),
            None => self.declared(written),
        }
    }

    fn resolve_plain(&self, name: &str, symbol: Symbol) -> Name {
        let import = match symbol {
            Symbol::Class => self.classes.get(&name.to_ascii_lowercase()),
            Symbol::Function => self.functions.get(&name.to_ascii_lowercase()),
            Symbol::Constant => self.constants.get(name),
        };
        import.cloned().unwrap_or_else(|| self.declared(name))
    }

    fn import(&mut self, local: &str, full: Name, symbol: Symbol) {
        match symbol {
            Symbol::Class => self.classes.insert(local.to_ascii_lowercase(), full),
            Symbol::Function => self.functions.insert(local.to_ascii_lowercase(), full),
            Symbol::Constant => self.constants.insert(local.to_owned(), full),
        };
    }
}

/// Returns the last part of a qualified name.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('\\').next().unwrap_or(name)
}

impl Lowering<'_> {
    /// Takes the names of a `use` declaration into the scope and into the facts.
    pub(super) fn import_names(&mut self, node: Node<'_>) {
        let mut symbol = self.symbol(node).unwrap_or(Symbol::Class);
        let mut prefix = String::new();
        for part in parts(node) {
            match part.kind() {
                kind::NAMESPACE_NAME => {
                    prefix = self.text(part).trim_matches('\\').to_owned();
                    prefix.push('\\');
                }
                kind::USE_CLAUSE => {
                    symbol = self.symbol(part).unwrap_or(symbol);
                    self.import_clause(part, &prefix, symbol);
                }
                _ => {
                    for clause in parts(part) {
                        let own = self.symbol(clause).unwrap_or(symbol);
                        self.import_clause(clause, &prefix, own);
                    }
                }
            }
        }
    }

    fn import_clause(&mut self, clause: Node<'_>, prefix: &str, symbol: Symbol) {
        let alias = clause.child_by_field_name(field::ALIAS);
        let Some(named) = parts(clause).into_iter().next() else {
            return;
        };
        let full: Name = format!("{prefix}{}", self.text(named).trim_start_matches('\\')).into();
        let local = alias.map_or_else(|| last_part(&full).to_owned(), |a| self.text(a).to_owned());
        self.record_import(&local, full.clone(), span(clause));
        self.scope.import(&local, full, symbol);
    }

    fn record_import(&mut self, local: &str, module: Name, span: Span) {
        self.facts.imports.push(Import {
            local: local.into(),
            module,
            item: ImportItem::Module,
            type_only: false,
            function: FunctionIndex(0),
            span,
        });
    }

    fn symbol(&self, node: Node<'_>) -> Option<Symbol> {
        let written = self.text(node.child_by_field_name(field::TYPE)?);
        if written.eq_ignore_ascii_case("function") {
            Some(Symbol::Function)
        } else {
            Some(Symbol::Constant)
        }
    }
}
