//! Prints facts as short text that reads like the code they came from.

use std::fmt::Write;

use model::facts::{
    Argument, Case, Class, ClassRef, Each, Entry, EntryKind, Expr, ExprKind, FileFacts, Function,
    FunctionIndex, FunctionKind, Operator, Param, Stmt, Type,
};

/// Prints the module body and everything declared in it.
pub(super) fn facts(facts: &FileFacts) -> String {
    let mut out = String::new();
    if let Some(module) = facts.functions.first() {
        block(facts, &module.body, 0, &mut out);
    }
    out
}

fn block(facts: &FileFacts, body: &[Stmt], depth: usize, out: &mut String) {
    for statement in body {
        stmt(facts, statement, depth, out);
    }
}

fn line(depth: usize, text: &str, out: &mut String) {
    let _ = writeln!(out, "{}{text}", "  ".repeat(depth));
}

fn stmt(facts: &FileFacts, statement: &Stmt, depth: usize, out: &mut String) {
    match statement {
        Stmt::Expr(value) => line(depth, &expr(facts, value), out),
        Stmt::Assign {
            target,
            value,
            ty: declared,
            augmented,
        } => {
            let mut text = expr(facts, target);
            if let Some(declared) = declared {
                let _ = write!(text, ": {}", ty(declared));
            }
            if let Some(value) = value {
                let mark = if *augmented { ":=" } else { "=" };
                let _ = write!(text, " {mark} {}", expr(facts, value));
            }
            line(depth, &text, out);
        }
        Stmt::Return(value) => line(depth, &word("return", facts, value.as_ref()), out),
        Stmt::Exit(value) => line(depth, &word("exit", facts, value.as_ref()), out),
        Stmt::If {
            test,
            then,
            otherwise,
        } => {
            line(depth, &format!("if {}", expr(facts, test)), out);
            block(facts, then, depth + 1, out);
            if !otherwise.is_empty() {
                line(depth, "else", out);
                block(facts, otherwise, depth + 1, out);
            }
        }
        Stmt::Switch { subject, cases } => {
            line(depth, &format!("switch {}", expr(facts, subject)), out);
            for one in cases {
                case(facts, one, depth, out);
            }
        }
        Stmt::Loop { each, body } => {
            let head = each
                .as_ref()
                .map_or_else(String::new, |each| turn(facts, each));
            line(depth, &format!("loop{head}"), out);
            block(facts, body, depth + 1, out);
        }
        Stmt::Try {
            body,
            handlers,
            finally,
        } => {
            line(depth, "try", out);
            block(facts, body, depth + 1, out);
            for handler in handlers {
                line(depth, "catch", out);
                block(facts, handler, depth + 1, out);
            }
            if !finally.is_empty() {
                line(depth, "finally", out);
                block(facts, finally, depth + 1, out);
            }
        }
        Stmt::Outer(names) => line(depth, &format!("outer {}", names.join(", ")), out),
        Stmt::Shared(names) => line(depth, &format!("shared {}", names.join(", ")), out),
        Stmt::Function(index) => function(facts, *index, depth, out),
        Stmt::Class(index) => class(facts, &facts.classes[index.0 as usize], depth, out),
    }
}

fn word(word: &str, facts: &FileFacts, value: Option<&Expr>) -> String {
    match value {
        Some(value) => format!("{word} {}", expr(facts, value)),
        None => word.to_owned(),
    }
}

fn case(facts: &FileFacts, case: &Case, depth: usize, out: &mut String) {
    let tests = list(case.tests.iter().map(|test| expr(facts, test)));
    let head = if tests.is_empty() {
        "default".to_owned()
    } else {
        format!("case {tests}")
    };
    let mark = if case.falls_through {
        " (falls through)"
    } else {
        ""
    };
    line(depth, &format!("{head}{mark}"), out);
    block(facts, &case.body, depth + 1, out);
}

fn turn(facts: &FileFacts, each: &Each) -> String {
    let key = each
        .key
        .as_ref()
        .map_or_else(String::new, |key| expr(facts, key) + " => ");
    format!(
        " {key}{} in {}",
        expr(facts, &each.target),
        expr(facts, &each.iterable)
    )
}

