//! Classes, interfaces, traits and enums, and what they declare.

use model::{
    Name,
    facts::{Class, ClassIndex, ClassKind, ClassRef, Expr, ExprKind, Field, FunctionKind, Type},
    source::Span,
};
use tree_sitter::Node;

use super::{
    Lowering, child_of_kind,
    doc::{Doc, Tag},
    field,
    functions::Head,
    kind, parts,
    types::refine,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Returns the class that `written` names.
    pub(super) fn class_ref(&self, written: &str) -> ClassRef {
        match written.to_ascii_lowercase().as_str() {
            "self" => ClassRef::Own,
            "static" => ClassRef::Static,
            "parent" => ClassRef::Parent,
            _ => ClassRef::Named(self.class_name(written)),
        }
    }

    /// Lowers a class, interface, trait or enum with a name.
    pub(super) fn named_class(&mut self, node: Node<'_>, doc: Option<&Doc>) -> ClassIndex {
        let kind = match node.kind() {
            kind::INTERFACE => ClassKind::Interface,
            kind::TRAIT => ClassKind::Trait,
            kind::ENUM => ClassKind::Enum,
            _ => ClassKind::Class,
        };
        let (name, span) = self.name_of(node);
        let name = self.scope.declared(&name);
        self.class(node, (name, kind, span), doc)
    }

    /// Lowers `class { … }` behind `new`.
    pub(super) fn anonymous_class(&mut self, node: Node<'_>, span: Span) -> ClassIndex {
        self.class(node, ("".into(), ClassKind::Class, span), None)
    }

    fn class(
        &mut self,
        node: Node<'_>,
        (name, kind, span): (Name, ClassKind, Span),
        doc: Option<&Doc>,
    ) -> ClassIndex {
        let decorators = self.decorators(node);
        let index = ClassIndex(u32::try_from(self.facts.classes.len()).unwrap_or(u32::MAX));
        self.facts.classes.push(Class {
            name,
            kind,
            is_abstract: is_abstract(node),
            bases: self.clause(node, kind::BASE_CLAUSE),
            mixins: self.interfaces(node),
            fields: Vec::new(),
            methods: Vec::new(),
            decorators,
            function: self.function,
            span,
        });
        let outer = self.class.replace(index);
        let n_templates = self.templates.len();
        self.add_templates(doc);
        self.documented_members(doc, span);
        if let Some(body) = node.child_by_field_name(field::BODY) {
            self.members(body);
        }
        self.templates.truncate(n_templates);
        self.class = outer;
        index
    }

    fn clause(&self, node: Node<'_>, clause: &str) -> Vec<Expr> {
        let Some(clause) = child_of_kind(node, clause) else {
            return Vec::new();
        };
        let class = |name: Node<'_>| {
            let name_span = span(name);
            Expr::new(ExprKind::Class(self.class_ref(self.text(name))), name_span)
        };
        parts(clause).into_iter().map(class).collect()
    }

    fn interfaces(&self, node: Node<'_>) -> Vec<Name> {
        let clause = child_of_kind(node, kind::CLASS_INTERFACES);
        let names = clause.into_iter().flat_map(parts);
        names.map(|name| self.class_name(self.text(name))).collect()
    }

    fn documented_members(&mut self, doc: Option<&Doc>, span: Span) {
        let Some(doc) = doc else { return };
        let properties = self.variables(doc, Tag::Property);
        let mixins = self.documented_mixins(doc);
        let fields = properties.into_iter().filter_map(|property| {
            let name = property.variable?;
            Some(Field {
                name: name.trim_start_matches('$').into(),
                value: None,
                ty: Some(property.ty),
                is_static: false,
                is_documented: true,
                span,
            })
        });
        if let Some(class) = self.own_class_mut() {
            class.fields.extend(fields);
            class.mixins.extend(mixins);
        }
    }

    fn members(&mut self, body: Node<'_>) {
        let mut doc = None;
        let mut cursor = body.walk();
        for child in body.named_children(&mut cursor) {
            if child.kind() == kind::COMMENT {
                doc = Doc::read(self.text(child), span(child)).or(doc);
            } else if child.is_error() {
                self.members(child);
            } else {
                let own = self.inner_doc(child).or_else(|| doc.take());
                self.member_declaration(child, own.as_ref());
                doc = None;
            }
        }
    }

    /// Returns the doc comment that stands inside a declaration, behind its attributes.
    fn inner_doc(&self, node: Node<'_>) -> Option<Doc> {
        node.child_by_field_name(field::ATTRIBUTES)?;
        let comment = child_of_kind(node, kind::COMMENT)?;
        Doc::read(self.text(comment), span(comment))
    }

    fn member_declaration(&mut self, node: Node<'_>, doc: Option<&Doc>) {
        match node.kind() {
            kind::METHOD => self.method(node, doc),
            kind::PROPERTY => self.properties(node, doc),
            kind::CONST => self.constants(node, doc),
            kind::ENUM_CASE => self.enum_case(node),
            kind::USE_TRAIT => self.use_traits(node),
            _ => {}
        }
    }

    /// Lowers a method into the class that is being read.
    pub(super) fn method(&mut self, node: Node<'_>, doc: Option<&Doc>) {
        let (name, span) = self.name_of(node);
        let kind = if name.eq_ignore_ascii_case("__construct") {
            FunctionKind::Constructor
        } else if child_of_kind(node, kind::STATIC_MODIFIER).is_some() {
            FunctionKind::Static
        } else {
            FunctionKind::Method
        };
        let head = Head {
            name,
            kind,
            is_public: !self.has_visibility(node, "private"),
            is_protected: self.has_visibility(node, "protected"),
            span,
        };
        let index = self.function(node, head, doc);
        if let Some(class) = self.own_class_mut() {
            class.methods.push(index);
        }
    }

    fn has_visibility(&self, node: Node<'_>, visibility: &str) -> bool {
        let word = child_of_kind(node, kind::VISIBILITY);
        word.is_some_and(|word| self.text(word).eq_ignore_ascii_case(visibility))
    }

    fn properties(&mut self, node: Node<'_>, doc: Option<&Doc>) {
        let is_static = child_of_kind(node, kind::STATIC_MODIFIER).is_some();
        let declared = self.declared_type(node, field::TYPE);
        let elements = parts(node)
            .into_iter()
            .filter(|p| p.kind() == kind::PROPERTY_ELEMENT);
        for element in elements {
            let (variable, span) = self.name_of(element);
            let ty = refine(declared.clone(), self.var_type(&variable, doc));
            let name: Name = variable.trim_start_matches('$').into();
            let value = element.child_by_field_name(field::DEFAULT_VALUE);
            self.hooks(node, &name);
            self.add_field(name, value, ty, is_static, span);
        }
    }

    fn constants(&mut self, node: Node<'_>, doc: Option<&Doc>) {
        let declared = self.declared_type(node, field::TYPE);
        let elements = parts(node)
            .into_iter()
            .filter(|p| p.kind() == kind::CONST_ELEMENT);
        for element in elements {
            let inside = parts(element);
            if let [name, value] = inside.as_slice() {
                let ty = refine(declared.clone(), self.var_type("", doc));
                self.add_field(self.text(*name).into(), Some(*value), ty, true, span(*name));
            }
        }
    }

    fn enum_case(&mut self, node: Node<'_>) {
        let (name, span) = self.name_of(node);
        let value = match node.child_by_field_name(field::VALUE) {
            Some(value) => self.expression(value),
            None => Expr::new(ExprKind::Text(name.clone()), span),
        };
        self.push_field(Field {
            name,
            value: Some(value),
            ty: None,
            is_static: true,
            is_documented: false,
            span,
        });
    }

    fn add_field(
        &mut self,
        name: Name,
        value: Option<Node<'_>>,
        ty: Option<Type>,
        is_static: bool,
        span: Span,
    ) {
        let value = value.map(|value| self.expression(value));
        self.push_field(Field {
            name,
            value,
            ty,
            is_static,
            is_documented: false,
            span,
        });
    }

    fn push_field(&mut self, field: Field) {
        if let Some(class) = self.own_class_mut() {
            class.fields.push(field);
        }
    }

    fn use_traits(&mut self, node: Node<'_>) {
        let is_name = |part: &Node<'_>| {
            matches!(
                part.kind(),
                kind::NAME | kind::QUALIFIED_NAME | kind::RELATIVE_NAME
            )
        };
        let names = parts(node).into_iter().filter(is_name);
        let traits: Vec<Name> = names.map(|name| self.class_name(self.text(name))).collect();
        if let Some(class) = self.own_class_mut() {
            class.mixins.extend(traits);
        }
    }
}

fn is_abstract(class: Node<'_>) -> bool {
    let mut cursor = class.walk();
    class
        .children(&mut cursor)
        .any(|child| child.kind() == kind::ABSTRACT_MODIFIER)
}
