//! Finds what can stand anywhere in a file: comments and places that could not be parsed.

use model::{facts::Directive, source::Span};
use tree_sitter::Node;

use super::kind;
use crate::frontend::span;

/// What one pass over all nodes found.
#[derive(Default)]
pub(super) struct Survey {
    /// The `/** … */` comments, in order.
    pub(super) docs: Vec<Span>,
    /// The comments addressed to rakscan.
    pub(super) directives: Vec<Directive>,
    /// The outermost places that could not be parsed.
    pub(super) errors: Vec<Span>,
}

/// Walks the tree without recursion, but not into what holds neither comments nor errors.
pub(super) fn survey(text: &str, root: Node<'_>) -> Survey {
    let slashes = comment_starts(text);
    let mut survey = Survey::default();
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        survey.note(text, node);
        let next = slashes.partition_point(|start| *start < node.start_byte());
        let may_hold_comment = slashes
            .get(next)
            .is_some_and(|start| *start < node.end_byte());
        if (may_hold_comment || node.has_error()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return survey;
            }
        }
    }
}

/// Lists where `//`, `/*` or `<!--` stands, which is where a comment may begin.
fn comment_starts(text: &str) -> Vec<usize> {
    text.as_bytes()
        .windows(2)
        .enumerate()
        .filter(|(_, pair)| matches!(*pair, b"//" | b"/*" | b"<!"))
        .map(|(start, _)| start)
        .collect()
}

impl Survey {
    fn note(&mut self, text: &str, node: Node<'_>) {
        if node.is_error() || node.is_missing() {
            if !is_of_type(text, node) {
                self.note_error(span(node));
            }
        } else if matches!(node.kind(), kind::COMMENT | kind::HTML_COMMENT) {
            let comment = text.get(node.byte_range()).unwrap_or_default();
            self.note_comment(comment, span(node));
        }
    }

    fn note_error(&mut self, span: Span) {
        let inside = self.errors.last().is_some_and(|last| {
            span.start >= last.start && span.end <= last.end && last.start < last.end
        });
        if !inside {
            self.errors.push(span);
        }
    }

    fn note_comment(&mut self, comment: &str, span: Span) {
        if comment.starts_with("/**") {
            self.docs.push(span);
        }
        if let Some((_, rest)) = comment.split_once("rakscan:") {
            let line = rest.lines().next().unwrap_or_default().trim();
            let text = line.strip_suffix("*/").unwrap_or(line).trim_end().into();
            self.directives.push(Directive { span, text });
        }
    }
}

/// Kinds of nodes in which everything is about types.
const TYPES: [&str; 6] = [
    kind::INTERFACE_DECLARATION,
    kind::TYPE_ALIAS_DECLARATION,
    kind::TYPE_ANNOTATION,
    kind::TYPE_ARGUMENTS,
    kind::TYPE_PARAMETERS,
    kind::OBJECT_TYPE,
];

/// Longest part of a type that is passed over; a longer one could have swallowed code.
const MAX_TYPE: usize = 80;

/// Tells whether what could not be parsed is a small part of a type, in which nothing is called.
fn is_of_type(text: &str, node: Node<'_>) -> bool {
    let part = text.get(node.byte_range()).unwrap_or_default();
    if part.len() > MAX_TYPE || part.contains(['\n', ';', '{']) {
        return false;
    }
    let mut parent = node.parent();
    while let Some(around) = parent {
        if TYPES.contains(&around.kind()) {
            return true;
        }
        if around.is_error() {
            return false;
        }
        parent = around.parent();
    }
    false
}
