//! Calls: which function, method or request an expression in call position reaches.

use model::{
    Name,
    api::SdkId,
    diagnostic::Code,
    facts::{ClassRef, Expr, ExprKind, FunctionKind},
    source::Span,
};

use crate::{
    apart::holds_publishable_key,
    builtin::merge,
    evaluator::{Arguments, Env, Evaluator, Frame, instance},
    extras::client_column,
    given_fields::foreign_object,
    held::Held,
    naming::written_last,
    own_resource::is_resource,
    program::{ClassId, FileId, FunctionId, SdkIndex},
    reach::sdk_of,
    value::{Atom, Callable, Instance, Map, Naming, Origin, Text, Value},
};

impl Evaluator<'_> {
    /// Evaluates a call with its arguments evaluated.
    pub(crate) fn call(
        &mut self,
        frame: &mut Frame,
        callee: &Expr,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        match &callee.kind {
            ExprKind::Member { object, property } => {
                if matches!(object.kind, ExprKind::Class(ClassRef::Parent)) {
                    return self.call_base(frame, object, property, arguments, span);
                }
                let receiver = self.eval(frame, object);
                self.note_member(frame, &receiver, property);
                if **property == *"update" && is_dictionary(&receiver) {
                    return self.update(frame, object, receiver, arguments);
                }
                if **property == *"update"
                    && let Some(headers) = arguments.get(0, None)
                    && self.send_each_time(frame, object, headers)
                {
                    return Value::of(Atom::Null);
                }
                if receiver.is_unknown() {
                    let named = self.call_by_name(frame, callee, arguments, span);
                    let named = named.or_else(|| {
                        self.shaped_request(frame, called_name(callee), arguments, span)
                    });
                    if let Some(value) =
                        named.or_else(|| self.made_by_container(property, arguments))
                    {
                        return value;
                    }
                }
                let origin = written_last(frame, property, callee.span);
                self.call_method(frame, &receiver, property, origin, arguments, span)
            }
            ExprKind::StaticMember { class, property } => {
                if let ExprKind::Class(ClassRef::Parent) = class.kind {
                    return self.call_base(frame, class, property, arguments, span);
                }
                let keeps_this = matches!(class.kind, ExprKind::Class(_));
                let class = self.eval(frame, class);
                frame.note_use(&class);
                let class = self.as_class(&class);
                self.note_member(frame, &class, property);
                self.note_class_name(frame, &class);
                self.open_class(frame, &class, span);
                self.call_static(
                    frame,
                    &class,
                    property,
                    written_last(frame, property, callee.span),
                    keeps_this,
                    arguments,
                    span,
                )
            }
            ExprKind::DynamicMember { object, property } => {
                let receiver = self.eval(frame, object);
                let key = self.eval(frame, property);
                self.call_dynamic(frame, &receiver, &key, arguments, span)
            }
            ExprKind::DynamicStaticMember { class, property } => {
                let class = self.eval(frame, class);
                frame.note_use(&class);
                let class = self.as_class(&class);
                self.note_class_name(frame, &class);
                self.open_class(frame, &class, span);
                let key = self.eval(frame, property);
                self.call_dynamic(frame, &class, &key, arguments, span)
            }
            ExprKind::Class(ClassRef::Parent) => {
                self.call_base(frame, callee, &"constructor".into(), arguments, span)
            }
            _ => {
                let value = self.eval(frame, callee);
                if value.is_unknown()
                    && let Some(value) =
                        self.shaped_request(frame, called_name(callee), arguments, span)
                {
                    return value;
                }
                self.call_value(frame, &value, arguments, span)
            }
        }
    }

    /// Python's `d.update(…)`: puts entries into a dictionary that is there.
    fn update(
        &mut self,
        frame: &mut Frame,
        target: &Expr,
        receiver: Value,
        arguments: &Arguments,
    ) -> Value {
        let mut all = arguments.clone();
        all.positional.insert(0, receiver);
        let known = std::mem::take(&mut all.named);
        all.positional.push(Value::map(Map {
            entries: known,
            other: Value::never(),
        }));
        self.assign(frame, target, merge(&all), None);
        Value::of(Atom::Null)
    }

    /// Calls a method whose name is computed.
    pub(crate) fn call_dynamic(
        &mut self,
        frame: &mut Frame,
        receiver: &Value,
        key: &Value,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        // A closure in a variable: `$object->$callback()`.
        if key
            .atoms
            .iter()
            .any(|atom| matches!(atom, Atom::Function(_)))
        {
            return self.call_value(frame, key, arguments, span);
        }
        frame.note_choice(receiver, key);
        let names = key.known_texts();
        for name in &names {
            self.note_member(frame, receiver, &name.as_str().into());
        }
        let origin = key.origin();
        if !key.is_known_text() {
            self.note_any_member(frame, receiver);
            let reaches = receiver.atoms.iter().any(|atom| {
                matches!(
                    atom,
                    Atom::Client(..) | Atom::Service(..) | Atom::SdkPath(..) | Atom::Object(_)
                )
            });
            if reaches {
                let what = "a Stripe method that is only known when the program runs";
                let origin = key.depends_on().join(receiver.depends_on());
                self.open_operation(frame, what, origin, span);
            }
            let elements = receiver.flat_map(|atom| match atom {
                Atom::Map(map) => map.elements(),
                _ => Value::unknown(),
            });
            if elements.matters() {
                return self.call_value(frame, &elements, arguments, span);
            }
            if names.is_empty() {
                return Value::unknown();
            }
        }
        names.iter().fold(Value::never(), |sum, name| {
            sum.join(&self.call_method(frame, receiver, name, origin, arguments, span))
        })
    }

    /// Calls a method of a base class on the same receiver.
    fn call_base(
        &mut self,
        frame: &mut Frame,
        parent: &Expr,
        name: &Name,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let bases = self.eval(frame, parent);
        let mut value = Value::never();
        for atom in bases.atoms.iter() {
            let Atom::Class(class) = atom else {
                if let (Atom::SdkPath(..), false) = (atom, is_constructor(name)) {
                    let class = Value::of(atom.clone());
                    let called =
                        self.call_method(frame, &class, name, Origin::HERE, arguments, span);
                    value = value.join(&called);
                }
                continue;
            };
            let found = if is_constructor(name) {
                self.constructor(*class)
            } else {
                self.method(*class, name)
            };
            let Some(function) = found else {
                continue;
            };
            let this = frame.this.clone().unwrap_or_else(|| instance(*class));
            let callable = Callable {
                function,
                this: Some(this),
                captured: Env::new(),
            };
            if self.program.function(function).kind == FunctionKind::Constructor {
                self.construct_base(frame, &callable, arguments, span);
            } else {
                let called = self.call_function(frame, &callable, arguments, span);
                value = value.join(&called);
            }
        }
        if value.is_never() {
            Value::unknown()
        } else {
            value
        }
    }

    /// Calls `Class::method()`.
    #[expect(clippy::too_many_arguments, reason = "one call has that many parts")]
    pub(crate) fn call_static(
        &mut self,
        frame: &mut Frame,
        class: &Value,
        name: &Name,
        origin: Origin,
        keeps_this: bool,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        class.flat_map(|atom| {
            if let Atom::Class(class) = atom {
                let this = if keeps_this { frame.this.clone() } else { None };
                self.call_class(frame, *class, this.as_ref(), name, origin, arguments, span)
            } else {
                let class = Value::of(atom.clone());
                self.call_method(frame, &class, name, origin, arguments, span)
            }
        })
    }

    #[expect(clippy::too_many_arguments, reason = "one call has that many parts")]
    fn call_class(
        &mut self,
        frame: &mut Frame,
        class: ClassId,
        this: Option<&Atom>,
        name: &str,
        origin: Origin,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let found = self.methods(class, name);
        if found.is_empty() {
            let magic = self.method(class, "__callStatic");
            if let Some(function) = magic {
                let receiver = Atom::Class(class);
                return self.call_magic(frame, function, receiver, name, origin, arguments, span);
            }
            let base = self.foreign_base(class);
            if base
                .atoms
                .iter()
                .any(|atom| matches!(atom, Atom::SdkPath(..)))
            {
                return self.call_method(frame, &base, name, origin, arguments, span);
            }
            // A class field that holds something to call.
            let field = self.class_member(frame, class, &name.into(), span);
            return self.call_value(frame, &field, arguments, span);
        }
        let mut value = Value::never();
        for (function, owner) in found {
            let receiver = match this {
                _ if self.is_static_function(function) => match this {
                    Some(Atom::Class(called)) if self.derives(*called, owner) => {
                        Atom::Class(*called)
                    }
                    _ => Atom::Class(owner),
                },
                Some(Atom::Instance(this)) if self.derives(this.class, owner) => {
                    Atom::Instance(this.clone())
                }
                _ => instance(owner),
            };
            let callable = Callable {
                function,
                this: Some(receiver),
                captured: Env::new(),
            };
            value = value.join(&self.call_function(frame, &callable, arguments, span));
        }
        value
    }

    fn derives(&mut self, class: ClassId, base: ClassId) -> bool {
        class == base || self.lineage(class).contains(&base)
    }

    /// Calls a method of a value.
    pub(crate) fn call_method(
        &mut self,
        frame: &mut Frame,
        receiver: &Value,
        name: &str,
        origin: Origin,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        receiver.flat_map(|atom| match atom {
            Atom::Null | Atom::Bool(_) | Atom::Int(_) => Value::never(),
            Atom::Param(origin) => Value::of(Atom::Param(*origin)),
            Atom::Text(text) => Self::text_method(text, name, arguments),
            Atom::Map(map) => {
                let member = map.get(name);
                if member.matters() {
                    return self.call_value(frame, &member, arguments, span);
                }
                self.list_method(frame, &Value::of(atom.clone()), name, arguments, span)
            }
            Atom::Function(callable) => {
                self.function_method(frame, callable, name, arguments, span)
            }
            Atom::Class(class) => {
                let this = Some(atom);
                self.call_class(frame, *class, this, name, origin, arguments, span)
            }
            Atom::Instance(instance) => {
                let value = self.call_instance(frame, instance, name, origin, arguments, span);
                let is_one = match value.atoms.as_slice() {
                    [atom] => matches!(atom, Atom::Instance(_)) || atom.is_of_stripe(),
                    _ => false,
                };
                if value.open || !is_one {
                    // A container of the unit's own: what is asked for by its class is of that class,
                    // whatever else the registry holds.
                    return self.made_by_container(name, arguments).unwrap_or(value);
                }
                value
            }
            Atom::Module(file) => {
                let member = self.export(*file, &name.into(), 0);
                self.call_value(frame, &member, arguments, span)
            }
            Atom::Sdk(_) | Atom::SdkPath(..) | Atom::External(_) | Atom::ExternalInstance(..) => {
                let member = self.member(frame, &Value::of(atom.clone()), name, origin, span);
                self.call_value(frame, &member, arguments, span)
            }
            Atom::Client(sdk) => {
                let naming = Naming {
                    resource: Origin::HERE,
                    operation: origin,
                };
                self.service_call(frame, (*sdk, "", name), naming, arguments, span)
            }
            Atom::Service(sdk, path, before) => {
                let naming = Naming {
                    resource: *before,
                    operation: origin,
                };
                self.service_call(frame, (*sdk, path, name), naming, arguments, span)
            }
            Atom::ServiceMethod(..) | Atom::ClassMethod(..) | Atom::CollectionMethod(..) => {
                match name {
                    "bind" => Value::of(atom.clone()),
                    "call" | "__invoke" => {
                        let rest = arguments.positional.iter().skip(1).cloned();
                        self.call_value(frame, &Value::of(atom.clone()), &Arguments::of(rest), span)
                    }
                    _ => self.call_value(frame, &Value::of(atom.clone()), arguments, span),
                }
            }
            Atom::Object(object) => self.object_call(frame, object, name, arguments, span),
            Atom::List(_) => {
                self.list_method(frame, &Value::of(atom.clone()), name, arguments, span)
            }
            Atom::Collection(object, collection) => {
                if self.is_pager(object.sdk, name) {
                    // The next pages of a list inside an object are asked for at the list's own path.
                    let none = Arguments::default();
                    self.collection_call(frame, (object, collection), "list", &none, span);
                }
                let called =
                    self.collection_call(frame, (object, collection), name, arguments, span);
                called.unwrap_or_else(|| {
                    self.list_method(frame, &Value::of(atom.clone()), name, arguments, span)
                })
            }
            Atom::ExternalMethod(..) => Value::unknown(),
            Atom::Foreign => {
                let made = self.made_by_container(name, arguments);
                made.or_else(|| self.shaped_request(frame, name, arguments, span))
                    .unwrap_or_else(Value::unknown)
            }
        })
    }

    fn call_instance(
        &mut self,
        frame: &mut Frame,
        receiver: &Held<Instance>,
        name: &str,
        origin: Origin,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let found = self.methods(receiver.class, name);
        let is_getter = found.first().is_some_and(|(function, _)| {
            self.program.function(*function).kind == FunctionKind::Getter
        });
        if found.is_empty() || is_getter {
            return self.call_missing(frame, receiver, name, origin, arguments, span);
        }
        let mut value = Value::never();
        for (function, owner) in found {
            let this = if owner == receiver.class {
                Atom::Instance(receiver.clone())
            } else {
                instance(owner)
            };
            let callable = Callable {
                function,
                this: Some(this),
                captured: Env::new(),
            };
            value = value.join(&self.call_function(frame, &callable, arguments, span));
        }
        value
    }

    /// Calls what is no method of the class: a field that holds a function, `__call`, a base outside.
    fn call_missing(
        &mut self,
        frame: &mut Frame,
        receiver: &Held<Instance>,
        name: &str,
        origin: Origin,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        if let Some(function) = self.method(receiver.class, "__call") {
            let this = Atom::Instance(receiver.clone());
            return self.call_magic(frame, function, this, name, origin, arguments, span);
        }
        let base = self.foreign_base(receiver.class);
        let mut value = Value::never();
        for atom in base.atoms.iter() {
            let is_ours = matches!(atom, Atom::Sdk(_) | Atom::SdkPath(..) | Atom::External(_));
            if is_ours {
                let base = self.instance_of(atom);
                value = value.join(&self.call_method(frame, &base, name, origin, arguments, span));
            }
        }
        let field = self.instance_field(frame, receiver, &name.into(), span);
        if field.matters() {
            value = value.join(&self.call_value(frame, &field, arguments, span));
        }
        if value.is_never() {
            Value::unknown()
        } else {
            value
        }
    }

    /// Calls `__call` or `__callStatic`.
    #[expect(clippy::too_many_arguments, reason = "one call has that many parts")]
    fn call_magic(
        &mut self,
        frame: &mut Frame,
        function: FunctionId,
        this: Atom,
        name: &str,
        origin: Origin,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let list = Value::list(arguments.positional.iter().cloned());
        let list = if arguments.open {
            list.join(&Value::unknown())
        } else {
            list
        };
        let name = Value::of(Atom::Text(Text::literal_from(name, origin)));
        let callable = Callable {
            function,
            this: Some(this),
            captured: Env::new(),
        };
        self.call_function(frame, &callable, &Arguments::of([name, list]), span)
    }

    /// Calls a value.
    pub(crate) fn call_value(
        &mut self,
        frame: &mut Frame,
        callee: &Value,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        callee.flat_map(|atom| match atom {
            Atom::Function(callable) => self.call_function(frame, callable, arguments, span),
            Atom::Class(_) | Atom::Sdk(_) | Atom::SdkPath(..) => {
                self.instantiate(frame, &Value::of(atom.clone()), arguments, span)
            }
            Atom::Instance(instance) => {
                let name = ["__invoke", "__call__"]
                    .into_iter()
                    .find(|name| self.method(instance.class, name).is_some());
                match name {
                    Some(name) => {
                        let origin = Origin::HERE;
                        self.call_instance(frame, instance, name, origin, arguments, span)
                    }
                    None => Value::unknown(),
                }
            }
            Atom::ServiceMethod(sdk, path, name, naming) => {
                self.service_call(frame, (*sdk, path, name), *naming, arguments, span)
            }
            Atom::ClassMethod(sdk, class, name, naming) => {
                self.class_call(frame, (*sdk, class, name), *naming, arguments, span)
            }
            Atom::CollectionMethod(object, collection, name) => self
                .collection_call(frame, (object, collection), name, arguments, span)
                .unwrap_or_else(Value::unknown),
            Atom::Text(text) => self.call_named(frame, text, arguments, span),
            Atom::Map(map) => self.call_pair(frame, map, arguments, span),
            Atom::External(name) => self.call_external(frame, name, arguments, span),
            Atom::ExternalInstance(class, base) => {
                self.call_external_method(frame, (class, &"".into(), base), arguments, span)
            }
            Atom::ExternalMethod(class, name, base) => {
                self.call_external_method(frame, (class, name, base), arguments, span)
            }
            Atom::Param(origin) => {
                // In PHP the name of a function is a function.
                if self.language(frame) == model::language::Language::Php {
                    frame.note_use(&Value::of(atom.clone()));
                }
                Value::of(Atom::Param(*origin))
            }
            _ => Value::unknown(),
        })
    }

    /// PHP: calls a function by its name in a text, `Class::method` included.
    fn call_named(
        &mut self,
        frame: &mut Frame,
        text: &Text,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        frame.note_use(&Value::of(Atom::Text(text.clone())));
        let Some(name) = text.known() else {
            return Value::unknown();
        };
        if let Some((class, method)) = name.split_once("::") {
            let class = self.php_class_value(class, text.origin());
            let origin = text.origin();
            return self.call_static(
                frame,
                &class,
                &method.into(),
                origin,
                false,
                arguments,
                span,
            );
        }
        let value = self.global(&name.trim_start_matches('\\').into());
        self.call_value(frame, &value, arguments, span)
    }

    /// PHP: calls `[$object, 'method']` or `['Class', 'method']`.
    fn call_pair(
        &mut self,
        frame: &mut Frame,
        map: &Held<Map>,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let (Some(receiver), Some(method)) = (map.entries.get("0"), map.entries.get("1")) else {
            return Value::unknown();
        };
        if map.entries.len() != 2 {
            return Value::unknown();
        }
        frame.note_use(receiver);
        frame.note_use(method);
        let receiver = self.as_class(receiver);
        self.open_class(frame, &receiver, span);
        self.call_dynamic(frame, &receiver, method, arguments, span)
    }

    /// Notes a call on a class of the SDK of which only the beginning of the name is known.
    fn open_class(&mut self, frame: &mut Frame, class: &Value, span: Span) {
        let is_open = class.atoms.iter().any(|atom| match atom {
            Atom::Text(text) => text.known().is_none() && self.names_sdk(text),
            _ => false,
        });
        if is_open {
            let what = "a Stripe class that is only known when the program runs";
            self.open_operation(frame, what, class.depends_on(), span);
        }
    }

    /// Tells whether a partly known class name begins like one of the SDK.
    fn names_sdk(&self, text: &Text) -> bool {
        let template = text.template();
        let template = template.trim_start_matches('\\').to_ascii_lowercase();
        self.program.sdks(SdkId::Php).any(|(_, root)| {
            let root = format!("{}\\", root.root.to_ascii_lowercase());
            template.starts_with(&root)
        })
    }

    fn function_method(
        &mut self,
        frame: &mut Frame,
        callable: &Held<Callable>,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let bound = |this: Option<&Value>| {
            let mut callable = (**callable).clone();
            if let Some([atom]) = this.map(|this| this.atoms.as_slice()) {
                callable.this = Some(atom.clone());
            }
            callable
        };
        match name {
            "bind" | "bindTo" => {
                let callable = bound(arguments.positional.first());
                Value::of(Atom::Function(Held::new(callable)))
            }
            "call" => {
                let callable = bound(arguments.positional.first());
                let rest = arguments.positional.iter().skip(1).cloned();
                let rest = Arguments {
                    open: arguments.open,
                    ..Arguments::of(rest)
                };
                self.call_function(frame, &callable, &rest, span)
            }
            "apply" => {
                let callable = bound(arguments.positional.first());
                let rest = match arguments
                    .positional
                    .get(1)
                    .map(|list| list.atoms.as_slice())
                {
                    Some([Atom::Map(map)]) => Arguments::of(map.entries.values().cloned()),
                    _ => Arguments {
                        open: true,
                        ..Arguments::default()
                    },
                };
                self.call_function(frame, &callable, &rest, span)
            }
            "__invoke" => self.call_function(frame, callable, arguments, span),
            _ => self.decorated_method(frame, callable, name, arguments, span),
        }
    }

    /// Makes an instance.
    pub(crate) fn instantiate(
        &mut self,
        frame: &mut Frame,
        class: &Value,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        frame.note_use(class);
        self.note_class_name(frame, class);
        let class = self.as_class(class);
        class.flat_map(|atom| match atom {
            Atom::Class(class) => {
                let instance = self.construct(frame, *class, arguments, span);
                let foreign = self.foreign_instance(*class);
                let foreign = foreign.without(|atom| matches!(atom, Atom::Instance(_)));
                instance.join(&foreign)
            }
            Atom::Instance(instance) => self.construct(frame, instance.class, arguments, span),
            Atom::Sdk(sdk) => {
                if is_publishable(arguments) {
                    return Value::unknown();
                }
                client(*sdk, arguments)
            }
            Atom::Map(map) if is_resource(map) => Value::of(atom.clone()),
            Atom::SdkPath(sdk, path, origin) => {
                if let Some(made) = self.own_resource(frame, path, arguments, span) {
                    return made;
                }
                let made = self.sdk_instance(*sdk, path, *origin);
                if self.program.sdk_id(*sdk) == SdkId::Node && path.starts_with("StripeResource") {
                    let what = "a Stripe resource that the code defines itself";
                    self.open_operation(frame, what, *origin, span);
                }
                match made.atoms.as_slice() {
                    [Atom::Client(sdk)] => client(*sdk, arguments),
                    _ => made,
                }
            }
            Atom::External(name) => {
                let callee = model::api::HttpCallee::Method {
                    class: crate::request::class_name(name).into(),
                    method: "__construct".into(),
                };
                let sent = self.http_call(frame, &callee, &Value::never(), arguments, span);
                sent.unwrap_or_else(|| {
                    foreign_object(self.external_instance(name, arguments), arguments)
                })
            }
            Atom::Function(callable) => {
                // JavaScript's functions as classes.
                self.call_function(frame, callable, arguments, span)
            }
            _ => foreign_object(Value::unknown(), arguments),
        })
    }

    /// Calls through an unknown receiver that is named after Stripe, where the chain is an operation.
    ///
    /// `stripe.checkout.sessions.create()` says what it is even where nothing says what `stripe` is.
    fn call_by_name(
        &mut self,
        frame: &mut Frame,
        callee: &Expr,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let mut names: Vec<&str> = Vec::new();
        let mut at = callee;
        while let ExprKind::Member { object, property } = &at.kind {
            names.push(property);
            at = object;
            let path: Vec<&str> = names.iter().skip(1).rev().copied().collect();
            let method = names.first().copied().unwrap_or_default();
            if path.is_empty() || !is_named_after_stripe(at) {
                continue;
            }
            let id = self.sdk_of(frame);
            if let Some(sdk) = self.has_operation(id, &path.join("."), method) {
                if self.is_own_instance(frame, at) {
                    return None;
                }
                let path = path.join(".");
                let operation = (sdk, path.as_str(), method);
                return Some(self.service_call(
                    frame,
                    operation,
                    Naming::default(),
                    arguments,
                    span,
                ));
            }
        }
        None
    }

    /// Tells whether an expression is an instance of a class that is read with the rest of the code.
    fn is_own_instance(&mut self, frame: &mut Frame, expr: &Expr) -> bool {
        let value = self.eval(frame, expr);
        let value = value.without(|atom| matches!(atom, Atom::Null));
        let mut is_own = !value.open && !value.atoms.is_empty();
        for atom in value.atoms.iter() {
            is_own &= match atom {
                Atom::Instance(instance) => self.foreign_base(instance.class).is_never(),
                _ => false,
            };
        }
        is_own
    }

    pub(crate) fn sdk_of(&self, frame: &Frame) -> SdkId {
        self.sdk_of_file(frame.file)
    }

    /// Returns the SDK of the language of a file.
    pub(crate) fn sdk_of_file(&self, file: FileId) -> SdkId {
        sdk_of(self.program.language(file))
    }

    /// Notes what a call of code outside the unit may do with what it is given.
    pub(crate) fn hand_over(&mut self, frame: &mut Frame, arguments: &Arguments, span: Span) {
        let given: Vec<Value> = arguments.all().cloned().collect();
        let open = Arguments {
            open: true,
            ..Arguments::default()
        };
        for atom in given.iter().flat_map(|value| value.atoms.iter()) {
            let is_operation = match atom {
                Atom::ServiceMethod(_, path, ..) => !path.is_empty(),
                Atom::ClassMethod(..) => true,
                _ => false,
            };
            if is_operation {
                self.call_value(frame, &Value::of(atom.clone()), &open, span);
            }
        }
    }

    /// Notes that a client went where it cannot be followed.
    pub(crate) fn escape(
        &mut self,
        frame: &mut Frame,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) {
        let is_client = |value: &Value| {
            value
                .atoms
                .iter()
                .any(|atom| matches!(atom, Atom::Client(..)))
        };
        let escapes = arguments.all().any(|value| {
            is_client(value)
                || value.atoms.iter().any(|atom| match atom {
                    Atom::Map(map) => map.entries.values().any(is_client),
                    _ => false,
                })
        });
        let (module, member) = name.split_once('#').unwrap_or((name, ""));
        if escapes && !module.is_empty() {
            let what = if member.is_empty() { module } else { member };
            let message = format!("the Stripe client is handed to `{what}`, which was not read");
            self.open(frame, Code::ClientEscapes, message, Origin::HERE, span);
        }
    }
}

