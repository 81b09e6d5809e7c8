//! Raw HTTP: which endpoint a URL and a verb mean.

use std::{collections::BTreeSet, rc::Rc};

use model::{
    Name,
    api::{Catalog, HttpCall, HttpCallee, HttpFactory, HttpPlace, Method, PathTemplate, SdkId},
    diagnostic::Code,
    source::Span,
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    apart::holds_publishable_key,
    evaluator::{Arguments, Evaluator, Frame},
    expressions::concat,
    extras::Extras,
    found::{Pending, Wanted, expand_sink},
    naming::{Part, sum_of},
    program::{FunctionId, SdkIndex},
    standing::{sent_each_time, url_and_standing},
    twins::{Twin, is_stray, twins},
    value::{Atom, Object, Origin, Piece, Text, Value},
    verbs::verb_of,
};

/// Hosts of the API that take a secret or restricted key.
pub(crate) const HOSTS: [&str; 5] = [
    "api.stripe.com",
    "files.stripe.com",
    "uploads.stripe.com",
    "meter-events.stripe.com",
    "connect.stripe.com",
];

/// The table of HTTP clients by what is called.
pub(crate) struct HttpIndex<'a> {
    calls: HashMap<(SdkId, HttpCallee), &'a HttpCall>,
    factories: HashMap<(SdkId, HttpCallee), &'a HttpFactory>,
    classes: HashSet<(SdkId, String)>,
}

/// Hosts whose URLs are requests wherever they are handed to.
pub(crate) const API_HOSTS: [&str; 2] = ["api.stripe.com", "files.stripe.com"];
/// How the URL of a request is called where it stands with its other parts.
pub(crate) const URL_KEYS: [&str; 4] = ["url", "uri", "endpoint", "href"];
/// The same for its verb.
pub(crate) const VERB_KEYS: [&str; 4] = ["method", "verb", "httpMethod", "http_method"];

impl<'a> HttpIndex<'a> {
    pub(crate) fn new(catalog: &'a Catalog) -> Self {
        let mut classes = HashSet::default();
        for row in catalog.http.iter() {
            if let HttpCallee::Method { class, .. } = &row.callee {
                classes.insert((row.language, class.to_ascii_lowercase()));
            }
        }
        let calls = catalog.http.iter();
        let factories = catalog.http_factories.iter();
        Self {
            calls: calls
                .map(|row| ((row.language, lower(&row.callee)), row))
                .collect(),
            factories: factories
                .map(|row| ((row.language, lower(&row.callee)), row))
                .collect(),
            classes,
        }
    }

    /// Tells whether the table has a callee.
    pub(crate) fn has(&self, language: SdkId, callee: &HttpCallee) -> bool {
        let key = (language, lower(callee));
        self.calls.contains_key(&key) || self.factories.contains_key(&key)
    }

    /// Tells whether instances of a class send requests, in whatever language.
    pub(crate) fn is_class(&self, class: &str) -> bool {
        SdkId::ALL.into_iter().any(|id| self.is_client(id, class))
    }

    /// Tells whether instances of a class send requests.
    pub(crate) fn is_client(&self, language: SdkId, class: &str) -> bool {
        let class = class.trim_start_matches('\\').to_ascii_lowercase();
        self.classes.contains(&(language, class))
    }
}

/// Returns a callee as the index spells it: PHP does not mind the case, others have no two that
/// differ by it.
fn lower(callee: &HttpCallee) -> HttpCallee {
    let small = |name: &Name| Name::from(name.trim_start_matches('\\').to_ascii_lowercase());
    match callee {
        HttpCallee::Function(name) => HttpCallee::Function(small(name)),
        HttpCallee::Method { class, method } => HttpCallee::Method {
            class: small(class),
            method: small(method),
        },
        HttpCallee::Module { module, member } => HttpCallee::Module {
            module: small(module),
            member: small(member),
        },
    }
}

