//! Compares logs, key and code.

use std::collections::BTreeMap;

use model::{
    api::Endpoint,
    permission::{Access, PermissionId},
};
use report::{Options, v1 as manifest};
use rules::{Answer, RuleSet};

use crate::{
    coverage::{is_covered, is_enough, reading},
    denial::{newer, older},
    granted::Granted,
    log::{LogPlace, Refusal, Seen, Side, Usage},
    needs::{Demand, Needs, Place, Wanted, described, shape},
    summary::{names, place_out, safe, said_of_code, said_of_key, said_of_log},
    v1::{Audit, InCode, Needing, NotGranted, NotNeeded, Permission, Refused, Used, VERSION},
};

/// Compares what logs show, and what a key may do, with what the units of code need.
#[must_use]
pub fn audit(
    code: &[manifest::Unit],
    usage: Option<&Usage>,
    granted: Option<&Granted>,
    rules: &RuleSet,
    options: &Options,
) -> Audit {
    let needs = Needs::of(code, rules);
    let context = Context {
        needs: &needs,
        granted,
        rules,
    };
    let used: Vec<Used> = usage.map_or_else(Vec::new, |usage| context.used(usage));
    let used_not_found: Vec<Used> = used
        .iter()
        .filter(|used| used.in_code != "yes" && used.rule != "nothing")
        .cloned()
        .collect();
    let demands = context.demands(usage);
    let not_granted = context.not_granted(&demands);
    let not_needed = context.not_needed(&demands);
    let n_findings = used_not_found.len() + not_granted.len() + not_needed.len();
    Audit {
        audit: VERSION,
        tool: manifest::Tool {
            name: "rakscan".to_owned(),
            version: options.tool_version.clone(),
        },
        rules: manifest::Rules {
            version: options.rules_version.clone(),
            added: options.added_rules.iter().map(|name| safe(name)).collect(),
        },
        code: said_of_code(code),
        log: usage.map(said_of_log),
        granted: granted.map(said_of_key),
        findings: u64::try_from(n_findings).unwrap_or(u64::MAX),
        used_not_found,
        not_granted,
        not_needed,
        refused: usage.map_or_else(Vec::new, |usage| context.refused(usage)),
        not_used: usage.map_or_else(Vec::new, |usage| context.not_used(usage)),
        used,
    }
}

fn account(side: Side) -> String {
    let word = match side {
        Side::Own => "own",
        Side::Connect => "connect",
        Side::Unknown => "unknown",
    };
    word.to_owned()
}

/// A demand with the first request in a log that shows it, by request.
#[derive(Default)]
struct Demanded {
    demand: Demand,
    log: BTreeMap<String, LogPlace>,
}

/// What everything is compared with.
struct Context<'c> {
    needs: &'c Needs,
    granted: Option<&'c Granted>,
    rules: &'c RuleSet,
}

