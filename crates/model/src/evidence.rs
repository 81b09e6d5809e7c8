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
}
