//! The search for living code: from what the world outside calls, along what each function uses.

use std::{collections::BTreeSet, rc::Rc};

use model::{
    Name,
    facts::{ExportValue, ExprKind, FunctionIndex, FunctionKind},
    language::Language,
    unit::EntryPoints,
};

use crate::{
    evaluator::Evaluator,
    hashing::{HashMap, HashSet},
    modules::ModuleRef,
    program::{ClassId, Declared, FileId, FunctionId, number},
    reach::last,
    usage::{Node, Usage},
    value::{Atom, Value},
};

use super::{
    folder_of,
    index::Index,
    is_telling_name,
    named::{Calls, Named},
    plain::{is_plain, is_plain_name, is_registered},
};

/// How many methods of a class are called before its callers are taken to be in the unit.
const ENOUGH_CALLED: usize = 3;

/// Who calls the methods of a class.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Caller {
    /// Code of the class itself, by a name that is only known when the program runs.
    Inside,
    /// Code that is not here.
    Outside,
}

pub(super) struct Search<'e, 'a> {
    evaluator: &'e mut Evaluator<'a>,
    usage: &'e Usage,
    index: &'e Index,
    subclasses: Rc<HashMap<ClassId, Vec<ClassId>>>,
    pub(super) with_one_off: bool,
    pub(super) live: HashSet<Node>,
    live_classes: HashSet<ClassId>,
    called_names: HashSet<Name>,
    mentioned: HashSet<Name>,
    pub(super) deferred: BTreeSet<Node>,
    /// Classes that no code of the unit speaks of.
    unmentioned: Vec<ClassId>,
    todo: Vec<Node>,
    /// Functions of which all was followed that is the same for every receiver.
    followed: HashSet<FunctionId>,
    /// The same for what is called by name, where a function was not run.
    followed_by_name: HashSet<FunctionId>,
}

impl<'e, 'a> Search<'e, 'a> {
    pub(super) fn new(
        evaluator: &'e mut Evaluator<'a>,
        usage: &'e Usage,
        index: &'e Index,
    ) -> Self {
        Self {
            subclasses: Rc::clone(&evaluator.subclasses),
            evaluator,
            usage,
            index,
            with_one_off: false,
            live: HashSet::default(),
            live_classes: HashSet::default(),
            called_names: HashSet::default(),
            mentioned: HashSet::default(),
            deferred: BTreeSet::new(),
            unmentioned: Vec::new(),
            todo: Vec::new(),
            followed: HashSet::default(),
            followed_by_name: HashSet::default(),
        }
    }

