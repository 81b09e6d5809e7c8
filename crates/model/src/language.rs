//! The languages that can be read, and how a file is recognised as one of them.

use std::path::Path;

/// A source language with a front end in `syntax`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Language {
    /// PHP, alone or mixed with HTML.
    Php,
    /// JavaScript, including JSX.
    JavaScript,
    /// TypeScript without JSX.
    TypeScript,
    /// TypeScript with JSX.
    Tsx,
    /// Python 3.
    Python,
}

/// What is fixed about one language.
#[derive(Clone, Copy, Debug)]
pub struct LanguageInfo {
    /// The name used on the command line and in output.
    pub id: &'static str,
    /// File name extensions, lower case, without the dot.
    pub extensions: &'static [&'static str],
    /// Interpreter names that a `#!` line may end in.
    pub interpreters: &'static [&'static str],
}

impl Language {
    /// Every language, in the order of [`LanguageInfo::id`] lists.
    pub const ALL: [Self; 5] = [
        Self::Php,
        Self::JavaScript,
        Self::TypeScript,
        Self::Tsx,
        Self::Python,
    ];

    /// Returns the row of facts about this language.
    #[must_use]
    pub const fn info(self) -> LanguageInfo {
        match self {
            Self::Php => LanguageInfo {
                id: "php",
                extensions: &["php", "inc", "phtml", "module", "install", "theme"],
                interpreters: &["php"],
            },
            Self::JavaScript => LanguageInfo {
                id: "javascript",
                extensions: &["js", "mjs", "cjs", "jsx"],
                interpreters: &["node", "bun"],
            },
            Self::TypeScript => LanguageInfo {
                id: "typescript",
                extensions: &["ts", "mts", "cts"],
                interpreters: &["deno", "tsx", "ts-node"],
            },
            Self::Tsx => LanguageInfo {
                id: "tsx",
                extensions: &["tsx"],
                interpreters: &[],
            },
            Self::Python => LanguageInfo {
                id: "python",
                extensions: &["py", "pyi"],
                interpreters: &["python", "python3"],
            },
        }
    }

    /// Finds the language by the extension of `path`.
    ///
    /// Component files (`.vue`, `.svelte`, `.astro`) count as TypeScript: their script blocks are
    /// cut out before they are read, see [`is_component`].
    #[must_use]
    pub fn from_path(path: &Path) -> Option<Self> {
        let extension = path.extension()?.to_str()?.to_ascii_lowercase();
        if is_component(path) {
            return Some(Self::TypeScript);
        }
        Self::ALL
            .into_iter()
            .find(|language| language.info().extensions.contains(&extension.as_str()))
    }

    /// Finds the language by the `#!` line that `head` begins with.
    #[must_use]
    pub fn from_shebang(head: &[u8]) -> Option<Self> {
        let line = head.strip_prefix(b"#!")?;
        let line = line.split(|byte| *byte == b'\n').next()?;
        let line = std::str::from_utf8(line).ok()?;
        let program = line
            .split_whitespace()
            .map(|word| word.rsplit('/').next().unwrap_or(word))
            .find(|word| *word != "env" && !word.starts_with('-'))?;
        let stem = program.trim_end_matches(|c: char| c.is_ascii_digit() || c == '.');
        Self::ALL.into_iter().find(|language| {
            let interpreters = language.info().interpreters;
            interpreters.contains(&program) || interpreters.contains(&stem)
        })
    }

    /// Finds the language by its name on the command line.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| language.info().id == id)
    }

    /// Tells whether this is JavaScript or one of its typed forms.
    #[must_use]
    pub const fn is_script(self) -> bool {
        matches!(self, Self::JavaScript | Self::TypeScript | Self::Tsx)
    }
}

/// Tells whether `path` is a component file whose script blocks hold the code.
#[must_use]
pub fn is_component(path: &Path) -> bool {
    path.extension()
        .and_then(|extension| extension.to_str())
        .is_some_and(|extension| {
            ["vue", "svelte", "astro"].contains(&extension.to_ascii_lowercase().as_str())
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn extension_decides_the_language() {
        let of = |path: &str| Language::from_path(Path::new(path));
        assert_eq!(of("a/b.PHP"), Some(Language::Php));
        assert_eq!(of("x.module"), Some(Language::Php));
        assert_eq!(of("x.mts"), Some(Language::TypeScript));
        assert_eq!(of("x.vue"), Some(Language::TypeScript));
        assert_eq!(of("README"), None);
        assert_eq!(of("x.rb"), None);
    }

    #[test]
    fn shebang_decides_where_there_is_no_extension() {
        assert_eq!(
            Language::from_shebang(b"#!/usr/bin/env -S python3.11 -u\n"),
            Some(Language::Python)
        );
        assert_eq!(
            Language::from_shebang(b"#!/usr/bin/node\n"),
            Some(Language::JavaScript)
        );
        assert_eq!(Language::from_shebang(b"#!/bin/sh\n"), None);
        assert_eq!(Language::from_shebang(b"plain"), None);
    }
}
