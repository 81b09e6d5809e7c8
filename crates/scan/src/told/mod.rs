//! What the owner of the code told: entries of `rakscan.yaml`, and comments for rakscan.
//!
//! Works on what was found, before it is judged: adds the requests that are assumed and closes what
//! was open at their places. Everything that it changes is listed in [`Told`], and what has no effect
//! becomes a diagnostic; nothing that was found is ever taken away.

mod directive;
mod entry;
pub(crate) mod exclude;
pub(crate) mod feature;
mod owner;
mod place;

use std::{collections::BTreeSet, ops::RangeInclusive};

use model::{
    Name,
    api::{Endpoint, EndpointId},
    diagnostic::{Code, Diagnostic},
    evidence::{CallSite, Resolution, Tier},
    facts::FileFacts,
    manifest::{Assumed, Suppressed, Told},
    source::Location,
};
use rules::RuleSet;

pub(crate) use owner::{Comments, Entries, Owner};
pub(crate) use place::name_functions;

/// One thing that was told.
struct Statement {
    /// The file that it is about.
    path: Name,
    /// The lines that it is about.
    lines: Vec<RangeInclusive<u32>>,
    /// Whether it may be about the file as a whole.
    covers_file: bool,
    effect: Effect,
    /// Where a request is noted if nothing is open.
    fallback: Option<Location>,
    /// Who says it.
    by: Name,
    /// What is reported if it has no effect.
    unused: Diagnostic,
}

enum Effect {
    /// These requests are made, and no others.
    Requests(Vec<Endpoint>),
    /// What is open with one of these codes does not matter.
    Ignore(Vec<Code>, Name),
}

impl Statement {
    fn is_about(&self, path: &str, line: u32) -> bool {
        *self.path == *path && self.lines.iter().any(|lines| lines.contains(&line))
    }

    fn closes(&self, open: &Diagnostic) -> bool {
        let applies = match &self.effect {
            Effect::Requests(_) => true,
            Effect::Ignore(codes, _) => codes.contains(&open.code),
        };
        applies
            && !open.code.leaves_complete()
            && (self.covers_file || !open.code.is_of_file())
            && self.is_about(&open.location.path, open.location.line)
    }

    fn reason(&self) -> Name {
        match &self.effect {
            Effect::Ignore(_, reason) => reason.clone(),
            Effect::Requests(endpoints) if endpoints.is_empty() => "makes no request".into(),
            Effect::Requests(endpoints) => {
                let all: Vec<String> = endpoints.iter().map(ToString::to_string).collect();
                format!("requests {}", all.join(", ")).into()
            }
        }
    }

    fn endpoints(&self) -> &[Endpoint] {
        match &self.effect {
            Effect::Requests(endpoints) => endpoints,
            Effect::Ignore(..) => &[],
        }
    }
}

/// Changes `found` by what was told, and says what that changed.
pub(crate) fn apply(
    found: Resolution,
    files: &[FileFacts],
    entries: Option<Entries<'_>>,
    comments: Comments,
    rules: &RuleSet,
) -> (Resolution, Told) {
    let (mut statements, mut warnings) = directive::statements(files, comments, rules);
    if let Some(entries) = entries {
        statements.extend(entry::statements(&entries, files));
    }
    let Resolution {
        mut calls,
        unresolved,
        not_counted,
    } = found;
    let (closed, open): (Vec<_>, Vec<_>) = unresolved
        .into_iter()
        .partition(|one| statements.iter().any(|said| said.closes(one)));
    let mut told = Told::default();
    for said in &statements {
        let n_before = told.assumed.len();
        let places = places(said, &closed);
        assume(said, &places, rules, &mut calls, &mut told);
        if places.is_empty() && told.assumed.len() == n_before {
            warnings.push(said.unused.clone());
        }
    }
    told.suppressed = suppressed(closed, &statements);
    told.assumed.sort();
    calls.sort();
    let unresolved = [open, warnings].concat();
    let resolution = Resolution {
        calls,
        unresolved,
        not_counted,
    };
    (resolution, told)
}

/// Returns the places of what a statement closed.
fn places(said: &Statement, closed: &[Diagnostic]) -> BTreeSet<Location> {
    let closed = closed.iter().filter(|one| said.closes(one));
    closed.map(|one| one.location.clone()).collect()
}

fn suppressed(closed: Vec<Diagnostic>, statements: &[Statement]) -> Vec<Suppressed> {
    let mut all: Vec<Suppressed> = closed
        .into_iter()
        .filter_map(|diagnostic| {
            let said = statements.iter().find(|said| said.closes(&diagnostic))?;
            Some(Suppressed {
                diagnostic,
                by: said.by.clone(),
                reason: said.reason(),
            })
        })
        .collect();
    all.sort();
    all
}

/// Adds the requests that a statement tells of, at what it closed or at the place that it names.
fn assume(
    said: &Statement,
    places: &BTreeSet<Location>,
    rules: &RuleSet,
    calls: &mut Vec<CallSite>,
    told: &mut Told,
) {
    let id_of = |call: &CallSite| rules.catalog().find(call.method, &call.path);
    for endpoint in said.endpoints() {
        let id: Option<EndpointId> = rules.catalog().find(endpoint.method, &endpoint.path);
        let is_found = calls.iter().any(|call| {
            said.is_about(&call.location.path, call.location.line) && id_of(call) == id
        });
        let fallback = said.fallback.iter().filter(|_| places.is_empty());
        for at in places.iter().chain(fallback.filter(|_| !is_found)) {
            let is_there = calls
                .iter()
                .any(|call| call.location == *at && id_of(call) == id);
            if is_there {
                continue;
            }
            calls.push(assumed_call(endpoint, at, &said.by));
            told.assumed.push(Assumed {
                endpoint: endpoint.clone(),
                at: at.clone(),
                by: said.by.clone(),
            });
        }
    }
}

fn assumed_call(endpoint: &Endpoint, at: &Location, by: &str) -> CallSite {
    CallSite {
        method: endpoint.method,
        path: endpoint.path.clone(),
        location: at.clone(),
        spelling: format!("assumed by {by}").into(),
        named: Vec::new(),
        expands: Vec::new(),
        events: Vec::new(),
        chain: Vec::new(),
        connect: false,
        tier: Tier::Required,
    }
}
