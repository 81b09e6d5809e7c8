//! The node kinds and field names of the grammars, each spelled once.
//!
//! The three grammars share most kinds; a kind of this list exists in at least one of them, which the
//! test below asks of the grammars themselves.

pub(super) const LOOKUP_TYPE: &str = "lookup_type";
pub(super) const ABSTRACT_CLASS_DECLARATION: &str = "abstract_class_declaration";
pub(super) const ABSTRACT_METHOD_SIGNATURE: &str = "abstract_method_signature";
pub(super) const ACCESSIBILITY_MODIFIER: &str = "accessibility_modifier";
pub(super) const AMBIENT_DECLARATION: &str = "ambient_declaration";
pub(super) const ARRAY: &str = "array";
pub(super) const ARRAY_PATTERN: &str = "array_pattern";
pub(super) const ARRAY_TYPE: &str = "array_type";
pub(super) const ARROW_FUNCTION: &str = "arrow_function";
pub(super) const AS_EXPRESSION: &str = "as_expression";
pub(super) const ASSIGNMENT_EXPRESSION: &str = "assignment_expression";
pub(super) const ASSIGNMENT_PATTERN: &str = "assignment_pattern";
pub(super) const AUGMENTED_ASSIGNMENT: &str = "augmented_assignment_expression";
pub(super) const AWAIT_EXPRESSION: &str = "await_expression";
pub(super) const BINARY_EXPRESSION: &str = "binary_expression";
pub(super) const BREAK_STATEMENT: &str = "break_statement";
pub(super) const CALL_EXPRESSION: &str = "call_expression";
pub(super) const CLASS: &str = "class";
pub(super) const CLASS_DECLARATION: &str = "class_declaration";
pub(super) const CLASS_HERITAGE: &str = "class_heritage";
pub(super) const CLASS_STATIC_BLOCK: &str = "class_static_block";
pub(super) const COMMENT: &str = "comment";
pub(super) const COMPUTED_PROPERTY_NAME: &str = "computed_property_name";
pub(super) const CONTINUE_STATEMENT: &str = "continue_statement";
pub(super) const DEBUGGER_STATEMENT: &str = "debugger_statement";
pub(super) const DECORATOR: &str = "decorator";
pub(super) const DO_STATEMENT: &str = "do_statement";
pub(super) const ELSE_CLAUSE: &str = "else_clause";
pub(super) const EMPTY_STATEMENT: &str = "empty_statement";
pub(super) const ENUM_ASSIGNMENT: &str = "enum_assignment";
pub(super) const ENUM_DECLARATION: &str = "enum_declaration";
pub(super) const ERROR: &str = "ERROR";
pub(super) const EXPORT_CLAUSE: &str = "export_clause";
pub(super) const EXPORT_SPECIFIER: &str = "export_specifier";
pub(super) const EXPORT_STATEMENT: &str = "export_statement";
pub(super) const EXPRESSION_STATEMENT: &str = "expression_statement";
pub(super) const EXTENDS_CLAUSE: &str = "extends_clause";
pub(super) const EXTENDS_TYPE_CLAUSE: &str = "extends_type_clause";
pub(super) const FALSE: &str = "false";
pub(super) const FIELD_DEFINITION: &str = "field_definition";
pub(super) const FOR_IN_STATEMENT: &str = "for_in_statement";
pub(super) const FOR_STATEMENT: &str = "for_statement";
pub(super) const FUNCTION_DECLARATION: &str = "function_declaration";
pub(super) const FUNCTION_EXPRESSION: &str = "function_expression";
pub(super) const FUNCTION_SIGNATURE: &str = "function_signature";
pub(super) const GENERATOR_FUNCTION: &str = "generator_function";
pub(super) const GENERATOR_FUNCTION_DECLARATION: &str = "generator_function_declaration";
pub(super) const GENERIC_TYPE: &str = "generic_type";
pub(super) const HASH_BANG_LINE: &str = "hash_bang_line";
pub(super) const HTML_COMMENT: &str = "html_comment";
pub(super) const IDENTIFIER: &str = "identifier";
pub(super) const IF_STATEMENT: &str = "if_statement";
pub(super) const IMPLEMENTS_CLAUSE: &str = "implements_clause";
pub(super) const IMPORT: &str = "import";
pub(super) const IMPORT_ALIAS: &str = "import_alias";
pub(super) const IMPORT_CLAUSE: &str = "import_clause";
pub(super) const IMPORT_REQUIRE_CLAUSE: &str = "import_require_clause";
pub(super) const IMPORT_STATEMENT: &str = "import_statement";
pub(super) const INSTANTIATION_EXPRESSION: &str = "instantiation_expression";
pub(super) const INTERFACE_DECLARATION: &str = "interface_declaration";
pub(super) const INTERNAL_MODULE: &str = "internal_module";
pub(super) const INTERSECTION_TYPE: &str = "intersection_type";
pub(super) const JSX_ATTRIBUTE: &str = "jsx_attribute";
pub(super) const JSX_CLOSING_ELEMENT: &str = "jsx_closing_element";
pub(super) const JSX_ELEMENT: &str = "jsx_element";
pub(super) const JSX_EXPRESSION: &str = "jsx_expression";
pub(super) const JSX_OPENING_ELEMENT: &str = "jsx_opening_element";
pub(super) const JSX_SELF_CLOSING_ELEMENT: &str = "jsx_self_closing_element";
pub(super) const LABELED_STATEMENT: &str = "labeled_statement";
pub(super) const LEXICAL_DECLARATION: &str = "lexical_declaration";
pub(super) const LITERAL_TYPE: &str = "literal_type";
pub(super) const MEMBER_EXPRESSION: &str = "member_expression";
pub(super) const META_PROPERTY: &str = "meta_property";
pub(super) const METHOD_DEFINITION: &str = "method_definition";
pub(super) const METHOD_SIGNATURE: &str = "method_signature";
pub(super) const MODULE: &str = "module";
pub(super) const NAMED_IMPORTS: &str = "named_imports";
pub(super) const NAMESPACE_EXPORT: &str = "namespace_export";
pub(super) const NAMESPACE_IMPORT: &str = "namespace_import";
pub(super) const NESTED_IDENTIFIER: &str = "nested_identifier";
pub(super) const NESTED_TYPE_IDENTIFIER: &str = "nested_type_identifier";
pub(super) const NEW_EXPRESSION: &str = "new_expression";
pub(super) const NON_NULL_EXPRESSION: &str = "non_null_expression";
pub(super) const NULL: &str = "null";
pub(super) const NUMBER: &str = "number";
pub(super) const OBJECT: &str = "object";
pub(super) const OBJECT_ASSIGNMENT_PATTERN: &str = "object_assignment_pattern";
pub(super) const OBJECT_PATTERN: &str = "object_pattern";
pub(super) const OBJECT_TYPE: &str = "object_type";
pub(super) const OPTIONAL_PARAMETER: &str = "optional_parameter";
pub(super) const OPTIONAL_TYPE: &str = "optional_type";
pub(super) const OVERRIDE_MODIFIER: &str = "override_modifier";
pub(super) const PAIR: &str = "pair";
pub(super) const PAIR_PATTERN: &str = "pair_pattern";
pub(super) const PARENTHESIZED_EXPRESSION: &str = "parenthesized_expression";
pub(super) const PARENTHESIZED_TYPE: &str = "parenthesized_type";
pub(super) const PRIVATE_PROPERTY_IDENTIFIER: &str = "private_property_identifier";
pub(super) const PROPERTY_IDENTIFIER: &str = "property_identifier";
pub(super) const PROPERTY_SIGNATURE: &str = "property_signature";
pub(super) const PUBLIC_FIELD_DEFINITION: &str = "public_field_definition";
pub(super) const READONLY_TYPE: &str = "readonly_type";
pub(super) const REQUIRED_PARAMETER: &str = "required_parameter";
pub(super) const REST_PATTERN: &str = "rest_pattern";
pub(super) const REST_TYPE: &str = "rest_type";
pub(super) const RETURN_STATEMENT: &str = "return_statement";
pub(super) const SATISFIES_EXPRESSION: &str = "satisfies_expression";
pub(super) const SEQUENCE_EXPRESSION: &str = "sequence_expression";
pub(super) const SHORTHAND_IDENTIFIER: &str = "shorthand_property_identifier";
pub(super) const SHORTHAND_PATTERN: &str = "shorthand_property_identifier_pattern";
pub(super) const SPREAD_ELEMENT: &str = "spread_element";
pub(super) const STATEMENT_BLOCK: &str = "statement_block";
pub(super) const STRING: &str = "string";
pub(super) const SUBSCRIPT_EXPRESSION: &str = "subscript_expression";
pub(super) const SUPER: &str = "super";
pub(super) const SWITCH_DEFAULT: &str = "switch_default";
pub(super) const SWITCH_STATEMENT: &str = "switch_statement";
pub(super) const TEMPLATE_LITERAL_TYPE: &str = "template_literal_type";
pub(super) const TEMPLATE_STRING: &str = "template_string";
pub(super) const TEMPLATE_SUBSTITUTION: &str = "template_substitution";
pub(super) const TEMPLATE_TYPE: &str = "template_type";
pub(super) const TERNARY_EXPRESSION: &str = "ternary_expression";
pub(super) const THIS: &str = "this";
pub(super) const THROW_STATEMENT: &str = "throw_statement";
pub(super) const TRUE: &str = "true";
pub(super) const TRY_STATEMENT: &str = "try_statement";
pub(super) const TUPLE_TYPE: &str = "tuple_type";
pub(super) const TYPE_ALIAS_DECLARATION: &str = "type_alias_declaration";
pub(super) const TYPE_ANNOTATION: &str = "type_annotation";
pub(super) const TYPE_ARGUMENTS: &str = "type_arguments";
pub(super) const TYPE_ASSERTION: &str = "type_assertion";
pub(super) const TYPE_IDENTIFIER: &str = "type_identifier";
pub(super) const TYPE_PARAMETERS: &str = "type_parameters";
pub(super) const TYPE_QUERY: &str = "type_query";
pub(super) const UNARY_EXPRESSION: &str = "unary_expression";

