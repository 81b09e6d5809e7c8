//! Lowers Python.

use model::{facts::FileFacts, source::SourceFile};
use tree_sitter::Tree;

use crate::frontend::Frontend;

/// The Python front end.
pub(crate) struct Python;

impl Frontend for Python {
    fn grammar(&self) -> tree_sitter::Language {
        tree_sitter_python::LANGUAGE.into()
    }

    fn lower(&self, _tree: &Tree, file: SourceFile) -> FileFacts {
        FileFacts::empty(file)
    }
}