fn function(facts: &FileFacts, index: FunctionIndex, depth: usize, out: &mut String) {
    let function = &facts.functions[index.0 as usize];
    line(depth, &head(facts, function), out);
    block(facts, &function.body, depth + 1, out);
}

fn head(facts: &FileFacts, function: &Function) -> String {
    let kind = match function.kind {
        FunctionKind::Module => "module",
        FunctionKind::Function => "function",
        FunctionKind::Closure => "closure",
        FunctionKind::Method => "method",
        FunctionKind::Constructor => "constructor",
        FunctionKind::Static => "static",
        FunctionKind::Getter => "getter",
        FunctionKind::Setter => "setter",
    };
    let mut text = decorators(facts, &function.decorators);
    text += if function.is_public { "" } else { "private " };
    let params = list(function.params.iter().map(|one| param(facts, one)));
    let _ = write!(text, "{kind} {}({params})", function.name);
    if let Some(returns) = &function.returns {
        let _ = write!(text, ": {}", ty(returns));
    }
    text
}

fn decorators(facts: &FileFacts, decorators: &[Expr]) -> String {
    decorators
        .iter()
        .map(|one| format!("@{} ", expr(facts, one)))
        .collect::<Vec<_>>()
        .concat()
}

fn param(facts: &FileFacts, param: &Param) -> String {
    let mut text = String::from(if param.promoted { "+" } else { "" });
    text += if param.rest { "..." } else { "" };
    text += &expr(facts, &param.target);
    if let Some(declared) = &param.ty {
        let _ = write!(text, ": {}", ty(declared));
    }
    if let Some(default) = &param.default {
        let _ = write!(text, " = {}", expr(facts, default));
    }
    text
}

fn class(facts: &FileFacts, class: &Class, depth: usize, out: &mut String) {
    let mut text = decorators(facts, &class.decorators);
    let _ = write!(text, "{:?} {}", class.kind, class.name);
    if !class.bases.is_empty() {
        let _ = write!(
            text,
            " < {}",
            list(class.bases.iter().map(|base| expr(facts, base)))
        );
    }
    if !class.mixins.is_empty() {
        let _ = write!(text, " + {}", class.mixins.join(", "));
    }
    line(depth, &text, out);
    for field in &class.fields {
        let mut text = format!(
            "{}{}",
            if field.is_static { "::" } else { "->" },
            field.name
        );
        if let Some(declared) = &field.ty {
            let _ = write!(text, ": {}", ty(declared));
        }
        if let Some(value) = &field.value {
            let _ = write!(text, " = {}", expr(facts, value));
        }
        line(depth + 1, &text, out);
    }
    for method in &class.methods {
        function(facts, *method, depth + 1, out);
    }
}

pub(super) fn ty(declared: &Type) -> String {
    match declared {
        Type::Named { name, arguments } if arguments.is_empty() => name.to_string(),
        Type::Named { name, arguments } => format!("{name}<{}>", list(arguments.iter().map(ty))),
        Type::Literal(text) => format!("'{text}'"),
        Type::Union(members) => members.iter().map(ty).collect::<Vec<_>>().join("|"),
        Type::List(item) => format!("{}[]", ty(item)),
        Type::Object(members) => {
            let members = members
                .iter()
                .map(|(name, member)| format!("{name}: {}", ty(member)));
            format!("{{{}}}", list(members))
        }
        Type::Of(name) => format!("typeof {name}"),
        Type::ClassOf(class) => format!("class<{}>", ty(class)),
        Type::Unknown => "?".to_owned(),
    }
}

