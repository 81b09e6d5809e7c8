//! The rows of the rule files as YAML spells them, before anything is checked.
//!
//! Every value that could be wrong is still text here, so that `validate` can say where it stands.

use std::{collections::BTreeMap, fmt};

use serde::{
    Deserialize,
    de::{self, Deserializer, SeqAccess, Visitor},
};

/// A value, or a list of values.
#[derive(Clone, Debug)]
pub(crate) enum OneOrMany {
    One(String),
    Many(Vec<String>),
}

impl<'de> Deserialize<'de> for OneOrMany {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(OneOrManyVisitor)
    }
}

/// Not `untagged`, which would lose the position of an error.
struct OneOrManyVisitor;

impl<'de> Visitor<'de> for OneOrManyVisitor {
    type Value = OneOrMany;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a text or a list of texts")
    }

    fn visit_str<E: de::Error>(self, text: &str) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(text.to_owned()))
    }

    fn visit_u64<E: de::Error>(self, number: u64) -> Result<OneOrMany, E> {
        Ok(OneOrMany::One(number.to_string()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<OneOrMany, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = seq.next_element()? {
            values.push(value);
        }
        Ok(OneOrMany::Many(values))
    }
}

impl OneOrMany {
    /// Returns the values.
    pub(crate) fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// One row of `permissions.yaml`: an id base and the levels it exists with.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct PermissionRow {
    pub(crate) base: String,
    pub(crate) levels: Vec<String>,
    pub(crate) label: Option<String>,
    pub(crate) section: String,
    #[serde(default)]
    pub(crate) implied: Vec<String>,
    pub(crate) direct_only: String,
    #[serde(default)]
    pub(crate) app_schema: Vec<String>,
    pub(crate) grade: String,
    pub(crate) source: Option<String>,
    pub(crate) note: Option<String>,
}

/// One row of `endpoints/*.yaml`, and of `endpoints` in a user's file.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EndpointRow {
    pub(crate) endpoint: String,
    pub(crate) permission: OneOrMany,
    pub(crate) grade: Option<String>,
    pub(crate) status: Option<String>,
    /// Section and label where they differ from those of the permission.
    pub(crate) section: Option<String>,
    pub(crate) label: Option<String>,
    pub(crate) source: Option<String>,
    pub(crate) note: Option<String>,
}

/// `sdks/<sdk>.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SdkFile {
    pub(crate) sdk: String,
    pub(crate) package: String,
    pub(crate) newest: String,
    pub(crate) clients: Vec<String>,
    pub(crate) requestors: Vec<String>,
    #[serde(default)]
    pub(crate) service_classes: BTreeMap<String, Vec<String>>,
    pub(crate) services: Vec<ServiceRow>,
    #[serde(default)]
    pub(crate) classes: Vec<ClassRow>,
    pub(crate) silent: Vec<SilentRow>,
    pub(crate) generic: Vec<GenericRow>,
    #[serde(default, rename = "special")]
    pub(crate) _special: Vec<SpecialRow>,
}

/// A method below a client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ServiceRow {
    pub(crate) client: String,
    pub(crate) method: String,
    pub(crate) endpoint: String,
    pub(crate) host: Option<String>,
    pub(crate) since: String,
    pub(crate) until: Option<String>,
}

/// A method of a class, or of its instances.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ClassRow {
    pub(crate) class: String,
    pub(crate) method: String,
    pub(crate) kind: MethodKind,
    pub(crate) endpoint: String,
    pub(crate) host: Option<String>,
    pub(crate) since: String,
    pub(crate) until: Option<String>,
}

/// What a method is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum MethodKind {
    Static,
    Instance,
}

/// A method that makes no request of its own.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SilentRow {
    pub(crate) class: Option<String>,
    pub(crate) client: Option<String>,
    pub(crate) method: String,
    pub(crate) why: Silence,
}

/// Why a method needs no permission of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Silence {
    /// It works on the machine alone.
    Local,
    /// It always fails before it sends anything.
    Throws,
    /// It repeats the request of the list that it is called on.
    Pages,
    /// It reaches an item of the list, see `collections` of the object that holds the list.
    Collection,
}

/// A method with a verb and path given by the caller.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct GenericRow {
    pub(crate) receiver: String,
    pub(crate) method: String,
    /// Index of the argument with the verb, or the verb.
    pub(crate) verb: String,
    pub(crate) path: u8,
    #[serde(rename = "note")]
    pub(crate) _note: Option<String>,
}

/// A way of calling that no table can hold; kept for people.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct SpecialRow {
    #[serde(rename = "call")]
    pub(crate) _call: String,
    #[serde(rename = "verb")]
    pub(crate) _verb: String,
    #[serde(rename = "path")]
    pub(crate) _path: String,
    #[serde(rename = "note")]
    pub(crate) _note: Option<String>,
}

