//! Notes which names other modules can import.
//!
//! Reads `export` in all its forms and the assignments and calls that stand for it in CommonJS, both
//! as people write them and as compilers do.

use model::{
    Name,
    facts::{Argument, Entry, Export, ExportValue, Expr, ExprKind, Stmt},
};
use tree_sitter::Node;

use super::{
    Lowering, child_of_kind, children, has_token,
    kind::{self, field},
    literals::unquote,
    only_child,
    scopes::bound_names,
};

/// What compilers call to export everything of another module.
const EXPORT_STAR: [&str; 4] = [
    "__exportStar",
    "__export_star",
    "_export_star",
    "__reExport",
];

/// What compilers call to export an object of getters.
const EXPORT_GETTERS: [&str; 2] = ["__export", "_export"];

impl Lowering<'_> {
    /// Lowers an `export` statement.
    pub(super) fn export(&mut self, node: Node<'_>, out: &mut Vec<Stmt>) {
        let is_default = has_token(node, "default");
        if let Some(declaration) = node.child_by_field_name(field::DECLARATION) {
            self.export_declaration(node, declaration, is_default, out);
        } else if let Some(value) = node.child_by_field_name(field::VALUE) {
            self.export_value("default", value, out);
        } else if let Some(source) = node.child_by_field_name(field::SOURCE) {
            let module: Name = unquote(self.text(source)).into();
            self.export_from(node, &module);
        } else if let Some(clause) = child_of_kind(node, kind::EXPORT_CLAUSE) {
            for (name, local) in self.specifiers(clause) {
                self.add_export(name, ExportValue::Local(local));
            }
        } else if has_token(node, "=")
            && let Some(value) = only_child(node)
        {
            self.export_value("=", value, out);
        }
    }

    fn export_declaration(
        &mut self,
        node: Node<'_>,
        declaration: Node<'_>,
        is_default: bool,
        out: &mut Vec<Stmt>,
    ) {
        let first_new = out.len();
        match declaration.kind() {
            kind::CLASS_DECLARATION | kind::ABSTRACT_CLASS_DECLARATION => {
                let decorators = self.decorators(node);
                out.push(Stmt::Class(self.class(declaration, decorators)));
            }
            _ => self.statement(declaration, out),
        }
        let mut names = Vec::new();
        for stmt in out.iter().skip(first_new) {
            if let Stmt::Assign { target, .. } = stmt {
                bound_names(target, &mut names);
            }
        }
        let name = declaration.child_by_field_name(field::NAME);
        match name {
            Some(name) if declaration.kind() != kind::AMBIENT_DECLARATION => {
                names.push(self.name(name));
            }
            _ => {}
        }
        if is_default {
            let value = default_value(names.pop(), out.last(), declaration);
            self.facts.exports.extend(value.map(|value| Export {
                name: "default".into(),
                value,
            }));
            return;
        }
        for name in names {
            self.add_export(name.clone(), ExportValue::Local(name));
        }
    }

    /// Notes `export default E` and `export = E`; the value stays in the body as well.
    fn export_value(&mut self, name: &str, value: Node<'_>, out: &mut Vec<Stmt>) {
        let value = self.expression(value);
        if !matches!(value.kind, ExprKind::Name(_)) {
            out.push(Stmt::Expr(value.clone()));
        }
        self.add_export(name.into(), value_of(value));
    }

    fn export_from(&mut self, node: Node<'_>, module: &Name) {
        let from = |item: Name| ExportValue::From {
            module: module.clone(),
            item,
        };
        if let Some(clause) = child_of_kind(node, kind::EXPORT_CLAUSE) {
            for (name, item) in self.specifiers(clause) {
                self.add_export(name, from(item));
            }
        } else if let Some(namespace) = child_of_kind(node, kind::NAMESPACE_EXPORT) {
            if let Some(name) = only_child(namespace) {
                let name = unquote(self.text(name)).into();
                self.add_export(name, from("*".into()));
            }
        } else {
            self.add_export("*".into(), from("*".into()));
        }
    }

    /// Lists what `{ local as name }` exports: the name and the local.
    fn specifiers(&self, clause: Node<'_>) -> Vec<(Name, Name)> {
        children(clause)
            .into_iter()
            .filter(|child| child.kind() == kind::EXPORT_SPECIFIER)
            .filter_map(|specifier| {
                let local = specifier.child_by_field_name(field::NAME)?;
                let name = specifier.child_by_field_name(field::ALIAS).unwrap_or(local);
                let text = |node| Name::from(unquote(self.text(node)));
                Some((text(name), text(local)))
            })
            .collect()
    }

    fn add_export(&mut self, name: Name, value: ExportValue) {
        self.facts.exports.push(Export { name, value });
    }

    /// Notes `module.exports = E` and `exports.x = E`.
    pub(super) fn export_by_assignment(&mut self, target: &Expr, value: &Expr) {
        let Some(name) = exported_name(target) else {
            return;
        };
        // `exports.a = exports.b = void 0` only says which names will follow.
        let value = innermost(value);
        if &*name != "__esModule" && value.kind != ExprKind::Null {
            self.add_export(name, value_of(value.clone()));
        }
    }

    /// Notes what `Object.defineProperty(exports, …)` and the calls that compilers write export.
    pub(super) fn export_by_call(&mut self, callee: &Expr, arguments: &[Argument]) {
        let Some(function) = called(callee) else {
            return;
        };
        match (function, arguments) {
            ("defineProperty", [object, name, how, ..]) if is_exports(&object.value) => {
                if let (ExprKind::Text(name), ExprKind::Array(how)) =
                    (&name.value.kind, &how.value.kind)
                {
                    self.export_defined(name, how);
                }
            }
            (function, arguments) if EXPORT_STAR.contains(&function) => {
                let required = arguments
                    .iter()
                    .find_map(|argument| match &argument.value.kind {
                        ExprKind::Require(module) => Some(module.clone()),
                        _ => None,
                    });
                if let Some(module) = required {
                    let item = "*".into();
                    self.add_export("*".into(), ExportValue::From { module, item });
                }
            }
            (function, [_, getters, ..]) if EXPORT_GETTERS.contains(&function) => {
                if let ExprKind::Array(getters) = &getters.value.kind {
                    self.export_getters(getters);
                }
            }
            _ => {}
        }
    }

    fn export_defined(&mut self, name: &Name, how: &[Entry]) {
        let part = |wanted: &str| {
            how.iter()
                .find(|entry| matches!(&entry.key, Some(key) if is_text(key, wanted)))
                .map(|entry| &entry.value)
        };
        let value = match (part("get"), part("value")) {
            (Some(getter), _) => self.returned(getter),
            (None, value) => value.cloned(),
        };
        if let Some(value) = value.filter(|_| &**name != "__esModule") {
            self.add_export(name.clone(), value_of(value));
        }
    }

    fn export_getters(&mut self, getters: &[Entry]) {
        for entry in getters {
            if let Some(ExprKind::Text(name)) = entry.key.as_ref().map(|key| &key.kind)
                && let Some(value) = self.returned(&entry.value)
            {
                self.add_export(name.clone(), value_of(value));
            }
        }
    }

    /// Finds what a function returns that does nothing else.
    fn returned(&self, getter: &Expr) -> Option<Expr> {
        let ExprKind::Function(index) = &getter.kind else {
            return None;
        };
        let function = self.facts.functions.get(index.0 as usize)?;
        function.body.iter().find_map(|stmt| match stmt {
            Stmt::Return(value) => value.clone(),
            _ => None,
        })
    }
}

