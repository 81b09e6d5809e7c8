//! JavaScript: resources of Stripe that the code defines itself, `Stripe.StripeResource.extend({ … })`.
//!
//! Such a resource is a map of its methods; a method is a request with a fixed verb and path. Nothing is
//! known here of classes that extend the resource of the SDK.

use std::rc::Rc;

use model::{Name, api::Method, source::Span};

use crate::{
    evaluator::{Arguments, Evaluator, Frame},
    expressions::concat,
    extras::Extras,
    value::{Atom, Map, Value},
};

/// Stands for the class of methods whose path is below that of their resource.
const RELATIVE: &str = "StripeResource#path";
/// Stands for the class of methods whose path is whole.
const WHOLE: &str = "StripeResource#fullPath";
/// Methods that `includeBasic` can name: verb, and whether they are for one object.
const BASIC: [(&str, Method, bool); 5] = [
    ("create", Method::Post, false),
    ("list", Method::Get, false),
    ("retrieve", Method::Get, true),
    ("update", Method::Post, true),
    ("del", Method::Delete, true),
];

impl Evaluator<'_> {
    /// Calls what makes a resource or a method of one; `None` where it is something else.
    pub(crate) fn own_resource(
        &mut self,
        frame: &mut Frame,
        path: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let spec = arguments.positional.first();
        let spec = spec.map_or(&[][..], |spec| spec.atoms.as_slice());
        let made = match (path, spec) {
            ("StripeResource.method", [Atom::Map(map)]) => Some(own_method(map)),
            ("StripeResource.extend", [Atom::Map(map)]) => Some(resource(map)),
            ("StripeResource.method" | "StripeResource.extend", _) => None,
            _ => return None,
        };
        Some(made.unwrap_or_else(|| {
            let origin = arguments.positional.first().map(Value::depends_on);
            let what = "a Stripe resource that the code defines itself";
            self.open_operation(frame, what, origin.unwrap_or_default(), span);
            Value::unknown()
        }))
    }

    /// Calls a method of such a resource.
    pub(crate) fn own_resource_call(
        &mut self,
        frame: &mut Frame,
        method: (&str, &Name, &Value),
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let (class, verb, path) = method;
        if class != WHOLE {
            return None;
        }
        let extras = Extras::of_sdk(arguments);
        Some(self.path_request(frame, None, &Value::text(&**verb), path, &extras, span))
    }
}

/// Tells whether a map is a resource, which `new` makes an instance of.
pub(crate) fn is_resource(map: &Map) -> bool {
    let mut atoms = map.entries.values().flat_map(|value| value.atoms.iter());
    atoms.any(|atom| matches!(atom, Atom::ExternalMethod(class, ..) if **class == *WHOLE))
}

fn own_method(spec: &Map) -> Value {
    let verbs = spec.entries.get("method").map(Value::known_texts);
    let verbs = verbs.unwrap_or_else(|| vec![Method::Get.id().into()]);
    let (class, path) = match spec.entries.get("fullPath") {
        Some(path) => (WHOLE, path.clone()),
        None => (
            RELATIVE,
            spec.entries
                .get("path")
                .cloned()
                .unwrap_or_else(|| Value::text("")),
        ),
    };
    let methods = verbs.iter().map(|verb| method(class, verb, path.clone()));
    Value::from_atoms(methods.collect(), false)
}

fn method(class: &str, verb: &str, path: Value) -> Atom {
    Atom::ExternalMethod(class.into(), verb.into(), Rc::new(path))
}

/// Spells every placeholder of a path the same, whatever the code calls it.
fn with_plain_holes(path: &str) -> String {
    let parts = path.trim_matches('/').split('/');
    let plain = parts.map(|part| if part.starts_with('{') { "{id}" } else { part });
    plain.collect::<Vec<&str>>().join("/")
}

fn resource(spec: &Map) -> Value {
    let own = spec.entries.get("path").cloned();
    let base = concat(&[Value::text("/v1/"), own.unwrap_or_else(|| Value::text(""))]);
    let mut made = spec.clone();
    for (_, value) in made.entries.iter_mut() {
        *value = value.flat_map(|atom| match atom {
            Atom::ExternalMethod(class, verb, path) if **class == *RELATIVE => {
                let path = match path.known_texts().as_slice() {
                    [path] if path.is_empty() => base.clone(),
                    [path] => concat(&[
                        base.clone(),
                        Value::text("/"),
                        Value::text(with_plain_holes(path)),
                    ]),
                    _ => concat(&[base.clone(), Value::text("/"), (**path).clone()]),
                };
                Value::of(method(WHOLE, verb, path))
            }
            other => Value::of(other.clone()),
        });
    }
    let basic = spec
        .entries
        .get("includeBasic")
        .map(|names| match names.atoms.as_slice() {
            [Atom::Map(names)] => names.elements().known_texts(),
            _ => Vec::new(),
        });
    for (name, verb, is_single) in BASIC {
        let is_included = basic.iter().flatten().any(|basic| **basic == *name);
        if is_included && !made.entries.contains_key(name) {
            let path = if is_single {
                concat(&[base.clone(), Value::text("/{id}")])
            } else {
                base.clone()
            };
            made.entries
                .insert(name.into(), Value::of(method(WHOLE, verb.id(), path)));
        }
    }
    Value::map(made)
}
