//! What code does with a Stripe SDK: clients, services, classes, objects.

use std::rc::Rc;

use model::{
    Name,
    api::{EndpointId, GenericReceiver, Method, Methods, SdkId, SdkRow, SdkTable},
    diagnostic::Code,
    source::Span,
};

use crate::{
    evaluator::{Arguments, Evaluator, Frame},
    extras::{Extras, can_be_account},
    found::{Pending, Wanted},
    naming::{Part, operation_parts},
    program::SdkIndex,
    table::Key,
    value::{Atom, Naming, Object, Origin, Value},
};

impl Evaluator<'_> {
    /// Returns what stands at a dotted path below the SDK's module; PHP: the class of that name.
    pub(crate) fn sdk_path(&mut self, sdk: SdkIndex, path: &str, origin: Origin) -> Value {
        let path = match self.program.sdk_id(sdk) {
            SdkId::Python => python_path(path),
            SdkId::Php | SdkId::Node => path.to_owned(),
        };
        if path.is_empty() {
            Value::of(Atom::Sdk(sdk))
        } else {
            Value::of(Atom::SdkPath(sdk, path.into(), origin))
        }
    }

    /// Reads a member of the SDK's module, of a namespace in it, or of a class.
    pub(crate) fn sdk_member(
        &mut self,
        sdk: SdkIndex,
        path: &str,
        name: &str,
        naming: Naming,
    ) -> Value {
        let Some(table) = self.program.sdk_table(sdk) else {
            return Value::unknown();
        };
        let origin = naming.resource.then(naming.operation);
        match self.program.sdk_id(sdk) {
            SdkId::Php => Value::of(Atom::ClassMethod(sdk, path.into(), name.into(), naming)),
            SdkId::Node if path.is_empty() && matches!(name, "default" | "Stripe") => {
                Value::of(Atom::Sdk(sdk))
            }
            SdkId::Node => Value::of(Atom::SdkPath(sdk, dotted(path, name).into(), origin)),
            SdkId::Python => {
                let nested = dotted(path, name);
                if table.classes.contains_key(nested.as_str()) {
                    return Value::of(Atom::SdkPath(sdk, nested.into(), origin));
                }
                let mut generic = table.generic.iter();
                let is_generic = generic
                    .any(|call| call.receiver == GenericReceiver::Class && *call.method == *name);
                if table.classes.contains_key(path) || (is_generic && !path.is_empty()) {
                    return Value::of(Atom::ClassMethod(sdk, path.into(), name.into(), naming));
                }
                let full = python_path(&dotted(path, name));
                let class = python_class(table, &full).unwrap_or(full);
                if class.is_empty() {
                    Value::of(Atom::Sdk(sdk))
                } else {
                    Value::of(Atom::SdkPath(sdk, class.into(), origin))
                }
            }
        }
    }

    /// Returns an instance of a class of the SDK.
    pub(crate) fn sdk_instance(&mut self, sdk: SdkIndex, path: &Name, origin: Origin) -> Value {
        let Some(table) = self.program.sdk_table(sdk) else {
            return Value::unknown();
        };
        if table.clients.contains(path) {
            return Value::of(Atom::Client(sdk));
        }
        let last = path.rsplit(['\\', '.']).next().unwrap_or_default();
        if let Some(paths) = table
            .service_classes
            .get(last)
            .or_else(|| table.service_classes.get(path))
        {
            let prefer = service_group(path);
            let all = paths.iter().filter(|path| {
                prefer.is_empty() || paths.len() == 1 || path.to_ascii_lowercase().contains(&prefer)
            });
            let atoms = all.map(|path| Atom::Service(sdk, path.clone(), origin));
            return Value::from_atoms(atoms.collect(), false);
        }
        if let Some(class) = table.classes.get(path) {
            return match &class.object {
                Some(name) => Value::of(Self::object(sdk, name, is_legacy(path))),
                // A helper without an object: its methods are called like those of a class.
                None => Value::of(Atom::SdkPath(sdk, path.clone(), origin)),
            };
        }
        if let Some(resource) = path.strip_suffix("Resource") {
            let service = lower_first(resource);
            if Self::is_service(table, &service) {
                return Value::of(Atom::Service(sdk, service.into(), origin));
            }
        }
        Value::unknown()
    }

    fn object(sdk: SdkIndex, name: &Name, legacy: bool) -> Atom {
        Atom::Object(Rc::new(Object {
            sdk,
            name: name.clone(),
            path: "".into(),
            parent: None,
            legacy,
        }))
    }

    fn is_service(table: &SdkTable, path: &str) -> bool {
        let below = format!("{path}.");
        table.services.contains_key(path)
            || table
                .services
                .range(Name::from(below.as_str())..)
                .next()
                .is_some_and(|(name, _)| name.starts_with(&below))
    }

    /// Reads a member of a client (`path` empty) or of a service.
    pub(crate) fn service(
        &mut self,
        sdk: SdkIndex,
        path: &str,
        name: &str,
        naming: Naming,
    ) -> Value {
        let Some(table) = self.program.sdk_table(sdk) else {
            return Value::unknown();
        };
        let origin = naming.resource.then(naming.operation);
        let full = dotted(path, name);
        if Self::is_service(table, &full) {
            return Value::of(Atom::Service(sdk, full.into(), origin));
        }
        Value::of(Atom::ServiceMethod(sdk, path.into(), name.into(), naming))
    }

    /// Tells whether a client has this method at this service path.
    pub(crate) fn has_operation(&self, id: SdkId, path: &str, method: &str) -> Option<SdkIndex> {
        let (index, _) = self.program.sdks(id).next()?;
        let table = self.program.sdk_table(index)?;
        table
            .services
            .get(path)?
            .contains_key(method)
            .then_some(index)
    }

    /// Calls a method of a service, or of the client itself where `path` is empty.
    pub(crate) fn service_call(
        &mut self,
        frame: &mut Frame,
        method: (SdkIndex, &str, &str),
        naming: Naming,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let (sdk, path, name) = method;
        let origin = naming.origin();
        let Some(table) = self.program.sdk_table(sdk) else {
            return Value::unknown();
        };
        if let Some(rows) = table
            .services
            .get(path)
            .and_then(|methods| methods.get(name))
        {
            let ids = self.select(sdk, rows, arguments, None);
            let parts = operation_parts(path, name, naming);
            let spelling = dotted(path, name);
            let extras = Extras::of_sdk(arguments);
            return self.request_all(frame, sdk, &ids, &spelling, &extras, &parts, span);
        }
        if let ("", "getService" | "__get", Some(service)) =
            (path, name, arguments.positional.first())
        {
            let client = Value::of(Atom::Client(sdk));
            return self.dynamic_member(frame, &client, service, span);
        }
        let key = (Name::from(path), Name::from(name));
        let is_silent = table.silent.contains(&key)
            || table.silent.contains(&("*".into(), name.into()))
            || (path.is_empty() && table.silent.iter().any(|(_, silent)| **silent == *name));
        if is_silent {
            return Value::unknown();
        }
        if path.is_empty() {
            if let Some(value) =
                self.generic_call(frame, sdk, GenericReceiver::Client, name, arguments, span)
            {
                return value;
            }
            return Value::unknown();
        }
        let what = format!("no release of the Stripe SDK has `{}`", dotted(path, name));
        self.open(frame, Code::UnknownOperation, what, origin, span);
        Value::unknown()
    }

    /// Calls a method on a class of the SDK.
    pub(crate) fn class_call(
        &mut self,
        frame: &mut Frame,
        method: (SdkIndex, &str, &str),
        naming: Naming,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let (sdk, class, name) = method;
        let Some(table) = self.program.sdk_table(sdk) else {
            return Value::unknown();
        };
        if (class, name) == ("Stripe", "setAccountId") {
            self.set_account(arguments);
            return Value::unknown();
        }
        let Some(facts) = table.classes.get(class) else {
            let receiver = GenericReceiver::Class;
            let sent = self.generic_call(frame, sdk, receiver, name, arguments, span);
            return sent.unwrap_or_else(Value::unknown);
        };
        let is_php = self.program.sdk_id(sdk) == SdkId::Php;
        let rows = rows_of(&facts.statics, name, is_php)
            .or_else(|| rows_of(&facts.instances, name, is_php));
        let Some(rows) = rows else {
            return match name {
                // What these make is an object, without asking the API.
                "constructFrom" | "construct_from" => {
                    facts.object.as_ref().map_or_else(Value::unknown, |object| {
                        Value::of(Self::object(sdk, object, is_legacy(class)))
                    })
                }
                _ => {
                    let receiver = GenericReceiver::Class;
                    let sent = self.generic_call(frame, sdk, receiver, name, arguments, span);
                    sent.unwrap_or_else(Value::unknown)
                }
            };
        };
        let ids = self.select(sdk, rows, arguments, None);
        let spelling = format!("{class}.{name}");
        let parts = operation_parts(class, name, naming);
        let mut extras = Extras::of_sdk(arguments);
        let is_set = self.table.read(&Key::GlobalAccount, &mut self.notes.trail);
        extras.column.connect |= is_set.is_some();
        let value = self.request_all(frame, sdk, &ids, &spelling, &extras, &parts, span);
        match &facts.object {
            Some(object) if !value.matters() => {
                Value::of(Self::object(sdk, object, is_legacy(class)))
            }
            _ => value,
        }
    }

    /// Notes that every call of a class can be for another account from here on.
    fn set_account(&mut self, arguments: &Arguments) {
        let is_account = arguments.get(0, None).is_none_or(can_be_account);
        if is_account {
            self.changed |= self
                .table
                .grow(&Key::GlobalAccount, &Value::of(Atom::Bool(true)));
        }
    }

    /// Calls a method of an API object.
    pub(crate) fn object_call(
        &mut self,
        frame: &mut Frame,
        object: &Rc<Object>,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let id = self.program.sdk_id(object.sdk);
        let is_php = id == SdkId::Php;
        let (Some(info), Some(table)) = (
            self.program.catalog.objects.get(&object.name),
            self.program.sdk_table(object.sdk),
        ) else {
            return Value::unknown();
        };
        if matches!(name, "get" | "offsetGet" | "__getitem__" | "offsetget") {
            let keys = arguments.get(0, None).map(Value::known_texts);
            return keys
                .unwrap_or_default()
                .iter()
                .fold(Value::unknown(), |sum, key| {
                    sum.join(&self.object_field(object, key))
                });
        }
        if !object.path.is_empty() {
            return Value::unknown();
        }
        let classes = info.classes.get(&id).map_or(&[][..], Vec::as_slice);
        let rows: Vec<SdkRow> = classes
            .iter()
            .filter(|class| is_legacy(class) == object.legacy)
            .filter_map(|class| {
                let class = table.classes.get(class)?;
                rows_of(&class.instances, name, is_php)
                    .or_else(|| rows_of(&class.statics, name, is_php))
            })
            .flatten()
            .cloned()
            .collect();
        if rows.is_empty() {
            return Value::unknown();
        }
        // The ids of an object are not among the arguments.
        let any = Arguments {
            open: true,
            ..Arguments::default()
        };
        let ids = self.select(object.sdk, &rows, &any, object.parent.as_ref());
        let prefix = if object.legacy { LEGACY } else { "" };
        let spelling = format!("{prefix}{}.{name}", object.name);
        let extras = Extras::of_sdk(arguments);
        let value = self.request_all(frame, object.sdk, &ids, &spelling, &extras, &[], span);
        if value.matters() {
            value
        } else {
            Value::of(Atom::Object(Rc::clone(object)))
        }
    }

    /// Calls a method of a list that belongs to an object: `$customer->sources->create()`.
    pub(crate) fn collection_call(
        &mut self,
        frame: &mut Frame,
        collection: (&Rc<Object>, &Name),
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let (object, property) = collection;
        let info = self.program.catalog.objects.get(&object.name)?;
        let requests = info.collections.get(property)?;
        let id = match name {
            "all" | "list" => requests.list,
            "create" => requests.create,
            "retrieve" => requests.retrieve,
            "update" | "modify" => requests.update,
            "delete" | "del" => requests.delete,
            _ => return None,
        }?;
        let spelling = format!("{}.{property}.{name}", object.name);
        let extras = Extras::of_sdk(arguments);
        let value = self.request(frame, object.sdk, id, &spelling, &extras, &[], span);
        if value.matters() {
            return Some(value);
        }
        let item = self.list_element(&Atom::Collection(Rc::clone(object), property.clone()));
        Some(item)
    }

    /// Tells whether a method of a list asks for further pages.
    pub(crate) fn is_pager(&self, sdk: SdkIndex, name: &str) -> bool {
        self.program
            .sdk_table(sdk)
            .is_some_and(|table| table.pagers.iter().any(|(_, pager)| **pager == *name))
    }

    /// Makes a request whose verb and path the code gives.
    pub(crate) fn generic_call(
        &mut self,
        frame: &mut Frame,
        sdk: SdkIndex,
        receiver: GenericReceiver,
        name: &str,
        arguments: &Arguments,
        span: Span,
    ) -> Option<Value> {
        let table = self.program.sdk_table(sdk)?;
        let call = table
            .generic
            .iter()
            .find(|call| call.receiver == receiver && *call.method == *name)?;
        let verb = match (call.verb, call.verb_argument) {
            (Some(verb), _) => Value::text(verb.id()),
            (None, Some(index)) => arguments
                .get(usize::from(index), None)
                .cloned()
                .unwrap_or_else(Value::unknown),
            (None, None) => Value::text(Method::Get.id()),
        };
        let path = arguments
            .get(usize::from(call.path_argument), None)
            .cloned()
            .unwrap_or_else(Value::unknown);
        let mut extras = Extras::of_sdk(arguments);
        if sdk.is_connected() {
            extras = extras.connected();
        }
        Some(self.path_request(frame, Some(sdk), &verb, &path, &extras, span))
    }

    /// Decides between endpoints that one spelling can mean: by release, by what the object was found
    /// under, by the number of ids given.
    fn select(
        &self,
        sdk: SdkIndex,
        rows: &[SdkRow],
        arguments: &Arguments,
        parent: Option<&Name>,
    ) -> Vec<EndpointId> {
        let rows = self.rows_of_release(sdk, rows);
        let mut ids: Vec<EndpointId> = rows.iter().map(|row| row.endpoint).collect();
        ids.sort_unstable();
        ids.dedup();
        if ids.len() > 1
            && let Some(parent) = parent
        {
            let under: Vec<EndpointId> = ids
                .iter()
                .copied()
                .filter(|id| self.is_under(*id, parent))
                .collect();
            if !under.is_empty() {
                ids = under;
            }
        }
        if ids.len() > 1 {
            self.by_number_of_ids(&mut ids, arguments);
        }
        ids
    }

    fn rows_of_release<'r>(&self, sdk: SdkIndex, rows: &'r [SdkRow]) -> Vec<&'r SdkRow> {
        let newest = rows.iter().map(|row| row.until).max();
        if let Some(version) = self.program.sdk_root(sdk).version {
            let fits: Vec<&SdkRow> = rows
                .iter()
                .filter(|row| row.since <= version && version <= row.until)
                .collect();
            if !fits.is_empty() {
                return fits;
            }
            if Some(version) < newest {
                // A release between two sampled ones, or before the first: the nearest later row.
                let next = rows.iter().filter(|row| row.until >= version);
                if let Some(since) = next.clone().map(|row| row.since).min() {
                    return next.filter(|row| row.since == since).collect();
                }
            }
        }
        rows.iter()
            .filter(|row| Some(row.until) == newest)
            .collect()
    }

    fn is_under(&self, id: EndpointId, parent: &str) -> bool {
        let path = &self.program.catalog.endpoint(id).endpoint.path;
        let first = path.segments().nth(1).unwrap_or_default();
        first == parent || first.strip_suffix('s') == Some(parent)
    }

    pub(crate) fn first_segment(&self, id: EndpointId) -> Option<Name> {
        let path = &self.program.catalog.endpoint(id).endpoint.path;
        path.segments().nth(1).map(Name::from)
    }

    fn by_number_of_ids(&self, ids: &mut Vec<EndpointId>, arguments: &Arguments) {
        let n_given = arguments
            .positional
            .iter()
            .take_while(|value| !is_options(value))
            .count()
            + arguments
                .named
                .iter()
                .filter(|(name, value)| !OPTION_NAMES.contains(&&***name) && !is_options(value))
                .count();
        let n_holes = |id: &EndpointId| {
            self.program
                .catalog
                .endpoint(*id)
                .endpoint
                .path
                .segments()
                .filter(|segment| model::api::is_hole(segment))
                .count()
        };
        if arguments.open {
            // What is given for certain is given, whatever comes with it.
            let most = ids.iter().map(n_holes).max().unwrap_or_default();
            ids.retain(|id| n_holes(id) >= n_given.min(most));
            return;
        }
        let best = ids
            .iter()
            .map(n_holes)
            .filter(|holes| *holes <= n_given)
            .max()
            .or_else(|| ids.iter().map(n_holes).min());
        ids.retain(|id| Some(n_holes(id)) == best);
    }

    #[expect(clippy::too_many_arguments, reason = "one request has that many parts")]
    fn request_all(
        &mut self,
        frame: &mut Frame,
        sdk: SdkIndex,
        ids: &[EndpointId],
        spelling: &str,
        extras: &Extras,
        parts: &[Part],
        span: Span,
    ) -> Value {
        ids.iter().fold(Value::never(), |sum, id| {
            sum.join(&self.request(frame, sdk, *id, spelling, extras, parts, span))
        })
    }

    /// Notes a request to an endpoint, and returns what it answers.
    #[expect(clippy::too_many_arguments, reason = "one request has that many parts")]
    pub(crate) fn request(
        &mut self,
        frame: &mut Frame,
        sdk: SdkIndex,
        id: EndpointId,
        spelling: &str,
        extras: &Extras,
        parts: &[Part],
        span: Span,
    ) -> Value {
        let mut extras = extras.clone();
        if sdk.is_connected() {
            extras = extras.connected();
        }
        let column = extras.column;
        let info = self.program.catalog.endpoint(id);
        let pending = Pending {
            wanted: Wanted::Request {
                method: info.endpoint.method,
                path: info.endpoint.path.clone(),
                spelling: spelling.into(),
                extras: extras.for_path(&info.endpoint.path),
            },
            origin: parts
                .iter()
                .fold(Origin::HERE, |sum, part| sum.join(part.origin)),
            location: self.program.file(frame.file).source.location(span),
            node: frame.node,
            sink: (frame.file, span),
            call: (frame.file, span),
            parts: parts.to_vec(),
            chain: Vec::new(),
        };
        self.open_expand(frame, &pending, span);
        self.put(frame, pending);
        let Some(returned) = &info.returns else {
            return Value::never();
        };
        let object = |sdk| {
            let object = Rc::new(Object {
                sdk,
                name: returned.object.clone(),
                path: "".into(),
                parent: self.first_segment(id),
                legacy: is_legacy(spelling),
            });
            Value::of(if returned.list {
                Atom::List(object)
            } else {
                Atom::Object(object)
            })
        };
        // Objects remember the account: what they ask for is for the same.
        match (column.own, column.connect) {
            (_, false) => object(sdk),
            (false, true) => object(sdk.connected()),
            (true, true) => object(sdk).join(&object(sdk.connected())),
        }
    }
}

