//! Stripe's API as a catalogue: endpoints, what they return, and how SDKs and HTTP clients call them.
//!
//! The types only; the rows come from `rules/` and are loaded by the `rules` crate.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::OnceLock,
};

use crate::{
    Name,
    later::Later,
    library::{Library, Passing},
    unit::Version,
};

/// An HTTP verb that Stripe uses.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Method {
    /// Reads.
    Get,
    /// Creates, changes, acts.
    Post,
    /// Deletes or cancels.
    Delete,
    /// Acts; Stripe has it for few endpoints.
    Put,
}

impl Method {
    /// Every verb.
    pub const ALL: [Self; 4] = [Self::Get, Self::Post, Self::Delete, Self::Put];

    /// Returns the verb in capitals.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Get => "GET",
            Self::Post => "POST",
            Self::Delete => "DELETE",
            Self::Put => "PUT",
        }
    }

    /// Reads a verb in any case; `None` for one that Stripe does not use.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|method| text.eq_ignore_ascii_case(method.id()))
    }
}

impl fmt::Display for Method {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.id())
    }
}

/// A path whose variable parts are holes: `/v1/customers/{customer}`.
///
/// Starts with `/`, has no query and no trailing slash.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PathTemplate(Name);

impl PathTemplate {
    /// Makes a template; a query and trailing slashes are cut off, a leading slash is added.
    #[must_use]
    pub fn new(text: &str) -> Self {
        let is_clean = text.starts_with('/')
            && !text.ends_with('/')
            && !text.contains("//")
            && !text.contains(['?', '#']);
        if is_clean {
            return Self(text.into());
        }
        let path = text.split(['?', '#']).next().unwrap_or_default();
        let parts: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
        Self(format!("/{}", parts.join("/")).into())
    }

    /// Returns the parts between the slashes.
    pub fn segments(&self) -> impl Iterator<Item = &str> {
        self.0.split('/').skip(1)
    }

    /// Returns the text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns the template with every hole spelled `{}`, for comparing.
    #[must_use]
    pub fn shape(&self) -> String {
        let mut shape = String::with_capacity(self.0.len());
        for segment in self.segments() {
            shape.push('/');
            shape.push_str(if is_hole(segment) { "{}" } else { segment });
        }
        shape
    }
}

/// Tells whether a path segment stands for a value known only at run time.
#[must_use]
pub fn is_hole(segment: &str) -> bool {
    segment.starts_with('{') && segment.ends_with('}')
}

impl fmt::Display for PathTemplate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A verb and a path.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Endpoint {
    /// The path. First, so that endpoints sort by resource.
    pub path: PathTemplate,
    /// The verb.
    pub method: Method,
}

impl Endpoint {
    /// Reads `POST /v1/refunds`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (method, path) = text.trim().split_once(char::is_whitespace)?;
        Some(Self {
            method: Method::parse(method)?,
            path: PathTemplate::new(path.trim()),
        })
    }
}

impl fmt::Display for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.method, self.path)
    }
}

/// A Stripe server SDK.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SdkId {
    /// `stripe/stripe-php`.
    Php,
    /// `stripe` on npm.
    Node,
    /// `stripe` on `PyPI`.
    Python,
}

impl SdkId {
    /// Every SDK.
    pub const ALL: [Self; 3] = [Self::Php, Self::Node, Self::Python];

    /// Returns the name of the SDK's repository.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Php => "stripe-php",
            Self::Node => "stripe-node",
            Self::Python => "stripe-python",
        }
    }
}

/// Position of an endpoint in [`Catalog::endpoints`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EndpointId(pub u32);

/// What an endpoint answers with.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Returned {
    /// The API object, for instance `payment_intent`.
    pub object: Name,
    /// Whether it is a list of them.
    pub list: bool,
}

/// One endpoint of the catalogue.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointInfo {
    /// Verb and path.
    pub endpoint: Endpoint,
    /// What it answers with, where that is one kind of object.
    pub returns: Option<Returned>,
}

/// One way in which an SDK spells an endpoint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SdkRow {
    /// What it requests.
    pub endpoint: EndpointId,
    /// First release that has it.
    pub since: Version,
    /// Last release that has it.
    pub until: Version,
}

