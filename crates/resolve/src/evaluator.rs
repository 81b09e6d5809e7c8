//! The abstract interpreter's state, and how a function is run.

use std::{
    collections::{BTreeMap, BTreeSet},
    rc::Rc,
};

use model::{
    Name,
    facts::{ClassRef, Expr, ExprKind, FunctionKind, Param, Type},
    language::Language,
    source::Span,
};

pub(crate) use crate::env::Env;
use crate::{
    accounts::is_said,
    budget::{Budget, MAX_FAR_CONTEXTS},
    declared::Declared,
    external::Externals,
    extras::{Column, Extras, holds_cost},
    fields::Fields,
    found::{CallKey, Found, Pending, Wanted},
    given_fields::given_fields,
    hashing::{HashMap, HashSet},
    held::Held,
    loose::Loose,
    modules::ModuleRef,
    passing::PassingIndex,
    program::{ClassId, FileId, FunctionId, Program},
    reach::Reach,
    recorder::Recorder,
    request::HttpIndex,
    runs::{Notes, Runs},
    scopes::Scopes,
    table::{Key, Table},
    telling::Judged,
    usage::{Node, Usage, Use},
    value::{Atom, Callable, Instance, Map, Origin, Rebased, Value},
};

/// How deep calls nest before a result is just unknown.
pub(crate) const MAX_CALLS: usize = 40;
/// How often a function calls itself before its arguments no longer count.
const MAX_RECURSION: u32 = 3;

/// What running a function gives.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Summary {
    pub(crate) returns: Value,
    /// Requests that the caller must report, because it named them.
    pub(crate) pending: Vec<Pending>,
    /// Fields that a constructor set.
    pub(crate) fields: Fields,
    /// Which parameters decide a name, URL or verb that it uses.
    pub(crate) depends: Origin,
    /// What it leaves to its callers to say of the requests that it reports.
    pub(crate) handed: Handed,
}

/// What the parameters of a function decide of the requests in it, beside which requests they are.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Handed {
    /// What can hold parameters or options of a request.
    pub(crate) maps: Origin,
    /// What is a property to expand, or an account.
    pub(crate) direct: Origin,
    /// Requests reported already, and what could say more of each.
    pub(crate) reported: BTreeMap<(CallKey, Column), Origin>,
}

/// A function with everything that its result depends on.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct Context {
    pub(crate) function: FunctionId,
    pub(crate) this: Option<Atom>,
    pub(crate) captured: Env,
    pub(crate) arguments: Vec<Value>,
    pub(crate) constructing: bool,
}

/// A function while it runs.
pub(crate) struct Frame {
    pub(crate) function: FunctionId,
    /// The same for the notes on who uses what.
    pub(crate) node: Node,
    pub(crate) file: FileId,
    pub(crate) this: Option<Atom>,
    pub(crate) env: Env,
    pub(crate) outer: BTreeSet<Name>,
    pub(crate) returns: Value,
    pub(crate) pending: Vec<Pending>,
    /// Fields set so far, while this is a constructor at work.
    pub(crate) constructing: Option<Fields>,
    /// Environments at the `break`s of the loops and switches around.
    pub(crate) breaks: Vec<Vec<Env>>,
    /// Whether the flow has ended.
    pub(crate) ended: bool,
    /// Which parameters decide a name, URL or verb that it uses.
    pub(crate) depends: Origin,
    /// What it leaves to its callers to say of the requests that it reports.
    pub(crate) handed: Handed,
}

impl Frame {
    /// Notes that what the function does depends on `value`.
    pub(crate) fn note_use(&mut self, value: &Value) {
        self.depends = self.depends.join(value.depends_on().without_place());
    }

    /// Notes that it depends on what decides the requests of a function that it calls, by `origin` there.
    pub(crate) fn note_uses(
        &mut self,
        origin: Origin,
        callable: &Callable,
        given: &[Option<Value>],
    ) {
        for index in origin.params() {
            if let Some(Some(value)) = given.get(index) {
                self.note_use(value);
            }
        }
        if origin.is_outer() {
            let captured = callable.captured.values();
            captured.for_each(|value| self.note_use(value));
        }
        if let (true, Some(this)) = (origin.has_this(), &callable.this) {
            self.note_use(&Value::of(this.clone()));
        }
    }

