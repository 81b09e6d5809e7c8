//! What names mean: variables, imports, exports, classes, types.

use std::rc::Rc;

use model::{
    Name,
    facts::{ExportValue, Import, ImportItem, Type},
    language::Language,
};

use crate::{
    declared::Declaration,
    evaluator::{Env, Evaluator, Frame, settled},
    held::Held,
    modules::ModuleRef,
    program::{ClassId, Declared, FileId, FunctionId},
    table::Key,
    value::{Atom, Callable, Map, Naming, Object, Origin, Text, Value},
};

/// How many re-exports and aliases are followed.
const MAX_HOPS: usize = 24;

impl Evaluator<'_> {
    /// Looks a name up in the scopes around the running function.
    pub(crate) fn name(&mut self, frame: &mut Frame, name: &Name) -> Value {
        if frame.outer.contains(name) {
            return self.outer_name(frame, name);
        }
        if let Some(value) = frame.env.get(name) {
            let is_loose = self.loose.is_shared(frame.file, name);
            return value.clone().softer(is_loose);
        }
        if name.starts_with('$') {
            return Value::unknown();
        }
        if frame.function.index != 0
            && let Some(function) = self.scopes.declared_around(frame.function, name)
        {
            return self.closure(frame, function);
        }
        if let Some(value) = self.local_import(frame, name) {
            return value;
        }
        self.module_name(frame.file, name)
    }

    fn outer_name(&mut self, frame: &mut Frame, name: &Name) -> Value {
        let assigned = frame.env.get(name).cloned().unwrap_or_default();
        if name.starts_with('$') {
            let key = Key::Outer(None, name.clone());
            let global = self.table.read(&key, &mut self.notes.trail);
            return global
                .cloned()
                .unwrap_or_else(Value::unknown)
                .join(&assigned)
                .softer(true);
        }
        self.module_name(frame.file, name).join(&assigned)
    }

    fn local_import(&mut self, frame: &Frame, name: &Name) -> Option<Value> {
        let mut around = vec![frame.function.index];
        while let Some(parent) = self
            .program
            .function(FunctionId {
                file: frame.file,
                index: *around.last()?,
            })
            .parent
        {
            around.push(parent.0);
        }
        let imports = self.program.imports(frame.file, name);
        let import = around.iter().find_map(|function| {
            imports
                .iter()
                .find(|import| import.function.0 == *function && !import.type_only)
        })?;
        Some(self.import(frame.file, import))
    }

    /// Looks a name up at the top level of a file.
    pub(crate) fn module_name(&mut self, file: FileId, name: &Name) -> Value {
        // A module of other settings can hide those of this file.
        let is_hidden = !self.program.star_imports(file).is_empty();
        let is_loose = is_hidden || self.loose.is_of_loose_module(file, name);
        self.module_binding(file, name).softer(is_loose)
    }

    fn module_binding(&mut self, file: FileId, name: &Name) -> Value {
        if self.depth > 200 {
            return Value::unknown();
        }
        self.run_module(file);
        let key = Key::Outer(Some(file), name.clone());
        let written = self.table.read(&key, &mut self.notes.trail);
        let written = written.cloned().unwrap_or_default();
        if let Some(bound) = self.bound_by_module(file, name) {
            return settled(bound).join(&written);
        }
        let mut value = written;
        for declared in self.program.declared(file, name) {
            value = value.join(&Value::of(declared_atom(*declared)));
        }
        for import in self.program.imports(file, name) {
            if !import.type_only {
                value = value.join(&self.import(file, import));
            }
        }
        if value.is_never() {
            for import in self.program.star_imports(file) {
                value = value.join(&self.star(file, import, name));
            }
        }
        if value.is_never() {
            return match self.program.language(file) {
                Language::Php => Value::unknown(),
                _ => Value::of(Atom::External(format!("#{name}").into())),
            };
        }
        value
    }

    fn star(&mut self, file: FileId, import: &Import, name: &Name) -> Value {
        match self.module_ref(file, &import.module) {
            ModuleRef::File(module) if module != file => {
                let value = self.export(module, name, 0);
                match value.atoms.as_slice() {
                    [Atom::External(_)] => Value::never(),
                    _ => value,
                }
            }
            ModuleRef::Sdk(sdk, path) => {
                let known = self
                    .program
                    .sdk_table(sdk)
                    .is_some_and(|table| table.classes.contains_key(name));
                if known {
                    self.sdk_member(sdk, &path, name, Naming::default())
                } else {
                    Value::never()
                }
            }
            _ => Value::never(),
        }
    }

    pub(crate) fn module_ref(&mut self, file: FileId, module: &str) -> ModuleRef {
        let known = self.module_refs.entry(file).or_default();
        if let Some(found) = known.get(module) {
            return found.clone();
        }
        let facts = self.program.file(file);
        let modules = &self.program.modules;
        let found = modules.find(facts.language(), &facts.source.path, module);
        known.insert(module.into(), found.clone());
        found
    }

    /// Returns what an import binds.
    pub(crate) fn import(&mut self, file: FileId, import: &Import) -> Value {
        if self.program.language(file) == Language::Php {
            return Value::unknown();
        }
        match self.module_ref(file, &import.module) {
            ModuleRef::Sdk(sdk, path) => match &import.item {
                ImportItem::Module | ImportItem::Default | ImportItem::All => {
                    self.sdk_path(sdk, &path, Origin::HERE)
                }
                ImportItem::Named(name) => self.sdk_member(sdk, &path, name, Naming::default()),
            },
            ModuleRef::File(module) => match &import.item {
                ImportItem::Module | ImportItem::All => Value::of(Atom::Module(module)),
                ImportItem::Default => self.export(module, &"default".into(), 0),
                ImportItem::Named(name) => self.export(module, name, 0),
            },
            ModuleRef::External => self.submodule(file, import).unwrap_or_else(|| {
                Value::of(Atom::External(match &import.item {
                    ImportItem::Named(name) if &**name != "default" => {
                        format!("{}#{name}", import.module).into()
                    }
                    _ => format!("{}#", import.module).into(),
                }))
            }),
        }
    }

    /// Python: finds a module that is imported from a package whose own file was not read.
    fn submodule(&mut self, file: FileId, import: &Import) -> Option<Value> {
        let ImportItem::Named(name) = &import.item else {
            return None;
        };
        if self.program.language(file) != Language::Python {
            return None;
        }
        match self.module_ref(file, &format!("{}.{name}", import.module)) {
            ModuleRef::File(module) => Some(Value::of(Atom::Module(module))),
            ModuleRef::Sdk(..) | ModuleRef::External => None,
        }
    }

    /// Returns the value of `require('module')`.
    pub(crate) fn require(&mut self, frame: &Frame, module: &Name) -> Value {
        match self.module_ref(frame.file, module) {
            ModuleRef::Sdk(sdk, path) => self.sdk_path(sdk, &path, Origin::HERE),
            ModuleRef::File(file) => {
                let whole = self.export(file, &"=".into(), 0);
                if whole.is_never() || whole.is_unknown() {
                    Value::of(Atom::Module(file))
                } else {
                    whole
                }
            }
            ModuleRef::External => Value::of(Atom::External(format!("{module}#").into())),
        }
    }

    /// Returns what another file gets when it imports `name` from `file`.
    pub(crate) fn export(&mut self, file: FileId, name: &Name, hops: usize) -> Value {
        if hops > MAX_HOPS || !self.exports_running.insert((file, name.clone())) {
            self.declared.note_partial();
            return Value::never();
        }
        let declaration = Declaration::Export(file, name.clone());
        let value = self.worked_out(declaration, |this| {
            if this.program.language(file) == Language::Python {
                this.python_attribute(file, name)
            } else {
                this.script_export(file, name, hops)
            }
        });
        self.exports_running.remove(&(file, name.clone()));
        value
    }

    fn python_attribute(&mut self, file: FileId, name: &Name) -> Value {
        let path = &self.program.file(file).source.path;
        let submodule = self.program.modules.python_submodule(path, name);
        let value = self.module_name(file, name);
        match (value.atoms.as_slice(), submodule) {
            ([Atom::External(_)], Some(module)) => Value::of(Atom::Module(module)),
            _ => value,
        }
    }

    fn script_export(&mut self, file: FileId, name: &Name, hops: usize) -> Value {
        self.run_module(file);
        let exports = &self.program.file(file).exports;
        let mut value = Value::never();
        for export in exports.iter().filter(|export| export.name == *name) {
            value = value.join(&self.export_value(file, &export.value, hops));
        }
        if !value.is_never() || &**name == "=" {
            return value;
        }
        // `module.exports = { a }` has the parts of its value, and is its own default.
        for export in exports.iter().filter(|export| &*export.name == "=") {
            let whole = self.export_value(file, &export.value, hops);
            let mut frame = self.frame(FunctionId { file, index: 0 }, None, Env::new());
            let part = self.member(
                &mut frame,
                &whole,
                name,
                Origin::HERE,
                model::source::Span::default(),
            );
            let part = part.without(|atom| matches!(atom, Atom::External(_)));
            value = value.join(&if &**name == "default" && !part.matters() {
                whole
            } else {
                part
            });
        }
        if !value.is_never() {
            return value;
        }
        for export in exports.iter().filter(|export| &*export.name == "*") {
            if let ExportValue::From { module, .. } = &export.value {
                value = value.join(&self.exported_by(file, module, name, hops));
            }
        }
        if value.is_never() && &**name == "default" && !exports.is_empty() {
            return Value::of(Atom::Module(file));
        }
        if value.is_never() {
            Value::unknown()
        } else {
            value
        }
    }

    fn export_value(&mut self, file: FileId, value: &ExportValue, hops: usize) -> Value {
        match value {
            ExportValue::Local(name) => self.module_name(file, name),
            ExportValue::Value(expr) => {
                let env = self.all_bound_by_module(file);
                let mut frame = self.frame(FunctionId { file, index: 0 }, None, env);
                self.depth += 1;
                let value = self.eval(&mut frame, expr);
                self.depth -= 1;
                settled(&value)
            }
            ExportValue::From { module, item } => self.exported_by(file, module, item, hops),
        }
    }

    fn exported_by(&mut self, file: FileId, module: &Name, item: &Name, hops: usize) -> Value {
        match self.module_ref(file, module) {
            ModuleRef::File(other) if &**item == "*" => Value::of(Atom::Module(other)),
            ModuleRef::File(other) => self.export(other, item, hops + 1),
            ModuleRef::Sdk(sdk, path) if &**item == "*" => self.sdk_path(sdk, &path, Origin::HERE),
            ModuleRef::Sdk(sdk, path) => self.sdk_member(sdk, &path, item, Naming::default()),
            ModuleRef::External => Value::of(Atom::External(format!("{module}#{item}").into())),
        }
    }

    /// PHP: returns a global function or constant.
    pub(crate) fn global(&mut self, name: &Name) -> Value {
        let functions = self.program.php_function(name);
        if !functions.is_empty() {
            let atoms = functions.iter().map(|function| callable(*function));
            return Value::from_atoms(atoms.collect(), false);
        }
        let last = name.rsplit('\\').next().unwrap_or_default();
        let short = (last.len() < name.len()).then(|| Name::from(last));
        for name in [Some(name), short.as_ref()].into_iter().flatten() {
            let key = Key::Outer(None, name.clone());
            if let Some(value) = self.table.read(&key, &mut self.notes.trail) {
                let is_loose = self.loose.is_asked_for(name);
                return value.clone().softer(is_loose);
            }
        }
        Value::of(Atom::External(format!("#{last}").into()))
    }

    /// PHP: returns the class that a fully qualified name means.
    pub(crate) fn php_class_value(&mut self, name: &str, origin: Origin) -> Value {
        if let Some(class) = self.program.php_class(name) {
            return Value::of(Atom::Class(class));
        }
        if let Some((sdk, relative)) = self.program.php_sdk_class(name) {
            return Value::of(Atom::SdkPath(sdk, relative, origin));
        }
        let name = name.trim_start_matches('\\');
        Value::of(Atom::External(format!("{name}#").into()))
    }

    /// Follows a dotted name in a file without running code: for base classes and types.
    pub(crate) fn static_path(&mut self, file: FileId, dotted: &str) -> Value {
        let mut parts = dotted.split('.');
        let first: Name = parts.next().unwrap_or_default().into();
        let mut value = self.static_name(file, &first, 0);
        for part in parts {
            let part: Name = part.into();
            let mut next = Value::never();
            for atom in value.atoms.iter() {
                next = next.join(&match atom {
                    Atom::Module(module) => self.static_export(*module, &part, 0),
                    Atom::Sdk(sdk) => self.sdk_member(*sdk, "", &part, Naming::default()),
                    Atom::SdkPath(sdk, path, _) => {
                        let path = path.clone();
                        self.sdk_member(*sdk, &path, &part, Naming::default())
                    }
                    Atom::External(name) => {
                        let dot = if name.ends_with('#') { "" } else { "." };
                        Value::of(Atom::External(format!("{name}{dot}{part}").into()))
                    }
                    _ => Value::unknown(),
                });
            }
            value = next;
        }
        value
    }

    fn static_name(&mut self, file: FileId, name: &Name, hops: usize) -> Value {
        if let Some(declared) = self.program.declared(file, name).last() {
            return Value::of(declared_atom(*declared));
        }
        if let Some(import) = self.program.imports(file, name).first() {
            return self.static_import(file, import, hops);
        }
        let mut value = Value::never();
        for import in self.program.star_imports(file) {
            if let ModuleRef::File(module) = self.module_ref(file, &import.module)
                && module != file
                && hops < MAX_HOPS
            {
                let found = self.static_export(module, name, hops + 1);
                value = value.join(&found.without(|atom| matches!(atom, Atom::External(_))));
            }
        }
        if value.matters() {
            return value;
        }
        Value::of(Atom::External(format!("#{name}").into()))
    }

    fn static_import(&mut self, file: FileId, import: &Import, hops: usize) -> Value {
        if hops > MAX_HOPS {
            return Value::unknown();
        }
        match (self.module_ref(file, &import.module), &import.item) {
            (ModuleRef::File(module), ImportItem::Module | ImportItem::All) => {
                Value::of(Atom::Module(module))
            }
            (ModuleRef::File(module), ImportItem::Default) => {
                self.static_export(module, &"default".into(), hops + 1)
            }
            (ModuleRef::File(module), ImportItem::Named(name)) => {
                self.static_export(module, name, hops + 1)
            }
            _ => self.import(file, import),
        }
    }

    fn static_export(&mut self, file: FileId, name: &Name, hops: usize) -> Value {
        if self.program.language(file) == Language::Python {
            let path = &self.program.file(file).source.path;
            let value = self.static_name(file, name, hops + 1);
            return match (
                value.atoms.as_slice(),
                self.program.modules.python_submodule(path, name),
            ) {
                ([Atom::External(_)], Some(module)) => Value::of(Atom::Module(module)),
                _ => value,
            };
        }
        if hops > MAX_HOPS {
            return Value::unknown();
        }
        let exports = &self.program.file(file).exports;
        for export in exports {
            if export.name == *name {
                match &export.value {
                    ExportValue::Local(local) => return self.static_name(file, local, hops + 1),
                    ExportValue::From { module, item } => {
                        if let ModuleRef::File(other) = self.module_ref(file, module) {
                            return self.static_export(other, item, hops + 1);
                        }
                        return self.exported_by(file, module, item, hops + 1);
                    }
                    ExportValue::Value(expr) => {
                        if let model::facts::ExprKind::ClassLiteral(index) = expr.kind {
                            return Value::of(Atom::Class(ClassId {
                                file,
                                index: index.0,
                            }));
                        }
                    }
                }
            }
        }
        for export in exports.iter().filter(|export| &*export.name == "*") {
            if let ExportValue::From { module, .. } = &export.value
                && let ModuleRef::File(other) = self.module_ref(file, module)
            {
                let value = self.static_export(other, name, hops + 1);
                if value.matters() {
                    return value;
                }
            }
        }
        // `module.exports = class X` and `module.exports = { X }`.
        self.static_name(file, name, hops + 1)
            .without(|atom| matches!(atom, Atom::External(_)))
    }

    /// Returns a value of a declared or documented type.
    pub(crate) fn type_value(
        &mut self,
        file: FileId,
        class: Option<ClassId>,
        ty: &Type,
        depth: &mut usize,
    ) -> Value {
        *depth += 1;
        if *depth > MAX_HOPS {
            return Value::unknown();
        }
        match ty {
            Type::Literal(text) => Value::of(Atom::Text(Text::literal(text.clone()))),
            Type::Union(all) => {
                let mut value = Value::never();
                for ty in all {
                    value = value.join(&self.type_value(file, class, ty, depth));
                }
                value
            }
            Type::List(item) => {
                let item = self.type_value(file, class, item, depth);
                list_of(item)
            }
            Type::Object(members) => {
                let mut map = Map::default();
                for (name, ty) in members {
                    let value = self.type_value(file, class, ty, depth);
                    if value.matters() {
                        map.entries.insert(name.clone(), value);
                    }
                }
                if map.entries.is_empty() {
                    Value::unknown()
                } else {
                    Value::map(map)
                }
            }
            Type::ClassOf(inner) => match &**inner {
                Type::Named { name, .. } => self.type_class(file, class, name),
                _ => Value::unknown(),
            },
            Type::Of(name) => self.typeof_value(file, name),
            Type::Named { name, arguments } => self.named_type(file, class, name, arguments, depth),
            Type::Unknown => Value::unknown(),
        }
    }

    fn typeof_value(&mut self, file: FileId, name: &Name) -> Value {
        let mut parts = name.split('.');
        let first: Name = parts.next().unwrap_or_default().into();
        let value = self.module_name(file, &first);
        let mut frame = self.frame(FunctionId { file, index: 0 }, None, Env::new());
        parts.fold(value, |value, part| {
            let span = model::source::Span::default();
            self.member(&mut frame, &value, part, Origin::HERE, span)
        })
    }

    fn named_type(
        &mut self,
        file: FileId,
        class: Option<ClassId>,
        name: &Name,
        arguments: &[Type],
        depth: &mut usize,
    ) -> Value {
        if &**name == "ReturnType"
            && let [Type::Of(function)] = arguments
        {
            let value = self.typeof_value(file, function);
            let mut frame = self.frame(FunctionId { file, index: 0 }, None, Env::new());
            let arguments = crate::evaluator::Arguments::default();
            let span = model::source::Span::default();
            return self.call_value(&mut frame, &value, &arguments, span);
        }
        if let Some(value) = self.element_type(file, class, (name, arguments), depth) {
            return value;
        }
        if let Some((found, ty)) = self.named_alias(file, name) {
            return self.type_value(found, class, &ty, depth);
        }
        let classes = self.type_class(file, class, name);
        let mut value = Value::never();
        for atom in classes.atoms.iter() {
            value = value.join(&match atom {
                Atom::External(name) if is_scalar(name) => Value::unknown(),
                Atom::Module(_) | Atom::Function(_) => Value::unknown(),
                Atom::Class(class) => {
                    let case = self.case_of(*class);
                    case.unwrap_or_else(|| self.instance_of(atom))
                }
                // A service container gives what its type argument says.
                _ => self.instance_of(atom),
            });
        }
        if value.is_never() || value.is_unknown() {
            for ty in arguments {
                let inner = self.type_value(file, class, ty, depth);
                if inner.matters() {
                    return list_of(inner);
                }
            }
            return Value::unknown();
        }
        value
    }

    /// Finds a named type of the file, or of the file that it imports the name from.
    fn named_alias(&mut self, file: FileId, name: &Name) -> Option<(FileId, Type)> {
        let mut file = file;
        let mut name = name.clone();
        for _ in 0..MAX_HOPS {
            let facts = self.program.file(file);
            if let Some(named) = facts.types.iter().find(|named| named.name == name) {
                return Some((file, named.ty.clone()));
            }
            let import = self.program.imports(file, &name).first().copied();
            let next = match import {
                Some(import) => {
                    let ModuleRef::File(module) = self.module_ref(file, &import.module) else {
                        return None;
                    };
                    let item = match &import.item {
                        ImportItem::Named(item) => item.clone(),
                        ImportItem::Default => "default".into(),
                        ImportItem::Module | ImportItem::All => return None,
                    };
                    (module, item)
                }
                None => facts.exports.iter().find_map(|export| {
                    let ExportValue::From { module, item } = &export.value else {
                        return None;
                    };
                    if export.name != name && &*export.name != "*" {
                        return None;
                    }
                    let ModuleRef::File(module) = self.module_ref(file, module) else {
                        return None;
                    };
                    let item = if &*export.name == "*" { &name } else { item };
                    Some((module, item.clone()))
                })?,
            };
            (file, name) = next;
        }
        None
    }

    /// Returns what `import('module').a.b` means as a type.
    fn imported_type(&mut self, file: FileId, module: &str, item: &str) -> Value {
        let mut parts = item.split('.').filter(|part| *part != "=");
        let start = match self.module_ref(file, module) {
            ModuleRef::Sdk(sdk, path) => self.sdk_path(sdk, &path, Origin::HERE),
            ModuleRef::File(other) => match parts.next() {
                Some(first) => self.static_export(other, &first.into(), 0),
                None => Value::of(Atom::Module(other)),
            },
            ModuleRef::External => return Value::unknown(),
        };
        parts.fold(start, |value, part| {
            value.flat_map(|atom| match atom {
                Atom::Sdk(sdk) => self.sdk_member(*sdk, "", part, Naming::default()),
                Atom::SdkPath(sdk, path, _) => self.sdk_member(*sdk, path, part, Naming::default()),
                Atom::Module(other) => self.static_export(*other, &part.into(), 0),
                _ => Value::unknown(),
            })
        })
    }

    fn type_class(&mut self, file: FileId, class: Option<ClassId>, name: &Name) -> Value {
        if let Some((module, item)) = name
            .strip_prefix("import:")
            .and_then(|rest| rest.split_once('#'))
        {
            return self.imported_type(file, module, item);
        }
        if self.program.language(file) == Language::Php {
            return match &**name {
                "self" | "static" | "$this" => {
                    class.map_or_else(Value::unknown, |class| Value::of(Atom::Class(class)))
                }
                _ => self.php_class_value(name, Origin::HERE),
            };
        }
        self.static_path(file, name)
    }
}

