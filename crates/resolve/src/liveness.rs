//! Which functions the running program can reach.
//!
//! Starts from what the world outside calls (module bodies, hooks, routes, what a framework finds by
//! its base class) and follows what [`crate::usage`] noted. Where nothing is known of a receiver,
//! methods are followed by name, so the answer is too large rather than too small: a request that is
//! called unreferenced has no caller that could be found by any of these ways.

use std::collections::BTreeSet;

use model::{
    Name,
    evidence::Tier,
    facts::{
        ClassRef, Entry, ExportValue, Expr, ExprKind, FunctionIndex, FunctionKind, Stmt, Type,
    },
    language::Language,
    unit::EntryPoints,
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    evaluator::Evaluator,
    links::modules_of,
    modules::ModuleRef,
    once::{is_one_off_name, is_one_off_path},
    program::{ClassId, Declared, FileId, FunctionId, number},
    reach::last,
    usage::Node,
    value::{Atom, Value},
    visit,
};

/// The functions that the program can reach.
#[derive(Debug, Default)]
pub(crate) struct Liveness {
    /// In normal operation.
    required: HashSet<Node>,
    /// At all.
    live: HashSet<Node>,
}

impl Liveness {
    /// Follows the program from its entries; `mentioned` are names that other code is known to use.
    ///
    /// `quoted` are names of methods that code of the unit hands to something that calls them.
    pub(crate) fn new(
        evaluator: &mut Evaluator<'_>,
        mentioned: &BTreeSet<Name>,
        quoted: &BTreeSet<Name>,
    ) -> Self {
        let mut search = Search::new(evaluator);
        search.start();
        for name in mentioned {
            if let Some(folder) = name.strip_suffix('\\') {
                search.make_in(folder);
            } else {
                search.mention(name);
                search.call_name(name);
            }
        }
        for name in quoted {
            search.call_name(name);
        }
        search.run();
        search.start_unmentioned();
        search.run();
        let required = search.live.clone();
        search.with_one_off = true;
        for node in std::mem::take(&mut search.deferred) {
            search.reach(node);
        }
        search.run();
        Self {
            required,
            live: search.live,
        }
    }

    /// Lists the names by which code that was not read could reach requests that seem unreferenced.
    pub(crate) fn names_in_doubt(&self, evaluator: &Evaluator<'_>) -> BTreeSet<Name> {
        let program = evaluator.program;
        let mut seen: BTreeSet<Node> = evaluator
            .notes
            .found
            .nodes()
            .filter(|node| self.tier(*node) == Tier::Unreferenced)
            .collect();
        let users = evaluator.notes.usage.users();
        let mut todo: Vec<Node> = seen.iter().copied().collect();
        while let Some(node) = todo.pop() {
            for user in users.get(&node).into_iter().flatten() {
                if !self.live.contains(user) && seen.insert(*user) {
                    todo.push(*user);
                }
            }
        }
        let mut names = BTreeSet::new();
        for node in seen {
            names.insert(last(&program.function(node.function).name).into());
            let Some(class) = node.class else { continue };
            let facts = program.class(class);
            names.insert(last(&facts.name).into());
            names.extend(folder_of(&facts.name).map(|folder| Name::from(format!("{folder}\\"))));
            // A method that is called from afar may lead to the others.
            let methods = facts.methods.iter().map(|method| FunctionId {
                file: class.file,
                index: method.0,
            });
            let class = Some(class);
            let unreached = methods.filter(|function| {
                let function = *function;
                !self.live.contains(&Node { function, class })
            });
            names.extend(unreached.map(|method| program.function(method).name.clone()));
        }
        names.retain(|name: &Name| name.len() > SHORTEST);
        names
    }

    /// Lists the functions that the program can reach, on some receiver.
    pub(crate) fn functions(&self) -> HashSet<FunctionId> {
        self.live.iter().map(|node| node.function).collect()
    }

