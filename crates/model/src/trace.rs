//! Why the calls on one line were or were not counted.

use crate::{
    Name,
    api::{Endpoint, Method, PathTemplate},
    diagnostic::{Code, Diagnostic},
    evidence::Tier,
    manifest::{SkipReason, Unit, UnmappedReason},
    permission::{Grade, PermissionId},
    source::Location,
};

/// All that can be said about one line of one unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Trace {
    /// The unit that the file belongs to.
    pub unit: Unit,
    /// The line.
    pub location: Location,
    /// What was done with the file.
    pub reading: Reading,
    /// What the manifest says about the file as a whole, or about this line.
    pub diagnostics: Vec<Diagnostic>,
    /// The calls on the line, in the order of their names; empty where the file was not read.
    pub calls: Vec<TracedCall>,
}

/// What was done with the file of a traced line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reading {
    /// It was read.
    Read,
    /// It was left out.
    Skipped(SkipReason),
    /// It is in no language that can be read.
    NotSource,
}

/// A call that stands on a traced line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TracedCall {
    /// Where its name is.
    pub location: Location,
    /// The call without its arguments, as the code spells it: `$this->api->request()`.
    pub spelling: Name,
    /// The function that it stands in; empty at the top level of a file.
    pub function: Name,
    /// Whether it was run.
    pub run: Run,
    /// What it did, once for each way in which it was run differently; what leads to a request first.
    pub ways: Vec<Way>,
    /// How many more ways there are.
    pub n_more: usize,
}

/// Whether a call was run by the analysis.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Run {
    /// It was.
    Run,
    /// No name in the function around it leads to Stripe, so the function was not run.
    NotFollowed,
    /// The function around it was run, but never came here.
    NeverReached,
}

/// One way in which a call was run.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Way {
    /// What became of it.
    pub outcomes: Vec<Outcome>,
    /// What it is called on, where it is called on something.
    pub receiver: Option<Name>,
    /// The functions of the unit that it runs.
    pub runs: Vec<Callee>,
    /// What it is given: name or position, and value.
    pub arguments: Vec<(Name, Name)>,
    /// How many other sets of arguments have the same result.
    pub n_alike: usize,
}

/// A function of the unit that a call runs.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Callee {
    /// Its name.
    pub name: Name,
    /// Where it is.
    pub location: Location,
}

/// What became of a call.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    /// It sends a request, or leads to the line that does.
    Request(TracedRequest),
    /// It reaches Stripe in a way that could not be told.
    Open {
        /// What kind of diagnostic it is.
        code: Code,
        /// What could not be told.
        message: Name,
        /// The calls below it, outermost first.
        through: Vec<Hop>,
        /// The places where the manifest lists it; empty where callers tell what was open.
        listed_at: Vec<Location>,
    },
    /// It makes no request.
    Nothing {
        /// Why, in one sentence without a full stop.
        reason: Name,
    },
}

/// A request that a traced call leads to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct TracedRequest {
    /// Verb.
    pub method: Method,
    /// Path.
    pub path: PathTemplate,
    /// What the rule table says of it; `None` before it was asked.
    pub needs: Option<Needs>,
    /// The calls below the line, outermost first; the last sends it.
    pub through: Vec<Hop>,
    /// Where it is counted: the lines that name its resource.
    pub counted_at: Vec<Counted>,
}

/// What the rule table says of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Needs {
    /// It needs a permission.
    Permission {
        /// The endpoint as the table spells it.
        endpoint: Endpoint,
        /// The permission.
        id: PermissionId,
        /// Row label in the Dashboard.
        label: Option<Name>,
        /// How well that is known.
        grade: Grade,
    },
    /// The table has no permission for it.
    Unmapped {
        /// The endpoint, spelled by the table where it is there.
        endpoint: Endpoint,
        /// Why.
        reason: UnmappedReason,
    },
    /// It asks nothing of the key.
    Nothing {
        /// The endpoint as the table spells it.
        endpoint: Endpoint,
    },
}

/// A call below a traced one, with what it passes on.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Hop {
    /// Where it is.
    pub location: Location,
    /// The call with its values; empty where they are not known any more.
    pub call: Name,
}

/// A line that a request is counted at.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Counted {
    /// The line.
    pub location: Location,
    /// Why it is or is not needed there.
    pub tier: Tier,
}
