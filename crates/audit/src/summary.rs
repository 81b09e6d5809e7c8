//! What the code, the log and the key are, in the words of the report.

use std::collections::BTreeSet;

use model::permission::PermissionId;
use report::{sanitize, v1 as manifest};

use crate::{
    granted::Granted,
    log::{LogPlace, Usage},
    v1::{BadLine, Code, Granted as GrantedOut, Log, LogPlace as PlaceOut},
};

/// Returns `text` as it may be shown: without secrets and without what moves a cursor.
pub(crate) fn safe(text: &str) -> String {
    sanitize(&model::source::mask_secrets(text)).into_owned()
}

pub(crate) fn said_of_code(units: &[manifest::Unit]) -> Code {
    let name = |unit: &manifest::Unit| match &unit.unit.version {
        Some(version) => safe(&format!("{} {version}", unit.unit.name)),
        None => safe(&unit.unit.name),
    };
    let is_open = |one: &&manifest::Unresolved| {
        model::diagnostic::Code::from_id(&one.code).is_none_or(|code| !code.leaves_complete())
    };
    let open = |unit: &manifest::Unit| {
        let tiers = crate::needs::key_tiers(unit);
        let unmapped = unit.unmapped.iter();
        let n_unmapped = unmapped
            .filter(|one| tiers.contains(&one.tier.as_str()))
            .count();
        unit.unresolved.iter().filter(is_open).count() + n_unmapped
    };
    Code {
        units: units.iter().map(name).collect(),
        complete: units.iter().all(|unit| unit.complete),
        open_at: units
            .iter()
            .flat_map(|unit| unit.unresolved.iter().filter(is_open))
            .map(|one| safe(&crate::needs::place(&one.at)))
            .collect(),
        open: u64::try_from(units.iter().map(open).sum::<usize>()).unwrap_or(u64::MAX),
    }
}

pub(crate) fn said_of_log(usage: &Usage) -> Log {
    let bad = |(at, reason): &(LogPlace, crate::log::Bad)| BadLine {
        at: place_out(at),
        reason: reason.text().to_owned(),
    };
    Log {
        files: usage.files.iter().map(|file| safe(file)).collect(),
        requests: usage.n_requests,
        elsewhere: usage.n_elsewhere,
        dropped: usage.n_dropped,
        bad_lines: usage.n_bad,
        bad: usage.bad.iter().map(bad).collect(),
    }
}

pub(crate) fn said_of_key(granted: &Granted) -> GrantedOut {
    let ids = |all: &BTreeSet<PermissionId>| names(all.iter());
    GrantedOut {
        permissions: ids(&granted.own),
        connect: ids(&granted.connect),
    }
}

pub(crate) fn names<'i>(ids: impl Iterator<Item = &'i PermissionId>) -> Vec<String> {
    ids.map(ToString::to_string).collect()
}

pub(crate) fn place_out(place: &LogPlace) -> PlaceOut {
    PlaceOut {
        file: safe(&place.file),
        line: place.line,
    }
}
