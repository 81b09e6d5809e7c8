//! Renders manifests.
//!
//! Owns the output formats, one file each. Deliberately knows no analysis, no terminal and no file:
//! whether there are colours, and how wide a line may be, is told in [`Options`].

use std::{
    collections::BTreeSet,
    io::{self, Write},
};

use model::{manifest::Manifest, permission::PermissionId};

pub mod directory;
pub mod docs;
mod endpoints;
mod github;
mod help;
mod json;
mod jsonl;
mod key_help;
pub mod keys;
pub mod layout;
mod link;
mod markdown;
mod matrix;
mod place;
mod problem;
mod purpose;
mod sanitize;
mod sarif;
mod stripe_app;
mod stripe_cli;
mod text;
pub mod trace;
pub mod v1;
mod yaml;

pub use json::{changes_schema, line_schema, read as read_json, schema as json_schema};
pub use jsonl::{Head, read as read_line};
pub use link::{Mode, link};
pub use markdown::{code as markdown_code, escape as markdown_escape};
pub use place::Start;
pub use sanitize::sanitize;
pub use sarif::n_cut as n_cut_from_sarif;
pub use stripe_app::{Refused, refused as refused_by_stripe_apps};
pub use stripe_cli::{endpoints as stripe_cli_endpoints, example as stripe_cli_example};
pub use yaml::read as read_yaml;

/// An output format.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Format {
    /// A table for people.
    Text,
    /// Everything that is known, for programs.
    Json,
    /// The same, one line for each unit.
    Jsonl,
    /// The manifest file that is committed beside the code.
    Yaml,
    /// A table for a README or a pull request.
    Markdown,
    /// One endpoint a line.
    Endpoints,
    /// The address of the Dashboard page that creates the key.
    Link,
    /// Problems for code scanning.
    Sarif,
    /// Problems as annotations of a workflow on GitHub.
    Github,
    /// The permissions of a Stripe App.
    StripeApp,
    /// A command for Stripe's own program.
    StripeCli,
}

impl Format {
    /// Every format.
    pub const ALL: [Self; 11] = [
        Self::Text,
        Self::Json,
        Self::Jsonl,
        Self::Yaml,
        Self::Markdown,
        Self::Endpoints,
        Self::Link,
        Self::Sarif,
        Self::Github,
        Self::StripeApp,
        Self::StripeCli,
    ];

    /// Returns the name of the format on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Json => "json",
            Self::Jsonl => "jsonl",
            Self::Yaml => "yaml",
            Self::Markdown => "markdown",
            Self::Endpoints => "endpoints",
            Self::Link => "link",
            Self::Sarif => "sarif",
            Self::Github => "github",
            Self::StripeApp => "stripe-app",
            Self::StripeCli => "stripe-cli",
        }
    }

    /// Returns what the format is for, in a few words.
    #[must_use]
    pub const fn summary(self) -> &'static str {
        match self {
            Self::Text => "a table for people",
            Self::Json => "everything that is known, for programs",
            Self::Jsonl => "the same, one line per unit as soon as it is done",
            Self::Yaml => "the manifest file to commit, one document per unit",
            Self::Markdown => "a table for a README or a pull request",
            Self::Endpoints => "one line per endpoint, as in `POST /v1/refunds`",
            Self::Link => "the Dashboard page that creates the key, filled in",
            Self::Sarif => "what is open, for code scanning (SARIF 2.1.0)",
            Self::Github => "what is open, as annotations and job summary of a GitHub workflow",
            Self::StripeApp => "the `permissions` of a Stripe App manifest",
            Self::StripeCli => "the `stripe keys permissions` command that asks Stripe",
        }
    }

    /// Finds the format by its name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|format| format.id() == id)
    }
}

/// What formats for single findings list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Findings {
    /// What somebody must look at.
    #[default]
    Problems,
    /// Also each place that needs a permission, and what is good to know.
    All,
}

/// How manifests are rendered, and what made them.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Version of the program.
    pub tool_version: String,
    /// Version of the rule table.
    pub rules_version: String,
    /// Names of the rule files that were added to the table.
    pub added_rules: Vec<String>,
    /// Whether text is coloured.
    pub styles: bool,
    /// Whether text shows every place, not only the first.
    pub verbose: bool,
    /// Whether text says which files were left out, and why.
    pub explain_skips: bool,
    /// Columns that text may take; `None` for no limit.
    pub width: Option<usize>,
    /// Which kind of key the Dashboard links create.
    pub mode: Mode,
    /// What SARIF lists.
    pub findings: Findings,
    /// Where paths of SARIF and annotations start.
    pub start: Start,
    /// The permissions that the manifest of a Stripe App can ask for.
    pub app_permissions: BTreeSet<PermissionId>,
}

/// Writes `manifests` to `out`.
///
/// # Errors
///
/// Fails where `out` does.
pub fn render(
    format: Format,
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    match format {
        Format::Text => text::render(manifests, options, out),
        Format::Json => json::render(manifests, options, out),
        Format::Jsonl => jsonl::render(manifests, options, out),
        Format::Yaml => yaml::render(manifests, options, out),
        Format::Markdown => markdown::render(manifests, options, out),
        Format::Endpoints => endpoints::render(manifests, out),
        Format::Link => link::render(manifests, options, out),
        Format::Sarif => sarif::render(manifests, options, out),
        Format::Github => github::render(manifests, options, out),
        Format::StripeApp => stripe_app::render(manifests, options, out),
        Format::StripeCli => stripe_cli::render(manifests, out),
    }
}