    /// Says how needed a line is that belongs to a function.
    pub(crate) fn tier(&self, node: Node) -> Tier {
        if self.required.contains(&node) {
            Tier::Required
        } else if self.live.contains(&node) {
            Tier::OneOff
        } else {
            Tier::Unreferenced
        }
    }
}

/// Names that no reader would search for: they stand everywhere.
const SHORTEST: usize = 2;
/// How long a name is that means one thing.
const TELLING: usize = 12;
/// How many methods of a class are called before its callers are taken to be in the unit.
const ENOUGH_CALLED: usize = 3;
/// Bases that a language itself has: being one says nothing about who calls its methods.
const PLAIN_BASES: [&str; 24] = [
    "object",
    "abc",
    "protocol",
    "generic",
    "interface",
    "typeddict",
    "namedtuple",
    "enum",
    "strenum",
    "intenum",
    "exception",
    "error",
    "typeerror",
    "valueerror",
    "runtimeexception",
    "invalidargumentexception",
    "jsonserializable",
    "countable",
    "iteratoraggregate",
    "arrayaccess",
    "stringable",
    "stdclass",
    "array",
    "eventemitter",
];
/// Decorators that say what a method is, not that something calls it.
const PLAIN_DECORATORS: [&str; 15] = [
    "staticmethod",
    "classmethod",
    "property",
    "cached_property",
    "abstractmethod",
    "override",
    "overload",
    "wraps",
    "lru_cache",
    "cache",
    "contextmanager",
    "atomic",
    "dataclass",
    "retry",
    "deprecated",
];

/// Who calls the methods of a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// Code of the class itself, by a name that is only known when the program runs.
    Inside,
    /// Code that is not here.
    Outside,
}

struct Search<'e, 'a> {
    evaluator: &'e mut Evaluator<'a>,
    with_one_off: bool,
    live: HashSet<Node>,
    live_classes: HashSet<ClassId>,
    called_names: HashSet<Name>,
    mentioned: HashSet<Name>,
    deferred: BTreeSet<Node>,
    /// Classes that no code of the unit speaks of.
    unmentioned: Vec<ClassId>,
    todo: Vec<Node>,
    /// Functions written inside a function, by the outermost one; itself included.
    inside: HashMap<FunctionId, Vec<FunctionId>>,
    /// Closures that a module body binds to a name, by file.
    named_closures: HashSet<FunctionId>,
    /// Functions that are no methods, by the last part of their name.
    functions: HashMap<Name, Vec<FunctionId>>,
    classes: HashMap<Name, Vec<ClassId>>,
    subclasses: HashMap<ClassId, Vec<ClassId>>,
}

impl<'e, 'a> Search<'e, 'a> {
    fn new(evaluator: &'e mut Evaluator<'a>) -> Self {
        let mut search = Self {
            evaluator,
            with_one_off: false,
            live: HashSet::default(),
            live_classes: HashSet::default(),
            called_names: HashSet::default(),
            mentioned: HashSet::default(),
            deferred: BTreeSet::new(),
            unmentioned: Vec::new(),
            todo: Vec::new(),
            inside: HashMap::default(),
            named_closures: HashSet::default(),
            functions: HashMap::default(),
            classes: HashMap::default(),
            subclasses: HashMap::default(),
        };
        search.index();
        search
    }

    fn index(&mut self) {
        let program = self.evaluator.program;
        for (file, facts) in program.files() {
            if let Some(body) = facts.functions.first() {
                self.index_named_closures(file, &body.body);
            }
            for (index, function) in facts.functions.iter().enumerate() {
                let id = FunctionId {
                    file,
                    index: number(index),
                };
                let outermost = program.outermost(id);
                self.inside.entry(outermost).or_default().push(id);
                if function.class.is_none() && outermost == id && !function.name.is_empty() {
                    let name = last(&function.name).into();
                    self.functions.entry(name).or_default().push(id);
                }
            }
        }
        for class in program.classes() {
            let name = last(&program.class(class).name).into();
            self.classes.entry(name).or_default().push(class);
            for base in self.evaluator.lineage(class).iter().skip(1) {
                self.subclasses.entry(*base).or_default().push(class);
            }
        }
    }

