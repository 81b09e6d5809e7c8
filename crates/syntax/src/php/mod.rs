//! Lowers PHP.
//!
//! Applies what PHP itself decides from one file alone: namespaces and imports, escapes in text,
//! which class `self` is, and what doc comments say about types. Knows no other file.

mod arrays;
mod bodies;
mod calls;
mod classes;
mod doc;
mod expressions;
mod field;
mod functions;
mod kind;
mod loops;
mod matches;
mod names;
mod operators;
mod strings;
mod type_text;
mod types;

#[cfg(test)]
mod tests;

use model::{
    Name,
    facts::{Class, ClassIndex, Directive, FileFacts, FunctionIndex},
    source::{SourceFile, Span},
};
use tree_sitter::{Node, Tree};

use self::names::Scope;
use crate::frontend::{Frontend, span};

/// How deep statements and expressions may be nested; deeper code is listed as an error.
///
/// Bounds the stack of this front end and of everyone who walks the facts.
const MAX_DEPTH: usize = 200;

/// The PHP front end.
pub(crate) struct Php;

impl Frontend for Php {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_php::LANGUAGE_PHP.into()
    }

    fn lower(&self, tree: &Tree, file: SourceFile) -> FileFacts {
        let text = file.text.clone();
        let mut lowering = Lowering {
            text: &text,
            facts: FileFacts::empty(file),
            scope: Scope::default(),
            function: FunctionIndex(0),
            class: None,
            templates: Vec::new(),
            depth: 0,
        };
        let root = tree.root_node();
        lowering.module(root);
        lowering.note_errors(root);
        lowering.note_directives(root);
        lowering.facts
    }
}

/// One file on its way from tree to facts.
struct Lowering<'t> {
    text: &'t str,
    facts: FileFacts,
    scope: Scope,
    /// The function that is being read.
    function: FunctionIndex,
    /// The class that is being read.
    class: Option<ClassIndex>,
    /// Names that doc comments declare as type parameters; no classes.
    templates: Vec<Name>,
    depth: usize,
}

impl<'t> Lowering<'t> {
    fn module(&mut self, root: Node<'_>) {
        let body = self.block(root);
        if let Some(module) = self.facts.functions.first_mut() {
            module.body = body;
        }
    }

    fn text(&self, node: Node<'_>) -> &'t str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn slice(&self, start: usize, end: usize) -> &'t str {
        self.text.get(start..end).unwrap_or_default()
    }

    /// Lowers something one level deeper; gives `None` and notes an error where that is too deep.
    fn nested<T>(&mut self, node: Node<'_>, lower: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth >= MAX_DEPTH {
            self.facts.errors.push(span(node));
            return None;
        }
        self.depth += 1;
        let lowered = lower(self);
        self.depth -= 1;
        Some(lowered)
    }

    fn own_class(&self) -> Option<&Class> {
        self.facts.classes.get(self.class?.0 as usize)
    }

    fn own_class_mut(&mut self) -> Option<&mut Class> {
        self.facts.classes.get_mut(self.class?.0 as usize)
    }

    fn note_errors(&mut self, root: Node<'_>) {
        walk(root, |node| {
            if node.is_error() || node.is_missing() {
                self.facts.errors.push(span(node));
                return false;
            }
            node.has_error()
        });
        self.facts.errors.sort_unstable();
        let mut end = 0;
        self.facts.errors.retain(|error| {
            let outermost = error.end > end || error.start >= end;
            end = end.max(error.end);
            outermost
        });
    }

    fn note_directives(&mut self, root: Node<'_>) {
        if !self.text.contains(DIRECTIVE) {
            return;
        }
        walk(root, |node| {
            if node.kind() == kind::COMMENT {
                let lines = self.text(node).lines();
                let found = lines.filter_map(|line| directive(line, span(node)));
                self.facts.directives.extend(found);
            }
            true
        });
    }
}

/// The word that addresses a comment to rakscan.
const DIRECTIVE: &str = "rakscan:";

fn directive(line: &str, span: Span) -> Option<Directive> {
    let (_, after) = line.split_once(DIRECTIVE)?;
    let text = after.trim().trim_end_matches("*/").trim();
    Some(Directive {
        span,
        text: text.into(),
    })
}

/// Visits the tree without recursion, going below a node only where `visit` says so.
fn walk<'tree>(root: Node<'tree>, mut visit: impl FnMut(Node<'tree>) -> bool) {
    let mut cursor = root.walk();
    loop {
        if visit(cursor.node()) && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return;
            }
        }
    }
}

/// Returns the named children without comments, inline HTML and unreadable parts.
fn parts(node: Node<'_>) -> Vec<Node<'_>> {
    parts_and_errors(node)
        .into_iter()
        .filter(|part| !part.is_error())
        .collect()
}

/// Returns the named children without comments and inline HTML.
fn parts_and_errors(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|child| !is_margin(*child))
        .collect()
}

/// Says whether a node is a comment or lies outside the PHP tags.
fn is_margin(node: Node<'_>) -> bool {
    matches!(
        node.kind(),
        kind::COMMENT | kind::TEXT_INTERPOLATION | kind::TEXT | kind::PHP_TAG | kind::PHP_END_TAG
    )
}

/// Returns the first child of `kind`, named or not.
fn child_of_kind<'tree>(node: Node<'tree>, kind: &str) -> Option<Node<'tree>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find(|child| child.kind() == kind)
}
