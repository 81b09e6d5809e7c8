//! Evaluates expressions.

use model::{
    Name,
    facts::{Argument, ClassRef, Entry, EntryKind, Expr, ExprKind, FunctionKind, Operator},
    language::Language,
    source::Span,
};

use crate::{
    apart::{PUBLISHABLE, is_named_publishable},
    evaluator::{Arguments, Evaluator, Frame, instance},
    extras::{is_cost, spread_entries},
    naming::written_last,
    program::{ClassId, FunctionId},
    value::{Atom, Map, Origin, Text, Value},
};

/// Most texts that joining sets of texts gives.
const MAX_TEXTS: usize = 64;

impl Evaluator<'_> {
    pub(crate) fn eval(&mut self, frame: &mut Frame, expr: &Expr) -> Value {
        let value = self.eval_kind(frame, expr);
        // A publishable key is known by its name where nothing else is known of it.
        let is_dark = |atom: &Atom| matches!(atom, Atom::External(_) | Atom::Foreign);
        let is_unknown = value.is_unknown() || (value.matters() && value.atoms.iter().all(is_dark));
        if is_unknown && name_of(expr).is_some_and(is_named_publishable) {
            return Value::text(PUBLISHABLE);
        }
        value
    }

    #[expect(clippy::too_many_lines, reason = "one arm for each kind of expression")]
    fn eval_kind(&mut self, frame: &mut Frame, expr: &Expr) -> Value {
        self.budget.spend();
        if self.is_exhausted() {
            return Value::unknown();
        }
        if let Some(value) = self.record(frame, expr) {
            return value;
        }
        match &expr.kind {
            ExprKind::Name(name) => {
                let value = self.name(frame, name);
                self.note_value(frame, &value);
                value
            }
            ExprKind::Global(name) => {
                let value = self.global(name);
                self.note_value(frame, &value);
                value
            }
            ExprKind::This => frame.this.clone().map_or_else(Value::unknown, Value::of),
            ExprKind::Class(class) => self.class_ref(frame, class, expr.span),
            ExprKind::Member { object, property } => {
                let receiver = self.eval(frame, object);
                // In PHP a property is never a method.
                if self.language(frame) != Language::Php {
                    self.note_member(frame, &receiver, property);
                }
                let origin = written_last(frame, property, expr.span);
                let value = self.member(frame, &receiver, property, origin, expr.span);
                self.note_value(frame, &value);
                value
            }
            ExprKind::DynamicMember { object, property } => {
                let receiver = self.eval(frame, object);
                let key = self.eval(frame, property);
                self.dynamic_member(frame, &receiver, &key, expr.span)
            }
            ExprKind::StaticMember { class, property } => {
                let class = self.eval(frame, class);
                let value = self.static_member(frame, &class, property, expr.span);
                self.note_value(frame, &value);
                value
            }
            ExprKind::DynamicStaticMember { class, property } => {
                let class = self.eval(frame, class);
                let key = self.eval(frame, property);
                self.dynamic_member(frame, &class, &key, expr.span)
            }
            ExprKind::Index { object, index } => {
                let receiver = self.eval(frame, object);
                let index = index.as_deref().map(|index| self.eval(frame, index));
                self.element(frame, &receiver, index.as_ref())
            }
            ExprKind::Call { callee, arguments } => {
                if let ExprKind::Global(name) = &callee.kind
                    && let Some(value) = self.curl(frame, name, arguments, expr.span)
                {
                    return value;
                }
                let evaluated = self.arguments(frame, arguments);
                let value = self.call(frame, callee, &evaluated, expr.span);
                self.loosen_arguments(frame, callee, arguments);
                value.or_soft()
            }
            ExprKind::New { class, arguments } => {
                let class = self.eval(frame, class);
                let arguments = self.arguments(frame, arguments);
                self.instantiate(frame, &class, &arguments, expr.span)
            }
            ExprKind::Function(index) => {
                let function = FunctionId {
                    file: frame.file,
                    index: index.0,
                };
                self.run_written(frame, function);
                self.closure(frame, function)
            }
            ExprKind::ClassLiteral(index) => Value::of(Atom::Class(ClassId {
                file: frame.file,
                index: index.0,
            })),
            ExprKind::Array(entries) => self.array(frame, entries),
            ExprKind::Text(text) => {
                let origin = Origin::at(frame.file, expr.span.start);
                Value::of(Atom::Text(Text::literal_from(text.clone(), origin)))
            }
            ExprKind::Int(number) => Value::of(Atom::Int(*number)),
            ExprKind::Bool(truth) => Value::of(Atom::Bool(*truth)),
            ExprKind::Null => Value::of(Atom::Null),
            ExprKind::Concat(parts) => {
                let parts: Vec<Value> = parts.iter().map(|part| self.eval(frame, part)).collect();
                concat(&parts)
            }
            ExprKind::Choice {
                test,
                then,
                otherwise,
            } => self.choice(frame, test, then, otherwise),
            ExprKind::Binary {
                operator,
                left,
                right,
            } => self.binary(frame, *operator, left, right),
            ExprKind::Not(inner) => match self.truth(frame, inner) {
                Some(truth) => Value::of(Atom::Bool(!truth)),
                None => Value::unknown(),
            },
            ExprKind::Assign { target, value } => {
                let value = self.eval(frame, value);
                self.assign(frame, target, value.clone(), None);
                value
            }
            ExprKind::Cast { value, ty } => {
                let value = self.eval(frame, value);
                self.with_type(frame, value, ty)
            }
            ExprKind::Require(module) => self.require(frame, module),
            ExprKind::Yield(value) => {
                if let Some(value) = value {
                    let value = self.eval(frame, value);
                    frame.returns = frame.returns.join(&Value::list([value]));
                }
                Value::unknown()
            }
            ExprKind::Comprehension { value, each } => {
                for each in each {
                    self.bind_each(frame, each);
                }
                let value = self.eval(frame, value);
                let map = Map {
                    other: value,
                    ..Map::default()
                };
                Value::map(map)
            }
            ExprKind::Unknown(inside) => {
                for inner in inside {
                    self.eval(frame, inner);
                }
                Value::unknown()
            }
        }
    }

    pub(crate) fn arguments(&mut self, frame: &mut Frame, arguments: &[Argument]) -> Arguments {
        let mut all = Arguments::default();
        for argument in arguments {
            let value = self.eval(frame, &argument.value);
            if argument.spread {
                Self::spread(&mut all, &value);
            } else if let Some(name) = &argument.name {
                let value = self.account_given(frame, name, &argument.value, value);
                all.named.insert(name.clone(), value);
            } else {
                all.positional.push(value);
            }
        }
        all
    }

    fn spread(all: &mut Arguments, value: &Value) {
        let [Atom::Map(map)] = value.atoms.as_slice() else {
            all.open = true;
            all.rest = all.rest.join(value);
            return;
        };
        for (position, (key, value)) in map.entries.iter().enumerate() {
            if *position.to_string() == **key || key.parse::<usize>().is_ok() {
                all.positional.push(value.clone());
            } else {
                all.named.insert(key.clone(), value.clone());
            }
        }
        all.open |= !map.other.is_never() || value.open;
    }

    fn array(&mut self, frame: &mut Frame, entries: &[Entry]) -> Value {
        let mut map = Map::default();
        let mut position = 0_usize;
        for entry in entries {
            let mut value = self.eval(frame, &entry.value);
            match (entry.kind, &entry.key) {
                (EntryKind::Spread, _) => self.spread_into(&mut map, &mut position, &value),
                (kind, Some(key)) => {
                    if kind == EntryKind::Getter {
                        value =
                            self.call_value(frame, &value, &Arguments::default(), entry.value.span);
                    }
                    let key = self.eval(frame, key);
                    let mut keys = key.known_texts();
                    let options = key.atoms.iter().filter_map(crate::curl::option_name);
                    keys.extend(options.map(|option| option.to_string()));
                    match keys.as_slice() {
                        [key] => {
                            let value = self.account_given(frame, key, &entry.value, value);
                            map.entries.insert(key.as_str().into(), value);
                        }
                        _ => map.other = map.other.join(&value),
                    }
                }
                (_, None) => {
                    map.entries.insert(position.to_string().into(), value);
                    position += 1;
                }
            }
        }
        self.note_specs(frame, entries, &map);
        self.note_pair(frame, entries, &map);
        Value::map(map)
    }

    /// PHP: notes what `[$object, $method]` can call; where both are written out, liveness sees it itself.
    fn note_pair(&mut self, frame: &Frame, entries: &[Entry], map: &Map) {
        let [_, second] = entries else { return };
        let (Some(receiver), Some(method)) = (map.entries.get("0"), map.entries.get("1")) else {
            return;
        };
        let is_php = self.language(frame) == Language::Php;
        if !is_php || matches!(second.value.kind, ExprKind::Text(_)) {
            return;
        }
        let can_be_name = |atom: &Atom| matches!(atom, Atom::Text(_) | Atom::Param(_));
        if method.is_unknown() || (!method.is_known_text() && method.atoms.iter().any(can_be_name))
        {
            self.note_any_member(frame, receiver);
            return;
        }
        for name in method.known_texts() {
            for atom in receiver.atoms.iter() {
                let class = match atom {
                    Atom::Instance(instance) => instance.class,
                    Atom::Class(class) => *class,
                    _ => continue,
                };
                if let Some(function) = self.method(class, &name) {
                    self.note_function(frame, function, Some(atom));
                }
            }
        }
    }

    fn spread_into(&self, map: &mut Map, position: &mut usize, value: &Value) {
        for atom in value.atoms.iter() {
            if let Atom::Map(inner) = atom {
                for (key, value) in &inner.entries {
                    let key: Name = if key.parse::<usize>().is_ok() {
                        *position += 1;
                        (*position - 1).to_string().into()
                    } else {
                        key.clone()
                    };
                    map.entries.insert(key, value.clone());
                }
                map.other = map.other.join(&inner.other);
            } else if !matches!(atom, Atom::Null | Atom::Bool(_)) {
                let is_param = matches!(atom, Atom::Param(_));
                map.other = map.other.join(&Value::unknown());
                if is_param {
                    map.other = map.other.join(&Value::of(atom.clone()));
                }
                if matches!(atom, Atom::List(_) | Atom::Collection(..)) {
                    map.other = map.other.join(&self.list_element(atom));
                }
            }
        }
        let costs = spread_entries(value).into_iter();
        map.entries.extend(costs.filter(|(name, _)| is_cost(name)));
        if value.open || value.atoms.is_empty() {
            map.other = map.other.join(&Value::unknown());
        }
    }

    fn choice(&mut self, frame: &mut Frame, test: &Expr, then: &Expr, otherwise: &Expr) -> Value {
        match self.truth(frame, test) {
            Some(true) => self.eval(frame, then),
            Some(false) => self.eval(frame, otherwise),
            None => {
                let then = self.eval(frame, then);
                let otherwise = self.eval(frame, otherwise);
                then.join(&otherwise)
            }
        }
    }

    fn binary(
        &mut self,
        frame: &mut Frame,
        operator: Operator,
        left: &Expr,
        right: &Expr,
    ) -> Value {
        let first = self.eval(frame, left);
        match operator {
            Operator::Or => match crate::statements::truth_of(&first) {
                Some(true) => first,
                Some(false) => self.eval(frame, right),
                None => {
                    let second = self.eval(frame, right);
                    first
                        .without(|atom| atom.truth() == Some(false))
                        .join(&second)
                }
            },
            Operator::Coalesce => {
                let rest = first.without(|atom| matches!(atom, Atom::Null));
                let is_there =
                    |atom: &Atom| matches!(atom, Atom::Text(_) | Atom::Int(_) | Atom::Map(_));
                if !first.open && !first.atoms.is_empty() && first.atoms.iter().all(is_there) {
                    if first.soft {
                        self.eval(frame, right);
                    }
                    return first;
                }
                let second = self.eval(frame, right);
                rest.join(&second)
            }
            Operator::And => {
                if let Some(false) = crate::statements::truth_of(&first) {
                    first
                } else {
                    let second = self.eval(frame, right);
                    // What counts is the right side: the left one only guards it.
                    if crate::statements::truth_of(&first) == Some(true) {
                        second
                    } else {
                        second.join(&Value::of(Atom::Bool(false)))
                    }
                }
            }
            Operator::Equal | Operator::NotEqual => {
                let second = self.eval(frame, right);
                match self.equal(&first, &second) {
                    Some(equal) => Value::of(Atom::Bool(equal == (operator == Operator::Equal))),
                    None => Value::unknown(),
                }
            }
            Operator::Modulo => {
                let second = self.eval(frame, right);
                Self::percent_format(&first, &second)
            }
            Operator::BitOr => {
                let second = self.eval(frame, right);
                first.join(&second)
            }
            Operator::InstanceOf | Operator::In | Operator::Other => {
                self.eval(frame, right);
                Value::unknown()
            }
        }
    }

    /// Compares values; `None` where the result is not certain.
    #[expect(
        clippy::unused_self,
        reason = "comparisons are called like the other operators, on the evaluator"
    )]
    pub(crate) fn equal(&self, left: &Value, right: &Value) -> Option<bool> {
        let is_open = |value: &Value| value.open || value.atoms.is_empty();
        if is_open(left) || is_open(right) || !is_decided(left, right) {
            return None;
        }
        let mut any = false;
        let mut all = true;
        for a in left.atoms.iter() {
            for b in right.atoms.iter() {
                match equal_atoms(a, b) {
                    Some(true) => any = true,
                    Some(false) => all = false,
                    None => return None,
                }
            }
        }
        match (any, all) {
            (false, _) => Some(false),
            (true, true) => Some(true),
            (true, false) => None,
        }
    }

    /// Notes that an index which a caller gives picks from a collection that is written down.
    fn note_pick(&self, frame: &mut Frame, collection: &Value, index: &Value) {
        let picks = |atom: &Atom| match atom {
            Atom::Map(map) => {
                map.entries.len() > 1 && map.entries.values().all(|value| self.is_telling(value))
            }
            _ => false,
        };
        if collection.atoms.iter().any(picks) {
            frame.note_use(index);
        }
    }

    /// Returns an element of a collection; any of them where the index is not known.
    pub(crate) fn element(
        &mut self,
        frame: &mut Frame,
        collection: &Value,
        index: Option<&Value>,
    ) -> Value {
        let keys = index.map(Value::known_texts).unwrap_or_default();
        let is_known = index.is_some_and(Value::is_known_text);
        if let Some(index) = index {
            self.note_pick(frame, collection, index);
        }
        collection.flat_map(|atom| match atom {
            Atom::Map(map) if is_known => keys.iter().fold(Value::never(), |sum, key| {
                sum.join(&known_or_open(map, key))
            }),
            Atom::Map(map) => map.elements(),
            Atom::List(_) | Atom::Collection(..) => match keys.as_slice() {
                // `$list['data']` is the list, `$list[0]` one of its items.
                [key] if key == "data" => Value::of(atom.clone()),
                _ => self.list_element(atom),
            },
            Atom::Text(_) | Atom::Int(_) => Value::of(Atom::Text(Text::hole(atom_origin(atom)))),
            Atom::Param(origin) => Value::of(Atom::Param(*origin)),
            Atom::Null | Atom::Bool(_) => Value::never(),
            Atom::External(_) | Atom::ExternalInstance(..) => Value::unknown(),
            Atom::Class(class) if index.is_none() => {
                self.case_of(*class).unwrap_or_else(Value::unknown)
            }
            _ if is_known => keys.iter().fold(Value::never(), |sum, key| {
                let value = self.member(
                    frame,
                    &Value::of(atom.clone()),
                    key,
                    index.map(Value::origin).unwrap_or_default(),
                    model::source::Span::default(),
                );
                sum.join(&value)
            }),
            _ => Value::unknown(),
        })
    }

    fn class_ref(&mut self, frame: &mut Frame, class: &ClassRef, span: Span) -> Value {
        let own = self.class_of(frame.function);
        match class {
            ClassRef::Named(name) => self.php_class_value(name, Origin::at(frame.file, span.start)),
            ClassRef::Own => own.map_or_else(Value::unknown, |class| Value::of(Atom::Class(class))),
            ClassRef::Static => match &frame.this {
                Some(Atom::Instance(instance)) => Value::of(Atom::Class(instance.class)),
                Some(Atom::Class(class)) => Value::of(Atom::Class(*class)),
                _ => own.map_or_else(Value::unknown, |class| Value::of(Atom::Class(class))),
            },
            ClassRef::Parent => {
                let Some(own) = own else {
                    return Value::unknown();
                };
                let bases = self.class_bases(own);
                let mut value = Value::never();
                for base in bases.iter() {
                    value = value.join(&Value::of(Atom::Class(*base)));
                }
                if value.is_never() {
                    return self.foreign_base(own);
                }
                value
            }
        }
    }

    /// Returns an instance of the class that `atom` is.
    pub(crate) fn instance_of(&mut self, atom: &Atom) -> Value {
        match atom {
            Atom::Class(class) => {
                let foreign = self.foreign_instance(*class);
                if foreign.is_never() {
                    Value::of(instance(*class))
                } else {
                    foreign
                }
            }
            Atom::Sdk(sdk) => Value::of(Atom::Client(*sdk)),
            Atom::SdkPath(sdk, path, origin) => self.sdk_instance(*sdk, path, *origin),
            Atom::External(name) => {
                let class = crate::request::class_name(name);
                if !self.http.is_class(&class) && !self.passing.is_class(&class) {
                    return Value::of(Atom::Foreign);
                }
                let base = std::rc::Rc::new(Value::never());
                Value::of(Atom::ExternalInstance(name.clone(), base))
            }
            _ => Value::unknown(),
        }
    }

    /// Puts text of a value into `%s` places (Python's `%`, `sprintf`).
    pub(crate) fn percent_format(format: &Value, given: &Value) -> Value {
        let given: Vec<Value> = match given.atoms.as_slice() {
            [Atom::Map(map)] => map.entries.values().cloned().collect(),
            _ => vec![given.clone()],
        };
        Self::format(format, &given)
    }

    /// Puts values into the places of a format: `%s`, `%1$s`, `%d`.
    pub(crate) fn format(format: &Value, given: &[Value]) -> Value {
        let mut all = Value::never();
        for text in format.texts() {
            let Some(known) = text.known() else {
                all = all.join(&Value::of(Atom::Text(text)));
                continue;
            };
            let parts = format_parts(&known, text.origin(), given);
            all = all.join(&concat(&parts));
        }
        all
    }

    pub(crate) fn is_static_function(&self, function: FunctionId) -> bool {
        self.program.function(function).kind == FunctionKind::Static
    }
}

