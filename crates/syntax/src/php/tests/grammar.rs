//! Asks the grammar for every node kind and field name that the front end relies on.

use tree_sitter::Language;

/// Returns the texts of all constants in a source file.
fn constants(source: &str) -> Vec<&str> {
    let declarations = source.split("pub(super) const ").skip(1);
    declarations
        .map(|declaration| declaration.split('"').nth(1).expect("a text constant"))
        .collect()
}

#[test]
fn every_node_kind_exists() {
    let grammar: Language = tree_sitter_php::LANGUAGE_PHP.into();
    let kinds = constants(include_str!("../kind.rs"));
    assert!(kinds.len() > 100);
    for kind in kinds {
        let id = grammar.id_for_node_kind(kind, true) | grammar.id_for_node_kind(kind, false);
        assert_ne!(id, 0, "{kind}");
    }
}

#[test]
fn every_field_exists() {
    let grammar: Language = tree_sitter_php::LANGUAGE_PHP.into();
    for field in constants(include_str!("../field.rs")) {
        assert!(grammar.field_id_for_name(field).is_some(), "{field}");
    }
}
