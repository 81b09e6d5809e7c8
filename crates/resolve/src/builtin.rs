//! What functions outside the unit do with values: those of the languages, and HTTP clients.

use std::rc::Rc;

use model::{Name, source::Span};

use crate::{
    evaluator::{Arguments, Evaluator, Frame},
    expressions::concat,
    extras::{is_cost, query_text, spread_entries},
    names::list_of,
    request::class_name,
    value::{Atom, Map, Origin, Text, Value},
};

/// What a library function returns.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Effect {
    /// The argument at this index, as it is.
    Same(usize),
    /// Text of which nothing is known but what it asks of a request.
    Encode,
    /// Text as it is, and of a map what it asks of a request.
    Quote,
    /// An element of the first argument.
    Element,
    /// All its arguments, as one collection.
    Merge,
    /// The first argument as a format for the others.
    Format,
    /// The first argument called with the others.
    Call,
    /// The first argument called with the elements of the second.
    Apply,
    /// A list of what the argument at the first index gives, called with elements of the other.
    Map(usize, usize),
    /// The texts changed by a function on each literal piece.
    Lower,
    Upper,
    LowerFirst,
    UpperFirst,
    /// The third argument with the first replaced by the second.
    Replace,
    /// `null` test, emptiness test.
    IsNull,
    IsEmpty,
    /// Membership of the first argument in the second.
    IsIn,
    /// Elements of the argument joined as text.
    Join(usize, usize),
    /// Binds the name in the first argument to the second, everywhere.
    Define,
    /// Reads a name bound with [`Effect::Define`].
    Constant,
}

/// Functions of the languages themselves; those of libraries are in the rules.
const FUNCTIONS: &[(&str, Effect)] = &[
    ("sprintf", Effect::Format),
    ("vsprintf", Effect::Format),
    ("call_user_func", Effect::Call),
    ("call_user_func_array", Effect::Apply),
    ("array_map", Effect::Map(0, 1)),
    ("array_walk", Effect::Map(1, 0)),
    ("map", Effect::Map(0, 1)),
    ("array_filter", Effect::Same(0)),
    ("array_values", Effect::Same(0)),
    ("array_unique", Effect::Same(0)),
    ("array_reverse", Effect::Same(0)),
    ("iterator_to_array", Effect::Same(0)),
    ("array_merge", Effect::Merge),
    ("array_replace", Effect::Merge),
    ("Object.assign", Effect::Merge),
    ("Object.freeze", Effect::Same(0)),
    ("Object.values", Effect::Same(0)),
    ("Array.from", Effect::Same(0)),
    ("Promise.all", Effect::Same(0)),
    ("Promise.resolve", Effect::Same(0)),
    ("Promise.allSettled", Effect::Same(0)),
    ("list", Effect::Same(0)),
    ("tuple", Effect::Same(0)),
    ("iter", Effect::Same(0)),
    ("sorted", Effect::Same(0)),
    ("reversed", Effect::Same(0)),
    ("next", Effect::Element),
    ("current", Effect::Element),
    ("reset", Effect::Element),
    ("end", Effect::Element),
    ("array_shift", Effect::Element),
    ("array_pop", Effect::Element),
    ("String", Effect::Same(0)),
    ("str", Effect::Same(0)),
    ("strval", Effect::Same(0)),
    ("trim", Effect::Same(0)),
    ("ltrim", Effect::Same(0)),
    ("rtrim", Effect::Same(0)),
    ("urlencode", Effect::Quote),
    ("rawurlencode", Effect::Same(0)),
    ("encodeURIComponent", Effect::Same(0)),
    ("encodeURI", Effect::Same(0)),
    ("strtolower", Effect::Lower),
    ("strtoupper", Effect::Upper),
    ("lcfirst", Effect::LowerFirst),
    ("ucfirst", Effect::UpperFirst),
    ("str_replace", Effect::Replace),
    ("is_null", Effect::IsNull),
    ("in_array", Effect::IsIn),
    ("implode", Effect::Join(0, 1)),
    ("join", Effect::Join(0, 1)),
    ("json_encode", Effect::Encode),
    ("http_build_query", Effect::Encode),
    ("JSON.stringify", Effect::Encode),
    ("base64_encode", Effect::Same(0)),
    ("btoa", Effect::Same(0)),
    ("urlencode", Effect::Encode),
    ("define", Effect::Define),
    ("constant", Effect::Constant),
    ("empty", Effect::IsEmpty),
    ("dict", Effect::Merge),
];

