//! Collects requests, and what could not be resolved, while functions are run.

use std::collections::{BTreeMap, BTreeSet, btree_map::Entry};

use model::{
    Name,
    api::{Method, PathTemplate},
    diagnostic::{Code, Diagnostic},
    evidence::{Apart, CallSite, NotCounted, Resolution, Tier},
    source::{Location, Span},
};

use crate::{
    extras::{Column, Extras},
    naming::{Evidence, Part},
    program::{FileId, FunctionId},
    specs::Specs,
    usage::Node,
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
        extras: Extras,
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
    /// The function that this line belongs to.
    pub(crate) node: Node,
    /// Where the request is sent; the same for all that one line sends.
    pub(crate) sink: (FileId, Span),
    /// The call at `location`.
    pub(crate) call: (FileId, Span),
    /// What its name is made of.
    pub(crate) parts: Vec<Part>,
    /// Wrapper calls below `location`, outermost first.
    pub(crate) chain: Vec<Location>,
}

/// Returns the mark of what a request expands, apart from the request itself.
pub(crate) fn expand_sink((file, span): (FileId, Span)) -> (FileId, Span) {
    let turned = Span {
        start: span.end,
        end: span.start,
    };
    (file, turned)
}

/// How long a chain of wrappers is kept.
const MAX_CHAIN: usize = 8;

impl Pending {
    /// Returns it as the caller of the function sees it, whose call is at `place`.
    pub(crate) fn at_caller(
        &self,
        (place, file, span): (&Location, FileId, Span),
        node: Node,
    ) -> Self {
        let mut chain = vec![self.location.clone()];
        chain.extend(self.chain.iter().take(MAX_CHAIN - 1).cloned());
        Self {
            wanted: self.wanted.clone(),
            origin: self.origin,
            location: place.clone(),
            node,
            sink: self.sink,
            call: (file, span),
            parts: self.parts.clone(),
            chain,
        }
    }
}

/// Verb, path and place of a request.
pub(crate) type CallKey = (PathTemplate, Method, Location);

/// What is known of a request at one place: how it is spelled, what leads to it, what it asks for.
#[derive(Clone, Debug)]
struct Call {
    spelling: Name,
    chain: Vec<Location>,
    /// Other lines that write a part of its name.
    named: BTreeSet<Location>,
    /// The functions that the line belongs to, by receiver.
    nodes: BTreeSet<Node>,
    expands: BTreeSet<Name>,
    events: BTreeSet<Name>,
    columns: BTreeSet<Column>,
}

/// What has been found so far.
#[derive(Clone, Debug, Default)]
pub(crate) struct Found {
    calls: BTreeMap<CallKey, Call>,
    /// Requests of which a caller says no more than a wrapper does.
    confirmed: BTreeSet<(CallKey, Column)>,
    /// Requests that have nothing to do with the key.
    apart: BTreeMap<(Name, Apart), BTreeSet<Location>>,
    /// Open places whose cause lies in the line itself.
    open: BTreeSet<Pending>,
    /// What functions leave to their callers.
    waiting: BTreeSet<(FunctionId, Pending)>,
    /// Functions that code of the unit calls, and what calls them.
    called: BTreeSet<(FunctionId, Node)>,
    /// What functions left to their callers, and these took over.
    taken: BTreeSet<(FunctionId, Pending)>,
    /// Functions that leave something to their callers.
    leaving: BTreeSet<FunctionId>,
    /// Functions that were given up.
    given_up: BTreeSet<(FunctionId, Location)>,
    /// Those of them that were to get something of Stripe.
    lost: BTreeSet<FunctionId>,
    /// Whether functions were given up because the unit as a whole took too long.
    pub(crate) is_exhausted: bool,
    /// Where to say that the unit was not followed to the end.
    pub(crate) unsettled: Option<Location>,
    /// Sinks that at least one caller made concrete.
    resolved: BTreeSet<(FileId, Span)>,
    /// Requests that are written down as data.
    pub(crate) specs: Specs,
}

