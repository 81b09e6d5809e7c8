//! What code names: read once, and followed from every search.

use std::collections::BTreeSet;

use model::{
    Name,
    facts::{Class, ClassRef, Entry, Expr, ExprKind, Type},
    language::Language,
    unit::EntryPoints,
};

use crate::{
    hashing::HashSet,
    program::{ClassId, FunctionId, Program},
    reach::last,
    visit::{self, type_names},
};

use super::{SHORTEST, index::Index};

/// What a function, or the declaration of a class, names; each name once.
#[derive(Debug, Default)]
pub(super) struct Named {
    /// Names of classes, types too.
    pub(super) classes: BTreeSet<Name>,
    /// Classes that it holds as values.
    pub(super) literals: Vec<ClassId>,
    /// Names of functions that it writes in quotes.
    pub(super) quoted_functions: BTreeSet<Name>,
    /// Names of methods that it writes in quotes, at the end of a path.
    pub(super) quoted_methods: BTreeSet<Name>,
    /// Names in quotes that may be of methods of its own class.
    pub(super) own_methods: BTreeSet<Name>,
    /// PHP: namespaces of which it puts the names of classes together.
    pub(super) namespaces: BTreeSet<Name>,
    /// PHP: methods named by `[$this, 'method']`.
    pub(super) own_pairs: BTreeSet<Name>,
    /// PHP: methods named by `[$object, 'method']`.
    pub(super) pairs: BTreeSet<Name>,
    /// Modules that it imports in the middle of an expression.
    pub(super) modules: Vec<Name>,
    /// Closures in the values of its fields.
    pub(super) closures: Vec<FunctionId>,
}

/// What a function calls by name.
#[derive(Debug, Default)]
pub(super) struct Calls {
    /// Members that it reaches on anything.
    pub(super) members: BTreeSet<Name>,
    /// Functions that it calls by name.
    pub(super) functions: BTreeSet<Name>,
}

impl Calls {
    /// Reads what a function calls by name; only of few it must be known.
    pub(super) fn of_function(program: &Program<'_>, index: &Index, function: FunctionId) -> Self {
        let exprs = written_in(program, index, function, &mut Vec::new());
        Self::read(Known::new(program, index, function), &exprs)
    }

    /// Reads what the declaration of a class calls by name.
    pub(super) fn of_class(program: &Program<'_>, index: &Index, class: ClassId) -> Self {
        let exprs = written_in_declaration(program.class(class));
        Self::read(Known::new(program, index, module_of(class)), &exprs)
    }

    fn read(known: Known<'_, '_>, exprs: &[&Expr]) -> Self {
        let mut calls = Self::default();
        for expr in exprs {
            match &expr.kind {
                ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
                    note(&mut calls.members, property);
                }
                ExprKind::Name(name) | ExprKind::Global(name) => {
                    known.note_function(&mut calls.functions, last(name));
                }
                _ => {}
            }
        }
        calls
    }
}

/// Lists the expressions in the declaration of a class, its methods apart.
fn written_in_declaration(class: &Class) -> Vec<&Expr> {
    let mut exprs = Vec::new();
    let written = class.bases.iter().chain(field_values(class));
    for expr in written.chain(&class.decorators) {
        visit::walk(expr, &mut |expr| exprs.push(expr));
    }
    exprs
}

/// Returns the top level of the file that a class is in.
fn module_of(class: ClassId) -> FunctionId {
    FunctionId {
        file: class.file,
        index: 0,
    }
}

/// Lists the expressions that are written in a function, those of functions in it too, and its types.
fn written_in<'a>(
    program: &Program<'a>,
    index: &Index,
    function: FunctionId,
    types: &mut Vec<&'a Type>,
) -> Vec<&'a Expr> {
    let mut exprs = Vec::new();
    for inner in index.inside.get(&function).into_iter().flatten() {
        if function.index == 0 && inner.index != 0 {
            continue;
        }
        let facts = program.function(*inner);
        visit::expressions(&facts.body, &mut |expr| exprs.push(expr));
        for param in &facts.params {
            let values = facts.decorators.iter().chain(&param.default);
            values.for_each(|value| visit::walk(value, &mut |expr| exprs.push(expr)));
            types.extend(&param.ty);
        }
    }
    exprs
}

/// What is needed to tell what a name may be of.
#[derive(Clone, Copy)]
struct Known<'k, 'a> {
    program: &'k Program<'a>,
    index: &'k Index,
    is_php: bool,
}

impl Named {
    pub(super) fn by_function(program: &Program<'_>, index: &Index, function: FunctionId) -> Self {
        let mut types = Vec::new();
        let exprs = written_in(program, index, function, &mut types);
        let mut named = Self::default();
        let known = Known::new(program, index, function);
        for ty in types {
            type_names(ty, &mut |name| named.mention(known, name));
        }
        named.read(known, function, &exprs);
        named
    }