    /// Notes `const refund = () => …` and `exports.refund = () => …`, which run when they are called.
    fn index_named_closures(&mut self, file: FileId, body: &[Stmt]) {
        let (functions, closures) = (&mut self.functions, &mut self.named_closures);
        visit::bindings(body, &mut |target, value, _| {
            let Some(ExprKind::Function(index)) = value.map(|value| &value.kind) else {
                return;
            };
            let name = match &target.kind {
                ExprKind::Name(name) => name,
                ExprKind::Member { object, property } if is_exports(object) => property,
                _ => return,
            };
            let id = FunctionId {
                file,
                index: index.0,
            };
            closures.insert(id);
            functions.entry(name.clone()).or_default().push(id);
        });
    }

    /// Enters the program by all the ways that the world outside has.
    fn start(&mut self) {
        let program = self.evaluator.program;
        let entry_points = program.unit.entry_points;
        let imported = self.imported_files();
        let mentions = self.all_mentions();
        for (file, facts) in program.files() {
            let is_php = facts.language() == Language::Php;
            let neighbours = &program.unit.neighbours;
            let is_own = !neighbours.borrowed.contains(&facts.source.path);
            if !is_own && !is_php && !imported.contains(&file) {
                continue;
            }
            self.reach_function(FunctionId { file, index: 0 }, None);
            if neighbours.lent.contains(&facts.source.path) {
                continue;
            }
            let is_outermost = entry_points == EntryPoints::Public
                || is_one_off_path(&facts.source.path)
                || (!is_php && !imported.contains(&file))
                || (is_php && entry_points == EntryPoints::Conventional);
            let is_entry = is_own && is_outermost;
            for (index, function) in facts.functions.iter().enumerate() {
                let id = FunctionId {
                    file,
                    index: number(index),
                };
                let is_top = function.class.is_none() && function.parent == Some(FunctionIndex(0));
                let is_function = is_top && function.kind != FunctionKind::Closure;
                let is_named = self.named_closures.contains(&id);
                let is_decorated = is_registered(&function.decorators);
                if (is_function || is_named) && ((is_entry && function.is_public) || is_decorated) {
                    self.reach_function(id, None);
                }
            }
            for index in 0..facts.classes.len() {
                let class = ClassId {
                    file,
                    index: number(index),
                };
                if is_own {
                    self.start_class(class, is_entry, &mentions);
                } else if is_registered(&program.class(class).decorators) {
                    self.make(class, false);
                }
            }
            if is_entry && !is_php {
                self.reach_exports(file, 0);
            }
        }
    }

    /// Enters a class that the world outside makes.
    fn start_class(
        &mut self,
        class: ClassId,
        in_entry: bool,
        mentions: &HashMap<Name, HashSet<FileId>>,
    ) {
        let program = self.evaluator.program;
        let facts = program.class(class);
        let is_php = program.language(class.file) == Language::Php;
        let is_mentioned = mentions
            .get(last(&facts.name))
            .is_some_and(|files| files.iter().any(|file| *file != class.file || !is_php));
        match program.unit.entry_points {
            EntryPoints::Public => self.make(class, true),
            _ if is_one_off_path(&program.file(class.file).source.path) => self.make(class, true),
            EntryPoints::Registered if is_php => {}
            EntryPoints::Registered | EntryPoints::Conventional => {
                // A base is there for its subclasses.
                if !is_mentioned && in_entry && !self.subclasses.contains_key(&class) {
                    self.unmentioned.push(class);
                } else if self.has_foreign_base(class) || is_registered(&facts.decorators) {
                    self.make(class, false);
                }
            }
        }
    }

