//! Lowers classes, enums, interfaces and type aliases.

use model::{
    Name,
    facts::{Class, ClassIndex, ClassKind, Expr, ExprKind, Field, FunctionKind, NamedType, Type},
};
use tree_sitter::Node;

use super::{
    Lowering, child_of_kind, children, children_in,
    functions::Shape,
    has_token, jsdoc,
    kind::{self, field},
    only_child, types,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Lowers a class; `decorators` are those that stand before `export`.
    pub(super) fn class(&mut self, node: Node<'_>, mut decorators: Vec<Expr>) -> ClassIndex {
        decorators.extend(self.decorators(node));
        let name = node.child_by_field_name(field::NAME);
        let index = self.open_class(node, name, ClassKind::Class);
        let (bases, mixins) = self.heritage(node);
        if let Some(class) = self.class_mut(index) {
            class.decorators = decorators;
            class.bases = bases;
            class.mixins = mixins;
        }
        if let Some(body) = node.child_by_field_name(field::BODY) {
            self.class_body(body, index);
        }
        index
    }

    /// Lowers the decorators that stand directly at `node`.
    pub(super) fn decorators(&mut self, node: Node<'_>) -> Vec<Expr> {
        children_in(node, field::DECORATOR)
            .into_iter()
            .filter_map(only_child)
            .map(|decorator| self.expression(decorator))
            .collect()
    }

    fn open_class(
        &mut self,
        node: Node<'_>,
        name: Option<Node<'_>>,
        class: ClassKind,
    ) -> ClassIndex {
        let index = u32::try_from(self.facts.classes.len()).unwrap_or(u32::MAX);
        self.facts.classes.push(Class {
            name: name.map_or_else(|| "".into(), |name| self.name(name)),
            kind: class,
            is_abstract: node.kind() == kind::ABSTRACT_CLASS_DECLARATION,
            bases: Vec::new(),
            mixins: Vec::new(),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators: Vec::new(),
            function: self.function,
            span: span(name.unwrap_or(node)),
        });
        ClassIndex(index)
    }

    fn class_mut(&mut self, index: ClassIndex) -> Option<&mut Class> {
        self.facts.classes.get_mut(index.0 as usize)
    }

    /// Lowers what a class extends and names what it implements.
    fn heritage(&mut self, node: Node<'_>) -> (Vec<Expr>, Vec<Name>) {
        let mut bases = Vec::new();
        let mut mixins = Vec::new();
        let Some(heritage) = child_of_kind(node, kind::CLASS_HERITAGE) else {
            return (bases, mixins);
        };
        for clause in children(heritage) {
            match clause.kind() {
                kind::EXTENDS_CLAUSE => {
                    for base in children_in(clause, field::VALUE) {
                        bases.push(self.expression(base));
                    }
                }
                kind::IMPLEMENTS_CLAUSE => {
                    let implemented = children(clause).into_iter();
                    mixins.extend(implemented.filter_map(|ty| self.type_name(ty)));
                }
                _ => bases.push(self.expression(clause)),
            }
        }
        (bases, mixins)
    }

    fn type_name(&self, node: Node<'_>) -> Option<Name> {
        match types::lower(self.text, node) {
            Type::Named { name, .. } => Some(name),
            _ => None,
        }
    }

    fn class_body(&mut self, body: Node<'_>, index: ClassIndex) {
        let mut decorators = Vec::new();
        for member in children(body) {
            match member.kind() {
                kind::DECORATOR => {
                    decorators.extend(only_child(member).map(|inner| self.expression(inner)));
                    continue;
                }
                kind::METHOD_DEFINITION | kind::ABSTRACT_METHOD_SIGNATURE => {
                    let mut own = std::mem::take(&mut decorators);
                    own.extend(self.decorators(member));
                    self.class_method(member, index, own);
                }
                kind::PUBLIC_FIELD_DEFINITION | kind::FIELD_DEFINITION => {
                    let mut own = std::mem::take(&mut decorators);
                    if let Some(value) = function_of(member) {
                        self.field_method(member, value, index, own);
                        continue;
                    }
                    // Who decorates a field can fill it.
                    own.extend(self.decorators(member));
                    if let Some(class) = self.class_mut(index) {
                        class.decorators.extend(own);
                    }
                    self.class_field(member, index);
                }
                kind::CLASS_STATIC_BLOCK => self.static_block(member, index),
                kind::ERROR => self.deeper(member, 1, (), |this| this.class_body(member, index)),
                _ => {}
            }
            decorators.clear();
        }
    }

    fn class_method(&mut self, node: Node<'_>, index: ClassIndex, decorators: Vec<Expr>) {
        let name = node.child_by_field_name(field::NAME);
        let is_constructor = name.is_some_and(|name| self.text(name) == "constructor");
        let kind = if has_token(node, "get") {
            FunctionKind::Getter
        } else if has_token(node, "set") {
            FunctionKind::Setter
        } else if has_token(node, "static") {
            FunctionKind::Static
        } else if is_constructor {
            FunctionKind::Constructor
        } else {
            FunctionKind::Method
        };
        let method = self.method(node, kind, Some(index), decorators);
        if let Some(class) = self.class_mut(index) {
            class.methods.push(method);
        }
    }

    /// Lowers `name = () => …` to the method that it is for everybody who calls it.
    fn field_method(
        &mut self,
        node: Node<'_>,
        value: Node<'_>,
        index: ClassIndex,
        mut decorators: Vec<Expr>,
    ) {
        decorators.extend(self.decorators(node));
        let kind = if has_token(node, "static") {
            FunctionKind::Static
        } else {
            FunctionKind::Method
        };
        let shape = self.member_shape(node, kind, Some(index), decorators);
        let method = self.function(value, shape);
        if let Some(class) = self.class_mut(index) {
            class.methods.push(method);
        }
    }

    fn class_field(&mut self, node: Node<'_>, index: ClassIndex) {
        let Some(name) = name_of(node) else { return };
        let value = node.child_by_field_name(field::VALUE);
        let outer = self.initialized.replace(index);
        let value = value.map(|value| self.expression(value));
        self.initialized = outer;
        let field = Field {
            name: self.property_name(name).into(),
            value,
            ty: node
                .child_by_field_name(field::TYPE)
                .and_then(|ty| types::annotation(self.text, ty))
                .or_else(|| jsdoc::before(self.text, self.docs, node.start_byte()).ty),
            is_static: has_token(node, "static"),
            is_documented: false,
            span: span(name),
        };
        if let Some(class) = self.class_mut(index) {
            class.fields.push(field);
        }
    }

    /// Lowers `static { … }` as a nameless static method.
    fn static_block(&mut self, node: Node<'_>, index: ClassIndex) {
        let shape = Shape {
            name: "".into(),
            kind: FunctionKind::Static,
            class: Some(index),
            is_public: false,
            is_protected: false,
            decorators: Vec::new(),
            span: span(node),
        };
        let method = self.function(node, shape);
        if let Some(class) = self.class_mut(index) {
            class.methods.push(method);
        }
    }

    /// Lowers an enum to a class with one constant field for each member.
    pub(super) fn enumeration(&mut self, node: Node<'_>) -> ClassIndex {
        let index = self.open_class(node, node.child_by_field_name(field::NAME), ClassKind::Enum);
        let members = node
            .child_by_field_name(field::BODY)
            .map(children)
            .unwrap_or_default();
        let mut next = Some(0);
        for member in members {
            let field = self.enum_member(member, next);
            next = match field.value.as_ref().map(|value| &value.kind) {
                Some(ExprKind::Int(number)) => number.checked_add(1),
                _ => None,
            };
            if let Some(class) = self.class_mut(index) {
                class.fields.push(field);
            }
        }
        index
    }

    fn enum_member(&mut self, node: Node<'_>, next: Option<i64>) -> Field {
        let name = match node.kind() {
            kind::ENUM_ASSIGNMENT => node.child_by_field_name(field::NAME).unwrap_or(node),
            _ => node,
        };
        let value = match node.child_by_field_name(field::VALUE) {
            Some(value) => Some(self.expression(value)),
            None => next.map(|number| Expr::new(ExprKind::Int(number), span(name))),
        };
        Field {
            name: self.property_name(name).into(),
            value,
            ty: None,
            is_static: true,
            is_documented: false,
            span: span(name),
        }
    }

    /// Lowers an interface to an object type, joined with the interfaces that it extends.
    pub(super) fn interface(&mut self, node: Node<'_>) {
        let (Some(name), Some(body)) = (
            node.child_by_field_name(field::NAME),
            node.child_by_field_name(field::BODY),
        ) else {
            return;
        };
        let mut parts = vec![Type::Object(types::members(self.text, body))];
        if let Some(extended) = child_of_kind(node, kind::EXTENDS_TYPE_CLAUSE) {
            let bases = children_in(extended, field::TYPE).into_iter();
            parts.extend(bases.filter_map(|base| types::annotation(self.text, base)));
        }
        let name = self.name(name);
        self.facts.types.push(NamedType {
            name,
            ty: types::join(parts),
        });
    }

    /// Lowers `type X = …`.
    pub(super) fn type_alias(&mut self, node: Node<'_>) {
        let (Some(name), Some(value)) = (
            node.child_by_field_name(field::NAME),
            node.child_by_field_name(field::VALUE),
        ) else {
            return;
        };
        let ty = types::lower(self.text, value);
        let name = self.name(name);
        self.facts.types.push(NamedType { name, ty });
    }
}

/// Returns what names a member of a class; the grammars call it differently.
pub(super) fn name_of(member: Node<'_>) -> Option<Node<'_>> {
    member
        .child_by_field_name(field::NAME)
        .or_else(|| member.child_by_field_name(field::PROPERTY))
}

/// Returns the function that a field of a class is set to, where it is one as it stands.
fn function_of(member: Node<'_>) -> Option<Node<'_>> {
    let value = member.child_by_field_name(field::VALUE)?;
    matches!(
        value.kind(),
        kind::ARROW_FUNCTION | kind::FUNCTION_EXPRESSION
    )
    .then_some(value)
}
