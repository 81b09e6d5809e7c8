//! `sdks/<sdk>.yaml`: how each SDK spells a request.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use crate::{ChoreError, facts::Facts, yaml};

/// What the tables do not say about an SDK.
pub(crate) struct Sdk {
    /// Name of the YAML file.
    pub(crate) file: &'static str,
    id: &'static str,
    package: &'static str,
    clients: &'static [&'static str],
    requestors: &'static [&'static str],
    services: &'static str,
    statics: Option<&'static str>,
    /// Names of the columns with the releases.
    releases: [&'static str; 2],
    /// What class names begin with in the tables.
    root: &'static str,
    /// What service classes lie below.
    service_root: &'static str,
    generic: &'static [[&'static str; 5]],
}

/// The three SDKs.
pub(crate) const SDKS: [Sdk; 3] = [
    Sdk {
        file: "php",
        id: "stripe-php",
        package: "Stripe",
        clients: &["BaseStripeClient", "StripeClient"],
        requestors: &["ApiRequestor", "Stripe_ApiRequestor"],
        services: "php_services",
        statics: Some("php_static"),
        releases: ["first_tag", "last_tag"],
        root: "Stripe\\",
        service_root: "Service\\",
        generic: &[
            ["client", "rawRequest", "0", "1", "$stripe->rawRequest"],
            ["client", "request", "0", "1", "$stripe->request("],
            [
                "client",
                "requestCollection",
                "0",
                "1",
                "$stripe->requestCollection",
            ],
            [
                "client",
                "requestSearchResult",
                "0",
                "1",
                "$stripe->requestSearchResult",
            ],
            [
                "client",
                "requestStream",
                "0",
                "1",
                "$stripe->requestStream",
            ],
            [
                "requestor",
                "request",
                "0",
                "1",
                "(new \\Stripe\\ApiRequestor",
            ],
            ["class", "_requestPage", "GET", "0", "self::_requestPage"],
            [
                "class",
                "_staticRequest",
                "0",
                "1",
                "static::_staticRequest",
            ],
            ["object", "_request", "0", "1", "static::_staticRequest"],
        ],
    },
    Sdk {
        file: "node",
        id: "stripe-node",
        package: "stripe",
        clients: &["Stripe"],
        requestors: &[],
        services: "node",
        statics: None,
        releases: ["first_version_sampled", "last_version_sampled"],
        root: "",
        service_root: "",
        generic: &[
            ["client", "rawRequest", "0", "1", "stripe.rawRequest"],
            ["class", "_makeRequest", "0", "1", "this._makeRequest"],
        ],
    },
    Sdk {
        file: "python",
        id: "stripe-python",
        package: "stripe",
        clients: &["StripeClient"],
        requestors: &["api_requestor.APIRequestor", "_api_requestor._APIRequestor"],
        services: "python_services",
        statics: Some("python_static"),
        releases: ["first_version", "last_version"],
        root: "stripe.",
        service_root: "",
        generic: &[
            [
                "class",
                "_static_request",
                "0",
                "1",
                "Class._static_request",
            ],
            ["client", "raw_request", "0", "1", "client.raw_request("],
            [
                "client",
                "raw_request_async",
                "0",
                "1",
                "client.raw_request_async",
            ],
            ["object", "request", "0", "1", "obj.request"],
            ["requestor", "request", "0", "1", "stripe.api_requestor"],
        ],
    },
];

/// Tables read at once, for one SDK.
struct Tables {
    services: Facts,
    statics: Option<Facts>,
    newest: String,
}

