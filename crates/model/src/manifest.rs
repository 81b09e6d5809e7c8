//! The answer: which permissions one unit needs, why, and what is not known.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    Name,
    api::Endpoint,
    diagnostic::Diagnostic,
    evidence::{CallSite, NotCounted, Tier},
    key::KeyReport,
    permission::{Grade, PermissionId},
    source::Location,
};

/// What kind of thing a unit is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnitKind {
    /// A plugin with a `Plugin Name:` header.
    WordPressPlugin,
    /// A theme with a `Theme Name:` header.
    WordPressTheme,
    /// A package with its own package file.
    Package,
    /// A folder that was given as root.
    Folder,
    /// A single file, or standard input.
    File,
}

impl UnitKind {
    /// Returns the word for this kind in the manifest.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::WordPressPlugin => "wordpress-plugin",
            Self::WordPressTheme => "wordpress-theme",
            Self::Package => "package",
            Self::Folder => "folder",
            Self::File => "file",
        }
    }
}

/// The thing that one key is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// Its name: slug of the plugin, name of the package or folder.
    pub name: Name,
    /// What kind of thing it is.
    pub kind: UnitKind,
    /// Its version, where it says one.
    pub version: Option<Name>,
    /// Its folder in the repository, `.` for the root; only where the repository was split into units.
    pub path: Option<Name>,
}

/// What of a request asks for a permission.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Cause {
    /// The endpoint.
    Endpoint,
    /// A property that the request expands: the path up to it, as the code spells it.
    Expand(Name),
    /// The object inside events of this type.
    Event(Name),
}

/// One endpoint that the unit calls, with every place that calls it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The endpoint as the rule table spells it.
    pub endpoint: Endpoint,
    /// What of it asks for the permission.
    pub cause: Cause,
    /// How well it is known that this needs the permission.
    pub grade: Grade,
    /// The most needed tier of its call sites.
    pub tier: Tier,
    /// The places, sorted, without repetition.
    pub at: Vec<Location>,
    /// The wrapper calls below a place, outermost first; only places that have any.
    pub through: BTreeMap<Location, Vec<Location>>,
    /// How the code spells the operation, sorted, without repetition.
    pub spellings: Vec<Name>,
    /// Names of the features that alone make it, sorted; empty where other code makes it too.
    pub features: Vec<Name>,
}

/// A part of the program that the owner of the code named.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Feature {
    /// What people call it.
    pub name: Name,
    /// Whether the program can be used without it.
    pub optional: bool,
}

/// One permission that the key must have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Needed {
    /// The id; exists in the permission catalogue.
    pub id: PermissionId,
    /// Row label in the Dashboard.
    pub label: Option<Name>,
    /// Section in the Dashboard.
    pub section: Name,
    /// The worst grade among the requests that set the access.
    pub grade: Grade,
    /// The most needed tier among the requests.
    pub tier: Tier,
    /// Other ids that Stripe accepts for the same requests.
    pub alternatives: Vec<PermissionId>,
    /// What needs it.
    pub requests: Vec<Request>,
}

impl Request {
    /// Names the endpoint, and the part of the request that asks for the permission.
    #[must_use]
    pub fn title(&self) -> String {
        match &self.cause {
            Cause::Endpoint => self.endpoint.to_string(),
            Cause::Expand(path) => format!("{} expand: {path}", self.endpoint),
            Cause::Event(event) => format!("{} event: {event}", self.endpoint),
        }
    }
}

/// One request without a known permission.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unmapped {
    /// The request.
    pub request: Request,
    /// Why no permission is listed.
    pub reason: UnmappedReason,
}

impl Unmapped {
    /// Returns the sentence that says why no permission is listed.
    #[must_use]
    pub fn explanation(&self) -> &'static str {
        match (&self.request.cause, self.reason) {
            (Cause::Expand(_), UnmappedReason::UnknownPermission) => {
                "the permission for what this expands is not published"
            }
            (Cause::Event(_), UnmappedReason::UnknownPermission) => {
                "the permission for the object of these events is not published"
            }
            (_, reason) => reason.text(),
        }
    }
}