    /// Notes that `name` chooses a member of `receiver`.
    pub(crate) fn note_choice(&mut self, receiver: &Value, name: &Value) {
        let has_members = receiver.atoms.iter().any(|atom| {
            atom.is_of_stripe()
                || matches!(atom, Atom::Instance(_) | Atom::Class(_) | Atom::Module(_))
        });
        if has_members {
            self.note_use(name);
        }
    }
}

/// Arguments of a call, evaluated.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Arguments {
    pub(crate) positional: Vec<Value>,
    pub(crate) named: Fields,
    /// Whether there can be more that are not known (`...$x`).
    pub(crate) open: bool,
    /// What was spread into the arguments without being known.
    pub(crate) rest: Value,
}

impl Arguments {
    pub(crate) fn of(values: impl IntoIterator<Item = Value>) -> Self {
        Self {
            positional: values.into_iter().collect(),
            ..Self::default()
        }
    }

    /// Returns the argument at `index`, or by `name`.
    pub(crate) fn get(&self, index: usize, name: Option<&str>) -> Option<&Value> {
        self.positional.get(index).or_else(|| self.named.get(name?))
    }

    pub(crate) fn all(&self) -> impl Iterator<Item = &Value> {
        self.positional.iter().chain(self.named.values())
    }
}

/// The interpreter.
pub(crate) struct Evaluator<'a> {
    pub(crate) program: &'a Program<'a>,
    pub(crate) reach: &'a Reach,
    pub(crate) loose: Loose,
    /// What closures see of the functions around them.
    pub(crate) scopes: Scopes<'a>,
    pub(crate) runs: Runs,
    /// What is noted of the function that runs.
    pub(crate) notes: Notes,
    /// What all runs found, when everything has been run.
    pub(crate) found: Found,
    /// Who uses whom, when everything has been run.
    pub(crate) usage: Usage,
    pub(crate) rebased: Rebased,
    pub(crate) judged: Judged,
    pub(crate) declared: Declared,
    /// Files whose top level has been run in this round, or runs.
    pub(crate) modules: HashSet<FileId>,
    module_env: HashMap<FileId, Env>,
    /// What the names of modules mean, by the file that says them.
    pub(crate) module_refs: HashMap<FileId, HashMap<Name, ModuleRef>>,
    pub(crate) exports_running: HashSet<(FileId, Name)>,
    /// What grows while code is run.
    pub(crate) table: Table,
    pub(crate) fields_ready: HashSet<(ClassId, Name)>,
    pub(crate) bases: HashMap<ClassId, Rc<Vec<ClassId>>>,
    pub(crate) lineages: HashMap<ClassId, Rc<Vec<ClassId>>>,
    /// Methods by class and name, those of bases too.
    pub(crate) methods_found: HashMap<ClassId, HashMap<Box<str>, Option<FunctionId>>>,
    pub(crate) subclasses: Rc<HashMap<ClassId, Vec<ClassId>>>,
    pub(crate) http: HttpIndex<'a>,
    pub(crate) passing: PassingIndex<'a>,
    pub(crate) externals: Externals<'a>,
    /// Which classes have, or inherit, properties that only comments name.
    pub(crate) documented: HashMap<ClassId, bool>,
    pub(crate) foreign_bases: HashMap<ClassId, Value>,
    /// Which classes code outside the unit knows by a base or interface of its own.
    pub(crate) known_outside: HashMap<ClassId, bool>,
    /// Notes what happens, where a trace is asked for.
    pub(crate) recorder: Option<Box<Recorder>>,
    /// Whether something has grown after it was read.
    pub(crate) changed: bool,
    pub(crate) depth: usize,
    pub(crate) budget: Budget,
}

impl<'a> Evaluator<'a> {
    pub(crate) fn new(program: &'a Program<'a>, reach: &'a Reach, loose: Loose) -> Self {
        Self {
            program,
            reach,
            loose,
            scopes: Scopes::new(program),
            runs: Runs::default(),
            notes: Notes::default(),
            found: Found::default(),
            usage: Usage::default(),
            rebased: Rebased::default(),
            judged: Judged::default(),
            declared: Declared::default(),
            modules: HashSet::default(),
            module_env: HashMap::default(),
            module_refs: HashMap::default(),
            exports_running: HashSet::default(),
            table: Table::default(),
            fields_ready: HashSet::default(),
            bases: HashMap::default(),
            lineages: HashMap::default(),
            methods_found: HashMap::default(),
            subclasses: Rc::default(),
            http: HttpIndex::new(program.catalog),
            passing: PassingIndex::new(program.catalog),
            externals: Externals::default(),
            documented: HashMap::default(),
            foreign_bases: HashMap::default(),
            known_outside: HashMap::default(),
            recorder: None,
            changed: false,
            depth: 0,
            budget: Budget::new(program),
        }
    }