/// Names of containers' methods and functions that make an instance of the class they are given.
const MAKERS: &[&str] = &[
    "get",
    "make",
    "app",
    "resolve",
    "container",
    "create",
    "makeWith",
    "getInstance",
    "inject",
    "use",
    "service",
];

impl Evaluator<'_> {
    /// Calls something of a module outside the unit.
    pub(crate) fn call_external(
        &mut self,
        frame: &mut Frame,
        name: &Name,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        self.hand_over(frame, arguments, span);
        let known = self.external(self.sdk_of(frame), name);
        for callee in known.http.iter().chain(&known.http_method) {
            let base = Value::never();
            if let Some(value) = self.http_call(frame, callee, &base, arguments, span) {
                return value;
            }
        }
        if let Some(value) = self.call_known(frame, &known.library, arguments, span) {
            return value;
        }
        if let Some(effect) = known.effect {
            let passes_on = !matches!(effect, Effect::IsNull | Effect::IsEmpty | Effect::IsIn);
            let is_soft = passes_on && arguments.all().any(|value| value.soft);
            let value = self.effect(frame, effect, arguments, span);
            return value.softer(is_soft);
        }
        if let Some(made) = self.made_by_container(&known.last, arguments) {
            return made;
        }
        if known.is_client {
            return self.external_instance(name, arguments);
        }
        self.escape(frame, name, arguments, span);
        self.shaped_request(frame, &known.last, arguments, span)
            .unwrap_or_else(Value::unknown)
    }

    /// Calls a method of an instance of a class outside the unit.
    pub(crate) fn call_external_method(
        &mut self,
        frame: &mut Frame,
        method: (&Name, &Name, &Rc<Value>),
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let (class, name, base) = method;
        let own = (&**class, name, &**base);
        if let Some(value) = self.own_resource_call(frame, own, arguments, span) {
            return value;
        }
        self.hand_over(frame, arguments, span);
        let known = self.external_method(self.sdk_of(frame), class, name);
        if let Some(callee) = &known.http_method
            && let Some(value) = self.http_call(frame, callee, base, arguments, span)
        {
            return value;
        }
        if let Some(value) = self.call_known(frame, &known.library, arguments, span) {
            return value;
        }
        if let Some(made) = self.made_by_container(name, arguments) {
            return made;
        }
        let class = class_name(class);
        self.escape(frame, &format!("{class}#{name}"), arguments, span);
        if let Some(value) = self.shaped_request(frame, name, arguments, span) {
            return value;
        }
        // Builders return themselves: the HTTP client stays one through its options.
        if known.is_client {
            return Value::of(Atom::ExternalInstance(
                format!("{class}#").into(),
                Rc::clone(base),
            ));
        }
        Value::unknown()
    }

    /// Returns the instance that a service container gives for a class.
    pub(crate) fn made_by_container(&mut self, name: &str, arguments: &Arguments) -> Option<Value> {
        if !MAKERS.contains(&name) {
            return None;
        }
        let class = arguments.positional.first()?.clone();
        let is_class = class
            .atoms
            .iter()
            .all(|atom| matches!(atom, Atom::Class(_) | Atom::SdkPath(..)));
        if class.open || class.atoms.is_empty() || !is_class {
            return None;
        }
        Some(class.flat_map(|atom| self.instance_of(atom)))
    }

    fn effect(
        &mut self,
        frame: &mut Frame,
        effect: Effect,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let argument = |index: usize| {
            arguments
                .get(index, None)
                .cloned()
                .unwrap_or_else(Value::unknown)
        };
        match effect {
            Effect::Same(index) => argument(index),
            Effect::Encode => encoded(&argument(0)),
            Effect::Quote => query_text(&argument(0)).unwrap_or_else(|| argument(0)),
            Effect::Element => self.element(frame, &argument(0), None),
            Effect::Merge => merge(arguments),
            Effect::Format => {
                let rest: Vec<Value> = match arguments.positional.get(1).map(|v| v.atoms.as_slice())
                {
                    Some([Atom::Map(map)]) => map.entries.values().cloned().collect(),
                    _ => arguments.positional.iter().skip(1).cloned().collect(),
                };
                Self::format(&argument(0), &rest)
            }
            Effect::Call => {
                let rest = Arguments {
                    positional: arguments.positional.iter().skip(1).cloned().collect(),
                    ..arguments.clone()
                };
                self.call_value(frame, &argument(0), &rest, span)
            }
            Effect::Apply => {
                let list = argument(1);
                let rest = match list.atoms.as_slice() {
                    [Atom::Map(map)] if map.other.is_never() => Arguments {
                        open: list.open,
                        ..Arguments::of(map.entries.values().cloned())
                    },
                    _ => Arguments {
                        open: true,
                        rest: list,
                        ..Arguments::default()
                    },
                };
                self.call_value(frame, &argument(0), &rest, span)
            }
            Effect::Map(function, list) => {
                let element = self.element(frame, &argument(list), None);
                let given = Arguments::of([element]);
                let value = self.call_value(frame, &argument(function), &given, span);
                list_of(value)
            }
            Effect::Lower => map_text(&argument(0), &|text| text.to_lowercase()),
            Effect::Upper => map_text(&argument(0), &|text| text.to_uppercase()),
            Effect::LowerFirst => map_text(&argument(0), &|text| change_first(text, false)),
            Effect::UpperFirst => map_text(&argument(0), &|text| change_first(text, true)),
            Effect::Replace => replace(&argument(0), &argument(1), &argument(2)),
            Effect::IsNull => match self.equal(&argument(0), &Value::of(Atom::Null)) {
                Some(truth) => Value::of(Atom::Bool(truth)),
                None => Value::unknown(),
            },
            Effect::IsEmpty => match crate::statements::truth_of(&argument(0)) {
                Some(truth) => Value::of(Atom::Bool(!truth)),
                None => Value::unknown(),
            },
            Effect::IsIn => self.is_in(&argument(0), &argument(1)),
            Effect::Join(separator, list) => join_texts(&argument(separator), &argument(list)),
            Effect::Define => {
                for name in argument(0).known_texts() {
                    self.grow_outer(None, &name.into(), &argument(1));
                }
                Value::of(Atom::Bool(true))
            }
            Effect::Constant => {
                let names = argument(0).known_texts();
                names.iter().fold(Value::never(), |sum, name| {
                    let value = match name.split_once("::") {
                        Some((class, constant)) => {
                            let class = self.php_class_value(class, Origin::HERE);
                            self.member(frame, &class, constant, Origin::HERE, span)
                        }
                        None => self.global(&name.as_str().into()),
                    };
                    sum.join(&value)
                })
            }
        }
    }

    fn is_in(&self, needle: &Value, list: &Value) -> Value {
        let [Atom::Map(map)] = list.atoms.as_slice() else {
            return Value::unknown();
        };
        let is_loose = list.open || list.soft || needle.open || needle.soft;
        if is_loose || !map.other.is_never() || needle.atoms.is_empty() {
            return Value::unknown();
        }
        let verdicts: Vec<Option<bool>> = map
            .entries
            .values()
            .map(|value| self.equal(needle, value))
            .collect();
        if verdicts.contains(&Some(true)) {
            return Value::of(Atom::Bool(true));
        }
        if verdicts.iter().all(|verdict| *verdict == Some(false)) {
            return Value::of(Atom::Bool(false));
        }
        Value::unknown()
    }

    /// Reads a member by a dotted path in a text: lodash's `get(object, 'a.b')`.
    pub(crate) fn at_path(
        &mut self,
        frame: &mut Frame,
        object: &Value,
        path: &Value,
        span: Span,
    ) -> Value {
        let paths = path.known_texts();
        let reaches = object
            .atoms
            .iter()
            .any(|atom| matches!(atom, Atom::Client(..) | Atom::Service(..)));
        if paths.is_empty() && reaches {
            let what = "a Stripe method whose path is only known when the program runs";
            self.open_operation(frame, what, path.origin(), span);
        }
        let origin = path.origin();
        paths.iter().fold(Value::never(), |sum, path| {
            let value = path.split('.').fold(object.clone(), |value, part| {
                self.member(frame, &value, part, origin, span)
            });
            sum.join(&value)
        })
    }

    /// Calls a method of a text.
    pub(crate) fn text_method(text: &Text, name: &str, arguments: &Arguments) -> Value {
        let itself = Value::of(Atom::Text(text.clone()));
        match name {
            "toString" | "trim" | "strip" | "rstrip" | "lstrip" | "trimEnd" | "valueOf"
            | "as_str" | "decode" | "encode" => itself,
            "toLowerCase" | "lower" => map_text(&itself, &|text| text.to_lowercase()),
            "toUpperCase" | "upper" => map_text(&itself, &|text| text.to_uppercase()),
            "concat" => {
                let parts: Vec<Value> = [itself]
                    .into_iter()
                    .chain(arguments.positional.iter().cloned())
                    .collect();
                concat(&parts)
            }
            "replace" | "replaceAll" => match arguments.positional.as_slice() {
                [from, to, ..] => replace(from, to, &itself),
                _ => itself,
            },
            "format" => brace_format(text, arguments),
            "join" => join_texts(
                &itself,
                &arguments.get(0, None).cloned().unwrap_or_default(),
            ),
            _ => Value::of(Atom::Text(Text::hole(text.origin()))),
        }
    }

    /// Calls a method that lists of all kinds have.
    pub(crate) fn list_method(
        &mut self,
        frame: &mut Frame,
        list: &Value,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let callback = arguments.positional.first().cloned().unwrap_or_default();
        match name {
            "map" | "flatMap" | "forEach" | "each" | "autoPagingEach" | "auto_paging_each" => {
                let element = self.element(frame, list, None);
                let value = self.call_value(frame, &callback, &Arguments::of([element]), span);
                list_of(value)
            }
            "filter" | "find" | "some" | "every" | "findLast" | "sort" => {
                let element = self.element(frame, list, None);
                let given = Arguments::of([element.clone()]);
                self.call_value(frame, &callback, &given, span);
                if matches!(name, "filter" | "sort") {
                    list.clone()
                } else {
                    element
                }
            }
            "first" | "last" | "pop" | "shift" | "at" | "current" => {
                self.element(frame, list, None)
            }
            "get" => match arguments.positional.first() {
                Some(key) => self.element(frame, list, Some(key)),
                None => list.clone(),
            },
            "join" => join_texts(&callback, list),
            "items" | "entries" => {
                let element = self.element(frame, list, None);
                list_of(Value::list([Value::unknown(), element]))
            }
            "autoPagingIterator"
            | "auto_paging_iter"
            | "autoPagingToArray"
            | "getIterator"
            | "auto_paging_iter_async"
            | "values"
            | "slice"
            | "reverse"
            | "toArray"
            | "nextPage"
            | "next_page"
            | "previousPage"
            | "previous_page"
            | "concat"
            | "copy"
            | "then"
            | "catch"
            | "finally" => {
                if name == "then" {
                    return self.call_value(frame, &callback, &Arguments::of([list.clone()]), span);
                }
                list.clone()
            }
            _ => Value::unknown(),
        }
    }
}