pub(crate) fn declared_atom(declared: Declared) -> Atom {
    match declared {
        Declared::Function(function) => callable(function),
        Declared::Class(class) => Atom::Class(class),
    }
}

pub(crate) fn callable(function: FunctionId) -> Atom {
    Atom::Function(Held::new(Callable {
        function,
        this: None,
        captured: Env::new(),
    }))
}

/// Makes a list of unknown length.
pub(crate) fn list_of(item: Value) -> Value {
    if !item.matters() {
        return Value::unknown();
    }
    // A list of API objects is one of the API's lists.
    let objects: Vec<Atom> = item
        .atoms
        .iter()
        .filter_map(|atom| match atom {
            Atom::Object(object) => Some(Atom::List(Rc::<Object>::clone(object))),
            _ => None,
        })
        .collect();
    if objects.len() == item.atoms.len() {
        return Value::from_atoms(objects, false);
    }
    Value::map(Map {
        other: item,
        ..Map::default()
    })
}

/// Tells whether a type that no import explains is a plain value of the language.
fn is_scalar(name: &str) -> bool {
    let last = name
        .rsplit(['#', '\\', '.'])
        .find(|part| !part.is_empty())
        .unwrap_or_default();
    matches!(
        last.to_ascii_lowercase().as_str(),
        "string"
            | "str"
            | "int"
            | "integer"
            | "float"
            | "double"
            | "bool"
            | "boolean"
            | "number"
            | "array"
            | "object"
            | "mixed"
            | "any"
            | "unknown"
            | "void"
            | "never"
            | "callable"
            | "iterable"
            | "dict"
            | "list"
            | "bytes"
            | "none"
            | "null"
            | "false"
            | "true"
            | "stdclass"
            | "closure"
            | "record"
            | "bigint"
            | "symbol"
            | "resource"
            | "tuple"
            | "set"
    )
}
