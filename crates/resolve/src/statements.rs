//! Runs statements.

use model::{
    Name,
    facts::{Case, Each, EntryKind, Expr, ExprKind, Operator, Stmt, Type},
    language::Language,
};

use crate::{
    evaluator::{Env, Evaluator, Frame, settled},
    held::Held,
    loose::loosen_root,
    narrowing::is_instance_call,
    program::FunctionId,
    standing::header,
    value::{Atom, Map, Value},
    visit,
};

/// Most maps that one assignment is made in, where several are possible.
const MAX_ALTERNATIVES: usize = 8;
/// Most entries that a list or map keeps apart while it is filled.
const MAX_ENTRIES: usize = 256;

impl Evaluator<'_> {
    /// Runs the statements of a function: nested declarations first, their bodies last.
    pub(crate) fn block(&mut self, frame: &mut Frame, statements: &[Stmt]) {
        self.statements(frame, statements);
        if frame.function.index == 0 {
            return;
        }
        let mut declared = Vec::new();
        visit::declared_inside(statements, &mut declared);
        for index in declared {
            let function = FunctionId {
                file: frame.file,
                index: index.0,
            };
            self.run_written(frame, function);
        }
    }

    pub(crate) fn statements(&mut self, frame: &mut Frame, statements: &[Stmt]) {
        for statement in statements {
            if frame.ended {
                return;
            }
            self.statement(frame, statement);
        }
    }

    pub(crate) fn statement(&mut self, frame: &mut Frame, statement: &Stmt) {
        match statement {
            Stmt::Expr(expr) => {
                self.eval(frame, expr);
            }
            Stmt::Assign {
                target,
                value,
                ty,
                augmented: _,
            } => self.assignment(frame, target, value.as_ref(), ty.as_ref()),
            Stmt::Return(value) => {
                let value = match value {
                    Some(value) => self.eval(frame, value),
                    None => Value::of(Atom::Null),
                };
                frame.returns = frame.returns.join(&value);
                frame.ended = true;
            }
            Stmt::Exit(thrown) => {
                if let Some(thrown) = thrown {
                    self.eval(frame, thrown);
                } else {
                    let env = frame.env.clone();
                    frame
                        .breaks
                        .last_mut()
                        .into_iter()
                        .for_each(|breaks| breaks.push(env.clone()));
                }
                frame.ended = true;
            }
            Stmt::If {
                test,
                then,
                otherwise,
            } => self.branch(frame, test, then, otherwise),
            Stmt::Switch { subject, cases } => self.switch(frame, subject, cases),
            Stmt::Loop { each, body } => self.repeat(frame, each.as_ref(), body),
            Stmt::Try {
                body,
                handlers,
                finally,
            } => self.attempt(frame, body, handlers, finally),
            Stmt::Outer(names) => frame.outer.extend(names.iter().cloned()),
            Stmt::Shared(_) | Stmt::Function(_) | Stmt::Class(_) => {}
        }
    }

    fn assignment(
        &mut self,
        frame: &mut Frame,
        target: &Expr,
        value: Option<&Expr>,
        ty: Option<&Type>,
    ) {
        let value = match value {
            Some(value) => self.eval(frame, value),
            None if ty.is_some() => Value::unknown(),
            None => return,
        };
        let value = match ty {
            Some(ty) => self.with_type(frame, value, ty),
            None => value,
        };
        self.assign(frame, target, value, None);
    }

    /// Returns a value, or what its declared type says where the value itself says nothing.
    pub(crate) fn with_type(&mut self, frame: &Frame, value: Value, ty: &Type) -> Value {
        let known = value.without(|atom| matches!(atom, Atom::Null));
        if known.matters() && !known.is_unknown() {
            return value;
        }
        let mut depth = 0;
        let class = self.class_of(frame.function);
        let typed = self.type_value(frame.file, class, ty, &mut depth);
        if typed.is_unknown() || typed.is_never() {
            value
        } else {
            typed
        }
    }

    /// Binds `value` to a name, field, element or pattern.
    pub(crate) fn assign(
        &mut self,
        frame: &mut Frame,
        target: &Expr,
        value: Value,
        default: Option<&Expr>,
    ) {
        let value = match default {
            Some(default) if value.is_unknown() || value.is_never() => {
                let default = self.eval(frame, default);
                value.join(&default)
            }
            _ => value,
        };
        match &target.kind {
            ExprKind::Name(name) => self.assign_name(frame, name, value),
            ExprKind::Global(name) => self.grow_outer(None, name, &value),
            ExprKind::Member { object, property } => {
                let receiver = self.eval(frame, object);
                self.assign_member(frame, object, &receiver, property, value);
            }
            ExprKind::StaticMember { class, property } => {
                let receiver = self.eval(frame, class);
                for atom in receiver.atoms.iter() {
                    self.write_field(frame, Some(atom), property, &value);
                }
            }
            ExprKind::Index { object, index } => {
                let index = index.as_deref().map(|index| self.eval(frame, index));
                self.assign_element(frame, object, index.as_ref(), &value);
            }
            ExprKind::Array(entries) => {
                for (position, entry) in entries.iter().enumerate() {
                    let part = match (&entry.key, entry.kind) {
                        (_, EntryKind::Spread) => value.clone(),
                        (Some(key), _) => {
                            let key = self.eval(frame, key);
                            self.element(frame, &value, Some(&key))
                        }
                        (None, _) => {
                            let key = Value::of(Atom::Int(i64::try_from(position).unwrap_or(0)));
                            self.element(frame, &value, Some(&key))
                        }
                    };
                    self.assign(frame, &entry.value, part, entry.default.as_ref());
                }
            }
            ExprKind::DynamicMember { object, .. } => {
                self.eval(frame, target);
                loosen_root(frame, object);
            }
            // `$$name = x`.
            ExprKind::Unknown(_) if self.language(frame) == Language::Php => {
                self.eval(frame, target);
                frame.env.soften_all();
            }
            _ => {
                self.eval(frame, target);
            }
        }
    }

    fn assign_name(&mut self, frame: &mut Frame, name: &Name, value: Value) {
        let is_php = name.starts_with('$');
        if frame.outer.contains(name) {
            let file = (!is_php).then_some(frame.file);
            self.grow_outer(file, name, &value);
        } else if frame.function.index == 0 {
            if is_php && value.matters() {
                self.grow_outer(None, name, &value);
            }
        } else if !is_php && !frame.env.contains_key(name) && self.is_module_name(frame, name) {
            // JavaScript writes names of its module without saying so.
            self.grow_outer(Some(frame.file), name, &value);
        }
        frame.env.insert(name.clone(), value);
    }

    /// Tells whether a name that a function assigns is one of its module, not of its own.
    fn is_module_name(&mut self, frame: &Frame, name: &Name) -> bool {
        self.language(frame).is_script() && self.bound_by_module(frame.file, name).is_some()
    }

    fn assign_member(
        &mut self,
        frame: &mut Frame,
        object: &Expr,
        receiver: &Value,
        property: &Name,
        value: Value,
    ) {
        for atom in receiver.atoms.iter() {
            match atom {
                Atom::Instance(_) | Atom::Class(_) => {
                    self.write_field(frame, Some(atom), property, &value);
                }
                Atom::Map(map) => {
                    let mut map = (**map).clone();
                    map.entries.insert(property.clone(), value.clone());
                    self.assign(frame, object, Value::map(map), None);
                }
                _ => {}
            }
        }
        if receiver.atoms.is_empty()
            && let ExprKind::Name(_) = object.kind
        {
            let mut map = Map::default();
            map.entries.insert(property.clone(), value);
            map.other = Value::unknown();
            let known = receiver.join(&Value::map(map));
            self.assign(frame, object, known, None);
        }
    }

    fn assign_element(
        &mut self,
        frame: &mut Frame,
        object: &Expr,
        index: Option<&Value>,
        value: &Value,
    ) {
        let key = index.map(Value::known_texts).unwrap_or_default();
        if let [key] = key.as_slice()
            && self.send_each_time(frame, object, &header(key, value))
        {
            return;
        }
        let mut receiver = self.eval(frame, object);
        if receiver.is_unknown() && self.is_new_element(frame, object) {
            receiver = Value::never();
        }
        let mut maps = Vec::new();
        let mut is_else = false;
        for atom in receiver.atoms.iter() {
            match atom {
                Atom::Map(known) => maps.push((**known).clone()),
                Atom::Null | Atom::Param(_) => {}
                _ => is_else = true,
            }
        }
        if is_else || maps.len() > MAX_ALTERNATIVES {
            return;
        }
        if maps.is_empty() {
            let other = if receiver.open {
                Value::unknown()
            } else {
                Value::never()
            };
            maps.push(Map {
                other,
                ..Map::default()
            });
        }
        let keys = index.map(Value::known_texts).unwrap_or_default();
        for map in &mut maps {
            let has_room = map.entries.len() < MAX_ENTRIES;
            match (index, keys.as_slice()) {
                (None, _) if has_room => {
                    let next = map.entries.len().to_string();
                    map.entries.insert(next.into(), value.clone());
                }
                (Some(_), [key]) if has_room => {
                    map.entries.insert(key.as_str().into(), value.clone());
                }
                _ => map.other = map.other.join(value),
            }
        }
        let maps = maps.into_iter().map(|map| Atom::Map(Held::new(map)));
        let assigned = Value::from_atoms(maps.collect(), false);
        self.assign(frame, object, assigned, None);
    }

    /// Tells whether an element is not there yet in a map that is known: assigning to it makes it.
    fn is_new_element(&mut self, frame: &mut Frame, target: &Expr) -> bool {
        let ExprKind::Index {
            object,
            index: Some(index),
        } = &target.kind
        else {
            return false;
        };
        let keys = self.eval(frame, index);
        let holder = self.eval(frame, object);
        let is_missing = |atom: &Atom| match atom {
            Atom::Map(map) => keys.known_texts().iter().all(|key| map.get(key).is_never()),
            _ => false,
        };
        keys.is_known_text()
            && !holder.open
            && holder.matters()
            && holder.atoms.iter().all(is_missing)
    }

    fn branch(&mut self, frame: &mut Frame, test: &Expr, then: &[Stmt], otherwise: &[Stmt]) {
        let truth = self.truth(frame, test);
        let before = frame.env.clone();
        let mut after: Option<Env> = None;
        if truth != Some(false) {
            self.refine(frame, test, true);
            self.statements(frame, then);
            if !frame.ended {
                after = Some(std::mem::take(&mut frame.env));
            }
        }
        frame.env = before;
        frame.ended = false;
        if truth != Some(true) {
            self.refine(frame, test, false);
            self.statements(frame, otherwise);
            if !frame.ended {
                let env = std::mem::take(&mut frame.env);
                after = Some(match after {
                    Some(other) => join_env(&other, &env),
                    None => env,
                });
            }
        }
        match after {
            Some(env) => {
                frame.env = env;
                frame.ended = false;
            }
            None => frame.ended = true,
        }
    }

    fn switch(&mut self, frame: &mut Frame, subject: &Expr, cases: &[Case]) {
        let value = self.eval(frame, subject);
        let before = frame.env.clone();
        let mut after: Option<Env> = None;
        let mut fallen: Option<Env> = None;
        let mut is_decided = false;
        frame.breaks.push(Vec::new());
        for case in cases {
            let mut verdict = Some(false);
            let mut known = Value::never();
            for test in &case.tests {
                if is_instance_call(test).is_some() {
                    // The pattern of a class is no value to compare with.
                    verdict = verdict.filter(|truth| *truth);
                    known = known.join(&Value::unknown());
                    continue;
                }
                let test = self.eval(frame, test);
                match self.equal(&value, &test) {
                    Some(true) => verdict = Some(true),
                    None if verdict != Some(true) => verdict = None,
                    Some(false) | None => {}
                }
                known = known.join(&test);
            }
            if case.tests.is_empty() {
                verdict = None;
            }
            let entered = !is_decided && verdict != Some(false);
            if !entered && fallen.is_none() {
                continue;
            }
            is_decided |= verdict == Some(true);
            frame.env = before.clone();
            frame.ended = false;
            if let (ExprKind::Name(name), true) = (&subject.kind, known.matters()) {
                frame.env.insert(name.clone(), known);
            }
            if let Some(fallen) = fallen.take() {
                frame.env = join_env(&frame.env, &fallen);
            }
            if let [test] = case.tests.as_slice() {
                self.narrow_by_call(frame, test);
            }
            self.statements(frame, &case.body);
            if frame.ended {
                continue;
            }
            let env = std::mem::take(&mut frame.env);
            if case.falls_through {
                fallen = Some(env);
            } else {
                after = Some(merge(after, env));
            }
        }
        for env in frame.breaks.pop().unwrap_or_default() {
            after = Some(merge(after, env));
        }
        if let Some(env) = fallen {
            after = Some(merge(after, env));
        }
        let has_default = cases.iter().any(|case| case.tests.is_empty());
        if !has_default && !is_decided {
            after = Some(merge(after, before.clone()));
        }
        frame.ended = after.is_none();
        frame.env = after.unwrap_or(before);
    }

    pub(crate) fn bind_each(&mut self, frame: &mut Frame, each: &Each) {
        let iterable = self.eval(frame, &each.iterable);
        let keys = Self::keys(&iterable);
        if each.keys_only {
            self.assign(frame, &each.target, keys, None);
            return;
        }
        if let Some(key) = &each.key {
            self.assign(frame, key, keys, None);
        }
        let element = self.element(frame, &iterable, None);
        self.assign(frame, &each.target, element, None);
    }

    /// Returns the keys of a collection.
    fn keys(collection: &Value) -> Value {
        collection.flat_map(|atom| match atom {
            Atom::Map(map) => {
                let keys = map
                    .entries
                    .keys()
                    .map(|key| Atom::Text(crate::value::Text::literal(key.clone())));
                Value::from_atoms(keys.collect(), !map.other.is_never())
            }
            Atom::Param(origin) => Value::of(Atom::Param(*origin)),
            _ => Value::unknown(),
        })
    }

    fn attempt(
        &mut self,
        frame: &mut Frame,
        body: &[Stmt],
        handlers: &[Vec<Stmt>],
        finally: &[Stmt],
    ) {
        let before = frame.env.clone();
        self.statements(frame, body);
        let done = frame.env.clone();
        let mut after = (!frame.ended).then(|| done.clone());
        for handler in handlers {
            frame.env = join_env(&before, &done);
            frame.ended = false;
            self.statements(frame, handler);
            if !frame.ended {
                after = Some(merge(after, std::mem::take(&mut frame.env)));
            }
        }
        let ended = after.is_none();
        frame.env = after.unwrap_or_else(|| join_env(&before, &done));
        frame.ended = false;
        self.statements(frame, finally);
        frame.ended |= ended;
    }

    /// Evaluates a condition; `None` where both ways are possible.
    pub(crate) fn truth(&mut self, frame: &mut Frame, test: &Expr) -> Option<bool> {
        let value = self.eval(frame, test);
        truth_of(&value)
    }

    /// Narrows names by a condition that holds, or does not.
    fn refine(&mut self, frame: &mut Frame, test: &Expr, holds: bool) {
        match &test.kind {
            ExprKind::Not(inner) => self.refine(frame, inner, !holds),
            ExprKind::Name(name) => Self::narrow_truth(frame, name, holds),
            ExprKind::Assign { target, .. } => self.refine(frame, target, holds),
            ExprKind::Binary {
                operator,
                left,
                right,
            } => match (operator, holds) {
                (Operator::And, true) | (Operator::Or, false) => {
                    self.refine(frame, left, holds);
                    self.refine(frame, right, holds);
                }
                (Operator::Or, true) => self.narrow_alternatives(frame, test),
                (Operator::Equal | Operator::NotEqual, _) => {
                    let equal = (*operator == Operator::Equal) == holds;
                    self.narrow_equal(frame, left, right, equal);
                    self.narrow_equal(frame, right, left, equal);
                    if equal {
                        self.narrow_type(frame, left, right);
                    }
                }
                (Operator::In, true) => {
                    let collection = self.eval(frame, right);
                    self.narrow_to_elements(frame, left, &collection);
                }
                (Operator::InstanceOf, true) => self.narrow_instance(frame, left, right),
                _ => {}
            },
            ExprKind::Call { callee, arguments } => {
                if holds {
                    self.narrow_by_call(frame, test);
                }
                let name = match &callee.kind {
                    ExprKind::Global(name) => name.rsplit('\\').next().unwrap_or_default(),
                    _ => return,
                };
                if name.eq_ignore_ascii_case("in_array")
                    && holds
                    && let [needle, haystack, ..] = arguments.as_slice()
                {
                    let collection = self.eval(frame, &haystack.value);
                    self.narrow_to_elements(frame, &needle.value, &collection);
                }
            }
            _ => {}
        }
    }

    fn narrow_truth(frame: &mut Frame, name: &Name, holds: bool) {
        if let Some(value) = frame.env.get(name) {
            let narrowed = value.without(|atom| atom.truth() == Some(!holds));
            let narrowed = narrowed.unless_gone(value);
            if !narrowed.is_never() {
                frame.env.insert(name.clone(), narrowed);
            }
        }
    }

    fn narrow_equal(&mut self, frame: &mut Frame, name: &Expr, other: &Expr, equal: bool) {
        let ExprKind::Name(name) = &name.kind else {
            return;
        };
        let is_fixed = matches!(
            other.kind,
            ExprKind::Text(_)
                | ExprKind::Int(_)
                | ExprKind::Null
                | ExprKind::Bool(_)
                | ExprKind::StaticMember { .. }
        );
        if !is_fixed {
            return;
        }
        let other = self.eval(frame, other);
        let Some(value) = frame.env.get(name).cloned() else {
            return;
        };
        let narrowed = if equal {
            if other.is_unknown() {
                return;
            }
            let same = value.without(|atom| {
                self.equal(&Value::of(atom.clone()), &other) == Some(false)
                    || matches!(atom, Atom::Param(_))
            });
            // Where the value is open, the condition itself says what it is.
            if value.is_unknown() || (value.soft && !same.matters()) {
                other
            } else {
                same.closed()
            }
        } else {
            let rest =
                value.without(|atom| self.equal(&Value::of(atom.clone()), &other) == Some(true));
            rest.unless_gone(&value)
        };
        if !narrowed.is_never() {
            frame.env.insert(name.clone(), narrowed);
        }
    }

    fn narrow_alternatives(&mut self, frame: &mut Frame, test: &Expr) {
        let mut name = None;
        let mut known = Value::never();
        let mut todo = vec![test];
        while let Some(test) = todo.pop() {
            let ExprKind::Binary {
                operator,
                left,
                right,
            } = &test.kind
            else {
                return;
            };
            match operator {
                Operator::Or => todo.extend([&**left, &**right]),
                Operator::Equal => {
                    let ExprKind::Name(left) = &left.kind else {
                        return;
                    };
                    if *name.get_or_insert_with(|| left.clone()) != *left {
                        return;
                    }
                    known = known.join(&self.eval(frame, right));
                }
                _ => return,
            }
        }
        if let Some(name) = name
            && frame.env.get(&name).is_some_and(Value::is_unknown)
            && known.matters()
        {
            frame.env.insert(name, known);
        }
    }

    fn narrow_to_elements(&mut self, frame: &mut Frame, name: &Expr, collection: &Value) {
        let ExprKind::Name(name) = &name.kind else {
            return;
        };
        let elements = self.element(frame, collection, None);
        let is_unknown = frame.env.get(name).is_none_or(Value::is_unknown);
        if is_unknown && elements.matters() && !elements.open {
            frame.env.insert(name.clone(), settled(&elements));
        }
    }
}

/// Returns how a value counts in a condition.
pub(crate) fn truth_of(value: &Value) -> Option<bool> {
    if value.open || value.soft || value.atoms.is_empty() {
        return None;
    }
    let mut all = value.atoms.iter().map(Atom::truth);
    let first = all.next()??;
    all.all(|truth| truth == Some(first)).then_some(first)
}

fn join_env(a: &Env, b: &Env) -> Env {
    a.join(b)
}

fn merge(after: Option<Env>, env: Env) -> Env {
    match after {
        Some(other) => join_env(&other, &env),
        None => env,
    }
}