    /// Says of the classes that nothing speaks of who calls their methods.
    ///
    /// Where code of the unit calls several of them on something unknown, the class is one that a
    /// container or a setting puts there, and the unit is who calls it. Otherwise it is code outside.
    fn start_unmentioned(&mut self) {
        let program = self.evaluator.program;
        let unmentioned = std::mem::take(&mut self.unmentioned);
        for class in &unmentioned {
            self.make(*class, false);
        }
        self.run();
        for class in unmentioned {
            let mut called = BTreeSet::new();
            for base in self.evaluator.lineage(class).iter().copied() {
                let methods = program.class(base).methods.iter();
                called.extend(methods.filter_map(|method| {
                    let function = FunctionId {
                        file: base.file,
                        index: method.0,
                    };
                    let name = &program.function(function).name;
                    (is_telling_name(name) && self.called_names.contains(name)).then_some(name)
                }));
            }
            if called.len() < ENOUGH_CALLED {
                self.reach_methods(class, Caller::Outside);
            }
        }
    }

    /// Lists the files that others import.
    fn imported_files(&self) -> HashSet<FileId> {
        let program = self.evaluator.program;
        let mut imported = HashSet::default();
        for (file, facts) in program.files() {
            let mut note = |module: &str| {
                let found = program
                    .modules
                    .find(facts.language(), &facts.source.path, module);
                if let ModuleRef::File(found) = found
                    && found != file
                {
                    imported.insert(found);
                }
            };
            modules_of(facts, &mut note);
        }
        imported
    }

    /// Lists for each name that could be one of a class which files speak of it.
    fn all_mentions(&self) -> HashMap<Name, HashSet<FileId>> {
        let program = self.evaluator.program;
        let mut all: HashMap<Name, HashSet<FileId>> = HashMap::default();
        for (file, facts) in program.files() {
            let mut note = |name: &str| {
                let name = last(name);
                if self.classes.contains_key(name) {
                    all.entry(name.into()).or_default().insert(file);
                }
            };
            for function in &facts.functions {
                visit::expressions(&function.body, &mut |expr| mentions_of(expr, &mut note));
                for param in &function.params {
                    param.ty.iter().for_each(|ty| type_names(ty, &mut note));
                }
            }
            for class in &facts.classes {
                class.mixins.iter().for_each(|name| note(name));
                for expr in class.bases.iter().chain(field_values(class)) {
                    visit::walk(expr, &mut |expr| mentions_of(expr, &mut note));
                }
            }
            for import in &facts.imports {
                if let model::facts::ImportItem::Named(name) = &import.item {
                    note(name);
                }
            }
        }
        all
    }

    /// Reaches what a file that nobody imports hands out.
    fn reach_exports(&mut self, file: FileId, depth: usize) {
        let program = self.evaluator.program;
        if depth > 8 {
            return;
        }
        for export in &program.file(file).exports {
            match &export.value {
                ExportValue::Local(name) => self.reach_name(file, name),
                ExportValue::Value(value) => {
                    if let ExprKind::Function(index) = value.kind {
                        let id = FunctionId {
                            file,
                            index: index.0,
                        };
                        self.reach_function(id, None);
                    } else if let ExprKind::ClassLiteral(index) = value.kind {
                        let index = index.0;
                        self.make(ClassId { file, index }, true);
                    }
                }
                ExportValue::From { module, item } => {
                    let facts = program.file(file);
                    let found = program
                        .modules
                        .find(facts.language(), &facts.source.path, module);
                    if let ModuleRef::File(found) = found {
                        if &**item == "*" {
                            self.reach_exports(found, depth + 1);
                        } else {
                            self.reach_name(found, item);
                        }
                    }
                }
            }
        }
    }

    fn reach_name(&mut self, file: FileId, name: &Name) {
        let program = self.evaluator.program;
        for declared in program.declared(file, name) {
            match declared {
                Declared::Function(id) => self.reach_function(*id, None),
                Declared::Class(class) => self.make(*class, true),
            }
        }
        let named = self.functions.get(name).cloned().unwrap_or_default();
        for id in named {
            if id.file == file {
                self.reach_function(id, None);
            }
        }
    }

