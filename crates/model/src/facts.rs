//! What one source file says, in words that fit every language.
//!
//! A front end in `syntax` writes these facts, the evaluator in `resolve` reads them; neither knows
//! the other. The facts keep what a program *does with values*: which names are bound to what, which
//! functions exist, what they return and call. They drop everything else. What a front end cannot
//! say becomes [`ExprKind::Unknown`], which still holds the expressions inside it, so that a call is
//! never lost.
//!
//! Conventions that every front end follows:
//!
//! * [`FileFacts::functions`]`[0]` is the module body: the statements at top level.
//! * Names are spelled as in the source. PHP variables keep their `$` (`$client`), so that they never
//!   meet a function or constant of the same name. PHP class, function and constant names are fully
//!   qualified without a leading backslash, imports and namespace already applied.
//! * The receiver of a method is [`ExprKind::This`] in every language: `$this`, `this`, and in Python
//!   the first parameter (which is then not in [`Function::params`]). In a Python class method, `cls`
//!   is [`ExprKind::Class`]`(`[`ClassRef::Static`]`)`.
//! * Parentheses, `await`, `!`, `?.` and other marks that keep the value are dropped.
//! * `switch`/`match` with literal cases stay [`Stmt::Switch`]; `try` blocks become [`Stmt::Try`].

use crate::{Name, language::Language, source::SourceFile, source::Span};

/// Index into [`FileFacts::functions`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FunctionIndex(pub u32);

/// Index into [`FileFacts::classes`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ClassIndex(pub u32);

/// All that one file says.
#[derive(Clone, Debug)]
pub struct FileFacts {
    /// The file, for places and excerpts.
    pub source: SourceFile,
    /// PHP namespace of the first declaration, without leading backslash; empty elsewhere.
    pub namespace: Name,
    /// Names bound to other modules, wherever in the file the import stands.
    pub imports: Vec<Import>,
    /// Names that other modules can import (JavaScript, TypeScript); Python exports every top-level name.
    pub exports: Vec<Export>,
    /// Classes, interfaces, traits and enums.
    pub classes: Vec<Class>,
    /// Functions, methods, closures; the first is the module body.
    pub functions: Vec<Function>,
    /// Named types: TypeScript `type` and `interface`, Python `TypedDict` and aliases.
    pub types: Vec<NamedType>,
    /// Places that could not be parsed.
    pub errors: Vec<Span>,
    /// Whether parsing took too much work, so that nothing is said of the file.
    pub is_given_up: bool,
    /// Comments that hold `rakscan:`, with their text after that word.
    pub directives: Vec<Directive>,
}

/// A comment addressed to rakscan.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directive {
    /// Where the comment is.
    pub span: Span,
    /// The text after `rakscan:`, trimmed.
    pub text: Name,
}

/// A name bound to another module or to a part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// The name in this file; empty for `from x import *`.
    pub local: Name,
    /// The module as written: `./lib/stripe`, `stripe`, `..services.stripe`.
    pub module: Name,
    /// Which part of it.
    pub item: ImportItem,
    /// Whether only types come through it (`import type`, `if TYPE_CHECKING`).
    pub type_only: bool,
    /// The function that the import stands in; the module body at top level.
    pub function: FunctionIndex,
    /// Where it is.
    pub span: Span,
}

/// Which part of a module an import binds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ImportItem {
    /// The module as a whole: `import * as x`, `import x` in Python.
    Module,
    /// Its default export.
    Default,
    /// One named part.
    Named(Name),
    /// Everything, each under its own name: `from x import *`.
    All,
}

/// A name that other modules can import.
#[derive(Clone, Debug, PartialEq)]
pub struct Export {
    /// The name; `default` for the default, `*` for everything of another module, `=` for the whole
    /// module (`module.exports = …`, `export = …`).
    pub name: Name,
    /// What stands behind it.
    pub value: ExportValue,
}

