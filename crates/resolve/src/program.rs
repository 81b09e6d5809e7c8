//! The unit as one program: every function and class under an id, and the indexes to find them.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Name,
    api::{Catalog, SdkId, SdkTable},
    facts::{
        Class, ClassIndex, ClassKind, ClassRef, Expr, ExprKind, FileFacts, Function, FunctionIndex,
        FunctionKind, Import, Stmt,
    },
    language::Language,
    unit::{SdkRoot, UnitFacts},
};

use crate::{class_aliases::ClassAliases, hashing::HashMap, modules::Modules, visit};

/// A file of the unit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FileId(pub(crate) u32);

/// A function of the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct FunctionId {
    pub(crate) file: FileId,
    pub(crate) index: u32,
}

/// A class of the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct ClassId {
    pub(crate) file: FileId,
    pub(crate) index: u32,
}

/// An entry of [`UnitFacts::sdks`], and whether it is used for a connected account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct SdkIndex(pub(crate) u32);

impl SdkIndex {
    /// Marks an SDK as used for a connected account.
    const CONNECTED: u32 = 1 << 31;

    /// Returns the same SDK through a client that acts for a connected account.
    pub(crate) fn connected(self) -> Self {
        Self(self.0 | Self::CONNECTED)
    }

    pub(crate) fn is_connected(self) -> bool {
        self.0 & Self::CONNECTED != 0
    }

    fn position(self) -> usize {
        (self.0 & !Self::CONNECTED) as usize
    }
}

/// The unit with its indexes.
pub(crate) struct Program<'a> {
    pub(crate) unit: &'a UnitFacts,
    pub(crate) catalog: &'a Catalog,
    pub(crate) modules: Modules,
    php_classes: HashMap<String, Vec<ClassId>>,
    php_aliases: ClassAliases,
    php_functions: HashMap<String, Vec<FunctionId>>,
    declared: HashMap<(FileId, Name), Vec<Declared>>,
    imports: HashMap<(FileId, Name), Vec<&'a Import>>,
    star_imports: HashMap<FileId, Vec<&'a Import>>,
    writers: HashMap<(ClassId, Name), Vec<FunctionId>>,
    method_names: HashMap<ClassId, BTreeMap<String, FunctionId>>,
    /// The classes that declare a method, by the name that it is found by.
    declaring: HashMap<String, Vec<ClassId>>,
    /// Classes and clients of the SDK for PHP, by their names in lower case: PHP does not mind.
    php_sdk_spellings: HashMap<String, Name>,
}

/// What a name declared at the top level of a file is.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Declared {
    Function(FunctionId),
    Class(ClassId),
}

impl<'a> Program<'a> {
    pub(crate) fn new(unit: &'a UnitFacts, catalog: &'a Catalog) -> Self {
        let mut program = Self {
            unit,
            catalog,
            modules: Modules::new(unit),
            php_classes: HashMap::default(),
            php_aliases: ClassAliases::new(unit),
            php_functions: HashMap::default(),
            declared: HashMap::default(),
            imports: HashMap::default(),
            star_imports: HashMap::default(),
            writers: HashMap::default(),
            method_names: HashMap::default(),
            declaring: HashMap::default(),
            php_sdk_spellings: HashMap::default(),
        };
        program.index_php_sdk();
        for (file, facts) in program.files() {
            program.index_classes(file, facts);
            program.index_functions(file, facts);
            for import in &facts.imports {
                if import.local.is_empty() {
                    program.star_imports.entry(file).or_default().push(import);
                } else {
                    program
                        .imports
                        .entry((file, import.local.clone()))
                        .or_default()
                        .push(import);
                }
            }
        }
        program
    }

    fn index_php_sdk(&mut self) {
        let Some(table) = self.catalog.sdk(SdkId::Php) else {
            return;
        };
        for class in table.classes.keys().chain(table.clients.iter()) {
            self.php_sdk_spellings
                .entry(class.to_ascii_lowercase())
                .or_insert_with(|| class.clone());
        }
    }

