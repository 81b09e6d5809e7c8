//! Scans every folder under `tests/fixtures` and compares with the manifest beside the code.
//!
//! A fixture is a folder of minimal code with a `manifest.json`, which lists the requests of each
//! permission, what stays open, and whether that is all. The lines that matter say so themselves:
//! `needs: charge_write` in a comment where a request is expected, `open: dynamic-operation` where
//! something cannot be told. So a manifest that was changed without reading the code fails.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use model::{
    api::Endpoint,
    diagnostic::Diagnostic,
    evidence::{NotCounted, Tier},
    manifest::{Cause, Manifest, Needed, Request, Unmapped},
    source::Location,
};
use rules::{Answer, RuleSet};
use scan::{Input, NoProgress, Options};
use serde::{Deserialize, Serialize};

datatest_stable::harness! {
    { test = fixture, root = "tests/fixtures", pattern = r"manifest\.json$" },
}

/// A manifest as a fixture writes it.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    #[serde(default)]
    permissions: Vec<ExpectedPermission>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    connect: Vec<ExpectedPermission>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    unmapped: Vec<ExpectedRequest>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    not_counted: Vec<ExpectedApart>,
    #[serde(default)]
    unresolved: Vec<ExpectedOpen>,
    complete: bool,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedPermission {
    id: String,
    requests: Vec<ExpectedRequest>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedRequest {
    endpoint: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    expand: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    event: Option<String>,
    /// Left out where it is `required`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    tier: Option<String>,
    /// `path:line`.
    at: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedApart {
    endpoint: String,
    reason: String,
    at: Vec<String>,
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ExpectedOpen {
    at: String,
    code: String,
}

fn fixture(manifest: &Path) -> datatest_stable::Result<()> {
    let folder = manifest.parent().ok_or("a manifest stands in a folder")?;
    let expected: Expected = serde_json::from_str(&fs::read_to_string(manifest)?)?;
    let rules = RuleSet::builtin();
    let found = reduced(&scanned(folder, &rules)?);
    if found != expected {
        return Err(difference(&expected, &found).into());
    }
    let marked = marks(folder)?;
    let wanted = wanted_marks(&expected, &rules);
    if marked != wanted {
        let differ: BTreeSet<_> = marked.symmetric_difference(&wanted).collect();
        return Err(format!("comments and manifest differ at {differ:#?}").into());
    }
    Ok(())
}

/// Says what is missing and what is too much, and shows all that was found.
fn difference(expected: &Expected, found: &Expected) -> String {
    let mut text = String::new();
    let (wanted, there) = (lines(expected), lines(found));
    for line in wanted.difference(&there) {
        writeln!(text, "missing: {line}").unwrap();
    }
    for line in there.difference(&wanted) {
        writeln!(text, "not expected: {line}").unwrap();
    }
    text + &serde_json::to_string_pretty(found).unwrap()
}

/// One line for every place.
fn lines(manifest: &Expected) -> BTreeSet<String> {
    let own = manifest.permissions.iter().map(|one| ("", one));
    let connect = manifest.connect.iter().map(|one| ("connect ", one));
    let needs = own.chain(connect).flat_map(|(column, permission)| {
        let id = format!("{column}{}", permission.id);
        permission.requests.iter().map(move |one| (id.clone(), one))
    });
    let unmapped = manifest.unmapped.iter();
    let unmapped = unmapped.map(|request| ("unmapped".to_owned(), request));
    let open = manifest.unresolved.iter();
    let open = open.map(|open| format!("{}: open: {}", open.at, open.code));
    let apart = manifest.not_counted.iter();
    let apart = apart.map(|one| format!("{:?}: {}: {}", one.at, one.reason, one.endpoint));
    needs
        .chain(unmapped)
        .flat_map(|(id, request)| {
            let cause = request.expand.as_ref().or(request.event.as_ref());
            let cause = cause.map_or(String::new(), |cause| format!(" with {cause}"));
            let of = format!("{id} for {}{cause}", request.endpoint);
            request.at.iter().map(move |at| format!("{at}: {of}"))
        })
        .chain(open)
        .chain(apart)
        .chain([format!("complete: {}", manifest.complete)])
        .collect()
}

fn scanned(folder: &Path, rules: &RuleSet) -> datatest_stable::Result<Manifest> {
    let input = Input::Paths(vec![folder.to_owned()]);
    let options = Options {
        threads: Some(1),
        ..Options::default()
    };
    let manifests = scan::scan(&input, &options, rules, &NoProgress)?;
    let n_units = manifests.len();
    let [manifest] =
        <[Manifest; 1]>::try_from(manifests).map_err(|_| format!("{n_units} units"))?;
    Ok(manifest)
}

fn reduced(manifest: &Manifest) -> Expected {
    Expected {
        permissions: manifest.permissions.iter().map(permission).collect(),
        connect: manifest.connect.iter().map(permission).collect(),
        unmapped: manifest.unmapped.iter().map(unmapped).collect(),
        not_counted: manifest.not_counted.iter().map(apart).collect(),
        unresolved: manifest.unresolved.iter().map(open).collect(),
        complete: manifest.is_complete(),
    }
}

fn permission(needed: &Needed) -> ExpectedPermission {
    ExpectedPermission {
        id: needed.id.to_string(),
        requests: needed.requests.iter().map(request).collect(),
    }
}

fn unmapped(unmapped: &Unmapped) -> ExpectedRequest {
    request(&unmapped.request)
}

fn request(request: &Request) -> ExpectedRequest {
    let is_required = request.tier == Tier::Required;
    ExpectedRequest {
        endpoint: request.endpoint.to_string(),
        expand: match &request.cause {
            Cause::Expand(path) => Some(path.to_string()),
            Cause::Endpoint | Cause::Event(_) => None,
        },
        event: match &request.cause {
            Cause::Event(event) => Some(event.to_string()),
            Cause::Endpoint | Cause::Expand(_) => None,
        },
        tier: (!is_required).then(|| request.tier.id().to_owned()),
        at: request.at.iter().map(place).collect(),
    }
}

fn apart(one: &NotCounted) -> ExpectedApart {
    ExpectedApart {
        endpoint: one.endpoint.to_string(),
        reason: one.reason.id().to_owned(),
        at: one.at.iter().map(place).collect(),
    }
}

fn open(diagnostic: &Diagnostic) -> ExpectedOpen {
    ExpectedOpen {
        at: place(&diagnostic.location),
        code: diagnostic.code.id().to_owned(),
    }
}

fn place(location: &Location) -> String {
    format!("{}:{}", location.path, location.line)
}

/// Place, word (`needs` or `open`) and what it says.
type Mark = (String, &'static str, String);

/// The marks that the comments of a fixture must have.
///
/// A line says what it needs by itself: `charge_read`, also where another line makes the manifest
/// list `charge_write` for both.
fn wanted_marks(expected: &Expected, rules: &RuleSet) -> BTreeSet<Mark> {
    let permissions = expected.permissions.iter().chain(&expected.connect);
    let requests = permissions.flat_map(|permission| {
        let requests = permission.requests.iter();
        requests.map(move |request| (&permission.id, request))
    });
    let needs = requests.flat_map(|(row, request)| {
        let endpoint = Endpoint::parse(&request.endpoint).unwrap();
        // What is expanded, and what is inside an event, is read.
        let is_beside = request.expand.is_some() || request.event.is_some();
        let read = || format!("{}_read", row.rsplit_once('_').unwrap().0);
        let id = match &rules.endpoint(&endpoint).unwrap().answer {
            _ if is_beside => read(),
            Answer::Needs(ids) => ids[0].to_string(),
            Answer::Nothing | Answer::Unknown => "nothing".to_owned(),
        };
        let places = request.at.iter();
        places.map(move |at| (at.clone(), "needs", id.clone()))
    });
    let open = expected.unresolved.iter();
    let open = open.map(|open| (open.at.clone(), "open", open.code.clone()));
    needs.chain(open).collect()
}

/// Reads the marks out of the comments of every file of a fixture.
fn marks(folder: &Path) -> datatest_stable::Result<BTreeSet<Mark>> {
    let mut marks = BTreeSet::new();
    for (path, text) in files(folder)? {
        for (n, line) in text.lines().enumerate() {
            for word in ["needs", "open"] {
                let said = said(line, word);
                marks.extend(said.map(|said| (format!("{path}:{}", n + 1), word, said)));
            }
        }
    }
    Ok(marks)
}

/// Returns what stands behind `word:`, up to a `;`.
fn said<'l>(line: &'l str, word: &str) -> impl Iterator<Item = String> + use<'l> {
    let comment = line.split_once(&format!("// {word}: "));
    let comment = comment.or_else(|| line.split_once(&format!("# {word}: ")));
    let (said, _) = comment
        .map(|(_, said)| said.split_once(';').unwrap_or((said, "")))
        .unwrap_or_default();
    said.split(", ")
        .map(|one| one.trim().to_owned())
        .filter(|one| !one.is_empty())
}

/// Reads every file below `folder`, by path from there.
fn files(folder: &Path) -> datatest_stable::Result<BTreeMap<String, String>> {
    let mut files = BTreeMap::new();
    let mut folders = vec![PathBuf::new()];
    while let Some(below) = folders.pop() {
        for entry in fs::read_dir(folder.join(&below))? {
            let entry = entry?;
            let path = below.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                folders.push(path);
            } else {
                let name = path.to_string_lossy().replace('\\', "/");
                files.insert(name, fs::read_to_string(entry.path())?);
            }
        }
    }
    Ok(files)
}