    fn reach_function(&mut self, function: FunctionId, class: Option<ClassId>) {
        self.reach(Node { function, class });
    }

    fn reach(&mut self, node: Node) {
        if self.live.contains(&node) {
            return;
        }
        if !self.with_one_off && self.is_one_off(node.function) {
            self.deferred.insert(node);
            return;
        }
        self.live.insert(node);
        self.todo.push(node);
    }

    fn is_one_off(&self, function: FunctionId) -> bool {
        let program = self.evaluator.program;
        is_one_off_path(&program.file(function.file).source.path)
            || is_one_off_name(&program.function(function).name)
    }

    fn run(&mut self) {
        while let Some(node) = self.todo.pop() {
            self.follow(node);
            self.follow_overrides(node);
        }
    }

    /// What is called on a receiver of a base class is called on those of its subclasses.
    fn follow_overrides(&mut self, node: Node) {
        let program = self.evaluator.program;
        let Some(class) = node.class else { return };
        let name = &program.function(node.function).name;
        for below in self.subclasses.get(&class).cloned().unwrap_or_default() {
            if self.live_classes.contains(&below)
                && let Some(method) = self.evaluator.method(below, name)
            {
                self.reach_function(method, Some(below));
            }
        }
    }

    fn follow(&mut self, node: Node) {
        let program = self.evaluator.program;
        let all = self.inside.get(&node.function).cloned().unwrap_or_default();
        let used = self.evaluator.notes.usage.of(node).cloned();
        let used = used.or_else(|| self.evaluator.used_by_subclasses(node));
        if let Some(used) = &used {
            for node in &used.nodes {
                self.reach(*node);
            }
            for name in &used.names {
                self.call_name(name);
            }
            for class in &used.any_of {
                self.reach_methods(*class, Caller::Inside);
            }
            for template in &used.class_names {
                self.make_matching(template);
            }
        }
        let mut found = Vec::new();
        let mut types: Vec<Name> = Vec::new();
        for function in all {
            if node.function.index == 0 && function.index != 0 {
                continue;
            }
            let facts = program.function(function);
            visit::expressions(&facts.body, &mut |expr| found.push(expr));
            for param in &facts.params {
                let values = facts.decorators.iter().chain(&param.default);
                values.for_each(|value| visit::walk(value, &mut |expr| found.push(expr)));
                let ty = param.ty.iter();
                ty.for_each(|ty| type_names(ty, &mut |name| types.push(name.into())));
            }
        }
        for name in &types {
            self.mention(name);
        }
        self.follow_exprs(node, &found, used.is_none());
        if node.function.index == 0 {
            self.follow_module(node.function.file);
        }
    }

    /// Reaches the closures that a module body hands on without giving them a name.
    fn follow_module(&mut self, file: FileId) {
        let program = self.evaluator.program;
        for (index, function) in program.file(file).functions.iter().enumerate() {
            let id = FunctionId {
                file,
                index: number(index),
            };
            if function.kind == FunctionKind::Closure
                && function.parent == Some(FunctionIndex(0))
                && !self.named_closures.contains(&id)
            {
                let class = Node::new(program, id, None).class;
                self.reach_function(id, class);
            }
        }
    }

