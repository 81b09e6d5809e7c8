//! What may hold something else than the code that was run has put there.
//!
//! A branch is left out only where its condition is decided by literals, constants and arguments that
//! came there by plain assignments. Names and fields that other code may change keep the values that
//! are known of them, because those name endpoints, but they decide no condition.

use model::{
    Name,
    facts::{Argument, Class, ClassRef, Expr, ExprKind, FileFacts, Function, FunctionKind, Stmt},
    language::Language,
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    builtin::is_known_function,
    evaluator::{Evaluator, Frame},
    program::{ClassId, FileId, FunctionId, Program},
    reach::last,
    value::Atom,
    visit,
};

/// What the text of the unit says of who changes what.
#[derive(Debug, Default)]
pub(crate) struct Loose {
    /// Names that closures and other functions assign in the function or module around them, and
    /// names that are taken by reference.
    shared: HashMap<FileId, HashSet<Name>>,
    /// Names of modules of which functions change a part: `settings.key = x`.
    roots: HashSet<Name>,
    /// Properties that are assigned on something else than the receiver.
    attributes: HashSet<Name>,
    /// Classes of which some field is assigned by a name that is only known when the program runs.
    filled: HashSet<ClassId>,
    /// Whether such a field is assigned on an object of which the class is not known.
    fills_any: bool,
    /// PHP constants of which the code asks whether they are defined already, or that it defines at
    /// several places.
    asked_for: HashSet<Name>,
    /// PHP constants that the code defines.
    defined: HashSet<Name>,
    /// Functions of the unit by their last name in lower case, with the positions of the arguments
    /// that they change.
    functions: HashMap<String, HashSet<usize>>,
    fields: HashMap<(ClassId, Name), bool>,
}

impl Loose {
    pub(crate) fn new(program: &Program<'_>) -> Self {
        let mut loose = Self::default();
        for (file, facts) in program.files() {
            for (index, function) in (0_u32..).zip(&facts.functions) {
                let id = FunctionId { file, index };
                loose.read_function(program, id, facts, function);
            }
        }
        loose
    }

    /// Tells whether a name of a function of this file can be changed by another.
    pub(crate) fn is_shared(&self, file: FileId, name: &Name) -> bool {
        let names = self.shared.get(&file);
        names.is_some_and(|names| names.contains(name))
    }

    /// Tells whether functions change what a name at the top level of a file holds.
    pub(crate) fn is_of_loose_module(&self, file: FileId, name: &Name) -> bool {
        self.roots.contains(name) || self.attributes.contains(name) || self.is_shared(file, name)
    }

    /// Tells whether the code provides for a PHP constant to be defined by somebody else.
    pub(crate) fn is_asked_for(&self, constant: &str) -> bool {
        self.asked_for.contains(constant)
    }

    fn read_function(
        &mut self,
        program: &Program<'_>,
        id: FunctionId,
        facts: &FileFacts,
        function: &Function,
    ) {
        let mut shared = HashSet::default();
        read_shared(&function.body, facts.language(), &mut shared);
        let mut changed = taken_by_reference(function, &shared);
        let class = program.class_around(id);
        visit::bound_by_statements(&function.body, &mut |target, _, _| {
            self.read_target(target, class, function);
            changed.extend(param_below(target, function));
        });
        visit::expressions(&function.body, &mut |expr| match &expr.kind {
            ExprKind::Assign { target, .. } => {
                self.read_target(target, class, function);
                changed.extend(param_below(target, function));
            }
            ExprKind::Call { callee, arguments } => {
                self.read_call(callee, arguments, class);
            }
            ExprKind::Member { object, property }
                if &**property == "__dict__" && matches!(object.kind, ExprKind::This) =>
            {
                self.filled.extend(class);
            }
            _ => {}
        });
        if !function.name.is_empty() {
            let known = self.functions.entry(last_name(&function.name));
            known.or_default().extend(changed);
        }
        if last_name(&function.name) == "__set" {
            self.filled.extend(class);
        }
        if !shared.is_empty() {
            self.shared.entry(id.file).or_default().extend(shared);
        }
    }

