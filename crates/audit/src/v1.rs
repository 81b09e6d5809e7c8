//! Version 1 of the audit that programs read, and its JSON Schema.
//!
//! Everything that comes from a log or from code is escaped and masked on the way in, so that it can be
//! shown as it is.

use std::{
    collections::BTreeMap,
    io::{self, Write},
};

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The version that this module writes.
pub const VERSION: u32 = 1;

/// Request logs and the permissions of a key, compared with what code needs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Audit {
    /// Version of this format.
    pub audit: u32,
    /// The program that made the report.
    pub tool: report::v1::Tool,
    /// The rule table that it used.
    pub rules: report::v1::Rules,
    /// The code.
    pub code: Code,
    /// The logs; absent where none was given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<Log>,
    /// What the key may do; absent where that was not given.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<Granted>,
    /// Number of findings: the entries of `used_not_found`, `not_granted` and `not_needed`.
    pub findings: u64,
    /// Endpoints that the logs show and the code does not: a finding each.
    pub used_not_found: Vec<Used>,
    /// Permissions that are needed and that the key does not have: a finding each.
    pub not_granted: Vec<NotGranted>,
    /// Permissions that the key has, and that nothing needs or only for reading: a finding each.
    pub not_needed: Vec<NotNeeded>,
    /// Requests that Stripe refused with 403.
    pub refused: Vec<Refused>,
    /// Endpoints that the code requests and the logs do not show; no finding.
    pub not_used: Vec<InCode>,
    /// Every endpoint that the logs show.
    pub used: Vec<Used>,
}

/// The code that logs and key are compared with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Code {
    /// Names of the units.
    pub units: Vec<String>,
    /// Whether nothing was left open in them. If not, what is open may need more.
    pub complete: bool,
    /// Number of places and endpoints that are open.
    pub open: u64,
    /// The places that could not be resolved.
    pub open_at: Vec<String>,
}

/// What the logs hold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Log {
    /// Their names.
    pub files: Vec<String>,
    /// Number of requests to Stripe's API.
    pub requests: u64,
    /// Number of requests to elsewhere; they count for nothing.
    pub elsewhere: u64,
    /// Number of requests to unknown endpoints beyond the first thousand such endpoints; not kept.
    pub dropped: u64,
    /// Number of lines that could not be read.
    pub bad_lines: u64,
    /// The first of them.
    pub bad: Vec<BadLine>,
}

/// A line that could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct BadLine {
    /// Where it is.
    pub at: LogPlace,
    /// Why.
    pub reason: String,
}

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct LogPlace {
    /// Name of the log.
    pub file: String,
    /// Line, from 1.
    pub line: u64,
}

/// What a key may do.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Granted {
    /// Ids of permissions for the own account.
    pub permissions: Vec<String>,
    /// Ids of permissions for connected accounts.
    pub connect: Vec<String>,
}

/// An endpoint that the logs show.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Used {
    /// Verb and path: `POST /v1/refunds`.
    pub endpoint: String,
    /// Whether the log says for which account: `own`, `connect`, `unknown`.
    pub account: String,
    /// Whether the endpoint is in the rule table, and asks for a permission: `known`, `nothing`,
    /// `unknown-permission`, `unknown-endpoint`.
    pub rule: String,
    /// Permissions any one of which it needs.
    pub permissions: Vec<String>,
    /// Number of requests.
    pub count: u64,
    /// Number of requests by HTTP status, where the log has it.
    pub statuses: BTreeMap<u16, u64>,
    /// Status of the last one in the log.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_status: Option<u16>,
    /// The first one in the log.
    pub first: LogPlace,
    /// Whether the code requests it: `yes`, `no`, `unreferenced`, `other-account`.
    pub in_code: String,
    /// The places in the code.
    pub at: Vec<String>,
}

/// A permission that is needed and that the key does not have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotGranted {
    /// Permissions any one of which is enough; the first is the one to recommend.
    pub permissions: Vec<Permission>,
    /// Whether it is missing in the Connect column.
    pub connect: bool,
    /// What needs it, or only to read with it.
    pub requests: Vec<Needing>,
}

/// A permission of the table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Permission {
    /// The id, without the prefix `rak_`.
    pub id: String,
    /// Row label in the Dashboard, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub label: Option<String>,
    /// `Read` or `Write`.
    pub access: String,
}

/// A request that needs a permission.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Needing {
    /// The request, with the part of it that needs the permission.
    pub request: String,
    /// The places in the code.
    pub at: Vec<String>,
    /// The first such request in the log, where one is there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub log: Option<LogPlace>,
    /// Sentence with which Stripe refuses it.
    pub message: String,
    /// The same as it was worded up to 2026.
    pub message_before: String,
}

/// A permission that the key could do without.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct NotNeeded {
    /// The permission.
    pub permission: Permission,
    /// Whether it is in the Connect column.
    pub connect: bool,
    /// The permission to grant instead, where reading is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub instead: Option<String>,
}

/// A request that Stripe refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Refused {
    /// Verb and path.
    pub endpoint: String,
    /// Whether the log says for which account: `own`, `connect`, `unknown`.
    pub account: String,
    /// Number of requests.
    pub count: u64,
    /// The first one in the log.
    pub first: LogPlace,
    /// Form of the message: `singular`, `plural`, `label`, `unnamed`, `not-for-restricted-keys`,
    /// `no-message`.
    pub form: String,
    /// What follows from that form, as a sentence.
    pub consequence: String,
    /// Permissions that the message names.
    pub permissions: Vec<Permission>,
    /// What the message names and the table does not know.
    pub unknown: Vec<String>,
    /// Permissions any one of which the endpoint needs by the table.
    pub by_table: Vec<String>,
    /// Whether the key has what the message names, or by the table if it names nothing. Absent where
    /// the permissions of the key were not given, or neither says what is needed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub granted: Option<bool>,
    /// The places in the code that request it.
    pub at: Vec<String>,
}

/// An endpoint that the code requests.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct InCode {
    /// Verb and path.
    pub endpoint: String,
    /// The places in the code.
    pub at: Vec<String>,
}

/// Writes the audit for programs.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(audit: &Audit, out: &mut dyn Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut *out, audit)?;
    writeln!(out)
}

/// Returns the JSON Schema of the audit, as it is checked in under `schema/`.
#[must_use]
pub fn schema() -> String {
    let schema = schemars::schema_for!(Audit);
    format!("{:#}\n", schema.as_value())
}