/// One row of `objects.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ObjectRow {
    pub(crate) object: String,
    /// Class names by SDK, the current one first.
    #[serde(default)]
    pub(crate) classes: BTreeMap<String, Vec<String>>,
    /// Objects that this name stands for; such a row has no classes of its own.
    #[serde(default)]
    pub(crate) union: Vec<String>,
    #[serde(default)]
    pub(crate) returned_by: Vec<String>,
    #[serde(default)]
    pub(crate) listed_by: Vec<String>,
    #[serde(default)]
    pub(crate) fields: Vec<FieldRow>,
    #[serde(default)]
    pub(crate) collections: Vec<CollectionRow>,
}

/// A property that leads to other objects.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FieldRow {
    pub(crate) field: String,
    pub(crate) objects: Vec<String>,
    #[serde(default)]
    pub(crate) many: Option<Many>,
}

/// How a property holds several objects.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub(crate) enum Many {
    /// A list object with `data`.
    List,
    /// A plain array.
    Array,
}

/// A nested list that makes requests.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct CollectionRow {
    pub(crate) property: String,
    pub(crate) items: Vec<String>,
    pub(crate) list: Option<String>,
    pub(crate) create: Option<String>,
    pub(crate) retrieve: Option<String>,
    pub(crate) update: Option<String>,
    pub(crate) delete: Option<String>,
}

/// One row of `expand.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct ExpandRow {
    pub(crate) object: String,
    pub(crate) field: String,
    /// Empty where it expands to no object, only to hidden values.
    #[serde(default)]
    pub(crate) expands_to: Vec<String>,
    pub(crate) permission: OneOrMany,
    pub(crate) grade: String,
    #[serde(rename = "kind")]
    pub(crate) _kind: Option<String>,
    #[serde(rename = "last_seen")]
    pub(crate) _last_seen: Option<String>,
    #[serde(rename = "note")]
    pub(crate) _note: Option<String>,
}

/// One row of `events.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct EventRow {
    pub(crate) event: String,
    pub(crate) permission: OneOrMany,
    pub(crate) grade: String,
    #[serde(rename = "last_seen")]
    pub(crate) _last_seen: Option<String>,
    pub(crate) source: Option<String>,
    #[serde(rename = "note")]
    pub(crate) _note: Option<String>,
}

/// `http_clients/<language>.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpFile {
    pub(crate) language: String,
    pub(crate) calls: Vec<HttpRow>,
    #[serde(default)]
    pub(crate) factories: Vec<FactoryRow>,
}

/// One way to send an HTTP request, or several that differ in name only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct HttpRow {
    /// Only in a user's file; elsewhere the file says it.
    pub(crate) language: Option<String>,
    pub(crate) function: Option<OneOrMany>,
    pub(crate) class: Option<OneOrMany>,
    pub(crate) method: Option<OneOrMany>,
    pub(crate) module: Option<OneOrMany>,
    pub(crate) member: Option<OneOrMany>,
    pub(crate) url: OneOrMany,
    pub(crate) verb: Option<OneOrMany>,
    /// A verb, or `name` where the callee is named after its verb.
    pub(crate) default: String,
    pub(crate) body: Option<OneOrMany>,
    pub(crate) host: Option<OneOrMany>,
    pub(crate) headers: Option<OneOrMany>,
    pub(crate) base: Option<OneOrMany>,
}

/// A call that yields an HTTP client.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FactoryRow {
    pub(crate) language: Option<String>,
    pub(crate) function: Option<OneOrMany>,
    pub(crate) class: Option<OneOrMany>,
    pub(crate) method: Option<OneOrMany>,
    pub(crate) module: Option<OneOrMany>,
    pub(crate) member: Option<OneOrMany>,
    pub(crate) yields: String,
    pub(crate) base: Option<OneOrMany>,
}

/// `functions/<language>.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunctionFile {
    pub(crate) language: String,
    pub(crate) functions: Vec<FunctionRow>,
}

/// A function that passes values on, or several that differ in name only.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct FunctionRow {
    pub(crate) function: OneOrMany,
    /// The argument that it calls.
    pub(crate) calls: Option<OneOrMany>,
    /// What it calls it with.
    pub(crate) with: Option<OneOrMany>,
    pub(crate) returns: String,
    /// Endpoints that it requests itself, or `unread`; only in a library's file.
    pub(crate) requests: Option<OneOrMany>,
    #[serde(rename = "note")]
    pub(crate) _note: Option<String>,
}

/// `libraries/<package>.yaml`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct LibraryFile {
    pub(crate) package: String,
    pub(crate) language: String,
    #[serde(rename = "version")]
    pub(crate) _version: String,
    pub(crate) grade: String,
    pub(crate) source: Option<String>,
    /// Its modules or namespaces.
    pub(crate) roots: Vec<String>,
    /// What makes no request.
    #[serde(default)]
    pub(crate) local: Vec<String>,
    pub(crate) functions: Vec<FunctionRow>,
}

/// A file that a user gives with `--rules`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct UserFile {
    #[serde(default)]
    pub(crate) endpoints: Vec<EndpointRow>,
    #[serde(default)]
    pub(crate) http_clients: Vec<HttpRow>,
    #[serde(default)]
    pub(crate) http_factories: Vec<FactoryRow>,
}
