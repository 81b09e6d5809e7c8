//! Types, declared and documented.
//!
//! A type that says nothing about members is `None`.

use model::{
    Name,
    facts::{ClassRef, ExprKind, Type},
    source::Span,
};
use tree_sitter::Node;

use super::{
    Lowering,
    doc::{Doc, Tag, split_word, variable},
    field,
    type_text::{TypeNames, read},
};

/// A variable that a doc comment gives a type.
pub(super) struct VariableType {
    /// The variable, with its `$`; none where the comment leaves it to what follows.
    pub(super) variable: Option<Name>,
    pub(super) ty: Type,
    /// Where the comment is.
    pub(super) span: Span,
}

impl Lowering<'_> {
    /// Returns the type declared by `node`'s field.
    pub(super) fn declared_type(&self, node: Node<'_>, field: &str) -> Option<Type> {
        let written = node.child_by_field_name(field)?;
        self.read_type(self.text(written)).0
    }

    /// Returns what a function returns, from its declaration and its doc comment.
    pub(super) fn return_type(&self, node: Node<'_>, doc: Option<&Doc>) -> Option<Type> {
        let documented = doc
            .into_iter()
            .flat_map(|doc| doc.all(Tag::Return))
            .find_map(|text| self.read_type(text).0);
        refine(self.declared_type(node, field::RETURN_TYPE), documented)
    }

    /// Returns the documented type of the parameter `name`.
    pub(super) fn param_type(&self, name: &str, doc: Option<&Doc>) -> Option<Type> {
        self.variables(doc?, Tag::Param)
            .into_iter()
            .find(|found| found.variable.as_deref() == Some(name))
            .map(|found| found.ty)
    }

    /// Returns the type that `@var` gives to `name`, or to whatever follows.
    pub(super) fn var_type(&self, name: &str, doc: Option<&Doc>) -> Option<Type> {
        self.variables(doc?, Tag::Var)
            .into_iter()
            .find(|found| found.variable.as_deref().is_none_or(|v| v == name))
            .map(|found| found.ty)
    }

    /// Returns every variable that the comment gives a type with `tag`.
    pub(super) fn variables(&self, doc: &Doc, tag: Tag) -> Vec<VariableType> {
        doc.all(tag)
            .filter_map(|text| self.variable_type(text, doc.span))
            .collect()
    }

    fn variable_type(&self, text: &str, span: Span) -> Option<VariableType> {
        let (first, rest) = split_word(text);
        let (name, ty) = match variable(first) {
            Some(name) if name != "$this" => (Some(name), self.read_type(rest).0),
            _ => {
                let (ty, rest) = self.read_type(text);
                (variable(rest), ty)
            }
        };
        Some(VariableType {
            variable: name.map(Into::into),
            ty: ty?,
            span,
        })
    }

    /// Returns the full class names behind every `@mixin`.
    pub(super) fn documented_mixins(&self, doc: &Doc) -> Vec<Name> {
        doc.all(Tag::Mixin)
            .filter_map(|text| match self.read_type(text).0 {
                Some(Type::Named { name, .. }) => Some(name),
                _ => None,
            })
            .collect()
    }

    /// Takes the type parameters of a comment into account until they are truncated away.
    pub(super) fn add_templates(&mut self, doc: Option<&Doc>) {
        let names = doc.into_iter().flat_map(|doc| doc.all(Tag::Template));
        self.templates
            .extend(names.map(|text| Name::from(split_word(text).0)));
    }

    /// Reads the type at the start of `text`; gives also what follows it.
    pub(super) fn read_type<'s>(&self, text: &'s str) -> (Option<Type>, &'s str) {
        let own = self.own_class();
        let parent = own.and_then(|class| class.bases.first());
        let names = TypeNames {
            scope: &self.scope,
            templates: &self.templates,
            own: own
                .map(|class| class.name.clone())
                .filter(|name| !name.is_empty()),
            parent: parent.and_then(|base| match &base.kind {
                ExprKind::Class(ClassRef::Named(name)) => Some(name.clone()),
                _ => None,
            }),
        };
        let (ty, rest) = read(text, &names);
        (ty.filter(|ty| *ty != Type::Unknown), rest)
    }
}

/// Chooses the one that says more.
pub(super) fn refine(declared: Option<Type>, documented: Option<Type>) -> Option<Type> {
    let Some(Type::Named { name, .. }) = &declared else {
        return declared.or(documented);
    };
    match documented {
        Some(Type::Named {
            name: same,
            arguments,
        }) if same == *name => Some(Type::Named {
            name: same,
            arguments,
        }),
        _ => declared,
    }
}
