//! Expressions, except calls and text.

use model::{
    Name,
    facts::{ClassRef, Entry, EntryKind, Expr, ExprKind, Operator, Type},
};
use tree_sitter::Node;

use super::{
    Lowering,
    bodies::cast,
    doc::{Doc, Tag},
    field, kind,
    names::Symbol,
    parts, parts_and_errors,
    strings::concat,
};
use crate::frontend::span;

/// How many arms of a `match` become a nest of choices; a longer row becomes a look-up.
const MAX_ARMS: usize = 48;
/// How long, in bytes, the subject of a `match` may be to be repeated for each arm.
const MAX_SUBJECT: usize = 120;

impl<'t> Lowering<'t> {
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

    /// Lowers `target += value` and `target++` to the target and its new value.
    pub(super) fn augmented_assignment(&mut self, node: Node<'_>) -> (Expr, Expr) {
        let at = span(node);
        if node.kind() == kind::UPDATE {
            let target = self.field(node, field::ARGUMENT);
            let value = Expr::unknown(vec![target.clone()], at);
            return (target, value);
        }
        let target = self.field(node, field::LEFT);
        let value = self.field(node, field::RIGHT);
        let operator = self.operator(node).trim_end_matches('=');
        let combined = combine(operator, target.clone(), value);
        (target, Expr::new(combined, at))
    }

    fn operator(&self, node: Node<'_>) -> &'t str {
        let operator = node.child_by_field_name(field::OPERATOR);
        operator.map_or("", |operator| self.text(operator))
    }

    /// Lowers what an assignment binds.
    pub(super) fn pattern(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::ARRAY | kind::LIST => {
                let entries = self.nested(node, |lowering| lowering.pattern_entries(node));
                Expr::new(ExprKind::Array(entries.unwrap_or_default()), span(node))
            }
            kind::BY_REFERENCE => match parts(node).as_slice() {
                [inner] => self.pattern(*inner),
                _ => self.unknown(node),
            },
            _ => self.expression(node),
        }
    }

    /// Lowers the entries of `[$a, , 'k' => $b]`; one that is left out binds nothing.
    fn pattern_entries(&mut self, node: Node<'_>) -> Vec<Entry> {
        let mut entries = Vec::new();
        let mut pending: Vec<Node<'_>> = Vec::new();
        let mut cursor = node.walk();
        for child in node.children(&mut cursor) {
            match child.kind() {
                kind::COMMA => {
                    entries.push(self.pattern_entry(&pending, child));
                    pending.clear();
                }
                kind::ARRAY_ELEMENT => pending.extend(parts(child)),
                _ if child.is_named() && !super::is_margin(child) && !child.is_error() => {
                    pending.push(child);
                }
                _ => {}
            }
        }
        if let Some(last) = pending.last().copied() {
            entries.push(self.pattern_entry(&pending, last));
        }
        entries
    }