/// Methods of one name, in all generations.
pub type Methods = BTreeMap<Name, Vec<SdkRow>>;

/// A class of an SDK whose methods make requests.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SdkClass {
    /// The API object that its instances are.
    pub object: Option<Name>,
    /// Methods called on the class.
    pub statics: Methods,
    /// Methods called on an instance.
    pub instances: Methods,
}

/// All spellings of one SDK.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SdkTable {
    /// Name that code imports it by: a package name, for PHP the namespace.
    pub package: Name,
    /// Class names, relative to the SDK's root, whose instances are clients.
    pub clients: BTreeSet<Name>,
    /// Dotted path below a client (`checkout.sessions`), to its methods.
    pub services: BTreeMap<Name, Methods>,
    /// Name of a service class to the dotted paths it stands at.
    pub service_classes: BTreeMap<Name, BTreeSet<Name>>,
    /// Class name relative to the SDK's root (`Checkout\Session`, `checkout.Session`), or a whole
    /// legacy name (`Stripe_Charge`), to its methods.
    pub classes: BTreeMap<Name, SdkClass>,
    /// Methods that make no request: class (a client's too) or dotted service path, and method; `*`
    /// stands for every service.
    pub silent: BTreeSet<(Name, Name)>,
    /// Methods of a list that repeat the request of the list: class (`*` where there is none), and
    /// method.
    pub pagers: BTreeSet<(Name, Name)>,
    /// Low-level classes that send what they are told, see [`GenericReceiver::Requestor`].
    pub requestors: BTreeSet<Name>,
    /// Calls with a verb and path given by the caller.
    pub generic: Vec<GenericCall>,
}

/// What a [`GenericCall`] is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum GenericReceiver {
    /// A client instance.
    Client,
    /// A class of the SDK, or a subclass.
    Class,
    /// An object that the API returned.
    Object,
    /// The low-level requestor class.
    Requestor,
}

/// An SDK call with a verb and path given by the caller, for instance `rawRequest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GenericCall {
    /// What it is called on.
    pub receiver: GenericReceiver,
    /// Name of the method.
    pub method: Name,
    /// Index of the argument with the verb; `None` where the verb is fixed.
    pub verb_argument: Option<u8>,
    /// The verb where it is fixed.
    pub verb: Option<Method>,
    /// Index of the argument with the path.
    pub path_argument: u8,
}

/// A property of an API object that leads to another object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ObjectField {
    /// The object it leads to; several where Stripe allows several.
    pub objects: Vec<Name>,
    /// Whether it is a list of them.
    pub list: bool,
}

/// Requests that a nested collection (`$customer->sources`) can make.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Collection {
    /// Objects in it.
    pub items: Vec<Name>,
    /// `all`, `list`.
    pub list: Option<EndpointId>,
    /// `create`.
    pub create: Option<EndpointId>,
    /// `retrieve`.
    pub retrieve: Option<EndpointId>,
    /// `save` or `update` of an item.
    pub update: Option<EndpointId>,
    /// `delete` of an item.
    pub delete: Option<EndpointId>,
}

/// One kind of object that the API returns.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ObjectInfo {
    /// Class names relative to the SDK's root; the first of an SDK is the current one.
    pub classes: BTreeMap<SdkId, Vec<Name>>,
    /// Properties that lead to other objects, by (dotted) path.
    pub fields: BTreeMap<Name, ObjectField>,
    /// Nested collections that make requests, by property.
    pub collections: BTreeMap<Name, Collection>,
}

/// What is called to send an HTTP request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum HttpCallee {
    /// A function known everywhere: `wp_remote_get`, `fetch`.
    Function(Name),
    /// A method of a class, called on an instance or on the class itself.
    Method {
        /// Fully qualified class name; for JavaScript and Python `module.Class`.
        class: Name,
        /// Name of the method; `__construct` where making the object counts as the call, empty
        /// where the instance itself is called.
        method: Name,
    },
    /// A function or member of a module; an empty member is the module itself.
    Module {
        /// Name that code imports the module by.
        module: Name,
        /// Dotted member below it.
        member: Name,
    },
}

