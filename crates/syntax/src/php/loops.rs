//! Loops and branches.

use model::facts::{Case, Each, Expr, ExprKind, Stmt};
use tree_sitter::Node;

use super::{
    Lowering,
    bodies::{aliases, declare},
    field, is_margin, kind, parts,
    types::VariableType,
};
use crate::frontend::span;

/// How many `elseif` are told in a nest; a longer row is told one after the other.
const MAX_BRANCHES: usize = 64;

impl Lowering<'_> {
    pub(super) fn branch(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let mut ways = vec![(self.condition(node), self.bodies(node))];
        let mut otherwise = Vec::new();
        let mut cursor = node.walk();
        for alternative in node.children_by_field_name(field::ALTERNATIVE, &mut cursor) {
            let body = self.bodies(alternative);
            if alternative.kind() == kind::ELSE {
                otherwise = body;
            } else {
                ways.push((self.condition(alternative), body));
            }
        }
        if ways.len() > MAX_BRANCHES {
            flat_ways(ways, otherwise, out);
            return;
        }
        for (test, then) in ways.into_iter().rev() {
            otherwise = vec![Stmt::If {
                test,
                then,
                otherwise,
            }];
        }
        out.append(&mut otherwise);
    }

    fn condition(&mut self, node: Node<'_>) -> Expr {
        match node.child_by_field_name(field::CONDITION) {
            Some(condition) => self.expression(condition),
            None => Expr::unknown(Vec::new(), span(node)),
        }
    }

    pub(super) fn foreach(
        &mut self,
        node: Node<'_>,
        documented: &mut Vec<VariableType>,
        out: &mut Vec<Stmt>,
    ) {
        let body_id = node.child_by_field_name(field::BODY).map(|body| body.id());
        let head = parts(node)
            .into_iter()
            .filter(|part| Some(part.id()) != body_id);
        let head: Vec<Node<'_>> = head.collect();
        let [iterable, turn, ..] = head.as_slice() else {
            out.append(&mut self.bodies(node));
            return;
        };
        let iterable = self.expression(*iterable);
        let (key, target) = self.turn(*turn);
        if is_by_reference(*turn) {
            out.extend(aliases(&target, &iterable));
        }
        let mut body = Vec::new();
        declare(take_bound(documented, &target), &mut body);
        body.append(&mut self.bodies(node));
        let each = Each {
            key,
            target,
            iterable,
            keys_only: false,
        };
        out.push(Stmt::Loop {
            each: Some(each),
            body,
        });
    }

    fn turn(&mut self, node: Node<'_>) -> (Option<Expr>, Expr) {
        if node.kind() == kind::PAIR
            && let [key, value] = parts(node).as_slice()
        {
            return (Some(self.expression(*key)), self.pattern(*value));
        }
        (None, self.pattern(node))
    }

    pub(super) fn for_loop(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        self.field_effects(node, field::INITIALIZE, out);
        let mut body = Vec::new();
        self.field_effects(node, field::CONDITION, &mut body);
        body.append(&mut self.bodies(node));
        self.field_effects(node, field::UPDATE, &mut body);
        out.push(Stmt::Loop { each: None, body });
    }

    pub(super) fn while_loop(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let mut body = Vec::new();
        self.field_effects(node, field::CONDITION, &mut body);
        body.append(&mut self.bodies(node));
        out.push(Stmt::Loop { each: None, body });
    }

    pub(super) fn do_loop(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let mut body = self.bodies(node);
        self.field_effects(node, field::CONDITION, &mut body);
        out.push(Stmt::Loop { each: None, body });
    }

    fn field_effects(&mut self, node: Node<'_>, field: &str, out: &mut Vec<Stmt>) {
        if let Some(expressions) = node.child_by_field_name(field) {
            self.effect_of_sequence(expressions, out);
        }
    }

    pub(super) fn switch(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let subject = self.condition(node);
        let mut cases: Vec<Case> = Vec::new();
        let body = node.child_by_field_name(field::BODY);
        for part in body.into_iter().flat_map(parts) {
            if matches!(part.kind(), kind::CASE | kind::DEFAULT) {
                let case = self.case(part);
                add_case(&mut cases, case);
            }
        }
        out.push(Stmt::Switch { subject, cases });
    }

    fn case(&mut self, node: Node<'_>) -> Case {
        let value = node.child_by_field_name(field::VALUE);
        let tests = value
            .map(|value| self.expression(value))
            .into_iter()
            .collect();
        let mut body = self
            .nested(node, |lowering| lowering.block(node))
            .unwrap_or_default();
        let falls_through = !matches!(body.last(), Some(Stmt::Exit(_) | Stmt::Return(_)));
        if ends_with_plain_break(node) && matches!(body.last(), Some(Stmt::Exit(None))) {
            body.pop();
        }
        Case {
            tests,
            body,
            falls_through,
        }
    }

    pub(super) fn try_block(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let body = self.bodies(node);
        let mut handlers = Vec::new();
        let mut finally = Vec::new();
        for part in parts(node) {
            match part.kind() {
                kind::CATCH => handlers.push(self.handler(part)),
                kind::FINALLY => finally = self.bodies(part),
                _ => {}
            }
        }
        out.push(Stmt::Try {
            body,
            handlers,
            finally,
        });
    }

    fn handler(&mut self, node: Node<'_>) -> Vec<Stmt> {
        let mut out = Vec::new();
        if let Some(name) = node.child_by_field_name(field::NAME) {
            out.push(Stmt::Assign {
                target: Expr::new(ExprKind::Name(self.text(name).into()), span(name)),
                value: None,
                ty: self.declared_type(node, field::TYPE),
                augmented: false,
            });
        }
        out.append(&mut self.bodies(node));
        out
    }
}