    fn index_classes(&mut self, file: FileId, facts: &'a FileFacts) {
        for (index, class) in facts.classes.iter().enumerate() {
            let id = ClassId {
                file,
                index: number(index),
            };
            if facts.language() == Language::Php {
                let key = class.name.to_ascii_lowercase();
                self.php_classes.entry(key).or_default().push(id);
            } else if class.function == FunctionIndex(0) {
                self.declared
                    .entry((file, class.name.clone()))
                    .or_default()
                    .push(Declared::Class(id));
            }
            let methods = self.method_names.entry(id).or_default();
            for method in &class.methods {
                let Some(function) = facts.functions.get(method.0 as usize) else {
                    continue;
                };
                if function.kind != FunctionKind::Setter {
                    let name = method_key(facts.language(), &function.name);
                    self.declaring.entry(name.clone()).or_default().push(id);
                    methods.insert(
                        name,
                        FunctionId {
                            file,
                            index: method.0,
                        },
                    );
                }
            }
        }
    }

    fn index_functions(&mut self, file: FileId, facts: &'a FileFacts) {
        for (index, function) in facts.functions.iter().enumerate() {
            let id = FunctionId {
                file,
                index: number(index),
            };
            if function.class.is_none() && !function.name.is_empty() {
                if facts.language() == Language::Php {
                    let key = function.name.to_ascii_lowercase();
                    self.php_functions.entry(key).or_default().push(id);
                } else if function.parent == Some(FunctionIndex(0)) {
                    self.declared
                        .entry((file, function.name.clone()))
                        .or_default()
                        .push(Declared::Function(id));
                }
            }
            self.index_writes(id, facts, function);
        }
    }

    /// Notes which methods write which fields of their own class.
    fn index_writes(&mut self, id: FunctionId, facts: &'a FileFacts, function: &'a Function) {
        let Some(class) = enclosing_class(facts, function) else {
            return;
        };
        let class = ClassId {
            file: id.file,
            index: class.0,
        };
        let method = enclosing_method(facts, FunctionIndex(id.index));
        for param in function.params.iter().filter(|param| param.promoted) {
            if let ExprKind::Name(name) = &param.target.kind {
                let name = name.trim_start_matches('$').into();
                self.writers.entry((class, name)).or_default().push(id);
            }
        }
        visit::assignments(&function.body, &mut |target| {
            let name = match &target.kind {
                ExprKind::Member { object, property }
                    if matches!(
                        object.kind,
                        ExprKind::This | ExprKind::Class(_) | ExprKind::Name(_)
                    ) =>
                {
                    property
                }
                ExprKind::StaticMember { property, .. } => property,
                _ => return,
            };
            let writers = self.writers.entry((class, name.clone())).or_default();
            let writer = FunctionId {
                file: id.file,
                index: method.0,
            };
            if !writers.contains(&writer) {
                writers.push(writer);
            }
        });
    }

    pub(crate) fn files(&self) -> impl Iterator<Item = (FileId, &'a FileFacts)> + use<'a> {
        self.unit
            .files
            .iter()
            .enumerate()
            .map(|(index, facts)| (FileId(number(index)), facts))
    }

    /// Lists the files of other units.
    pub(crate) fn borrowed(&self) -> BTreeSet<FileId> {
        let borrowed = &self.unit.neighbours.borrowed;
        self.files()
            .filter(|(_, facts)| borrowed.contains(&facts.source.path))
            .map(|(file, _)| file)
            .collect()
    }

    pub(crate) fn file(&self, id: FileId) -> &'a FileFacts {
        &self.unit.files[id.0 as usize]
    }

