//! Statements, except loops and branches.

use model::{
    Name,
    facts::{Expr, ExprKind, Stmt, Type},
};
use tree_sitter::Node;

use super::{
    Lowering, child_of_kind,
    doc::{Doc, Tag},
    field, is_margin, kind,
    names::Scope,
    parts, parts_and_errors,
    types::VariableType,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers the statements directly inside `node`.
    pub(super) fn block(&mut self, node: Node<'_>) -> Vec<Stmt> {
        let mut out = Vec::new();
        let skipped = node
            .child_by_field_name(field::VALUE)
            .map(|value| value.id());
        let mut doc = None;
        let mut cursor = node.walk();
        for child in node.named_children(&mut cursor) {
            if child.kind() == kind::COMMENT {
                doc = self.next_doc(child, doc, &mut out);
            } else if !is_margin(child) && Some(child.id()) != skipped {
                self.statement(child, doc.take().as_ref(), &mut out);
            }
        }
        self.declare_documented(doc.as_ref(), &mut out);
        out
    }

    /// Takes a comment as the doc of what follows; one that it displaces says its variables now.
    fn next_doc(
        &mut self,
        comment: Node<'_>,
        old: Option<Doc>,
        out: &mut Vec<Stmt>,
    ) -> Option<Doc> {
        let new = Doc::read(self.text(comment), span(comment));
        if new.is_none() {
            return old;
        }
        self.declare_documented(old.as_ref(), out);
        new
    }

    fn declare_documented(&mut self, doc: Option<&Doc>, out: &mut Vec<Stmt>) {
        if let Some(doc) = doc {
            declare(self.variables(doc, Tag::Var), out);
        }
    }

    /// Lowers a body: one statement or a block.
    pub(super) fn body(&mut self, node: Node<'_>) -> Vec<Stmt> {
        match node.kind() {
            kind::COMPOUND | kind::COLON_BLOCK => {
                let block = self.nested(node, |lowering| lowering.block(node));
                block.unwrap_or_default()
            }
            _ => {
                let mut out = Vec::new();
                self.statement(node, None, &mut out);
                out
            }
        }
    }

    /// Lowers every field `body` of `node`.
    pub(super) fn bodies(&mut self, node: Node<'_>) -> Vec<Stmt> {
        let mut cursor = node.walk();
        let mut out = Vec::new();
        for body in node.children_by_field_name(field::BODY, &mut cursor) {
            if body.is_named() && !is_margin(body) {
                out.append(&mut self.body(body));
            }
        }
        out
    }

    pub(super) fn statement(&mut self, node: Node<'_>, doc: Option<&Doc>, out: &mut Vec<Stmt>) {
        let mut documented = match doc {
            Some(doc) => self.variables(doc, Tag::Var),
            None => Vec::new(),
        };
        let mut lowered = Vec::new();
        self.nested(node, |lowering| {
            lowering.plain_statement(node, doc, &mut documented, &mut lowered);
        });
        if matches!(node.kind(), kind::GLOBAL | kind::STATIC_VARIABLES) {
            out.append(&mut lowered);
            declare(documented, out);
        } else {
            declare(documented, out);
            out.append(&mut lowered);
        }
    }

    fn plain_statement(
        &mut self,
        node: Node<'_>,
        doc: Option<&Doc>,
        documented: &mut Vec<VariableType>,
        out: &mut Vec<Stmt>,
    ) {
        match node.kind() {
            kind::EXPRESSION_STATEMENT => {
                for inner in parts_and_errors(node) {
                    self.effect(inner, documented, out);
                }
            }
            kind::RETURN => out.push(self.returned(node, documented)),
            kind::IF => self.branch(node, out),
            kind::FOREACH => self.foreach(node, documented, out),
            kind::FOR => self.for_loop(node, out),
            kind::WHILE => self.while_loop(node, out),
            kind::DO => self.do_loop(node, out),
            kind::SWITCH => self.switch(node, out),
            kind::TRY => self.try_block(node, out),
            kind::ECHO => self.effects(node, out),
            kind::EXIT => {
                let thrown = parts(node).into_iter().next();
                out.push(Stmt::Exit(thrown.map(|value| self.expression(value))));
            }
            kind::BREAK | kind::CONTINUE | kind::GOTO => out.push(Stmt::Exit(None)),
            kind::GLOBAL => out.push(Stmt::Outer(self.variable_names(node))),
            kind::STATIC_VARIABLES => self.static_variables(node, out),
            kind::COMPOUND | kind::COLON_BLOCK => out.append(&mut self.block(node)),
            kind::LABEL | kind::EMPTY | kind::DECLARE_DIRECTIVE | kind::NAME => {}
            _ => self.declaration(node, doc, out),
        }
    }

    fn declaration(&mut self, node: Node<'_>, doc: Option<&Doc>, out: &mut Vec<Stmt>) {
        match node.kind() {
            kind::FUNCTION => out.push(Stmt::Function(self.named_function(node, doc))),
            kind::METHOD => self.method(node, doc),
            kind::CLASS | kind::INTERFACE | kind::TRAIT | kind::ENUM => {
                out.push(Stmt::Class(self.named_class(node, doc)));
            }
            kind::NAMESPACE => self.namespace(node, out),
            kind::USE => self.import_names(node),
            kind::CONST => self.top_level_constants(node, out),
            kind::DECLARE => out.append(&mut self.block(node)),
            _ if node.is_error() => self.unreadable(node, out),
            _ => out.push(Stmt::Expr(self.expression(node))),
        }
    }

    /// Saves the statements and expressions inside a place that could not be parsed.
    fn unreadable(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let n_before = out.len();
        out.append(&mut self.block(node));
        let mut index = 0;
        out.retain(|statement| {
            index += 1;
            index <= n_before || !says_nothing(statement)
        });
    }

    fn namespace(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let name = node.child_by_field_name(field::NAME);
        let scope = Scope::new(name.map_or("", |name| self.text(name)));
        if self.facts.namespace.is_empty() {
            self.facts.namespace = scope.namespace().into();
        }
        let outer = std::mem::replace(&mut self.scope, scope);
        if let Some(body) = node.child_by_field_name(field::BODY) {
            out.append(&mut self.block(body));
            self.scope = outer;
        }
    }

    fn top_level_constants(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        for element in parts(node) {
            if let [name, value] = parts(element).as_slice() {
                let target = ExprKind::Global(self.scope.declared(self.text(*name)));
                let value = self.expression(*value);
                out.push(assign(Expr::new(target, span(*name)), Some(value)));
            }
        }
    }

    /// Lowers an expression for what it does.
    pub(super) fn effect(
        &mut self,
        node: Node<'_>,
        documented: &mut Vec<VariableType>,
        out: &mut Vec<Stmt>,
    ) {
        match node.kind() {
            kind::ASSIGNMENT | kind::REFERENCE_ASSIGNMENT => {
                let (target, value) = self.assignment(node);
                let ty = take_type(documented, &target);
                if node.kind() == kind::REFERENCE_ASSIGNMENT {
                    out.extend(aliases(&target, &value));
                }
                out.push(Stmt::Assign {
                    target,
                    value: Some(value),
                    ty,
                    augmented: false,
                });
            }
            kind::AUGMENTED_ASSIGNMENT | kind::UPDATE => {
                let (target, value) = self.augmented_assignment(node);
                out.push(Stmt::Assign {
                    target,
                    value: Some(value),
                    ty: None,
                    augmented: true,
                });
            }
            kind::THROW => out.push(Stmt::Exit(Some(self.only(node)))),
            kind::FUNCTION_CALL => self.effect_of_call(node, out),
            kind::NAME if is_exit(self.text(node)) => out.push(Stmt::Exit(None)),
            kind::PARENTHESIZED | kind::ERROR_SUPPRESSION | kind::PRINT => {
                if let [inner] = parts(node).as_slice() {
                    self.nested(node, |lowering| lowering.effect(*inner, documented, out));
                }
            }
            _ => out.push(Stmt::Expr(self.expression(node))),
        }
    }

    fn effect_of_call(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let callee = node.child_by_field_name(field::FUNCTION);
        let name = callee.map_or("", |callee| self.text(callee));
        if is_exit(name) {
            let status = child_of_kind(node, kind::ARGUMENTS).map(|list| self.arguments(list));
            let status = status.into_iter().flatten().next();
            out.push(Stmt::Exit(status.map(|argument| argument.value)));
            return;
        }
        let call = self.nested(node, |lowering| lowering.function_call(node));
        let call = call.unwrap_or_else(|| Expr::unknown(Vec::new(), span(node)));
        out.extend(defined(name, &call).map(|(target, value)| assign(target, Some(value))));
        out.push(Stmt::Expr(call));
    }

    /// Lowers each expression of a list for what it does.
    pub(super) fn effects(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        for part in parts_and_errors(node) {
            self.effect_of_sequence(part, out);
        }
    }

    /// Lowers `a, b, c` for what each part does; anything else as one part.
    pub(super) fn effect_of_sequence(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let mut rest = vec![node];
        while let Some(next) = rest.pop() {
            if next.kind() == kind::SEQUENCE {
                rest.extend(parts(next).into_iter().rev());
            } else {
                self.effect(next, &mut Vec::new(), out);
            }
        }
    }

    fn returned(&mut self, node: Node<'_>, documented: &mut Vec<VariableType>) -> Stmt {
        let Some(value) = parts(node).into_iter().next() else {
            return Stmt::Return(None);
        };
        let value = self.expression(value);
        let ty = self.inline_type(node).or_else(|| take_unnamed(documented));
        Stmt::Return(Some(cast(value, ty)))
    }

    pub(super) fn variable_names(&self, node: Node<'_>) -> Vec<Name> {
        let variables = parts(node)
            .into_iter()
            .filter(|p| p.kind() == kind::VARIABLE);
        variables
            .map(|variable| self.text(variable).into())
            .collect()
    }

    fn static_variables(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let variables = parts(node)
            .into_iter()
            .filter(|p| p.kind() == kind::STATIC_VARIABLE);
        for variable in variables {
            let (name, at) = self.name_of(variable);
            let value = variable.child_by_field_name(field::VALUE);
            let value = value.map(|value| self.expression(value));
            out.push(Stmt::Shared(vec![name.clone()]));
            out.push(assign(Expr::new(ExprKind::Name(name), at), value));
        }
    }
}