    /// Forgets what was derived from the tables, but not the tables.
    pub(crate) fn start_round(&mut self) {
        self.runs.start_round();
        self.table.start_round();
        self.budget.start_round();
        self.declared.start_round();
        self.modules.clear();
        self.fields_ready.clear();
        self.notes = Notes::default();
        if let Some(recorder) = &mut self.recorder {
            recorder.start_round();
            self.runs.forget();
        }
        self.changed = false;
    }

    pub(crate) fn is_exhausted(&self) -> bool {
        self.budget.is_exhausted()
    }

    /// Notes that a function was not run although what it does may matter.
    ///
    /// `hands_over` says that it was to get something of Stripe.
    pub(crate) fn cut_short(&mut self, function: FunctionId, hands_over: bool) {
        let outermost = self.program.outermost(function);
        self.notes.note_use(Use::CutShort(outermost));
        if self.reach.contains(function) {
            let source = &self.program.file(function.file).source;
            let place = source.location(self.program.function(function).span);
            let is_exhausted = self.is_exhausted();
            let found = self.notes.found();
            found.is_exhausted |= is_exhausted;
            found.cut_short(function, place, hands_over);
        }
    }

    /// Notes that what has grown late is not followed, because the unit is too much work.
    pub(crate) fn leave_unsettled(&mut self) {
        let all = self.program.files();
        let mut leading = all.filter(|(file, _)| {
            self.reach.contains(FunctionId {
                file: *file,
                index: 0,
            })
        });
        if let Some((_, facts)) = leading.next().or_else(|| self.program.files().next()) {
            self.notes.found().unsettled = Some(facts.source.location(Span::default()));
        }
    }

    /// Runs the top level of a file.
    pub(crate) fn run_top_level(&mut self, file: FileId) {
        let function = FunctionId { file, index: 0 };
        let mut frame = self.frame(function, None, Env::new());
        self.notes.note_use(Use::Run(frame.node));
        self.depth += 1;
        self.bind_decorated(&mut frame);
        self.block(&mut frame, &self.program.function(function).body);
        self.depth -= 1;
        let pending = std::mem::take(&mut frame.pending);
        self.notes.leave_open(function, pending);
        let known = self.module_env.entry(file).or_default();
        let mut grown = Vec::new();
        for (name, value) in frame.env.iter() {
            let joined = known.get(name).map_or(value.clone(), |old| old.join(value));
            if known.get(name) != Some(&joined) {
                known.insert(name.clone(), joined.clone());
                grown.push((name.clone(), joined));
            }
        }
        if grown.is_empty() {
            return;
        }
        self.changed |= self.table.put(&Key::AllBound(file), Value::never());
        for (name, value) in grown {
            self.changed |= self.table.put(&Key::Bound(file, name), value);
        }
    }

    /// Returns what the top level of a file, as far as it has been run, binds a name to.
    pub(crate) fn bound_by_module(&mut self, file: FileId, name: &Name) -> Option<&Value> {
        let key = Key::Bound(file, name.clone());
        self.table.read(&key, &mut self.notes.trail)
    }

    /// Returns all that the top level of a file, as far as it has been run, binds.
    pub(crate) fn all_bound_by_module(&mut self, file: FileId) -> Env {
        let key = Key::AllBound(file);
        self.table.read(&key, &mut self.notes.trail);
        self.module_env.get(&file).cloned().unwrap_or_default()
    }

    /// Runs a function with parameters that nobody has given a value.
    pub(crate) fn run_open(&mut self, function: FunctionId, this: Option<ClassId>) {
        let facts = self.program.function(function);
        let receiver = this;
        let this = match facts.kind {
            FunctionKind::Static => this.map(Atom::Class),
            _ => this.map(instance),
        };
        let arguments = self.open_arguments(function);
        let constructing = facts.kind == FunctionKind::Constructor;
        let summary = self.summary(Context {
            function,
            this,
            captured: Env::new(),
            arguments,
            constructing,
        });
        // What a test for a member would read, it does not ask for.
        if !facts.name.ends_with("__isset") {
            let pending = summary.pending.clone();
            self.notes.leave_open(function, pending);
        }
        if let Some(class) = receiver {
            for (name, value) in &summary.fields {
                let value = settled(value);
                self.grow_field(true, class, name, &value);
            }
        }
    }

