//! The `permissions` of a Stripe App manifest, with the purpose that the code shows.
//!
//! An app acts on the accounts that install it, so both columns of a key count. The manifest of an app
//! accepts fewer permissions than a key: what it does not is [`refused`], and has to be said.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use model::{
    api::Method,
    manifest::{Manifest, Request},
    permission::{Access, PermissionId},
};
use serde::Serialize;

use crate::{Options, link::part_of_key, purpose::purpose, sanitize};

/// A permission that the code needs, and that the manifest of an app cannot ask for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Refused {
    /// The permission.
    pub id: PermissionId,
    /// What it is needed for, and where.
    pub purpose: String,
}

#[derive(Serialize)]
struct Entry {
    permission: String,
    purpose: String,
}

/// The requests that need a permission, each with its first place.
type Needs<'a> = BTreeMap<PermissionId, Vec<(&'a Request, String)>>;

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (accepted, _) = divided(manifests, options);
    let entries: Vec<Entry> = accepted
        .iter()
        .map(|(id, requests)| Entry {
            permission: sanitize(&id.to_string()).into_owned(),
            purpose: sanitize(&purpose(requests)).into_owned(),
        })
        .collect();
    serde_json::to_writer_pretty(&mut *out, &entries)?;
    writeln!(out)
}

/// Lists what `manifests` need and the manifest of an app cannot ask for.
#[must_use]
pub fn refused(manifests: &[Manifest], options: &Options) -> Vec<Refused> {
    let (_, refused) = divided(manifests, options);
    let refused = refused.into_iter();
    refused
        .map(|(id, requests)| Refused {
            purpose: purpose(&requests),
            id,
        })
        .collect()
}

/// Divides what is needed into what can be asked for, and what cannot.
fn divided<'a>(manifests: &'a [Manifest], options: &Options) -> (Needs<'a>, Needs<'a>) {
    let mut accepted = Needs::new();
    let mut refused = Needs::new();
    for (id, requests) in needs(manifests) {
        if options.app_permissions.contains(&id) {
            accepted.insert(id, requests);
            continue;
        }
        let read = PermissionId {
            access: Access::Read,
            ..id.clone()
        };
        // Write stands for read too: where only write is refused, what reads can still be asked for.
        if options.app_permissions.contains(&read) {
            let reads = requests.iter();
            let reads: Vec<(&Request, String)> = reads
                .filter(|(request, _)| request.endpoint.method == Method::Get)
                .cloned()
                .collect();
            if !reads.is_empty() {
                accepted.insert(read, reads);
            }
        }
        refused.insert(id, requests);
    }
    (accepted, refused)
}

/// Joins the columns of all units; what is read is part of what is written.
fn needs(manifests: &[Manifest]) -> Needs<'_> {
    let mut all = Needs::new();
    for manifest in manifests {
        let own = part_of_key(manifest, &manifest.permissions);
        for needed in own.chain(part_of_key(manifest, &manifest.connect)) {
            let requests = all.entry(needed.id.clone()).or_default();
            let of_key = needed.requests.iter();
            let of_key = of_key.filter(|request| manifest.key_tiers.contains(&request.tier));
            requests.extend(of_key.map(|request| (request, place(request))));
        }
    }
    let writes: Vec<PermissionId> = all
        .keys()
        .filter(|id| id.access == Access::Write)
        .cloned()
        .collect();
    for write in writes {
        let read = PermissionId {
            access: Access::Read,
            ..write.clone()
        };
        if let Some(requests) = all.remove(&read) {
            all.entry(write).or_default().extend(requests);
        }
    }
    all
}

fn place(request: &Request) -> String {
    let first = request.at.first();
    first.map_or_else(String::new, |at| format!("{}:{}", at.path, at.line))
}
