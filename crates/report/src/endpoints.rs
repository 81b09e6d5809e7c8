//! One endpoint a line: what the code calls, for other programs to read.
//!
//! Endpoints that nothing reaches are left out, those without a known permission are not.

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use model::{
    api::Endpoint,
    evidence::Tier,
    manifest::{Manifest, Request},
};

use crate::sanitize;

pub(crate) fn render(manifests: &[Manifest], out: &mut dyn Write) -> io::Result<()> {
    let endpoints: BTreeSet<&Endpoint> = manifests
        .iter()
        .flat_map(requests)
        .filter(|request| request.tier != Tier::Unreferenced)
        .map(|request| &request.endpoint)
        .collect();
    for endpoint in endpoints {
        writeln!(out, "{}", sanitize(&endpoint.to_string()))?;
    }
    Ok(())
}

fn requests(manifest: &Manifest) -> impl Iterator<Item = &Request> {
    manifest
        .permissions
        .iter()
        .chain(&manifest.connect)
        .flat_map(|needed| &needed.requests)
        .chain(manifest.unmapped.iter().map(|unmapped| &unmapped.request))
}