    /// Returns the parameters of a function as they are where nobody has given them a value.
    pub(crate) fn open_arguments(&mut self, function: FunctionId) -> Vec<Value> {
        let params = self.program.function(function).params.iter().enumerate();
        params
            .map(|(index, param)| self.open_param(function, index, param))
            .collect()
    }

    fn open_param(&mut self, function: FunctionId, index: usize, param: &Param) -> Value {
        let typed = self.param_type(function, param);
        let is_foreign = typed.atoms.iter().all(|atom| matches!(atom, Atom::Foreign));
        if typed.is_unknown() || is_foreign {
            let otherwise = self.given_otherwise(function, param);
            return typed
                .join(&Value::of(Atom::Param(Origin::param(index))))
                .join(&otherwise)
                .closed();
        }
        typed
    }

    /// Returns the default of a parameter, where it is nothing or a thing of Stripe comes in with it.
    fn given_otherwise(&mut self, function: FunctionId, param: &Param) -> Value {
        let nothing = if param.optional {
            Value::of(Atom::Null)
        } else {
            Value::never()
        };
        if param.default.is_none() {
            return nothing;
        }
        let default = self.default(function, param, Origin::HERE);
        let is_kept =
            |atom: &Atom| matches!(atom, Atom::Client(_) | Atom::Service(..) | Atom::Null);
        default.without(|atom| !is_kept(atom)).join(&nothing)
    }

    fn param_type(&mut self, function: FunctionId, param: &Param) -> Value {
        match &param.ty {
            Some(ty) if !param.rest && !param.keywords => self.declared_param(function, param, ty),
            _ => Value::unknown(),
        }
    }

    pub(crate) fn class_of(&self, function: FunctionId) -> Option<ClassId> {
        self.program.class_around(function)
    }

    pub(crate) fn frame(&self, function: FunctionId, this: Option<Atom>, env: Env) -> Frame {
        Frame {
            function,
            node: Node::new(self.program, function, this.as_ref()),
            file: function.file,
            this,
            env,
            outer: BTreeSet::new(),
            returns: Value::never(),
            pending: Vec::new(),
            constructing: None,
            breaks: Vec::new(),
            ended: false,
            depends: Origin::HERE,
            handed: Handed::default(),
        }
    }

    /// Calls a function of the unit from `frame`, and reports or passes on what it requests.
    pub(crate) fn call_function(
        &mut self,
        frame: &mut Frame,
        callable: &Callable,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let (summary, given) = self.run_callable(callable, arguments, false);
        self.settle(frame, callable, &given, &summary, span)
    }

    /// Makes an instance of a class of the unit.
    pub(crate) fn construct(
        &mut self,
        frame: &mut Frame,
        class: ClassId,
        arguments: &Arguments,
        span: Span,
    ) -> Value {
        let Some(function) = self.constructor(class) else {
            let fields = given_fields(arguments);
            return Value::of(Atom::Instance(Held::new(Instance { class, fields })));
        };
        let callable = Callable {
            function,
            this: Some(instance(class)),
            captured: Env::new(),
        };
        let (summary, given) = self.run_callable(&callable, arguments, true);
        self.settle(frame, &callable, &given, &summary, span);
        // What the arguments decide is of this instance; the rest is of its class.
        let fields = summary
            .fields
            .iter()
            .filter(|(_, value)| {
                let is_plain =
                    |atom: &Atom| matches!(atom, Atom::Text(_) | Atom::Map(_) | Atom::Function(_));
                value.depends_on().has_params() || !value.atoms.iter().all(is_plain)
            })
            .map(|(name, value)| {
                let value = back(value, &callable, &given);
                (name.clone(), value)
            })
            .filter(|(_, value)| self.is_telling(value))
            .map(|(name, value)| (name, Self::shallow(&value)))
            .collect();
        let fields: Fields = fields;
        for (name, value) in &fields {
            self.grow_field(true, class, name, &settled(value));
        }
        Value::of(Atom::Instance(Held::new(Instance { class, fields })))
    }

    /// Runs the constructor of a base class on the instance under construction.
    pub(crate) fn construct_base(
        &mut self,
        frame: &mut Frame,
        callable: &Callable,
        arguments: &Arguments,
        span: Span,
    ) {
        let (summary, given) = self.run_callable(callable, arguments, true);
        self.settle(frame, callable, &given, &summary, span);
        if let Some(fields) = &mut frame.constructing {
            for (name, value) in &summary.fields {
                let value = back(value, callable, &given);
                let joined = fields
                    .get(name)
                    .map_or(value.clone(), |old| old.join(&value));
                fields.insert(name.clone(), joined);
            }
        }
    }