/// Returns what a function of the languages themselves returns.
pub(crate) fn effect_of(name: &str) -> Option<Effect> {
    let mut functions = FUNCTIONS.iter();
    let found = functions.find(|(function, _)| *function == name)?;
    Some(found.1)
}

/// Tells whether [`FUNCTIONS`] has a function of this name: none of them changes what it is given.
pub(crate) fn is_known_function(name: &str) -> bool {
    effect_of(name).is_some()
}

/// Returns text of which nothing is known but what it asks of a request.
pub(crate) fn encoded(value: &Value) -> Value {
    query_text(value).unwrap_or_else(|| Value::of(Atom::Text(Text::hole(Origin::HERE))))
}

/// Takes `module#a.b` apart into the class `module.a` and the method `b`.
pub(crate) fn split_method(name: &str) -> Option<(String, String)> {
    let (module, member) = name.split_once('#')?;
    match member.rsplit_once('.') {
        Some((class, method)) => {
            Some((class_name(&format!("{module}#{class}")), method.to_owned()))
        }
        None if !member.is_empty() => Some((module.to_owned(), member.to_owned())),
        None => None,
    }
}

fn map_text(value: &Value, change: &dyn Fn(&str) -> String) -> Value {
    let texts = value
        .texts()
        .into_iter()
        .map(|text| Atom::Text(text.map_literals(change)));
    Value::from_atoms(texts.collect(), false)
}

