//! What a doc comment says: its tags, still as text.
//!
//! Only the tags that tell types are kept. Their types are read by [`super::types`].

use model::source::Span;

/// A tag of a doc comment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Tag {
    Param,
    Return,
    Var,
    Property,
    Mixin,
    Template,
}

/// The tags of one doc comment, in order.
#[derive(Clone, Debug)]
pub(super) struct Doc {
    /// Where the comment is.
    pub(super) span: Span,
    tags: Vec<(Tag, String)>,
}

impl Doc {
    /// Reads a comment; gives `None` when no tag in it matters.
    pub(super) fn read(comment: &str, span: Span) -> Option<Self> {
        let inside = comment.strip_prefix("/*")?;
        let inside = inside.strip_suffix("*/").unwrap_or(inside);
        if !inside.contains('@') {
            return None;
        }
        let tags = tags(inside);
        (!tags.is_empty()).then_some(Self { span, tags })
    }

    /// Returns what stands behind each `tag`.
    pub(super) fn all(&self, tag: Tag) -> impl Iterator<Item = &str> {
        self.tags
            .iter()
            .filter(move |(own, _)| *own == tag)
            .map(|(_, text)| text.as_str())
    }
}

fn tags(inside: &str) -> Vec<(Tag, String)> {
    let mut tags: Vec<(Tag, String)> = Vec::new();
    let mut open = false;
    for line in inside.lines() {
        let line = line.trim_start().trim_start_matches('*').trim();
        if let Some(written) = line.strip_prefix('@') {
            let (word, rest) = split_word(written);
            let tag = tag(word);
            open = tag.is_some();
            tags.extend(tag.map(|tag| (tag, rest.to_owned())));
        } else if open && let Some((_, text)) = tags.last_mut() {
            text.push('\n');
            text.push_str(line);
        }
    }
    tags
}

fn tag(word: &str) -> Option<Tag> {
    let word = word.strip_prefix("phpstan-").unwrap_or(word);
    let word = word.strip_prefix("psalm-").unwrap_or(word);
    match word {
        "param" => Some(Tag::Param),
        "return" | "returns" => Some(Tag::Return),
        "var" | "type" => Some(Tag::Var),
        "property" | "property-read" | "property-write" => Some(Tag::Property),
        "mixin" => Some(Tag::Mixin),
        "template" | "template-covariant" | "template-contravariant" => Some(Tag::Template),
        _ => None,
    }
}

/// Splits text at its first white space.
pub(super) fn split_word(text: &str) -> (&str, &str) {
    let text = text.trim_start();
    match text.split_once(char::is_whitespace) {
        Some((word, rest)) => (word, rest.trim_start()),
        None => (text, ""),
    }
}

/// Returns the variable that `text` begins with, with its `$`, past `&` and `...`.
pub(super) fn variable(text: &str) -> Option<&str> {
    let text = text.trim_start().trim_start_matches(['&', '.']);
    let name = text.strip_prefix('$')?;
    let length = name
        .find(|c: char| !(c.is_alphanumeric() || c == '_'))
        .unwrap_or(name.len());
    (length > 0).then(|| text.get(..=length)).flatten()
}