    fn run_callable(
        &mut self,
        callable: &Callable,
        arguments: &Arguments,
        constructing: bool,
    ) -> (Rc<Summary>, Vec<Option<Value>>) {
        let given = self.bind(callable.function, arguments);
        let (this, captured) = self.held_inside(callable);
        if let Some(summary) =
            self.open_summary(callable, this.as_ref(), &captured, &given, constructing)
        {
            return (summary, given);
        }
        let values = self.inside(callable.function, &given);
        let summary = self.summary(Context {
            function: callable.function,
            this: this.clone(),
            captured: captured.clone(),
            arguments: values.clone(),
            constructing,
        });
        if let Some(values) = self.with_accounts(&summary.handed, &given, values) {
            let summary = self.summary(Context {
                function: callable.function,
                this,
                captured,
                arguments: values,
                constructing,
            });
            return (summary, given);
        }
        (summary, given)
    }

    /// Returns the receiver of a function, and what it remembers of the names around it, as it sees them.
    pub(crate) fn held_inside(&self, callable: &Callable) -> (Option<Atom>, Env) {
        let this = callable.this.as_ref().map(|this| {
            let value = Value::of(this.clone()).handed_in(Origin::THIS, &self.rebased);
            value.atoms.first().cloned().unwrap_or_else(|| this.clone())
        });
        let captured = callable
            .captured
            .iter()
            .map(|(name, value)| (name.clone(), value.seen_by_closure(&self.rebased)))
            .collect();
        (this, captured)
    }

    /// Returns the summary for open parameters where arguments cannot change it.
    fn open_summary(
        &mut self,
        callable: &Callable,
        this: Option<&Atom>,
        captured: &Env,
        given: &[Option<Value>],
        constructing: bool,
    ) -> Option<Rc<Summary>> {
        let n_active = self.runs.n_active(callable.function);
        let is_deep = n_active >= MAX_RECURSION;
        let can_matter = |value: &Value| self.can_matter(value);
        if !is_deep && (constructing || given.iter().flatten().any(can_matter)) {
            return None;
        }
        let context = |arguments| Context {
            function: callable.function,
            this: this.cloned(),
            captured: captured.clone(),
            arguments,
            constructing,
        };
        let open = self.open_arguments(callable.function);
        let summary = self.summary(context(open));
        let requests = Self::is_decided_by(&summary, given);
        // Conditions choose among what is given back, too: any argument can.
        let returns = summary.returns.depends_on().has_params()
            && given.iter().flatten().any(|value| self.is_telling(value));
        // A function that only gives something back is not run for each of very many arguments.
        let is_worn = self.runs.n_contexts(callable.function) > MAX_FAR_CONTEXTS;
        if !is_deep && returns && is_worn && !requests {
            self.notes.trail.cut();
        }
        let depends = !is_deep && (requests || (returns && !is_worn));
        if depends {
            return None;
        }
        let costs = self.with_costs(callable.function, &summary.handed, given);
        Some(match costs {
            Some(values) if !is_deep => self.summary(context(values)),
            Some(_) | None => summary,
        })
    }

    /// Tells whether arguments say more of what a function requests than its parameters do.
    fn is_decided_by(summary: &Summary, given: &[Option<Value>]) -> bool {
        let origins = summary.pending.iter().map(|pending| pending.origin);
        let origin = origins.fold(summary.depends, Origin::join);
        let mut all = given.iter().enumerate();
        all.any(|(index, value)| {
            let says_more = value.as_ref().is_none_or(|value| !value.is_unknown());
            says_more && origin.has_param(index)
        })
    }