/// Says that the names in `$a = &$b` are one variable.
pub(super) fn aliases(target: &Expr, value: &Expr) -> Option<Stmt> {
    let names = [target, value]
        .into_iter()
        .filter_map(|expr| match &expr.kind {
            ExprKind::Name(name) => Some(name.clone()),
            _ => None,
        });
    let names: Vec<Name> = names.collect();
    (!names.is_empty()).then_some(Stmt::Shared(names))
}

pub(super) fn assign(target: Expr, value: Option<Expr>) -> Stmt {
    Stmt::Assign {
        target,
        value,
        ty: None,
        augmented: false,
    }
}

/// Gives a value the type that its author vouches for.
pub(super) fn cast(value: Expr, ty: Option<Type>) -> Expr {
    let Some(ty) = ty else { return value };
    let span = value.span;
    let value = Box::new(value);
    Expr::new(ExprKind::Cast { value, ty }, span)
}

/// Declares the variables that a doc comment names.
pub(super) fn declare(documented: Vec<VariableType>, out: &mut Vec<Stmt>) {
    for VariableType { variable, ty, span } in documented {
        let Some(name) = variable else { continue };
        let target = super::expressions::variable(&name);
        out.push(Stmt::Assign {
            target: Expr::new(target, span),
            value: None,
            ty: Some(ty),
            augmented: false,
        });
    }
}

