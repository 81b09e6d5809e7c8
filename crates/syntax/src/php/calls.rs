//! Calls, members and `new`.

use model::{
    Name,
    facts::{Argument, ClassRef, EntryKind, Expr, ExprKind, Operator},
    source::Span,
};
use tree_sitter::Node;

use super::{
    Lowering,
    arrays::entry,
    bodies::{cast, defined, is_exit},
    child_of_kind,
    expressions::variable,
    field, is_margin, kind,
    names::Symbol,
    parts,
};
use crate::frontend::span;

/// How many tests of one `isset` are told in a nest.
const MAX_TESTS: usize = 48;

/// What stands behind `->` or `::`.
enum Property {
    Fixed(Name),
    Dynamic(Expr),
}

impl Lowering<'_> {
    pub(super) fn access_or_call(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::MEMBER | kind::NULLSAFE_MEMBER => {
                let (property, _) = self.property(node);
                let object = Box::new(self.field(node, field::OBJECT));
                Expr::new(member(object, property), span(node))
            }
            kind::MEMBER_CALL | kind::NULLSAFE_MEMBER_CALL => {
                let object = Box::new(self.field(node, field::OBJECT));
                let (property, at) = self.property(node);
                self.call(node, member(object, property), at)
            }
            kind::SCOPED_CALL => {
                let class = Box::new(self.class_field(node, field::SCOPE));
                let (property, at) = self.property(node);
                self.call(node, static_member(class, property), at)
            }
            kind::SCOPED_PROPERTY => self.static_property(node),
            kind::CLASS_CONSTANT => self.class_constant(node),
            kind::FUNCTION_CALL => {
                let call = self.function_call(node);
                self.with_definition(node, call)
            }
            kind::NEW => self.creation(node),
            _ => self.unknown(node),
        }
    }

    fn property(&mut self, node: Node<'_>) -> (Property, Span) {
        let Some(name) = node.child_by_field_name(field::NAME) else {
            let nothing = Expr::unknown(Vec::new(), span(node));
            return (Property::Dynamic(nothing), span(node));
        };
        let is_braced = child_of_kind(node, kind::BRACE).is_some();
        if name.kind() == kind::NAME && !is_braced {
            return (Property::Fixed(self.text(name).into()), span(name));
        }
        let value = self.expression(name);
        match value.kind {
            ExprKind::Text(text) => (Property::Fixed(text), span(name)),
            _ => (Property::Dynamic(value), span(name)),
        }
    }

    /// Lowers the field of a node that names a class or holds one.
    pub(super) fn class_field(&mut self, node: Node<'_>, field: &str) -> Expr {
        match node.child_by_field_name(field) {
            Some(class) => self.class_expression(class),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }

    fn class_expression(&mut self, node: Node<'_>) -> Expr {
        match node.kind() {
            kind::NAME | kind::QUALIFIED_NAME | kind::RELATIVE_NAME | kind::RELATIVE_SCOPE => {
                let class = self.class_ref(self.text(node));
                Expr::new(ExprKind::Class(class), span(node))
            }
            _ => self.expression(node),
        }
    }

    fn static_property(&mut self, node: Node<'_>) -> Expr {
        let class = Box::new(self.class_field(node, field::SCOPE));
        let name = node.child_by_field_name(field::NAME);
        let property = match name {
            Some(name) if name.kind() == kind::VARIABLE => {
                Property::Fixed(self.text(name).trim_start_matches('$').into())
            }
            _ => self.property(node).0,
        };
        Expr::new(static_member(class, property), span(node))
    }

    fn class_constant(&mut self, node: Node<'_>) -> Expr {
        let inside = parts(node);
        let [scope, name] = inside.as_slice() else {
            return self.unknown(node);
        };
        let class = self.class_expression(*scope);
        if child_of_kind(node, kind::BRACE).is_some() {
            let property = self.only(*name);
            return Expr::new(static_member(Box::new(class), property.into()), span(node));
        }
        let name: Name = self.text(*name).into();
        let is_class = matches!(class.kind, ExprKind::Class(_));
        if is_class && name.eq_ignore_ascii_case("class") {
            return Expr::new(class.kind, span(node));
        }
        let property = Property::Fixed(name);
        Expr::new(static_member(Box::new(class), property), span(node))
    }

    /// Lowers the arguments of a call; `f(...)` is no call but `f` itself.
    fn call(&mut self, node: Node<'_>, callee: ExprKind, at: Span) -> Expr {
        let list = node.child_by_field_name(field::ARGUMENTS);
        if list.is_some_and(|list| child_of_kind(list, kind::VARIADIC_PLACEHOLDER).is_some()) {
            return Expr::new(callee, span(node));
        }
        let arguments = list.map_or_else(Vec::new, |list| self.arguments(list));
        let callee = Box::new(Expr::new(callee, at));
        // In a chain of several lines, a call begins where its own name stands.
        let whole = Span {
            start: at.start,
            end: span(node).end,
        };
        Expr::new(ExprKind::Call { callee, arguments }, whole)
    }

    pub(super) fn function_call(&mut self, node: Node<'_>) -> Expr {
        let Some(function) = node.child_by_field_name(field::FUNCTION) else {
            return self.unknown(node);
        };
        match function.kind() {
            kind::NAME | kind::QUALIFIED_NAME | kind::RELATIVE_NAME => {
                self.named_call(node, function)
            }
            _ => {
                let callee = self.expression(function);
                self.call(node, callee.kind, span(function))
            }
        }
    }

    fn named_call(&mut self, node: Node<'_>, function: Node<'_>) -> Expr {
        let written = self.text(function);
        let callee = ExprKind::Global(self.scope.resolve(written, Symbol::Function));
        let call = self.call(node, callee, span(function));
        let ExprKind::Call { callee, arguments } = call.kind else {
            return call;
        };
        let name = written.trim_start_matches('\\').to_ascii_lowercase();
        match builtin(&name, arguments) {
            Ok(kind) => Expr::new(kind, span(node)),
            Err(arguments) => Expr::new(ExprKind::Call { callee, arguments }, call.span),
        }
    }

    /// Lowers a `define()` inside an expression to an assignment; as a statement it stays a call.
    fn with_definition(&self, node: Node<'_>, call: Expr) -> Expr {
        let name = node.child_by_field_name(field::FUNCTION);
        let Some((target, value)) = defined(name.map_or("", |name| self.text(name)), &call) else {
            return call;
        };
        let target = Box::new(target);
        let value = Box::new(value);
        Expr::new(ExprKind::Assign { target, value }, call.span)
    }

    pub(super) fn arguments(&mut self, list: Node<'_>) -> Vec<Argument> {
        let mut arguments = Vec::new();
        let mut ty = None;
        let mut cursor = list.walk();
        for child in list.named_children(&mut cursor) {
            if child.kind() == kind::COMMENT {
                ty = self.comment_type(child).or(ty);
            } else if !is_margin(child) && child.kind() != kind::VARIADIC_PLACEHOLDER {
                let mut argument = self.argument(child);
                argument.value = cast(argument.value, ty.take());
                arguments.push(argument);
            }
        }
        arguments
    }

    fn argument(&mut self, node: Node<'_>) -> Argument {
        let name = node.child_by_field_name(field::NAME);
        let mut inside = parts(node).into_iter().filter(|part| Some(*part) != name);
        let value = match inside.next_back() {
            Some(value) if node.kind() == kind::ARGUMENT => value,
            _ => return Argument::positional(self.unknown(node)),
        };
        let spread = value.kind() == kind::VARIADIC_UNPACKING;
        let lowered = match value.kind() {
            kind::VARIADIC_UNPACKING => self.only(value),
            kind::ARGUMENT_PLACEHOLDER => Expr::unknown(Vec::new(), span(value)),
            _ => self.expression(value),
        };
        Argument {
            value: lowered,
            name: name.map(|name| self.text(name).into()),
            spread,
        }
    }

    fn creation(&mut self, node: Node<'_>) -> Expr {
        let mut class = None;
        let mut list = None;
        for part in parts(node) {
            match part.kind() {
                kind::ARGUMENTS => list = Some(part),
                _ => class = class.or(Some(part)),
            }
        }
        let Some(class) = class else {
            return self.unknown(node);
        };
        if class.kind() == kind::ANONYMOUS_CLASS {
            return self.anonymous_creation(node, class);
        }
        let at = span(class);
        let class = Box::new(self.class_expression(class));
        let arguments = list.map_or_else(Vec::new, |list| self.arguments(list));
        Expr::new(ExprKind::New { class, arguments }, at)
    }

    fn anonymous_creation(&mut self, node: Node<'_>, class: Node<'_>) -> Expr {
        let at = node.child(0).map_or(span(node), span);
        let list = child_of_kind(class, kind::ARGUMENTS);
        let arguments = list.map_or_else(Vec::new, |list| self.arguments(list));
        let literal = ExprKind::ClassLiteral(self.anonymous_class(class, at));
        let class = Box::new(Expr::new(literal, at));
        Expr::new(ExprKind::New { class, arguments }, at)
    }
}