/// Tells whether values hold what they seem to hold, as far as comparing them goes.
fn is_decided(left: &Value, right: &Value) -> bool {
    // Whatever others put into an array, or a filter makes of it, it is not `null` afterwards.
    let is_kept = |value: &Value| {
        let is_map = |atom: &Atom| matches!(atom, Atom::Map(_) | Atom::Function(_));
        !value.soft || value.atoms.iter().all(is_map)
    };
    let is_null = |value: &Value| value.atoms.iter().all(|atom| matches!(atom, Atom::Null));
    match (left.soft, right.soft) {
        (false, false) => true,
        (true, false) => is_null(right) && is_kept(left),
        (false, true) => is_null(left) && is_kept(right),
        (true, true) => false,
    }
}

fn known_or_open(map: &Map, key: &str) -> Value {
    let value = map.get(key);
    if value.is_never() {
        Value::unknown()
    } else {
        value
    }
}

fn atom_origin(atom: &Atom) -> Origin {
    Value::of(atom.clone()).origin()
}

fn equal_atoms(a: &Atom, b: &Atom) -> Option<bool> {
    match (a, b) {
        (Atom::Text(a), Atom::Text(b)) => match (a.known(), b.known()) {
            (Some(a), Some(b)) => Some(a == b),
            _ => None,
        },
        (Atom::Param(_), _) | (_, Atom::Param(_)) => None,
        (Atom::Null, Atom::Null) => Some(true),
        (Atom::Bool(a), Atom::Bool(b)) => Some(a == b),
        (Atom::Int(a), Atom::Int(b)) => Some(a == b),
        // Loose comparison mixes these; only `null` against a thing is certain.
        (Atom::Null, other) | (other, Atom::Null) => match other {
            Atom::Text(_) | Atom::Bool(_) | Atom::Int(_) => match other.truth() {
                Some(true) => Some(false),
                _ => None,
            },
            Atom::Map(_) | Atom::Function(_) | Atom::Class(_) => Some(false),
            _ => None,
        },
        (Atom::Bool(truth), other) | (other, Atom::Bool(truth)) => {
            other.truth().map(|other| other == *truth)
        }
        (Atom::Class(a), Atom::Class(b)) => Some(a == b),
        _ => None,
    }
}

