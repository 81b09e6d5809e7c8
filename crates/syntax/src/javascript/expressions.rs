//! Lowers expressions.

use model::facts::{Argument, ClassRef, Entry, EntryKind, Expr, ExprKind, FunctionKind, Type};
use tree_sitter::Node;

use super::{
    Lowering,
    chains::combine,
    children, has_token, jsdoc,
    kind::{self, field},
    literals::unquote,
    only_child, types,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers an expression.
    pub(super) fn expression(&mut self, node: Node<'_>) -> Expr {
        let otherwise = Expr::unknown(Vec::new(), span(node));
        self.deeper(node, 1, otherwise, |this| this.expression_here(node))
    }

    fn expression_here(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::IDENTIFIER | kind::SHORTHAND_IDENTIFIER | kind::SHORTHAND_PATTERN => {
                self.identifier(node)
            }
            kind::CALL_EXPRESSION
            | kind::MEMBER_EXPRESSION
            | kind::SUBSCRIPT_EXPRESSION
            | kind::NON_NULL_EXPRESSION => self.chain(node),
            kind::STRING | kind::PROPERTY_IDENTIFIER | kind::PRIVATE_PROPERTY_IDENTIFIER => {
                let text = unquote(self.text(node));
                Expr::new(ExprKind::Text(text.into()), span(node))
            }
            kind::TEMPLATE_STRING => self.template(node),
            kind::NUMBER => self.number(node),
            kind::PARENTHESIZED_EXPRESSION => self.parenthesized(node),
            kind::AWAIT_EXPRESSION | kind::INSTANTIATION_EXPRESSION => self.inner(node),
            kind::AS_EXPRESSION | kind::SATISFIES_EXPRESSION | kind::TYPE_ASSERTION => {
                self.cast(node)
            }
            kind::OBJECT => self.object(node),
            kind::ARRAY => self.array(node),
            kind::OBJECT_PATTERN | kind::ARRAY_PATTERN => self.pattern(node),
            _ => self.operation_or_function(node),
        }
    }

    fn operation_or_function(&mut self, node: Node<'_>) -> Expr {
        let simple = |kind| Expr::new(kind, span(node));
        match node.kind() {
            kind::ARROW_FUNCTION
            | kind::FUNCTION_EXPRESSION
            | kind::GENERATOR_FUNCTION
            | kind::FUNCTION_DECLARATION
            | kind::GENERATOR_FUNCTION_DECLARATION => {
                simple(ExprKind::Function(self.closure(node)))
            }
            kind::CLASS | kind::CLASS_DECLARATION | kind::ABSTRACT_CLASS_DECLARATION => {
                simple(ExprKind::ClassLiteral(self.class(node, Vec::new())))
            }
            kind::NEW_EXPRESSION => self.new_expression(node),
            kind::BINARY_EXPRESSION => self.binary(node),
            kind::TERNARY_EXPRESSION => self.ternary(node),
            kind::UNARY_EXPRESSION => self.unary(node),
            kind::ASSIGNMENT_EXPRESSION => self.assignment(node),
            kind::AUGMENTED_ASSIGNMENT => self.augmented(node),
            kind::UPDATE_EXPRESSION => self.update(node),
            kind::SEQUENCE_EXPRESSION => self.sequence(node),
            kind::YIELD_EXPRESSION => {
                let value = only_child(node).map(|value| Box::new(self.expression(value)));
                simple(ExprKind::Yield(value))
            }
            kind::THIS => simple(ExprKind::This),
            kind::SUPER => simple(ExprKind::Class(ClassRef::Parent)),
            kind::IMPORT | kind::META_PROPERTY => simple(ExprKind::Name(self.name(node))),
            kind::TRUE => simple(ExprKind::Bool(true)),
            kind::FALSE => simple(ExprKind::Bool(false)),
            kind::NULL | kind::UNDEFINED => simple(ExprKind::Null),
            _ => self.unknown(node),
        }
    }

    /// Lowers the expressions inside `node` and says nothing of what it makes of them.
    pub(super) fn unknown(&mut self, node: Node<'_>) -> Expr {
        let mut inside = Vec::new();
        self.inside(node, &mut inside);
        Expr::unknown(inside, span(node))
    }

    fn inside(&mut self, node: Node<'_>, out: &mut Vec<Expr>) {
        for child in children(node) {
            match child.kind() {
                kind::JSX_ELEMENT
                | kind::JSX_OPENING_ELEMENT
                | kind::JSX_SELF_CLOSING_ELEMENT
                | kind::JSX_ATTRIBUTE
                | kind::JSX_EXPRESSION => {
                    self.deeper(child, 1, (), |this| this.inside(child, out));
                }
                _ if holds_code(child) && !self.is_tag(node, child) => {
                    let value = self.expression(child);
                    out.extend(may_matter(&value).then_some(value));
                }
                _ => {}
            }
        }
    }

    /// Tells whether `child` names an element of a page and not a value: `div` in `<div>`.
    fn is_tag(&self, node: Node<'_>, child: Node<'_>) -> bool {
        let in_tag = matches!(
            node.kind(),
            kind::JSX_OPENING_ELEMENT | kind::JSX_SELF_CLOSING_ELEMENT
        );
        in_tag
            && !self.text(child).starts_with(char::is_uppercase)
            && !self.text(child).contains('.')
    }

    fn identifier(&self, node: Node<'_>) -> Expr {
        match self.text(node) {
            "undefined" => Expr::new(ExprKind::Null, span(node)),
            _ => self.name_expr(node),
        }
    }

    fn inner(&mut self, node: Node<'_>) -> Expr {
        match only_child(node) {
            Some(child) => self.expression(child),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }

    fn parenthesized(&mut self, node: Node<'_>) -> Expr {
        let value = self.inner(node);
        match jsdoc::cast(self.text, self.docs, node) {
            Some(ty) => cast_to(value, ty, node),
            None => value,
        }
    }

    /// Lowers `x as T`, `x satisfies T` and `<T>x`; a type that says nothing is dropped.
    fn cast(&mut self, node: Node<'_>) -> Expr {
        let parts = children(node);
        let (value, ty) = match (node.kind(), parts.as_slice()) {
            (kind::TYPE_ASSERTION, [ty, value]) => (*value, only_child(*ty)),
            (_, [value, ty]) => (*value, Some(*ty)),
            (_, [value]) => (*value, None),
            _ => return self.unknown(node),
        };
        let ty = ty.and_then(|ty| types::annotation(self.text, ty));
        let value = self.expression(value);
        match ty {
            Some(ty) if ty != Type::named("const") => cast_to(value, ty, node),
            _ => value,
        }
    }

    fn object(&mut self, node: Node<'_>) -> Expr {
        let entries = children(node)
            .into_iter()
            .filter_map(|child| self.object_entry(child))
            .collect();
        Expr::new(ExprKind::Array(entries), span(node))
    }

    fn object_entry(&mut self, node: Node<'_>) -> Option<Entry> {
        match node.kind() {
            kind::PAIR => {
                let key = self.key(node.child_by_field_name(field::KEY)?);
                let value = self.expression(node.child_by_field_name(field::VALUE)?);
                Some(entry(Some(key), value))
            }
            kind::SHORTHAND_IDENTIFIER => {
                let key = Expr::new(ExprKind::Text(self.name(node)), span(node));
                Some(entry(Some(key), self.identifier(node)))
            }
            kind::SPREAD_ELEMENT => Some(Entry {
                kind: EntryKind::Spread,
                ..entry(None, self.inner(node))
            }),
            kind::METHOD_DEFINITION => self.method_entry(node),
            _ => Some(entry(None, self.expression(node))),
        }
    }

    fn method_entry(&mut self, node: Node<'_>) -> Option<Entry> {
        let key = self.key(node.child_by_field_name(field::NAME)?);
        let kind = match (has_token(node, "get"), has_token(node, "set")) {
            (true, _) => FunctionKind::Getter,
            (_, true) => FunctionKind::Setter,
            _ => FunctionKind::Method,
        };
        let function = self.method(node, kind, None, Vec::new());
        let value = Expr::new(ExprKind::Function(function), span(node));
        match kind {
            FunctionKind::Setter => None,
            FunctionKind::Getter => Some(Entry {
                kind: EntryKind::Getter,
                ..entry(Some(key), value)
            }),
            _ => Some(entry(Some(key), value)),
        }
    }

    /// Lowers the key of an entry: a fixed one is a text or a number.
    pub(super) fn key(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::COMPUTED_PROPERTY_NAME => self.inner(node),
            _ => self.expression(node),
        }
    }

    fn array(&mut self, node: Node<'_>) -> Expr {
        let entries = super::patterns::elements(node)
            .into_iter()
            .map(|element| match element {
                None => entry(None, Expr::new(ExprKind::Null, span(node))),
                Some(child) if child.kind() == kind::SPREAD_ELEMENT => Entry {
                    kind: EntryKind::Spread,
                    ..entry(None, self.inner(child))
                },
                Some(child) => entry(None, self.expression(child)),
            })
            .collect();
        Expr::new(ExprKind::Array(entries), span(node))
    }

    fn new_expression(&mut self, node: Node<'_>) -> Expr {
        let Some(class) = node.child_by_field_name(field::CONSTRUCTOR) else {
            return self.unknown(node);
        };
        let class = Box::new(self.expression(class));
        let arguments: Vec<Argument> = node
            .child_by_field_name(field::ARGUMENTS)
            .map(|arguments| self.arguments(arguments))
            .unwrap_or_default();
        Expr::new(ExprKind::New { class, arguments }, span(node))
    }

    fn ternary(&mut self, node: Node<'_>) -> Expr {
        let part = |name| node.child_by_field_name(name);
        let (Some(test), Some(then), Some(otherwise)) = (
            part(field::CONDITION),
            part(field::CONSEQUENCE),
            part(field::ALTERNATIVE),
        ) else {
            return self.unknown(node);
        };
        let kind = ExprKind::Choice {
            test: Box::new(self.expression(test)),
            then: Box::new(self.expression(then)),
            otherwise: Box::new(self.expression(otherwise)),
        };
        Expr::new(kind, span(node))
    }

    fn unary(&mut self, node: Node<'_>) -> Expr {
        let Some(argument) = node.child_by_field_name(field::ARGUMENT) else {
            return self.unknown(node);
        };
        let operator = node
            .child_by_field_name(field::OPERATOR)
            .map_or("", |operator| operator.kind());
        let value = self.expression(argument);
        let kind = match (operator, value.kind) {
            ("!", kind) => ExprKind::Not(Box::new(Expr::new(kind, value.span))),
            ("-", ExprKind::Int(number)) => ExprKind::Int(-number),
            ("void", ExprKind::Int(_)) => ExprKind::Null,
            (_, kind) => ExprKind::Unknown(vec![Expr::new(kind, value.span)]),
        };
        Expr::new(kind, span(node))
    }

    fn assignment(&mut self, node: Node<'_>) -> Expr {
        let Some((target, value)) = self.assigned(node) else {
            return self.unknown(node);
        };
        let kind = ExprKind::Assign {
            target: Box::new(target),
            value: Box::new(value),
        };
        Expr::new(kind, span(node))
    }

    /// Lowers both sides of `target = value` and notes what it exports.
    pub(super) fn assigned(&mut self, node: Node<'_>) -> Option<(Expr, Expr)> {
        let target = self.pattern(node.child_by_field_name(field::LEFT)?);
        let value = self.expression(node.child_by_field_name(field::RIGHT)?);
        self.scope.assign(&target);
        self.export_by_assignment(&target, &value);
        Some((target, value))
    }

    fn augmented(&mut self, node: Node<'_>) -> Expr {
        let Some((target, value)) = self.joined(node) else {
            return self.unknown(node);
        };
        let kind = ExprKind::Assign {
            target: Box::new(target),
            value: Box::new(value),
        };
        Expr::new(kind, span(node))
    }

    /// Lowers `x++` and its like: the name holds another number afterwards.
    fn update(&mut self, node: Node<'_>) -> Expr {
        let Some(operand) = node.child_by_field_name(field::ARGUMENT) else {
            return self.unknown(node);
        };
        let target = self.expression(operand);
        if !matches!(target.kind, ExprKind::Name(_)) {
            return Expr::unknown(vec![target], span(node));
        }
        self.scope.assign(&target);
        let kind = ExprKind::Assign {
            target: Box::new(target),
            value: Box::new(Expr::unknown(Vec::new(), span(node))),
        };
        Expr::new(kind, span(node))
    }

    /// Lowers `target += value` and its like to the target and the combined value.
    pub(super) fn joined(&mut self, node: Node<'_>) -> Option<(Expr, Expr)> {
        let target = self.pattern(node.child_by_field_name(field::LEFT)?);
        let value = self.expression(node.child_by_field_name(field::RIGHT)?);
        let operator = node.child_by_field_name(field::OPERATOR)?.kind();
        let operator = operator.strip_suffix('=').unwrap_or(operator);
        self.scope.assign(&target);
        let combined = combine(operator, target.clone(), value);
        Some((target, Expr::new(combined, span(node))))
    }

    /// Lowers `(0, f)`, as compilers write it, to `f`; any other sequence is unknown.
    fn sequence(&mut self, node: Node<'_>) -> Expr {
        match children(node).as_slice() {
            [first, last] if first.kind() == kind::NUMBER => self.expression(*last),
            _ => self.unknown(node),
        }
    }
}

/// Makes an entry that is a value.
pub(super) fn entry(key: Option<Expr>, value: Expr) -> Entry {
    Entry {
        key,
        value,
        default: None,
        kind: EntryKind::Value,
    }
}

fn cast_to(value: Expr, ty: Type, node: Node<'_>) -> Expr {
    let kind = ExprKind::Cast {
        value: Box::new(value),
        ty,
    };
    Expr::new(kind, span(node))
}

/// Tells whether something that can be evaluated may stand in `node`.
fn holds_code(node: Node<'_>) -> bool {
    !matches!(
        node.kind(),
        kind::TYPE_ANNOTATION
            | kind::TYPE_ARGUMENTS
            | kind::TYPE_PARAMETERS
            | kind::PROPERTY_IDENTIFIER
            | kind::JSX_CLOSING_ELEMENT
    )
}

/// Tells whether an expression whose value is not used can have an effect.
pub(super) fn may_matter(value: &Expr) -> bool {
    match &value.kind {
        ExprKind::Unknown(inside) => !inside.is_empty(),
        ExprKind::Text(_) | ExprKind::Int(_) | ExprKind::Bool(_) | ExprKind::Null => false,
        _ => true,
    }
}
