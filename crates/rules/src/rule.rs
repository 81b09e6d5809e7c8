//! Checked rows of the rule table.

use std::{borrow::Cow, fmt};

use model::{
    Name,
    api::{Endpoint, EndpointId, SdkId},
    permission::{Access, Grade, PermissionId, PermissionInfo},
    unit::Version,
};

/// One permission of the catalogue: what the Dashboard shows, and how we know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionRule {
    /// What the Dashboard shows.
    pub info: PermissionInfo,
    /// Whether it exists only for the own account; `None` where nobody has published that.
    pub direct_only: Option<bool>,
    /// Whether the published schema of Stripe App manifests accepts it.
    pub app_schema: bool,
    /// Where it is published.
    pub source: Option<Cow<'static, str>>,
    /// What a reader should know.
    pub note: Option<Cow<'static, str>>,
}

/// What an endpoint asks of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Any one of these permissions; the first is the one to recommend.
    Needs(Vec<PermissionId>),
    /// No permission of the key.
    Nothing,
    /// Nobody has published it.
    Unknown,
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Needs(ids) => {
                for (n, id) in ids.iter().enumerate() {
                    let separator = if n == 0 { "" } else { "|" };
                    write!(f, "{separator}{id}")?;
                }
                Ok(())
            }
            Self::Nothing => f.write_str("none"),
            Self::Unknown => f.write_str("unknown"),
        }
    }
}

/// One endpoint and what it asks of a key.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EndpointRule {
    /// Verb and path.
    pub endpoint: Endpoint,
    /// What it asks.
    pub answer: Answer,
    /// How well that is known.
    pub grade: Grade,
    /// Where in its life the endpoint is: `ga`, `preview`, `removed` …
    pub status: Cow<'static, str>,
    /// The Dashboard section, where the permission does not say it.
    pub section: Option<Cow<'static, str>>,
    /// The Dashboard row, where the permission does not say it.
    pub label: Option<Cow<'static, str>>,
    /// Where it is published.
    pub source: Option<Cow<'static, str>>,
    /// What a reader should know.
    pub note: Option<Cow<'static, str>>,
    /// The user's rule file that the row is from; `None` for a row that comes with the program.
    pub file: Option<Name>,
}

/// One way in which an SDK spells a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spelling {
    /// The SDK.
    pub sdk: SdkId,
    /// The call as code of that SDK has it, without arguments.
    pub text: String,
    /// What it requests.
    pub endpoint: EndpointId,
    /// First release that has it.
    pub since: Version,
    /// Last release that has it; `None` where the newest has it.
    pub until: Option<Version>,
}

/// The release that stands for "the newest, and all to come".
pub(crate) const NEWEST: Version = Version {
    major: u16::MAX,
    minor: u16::MAX,
    patch: u16::MAX,
};

/// Reads the word for an access level.
pub(crate) fn access(word: &str) -> Option<Access> {
    [Access::Read, Access::Write]
        .into_iter()
        .find(|access| access.suffix() == word)
}