impl From<Expr> for Property {
    fn from(value: Expr) -> Self {
        match value.kind {
            ExprKind::Text(text) => Self::Fixed(text),
            _ => Self::Dynamic(value),
        }
    }
}

fn member(object: Box<Expr>, property: Property) -> ExprKind {
    match property {
        Property::Fixed(property) => ExprKind::Member { object, property },
        Property::Dynamic(property) => ExprKind::DynamicMember {
            object,
            property: Box::new(property),
        },
    }
}

fn static_member(class: Box<Expr>, property: Property) -> ExprKind {
    match property {
        Property::Fixed(property) => ExprKind::StaticMember { class, property },
        Property::Dynamic(property) => ExprKind::DynamicStaticMember {
            class,
            property: Box::new(property),
        },
    }
}

/// Says what a language construct or a function of fixed meaning does; gives the arguments back
/// where it is neither.
fn builtin(name: &str, arguments: Vec<Argument>) -> Result<ExprKind, Vec<Argument>> {
    match (name, arguments.len()) {
        ("isset", 1..) => Ok(all_set(arguments)),
        ("empty", 1) => Ok(ExprKind::Not(Box::new(first_value(arguments)))),
        ("compact", 1..) if arguments.iter().all(is_text) => Ok(compact(arguments)),
        ("get_called_class", 0) => Ok(ExprKind::Class(ClassRef::Static)),
        ("get_class", 0) => Ok(ExprKind::Class(ClassRef::Own)),
        (name, _) if is_exit(name) => {
            let values = arguments.into_iter().map(|argument| argument.value);
            Ok(ExprKind::Unknown(values.collect()))
        }
        _ => Err(arguments),
    }
}

