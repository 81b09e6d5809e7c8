//! Version 1 of what `check` and `diff` report: how the need of a key changed.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Access, Grade};

/// The report of one comparison.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ChangesDocument {
    /// Version of this format.
    pub schema: u32,
    /// What changed in each unit, in the order of their names; units without a change are listed too.
    pub units: Vec<Changes>,
}

/// What changed in one unit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// Name of the unit, as the new side has it.
    pub unit: String,
    /// Which sides have the unit.
    pub presence: Presence,
    /// Version on the old side, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub old_version: Option<String>,
    /// Version on the new side, where it says one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub new_version: Option<String>,
    /// Changes for the own account: what the key gains, then what it loses, each sorted by id.
    pub permissions: Vec<PermissionChange>,
    /// The same for connected accounts.
    pub connect: Vec<PermissionChange>,
    /// What is open now and was not before.
    pub opened: Vec<OpenPlace>,
    /// What was open before and is not now.
    pub closed: Vec<OpenPlace>,
}

/// Which sides have a unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// Both.
    Both,
    /// Only the new side.
    New,
    /// Only the old side.
    Gone,
}

/// One permission that the key gains, loses, or has with another access.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct PermissionChange {
    /// The id, without the prefix `rak_`: the new one, or the old one where it is no longer needed.
    pub id: String,
    /// Row label in the Dashboard, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// Section in the Dashboard.
    pub section: String,
    /// How well it is known that the requests need this permission.
    pub grade: Grade,
    /// What happened.
    pub change: ChangeKind,
    /// What the old key could do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<Access>,
    /// What the new key can do.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub to: Option<Access>,
    /// The requests that caused it: those of the new side, or those that are gone.
    pub because: Vec<Because>,
    /// More about the cause, as a sentence.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub note: Option<String>,
}

/// What happened to a permission.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum ChangeKind {
    /// The key did not have it.
    Added,
    /// Write instead of read.
    Widened,
    /// Read instead of write.
    Narrowed,
    /// The key no longer needs it.
    Removed,
}

impl ChangeKind {
    /// Tells whether a key that was made before lacks something now.
    #[must_use]
    pub const fn widens(self) -> bool {
        match self {
            Self::Added | Self::Widened => true,
            Self::Narrowed | Self::Removed => false,
        }
    }
}

/// A request that caused a change.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Because {
    /// Verb and path; what of it asks for the permission, where that is not the endpoint.
    pub request: String,
    /// The places as `path:line`, those that the other side does not have first.
    pub at: Vec<String>,
}

/// Something open: a place that could not be resolved, or a request without a known permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct OpenPlace {
    /// Where it is, as `path:line`.
    pub at: String,
    /// What kind it is; `rakscan explain CODE` says more of most.
    pub code: String,
    /// What is wrong, as a sentence.
    pub reason: String,
    /// The request, where it is known and its permission is not.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub request: Option<String>,
}

impl Changes {
    /// Tells whether a key that was made before lacks something now.
    #[must_use]
    pub fn widens(&self) -> bool {
        self.all().any(|one| one.change.widens())
    }

    /// Tells whether a key that was made before has something that is no longer needed.
    #[must_use]
    pub fn narrows(&self) -> bool {
        self.all().any(|one| !one.change.widens())
    }

    /// Tells whether nothing is different.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.all().next().is_none() && self.opened.is_empty() && self.closed.is_empty()
    }

    fn all(&self) -> impl Iterator<Item = &PermissionChange> {
        self.permissions.iter().chain(&self.connect)
    }
}