impl Evaluator<'_> {
    /// Sends a request through an HTTP client of the table, or makes a client; `None` where `callee`
    /// is not in it.
    pub(crate) fn http_call(
        &mut self,
        frame: &mut Frame,
        callee: &HttpCallee,
        base: &Value,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let key = (self.sdk_of(frame), lower(callee));
        if let Some(factory) = self.http.factories.get(&key).copied() {
            let own = first_place(&factory.base, arguments);
            let base = if own.is_never() { base.clone() } else { own };
            let base = base.join(&sent_each_time(arguments));
            let class = format!("{}#", factory.class).into();
            return Some(Value::of(Atom::ExternalInstance(class, Rc::new(base))));
        }
        let row = self.http.calls.get(&key).copied()?;
        let own_base = match row.callee {
            HttpCallee::Method { .. } => Value::never(),
            HttpCallee::Function(_) | HttpCallee::Module { .. } => {
                first_place(&row.base, arguments)
            }
        };
        let (base, standing) = url_and_standing(base);
        let base = if own_base.is_never() { base } else { own_base };
        let mut url = first_place(&row.url, arguments);
        let host = first_place(&row.host, arguments);
        if !host.is_never() {
            url = join_url(&concat(&[Value::text("https://"), host]), &url);
        }
        if !base.is_never() {
            url = join_url(&base, &url);
        }
        let verb = verb_of(row, arguments);
        if arguments.all().any(|value| holds_publishable_key(value, 0)) {
            self.note_sent(&url);
            self.set_apart(frame, &verb, &url, span);
            return Some(Value::unknown());
        }
        frame.note_use(&url);
        frame.note_use(&verb);
        let standing = (!standing.is_never()).then_some(&standing);
        let extras = Extras::of_http(arguments.all().chain(standing));
        Some(self.url_request(frame, &verb, &url, &extras, span))
    }

    /// Returns the URL that a call of an HTTP client of the table is given; `None` where `callee` is
    /// not in it.
    pub(crate) fn http_url(
        &self,
        function: FunctionId,
        callee: &HttpCallee,
        arguments: &Arguments,
    ) -> Option<Value> {
        let key = (self.sdk_of_file(function.file), lower(callee));
        let row = self.http.calls.get(&key)?;
        let url = first_place(&row.url, arguments);
        Some(if url.is_never() {
            Value::unknown()
        } else {
            url
        })
    }

    /// Sends what a call of unknown code is given, where that has the shape of a request to the API.
    ///
    /// A URL together with a verb says what is requested, whatever library sends it. A URL alone does
    /// not, and is left open.
    pub(crate) fn shaped_request(
        &mut self,
        frame: &mut Frame,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let given: Vec<Value> = arguments.all().cloned().collect();
        let (url, verb) = given.iter().find_map(url_and_verb)?;
        frame.note_use(&url);
        let is_api = url.texts().iter().any(|text| {
            let template = text.template();
            let path = API_HOSTS.iter().any(|host| template.contains(host));
            path && stripe_path(&template).is_some()
        });
        if !is_api || given.iter().any(|value| holds_publishable_key(value, 0)) {
            return None;
        }
        let beside = given.iter().find(|value| is_verb(value)).cloned();
        let named = Method::parse(name).map(|method| Value::text(method.id()));
        let Some(verb) = verb.or(beside).or(named) else {
            self.note_sent(&url);
            let message = format!("a URL of Stripe is handed to `{name}`, which was not read");
            let origin = url.depends_on();
            self.open(frame, Code::DynamicRequest, message, origin, span);
            return Some(Value::unknown());
        };
        frame.note_use(&verb);
        let extras = Extras::of_http(&given);
        Some(self.url_request(frame, &verb, &url, &extras, span))
    }

    /// Sends a request to a whole URL.
    pub(crate) fn url_request(
        &mut self,
        frame: &mut Frame,
        verb: &Value,
        url: &Value,
        extras: &Extras,
        span: Span,
    ) -> Value {
        self.note_sent(url);
        let mut value = Value::unknown();
        let texts = url.texts();
        let twins = twins(&texts);
        for text in texts {
            let template = text.template();
            let Some(path) = stripe_path(&template) else {
                self.note_proxy(frame, verb, &template, span);
                continue;
            };
            let origins = (url_parts(&text), text.depends_on(), twins.as_slice());
            value = value.join(&self.send(frame, None, verb, path, origins, extras, span));
        }
        value
    }

    /// Sends a request to a path of the API.
    pub(crate) fn path_request(
        &mut self,
        frame: &mut Frame,
        sdk: Option<SdkIndex>,
        verb: &Value,
        path: &Value,
        extras: &Extras,
        span: Span,
    ) -> Value {
        frame.note_use(verb);
        frame.note_use(path);
        self.note_sent(path);
        let mut value = Value::unknown();
        let texts = path.texts();
        let twins = twins(&texts);
        for text in texts {
            let template = text.template();
            let path = stripe_path(&template).unwrap_or(&template);
            let origins = (url_parts(&text), text.depends_on(), twins.as_slice());
            value = value.join(&self.send(frame, sdk, verb, path, origins, extras, span));
        }
        value
    }

    #[expect(clippy::too_many_arguments, reason = "one request has that many parts")]
    fn send(
        &mut self,
        frame: &mut Frame,
        sdk: Option<SdkIndex>,
        verb: &Value,
        path: &str,
        (parts, depends_on, twins): (Vec<Part>, Origin, &[Twin]),
        extras: &Extras,
        span: Span,
    ) -> Value {
        let Some(path) = clean_path(path) else {
            let message = unknown_path(path, verb);
            self.open(frame, Code::DynamicRequest, message, depends_on, span);
            return Value::unknown();
        };
        let verbs = verb.known_texts();
        let verbs: Vec<Method> = verbs
            .iter()
            .filter_map(|verb| Method::parse(verb))
            .collect();
        if verbs.is_empty() {
            let message =
                format!("the verb of this request to `{path}` is only known when the program runs");
            let origin = sum_of(&parts).join(verb.depends_on());
            self.open(frame, Code::DynamicRequest, message, origin, span);
            return Value::unknown();
        }
        let origin = sum_of(&parts).join(verb.origin());
        let mut value = Value::never();
        let catalog = self.program.catalog;
        let is_meant = |method: &Method| !is_stray(catalog, *method, &path, twins);
        for method in verbs.into_iter().filter(is_meant) {
            let origins = (origin, parts.as_slice());
            value = value.join(&self.send_to(frame, sdk, (method, &path), origins, extras, span));
        }
        value
    }

    fn send_to(
        &mut self,
        frame: &mut Frame,
        sdk: Option<SdkIndex>,
        (method, path): (Method, &PathTemplate),
        (origin, parts): (Origin, &[Part]),
        extras: &Extras,
        span: Span,
    ) -> Value {
        let found = self.program.catalog.find(method, path);
        let (path, returns) = match found {
            Some(id) => {
                let info = self.program.catalog.endpoint(id);
                (info.endpoint.path.clone(), info.returns.clone())
            }
            None => (path.clone(), None),
        };
        let pending = Pending {
            wanted: Wanted::Request {
                method,
                path: path.clone(),
                spelling: format!("{method} {path}").into(),
                extras: extras.for_path(&path),
            },
            origin,
            location: self.program.file(frame.file).source.location(span),
            node: frame.node,
            sink: (frame.file, span),
            call: (frame.file, span),
            parts: parts.to_vec(),
            chain: Vec::new(),
        };
        self.open_expand(frame, &pending, span);
        self.put(frame, pending);
        match (returns, sdk) {
            (Some(returned), Some(sdk)) => {
                let object = Rc::new(Object {
                    sdk,
                    name: returned.object,
                    path: "".into(),
                    parent: found.and_then(|id| self.first_segment(id)),
                    legacy: false,
                });
                Value::of(if returned.list {
                    Atom::List(object)
                } else {
                    Atom::Object(object)
                })
            }
            _ => Value::unknown(),
        }
    }

    /// Notes that a request expands what cannot be told.
    pub(crate) fn open_expand(&mut self, frame: &mut Frame, request: &Pending, span: Span) {
        let Wanted::Request { extras, .. } = &request.wanted else {
            return;
        };
        let Some(origin) = extras.open else {
            return;
        };
        let message = "what this request expands is only known when the program runs";
        let pending = Pending {
            wanted: Wanted::Open {
                code: Code::DynamicExpand,
                message: message.into(),
            },
            origin,
            location: self.program.file(frame.file).source.location(span),
            node: frame.node,
            sink: expand_sink((frame.file, span)),
            call: (frame.file, span),
            parts: Vec::new(),
            chain: Vec::new(),
        };
        self.put(frame, pending);
    }

    /// Makes an instance of a class outside the unit, and notes the base of its URLs.
    pub(crate) fn external_instance(&mut self, name: &Name, arguments: &Arguments) -> Value {
        if let Some(value) = Self::url_object(name, arguments) {
            return value;
        }
        let class = class_name(name);
        if !self.http.is_class(&class) {
            return Value::unknown();
        }
        let base = self
            .program
            .catalog
            .http
            .iter()
            .filter(|row| {
                matches!(&row.callee, HttpCallee::Method { class: of, .. } if same_class(of, &class))
            })
            .find_map(|row| {
                let base = first_place(&row.base, arguments);
                (!base.is_never()).then_some(base)
            });
        let base = base.unwrap_or_default().join(&sent_each_time(arguments));
        Value::of(Atom::ExternalInstance(name.clone(), Rc::new(base)))
    }

    /// `new URL(path, base)`.
    fn url_object(name: &str, arguments: &Arguments) -> Option<Value> {
        if !matches!(name, "#URL" | "url#URL" | "node:url#URL") {
            return None;
        }
        let path = arguments.get(0, None)?.clone();
        Some(match arguments.get(1, None) {
            Some(base) => join_url(base, &path),
            None => path,
        })
    }
}