    /// Returns open arguments with those filled in that say what requests expand, or for whom they are
    /// sent; `None` where none does.
    fn with_costs(
        &mut self,
        function: FunctionId,
        handed: &Handed,
        given: &[Option<Value>],
    ) -> Option<Vec<Value>> {
        if handed.maps.is_here() && handed.direct.is_here() {
            return None;
        }
        let maps: BTreeSet<usize> = handed.maps.params().collect();
        let direct: BTreeSet<usize> = handed.direct.params().collect();
        let params = &self.program.function(function).params;
        let mut is_any = false;
        let mut values = Vec::with_capacity(params.len());
        for (index, (param, value)) in params.iter().zip(given).enumerate() {
            let origin = Origin::param(index);
            let filled = match value {
                _ if !maps.contains(&index) && !direct.contains(&index) => None,
                Some(value) => {
                    let counts = holds_cost(value) || (direct.contains(&index) && is_said(value));
                    counts.then(|| self.slim(value, 0).handed_in(origin, &self.rebased))
                }
                None => {
                    let default = self.default(function, param, origin);
                    let counts = holds_cost(&default) || direct.contains(&index);
                    counts.then_some(default)
                }
            };
            is_any |= filled.is_some();
            values.push(match filled {
                Some(value) => value,
                None => self.open_param(function, index, param),
            });
        }
        is_any.then_some(values)
    }

    /// Tells whether a closure must remember a value of the function around it.
    pub(crate) fn is_worth_capturing(&self, value: &Value) -> bool {
        self.is_telling(value)
            || value
                .atoms
                .iter()
                .any(|atom| matches!(atom, Atom::Param(_) | Atom::Bool(_) | Atom::Null))
    }

    /// Returns a field's value, with instances in it that remember no fields of instances themselves.
    fn shallow(value: &Value) -> Value {
        let holds_instances = |instance: &Instance| {
            let atoms = instance
                .fields
                .values()
                .flat_map(|field| field.atoms.iter());
            atoms
                .into_iter()
                .any(|atom| matches!(atom, Atom::Instance(_)))
        };
        value.flat_map(|atom| match atom {
            Atom::Instance(inner) if holds_instances(inner) => {
                let fields = inner.fields.iter().map(|(name, value)| {
                    let bare = value.flat_map(|atom| match atom {
                        Atom::Instance(inner) => Value::of(instance(inner.class)),
                        other => Value::of(other.clone()),
                    });
                    (name.clone(), bare)
                });
                Value::of(Atom::Instance(Held::new(Instance {
                    class: inner.class,
                    fields: fields.collect(),
                })))
            }
            other => Value::of(other.clone()),
        })
    }

    /// Returns arguments as the called function sees them.
    fn inside(&mut self, function: FunctionId, given: &[Option<Value>]) -> Vec<Value> {
        let params = &self.program.function(function).params;
        let mut values = Vec::with_capacity(params.len());
        for (index, (param, value)) in params.iter().zip(given).enumerate() {
            let origin = Origin::param(index);
            let value = match value {
                Some(value) if !value.is_unknown() => {
                    self.slim(value, 0).handed_in(origin, &self.rebased)
                }
                Some(_) => self.open_param(function, index, param),
                None => self.default(function, param, origin),
            };
            values.push(value);
        }
        values
    }

    /// Says which argument each parameter gets; `None` where its default counts.
    fn bind(&self, function: FunctionId, arguments: &Arguments) -> Vec<Option<Value>> {
        let params = &self.program.function(function).params;
        let mut positional = arguments.positional.iter();
        params
            .iter()
            .map(|param| {
                let name = match &param.target.kind {
                    ExprKind::Name(name) => Some(name.trim_start_matches('$')),
                    _ => None,
                };
                if param.rest {
                    let rest = positional.by_ref().cloned().collect::<Vec<_>>();
                    return Some(Value::list(rest).join(&if arguments.open {
                        Value::unknown()
                    } else {
                        Value::never()
                    }));
                }
                if param.keywords {
                    return Some(Value::map(Map {
                        entries: arguments.named.clone(),
                        other: Value::never(),
                    }));
                }
                if let Some(value) = name.and_then(|name| arguments.named.get(name)) {
                    return Some(value.clone());
                }
                match positional.next() {
                    Some(value) => Some(value.clone()),
                    None if arguments.open => Some(Value::unknown()),
                    None => None,
                }
            })
            .collect()
    }

    fn default(&mut self, function: FunctionId, param: &Param, origin: Origin) -> Value {
        let Some(default) = &param.default else {
            return self.param_type(function, param);
        };
        let this = self.class_of(function).map(Atom::Class);
        let mut frame = self.frame(function, this, Env::new());
        let value = self.eval(&mut frame, default);
        let typed = self.param_type(function, param);
        let value = value.rebase(&|_| origin, &|_| Value::unknown());
        // `Client $client = null` is a client all the same: `null` is there to be replaced.
        if value.atoms.iter().all(|atom| matches!(atom, Atom::Null)) && !typed.is_unknown() {
            return value.join(&typed);
        }
        value
    }

