//! The permissions of a manifest, as those who create the key look for them.

use std::collections::BTreeSet;

use model::{
    Name,
    api::Method,
    evidence::Tier,
    manifest::{Manifest, Needed, Request},
    permission::Access,
};

use super::purpose::{listed, purpose};
use crate::{link::part_of_key, sanitize};

/// How what is optional is said.
const ONLY_IF: &str = "only if you use";

/// One permission to set.
pub(super) struct Row {
    /// Section in the Dashboard.
    pub(super) section: String,
    /// What the row is called there.
    pub(super) label: String,
    /// `Read` or `Write`.
    pub(super) access: &'static str,
    /// What it is for.
    pub(super) purpose: String,
    /// When it is needed; `None` for always.
    pub(super) when: Option<String>,
}

/// Returns the rows of the own account, and those of the Connect column.
pub(super) fn rows(manifest: &Manifest) -> (Vec<Row>, Vec<Row>) {
    let of = |all| -> Vec<Row> {
        let mut rows: Vec<Row> = part_of_key(manifest, all)
            .map(|needed| row(manifest, needed))
            .collect();
        rows.sort_by(|a, b| {
            let key = |row: &Row| {
                (
                    row.section != "Core",
                    row.section.clone(),
                    row.label.clone(),
                )
            };
            key(a).cmp(&key(b))
        });
        rows
    };
    (of(&manifest.permissions), of(&manifest.connect))
}

fn row(manifest: &Manifest, needed: &Needed) -> Row {
    let tiers = manifest.key_tiers;
    let requests = needed.requests.iter();
    let counted = requests.filter(|request| tiers.contains(&request.tier));
    let id = needed.id.to_string();
    let label = needed.label.as_deref().unwrap_or(&id);
    let section = match &*needed.section {
        "" => "Other",
        section => section,
    };
    Row {
        section: sanitize(section).into_owned(),
        label: sanitize(label).into_owned(),
        access: match needed.id.access {
            Access::Read => "Read",
            Access::Write => "Write",
        },
        purpose: sanitize(&purpose(counted.map(|request| &request.endpoint))).into_owned(),
        when: when(manifest, needed),
    }
}

/// Says when a permission is needed; `None` for always.
fn when(manifest: &Manifest, needed: &Needed) -> Option<String> {
    if needed.tier == Tier::OneOff {
        return Some("once, for an upgrade".to_owned());
    }
    let names = needed.features(manifest.key_tiers);
    if !names.is_empty() {
        return Some(users(manifest, &names));
    }
    if needed.id.access == Access::Read {
        return None;
    }
    let writing = Needed {
        requests: writing(needed),
        ..needed.clone()
    };
    let names = writing.features(manifest.key_tiers);
    (!names.is_empty()).then(|| format!("Write {}, otherwise Read", users(manifest, &names)))
}

/// Returns the requests that change something.
fn writing(needed: &Needed) -> Vec<Request> {
    let requests = needed.requests.iter();
    requests
        .filter(|request| request.endpoint.method != Method::Get)
        .cloned()
        .collect()
}

/// Says which features something is for.
fn users(manifest: &Manifest, names: &BTreeSet<&Name>) -> String {
    let is_optional = names.iter().all(|name| {
        let mut features = manifest.features.iter();
        features.any(|feature| feature.name == **name && feature.optional)
    });
    let names: Vec<String> = names
        .iter()
        .map(|name| sanitize(name).into_owned())
        .collect();
    let names = listed(&names);
    if is_optional {
        format!("{ONLY_IF} {names}")
    } else {
        format!("for {names}")
    }
}

/// Tells whether some row is only needed by those who use an optional part.
pub(super) fn has_optional(rows: &[&Row]) -> bool {
    rows.iter()
        .filter_map(|row| row.when.as_deref())
        .any(|when| when.contains(ONLY_IF))
}