impl Found {
    /// Takes over what another run found.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (key, call) in other.calls {
            match self.calls.entry(key) {
                Entry::Vacant(entry) => {
                    entry.insert(call);
                }
                Entry::Occupied(mut entry) => entry.get_mut().absorb(call),
            }
        }
        for (key, places) in other.apart {
            self.apart.entry(key).or_default().extend(places);
        }
        self.confirmed.extend(other.confirmed);
        self.open.extend(other.open);
        self.waiting.extend(other.waiting);
        self.called.extend(other.called);
        self.given_up.extend(other.given_up);
        self.lost.extend(other.lost);
        self.is_exhausted |= other.is_exhausted;
        self.unsettled = self.unsettled.take().or(other.unsettled);
        self.resolved.extend(other.resolved);
        self.specs.absorb(other.specs);
    }

    /// Notes a request or an open place; `evidence` is its line and the other lines that name it.
    pub(crate) fn report(&mut self, pending: Pending, evidence: Evidence) {
        pending
            .parts
            .iter()
            .for_each(|part| self.specs.note_sent(part.origin));
        match pending.wanted.clone() {
            Wanted::Request {
                method,
                path,
                spelling,
                extras,
            } => {
                self.resolved.insert(pending.sink);
                if extras.open.is_none() && !extras.expands.is_empty() {
                    self.resolved.insert(expand_sink(pending.sink));
                }
                let call = Call {
                    spelling,
                    chain: pending.chain,
                    named: evidence.others.into_iter().collect(),
                    nodes: BTreeSet::from([pending.node]),
                    expands: extras.expands.into_iter().collect(),
                    events: extras.events.into_iter().collect(),
                    columns: BTreeSet::from([extras.column]),
                };
                match self.calls.entry((path, method, evidence.location)) {
                    Entry::Vacant(entry) => {
                        entry.insert(call);
                    }
                    Entry::Occupied(mut entry) => entry.get_mut().absorb(call),
                }
            }
            Wanted::Open { .. } => {
                self.open.insert(pending);
            }
        }
    }

    /// Notes a request that has to do with Stripe, but not with the key.
    pub(crate) fn set_apart(&mut self, endpoint: Name, reason: Apart, place: Location) {
        self.apart
            .entry((endpoint, reason))
            .or_default()
            .insert(place);
    }

    /// Notes that a caller adds nothing to what a wrapper says of the account.
    pub(crate) fn confirm(&mut self, key: &CallKey, column: Column) {
        self.confirmed.insert((key.clone(), column));
    }

    /// Notes what a function leaves to callers that may not exist.
    pub(crate) fn leave_open(&mut self, function: FunctionId, pending: Vec<Pending>) {
        let pending = pending.into_iter().map(|pending| (function, pending));
        self.waiting.extend(pending);
    }

    /// Notes a function that was given up.
    ///
    /// `hands_over` says that it was to get something of Stripe.
    pub(crate) fn cut_short(&mut self, function: FunctionId, place: Location, hands_over: bool) {
        if hands_over {
            self.lost.insert(function);
        }
        self.given_up.insert((function, place));
    }

    /// Notes that a caller decides what a function leaves to its callers.
    pub(crate) fn note_called(&mut self, function: FunctionId, by: Node) {
        self.called.insert((function, by));
    }

    /// Reports what no caller took over, when everything has been run.
    pub(crate) fn close(&mut self) {
        for (key, column) in std::mem::take(&mut self.confirmed) {
            if let Some(call) = self.calls.get_mut(&key) {
                call.columns.insert(Column {
                    is_handed: false,
                    ..column
                });
            }
        }
        self.leaving = self.waiting.iter().map(|(function, _)| *function).collect();
        for (function, pending) in std::mem::take(&mut self.waiting) {
            let is_taken = if pending.origin.is_outer() {
                // The run of the function around the closure reports what can be told.
                self.resolved.contains(&pending.sink)
            } else {
                self.callers(function).next().is_some()
            };
            if is_taken {
                self.taken.insert((function, pending));
            } else {
                let evidence = Evidence::at(pending.location.clone());
                self.report(pending, evidence);
            }
        }
    }

    /// Reports what was left to callers that are not reached themselves, by a function that is.
    fn reclaim(&mut self, tier: &dyn Fn(Node) -> Tier) {
        for (function, pending) in std::mem::take(&mut self.taken) {
            let is_reached = |node: &Node| tier(*node) != Tier::Unreferenced;
            let is_lost = is_reached(&pending.node)
                && !pending.origin.is_outer()
                && !self.callers(function).any(is_reached);
            if is_lost {
                let evidence = Evidence::at(pending.location.clone());
                self.report(pending, evidence);
            }
        }
    }

    /// Lists what calls a function.
    fn callers(&self, function: FunctionId) -> impl Iterator<Item = &Node> {
        let first = Node {
            function: FunctionId {
                file: FileId(0),
                index: 0,
            },
            class: None,
        };
        let from_here = self.called.range((function, first)..);
        from_here
            .take_while(move |(called, _)| *called == function)
            .map(|(_, by)| by)
    }

    /// Lists the requests that were found.
    pub(crate) fn requests(&self) -> impl Iterator<Item = &CallKey> {
        self.calls.keys()
    }

    /// Lists the functions that the lines with requests belong to.
    pub(crate) fn nodes(&self) -> impl Iterator<Item = Node> {
        self.calls
            .values()
            .flat_map(|call| call.nodes.iter().copied())
    }

    /// Makes the result: what was found, and what stayed open.
    ///
    /// `tier` says for the function that a line belongs to how needed it is; `borrowed` are files of
    /// other units, of which only what is reached counts.
    pub(crate) fn into_resolution(
        mut self,
        tier: &dyn Fn(Node) -> Tier,
        borrowed: &BTreeSet<FileId>,
    ) -> Resolution {
        self.reclaim(tier);
        let leaving: BTreeSet<FunctionId> = self.leaving.clone();
        let calls = self
            .calls
            .into_iter()
            .flat_map(|(key, call)| call.into_sites(key, tier))
            .collect();
        let apart = without_stubs(&self.apart);
        let not_counted = apart
            .into_iter()
            .map(|((endpoint, reason), at)| NotCounted {
                endpoint,
                reason,
                at: at.into_iter().collect(),
            })
            .collect();
        let mut unresolved: Vec<Diagnostic> = self
            .open
            .into_iter()
            .filter(|pending| {
                // What a parameter would say is not open where nothing calls the function.
                let is_own = !borrowed.contains(&pending.node.function.file);
                (is_own && !pending.origin.has_params()) || tier(pending.node) != Tier::Unreferenced
            })
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
        // Each function was run by itself too; what is missing is what its callers would have named, or
        // handed in.
        let given_up = self.given_up.into_iter().filter(|(function, _)| {
            self.is_exhausted || leaving.contains(function) || self.lost.contains(function)
        });
        unresolved.extend(given_up.map(|(_, location)| Diagnostic {
            location,
            code: Code::LimitExceeded,
            message: message.into(),
            within: None,
        }));
        unresolved.extend(self.unsettled.map(|location| Diagnostic {
            location,
            code: Code::LimitExceeded,
            message: "the code of this unit is too entangled to be followed to the end".into(),
            within: None,
        }));
        unresolved.sort();
        unresolved.dedup();
        Resolution {
            calls,
            unresolved,
            not_counted,
        }
    }
}