impl Context<'_> {
    fn used(&self, usage: &Usage) -> Vec<Used> {
        let seen = usage.seen.iter();
        seen.map(|((endpoint, side), seen)| self.one_used(endpoint, *side, seen))
            .collect()
    }

    fn one_used(&self, endpoint: &Endpoint, side: Side, seen: &Seen) -> Used {
        let (rule, permissions) = match self.rules.endpoint(endpoint).map(|rule| &rule.answer) {
            Some(Answer::Needs(ids)) => ("known", names(ids.iter())),
            Some(Answer::Nothing) => ("nothing", Vec::new()),
            Some(Answer::Unknown) => ("unknown-permission", Vec::new()),
            None => ("unknown-endpoint", Vec::new()),
        };
        let (in_code, place) = self.in_code(endpoint, side);
        Used {
            endpoint: safe(&endpoint.to_string()),
            account: account(side),
            rule: rule.to_owned(),
            permissions,
            count: seen.count,
            statuses: seen.statuses.clone(),
            last_status: seen.last_status,
            first: place_out(&seen.first),
            in_code: in_code.to_owned(),
            at: place.map_or_else(Vec::new, places),
        }
    }

    /// Tells whether the code makes a request, and where.
    fn in_code(&self, endpoint: &Endpoint, side: Side) -> (&'static str, Option<&Place>) {
        let shape = shape(endpoint);
        let fits = |place: &Place| match side {
            Side::Own => place.own,
            Side::Connect => place.connect,
            Side::Unknown => true,
        };
        match self.needs.places.get(&shape) {
            Some(place) if fits(place) => ("yes", Some(place)),
            Some(place) => ("other-account", Some(place)),
            None => match self.needs.unreached.get(&shape) {
                Some(place) => ("unreferenced", Some(place)),
                None => ("no", None),
            },
        }
    }

    fn not_used(&self, usage: &Usage) -> Vec<InCode> {
        let seen: std::collections::BTreeSet<_> = usage
            .seen
            .keys()
            .map(|(endpoint, _)| shape(endpoint))
            .collect();
        let places = self.needs.places.iter();
        places
            .filter(|(shape, place)| place.counts && !seen.contains(*shape))
            .map(|(_, place)| InCode {
                endpoint: safe(&place.endpoint),
                at: self::places(place),
            })
            .collect()
    }

    /// Returns what is needed by code, by what the logs show, and by what Stripe asked for there.
    fn demands(&self, usage: Option<&Usage>) -> BTreeMap<Wanted, Demanded> {
        let mut demands: BTreeMap<Wanted, Demanded> = BTreeMap::new();
        for (wanted, demand) in &self.needs.demands {
            demands.entry(wanted.clone()).or_default().demand = demand.clone();
        }
        let Some(usage) = usage else { return demands };
        let mut add = |endpoint: &Endpoint, side, ids: Vec<PermissionId>, seen: &Seen| {
            let is_connect = self.is_connect(endpoint, side);
            let found = demands.entry((is_connect, ids)).or_default();
            let title = endpoint.to_string();
            let at = self.in_code(endpoint, side).1.map(|place| place.at.clone());
            found
                .demand
                .requests
                .entry(title.clone())
                .or_default()
                .extend(at.unwrap_or_default());
            found.log.entry(title).or_insert_with(|| seen.first.clone());
        };
        for ((endpoint, side), seen) in &usage.seen {
            if let Some(Answer::Needs(ids)) = self.rules.endpoint(endpoint).map(|rule| &rule.answer)
            {
                add(endpoint, *side, ids.clone(), seen);
            }
        }
        for (refusal, seen) in &usage.refused {
            let named = refusal.denial.permissions(self.rules);
            if named.is_empty() {
                continue;
            }
            // The table's order puts the permission to recommend first.
            let by_table = self.by_table(&refusal.endpoint);
            let is_same =
                named.len() == by_table.len() && named.iter().all(|id| by_table.contains(id));
            let ids = if is_same { by_table } else { named };
            add(&refusal.endpoint, refusal.side, ids, seen);
        }
        demands
    }

    /// Tells in which column a logged request needs its permission.
    fn is_connect(&self, endpoint: &Endpoint, side: Side) -> bool {
        match side {
            Side::Own => false,
            Side::Connect => true,
            Side::Unknown => {
                let place = self.needs.places.get(&shape(endpoint));
                place.is_some_and(|place| place.connect && !place.own)
            }
        }
    }

    fn by_table(&self, endpoint: &Endpoint) -> Vec<PermissionId> {
        match self.rules.endpoint(endpoint).map(|rule| &rule.answer) {
            Some(Answer::Needs(ids)) => ids.clone(),
            Some(Answer::Nothing | Answer::Unknown) | None => Vec::new(),
        }
    }

    fn permission(&self, id: &PermissionId) -> Permission {
        let (label, access) = described(id, self.rules);
        Permission {
            id: id.to_string(),
            label,
            access: access.to_owned(),
        }
    }

    fn not_granted(&self, demands: &BTreeMap<Wanted, Demanded>) -> Vec<NotGranted> {
        let Some(granted) = self.granted else {
            return Vec::new();
        };
        let is_missing = |((is_connect, ids), _): &(&Wanted, &Demanded)| {
            let side = if *is_connect {
                &granted.connect
            } else {
                &granted.own
            };
            !is_covered(side, ids, self.rules)
        };
        let missing: Vec<(&Wanted, &Demanded)> = demands.iter().filter(is_missing).collect();
        let mut found: BTreeMap<&Wanted, Vec<Needing>> = BTreeMap::new();
        for (wanted, demanded) in &missing {
            let widest = missing
                .iter()
                .map(|(other, _)| *other)
                .find(|other| wider(other, wanted));
            let of_widest = found.entry(widest.unwrap_or(wanted)).or_default();
            of_widest.extend(self.needing(&wanted.1, demanded));
        }
        let found = found.into_iter();
        found
            .map(|((is_connect, ids), requests)| NotGranted {
                permissions: ids.iter().map(|id| self.permission(id)).collect(),
                connect: *is_connect,
                requests,
            })
            .collect()
    }

    fn needing(&self, ids: &[PermissionId], demanded: &Demanded) -> Vec<Needing> {
        let requests = demanded.demand.requests.iter();
        requests
            .map(|(request, at)| Needing {
                request: safe(request),
                at: at.iter().map(|at| safe(at)).collect(),
                log: demanded.log.get(request).map(place_out),
                message: newer(ids, self.rules),
                message_before: older(ids),
            })
            .collect()
    }

    fn not_needed(&self, demands: &BTreeMap<Wanted, Demanded>) -> Vec<NotNeeded> {
        let Some(granted) = self.granted else {
            return Vec::new();
        };
        let sides = [(false, &granted.own), (true, &granted.connect)];
        let all = sides
            .into_iter()
            .flat_map(|(side, ids)| ids.iter().map(move |id| (side, id)));
        all.filter_map(|(side, id)| {
            let wanted = |id: &PermissionId| -> usize {
                let of_side = demands.keys().filter(|(is_connect, _)| *is_connect == side);
                of_side
                    .filter(|(_, ids)| is_enough(id, ids, self.rules))
                    .count()
            };
            let n_served = wanted(id);
            let narrower =
                reading(id, self.rules).filter(|read| n_served > 0 && wanted(read) == n_served);
            (n_served == 0 || narrower.is_some()).then(|| NotNeeded {
                permission: self.permission(id),
                connect: side,
                instead: narrower.map(|id| id.to_string()),
            })
        })
        .collect()
    }

    fn refused(&self, usage: &Usage) -> Vec<Refused> {
        let refused = usage.refused.iter();
        refused
            .map(|(refusal, seen)| self.one_refused(refusal, seen))
            .collect()
    }

    fn one_refused(&self, refusal: &Refusal, seen: &Seen) -> Refused {
        let Refusal {
            endpoint,
            side,
            denial,
        } = refusal;
        let named = denial.permissions(self.rules);
        let by_table = self.by_table(endpoint);
        let asked = if named.is_empty() { &by_table } else { &named };
        let granted = self.granted.filter(|_| !asked.is_empty()).map(|granted| {
            let is_connect = self.is_connect(endpoint, *side);
            let all = if is_connect {
                &granted.connect
            } else {
                &granted.own
            };
            is_covered(all, asked, self.rules)
        });
        let unknown = denial.unknown(self.rules);
        Refused {
            endpoint: safe(&endpoint.to_string()),
            account: account(*side),
            count: seen.count,
            first: place_out(&seen.first),
            form: denial.form.id().to_owned(),
            consequence: denial.form.consequence().to_owned(),
            permissions: named.iter().map(|id| self.permission(id)).collect(),
            unknown: unknown.iter().map(|name| safe(name)).collect(),
            by_table: names(by_table.iter()),
            granted,
            at: self
                .in_code(endpoint, *side)
                .1
                .map_or_else(Vec::new, places),
        }
    }
}

fn places(place: &Place) -> Vec<String> {
    place.at.iter().map(|at| safe(at)).collect()
}

/// Tells whether whoever grants what is wanted first there has no need of `wanted` any more.
fn wider((is_connect, ids): &Wanted, wanted: &Wanted) -> bool {
    let first = ids
        .first()
        .filter(|id| id.access == Access::Write && ids.len() == 1);
    let includes = |id: &PermissionId| {
        wanted
            .1
            .iter()
            .any(|other| id.base == other.base && id > other)
    };
    *is_connect == wanted.0 && first.is_some_and(includes)
}