fn expr(facts: &FileFacts, value: &Expr) -> String {
    let e = |inner: &Expr| expr(facts, inner);
    match &value.kind {
        ExprKind::Name(name) | ExprKind::Class(ClassRef::Named(name)) => name.to_string(),
        ExprKind::Global(name) => format!("\\{name}"),
        ExprKind::This => "$this".to_owned(),
        ExprKind::Class(ClassRef::Own) => "self".to_owned(),
        ExprKind::Class(ClassRef::Static) => "static".to_owned(),
        ExprKind::Class(ClassRef::Parent) => "parent".to_owned(),
        ExprKind::Member { object, property } => format!("{}->{property}", e(object)),
        ExprKind::DynamicMember { object, property } => {
            format!("{}->{{{}}}", e(object), e(property))
        }
        ExprKind::StaticMember { class, property } => format!("{}::{property}", e(class)),
        ExprKind::DynamicStaticMember { class, property } => {
            format!("{}::{{{}}}", e(class), e(property))
        }
        ExprKind::Index { object, index } => {
            let index = index.as_ref().map_or_else(String::new, |index| e(index));
            format!("{}[{index}]", e(object))
        }
        ExprKind::Call { callee, arguments } => {
            format!("{}({})", e(callee), args(facts, arguments))
        }
        ExprKind::New { class, arguments } => {
            format!("new {}({})", e(class), args(facts, arguments))
        }
        ExprKind::Function(index) => closure(facts, &facts.functions[index.0 as usize]),
        ExprKind::ClassLiteral(index) => {
            let mut text = String::new();
            class(facts, &facts.classes[index.0 as usize], 0, &mut text);
            format!(
                "<{}>",
                text.trim()
                    .lines()
                    .map(str::trim)
                    .collect::<Vec<_>>()
                    .join("; ")
            )
        }
        ExprKind::Array(entries) => {
            format!("[{}]", list(entries.iter().map(|one| entry(facts, one))))
        }
        ExprKind::Text(text) => format!("'{text}'"),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Bool(truth) => truth.to_string(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::Concat(parts) => parts.iter().map(e).collect::<Vec<_>>().join(" . "),
        ExprKind::Choice {
            test,
            then,
            otherwise,
        } => {
            format!("({} ? {} : {})", e(test), e(then), e(otherwise))
        }
        ExprKind::Binary {
            operator,
            left,
            right,
        } => {
            format!("({} {} {})", e(left), sign(*operator), e(right))
        }
        ExprKind::Not(inner) => format!("!{}", e(inner)),
        ExprKind::Assign { target, value } => format!("({} = {})", e(target), e(value)),
        ExprKind::Cast {
            value,
            ty: declared,
        } => format!("({} as {})", e(value), ty(declared)),
        ExprKind::Require(name) => format!("require '{name}'"),
        ExprKind::Yield(inner) => inner
            .as_ref()
            .map_or("yield".to_owned(), |i| format!("yield {}", e(i))),
        ExprKind::Comprehension { .. } => "comprehension".to_owned(),
        ExprKind::Unknown(inside) => format!("?({})", list(inside.iter().map(e))),
    }
}

fn closure(facts: &FileFacts, function: &Function) -> String {
    let mut body = String::new();
    block(facts, &function.body, 0, &mut body);
    format!(
        "{{{} {}}}",
        head(facts, function),
        body.trim().replace('\n', "; ")
    )
}

fn args(facts: &FileFacts, arguments: &[Argument]) -> String {
    list(arguments.iter().map(|argument| {
        let name = argument
            .name
            .as_ref()
            .map_or_else(String::new, |name| format!("{name}: "));
        let spread = if argument.spread { "..." } else { "" };
        format!("{name}{spread}{}", expr(facts, &argument.value))
    }))
}

fn entry(facts: &FileFacts, entry: &Entry) -> String {
    let key = entry
        .key
        .as_ref()
        .map_or_else(String::new, |key| expr(facts, key) + " => ");
    let spread = if entry.kind == EntryKind::Spread {
        "..."
    } else {
        ""
    };
    format!("{key}{spread}{}", expr(facts, &entry.value))
}

fn sign(operator: Operator) -> &'static str {
    match operator {
        Operator::Equal => "==",
        Operator::NotEqual => "!=",
        Operator::And => "and",
        Operator::Or => "or",
        Operator::Coalesce => "??",
        Operator::InstanceOf => "instanceof",
        Operator::In => "in",
        Operator::Modulo => "%",
        Operator::BitOr => "|",
        Operator::Other => "~",
    }
}

fn list(items: impl Iterator<Item = String>) -> String {
    items.collect::<Vec<_>>().join(", ")
}