pub(super) const UNDEFINED: &str = "undefined";
pub(super) const UNION_TYPE: &str = "union_type";
pub(super) const UPDATE_EXPRESSION: &str = "update_expression";
pub(super) const USING_DECLARATION: &str = "using_declaration";
pub(super) const VARIABLE_DECLARATION: &str = "variable_declaration";
pub(super) const WHILE_STATEMENT: &str = "while_statement";
pub(super) const WITH_STATEMENT: &str = "with_statement";
pub(super) const YIELD_EXPRESSION: &str = "yield_expression";

/// The field names.
pub(super) mod field {
    pub(crate) const ALIAS: &str = "alias";
    pub(crate) const ALTERNATIVE: &str = "alternative";
    pub(crate) const ARGUMENT: &str = "argument";
    pub(crate) const ARGUMENTS: &str = "arguments";
    pub(crate) const BODY: &str = "body";
    pub(crate) const CONDITION: &str = "condition";
    pub(crate) const CONSEQUENCE: &str = "consequence";
    pub(crate) const CONSTRUCTOR: &str = "constructor";
    pub(crate) const DECLARATION: &str = "declaration";
    pub(crate) const DECORATOR: &str = "decorator";
    pub(crate) const FINALIZER: &str = "finalizer";
    pub(crate) const FUNCTION: &str = "function";
    pub(crate) const HANDLER: &str = "handler";
    pub(crate) const INCREMENT: &str = "increment";
    pub(crate) const INDEX: &str = "index";
    pub(crate) const INITIALIZER: &str = "initializer";
    pub(crate) const KEY: &str = "key";
    pub(crate) const KIND: &str = "kind";
    pub(crate) const LEFT: &str = "left";
    pub(crate) const NAME: &str = "name";
    pub(crate) const OBJECT: &str = "object";
    pub(crate) const OPERATOR: &str = "operator";
    pub(crate) const PARAMETER: &str = "parameter";
    pub(crate) const PARAMETERS: &str = "parameters";
    pub(crate) const PATTERN: &str = "pattern";
    pub(crate) const PROPERTY: &str = "property";
    pub(crate) const RETURN_TYPE: &str = "return_type";
    pub(crate) const RIGHT: &str = "right";
    pub(crate) const SOURCE: &str = "source";
    pub(crate) const TYPE: &str = "type";
    pub(crate) const TYPE_ARGUMENTS: &str = "type_arguments";
    pub(crate) const VALUE: &str = "value";
}

#[cfg(test)]
mod tests {
    use tree_sitter::Language;

    /// The constants of this file, read from its text so that none is left out.
    fn constants(prefix: &str) -> Vec<&'static str> {
        include_str!("kind.rs")
            .lines()
            .filter_map(|line| line.strip_prefix(prefix)?.split('"').nth(1))
            .collect()
    }

    fn grammars() -> [Language; 3] {
        [
            tree_sitter_javascript::LANGUAGE.into(),
            tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into(),
            tree_sitter_typescript::LANGUAGE_TSX.into(),
        ]
    }

    #[test]
    fn every_kind_exists_in_a_grammar() {
        let kinds = constants("pub(super) const ");
        assert!(kinds.len() > 100);
        for kind in kinds {
            let known = |grammar: &Language| grammar.id_for_node_kind(kind, true) != 0;
            assert!(kind == "ERROR" || grammars().iter().any(known), "{kind}");
        }
    }

    #[test]
    fn every_field_exists_in_a_grammar() {
        let fields = constants("    pub(crate) const ");
        assert!(fields.len() > 20);
        for field in fields {
            let known = |grammar: &Language| grammar.field_id_for_name(field).is_some();
            assert!(grammars().iter().any(known), "{field}");
        }
    }
}
