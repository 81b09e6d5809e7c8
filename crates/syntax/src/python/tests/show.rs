//! Prints facts in one line, so that a test can be read.

use model::facts::{
    Argument, Class, Each, Entry, EntryKind, Expr, ExprKind, Field, FileFacts, Function, Import,
    ImportItem, Param, Stmt, Type,
};

pub(super) fn module(facts: &FileFacts) -> String {
    body(&facts.functions[0].body)
}

pub(super) fn functions(facts: &FileFacts) -> String {
    let shown: Vec<_> = facts.functions.iter().skip(1).map(function).collect();
    shown.join("\n")
}

fn function(function: &Function) -> String {
    let decorators = decorators(&function.decorators);
    let class = function
        .class
        .map_or(String::new(), |class| format!("class{}.", class.0));
    let returns = function.returns.as_ref();
    let returns = returns.map_or(String::new(), |returns| format!(" -> {}", ty(returns)));
    format!(
        "{decorators}{}{:?} {class}{}({}){returns} {{{}}}",
        if function.is_public { "" } else { "private " },
        function.kind,
        function.name,
        list(&function.params, param),
        body(&function.body),
    )
}

fn decorators(decorators: &[Expr]) -> String {
    let shown = decorators
        .iter()
        .map(|decorator| format!("@{} ", expr(decorator)));
    shown.collect::<Vec<_>>().concat()
}

fn param(param: &Param) -> String {
    let stars = match (param.rest, param.keywords) {
        (true, _) => "*",
        (_, true) => "**",
        _ => "",
    };
    let annotation = param.ty.as_ref();
    let annotation = annotation.map_or(String::new(), |of| format!(": {}", ty(of)));
    let default = param.default.as_ref();
    let default = default.map_or(String::new(), |value| format!(" = {}", expr(value)));
    format!("{stars}{}{annotation}{default}", expr(&param.target))
}

pub(super) fn classes(facts: &FileFacts) -> String {
    let shown: Vec<_> = facts.classes.iter().map(class).collect();
    shown.join("\n")
}

fn class(class: &Class) -> String {
    let decorators = decorators(&class.decorators);
    format!(
        "{}{:?} {}({}) {{{}}} {:?}",
        decorators,
        class.kind,
        class.name,
        list(&class.bases, expr),
        list(&class.fields, field),
        class
            .methods
            .iter()
            .map(|method| method.0)
            .collect::<Vec<_>>(),
    )
}

fn field(field: &Field) -> String {
    let annotation = field
        .ty
        .as_ref()
        .map_or(String::new(), |of| format!(": {}", ty(of)));
    let value = field
        .value
        .as_ref()
        .map_or(String::new(), |value| format!(" = {}", expr(value)));
    let place = if field.is_static { "static " } else { "" };
    format!("{place}{}{annotation}{value}", field.name)
}

pub(super) fn imports(facts: &FileFacts) -> String {
    let shown: Vec<_> = facts.imports.iter().map(import).collect();
    shown.join("\n")
}

fn import(import: &Import) -> String {
    let item = match &import.item {
        ImportItem::Module => "module".to_owned(),
        ImportItem::Default => "default".to_owned(),
        ImportItem::Named(name) => format!("`{name}`"),
        ImportItem::All => "all".to_owned(),
    };
    let only = if import.type_only { " for types" } else { "" };
    format!(
        "{}: {item} of {} in fn{}{only}",
        import.local, import.module, import.function.0
    )
}

pub(super) fn types(facts: &FileFacts) -> String {
    let shown: Vec<_> = facts
        .types
        .iter()
        .map(|named| format!("{} = {}", named.name, ty(&named.ty)))
        .collect();
    shown.join("\n")
}

fn body(statements: &[Stmt]) -> String {
    let shown: Vec<_> = statements.iter().map(stmt).collect();
    shown.join("; ")
}

