//! Field names of the PHP grammar, in one place.
//!
//! A test asks the grammar for each of them.

pub(super) const ALIAS: &str = "alias";
pub(super) const ALTERNATIVE: &str = "alternative";
pub(super) const ARGUMENT: &str = "argument";
pub(super) const ARGUMENTS: &str = "arguments";
pub(super) const ATTRIBUTES: &str = "attributes";
pub(super) const BODY: &str = "body";
pub(super) const CONDITION: &str = "condition";
pub(super) const CONDITIONS: &str = "conditional_expressions";
pub(super) const DEFAULT_VALUE: &str = "default_value";
pub(super) const END_TAG: &str = "end_tag";
pub(super) const FUNCTION: &str = "function";
pub(super) const INITIALIZE: &str = "initialize";
pub(super) const LEFT: &str = "left";
pub(super) const NAME: &str = "name";
pub(super) const OBJECT: &str = "object";
pub(super) const OPERATOR: &str = "operator";
pub(super) const PARAMETERS: &str = "parameters";
pub(super) const RETURN_EXPRESSION: &str = "return_expression";
pub(super) const RETURN_TYPE: &str = "return_type";
pub(super) const RIGHT: &str = "right";
pub(super) const SCOPE: &str = "scope";
pub(super) const TYPE: &str = "type";
pub(super) const UPDATE: &str = "update";
pub(super) const VALUE: &str = "value";
