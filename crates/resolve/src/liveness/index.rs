//! What the search for living code asks about the unit, whatever it starts from.

use model::{
    Name,
    facts::{Expr, ExprKind, ImportItem, Stmt},
};

use crate::{
    hashing::{HashMap, HashSet},
    links::modules_declared,
    modules::ModuleRef,
    once::{is_one_off_name, is_one_off_path},
    program::{ClassId, FileId, FunctionId, Program, number},
    reach::last,
    visit,
};

use super::named::Named;

/// The functions and classes of the unit, by what code can call them by.
#[derive(Default)]
pub(crate) struct Index {
    /// Functions written inside a function, by the outermost one; itself included.
    pub(super) inside: HashMap<FunctionId, Vec<FunctionId>>,
    /// Closures that a module body binds to a name.
    pub(super) named_closures: HashSet<FunctionId>,
    /// Functions that are no methods, by the last part of their name.
    pub(super) functions: HashMap<Name, Vec<FunctionId>>,
    /// Classes, by the last part of their name.
    pub(super) classes: HashMap<Name, Vec<ClassId>>,
    /// Files that others import.
    pub(super) imported: HashSet<FileId>,
    /// For each name of a class, which files speak of it.
    pub(super) mentions: HashMap<Name, HashSet<FileId>>,
    /// Files that hold code that runs once.
    one_off_files: HashSet<FileId>,
    /// Functions that run once, by their names.
    one_off: HashSet<FunctionId>,
    /// What each function names, with all that is written inside it.
    named: HashMap<FunctionId, Named>,
    /// What the declaration of each class names outside of its methods.
    declared: HashMap<ClassId, Named>,
}

impl Index {
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let mut index = Self::default();
        index.index_functions(program);
        for class in program.classes() {
            let name = last(&program.class(class).name).into();
            index.classes.entry(name).or_default().push(class);
        }
        let named = index.inside.keys().map(|function| {
            let named = Named::by_function(program, &index, *function);
            (*function, named)
        });
        let named = named.collect();
        let declared = program.classes().into_iter().map(|class| {
            let named = Named::by_class(program, &index, class);
            (class, named)
        });
        index.declared = declared.collect();
        index.named = named;
        index.imported = index.imported_files(program);
        index.mentions = index.all_mentions(program);
        index
    }

    fn index_functions(&mut self, program: &Program<'_>) {
        for (file, facts) in program.files() {
            if is_one_off_path(&facts.source.path) {
                self.one_off_files.insert(file);
            }
            if let Some(body) = facts.functions.first() {
                self.index_named_closures(file, &body.body);
            }
            for (index, function) in facts.functions.iter().enumerate() {
                let id = FunctionId {
                    file,
                    index: number(index),
                };
                if is_one_off_name(&function.name) {
                    self.one_off.insert(id);
                }
                let outermost = program.outermost(id);
                self.inside.entry(outermost).or_default().push(id);
                if function.class.is_none() && outermost == id && !function.name.is_empty() {
                    let name = last(&function.name).into();
                    self.functions.entry(name).or_default().push(id);
                }
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

    /// Tells whether code runs once, by where it stands and what it is called.
    pub(super) fn is_one_off(&self, function: FunctionId) -> bool {
        self.is_one_off_file(function.file) || self.one_off.contains(&function)
    }

    /// Tells whether a file holds code that runs once.
    pub(super) fn is_one_off_file(&self, file: FileId) -> bool {
        self.one_off_files.contains(&file)
    }

    /// Returns what a function names, with all that is written inside it.
    pub(super) fn named(&self, function: FunctionId) -> Option<&Named> {
        self.named.get(&function)
    }

    /// Returns what the declaration of a class names outside of its methods.
    pub(super) fn declared(&self, class: ClassId) -> Option<&Named> {
        self.declared.get(&class)
    }

    /// Lists what functions and declarations of classes name, each with its file.
    fn all_named(&self) -> impl Iterator<Item = (FileId, &Named)> {
        let in_functions = self.named.iter();
        let in_functions = in_functions.map(|(function, named)| (function.file, named));
        let in_classes = self.declared.iter();
        in_functions.chain(in_classes.map(|(class, named)| (class.file, named)))
    }

    /// Lists the files that others import.
    fn imported_files(&self, program: &Program<'_>) -> HashSet<FileId> {
        let mut imported = HashSet::default();
        let mut note = |file: FileId, module: &str| {
            let facts = program.file(file);
            let found = program
                .modules
                .find(facts.language(), &facts.source.path, module);
            if let ModuleRef::File(found) = found
                && found != file
            {
                imported.insert(found);
            }
        };
        for (file, facts) in program.files() {
            modules_declared(facts, |_| true, &mut |module| note(file, module));
        }
        for (file, named) in self.all_named() {
            named.modules.iter().for_each(|module| note(file, module));
        }
        imported
    }

    /// Lists for each name that could be one of a class which files speak of it.
    fn all_mentions(&self, program: &Program<'_>) -> HashMap<Name, HashSet<FileId>> {
        let mut all: HashMap<Name, HashSet<FileId>> = HashMap::default();
        for (file, named) in self.all_named() {
            for name in &named.classes {
                all.entry(name.clone()).or_default().insert(file);
            }
        }
        for (file, facts) in program.files() {
            for import in &facts.imports {
                if let ImportItem::Named(name) = &import.item
                    && let Some((name, _)) = self.classes.get_key_value(last(name))
                {
                    all.entry(name.clone()).or_default().insert(file);
                }
            }
        }
        all
    }
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
