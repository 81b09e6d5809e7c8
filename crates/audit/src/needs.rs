//! What code requests and needs, read from the units of a manifest.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    api::{Endpoint, Method},
    permission::{Access, PermissionId},
};
use report::v1;
use rules::{Answer, RuleSet};

use crate::log::Side;

/// The tiers that a key is made for where the manifest does not say.
const TIERS: [&str; 2] = ["required", "one_off"];

/// An endpoint, however its ids are spelled.
pub(crate) type Shape = (String, Method);

/// Where and for which accounts code requests an endpoint.
#[derive(Clone, Debug, Default)]
pub(crate) struct Place {
    /// As the table spells it.
    pub(crate) endpoint: String,
    /// Whether it is requested for the own account.
    pub(crate) own: bool,
    /// Whether it is requested for connected accounts.
    pub(crate) connect: bool,
    /// Whether it asks something of the key; not so for requests with the publishable key.
    pub(crate) counts: bool,
    /// The places, `path:line`.
    pub(crate) at: BTreeSet<String>,
}

/// A request that asks for a permission, and the lines that make it.
#[derive(Clone, Debug, Default)]
pub(crate) struct Demand {
    /// Requests, with what of them asks for it, and their places.
    pub(crate) requests: BTreeMap<String, BTreeSet<String>>,
}

/// Permissions any one of which is needed, in the Connect column or not.
pub(crate) type Wanted = (bool, Vec<PermissionId>);

/// What code needs.
#[derive(Clone, Debug, Default)]
pub(crate) struct Needs {
    /// Requests of the tiers that the key is made for.
    pub(crate) places: BTreeMap<Shape, Place>,
    /// Requests that are in the code, and not for the key: nothing reaches them.
    pub(crate) unreached: BTreeMap<Shape, Place>,
    /// What the requests ask for.
    pub(crate) demands: BTreeMap<Wanted, Demand>,
}

/// Returns the tiers that the key of `unit` is made for.
pub(crate) fn key_tiers(unit: &v1::Unit) -> Vec<&str> {
    match &unit.key_tiers {
        Some(tiers) => tiers.iter().map(String::as_str).collect(),
        None => TIERS.into(),
    }
}

pub(crate) fn shape(endpoint: &Endpoint) -> Shape {
    (endpoint.path.shape(), endpoint.method)
}

impl Needs {
    pub(crate) fn of(units: &[v1::Unit], rules: &RuleSet) -> Self {
        let mut needs = Self::default();
        for unit in units {
            let tiers = key_tiers(unit);
            for (side, all) in [
                (Side::Own, &unit.permissions),
                (Side::Connect, &unit.connect),
            ] {
                for permission in all {
                    needs.permission(permission, side, &tiers, rules);
                }
            }
            for one in &unit.unmapped {
                needs.place(
                    &one.endpoint,
                    Side::Unknown,
                    tiers.contains(&one.tier.as_str()),
                    &one.at,
                    rules,
                );
            }
            for one in &unit.not_counted {
                if one.reason != "vendor-proxy" {
                    needs.apart(one, rules);
                }
            }
        }
        needs
    }

    fn permission(
        &mut self,
        permission: &v1::Permission,
        side: Side,
        tiers: &[&str],
        rules: &RuleSet,
    ) {
        for request in &permission.requests {
            let is_of_key = tiers.contains(&request.tier.as_str());
            self.place(&request.endpoint, side, is_of_key, &request.at, rules);
            let any_of = asked(permission, request, rules);
            if !is_of_key || any_of.is_empty() {
                continue;
            }
            let demand = self
                .demands
                .entry((side == Side::Connect, any_of))
                .or_default();
            let places = demand.requests.entry(title(request)).or_default();
            places.extend(request.at.iter().map(place));
        }
    }

    fn place(
        &mut self,
        endpoint: &str,
        side: Side,
        is_of_key: bool,
        at: &[v1::Place],
        rules: &RuleSet,
    ) {
        let all = if is_of_key {
            &mut self.places
        } else {
            &mut self.unreached
        };
        let Some(found) = entry(all, endpoint, rules) else {
            return;
        };
        found.own |= side != Side::Connect;
        found.connect |= side != Side::Own;
        found.counts = true;
        found.at.extend(at.iter().map(place));
    }

    /// Adds a request that asks nothing of the key: in a log it is no surprise.
    fn apart(&mut self, one: &v1::NotCounted, rules: &RuleSet) {
        if let Some(found) = entry(&mut self.places, &one.endpoint, rules) {
            (found.own, found.connect) = (true, true);
            found.at.extend(one.at.iter().map(place));
        }
    }
}

fn entry<'p>(
    all: &'p mut BTreeMap<Shape, Place>,
    endpoint: &str,
    rules: &RuleSet,
) -> Option<&'p mut Place> {
    let endpoint = Endpoint::parse(endpoint)?;
    let known = rules.endpoint(&endpoint).map(|rule| rule.endpoint.clone());
    let endpoint = known.unwrap_or(endpoint);
    let found = all.entry(shape(&endpoint)).or_default();
    found.endpoint = endpoint.to_string();
    Some(found)
}

/// Returns the permissions any one of which `request` needs; the manifest merges read into write.
fn asked(permission: &v1::Permission, request: &v1::Request, rules: &RuleSet) -> Vec<PermissionId> {
    let alternatives = permission.alternatives.iter();
    let listed: Vec<PermissionId> = std::iter::once(&permission.id)
        .chain(alternatives)
        .filter_map(|id| PermissionId::parse(id))
        .filter(|id| rules.permission(id).is_some())
        .collect();
    if request.expand.is_some() || request.event.is_some() {
        let read = |id: PermissionId| crate::coverage::reading(&id, rules).unwrap_or(id);
        return listed.into_iter().map(read).collect();
    }
    let endpoint = Endpoint::parse(&request.endpoint);
    match endpoint
        .and_then(|endpoint| rules.endpoint(&endpoint))
        .map(|rule| &rule.answer)
    {
        Some(Answer::Needs(ids)) => ids.clone(),
        Some(Answer::Nothing | Answer::Unknown) | None => listed,
    }
}

fn title(request: &v1::Request) -> String {
    match (&request.expand, &request.event) {
        (Some(path), _) => format!("{} expand: {path}", request.endpoint),
        (None, Some(event)) => format!("{} event: {event}", request.endpoint),
        (None, None) => request.endpoint.clone(),
    }
}

pub(crate) fn place(place: &v1::Place) -> String {
    match place {
        v1::Place::Full { path, line, .. } => format!("{path}:{line}"),
        v1::Place::Short(place) => place.clone(),
    }
}

/// Returns the label and access of a permission for people.
pub(crate) fn described(id: &PermissionId, rules: &RuleSet) -> (Option<String>, &'static str) {
    let label = rules.permission(id).and_then(|info| info.label.as_deref());
    let access = match id.access {
        Access::Read => "Read",
        Access::Write => "Write",
    };
    (label.map(str::to_owned), access)
}
