//! Folds the verdicts on single calls into what one unit needs.
//!
//! A pure function: verdicts in, lists out. Deliberately knows no file and no rule file.

#[cfg(test)]
mod tests;

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Name,
    api::Endpoint,
    evidence::{Apart, CallSite, NotCounted, Tier},
    manifest::{Cause, KeyTiers, Needed, Request, Unmapped, UnmappedReason, Verdict},
    permission::{Access, Grade, PermissionId},
    source::Location,
};
use rules::RuleSet;

use crate::told::feature::Features;

/// The lists of a manifest that verdicts decide.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Folded {
    /// Own account.
    pub(crate) permissions: Vec<Needed>,
    /// Connect.
    pub(crate) connect: Vec<Needed>,
    /// Requests without a known permission.
    pub(crate) unmapped: Vec<Unmapped>,
    /// Requests that ask nothing of the key, sorted by endpoint.
    pub(crate) free: Vec<NotCounted>,
}

/// A call that needs one of several permissions.
struct Need {
    call: CallSite,
    endpoint: Endpoint,
    cause: Cause,
    grade: Grade,
    /// The usual permission first.
    choices: Vec<PermissionId>,
}

/// Requests by endpoint and what of it asks for the permission, as they gather.
type Requests = BTreeMap<(Endpoint, Cause), Gathered>;

#[derive(Default)]
struct Gathered {
    tier: Option<Tier>,
    grade: Option<Grade>,
    at: BTreeSet<Location>,
    through: BTreeMap<Location, Vec<Location>>,
    spellings: BTreeSet<Name>,
    users: Users,
}

/// Which features make a request, at the places of the most needed tier.
#[derive(Default)]
struct Users {
    tier: Option<Tier>,
    /// `None` where code of no feature makes it.
    features: Option<BTreeSet<Name>>,
}

impl Users {
    fn of(call: &CallSite, features: &Features) -> Self {
        Self {
            tier: Some(call.tier.clone()),
            features: features.of(&call.location.path).cloned(),
        }
    }

    fn join(&mut self, other: Self) {
        match (&self.tier, &other.tier) {
            (_, None) => {}
            (None, Some(_)) => *self = other,
            (Some(own), Some(theirs)) if theirs < own => *self = other,
            (Some(own), Some(theirs)) if own < theirs => {}
            _ => {
                let both = self.features.take().zip(other.features);
                self.features = both.map(|(own, theirs)| own.into_iter().chain(theirs).collect());
            }
        }
    }
}

/// One permission, as it gathers.
#[derive(Default)]
struct Group {
    requests: Requests,
    /// Worst grade of what endpoints ask for.
    endpoint_grade: Option<Grade>,
    /// Worst grade of what is expanded, or inside events.
    beside_grade: Option<Grade>,
    alternatives: Option<BTreeSet<PermissionId>>,
}

/// Groups `verdicts` by permission, with labels from `rules`.
pub(crate) fn fold(
    verdicts: Vec<Verdict>,
    key_tiers: KeyTiers,
    features: &Features,
    rules: &RuleSet,
) -> Folded {
    let (mut own, mut connect) = (Vec::new(), Vec::new());
    let mut unmapped: BTreeMap<UnmappedReason, Requests> = BTreeMap::new();
    let mut free: BTreeMap<Endpoint, BTreeSet<Location>> = BTreeMap::new();
    for verdict in verdicts {
        match verdict {
            Verdict::Nothing { call, endpoint } => {
                free.entry(endpoint).or_default().insert(call.location);
            }
            Verdict::Unmapped {
                call,
                endpoint,
                cause,
                reason,
            } => {
                let requests = unmapped.entry(reason).or_default();
                gather(requests, (endpoint, cause), Grade::Unknown, call, features);
            }
            Verdict::Needs {
                call,
                endpoint,
                cause,
                permission,
                alternatives,
                grade,
            } => {
                let column = if call.connect { &mut connect } else { &mut own };
                let is_for_all = call.connect;
                let can_be_given = |id: &PermissionId| {
                    let info = rules.permission(id);
                    !(is_for_all && info.is_some_and(|info| info.direct_only))
                };
                let choices = std::iter::once(permission).chain(alternatives);
                let choices: Vec<PermissionId> = choices.filter(can_be_given).collect();
                if choices.is_empty() {
                    let requests = unmapped.entry(UnmappedReason::DirectOnly).or_default();
                    gather(requests, (endpoint, cause), grade, call, features);
                    continue;
                }
                column.push(Need {
                    call,
                    endpoint,
                    cause,
                    grade,
                    choices,
                });
            }
        }
    }
    Folded {
        permissions: needed(own, key_tiers, features, rules),
        connect: needed(connect, key_tiers, features, rules),
        unmapped: unmapped_list(unmapped),
        free: free.into_iter().map(asks_nothing).collect(),
    }
}