/// How the names of the first generation of PHP classes begin.
const LEGACY: &str = "Stripe_";

/// Names of arguments that are no ids: parameters, and what the SDKs take as options of a request.
const OPTION_NAMES: [&str; 12] = [
    "params",
    "opts",
    "options",
    "api_key",
    "api_version",
    "stripe_version",
    "stripe_account",
    "stripe_context",
    "idempotency_key",
    "headers",
    "expand",
    "max_network_retries",
];

/// Tells whether a class is of the generation before namespaces.
fn is_legacy(class: &str) -> bool {
    class.starts_with(LEGACY)
}

fn rows_of<'m>(methods: &'m Methods, name: &str, any_case: bool) -> Option<&'m [SdkRow]> {
    if let Some(rows) = methods.get(name) {
        return Some(rows);
    }
    let (_, rows) = methods
        .iter()
        .find(|(method, _)| any_case && method.eq_ignore_ascii_case(name))?;
    Some(rows)
}

/// Tells whether an argument is a map of parameters and no id.
fn is_options(value: &Value) -> bool {
    // An id that is not set where it was written down is set by the time that it is used.
    let is_unset = value.soft && value.atoms.iter().all(|atom| matches!(atom, Atom::Null));
    !is_unset
        && !value.atoms.is_empty()
        && value
            .atoms
            .iter()
            .all(|atom| matches!(atom, Atom::Map(_) | Atom::Null | Atom::Function(_)))
}