    /// Follows what expressions name: classes always, functions and methods where they were not run.
    fn follow_exprs(&mut self, node: Node, exprs: &[&Expr], by_name: bool) {
        let is_php = self.evaluator.program.language(node.function.file) == Language::Php;
        let keys = keys_among(exprs);
        for expr in exprs {
            mentions_of(expr, &mut |name| self.mention(name));
            match &expr.kind {
                ExprKind::Text(text) if !keys.contains(&std::ptr::from_ref(*expr)) => {
                    self.follow_text(node, text, is_php);
                }
                ExprKind::Array(entries) if is_php => self.follow_pair(node, entries),
                ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. }
                    if by_name =>
                {
                    self.call_name(property);
                }
                ExprKind::Name(name) | ExprKind::Global(name) if by_name => {
                    self.call_function_name(last(name));
                }
                ExprKind::ClassLiteral(index) => {
                    let class = ClassId {
                        file: node.function.file,
                        index: index.0,
                    };
                    self.make(class, true);
                }
                _ => {}
            }
        }
    }

    /// Follows a text that names a function: a hook, a route, a task.
    fn follow_text(&mut self, node: Node, text: &str, is_php: bool) {
        if text.len() <= SHORTEST || text.len() > 120 || text.contains(char::is_whitespace) {
            return;
        }
        if let (true, Some(namespace)) = (is_php, text.strip_suffix('\\')) {
            self.make_in(last(namespace));
        } else if let Some((_, method)) = text.rsplit_once(['.', ':', '@', '#', '/']) {
            // Frameworks find methods by the end of a path; a plugin of WordPress names the callback
            // of each route, and a path there is only a path.
            let is_path = text.ends_with(&format!("/{method}"));
            let is_registered = self.evaluator.program.unit.entry_points == EntryPoints::Registered;
            let is_only_path = is_php && is_path && is_registered;
            if !method.is_empty() && !is_only_path {
                self.call_name(method);
            }
        } else {
            if is_php {
                self.call_function_name(last(text));
            }
            // A table of a class often names the methods of the class itself.
            if let Some(class) = node.class
                && let Some(method) = self.evaluator.method(class, text)
            {
                self.reach_function(method, Some(class));
            }
        }
    }

    /// PHP: follows `[$object, 'method']`.
    fn follow_pair(&mut self, node: Node, entries: &[Entry]) {
        let [receiver, method] = entries else { return };
        let ExprKind::Text(name) = &method.value.kind else {
            return;
        };
        if receiver.key.is_some() || method.key.is_some() {
            return;
        }
        match (&receiver.value.kind, node.class) {
            (ExprKind::This | ExprKind::Class(ClassRef::Own | ClassRef::Static), Some(class)) => {
                if let Some(method) = self.evaluator.method(class, name) {
                    self.reach_function(method, Some(class));
                }
            }
            _ => self.call_name(name),
        }
    }

    /// A method of this name is called on something.
    fn call_name(&mut self, name: &str) {
        let name: Name = name.into();
        if !self.called_names.insert(name.clone()) {
            return;
        }
        if self.evaluator.program.is_method_name(&name) {
            self.call_methods(&name);
        }
        self.call_function_name(&name);
    }

    fn call_methods(&mut self, name: &Name) {
        let mut classes: Vec<ClassId> = self.live_classes.iter().copied().collect();
        classes.sort_unstable();
        for class in classes {
            if let Some(method) = self.evaluator.method(class, name) {
                self.reach_function(method, Some(class));
            }
        }
    }

    fn call_function_name(&mut self, name: &str) {
        for function in self.functions.get(name).cloned().unwrap_or_default() {
            self.reach_function(function, None);
        }
    }

    /// A class of this name is spoken of, so it can be made.
    fn mention(&mut self, name: &str) {
        let name: Name = last(name).into();
        if self.classes.contains_key(&name) && self.mentioned.insert(name.clone()) {
            for class in self.classes.get(&name).cloned().unwrap_or_default() {
                self.make(class, false);
            }
        }
    }

    /// PHP: classes are made whose names are put together from a namespace and something else.
    fn make_in(&mut self, folder: &str) {
        let program = self.evaluator.program;
        for class in program.classes() {
            if folder_of(&program.class(class).name) == Some(folder) {
                self.make(class, true);
            }
        }
    }

    /// A class is made whose name is only known in part.
    fn make_matching(&mut self, template: &str) {
        let program = self.evaluator.program;
        let parts: Vec<&str> = template.trim_start_matches('\\').split("{id}").collect();
        let [start, .., end] = parts.as_slice() else {
            return;
        };
        if start.is_empty() && end.is_empty() {
            return;
        }
        for class in program.classes() {
            let name = program.class(class).name.trim_start_matches('\\');
            if name.starts_with(start) && name.ends_with(end) {
                self.make(class, true);
            }
        }
    }

    /// Instances of a class can be there; `for_outside` where code that is not here has them.
    fn make(&mut self, class: ClassId, for_outside: bool) {
        let is_new = self.live_classes.insert(class);
        if for_outside || (is_new && self.has_foreign_base(class)) {
            self.reach_methods(class, Caller::Outside);
        }
        if !is_new {
            return;
        }
        for declared in self.evaluator.lineage(class).iter().copied() {
            self.follow_declaration(declared, class);
        }
        self.reach_own_names(class);
    }

    /// Follows what the declaration of a class names outside of its methods, for an instance of `class`.
    fn follow_declaration(&mut self, declared: ClassId, class: ClassId) {
        let program = self.evaluator.program;
        let facts = program.class(declared);
        let node = Node {
            function: FunctionId {
                file: declared.file,
                index: 0,
            },
            class: Some(class),
        };
        let mut found = Vec::new();
        let named = facts.bases.iter().chain(field_values(facts));
        for expr in named.chain(&facts.decorators) {
            visit::walk(expr, &mut |expr| found.push(expr));
        }
        self.follow_exprs(node, &found, true);
        for expr in found {
            if let ExprKind::Function(index) = expr.kind {
                let id = FunctionId {
                    file: declared.file,
                    index: index.0,
                };
                self.reach(Node::new(program, id, None));
            }
        }
        for mixin in &facts.mixins {
            self.mention(mixin);
        }
        let mut types: Vec<Name> = Vec::new();
        let fields = facts.fields.iter().filter_map(|field| field.ty.as_ref());
        fields.for_each(|ty| type_names(ty, &mut |name| types.push(name.into())));
        for name in &types {
            self.mention(name);
        }
    }

    /// Reaches the methods of a class that has come to life: those that run unasked, those called by name.
    fn reach_own_names(&mut self, class: ClassId) {
        let program = self.evaluator.program;
        let lineage = self.evaluator.lineage(class);
        for base in lineage.iter() {
            for method in &program.class(*base).methods {
                let id = FunctionId {
                    file: base.file,
                    index: method.0,
                };
                let facts = program.function(id);
                let runs_unasked = facts.kind == FunctionKind::Constructor
                    || facts.name.starts_with("__")
                    || is_registered(&facts.decorators);
                let is_called = runs_unasked
                    || self.called_names.contains(&facts.name)
                    || lineage.iter().any(|base| {
                        let class = Some(*base);
                        self.evaluator
                            .method(*base, &facts.name)
                            .is_some_and(|function| {
                                self.live.contains(&Node { function, class }) && *base != lineage[0]
                            })
                    });
                if is_called && self.evaluator.method(class, &facts.name) == Some(id) {
                    self.reach_function(id, Some(class));
                }
            }
        }
    }

    /// Reaches every method that `caller` may call: what is protected, code outside calls from a base
    /// of the class only.
    fn reach_methods(&mut self, class: ClassId, caller: Caller) {
        let program = self.evaluator.program;
        let sees_protected = caller == Caller::Inside || self.has_foreign_parent(class);
        for base in self.evaluator.lineage(class).iter().copied() {
            for method in &program.class(base).methods {
                let id = FunctionId {
                    file: base.file,
                    index: method.0,
                };
                let facts = program.function(id);
                let is_hidden = !facts.is_public || (facts.is_protected && !sees_protected);
                if !is_hidden && self.evaluator.method(class, &facts.name) == Some(id) {
                    self.reach_function(id, Some(class));
                }
            }
        }
    }

    /// Tells whether a base of the class, or code that is put into it, is outside the unit.
    fn has_foreign_parent(&mut self, class: ClassId) -> bool {
        let program = self.evaluator.program;
        let is_own = |class: &Atom| matches!(class, Atom::Class(_));
        self.evaluator.lineage(class).iter().any(|class| {
            let facts = program.class(*class);
            let holds_no_code = |name: &Name| {
                let is_known = program.php_class(name).is_some() || is_plain_name(name);
                is_known || name.ends_with("Interface")
            };
            let mut bases = facts.bases.iter().filter(|base| !is_plain(base));
            !facts.mixins.iter().all(holds_no_code)
                || bases.any(|base| {
                    let base = self.evaluator.class_expr(class.file, base);
                    !base.atoms.iter().any(is_own)
                })
        })
    }

    /// Tells whether code outside the unit knows the class by a base or interface of its own.
    fn has_foreign_base(&mut self, class: ClassId) -> bool {
        let program = self.evaluator.program;
        self.evaluator.lineage(class).iter().any(|class| {
            let class = *class;
            let facts = program.class(class);
            let mut bases = facts.bases.iter().filter(|base| !is_plain(base));
            let is_known = |name: &Name| program.php_class(name).is_some() || is_plain_name(name);
            let is_own = |value: Value| {
                value
                    .atoms
                    .iter()
                    .any(|atom| matches!(atom, Atom::Class(_)))
            };
            !facts.mixins.iter().all(is_known)
                || bases.any(|base| !is_own(self.evaluator.class_expr(class.file, base)))
        })
    }
}

