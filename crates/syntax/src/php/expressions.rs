//! Expressions, except calls and text.

use model::{
    Name,
    facts::{ClassRef, Expr, ExprKind, Type},
};
use tree_sitter::Node;

use super::{
    Lowering,
    bodies::{cast, is_exit},
    doc::{Doc, Tag},
    field, kind,
    names::Symbol,
    parts, parts_and_errors,
};
use crate::frontend::span;

impl Lowering<'_> {
    pub(super) fn class_name(&self, written: &str) -> Name {
        self.scope.resolve(written.trim(), Symbol::Class)
    }

    pub(super) fn expression(&mut self, node: Node<'_>) -> Expr {
        self.nested(node, |lowering| lowering.plain_expression(node))
            .unwrap_or_else(|| Expr::unknown(Vec::new(), span(node)))
    }

    fn plain_expression(&mut self, node: Node<'_>) -> Expr {
        let kind = match node.kind() {
            kind::VARIABLE => variable(self.text(node)),
            kind::NAME | kind::QUALIFIED_NAME | kind::RELATIVE_NAME => self.constant(node),
            kind::STRING => self.single_quoted(node),
            kind::ENCAPSED_STRING => self.double_quoted(node),
            kind::HEREDOC | kind::NOWDOC => self.heredoc(node),
            kind::INTEGER => integer(self.text(node)),
            kind::FLOAT => ExprKind::Unknown(Vec::new()),
            kind::BOOLEAN => ExprKind::Bool(self.text(node).eq_ignore_ascii_case("true")),
            kind::NULL => ExprKind::Null,
            kind::RELATIVE_SCOPE => ExprKind::Class(self.class_ref(self.text(node))),
            kind::ARRAY => ExprKind::Array(self.entries(node)),
            kind::LIST => ExprKind::Array(self.pattern_entries(node)),
            kind::PARENTHESIZED
            | kind::ERROR_SUPPRESSION
            | kind::BY_REFERENCE
            | kind::EXPRESSION_STATEMENT => return self.only(node),
            kind::CAST => return self.cast_expression(node),
            kind::CLONE => return self.cloned(node),
            kind::MATCH => self.match_expression(node),
            kind::ASSIGNMENT | kind::REFERENCE_ASSIGNMENT => stored(self.assignment(node)),
            kind::AUGMENTED_ASSIGNMENT | kind::UPDATE => stored(self.augmented_assignment(node)),
            kind::BINARY => self.binary(node),
            kind::UNARY => self.unary(node),
            kind::CONDITIONAL => self.conditional(node),
            kind::SUBSCRIPT => self.subscript(node),
            kind::DYNAMIC_VARIABLE => self.dynamic_variable(node),
            kind::ANONYMOUS_FUNCTION | kind::ARROW_FUNCTION => {
                ExprKind::Function(self.closure(node))
            }
            kind::YIELD => self.yielded(node),
            _ => return self.access_or_call(node),
        };
        Expr::new(kind, span(node))
    }

    /// Lowers what cannot be said, keeping the expressions inside.
    pub(super) fn unknown(&mut self, node: Node<'_>) -> Expr {
        let inside = parts_and_errors(node)
            .into_iter()
            .filter(|part| !is_label(*part));
        let inside = inside.map(|part| self.expression(part)).filter(is_telling);
        Expr::unknown(inside.collect(), span(node))
    }

    /// Lowers the one expression inside `node`, which leaves its value alone.
    pub(super) fn only(&mut self, node: Node<'_>) -> Expr {
        match parts(node).as_slice() {
            [inner] => self.expression(*inner),
            _ => self.unknown(node),
        }
    }

    pub(super) fn field(&mut self, node: Node<'_>, field: &str) -> Expr {
        match node.child_by_field_name(field) {
            Some(child) => self.expression(child),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }

    /// Returns the type of an `@var` comment that stands directly inside `node`.
    pub(super) fn inline_type(&self, node: Node<'_>) -> Option<Type> {
        let mut cursor = node.walk();
        let mut comments = node
            .named_children(&mut cursor)
            .filter(|child| child.kind() == kind::COMMENT);
        comments.find_map(|comment| self.comment_type(comment))
    }

    /// Returns the type that an `@var` comment gives to what follows it.
    pub(super) fn comment_type(&self, comment: Node<'_>) -> Option<Type> {
        let doc = Doc::read(self.text(comment), span(comment))?;
        let found = self.variables(&doc, Tag::Var).into_iter().next()?;
        found.variable.is_none().then_some(found.ty)
    }

    fn constant(&self, node: Node<'_>) -> ExprKind {
        let written = self.text(node);
        match written {
            "__CLASS__" if self.class.is_some() => ExprKind::Class(ClassRef::Own),
            "__CLASS__" => ExprKind::Text("".into()),
            "__NAMESPACE__" => ExprKind::Text(self.scope.namespace().into()),
            "__FUNCTION__" => ExprKind::Text(self.function_name()),
            "__DIR__" | "__FILE__" | "__LINE__" | "__METHOD__" | "__TRAIT__" => {
                ExprKind::Unknown(Vec::new())
            }
            "static" => ExprKind::Class(ClassRef::Static),
            "self" => ExprKind::Class(ClassRef::Own),
            "parent" => ExprKind::Class(ClassRef::Parent),
            _ if is_exit(written) => ExprKind::Unknown(Vec::new()),
            _ => ExprKind::Global(self.scope.resolve(written, Symbol::Constant)),
        }
    }

    fn function_name(&self) -> Name {
        let function = self.facts.functions.get(self.function.0 as usize);
        function.map_or_else(|| "".into(), |function| function.name.clone())
    }

    fn cast_expression(&mut self, node: Node<'_>) -> Expr {
        self.field(node, field::VALUE)
    }

    fn cloned(&mut self, node: Node<'_>) -> Expr {
        let Some(list) = node.child_by_field_name(field::ARGUMENTS) else {
            return self.only(node);
        };
        let mut values: Vec<Expr> = self.arguments(list).into_iter().map(|a| a.value).collect();
        match (values.pop(), values.is_empty()) {
            (Some(value), true) => value,
            (extra, _) => {
                values.extend(extra);
                Expr::unknown(values, span(node))
            }
        }
    }

    /// Lowers `target = value` to its two sides.
    pub(super) fn assignment(&mut self, node: Node<'_>) -> (Expr, Expr) {
        let target = match node.child_by_field_name(field::LEFT) {
            Some(left) => self.pattern(left),
            None => Expr::unknown(Vec::new(), span(node)),
        };
        let value = self.field(node, field::RIGHT);
        let ty = self.inline_type(node);
        (target, cast(value, ty))
    }

    fn dynamic_variable(&mut self, node: Node<'_>) -> ExprKind {
        let inside = self.only(node);
        match &inside.kind {
            ExprKind::Text(name) => variable(&format!("${name}")),
            _ => ExprKind::Unknown(vec![inside]),
        }
    }

    fn yielded(&mut self, node: Node<'_>) -> ExprKind {
        let is_from = super::child_of_kind(node, kind::YIELD_FROM).is_some();
        let Some(inside) = parts(node).into_iter().next() else {
            return ExprKind::Yield(None);
        };
        let value = if inside.kind() == kind::ARRAY_ELEMENT {
            self.array_entry(inside).value
        } else {
            self.expression(inside)
        };
        if !is_from {
            return ExprKind::Yield(Some(Box::new(value)));
        }
        let each = ExprKind::Index {
            object: Box::new(value),
            index: None,
        };
        ExprKind::Yield(Some(Box::new(Expr::new(each, span(inside)))))
    }
}

