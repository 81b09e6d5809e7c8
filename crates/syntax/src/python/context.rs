//! What every part of the front end carries along: the facts so far, and the place in the program.

use std::collections::HashMap;

use model::{
    Name,
    facts::{ClassRef, ExprKind, FileFacts, FunctionIndex},
    source::Span,
};
use tree_sitter::Node;

use crate::frontend::span;

/// Deepest nesting that is read. What lies deeper becomes unknown and is reported as an error, so
/// that no source text can exhaust the stack.
const MAX_DEPTH: u32 = 200;

/// The facts so far, and the place in the program.
pub(super) struct Context<'a> {
    /// What has been found.
    pub(super) facts: FileFacts,
    /// Where the reader stands.
    pub(super) place: Place<'a>,
    text: &'a str,
    names: HashMap<&'a str, Name>,
    depth: u32,
}

/// A place in the program.
#[derive(Clone, Copy)]
pub(super) struct Place<'a> {
    /// The function whose statements are read.
    pub(super) function: FunctionIndex,
    /// The first parameter of the method around, unless something hides it.
    pub(super) receiver: Option<Receiver<'a>>,
    /// Whether imports here are for the type checker alone.
    pub(super) type_only: bool,
}

/// The first parameter of a method.
#[derive(Clone, Copy)]
pub(super) struct Receiver<'a> {
    /// Its name, mostly `self` or `cls`.
    pub(super) name: &'a str,
    /// Whether it is the class and not an instance.
    pub(super) is_class: bool,
}

impl<'a> Context<'a> {
    /// Stands at the beginning of the module body.
    pub(super) fn new(text: &'a str, facts: FileFacts) -> Self {
        Self {
            facts,
            place: Place {
                function: FunctionIndex(0),
                receiver: None,
                type_only: false,
            },
            text,
            names: HashMap::new(),
            depth: 0,
        }
    }

    /// Gives back the facts.
    pub(super) fn into_facts(self) -> FileFacts {
        self.facts
    }

    /// Returns the source text of `node`.
    pub(super) fn text(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    /// Returns the comment on the same line behind `node`, without its `#`.
    pub(super) fn comment_behind(&self, node: Node<'_>) -> Option<&'a str> {
        let rest = self.text.get(node.end_byte()..)?;
        let comment = rest.trim_start_matches([' ', '\t']).strip_prefix('#')?;
        comment.lines().next()
    }

    /// Shares one copy of each name.
    pub(super) fn name(&mut self, text: &'a str) -> Name {
        self.names
            .entry(text)
            .or_insert_with(|| text.into())
            .clone()
    }

    /// Returns the source text of `node` as a name.
    pub(super) fn name_of(&mut self, node: Node<'_>) -> Name {
        let text = self.text(node);
        self.name(text)
    }

    /// Says what a name means: the receiver, its class, or a variable.
    pub(super) fn variable(&mut self, text: &'a str) -> ExprKind {
        match self.place.receiver {
            Some(receiver) if receiver.name == text && receiver.is_class => {
                ExprKind::Class(ClassRef::Static)
            }
            Some(receiver) if receiver.name == text => ExprKind::This,
            _ if text == "__class__" => ExprKind::Class(ClassRef::Own),
            _ => ExprKind::Name(self.name(text)),
        }
    }

    /// Reads what is inside `node` unless that is too deep.
    pub(super) fn deeper<T>(
        &mut self,
        node: Node<'_>,
        read: impl FnOnce(&mut Self) -> T,
    ) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.give_up(span(node));
            return None;
        }
        self.depth += 1;
        let found = read(self);
        self.depth -= 1;
        Some(found)
    }

    /// Reads something at another place and comes back.
    pub(super) fn at<T>(&mut self, place: Place<'a>, read: impl FnOnce(&mut Self) -> T) -> T {
        let before = std::mem::replace(&mut self.place, place);
        let found = read(self);
        self.place = before;
        found
    }

    fn give_up(&mut self, span: Span) {
        self.facts.errors.push(span);
    }
}
