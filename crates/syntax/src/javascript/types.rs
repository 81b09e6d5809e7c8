//! Lowers type annotations.
//!
//! Keeps what can lead to a value: names, unions, lists and members. Whatever computes a type from
//! others (`keyof`, conditional and mapped types) is unknown.

use model::{Name, facts::Type};
use tree_sitter::Node;

use super::{
    children,
    kind::{self, field},
    literals::unquote,
    only_child,
};

/// How deep a type may nest.
const MAX_DEPTH: usize = 64;

/// How many members of a union are kept.
const MAX_MEMBERS: usize = 256;

/// Generic types that stand for their argument.
const TRANSPARENT: [&str; 7] = [
    "Promise",
    "PromiseLike",
    "Readonly",
    "Partial",
    "Required",
    "NonNullable",
    "Awaited",
];

/// Generic types that are lists of their argument.
const LISTS: [&str; 2] = ["Array", "ReadonlyArray"];

/// What `(typeof x)[number]` is called among the names of generic types.
const ELEMENT_OF: &str = "[]";

/// Lowers an annotation (`: T`) or a bare type; `None` where it says nothing.
pub(super) fn annotation(text: &str, node: Node<'_>) -> Option<Type> {
    let ty = match node.kind() {
        kind::TYPE_ANNOTATION => only_child(node)?,
        _ => node,
    };
    known(lower(text, ty))
}

/// Lowers a type.
pub(super) fn lower(text: &str, node: Node<'_>) -> Type {
    at(text, node, 0)
}

/// Drops a type that says nothing.
pub(super) fn known(ty: Type) -> Option<Type> {
    (ty != Type::Unknown).then_some(ty)
}

/// Lowers the members of an object type or of an interface.
pub(super) fn members(text: &str, body: Node<'_>) -> Vec<(Name, Type)> {
    members_at(text, body, 0)
}

fn at(text: &str, node: Node<'_>, depth: usize) -> Type {
    if depth > MAX_DEPTH {
        return Type::Unknown;
    }
    let inner = |child: Option<Node<'_>>| child.map_or(Type::Unknown, |c| at(text, c, depth + 1));
    match node.kind() {
        kind::TYPE_IDENTIFIER
        | kind::IDENTIFIER
        | kind::NESTED_TYPE_IDENTIFIER
        | kind::NESTED_IDENTIFIER => Type::named(dotted(text, node)),
        kind::GENERIC_TYPE => generic(text, node, depth),
        kind::UNION_TYPE | kind::INTERSECTION_TYPE => union(text, node, depth),
        kind::LITERAL_TYPE => only_child(node).map_or(Type::Unknown, |child| literal(text, child)),
        kind::ARRAY_TYPE => Type::List(Box::new(inner(only_child(node)))),
        kind::TUPLE_TYPE => tuple(text, node, depth),
        kind::OBJECT_TYPE => Type::Object(members_at(text, node, depth + 1)),
        kind::TYPE_QUERY => query(text, node),
        kind::READONLY_TYPE
        | kind::PARENTHESIZED_TYPE
        | kind::OPTIONAL_TYPE
        | kind::REST_TYPE
        | kind::TYPE_ANNOTATION => inner(only_child(node)),
        kind::REQUIRED_PARAMETER | kind::OPTIONAL_PARAMETER => {
            inner(node.child_by_field_name(field::TYPE))
        }
        kind::LOOKUP_TYPE => element(text, node, depth),
        kind::TEMPLATE_LITERAL_TYPE => template(text, node),
        kind::CALL_EXPRESSION | kind::MEMBER_EXPRESSION => {
            imported(text, node).map_or(Type::Unknown, Type::named)
        }
        _ => Type::Unknown,
    }
}

/// Lowers `(typeof x)[number]`, one of the elements of a list that is written down.
fn element(text: &str, node: Node<'_>, depth: usize) -> Type {
    match children(node).as_slice() {
        [list, index] if source(text, *index) == "number" => match at(text, *list, depth + 1) {
            list @ Type::Of(_) => Type::Named {
                name: ELEMENT_OF.into(),
                arguments: vec![list],
            },
            _ => Type::Unknown,
        },
        _ => Type::Unknown,
    }
}

fn dotted(text: &str, node: Node<'_>) -> String {
    source(text, node)
        .chars()
        .filter(|c| !c.is_whitespace())
        .collect()
}

fn source<'a>(text: &'a str, node: Node<'_>) -> &'a str {
    text.get(node.byte_range()).unwrap_or_default()
}