/// What stands behind an export.
#[derive(Clone, Debug, PartialEq)]
pub enum ExportValue {
    /// A name of this file.
    Local(Name),
    /// A value, evaluated in the module body.
    Value(Expr),
    /// A part of another module, `*` for all of it as one object or each name.
    From {
        /// The module as written.
        module: Name,
        /// The name there.
        item: Name,
    },
}

/// A type under a name.
#[derive(Clone, Debug, PartialEq)]
pub struct NamedType {
    /// The name.
    pub name: Name,
    /// What it stands for; an interface is a [`Type::Object`].
    pub ty: Type,
}

/// What kind of class a [`Class`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ClassKind {
    /// A class.
    Class,
    /// An interface or protocol.
    Interface,
    /// A PHP trait.
    Trait,
    /// An enum; its cases are constant fields.
    Enum,
}

/// A class, interface, trait or enum.
#[derive(Clone, Debug, PartialEq)]
pub struct Class {
    /// Its name; PHP: fully qualified. Empty for an anonymous class.
    pub name: Name,
    /// What kind it is.
    pub kind: ClassKind,
    /// Whether only classes that derive from it have instances.
    pub is_abstract: bool,
    /// Base classes, most important first.
    pub bases: Vec<Expr>,
    /// PHP: traits and interfaces, fully qualified.
    pub mixins: Vec<Name>,
    /// Properties, constants and enum cases declared outside methods; also what a doc comment
    /// declares with `@property`.
    pub fields: Vec<Field>,
    /// Its methods.
    pub methods: Vec<FunctionIndex>,
    /// Decorators.
    pub decorators: Vec<Expr>,
    /// The function that it is declared in; the module body at top level.
    pub function: FunctionIndex,
    /// Where its name is.
    pub span: Span,
}

/// A property, constant or enum case.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Its name, without `$`.
    pub name: Name,
    /// Its initial value.
    pub value: Option<Expr>,
    /// Its declared or documented type.
    pub ty: Option<Type>,
    /// Whether it belongs to the class and not to each instance; constants do.
    pub is_static: bool,
    /// Whether only a comment on the class names it.
    pub is_documented: bool,
    /// Where it is.
    pub span: Span,
}

/// What kind of function a [`Function`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FunctionKind {
    /// The statements of a module at top level.
    Module,
    /// A named function.
    Function,
    /// A closure, arrow function or lambda.
    Closure,
    /// A method of an instance.
    Method,
    /// A constructor.
    Constructor,
    /// A method of the class (`static`, `@staticmethod`, `@classmethod`).
    Static,
    /// A property read (`get x()`, `@property`, `@cached_property`).
    Getter,
    /// A property write.
    Setter,
}

/// A function, method, closure or module body.
#[derive(Clone, Debug, PartialEq)]
pub struct Function {
    /// Its name; PHP functions are fully qualified. Empty for closures and the module body.
    pub name: Name,
    /// What kind it is.
    pub kind: FunctionKind,
    /// The class that it is a method of.
    pub class: Option<ClassIndex>,
    /// The function that it is written in; `None` for the module body.
    pub parent: Option<FunctionIndex>,
    /// Its parameters, without the receiver.
    pub params: Vec<Param>,
    /// Declared or documented type of what it returns; `Promise`, `Awaitable` and the like dropped.
    pub returns: Option<Type>,
    /// Its statements.
    pub body: Vec<Stmt>,
    /// Whether other code may call it: not `private`, not `#x`.
    pub is_public: bool,
    /// Whether only its class and classes that derive from it can call it, as the language says.
    pub is_protected: bool,
    /// Decorators.
    pub decorators: Vec<Expr>,
    /// Where its name is, or where it begins.
    pub span: Span,
    /// All of it, from its first word to the end of its body; empty for the module body.
    pub extent: Span,
}

