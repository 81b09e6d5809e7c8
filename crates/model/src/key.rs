//! API keys and webhook secrets that lie where they do not belong.

use std::collections::BTreeMap;

use crate::{Name, diagnostic::Code, source::Location};

/// How bad it is that a key lies there, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Whoever can read the file can use the key.
    Error,
    /// It should not be so, and does no harm by itself.
    Warning,
    /// Something better is possible.
    Note,
}

impl Severity {
    /// Returns the word for this severity in output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// Whose money a key moves, worst first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// Real money.
    Live,
    /// None.
    Test,
    /// Cannot be told.
    Unknown,
}

impl Mode {
    /// Returns the word for this mode in output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Live => "live",
            Self::Test => "test",
            Self::Unknown => "unknown",
        }
    }
}

/// One place where a key lies or is handed to where it does not belong.
///
/// Sorts the worst first. No field holds a key: values are shortened before they get here.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyFinding {
    /// How bad it is.
    pub severity: Severity,
    /// Whether the key is for real money.
    pub mode: Mode,
    /// Where it is; the excerpt is masked.
    pub location: Location,
    /// What kind it is.
    pub code: Code,
    /// One lower-case sentence about this place, code in backticks, without a full stop.
    pub message: Name,
    /// Prefix and last four characters of the key, where there is one.
    pub value: Option<Name>,
}

/// A finding that a comment of the owner of the code closed.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct ClosedKey {
    /// What was found.
    pub finding: KeyFinding,
    /// The reason given.
    pub reason: Name,
}

/// Why keys were not looked for in files or folders.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeftOut {
    /// Named by an ignore file.
    Ignored,
    /// A folder of dependencies or a bundled copy of the Stripe SDK.
    Dependency,
    /// A test or fixture.
    Test,
    /// Documentation, a translation, or the example of a configuration.
    Documentation,
    /// Named under `ignore` in `rakscan.yaml`.
    Configured,
    /// Larger than the limit.
    TooLarge,
    /// Not text.
    Binary,
    /// A link.
    Link,
}

impl LeftOut {
    /// Returns the word for this reason in output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Ignored => "ignored",
            Self::Dependency => "dependency",
            Self::Test => "test",
            Self::Documentation => "documentation",
            Self::Configured => "configured",
            Self::TooLarge => "too-large",
            Self::Binary => "binary",
            Self::Link => "link",
        }
    }
}

/// What was found of keys below one folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyReport {
    /// Name of the folder or file.
    pub name: Name,
    /// What was found, the worst first.
    pub findings: Vec<KeyFinding>,
    /// What a comment closed, in the same order.
    pub closed: Vec<ClosedKey>,
    /// How many files were looked at.
    pub n_files: u64,
    /// How many files and folders were left out, by reason.
    pub left_out: BTreeMap<LeftOut, u64>,
    /// Files that could not be looked at, each with the reason, sorted.
    pub unread: Vec<(Name, Name)>,
}

impl KeyReport {
    /// Counts the findings of a severity.
    #[must_use]
    pub fn n_of(&self, severity: Severity) -> usize {
        let all = self.findings.iter();
        all.filter(|finding| finding.severity == severity).count()
    }
}

/// Returns the sentences that `explain` prints for a code about keys.
pub(crate) const fn explanation(code: Code) -> &'static str {
    match code {
        Code::KeyInSource => {
            "A secret or restricted API key stands in the source code. Everybody who can \
                 read the code, an old commit of it or a copy that was shipped can use the \
                 account with it. Roll the key in the Dashboard (a commit that removes it does \
                 not take it back), keep the new one in the environment or a secret manager, \
                 and give it no more permissions than `rakscan scan` lists."
        }
        Code::KeyInConfig => {
            "A secret or restricted API key stands in a configuration file inside the tree, \
                 such as `.env` or `wp-config.php`. Such files end up in repositories, images \
                 and backups. If it was ever committed or shipped, roll the key in the \
                 Dashboard; name the file in `.gitignore` and commit an example without values, \
                 or read the key from a secret manager. Files that ignore files name are only \
                 looked at with `--no-ignore`."
        }
        Code::KeyInBrowser => {
            "A secret or restricted key becomes part of what browsers load. Front-end \
                 frameworks write variables with certain prefixes (`NEXT_PUBLIC_`, `VITE_`, \
                 `REACT_APP_` and others) into the scripts that every visitor gets, and so does \
                 a key in a page or a client component. Roll the key, use it on the server \
                 under a name without such a prefix, and give browsers the publishable key \
                 (`pk_`) alone."
        }
        Code::KeyToStripeJs => {
            "A secret or restricted key is handed to Stripe.js (`Stripe(…)`, \
                 `loadStripe(…)`). Stripe.js runs in the browser, so every visitor gets the \
                 key, and Stripe refuses it there. Roll the key, and hand over the publishable \
                 key (`pk_`)."
        }
        Code::DebugWithKey => {
            "`APP_DEBUG` is switched on beside a Stripe key. The error pages of Laravel \
                 show the environment to visitors, keys included. Switch it off where others \
                 can reach the site; roll the key if it was on there."
        }
        Code::FullKey => {
            "A secret key (`sk_live_`) may do everything in the account: refund, pay out, \
                 read every customer. A restricted key (`rk_live_`) works in the same places \
                 with only the permissions that the code needs; `rakscan scan` lists them and \
                 prints the link that creates it."
        }
        Code::WebhookSecret => {
            "The signing secret of a webhook (`whsec_`) stands in a file beside the code. \
                 Who has it can send events that your code takes for Stripe's, for instance \
                 that an order was paid. Roll the secret of the endpoint in the Dashboard, and \
                 keep the new one in the environment or a secret manager."
        }
        _ => "",
    }
}
