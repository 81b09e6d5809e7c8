//! Notes which names come from other modules.

use model::{
    Name,
    facts::{Expr, ExprKind, Import, ImportItem, NamedType, Stmt, Type},
};
use tree_sitter::Node;

use super::{
    Lowering, child_of_kind, children, has_token,
    kind::{self, field},
    literals::unquote,
    only_child,
};
use crate::frontend::span;

impl Lowering<'_> {
    /// Notes what an import statement binds.
    pub(super) fn import(&mut self, node: Node<'_>) {
        if let Some(clause) = child_of_kind(node, kind::IMPORT_REQUIRE_CLAUSE) {
            return self.import_require(clause, node);
        }
        let Some(source) = node.child_by_field_name(field::SOURCE) else {
            return;
        };
        let module: Name = unquote(self.text(source)).into();
        let type_only = is_type_only(node);
        let Some(clause) = child_of_kind(node, kind::IMPORT_CLAUSE) else {
            return;
        };
        for part in children(clause) {
            match part.kind() {
                kind::IDENTIFIER => {
                    self.bind_import(part, &module, ImportItem::Default, type_only);
                }
                kind::NAMESPACE_IMPORT => {
                    if let Some(local) = only_child(part) {
                        self.bind_import(local, &module, ImportItem::Module, type_only);
                    }
                }
                kind::NAMED_IMPORTS => self.named_imports(part, &module, type_only),
                _ => {}
            }
        }
    }

    fn named_imports(&mut self, node: Node<'_>, module: &Name, type_only: bool) {
        for specifier in children(node) {
            let Some(name) = specifier.child_by_field_name(field::NAME) else {
                continue;
            };
            let item = match unquote(self.text(name)).as_str() {
                "default" => ImportItem::Default,
                name => ImportItem::Named(name.into()),
            };
            let local = specifier.child_by_field_name(field::ALIAS).unwrap_or(name);
            let type_only = type_only || is_type_only(specifier);
            self.bind_import(local, module, item, type_only);
        }
    }

    /// Notes `import x = require('m')`.
    fn import_require(&mut self, clause: Node<'_>, statement: Node<'_>) {
        let source = clause.child_by_field_name(field::SOURCE);
        if let (Some(local), Some(source)) = (only_child(clause), source) {
            let module: Name = unquote(self.text(source)).into();
            let type_only = is_type_only(statement);
            self.bind_import(local, &module, ImportItem::Module, type_only);
        }
    }

    fn bind_import(&mut self, local: Node<'_>, module: &Name, item: ImportItem, type_only: bool) {
        let import = Import {
            local: self.name(local),
            module: module.clone(),
            item,
            type_only,
            function: self.function,
            span: span(local),
        };
        self.facts.imports.push(import);
    }

    /// Lowers `import X = A.B`, which names a value and a type at once.
    pub(super) fn import_alias(&mut self, node: Node<'_>) -> Option<Stmt> {
        let parts = children(node);
        let [local, path] = parts.as_slice() else {
            return None;
        };
        let path_text: String = self.text(*path).split_whitespace().collect();
        self.facts.types.push(NamedType {
            name: self.name(*local),
            ty: Type::named(path_text.as_str()),
        });
        Some(Stmt::Assign {
            target: self.name_expr(*local),
            value: Some(dotted_value(&path_text, *path)),
            ty: None,
            augmented: false,
        })
    }
}

fn is_type_only(node: Node<'_>) -> bool {
    has_token(node, "type") || has_token(node, "typeof")
}

/// Turns `A.B.C` into the expression that reads it.
fn dotted_value(path: &str, node: Node<'_>) -> Expr {
    let mut parts = path.split('.');
    let first = ExprKind::Name(parts.next().unwrap_or_default().into());
    parts
        .take(64)
        .fold(Expr::new(first, span(node)), |object, part| {
            let kind = ExprKind::Member {
                object: Box::new(object),
                property: part.into(),
            };
            Expr::new(kind, span(node))
        })
}
