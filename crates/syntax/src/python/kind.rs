//! The words of the grammar that this front end uses, in one place.
//!
//! A test asks the grammar for each, so that an upgrade cannot take one away silently.

/// Kinds of nodes.
pub(super) mod node {
    pub(in crate::python) const AS_PATTERN: &str = "as_pattern";
    pub(in crate::python) const AS_PATTERN_TARGET: &str = "as_pattern_target";
    pub(in crate::python) const ALIASED_IMPORT: &str = "aliased_import";
    pub(in crate::python) const ASSERT: &str = "assert_statement";
    pub(in crate::python) const ASSIGNMENT: &str = "assignment";
    pub(in crate::python) const ATTRIBUTE: &str = "attribute";
    pub(in crate::python) const AUGMENTED_ASSIGNMENT: &str = "augmented_assignment";
    pub(in crate::python) const AWAIT: &str = "await";
    pub(in crate::python) const BINARY: &str = "binary_operator";
    pub(in crate::python) const BLOCK: &str = "block";
    pub(in crate::python) const BOOLEAN: &str = "boolean_operator";
    pub(in crate::python) const BREAK: &str = "break_statement";
    pub(in crate::python) const CALL: &str = "call";
    pub(in crate::python) const CASE: &str = "case_clause";
    pub(in crate::python) const CASE_PATTERN: &str = "case_pattern";
    pub(in crate::python) const CLASS: &str = "class_definition";
    pub(in crate::python) const CLASS_PATTERN: &str = "class_pattern";
    pub(in crate::python) const COMMENT: &str = "comment";
    pub(in crate::python) const COMPARISON: &str = "comparison_operator";
    pub(in crate::python) const CONCATENATED_STRING: &str = "concatenated_string";
    pub(in crate::python) const CONDITIONAL: &str = "conditional_expression";
    pub(in crate::python) const CONTINUE: &str = "continue_statement";
    pub(in crate::python) const DECORATED: &str = "decorated_definition";
    pub(in crate::python) const DECORATOR: &str = "decorator";
    pub(in crate::python) const DEFAULT_PARAMETER: &str = "default_parameter";
    pub(in crate::python) const DELETE: &str = "delete_statement";
    pub(in crate::python) const DICTIONARY: &str = "dictionary";
    pub(in crate::python) const DICTIONARY_COMPREHENSION: &str = "dictionary_comprehension";
    pub(in crate::python) const DICTIONARY_SPLAT: &str = "dictionary_splat";
    pub(in crate::python) const DICTIONARY_SPLAT_PATTERN: &str = "dictionary_splat_pattern";
    pub(in crate::python) const DOTTED_NAME: &str = "dotted_name";
    pub(in crate::python) const ELIF: &str = "elif_clause";
    pub(in crate::python) const ELLIPSIS: &str = "ellipsis";
    pub(in crate::python) const ELSE: &str = "else_clause";
    pub(in crate::python) const EXCEPT: &str = "except_clause";
    pub(in crate::python) const EXPRESSION_LIST: &str = "expression_list";
    pub(in crate::python) const EXPRESSION_STATEMENT: &str = "expression_statement";
    pub(in crate::python) const FALSE: &str = "false";
    pub(in crate::python) const FINALLY: &str = "finally_clause";
    pub(in crate::python) const FLOAT: &str = "float";
    pub(in crate::python) const FOR: &str = "for_statement";
    pub(in crate::python) const FOR_IN: &str = "for_in_clause";
    pub(in crate::python) const FUNCTION: &str = "function_definition";
    pub(in crate::python) const FUTURE_IMPORT: &str = "future_import_statement";
    pub(in crate::python) const GENERATOR: &str = "generator_expression";
    pub(in crate::python) const GLOBAL: &str = "global_statement";
    pub(in crate::python) const IDENTIFIER: &str = "identifier";
    pub(in crate::python) const IF: &str = "if_statement";
    pub(in crate::python) const IF_CLAUSE: &str = "if_clause";
    pub(in crate::python) const IMPORT: &str = "import_statement";
    pub(in crate::python) const IMPORT_FROM: &str = "import_from_statement";
    pub(in crate::python) const INTEGER: &str = "integer";
    pub(in crate::python) const INTERPOLATION: &str = "interpolation";
    pub(in crate::python) const KEYWORD_ARGUMENT: &str = "keyword_argument";
    pub(in crate::python) const LAMBDA: &str = "lambda";
    pub(in crate::python) const LINE_CONTINUATION: &str = "line_continuation";
    pub(in crate::python) const LIST: &str = "list";
    pub(in crate::python) const LIST_COMPREHENSION: &str = "list_comprehension";
    pub(in crate::python) const LIST_PATTERN: &str = "list_pattern";
    pub(in crate::python) const LIST_SPLAT: &str = "list_splat";
    pub(in crate::python) const LIST_SPLAT_PATTERN: &str = "list_splat_pattern";
    pub(in crate::python) const MATCH: &str = "match_statement";
    pub(in crate::python) const NAMED_EXPRESSION: &str = "named_expression";
    pub(in crate::python) const NONE: &str = "none";
    pub(in crate::python) const NONLOCAL: &str = "nonlocal_statement";
    pub(in crate::python) const NOT: &str = "not_operator";
    pub(in crate::python) const PAIR: &str = "pair";
    pub(in crate::python) const PARENTHESIZED: &str = "parenthesized_expression";
    pub(in crate::python) const PASS: &str = "pass_statement";
    pub(in crate::python) const PATTERN_LIST: &str = "pattern_list";
    pub(in crate::python) const PRINT: &str = "print_statement";
    pub(in crate::python) const RAISE: &str = "raise_statement";
    pub(in crate::python) const RETURN: &str = "return_statement";
    pub(in crate::python) const SET: &str = "set";
    pub(in crate::python) const SET_COMPREHENSION: &str = "set_comprehension";
    pub(in crate::python) const SLICE: &str = "slice";
    pub(in crate::python) const SPLAT_PATTERN: &str = "splat_pattern";
    pub(in crate::python) const STRING: &str = "string";
    pub(in crate::python) const STRING_CONTENT: &str = "string_content";
    pub(in crate::python) const STRING_START: &str = "string_start";
    pub(in crate::python) const SUBSCRIPT: &str = "subscript";
    pub(in crate::python) const TRUE: &str = "true";
    pub(in crate::python) const TRY: &str = "try_statement";
    pub(in crate::python) const TUPLE: &str = "tuple";
    pub(in crate::python) const TUPLE_PATTERN: &str = "tuple_pattern";
    pub(in crate::python) const TYPE_ALIAS: &str = "type_alias_statement";
    pub(in crate::python) const TYPED_DEFAULT_PARAMETER: &str = "typed_default_parameter";
    pub(in crate::python) const TYPED_PARAMETER: &str = "typed_parameter";
    pub(in crate::python) const UNARY: &str = "unary_operator";
    pub(in crate::python) const UNION_PATTERN: &str = "union_pattern";
    pub(in crate::python) const WHILE: &str = "while_statement";
    pub(in crate::python) const WILDCARD_IMPORT: &str = "wildcard_import";
    pub(in crate::python) const WITH: &str = "with_statement";
    pub(in crate::python) const WITH_CLAUSE: &str = "with_clause";
    pub(in crate::python) const WITH_ITEM: &str = "with_item";
    pub(in crate::python) const YIELD: &str = "yield";
}