    /// Enters the program by all the ways that the world outside has.
    pub(super) fn start(&mut self) {
        let program = self.evaluator.program;
        let entry_points = program.unit.entry_points;
        let index = self.index;
        for (file, facts) in program.files() {
            let is_php = facts.language() == Language::Php;
            let neighbours = &program.unit.neighbours;
            let is_own = !neighbours.borrowed.contains(&facts.source.path);
            if !is_own && !is_php && !index.imported.contains(&file) {
                continue;
            }
            self.reach_function(FunctionId { file, index: 0 }, None);
            if neighbours.lent.contains(&facts.source.path) {
                continue;
            }
            let is_outermost = entry_points == EntryPoints::Public
                || index.is_one_off_file(file)
                || (!is_php && !index.imported.contains(&file))
                || (is_php && entry_points == EntryPoints::Conventional);
            let is_entry = is_own && is_outermost;
            for (at, function) in facts.functions.iter().enumerate() {
                let id = FunctionId {
                    file,
                    index: number(at),
                };
                let is_top = function.class.is_none() && function.parent == Some(FunctionIndex(0));
                let is_function = is_top && function.kind != FunctionKind::Closure;
                let is_named = index.named_closures.contains(&id);
                let is_decorated = is_registered(&function.decorators);
                if (is_function || is_named) && ((is_entry && function.is_public) || is_decorated) {
                    self.reach_function(id, None);
                }
            }
            for at in 0..facts.classes.len() {
                let class = ClassId {
                    file,
                    index: number(at),
                };
                if is_own {
                    self.start_class(class, is_entry);
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
    fn start_class(&mut self, class: ClassId, in_entry: bool) {
        let program = self.evaluator.program;
        let facts = program.class(class);
        let is_php = program.language(class.file) == Language::Php;
        let is_mentioned = self
            .index
            .mentions
            .get(last(&facts.name))
            .is_some_and(|files| files.iter().any(|file| *file != class.file || !is_php));
        match program.unit.entry_points {
            EntryPoints::Public => self.make(class, true),
            _ if self.index.is_one_off_file(class.file) => self.make(class, true),
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
    pub(super) fn start_unmentioned(&mut self) {
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
        let named = self.index.functions.get(name);
        for id in named.into_iter().flatten() {
            if id.file == file {
                self.reach_function(*id, None);
            }
        }
    }

    fn reach_function(&mut self, function: FunctionId, class: Option<ClassId>) {
        self.reach(Node { function, class });
    }

    pub(super) fn reach(&mut self, node: Node) {
        if self.live.contains(&node) {
            return;
        }
        if !self.with_one_off && self.index.is_one_off(node.function) {
            self.deferred.insert(node);
            return;
        }
        self.live.insert(node);
        self.todo.push(node);
    }

    pub(super) fn run(&mut self) {
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
        let subclasses = Rc::clone(&self.subclasses);
        for below in subclasses.get(&class).into_iter().flatten() {
            if self.live_classes.contains(below)
                && let Some(method) = self.evaluator.method(*below, name)
            {
                self.reach_function(method, Some(*below));
            }
        }
    }

    fn follow(&mut self, node: Node) {
        let usage = self.usage;
        let by_subclasses;
        let mut used = usage.of(node);
        if used.is_none() {
            by_subclasses = self.evaluator.used_by_subclasses(usage, node);
            used = by_subclasses.as_ref();
        }
        if let Some(used) = used {
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
        let by_name = used.is_none();
        let index = self.index;
        let Some(named) = index.named(node.function) else {
            return;
        };
        if self.followed.insert(node.function) {
            self.follow_named(named);
            if node.function.index == 0 {
                self.follow_module(node.function.file);
            }
        }
        if by_name && self.followed_by_name.insert(node.function) {
            let program = self.evaluator.program;
            self.follow_calls(&Calls::of_function(program, index, node.function));
        }
        self.follow_own(node, named);
    }

    /// Follows what is named whatever the receiver is: classes, functions and methods in quotes.
    fn follow_named(&mut self, named: &Named) {
        for name in &named.classes {
            self.mention(name);
        }
        for folder in &named.namespaces {
            self.make_in(folder);
        }
        for name in named.quoted_methods.iter().chain(&named.pairs) {
            self.call_name(name);
        }
        for name in &named.quoted_functions {
            self.call_function_name(name);
        }
        for class in &named.literals {
            self.make(*class, true);
        }
    }

    /// Follows what is called by name, where nothing else says what is called.
    fn follow_calls(&mut self, calls: &Calls) {
        for name in &calls.members {
            self.call_name(name);
        }
        for name in &calls.functions {
            self.call_function_name(name);
        }
    }

    /// Follows the methods that a function names of its own receiver.
    fn follow_own(&mut self, node: Node, named: &Named) {
        let own = named.own_methods.iter().chain(&named.own_pairs);
        if let Some(class) = node.class {
            for name in own {
                if let Some(method) = self.evaluator.method(class, name) {
                    self.reach_function(method, Some(class));
                }
            }
        } else {
            for name in &named.own_pairs {
                self.call_name(name);
            }
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
                && !self.index.named_closures.contains(&id)
            {
                let class = Node::new(program, id, None).class;
                self.reach_function(id, class);
            }
        }
    }

    /// A method of this name is called on something.
    pub(super) fn call_name(&mut self, name: &Name) {
        if self.called_names.contains(name) {
            return;
        }
        self.called_names.insert(name.clone());
        self.call_methods(name);
        self.call_function_name(name);
    }

    fn call_methods(&mut self, name: &Name) {
        let declaring = self.evaluator.program.classes_with(name);
        let heirs = |class: &ClassId| self.subclasses.get(class).into_iter().flatten();
        let classes = declaring
            .iter()
            .flat_map(|class| heirs(class).chain([class]));
        let mut classes: Vec<ClassId> = classes.copied().collect();
        classes.retain(|class| self.live_classes.contains(class));
        classes.sort_unstable();
        classes.dedup();
        for class in classes {
            if let Some(method) = self.evaluator.method(class, name) {
                self.reach_function(method, Some(class));
            }
        }
    }

    fn call_function_name(&mut self, name: &str) {
        for function in self.index.functions.get(name).into_iter().flatten() {
            self.reach_function(*function, None);
        }
    }

    /// A class of this name is spoken of, so it can be made.
    pub(super) fn mention(&mut self, name: &str) {
        let index = self.index;
        let Some((name, classes)) = index.classes.get_key_value(last(name)) else {
            return;
        };
        if !self.mentioned.contains(name) {
            self.mentioned.insert(name.clone());
            for class in classes {
                self.make(*class, false);
            }
        }
    }

    /// PHP: classes are made whose names are put together from a namespace and something else.
    pub(super) fn make_in(&mut self, folder: &str) {
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
        let node = Node {
            function: FunctionId {
                file: declared.file,
                index: 0,
            },
            class: Some(class),
        };
        let index = self.index;
        let Some(named) = index.declared(declared) else {
            return;
        };
        self.follow_named(named);
        self.follow_calls(&Calls::of_class(program, index, declared));
        self.follow_own(node, named);
        for closure in &named.closures {
            self.reach(Node::new(program, *closure, None));
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
        let known = self.evaluator.known_outside.get(&class).copied();
        known.unwrap_or_else(|| {
            let is_foreign = self.finds_foreign_base(class);
            self.evaluator.known_outside.insert(class, is_foreign);
            is_foreign
        })
    }

    fn finds_foreign_base(&mut self, class: ClassId) -> bool {
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