/// Where a call of an HTTP client holds a value.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct HttpPlace {
    /// Index of the argument.
    pub argument: Option<u8>,
    /// Name of the argument, where it can be given by name.
    pub keyword: Option<Name>,
    /// Key inside that argument, where it is a map of options.
    pub key: Option<Name>,
}

/// One way to send an HTTP request, as a widely used library has it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpCall {
    /// SDK whose language this call belongs to.
    pub language: SdkId,
    /// What is called.
    pub callee: HttpCallee,
    /// Where the URL is; the first that has a value counts.
    pub url: Vec<HttpPlace>,
    /// Where the verb is; the first that has a value counts.
    pub verb: Vec<HttpPlace>,
    /// The verb where no place has a value.
    pub default_verb: Method,
    /// Places whose presence makes the verb POST where no place of `verb` has a value.
    pub body: Vec<HttpPlace>,
    /// Where the host is when `url` holds only a path.
    pub host: Vec<HttpPlace>,
    /// Where the headers are, as a map.
    pub headers: Vec<HttpPlace>,
    /// Where the constructor of the class takes the base of every URL.
    pub base: Vec<HttpPlace>,
}

/// A call that yields an HTTP client, for instance `axios.create`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpFactory {
    /// SDK whose language this call belongs to.
    pub language: SdkId,
    /// What is called.
    pub callee: HttpCallee,
    /// Class of the client, as [`HttpCallee::Method`] spells it.
    pub class: Name,
    /// Where the call takes the base of every URL.
    pub base: Vec<HttpPlace>,
}

/// Everything about Stripe that the analysis must know.
///
/// Each part is made when it is first asked for.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Every known endpoint.
    pub endpoints: Later<Vec<EndpointInfo>>,
    /// Spellings per SDK.
    pub sdks: BTreeMap<SdkId, Later<SdkTable>>,
    /// Objects by API name.
    pub objects: Later<BTreeMap<Name, ObjectInfo>>,
    /// HTTP clients.
    pub http: Later<Vec<HttpCall>>,
    /// Calls that yield an HTTP client.
    pub http_factories: Later<Vec<HttpFactory>>,
    /// Functions of libraries that pass values on.
    pub functions: Later<Vec<Passing>>,
    /// Libraries that make requests themselves.
    pub libraries: Later<Vec<Library>>,
    /// The hash of the [`Shape`] of each endpoint, sorted.
    by_shape: OnceLock<Vec<(u64, EndpointId)>>,
}

impl Catalog {
    /// Adds `info` and returns its id; an endpoint that is there already keeps its id.
    pub fn add_endpoint(&mut self, info: EndpointInfo) -> EndpointId {
        let shape = Shape::of(&info.endpoint.path, info.endpoint.method);
        let hash = shape.hash();
        if let Some(known) = self.with_shape(&shape, hash) {
            return known;
        }
        let id = EndpointId(number(self.endpoints.len()));
        if let Some(sorted) = self.by_shape.get_mut() {
            let at = sorted.partition_point(|known| *known < (hash, id));
            sorted.insert(at, (hash, id));
        }
        self.endpoints.make_mut().push(info);
        id
    }

    /// Returns the endpoint with this id.
    ///
    /// # Panics
    ///
    /// Panics if `id` is of another catalogue.
    #[must_use]
    pub fn endpoint(&self, id: EndpointId) -> &EndpointInfo {
        &self.endpoints[id.0 as usize]
    }

    /// Finds the endpoint that a request goes to.
    ///
    /// A hole of `path` matches holes only; a literal part matches itself first, then a hole, so
    /// that `/v1/customers/search` is not taken for a customer.
    #[must_use]
    pub fn find(&self, method: Method, path: &PathTemplate) -> Option<EndpointId> {
        self.find_from(&mut Shape::of(path, method), 0)
    }

    /// Finds an endpoint, trying holes for the literal parts from `at` on.
    fn find_from(&self, shape: &mut Shape<'_>, at: usize) -> Option<EndpointId> {
        let Some(&segment) = shape.segments.get(at) else {
            return self.with_shape(shape, shape.hash());
        };
        // `/v1/{}` is no resource: the first two parts are never holes in the table.
        let may_be_hole = at >= 2;
        if segment == HOLE && !may_be_hole {
            return None;
        }
        let found = self.find_from(shape, at + 1);
        if found.is_some() || segment == HOLE || !may_be_hole {
            return found;
        }
        shape.segments[at] = HOLE;
        let found = self.find_from(shape, at + 1);
        shape.segments[at] = segment;
        found
    }