/// Returns the name that an expression ends in: of a variable, a member, what is called, or what is
/// asked for (`get_option('publishable_key')`).
fn name_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Name(name) | ExprKind::Global(name) => Some(name),
        ExprKind::Member { property, .. } | ExprKind::StaticMember { property, .. } => {
            Some(property)
        }
        ExprKind::Index { index, .. } => index.as_deref().and_then(text_of),
        ExprKind::Call { callee, arguments } => {
            let asked = arguments.first().and_then(|first| text_of(&first.value));
            asked
                .filter(|name| is_named_publishable(name))
                .or_else(|| name_of(callee))
        }
        _ => None,
    }
}

fn text_of(expr: &Expr) -> Option<&str> {
    match &expr.kind {
        ExprKind::Text(text) => Some(text),
        _ => None,
    }
}

/// Joins values as text.
pub(crate) fn concat(parts: &[Value]) -> Value {
    if is_sum(parts) {
        let origin = parts.iter().map(Value::depends_on);
        let origin = origin.fold(Origin::HERE, Origin::join);
        return Value::of(Atom::Text(Text::hole(origin)));
    }
    let mut sums = vec![Text::default()];
    for part in parts {
        let mut texts = part.texts();
        if texts.is_empty() {
            texts.push(Text::hole(part.origin()));
        }
        if sums.len() * texts.len() > MAX_TEXTS {
            texts = vec![Text::hole(part.origin())];
        }
        sums = sums
            .iter()
            .flat_map(|sum| {
                texts
                    .iter()
                    .map(|text| Text::concat(&[sum.clone(), text.clone()]))
                    .collect::<Vec<_>>()
            })
            .collect();
    }
    let is_soft = parts.iter().any(|part| part.soft);
    Value::from_atoms(sums.into_iter().map(Atom::Text).collect(), false).softer(is_soft)
}