/// Returns the name by which an expression is called; of `request.call(…)` the function's.
fn called_name(callee: &Expr) -> &str {
    match &callee.kind {
        ExprKind::Member { object, property } if matches!(&**property, "call" | "apply") => {
            called_name(object)
        }
        ExprKind::Name(name) | ExprKind::Global(name) => name,
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => property,
        _ => "a function",
    }
}

fn is_constructor(name: &str) -> bool {
    matches!(name, "__construct" | "constructor" | "__init__")
}

/// Tells whether a value is a dictionary and nothing else, without a function in it that is called.
fn is_dictionary(value: &Value) -> bool {
    !value.open
        && value.matters()
        && value.atoms.iter().all(|atom| match atom {
            Atom::Map(map) => !map.entries.contains_key("update"),
            _ => false,
        })
}

/// Makes a client, for the account that its options name.
fn client(sdk: SdkIndex, arguments: &Arguments) -> Value {
    let column = client_column(arguments);
    match (column.own, column.connect) {
        (_, false) => Value::of(Atom::Client(sdk)),
        (false, true) => Value::of(Atom::Client(sdk.connected())),
        (true, true) => Value::from_atoms(
            vec![Atom::Client(sdk), Atom::Client(sdk.connected())],
            false,
        ),
    }
}