/// Says what `export default` of a declaration stands for; a nameless one is its value.
fn default_value(name: Option<Name>, last: Option<&Stmt>, node: Node<'_>) -> Option<ExportValue> {
    if let Some(name) = name {
        return Some(ExportValue::Local(name));
    }
    let kind = match last? {
        Stmt::Function(function) => ExprKind::Function(*function),
        Stmt::Class(class) => ExprKind::ClassLiteral(*class),
        _ => return None,
    };
    Some(ExportValue::Value(Expr::new(
        kind,
        crate::frontend::span(node),
    )))
}

fn value_of(value: Expr) -> ExportValue {
    match value.kind {
        ExprKind::Name(name) => ExportValue::Local(name),
        kind => ExportValue::Value(Expr::new(kind, value.span)),
    }
}

fn innermost(value: &Expr) -> &Expr {
    let mut current = value;
    while let ExprKind::Assign { value, .. } = &current.kind {
        current = value;
    }
    current
}

/// Returns the name that an assignment to `target` exports.
fn exported_name(target: &Expr) -> Option<Name> {
    match &target.kind {
        ExprKind::Member { object, property } if is_exports(object) => Some(property.clone()),
        ExprKind::Index {
            object,
            index: Some(index),
        } if is_exports(object) => match &index.kind {
            ExprKind::Text(name) => Some(name.clone()),
            _ => None,
        },
        _ if is_module_exports(target) => Some("=".into()),
        _ => None,
    }
}

fn is_exports(expr: &Expr) -> bool {
    is_module_exports(expr) || is_name(expr, "exports")
}

fn is_module_exports(expr: &Expr) -> bool {
    match &expr.kind {
        ExprKind::Member { object, property } => {
            &**property == "exports" && is_name(object, "module")
        }
        _ => false,
    }
}

fn is_name(expr: &Expr, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::Name(name) if &**name == wanted)
}

fn is_text(expr: &Expr, wanted: &str) -> bool {
    matches!(&expr.kind, ExprKind::Text(text) if &**text == wanted)
}

fn called(callee: &Expr) -> Option<&str> {
    match &callee.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Member { object, property } if &**property == "_" => called(object),
        ExprKind::Member { property, .. } => Some(property),
        _ => None,
    }
}
