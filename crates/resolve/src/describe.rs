//! Values and calls in words for people: short, without secrets, the same on every run.

use model::{
    Name,
    facts::{ClassRef, Expr, ExprKind, FunctionKind},
    language::Language,
    source::mask_secrets,
};

use crate::{
    evaluator::Arguments,
    program::{ClassId, FunctionId, Program, SdkIndex},
    request::class_name,
    value::{Atom, Map, Origin, Piece, Text, Value},
};

/// Longest description of one value, in characters.
const MAX_LENGTH: usize = 120;
/// Most alternatives and entries that are spelled out.
const MAX_PARTS: usize = 4;
/// How deep maps are spelled out.
const MAX_DEPTH: usize = 2;

/// Describes values as they are in one function.
#[derive(Clone, Copy)]
pub(crate) struct Describe<'a> {
    pub(crate) program: &'a Program<'a>,
    pub(crate) function: FunctionId,
}

impl Describe<'_> {
    /// Says what a value can be.
    pub(crate) fn value(self, value: &Value) -> String {
        shorten(&mask_secrets(&self.at_depth(value, 0)))
    }

    fn at_depth(self, value: &Value, depth: usize) -> String {
        if value.atoms.is_empty() {
            let word = if value.open { "unknown" } else { "nothing" };
            return word.to_owned();
        }
        let mut all: Vec<String> = value
            .atoms
            .iter()
            .map(|atom| self.atom(atom, depth))
            .collect();
        all.sort();
        all.dedup();
        let n_more = all.len().saturating_sub(MAX_PARTS);
        all.truncate(MAX_PARTS);
        if n_more > 0 {
            all.push(format!("{n_more} more"));
        }
        if value.open && !all.iter().any(|one| one.starts_with("unknown")) {
            all.push("something unknown".to_owned());
        }
        all.join(" or ")
    }

    /// Says what one of the things is that a value can be.
    pub(crate) fn atom(self, atom: &Atom, depth: usize) -> String {
        match atom {
            Atom::Null => "null".to_owned(),
            Atom::Bool(truth) => truth.to_string(),
            Atom::Int(number) => number.to_string(),
            Atom::Text(text) => text_template(text),
            Atom::Map(map) => self.map(map, depth),
            Atom::Param(_) if depth > 0 => "unknown".to_owned(),
            Atom::Param(origin) => self.parameter(*origin),
            Atom::Function(callable) => {
                format!("function {}", self.function_name(callable.function))
            }
            Atom::Class(class) => format!("class {}", self.class_name(*class)),
            Atom::Instance(instance) => {
                format!("instance of {}", self.class_name(instance.class))
            }
            Atom::Module(file) => format!("module {}", self.program.file(*file).source.path),
            Atom::Sdk(sdk) => self.sdk(*sdk).to_owned(),
            Atom::SdkPath(sdk, path, _) => format!("`{path}` of {}", self.sdk(*sdk)),
            Atom::Client(_) => "Stripe client".to_owned(),
            Atom::Service(_, path, _) => format!("service `{path}` of a Stripe client"),
            Atom::ServiceMethod(_, path, method, _) => {
                format!("`{}` of a Stripe client", join(path, method))
            }
            Atom::ClassMethod(sdk, class, method, _) => {
                format!("method `{}` of {}", join(class, method), self.sdk(*sdk))
            }
            Atom::Object(object) => {
                format!("Stripe object `{}`", join(&object.name, &object.path))
            }
            Atom::List(object) => format!("list of Stripe objects `{}`", object.name),
            Atom::Collection(object, name) => {
                format!("list `{name}` of a Stripe object `{}`", object.name)
            }
            Atom::CollectionMethod(object, name, method) => {
                format!(
                    "method `{}.{name}.{method}` of a Stripe object",
                    object.name
                )
            }
            Atom::Foreign => "an object of a class that is not in the scanned code".to_owned(),
            Atom::External(name) => format!("`{}`, not in the scanned code", class_name(name)),
            Atom::ExternalInstance(class, base) => {
                let class = class_name(class);
                let class = class.trim_end_matches('.');
                if base.is_never() {
                    return format!("instance of `{class}`, not in the scanned code");
                }
                let base = self.at_depth(base, depth + 1);
                format!("instance of `{class}` with the base URL {base}")
            }
            Atom::ExternalMethod(class, method, _) => {
                format!("method `{method}` of `{}`", class_name(class))
            }
        }
    }

    fn map(self, map: &Map, depth: usize) -> String {
        if depth >= MAX_DEPTH {
            return "[…]".to_owned();
        }
        let is_list = map.entries.keys().all(|key| key.parse::<u32>().is_ok());
        let mut all: Vec<String> = map
            .entries
            .iter()
            .take(MAX_PARTS)
            .map(|(key, value)| {
                let value = self.at_depth(value, depth + 1);
                if is_list {
                    value
                } else {
                    format!("{key}: {value}")
                }
            })
            .collect();
        if map.entries.len() > MAX_PARTS || !map.other.is_never() {
            all.push("…".to_owned());
        }
        format!("[{}]", all.join(", "))
    }

    fn parameter(self, origin: Origin) -> String {
        let params = &self.program.function(self.function).params;
        let names: Vec<String> = origin
            .params()
            .filter_map(|index| params.get(index))
            .filter_map(|param| match &param.target.kind {
                ExprKind::Name(name) => Some(format!("`{name}`")),
                _ => None,
            })
            .collect();
        if !names.is_empty() {
            return format!("unknown: parameter {}", names.join(" and "));
        }
        let what = if origin.has_this() {
            "set outside this class"
        } else if origin.is_outer() {
            "of the function around this one"
        } else {
            "a parameter"
        };
        format!("unknown: {what}")
    }

    fn sdk(self, sdk: SdkIndex) -> &'static str {
        self.program.sdk_id(sdk).id()
    }

    /// Returns the name of a class, or where it stands.
    pub(crate) fn class_name(self, class: ClassId) -> String {
        let facts = self.program.class(class);
        if facts.name.is_empty() {
            let place = self.program.file(class.file).source.location(facts.span);
            return format!("the class at {}:{}", place.path, place.line);
        }
        facts.name.to_string()
    }

    /// Returns the name of a function with that of its class; empty for the top level of a file.
    pub(crate) fn function_name(self, id: FunctionId) -> String {
        let function = self.program.function(id);
        if function.kind == FunctionKind::Module {
            return String::new();
        }
        if function.name.is_empty() {
            return "a closure".to_owned();
        }
        let separator = match self.program.language(id.file) {
            Language::Php => "::",
            _ => ".",
        };
        match (function.class, self.program.class_around(id)) {
            (Some(_), Some(class)) => {
                format!("{}{separator}{}", self.class_name(class), function.name)
            }
            _ => function.name.to_string(),
        }
    }

    /// Spells a call with its values.
    pub(crate) fn call(self, spelling: &str, arguments: &Arguments) -> String {
        let mut all: Vec<String> = arguments
            .positional
            .iter()
            .take(MAX_PARTS + 2)
            .map(|value| self.value(value))
            .collect();
        let named = arguments.named.iter().take(MAX_PARTS);
        all.extend(named.map(|(name, value)| format!("{name}: {}", self.value(value))));
        let n_shown = all.len();
        if arguments.open || arguments.positional.len() + arguments.named.len() > n_shown {
            all.push("…".to_owned());
        }
        let bare = spelling.strip_suffix("()").unwrap_or(spelling);
        format!("{bare}({})", all.join(", "))
    }
}