fn take_type(documented: &mut Vec<VariableType>, target: &Expr) -> Option<Type> {
    let is_it = |found: &VariableType| match (&found.variable, &target.kind) {
        (None, _) => true,
        (Some(variable), ExprKind::Name(name)) => variable == name,
        (Some(_), _) => false,
    };
    let at = documented.iter().position(is_it)?;
    Some(documented.remove(at).ty)
}

fn take_unnamed(documented: &mut Vec<VariableType>) -> Option<Type> {
    let at = documented
        .iter()
        .position(|found| found.variable.is_none())?;
    Some(documented.remove(at).ty)
}

/// Returns the constant and its value, where `call` is a `define('NAME', value)`.
pub(super) fn defined(name: &str, call: &Expr) -> Option<(Expr, Expr)> {
    if !name.trim_start_matches('\\').eq_ignore_ascii_case("define") {
        return None;
    }
    let ExprKind::Call { arguments, .. } = &call.kind else {
        return None;
    };
    let [constant, value, ..] = arguments.as_slice() else {
        return None;
    };
    let ExprKind::Text(text) = &constant.value.kind else {
        return None;
    };
    let target = ExprKind::Global(text.trim_start_matches('\\').into());
    Some((Expr::new(target, constant.value.span), value.value.clone()))
}

pub(super) fn is_exit(name: &str) -> bool {
    let name = name.trim_start_matches('\\');
    name.eq_ignore_ascii_case("exit") || name.eq_ignore_ascii_case("die")
}

fn says_nothing(statement: &Stmt) -> bool {
    let Stmt::Expr(value) = statement else {
        return false;
    };
    match &value.kind {
        ExprKind::Unknown(inside) => inside.is_empty(),
        ExprKind::Name(_) | ExprKind::Global(_) | ExprKind::Text(_) | ExprKind::Int(_) => true,
        _ => false,
    }
}
