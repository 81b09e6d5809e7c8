//! Collects requests, and what could not be resolved, while functions are run.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Name,
    api::{Method, PathTemplate},
    diagnostic::{Code, Diagnostic},
    evidence::{CallSite, Resolution, Tier},
    source::{Location, Span},
};

use crate::{
    program::{FileId, FunctionId},
    value::Origin,
};

/// What a line asks of Stripe.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Wanted {
    /// A request.
    Request {
        method: Method,
        path: PathTemplate,
        spelling: Name,
    },
    /// Something that could not be told.
    Open { code: Code, message: Name },
}

/// A request on its way to the line that named it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Pending {
    pub(crate) wanted: Wanted,
    /// What named it, seen from the function that runs.
    pub(crate) origin: Origin,
    /// The line that would be its evidence.
    pub(crate) location: Location,
    /// Where the request is sent; the same for all that one line sends.
    pub(crate) sink: (FileId, Span),
    /// Wrapper calls below `location`, outermost first.
    pub(crate) chain: Vec<Location>,
}

/// How long a chain of wrappers is kept.
const MAX_CHAIN: usize = 8;

impl Pending {
    /// Returns it as the caller of the function sees it, whose call is at `place`.
    pub(crate) fn at_caller(&self, origin: Origin, place: &Location) -> Self {
        let mut chain = vec![self.location.clone()];
        chain.extend(self.chain.iter().take(MAX_CHAIN - 1).cloned());
        Self {
            wanted: self.wanted.clone(),
            origin,
            location: place.clone(),
            sink: self.sink,
            chain,
        }
    }
}

/// What has been found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    calls: BTreeMap<(PathTemplate, Method, Location), (Name, Vec<Location>)>,
    /// Open places whose cause lies in the line itself.
    open: BTreeSet<Pending>,
    /// What functions leave to their callers.
    waiting: BTreeSet<(FunctionId, Pending)>,
    /// Functions that code of the unit calls, of those that leave something to their callers.
    called: BTreeSet<FunctionId>,
    /// Functions that were given up.
    given_up: BTreeSet<(FunctionId, Location)>,
    /// Whether functions were given up because the unit as a whole took too long.
    pub(crate) is_exhausted: bool,
    /// Sinks that at least one caller made concrete.
    resolved: BTreeSet<(FileId, Span)>,
}

impl Found {
    pub(crate) fn report(&mut self, pending: Pending) {
        match pending.wanted.clone() {
            Wanted::Request {
                method,
                path,
                spelling,
            } => {
                self.resolved.insert(pending.sink);
                let key = (path, method, pending.location);
                let new = (spelling, pending.chain);
                let known = self.calls.entry(key).or_insert_with(|| new.clone());
                // The shortest chain explains best; ties are decided by content, not by order.
                if (new.1.len(), &new) < (known.1.len(), known) {
                    *known = new;
                }
            }
            Wanted::Open { .. } => {
                self.open.insert(pending);
            }
        }
    }

    /// Notes what a function leaves to callers that may not exist.
    pub(crate) fn leave_open(
        &mut self,
        function: FunctionId,
        pending: impl IntoIterator<Item = Pending>,
    ) {
        let pending = pending.into_iter().map(|pending| (function, pending));
        self.waiting.extend(pending);
    }

    /// Notes a function that was given up.
    pub(crate) fn cut_short(&mut self, function: FunctionId, place: Location) {
        self.given_up.insert((function, place));
    }

    /// Notes that a caller took over what a function leaves.
    pub(crate) fn note_called(&mut self, function: FunctionId) {
        self.called.insert(function);
    }

    /// Makes the result: what was found, and what stayed open.
    pub(crate) fn into_resolution(mut self) -> Resolution {
        let leaving: BTreeSet<FunctionId> =
            self.waiting.iter().map(|(function, _)| *function).collect();
        for (function, pending) in std::mem::take(&mut self.waiting) {
            let is_taken = if pending.origin.is_outer() {
                // The run of the function around the closure reports what can be told.
                self.resolved.contains(&pending.sink)
            } else {
                self.called.contains(&function)
            };
            if !is_taken {
                self.report(pending);
            }
        }
        let calls = self
            .calls
            .into_iter()
            .map(|((path, method, location), (spelling, chain))| CallSite {
                method,
                path,
                location,
                spelling,
                chain,
                connect: false,
                tier: Tier::Required,
            })
            .collect();
        let mut unresolved: Vec<Diagnostic> = self
            .open
            .into_iter()
            .filter_map(|pending| match pending.wanted {
                Wanted::Open { code, message } => Some(Diagnostic {
                    location: pending.location,
                    code,
                    message,
                    within: None,
                }),
                Wanted::Request { .. } => None,
            })
            .collect();
        let message = "this is called in more ways, or nests deeper, than can be followed";
        // Each function was run by itself too; what is missing is what its callers would have named.
        let given_up = self
            .given_up
            .into_iter()
            .filter(|(function, _)| self.is_exhausted || leaving.contains(function));
        unresolved.extend(given_up.map(|(_, location)| Diagnostic {
            location,
            code: Code::LimitExceeded,
            message: message.into(),
            within: None,
        }));
        unresolved.sort();
        unresolved.dedup();
        Resolution { calls, unresolved }
    }
}
