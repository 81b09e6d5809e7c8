//! What the analysis hands to the rules: requests with the place that makes them.

use crate::{
    Name,
    api::{Method, PathTemplate},
    diagnostic::Diagnostic,
    source::Location,
};

/// Why a request is or is not needed by the running program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Tier {
    /// Made in normal operation.
    Required,
    /// Made once, by upgrade or migration code.
    OneOff,
    /// Written down, but nothing in the unit reaches it.
    Unreferenced,
}

impl Tier {
    /// Returns the word for this tier in the manifest.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::Required => "required",
            Self::OneOff => "one_off",
            Self::Unreferenced => "unreferenced",
        }
    }
}

/// One request to Stripe, at the place that names its resource.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct CallSite {
    /// HTTP verb.
    pub method: Method,
    /// Path with a hole for every part known only at run time.
    pub path: PathTemplate,
    /// The line that names the resource.
    pub location: Location,
    /// How the code spells the operation, for instance `customers.create`.
    pub spelling: Name,
    /// Other lines that write a part of the resource's or the operation's name.
    pub named: Vec<Location>,
    /// The wrapper calls below the location, outermost first.
    pub chain: Vec<Location>,
    /// Whether the request is sent on behalf of a connected account.
    pub connect: bool,
    /// Properties that the request expands, as the code spells them: `data.customer`.
    pub expands: Vec<Name>,
    /// Types of events that the request asks for, where it reads events and they are known.
    pub events: Vec<Name>,
    /// Why it is or is not needed.
    pub tier: Tier,
}

/// All that the analysis of one unit found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Resolution {
    /// The requests, sorted.
    pub calls: Vec<CallSite>,
    /// What stayed open, sorted.
    pub unresolved: Vec<Diagnostic>,
    /// Requests that have to do with Stripe, but not with the key, sorted.
    pub not_counted: Vec<NotCounted>,
}

/// Why a request that has to do with Stripe asks nothing of the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Apart {
    /// It is signed with the publishable key.
    PublishableKey,
    /// It goes to a server that is not Stripe's: this host.
    Proxy(Name),
    /// Stripe asks for no permission there.
    NoPermission,
}

impl Apart {
    /// Returns the word for this reason in the manifest.
    #[must_use]
    pub const fn id(&self) -> &'static str {
        match self {
            Self::PublishableKey => "publishable-key",
            Self::Proxy(_) => "vendor-proxy",
            Self::NoPermission => "no-permission",
        }
    }
}

/// A request that has to do with Stripe, but not with the key.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct NotCounted {
    /// Verb, where it is known, and path; for another server its host and path.
    pub endpoint: Name,
    /// Why it is not counted.
    pub reason: Apart,
    /// The places, sorted.
    pub at: Vec<Location>,
}