/// Returns the URL that an argument is or holds, and the verb that it holds beside it.
fn url_and_verb(value: &Value) -> Option<(Value, Option<Value>)> {
    let is_url = |value: &Value| {
        value.atoms.iter().any(|atom| match atom {
            Atom::Text(text) => text.template().starts_with("http"),
            _ => false,
        })
    };
    if is_url(value) {
        return Some((value.clone(), None));
    }
    value.atoms.iter().find_map(|atom| {
        let Atom::Map(map) = atom else {
            return None;
        };
        let url = URL_KEYS
            .iter()
            .find_map(|key| map.entries.get(*key).filter(|value| is_url(value)))?;
        let verb = VERB_KEYS.iter().find_map(|key| map.entries.get(*key));
        Some((url.clone(), verb.cloned()))
    })
}

fn is_verb(value: &Value) -> bool {
    let texts = value.known_texts();
    !texts.is_empty() && texts.iter().all(|text| Method::parse(text).is_some())
}

/// Returns the class as the table of HTTP clients spells it: `module.Class`, or PHP's name.
pub(crate) fn class_name(external: &str) -> String {
    match external.split_once('#') {
        Some((module, "")) => module.to_owned(),
        Some(("", member)) => member.to_owned(),
        Some((module, member)) => format!("{module}.{member}"),
        None => external.to_owned(),
    }
}

