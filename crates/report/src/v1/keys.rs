//! Keys that lie where they do not belong: never a key itself.

use std::collections::BTreeMap;

use model::key::{ClosedKey as ModelClosed, KeyFinding, KeyReport};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    Place, Tool, VERSION,
    convert::{full, safe},
};
use crate::{Options, key_help::help};

/// The report of `rakscan keys`: keys that lie where they do not belong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeysDocument {
    /// Version of this format.
    pub schema: u32,
    /// The program that made the report.
    pub tool: Tool,
    /// What was found in each path, in the order that they were given in.
    pub units: Vec<KeysUnit>,
}

/// What was found in one folder or file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct KeysUnit {
    /// Name of the folder or file.
    pub name: String,
    /// Number of files that were looked at.
    pub files: u64,
    /// What was found, the worst first.
    pub keys: Vec<Key>,
    /// What a comment closed.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub closed_keys: Vec<ClosedKey>,
    /// Number of files and folders that were left out, by reason.
    pub left_out: BTreeMap<String, u64>,
    /// Files that should have been looked at and could not.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unread: Vec<Unread>,
}

/// A key, or a variable meant for one, that lies where it does not belong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Key {
    /// Where it is.
    pub at: Place,
    /// What kind of mistake it is; `rakscan explain CODE` says more.
    pub code: String,
    /// How bad it is: `error`, `warning`, `note`.
    pub severity: String,
    /// Whose money the key moves: `live`, `test`, `unknown`.
    pub mode: String,
    /// Prefix and last four characters of the key, where there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub value: Option<String>,
    /// What is wrong, as a sentence.
    pub reason: String,
    /// What to do about it.
    pub help: String,
}

/// What a comment in the code closed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct ClosedKey {
    /// What was found.
    #[serde(flatten)]
    pub key: Key,
    /// The reason given.
    pub because: String,
}

/// A file that could not be looked at.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// Relative path with `/`.
    pub path: String,
    /// Why.
    pub reason: String,
}

impl KeysDocument {
    /// Makes the report.
    #[must_use]
    pub fn new(reports: &[KeyReport], options: &Options) -> Self {
        Self {
            schema: VERSION,
            tool: Tool {
                name: "rakscan".to_owned(),
                version: options.tool_version.clone(),
            },
            units: reports.iter().map(KeysUnit::new).collect(),
        }
    }
}

impl KeysUnit {
    fn new(report: &KeyReport) -> Self {
        let counts = report.left_out.iter();
        Self {
            name: safe(&report.name),
            files: report.n_files,
            keys: keys(report, None),
            closed_keys: closed(report, None),
            left_out: counts.map(|(why, n)| (why.id().to_owned(), *n)).collect(),
            unread: report
                .unread
                .iter()
                .map(|(path, reason)| Unread {
                    path: safe(path),
                    reason: safe(reason),
                })
                .collect(),
        }
    }
}

/// Lists what was found; `link` creates a restricted key for the code.
pub(super) fn keys(report: &KeyReport, link: Option<&str>) -> Vec<Key> {
    report.findings.iter().map(|one| key(one, link)).collect()
}

/// Lists what was closed.
pub(super) fn closed(report: &KeyReport, link: Option<&str>) -> Vec<ClosedKey> {
    let closed = |one: &ModelClosed| ClosedKey {
        key: key(&one.finding, link),
        because: safe(&one.reason),
    };
    report.closed.iter().map(closed).collect()
}

fn key(finding: &KeyFinding, link: Option<&str>) -> Key {
    Key {
        at: full(&finding.location),
        code: finding.code.id().to_owned(),
        severity: finding.severity.id().to_owned(),
        mode: finding.mode.id().to_owned(),
        value: finding.value.as_deref().map(safe),
        reason: safe(&finding.message),
        help: help(finding, link),
    }
}
