//! Lowers statements.

use model::facts::{Case, Each, Expr, Stmt};
use tree_sitter::Node;

use super::{
    Lowering, children, children_in,
    expressions::may_matter,
    jsdoc,
    kind::{self, field},
    only_child, types,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers the statements of a module or function; declared functions come first, as they are
    /// bound before anything runs.
    pub(super) fn body(&mut self, node: Node<'_>) -> Vec<Stmt> {
        let mut body = self.statements(children(node));
        body.sort_by_key(|stmt| !matches!(stmt, Stmt::Function(_)));
        body
    }

    /// Lowers one statement or block on its own.
    fn block(&mut self, node: Option<Node<'_>>) -> Vec<Stmt> {
        self.statements(node.into_iter().collect())
    }

    fn statements(&mut self, nodes: Vec<Node<'_>>) -> Vec<Stmt> {
        let mut out = Vec::new();
        for node in nodes {
            self.statement(node, &mut out);
        }
        out
    }

    /// Lowers a statement to the end of `out`.
    pub(super) fn statement(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        self.deeper(node, 1, (), |this| this.statement_here(node, out));
    }

    fn statement_here(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        match node.kind() {
            kind::EXPRESSION_STATEMENT => {
                for child in children(node) {
                    self.effect(child, out);
                }
            }
            kind::LEXICAL_DECLARATION | kind::VARIABLE_DECLARATION | kind::USING_DECLARATION => {
                for child in children(node) {
                    self.declarator(child, out);
                }
            }
            kind::RETURN_STATEMENT => {
                let value = only_child(node).map(|value| self.last_value(value, out));
                out.push(Stmt::Return(value));
            }
            kind::THROW_STATEMENT => {
                let value = only_child(node).map(|value| self.last_value(value, out));
                out.push(Stmt::Exit(value));
            }
            kind::BREAK_STATEMENT | kind::CONTINUE_STATEMENT => out.push(Stmt::Exit(None)),
            kind::STATEMENT_BLOCK | kind::ELSE_CLAUSE | kind::ERROR => {
                for child in children(node) {
                    self.statement(child, out);
                }
            }
            kind::LABELED_STATEMENT => {
                out.extend(self.block(node.child_by_field_name(field::BODY)));
            }
            kind::EMPTY_STATEMENT
            | kind::DEBUGGER_STATEMENT
            | kind::HASH_BANG_LINE
            | kind::AMBIENT_DECLARATION
            | kind::FUNCTION_SIGNATURE => {}
            kind::IF_STATEMENT
            | kind::SWITCH_STATEMENT
            | kind::FOR_STATEMENT
            | kind::FOR_IN_STATEMENT
            | kind::WHILE_STATEMENT
            | kind::DO_STATEMENT
            | kind::WITH_STATEMENT
            | kind::TRY_STATEMENT => self.flow(node, out),
            _ => self.declaration(node, out),
        }
    }

    fn declaration(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        match node.kind() {
            kind::FUNCTION_DECLARATION | kind::GENERATOR_FUNCTION_DECLARATION => {
                out.push(Stmt::Function(self.declared_function(node)));
            }
            kind::CLASS_DECLARATION | kind::ABSTRACT_CLASS_DECLARATION => {
                self.declare_named(node);
                out.push(Stmt::Class(self.class(node, Vec::new())));
            }
            kind::ENUM_DECLARATION => {
                self.declare_named(node);
                out.push(Stmt::Class(self.enumeration(node)));
            }
            kind::INTERFACE_DECLARATION => self.interface(node),
            kind::TYPE_ALIAS_DECLARATION => self.type_alias(node),
            kind::IMPORT_STATEMENT => self.import(node),
            kind::IMPORT_ALIAS => out.extend(self.import_alias(node)),
            kind::EXPORT_STATEMENT => self.export(node, out),
            kind::MODULE | kind::INTERNAL_MODULE => self.namespace(node, out),
            _ => self.effect(node, out),
        }
    }

    fn flow(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        match node.kind() {
            kind::IF_STATEMENT => {
                let stmt = self.branch(node);
                out.push(stmt);
            }
            kind::SWITCH_STATEMENT => {
                let stmt = self.switch(node);
                out.push(stmt);
            }
            kind::FOR_STATEMENT => self.for_loop(node, out),
            kind::FOR_IN_STATEMENT => {
                let stmt = self.for_each(node);
                out.push(stmt);
            }
            kind::WHILE_STATEMENT => {
                let mut body = Vec::new();
                self.field_effect(node, field::CONDITION, &mut body);
                body.extend(self.block(node.child_by_field_name(field::BODY)));
                out.push(Stmt::Loop { each: None, body });
            }
            kind::DO_STATEMENT => {
                let mut body = self.block(node.child_by_field_name(field::BODY));
                self.field_effect(node, field::CONDITION, &mut body);
                out.push(Stmt::Loop { each: None, body });
            }
            kind::WITH_STATEMENT => {
                self.field_effect(node, field::OBJECT, out);
                out.extend(self.block(node.child_by_field_name(field::BODY)));
            }
            _ => {
                let stmt = self.attempt(node);
                out.push(stmt);
            }
        }
    }

    /// Lowers an expression that stands as a statement.
    pub(super) fn effect(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        match node.kind() {
            kind::PARENTHESIZED_EXPRESSION => match only_child(node) {
                Some(inner) => self.statement(inner, out),
                None => out.push(Stmt::Expr(Expr::unknown(Vec::new(), span(node)))),
            },
            kind::SEQUENCE_EXPRESSION => {
                for child in children(node) {
                    self.effect(child, out);
                }
            }
            kind::ASSIGNMENT_EXPRESSION => {
                let assigned = self.deeper(node, 1, None, |this| this.assigned(node));
                let ty = jsdoc::before(self.text, self.docs, node.start_byte()).ty;
                out.extend(assigned.map(|(target, value)| Stmt::Assign {
                    target,
                    value: Some(value),
                    ty,
                    augmented: false,
                }));
            }
            kind::AUGMENTED_ASSIGNMENT => {
                let joined = self.deeper(node, 1, None, |this| this.joined(node));
                out.extend(joined.map(|(target, value)| Stmt::Assign {
                    target,
                    value: Some(value),
                    ty: None,
                    augmented: true,
                }));
            }
            kind::MODULE | kind::INTERNAL_MODULE => self.namespace(node, out),
            _ => {
                let value = self.expression(node);
                out.extend(may_matter(&value).then_some(Stmt::Expr(value)));
            }
        }
    }

    fn field_effect(&mut self, node: Node<'_>, field: &str, out: &mut Vec<Stmt>) {
        for child in children_in(node, field) {
            let inner = match child.kind() {
                kind::PARENTHESIZED_EXPRESSION => only_child(child).unwrap_or(child),
                _ => child,
            };
            self.statement(inner, out);
        }
    }

    /// Lowers a value; of a sequence, all but the last part become statements of their own.
    pub(super) fn last_value(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) -> Expr {
        let sequence = match node.kind() {
            kind::PARENTHESIZED_EXPRESSION => only_child(node).unwrap_or(node),
            _ => node,
        };
        if sequence.kind() != kind::SEQUENCE_EXPRESSION {
            return self.expression(node);
        }
        let mut parts = children(sequence);
        let last = parts.pop();
        for part in parts {
            self.effect(part, out);
        }
        match last {
            Some(last) => self.expression(last),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }

    fn declarator(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let Some(name) = node.child_by_field_name(field::NAME) else {
            return self.statement(node, out);
        };
        let target = self.pattern(name);
        self.scope.declare(&target);
        let value = node
            .child_by_field_name(field::VALUE)
            .map(|value| self.last_value(value, out));
        let ty = node
            .child_by_field_name(field::TYPE)
            .and_then(|ty| types::annotation(self.text, ty))
            .or_else(|| jsdoc::before(self.text, self.docs, node.start_byte()).ty);
        out.push(Stmt::Assign {
            target,
            value,
            ty,
            augmented: false,
        });
    }

    fn condition(&mut self, node: Node<'_>, field: &str) -> Expr {
        match node.child_by_field_name(field) {
            Some(test) => self.expression(test),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }

    fn branch(&mut self, node: Node<'_>) -> Stmt {
        Stmt::If {
            test: self.condition(node, field::CONDITION),
            then: self.block(node.child_by_field_name(field::CONSEQUENCE)),
            otherwise: self.block(node.child_by_field_name(field::ALTERNATIVE)),
        }
    }

    fn switch(&mut self, node: Node<'_>) -> Stmt {
        let subject = self.condition(node, field::VALUE);
        let nodes = node
            .child_by_field_name(field::BODY)
            .map(children)
            .unwrap_or_default();
        let mut cases: Vec<Case> = Vec::new();
        // Labels without statements lead to the next ones; a group with `default` takes all.
        let mut open: Option<(Vec<Expr>, bool)> = None;
        for node in nodes {
            let (mut tests, mut is_default) = open.take().unwrap_or_default();
            is_default |= node.kind() == kind::SWITCH_DEFAULT;
            if let Some(test) = node.child_by_field_name(field::VALUE) {
                tests.push(self.expression(test));
            }
            let nodes = children_in(node, field::BODY);
            if nodes.is_empty() {
                open = Some((tests, is_default));
                continue;
            }
            if is_default {
                tests.clear();
            }
            let breaks = nodes.last().is_some_and(|last| ends_in_break(*last));
            let body = self.statements(nodes);
            cases.push(case(tests, body, breaks));
        }
        if let Some(last) = cases.last_mut() {
            last.falls_through = false;
        }
        Stmt::Switch { subject, cases }
    }

    fn for_loop(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        if let Some(initializer) = node.child_by_field_name(field::INITIALIZER) {
            self.statement(initializer, out);
        }
        let mut body = Vec::new();
        self.field_effect(node, field::CONDITION, &mut body);
        body.extend(self.block(node.child_by_field_name(field::BODY)));
        self.field_effect(node, field::INCREMENT, &mut body);
        out.push(Stmt::Loop { each: None, body });
    }

    fn for_each(&mut self, node: Node<'_>) -> Stmt {
        let target = match node.child_by_field_name(field::LEFT) {
            Some(left) => self.pattern(left),
            None => Expr::unknown(Vec::new(), span(node)),
        };
        match node.child_by_field_name(field::KIND) {
            Some(_) => self.scope.declare(&target),
            None => self.scope.assign(&target),
        }
        let operator = node.child_by_field_name(field::OPERATOR);
        let each = Each {
            key: None,
            target,
            iterable: self.condition(node, field::RIGHT),
            keys_only: operator.is_some_and(|operator| operator.kind() == "in"),
        };
        Stmt::Loop {
            each: Some(each),
            body: self.block(node.child_by_field_name(field::BODY)),
        }
    }

    fn attempt(&mut self, node: Node<'_>) -> Stmt {
        let body = self.block(node.child_by_field_name(field::BODY));
        let mut handlers = Vec::new();
        if let Some(handler) = node.child_by_field_name(field::HANDLER) {
            let mut statements = Vec::new();
            if let Some(parameter) = handler.child_by_field_name(field::PARAMETER) {
                let target = self.pattern(parameter);
                self.scope.declare(&target);
                statements.push(Stmt::Assign {
                    target,
                    value: None,
                    ty: None,
                    augmented: false,
                });
            }
            statements.extend(self.block(handler.child_by_field_name(field::BODY)));
            handlers.push(statements);
        }
        let finally = node
            .child_by_field_name(field::FINALIZER)
            .and_then(|finalizer| finalizer.child_by_field_name(field::BODY));
        Stmt::Try {
            body,
            handlers,
            finally: self.block(finally),
        }
    }

    /// Lowers the statements of a namespace; what it exports is not the module's.
    fn namespace(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let n_exports = self.facts.exports.len();
        out.extend(self.block(node.child_by_field_name(field::BODY)));
        self.facts.exports.truncate(n_exports);
    }
}

/// Makes a case; the `break` at its end says only that it does not go on into the next one.
fn case(tests: Vec<Expr>, mut body: Vec<Stmt>, breaks: bool) -> Case {
    let falls_through = !ends(&body);
    if breaks {
        body.pop();
    }
    Case {
        tests,
        body,
        falls_through,
    }
}

fn ends_in_break(last: Node<'_>) -> bool {
    let mut current = last;
    while current.kind() == kind::STATEMENT_BLOCK {
        match children(current).pop() {
            Some(inner) => current = inner,
            None => return false,
        }
    }
    current.kind() == kind::BREAK_STATEMENT && only_child(current).is_none()
}

/// Tells whether the flow never gets past these statements.
fn ends(body: &[Stmt]) -> bool {
    body.iter().any(|stmt| match stmt {
        Stmt::Return(_) | Stmt::Exit(_) => true,
        Stmt::If {
            then, otherwise, ..
        } => ends(then) && ends(otherwise),
        Stmt::Try {
            body,
            handlers,
            finally,
        } => ends(finally) || (ends(body) && handlers.iter().all(|handler| ends(handler))),
        Stmt::Expr(_)
        | Stmt::Assign { .. }
        | Stmt::Switch { .. }
        | Stmt::Loop { .. }
        | Stmt::Outer(_)
        | Stmt::Shared(_)
        | Stmt::Function(_)
        | Stmt::Class(_) => false,
    })
}
