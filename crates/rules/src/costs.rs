//! What a request asks of a key beside the permission of its endpoint: expanded properties, and the
//! objects inside events.
//!
//! Most scans never ask, so these rows of the compiled table are read only when somebody does.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Name,
    api::{Catalog, Endpoint, Method, Returned},
    diagnostic::{Code, Diagnostic},
    evidence::CallSite,
    later::Later,
    manifest::{Cause, UnmappedReason, Verdict},
    permission::Grade,
};

use crate::{
    load::{Pool, cell::Cells},
    rule::Answer,
};

/// What the parameters of one request ask for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Costs {
    /// A verdict on each property expanded, and on each type of event.
    pub verdicts: Vec<Verdict>,
    /// What the rules cannot tell.
    pub notes: Vec<Diagnostic>,
}

/// The rows, read when they are first needed.
#[derive(Clone, Debug, Default)]
pub(crate) struct CostTable {
    rows: Later<Rows>,
}

#[derive(Clone, Debug, Default)]
pub(crate) struct Rows {
    /// By object.
    expands: BTreeMap<Name, Vec<ExpandRule>>,
    /// By type.
    events: BTreeMap<Name, Priced>,
}

/// What expanding a property asks for.
#[derive(Clone, Debug)]
struct ExpandRule {
    /// Dotted path below the object.
    field: Name,
    /// The objects that it leads to.
    objects: Vec<Name>,
    price: Priced,
}

/// Permissions, any one of which is enough, and how well that is known.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Priced {
    answer: Answer,
    grade: Grade,
}

/// A property on the way of an expand path, and all that it can ask for.
struct Expanded {
    /// How many parts of the path lead to it.
    end: usize,
    prices: Vec<Priced>,
}

impl CostTable {
    /// Keeps rows for later.
    pub(crate) fn new(rows: Later<Rows>) -> Self {
        Self { rows }
    }

    /// Tells whether there is any row.
    #[cfg(test)]
    pub(crate) fn is_empty(&self) -> bool {
        self.rows.expands.is_empty() || self.rows.events.is_empty()
    }

    /// Says what the parameters of `call` ask for; `own` is what its endpoint asks for anyway.
    pub(crate) fn of(
        &self,
        catalog: &Catalog,
        call: &CallSite,
        endpoint: &Endpoint,
        own: &Answer,
    ) -> Costs {
        let id = catalog.find(call.method, &call.path);
        let returned = id.and_then(|id| catalog.endpoint(id).returns.as_ref());
        let mut asked = Vec::new();
        for path in &call.expands {
            asked.extend(self.expand(catalog, returned, path));
        }
        let reads_events = call.method == Method::Get
            && returned.is_some_and(|returned| &*returned.object == "event");
        let mut notes = Vec::new();
        if reads_events && call.events.is_empty() {
            notes.push(event_note(call));
        } else if reads_events {
            asked.extend(call.events.iter().flat_map(|event| self.event(event)));
        }
        let verdicts = asked
            .into_iter()
            .filter_map(|(cause, price)| verdict(call, endpoint, own, cause, price))
            .collect();
        Costs { verdicts, notes }
    }

    /// Says what one expand path asks for, part by part; no price where the table has none.
    fn expand(
        &self,
        catalog: &Catalog,
        returned: Option<&Returned>,
        path: &str,
    ) -> Vec<(Cause, Option<Priced>)> {
        let parts: Vec<&str> = path.split('.').collect();
        let Some(returned) = returned else {
            return vec![(Cause::Expand(path.into()), None)];
        };
        let start = BTreeSet::from([&*returned.object]);
        let mut found = Vec::new();
        let at = usize::from(returned.list && parts.first() == Some(&"data"));
        self.walk(catalog, &start, &parts, at, &mut found);
        found
            .into_iter()
            .flat_map(|expanded| {
                let so_far = parts.get(..expanded.end).unwrap_or_default().join(".");
                let cause = Cause::Expand(so_far.into());
                let prices = expanded.prices.into_iter();
                prices
                    .map(|price| (cause.clone(), Some(price)))
                    .collect::<Vec<_>>()
            })
            .collect()
    }

    /// Follows `parts` from index `at`, which stands below one of `objects`.
    ///
    /// The table has every property that leads to another object. Others are parts of the object
    /// itself, and cost nothing; or the path was meant for another endpoint, and Stripe refuses it.
    fn walk(
        &self,
        catalog: &Catalog,
        objects: &BTreeSet<&str>,
        parts: &[&str],
        at: usize,
        found: &mut Vec<Expanded>,
    ) {
        if at >= parts.len() {
            return;
        }
        let mut next = None;
        for end in at + 1..=parts.len() {
            let field = parts.get(at..end).unwrap_or_default().join(".");
            let mut targets = BTreeSet::new();
            let mut prices = Vec::new();
            let mut is_known = false;
            for object in objects {
                for rule in self
                    .rules(object)
                    .iter()
                    .filter(|rule| *rule.field == *field)
                {
                    is_known = true;
                    prices.push(rule.price.clone());
                    targets.extend(rule.objects.iter().map(|name| &**name));
                }
                let info = catalog.objects.get(*object);
                if let Some(embedded) = info.and_then(|info| info.fields.get(field.as_str())) {
                    is_known = true;
                    targets.extend(embedded.objects.iter().map(|name| &**name));
                }
            }
            if !prices.is_empty() {
                let prices = distinct(prices);
                found.push(Expanded { end, prices });
            }
            if is_known {
                next = Some((end, targets));
            }
        }
        match next {
            Some((end, targets)) => self.walk(catalog, &targets, parts, end, found),
            // The items of a list that was expanded.
            None if parts.get(at) == Some(&"data") => {
                self.walk(catalog, objects, parts, at + 1, found);
            }
            None => {}
        }
    }

