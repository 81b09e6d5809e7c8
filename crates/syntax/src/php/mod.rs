//! Lowers Php.

use model::{facts::FileFacts, source::SourceFile};
use tree_sitter::Tree;

use crate::frontend::Frontend;

/// The Php front end.
pub(crate) struct Php;

impl Frontend for Php {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_php::LANGUAGE_PHP.into()
    }

    fn lower(&self, _tree: &Tree, file: SourceFile) -> FileFacts {
        FileFacts::empty(file)
    }
}
