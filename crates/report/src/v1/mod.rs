//! Version 1 of the report that programs read and write.
//!
//! Its own types, apart from [`model`], so that the vocabulary inside may change while what is
//! printed does not. Everything is escaped by [`sanitize`](crate::sanitize()) on the way in.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub mod changes;
mod convert;
pub mod keys;

pub(crate) use convert::check_version;

/// The version that this module writes and reads.
pub const VERSION: u32 = 1;

/// The report of one run of rakscan: which permissions Stripe restricted API keys need.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Document {
    /// Version of this format.
    pub schema: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// The rule table that it used.
    pub rules: Rules,
    /// What each unit needs, in the order of their paths.
    pub units: Vec<Unit>,
}

/// The program that made a report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Tool {
    /// Its name.
    pub name: String,
    /// Its version.
    pub version: String,
}

/// The rule table that was used.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Rules {
    /// Version of the table.
    pub version: String,
    /// Names of rule files that the user added.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub added: Vec<String>,
}

/// What one unit needs: the content of a `stripe-permissions.yaml`, beside its `schema`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unit {
    /// The unit.
    pub unit: Subject,
    /// Whether nothing was left open.
    pub complete: bool,
    /// Tiers that the key is made for, where they are not `required` and `one_off`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub key_tiers: Option<Vec<String>>,
    /// Permissions for the own account, sorted by id.
    pub permissions: Vec<Permission>,
    /// Permissions for connected accounts (the Connect column), sorted by id.
    #[serde(default)]
    pub connect: Vec<Permission>,
    /// Requests that no permission is listed for.
    #[serde(default)]
    pub unmapped: Vec<Unmapped>,
    /// Requests that have to do with Stripe, but not with this key.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub not_counted: Vec<NotCounted>,
    /// What could not be read or resolved.
    #[serde(default)]
    pub unresolved: Vec<Unresolved>,
    /// Requests that `rakscan.yaml` or a comment says are made; they are among those above.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub assumed: Vec<Assumed>,
    /// What `rakscan.yaml` or a comment closed, and which is therefore not among `unresolved`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub suppressed: Vec<Suppressed>,
    /// Files that `rakscan.yaml` had left out.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub excluded: Vec<Excluded>,
    /// Stripe SDKs that the unit uses or brings along.
    #[serde(default)]
    pub sdks: Vec<Sdk>,
    /// Number of files left out, by reason. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub skipped: Option<BTreeMap<String, u64>>,
    /// Number of files that were read for calls. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// Parts of the program that `rakscan.yaml` names.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<Feature>,
    /// Keys that lie where they do not belong, where they were looked for. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub keys: Vec<keys::Key>,
    /// What of that a comment closed. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_keys: Vec<keys::ClosedKey>,
    /// A digest of all that the rest follows from, where units may be skipped for it. Absent in the YAML
    /// form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
    /// The Dashboard page that creates the key; absent where no permission is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub link: Option<String>,
}

/// One line of the report on many units: one of them, and what made the report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Line {
    /// Version of this format.
    pub schema: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// The rule table that it used.
    pub rules: Rules,
    /// What the unit needs.
    #[serde(flatten)]
    pub unit: Unit,
}

/// A part of the program that `rakscan.yaml` names.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Feature {
    /// What people call it.
    pub name: String,
    /// Whether the program can be used without it.
    pub optional: bool,
}

/// A manifest file: one unit and the version of the format.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct UnitFile {
    /// Version of this format.
    pub schema: u32,
    /// What the unit needs.
    #[serde(flatten)]
    pub unit: Unit,
}

/// The thing that one key is for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Subject {
    /// Its name.
    pub name: String,
    /// What kind of thing it is: `wordpress-plugin`, `wordpress-theme`, `package`, `folder`, `file`.
    pub kind: String,
    /// Its version, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Its folder in the repository, `.` for the root, where that was split into units; the paths of
    /// all places are relative to the repository.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// Its folder below the folder that was scanned, `.` for that itself, where there are several units
    /// in it; the paths of all places are relative to the folder of the unit. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub folder: Option<String>,
}

/// One permission that the key must have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permission {
    /// The id, without the prefix `rak_`.
    pub id: String,
    /// Row label in the Dashboard, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Section in the Dashboard.
    pub section: String,
    /// Read, or write, which includes read.
    pub access: Access,
    /// How well it is known that the requests need this permission.
    pub grade: Grade,
    /// Why the running program needs it: `required`, `one_off`, `unreferenced`.
    pub tier: String,
    /// Ids that Stripe accepts instead.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub alternatives: Vec<String>,
    /// What needs it.
    pub requests: Vec<Request>,
}

/// What a permission allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// Reading only.
    Read,
    /// Reading and writing.
    Write,
}