fn stmt(stmt: &Stmt) -> String {
    match stmt {
        Stmt::Expr(value) => expr(value),
        Stmt::Assign {
            target,
            value,
            ty: of,
            augmented,
        } => {
            let of = of
                .as_ref()
                .map_or(String::new(), |of| format!(": {}", ty(of)));
            let sign = if *augmented { ":=" } else { "=" };
            let value = value
                .as_ref()
                .map_or(String::new(), |value| format!(" {sign} {}", expr(value)));
            format!("{}{of}{value}", expr(target))
        }
        Stmt::Return(None) => "return".to_owned(),
        Stmt::Return(Some(value)) => format!("return {}", expr(value)),
        Stmt::If {
            test,
            then,
            otherwise,
        } => {
            format!(
                "if {} {{{}}} else {{{}}}",
                expr(test),
                body(then),
                body(otherwise)
            )
        }
        Stmt::Switch { subject, cases } => {
            let cases = list(cases, |case| {
                format!("{} => {{{}}}", list(&case.tests, expr), body(&case.body))
            });
            format!("switch {} {{{cases}}}", expr(subject))
        }
        Stmt::Loop {
            each: turn,
            body: inside,
        } => {
            let turn = turn.as_ref().map_or(String::new(), each);
            format!("loop{turn} {{{}}}", body(inside))
        }
        Stmt::Try {
            body: inside,
            handlers,
            finally,
        } => {
            let handlers = handlers
                .iter()
                .map(|inside| format!("catch {{{}}} ", body(inside)));
            let handlers = handlers.collect::<Vec<_>>().concat();
            format!(
                "try {{{}}} {handlers}finally {{{}}}",
                body(inside),
                body(finally)
            )
        }
        Stmt::Exit(None) => "exit".to_owned(),
        Stmt::Exit(Some(value)) => format!("exit {}", expr(value)),
        Stmt::Outer(names) => format!("outer {}", names.join(", ")),
        Stmt::Shared(names) => format!("shared {}", names.join(", ")),
        Stmt::Function(index) => format!("fn{}", index.0),
        Stmt::Class(index) => format!("class{}", index.0),
    }
}

fn each(each: &Each) -> String {
    format!(" for {} in {}", expr(&each.target), expr(&each.iterable))
}

pub(super) fn expr(value: &Expr) -> String {
    match &value.kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::This => "this".to_owned(),
        ExprKind::Class(class) => format!("<{class:?}>"),
        ExprKind::Member { object, property } => format!("{}.{property}", expr(object)),
        ExprKind::DynamicMember { object, property } => {
            format!("{}.{{{}}}", expr(object), expr(property))
        }
        ExprKind::Index { object, index } => {
            format!(
                "{}[{}]",
                expr(object),
                index.as_ref().map_or(String::new(), |index| expr(index))
            )
        }
        ExprKind::Call { callee, arguments } => {
            format!("{}({})", expr(callee), list(arguments, argument))
        }
        ExprKind::Function(index) => format!("fn{}", index.0),
        ExprKind::ClassLiteral(index) => format!("class{}", index.0),
        ExprKind::Array(entries) => format!("[{}]", list(entries, entry)),
        ExprKind::Text(text) => format!("{text:?}"),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Bool(truth) => truth.to_string(),
        ExprKind::Null => "null".to_owned(),
        ExprKind::Concat(parts) => {
            let parts: Vec<_> = parts.iter().map(expr).collect();
            format!("({})", parts.join(" ~ "))
        }
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
        ExprKind::Not(value) => format!("!{}", expr(value)),
        ExprKind::Assign { target, value } => format!("({} := {})", expr(target), expr(value)),
        ExprKind::Cast { value, ty: of } => format!("({} as {})", expr(value), ty(of)),
        ExprKind::Require(module) => format!("require({module})"),
        ExprKind::Yield(None) => "yield".to_owned(),
        ExprKind::Yield(Some(value)) => format!("yield {}", expr(value)),
        ExprKind::Comprehension { value, each: turns } => {
            format!(
                "{{{}{}}}",
                expr(value),
                turns.iter().map(each).collect::<String>()
            )
        }
        ExprKind::Unknown(inside) if inside.is_empty() => "?".to_owned(),
        ExprKind::Unknown(inside) => format!("?({})", list(inside, expr)),
        other => format!("not of Python: {other:?}"),
    }
}

fn argument(argument: &Argument) -> String {
    let name = argument
        .name
        .as_ref()
        .map_or(String::new(), |name| format!("{name}="));
    format!(
        "{name}{}{}",
        if argument.spread { "*" } else { "" },
        expr(&argument.value)
    )
}

fn entry(entry: &Entry) -> String {
    let key = entry
        .key
        .as_ref()
        .map_or(String::new(), |key| format!("{}: ", expr(key)));
    let star = if entry.kind == EntryKind::Spread {
        "*"
    } else {
        ""
    };
    format!("{key}{star}{}", expr(&entry.value))
}

pub(super) fn ty(of: &Type) -> String {
    match of {
        Type::Named { name, arguments } if arguments.is_empty() => name.to_string(),
        Type::Named { name, arguments } => format!("{name}[{}]", list(arguments, ty)),
        Type::Literal(text) => format!("{text:?}"),
        Type::Union(types) => types.iter().map(ty).collect::<Vec<_>>().join(" | "),
        Type::List(item) => format!("List<{}>", ty(item)),
        Type::Object(members) => {
            format!(
                "{{{}}}",
                list(members, |(name, of)| format!("{name}: {}", ty(of)))
            )
        }
        Type::Of(name) => format!("typeof {name}"),
        Type::ClassOf(class) => format!("ClassOf<{}>", ty(class)),
        Type::Unknown => "?".to_owned(),
    }
}

fn list<T>(items: &[T], show: impl Fn(&T) -> String) -> String {
    items.iter().map(show).collect::<Vec<_>>().join(", ")
}