    fn rules(&self, object: &str) -> &[ExpandRule] {
        self.rows.expands.get(object).map_or(&[], Vec::as_slice)
    }

    /// Says what events of a type ask for; `*` at the end stands for every type that begins so.
    fn event(&self, event: &Name) -> Vec<(Cause, Option<Priced>)> {
        let events = &self.rows.events;
        if event.as_bytes() == b"*" {
            return Vec::new();
        }
        let found: Vec<_> = match event.strip_suffix('*') {
            Some(prefix) => events
                .range(Name::from(prefix)..)
                .take_while(|(name, _)| name.starts_with(prefix))
                .collect(),
            None => events.get_key_value(event).into_iter().collect(),
        };
        let prices = distinct(found.into_iter().map(|(_, price)| price.clone()).collect());
        let cause = Cause::Event(event.clone());
        if prices.is_empty() {
            return vec![(cause, None)];
        }
        prices
            .into_iter()
            .map(|price| (cause.clone(), Some(price)))
            .collect()
    }
}

/// Drops what is said twice, and what is not known where something is.
///
/// Where a property can be one of several kinds of objects, the key needs what each kind asks for;
/// kinds of which nothing is published are those that Stripe removed long ago.
fn distinct(prices: Vec<Priced>) -> Vec<Priced> {
    let mut kept: Vec<Priced> = Vec::new();
    let is_known = |price: &Priced| price.answer != Answer::Unknown;
    let any_known = prices.iter().any(is_known);
    for price in prices {
        if (is_known(&price) || !any_known) && !kept.contains(&price) {
            kept.push(price);
        }
    }
    kept
}

fn verdict(
    call: &CallSite,
    endpoint: &Endpoint,
    own: &Answer,
    cause: Cause,
    price: Option<Priced>,
) -> Option<Verdict> {
    let (call, endpoint) = (call.clone(), endpoint.clone());
    let Some(Priced { answer, grade }) = price else {
        let reason = match cause {
            Cause::Expand(_) => UnmappedReason::UnknownExpand,
            Cause::Endpoint | Cause::Event(_) => UnmappedReason::UnknownPermission,
        };
        return Some(Verdict::Unmapped {
            call,
            endpoint,
            cause,
            reason,
        });
    };
    match answer {
        Answer::Nothing => None,
        Answer::Unknown => Some(Verdict::Unmapped {
            call,
            endpoint,
            cause,
            reason: UnmappedReason::UnknownPermission,
        }),
        Answer::Needs(ids) => {
            // What the endpoint asks for anyway costs nothing more.
            if let Answer::Needs(own) = own
                && let [own] = own.as_slice()
                && ids.iter().any(|id| own.includes(id))
            {
                return None;
            }
            let (permission, alternatives) = ids.split_first()?;
            Some(Verdict::Needs {
                call,
                endpoint,
                cause,
                permission: permission.clone(),
                alternatives: alternatives.to_vec(),
                grade,
            })
        }
    }
}

fn event_note(call: &CallSite) -> Diagnostic {
    Diagnostic {
        location: call.location.clone(),
        code: Code::EventObjects,
        within: None,
        message:
            "events of types that are not known here are read; the key must also be allowed to \
                  read the objects inside them"
                .into(),
    }
}

/// Reads every row about costs.
pub(crate) fn read(text: &'static str) -> Option<Rows> {
    let mut rows = Rows::default();
    let mut pool = Pool::default();
    for line in text.lines() {
        let mut cells = Cells(line);
        match cells.next() {
            "expand" => {
                let object = pool.name(cells.next());
                let rule = ExpandRule {
                    field: pool.name(cells.next()),
                    objects: pool.names(cells.next(), ' '),
                    price: price(&mut pool, &mut cells)?,
                };
                rows.expands.entry(object).or_default().push(rule);
            }
            "event" => {
                let event = pool.name(cells.next());
                rows.events.insert(event, price(&mut pool, &mut cells)?);
            }
            _ => return None,
        }
    }
    Some(rows)
}

fn price(pool: &mut Pool<'static>, cells: &mut Cells<'static>) -> Option<Priced> {
    Some(Priced {
        answer: pool.answer(cells.next())?,
        grade: Grade::from_id(cells.next())?,
    })
}
