//! Reads a type as it is written.
//!
//! Declarations and doc comments share this one small parser, because a comment may say all that a
//! declaration may. Text, numbers and `null` have no members and vanish from unions.

use model::{Name, facts::Type};

use super::names::{Scope, Symbol};

/// How deep types may be nested.
const MAX_TYPE_DEPTH: usize = 24;
/// How many members of a union are told apart.
const MAX_UNION: usize = 64;

/// What names in a type mean.
pub(super) struct TypeNames<'a> {
    pub(super) scope: &'a Scope,
    /// Type parameters.
    pub(super) templates: &'a [Name],
    /// The class that the type stands in.
    pub(super) own: Option<Name>,
    /// Its base class.
    pub(super) parent: Option<Name>,
}

/// Reads the type at the start of `text`; gives also what follows it.
///
/// `None` is a type whose values have no members.
pub(super) fn read<'s>(text: &'s str, names: &TypeNames<'_>) -> (Option<Type>, &'s str) {
    let mut reader = TypeReader {
        rest: text,
        names,
        depth: 0,
    };
    let ty = reader.union();
    (ty, reader.rest)
}

struct TypeReader<'s, 'a> {
    rest: &'s str,
    names: &'a TypeNames<'a>,
    depth: usize,
}

/// In the readers below, `None` is a type whose values have no members: text, numbers, `null`.
impl<'s> TypeReader<'s, '_> {
    fn union(&mut self) -> Option<Type> {
        if self.depth >= MAX_TYPE_DEPTH {
            self.rest = "";
            return Some(Type::Unknown);
        }
        self.depth += 1;
        let mut members = vec![self.postfixed()];
        while self.take_separator() {
            members.push(self.postfixed());
        }
        self.depth -= 1;
        join(members)
    }

    /// Takes `|` or `&`, but not the `&` of a parameter by reference.
    fn take_separator(&mut self) -> bool {
        let rest = self.rest.trim_start();
        let after = rest.strip_prefix('|').or_else(|| {
            let after = rest.strip_prefix('&')?;
            (!after.trim_start().starts_with(['$', '.'])).then_some(after)
        });
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn postfixed(&mut self) -> Option<Type> {
        let mut ty = self.atom();
        while let Some(rest) = self.rest.strip_prefix("[]") {
            self.rest = rest;
            ty = Some(Type::List(Box::new(ty.unwrap_or(Type::Unknown))));
        }
        ty
    }

    fn atom(&mut self) -> Option<Type> {
        self.rest = self.rest.trim_start();
        while self.take("?") {
            self.rest = self.rest.trim_start();
        }
        if self.take("(") {
            let inside = self.union();
            self.skip_to(')');
            return inside;
        }
        if self.take("$this") {
            return self.named("static", Vec::new());
        }
        if let Some(text) = self.quoted() {
            return Some(Type::Literal(text));
        }
        if self.take("*") {
            return Some(Type::Unknown);
        }
        let word = self.word();
        if word.is_empty() {
            return Some(Type::Unknown);
        }
        self.with_arguments(word)
    }

    fn with_arguments(&mut self, word: &str) -> Option<Type> {
        if self.take("::") {
            self.word();
            self.take("*");
            return None;
        }
        if self.take("<") {
            let arguments = self.list('>');
            return self.named(word, arguments);
        }
        if self.take("{") {
            return Some(Type::Object(self.shape()));
        }
        if is_callable(word) && self.take("(") {
            self.skip_to(')');
            if self.take(":") {
                self.postfixed();
            }
            return Some(Type::Unknown);
        }
        self.named(word, Vec::new())
    }

    fn list(&mut self, end: char) -> Vec<Type> {
        let mut members = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with(end) {
                break;
            }
            members.push(self.union().unwrap_or(Type::Unknown));
            self.rest = self.rest.trim_start();
            if !self.take(",") {
                break;
            }
        }
        self.skip_to(end);
        members
    }

    fn shape(&mut self) -> Vec<(Name, Type)> {
        let mut members = Vec::new();
        loop {
            self.rest = self.rest.trim_start();
            if self.rest.is_empty() || self.rest.starts_with('}') || self.take("...") {
                break;
            }
            let key = self
                .key()
                .unwrap_or_else(|| members.len().to_string().into());
            members.push((key, self.union().unwrap_or(Type::Unknown)));
            self.rest = self.rest.trim_start();
            if !self.take(",") {
                break;
            }
        }
        self.skip_to('}');
        members
    }

    /// Reads the `key:` or `key?:` of a shape, or nothing.
    fn key(&mut self) -> Option<Name> {
        let before = self.rest;
        let key = self.quoted().unwrap_or_else(|| self.word().into());
        self.take("?");
        if !key.is_empty() && !self.rest.starts_with("::") && self.take(":") {
            return Some(key);
        }
        self.rest = before;
        None
    }

    fn named(&self, word: &str, mut arguments: Vec<Type>) -> Option<Type> {
        let is_template = |name: &&Name| name.as_ref() == word;
        if self.names.templates.iter().any(|name| is_template(&name)) {
            return Some(Type::Unknown);
        }
        let lower = word.to_ascii_lowercase();
        match lower.as_str() {
            "array" | "list" | "iterable" | "non-empty-array" | "non-empty-list" => {
                let item = arguments.pop().map(|item| Type::List(Box::new(item)));
                Some(item.unwrap_or(Type::Unknown))
            }
            "class-string" | "interface-string" => {
                arguments.pop().map(|class| Type::ClassOf(Box::new(class)))
            }
            "self" | "static" => Some(self.names.own.clone().map_or(Type::Unknown, Type::named)),
            "parent" => Some(self.names.parent.clone().map_or(Type::Unknown, Type::named)),
            "mixed" | "object" | "callable" => Some(Type::Unknown),
            _ if is_scalar(&lower) => None,
            _ => Some(Type::Named {
                name: self.names.scope.resolve(word, Symbol::Class),
                arguments,
            }),
        }
    }

    fn take(&mut self, mark: &str) -> bool {
        let after = self.rest.strip_prefix(mark);
        self.rest = after.unwrap_or(self.rest);
        after.is_some()
    }

    fn word(&mut self) -> &'s str {
        let is_end = |c: char| !(c.is_alphanumeric() || matches!(c, '_' | '\\' | '-'));
        let length = self.rest.find(is_end).unwrap_or(self.rest.len());
        let (word, rest) = self.rest.split_at(length);
        self.rest = rest;
        word
    }

    fn quoted(&mut self) -> Option<Name> {
        let quote = self
            .rest
            .chars()
            .next()
            .filter(|c| matches!(c, '\'' | '"'))?;
        let (text, rest) = self.rest.get(1..)?.split_once(quote)?;
        self.rest = rest;
        Some(text.into())
    }

    /// Goes past the bracket that ends what is open, over whatever stands before it.
    fn skip_to(&mut self, end: char) {
        let mut n_open = 0_usize;
        for (at, c) in self.rest.char_indices() {
            if c == end && n_open == 0 {
                self.rest = self.rest.get(at + c.len_utf8()..).unwrap_or_default();
                return;
            }
            match c {
                '(' | '<' | '{' => n_open += 1,
                ')' | '>' | '}' => n_open = n_open.saturating_sub(1),
                _ => {}
            }
        }
        self.rest = "";
    }
}

fn is_callable(word: &str) -> bool {
    matches!(word, "callable" | "Closure" | "\\Closure" | "pure-callable")
}

/// Says whether values of a builtin type have no members.
///
/// No class name holds a dash or begins with a digit, but many names of special text and number
/// types do (`non-empty-string`, `int-mask`).
fn is_scalar(lower: &str) -> bool {
    lower.contains('-')
        || lower.starts_with(|c: char| c.is_ascii_digit())
        || matches!(
            lower,
            "null"
                | "false"
                | "true"
                | "bool"
                | "boolean"
                | "int"
                | "integer"
                | "float"
                | "double"
                | "string"
                | "void"
                | "never"
                | "scalar"
                | "numeric"
                | "resource"
        )
}

fn join(members: Vec<Option<Type>>) -> Option<Type> {
    let mut known = Vec::new();
    let flat = members
        .into_iter()
        .flatten()
        .flat_map(|member| match member {
            Type::Union(members) => members,
            other => vec![other],
        });
    for member in flat.take(MAX_UNION) {
        if !known.contains(&member) {
            known.push(member);
        }
    }
    match known.len() {
        0 | 1 => known.pop(),
        _ => Some(Type::Union(known)),
    }
}