/// Why a request has no permission in the manifest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum UnmappedReason {
    /// The endpoint is in the table, its permission is not published.
    UnknownPermission,
    /// The endpoint is not in the table.
    UnknownEndpoint,
    /// The permission exists for the own account only, and the request is for another.
    DirectOnly,
    /// What the request expands is not in the table.
    UnknownExpand,
}

impl UnmappedReason {
    /// Returns the sentence for people and for the manifest.
    #[must_use]
    pub const fn text(self) -> &'static str {
        match self {
            Self::UnknownPermission => "the permission for this endpoint is not published",
            Self::UnknownEndpoint => "this endpoint is not in the rule table",
            Self::DirectOnly => "no restricted key can be given this for connected accounts",
            Self::UnknownExpand => "what this expands is not in the rule table",
        }
    }
}

/// Why files were left out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SkipReason {
    /// Under `vendor`, `node_modules` or another folder of dependencies.
    Dependency,
    /// A bundled copy of the Stripe SDK.
    BundledSdk,
    /// A test, fixture or story.
    Test,
    /// Minified.
    Minified,
    /// Made by a tool.
    Generated,
    /// Named by an ignore file.
    Ignored,
    /// Named under `ignore` in `rakscan.yaml`.
    Configured,
    /// A tag or branch of a Subversion checkout that is not the released one.
    OtherRelease,
    /// Does not mention Stripe, nor anything that leads there.
    NoMention,
    /// A script that runs in browsers with Stripe.js, not on a server.
    BrowserScript,
    /// A link that leads out of the root.
    Link,
    /// An archive that lies in the code, and is not opened.
    Archive,
}

impl SkipReason {
    /// Returns the word for this reason in output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Dependency => "dependency",
            Self::BundledSdk => "bundled-sdk",
            Self::Test => "test",
            Self::Minified => "minified",
            Self::Generated => "generated",
            Self::Ignored => "ignored",
            Self::Configured => "configured",
            Self::OtherRelease => "other-release",
            Self::NoMention => "no-mention",
            Self::BrowserScript => "browser-script",
            Self::Link => "link",
            Self::Archive => "archive",
        }
    }
}

/// A Stripe SDK that the unit uses or brings along.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SdkInUse {
    /// Name of the SDK, for instance `stripe-php`.
    pub name: Name,
    /// Its version, where it could be read.
    pub version: Option<Name>,
    /// Folder of a bundled copy, relative.
    pub path: Option<Name>,
    /// PHP namespace of a bundled copy.
    pub namespace: Option<Name>,
}

/// What the owner of the code told, and what that changed: nothing of it is silent.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Told {
    /// Requests that were added, sorted by endpoint.
    pub assumed: Vec<Assumed>,
    /// Diagnostics that were closed, sorted by place.
    pub suppressed: Vec<Suppressed>,
    /// Patterns by which files were left out.
    pub excluded: Vec<Excluded>,
}

impl Told {
    /// Tells whether nothing was changed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.assumed.is_empty() && self.suppressed.is_empty() && self.excluded.is_empty()
    }
}

/// A request that the owner of the code says is made here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Assumed {
    /// The endpoint as the rule table spells it.
    pub endpoint: Endpoint,
    /// Where it is made.
    pub at: Location,
    /// What says so: `rakscan.yaml:4`, or `comment`.
    pub by: Name,
}

/// A diagnostic that the owner of the code closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Suppressed {
    /// The diagnostic.
    pub diagnostic: Diagnostic,
    /// What closed it: `rakscan.yaml:4`, or `comment`.
    pub by: Name,
    /// The reason given, or what it requests.
    pub reason: Name,
}

/// Files that the owner of the code had left out.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Excluded {
    /// The pattern.
    pub pattern: Name,
    /// How many files it left out.
    pub n_files: u64,
    /// What says so: `rakscan.yaml:4`.
    pub by: Name,
    /// The reason given.
    pub reason: Name,
}

/// Which tiers a key is made for, beside what is required.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyTiers {
    /// Whether it can do what is only needed once, by upgrade or migration code.
    pub one_off: bool,
    /// Whether it can do what nothing in the unit reaches.
    pub unreferenced: bool,
}

impl Default for KeyTiers {
    fn default() -> Self {
        Self {
            one_off: true,
            unreferenced: false,
        }
    }
}

