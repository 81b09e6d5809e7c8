//! The trait a language implements, and the parser run that all share.

use model::{
    facts::FileFacts,
    language::Language,
    source::{SourceFile, Span},
};
use tree_sitter::{Node, Parser, Tree};

use crate::{
    bounded, clock,
    component::{self, Script},
    javascript,
    newer::in_older_syntax,
    php, python,
};

/// One language.
pub(crate) trait Frontend: Sync {
    /// The grammar that parses it.
    fn grammar(&self) -> tree_sitter::Language;
    /// Says in neutral words what one file declares and does.
    fn lower(&self, tree: &Tree, file: SourceFile) -> FileFacts;
}

fn frontend(language: Language) -> &'static dyn Frontend {
    match language {
        Language::Php => &php::Php,
        Language::JavaScript => &javascript::JavaScript,
        Language::TypeScript => &javascript::TypeScript,
        Language::Tsx => &javascript::Tsx,
        Language::Python => &python::Python,
    }
}

pub(crate) fn lower(file: SourceFile) -> FileFacts {
    let script = component::script(&file);
    let frontend = frontend(script.language);
    let mut parser = Parser::new();
    let tree = parser
        .set_language(&frontend.grammar())
        .ok()
        .and_then(|()| clock::parsing(|| parse(&mut parser, &script)));
    let Some(tree) = tree else {
        let whole = Span {
            start: 0,
            end: u32::try_from(file.text.len()).unwrap_or(u32::MAX),
        };
        let mut facts = FileFacts::empty(file);
        facts.errors.push(whole);
        facts.is_given_up = true;
        return facts;
    };
    clock::lowering(|| frontend.lower(&tree, file))
}

/// Parses a script, again in older syntax where the grammar is too old for it.
fn parse(parser: &mut Parser, script: &Script<'_>) -> Option<Tree> {
    let tree = bounded::parse(parser, script.text.as_bytes())?;
    if !tree.root_node().has_error() {
        return Some(tree);
    }
    match in_older_syntax(&script.text, script.language) {
        Some(older) => bounded::parse(parser, older.as_bytes()),
        None => Some(tree),
    }
}

/// Returns where `node` stands.
pub(crate) fn span(node: Node<'_>) -> Span {
    Span {
        start: u32::try_from(node.start_byte()).unwrap_or(u32::MAX),
        end: u32::try_from(node.end_byte()).unwrap_or(u32::MAX),
    }
}
