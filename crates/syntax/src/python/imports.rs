//! Imports of modules and of their parts.

use model::{
    Name,
    facts::{Import, ImportItem},
};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        children,
        context::Context,
        fields,
        kind::{
            field,
            node::{ALIASED_IMPORT, IMPORT, WILDCARD_IMPORT},
        },
    },
};

/// Notes what an import statement binds.
pub(super) fn import(context: &mut Context<'_>, node: Node<'_>) {
    if node.kind() == IMPORT {
        for name in fields(node, field::NAME) {
            module(context, name);
        }
    } else {
        from(context, node);
    }
}

/// `import a`, `import a.b`, `import a.b as c`.
fn module(context: &mut Context<'_>, node: Node<'_>) {
    if node.kind() == ALIASED_IMPORT {
        let (path, local) = aliased(context, node);
        bind(context, node, local, path, ImportItem::Module);
        return;
    }
    let path = dotted(context, node);
    let top: Name = path.split('.').next().unwrap_or_default().into();
    let is_nested = top != path;
    bind(context, node, top.clone(), top, ImportItem::Module);
    if is_nested {
        // The submodule is loaded, and reached through the name of the top one.
        bind(context, node, "".into(), path, ImportItem::Module);
    }
}

/// `from a import b`, `from . import b as c`, `from a import *`.
fn from(context: &mut Context<'_>, node: Node<'_>) {
    let Some(path) = node.child_by_field_name(field::MODULE_NAME) else {
        return;
    };
    let path = dotted(context, path);
    for name in fields(node, field::NAME) {
        let (item, local) = aliased(context, name);
        bind(context, name, local, path.clone(), ImportItem::Named(item));
    }
    if children(node)
        .iter()
        .any(|child| child.kind() == WILDCARD_IMPORT)
    {
        bind(context, node, "".into(), path, ImportItem::All);
    }
}

/// Returns what is imported and its name here.
fn aliased(context: &mut Context<'_>, node: Node<'_>) -> (Name, Name) {
    let item = node.child_by_field_name(field::NAME).unwrap_or(node);
    let item = dotted(context, item);
    match node.child_by_field_name(field::ALIAS) {
        Some(alias) => (item, context.name_of(alias)),
        None => (item.clone(), item),
    }
}

/// Returns a dotted path without the blanks that may stand in it.
fn dotted(context: &mut Context<'_>, node: Node<'_>) -> Name {
    let text = context.text(node);
    if text.contains(|letter: char| letter.is_whitespace() || letter == '\\') {
        text.replace(|letter: char| letter.is_whitespace() || letter == '\\', "")
            .into()
    } else {
        context.name(text)
    }
}

fn bind(context: &mut Context<'_>, node: Node<'_>, local: Name, module: Name, item: ImportItem) {
    context.facts.imports.push(Import {
        local,
        module,
        item,
        type_only: context.place.type_only,
        function: context.place.function,
        span: span(node),
    });
}
