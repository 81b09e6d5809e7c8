//! Classes: bases, methods, fields.

use std::rc::Rc;

use model::{
    Name,
    facts::{ClassKind, FunctionKind},
    language::Language,
};

use crate::{
    declared::Declaration,
    evaluator::{Arguments, Env, Evaluator, Frame, instance, settled},
    hashing::HashMap,
    held::Held,
    naming::written_last,
    program::{ClassId, FunctionId},
    table::Key,
    value::{Atom, Callable, Instance, Origin, Text, Value},
};

/// Most subclasses that an abstract method is looked for in.
const MAX_SUBCLASSES: usize = 48;

/// Methods that give what a class has no field for, in PHP and in Python.
const MAGIC_READERS: [&str; 2] = ["__get", "__getattr__"];

impl Evaluator<'_> {
    /// Returns the bases of a class that are in the unit; traits first, as PHP has it.
    pub(crate) fn class_bases(&mut self, class: ClassId) -> Rc<Vec<ClassId>> {
        if let Some(known) = self.bases.get(&class) {
            return known.clone();
        }
        self.bases.insert(class, Rc::default());
        let facts = self.program.class(class);
        let mut bases = Vec::new();
        if self.program.language(class.file) == Language::Php {
            bases.extend(
                facts
                    .mixins
                    .iter()
                    .filter_map(|name| self.program.php_class(name)),
            );
        }
        for base in &facts.bases {
            let value = self.class_expr(class.file, base);
            bases.extend(value.atoms.iter().filter_map(|atom| match atom {
                Atom::Class(base) if *base != class => Some(*base),
                _ => None,
            }));
        }
        let bases = Rc::new(bases);
        self.bases.insert(class, bases.clone());
        bases
    }

    /// Returns a class and all its bases, nearest first, each once.
    pub(crate) fn lineage(&mut self, class: ClassId) -> Rc<Vec<ClassId>> {
        if let Some(known) = self.lineages.get(&class) {
            return known.clone();
        }
        let lineage = Rc::new(self.trace_lineage(class));
        self.lineages.insert(class, lineage.clone());
        lineage
    }

    fn trace_lineage(&mut self, class: ClassId) -> Vec<ClassId> {
        let mut all = vec![class];
        let mut at = 0;
        while let Some(class) = all.get(at).copied() {
            for base in self.class_bases(class).iter() {
                if !all.contains(base) {
                    all.push(*base);
                }
            }
            at += 1;
        }
        all
    }

    /// Notes for every class which classes derive from it.
    pub(crate) fn index_subclasses(&mut self) {
        let mut below: HashMap<ClassId, Vec<ClassId>> = HashMap::default();
        for class in self.program.classes() {
            for base in self.lineage(class).iter().skip(1) {
                below.entry(*base).or_default().push(class);
            }
        }
        self.subclasses = Rc::new(below);
    }

    /// Returns what the bases outside the unit are.
    pub(crate) fn foreign_base(&mut self, class: ClassId) -> Value {
        if let Some(known) = self.foreign_bases.get(&class) {
            return known.clone();
        }
        let base = self.find_foreign_base(class);
        self.foreign_bases.insert(class, base.clone());
        base
    }

    fn find_foreign_base(&mut self, class: ClassId) -> Value {
        let mut value = Value::never();
        for class in self.lineage(class).iter() {
            for base in &self.program.class(*class).bases {
                let base = self.class_expr(class.file, base);
                value = value.join(&base.without(|atom| matches!(atom, Atom::Class(_))));
            }
        }
        value
    }

    /// Returns the SDK object that an instance is through a base outside the unit, and the instance.
    pub(crate) fn foreign_instance(&mut self, class: ClassId) -> Value {
        let base = self.foreign_base(class);
        let mut value = Value::never();
        for atom in base.atoms.iter() {
            if matches!(atom, Atom::Sdk(_) | Atom::SdkPath(..)) {
                value = value.join(&self.instance_of(atom));
            }
        }
        let value = value.without(|atom| matches!(atom, Atom::Param(_)));
        if value.matters() {
            value.join(&Value::of(instance(class)))
        } else {
            Value::never()
        }
    }

    /// Tells whether methods of a class are run for each of its subclasses, and not for itself.
    pub(crate) fn is_left_to_subclasses(&self, class: ClassId) -> bool {
        let below = self.subclasses.get(&class).into_iter().flatten();
        let mut concrete = below.filter(|class| self.program.is_concrete(**class));
        self.program.class(class).is_abstract && concrete.next().is_some()
    }

    /// Finds a method of a class or its bases.
    pub(crate) fn method(&mut self, class: ClassId, name: &str) -> Option<FunctionId> {
        if let Some(found) = self.methods_found.get(&class).and_then(|all| all.get(name)) {
            return *found;
        }
        let lineage = self.lineage(class);
        let mut around = lineage.iter();
        let found = around.find_map(|class| self.program.own_method(*class, name));
        let known = self.methods_found.entry(class).or_default();
        known.insert(name.into(), found);
        found
    }

    /// Finds the methods that a call can reach: of subclasses too, where the class itself has no body.
    pub(crate) fn methods(&mut self, class: ClassId, name: &str) -> Vec<(FunctionId, ClassId)> {
        let own = self.method(class, name);
        if let Some(function) = own
            && (!self.program.is_abstract(function) || self.program.is_concrete(class))
            && self.program.class(class).kind != ClassKind::Interface
            && !self.program.is_abstract(function)
        {
            return vec![(function, class)];
        }
        let below = self.subclasses.get(&class).cloned().unwrap_or_default();
        let mut found: Vec<(FunctionId, ClassId)> = Vec::new();
        for class in below {
            if let Some(function) = self.method(class, name)
                && !self.program.is_abstract(function)
                && !found.contains(&(function, class))
                && found.len() < MAX_SUBCLASSES
            {
                found.push((function, class));
            }
        }
        if found.is_empty() {
            found.extend(own.map(|function| (function, class)));
        }
        found
    }

    pub(crate) fn constructor(&mut self, class: ClassId) -> Option<FunctionId> {
        ["__construct", "constructor", "__init__"]
            .iter()
            .find_map(|name| self.method(class, name))
    }

    /// Reads a field of an instance.
    pub(crate) fn instance_field(
        &mut self,
        frame: &mut Frame,
        instance: &Held<Instance>,
        name: &Name,
        span: model::source::Span,
    ) -> Value {
        if let Some(value) = Self::field_at_work(frame, instance.class, name) {
            return value;
        }
        if let Some(value) = self.value_of_case(instance.class, name) {
            return value;
        }
        if let Some(value) = self.getter(frame, instance, name, span) {
            return value;
        }
        if let Some(value) = self.computed_field(frame, instance, name, span) {
            return value;
        }
        let given = instance.fields.get(name).cloned();
        let stored = self.stored_field(instance.class, name, given.is_none());
        let value = given.unwrap_or_default().join(&stored);
        if value.matters() || value.open {
            return value;
        }
        if let Some(value) = self.typed_field(instance.class, name) {
            return value;
        }
        if let Some(function) = self.method(instance.class, name) {
            return Value::of(Atom::Function(Held::new(Callable {
                function,
                this: Some(Atom::Instance(instance.clone())),
                captured: Env::new(),
            })));
        }
        if let Some(value) = self.magic_get(frame, instance, name, span) {
            return value;
        }
        let foreign = self.foreign_instance(instance.class);
        let foreign = foreign.without(|atom| matches!(atom, Atom::Instance(_)));
        if foreign.matters() {
            return self.member(frame, &foreign, name, Origin::HERE, span);
        }
        self.field_of_subclasses(instance.class, name)
    }

    /// Reads a field of the instance that the running constructor is making.
    fn field_at_work(frame: &Frame, class: ClassId, name: &Name) -> Option<Value> {
        let fields = frame.constructing.as_ref()?;
        match &frame.this {
            Some(Atom::Instance(this)) if this.class == class => fields.get(name).cloned(),
            _ => None,
        }
    }

    fn getter(
        &mut self,
        frame: &mut Frame,
        instance: &Held<Instance>,
        name: &Name,
        span: model::source::Span,
    ) -> Option<Value> {
        let function = self.method(instance.class, name)?;
        if self.program.function(function).kind != FunctionKind::Getter {
            return None;
        }
        let callable = Callable {
            function,
            this: Some(Atom::Instance(instance.clone())),
            captured: Env::new(),
        };
        Some(self.call_function(frame, &callable, &Arguments::default(), span))
    }

    /// Reads a property that only a comment on the class names, where the class computes it itself.
    ///
    /// What the code gives back says more than the comment: often a wrapper around the thing named.
    fn computed_field(
        &mut self,
        frame: &mut Frame,
        instance: &Held<Instance>,
        name: &Name,
        span: model::source::Span,
    ) -> Option<Value> {
        if !self.is_only_documented(instance.class, name) {
            return None;
        }
        let value = self.magic_get(frame, instance, name, span)?;
        let made = value
            .atoms
            .iter()
            .any(|atom| matches!(atom, Atom::Instance(_)) || atom.is_of_stripe());
        made.then_some(value)
    }

    /// Tells whether a property stands in a comment on the class, and nowhere in its code.
    fn is_only_documented(&mut self, class: ClassId, name: &Name) -> bool {
        if !self.has_documented(class) {
            return false;
        }
        let mut is_documented = false;
        for owner in self.lineage(class).iter().copied() {
            let mut fields = self.program.class(owner).fields.iter();
            let is_written = !self.program.writers(owner, name).is_empty();
            match fields.find(|field| field.name == *name) {
                Some(field) if !field.is_documented => return false,
                found => is_documented |= found.is_some(),
            }
            if is_written {
                return false;
            }
        }
        is_documented
    }

    /// Tells whether a class has, or inherits, a property that stands in a comment.
    fn has_documented(&mut self, class: ClassId) -> bool {
        if let Some(known) = self.documented.get(&class) {
            return *known;
        }
        let lineage = self.lineage(class);
        let fields = |class: &ClassId| &self.program.class(*class).fields;
        let mut all = lineage.iter().flat_map(fields);
        let has_documented = all.any(|field| field.is_documented);
        self.documented.insert(class, has_documented);
        has_documented
    }

    fn magic_get(
        &mut self,
        frame: &mut Frame,
        instance: &Held<Instance>,
        name: &Name,
        span: model::source::Span,
    ) -> Option<Value> {
        let function = MAGIC_READERS
            .iter()
            .find_map(|reader| self.method(instance.class, reader))?;
        let callable = Callable {
            function,
            this: Some(Atom::Instance(instance.clone())),
            captured: Env::new(),
        };
        let origin = written_last(frame, name, span);
        let name = Value::of(Atom::Text(Text::literal_from(name.clone(), origin)));
        let arguments = Arguments::of([name]);
        Some(self.call_function(frame, &callable, &arguments, span))
    }

    /// Reads what code stores in a field: initial values, and assignments of all methods.
    fn stored_field(&mut self, class: ClassId, name: &Name, with_constructor: bool) -> Value {
        let field = Declaration::Stored(class, name.clone(), with_constructor);
        self.worked_out(field, |this| {
            this.read_stored_field(class, name, with_constructor)
        })
    }

    fn read_stored_field(&mut self, class: ClassId, name: &Name, with_constructor: bool) -> Value {
        let lineage = self.lineage(class);
        if self.fields_ready.insert((class, name.clone())) {
            for owner in lineage.iter() {
                for writer in self.program.writers(*owner, name).to_vec() {
                    self.run_open(writer, Some(class));
                }
            }
        }
        let mut value = Value::never();
        let mut has_initial = false;
        for owner in lineage.iter() {
            if !has_initial && let Some(initial) = self.initial_field(*owner, name) {
                // The nearest declaration hides those of the bases.
                has_initial = true;
                value = value.join(&initial);
            }
            let assigned = Key::Field(*owner, name.clone());
            let constructed = Key::Constructed(*owner, name.clone());
            let keys = [Some(assigned), with_constructor.then_some(constructed)];
            for key in keys.iter().flatten() {
                if let Some(assigned) = self.table.read(key, &mut self.notes.trail) {
                    value = value.join(assigned);
                }
            }
        }
        let kept = value.without(|atom| matches!(atom, Atom::Param(_)));
        let is_soft = kept.atoms.len() < value.atoms.len() || self.is_loose_field(class, name);
        let is_soft = is_soft && kept.matters();
        let value = kept.softer(is_soft);
        if value.atoms.iter().all(|atom| matches!(atom, Atom::Null))
            && let Some(typed) = self.typed_field(class, name)
        {
            return typed;
        }
        value
    }

    pub(crate) fn initial_field(&mut self, class: ClassId, name: &Name) -> Option<Value> {
        let facts = self.program.class(class);
        let field = facts.fields.iter().find(|field| field.name == *name)?;
        let initial = field.value.as_ref()?;
        let function = FunctionId {
            file: class.file,
            index: facts.function.0,
        };
        if self.depth > 60 {
            self.declared.note_partial();
            return Some(Value::unknown());
        }
        let mut frame = self.frame(function, Some(Atom::Class(class)), Env::new());
        // `self::X` in an initial value means the class that it is written in.
        if let Some(method) = facts.methods.first() {
            frame.function.index = method.0;
        }
        self.depth += 1;
        let value = self.eval(&mut frame, initial);
        self.depth -= 1;
        let pending = std::mem::take(&mut frame.pending);
        self.notes.leave_open(function, pending);
        Some(settled(&value))
    }

    /// Returns what the declared type of a field says.
    fn typed_field(&mut self, class: ClassId, name: &Name) -> Option<Value> {
        for owner in self.lineage(class).iter().copied() {
            let facts = self.program.class(owner);
            let Some(ty) = facts
                .fields
                .iter()
                .filter(|field| field.name == *name)
                .find_map(|field| field.ty.as_ref())
            else {
                continue;
            };
            let value = self.declared_field(owner, name, ty);
            if value.matters() && !value.is_unknown() {
                return Some(value);
            }
        }
        None
    }

    fn field_of_subclasses(&mut self, class: ClassId, name: &Name) -> Value {
        let below = Declaration::StoredBelow(class, name.clone());
        let value = self.worked_out(below, |this| {
            let below = this.subclasses.get(&class).cloned().unwrap_or_default();
            let mut value = Value::never();
            for class in below.into_iter().take(MAX_SUBCLASSES) {
                value = value.join(&this.stored_field(class, name, true));
            }
            value
        });
        if value.is_never() {
            Value::unknown()
        } else {
            value
        }
    }

    /// Reads a constant, static field or method of a class.
    pub(crate) fn class_member(
        &mut self,
        frame: &mut Frame,
        class: ClassId,
        name: &Name,
        span: model::source::Span,
    ) -> Value {
        let value = self.stored_field(class, name, true);
        if value.matters() {
            return value;
        }
        if let Some(value) = self.typed_field(class, name) {
            return value;
        }
        if let Some(function) = self.method(class, name) {
            if self.program.function(function).kind == FunctionKind::Getter {
                let callable = Callable {
                    function,
                    this: Some(Atom::Class(class)),
                    captured: Env::new(),
                };
                return self.call_function(frame, &callable, &Arguments::default(), span);
            }
            return Value::of(Atom::Function(Held::new(Callable {
                function,
                this: Some(Atom::Class(class)),
                captured: Env::new(),
            })));
        }
        let base = self.foreign_base(class);
        let base = base.without(|atom| matches!(atom, Atom::External(_)));
        if base.matters() {
            return self.member(frame, &base, name, Origin::HERE, span);
        }
        self.field_of_subclasses(class, name)
    }

    /// Stores a value in a field.
    pub(crate) fn write_field(
        &mut self,
        frame: &mut Frame,
        receiver: Option<&Atom>,
        name: &Name,
        value: &Value,
    ) {
        let class = match receiver {
            Some(Atom::Instance(instance)) => instance.class,
            Some(Atom::Class(class)) => *class,
            _ => return,
        };
        if let (Some(fields), Some(Atom::Instance(this)), Some(Atom::Instance(_))) =
            (&mut frame.constructing, &frame.this, receiver)
            && this.class == class
        {
            let known = fields.get(name).map_or(value.clone(), |old| {
                old.without(|atom| matches!(atom, Atom::Null)).join(value)
            });
            fields.insert(name.clone(), known);
            return;
        }
        self.grow_field(false, class, name, &settled(value));
    }
}