fn stored((target, value): (Expr, Expr)) -> ExprKind {
    ExprKind::Assign {
        target: Box::new(target),
        value: Box::new(value),
    }
}

pub(super) fn variable(name: &str) -> ExprKind {
    if name == "$this" {
        ExprKind::This
    } else {
        ExprKind::Name(name.into())
    }
}

fn integer(text: &str) -> ExprKind {
    let digits = text.replace('_', "").to_ascii_lowercase();
    let octal = digits.strip_prefix('0').filter(|rest| !rest.is_empty());
    let number = if let Some(hex) = digits.strip_prefix("0x") {
        i64::from_str_radix(hex, 16)
    } else if let Some(bits) = digits.strip_prefix("0b") {
        i64::from_str_radix(bits, 2)
    } else if let Some(octal) = octal {
        i64::from_str_radix(octal.trim_start_matches('o'), 8)
    } else {
        digits.parse()
    };
    number.map_or_else(|_| ExprKind::Unknown(Vec::new()), ExprKind::Int)
}

/// Says whether a node only names something for its parent.
fn is_label(node: Node<'_>) -> bool {
    matches!(node.kind(), kind::NAME | kind::NAMESPACE_NAME) && node.named_child_count() == 0
}

fn is_telling(value: &Expr) -> bool {
    !matches!(&value.kind, ExprKind::Unknown(inside) if inside.is_empty())
}
