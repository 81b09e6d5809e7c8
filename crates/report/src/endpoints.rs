//! One endpoint a line: what the code calls, for other programs to read.
//!
//! Endpoints of tiers that the key is not made for are left out, those without a known permission are not.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use model::{
    api::Endpoint,
    manifest::{Manifest, Request},
};

use crate::sanitize;

pub(crate) fn render(manifests: &[Manifest], out: &mut dyn Write) -> io::Result<()> {
    let endpoints: BTreeSet<&Endpoint> = manifests
        .iter()
        .flat_map(requests)
        .map(|request| &request.endpoint)
        .collect();
    for endpoint in endpoints {
        writeln!(out, "{}", sanitize(&endpoint.to_string()))?;
    }
    Ok(())
}

pub(crate) fn requests(manifest: &Manifest) -> impl Iterator<Item = &Request> {
    manifest
        .permissions
        .iter()
        .chain(&manifest.connect)
        .flat_map(|needed| &needed.requests)
        .chain(manifest.unmapped.iter().map(|unmapped| &unmapped.request))
        .filter(|request| manifest.key_tiers.contains(&request.tier))
}