    fn pattern_entry(&mut self, inside: &[Node<'_>], place: Node<'_>) -> Entry {
        let (key, value) = match inside {
            [value] => (None, self.pattern(*value)),
            [key, value] => (Some(self.expression(*key)), self.pattern(*value)),
            _ => (None, Expr::unknown(Vec::new(), span(place))),
        };
        entry(key, value, EntryKind::Value)
    }

    fn entries(&mut self, node: Node<'_>) -> Vec<Entry> {
        let parts = parts_and_errors(node);
        parts
            .into_iter()
            .map(|part| self.array_entry(part))
            .collect()
    }

    fn array_entry(&mut self, node: Node<'_>) -> Entry {
        match parts(node).as_slice() {
            [value] if value.kind() == kind::VARIADIC_UNPACKING => {
                entry(None, self.only(*value), EntryKind::Spread)
            }
            [value] if node.kind() == kind::ARRAY_ELEMENT => {
                entry(None, self.expression(*value), EntryKind::Value)
            }
            [key, value] if node.kind() == kind::ARRAY_ELEMENT => {
                let key = self.expression(*key);
                entry(Some(key), self.expression(*value), EntryKind::Value)
            }
            _ => entry(None, self.unknown(node), EntryKind::Value),
        }
    }

    fn subscript(&mut self, node: Node<'_>) -> ExprKind {
        match parts(node).as_slice() {
            [object] => ExprKind::Index {
                object: Box::new(self.expression(*object)),
                index: None,
            },
            [object, index] => ExprKind::Index {
                object: Box::new(self.expression(*object)),
                index: Some(Box::new(self.expression(*index))),
            },
            _ => self.unknown(node).kind,
        }
    }

    fn dynamic_variable(&mut self, node: Node<'_>) -> ExprKind {
        let inside = self.only(node);
        match &inside.kind {
            ExprKind::Text(name) => variable(&format!("${name}")),
            _ => ExprKind::Unknown(vec![inside]),
        }
    }

    fn unary(&mut self, node: Node<'_>) -> ExprKind {
        let value = match node.child_by_field_name(field::ARGUMENT) {
            Some(argument) => self.expression(argument),
            None => self.only(node),
        };
        match (self.operator(node), &value.kind) {
            ("!", _) => ExprKind::Not(Box::new(value)),
            ("-" | "", ExprKind::Int(number)) => ExprKind::Int(number.wrapping_neg()),
            ("+", ExprKind::Int(_)) => value.kind,
            _ => ExprKind::Unknown(vec![value]),
        }
    }

    fn conditional(&mut self, node: Node<'_>) -> ExprKind {
        let test = Box::new(self.field(node, field::CONDITION));
        if node.child_by_field_name(field::BODY).is_none() {
            return ExprKind::Binary {
                operator: Operator::Or,
                left: test,
                right: Box::new(self.field(node, field::ALTERNATIVE)),
            };
        }
        ExprKind::Choice {
            test,
            then: Box::new(self.field(node, field::BODY)),
            otherwise: Box::new(self.field(node, field::ALTERNATIVE)),
        }
    }

    fn binary(&mut self, node: Node<'_>) -> ExprKind {
        let operator = self.operator(node);
        if operator == "." {
            return self.concatenation(node);
        }
        let left = self.field(node, field::LEFT);
        if operator.eq_ignore_ascii_case("instanceof") {
            return ExprKind::Binary {
                operator: Operator::InstanceOf,
                left: Box::new(left),
                right: Box::new(self.class_field(node, field::RIGHT)),
            };
        }
        combine(operator, left, self.field(node, field::RIGHT))
    }

    /// Lowers a row of `.` without recursion: long rows are common.
    fn concatenation(&mut self, node: Node<'_>) -> ExprKind {
        let mut reversed = Vec::new();
        let mut rest = node;
        while rest.kind() == kind::BINARY && self.operator(rest) == "." {
            reversed.extend(rest.child_by_field_name(field::RIGHT));
            match rest.child_by_field_name(field::LEFT) {
                Some(left) => rest = left,
                None => break,
            }
        }
        reversed.push(rest);
        let pieces = reversed.into_iter().rev();
        concat(pieces.map(|piece| self.expression(piece)).collect())
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

    fn match_expression(&mut self, node: Node<'_>) -> ExprKind {
        let subject = self.field(node, field::CONDITION);
        let body = node.child_by_field_name(field::BODY);
        let mut arms = Vec::new();
        let mut otherwise = None;
        for arm in body.into_iter().flat_map(parts) {
            let value = self.field(arm, field::RETURN_EXPRESSION);
            if arm.kind() == kind::MATCH_DEFAULT {
                otherwise = Some(value);
                continue;
            }
            let tests = arm.child_by_field_name(field::CONDITIONS).into_iter();
            let tests = tests.flat_map(parts).map(|test| self.expression(test));
            arms.push((tests.collect(), value));
        }
        let otherwise = otherwise.unwrap_or_else(|| Expr::unknown(Vec::new(), span(node)));
        if arms.len() > MAX_ARMS {
            return look_up(subject, arms, otherwise);
        }
        choices(subject, arms, otherwise)
    }
}

type Arm = (Vec<Expr>, Expr);

/// Turns the arms of a `match` into a nest of choices.
///
/// The subject is repeated for each arm. A long one is told once, so that nested matches cannot grow
/// out of all proportion.
fn choices(subject: Expr, arms: Vec<Arm>, otherwise: Expr) -> ExprKind {
    let length = subject.span.end.saturating_sub(subject.span.start) as usize;
    let brief = if length > MAX_SUBJECT {
        Expr::unknown(Vec::new(), subject.span)
    } else {
        subject.clone()
    };
    let last = arms.len().saturating_sub(1);
    let mut rest = otherwise;
    if arms.is_empty() {
        return ExprKind::Unknown(vec![subject, rest]);
    }
    for (n_later, (tests, value)) in arms.into_iter().rev().enumerate() {
        let compared = if n_later == last { &subject } else { &brief };
        let span = value.span;
        let choice = ExprKind::Choice {
            test: Box::new(any_of(compared, tests)),
            then: Box::new(value),
            otherwise: Box::new(rest),
        };
        rest = Expr::new(choice, span);
    }
    rest.kind
}

/// Turns many arms into `[test => value, …][subject] ?? otherwise`.
fn look_up(subject: Expr, arms: Vec<Arm>, otherwise: Expr) -> ExprKind {
    let span = subject.span;
    let mut entries = Vec::new();
    for (tests, value) in arms {
        for test in tests {
            entries.push(entry(Some(test), value.clone(), EntryKind::Value));
        }
    }
    let found = ExprKind::Index {
        object: Box::new(Expr::new(ExprKind::Array(entries), span)),
        index: Some(Box::new(subject)),
    };
    ExprKind::Binary {
        operator: Operator::Coalesce,
        left: Box::new(Expr::new(found, span)),
        right: Box::new(otherwise),
    }
}

fn any_of(subject: &Expr, tests: Vec<Expr>) -> Expr {
    let compared = tests.into_iter().map(|test| compare(subject, test));
    let any = compared.reduce(|left, right| {
        let span = left.span;
        Expr::new(binary(Operator::Or, left, right), span)
    });
    any.unwrap_or_else(|| Expr::unknown(Vec::new(), subject.span))
}

fn compare(subject: &Expr, test: Expr) -> Expr {
    let span = test.span;
    match &subject.kind {
        ExprKind::Bool(true) => test,
        ExprKind::Bool(false) => Expr::new(ExprKind::Not(Box::new(test)), span),
        _ => Expr::new(binary(Operator::Equal, subject.clone(), test), span),
    }
}

fn binary(operator: Operator, left: Expr, right: Expr) -> ExprKind {
    ExprKind::Binary {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    }
}

/// Applies an operator, of an expression or of a combined assignment.
fn combine(operator: &str, left: Expr, right: Expr) -> ExprKind {
    let operator = match operator {
        "." => return concat(vec![left, right]),
        "|>" => {
            return ExprKind::Call {
                callee: Box::new(right),
                arguments: vec![model::facts::Argument::positional(left)],
            };
        }
        "+" if is_array(&left) || is_array(&right) => return array_union(left, right),
        "==" | "===" => Operator::Equal,
        "!=" | "!==" | "<>" => Operator::NotEqual,
        "&&" => Operator::And,
        "||" => Operator::Or,
        "??" => Operator::Coalesce,
        word if word.eq_ignore_ascii_case("and") => Operator::And,
        word if word.eq_ignore_ascii_case("or") => Operator::Or,
        _ => Operator::Other,
    };
    binary(operator, left, right)
}

fn is_array(value: &Expr) -> bool {
    matches!(value.kind, ExprKind::Array(_))
}

/// Says `$a + $b` of arrays: the entries of the left one win.
fn array_union(left: Expr, right: Expr) -> ExprKind {
    let mut entries = Vec::new();
    for side in [right, left] {
        match side.kind {
            ExprKind::Array(inside) => entries.extend(inside),
            _ => entries.push(entry(None, side, EntryKind::Spread)),
        }
    }
    ExprKind::Array(entries)
}

pub(super) fn entry(key: Option<Expr>, value: Expr, kind: EntryKind) -> Entry {
    Entry {
        key,
        value,
        default: None,
        kind,
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
