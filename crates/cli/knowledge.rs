//! The rule table as the command line sees it.
//!
//! [`Knowledge`] stands in for methods of [`RuleSet`] that are on their way; each has the name and
//! the signature of the method that will replace it.

use std::{fs, path::PathBuf};

use model::{
    Name,
    api::{Endpoint, EndpointId, SdkId},
    permission::{Grade, PermissionId, PermissionInfo},
    unit::Version,
};
use rules::RuleSet;

use crate::{error::CliError, input::failed};

/// Returns the built-in rules with those of `files` added.
pub(crate) fn load(files: &[PathBuf]) -> Result<RuleSet, CliError> {
    files.iter().try_fold(RuleSet::builtin(), |rules, file| {
        let bytes = fs::read(file).map_err(|source| failed(file, source))?;
        let text = String::from_utf8_lossy(&bytes);
        Ok(rules.with_rules(&file.display().to_string(), &text)?)
    })
}

/// Why a rule file cannot be used.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
#[error("cannot read the rules in `{name}`")]
#[diagnostic(help("leave out --rules: only the built-in table can be used"))]
pub(crate) struct RuleError {
    name: String,
}

/// One permission of the catalogue.
#[derive(Clone, Debug)]
pub(crate) struct PermissionRule {
    pub(crate) info: PermissionInfo,
    pub(crate) direct_only: Option<bool>,
    pub(crate) source: Option<Name>,
    pub(crate) note: Option<Name>,
}

/// What an endpoint asks of a key.
#[derive(Clone, Debug)]
#[expect(dead_code, reason = "made by the rule table")]
pub(crate) enum Answer {
    /// Any one of these permissions.
    Needs(Vec<PermissionId>),
    /// No permission of the key.
    Nothing,
    /// Nobody has published it.
    Unknown,
}

/// One endpoint and what it asks of a key.
#[derive(Clone, Debug)]
pub(crate) struct EndpointRule {
    pub(crate) endpoint: Endpoint,
    pub(crate) answer: Answer,
    pub(crate) grade: Grade,
    pub(crate) status: Name,
    pub(crate) source: Option<Name>,
    pub(crate) note: Option<Name>,
}

/// One way in which an SDK spells a request.
#[derive(Clone, Debug)]
pub(crate) struct Spelling {
    pub(crate) sdk: SdkId,
    pub(crate) text: String,
    pub(crate) endpoint: EndpointId,
    pub(crate) since: Version,
    pub(crate) until: Option<Version>,
}

/// What [`RuleSet`] will know by itself.
pub(crate) trait Knowledge: Sized {
    fn with_rules(self, name: &str, text: &str) -> Result<Self, RuleError>;
    fn version(&self) -> &str;
    fn permissions(&self) -> std::slice::Iter<'_, PermissionRule>;
    fn endpoints(&self) -> std::slice::Iter<'_, EndpointRule>;
    fn endpoint(&self, endpoint: &Endpoint) -> Option<&EndpointRule>;
    fn endpoint_by_id(&self, id: EndpointId) -> &EndpointRule;
    fn sdk_spellings(&self, endpoint: &Endpoint) -> Vec<Spelling>;
    fn calls_spelled(&self, text: &str) -> Vec<Spelling>;
}

impl Knowledge for RuleSet {
    fn with_rules(self, name: &str, _text: &str) -> Result<Self, RuleError> {
        Err(RuleError {
            name: name.to_owned(),
        })
    }

    fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn permissions(&self) -> std::slice::Iter<'_, PermissionRule> {
        [].iter()
    }

    fn endpoints(&self) -> std::slice::Iter<'_, EndpointRule> {
        [].iter()
    }

    fn endpoint(&self, _endpoint: &Endpoint) -> Option<&EndpointRule> {
        None
    }

    fn endpoint_by_id(&self, _id: EndpointId) -> &EndpointRule {
        unreachable!("no call is known, so no endpoint of one is asked for")
    }

    fn sdk_spellings(&self, _endpoint: &Endpoint) -> Vec<Spelling> {
        Vec::new()
    }

    fn calls_spelled(&self, _text: &str) -> Vec<Spelling> {
        Vec::new()
    }
}