/// Spells an expression as the code does, without arguments.
pub(crate) fn spell(expr: &Expr, language: Language) -> String {
    shorten(&spelled(expr, language, 0))
}

fn spelled(expr: &Expr, language: Language, depth: usize) -> String {
    if depth > 12 {
        return "…".to_owned();
    }
    let is_php = language == Language::Php;
    let of = |inner: &Expr| spelled(inner, language, depth + 1);
    let arrow = if is_php { "->" } else { "." };
    let double = if is_php { "::" } else { "." };
    match &expr.kind {
        ExprKind::Name(name) => name.to_string(),
        ExprKind::Global(name) => name.rsplit('\\').next().unwrap_or_default().to_owned(),
        ExprKind::This => match language {
            Language::Php => "$this",
            Language::Python => "self",
            _ => "this",
        }
        .to_owned(),
        ExprKind::Class(class) => match class {
            ClassRef::Named(name) => name.to_string(),
            ClassRef::Own => "self".to_owned(),
            ClassRef::Static if is_php => "static".to_owned(),
            ClassRef::Static => "cls".to_owned(),
            ClassRef::Parent if is_php => "parent".to_owned(),
            ClassRef::Parent => "super".to_owned(),
        },
        ExprKind::Member { object, property } => format!("{}{arrow}{property}", of(object)),
        ExprKind::DynamicMember { object, property } if is_php => {
            format!("{}->{{{}}}", of(object), of(property))
        }
        ExprKind::DynamicMember { object, property } => {
            format!("{}[{}]", of(object), of(property))
        }
        ExprKind::StaticMember { class, property } => format!("{}{double}{property}", of(class)),
        ExprKind::DynamicStaticMember { class, property } => {
            format!("{}{double}{{{}}}", of(class), of(property))
        }
        ExprKind::Index { object, index } => {
            let index = index.as_deref().map(of).unwrap_or_default();
            format!("{}[{index}]", of(object))
        }
        ExprKind::Call { callee, .. } => format!("{}()", of(callee)),
        ExprKind::New { class, .. } => format!("new {}()", of(class)),
        ExprKind::Text(text) if text.chars().count() <= 40 => format!("{text:?}"),
        ExprKind::Int(number) => number.to_string(),
        ExprKind::Cast { value, .. } => of(value),
        ExprKind::Require(module) => format!("require({module:?})"),
        _ => "…".to_owned(),
    }
}

/// Spells a text with `{}` for what is not known.
fn text_template(text: &Text) -> String {
    let pieces = text.0.iter().map(|piece| match piece {
        Piece::Literal(text, _) => &**text,
        Piece::Hole(_) => "{}",
    });
    let all = mask_secrets(&pieces.collect::<String>());
    if all == "{}" {
        return "unknown text".to_owned();
    }
    format!("\"{all}\"")
}

fn join(path: &Name, name: &Name) -> String {
    crate::sdk::dotted(path, name)
        .trim_end_matches('.')
        .to_owned()
}

fn shorten(text: &str) -> String {
    let mut short: String = text.chars().take(MAX_LENGTH).collect();
    if short.len() < text.len() {
        short.push('…');
    }
    short
}
