//! Lowers functions, methods and their parameters.

use model::{
    Name,
    facts::{ClassIndex, Expr, ExprKind, Function, FunctionIndex, FunctionKind, Param, Stmt, Type},
    source::Span,
};
use tree_sitter::Node;

use super::{
    Lowering, child_of_kind, children, classes, has_token,
    jsdoc::{self, Doc},
    kind::{self, field},
    literals::unquote,
    only_child, types,
};
use crate::{frontend::span, nothing::allows_nothing};

/// What surrounds a function.
pub(super) struct Shape {
    pub(super) name: Name,
    pub(super) kind: FunctionKind,
    pub(super) class: Option<ClassIndex>,
    pub(super) is_public: bool,
    pub(super) is_protected: bool,
    pub(super) decorators: Vec<Expr>,
    pub(super) span: Span,
}

impl Lowering<'_> {
    /// Lowers a function that is a value: an arrow, a function expression.
    pub(super) fn closure(&mut self, node: Node<'_>) -> FunctionIndex {
        let name = node.child_by_field_name(field::NAME);
        let shape = Shape {
            name: name.map_or_else(|| "".into(), |name| self.name(name)),
            kind: FunctionKind::Closure,
            class: self.initialized,
            is_public: true,
            is_protected: false,
            decorators: Vec::new(),
            span: span(name.unwrap_or(node)),
        };
        self.function(node, shape)
    }

    /// Notes that the function, class or enum at `node` binds its name.
    pub(super) fn declare_named(&mut self, node: Node<'_>) {
        if let Some(name) = node.child_by_field_name(field::NAME) {
            self.scope.declare_name(self.name(name));
        }
    }

    /// Lowers a function declaration.
    pub(super) fn declared_function(&mut self, node: Node<'_>) -> FunctionIndex {
        let name = node.child_by_field_name(field::NAME);
        self.declare_named(node);
        let shape = Shape {
            name: name.map_or_else(|| "".into(), |name| self.name(name)),
            kind: FunctionKind::Function,
            class: None,
            is_public: true,
            is_protected: false,
            decorators: Vec::new(),
            span: span(name.unwrap_or(node)),
        };
        self.function(node, shape)
    }

    /// Lowers a method of a class or of an object.
    pub(super) fn method(
        &mut self,
        node: Node<'_>,
        kind: FunctionKind,
        class: Option<ClassIndex>,
        decorators: Vec<Expr>,
    ) -> FunctionIndex {
        let shape = self.member_shape(node, kind, class, decorators);
        self.function(node, shape)
    }

    /// Says what the declaration of a member tells of it as a function.
    pub(super) fn member_shape(
        &self,
        node: Node<'_>,
        kind: FunctionKind,
        class: Option<ClassIndex>,
        decorators: Vec<Expr>,
    ) -> Shape {
        let name = classes::name_of(node);
        let access = child_of_kind(node, kind::ACCESSIBILITY_MODIFIER);
        let text = name.map_or_else(String::new, |name| self.property_name(name));
        Shape {
            kind,
            class,
            is_protected: access.is_some_and(|access| self.text(access) == "protected"),
            is_public: access.is_none_or(|access| self.text(access) != "private")
                && !text.starts_with('#'),
            name: text.into(),
            decorators,
            span: span(name.unwrap_or(node)),
        }
    }

    /// Returns the name of a member; a computed one is its text, or its source where it has none.
    pub(super) fn property_name(&self, node: Node<'_>) -> String {
        let inner = match node.kind() {
            kind::COMPUTED_PROPERTY_NAME => only_child(node).unwrap_or(node),
            _ => node,
        };
        match inner.kind() {
            kind::STRING => unquote(self.text(inner)),
            _ => self.text(node).to_owned(),
        }
    }

    /// Lowers parameters, body and types of a function.
    pub(super) fn function(&mut self, node: Node<'_>, shape: Shape) -> FunctionIndex {
        let index = self.open_function(shape);
        let parent = std::mem::replace(&mut self.function, index);
        let initialized = self.initialized.take();
        let scope = std::mem::take(&mut self.scope);
        let doc = jsdoc::before(self.text, self.docs, node.start_byte());
        let params = self.params(node, &doc);
        let returns = node
            .child_by_field_name(field::RETURN_TYPE)
            .and_then(|ty| types::annotation(self.text, ty))
            .or(doc.returns);
        let mut body = self.function_body(node);
        self.function = parent;
        self.initialized = initialized;
        let own = std::mem::replace(&mut self.scope, scope);
        if let Some(outer) = own.outer() {
            body.insert(0, outer);
        }
        if let Some(function) = self.facts.functions.get_mut(index.0 as usize) {
            function.params = params;
            function.returns = returns;
            function.body = body;
            function.extent = span(node);
        }
        index
    }

    /// Adds a function without parameters and statements.
    pub(super) fn open_function(&mut self, shape: Shape) -> FunctionIndex {
        let index = u32::try_from(self.facts.functions.len()).unwrap_or(u32::MAX);
        self.facts.functions.push(Function {
            name: shape.name,
            kind: shape.kind,
            class: shape.class,
            parent: Some(self.function),
            params: Vec::new(),
            returns: None,
            body: Vec::new(),
            is_public: shape.is_public,
            is_protected: shape.is_protected,
            decorators: shape.decorators,
            span: shape.span,
            extent: shape.span,
        });
        FunctionIndex(index)
    }

    fn function_body(&mut self, node: Node<'_>) -> Vec<Stmt> {
        match node.child_by_field_name(field::BODY) {
            Some(body) if body.kind() == kind::STATEMENT_BLOCK => self.body(body),
            Some(body) => {
                let mut stmts = Vec::new();
                let value = self.last_value(body, &mut stmts);
                stmts.push(Stmt::Return(Some(value)));
                stmts
            }
            None => Vec::new(),
        }
    }

    fn params(&mut self, node: Node<'_>, doc: &Doc) -> Vec<Param> {
        let nodes = match node.child_by_field_name(field::PARAMETERS) {
            Some(list) => children(list),
            None => node
                .child_by_field_name(field::PARAMETER)
                .into_iter()
                .collect(),
        };
        let mut params: Vec<Param> = nodes
            .into_iter()
            .filter_map(|node| self.param(node))
            .collect();
        for (position, param) in params.iter_mut().enumerate() {
            self.scope.declare(&param.target);
            if param.ty.is_none() {
                param.ty = documented(&param.target, position, doc);
            }
        }
        params
    }

    fn param(&mut self, node: Node<'_>) -> Option<Param> {
        if !matches!(
            node.kind(),
            kind::REQUIRED_PARAMETER | kind::OPTIONAL_PARAMETER
        ) {
            return Some(self.target_param(node));
        }
        let pattern = node
            .child_by_field_name(field::PATTERN)
            .or_else(|| node.child_by_field_name(field::NAME))?;
        if pattern.kind() == kind::THIS {
            return None;
        }
        let ty = node
            .child_by_field_name(field::TYPE)
            .and_then(|ty| types::annotation(self.text, ty));
        let may_be_nothing = node.child_by_field_name(field::TYPE).is_some_and(|ty| {
            allows_nothing(ty.utf8_text(self.text.as_bytes()).unwrap_or_default())
        });
        let value = node.child_by_field_name(field::VALUE);
        let param = self.target_param(pattern);
        Some(Param {
            ty,
            optional: may_be_nothing || node.kind() == kind::OPTIONAL_PARAMETER,
            default: value.map(|value| self.expression(value)).or(param.default),
            promoted: is_promoted(node),
            ..param
        })
    }

    fn target_param(&mut self, node: Node<'_>) -> Param {
        let (target, default) = match node.kind() {
            kind::ASSIGNMENT_PATTERN => self.defaulted(node),
            kind::REST_PATTERN => (self.rest(node), None),
            _ => (self.pattern(node), None),
        };
        Param {
            target,
            default,
            ty: None,
            optional: false,
            rest: node.kind() == kind::REST_PATTERN,
            keywords: false,
            promoted: false,
        }
    }
}

fn is_promoted(node: Node<'_>) -> bool {
    child_of_kind(node, kind::ACCESSIBILITY_MODIFIER).is_some()
        || child_of_kind(node, kind::OVERRIDE_MODIFIER).is_some()
        || has_token(node, "readonly")
}

/// Finds the documented type of a parameter: by its name, or by its place if it is a pattern.
fn documented(target: &Expr, position: usize, doc: &Doc) -> Option<Type> {
    match &target.kind {
        ExprKind::Name(name) => doc.param(name),
        _ => doc.param_at(position),
    }
}