pub(crate) fn same_class(a: &str, b: &str) -> bool {
    a.trim_start_matches('\\')
        .eq_ignore_ascii_case(b.trim_start_matches('\\'))
}

/// Returns the argument at a place, or around it.
pub(crate) fn argument_at<'v>(place: &HttpPlace, arguments: &'v Arguments) -> Option<&'v Value> {
    place
        .argument
        .and_then(|index| arguments.positional.get(usize::from(index)))
        .or_else(|| arguments.named.get(place.keyword.as_ref()?))
}

/// Returns the value at the first place that a call gives.
pub(crate) fn first_place(places: &[HttpPlace], arguments: &Arguments) -> Value {
    for place in places {
        let Some(argument) = argument_at(place, arguments) else {
            continue;
        };
        let value = match &place.key {
            None => argument.clone(),
            Some(key) => {
                let mut found = Value::never();
                for atom in argument.atoms.iter() {
                    if let Atom::Map(map) = atom {
                        found = found.join(&map.get(key));
                    }
                }
                found
            }
        };
        let value = value.without(|atom| matches!(atom, Atom::Null));
        if value.matters() || (place.key.is_none() && value.open) {
            return value;
        }
    }
    Value::never()
}

/// Puts a path behind a base, unless it is a whole URL itself.
fn join_url(base: &Value, path: &Value) -> Value {
    let mut all = Value::never();
    for text in path.texts() {
        let is_whole = text.template().contains("://");
        let text = Value::of(Atom::Text(text));
        all = all.join(&if is_whole {
            text
        } else {
            concat(&[base.clone(), Value::text("/"), text])
        });
    }
    all
}