/// A parameter.
#[expect(
    clippy::struct_excessive_bools,
    reason = "each is a mark that the source puts on the parameter by itself"
)]
#[derive(Clone, Debug, PartialEq)]
pub struct Param {
    /// What the argument is bound to: a name, or a destructuring pattern ([`ExprKind::Array`]).
    pub target: Expr,
    /// Its default.
    pub default: Option<Expr>,
    /// Its declared or documented type.
    pub ty: Option<Type>,
    /// Its declared type says that it may be nothing (`?string`, `str | None`, `x?: string`).
    pub optional: bool,
    /// Takes all further arguments (`...$x`, `*args`).
    pub rest: bool,
    /// Takes all further named arguments (`**kwargs`).
    pub keywords: bool,
    /// The constructor stores it in the property of the same name.
    pub promoted: bool,
}

/// A declared or documented type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Type {
    /// A class, interface or alias; PHP: fully qualified; others as written, dotted.
    Named {
        /// The name.
        name: Name,
        /// Type arguments.
        arguments: Vec<Type>,
    },
    /// One fixed text: the TypeScript type `'customers'`, `Literal["x"]`.
    Literal(Name),
    /// One of several.
    Union(Vec<Type>),
    /// A list of one type.
    List(Box<Type>),
    /// An object with known members.
    Object(Vec<(Name, Type)>),
    /// The type of a value: `typeof x`.
    Of(Name),
    /// The class itself and not an instance: `type[X]`, `class-string<X>`.
    ClassOf(Box<Type>),
    /// Anything else.
    Unknown,
}

/// A statement, or what is left of one.
#[derive(Clone, Debug, PartialEq)]
pub enum Stmt {
    /// An expression for its effect.
    Expr(Expr),
    /// `target = value`, also a declaration with or without a value.
    Assign {
        /// Name, member, index, static member, or a pattern ([`ExprKind::Array`]).
        target: Expr,
        /// The value.
        value: Option<Expr>,
        /// Declared or documented type.
        ty: Option<Type>,
        /// Whether the value joins the old one (`+=`, `??=`, `.=`); [`Stmt::Assign::value`] is then
        /// already the combined expression.
        augmented: bool,
    },
    /// `return`, also the value of an arrow function; `yield` is [`ExprKind::Yield`].
    Return(Option<Expr>),
    /// Two ways.
    If {
        /// What decides.
        test: Expr,
        /// The way taken when it holds.
        then: Vec<Stmt>,
        /// The other way.
        otherwise: Vec<Stmt>,
    },
    /// Several ways, by comparing one value.
    Switch {
        /// What is compared.
        subject: Expr,
        /// The ways; no test means `default`.
        cases: Vec<Case>,
    },
    /// Any loop.
    Loop {
        /// What each turn binds, for loops over a collection.
        each: Option<Each>,
        /// The statements of a turn.
        body: Vec<Stmt>,
    },
    /// `try`.
    Try {
        /// What is tried.
        body: Vec<Stmt>,
        /// The handlers.
        handlers: Vec<Vec<Stmt>>,
        /// What is done in any case, and Python's `else`.
        finally: Vec<Stmt>,
    },
    /// The flow ends here: `throw`, `raise`, `exit`, `break`, `continue`; what is thrown.
    Exit(Option<Expr>),
    /// These names are of the module, or of the enclosing function (`global`, `nonlocal`).
    Outer(Vec<Name>),
    /// Other code may change these names behind the function's back, or an earlier call has: PHP's
    /// `static $x`, `use (&$x)`, `$a = &$b`, a parameter taken by reference.
    Shared(Vec<Name>),
    /// A function declared inside a function; binds its name.
    Function(FunctionIndex),
    /// A class declared here; binds its name.
    Class(ClassIndex),
}

/// One way of a [`Stmt::Switch`].
#[derive(Clone, Debug, PartialEq)]
pub struct Case {
    /// The values that lead here; empty for `default`.
    pub tests: Vec<Expr>,
    /// The statements.
    pub body: Vec<Stmt>,
    /// Whether the flow goes on into the next case.
    pub falls_through: bool,
}