fn asks_nothing((endpoint, at): (Endpoint, BTreeSet<Location>)) -> NotCounted {
    NotCounted {
        endpoint: endpoint.to_string().into(),
        reason: Apart::NoPermission,
        at: at.into_iter().collect(),
    }
}

fn gather(
    requests: &mut Requests,
    key: (Endpoint, Cause),
    grade: Grade,
    call: CallSite,
    features: &Features,
) {
    let gathered = requests.entry(key).or_default();
    gathered.grade = gathered.grade.max(Some(grade));
    gathered.users.join(Users::of(&call, features));
    gathered.tier = gathered.tier.take().min_known(Some(call.tier));
    if !call.chain.is_empty() {
        add_chain(&mut gathered.through, &call.location, call.chain);
    }
    gathered.at.insert(call.location);
    gathered.at.extend(call.named);
    if !call.spelling.is_empty() {
        gathered.spellings.insert(call.spelling);
    }
}

/// Keeps the shortest chain of a place: it explains best.
fn add_chain(all: &mut BTreeMap<Location, Vec<Location>>, at: &Location, chain: Vec<Location>) {
    match all.get_mut(at) {
        Some(known) if (known.len(), &*known) <= (chain.len(), &chain) => {}
        Some(known) => *known = chain,
        None => {
            all.insert(at.clone(), chain);
        }
    }
}

/// The smaller of two values, where a missing one does not count.
trait MinKnown {
    fn min_known(self, other: Self) -> Self;
}

impl<T: Ord> MinKnown for Option<T> {
    fn min_known(self, other: Self) -> Self {
        match (self, other) {
            (Some(a), Some(b)) => Some(a.min(b)),
            (a, b) => a.or(b),
        }
    }
}

fn needed(
    mut needs: Vec<Need>,
    key_tiers: KeyTiers,
    features: &Features,
    rules: &RuleSet,
) -> Vec<Needed> {
    needs.sort_by(|a, b| {
        let left = (&a.call.tier, &a.endpoint, &a.cause, &a.call);
        left.cmp(&(&b.call.tier, &b.endpoint, &b.cause, &b.call))
    });
    let mut groups: BTreeMap<PermissionId, Group> = BTreeMap::new();
    for (need, id) in choose(needs) {
        groups
            .entry(id.clone())
            .or_default()
            .add(need, &id, features);
    }
    absorb_reads(&mut groups, key_tiers);
    groups
        .into_iter()
        .map(|(id, group)| group.finish(id, rules))
        .collect()
}

/// Picks a permission for each call, one that is needed anyway where there is a choice.
///
/// What is needed by calls without a choice is settled first; then each call with a choice takes
/// what is settled already, or its usual permission, which is settled for those that follow.
fn choose(needs: Vec<Need>) -> Vec<(Need, PermissionId)> {
    let mut settled: BTreeMap<PermissionId, Tier> = BTreeMap::new();
    let settle = |id: &PermissionId, tier: &Tier, settled: &mut BTreeMap<_, Tier>| {
        let known = settled.entry(id.clone()).or_insert_with(|| tier.clone());
        *known = tier.clone().min(known.clone());
    };
    for need in &needs {
        if let [only] = need.choices.as_slice() {
            settle(only, &need.call.tier, &mut settled);
        }
    }
    let mut chosen = Vec::with_capacity(needs.len());
    for need in needs {
        let is_settled = |choice: &&PermissionId| {
            settled
                .iter()
                .any(|(id, tier)| id.includes(choice) && *tier <= need.call.tier)
        };
        let choice = need
            .choices
            .iter()
            .find(is_settled)
            .or(need.choices.first());
        let Some(id) = choice.cloned() else { continue };
        settle(&id, &need.call.tier, &mut settled);
        chosen.push((need, id));
    }
    chosen
}