    /// Returns the endpoint of exactly this shape.
    fn with_shape(&self, shape: &Shape<'_>, hash: u64) -> Option<EndpointId> {
        let sorted = self.by_shape.get_or_init(|| self.hashed());
        let first = sorted.partition_point(|(known, _)| *known < hash);
        let same_hash = sorted.iter().skip(first);
        same_hash
            .take_while(|(known, _)| *known == hash)
            .map(|(_, id)| *id)
            .find(|id| shape.is_of(&self.endpoint(*id).endpoint))
    }

    fn hashed(&self) -> Vec<(u64, EndpointId)> {
        let ids = (0..number(self.endpoints.len())).map(EndpointId);
        let hash = |info: &EndpointInfo| {
            let Endpoint { path, method } = &info.endpoint;
            hash_of_shape(path.segments().map(hole_or_itself), *method)
        };
        let hashes = self.endpoints.iter().map(hash);
        let mut sorted: Vec<_> = hashes.zip(ids).collect();
        sorted.sort_unstable();
        sorted
    }

    /// Returns the table of an SDK.
    #[must_use]
    pub fn sdk(&self, id: SdkId) -> Option<&SdkTable> {
        self.sdks.get(&id).map(|table| &**table)
    }
}

fn number(index: usize) -> u32 {
    u32::try_from(index).unwrap_or(u32::MAX)
}

/// What all holes of a [`Shape`] are spelled like.
const HOLE: &str = "{}";

fn hole_or_itself(segment: &str) -> &str {
    if is_hole(segment) { HOLE } else { segment }
}

/// An endpoint without the names of its holes.
struct Shape<'p> {
    segments: Vec<&'p str>,
    method: Method,
}

impl<'p> Shape<'p> {
    fn of(path: &'p PathTemplate, method: Method) -> Self {
        Self {
            segments: path.segments().map(hole_or_itself).collect(),
            method,
        }
    }

    fn hash(&self) -> u64 {
        hash_of_shape(self.segments.iter().copied(), self.method)
    }

    fn is_of(&self, endpoint: &Endpoint) -> bool {
        let segments = endpoint.path.segments().map(hole_or_itself);
        endpoint.method == self.method && segments.eq(self.segments.iter().copied())
    }
}

/// Hashes a shape without putting its text together.
fn hash_of_shape<'p>(segments: impl Iterator<Item = &'p str>, method: Method) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    let start = method.id().bytes().fold(0xcbf2_9ce4_8422_2325, step);
    segments.fold(start, |hash, segment| {
        segment.bytes().fold(step(hash, b'/'), step)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalog() -> Catalog {
        let mut catalog = Catalog::default();
        for text in [
            "GET /v1/customers/{customer}",
            "GET /v1/customers/search",
            "POST /v1/charges/{charge}/capture",
        ] {
            catalog.add_endpoint(EndpointInfo {
                endpoint: Endpoint::parse(text).unwrap(),
                returns: None,
            });
        }
        catalog
    }

    fn found(text: &str) -> Option<String> {
        let catalog = catalog();
        let wanted = Endpoint::parse(text).unwrap();
        let id = catalog.find(wanted.method, &wanted.path)?;
        Some(catalog.endpoint(id).endpoint.to_string())
    }

    #[test]
    fn a_literal_part_wins_over_a_hole() {
        assert_eq!(
            found("GET /v1/customers/search?query=x").as_deref(),
            Some("GET /v1/customers/search")
        );
        assert_eq!(
            found("GET /v1/customers/cus_1").as_deref(),
            Some("GET /v1/customers/{customer}")
        );
    }

    #[test]
    fn a_hole_matches_only_holes() {
        assert_eq!(
            found("POST /v1/charges/{id}/capture/").as_deref(),
            Some("POST /v1/charges/{charge}/capture")
        );
        assert_eq!(found("POST /v1/charges/{id}/{action}"), None);
        assert_eq!(found("POST /v1/{resource}/x/capture"), None);
        assert_eq!(found("DELETE /v1/customers/x"), None);
    }
}