/// What each turn of a loop binds.
#[derive(Clone, Debug, PartialEq)]
pub struct Each {
    /// The key or index.
    pub key: Option<Expr>,
    /// The value; a name or a pattern.
    pub target: Expr,
    /// What is gone through.
    pub iterable: Expr,
    /// Whether the loop binds keys, not values (`for (k in o)`).
    pub keys_only: bool,
}

/// An expression and where it stands.
#[derive(Clone, Debug, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: ExprKind,
    /// Where it is. Of a call: where the called name is (`create` in `$c->customers->create()`).
    pub span: Span,
}

/// A class named in the source.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ClassRef {
    /// By its name; PHP only, fully qualified.
    Named(Name),
    /// The class that the code is written in: `self`, `__class__`.
    Own,
    /// The class that the method was called on: `static`, `cls`.
    Static,
    /// The base class: `parent`, `super`.
    Parent,
}

/// What an expression is.
#[derive(Clone, Debug, PartialEq)]
pub enum ExprKind {
    /// A variable or any other name bound in the language's scopes.
    Name(Name),
    /// PHP: a function or constant, fully qualified; falls back to its last part.
    Global(Name),
    /// The receiver of the method.
    This,
    /// A class by name.
    Class(ClassRef),
    /// `object.property`, `$object->property`.
    Member {
        /// The object.
        object: Box<Expr>,
        /// The property.
        property: Name,
    },
    /// `$object->{$property}`, `object[property]` where it is not clearly an index, `getattr(o, p)`.
    DynamicMember {
        /// The object.
        object: Box<Expr>,
        /// The name of the property.
        property: Box<Expr>,
    },
    /// `Class::$property`, `Class::CONSTANT`, `$class::method` (PHP); property without `$`.
    StaticMember {
        /// The class.
        class: Box<Expr>,
        /// The property, constant or method.
        property: Name,
    },
    /// `Class::{$method}`, `Class::$method()` (PHP).
    DynamicStaticMember {
        /// The class.
        class: Box<Expr>,
        /// The name of the property or method.
        property: Box<Expr>,
    },
    /// `object[index]`; no index in PHP's `$list[]`.
    Index {
        /// The object.
        object: Box<Expr>,
        /// The index.
        index: Option<Box<Expr>>,
    },
    /// A call; tagged templates too.
    Call {
        /// What is called.
        callee: Box<Expr>,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// `new Class(…)`; in Python a call of a class is a [`ExprKind::Call`].
    New {
        /// The class.
        class: Box<Expr>,
        /// With what.
        arguments: Vec<Argument>,
    },
    /// A closure, or a function as a value.
    Function(FunctionIndex),
    /// A class as a value.
    ClassLiteral(ClassIndex),
    /// A list, map, object or tuple, in order; also a destructuring pattern.
    Array(Vec<Entry>),
    /// Text without holes.
    Text(Name),
    /// A whole number.
    Int(i64),
    /// `true`, `false`.
    Bool(bool),
    /// `null`, `None`, `undefined`.
    Null,
    /// Parts put together: `.`, `+`, interpolation, f-strings.
    Concat(Vec<Expr>),
    /// `test ? then : otherwise`; `match` expressions nest these.
    Choice {
        /// What decides.
        test: Box<Expr>,
        /// The value when it holds.
        then: Box<Expr>,
        /// The other value.
        otherwise: Box<Expr>,
    },
    /// Two operands.
    Binary {
        /// The operator.
        operator: Operator,
        /// Left.
        left: Box<Expr>,
        /// Right.
        right: Box<Expr>,
    },
    /// `!x`, `not x`.
    Not(Box<Expr>),
    /// An assignment used as a value.
    Assign {
        /// What is bound.
        target: Box<Expr>,
        /// The value.
        value: Box<Expr>,
    },
    /// A value with a type that the author vouches for: `x as T`, `/** @var T */`, `cast(T, x)`.
    Cast {
        /// The value.
        value: Box<Expr>,
        /// The type.
        ty: Type,
    },
    /// `require('x')`, `import('x')`, `importlib.import_module('x')` with a fixed name.
    Require(Name),
    /// `yield x`.
    Yield(Option<Box<Expr>>),
    /// `[f(x) for x in xs]`, generator expressions.
    Comprehension {
        /// What each turn gives.
        value: Box<Expr>,
        /// The turns, outermost first.
        each: Vec<Each>,
    },
    /// Anything else; the expressions inside are still evaluated for their calls.
    Unknown(Vec<Expr>),
}

/// An argument of a call.
#[derive(Clone, Debug, PartialEq)]
pub struct Argument {
    /// The value.
    pub value: Expr,
    /// Its name, where it is given by name.
    pub name: Option<Name>,
    /// Whether it is taken apart: `...$x`, `*x`, `**x`.
    pub spread: bool,
}

/// A part of an [`ExprKind::Array`].
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Its key; none in a list. In a pattern the key that is read.
    pub key: Option<Expr>,
    /// Its value; in a pattern what is bound.
    pub value: Expr,
    /// Default of a pattern entry.
    pub default: Option<Expr>,
    /// What kind of entry it is.
    pub kind: EntryKind,
}

