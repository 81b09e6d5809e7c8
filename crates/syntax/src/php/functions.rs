//! Functions of every kind, their parameters and attributes.

use model::{
    Name,
    facts::{Expr, ExprKind, Field, Function, FunctionIndex, FunctionKind, Param, Stmt},
    source::Span,
};
use tree_sitter::Node;

use super::{Lowering, child_of_kind, doc::Doc, field, kind, parts, types::refine};
use crate::{frontend::span, nothing::allows_nothing};

/// What is known of a function before its body is read.
pub(super) struct Head {
    pub(super) name: Name,
    pub(super) kind: FunctionKind,
    pub(super) is_public: bool,
    pub(super) is_protected: bool,
    pub(super) span: Span,
}

impl Lowering<'_> {
    /// Lowers a function, method, closure or property hook.
    pub(super) fn function(
        &mut self,
        node: Node<'_>,
        head: Head,
        doc: Option<&Doc>,
    ) -> FunctionIndex {
        let decorators = self.decorators(node);
        let index = self.reserve(head, decorators);
        let outer = std::mem::replace(&mut self.function, index);
        let n_templates = self.templates.len();
        self.add_templates(doc);
        let params = self.params(node, doc);
        let returns = self.return_type(node, doc);
        let mut body = self.function_body(node);
        let shared = self.by_reference(node);
        if !shared.is_empty() {
            body.insert(0, Stmt::Shared(shared));
        }
        if let Some(function) = self.facts.functions.get_mut(index.0 as usize) {
            function.params = params;
            function.returns = returns;
            function.body = body;
            function.extent = span(node);
        }
        self.templates.truncate(n_templates);
        self.function = outer;
        index
    }

    fn reserve(&mut self, head: Head, decorators: Vec<Expr>) -> FunctionIndex {
        let index = u32::try_from(self.facts.functions.len()).unwrap_or(u32::MAX);
        let class = match head.kind {
            FunctionKind::Module | FunctionKind::Function | FunctionKind::Closure => None,
            FunctionKind::Method
            | FunctionKind::Constructor
            | FunctionKind::Static
            | FunctionKind::Getter
            | FunctionKind::Setter => self.class,
        };
        self.facts.functions.push(Function {
            name: head.name,
            kind: head.kind,
            class,
            parent: Some(self.function),
            params: Vec::new(),
            returns: None,
            body: Vec::new(),
            is_public: head.is_public,
            is_protected: head.is_protected,
            decorators,
            span: head.span,
            extent: head.span,
        });
        FunctionIndex(index)
    }

    /// Returns the names that a function shares with other code: `&$x` among its parameters, `use (&$x)`.
    fn by_reference(&self, node: Node<'_>) -> Vec<Name> {
        let mut names = Vec::new();
        let list = node.child_by_field_name(field::PARAMETERS);
        for param in list.map(parts).unwrap_or_default() {
            if child_of_kind(param, kind::REFERENCE_MODIFIER).is_some()
                && let Some(name) = param.child_by_field_name(field::NAME)
            {
                names.push(self.text(name).trim_start_matches(['&', ' ']).into());
            }
        }
        let uses = child_of_kind(node, kind::CLOSURE_USES);
        for used in uses.map(parts).unwrap_or_default() {
            if used.kind() == kind::BY_REFERENCE {
                names.extend(self.variable_names(used));
            }
        }
        names
    }

    fn function_body(&mut self, node: Node<'_>) -> Vec<Stmt> {
        let Some(body) = node.child_by_field_name(field::BODY) else {
            return Vec::new();
        };
        if body.kind() == kind::COMPOUND {
            return self.block(body);
        }
        vec![Stmt::Return(Some(self.expression(body)))]
    }

    /// Lowers `function f() {}`.
    pub(super) fn named_function(&mut self, node: Node<'_>, doc: Option<&Doc>) -> FunctionIndex {
        let (name, span) = self.name_of(node);
        let head = Head {
            name: self.scope.declared(&name),
            kind: FunctionKind::Function,
            is_public: true,
            is_protected: false,
            span,
        };
        let class = self.class.take();
        let index = self.function(node, head, doc);
        self.class = class;
        index
    }

    /// Lowers `function () {}` and `fn () => x`.
    pub(super) fn closure(&mut self, node: Node<'_>) -> FunctionIndex {
        let head = Head {
            name: "".into(),
            kind: FunctionKind::Closure,
            is_public: true,
            is_protected: false,
            span: node.child(0).map_or(span(node), span),
        };
        self.function(node, head, None)
    }

    /// Returns the declared name of a node and where it is.
    pub(super) fn name_of(&self, node: Node<'_>) -> (Name, Span) {
        match node.child_by_field_name(field::NAME) {
            Some(name) => (self.text(name).into(), span(name)),
            None => ("".into(), span(node)),
        }
    }

    fn params(&mut self, node: Node<'_>, doc: Option<&Doc>) -> Vec<Param> {
        let Some(list) = node.child_by_field_name(field::PARAMETERS) else {
            return Vec::new();
        };
        let mut params = Vec::new();
        let mut own_doc = None;
        let mut cursor = list.walk();
        for child in list.named_children(&mut cursor) {
            match child.kind() {
                kind::COMMENT => own_doc = Doc::read(self.text(child), span(child)).or(own_doc),
                kind::SIMPLE_PARAMETER | kind::VARIADIC_PARAMETER | kind::PROMOTED_PARAMETER => {
                    params.extend(self.param(child, doc, own_doc.take().as_ref()));
                }
                _ => {}
            }
        }
        params
    }

    fn param(&mut self, node: Node<'_>, doc: Option<&Doc>, own: Option<&Doc>) -> Option<Param> {
        let name = node.child_by_field_name(field::NAME)?;
        let variable = self.text(name).trim_start_matches(['&', ' ']);
        let documented = self
            .var_type(variable, own)
            .or_else(|| self.param_type(variable, doc));
        let ty = refine(self.declared_type(node, field::TYPE), documented);
        let default = node.child_by_field_name(field::DEFAULT_VALUE);
        let promoted = node.kind() == kind::PROMOTED_PARAMETER;
        let param = Param {
            target: Expr::new(ExprKind::Name(variable.into()), span(name)),
            default: default.map(|value| self.expression(value)),
            ty,
            optional: node
                .child_by_field_name(field::TYPE)
                .is_some_and(|ty| allows_nothing(self.text(ty))),
            rest: node.kind() == kind::VARIADIC_PARAMETER,
            keywords: false,
            promoted,
        };
        if promoted {
            self.promote(node, &param);
        }
        Some(param)
    }

    fn promote(&mut self, node: Node<'_>, param: &Param) {
        let ExprKind::Name(variable) = &param.target.kind else {
            return;
        };
        let name: Name = variable.trim_start_matches('$').into();
        let field = Field {
            name: name.clone(),
            value: None,
            ty: param.ty.clone(),
            is_static: false,
            is_documented: false,
            span: param.target.span,
        };
        self.hooks(node, &name);
        if let Some(class) = self.own_class_mut() {
            class.fields.push(field);
        }
    }

    /// Lowers the hooks of the property `name` that stand in `node`.
    pub(super) fn hooks(&mut self, node: Node<'_>, name: &Name) {
        let lists = parts(node)
            .into_iter()
            .filter(|p| p.kind() == kind::PROPERTY_HOOKS);
        for hook in lists
            .flat_map(parts)
            .filter(|p| p.kind() == kind::PROPERTY_HOOK)
        {
            self.hook(hook, name);
        }
    }

    fn hook(&mut self, node: Node<'_>, name: &Name) {
        let Some(word) = child_of_kind(node, kind::NAME) else {
            return;
        };
        let kind = if self.text(word).eq_ignore_ascii_case("set") {
            FunctionKind::Setter
        } else {
            FunctionKind::Getter
        };
        let head = Head {
            name: name.clone(),
            kind,
            is_public: true,
            is_protected: false,
            span: span(word),
        };
        let index = self.function(node, head, None);
        if kind == FunctionKind::Setter {
            self.complete_setter(index, name, span(word));
        }
        if let Some(class) = self.own_class_mut() {
            class.methods.push(index);
        }
    }

    /// Gives a setter its parameter `$value`, and lets `set => x` store `x`.
    fn complete_setter(&mut self, index: FunctionIndex, name: &Name, span: Span) {
        let Some(setter) = self.facts.functions.get_mut(index.0 as usize) else {
            return;
        };
        if setter.params.is_empty() {
            setter.params.push(Param {
                target: Expr::new(ExprKind::Name("$value".into()), span),
                default: None,
                ty: None,
                optional: false,
                rest: false,
                keywords: false,
                promoted: false,
            });
        }
        if let [Stmt::Return(value)] = setter.body.as_mut_slice() {
            let object = Box::new(Expr::new(ExprKind::This, span));
            let property = name.clone();
            setter.body = vec![Stmt::Assign {
                target: Expr::new(ExprKind::Member { object, property }, span),
                value: value.take(),
                ty: None,
                augmented: false,
            }];
        }
    }

    /// Returns the attributes of a declaration, each as the object that it makes.
    pub(super) fn decorators(&mut self, node: Node<'_>) -> Vec<Expr> {
        let Some(list) = node.child_by_field_name(field::ATTRIBUTES) else {
            return Vec::new();
        };
        let groups = parts(list)
            .into_iter()
            .filter(|p| p.kind() == kind::ATTRIBUTE_GROUP);
        let attributes = groups
            .flat_map(parts)
            .filter(|p| p.kind() == kind::ATTRIBUTE);
        attributes
            .filter_map(|attribute| self.decorator(attribute))
            .collect()
    }

    fn decorator(&mut self, attribute: Node<'_>) -> Option<Expr> {
        let name = parts(attribute).into_iter().next()?;
        let class = ExprKind::Class(self.class_ref(self.text(name)));
        let arguments = attribute.child_by_field_name(field::PARAMETERS);
        let arguments = arguments.map_or_else(Vec::new, |list| self.arguments(list));
        let class = Box::new(Expr::new(class, span(name)));
        Some(Expr::new(ExprKind::New { class, arguments }, span(name)))
    }
}
