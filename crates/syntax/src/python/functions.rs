//! Functions, methods and lambdas, their parameters and decorators.

use model::{
    facts::{ClassIndex, Expr, ExprKind, Function, FunctionIndex, FunctionKind, Param, Stmt},
    source::Span,
};
use tree_sitter::Node;

use crate::{
    frontend::span,
    nothing::allows_nothing,
    python::{
        bodies, children,
        context::{Context, Place, Receiver},
        expressions::expression,
        kind::{
            field,
            node::{
                CALL, DECORATOR, DEFAULT_PARAMETER, DICTIONARY_SPLAT_PATTERN, IDENTIFIER,
                LIST_SPLAT_PATTERN, TUPLE_PATTERN, TYPED_DEFAULT_PARAMETER, TYPED_PARAMETER,
            },
        },
        types,
    },
};

/// Lowers a `def`; of a class, if it stands in one.
pub(super) fn definition(
    context: &mut Context<'_>,
    node: Node<'_>,
    decorators: Vec<Expr>,
    class: Option<ClassIndex>,
) -> FunctionIndex {
    let name_node = node.child_by_field_name(field::NAME);
    let name = name_node.map_or("", |name| context.text(name));
    let index = reserve(context, name_node.map_or_else(|| span(node), span));
    let kind = if class.is_some() {
        method_kind(name, &decorators)
    } else {
        FunctionKind::Function
    };
    let parameters = node.child_by_field_name(field::PARAMETERS);
    let receiver = parameters
        .filter(|_| class.is_some() && !is_static(&decorators))
        .and_then(|parameters| receiver(context, name, &decorators, parameters));
    let kind = match receiver {
        Some(receiver) if receiver.is_class && kind == FunctionKind::Method => FunctionKind::Static,
        _ => kind,
    };
    let params = parameters.map(|node| params(context, node, receiver.is_some()));
    let returns = node.child_by_field_name(field::RETURN_TYPE);
    let returns = returns.map(|ty| types::annotation(context, ty));
    let place = inner_place(
        context,
        index,
        receiver,
        params.as_deref().unwrap_or_default(),
    );
    let body = context.at(place, |context| bodies::body_of(context, node));
    let name = context.name(name);
    let is_public = is_public(&name);
    if let Some(function) = function_mut(context, index) {
        function.name = name;
        function.kind = kind;
        function.class = class;
        function.params = params.unwrap_or_default();
        function.returns = returns;
        function.body = body;
        function.is_public = is_public;
        function.decorators = decorators;
        function.extent = span(node);
    }
    index
}

/// Lowers a lambda.
pub(super) fn lambda(context: &mut Context<'_>, node: Node<'_>) -> ExprKind {
    let index = reserve(context, span(node));
    let parameters = node.child_by_field_name(field::PARAMETERS);
    let params = parameters
        .map(|node| params(context, node, false))
        .unwrap_or_default();
    let place = inner_place(context, index, None, &params);
    let value = node.child_by_field_name(field::BODY);
    let value = context.at(place, |context| {
        value.map(|value| expression(context, value))
    });
    if let Some(function) = function_mut(context, index) {
        function.params = params;
        function.body = vec![Stmt::Return(value)];
    }
    ExprKind::Function(index)
}

/// Lowers the decorators of a definition.
pub(super) fn decorators(context: &mut Context<'_>, node: Node<'_>) -> Vec<Expr> {
    children(node)
        .into_iter()
        .filter(|child| child.kind() == DECORATOR)
        .flat_map(children)
        .map(|decorator| expression(context, decorator))
        .collect()
}

/// Returns the last word of what a decorator or base is called.
pub(super) fn last_word(expr: &Expr) -> &str {
    match &expr.kind {
        ExprKind::Name(name) => name,
        ExprKind::Member { property, .. } => property,
        ExprKind::Call { callee: inner, .. } | ExprKind::Index { object: inner, .. } => {
            last_word(inner)
        }
        _ => "",
    }
}

/// Takes the next index, so that a function comes before those inside it.
fn reserve(context: &mut Context<'_>, span: Span) -> FunctionIndex {
    let index = u32::try_from(context.facts.functions.len()).unwrap_or(u32::MAX);
    context.facts.functions.push(Function {
        name: "".into(),
        kind: FunctionKind::Closure,
        class: None,
        parent: Some(context.place.function),
        params: Vec::new(),
        returns: None,
        body: Vec::new(),
        is_public: true,
        is_protected: false,
        decorators: Vec::new(),
        span,
        extent: span,
    });
    FunctionIndex(index)
}

fn function_mut<'f>(
    context: &'f mut Context<'_>,
    index: FunctionIndex,
) -> Option<&'f mut Function> {
    context.facts.functions.get_mut(index.0 as usize)
}

