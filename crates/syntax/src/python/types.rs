//! Type annotations, read from their text.
//!
//! One small parser serves annotations, annotations inside strings, type comments and aliases: the
//! grammar has a different tree for each of them, and none for the last two.

use std::{iter::Peekable, vec::IntoIter};

use model::facts::Type;
use tree_sitter::Node;

use crate::python::context::Context;

/// Deepest nesting of a type that is read.
const MAX_DEPTH: usize = 50;

/// Modules whose names have a meaning of their own in annotations.
const TYPING: [&str; 8] = [
    "typing",
    "t",
    "tp",
    "te",
    "typing_extensions",
    "collections",
    "abc",
    "builtins",
];

/// Lowers an annotation.
pub(super) fn annotation(context: &Context<'_>, node: Node<'_>) -> Type {
    parse(context.text(node))
}

/// Reads a type from its text.
pub(super) fn parse(text: &str) -> Type {
    nested(text, 0)
}

/// Tells whether an expression is written like a type: `Optional[X]`, `Union[X, Y]`.
pub(super) fn is_type(text: &str) -> bool {
    text.split_once('[').is_some_and(|(name, _)| {
        let name = typing_name(name.trim());
        matches!(
            name,
            Some("Optional" | "Union" | "Type" | "Literal" | "Annotated" | "List" | "Dict")
        )
    })
}

/// Returns the last part of a dotted name.
pub(super) fn last_part(name: &str) -> &str {
    name.rsplit('.').next().unwrap_or(name)
}

#[derive(Debug)]
enum Token {
    Name(String),
    Text(String),
    Open,
    Close,
    Comma,
    Bar,
    Other,
}

type Tokens = Peekable<IntoIter<Token>>;

fn nested(text: &str, depth: usize) -> Type {
    let mut tokens = tokens(text).into_iter().peekable();
    let ty = union(&mut tokens, depth);
    if tokens.next().is_some() {
        Type::Unknown
    } else {
        ty
    }
}

fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(letter) = rest.next() {
        match letter {
            '[' => tokens.push(Token::Open),
            ']' => tokens.push(Token::Close),
            ',' => tokens.push(Token::Comma),
            '|' => tokens.push(Token::Bar),
            '#' => while rest.next_if(|letter| *letter != '\n').is_some() {},
            '"' | '\'' => tokens.push(Token::Text(
                rest.by_ref().take_while(|l| *l != letter).collect(),
            )),
            _ if letter.is_whitespace() || letter == '\\' => {}
            _ if letter.is_alphabetic() || letter == '_' => {
                let mut name = String::from(letter);
                while let Some(next) =
                    rest.next_if(|l| l.is_alphanumeric() || matches!(l, '_' | '.'))
                {
                    name.push(next);
                }
                tokens.push(Token::Name(name));
            }
            _ => tokens.push(Token::Other),
        }
    }
    tokens
}

fn union(tokens: &mut Tokens, depth: usize) -> Type {
    let mut types = vec![primary(tokens, depth)];
    while tokens
        .next_if(|token| matches!(token, Token::Bar))
        .is_some()
    {
        types.push(primary(tokens, depth));
    }
    one_of(types)
}

fn primary(tokens: &mut Tokens, depth: usize) -> Type {
    if depth > MAX_DEPTH {
        tokens.by_ref().for_each(drop);
        return Type::Unknown;
    }
    match tokens.peek() {
        Some(Token::Name(_) | Token::Text(_) | Token::Open) => {}
        _ => return other(tokens),
    }
    match tokens.next() {
        Some(Token::Text(text)) => nested(&text, depth + 1),
        Some(Token::Name(name)) => {
            let is_generic = tokens
                .next_if(|token| matches!(token, Token::Open))
                .is_some();
            let is_literal = typing_name(&name) == Some("Literal");
            let arguments = is_generic.then(|| arguments(tokens, is_literal, depth + 1));
            skip_other(tokens);
            named(&name, arguments.unwrap_or_default())
        }
        _ => {
            arguments(tokens, false, depth + 1);
            Type::Unknown
        }
    }
}

fn other(tokens: &mut Tokens) -> Type {
    skip_other(tokens);
    Type::Unknown
}

/// Skips what is no type, such as the call in `Annotated[T, Depends(f)]`.
fn skip_other(tokens: &mut Tokens) {
    let mut is_other = false;
    while let Some(token) = tokens.peek() {
        is_other |= matches!(token, Token::Other);
        if !is_other || matches!(token, Token::Close | Token::Comma | Token::Bar) {
            return;
        }
        tokens.next();
    }
}

/// Reads type arguments, after the opening bracket.
fn arguments(tokens: &mut Tokens, is_literal: bool, depth: usize) -> Vec<Type> {
    let mut types = Vec::new();
    loop {
        match tokens.peek() {
            None => return types,
            Some(Token::Close) => {
                tokens.next();
                return types;
            }
            Some(Token::Comma | Token::Bar) => {
                tokens.next();
            }
            Some(Token::Text(_)) if is_literal => {
                if let Some(Token::Text(text)) = tokens.next() {
                    types.push(Type::Literal(text.into()));
                }
            }
            Some(_) => types.push(union(tokens, depth)),
        }
    }
}

/// Returns the last part of a name that belongs to the language or its type library.
fn typing_name(name: &str) -> Option<&str> {
    match name.rsplit_once('.') {
        None => Some(name),
        Some((module, last)) if TYPING.contains(&last_part(module)) => Some(last),
        Some(_) => None,
    }
}

fn named(name: &str, mut arguments: Vec<Type>) -> Type {
    let plain = typing_name(name).unwrap_or_default();
    if arguments.is_empty() {
        return match plain {
            "Any" | "object" | "Final" | "ClassVar" | "TypeAlias" => Type::Unknown,
            _ => Type::named(name),
        };
    }
    match plain {
        "Union" | "Literal" => one_of(arguments),
        "Coroutine" => arguments.pop().unwrap_or(Type::Unknown),
        "Optional"
        | "Awaitable"
        | "Annotated"
        | "Final"
        | "ClassVar"
        | "Required"
        | "NotRequired"
        | "ReadOnly"
        | "ContextManager"
        | "AsyncContextManager"
        | "AbstractContextManager"
        | "AbstractAsyncContextManager" => first(arguments),
        "Type" | "type" => Type::ClassOf(Box::new(first(arguments))),
        "List" | "list" | "Sequence" | "MutableSequence" | "Collection" | "Iterable"
        | "Iterator" | "AsyncIterable" | "AsyncIterator" | "Generator" | "AsyncGenerator"
        | "Set" | "set" | "FrozenSet" | "frozenset" | "AbstractSet" | "Deque" | "deque" => {
            Type::List(Box::new(first(arguments)))
        }
        "Tuple" | "tuple" if matches!(arguments.as_slice(), [_, Type::Unknown]) => {
            Type::List(Box::new(first(arguments)))
        }
        _ => Type::Named {
            name: name.into(),
            arguments,
        },
    }
}

fn first(arguments: Vec<Type>) -> Type {
    arguments.into_iter().next().unwrap_or(Type::Unknown)
}

/// Joins types; `None` says nothing about a value that is there.
fn one_of(types: Vec<Type>) -> Type {
    let only_none = types.len() == 1;
    let mut kept: Vec<Type> = Vec::new();
    for ty in types {
        match ty {
            Type::Union(inner) => kept.extend(inner),
            _ if !only_none && ty == Type::named("None") => {}
            _ => kept.push(ty),
        }
    }
    if kept.len() > 1 {
        Type::Union(kept)
    } else {
        first(kept)
    }
}