    pub(crate) fn function(&self, id: FunctionId) -> &'a Function {
        &self.file(id.file).functions[id.index as usize]
    }

    pub(crate) fn class(&self, id: ClassId) -> &'a Class {
        &self.file(id.file).classes[id.index as usize]
    }

    pub(crate) fn language(&self, file: FileId) -> Language {
        self.file(file).language()
    }

    /// Returns the class that a function is a method of, or that is written around it.
    pub(crate) fn class_around(&self, id: FunctionId) -> Option<ClassId> {
        let class = enclosing_class(self.file(id.file), self.function(id))?;
        Some(ClassId {
            file: id.file,
            index: class.0,
        })
    }

    /// Returns the function around a closure that is no closure itself, or stands in a module body.
    pub(crate) fn outermost(&self, id: FunctionId) -> FunctionId {
        let mut at = id;
        loop {
            let function = self.function(at);
            match function.parent {
                Some(parent) if function.class.is_none() && parent.0 != 0 => at.index = parent.0,
                _ => return at,
            }
        }
    }

    pub(crate) fn sdk_root(&self, sdk: SdkIndex) -> &'a SdkRoot {
        &self.unit.sdks[sdk.position()]
    }

    pub(crate) fn sdk_id(&self, sdk: SdkIndex) -> SdkId {
        self.sdk_root(sdk).sdk
    }

    pub(crate) fn sdk_table(&self, sdk: SdkIndex) -> Option<&'a SdkTable> {
        self.catalog.sdk(self.sdk_id(sdk))
    }

    /// Returns the SDKs of one kind, in the order of the unit.
    pub(crate) fn sdks(
        &self,
        id: SdkId,
    ) -> impl Iterator<Item = (SdkIndex, &'a SdkRoot)> + use<'a> {
        self.unit
            .sdks
            .iter()
            .enumerate()
            .filter(move |(_, root)| root.sdk == id)
            .map(|(index, root)| (SdkIndex(number(index)), root))
    }

    /// Finds a PHP class of the unit by its fully qualified name.
    pub(crate) fn php_class(&self, name: &str) -> Option<ClassId> {
        let key = name.trim_start_matches('\\').to_ascii_lowercase();
        let found = self.php_classes.get(&key);
        let found = found.or_else(|| self.php_classes.get(self.php_aliases.meaning(&key)?));
        found?.first().copied()
    }

    /// Finds PHP functions of the unit; the name falls back to its last part.
    pub(crate) fn php_function(&self, name: &str) -> &[FunctionId] {
        let key = name.trim_start_matches('\\').to_ascii_lowercase();
        if let Some(found) = self.php_functions.get(&key) {
            return found;
        }
        let last = key.rsplit('\\').next().unwrap_or_default();
        self.php_functions.get(last).map_or(&[], Vec::as_slice)
    }

    /// Finds what a name at the top level of a file declares.
    pub(crate) fn declared(&self, file: FileId, name: &Name) -> &[Declared] {
        self.declared
            .get(&(file, name.clone()))
            .map_or(&[], Vec::as_slice)
    }

    /// Finds the imports that bind a name in a file.
    pub(crate) fn imports(&self, file: FileId, name: &Name) -> &[&'a Import] {
        self.imports
            .get(&(file, name.clone()))
            .map_or(&[], Vec::as_slice)
    }

    pub(crate) fn star_imports(&self, file: FileId) -> &[&'a Import] {
        self.star_imports.get(&file).map_or(&[], Vec::as_slice)
    }

    /// Finds the methods that assign a field.
    pub(crate) fn writers(&self, class: ClassId, field: &Name) -> &[FunctionId] {
        self.writers
            .get(&(class, field.clone()))
            .map_or(&[], Vec::as_slice)
    }

    /// Finds a method of a class itself, not of its bases.
    pub(crate) fn own_method(&self, class: ClassId, name: &str) -> Option<FunctionId> {
        let methods = self.method_names.get(&class)?;
        methods
            .get(&method_key(self.language(class.file), name))
            .copied()
    }

    /// Tells whether some class has a method of this name.
    pub(crate) fn is_method_name(&self, name: &str) -> bool {
        !self.classes_with(name).is_empty()
    }

    /// Lists the classes that may declare a method of this name.
    pub(crate) fn classes_with(&self, name: &str) -> Vec<ClassId> {
        let of_name = |name: &str| self.declaring.get(name).map_or(&[][..], Vec::as_slice);
        let lower = name.to_ascii_lowercase();
        let lower = if lower == name { "" } else { &lower };
        [of_name(name), of_name(lower)].concat()
    }

    pub(crate) fn is_abstract(&self, function: FunctionId) -> bool {
        self.function(function).body.is_empty()
    }

    /// Finds the SDK class that a PHP name means: the SDK, and the name relative to its root.
    pub(crate) fn php_sdk_class(&self, name: &str) -> Option<(SdkIndex, Name)> {
        let name = name.trim_start_matches('\\');
        if self.php_class(name).is_some() {
            return None;
        }
        let lower = name.to_ascii_lowercase();
        let meaning = || self.own_php_sdk_class(self.php_aliases.meaning(&lower)?);
        self.own_php_sdk_class(name).or_else(meaning)
    }

    /// Finds the SDK class of this very name.
    fn own_php_sdk_class(&self, name: &str) -> Option<(SdkIndex, Name)> {
        let lower = name.to_ascii_lowercase();
        for (index, root) in self.sdks(SdkId::Php) {
            let prefix = root.root.to_ascii_lowercase();
            let Some(rest) = lower.strip_prefix(&prefix) else {
                continue;
            };
            if prefix.is_empty() || rest.starts_with('\\') {
                let start = name.len() - rest.trim_start_matches('\\').len();
                let relative = &name[start..];
                return Some((index, self.php_class_spelling(index, relative)));
            }
        }
        let (index, _) = self.sdks(SdkId::Php).next()?;
        let known = self.php_sdk_spellings.get(&lower)?;
        let is_legacy = known.starts_with("Stripe_");
        is_legacy.then(|| (index, known.clone()))
    }

    /// Returns the class name as the table spells it: PHP does not mind the case.
    fn php_class_spelling(&self, sdk: SdkIndex, relative: &str) -> Name {
        let Some(table) = self.sdk_table(sdk) else {
            return relative.into();
        };
        if table.classes.contains_key(relative) || table.clients.contains(relative) {
            return relative.into();
        }
        let known = self.php_sdk_spellings.get(&relative.to_ascii_lowercase());
        known.cloned().unwrap_or_else(|| relative.into())
    }

    /// Returns the name of a class that an expression spells, where it is spelled as a plain name.
    pub(crate) fn dotted(expr: &Expr) -> Option<String> {
        match &expr.kind {
            ExprKind::Name(name)
            | ExprKind::Global(name)
            | ExprKind::Class(ClassRef::Named(name)) => Some(name.to_string()),
            ExprKind::Member { object, property } => {
                Some(format!("{}.{property}", Self::dotted(object)?))
            }
            ExprKind::Call { callee, .. } => Self::dotted(callee),
            _ => None,
        }
    }

    /// Tells whether a closure has nothing but a module around it, so that all it sees there is known by name.
    ///
    /// In PHP no closure is: it sees what it lists of the variables around it.
    pub(crate) fn is_module_closure(&self, id: FunctionId) -> bool {
        let function = self.function(id);
        function.kind == FunctionKind::Closure
            && function.class.is_none()
            && function.parent == Some(FunctionIndex(0))
            && self.language(id.file) != Language::Php
    }

    /// Returns every function that can be run by itself: all but module bodies and what is nested.
    pub(crate) fn entry_functions(&self) -> Vec<FunctionId> {
        let mut all = Vec::new();
        for (file, facts) in self.files() {
            for (index, function) in facts.functions.iter().enumerate() {
                let nested =
                    function.parent.is_some_and(|parent| parent.0 != 0) && function.class.is_none();
                let is_entry = match function.kind {
                    FunctionKind::Module => false,
                    FunctionKind::Closure => self.is_module_closure(FunctionId {
                        file,
                        index: number(index),
                    }),
                    _ => !nested,
                };
                if is_entry {
                    all.push(FunctionId {
                        file,
                        index: number(index),
                    });
                }
            }
        }
        all
    }

    /// Returns every class of the unit.
    pub(crate) fn classes(&self) -> Vec<ClassId> {
        let mut all = Vec::new();
        for (file, facts) in self.files() {
            all.extend((0..facts.classes.len()).map(|index| ClassId {
                file,
                index: number(index),
            }));
        }
        all
    }

    pub(crate) fn is_concrete(&self, class: ClassId) -> bool {
        matches!(self.class(class).kind, ClassKind::Class | ClassKind::Enum)
    }
}

/// Turns a position into the number used in ids; a unit has fewer than 2³² of anything.
pub(crate) fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// Returns the name a method is found by: PHP does not mind the case.
fn method_key(language: Language, name: &str) -> String {
    if language == Language::Php {
        name.to_ascii_lowercase()
    } else {
        name.to_owned()
    }
}

fn enclosing_class(facts: &FileFacts, function: &Function) -> Option<ClassIndex> {
    let mut function = function;
    loop {
        if let Some(class) = function.class {
            return Some(class);
        }
        function = facts.functions.get(function.parent?.0 as usize)?;
    }
}

fn enclosing_method(facts: &FileFacts, index: FunctionIndex) -> FunctionIndex {
    let mut at = index;
    while let Some(function) = facts.functions.get(at.0 as usize) {
        match function.parent {
            Some(parent) if function.class.is_none() => at = parent,
            _ => break,
        }
    }
    at
}

/// Tells whether a list of statements always ends the flow.
pub(crate) fn ends(statements: &[Stmt]) -> bool {
    matches!(statements.last(), Some(Stmt::Return(_) | Stmt::Exit(_)))
}