fn change_first(text: &str, upper: bool) -> String {
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        let first = if upper {
            first.to_ascii_uppercase()
        } else {
            first.to_ascii_lowercase()
        };
        first.to_string() + chars.as_str()
    })
}

fn replace(from: &Value, to: &Value, text: &Value) -> Value {
    let (from, to) = (from.known_texts(), to.known_texts());
    let ([from], [to]) = (from.as_slice(), to.as_slice()) else {
        let known = text.known_texts();
        // What is replaced is not known; nothing is where the text has no place for it.
        return if known.is_empty() || from.is_empty() {
            Value::of(Atom::Text(Text::hole(text.origin())))
        } else {
            text.clone()
        };
    };
    map_text(text, &|text| text.replace(from.as_str(), to))
}

fn join_texts(separator: &Value, list: &Value) -> Value {
    let [Atom::Map(map)] = list.atoms.as_slice() else {
        return Value::of(Atom::Text(Text::hole(list.origin())));
    };
    if !map.other.is_never() || list.open {
        return Value::of(Atom::Text(Text::hole(list.origin())));
    }
    let mut parts = Vec::new();
    for value in map.entries.values() {
        if !parts.is_empty() {
            parts.push(separator.clone());
        }
        parts.push(value.clone());
    }
    concat(&parts)
}

