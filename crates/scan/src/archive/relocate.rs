//! Puts the path of an archive before every path of what was found in it.
//!
//! An archive is scanned as the folder that unpacking it gives: what code means by a path must not
//! depend on where the archive lies. Only what people read names the archive.

use model::{
    Name,
    diagnostic::{Code, Diagnostic},
    key::KeyReport,
    manifest::{Manifest, Request},
    source::Location,
};

/// Changes the paths of a manifest; `prefix` ends with `!/`, or with the folder of the unit and `/`.
pub(crate) fn relocated(mut manifest: Manifest, prefix: &str) -> Manifest {
    let needed = manifest.permissions.iter_mut().chain(&mut manifest.connect);
    for one in needed {
        one.requests
            .iter_mut()
            .for_each(|request| of_request(request, prefix));
    }
    for unmapped in &mut manifest.unmapped {
        of_request(&mut unmapped.request, prefix);
    }
    for apart in &mut manifest.not_counted {
        apart.at.iter_mut().for_each(|at| of_location(at, prefix));
    }
    for said in &mut manifest.unresolved {
        of_diagnostic(said, prefix);
    }
    for assumed in &mut manifest.told.assumed {
        of_location(&mut assumed.at, prefix);
    }
    for suppressed in &mut manifest.told.suppressed {
        of_diagnostic(&mut suppressed.diagnostic, prefix);
    }
    for path in manifest.sdks.iter_mut().filter_map(|sdk| sdk.path.as_mut()) {
        *path = joined(prefix, path);
    }
    manifest.keys = manifest.keys.map(|keys| relocated_keys(keys, prefix));
    // The configuration lies elsewhere, so that the order may be another one now.
    manifest.unresolved.sort();
    manifest
}

/// Changes the paths of what was found of keys.
pub(crate) fn relocated_keys(mut report: KeyReport, prefix: &str) -> KeyReport {
    let closed = report.closed.iter_mut().map(|one| &mut one.finding);
    for finding in report.findings.iter_mut().chain(closed) {
        of_location(&mut finding.location, prefix);
    }
    for (path, _) in &mut report.unread {
        *path = joined(prefix, path);
    }
    report
}

fn joined(prefix: &str, path: &str) -> Name {
    match path {
        "" | "." => prefix.trim_end_matches('/').trim_end_matches('!').into(),
        path => format!("{prefix}{path}").into(),
    }
}

fn of_location(location: &mut Location, prefix: &str) {
    location.path = joined(prefix, &location.path);
}

/// Changes the path of a diagnostic; what is said of the configuration stays with it.
pub(super) fn of_diagnostic(said: &mut Diagnostic, prefix: &str) {
    if said.code != Code::UnusedEntry {
        of_location(&mut said.location, prefix);
    }
}

fn of_request(request: &mut Request, prefix: &str) {
    request.at.iter_mut().for_each(|at| of_location(at, prefix));
    let through = std::mem::take(&mut request.through);
    let moved = through.into_iter().map(|(mut at, mut chain)| {
        of_location(&mut at, prefix);
        for step in &mut chain {
            of_location(step, prefix);
        }
        (at, chain)
    });
    request.through = moved.collect();
}
