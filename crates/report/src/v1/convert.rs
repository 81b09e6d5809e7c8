//! Makes the report's own types from the manifest, escaping all that was scanned.

use std::io;

use model::{
    diagnostic::Diagnostic,
    evidence::{Apart, NotCounted as ModelNotCounted},
    manifest::{
        Assumed as ModelAssumed, Cause, Excluded as ModelExcluded, Feature as ModelFeature,
        KeyTiers, Manifest, Needed, SdkInUse, Suppressed as ModelSuppressed,
        Unmapped as ModelUnmapped, UnmappedReason,
    },
    permission::{Access as ModelAccess, Grade as ModelGrade},
    source::Location,
};

use super::{
    Access, Assumed, Document, Excluded, Feature, Grade, Line, NotCounted, Permission, Place,
    Request, Rules, Sdk, Subject, Suppressed, Tool, Unit, UnitFile, Unmapped, Unresolved, VERSION,
    keys,
};
use crate::{Mode, Options, help::help, link, sanitize};

impl Document {
    /// Makes the report of `manifests`.
    #[must_use]
    pub fn new(manifests: &[Manifest], options: &Options) -> Self {
        Self {
            schema: VERSION,
            tool: tool(options),
            rules: rules(options),
            units: manifests
                .iter()
                .map(|manifest| Unit::of(manifest, options.mode))
                .collect(),
        }
    }

    pub(crate) fn check_version(&self) -> io::Result<()> {
        check_version(self.schema)
    }
}

impl Line {
    /// Makes the line of one unit.
    #[must_use]
    pub fn new(manifest: &Manifest, options: &Options) -> Self {
        Self {
            schema: VERSION,
            tool: tool(options),
            rules: rules(options),
            unit: Unit::of(manifest, options.mode),
        }
    }

    pub(crate) fn check_version(&self) -> io::Result<()> {
        check_version(self.schema)
    }
}

fn tool(options: &Options) -> Tool {
    Tool {
        name: "rakscan".to_owned(),
        version: options.tool_version.clone(),
    }
}

fn rules(options: &Options) -> Rules {
    Rules {
        version: options.rules_version.clone(),
        added: options.added_rules.iter().map(|name| safe(name)).collect(),
    }
}

impl UnitFile {
    /// Makes the manifest file of one unit.
    #[must_use]
    pub fn new(manifest: &Manifest, mode: Mode) -> Self {
        let mut unit = Unit {
            skipped: None,
            files: None,
            keys: Vec::new(),
            closed_keys: Vec::new(),
            fingerprint: None,
            ..Unit::new(manifest, mode, short)
        };
        unit.unit.folder = None;
        for one in &mut unit.unresolved {
            (one.function, one.help) = (None, None);
        }
        for one in &mut unit.excluded {
            one.files = None;
        }
        Self {
            schema: VERSION,
            unit,
        }
    }

    pub(crate) fn check_version(&self) -> io::Result<()> {
        check_version(self.schema)
    }
}

/// Fails where a report is of another version.
pub(crate) fn check_version(found: u32) -> io::Result<()> {
    if found == VERSION {
        return Ok(());
    }
    let message = format!("schema {found} is not supported, only {VERSION} is");
    Err(io::Error::new(io::ErrorKind::InvalidData, message))
}

/// How a place is written.
type Spell = fn(&Location) -> Place;

pub(super) fn full(location: &Location) -> Place {
    Place::Full {
        path: safe(&location.path),
        line: location.line,
        column: location.column,
        text: (!location.excerpt.is_empty()).then(|| safe(&location.excerpt)),
    }
}

fn short(location: &Location) -> Place {
    Place::Short(format!("{}:{}", sanitize(&location.path), location.line))
}

impl Unit {
    /// Says all that is known of one unit.
    #[must_use]
    pub fn of(manifest: &Manifest, mode: Mode) -> Self {
        Self::new(manifest, mode, full)
    }

    fn new(manifest: &Manifest, mode: Mode, spell: Spell) -> Self {
        let told = &manifest.told;
        let link = link(manifest, mode);
        let report = manifest.keys.as_ref();
        let among = manifest.among.as_ref();
        let fingerprint = among.and_then(|among| among.fingerprint.as_ref());
        let permissions = |all: &[Needed]| all.iter().map(|one| permission(one, spell)).collect();
        Self {
            unit: Subject {
                name: safe(&manifest.unit.name),
                kind: manifest.unit.kind.id().to_owned(),
                version: manifest.unit.version.as_deref().map(safe),
                path: manifest.unit.path.as_deref().map(safe),
                folder: manifest.among.as_ref().map(|among| safe(&among.folder)),
            },
            complete: manifest.is_complete(),
            key_tiers: (manifest.key_tiers != KeyTiers::default()).then(|| {
                let tiers = manifest.key_tiers.all();
                tiers.map(|tier| tier.id().to_owned()).collect()
            }),
            permissions: permissions(&manifest.permissions),
            connect: permissions(&manifest.connect),
            unmapped: manifest
                .unmapped
                .iter()
                .map(|one| unmapped(one, spell))
                .collect(),
            not_counted: manifest
                .not_counted
                .iter()
                .map(|one| not_counted(one, spell))
                .collect(),
            unresolved: manifest
                .unresolved
                .iter()
                .map(|one| unresolved(one, spell))
                .collect(),
            assumed: told.assumed.iter().map(|one| assumed(one, spell)).collect(),
            suppressed: told
                .suppressed
                .iter()
                .map(|one| suppressed(one, spell))
                .collect(),
            excluded: told.excluded.iter().map(excluded).collect(),
            sdks: manifest.sdks.iter().map(sdk).collect(),
            skipped: Some(
                manifest
                    .skipped
                    .iter()
                    .map(|(reason, n_files)| (reason.id().to_owned(), *n_files))
                    .collect(),
            ),
            files: Some(manifest.n_files),
            features: manifest.features.iter().map(feature).collect(),
            keys: report.map_or_else(Vec::new, |report| keys::keys(report, link.as_deref())),
            closed_keys: report
                .map_or_else(Vec::new, |report| keys::closed(report, link.as_deref())),
            fingerprint: fingerprint.map(ToString::to_string),
            link,
        }
    }
}