pub(crate) fn merge(arguments: &Arguments) -> Value {
    let mut map = Map::default();
    map.entries.extend(arguments.named.clone());
    let mut open = arguments.open;
    for value in &arguments.positional {
        for atom in value.atoms.iter() {
            match atom {
                Atom::Map(inner) => {
                    map.entries.extend(inner.entries.clone());
                    map.other = map.other.join(&inner.other);
                }
                Atom::Null => {}
                other => map.other = map.other.join(&Value::of(other.clone())),
            }
        }
        if value.atoms.len() > 1 {
            let costs = spread_entries(value).into_iter();
            map.entries.extend(costs.filter(|(name, _)| is_cost(name)));
        }
        open |= value.open;
    }
    if open {
        map.other = map.other.join(&Value::unknown());
    }
    Value::map(map)
}

/// Python's `'…{}…{name}'.format(…)`.
fn brace_format(text: &Text, arguments: &Arguments) -> Value {
    let Some(format) = text.known() else {
        return Value::of(Atom::Text(Text::hole(text.origin())));
    };
    let literal = |part: &str| Value::of(Atom::Text(Text::literal_from(part, text.origin())));
    let mut parts = Vec::new();
    let mut next = 0;
    let mut rest = format.as_str();
    while let Some((before, after)) = rest.split_once('{') {
        parts.push(literal(before));
        let Some((field, after)) = after.split_once('}') else {
            rest = after;
            break;
        };
        let field = field.split([':', '!', '.', '[']).next().unwrap_or_default();
        let value = if field.is_empty() {
            next += 1;
            arguments.get(next - 1, None)
        } else if let Ok(index) = field.parse::<usize>() {
            arguments.get(index, None)
        } else {
            arguments.named.get(field)
        };
        parts.push(value.cloned().unwrap_or_else(Value::unknown));
        rest = after;
    }
    parts.push(literal(rest));
    concat(&parts)
}