    /// Notes what an assignment changes besides a name of its own function.
    fn read_target(&mut self, target: &Expr, class: Option<ClassId>, function: &Function) {
        match &target.kind {
            ExprKind::Array(entries) => {
                for entry in entries {
                    self.read_target(&entry.value, class, function);
                }
            }
            ExprKind::Member { object, property } => {
                let is_late = function.kind == FunctionKind::Closure;
                if !is_own(object) || is_late {
                    self.attributes.insert(property.clone());
                }
                self.read_root(object, function);
            }
            ExprKind::StaticMember { class, property } if !is_own(class) => {
                self.attributes.insert(property.clone());
            }
            ExprKind::DynamicMember { object, .. } => {
                match &object.kind {
                    ExprKind::This | ExprKind::Class(_) => self.filled.extend(class),
                    ExprKind::Member { property, .. } => {
                        self.attributes.insert(property.clone());
                    }
                    ExprKind::Name(name) if name.starts_with('$') => self.fills_any = true,
                    _ => {}
                }
                self.read_root(object, function);
            }
            ExprKind::Index { object, .. } => {
                if let ExprKind::This = object.kind {
                    self.filled.extend(class);
                }
                self.read_part(object);
                self.read_root(object, function);
            }
            _ => {}
        }
    }

    /// Notes that a part of the value of a property changes: `x.list[key] = y`.
    fn read_part(&mut self, target: &Expr) {
        match &target.kind {
            ExprKind::Member { object, property } if !is_own(object) => {
                self.attributes.insert(property.clone());
            }
            ExprKind::Index { object, .. } => self.read_part(object),
            _ => {}
        }
    }

    /// Notes the name that a target begins with, where a function changes a part of it.
    fn read_root(&mut self, target: &Expr, function: &Function) {
        if function.kind != FunctionKind::Module
            && let Some(name) = root(target)
        {
            self.roots.insert(name.clone());
        }
    }

    fn read_call(&mut self, callee: &Expr, arguments: &[Argument], class: Option<ClassId>) {
        let Some(first) = arguments.first().map(|argument| &argument.value) else {
            return;
        };
        let name = called(callee).map(last_name).unwrap_or_default();
        match (name.as_str(), &first.kind) {
            ("defined", ExprKind::Text(constant)) => {
                self.asked_for.insert(constant.clone());
            }
            ("define", ExprKind::Text(constant)) if !self.defined.insert(constant.clone()) => {
                self.asked_for.insert(constant.clone());
            }
            ("assign" | "setattr" | "vars", ExprKind::This) => self.filled.extend(class),
            ("assign" | "setattr" | "extend" | "merge", ExprKind::Member { property, .. }) => {
                self.attributes.insert(property.clone());
            }
            ("assign" | "setattr" | "extend" | "merge", ExprKind::Name(name)) => {
                self.roots.insert(name.clone());
            }
            _ => {}
        }
    }
}

