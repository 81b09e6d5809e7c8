//! What functions of libraries, which the rules know, do with the values that they are given.

use std::rc::Rc;

use model::{
    api::{Catalog, Endpoint, SdkId},
    diagnostic::Code,
    library::{ArgumentPlace, Given, Inner, Library, Passing, Returns, With, spelled},
    source::Span,
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    builtin::{encoded, merge},
    evaluator::{Arguments, Evaluator, Frame},
    expressions::concat,
    external::InLibrary,
    extras::Extras,
    held::Held,
    names::list_of,
    request::class_name,
    value::{Atom, Callable, Origin, Value},
};

/// The table of functions by language and name.
pub(crate) struct PassingIndex<'a> {
    rows: HashMap<(SdkId, &'a str), &'a Passing>,
    /// Classes that have methods in the table.
    classes: HashSet<&'a str>,
    /// Last parts of the names in the table.
    last_names: HashSet<&'a str>,
    libraries: &'a [Library],
}

impl<'a> PassingIndex<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let rows = catalog.functions.iter();
        let names = rows.clone().map(|row| &*row.function);
        Self {
            rows: rows
                .map(|row| ((row.language, &*row.function), row))
                .collect(),
            classes: names
                .clone()
                .filter_map(|name| name.rsplit_once('.'))
                .map(|(class, _)| class)
                .collect(),
            last_names: names
                .map(|name| name.rsplit('.').next().unwrap_or(name))
                .collect(),
            libraries: &catalog.libraries,
        }
    }

    /// Tells whether the table has methods of a class, in whatever language.
    pub(crate) fn is_class(&self, class: &str) -> bool {
        let class = class.trim_start_matches('\\');
        self.classes.contains(class) || self.classes.contains(&*class.to_ascii_lowercase())
    }

    /// Tells whether the table has a function of this last name: none of them changes what it is given.
    pub(crate) fn knows(&self, last: &str) -> bool {
        self.last_names.contains(last)
    }

    /// Returns what the table says of a callee, `module#member`.
    pub(crate) fn known(&self, language: SdkId, name: &str) -> InLibrary<'a> {
        let name = without_default(&class_name(name));
        InLibrary {
            row: self.find(language, &name),
            unread: self.unread(language, &name),
            name,
        }
    }

    /// Returns the library that something of is called that no row and no local name covers.
    fn unread(&self, language: SdkId, name: &str) -> Option<&'a Library> {
        let name = spelled(language, name);
        let mut libraries = self.libraries.iter();
        let found = libraries.find(|library| library.language == language && library.has(&name));
        found.filter(|library| !library.is_local(&name))
    }

    fn find(&self, language: SdkId, name: &str) -> Option<&'a Passing> {
        let name = spelled(language, name);
        self.rows.get(&(language, name.as_str())).copied()
    }
}

