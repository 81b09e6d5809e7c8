//! Reads members of values.

use std::rc::Rc;

use model::{Name, source::Span};

use crate::{
    evaluator::{Evaluator, Frame},
    found::{Pending, Wanted},
    naming::written_last,
    value::{Atom, Naming, Object, Origin, Text, Value},
};

impl Evaluator<'_> {
    /// Reads `receiver.property`; `origin` says who named the property.
    pub(crate) fn member(
        &mut self,
        frame: &mut Frame,
        receiver: &Value,
        property: &str,
        origin: Origin,
        span: Span,
    ) -> Value {
        let name: Name = property.into();
        let named = |resource| Naming {
            resource,
            operation: origin,
        };
        receiver.flat_map(|atom| match atom {
            Atom::Null | Atom::Bool(_) | Atom::Int(_) => Value::never(),
            Atom::Param(origin) => Value::of(Atom::Param(*origin)),
            Atom::Text(text) => match property {
                "value" | "href" => Value::of(atom.clone()),
                _ => Value::of(Atom::Text(Text::hole(text.origin()))),
            },
            Atom::Map(map) => {
                let value = map.get(property);
                if value.is_never() {
                    Value::unknown()
                } else {
                    value
                }
            }
            Atom::Class(class) => self.class_member(frame, *class, &name, span),
            Atom::Instance(instance) => {
                let instance = instance.clone();
                self.instance_field(frame, &instance, &name, span)
            }
            Atom::Module(file) => self.export(*file, &name, 0),
            Atom::Sdk(sdk) => self.sdk_member(*sdk, "", property, named(Origin::HERE)),
            Atom::SdkPath(sdk, path, before) => {
                self.sdk_member(*sdk, path, property, named(*before))
            }
            Atom::Client(sdk) => self.service(*sdk, "", property, named(Origin::HERE)),
            Atom::Service(sdk, path, before) => self.service(*sdk, path, property, named(*before)),
            Atom::Function(_)
            | Atom::ServiceMethod(..)
            | Atom::ClassMethod(..)
            | Atom::CollectionMethod(..)
            | Atom::ExternalMethod(..) => Value::unknown(),
            Atom::Object(object) => self.object_field(object, property),
            Atom::List(_) => match property {
                "data" => Value::of(atom.clone()),
                _ => Value::unknown(),
            },
            Atom::Collection(object, collection) => match property {
                "data" => Value::of(atom.clone()),
                "create" | "all" | "list" | "retrieve" | "update" | "delete" => Value::of(
                    Atom::CollectionMethod(Rc::clone(object), collection.clone(), name.clone()),
                ),
                _ => Value::unknown(),
            },
            Atom::External(module) => {
                let dot = if module.ends_with('#') { "" } else { "." };
                Value::of(Atom::External(format!("{module}{dot}{property}").into()))
            }
            Atom::Foreign => Value::of(Atom::Foreign),
            Atom::ExternalInstance(class, base) => Value::of(Atom::ExternalMethod(
                class.clone(),
                name.clone(),
                Rc::clone(base),
            )),
        })
    }

    /// Reads `Class::$property` or `Class::CONSTANT`.
    pub(crate) fn static_member(
        &mut self,
        frame: &mut Frame,
        class: &Value,
        property: &Name,
        span: Span,
    ) -> Value {
        let class = self.as_class(class);
        let origin = written_last(frame, property, span);
        self.member(frame, &class, property, origin, span)
    }

    /// Returns a value with PHP class names in it replaced by the classes.
    pub(crate) fn as_class(&mut self, value: &Value) -> Value {
        value.flat_map(|atom| match atom {
            Atom::Text(text) => match text.known() {
                Some(name) => self.php_class_value(&name, text.origin()),
                None => Value::of(atom.clone()),
            },
            Atom::Instance(instance) => Value::of(Atom::Instance(instance.clone())),
            _ => Value::of(atom.clone()),
        })
    }

    /// Reads a member whose name is computed.
    pub(crate) fn dynamic_member(
        &mut self,
        frame: &mut Frame,
        receiver: &Value,
        key: &Value,
        span: Span,
    ) -> Value {
        frame.note_choice(receiver, key);
        let keys = key.known_texts();
        if keys.is_empty() {
            return self.any_member(frame, receiver, key.depends_on(), span);
        }
        let origin = key.origin();
        let rest = if key.is_known_text() {
            Value::never()
        } else {
            self.any_member(frame, receiver, key.depends_on(), span)
        };
        keys.iter().fold(rest, |sum, key| {
            let key_value = Value::text(key.as_str());
            let value = match receiver.atoms.as_slice() {
                [Atom::Map(_) | Atom::List(_)] => self.element(frame, receiver, Some(&key_value)),
                _ => self.member(frame, receiver, key, origin, span),
            };
            sum.join(&value)
        })
    }

    /// Reads a member of which nothing is known.
    fn any_member(
        &mut self,
        frame: &mut Frame,
        receiver: &Value,
        origin: Origin,
        span: Span,
    ) -> Value {
        receiver.flat_map(|atom| match atom {
            Atom::Map(map) => map.elements(),
            Atom::List(_) | Atom::Collection(..) => self.list_element(atom),
            Atom::Client(..) | Atom::Sdk(_) | Atom::Service(..) => {
                let what = "a Stripe resource that is only known when the program runs";
                self.open_operation(frame, what, origin, span);
                Value::unknown()
            }
            Atom::Param(origin) => Value::of(Atom::Param(*origin)),
            _ => Value::unknown(),
        })
    }

    /// Notes that something of Stripe is used in a way that cannot be told.
    pub(crate) fn open_operation(
        &mut self,
        frame: &mut Frame,
        what: &str,
        origin: Origin,
        span: Span,
    ) {
        self.open(
            frame,
            model::diagnostic::Code::DynamicOperation,
            format!("this reaches {what}"),
            origin,
            span,
        );
    }

    pub(crate) fn open(
        &mut self,
        frame: &mut Frame,
        code: model::diagnostic::Code,
        message: String,
        origin: Origin,
        span: Span,
    ) {
        let pending = Pending {
            wanted: Wanted::Open {
                code,
                message: message.into(),
            },
            origin,
            location: self.program.file(frame.file).source.location(span),
            node: frame.node,
            sink: (frame.file, span),
            call: (frame.file, span),
            parts: Vec::new(),
            chain: Vec::new(),
        };
        self.put(frame, pending);
    }

    /// Reads a property of an API object.
    pub(crate) fn object_field(&mut self, object: &Rc<Object>, property: &str) -> Value {
        let Some(info) = self.program.catalog.objects.get(&object.name) else {
            return Value::unknown();
        };
        let path = if object.path.is_empty() {
            property.to_owned()
        } else {
            format!("{}.{property}", object.path)
        };
        if property == "test_helpers" && object.path.is_empty() {
            return self.test_helpers(object);
        }
        if object.path.is_empty() && info.collections.contains_key(property) {
            return Value::of(Atom::Collection(Rc::clone(object), property.into()));
        }
        if let Some(field) = info.fields.get(path.as_str()) {
            let parent = Some(object.name.clone());
            let atoms = field.objects.iter().map(|name| {
                let target = Rc::new(Object {
                    sdk: object.sdk,
                    name: name.clone(),
                    path: "".into(),
                    parent: parent.clone(),
                    legacy: object.legacy,
                });
                if field.list {
                    Atom::List(target)
                } else {
                    Atom::Object(target)
                }
            });
            return Value::from_atoms(atoms.collect(), false);
        }
        let below = format!("{path}.");
        let listed = format!("{path}[]");
        let leads_on = info
            .fields
            .range(Name::from(path.as_str())..)
            .take_while(|(name, _)| name.starts_with(path.as_str()))
            .any(|(name, _)| name.starts_with(&below) || name.starts_with(&listed));
        if !leads_on {
            return Value::of(Atom::Text(Text::hole(Origin::HERE)));
        }
        let is_list = info.fields.keys().any(|name| name.starts_with(&listed));
        let part = Rc::new(Object {
            sdk: object.sdk,
            name: object.name.clone(),
            path: if is_list { listed.into() } else { path.into() },
            parent: object.parent.clone(),
            legacy: object.legacy,
        });
        Value::of(if is_list {
            Atom::List(part)
        } else {
            Atom::Object(part)
        })
    }

    /// Python: returns the helper that `customer.test_helpers` is.
    fn test_helpers(&self, object: &Object) -> Value {
        let id = self.program.sdk_id(object.sdk);
        let classes = self.program.catalog.objects.get(&object.name);
        let classes = classes.and_then(|info| info.classes.get(&id));
        let Some(table) = self.program.sdk_table(object.sdk) else {
            return Value::unknown();
        };
        let names = classes.into_iter().flatten().flat_map(|class| {
            ["TestHelpers", "test_helpers"].map(|helpers| Name::from(format!("{class}.{helpers}")))
        });
        let atoms = names
            .filter(|name| table.classes.contains_key(name))
            .map(|name| Atom::SdkPath(object.sdk, name, Origin::HERE));
        Value::from_atoms(atoms.collect(), false)
    }

    /// Returns an item of a list of API objects.
    pub(crate) fn list_element(&self, list: &Atom) -> Value {
        match list {
            Atom::List(object) => Value::of(Atom::Object(Rc::clone(object))),
            Atom::Collection(object, name) => {
                let Some(collection) = self
                    .program
                    .catalog
                    .objects
                    .get(&object.name)
                    .and_then(|info| info.collections.get(name))
                else {
                    return Value::unknown();
                };
                let parent = collection
                    .list
                    .or(collection.retrieve)
                    .and_then(|id| self.first_segment(id));
                let atoms = collection.items.iter().map(|item| {
                    Atom::Object(Rc::new(Object {
                        sdk: object.sdk,
                        name: item.clone(),
                        path: "".into(),
                        parent: parent.clone(),
                        legacy: object.legacy,
                    }))
                });
                Value::from_atoms(atoms.collect(), false)
            }
            _ => Value::unknown(),
        }
    }
}
