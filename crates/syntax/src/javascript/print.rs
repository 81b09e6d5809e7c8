//! Prints facts compactly, for tests.

use std::fmt::Write as _;

use model::facts::{
    Argument, Class, ClassRef, Each, Entry, EntryKind, ExportValue, Expr, ExprKind, FileFacts,
    Function, ImportItem, Param, Stmt, Type,
};

/// Prints everything that `facts` say, one line for each fact.
pub(super) fn facts(facts: &FileFacts) -> String {
    let mut out = String::new();
    for import in &facts.imports {
        let item = match &import.item {
            ImportItem::Module => "module".to_owned(),
            ImportItem::Default => "default".to_owned(),
            ImportItem::Named(name) => format!("named {name}"),
            ImportItem::All => "all".to_owned(),
        };
        let types = if import.type_only { " types" } else { "" };
        let (local, module) = (&import.local, &import.module);
        writeln!(out, "import {local} <- {module}: {item}{types}").expect("text takes all");
    }
    for export in &facts.exports {
        let value = match &export.value {
            ExportValue::Local(name) => name.to_string(),
            ExportValue::Value(value) => format!("value {}", expr(value)),
            ExportValue::From { module, item } => format!("{item} of {module}"),
        };
        writeln!(out, "export {} = {value}", export.name).expect("text takes all");
    }
    for named in &facts.types {
        writeln!(out, "type {} = {}", named.name, ty(&named.ty)).expect("text takes all");
    }
    for (index, class) in facts.classes.iter().enumerate() {
        out += &class_lines(index, class);
    }
    for (index, function) in facts.functions.iter().enumerate() {
        out += &function_lines(index, function);
    }
    for directive in &facts.directives {
        writeln!(out, "directive {}", directive.text).expect("text takes all");
    }
    out
}

fn class_lines(index: usize, class: &Class) -> String {
    let bases = list(&class.bases, expr);
    let decorators = list(&class.decorators, expr);
    let mut out = format!("{:?} #{index} {}", class.kind, class.name);
    for (label, value) in [
        ("extends", bases),
        ("implements", class.mixins.join(", ")),
        ("decorated", decorators),
        ("methods", list(&class.methods, |m| format!("#{}", m.0))),
    ] {
        if !value.is_empty() {
            write!(out, " {label} {value}").expect("text takes all");
        }
    }
    for field in &class.fields {
        let of_class = if field.is_static { "static " } else { "" };
        write!(out, "\n  {of_class}{}", field.name).expect("text takes all");
        out += &typed(field.ty.as_ref());
        out += &field
            .value
            .as_ref()
            .map_or_else(String::new, |v| format!(" = {}", expr(v)));
    }
    out + "\n"
}

fn function_lines(index: usize, function: &Function) -> String {
    let mut out = format!("{:?} #{index} {}", function.kind, function.name);
    write!(out, "({})", list(&function.params, param)).expect("text takes all");
    out += &typed(function.returns.as_ref());
    if let Some(parent) = function.parent {
        write!(out, " in #{}", parent.0).expect("text takes all");
    }
    if let Some(class) = function.class {
        write!(out, " of class #{}", class.0).expect("text takes all");
    }
    if !function.is_public {
        out += " private";
    }
    if !function.decorators.is_empty() {
        write!(out, " decorated {}", list(&function.decorators, expr)).expect("text takes all");
    }
    out += "\n";
    out + &stmts(&function.body, "  ")
}

fn param(param: &Param) -> String {
    let mut out = if param.promoted { "this." } else { "" }.to_owned();
    out += if param.rest { "..." } else { "" };
    out += &expr(&param.target);
    out += &typed(param.ty.as_ref());
    out + &param
        .default
        .as_ref()
        .map_or_else(String::new, |d| format!(" = {}", expr(d)))
}

fn typed(of: Option<&Type>) -> String {
    of.map_or_else(String::new, |of| format!(": {}", ty(of)))
}

/// Prints a type.
pub(super) fn ty(of: &Type) -> String {
    match of {
        Type::Named { name, arguments } if arguments.is_empty() => name.to_string(),
        Type::Named { name, arguments } => format!("{name}<{}>", list(arguments, ty)),
        Type::Literal(text) => format!("{text:?}"),
        Type::Union(members) => members.iter().map(ty).collect::<Vec<_>>().join(" | "),
        Type::List(inner) => format!("list<{}>", ty(inner)),
        Type::Object(members) => {
            format!("{{{}}}", list(members, |(n, t)| format!("{n}: {}", ty(t))))
        }
        Type::Of(name) => format!("typeof {name}"),
        Type::ClassOf(inner) => format!("class<{}>", ty(inner)),
        Type::Unknown => "?".to_owned(),
    }
}

fn stmts(body: &[Stmt], indent: &str) -> String {
    body.iter().map(|s| stmt(s, indent)).collect()
}