impl Evaluator<'_> {
    /// Calls something of a library that the rules know by its name, `module#member`.
    pub(crate) fn call_library(
        &mut self,
        frame: &mut Frame,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let known = self.passing.known(self.sdk_of(frame), name);
        self.call_known(frame, &known, arguments, span)
    }

    /// Calls something that was looked up in the table of library functions.
    pub(crate) fn call_known(
        &mut self,
        frame: &mut Frame,
        known: &InLibrary<'_>,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let Some(row) = known.row else {
            self.note_unread(frame, known, span);
            return None;
        };
        self.request_known(frame, &row.requests.known, arguments, span);
        if row.requests.unread {
            self.note_unread(frame, known, span);
        }
        let is_soft = arguments.all().any(|value| value.soft);
        Some(self.pass(frame, row, arguments, span).softer(is_soft))
    }

    fn request_known(
        &mut self,
        frame: &mut Frame,
        endpoints: &[Endpoint],
        arguments: &Arguments,
        span: Span,
    ) {
        let extras = Extras::of_sdk(arguments);
        for endpoint in endpoints {
            let verb = Value::text(endpoint.method.id());
            let path = Value::text(endpoint.path.as_str());
            self.path_request(frame, None, &verb, &path, &extras, span);
        }
    }

    /// Notes that a library that makes requests itself is called in a way that nobody has read.
    fn note_unread(&mut self, frame: &mut Frame, known: &InLibrary<'_>, span: Span) {
        let Some(library) = known.unread else {
            return;
        };
        let name = &known.name;
        let package = &library.package;
        let message = format!("`{name}` can make requests inside `{package}`, which was not read");
        self.open(frame, Code::ClientEscapes, message, Origin::HERE, span);
    }

    /// Calls a method that a decorator of a library gives to functions, if the rules know it.
    pub(crate) fn decorated_method(
        &mut self,
        frame: &mut Frame,
        function: &Held<Callable>,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let mut all = arguments.clone();
        all.positional
            .insert(0, Value::of(Atom::Function(function.clone())));
        self.call_library(frame, &format!("function#{name}"), &all, span)
            .unwrap_or_else(Value::unknown)
    }

    fn pass(
        &mut self,
        frame: &mut Frame,
        row: &Passing,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let inner = row.calls.as_ref();
        let result = inner.map(|inner| self.call_argument(frame, inner, arguments, span));
        let result = result.unwrap_or_else(Value::unknown);
        match &row.returns {
            Returns::Unknown => Value::unknown(),
            Returns::Given(given) => self.given(frame, given, arguments),
            Returns::Default(place) => at(arguments, place).softer(true),
            Returns::Last => arguments
                .positional
                .last()
                .cloned()
                .unwrap_or_else(Value::unknown),
            Returns::Result => result,
            Returns::Results => list_of(result),
            Returns::Text => encoded(&argument(arguments, 0)),
            Returns::All => Value::list(arguments.positional.iter().cloned()),
            Returns::Merged => merge(arguments),
            Returns::Slashed(index) => {
                concat(&[argument(arguments, (*index).into()), Value::text("/")])
            }
            Returns::Member => {
                let (object, path) = (argument(arguments, 0), argument(arguments, 1));
                self.at_path(frame, &object, &path, span)
            }
            Returns::Url => concat(&[
                argument(arguments, 0),
                Value::text("/"),
                argument(arguments, 1),
            ]),
            Returns::Instance(class) => {
                let class = format!("{class}#").into();
                Value::of(Atom::ExternalInstance(class, Rc::new(Value::never())))
            }
        }
    }

    /// Calls the argument that a function of a library calls.
    fn call_argument(
        &mut self,
        frame: &mut Frame,
        inner: &Inner,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let with = match &inner.with {
            With::Rest => behind(arguments, inner.argument.index.into()),
            With::Values(values) => self.given_all(frame, values, arguments),
        };
        self.call_value(frame, &at(arguments, &inner.argument), &with, span)
    }

    fn given_all(
        &mut self,
        frame: &mut Frame,
        values: &[Given],
        arguments: &Arguments,
    ) -> Arguments {
        let mut with = Arguments::default();
        for given in values {
            match given {
                Given::Spread(place) => with.spread(&at(arguments, place)),
                other => with.positional.push(self.given(frame, other, arguments)),
            }
        }
        with
    }

    fn given(&mut self, frame: &mut Frame, given: &Given, arguments: &Arguments) -> Value {
        match given {
            Given::Argument(place) => at(arguments, place),
            Given::Element(place) | Given::Spread(place) => {
                self.element(frame, &at(arguments, place), None)
            }
        }
    }
}

impl Arguments {
    /// Adds the elements of a list as arguments of their own.
    fn spread(&mut self, list: &Value) {
        match list.atoms.as_slice() {
            [Atom::Map(map)] if map.other.is_never() && !list.open => {
                self.positional.extend(map.entries.values().cloned());
            }
            _ => {
                self.open = true;
                self.rest = self.rest.join(list);
            }
        }
    }
}

fn at(arguments: &Arguments, place: &ArgumentPlace) -> Value {
    arguments
        .get(place.index.into(), place.name.as_deref())
        .cloned()
        .unwrap_or_else(Value::unknown)
}

fn argument(arguments: &Arguments, index: usize) -> Value {
    arguments
        .get(index, None)
        .cloned()
        .unwrap_or_else(Value::unknown)
}

/// Returns the arguments behind the one at `index`.
fn behind(arguments: &Arguments, index: usize) -> Arguments {
    let rest = arguments.positional.iter().skip(index + 1);
    Arguments {
        positional: rest.cloned().collect(),
        ..arguments.clone()
    }
}

/// Drops the name of a default export: `react.default.cache` is `react.cache`.
fn without_default(name: &str) -> String {
    let name = name.strip_suffix(".default").unwrap_or(name);
    name.replacen(".default.", ".", 1)
}
