//! Comments that close findings: `rakscan: ignore[key-in-source] REASON`.

use std::collections::BTreeMap;

use model::{diagnostic::Code, source::mask_secrets};

use crate::lines::Lines;

/// What the word for rakscan is followed by, at most.
const LONGEST: usize = 400;

/// One comment that closes findings about keys.
#[derive(Clone, Debug)]
pub(crate) struct Comment {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) codes: Vec<Code>,
    pub(crate) reason: String,
}

/// The comments of a file, by the line that each is about.
#[derive(Default)]
pub(crate) struct Comments(BTreeMap<u32, Comment>);

/// Reads the comment whose `rakscan:` begins at `start`; `None` where it is about something else.
pub(crate) fn at(bytes: &[u8], start: usize) -> Option<Comment> {
    let text = bytes.get(start..)?.strip_prefix(b"rakscan:")?;
    let text = text.get(..LONGEST).unwrap_or(text);
    let text = text.split(|byte| *byte == b'\n').next()?;
    let end = start + "rakscan:".len() + text.len();
    let text = String::from_utf8_lossy(text);
    let text = ["}", "*/", "-->", "?>"]
        .iter()
        .fold(text.trim(), |text, end| text.trim_end_matches(end).trim());
    let (ids, reason) = text
        .strip_prefix("ignore")?
        .trim_start()
        .strip_prefix('[')?
        .split_once(']')?;
    let codes: Option<Vec<Code>> = ids.split(',').map(|id| Code::from_id(id.trim())).collect();
    let codes: Vec<Code> = codes?.into_iter().filter(|code| code.is_of_key()).collect();
    let reason = reason.trim_start_matches(['-', ':', '—', ' ']).trim();
    let is_comment = is_behind_sign(bytes, start);
    (is_comment && !codes.is_empty() && !reason.is_empty()).then(|| Comment {
        start,
        end,
        codes,
        reason: mask_secrets(reason),
    })
}

fn is_behind_sign(bytes: &[u8], start: usize) -> bool {
    let before = bytes
        .get(start.saturating_sub(8)..start)
        .unwrap_or_default();
    let before = before.trim_ascii_end();
    ["//", "#", "*", "<!--", ";", "--"]
        .iter()
        .any(|sign| before.ends_with(sign.as_bytes()))
}

impl Comments {
    /// Says of each comment which line it is about: its own, or the next where it stands alone.
    pub(crate) fn new(all: Vec<Comment>, bytes: &[u8]) -> Self {
        let mut lines = Lines::new(bytes);
        let mut by_line = BTreeMap::new();
        for comment in all {
            let (line, _) = lines.go(comment.start);
            let is_alone = lines.begins_with_comment(comment.start);
            by_line.insert(if is_alone { line + 1 } else { line }, comment);
        }
        Self(by_line)
    }

    /// Returns the comment that closes a finding of `code` on `line`.
    pub(crate) fn closing(&self, line: u32, code: Code) -> Option<&Comment> {
        let comment = self.0.get(&line)?;
        comment.codes.contains(&code).then_some(comment)
    }

    /// Lists the comments.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Comment> {
        self.0.values()
    }
}
