//! Reads the types that `/** … */` comments declare.
//!
//! Types are read with the TypeScript grammar, so that both spellings of a type mean the same.

use model::{
    Name,
    facts::{NamedType, Type},
    source::Span,
};
use tree_sitter::{Node, Parser};

use crate::bounded;

use super::{
    child_of_kind,
    kind::{self, field},
    types,
};

/// What a comment says of the declaration after it.
#[derive(Debug, Default)]
pub(super) struct Doc {
    /// `@param`, in order; members as `options.stripe`.
    params: Vec<(Name, Type)>,
    /// `@returns`.
    pub(super) returns: Option<Type>,
    /// `@type`.
    pub(super) ty: Option<Type>,
}

/// Words that may stand between a comment and what it describes.
const MODIFIERS: [&str; 17] = [
    "export",
    "default",
    "async",
    "const",
    "let",
    "var",
    "static",
    "public",
    "private",
    "protected",
    "readonly",
    "abstract",
    "override",
    "declare",
    "accessor",
    "get",
    "set",
];

/// Longest text between a comment and what it describes.
const LONGEST_GAP: usize = 160;

/// Reads the comment that describes what begins at `start`.
pub(super) fn before(text: &str, docs: &[Span], start: usize) -> Doc {
    let Some((doc, gap)) = last_before(text, docs, start) else {
        return Doc::default();
    };
    if !is_attached(gap) || !doc.contains('@') {
        return Doc::default();
    }
    read(doc)
}

/// Reads the type of `/** @type {T} */ (value)`.
pub(super) fn cast(text: &str, docs: &[Span], node: Node<'_>) -> Option<Type> {
    let (doc, gap) = last_before(text, docs, node.start_byte())?;
    if !gap.trim().is_empty() || !doc.contains("@type") {
        return None;
    }
    read(doc).ty
}

/// Reads every `@typedef` of a file.
pub(super) fn typedefs(text: &str, docs: &[Span]) -> Vec<NamedType> {
    docs.iter()
        .filter_map(|doc| text.get(doc.start as usize..doc.end as usize))
        .filter(|doc| doc.contains("@typedef"))
        .flat_map(typedefs_in)
        .collect()
}

/// Finds the last comment that ends before `start` and what stands between.
fn last_before<'a>(text: &'a str, docs: &[Span], start: usize) -> Option<(&'a str, &'a str)> {
    let n_before = docs.partition_point(|doc| doc.end as usize <= start);
    let doc = docs.get(n_before.checked_sub(1)?)?;
    let gap_start = doc.end as usize;
    if start - gap_start > LONGEST_GAP {
        return None;
    }
    let comment = text.get(doc.start as usize..gap_start)?;
    Some((comment, text.get(gap_start..start)?))
}

/// Tells whether only modifiers, or the name that a value is given, stand in the gap.
fn is_attached(gap: &str) -> bool {
    let gap = gap.trim();
    if only_modifiers(gap) {
        return true;
    }
    let Some((target, rest)) = gap.rsplit_once(['=', ':']) else {
        return false;
    };
    let is_target = |c: char| c.is_alphanumeric() || "_$.: \t'\"#".contains(c);
    only_modifiers(rest) && target.chars().all(is_target)
}

fn only_modifiers(text: &str) -> bool {
    text.split_whitespace()
        .all(|word| MODIFIERS.contains(&word))
}

/// One `@tag {type} rest`.
struct Tag<'a> {
    name: &'a str,
    ty: Option<&'a str>,
    rest: &'a str,
}

fn read(comment: &str) -> Doc {
    let text = undecorated(comment);
    let mut doc = Doc::default();
    for tag in tags(&text) {
        let Some(ty) = tag.ty else { continue };
        match tag.name {
            "param" | "arg" | "argument" => {
                doc.params.push((subject(tag.rest).into(), parse(ty)));
            }
            "return" | "returns" => doc.returns = types::known(parse(ty)),
            "type" => doc.ty = types::known(parse(ty)),
            _ => {}
        }
    }
    doc
}

fn typedefs_in(comment: &str) -> Vec<NamedType> {
    let text = undecorated(comment);
    let mut found: Vec<NamedType> = Vec::new();
    for tag in tags(&text) {
        match (tag.name, tag.ty) {
            ("typedef", ty) => found.push(NamedType {
                name: subject(tag.rest).into(),
                ty: ty.map_or_else(|| Type::Object(Vec::new()), parse),
            }),
            ("property" | "prop", Some(ty)) => {
                let member = (Name::from(subject(tag.rest)), parse(ty));
                if let Some(last) = found.last_mut() {
                    add_member(&mut last.ty, member);
                }
            }
            _ => {}
        }
    }
    found.retain(|named| !named.name.is_empty());
    found
}

