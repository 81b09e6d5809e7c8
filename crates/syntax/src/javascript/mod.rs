//! Lowers JavaScript and TypeScript, with and without JSX.
//!
//! One lowering serves the three grammars, because the kinds that they share have the same shape. It
//! says what the source says and nothing more: which module `stripe` is, or what `require` finds, is
//! for `resolve` to know.

mod bodies;
mod chains;
mod classes;
mod exports;
mod expressions;
mod functions;
mod imports;
mod jsdoc;
mod kind;
mod literals;
mod patterns;
#[cfg(test)]
mod print;
mod scopes;
mod survey;
#[cfg(test)]
mod tests;
mod types;

use std::sync::Arc;

use model::{
    Name,
    facts::{ClassIndex, Expr, ExprKind, FileFacts, FunctionIndex},
    source::SourceFile,
};
use tree_sitter::{Node, Tree};

use crate::frontend::{Frontend, span};

/// The JavaScript front end; reads JSX.
pub(crate) struct JavaScript;
/// The TypeScript front end.
pub(crate) struct TypeScript;
/// The TypeScript front end that reads JSX.
pub(crate) struct Tsx;

impl Frontend for JavaScript {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_javascript::LANGUAGE.into()
    }

    fn lower(&self, tree: &Tree, file: SourceFile) -> FileFacts {
        lower(tree, file)
    }
}

impl Frontend for TypeScript {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into()
    }

    fn lower(&self, tree: &Tree, file: SourceFile) -> FileFacts {
        lower(tree, file)
    }
}

impl Frontend for Tsx {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_typescript::LANGUAGE_TSX.into()
    }

    fn lower(&self, tree: &Tree, file: SourceFile) -> FileFacts {
        lower(tree, file)
    }
}

/// How deep statements and expressions may nest; what lies deeper is listed as an error.
///
/// Bounds the recursion here and, because it counts the links of a chain as well, the depth of the
/// [`Expr`] that later steps recurse into.
const MAX_DEPTH: usize = 240;

fn lower(tree: &Tree, file: SourceFile) -> FileFacts {
    let text = Arc::clone(&file.text);
    let root = tree.root_node();
    let survey = survey::survey(&text, root);
    let mut lowering = Lowering {
        text: &text,
        docs: &survey.docs,
        facts: FileFacts::empty(file),
        function: FunctionIndex(0),
        initialized: None,
        scope: scopes::Scope::default(),
        depth: 0,
    };
    let body = lowering.body(root);
    let mut facts = lowering.facts;
    if let Some(module) = facts.functions.first_mut() {
        module.body = body;
        module.span = span(root);
    }
    facts.types.extend(jsdoc::typedefs(&text, &survey.docs));
    facts.directives = survey.directives;
    facts.errors.extend(survey.errors);
    facts.errors.sort_unstable();
    facts.errors.dedup();
    facts
}

/// What is known while one file is lowered.
struct Lowering<'a> {
    text: &'a str,
    /// The `/** … */` comments, in order.
    docs: &'a [model::source::Span],
    facts: FileFacts,
    /// The function whose statements are lowered.
    function: FunctionIndex,
    /// The class whose field is being initialised: closures written there have its `this`.
    initialized: Option<ClassIndex>,
    /// The names that the function declares and assigns.
    scope: scopes::Scope,
    depth: usize,
}

impl<'a> Lowering<'a> {
    fn text(&self, node: Node<'_>) -> &'a str {
        self.text.get(node.byte_range()).unwrap_or_default()
    }

    fn name(&self, node: Node<'_>) -> Name {
        self.text(node).into()
    }

    fn name_expr(&self, node: Node<'_>) -> Expr {
        Expr::new(ExprKind::Name(self.name(node)), span(node))
    }

    /// Lowers something `levels` deeper, or lists `node` as an error where that is too deep.
    fn deeper<T>(
        &mut self,
        node: Node<'_>,
        levels: usize,
        otherwise: T,
        lower: impl FnOnce(&mut Self) -> T,
    ) -> T {
        if self.depth + levels > MAX_DEPTH {
            self.facts.errors.push(span(node));
            return otherwise;
        }
        self.depth += levels;
        let lowered = lower(self);
        self.depth -= levels;
        lowered
    }
}

/// Returns the named children that are code.
fn children(node: Node<'_>) -> Vec<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .filter(|child| !matches!(child.kind(), kind::COMMENT | kind::HTML_COMMENT))
        .collect()
}

/// Returns the first named child that is code.
fn only_child(node: Node<'_>) -> Option<Node<'_>> {
    let mut cursor = node.walk();
    node.named_children(&mut cursor)
        .find(|child| !matches!(child.kind(), kind::COMMENT | kind::HTML_COMMENT))
}

/// Returns the first child of one kind.
fn child_of_kind<'t>(node: Node<'t>, kind: &str) -> Option<Node<'t>> {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .find(|child| child.kind() == kind)
}

/// Returns the children in one field.
fn children_in<'t>(node: Node<'t>, field: &str) -> Vec<Node<'t>> {
    let mut cursor = node.walk();
    node.children_by_field_name(field, &mut cursor)
        .filter(|child| child.is_named() && child.kind() != kind::COMMENT)
        .collect()
}

/// Tells whether a word such as `static` or `type` stands directly in `node`.
fn has_token(node: Node<'_>, token: &str) -> bool {
    let mut cursor = node.walk();
    node.children(&mut cursor)
        .any(|child| !child.is_named() && child.kind() == token)
}