fn first_value(arguments: Vec<Argument>) -> Expr {
    let first = arguments.into_iter().next();
    first.map_or_else(
        || Expr::unknown(Vec::new(), Span::default()),
        |argument| argument.value,
    )
}

fn all_set(arguments: Vec<Argument>) -> ExprKind {
    if arguments.len() > MAX_TESTS {
        return ExprKind::Unknown(
            arguments
                .into_iter()
                .map(|argument| argument.value)
                .collect(),
        );
    }
    let tests = arguments.into_iter().map(|argument| {
        let span = argument.value.span;
        let test = ExprKind::Binary {
            operator: Operator::NotEqual,
            left: Box::new(argument.value),
            right: Box::new(Expr::new(ExprKind::Null, span)),
        };
        Expr::new(test, span)
    });
    let all = tests.reduce(|left, right| {
        let span = left.span;
        let both = ExprKind::Binary {
            operator: Operator::And,
            left: Box::new(left),
            right: Box::new(right),
        };
        Expr::new(both, span)
    });
    all.map_or(ExprKind::Bool(true), |test| test.kind)
}

fn is_text(argument: &Argument) -> bool {
    matches!(argument.value.kind, ExprKind::Text(_))
}

/// Turns `compact('a', 'b')` into `['a' => $a, 'b' => $b]`.
fn compact(arguments: Vec<Argument>) -> ExprKind {
    let entries = arguments.into_iter().filter_map(|argument| {
        let ExprKind::Text(name) = &argument.value.kind else {
            return None;
        };
        let value = Expr::new(variable(&format!("${name}")), argument.value.span);
        Some(entry(Some(argument.value), value, EntryKind::Value))
    });
    ExprKind::Array(entries.collect())
}