/// What kind of entry an [`Entry`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum EntryKind {
    /// A value.
    Value,
    /// The entries of another collection: `...x`, `**x`.
    Spread,
    /// A getter: reading the key calls the function.
    Getter,
}

/// A binary operator, as far as the evaluator cares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Operator {
    /// `==`, `===`, `is`.
    Equal,
    /// `!=`, `!==`, `is not`.
    NotEqual,
    /// `and`, `&&`.
    And,
    /// `or`, `||`, `?:`.
    Or,
    /// `??`.
    Coalesce,
    /// `instanceof`.
    InstanceOf,
    /// `in`, left in right.
    In,
    /// `%` on text (Python).
    Modulo,
    /// `|` on types or maps.
    BitOr,
    /// Any other.
    Other,
}

impl FileFacts {
    /// Returns facts that say nothing but where the file is.
    #[must_use]
    pub fn empty(source: SourceFile) -> Self {
        let body = Function {
            name: "".into(),
            kind: FunctionKind::Module,
            class: None,
            parent: None,
            params: Vec::new(),
            returns: None,
            body: Vec::new(),
            is_public: true,
            is_protected: false,
            decorators: Vec::new(),
            span: Span::default(),
            extent: Span::default(),
        };
        Self {
            source,
            namespace: "".into(),
            imports: Vec::new(),
            exports: Vec::new(),
            classes: Vec::new(),
            functions: vec![body],
            types: Vec::new(),
            errors: Vec::new(),
            is_given_up: false,
            directives: Vec::new(),
        }
    }

    /// Returns the language of the file.
    #[must_use]
    pub fn language(&self) -> Language {
        self.source.language
    }
}

impl Expr {
    /// Makes an expression.
    #[must_use]
    pub fn new(kind: ExprKind, span: Span) -> Self {
        Self { kind, span }
    }

    /// Makes an unknown expression around others.
    #[must_use]
    pub fn unknown(inside: Vec<Self>, span: Span) -> Self {
        Self::new(ExprKind::Unknown(inside), span)
    }
}

impl Type {
    /// Makes a named type without arguments.
    #[must_use]
    pub fn named(name: impl Into<Name>) -> Self {
        Self::Named {
            name: name.into(),
            arguments: Vec::new(),
        }
    }
}

impl Argument {
    /// Makes a plain positional argument.
    #[must_use]
    pub fn positional(value: Expr) -> Self {
        Self {
            value,
            name: None,
            spread: false,
        }
    }
}