impl Group {
    fn add(&mut self, need: Need, id: &PermissionId, features: &Features) {
        let others: BTreeSet<PermissionId> = need
            .choices
            .into_iter()
            .filter(|choice| choice != id)
            .collect();
        self.alternatives = Some(match self.alternatives.take() {
            Some(known) => known.intersection(&others).cloned().collect(),
            None => others,
        });
        let grade = match need.cause {
            Cause::Endpoint => &mut self.endpoint_grade,
            Cause::Expand(_) | Cause::Event(_) => &mut self.beside_grade,
        };
        *grade = grade.take().max(Some(need.grade));
        let key = (need.endpoint, need.cause);
        gather(&mut self.requests, key, need.grade, need.call, features);
    }

    /// Says how well it is known that the permission is needed: what endpoints ask for counts, what
    /// is expanded only where nothing else asks.
    fn grade(&self) -> Grade {
        let grade = self.endpoint_grade.or(self.beside_grade);
        grade.unwrap_or(Grade::Unknown)
    }

    fn tier(&self) -> Tier {
        let tiers = self
            .requests
            .values()
            .filter_map(|request| request.tier.clone());
        tiers.min().unwrap_or(Tier::Unreferenced)
    }

    fn absorb(&mut self, other: Self) {
        for (key, gathered) in other.requests {
            let own = self.requests.entry(key).or_default();
            own.grade = own.grade.max(gathered.grade);
            own.users.join(gathered.users);
            own.tier = own.tier.take().min_known(gathered.tier);
            own.at.extend(gathered.at);
            for (at, chain) in gathered.through {
                add_chain(&mut own.through, &at, chain);
            }
            own.spellings.extend(gathered.spellings);
        }
        self.alternatives = None;
    }

    fn finish(self, id: PermissionId, rules: &RuleSet) -> Needed {
        let (tier, grade) = (self.tier(), self.grade());
        let info = rules.permission(&id);
        Needed {
            label: info.and_then(|info| info.label.clone()),
            section: info.map_or_else(|| "".into(), |info| info.section.clone()),
            grade,
            tier,
            alternatives: self.alternatives.into_iter().flatten().collect(),
            requests: self.requests.into_iter().map(request).collect(),
            id,
        }
    }
}

/// Moves the requests of each read permission to the write permission of the same base.
///
/// A write permission of a tier that the key is not made for does not widen the key: it then stands
/// beside the read permission that the key needs.
fn absorb_reads(groups: &mut BTreeMap<PermissionId, Group>, key_tiers: KeyTiers) {
    let reads: Vec<PermissionId> = groups
        .keys()
        .filter(|id| id.access == Access::Read)
        .cloned()
        .collect();
    for read in reads {
        let write = PermissionId {
            base: read.base.clone(),
            access: Access::Write,
        };
        let Some(tier) = groups.get(&write).map(Group::tier) else {
            continue;
        };
        let is_widening = groups
            .get(&read)
            .is_some_and(|group| !key_tiers.contains(&tier) && key_tiers.contains(&group.tier()));
        if is_widening {
            continue;
        }
        if let Some(group) = groups.remove(&read)
            && let Some(write) = groups.get_mut(&write)
        {
            write.absorb(group);
        }
    }
}

fn request(((endpoint, cause), gathered): ((Endpoint, Cause), Gathered)) -> Request {
    Request {
        endpoint,
        cause,
        grade: gathered.grade.unwrap_or(Grade::Unknown),
        tier: gathered.tier.unwrap_or(Tier::Unreferenced),
        at: gathered.at.into_iter().collect(),
        through: gathered.through,
        spellings: gathered.spellings.into_iter().collect(),
        features: gathered.users.features.into_iter().flatten().collect(),
    }
}

fn unmapped_list(unmapped: BTreeMap<UnmappedReason, Requests>) -> Vec<Unmapped> {
    let mut list: Vec<Unmapped> = unmapped
        .into_iter()
        .flat_map(|(reason, requests)| {
            requests.into_iter().map(move |row| Unmapped {
                request: request(row),
                reason,
            })
        })
        .collect();
    list.sort_by(|a, b| {
        let left = (&a.request.endpoint, &a.request.cause, a.reason);
        left.cmp(&(&b.request.endpoint, &b.request.cause, b.reason))
    });
    list
}
