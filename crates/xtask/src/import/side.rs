//! `expand.yaml` and `events.yaml`: tables for later use.

use std::{fmt::Write as _, path::Path};

use crate::{ChoreError, facts::Facts, yaml};

const EXPAND: &str = "\
# Read permissions that expanding a property asks for beside the permission of the request.
";

const EVENTS: &str = "\
# Read permissions that an event of a type asks for beside `event_read`; any one of them is enough.
";

/// Writes `expand.yaml`.
pub(crate) fn expand(dir: &Path) -> Result<String, ChoreError> {
    let facts = Facts::read(dir, "expand_permissions")?;
    let mut text = EXPAND.to_owned();
    for [object, field, target, permission, grade, kind, state, note] in facts.rows([
        "object",
        "field",
        "expands_to",
        "permission",
        "grade",
        "kind",
        "state",
        "note",
    ])? {
        let kind = if kind == "expand" { "" } else { kind };
        let tail = yaml::flow_map(&[
            ("grade", grade),
            ("kind", kind),
            ("last_seen", last_seen(state)),
            ("note", note),
        ]);
        // A target in parentheses is no object.
        let targets = if target.starts_with('(') {
            String::new()
        } else {
            let targets = yaml::flow_list(target.split('|').map(str::trim));
            format!("expands_to: {targets}, ")
        };
        let _ = writeln!(
            text,
            "- {{ object: {}, field: {}, {targets}permission: {}, {}",
            yaml::flow(object),
            yaml::flow(field),
            one_or_list(permission),
            tail.trim_start_matches("{ "),
        );
    }
    Ok(text)
}

/// Writes `events.yaml`.
pub(crate) fn events(dir: &Path) -> Result<String, ChoreError> {
    let facts = Facts::read(dir, "events_permissions")?;
    let mut text = EVENTS.to_owned();
    for [event, permission, grade, state, source, note] in facts.rows([
        "event_type",
        "permission",
        "grade",
        "state",
        "source",
        "note",
    ])? {
        let tail = yaml::flow_map(&[
            ("grade", grade),
            ("last_seen", last_seen(state)),
            ("source", source),
            ("note", note),
        ]);
        let _ = writeln!(
            text,
            "- {{ event: {}, permission: {}, {}",
            yaml::flow(event),
            one_or_list(permission),
            tail.trim_start_matches("{ "),
        );
    }
    Ok(text)
}

fn one_or_list(permission: &str) -> String {
    let ids: Vec<&str> = permission.split('|').collect();
    match ids.as_slice() {
        [one] => yaml::flow(one),
        several => yaml::flow_list(several.iter().copied()),
    }
}

/// Returns the date of `last seen 2018-11-28`; nothing for what is current.
fn last_seen(state: &str) -> &str {
    state
        .strip_prefix("last seen ")
        .unwrap_or(if state == "current" { "" } else { state })
}
