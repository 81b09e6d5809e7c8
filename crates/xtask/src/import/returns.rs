//! Says which object an endpoint answers with.
//!
//! The table of objects says it for most. The rest follows from the path: what acts on a resource
//! answers with it, and the classes of SDKs say what they are made from.

use std::{
    collections::{BTreeMap, BTreeSet},
    path::Path,
};

use crate::{ChoreError, facts::Facts, import::objects::UNIONS};

/// Object and whether it is a list, by endpoint.
pub(crate) type Returns = BTreeMap<String, (String, bool)>;

/// Endpoints whose path does not say what they answer with.
const EXCEPTIONS: [(&str, &str); 14] = [
    (
        "GET /v1/customers/{customer}/alipay_accounts",
        "alipay_account",
    ),
    (
        "POST /v1/customers/{customer}/alipay_accounts",
        "alipay_account",
    ),
    (
        "DELETE /v1/customers/{customer}/alipay_accounts/{id}",
        "alipay_account",
    ),
    ("POST /v1/customers/{id}/subscription", "subscription"),
    ("DELETE /v1/customers/{id}/subscription", "subscription"),
    (
        "GET /v1/payment_intents_with_legacy_charges",
        "payment_intent",
    ),
    ("GET /v1/payouts/{id}/transactions", "balance_transaction"),
    ("GET /v1/recipients/{id}/cards", "card"),
    ("GET /v1/transfers/{id}/transactions", "balance_transaction"),
    ("POST /v1/checkout_sessions", "checkout.session"),
    // Answers that are no object of the table.
    ("GET /v1/issuing/cards/{card}/pin", ""),
    ("POST /v1/issuing/cards/{card}/pin", ""),
    ("GET /v1/quotes/{quote}/pdf", ""),
    ("POST /v2/extend/workflows/{id}/invoke", ""),
];

/// Reads what every endpoint answers with, where that is known.
pub(crate) fn read(dir: &Path, names: &BTreeSet<String>) -> Result<Returns, ChoreError> {
    let told = told(dir)?;
    let listing = listing(dir)?;
    let mut returns = Returns::new();
    let facts = Facts::read(dir, "endpoint_permissions")?;
    for [verb, path] in facts.rows(["verb", "path"])? {
        let endpoint = format!("{verb} {path}");
        let object = EXCEPTIONS
            .iter()
            .find(|(exception, _)| *exception == endpoint)
            .map(|(_, object)| (*object).to_owned())
            .or_else(|| told.get(&endpoint).and_then(one_object))
            .or_else(|| by_path(path, names));
        if let Some(object) = object.filter(|object| !object.is_empty()) {
            let list = verb == "GET" && (listing.contains(&endpoint) || is_plural(path));
            returns.insert(endpoint, (object, list));
        }
    }
    Ok(returns)
}

fn told(dir: &Path) -> Result<BTreeMap<String, BTreeSet<String>>, ChoreError> {
    let facts = Facts::read(dir, "resources")?;
    let mut told: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for [object, endpoints] in facts.rows(["object", "endpoints"])? {
        for endpoint in endpoints
            .split("; ")
            .filter(|endpoint| !endpoint.is_empty())
        {
            let objects = told.entry(endpoint.to_owned()).or_default();
            objects.insert(object.to_owned());
        }
    }
    Ok(told)
}

/// Returns the object, or the union that the objects are.
fn one_object(objects: &BTreeSet<String>) -> Option<String> {
    if objects.len() == 1 {
        return objects.first().cloned();
    }
    let is_union = |members: &[&str]| {
        objects
            .iter()
            .all(|object| members.contains(&object.as_str()))
    };
    let found = UNIONS.iter().find(|(_, members)| is_union(members));
    found.map(|(union, _)| (*union).to_owned())
}

/// Endpoints that some SDK calls a list.
fn listing(dir: &Path) -> Result<BTreeSet<String>, ChoreError> {
    let mut endpoints = BTreeSet::new();
    for table in [
        "php_services",
        "php_static",
        "node",
        "python_services",
        "python_static",
    ] {
        let facts = Facts::read(dir, table)?;
        for [method, verb, path] in facts.rows(["method", "verb", "path"])? {
            let starts = ["all", "list", "search", "auto_paging_iter"];
            if starts.iter().any(|start| method.starts_with(start)) {
                endpoints.insert(format!("{verb} {path}"));
            }
        }
    }
    Ok(endpoints)
}

fn is_plural(path: &str) -> bool {
    let last = path.rsplit('/').next().unwrap_or_default();
    last == "search" || singular(last).is_some() && !last.ends_with("settings")
}

/// Finds the resource that a path acts on: `/v2/a/b/{id}/close` acts on `v2.a.b`.
fn by_path(path: &str, names: &BTreeSet<String>) -> Option<String> {
    let segments: Vec<&str> = path.split('/').skip(1).collect();
    let is_id = |segment: &str| segment.starts_with('{');
    let n_ids = segments.iter().filter(|segment| is_id(segment)).count();
    let end = match segments.iter().rposition(|segment| is_id(segment)) {
        Some(at) if at + 2 < segments.len() => return None,
        // A plural after an id is another resource.
        Some(at)
            if segments
                .get(at + 1)
                .is_some_and(|last| singular(last).is_some()) =>
        {
            return None;
        }
        Some(at) => at,
        None => segments.len(),
    };
    let words: Vec<&str> = segments.get(..end)?.to_vec();
    let (last, before) = words.split_last()?;
    if n_ids > 1 {
        return None;
    }
    let mut name: Vec<&str> = before
        .iter()
        .copied()
        .filter(|word| *word != "v1")
        .collect();
    let last = singular(last).unwrap_or_else(|| (*last).to_owned());
    name.push(&last);
    let name = name.join(".");
    names.contains(&name).then_some(name)
}

fn singular(word: &str) -> Option<String> {
    if word.ends_with("ss") || word.starts_with('{') {
        return None;
    }
    match word.strip_suffix("ies") {
        Some(stem) => Some(format!("{stem}y")),
        None => word.strip_suffix('s').map(str::to_owned),
    }
}
