//! Translates between endpoints and the calls that SDKs have for them.

use std::collections::BTreeSet;

use model::api::{Catalog, EndpointId, Methods, SdkId, SdkRow, SdkTable};

use crate::rule::{NEWEST, Spelling};

/// Returns every call of every SDK that requests `endpoint`.
pub(crate) fn of_endpoint(catalog: &Catalog, endpoint: EndpointId) -> Vec<Spelling> {
    let mut found = BTreeSet::new();
    for (sdk, table) in &catalog.sdks {
        each_methods(table, |owner, methods| {
            for (method, rows) in methods {
                for row in rows.iter().filter(|row| row.endpoint == endpoint) {
                    found.insert(spelling(*sdk, owner, method, row));
                }
            }
        });
    }
    found.into_iter().collect()
}

/// Returns what a call such as `$stripe->customers->create(…)` requests, in every SDK that has it.
pub(crate) fn of_text(catalog: &Catalog, text: &str) -> Vec<Spelling> {
    let call = text.split('(').next().unwrap_or_default().trim();
    let call = call.replace("->", ".").replace("::", ".");
    let Some((owner, method)) = call.trim_start_matches(['$', '\\']).rsplit_once('.') else {
        return Vec::new();
    };
    let mut found = BTreeSet::new();
    for (sdk, table) in &catalog.sdks {
        each_methods(table, |of, methods| {
            if !of.is_named(owner) {
                return;
            }
            for row in methods.get(method).into_iter().flatten() {
                found.insert(spelling(*sdk, of, method, row));
            }
        });
    }
    found.into_iter().collect()
}

/// What a method is called on.
#[derive(Clone, Copy)]
enum Owner<'t> {
    Service(&'t str),
    Class(&'t str),
    Instance(&'t str),
}

impl Owner<'_> {
    /// Tells whether code names this owner `text`, with or without what stands before it.
    fn is_named(self, text: &str) -> bool {
        let (Self::Service(name) | Self::Class(name) | Self::Instance(name)) = self;
        let Some(before) = text.strip_suffix(name) else {
            return false;
        };
        match self {
            Self::Service(_) => {
                // `stripe.`, `this.stripe.`, `client.v1.`; but not the last part of another service.
                before.is_empty() || before.ends_with('.') && is_client(before)
            }
            Self::Class(_) | Self::Instance(_) => {
                matches!(before, "" | "stripe." | "Stripe\\" | "Stripe.")
            }
        }
    }
}

/// Tells whether the parts before a service can be a client's name.
fn is_client(before: &str) -> bool {
    let last = before.trim_end_matches('.').rsplit('.').next();
    last.is_some_and(|name| {
        let name = name.to_ascii_lowercase();
        name.contains("stripe") || name.contains("client")
    })
}

fn each_methods<'t>(table: &'t SdkTable, mut visit: impl FnMut(Owner<'t>, &'t Methods)) {
    for (path, methods) in &table.services {
        visit(Owner::Service(path), methods);
    }
    for (name, class) in &table.classes {
        visit(Owner::Class(name), &class.statics);
        visit(Owner::Instance(name), &class.instances);
    }
}

fn spelling(sdk: SdkId, owner: Owner<'_>, method: &str, row: &SdkRow) -> Spelling {
    Spelling {
        sdk,
        text: text(sdk, owner, method),
        endpoint: row.endpoint,
        since: row.since,
        until: (row.until != NEWEST).then_some(row.until),
    }
}

fn text(sdk: SdkId, owner: Owner<'_>, method: &str) -> String {
    match (sdk, owner) {
        (SdkId::Php, Owner::Service(path)) => {
            format!("$stripe->{}->{method}", path.replace('.', "->"))
        }
        (SdkId::Php, Owner::Class(class)) => format!("{}::{method}", php_class(class)),
        (SdkId::Php, Owner::Instance(class)) => format!("{}->{method}", php_class(class)),
        (SdkId::Node, Owner::Service(path)) => format!("stripe.{path}.{method}"),
        (SdkId::Python, Owner::Service(path)) => format!("client.{path}.{method}"),
        (SdkId::Node | SdkId::Python, Owner::Class(class) | Owner::Instance(class)) => {
            format!("stripe.{class}.{method}")
        }
    }
}

/// A class of the days before namespaces stands alone.
fn php_class(class: &str) -> String {
    if class.starts_with("Stripe_") {
        class.to_owned()
    } else {
        format!("\\Stripe\\{class}")
    }
}