impl Evaluator<'_> {
    /// Tells whether a field may hold something else than what the code of the unit puts there before
    /// it is read.
    pub(crate) fn is_loose_field(&mut self, class: ClassId, name: &Name) -> bool {
        let key = (class, name.clone());
        if let Some(known) = self.loose.fields.get(&key) {
            return *known;
        }
        let is_loose = self.trace_loose_field(class, name);
        self.loose.fields.insert(key, is_loose);
        is_loose
    }

    fn trace_loose_field(&mut self, class: ClassId, name: &Name) -> bool {
        if self.loose.attributes.contains(name) {
            return true;
        }
        let lineage = self.lineage(class);
        let below = self.subclasses.get(&class).cloned().unwrap_or_default();
        let mut around = lineage.iter().chain(&below);
        if around.any(|class| self.is_written_late(*class, name)) {
            return true;
        }
        if lineage
            .iter()
            .any(|owner| is_constant(self.program.class(*owner), name))
        {
            return false;
        }
        self.loose.fills_any
            || lineage
                .iter()
                .any(|class| self.is_filled_from_outside(*class))
    }

    /// Tells whether a method that is no constructor writes a field of its class.
    fn is_written_late(&self, class: ClassId, name: &Name) -> bool {
        let writers = self.program.writers(class, name).iter();
        let mut kinds = writers.map(|writer| self.program.function(*writer).kind);
        kinds.any(|kind| kind != FunctionKind::Constructor)
    }

    /// Tells whether code that was not read can fill the fields of a class: a base class, a decorator.
    fn is_filled_from_outside(&mut self, class: ClassId) -> bool {
        let facts = self.program.class(class);
        if self.loose.filled.contains(&class) || !facts.decorators.is_empty() {
            return true;
        }
        let bases = facts.bases.iter();
        let bases: Vec<_> = bases
            .map(|base| self.class_expr(class.file, base))
            .collect();
        bases.iter().any(|base| {
            let is_read = |atom: &Atom| matches!(atom, Atom::Class(_));
            !base.matters() || !base.atoms.iter().all(is_read)
        })
    }

    /// Notes that a call may change the variables that it is given.
    pub(crate) fn loosen_arguments(
        &self,
        frame: &mut Frame,
        callee: &Expr,
        arguments: &[Argument],
    ) {
        let is_php = self.language(frame) == Language::Php;
        let callee = called(callee);
        if is_php && callee.is_some_and(|name| last(name).eq_ignore_ascii_case("extract")) {
            frame.env.soften_all();
            return;
        }
        let arguments = arguments.iter().enumerate();
        let variables = arguments.filter_map(|(position, argument)| match &argument.value.kind {
            ExprKind::Name(variable) => Some((position, variable)),
            _ => None,
        });
        let can_change = |variable: &Name| is_php || holds_parts(frame, variable);
        let variables: Vec<(usize, &Name)> = variables
            .filter(|(_, variable)| can_change(variable))
            .collect();
        if variables.is_empty() {
            return;
        }
        let name = callee.map(last_name);
        let known = name
            .as_ref()
            .and_then(|name| self.loose.functions.get(name));
        let is_harmless = known.is_none()
            && name
                .as_deref()
                .is_some_and(|name| is_harmless(name) || self.passing.knows(name));
        if is_harmless {
            return;
        }
        for (position, variable) in variables {
            if known.is_none_or(|known| known.contains(&position)) {
                frame.env.soften(variable);
            }
        }
    }
}

/// Returns the positions of the parameters that a function takes by reference.
fn taken_by_reference(function: &Function, shared: &HashSet<Name>) -> HashSet<usize> {
    let params = function.params.iter().enumerate();
    let by_reference = params.filter(|(_, param)| match &param.target.kind {
        ExprKind::Name(name) => shared.contains(name),
        _ => false,
    });
    by_reference.map(|(position, _)| position).collect()
}

/// Makes the variable that a target begins with one that decides no condition.
pub(crate) fn loosen_root(frame: &mut Frame, target: &Expr) {
    if let Some(name) = root(target) {
        frame.env.soften(name);
    }
}

/// Collects the names that a body shares with others; names of PHP's global scope are apart.
fn read_shared(statements: &[Stmt], language: Language, to: &mut HashSet<Name>) {
    let is_php = language == Language::Php;
    visit::statements(statements, &mut |statement| match statement {
        // What PHP's `global` names is told apart from names of functions where it is read.
        Stmt::Outer(_) if is_php => {}
        Stmt::Outer(names) | Stmt::Shared(names) => to.extend(names.iter().cloned()),
        _ => {}
    });
}