/// Tells whether values are numbers that are added, with the sign that elsewhere joins texts.
fn is_sum(parts: &[Value]) -> bool {
    let is_number = |atom: &Atom| matches!(atom, Atom::Int(_));
    let is_nameless = |atom: &Atom| match atom {
        Atom::Text(text) => text.is_numeric(),
        Atom::Int(_) | Atom::Param(_) | Atom::Null => true,
        _ => false,
    };
    let mut all = parts.iter().flat_map(|part| part.atoms.iter());
    all.clone().any(is_number) && all.all(is_nameless)
}

fn format_parts(format: &str, origin: Origin, given: &[Value]) -> Vec<Value> {
    let literal = |text: &str| Value::of(Atom::Text(Text::literal_from(text, origin)));
    let mut parts = Vec::new();
    let mut next = 0;
    let mut rest = format;
    while let Some(at) = rest.find('%') {
        parts.push(literal(&rest[..at]));
        rest = &rest[at + 1..];
        if let Some(after) = rest.strip_prefix('%') {
            parts.push(literal("%"));
            rest = after;
            continue;
        }
        // A Python name in parentheses, a PHP position, flags and width, then one letter.
        if rest.starts_with('(') {
            rest = rest.find(')').map_or("", |end| &rest[end + 1..]);
        }
        let mut index = next;
        if let Some((number, after)) = rest.split_once('$')
            && let Ok(number) = number.parse::<usize>()
        {
            index = number.saturating_sub(1);
            rest = after;
        } else {
            next += 1;
        }
        let end = rest.find(|c: char| c.is_ascii_alphabetic());
        rest = end.map_or("", |end| rest.get(end + 1..).unwrap_or_default());
        parts.push(given.get(index).cloned().unwrap_or_else(Value::unknown));
    }
    parts.push(literal(rest));
    parts
}
