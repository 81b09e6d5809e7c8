//! The permissions in words for those who create the key: in a README, or in a WordPress `readme.txt`.
//!
//! Writes into existing text, between markers or as a whole sub-section, and leaves the rest alone.

mod markdown;
mod purpose;
mod readme;
mod rows;

use model::manifest::Manifest;

/// A kind of document.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Markup {
    /// Markdown, between two markers.
    Markdown,
    /// The `readme.txt` of a WordPress plugin.
    Readme,
}

impl Markup {
    /// Every kind.
    pub const ALL: [Self; 2] = [Self::Markdown, Self::Readme];

    /// Returns the name on the command line.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Markdown => "markdown",
            Self::Readme => "readme",
        }
    }

    /// Finds the kind by its name.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|markup| markup.id() == id)
    }
}

/// Why a document cannot be written into.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DocsError {
    /// The first marker has no second, or the second no first.
    #[error("line {line}: the marker `{marker}` has no counterpart")]
    LoneMarker {
        /// Its line, from 1.
        line: usize,
        /// The marker.
        marker: &'static str,
    },
    /// There are several pairs of markers.
    #[error("line {line}: the marker `{marker}` stands there a second time")]
    SecondMarker {
        /// Its line, from 1.
        line: usize,
        /// The marker.
        marker: &'static str,
    },
    /// It is no `readme.txt` of a plugin.
    #[error("it does not begin with `=== Plugin Name ===`")]
    NotReadme,
}

/// Returns the text about `manifest` by itself.
#[must_use]
pub fn render(manifest: &Manifest, markup: Markup) -> String {
    match markup {
        Markup::Markdown => markdown::block(manifest),
        Markup::Readme => readme::alone(manifest),
    }
}

/// Returns `old` with the text about `manifest` in its place.
///
/// # Errors
///
/// Fails where it cannot be told which part of `old` is to be replaced.
pub fn update(old: &str, manifest: &Manifest, markup: Markup) -> Result<String, DocsError> {
    let has_returns = old.contains("\r\n");
    let plain = old.replace("\r\n", "\n");
    let new = match markup {
        Markup::Markdown => markdown::update(&plain, manifest)?,
        Markup::Readme => readme::update(&plain, manifest)?,
    };
    Ok(if has_returns {
        new.replace('\n', "\r\n")
    } else {
        new
    })
}