/// Kinds of nodes without a name: operators and keywords.
pub(super) mod token {
    pub(in crate::python) const AND: &str = "and";
    pub(in crate::python) const BAR: &str = "|";
    pub(in crate::python) const BAR_ASSIGN: &str = "|=";
    pub(in crate::python) const EQUAL: &str = "==";
    pub(in crate::python) const FROM: &str = "from";
    pub(in crate::python) const IN: &str = "in";
    pub(in crate::python) const IS: &str = "is";
    pub(in crate::python) const IS_NOT: &str = "is not";
    pub(in crate::python) const LESS_GREATER: &str = "<>";
    pub(in crate::python) const MINUS: &str = "-";
    pub(in crate::python) const NOT_EQUAL: &str = "!=";
    pub(in crate::python) const NOT_IN: &str = "not in";
    pub(in crate::python) const PERCENT: &str = "%";
    pub(in crate::python) const PERCENT_ASSIGN: &str = "%=";
    pub(in crate::python) const PLUS: &str = "+";
    pub(in crate::python) const PLUS_ASSIGN: &str = "+=";
}

/// Fields of nodes.
pub(super) mod field {
    pub(in crate::python) const ALIAS: &str = "alias";
    pub(in crate::python) const ALTERNATIVE: &str = "alternative";
    pub(in crate::python) const ARGUMENT: &str = "argument";
    pub(in crate::python) const ARGUMENTS: &str = "arguments";
    pub(in crate::python) const ATTRIBUTE: &str = "attribute";
    pub(in crate::python) const BODY: &str = "body";
    pub(in crate::python) const CAUSE: &str = "cause";
    pub(in crate::python) const CONDITION: &str = "condition";
    pub(in crate::python) const CONSEQUENCE: &str = "consequence";
    pub(in crate::python) const DEFINITION: &str = "definition";
    pub(in crate::python) const EXPRESSION: &str = "expression";
    pub(in crate::python) const FUNCTION: &str = "function";
    pub(in crate::python) const GUARD: &str = "guard";
    pub(in crate::python) const KEY: &str = "key";
    pub(in crate::python) const LEFT: &str = "left";
    pub(in crate::python) const MODULE_NAME: &str = "module_name";
    pub(in crate::python) const NAME: &str = "name";
    pub(in crate::python) const OBJECT: &str = "object";
    pub(in crate::python) const OPERATOR: &str = "operator";
    pub(in crate::python) const OPERATORS: &str = "operators";
    pub(in crate::python) const PARAMETERS: &str = "parameters";
    pub(in crate::python) const RETURN_TYPE: &str = "return_type";
    pub(in crate::python) const RIGHT: &str = "right";
    pub(in crate::python) const SUBJECT: &str = "subject";
    pub(in crate::python) const SUBSCRIPT: &str = "subscript";
    pub(in crate::python) const SUPERCLASSES: &str = "superclasses";
    pub(in crate::python) const TYPE: &str = "type";
    pub(in crate::python) const VALUE: &str = "value";
}

#[cfg(test)]
mod tests {
    /// Reads the constants of one module of this file.
    fn words(module: &str) -> Vec<&'static str> {
        include_str!("kind.rs")
            .lines()
            .skip_while(|line| *line != format!("pub(super) mod {module} {{"))
            .take_while(|line| *line != "}")
            .filter_map(|line| line.split('"').nth(1))
            .collect()
    }

    #[test]
    fn the_grammar_knows_every_word() {
        let grammar: tree_sitter::Language = tree_sitter_python::LANGUAGE.into();
        assert!(words("node").len() > 80 && words("token").len() > 10 && words("field").len() > 20);
        for word in words("node") {
            assert_ne!(grammar.id_for_node_kind(word, true), 0, "node {word}");
        }
        for word in words("token") {
            assert_ne!(grammar.id_for_node_kind(word, false), 0, "token {word}");
        }
        for word in words("field") {
            assert!(grammar.field_id_for_name(word).is_some(), "field {word}");
        }
    }
}