/// Tells many ways one after the other, each as if it might be taken or not.
fn flat_ways(ways: Vec<(Expr, Vec<Stmt>)>, otherwise: Vec<Stmt>, out: &mut Vec<Stmt>) {
    for (test, then) in ways {
        out.push(Stmt::If {
            test,
            then,
            otherwise: Vec::new(),
        });
    }
    out.push(Stmt::If {
        test: Expr::unknown(Vec::new(), model::source::Span::default()),
        then: otherwise,
        otherwise: Vec::new(),
    });
}

/// Joins a case without statements with the one that it leads into.
///
/// What leads into `default` needs no test of its own.
fn add_case(cases: &mut Vec<Case>, mut case: Case) {
    let is_open = |last: &mut Case| last.body.is_empty() && last.falls_through;
    if let Some(last) = cases.pop_if(is_open) {
        if last.tests.is_empty() || case.tests.is_empty() {
            case.tests.clear();
        } else {
            case.tests.splice(0..0, last.tests);
        }
    }
    cases.push(case);
}

/// Says whether a case ends with a `break` that only leaves the `switch`.
fn ends_with_plain_break(case: Node<'_>) -> bool {
    let mut cursor = case.walk();
    let last = case
        .named_children(&mut cursor)
        .filter(|child| !is_margin(*child))
        .last();
    match last {
        Some(last) if last.kind() == kind::BREAK => parts(last).is_empty(),
        Some(last) if last.kind() == kind::COMPOUND => ends_with_plain_break(last),
        _ => false,
    }
}

/// Takes the types of variables that a loop binds in each turn.
fn take_bound(documented: &mut Vec<VariableType>, target: &Expr) -> Vec<VariableType> {
    let mut bound = Vec::new();
    let mut rest = Vec::new();
    for found in documented.drain(..) {
        match (&found.variable, &target.kind) {
            (Some(variable), ExprKind::Name(name)) if variable == name => bound.push(found),
            (None, ExprKind::Name(name)) => bound.push(VariableType {
                variable: Some(name.clone()),
                ty: found.ty,
                span: found.span,
            }),
            _ => rest.push(found),
        }
    }
    *documented = rest;
    bound
}

/// Says whether each turn of a `foreach` binds the element itself: `as &$x`, `as $key => &$x`.
fn is_by_reference(turn: Node<'_>) -> bool {
    turn.kind() == kind::BY_REFERENCE
        || (turn.kind() == kind::PAIR && super::child_of_kind(turn, kind::BY_REFERENCE).is_some())
}