/// Drops what a wrapper says by itself, where its callers complete the path.
fn without_stubs(
    apart: &BTreeMap<(Name, Apart), BTreeSet<Location>>,
) -> BTreeMap<(Name, Apart), BTreeSet<Location>> {
    let is_completed = |name: &Name, reason: &Apart, at: &BTreeSet<Location>| {
        let Some(start) = name.strip_suffix("{id}") else {
            return false;
        };
        let mut others = apart.iter();
        others.any(|((other, of), places)| {
            other != name && of == reason && other.starts_with(start) && at.is_subset(places)
        })
    };
    let whole = apart
        .iter()
        .filter(|((name, reason), at)| !is_completed(name, reason, at));
    whole
        .map(|(key, places)| (key.clone(), places.clone()))
        .collect()
}

impl Call {
    /// Takes over what else is known of the same request.
    fn absorb(&mut self, other: Self) {
        self.named.extend(other.named);
        self.nodes.extend(other.nodes);
        self.expands.extend(other.expands);
        self.events.extend(other.events);
        self.columns.extend(other.columns);
        // The shortest chain explains best; ties are decided by content, not by order.
        let is_better = (other.chain.len(), &other.spelling, &other.chain)
            < (self.chain.len(), &self.spelling, &self.chain);
        if is_better {
            self.spelling = other.spelling;
            self.chain = other.chain;
        }
    }

    /// Makes a call site for each account that the request is sent for.
    ///
    /// A wrapper that was run without its callers asks for the own account only where they do not
    /// all ask for another.
    fn into_sites(
        self,
        (path, method, location): CallKey,
        tier: &dyn Fn(Node) -> Tier,
    ) -> Vec<CallSite> {
        let is_sure = self.columns.iter().any(|column| !column.is_handed);
        let columns = || {
            let all = self.columns.iter();
            all.filter(|column| !is_sure || !column.is_handed)
        };
        let tiers = self.nodes.iter().map(|node| tier(*node));
        let tier = tiers.min().unwrap_or(Tier::Required);
        let mut accounts = Vec::new();
        if columns().any(|column| column.own) {
            accounts.push(false);
        }
        if columns().any(|column| column.connect) {
            accounts.push(true);
        }
        accounts
            .into_iter()
            .map(|connect| CallSite {
                method,
                path: path.clone(),
                location: location.clone(),
                spelling: self.spelling.clone(),
                named: self.named.iter().cloned().collect(),
                chain: self.chain.clone(),
                connect,
                expands: self.expands.iter().cloned().collect(),
                events: self.events.iter().cloned().collect(),
                tier: tier.clone(),
            })
            .collect()
    }
}