impl KeyTiers {
    /// Tells whether the key is made for what is of `tier`.
    #[must_use]
    pub const fn contains(self, tier: &Tier) -> bool {
        match tier {
            Tier::Required => true,
            Tier::OneOff => self.one_off,
            Tier::Unreferenced => self.unreferenced,
        }
    }

    /// Lists the tiers that the key is made for.
    pub fn all(self) -> impl Iterator<Item = Tier> {
        let tiers = [Tier::Required, Tier::OneOff, Tier::Unreferenced];
        tiers.into_iter().filter(move |tier| self.contains(tier))
    }
}

/// What one unit needs.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Manifest {
    /// The unit.
    pub unit: Unit,
    /// The folder that paths are relative to, as it was asked for, with `/`; empty for the current one.
    ///
    /// Not part of what the unit needs: for output whose readers start from another folder.
    pub folder: Name,
    /// Which of the permissions are part of the key.
    pub key_tiers: KeyTiers,
    /// Own-account permissions, sorted by id.
    pub permissions: Vec<Needed>,
    /// Permissions in the Connect column, sorted by id.
    pub connect: Vec<Needed>,
    /// Requests without a known permission, sorted by endpoint.
    pub unmapped: Vec<Unmapped>,
    /// Requests that have to do with Stripe, but not with the key.
    pub not_counted: Vec<NotCounted>,
    /// What could not be read or resolved, sorted by place.
    pub unresolved: Vec<Diagnostic>,
    /// What the owner of the code told.
    pub told: Told,
    /// SDKs found.
    pub sdks: Vec<SdkInUse>,
    /// How many files were left out, by reason; a folder that was not entered counts as one.
    pub skipped: BTreeMap<SkipReason, u64>,
    /// How many files were read for calls.
    pub n_files: u64,
    /// Parts of the program that the owner of the code named, in the order of the configuration.
    pub features: Vec<Feature>,
    /// Keys that lie where they do not belong; `None` where nobody asked.
    pub keys: Option<KeyReport>,
    /// Where it lies among several units that were found together.
    pub among: Option<Among>,
}

/// Where a unit lies among several that were found together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Among {
    /// Its folder below the folder that was scanned, with `/`; `.` for that folder itself.
    ///
    /// No other unit of the same run has it.
    pub folder: Name,
    /// A digest of all that the manifest follows from; `None` where nobody asked.
    pub fingerprint: Option<Name>,
}

impl Needed {
    /// Returns the features that alone need it, of those requests that a key of `tiers` makes;
    /// nothing where other code needs it too.
    #[must_use]
    pub fn features(&self, tiers: KeyTiers) -> BTreeSet<&Name> {
        let requests = self.requests.iter();
        let counted = requests.filter(|request| tiers.contains(&request.tier));
        let mut features = BTreeSet::new();
        for request in counted {
            if request.features.is_empty() {
                return BTreeSet::new();
            }
            features.extend(&request.features);
        }
        features
    }
}

impl Manifest {
    /// Tells whether nothing was left open: every request of the key's tiers has a permission or is
    /// known to need none.
    #[must_use]
    pub fn is_complete(&self) -> bool {
        self.unresolved
            .iter()
            .all(|diagnostic| diagnostic.code.leaves_complete())
            && self
                .unmapped
                .iter()
                .all(|unmapped| !self.key_tiers.contains(&unmapped.request.tier))
    }
}

/// What the rule table says about one call site.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The call needs a permission.
    Needs {
        /// The call.
        call: CallSite,
        /// The endpoint as the table spells it.
        endpoint: Endpoint,
        /// What of it asks for the permission.
        cause: Cause,
        /// The permission.
        permission: PermissionId,
        /// Other ids that Stripe accepts instead.
        alternatives: Vec<PermissionId>,
        /// How well that is known.
        grade: Grade,
    },
    /// The call has no permission in the table.
    Unmapped {
        /// The call.
        call: CallSite,
        /// The endpoint, spelled by the table where it is there.
        endpoint: Endpoint,
        /// What of it would ask for a permission.
        cause: Cause,
        /// Why.
        reason: UnmappedReason,
    },
    /// The endpoint is known to ask nothing of the key.
    Nothing {
        /// The call.
        call: CallSite,
        /// The endpoint as the table spells it.
        endpoint: Endpoint,
    },
}