fn stmt(stmt: &Stmt, indent: &str) -> String {
    let deeper = format!("{indent}  ");
    let block = |label: &str, body: &[Stmt]| format!("{indent}{label}\n{}", stmts(body, &deeper));
    match stmt {
        Stmt::Expr(value) => format!("{indent}{}\n", expr(value)),
        Stmt::Assign {
            target,
            value,
            ty,
            augmented,
        } => {
            let join = if *augmented { " <- " } else { " = " };
            let value = value
                .as_ref()
                .map_or_else(String::new, |v| format!("{join}{}", expr(v)));
            format!(
                "{indent}let {}{}{value}\n",
                expr(target),
                typed(ty.as_ref())
            )
        }
        Stmt::Return(value) => {
            format!(
                "{indent}return {}\n",
                value.as_ref().map_or_else(String::new, expr)
            )
        }
        Stmt::Exit(value) => {
            format!(
                "{indent}exit {}\n",
                value.as_ref().map_or_else(String::new, expr)
            )
        }
        Stmt::If {
            test,
            then,
            otherwise,
        } => {
            let mut out = block(&format!("if {}", expr(test)), then);
            if !otherwise.is_empty() {
                out += &block("else", otherwise);
            }
            out
        }
        Stmt::Switch { subject, cases } => {
            let mut out = format!("{indent}switch {}\n", expr(subject));
            for case in cases {
                let through = if case.falls_through { " ->" } else { "" };
                let label = format!("case {}{through}", list(&case.tests, expr));
                out += &block(&label, &case.body);
            }
            out
        }
        Stmt::Loop { each, body } => {
            let label = each.as_ref().map_or_else(String::new, each_label);
            block(&format!("loop{label}"), body)
        }
        Stmt::Try {
            body,
            handlers,
            finally,
        } => {
            let mut out = block("try", body);
            for handler in handlers {
                out += &block("catch", handler);
            }
            if !finally.is_empty() {
                out += &block("finally", finally);
            }
            out
        }
        Stmt::Outer(names) => format!("{indent}outer {}\n", names.join(", ")),
        Stmt::Shared(names) => format!("{indent}shared {}\n", names.join(", ")),
        Stmt::Function(function) => format!("{indent}function #{}\n", function.0),
        Stmt::Class(class) => format!("{indent}class #{}\n", class.0),
    }
}

fn each_label(each: &Each) -> String {
    let keys = if each.keys_only { "keys " } else { "" };
    format!(" {} of {keys}{}", expr(&each.target), expr(&each.iterable))
}

/// Prints an expression.
pub(super) fn expr(of: &Expr) -> String {
    match &of.kind {
        ExprKind::Name(name) | ExprKind::Global(name) => name.to_string(),
        ExprKind::This => "this".to_owned(),
        ExprKind::Class(ClassRef::Parent) => "super".to_owned(),
        ExprKind::Class(class) => format!("{class:?}"),
        ExprKind::Member { object, property }
        | ExprKind::StaticMember {
            class: object,
            property,
        } => {
            format!("{}.{property}", expr(object))
        }
        ExprKind::DynamicMember { object, property }
        | ExprKind::DynamicStaticMember {
            class: object,
            property,
        } => {
            format!("{}[[{}]]", expr(object), expr(property))
        }
        ExprKind::Index { object, index } => {
            let index = index.as_ref().map_or_else(String::new, |i| expr(i));
            format!("{}[{index}]", expr(object))
        }
        ExprKind::Call { callee, arguments } => {
            format!("{}({})", expr(callee), list(arguments, argument))
        }
        ExprKind::New { class, arguments } => {
            format!("new {}({})", expr(class), list(arguments, argument))
        }
        ExprKind::Function(function) => format!("fn#{}", function.0),
        ExprKind::ClassLiteral(class) => format!("class#{}", class.0),
        ExprKind::Array(entries) => format!("[{}]", list(entries, entry)),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Bool(truth) => truth.to_string(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::Concat(parts) => format!("cat({})", list(parts, expr)),
        ExprKind::Choice {
            test,
            then,
            otherwise,
        } => {
            format!("({} ? {} : {})", expr(test), expr(then), expr(otherwise))
        }
        ExprKind::Binary {
            operator,
            left,
            right,
        } => {
            format!("({} {operator:?} {})", expr(left), expr(right))
        }
        ExprKind::Not(inner) => format!("!{}", expr(inner)),
        ExprKind::Assign { target, value } => format!("({} = {})", expr(target), expr(value)),
        ExprKind::Cast { value, ty: to } => format!("({} as {})", expr(value), ty(to)),
        ExprKind::Require(module) => format!("require({module})"),
        ExprKind::Yield(value) => {
            format!(
                "yield({})",
                value.as_ref().map_or_else(String::new, |v| expr(v))
            )
        }
        ExprKind::Comprehension { value, .. } => format!("comprehension({})", expr(value)),
        ExprKind::Unknown(inside) => format!("?({})", list(inside, expr)),
    }
}

fn argument(argument: &Argument) -> String {
    let spread = if argument.spread { "..." } else { "" };
    format!("{spread}{}", expr(&argument.value))
}

fn entry(entry: &Entry) -> String {
    let mut out = match entry.kind {
        EntryKind::Value => "",
        EntryKind::Spread => "...",
        EntryKind::Getter => "get ",
    }
    .to_owned();
    out += &entry
        .key
        .as_ref()
        .map_or_else(String::new, |key| format!("{}: ", expr(key)));
    out += &expr(&entry.value);
    out + &entry
        .default
        .as_ref()
        .map_or_else(String::new, |d| format!(" = {}", expr(d)))
}

fn list<T>(items: &[T], print: impl Fn(&T) -> String) -> String {
    items.iter().map(print).collect::<Vec<_>>().join(", ")
}