fn generic(text: &str, node: Node<'_>, depth: usize) -> Type {
    let Some(name) = node.child_by_field_name(field::NAME) else {
        return Type::Unknown;
    };
    let name = dotted(text, name);
    let mut arguments: Vec<Type> = node
        .child_by_field_name(field::TYPE_ARGUMENTS)
        .map(children)
        .unwrap_or_default()
        .into_iter()
        .map(|argument| at(text, argument, depth + 1))
        .collect();
    let first = || arguments.first().cloned().unwrap_or(Type::Unknown);
    if TRANSPARENT.contains(&name.as_str()) {
        return first();
    }
    if LISTS.contains(&name.as_str()) {
        return Type::List(Box::new(first()));
    }
    if name == "InstanceType"
        && let Some(Type::Of(class)) = arguments.first()
    {
        return Type::named(class.clone());
    }
    arguments.truncate(16);
    Type::Named {
        name: name.into(),
        arguments,
    }
}

/// Lowers `A | B` and `A & B`; both are several types that may hold what is looked for.
///
/// Long unions lean to the left, so the left side is followed without recursion.
fn union(text: &str, node: Node<'_>, depth: usize) -> Type {
    let mut pending = vec![node];
    let mut members: Vec<Type> = Vec::new();
    while let Some(node) = pending.pop() {
        match node.kind() {
            kind::UNION_TYPE | kind::INTERSECTION_TYPE => {
                pending.extend(children(node).into_iter().rev());
            }
            _ if is_nothing(text, node) => {}
            _ => {
                let member = at(text, node, depth + 1);
                if members.len() < MAX_MEMBERS && !members.contains(&member) {
                    members.push(member);
                }
            }
        }
    }
    join(members)
}

/// Makes one type of several.
pub(super) fn join(mut members: Vec<Type>) -> Type {
    if members.len() > 1 {
        return Type::Union(members);
    }
    members.pop().unwrap_or(Type::Unknown)
}

fn is_nothing(text: &str, node: Node<'_>) -> bool {
    matches!(
        source(text, node),
        "null" | "undefined" | "void" | "never" | "false"
    )
}

fn literal(text: &str, node: Node<'_>) -> Type {
    match node.kind() {
        kind::STRING => Type::Literal(unquote(source(text, node)).into()),
        _ => Type::Unknown,
    }
}

fn template(text: &str, node: Node<'_>) -> Type {
    let holes = children(node)
        .iter()
        .any(|child| child.kind() == kind::TEMPLATE_TYPE);
    if holes {
        return Type::Unknown;
    }
    Type::Literal(unquote(source(text, node)).into())
}

fn tuple(text: &str, node: Node<'_>, depth: usize) -> Type {
    let mut members: Vec<Type> = Vec::new();
    for child in children(node) {
        let member = at(text, child, depth + 1);
        if !members.contains(&member) {
            members.push(member);
        }
    }
    Type::List(Box::new(join(members)))
}

fn members_at(text: &str, body: Node<'_>, depth: usize) -> Vec<(Name, Type)> {
    let member = |node: Node<'_>| {
        let name = node.child_by_field_name(field::NAME)?;
        let ty = match node.kind() {
            kind::PROPERTY_SIGNATURE => node
                .child_by_field_name(field::TYPE)
                .map_or(Type::Unknown, |ty| at(text, ty, depth + 1)),
            kind::METHOD_SIGNATURE => Type::Unknown,
            _ => return None,
        };
        Some((unquote(source(text, name)).into(), ty))
    };
    children(body).into_iter().filter_map(member).collect()
}

fn query(text: &str, node: Node<'_>) -> Type {
    let Some(child) = only_child(node) else {
        return Type::Unknown;
    };
    let name = match child.kind() {
        kind::IDENTIFIER | kind::THIS => Some(dotted(text, child)),
        kind::MEMBER_EXPRESSION | kind::CALL_EXPRESSION => {
            imported(text, child).or_else(|| plain(text, child))
        }
        _ => None,
    };
    name.map_or(Type::Unknown, |name| Type::Of(name.into()))
}

fn plain(text: &str, node: Node<'_>) -> Option<String> {
    let name = dotted(text, node).replace('?', "");
    let is_plain = |c: char| c.is_alphanumeric() || "._$#".contains(c);
    name.chars().all(is_plain).then_some(name)
}

/// Spells `import('m').A.B` as `import:m#A.B`, and `import('m')` as `import:m#=`.
fn imported(text: &str, node: Node<'_>) -> Option<String> {
    let source = dotted(text, node);
    let rest = source.strip_prefix("import(")?;
    let (module, path) = rest.split_once(')')?;
    let module = unquote(module.split(',').next()?);
    match path.strip_prefix('.') {
        Some(item) => Some(format!("import:{module}#{item}")),
        None => Some(format!("import:{module}#=")),
    }
}
