//! Lowers what grows to the left: member accesses, calls and binary operators.
//!
//! Real code chains hundreds of them, so the left spine is followed in a loop. A spine that would
//! nest deeper than anything may becomes one unknown around its operands: no call inside is lost.

use model::facts::{Argument, Entry, EntryKind, Expr, ExprKind, Operator};
use tree_sitter::Node;

use super::{
    Lowering, MAX_DEPTH, children,
    kind::{self, field},
    only_child,
};
use crate::frontend::span;

/// What compilers wrap around `require` so that the module has a `default`.
const INTEROP: [&str; 11] = [
    "__importDefault",
    "__importStar",
    "__toESM",
    "__toModule",
    "_interopRequireDefault",
    "_interopRequireWildcard",
    "_interop_require_default",
    "_interop_require_wildcard",
    "_interopDefaultLegacy",
    "_interopDefaultCompat",
    "_interopNamespace",
];

impl Lowering<'_> {
    /// Lowers a chain of members, subscripts and calls.
    pub(super) fn chain(&mut self, node: Node<'_>) -> Expr {
        let (base, links) = spine(node);
        let room = MAX_DEPTH.saturating_sub(self.depth);
        if links.len() > room {
            return self.flat_chain(node, base, &links);
        }
        let mut levels = links.len();
        let mut value = self.deeper(base, levels, Expr::unknown(vec![], span(base)), |this| {
            this.expression(base)
        });
        for link in links.into_iter().rev() {
            levels -= 1;
            value = self.deeper(link, levels, Expr::unknown(vec![], span(link)), |this| {
                this.link(value, link)
            });
        }
        value
    }

    fn flat_chain(&mut self, node: Node<'_>, base: Node<'_>, links: &[Node<'_>]) -> Expr {
        self.facts.errors.push(span(node));
        let mut inside = vec![self.expression(base)];
        for link in links.iter().rev() {
            if let Some(arguments) = link.child_by_field_name(field::ARGUMENTS) {
                inside.extend(self.arguments(arguments).into_iter().map(|a| a.value));
            }
        }
        Expr::unknown(inside, span(node))
    }

    fn link(&mut self, object: Expr, link: Node<'_>) -> Expr {
        match link.kind() {
            kind::CALL_EXPRESSION => self.call(object, link),
            kind::SUBSCRIPT_EXPRESSION => self.subscript(object, link),
            kind::MEMBER_EXPRESSION => self.member(object, link),
            _ => object,
        }
    }

    fn member(&self, object: Expr, node: Node<'_>) -> Expr {
        let Some(property) = node.child_by_field_name(field::PROPERTY) else {
            return Expr::unknown(vec![object], span(node));
        };
        if let ExprKind::Name(name) = &object.kind
            && &**name == "import"
        {
            return Expr::new(ExprKind::Name("import.meta".into()), span(node));
        }
        let kind = ExprKind::Member {
            object: Box::new(object),
            property: self.name(property),
        };
        Expr::new(kind, span(node))
    }

    fn subscript(&mut self, object: Expr, node: Node<'_>) -> Expr {
        let index = node
            .child_by_field_name(field::INDEX)
            .map(|index| Box::new(self.expression(index)));
        let object = Box::new(object);
        let kind = match index {
            Some(property) if !is_index(&property) => ExprKind::DynamicMember { object, property },
            index => ExprKind::Index { object, index },
        };
        Expr::new(kind, span(node))
    }

    fn call(&mut self, callee: Expr, node: Node<'_>) -> Expr {
        let arguments = node
            .child_by_field_name(field::ARGUMENTS)
            .map(|arguments| self.arguments(arguments))
            .unwrap_or_default();
        let at = node
            .child_by_field_name(field::FUNCTION)
            .map_or(span(node), |function| span(called_name(function)));
        if let Some(required) = required(&callee, &arguments) {
            return Expr::new(required, span(node));
        }
        self.export_by_call(&callee, &arguments);
        let kind = ExprKind::Call {
            callee: Box::new(callee),
            arguments,
        };
        Expr::new(kind, at)
    }

    /// Lowers the arguments of a call, or the template of a tagged one.
    pub(super) fn arguments(&mut self, node: Node<'_>) -> Vec<Argument> {
        if node.kind() == kind::TEMPLATE_STRING {
            return vec![Argument::positional(self.template(node))];
        }
        children(node)
            .into_iter()
            .map(|child| match (child.kind(), only_child(child)) {
                (kind::SPREAD_ELEMENT, Some(inner)) => Argument {
                    value: self.expression(inner),
                    name: None,
                    spread: true,
                },
                _ => Argument::positional(self.expression(child)),
            })
            .collect()
    }

    /// Lowers binary operators; `+` joins all its operands in one [`ExprKind::Concat`].
    pub(super) fn binary(&mut self, node: Node<'_>) -> Expr {
        let (base, links) = operators(node);
        let n_nested = links.iter().filter(|link| operator(**link) != "+").count() + 1;
        if self.depth + n_nested > MAX_DEPTH {
            return self.flat_binary(node, base, &links);
        }
        self.deeper(base, n_nested, Expr::unknown(vec![], span(base)), |this| {
            let mut value = this.expression(base);
            for link in links.into_iter().rev() {
                value = this.operation(value, link);
            }
            value
        })
    }

    fn operation(&mut self, left: Expr, node: Node<'_>) -> Expr {
        let right = match node.child_by_field_name(field::RIGHT) {
            Some(right) => self.expression(right),
            None => Expr::unknown(vec![], span(node)),
        };
        Expr::new(combine(operator(node), left, right), span(node))
    }

    fn flat_binary(&mut self, node: Node<'_>, base: Node<'_>, links: &[Node<'_>]) -> Expr {
        self.facts.errors.push(span(node));
        let mut inside = vec![self.expression(base)];
        for link in links.iter().rev() {
            if let Some(right) = link.child_by_field_name(field::RIGHT) {
                inside.push(self.expression(right));
            }
        }
        Expr::unknown(inside, span(node))
    }
}

/// Returns what a chain begins with and its links, the outermost first.
fn spine(node: Node<'_>) -> (Node<'_>, Vec<Node<'_>>) {
    let mut links = Vec::new();
    let mut current = node;
    loop {
        let inner = match current.kind() {
            kind::CALL_EXPRESSION => current.child_by_field_name(field::FUNCTION),
            kind::MEMBER_EXPRESSION | kind::SUBSCRIPT_EXPRESSION => {
                current.child_by_field_name(field::OBJECT)
            }
            kind::NON_NULL_EXPRESSION => only_child(current),
            _ => None,
        };
        let Some(inner) = inner else {
            return (current, links);
        };
        links.push(current);
        current = inner;
    }
}

fn operators(node: Node<'_>) -> (Node<'_>, Vec<Node<'_>>) {
    let mut links = Vec::new();
    let mut current = node;
    while current.kind() == kind::BINARY_EXPRESSION {
        let Some(left) = current.child_by_field_name(field::LEFT) else {
            break;
        };
        links.push(current);
        current = left;
    }
    (current, links)
}

fn operator(node: Node<'_>) -> &str {
    node.child_by_field_name(field::OPERATOR)
        .map_or("", |operator| operator.kind())
}

/// Joins two operands; of `+=` and its like, the operator without `=`.
pub(super) fn combine(operator: &str, left: Expr, right: Expr) -> ExprKind {
    let operator = match operator {
        "+" => return ExprKind::Concat(concat(left, right)),
        "==" | "===" => Operator::Equal,
        "!=" | "!==" => Operator::NotEqual,
        "&&" => Operator::And,
        "||" => Operator::Or,
        "??" => Operator::Coalesce,
        "instanceof" => Operator::InstanceOf,
        "in" => Operator::In,
        "%" => Operator::Modulo,
        "|" => Operator::BitOr,
        _ => Operator::Other,
    };
    ExprKind::Binary {
        operator,
        left: Box::new(left),
        right: Box::new(right),
    }
}

fn concat(left: Expr, right: Expr) -> Vec<Expr> {
    let mut parts = match left.kind {
        ExprKind::Concat(parts) => parts,
        kind => vec![Expr::new(kind, left.span)],
    };
    match right.kind {
        ExprKind::Concat(more) => parts.extend(more),
        kind => parts.push(Expr::new(kind, right.span)),
    }
    parts
}

/// Finds the node that names what is called.
pub(super) fn called_name(function: Node<'_>) -> Node<'_> {
    let mut current = function;
    loop {
        let inner = match current.kind() {
            kind::MEMBER_EXPRESSION => current.child_by_field_name(field::PROPERTY),
            kind::SUBSCRIPT_EXPRESSION => current.child_by_field_name(field::INDEX),
            kind::NON_NULL_EXPRESSION
            | kind::INSTANTIATION_EXPRESSION
            | kind::AWAIT_EXPRESSION
            | kind::AS_EXPRESSION
            | kind::SATISFIES_EXPRESSION => only_child(current),
            kind::PARENTHESIZED_EXPRESSION | kind::SEQUENCE_EXPRESSION => children(current).pop(),
            _ => None,
        };
        match inner {
            Some(inner) => current = inner,
            None => return current,
        }
    }
}

/// Tells whether `x[index]` reads an element and not a property named by a value.
fn is_index(index: &Expr) -> bool {
    match &index.kind {
        ExprKind::Text(_) | ExprKind::Int(_) => true,
        ExprKind::Binary { operator, .. } => *operator == Operator::Other,
        _ => false,
    }
}

/// Recognises `require('m')`, `import('m')` and what compilers wrap around them.
fn required(callee: &Expr, arguments: &[Argument]) -> Option<ExprKind> {
    let first = &arguments.first()?.value;
    match (&callee.kind, &first.kind) {
        (ExprKind::Name(name), ExprKind::Text(module))
            if matches!(&**name, "require" | "import" | "__non_webpack_require__") =>
        {
            Some(ExprKind::Require(module.clone()))
        }
        (ExprKind::Member { object, property }, ExprKind::Text(module)) => {
            let is_module = matches!(&object.kind, ExprKind::Name(name) if &**name == "module");
            (is_module && &**property == "require").then(|| ExprKind::Require(module.clone()))
        }
        (_, ExprKind::Require(_) | ExprKind::Name(_)) if is_interop(callee) => {
            Some(with_default(first))
        }
        _ => None,
    }
}

fn is_interop(callee: &Expr) -> bool {
    match &callee.kind {
        ExprKind::Name(name) => INTEROP.contains(&&**name),
        ExprKind::Member { object, property } if &**property == "_" => is_interop(object),
        ExprKind::Member { property, .. } => INTEROP.contains(&&**property),
        _ => false,
    }
}

fn with_default(module: &Expr) -> ExprKind {
    let key = Expr::new(ExprKind::Text("default".into()), module.span);
    let entry = |key, kind| Entry {
        key,
        value: module.clone(),
        default: None,
        kind,
    };
    ExprKind::Array(vec![
        entry(Some(key), EntryKind::Value),
        entry(None, EntryKind::Spread),
    ])
}