    pub(super) fn by_class(program: &Program<'_>, index: &Index, class: ClassId) -> Self {
        let facts = program.class(class);
        let module = module_of(class);
        let exprs = written_in_declaration(facts);
        let mut named = Self::default();
        let known = Known::new(program, index, module);
        named.read(known, module, &exprs);
        named.closures.extend(exprs.iter().filter_map(|expr| {
            let ExprKind::Function(index) = expr.kind else {
                return None;
            };
            Some(FunctionId {
                file: class.file,
                index: index.0,
            })
        }));
        for mixin in &facts.mixins {
            named.mention(known, mixin);
        }
        for ty in facts.fields.iter().filter_map(|field| field.ty.as_ref()) {
            type_names(ty, &mut |name| named.mention(known, name));
        }
        named
    }

    /// Notes a name of a class.
    fn mention(&mut self, known: Known<'_, '_>, name: &str) {
        if let Some((name, _)) = known.index.classes.get_key_value(last(name)) {
            note(&mut self.classes, name);
        }
    }

    fn read(&mut self, known: Known<'_, '_>, function: FunctionId, exprs: &[&Expr]) {
        let keys = keys_among(exprs);
        for expr in exprs {
            mentions_of(expr, &mut |name| self.mention(known, name));
            match &expr.kind {
                ExprKind::Text(text) if !keys.contains(&std::ptr::from_ref(*expr)) => {
                    self.read_text(known, text);
                }
                ExprKind::Array(entries) if known.is_php => self.read_pair(entries),
                ExprKind::Require(module) => self.modules.push(module.clone()),
                ExprKind::ClassLiteral(index) => self.literals.push(ClassId {
                    file: function.file,
                    index: index.0,
                }),
                _ => {}
            }
        }
    }

    /// Notes a text that names a function: a hook, a route, a task.
    fn read_text(&mut self, known: Known<'_, '_>, text: &Name) {
        if text.len() <= SHORTEST || text.len() > 120 || text.contains(char::is_whitespace) {
            return;
        }
        if let (true, Some(namespace)) = (known.is_php, text.strip_suffix('\\')) {
            self.namespaces.insert(last(namespace).into());
        } else if let Some((_, method)) = text.rsplit_once(['.', ':', '@', '#', '/']) {
            // Frameworks find methods by the end of a path; a plugin of WordPress names the callback
            // of each route, and a path there is only a path.
            let is_path = text.ends_with(&format!("/{method}"));
            let is_registered = known.program.unit.entry_points == EntryPoints::Registered;
            let is_only_path = known.is_php && is_path && is_registered;
            if !method.is_empty() && !is_only_path {
                self.quoted_methods.insert(method.into());
            }
        } else {
            if known.is_php {
                known.note_function(&mut self.quoted_functions, last(text));
            }
            // A table of a class often names the methods of the class itself.
            if known.program.is_method_name(text) {
                note(&mut self.own_methods, text);
            }
        }
    }

    /// PHP: notes `[$object, 'method']`.
    fn read_pair(&mut self, entries: &[Entry]) {
        let [receiver, method] = entries else { return };
        let ExprKind::Text(name) = &method.value.kind else {
            return;
        };
        if receiver.key.is_some() || method.key.is_some() {
            return;
        }
        match &receiver.value.kind {
            ExprKind::This | ExprKind::Class(ClassRef::Own | ClassRef::Static) => {
                note(&mut self.own_pairs, name);
            }
            _ => note(&mut self.pairs, name),
        }
    }
}

impl<'k, 'a> Known<'k, 'a> {
    fn new(program: &'k Program<'a>, index: &'k Index, function: FunctionId) -> Self {
        Self {
            program,
            index,
            is_php: program.language(function.file) == Language::Php,
        }
    }

    /// Notes a name, if a function has it.
    fn note_function(self, names: &mut BTreeSet<Name>, name: &str) {
        if let Some((name, _)) = self.index.functions.get_key_value(name) {
            note(names, name);
        }
    }
}

fn note(names: &mut BTreeSet<Name>, name: &Name) {
    if !names.contains(name) {
        names.insert(name.clone());
    }
}

/// Lists the texts that only say where something is in a map.
fn keys_among(exprs: &[&Expr]) -> HashSet<*const Expr> {
    let mut keys = HashSet::default();
    let mut note = |key: &Expr| {
        if let ExprKind::Text(_) = key.kind {
            keys.insert(std::ptr::from_ref(key));
        }
    };
    for expr in exprs {
        match &expr.kind {
            ExprKind::Array(entries) => {
                let all = entries.iter().filter_map(|entry| entry.key.as_ref());
                all.for_each(&mut note);
            }
            ExprKind::Index { index, .. } => {
                index.as_deref().into_iter().for_each(&mut note);
            }
            _ => {}
        }
    }
    keys
}

fn field_values(class: &Class) -> impl Iterator<Item = &Expr> {
    class.fields.iter().filter_map(|field| field.value.as_ref())
}

/// Calls `on` with each name in an expression itself that could be one of a class.
fn mentions_of(expr: &Expr, on: &mut dyn FnMut(&str)) {
    match &expr.kind {
        ExprKind::Name(name) | ExprKind::Global(name) | ExprKind::Class(ClassRef::Named(name)) => {
            on(name);
        }
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => on(property),
        ExprKind::Text(text) if text.len() < 160 => {
            on(text);
            if let Some((class, _)) = text.split_once([':', '@']) {
                on(class);
            }
        }
        ExprKind::Cast { ty, .. } => type_names(ty, on),
        _ => {}
    }
}
