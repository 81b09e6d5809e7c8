//! Classes: bases, fields, methods, and what else a class body does.

use model::facts::{
    Class, ClassIndex, ClassKind, Expr, ExprKind, Field, FunctionIndex, NamedType, Stmt, Type,
};
use tree_sitter::Node;

use crate::{
    frontend::span,
    python::{
        bodies, children,
        context::Context,
        expressions::expression,
        fields,
        functions::{self, last_word},
        kind::{
            field,
            node::{
                ASSIGNMENT, BLOCK, CALL, CLASS, DECORATED, DECORATOR, ELIF, ELSE, EXCEPT,
                EXPRESSION_STATEMENT, FINALLY, FUNCTION, IDENTIFIER, IF, KEYWORD_ARGUMENT, RAISE,
                SUBSCRIPT, TRY,
            },
        },
        types,
    },
};

/// Most names of `a = b = value` that are given the value, since each takes a copy.
const MAX_CHAIN: usize = 8;

/// What a class body has declared so far.
struct Members {
    class: ClassIndex,
    /// Whether fields belong to instances: dataclasses and their like.
    is_record: bool,
    fields: Vec<Field>,
    methods: Vec<FunctionIndex>,
}

/// Lowers a class. Statements of its body that declare nothing go into `out`.
pub(super) fn definition(
    context: &mut Context<'_>,
    node: Node<'_>,
    decorators: Vec<Expr>,
    out: &mut Vec<Stmt>,
) -> ClassIndex {
    let bases = bases(context, node);
    let mut members = Members {
        class: ClassIndex(u32::try_from(context.facts.classes.len()).unwrap_or(u32::MAX)),
        is_record: is_record(&bases, &decorators),
        fields: Vec::new(),
        methods: Vec::new(),
    };
    let index = members.class;
    let name = node.child_by_field_name(field::NAME).unwrap_or(node);
    let class = Class {
        name: context.name_of(name),
        kind: class_kind(&bases),
        is_abstract: node
            .child_by_field_name(field::BODY)
            .is_some_and(|body| is_abstract(context, body)),
        bases,
        mixins: Vec::new(),
        fields: Vec::new(),
        methods: Vec::new(),
        decorators,
        function: context.place.function,
        span: span(name),
    };
    context.facts.classes.push(class);
    if let Some(body) = node.child_by_field_name(field::BODY) {
        member(context, body, &mut members, out);
    }
    let class = context.facts.classes.get_mut(index.0 as usize);
    let Some(class) = class else { return index };
    class.fields = members.fields;
    class.methods = members.methods;
    if has_base(&class.bases, &["TypedDict"]) {
        let ty = object_type(&class.fields);
        let name = class.name.clone();
        context.facts.types.push(NamedType { name, ty });
    }
    index
}

/// Lowers base classes, without keywords and type arguments.
fn bases(context: &mut Context<'_>, node: Node<'_>) -> Vec<Expr> {
    let Some(list) = node.child_by_field_name(field::SUPERCLASSES) else {
        return Vec::new();
    };
    let mut bases = Vec::new();
    for base in children(list) {
        match base.kind() {
            KEYWORD_ARGUMENT => {}
            SUBSCRIPT => {
                let generic = base.child_by_field_name(field::VALUE).unwrap_or(base);
                bases.push(expression(context, generic));
            }
            CALL => bases.extend(computed_bases(context, base)),
            _ => bases.push(expression(context, base)),
        }
    }
    bases
}

/// Lowers a called base; `six.with_metaclass(Meta, Base)` stands for `Base`.
fn computed_bases(context: &mut Context<'_>, node: Node<'_>) -> Vec<Expr> {
    let base = expression(context, node);
    match base.kind {
        ExprKind::Call { callee, arguments } if last_word(&callee) == "with_metaclass" => {
            let real = arguments.into_iter().skip(1);
            real.map(|argument| argument.value).collect()
        }
        _ => vec![base],
    }
}

/// Tells whether a class leaves a method to the classes that derive from it.
fn is_abstract(context: &Context<'_>, body: Node<'_>) -> bool {
    let mut cursor = body.walk();
    body.named_children(&mut cursor).any(|member| {
        let is_marked = member.kind() == DECORATED && {
            let mut cursor = member.walk();
            member.named_children(&mut cursor).any(|child| {
                child.kind() == DECORATOR && context.text(child).ends_with("abstractmethod")
            })
        };
        let function = match member.kind() {
            DECORATED => member.child_by_field_name(field::DEFINITION),
            _ => Some(member),
        };
        let body = function
            .filter(|function| function.kind() == FUNCTION)
            .and_then(|function| function.child_by_field_name(field::BODY));
        let last = body.and_then(|body| {
            let last = u32::try_from(body.named_child_count())
                .ok()?
                .checked_sub(1)?;
            body.named_child(last)
        });
        is_marked
            || last.is_some_and(|last| {
                last.kind() == RAISE && context.text(last).contains("NotImplementedError")
            })
    })
}

fn class_kind(bases: &[Expr]) -> ClassKind {
    const ENUMS: [&str; 8] = [
        "Enum",
        "StrEnum",
        "IntEnum",
        "Flag",
        "IntFlag",
        "TextChoices",
        "IntegerChoices",
        "Choices",
    ];
    if has_base(bases, &ENUMS) {
        ClassKind::Enum
    } else if has_base(bases, &["Protocol"]) {
        ClassKind::Interface
    } else {
        ClassKind::Class
    }
}