/// Tells whether the key that a client gets is one for browsers.
fn is_publishable(arguments: &Arguments) -> bool {
    let known = arguments.positional.first().map(Value::known_texts);
    known.is_some_and(|keys| !keys.is_empty() && keys.iter().all(|key| key.starts_with("pk_")))
        || arguments
            .positional
            .first()
            .is_some_and(|key| holds_publishable_key(key, 0))
}

/// Tells whether the last name in an expression speaks of Stripe: `stripe`, `this.stripeClient`.
fn is_named_after_stripe(expr: &Expr) -> bool {
    let name = match &expr.kind {
        ExprKind::Name(name) | ExprKind::Global(name) => name,
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => property,
        ExprKind::Call { callee, .. } => return is_named_after_stripe(callee),
        _ => return false,
    };
    is_stripe_name(name)
}

/// Names that code gives to a Stripe client, without underscores.
const STRIPE_NAMES: [&str; 8] = [
    "stripe",
    "stripeclient",
    "stripeapi",
    "getstripe",
    "getstripeclient",
    "usestripe",
    "stripeinstance",
    "stripesdk",
];

/// Tells whether a name is one that code gives to a Stripe client.
pub(crate) fn is_stripe_name(name: &str) -> bool {
    let name = name.rsplit('\\').next().unwrap_or_default();
    let name = name.trim_start_matches(['$', '_', '#']);
    // Most names are none, and all names are asked.
    if !name.starts_with(['s', 'S', 'g', 'G', 'u', 'U']) {
        return false;
    }
    let letters = || {
        let bytes = name.bytes().filter(|byte| *byte != b'_');
        bytes.map(|byte| byte.to_ascii_lowercase())
    };
    STRIPE_NAMES.iter().any(|known| letters().eq(known.bytes()))
}
