//! Lowers Python.
//!
//! One module per part of the language. All of them write into a [`Context`], which carries the
//! facts so far and where in the program the reader stands.

mod blocks;
mod bodies;
mod calls;
mod classes;
mod context;
mod expressions;
mod functions;
mod imports;
mod kind;
mod operators;
mod patterns;
mod strings;
#[cfg(test)]
mod tests;
mod types;

use model::{
    facts::{Directive, FileFacts},
    source::{SourceFile, Span},
};
use tree_sitter::{Node, Tree};

use crate::{
    frontend::{Frontend, span},
    python::{
        context::Context,
        kind::node::{COMMENT, LINE_CONTINUATION},
    },
};

/// The word that begins a comment addressed to rakscan.
const DIRECTIVE: &str = "rakscan:";

/// The Python front end.
pub(crate) struct Python;

impl Frontend for Python {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_python::LANGUAGE.into()
    }

    fn lower(&self, tree: &Tree, file: SourceFile) -> FileFacts {
        let text = file.text.clone();
        let root = tree.root_node();
        let mut context = Context::new(&text, FileFacts::empty(file));
        let body = bodies::block(&mut context, root);
        let mut facts = context.into_facts();
        if let Some(module) = facts.functions.first_mut() {
            module.body = body;
            module.span = span(root);
        }
        facts.errors.extend(errors(root));
        facts.errors.sort_unstable();
        facts.errors.dedup();
        facts.directives = directives(root, &text);
        facts
    }
}

/// Returns the named children of `node` that are code.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|child| !matches!(child.kind(), COMMENT | LINE_CONTINUATION))
        .collect()
}

/// Returns the children of `node` under one field.
fn fields<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor).collect()
}

/// Returns the outermost places that the grammar could not read.
fn errors(root: Node<'_>) -> Vec<Span> {
    let mut cursor = root.walk();
    let mut spans = Vec::new();
    loop {
        let node = cursor.node();
        let is_broken = node.is_error() || node.is_missing();
        if is_broken {
            spans.push(span(node));
        } else if node.has_error() && cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return spans;
            }
        }
    }
}

/// Returns the comments that speak to rakscan.
fn directives(root: Node<'_>, text: &str) -> Vec<Directive> {
    let mut directives = Vec::new();
    if !text.contains(DIRECTIVE) {
        return directives;
    }
    let mut cursor = root.walk();
    loop {
        let node = cursor.node();
        if node.kind() == COMMENT {
            directives.extend(directive(node, text));
        }
        if cursor.goto_first_child() {
            continue;
        }
        while !cursor.goto_next_sibling() {
            if !cursor.goto_parent() {
                return directives;
            }
        }
    }
}

fn directive(comment: Node<'_>, text: &str) -> Option<Directive> {
    let (_, said) = text.get(comment.byte_range())?.split_once(DIRECTIVE)?;
    Some(Directive {
        span: span(comment),
        text: said.trim().into(),
    })
}