/// Returns the position of the parameter of which an assignment changes a part.
fn param_below(target: &Expr, function: &Function) -> Option<usize> {
    let name = match &target.kind {
        ExprKind::Member { object, .. }
        | ExprKind::DynamicMember { object, .. }
        | ExprKind::Index { object, .. } => root(object)?,
        _ => return None,
    };
    // PHP hands arrays over as copies, and what methods do to objects is known by their class.
    if name.starts_with('$') {
        return None;
    }
    function
        .params
        .iter()
        .position(|param| match &param.target.kind {
            ExprKind::Name(param) => param == name,
            _ => false,
        })
}

/// Returns the name that a chain of members and elements begins with.
fn root(target: &Expr) -> Option<&Name> {
    match &target.kind {
        ExprKind::Name(name) => Some(name),
        ExprKind::Member { object, .. }
        | ExprKind::DynamicMember { object, .. }
        | ExprKind::Index { object, .. } => root(object),
        _ => None,
    }
}

/// Tells whether an object is the receiver, or the class that the code is written in.
fn is_own(object: &Expr) -> bool {
    matches!(
        object.kind,
        ExprKind::This | ExprKind::Class(ClassRef::Own | ClassRef::Static | ClassRef::Parent)
    )
}

/// Tells whether a class declares a name the way constants are written.
fn is_constant(class: &Class, name: &str) -> bool {
    let is_declared = |field: &model::facts::Field| *field.name == *name && field.is_static;
    !name.bytes().any(|byte| byte.is_ascii_lowercase()) && class.fields.iter().any(is_declared)
}

/// Tells whether a variable holds something of which others can change parts.
fn holds_parts(frame: &Frame, variable: &Name) -> bool {
    let value = frame.env.get(variable);
    value.is_some_and(|value| {
        let has_parts = |atom: &Atom| matches!(atom, Atom::Map(_) | Atom::Instance(_));
        value.atoms.iter().any(has_parts)
    })
}

/// Returns the name by which something is called.
fn called(callee: &Expr) -> Option<&Name> {
    match &callee.kind {
        ExprKind::Name(name) | ExprKind::Global(name) => Some(name),
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
            Some(property)
        }
        _ => None,
    }
}

fn last_name(name: &Name) -> String {
    let last = name.rsplit(['\\', '.']).next().unwrap_or_default();
    last.to_ascii_lowercase()
}

/// Tells whether a function of the languages' libraries changes nothing that it is given.
fn is_harmless(name: &str) -> bool {
    is_known_function(name) || HARMLESS.binary_search(&name).is_ok()
}

/// Functions that many programs give their variables to, and that change none of them; sorted.
const HARMLESS: &[&str] = &[
    "absint",
    "add_action",
    "add_filter",
    "add_query_arg",
    "array_key_exists",
    "array_keys",
    "array_search",
    "boolval",
    "class_exists",
    "count",
    "debug",
    "define",
    "defined",
    "dir",
    "dirname",
    "do_action",
    "entries",
    "error",
    "error_log",
    "explode",
    "file_exists",
    "floatval",
    "function_exists",
    "get_class",
    "get_option",
    "gettype",
    "has",
    "hasattr",
    "hasownproperty",
    "id",
    "info",
    "int",
    "intval",
    "is_array",
    "is_bool",
    "is_int",
    "is_numeric",
    "is_object",
    "is_string",
    "is_wp_error",
    "isarray",
    "isinstance",
    "issubclass",
    "json_decode",
    "keys",
    "len",
    "log",
    "mb_strlen",
    "method_exists",
    "print",
    "print_r",
    "property_exists",
    "repr",
    "round",
    "rtrim",
    "strlen",
    "strpos",
    "strrpos",
    "strstr",
    "substr",
    "type",
    "ucwords",
    "update_option",
    "values",
    "var_dump",
    "var_export",
    "version_compare",
    "warn",
    "warning",
];