fn inner_place<'a>(
    context: &Context<'a>,
    function: FunctionIndex,
    receiver: Option<Receiver<'a>>,
    params: &[Param],
) -> Place<'a> {
    let is_hidden = |name: &str| params.iter().any(|param| binds(&param.target, name));
    let outer = context
        .place
        .receiver
        .filter(|outer| !is_hidden(outer.name));
    Place {
        function,
        receiver: receiver.or(outer),
        type_only: context.place.type_only,
    }
}

fn binds(target: &Expr, name: &str) -> bool {
    match &target.kind {
        ExprKind::Name(bound) => **bound == *name,
        ExprKind::Array(entries) => entries.iter().any(|entry| binds(&entry.value, name)),
        _ => false,
    }
}

fn method_kind(name: &str, decorators: &[Expr]) -> FunctionKind {
    let words = || decorators.iter().map(last_word);
    if name == "__init__" {
        FunctionKind::Constructor
    } else if is_static(decorators) || words().any(is_class_method) {
        FunctionKind::Static
    } else if words().any(|word| matches!(word, "setter" | "deleter")) {
        FunctionKind::Setter
    } else if words().any(is_getter) {
        FunctionKind::Getter
    } else {
        FunctionKind::Method
    }
}

fn is_static(decorators: &[Expr]) -> bool {
    let mut words = decorators.iter().map(last_word);
    words.any(|word| matches!(word, "staticmethod" | "abstractstaticmethod"))
}

fn is_class_method(word: &str) -> bool {
    matches!(word, "classmethod" | "abstractclassmethod")
}

/// `property`, `cached_property`, `hybrid_property` and their like; Pyramid's `reify`.
fn is_getter(word: &str) -> bool {
    word.ends_with("property") || matches!(word, "getter" | "reify")
}

/// Private names begin with an underscore; `__call__` and its like are called by the language.
fn is_public(name: &str) -> bool {
    !name.starts_with('_') || (name.starts_with("__") && name.ends_with("__"))
}

fn receiver<'a>(
    context: &Context<'a>,
    method: &str,
    decorators: &[Expr],
    parameters: Node<'_>,
) -> Option<Receiver<'a>> {
    let first = children(parameters).into_iter().next()?;
    let name = match first.kind() {
        IDENTIFIER => first,
        TYPED_PARAMETER => children(first).into_iter().next()?,
        DEFAULT_PARAMETER | TYPED_DEFAULT_PARAMETER => first.child_by_field_name(field::NAME)?,
        _ => return None,
    };
    if name.kind() != IDENTIFIER {
        return None;
    }
    let name = context.text(name);
    let is_class = name == "cls"
        || matches!(
            method,
            "__new__" | "__init_subclass__" | "__class_getitem__"
        )
        || decorators.iter().map(last_word).any(is_class_method);
    Some(Receiver { name, is_class })
}

fn params(context: &mut Context<'_>, node: Node<'_>, has_receiver: bool) -> Vec<Param> {
    children(node)
        .into_iter()
        .skip(usize::from(has_receiver))
        .filter_map(|child| param(context, child))
        .collect()
}

fn param(context: &mut Context<'_>, node: Node<'_>) -> Option<Param> {
    let target = match node.kind() {
        IDENTIFIER | TUPLE_PATTERN | LIST_SPLAT_PATTERN | DICTIONARY_SPLAT_PATTERN => node,
        DEFAULT_PARAMETER | TYPED_DEFAULT_PARAMETER => node.child_by_field_name(field::NAME)?,
        TYPED_PARAMETER => children(node).into_iter().next()?,
        _ => return None,
    };
    let (rest, keywords) = match target.kind() {
        LIST_SPLAT_PATTERN => (true, false),
        DICTIONARY_SPLAT_PATTERN => (false, true),
        _ => (false, false),
    };
    let name = if rest || keywords {
        children(target).into_iter().next()?
    } else {
        target
    };
    let ty = node.child_by_field_name(field::TYPE);
    let default = node.child_by_field_name(field::VALUE);
    let default = default.or_else(|| ty.and_then(call_in));
    Some(Param {
        target: binding(context, name),
        default: default.map(|value| expression(context, value)),
        optional: ty.is_some_and(|ty| allows_nothing(context.text(ty))),
        ty: ty.map(|ty| types::annotation(context, ty)),
        rest,
        keywords,
        promoted: false,
    })
}

/// Lowers what a parameter binds; its name is new, whatever it means outside.
fn binding(context: &mut Context<'_>, node: Node<'_>) -> Expr {
    let place = Place {
        receiver: None,
        ..context.place
    };
    context.at(place, |context| expression(context, node))
}

/// Returns the call in an annotation: `Annotated[Client, Depends(client)]` gives the parameter its
/// value as the default `Depends(client)` would.
fn call_in(ty: Node<'_>) -> Option<Node<'_>> {
    let mut waiting = vec![ty];
    while let Some(node) = waiting.pop() {
        if node.kind() == CALL {
            return Some(node);
        }
        waiting.extend(children(node).into_iter().rev());
    }
    None
}