pub(crate) fn dotted(path: &str, name: &str) -> String {
    if path.is_empty() {
        name.to_owned()
    } else {
        format!("{path}.{name}")
    }
}

/// Drops the parts of a Python path that only say where the SDK keeps a class.
fn python_path(path: &str) -> String {
    path.split('.')
        .filter(|part| {
            !part.is_empty()
                && !part.starts_with('_')
                && !matches!(*part, "api_resources" | "abstract")
        })
        .collect::<Vec<_>>()
        .join(".")
}

/// Finds the class that a Python path means, also where it names the module of the class.
fn python_class(table: &SdkTable, path: &str) -> Option<String> {
    let is_class = |path: &str| table.classes.contains_key(path) || table.clients.contains(path);
    if is_class(path) {
        return Some(path.to_owned());
    }
    let parts: Vec<&str> = path.split('.').collect();
    let (last, before) = parts.split_last()?;
    (0..before.len()).find_map(|n| {
        let shorter = before.get(..n)?.iter().chain([last]).copied();
        let shorter = shorter.collect::<Vec<_>>().join(".");
        is_class(&shorter).then_some(shorter)
    })
}

/// `Checkout.Sessions` → `checkout.sessions`.
fn lower_first(path: &str) -> String {
    path.split('.')
        .map(|part| {
            let mut chars = part.chars();
            chars.next().map_or_else(String::new, |first| {
                first.to_ascii_lowercase().to_string() + chars.as_str()
            })
        })
        .collect::<Vec<_>>()
        .join(".")
}

/// `Service\Checkout\SessionService` → `checkout`.
fn service_group(path: &str) -> String {
    let parts: Vec<&str> = path.split(['\\', '.']).collect();
    match parts.as_slice() {
        [.., group, _] if !matches!(*group, "Service" | "stripe") => group.to_ascii_lowercase(),
        _ => String::new(),
    }
}