/// Returns the path of a URL on one of Stripe's API hosts.
pub(crate) fn stripe_path(url: &str) -> Option<&str> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))
        .or_else(|| url.strip_prefix("//"))
        .unwrap_or(url);
    HOSTS.iter().find_map(|host| {
        let rest = rest.strip_prefix(host)?;
        let rest = rest.strip_prefix(":443").unwrap_or(rest);
        (rest.is_empty() || rest.starts_with(['/', '{', '?'])).then_some(rest)
    })
}

/// Says what is known of a request whose path is not: its verbs, and how the path begins.
fn unknown_path(path: &str, verb: &Value) -> String {
    let verbs: BTreeSet<Method> = verb
        .known_texts()
        .iter()
        .filter_map(|verb| Method::parse(verb))
        .collect();
    let verbs: Vec<&str> = verbs.into_iter().map(Method::id).collect();
    let request = match verbs.join(" or ") {
        verbs if verbs.is_empty() => "request".to_owned(),
        verbs => format!("{verbs} request"),
    };
    let known = path.split("{id}").next().unwrap_or_default();
    let beginning = if known.trim_start_matches('/').is_empty() {
        String::new()
    } else {
        format!(" behind `{}`", model::source::excerpt(known))
    };
    format!("the path of this {request} to Stripe is only known{beginning} when the program runs")
}

/// Makes a path template; `None` where the resource itself is not known.
pub(crate) fn clean_path(path: &str) -> Option<PathTemplate> {
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut segments: Vec<String> = Vec::new();
    for segment in path.split('/').filter(|segment| !segment.is_empty()) {
        if !segment.contains("{id}") {
            segments.push(segment.to_owned());
        } else if segment.replace("{id}", "").is_empty() || segments.len() >= 2 {
            // A known beginning with an unknown end is a query, or an id with a prefix.
            let known = segment.split("{id}").next().unwrap_or_default();
            let is_id = known.is_empty() || known.ends_with('_');
            segments.push(if is_id {
                "{id}".to_owned()
            } else {
                known.to_owned()
            });
        } else {
            let known = segment.split("{id}").next().unwrap_or_default();
            segments.push(known.to_owned());
        }
    }
    let is_version = segments.first().is_some_and(|first| {
        first.starts_with('v') && first.get(1..).is_some_and(|n| n.parse::<u8>().is_ok())
    });
    let is_oauth = segments.first().is_some_and(|first| first == "oauth");
    if !is_version && !is_oauth {
        return None;
    }
    let resource = segments.get(1)?;
    let is_known = !resource.is_empty() && resource != "{id}";
    is_known.then(|| PathTemplate::new(&segments.join("/")))
}

/// Returns the parts of a URL or path that name the resource.
fn url_parts(url: &Text) -> Vec<Part> {
    // Behind the host and the version, every literal piece takes part in naming the resource.
    let mut length = 0;
    let mut parts = Vec::new();
    let start = url
        .template()
        .find("/v1/")
        .or_else(|| url.template().find("/v2/"))
        .map_or(0, |at| at + 4);
    let mut named = false;
    for piece in url.0.iter() {
        match piece {
            Piece::Literal(text, from) => {
                let own = text.get(start.saturating_sub(length)..).unwrap_or_default();
                length += text.len();
                if length > start {
                    parts.push(Part::new(own, *from));
                    named = true;
                }
            }
            Piece::Hole(from) => {
                length += "{id}".len();
                if !named {
                    parts.push(Part::new("", *from));
                }
            }
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_stripe_hosts_have_a_path() {
        assert_eq!(
            stripe_path("https://api.stripe.com/v1/refunds"),
            Some("/v1/refunds")
        );
        assert_eq!(stripe_path("https://api.stripe.com.evil.example/v1"), None);
        assert_eq!(stripe_path("https://js.stripe.com/v3/"), None);
        assert_eq!(stripe_path("{id}/v1/refunds"), None);
    }

    #[test]
    fn a_path_without_a_known_resource_is_no_path() {
        let clean = |path| clean_path(path).map(|path| path.to_string());
        assert_eq!(clean("/v1/{id}"), None);
        assert_eq!(
            clean("/v1/charges/{id}/capture?x={id}").as_deref(),
            Some("/v1/charges/{id}/capture")
        );
        assert_eq!(clean("/v1/payouts{id}").as_deref(), Some("/v1/payouts"));
        assert_eq!(
            clean("/v1/customers/cus_{id}").as_deref(),
            Some("/v1/customers/{id}")
        );
    }
}