/// Writes the file of one SDK.
pub(crate) fn write(dir: &Path, sdk: &Sdk) -> Result<String, ChoreError> {
    let tables = read(dir, sdk)?;
    let list = |names: &[&'static str]| yaml::flow_list(names.iter().copied());
    let mut text = format!(
        "# How {id} spells a request. A row without `until` is in the newest release too.\n\
         sdk: {id}\npackage: {}\nnewest: {}\nclients: {}\nrequestors: {}\n",
        sdk.package,
        tables.newest,
        list(sdk.clients),
        list(sdk.requestors),
        id = sdk.id,
    );
    service_classes(&mut text, sdk, &tables)?;
    services(&mut text, sdk, &tables)?;
    classes(&mut text, sdk, &tables)?;
    silent(&mut text, dir, sdk)?;
    generic(&mut text, dir, sdk)?;
    Ok(text)
}

fn read(dir: &Path, sdk: &Sdk) -> Result<Tables, ChoreError> {
    let services = Facts::read(dir, sdk.services)?;
    let statics = sdk.statics.map(|name| Facts::read(dir, name)).transpose()?;
    let mut newest = (0, 0, 0);
    for table in [Some(&services), statics.as_ref()].into_iter().flatten() {
        for [last] in table.rows([sdk.releases[1]])? {
            newest = newest.max(numbers(last));
        }
    }
    Ok(Tables {
        services,
        statics,
        newest: format!("{}.{}.{}", newest.0, newest.1, newest.2),
    })
}

fn numbers(release: &str) -> (u16, u16, u16) {
    let mut parts = release
        .trim_start_matches('v')
        .split('.')
        .map(|part| part.parse().unwrap_or_default());
    let mut next = || parts.next().unwrap_or_default();
    (next(), next(), next())
}

/// Writes an accessor of PHP like those of the others: `checkout.sessions`.
fn dotted(accessor: &str) -> String {
    accessor.replace("->", ".")
}

fn service_classes(text: &mut String, sdk: &Sdk, tables: &Tables) -> Result<(), ChoreError> {
    if sdk.statics.is_none() {
        return Ok(());
    }
    let mut classes: BTreeMap<&str, BTreeSet<String>> = BTreeMap::new();
    for [accessor, class] in tables.services.rows(["accessor", "service_class"])? {
        classes.entry(class).or_default().insert(dotted(accessor));
    }
    text.push_str("service_classes:\n");
    for (class, accessors) in classes.iter().filter(|(class, _)| !class.is_empty()) {
        let accessors = yaml::flow_list(accessors.iter().map(String::as_str));
        let _ = writeln!(text, "  {}{class}: {accessors}", sdk.service_root);
    }
    Ok(())
}

fn services(text: &mut String, sdk: &Sdk, tables: &Tables) -> Result<(), ChoreError> {
    let [first, last] = sdk.releases;
    let columns = ["accessor", "method", "verb", "path", "host", first, last];
    text.push_str("services:\n");
    for [accessor, method, verb, path, host, first, last] in tables.services.rows(columns)? {
        let row = yaml::flow_map(&[
            ("client", &dotted(accessor)),
            ("method", method),
            ("endpoint", &format!("{verb} {path}")),
            ("host", unusual_host(host)),
            ("since", first.trim_start_matches('v')),
            ("until", until(last, &tables.newest)),
        ]);
        let _ = writeln!(text, "  - {row}");
    }
    Ok(())
}

fn classes(text: &mut String, sdk: &Sdk, tables: &Tables) -> Result<(), ChoreError> {
    let Some(statics) = &tables.statics else {
        return Ok(());
    };
    let [first, last] = sdk.releases;
    let columns = [
        "class", "method", "kind", "verb", "path", "host", first, last,
    ];
    text.push_str("classes:\n");
    for [class, method, kind, verb, path, host, first, last] in statics.rows(columns)? {
        let row = yaml::flow_map(&[
            ("class", class.strip_prefix(sdk.root).unwrap_or(class)),
            ("method", method),
            ("kind", kind),
            ("endpoint", &format!("{verb} {path}")),
            ("host", unusual_host(host)),
            ("since", first.trim_start_matches('v')),
            ("until", until(last, &tables.newest)),
        ]);
        let _ = writeln!(text, "  - {row}");
    }
    Ok(())
}

fn unusual_host(host: &str) -> &str {
    if host == "api.stripe.com" { "" } else { host }
}

fn until<'l>(last: &'l str, newest: &str) -> &'l str {
    let last = last.trim_start_matches('v');
    if last == newest { "" } else { last }
}

fn silent(text: &mut String, dir: &Path, sdk: &Sdk) -> Result<(), ChoreError> {
    let facts = Facts::read(dir, "no_request")?;
    text.push_str("silent:\n");
    let columns = ["sdk", "kind", "class_or_accessor", "method", "reason"];
    for [of, kind, owner, method, reason] in facts.rows(columns)? {
        let (of, is_service) = match of.strip_suffix("-service") {
            Some(of) => (of, true),
            None => (of, kind == "resource"),
        };
        if of != sdk.file {
            continue;
        }
        let why = why(method, reason);
        let owner = match kind {
            "client" => "Stripe",
            _ => owner.strip_prefix(sdk.root).unwrap_or(owner),
        };
        let key = if is_service { "client" } else { "class" };
        let row = yaml::flow_map(&[(key, owner), ("method", method), ("why", why)]);
        let _ = writeln!(text, "  - {row}");
    }
    Ok(())
}

/// `create` and `retrieve` of a list reach the items of the list, see `collections` of an object.
fn why(method: &str, reason: &str) -> &'static str {
    match (reason, method) {
        ("throws", _) => "throws",
        ("local", _) => "local",
        (_, "create" | "retrieve") => "collection",
        _ => "pages",
    }
}

fn generic(text: &mut String, dir: &Path, sdk: &Sdk) -> Result<(), ChoreError> {
    let facts = Facts::read(dir, "generic_calls")?;
    let columns = [
        "sdk",
        "call_pattern",
        "verb_argument",
        "path_argument",
        "note",
    ];
    let rows: Vec<[&str; 5]> = facts
        .rows(columns)?
        .into_iter()
        .filter(|[of, ..]| *of == sdk.file || *of == "any")
        .collect();
    text.push_str("generic:\n");
    for [receiver, method, verb, path, pattern] in sdk.generic {
        let row = rows.iter().find(|[_, call, ..]| call.contains(pattern));
        let note = row.map_or("", |[.., note]| note);
        let row = yaml::flow_map(&[
            ("receiver", receiver),
            ("method", method),
            ("verb", verb),
            ("path", path),
            ("note", note),
        ]);
        let _ = writeln!(text, "  - {row}");
    }
    text.push_str("special:\n");
    let is_generic = |call: &str| {
        sdk.generic
            .iter()
            .any(|[.., pattern]| call.contains(pattern))
    };
    for [_, call, verb, path, note] in rows {
        if is_generic(call) || call.contains("Stripe_ApiRequestor") {
            continue;
        }
        let row = [
            ("call", call),
            ("verb", verb),
            ("path", path),
            ("note", note),
        ];
        let _ = writeln!(text, "  - {}", yaml::flow_map(&row));
    }
    Ok(())
}