    /// Runs a function in a context.
    pub(crate) fn run(&mut self, context: &Context) -> Summary {
        let function = self.program.function(context.function);
        let mut frame = self.frame(
            context.function,
            context.this.clone(),
            context.captured.clone(),
        );
        self.notes.note_use(Use::Run(frame.node));
        if context.constructing {
            frame.constructing = Some(Fields::new());
        }
        self.depth += 1;
        for (param, value) in function.params.iter().zip(&context.arguments) {
            self.assign(&mut frame, &param.target, value.clone(), None);
            if let (true, ExprKind::Name(name)) = (param.promoted, &param.target.kind) {
                let field: Name = name.trim_start_matches('$').into();
                self.write_field(&mut frame, context.this.as_ref(), &field, value);
            }
        }
        self.block(&mut frame, &function.body);
        let returns = self.returned(&frame, function.returns.as_ref());
        self.depth -= 1;
        Summary {
            returns,
            pending: frame.pending,
            fields: frame.constructing.unwrap_or_default(),
            depends: frame.depends,
            handed: frame.handed,
        }
    }

    /// Returns what a function gives back, helped by its declared type where the code says too little.
    fn returned(&mut self, frame: &Frame, declared: Option<&Type>) -> Value {
        let known = frame.returns.without(|atom| matches!(atom, Atom::Null));
        let Some(declared) = declared else {
            return frame.returns.clone();
        };
        if !known.open && known.matters() && !known.is_unknown() {
            return frame.returns.clone();
        }
        let typed = self.declared_result(frame.function, declared);
        // A declared base class says less than the instance that the code returns.
        if known.matters() && !known.is_unknown() {
            return frame.returns.clone();
        }
        if typed.is_unknown() || typed.is_never() {
            frame.returns.clone()
        } else {
            typed
        }
    }

    /// Reports what a call requested, passes on what an argument of the caller named, and returns the
    /// result as the caller sees it.
    fn settle(
        &mut self,
        frame: &mut Frame,
        callable: &Callable,
        given: &[Option<Value>],
        summary: &Summary,
        span: Span,
    ) -> Value {
        self.note_function(frame, callable.function, callable.this.as_ref());
        if let Some(recorder) = &mut self.recorder {
            recorder.ran(self.depth, callable.function, summary);
        }
        self.notes.note_called(callable.function, frame.node);
        self.hand_on(frame, given, &summary.handed);
        frame.note_uses(summary.depends, callable, given);
        for pending in &summary.pending {
            let place = self.program.file(frame.file).source.location(span);
            let mut pending = pending.at_caller((&place, frame.file, span), frame.node);
            pending.move_out(callable, given);
            self.put(frame, pending);
        }
        back(&summary.returns, callable, given)
    }

    /// Takes over what a called function leaves to say of the requests that it reported.
    pub(crate) fn hand_on(&mut self, frame: &mut Frame, given: &[Option<Value>], handed: &Handed) {
        if handed.maps.is_here() && handed.direct.is_here() {
            return;
        }
        frame.handed.maps = frame.handed.maps.join(still_handed(handed.maps, given));
        for index in handed.direct.params() {
            if let Some(Some(value)) = given.get(index) {
                frame.handed.direct = frame.handed.direct.join(value.depends_on());
            }
        }
        for (key, origin) in &handed.reported {
            let origin = still_handed(*origin, given);
            if origin.is_from_outside() {
                let known = frame.handed.reported.entry(key.clone()).or_default();
                *known = known.join(origin);
            } else {
                let (key, column) = key;
                self.notes.found().confirm(key, *column);
            }
        }
    }

    /// Reports a request, or leaves it to whoever named it.
    pub(crate) fn put(&mut self, frame: &mut Frame, pending: Pending) {
        if let Some(recorder) = &mut self.recorder {
            recorder.wants(self.depth, &pending);
        }
        if let Wanted::Request { extras, .. } = &pending.wanted {
            frame.handed.maps = frame.handed.maps.join(extras.depends_on);
            frame.handed.direct = frame.handed.direct.join(extras.direct);
        }
        if pending.origin.is_here() {
            let evidence = self.evidence(&pending);
            if let Wanted::Request {
                method,
                path,
                extras,
                ..
            } = &pending.wanted
                && extras.column.is_handed
            {
                let key = (path.clone(), *method, evidence.location.clone());
                let known = frame.handed.reported.entry((key, extras.column));
                let known = known.or_default();
                *known = known.join(extras.depends_on);
            }
            self.notes.found().report(pending, evidence);
        } else if pending.origin.is_outer() {
            self.notes.leave_open(frame.function, vec![pending]);
        } else if !frame.pending.contains(&pending) {
            frame.pending.push(pending);
        }
    }

