//! Patterns of files as `.gitignore` has them.
//!
//! Written for few and short patterns: each is tried part by part of a path, nothing is compiled, and
//! no pattern takes longer than its length times that of the path.

mod glob;

use std::{fs, path::Path};

use self::glob::Glob;
pub(crate) use self::glob::PatternFault;

/// Patterns in the order of their file.
#[derive(Clone, Debug, Default)]
pub(crate) struct Patterns(Vec<Pattern>);

/// What patterns say of a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Said {
    /// It is left out.
    Out,
    /// It is not left out, whatever outer patterns say.
    In,
    /// Nothing.
    Nothing,
}

/// One line.
#[derive(Clone, Debug)]
struct Pattern {
    /// Any of them; several where the line has braces.
    globs: Vec<Glob>,
    /// Whether it takes back what others say.
    is_exception: bool,
    only_folders: bool,
}

impl Patterns {
    /// Reads a file; a line that is no pattern is left out, as by git.
    pub(crate) fn read(file: &Path) -> Self {
        let bytes = fs::read(file).unwrap_or_default();
        let text = String::from_utf8_lossy(bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes));
        let lines = text.lines().filter_map(|line| Pattern::parse(line).ok());
        Self(lines.flatten().collect())
    }

    /// Reads patterns, each of which must be one.
    pub(crate) fn parse<'p>(
        lines: impl IntoIterator<Item = &'p str>,
    ) -> Result<Self, PatternFault> {
        let patterns = lines.into_iter().map(Pattern::parse);
        let patterns: Vec<Option<Pattern>> = patterns.collect::<Result<_, _>>()?;
        Ok(Self(patterns.into_iter().flatten().collect()))
    }

    /// Says what holds for `path`, relative to where the patterns are; its folders are not asked.
    pub(crate) fn say(&self, path: &str, is_folder: bool) -> Said {
        let parts: Vec<&str> = path.split('/').collect();
        self.say_of(&parts, is_folder)
    }

    /// Says what holds for `path`, or for the nearest of its folders of which anything is said.
    pub(crate) fn say_with_folders(&self, path: &str, is_folder: bool) -> Said {
        let parts: Vec<&str> = path.split('/').collect();
        let above = (1..parts.len()).rev().map(|n| (n, true));
        let all = [(parts.len(), is_folder)].into_iter().chain(above);
        all.filter_map(|(n, is_folder)| Some(self.say_of(parts.get(..n)?, is_folder)))
            .find(|said| *said != Said::Nothing)
            .unwrap_or(Said::Nothing)
    }

    /// The last pattern that matches counts.
    fn say_of(&self, parts: &[&str], is_folder: bool) -> Said {
        let matches = |pattern: &&Pattern| {
            (is_folder || !pattern.only_folders)
                && pattern.globs.iter().any(|glob| glob.matches(parts))
        };
        match self.0.iter().rev().find(matches) {
            Some(pattern) if pattern.is_exception => Said::In,
            Some(_) => Said::Out,
            None => Said::Nothing,
        }
    }
}

impl Pattern {
    /// Reads a line; `None` where it is empty or a comment.
    fn parse(line: &str) -> Result<Option<Self>, PatternFault> {
        let mut line = line;
        if !line.ends_with("\\ ") {
            line = line.trim_end();
        }
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        let is_exception = line.starts_with('!');
        let mut is_anchored = false;
        if line.starts_with("\\!") || line.starts_with("\\#") {
            line = &line[1..];
        } else {
            line = line.strip_prefix('!').unwrap_or(line);
            is_anchored = line.starts_with('/');
            line = line.strip_prefix('/').unwrap_or(line);
        }
        let without_slash = line.strip_suffix('/');
        if let Some(text) = without_slash {
            line = text.strip_suffix('\\').unwrap_or(text);
        }
        let globs = Glob::parse(line, is_anchored || line.contains('/'))?;
        Ok(Some(Self {
            globs,
            is_exception,
            only_folders: without_slash.is_some(),
        }))
    }
}

#[cfg(test)]
mod tests;