fn feature(feature: &ModelFeature) -> Feature {
    Feature {
        name: safe(&feature.name),
        optional: feature.optional,
    }
}

fn permission(needed: &Needed, spell: Spell) -> Permission {
    Permission {
        id: needed.id.to_string(),
        label: needed.label.as_deref().map(safe),
        section: safe(&needed.section),
        access: access(needed.id.access),
        grade: grade(needed.grade),
        tier: needed.tier.id().to_owned(),
        alternatives: needed
            .alternatives
            .iter()
            .map(ToString::to_string)
            .collect(),
        requests: needed
            .requests
            .iter()
            .map(|one| Request {
                endpoint: safe(&one.endpoint.to_string()),
                expand: expand(&one.cause),
                event: event(&one.cause),
                grade: (one.cause != Cause::Endpoint).then(|| grade(one.grade)),
                tier: one.tier.id().to_owned(),
                features: one.features.iter().map(|name| safe(name)).collect(),
                at: places(&one.at, spell),
            })
            .collect(),
    }
}

fn unmapped(unmapped: &ModelUnmapped, spell: Spell) -> Unmapped {
    let request = &unmapped.request;
    let code = match unmapped.reason {
        UnmappedReason::UnknownPermission => "unknown-permission",
        UnmappedReason::UnknownEndpoint => "unknown-endpoint",
        UnmappedReason::DirectOnly => "direct-only",
        UnmappedReason::UnknownExpand => "unknown-expand",
    };
    Unmapped {
        endpoint: safe(&request.endpoint.to_string()),
        expand: expand(&request.cause),
        event: event(&request.cause),
        tier: request.tier.id().to_owned(),
        at: places(&request.at, spell),
        code: code.to_owned(),
        reason: unmapped.explanation().to_owned(),
    }
}

/// Returns the places of a request; several columns of one line are one place where columns are not
/// written.
fn places(at: &[Location], spell: Spell) -> Vec<Place> {
    let mut places: Vec<Place> = at.iter().map(spell).collect();
    places.dedup();
    places
}

fn not_counted(one: &ModelNotCounted, spell: Spell) -> NotCounted {
    NotCounted {
        endpoint: safe(&one.endpoint),
        reason: one.reason.id().to_owned(),
        host: match &one.reason {
            Apart::PublishableKey | Apart::NoPermission => None,
            Apart::Proxy(host) => Some(safe(host)),
        },
        at: places(&one.at, spell),
    }
}

fn expand(cause: &Cause) -> Option<String> {
    match cause {
        Cause::Expand(path) => Some(safe(path)),
        Cause::Endpoint | Cause::Event(_) => None,
    }
}

fn event(cause: &Cause) -> Option<String> {
    match cause {
        Cause::Event(event) => Some(safe(event)),
        Cause::Endpoint | Cause::Expand(_) => None,
    }
}

fn unresolved(diagnostic: &Diagnostic, spell: Spell) -> Unresolved {
    Unresolved {
        at: spell(&diagnostic.location),
        code: diagnostic.code.id().to_owned(),
        reason: safe(&diagnostic.message),
        function: diagnostic.within.as_deref().map(safe),
        help: help(diagnostic).map(|help| safe(&help)),
    }
}

fn assumed(one: &ModelAssumed, spell: Spell) -> Assumed {
    Assumed {
        endpoint: safe(&one.endpoint.to_string()),
        at: spell(&one.at),
        by: safe(&one.by),
    }
}

fn suppressed(one: &ModelSuppressed, spell: Spell) -> Suppressed {
    Suppressed {
        at: spell(&one.diagnostic.location),
        code: one.diagnostic.code.id().to_owned(),
        reason: safe(&one.diagnostic.message),
        by: safe(&one.by),
        because: safe(&one.reason),
    }
}

fn excluded(one: &ModelExcluded) -> Excluded {
    Excluded {
        path: safe(&one.pattern),
        files: Some(one.n_files),
        by: safe(&one.by),
        because: safe(&one.reason),
    }
}

fn sdk(sdk: &SdkInUse) -> Sdk {
    Sdk {
        name: safe(&sdk.name),
        version: sdk.version.as_deref().map(safe),
        path: sdk.path.as_deref().map(safe),
        namespace: sdk.namespace.as_deref().map(safe),
    }
}

const fn access(access: ModelAccess) -> Access {
    match access {
        ModelAccess::Read => Access::Read,
        ModelAccess::Write => Access::Write,
    }
}

const fn grade(grade: ModelGrade) -> Grade {
    match grade {
        ModelGrade::Official => Grade::Official,
        ModelGrade::Observed => Grade::Observed,
        ModelGrade::Documented => Grade::Documented,
        ModelGrade::Inferred => Grade::Inferred,
        ModelGrade::Unknown => Grade::Unknown,
    }
}

pub(super) fn safe(text: &str) -> String {
    sanitize(text).into_owned()
}