    /// Joins `value` to what a field is known to hold.
    pub(crate) fn grow_field(
        &mut self,
        by_constructor: bool,
        class: ClassId,
        name: &Name,
        value: &Value,
    ) {
        let is_telling = self.is_telling(value);
        let key = if by_constructor {
            Key::Constructed(class, name.clone())
        } else {
            Key::Field(class, name.clone())
        };
        let is_late = self.table.grow(&key, value);
        self.changed |= is_late && is_telling;
    }

    pub(crate) fn grow_outer(&mut self, file: Option<FileId>, name: &Name, value: &Value) {
        let is_telling = self.is_telling(value);
        let key = Key::Outer(file, name.clone());
        let is_late = self.table.grow(&key, &settled(value));
        self.changed |= is_late && is_telling;
    }

    pub(crate) fn language(&self, frame: &Frame) -> Language {
        self.program.language(frame.file)
    }

    /// Evaluates a class expression of a base list, without running code.
    pub(crate) fn class_expr(&mut self, file: FileId, expr: &Expr) -> Value {
        let function = FunctionId { file, index: 0 };
        match &expr.kind {
            ExprKind::Class(ClassRef::Named(name)) => self.php_class_value(name, Origin::HERE),
            _ => match Program::dotted(expr) {
                Some(dotted) => self.static_path(function.file, &dotted),
                None => Value::unknown(),
            },
        }
    }
}

/// Makes an instance of which only the class is known.
pub(crate) fn instance(class: ClassId) -> Atom {
    Atom::Instance(Held::new(Instance {
        class,
        fields: Fields::new(),
    }))
}

/// Returns a value as it is outside the function that computed it, with nothing left of its parameters.
pub(crate) fn settled(value: &Value) -> Value {
    value.rebase(&Origin::settled, &|_| Value::unknown())
}

/// Says what of the caller decides the parameters of a request that `origin` decides in a function.
fn still_handed(origin: Origin, given: &[Option<Value>]) -> Origin {
    let mut sum = Origin::HERE;
    for index in origin.params() {
        if let Some(Some(value)) = given.get(index) {
            sum = sum.join(Extras::handed_on_in(value));
        }
    }
    sum
}

impl Pending {
    /// Turns what a called function says of it into what its caller says.
    pub(crate) fn move_out(&mut self, callable: &Callable, given: &[Option<Value>]) {
        let of = match self.wanted {
            Wanted::Request { .. } => Value::origin,
            // What is not known can be told by whatever takes part in it.
            Wanted::Open { .. } => Value::depends_on,
        };
        self.origin = map_origin(self.origin, callable, given, &of);
        for part in &mut self.parts {
            part.origin = part.at_caller(callable, given);
        }
        if let Wanted::Request { extras, .. } = &mut self.wanted {
            extras.depends_on = still_handed(extras.depends_on, given);
            extras.column.is_handed &= extras.depends_on.is_from_outside();
        }
    }
}

/// Says where something comes from, seen from the caller.
fn map_origin(
    origin: Origin,
    callable: &Callable,
    given: &[Option<Value>],
    of: &dyn Fn(&Value) -> Origin,
) -> Origin {
    let mut sum = origin.settled();
    for index in origin.params() {
        if let Some(Some(value)) = given.get(index) {
            sum = sum.join(of(value));
        }
    }
    if origin.has_this()
        && let Some(this) = &callable.this
    {
        sum = sum.join(of(&Value::of(this.clone())));
    }
    if origin.is_outer() {
        for value in callable.captured.values() {
            sum = sum.join(of(value));
        }
    }
    sum
}

/// Returns a value of a called function as the caller sees it.
fn back(value: &Value, callable: &Callable, given: &[Option<Value>]) -> Value {
    let param = |origin: Origin| {
        let mut sum = Value::never();
        for index in origin.params() {
            match given.get(index) {
                Some(Some(value)) => sum = sum.join(value),
                _ => sum = sum.join(&Value::unknown()),
            }
        }
        if origin.is_outer() || origin.has_this() || sum.is_never() {
            sum = sum.join(&Value::unknown());
        }
        sum
    };
    let origin = |origin| map_origin(origin, callable, given, &Value::origin);
    value.rebase(&origin, &param)
}