/// Tells whether a name is long enough to mean one thing.
pub(crate) fn is_telling_name(name: &str) -> bool {
    name.trim_matches('_').contains('_') || name.len() >= TELLING
}

/// Lists the expressions that only say where something is in a map.
fn keys_among(exprs: &[&Expr]) -> HashSet<*const Expr> {
    let mut keys = HashSet::default();
    for expr in exprs {
        match &expr.kind {
            ExprKind::Array(entries) => {
                let all = entries.iter().filter_map(|entry| entry.key.as_ref());
                keys.extend(all.map(std::ptr::from_ref));
            }
            ExprKind::Index { index, .. } => {
                keys.extend(index.as_deref().map(std::ptr::from_ref));
            }
            _ => {}
        }
    }
    keys
}

fn is_plain(base: &Expr) -> bool {
    crate::program::Program::dotted(base).is_some_and(|name| is_plain_name(&name))
        || matches!(&base.kind, ExprKind::Index { object, .. } if is_plain(object))
}

fn is_plain_name(name: &str) -> bool {
    let name = last(name).to_ascii_lowercase();
    PLAIN_BASES.contains(&name.as_str()) || name.ends_with("exception")
}

/// Tells whether a decorator hands the function to something that calls it.
fn is_registered(decorators: &[Expr]) -> bool {
    decorators.iter().any(|decorator| {
        crate::program::Program::dotted(decorator).is_none_or(|name| {
            !PLAIN_DECORATORS.contains(&last(&name)) && !name.contains(".setter")
        })
    })
}

fn is_exports(object: &Expr) -> bool {
    match &object.kind {
        ExprKind::Name(name) => &**name == "exports",
        ExprKind::Member { object, property } => {
            &**property == "exports"
                && matches!(&object.kind, ExprKind::Name(name) if &**name == "module")
        }
        _ => false,
    }
}

fn field_values(class: &model::facts::Class) -> impl Iterator<Item = &Expr> {
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

fn type_names(ty: &Type, on: &mut dyn FnMut(&str)) {
    match ty {
        Type::Named { name, arguments } => {
            on(name);
            for ty in arguments {
                type_names(ty, on);
            }
        }
        Type::Union(all) => all.iter().for_each(|ty| type_names(ty, on)),
        Type::List(inner) | Type::ClassOf(inner) => type_names(inner, on),
        Type::Object(members) => members.iter().for_each(|(_, ty)| type_names(ty, on)),
        Type::Of(name) => on(name),
        Type::Literal(_) | Type::Unknown => {}
    }
}

/// Returns the last part of the namespace that a class is in.
fn folder_of(class: &str) -> Option<&str> {
    let (namespace, _) = class.rsplit_once('\\')?;
    Some(last(namespace))
}