fn is_record(bases: &[Expr], decorators: &[Expr]) -> bool {
    const DECORATORS: [&str; 7] = [
        "dataclass",
        "define",
        "frozen",
        "mutable",
        "attrs",
        "attrib",
        "s",
    ];
    const BASES: [&str; 5] = [
        "TypedDict",
        "NamedTuple",
        "BaseModel",
        "BaseSettings",
        "Struct",
    ];
    decorators
        .iter()
        .any(|decorator| DECORATORS.contains(&last_word(decorator)))
        || has_base(bases, &BASES)
}

fn has_base(bases: &[Expr], names: &[&str]) -> bool {
    bases.iter().any(|base| names.contains(&last_word(base)))
}

fn object_type(fields: &[Field]) -> Type {
    let typed = fields.iter();
    let typed = typed.filter_map(|field| Some((field.name.clone(), field.ty.clone()?)));
    Type::Object(typed.collect())
}

/// Lowers one statement of a class body.
fn member(context: &mut Context<'_>, node: Node<'_>, members: &mut Members, out: &mut Vec<Stmt>) {
    context.deeper(node, |context| match node.kind() {
        FUNCTION => method(context, node, Vec::new(), members),
        CLASS => nested_class(context, node, Vec::new(), members, out),
        DECORATED => decorated(context, node, members, out),
        EXPRESSION_STATEMENT => {
            for inner in children(node) {
                simple(context, inner, members, out);
            }
        }
        IF | ELIF => {
            if let Some(test) = node.child_by_field_name(field::CONDITION) {
                out.push(Stmt::Expr(expression(context, test)));
            }
            parts(context, node, members, out);
        }
        BLOCK | TRY | EXCEPT | ELSE | FINALLY => parts(context, node, members, out),
        _ if node.is_error() => parts(context, node, members, out),
        _ => bodies::statement(context, node, out),
    });
}

/// Lowers the blocks of a compound statement in a class body as if it were not there.
fn parts(context: &mut Context<'_>, node: Node<'_>, members: &mut Members, out: &mut Vec<Stmt>) {
    let is_block = node.kind() == BLOCK || node.is_error();
    for child in children(node) {
        if is_block || matches!(child.kind(), BLOCK | ELIF | EXCEPT | ELSE | FINALLY) {
            member(context, child, members, out);
        }
    }
}

fn method(context: &mut Context<'_>, node: Node<'_>, decorators: Vec<Expr>, members: &mut Members) {
    let index = functions::definition(context, node, decorators, Some(members.class));
    members.methods.push(index);
}

/// Lowers a class in a class; its name is a field and no variable.
fn nested_class(
    context: &mut Context<'_>,
    node: Node<'_>,
    decorators: Vec<Expr>,
    members: &mut Members,
    out: &mut Vec<Stmt>,
) {
    let index = definition(context, node, decorators, out);
    let name = node.child_by_field_name(field::NAME).unwrap_or(node);
    members.fields.push(Field {
        name: context.name_of(name),
        value: Some(Expr::new(ExprKind::ClassLiteral(index), span(name))),
        ty: None,
        is_static: true,
        is_documented: false,
        span: span(name),
    });
}

fn decorated(
    context: &mut Context<'_>,
    node: Node<'_>,
    members: &mut Members,
    out: &mut Vec<Stmt>,
) {
    let decorators = functions::decorators(context, node);
    match node.child_by_field_name(field::DEFINITION) {
        Some(inner) if inner.kind() == FUNCTION => method(context, inner, decorators, members),
        Some(inner) if inner.kind() == CLASS => {
            nested_class(context, inner, decorators, members, out);
        }
        _ => out.extend(decorators.into_iter().map(Stmt::Expr)),
    }
}

fn simple(context: &mut Context<'_>, node: Node<'_>, members: &mut Members, out: &mut Vec<Stmt>) {
    let targets = targets(node);
    let is_field =
        node.kind() == ASSIGNMENT && targets.iter().all(|target| target.kind() == IDENTIFIER);
    if is_field {
        declare(context, node, &targets, members);
    } else {
        bodies::effect(context, node, out);
    }
}

/// Lowers `a = b = value`, `a: T = value`, `a: T`.
fn declare(context: &mut Context<'_>, node: Node<'_>, targets: &[Node<'_>], members: &mut Members) {
    let written = fields(node, field::TYPE).into_iter().next();
    let written = written.map(|ty| context.text(ty));
    let value = value(node).map(|value| expression(context, value));
    let ty = written
        .map(types::parse)
        .or_else(|| bodies::type_comment(context, node));
    let is_static = !members.is_record || written.is_some_and(|ty| ty.contains("ClassVar"));
    for (n_before, target) in targets.iter().enumerate() {
        members.fields.push(Field {
            name: context.name_of(*target),
            value: value.as_ref().filter(|_| n_before < MAX_CHAIN).cloned(),
            ty: ty.clone(),
            is_static,
            is_documented: false,
            span: span(*target),
        });
    }
}

/// Returns all targets of a chain of assignments.
fn targets(mut node: Node<'_>) -> Vec<Node<'_>> {
    let mut targets = Vec::new();
    while node.kind() == ASSIGNMENT {
        targets.extend(node.child_by_field_name(field::LEFT));
        match node.child_by_field_name(field::RIGHT) {
            Some(right) => node = right,
            None => break,
        }
    }
    targets
}

/// Returns what a chain of assignments ends in.
fn value(mut node: Node<'_>) -> Option<Node<'_>> {
    while node.kind() == ASSIGNMENT {
        node = node.child_by_field_name(field::RIGHT)?;
    }
    Some(node)
}
