//! Lowers JavaScript and TypeScript, with and without JSX.

use model::{facts::FileFacts, source::SourceFile};
use tree_sitter::Tree;

use crate::frontend::Frontend;

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

fn lower(_tree: &Tree, file: SourceFile) -> FileFacts {
    FileFacts::empty(file)
}