/// How well a mapping is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Grade {
    /// Stripe publishes it.
    Official,
    /// A real 403 message names it.
    Observed,
    /// Documentation of others, or of Stripe for another product, says so.
    Documented,
    /// It follows from a rule that holds elsewhere.
    Inferred,
    /// Nobody has published it.
    Unknown,
}

/// One endpoint and the places that call it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Request {
    /// Verb and path: `POST /v1/refunds`.
    pub endpoint: String,
    /// The property whose expansion asks for the permission; absent where the endpoint does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expand: Option<String>,
    /// The type of event whose object asks for the permission; absent where the endpoint does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// How well it is known that this expansion or event asks for the permission.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grade: Option<Grade>,
    /// Why the running program needs it.
    pub tier: String,
    /// Names of the features that alone make it; absent where other code makes it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
    /// The places, sorted.
    pub at: Vec<Place>,
}

/// A request that no permission is listed for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unmapped {
    /// Verb and path.
    pub endpoint: String,
    /// The property whose expansion is not listed; absent where the endpoint is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expand: Option<String>,
    /// The type of event whose object is not listed; absent where the endpoint is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub event: Option<String>,
    /// Why the running program needs it.
    pub tier: String,
    /// The places, sorted.
    pub at: Vec<Place>,
    /// Why no permission is listed: `unknown-permission`, `unknown-endpoint`,
    /// `unknown-expand`, `direct-only`.
    pub code: String,
    /// The same as a sentence.
    pub reason: String,
}

/// A request that has to do with Stripe, but not with this key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotCounted {
    /// Verb, where it is known, and path; for another server its host and path.
    pub endpoint: String,
    /// Why it is not counted: `publishable-key`, `vendor-proxy`.
    pub reason: String,
    /// The server, where it is not Stripe's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub host: Option<String>,
    /// The places, sorted.
    pub at: Vec<Place>,
}

/// Something that could not be read or resolved.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unresolved {
    /// Where it is.
    pub at: Place,
    /// What kind it is; `rakscan explain CODE` says more.
    pub code: String,
    /// What is wrong, as a sentence.
    pub reason: String,
    /// The named function around it, as an `assume` entry spells it. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub function: Option<String>,
    /// What to do about it. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub help: Option<String>,
}

/// A request that the owner of the code says is made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Assumed {
    /// Verb and path.
    pub endpoint: String,
    /// Where it is made.
    pub at: Place,
    /// What says so: `rakscan.yaml:4`, or `comment`.
    pub by: String,
}

/// Something open that the owner of the code closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Suppressed {
    /// Where it is.
    pub at: Place,
    /// What kind it is.
    pub code: String,
    /// What was open, as a sentence.
    pub reason: String,
    /// What closed it: `rakscan.yaml:4`, or `comment`.
    pub by: String,
    /// Why, or with which requests.
    pub because: String,
}

/// Files that the owner of the code had left out.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Excluded {
    /// The pattern.
    pub path: String,
    /// Number of files that it left out. Absent in the YAML form.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub files: Option<u64>,
    /// What says so: `rakscan.yaml:4`.
    pub by: String,
    /// Why.
    pub because: String,
}

/// A Stripe SDK.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Sdk {
    /// Its name, for instance `stripe-php`.
    pub name: String,
    /// Its version, where it could be read.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub version: Option<String>,
    /// Folder of a bundled copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub path: Option<String>,
    /// PHP namespace of a bundled copy.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

/// A place in the code: an object in JSON, `path:line` in YAML.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(untagged)]
pub enum Place {
    /// All that is known of the place.
    Full {
        /// Relative path with `/`.
        path: String,
        /// Line, from 1.
        line: u32,
        /// Column in characters, from 1.
        column: u32,
        /// The source line, shortened.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        text: Option<String>,
    },
    /// `path:line`.
    Short(String),
}

impl Request {
    /// Names the endpoint, and the part of the request that asks for the permission.
    #[must_use]
    pub fn title(&self) -> String {
        title(
            &self.endpoint,
            self.expand.as_deref(),
            self.event.as_deref(),
        )
    }
}

impl Unmapped {
    /// Names the endpoint, and the part of the request that no permission is listed for.
    #[must_use]
    pub fn title(&self) -> String {
        title(
            &self.endpoint,
            self.expand.as_deref(),
            self.event.as_deref(),
        )
    }
}

fn title(endpoint: &str, expand: Option<&str>, event: Option<&str>) -> String {
    match (expand, event) {
        (Some(path), _) => format!("{endpoint} expand: {path}"),
        (None, Some(event)) => format!("{endpoint} event: {event}"),
        (None, None) => endpoint.to_owned(),
    }
}

impl Place {
    /// Writes the place as `path:line`.
    #[must_use]
    pub fn short(&self) -> String {
        match self {
            Self::Full { path, line, .. } => format!("{path}:{line}"),
            Self::Short(text) => text.clone(),
        }
    }
}