fn add_member(ty: &mut Type, member: (Name, Type)) {
    match ty {
        Type::Object(members) => members.push(member),
        _ => *ty = Type::Object(vec![member]),
    }
}

/// Takes the stars off the lines of a comment.
fn undecorated(comment: &str) -> String {
    let inner = comment.trim_start_matches("/**");
    let inner = inner.strip_suffix("*/").unwrap_or(inner);
    inner
        .lines()
        .map(|line| line.trim_start().trim_start_matches('*').trim_start())
        .collect::<Vec<_>>()
        .join("\n")
}

fn tags(text: &str) -> Vec<Tag<'_>> {
    let mut tags = Vec::new();
    let mut rest = text;
    let mut at_line_start = true;
    while let Some((before, after)) = rest.split_once('@') {
        at_line_start = match before.rsplit_once('\n') {
            Some((_, line)) => line.trim().is_empty(),
            None => at_line_start && before.trim().is_empty(),
        };
        rest = after;
        if at_line_start {
            tags.push(tag(after));
        }
        at_line_start = false;
    }
    tags
}

fn tag(text: &str) -> Tag<'_> {
    let end = text
        .find(|c: char| !c.is_alphanumeric())
        .unwrap_or(text.len());
    let (name, rest) = text.split_at_checked(end).unwrap_or((text, ""));
    let rest = rest.trim_start_matches([' ', '\t']);
    match braced(rest) {
        Some((ty, rest)) => Tag {
            name,
            ty: Some(ty),
            rest,
        },
        None => Tag {
            name,
            ty: None,
            rest,
        },
    }
}

/// Splits `{type} rest`; braces inside the type are balanced.
fn braced(text: &str) -> Option<(&str, &str)> {
    let inner = text.strip_prefix('{')?;
    let mut depth = 1_usize;
    for (at, c) in inner.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            _ => {}
        }
        if depth == 0 {
            let (ty, rest) = inner.split_at_checked(at)?;
            return Some((ty.trim(), rest.strip_prefix('}')?));
        }
    }
    None
}

/// Reads the name that a tag is about: `[name=default] - text`.
fn subject(rest: &str) -> &str {
    let rest = rest.trim_start().trim_start_matches('[').trim_start();
    let end = rest
        .find(|c: char| !(c.is_alphanumeric() || "_$.".contains(c)))
        .unwrap_or(rest.len());
    rest.get(..end).unwrap_or_default()
}

/// Reads a type as comments spell it.
fn parse(source: &str) -> Type {
    let source = source.trim_start_matches(['?', '!']);
    let source = source.trim_start_matches("...").trim_end_matches('=');
    let is_plain = |c: char| c.is_alphanumeric() || "_$.".contains(c);
    if source.chars().all(is_plain) {
        return match source {
            "" | "string" | "number" | "boolean" | "any" | "object" | "Object" | "void"
            | "null" | "undefined" | "Function" | "function" | "unknown" | "never" => Type::Unknown,
            name => Type::named(name),
        };
    }
    with_grammar(&source.replace(".<", "<")).unwrap_or(Type::Unknown)
}

fn with_grammar(source: &str) -> Option<Type> {
    let text = format!("type T = {source};");
    let mut parser = Parser::new();
    parser
        .set_language(&tree_sitter_typescript::LANGUAGE_TYPESCRIPT.into())
        .ok()?;
    let tree = bounded::parse(&mut parser, text.as_bytes())?;
    let alias = child_of_kind(tree.root_node(), kind::TYPE_ALIAS_DECLARATION)?;
    let value = alias.child_by_field_name(field::VALUE)?;
    Some(types::lower(&text, value))
}

impl Doc {
    /// Returns the type of the parameter called `name`.
    pub(super) fn param(&self, name: &str) -> Option<Type> {
        let members = self.members(name);
        if !members.is_empty() {
            return Some(Type::Object(members));
        }
        let (_, ty) = self.params.iter().find(|(param, _)| &**param == name)?;
        types::known(ty.clone())
    }

    /// Returns the type of the parameter at one place, counted without members.
    pub(super) fn param_at(&self, position: usize) -> Option<Type> {
        let (name, _) = self
            .params
            .iter()
            .filter(|(name, _)| !name.contains('.'))
            .nth(position)?;
        self.param(name)
    }

    fn members(&self, name: &str) -> Vec<(Name, Type)> {
        self.params
            .iter()
            .filter_map(|(param, ty)| {
                let member = param.strip_prefix(name)?.strip_prefix('.')?;
                (!member.contains('.')).then(|| (Name::from(member), ty.clone()))
            })
            .collect()
    }
}
