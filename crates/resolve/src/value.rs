//! The lattice: what the evaluator can know of a value.
//!
//! A [`Value`] is a bounded set of [`Atom`]s, and `open` says that it may also be something else.
//! Each piece of knowledge that could name a Stripe resource carries its [`Origin`]: whether it was
//! written in the function that runs, or came in from outside. That decides which line is the
//! evidence of a request.

use std::{
    cell::RefCell,
    cmp::Ordering,
    hash::{Hash, Hasher},
    rc::Rc,
};

use model::Name;

use crate::hashing::HashMap;
use crate::{
    atoms::Atoms,
    env::Env,
    fields::Fields,
    held::{Held, Parts, digest},
    program::{ClassId, FileId, FunctionId, SdkIndex},
};

/// Where a piece of knowledge comes from, seen from the function that runs: a set of its parameters.
///
/// Where it was written takes no part in comparisons: the same name written twice is one name.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Origin {
    set: u32,
    place: Place,
}

/// Where something was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Place {
    /// It was not written as one, or came in from outside.
    #[default]
    Unknown,
    /// At this byte.
    At(FileId, u32),
    /// At more than one place.
    Several,
}

impl Place {
    fn join(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unknown, place) | (place, Self::Unknown) => place,
            (a, b) if a == b => a,
            _ => Self::Several,
        }
    }
}

impl PartialEq for Origin {
    fn eq(&self, other: &Self) -> bool {
        self.set == other.set
    }
}

impl Eq for Origin {}

impl PartialOrd for Origin {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Origin {
    fn cmp(&self, other: &Self) -> Ordering {
        self.set.cmp(&other.set)
    }
}

impl Hash for Origin {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u32(self.set);
    }
}

impl Origin {
    /// Written in the running function, or fixed wherever it runs.
    pub(crate) const HERE: Self = Self::of(0);
    /// From the constructor of the receiver.
    pub(crate) const THIS: Self = Self::of(1 << 30);
    /// No origin of a name: the text is for people. Takes what is joined to it along.
    const PROSE: Self = Self::of(1 << 29);
    /// From a function around a closure; whoever runs that function reports it.
    pub(crate) const OUTER: Self = Self::of(1 << 31);

    const fn of(set: u32) -> Self {
        Self {
            set,
            place: Place::Unknown,
        }
    }

    /// Written in the running function, at this byte of its file.
    pub(crate) fn at(file: FileId, offset: u32) -> Self {
        Self {
            set: 0,
            place: Place::At(file, offset),
        }
    }

    /// Returns where it was written, if that is one place.
    pub(crate) fn place(self) -> Option<(FileId, u32)> {
        match self.place {
            Place::At(file, offset) => Some((file, offset)),
            Place::Unknown | Place::Several => None,
        }
    }

    /// Returns the one of the two that was written first; for equal names, either place would do.
    pub(crate) fn earlier(self, other: Self) -> Self {
        let place = match (self.place, other.place) {
            (Place::At(a, at), Place::At(b, before)) => {
                let (file, offset) = (a, at).min((b, before));
                Place::At(file, offset)
            }
            (Place::At(..), _) => self.place,
            _ => other.place,
        };
        Self {
            place,
            ..self.join(other)
        }
        .without_place_from_outside()
    }

    /// Returns it as something fixed wherever it runs, still written where it was.
    pub(crate) fn settled(self) -> Self {
        if self.is_here() { self } else { Self::HERE }
    }

    /// Returns the origin of a name of which `last` wrote the part that tells most.
    pub(crate) fn then(self, last: Self) -> Self {
        let place = match last.place {
            Place::Unknown => self.place,
            place => place,
        };
        Self {
            place,
            ..self.join(last)
        }
        .without_place_from_outside()
    }

    fn without_place_from_outside(self) -> Self {
        if self.is_from_outside() {
            self.without_place()
        } else {
            self
        }
    }

    /// From parameter `index`; far ones share a mark.
    pub(crate) fn param(index: usize) -> Self {
        Self::of(1 << index.min(28))
    }

    /// Returns who takes part, wherever it was written.
    pub(crate) fn without_place(self) -> Self {
        Self::of(self.set)
    }

    pub(crate) fn is_here(self) -> bool {
        self.set & !Self::PROSE.set == 0
    }

    pub(crate) fn is_prose(self) -> bool {
        self.set & Self::PROSE.set != 0
    }

    /// Tells whether a parameter, the receiver or a function around takes part.
    pub(crate) fn is_from_outside(self) -> bool {
        self.set & !Self::PROSE.set != 0
    }

    /// Tells whether parameter `index` takes part.
    pub(crate) fn has_param(self, index: usize) -> bool {
        self.set & Self::param(index).set != 0
    }

    /// Tells whether a parameter takes part.
    pub(crate) fn has_params(self) -> bool {
        self.params().next().is_some()
    }

    pub(crate) fn is_outer(self) -> bool {
        self.set & Self::OUTER.set != 0
    }

    pub(crate) fn join(self, other: Self) -> Self {
        Self {
            set: self.set | other.set,
            place: self.place.join(other.place),
        }
        .without_place_from_outside()
    }

    /// Returns the parameters in the set.
    pub(crate) fn params(self) -> impl Iterator<Item = usize> {
        (0..29).filter(move |index| self.set & (1 << index) != 0)
    }

    pub(crate) fn has_this(self) -> bool {
        self.set & Self::THIS.set != 0
    }
}

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Piece {
    /// Known characters.
    Literal(Name, Origin),
    /// Unknown characters; the origin says which parameters would tell.
    Hole(Origin),
}

/// Text, partly known.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Text(pub(crate) Rc<[Piece]>);

/// Most pieces that a text keeps; the rest becomes one hole.
const MAX_PIECES: usize = 24;
/// Most characters that a literal keeps: longer text is no URL.
const MAX_LITERAL: usize = 512;

impl Text {
    pub(crate) fn literal(text: impl Into<Name>) -> Self {
        Self::literal_from(text, Origin::HERE)
    }

    pub(crate) fn literal_from(text: impl Into<Name>, origin: Origin) -> Self {
        let text: Name = text.into();
        if text.len() > MAX_LITERAL || is_prose(&text) {
            return Self::hole(Origin::PROSE);
        }
        Self(Rc::new([Piece::Literal(text, origin)]))
    }

    pub(crate) fn hole(origin: Origin) -> Self {
        Self(Rc::new([Piece::Hole(origin)]))
    }

    /// Returns the whole text where nothing of it is unknown.
    pub(crate) fn known(&self) -> Option<String> {
        let mut all = String::new();
        for piece in self.0.iter() {
            match piece {
                Piece::Literal(text, _) => all.push_str(text),
                Piece::Hole(_) => return None,
            }
        }
        Some(all)
    }

    /// Returns the text with every hole spelled `{id}`.
    pub(crate) fn template(&self) -> String {
        self.0
            .iter()
            .map(|piece| match piece {
                Piece::Literal(text, _) => &**text,
                Piece::Hole(_) => "{id}",
            })
            .collect()
    }

    /// Returns where what it names comes from: its known pieces, and holes in front of them.
    pub(crate) fn origin(&self) -> Origin {
        let mut sum = Origin::HERE;
        let mut is_named = false;
        for piece in self.0.iter() {
            match piece {
                Piece::Literal(text, origin) => {
                    sum = sum.join(*origin);
                    is_named |= text.bytes().any(|byte| byte.is_ascii_alphanumeric());
                }
                Piece::Hole(origin) if !is_named => sum = sum.join(*origin),
                Piece::Hole(_) => {}
            }
        }
        sum
    }

    /// Returns where all of it comes from.
    pub(crate) fn depends_on(&self) -> Origin {
        self.0.iter().fold(Origin::HERE, |sum, piece| {
            sum.join(match piece {
                Piece::Literal(_, origin) | Piece::Hole(origin) => *origin,
            })
        })
    }

    /// Tells whether all that is known of it can be of a number.
    pub(crate) fn is_numeric(&self) -> bool {
        let is_of_number = |byte: u8| byte.is_ascii_digit() || byte == b'-';
        self.0.iter().all(|piece| match piece {
            Piece::Literal(text, _) => text.bytes().all(is_of_number),
            Piece::Hole(_) => true,
        })
    }

    /// Tells whether it can be a header: `Name: value`.
    pub(crate) fn begins_like_header(&self) -> bool {
        self.0
            .iter()
            .any(|piece| matches!(piece, Piece::Literal(text, _) if text.contains(':')))
    }

    /// Tells whether some of it is known.
    pub(crate) fn has_name(&self) -> bool {
        self.0
            .iter()
            .any(|piece| matches!(piece, Piece::Literal(text, _) if !text.is_empty()))
    }

    /// Puts texts together.
    pub(crate) fn concat(parts: &[Self]) -> Self {
        let is_prose = |piece: &Piece| matches!(piece, Piece::Hole(origin) if origin.is_prose());
        if parts.iter().any(|part| part.0.iter().any(is_prose)) {
            return Self::hole(Origin::PROSE);
        }
        let mut pieces: Vec<Piece> = Vec::new();
        for piece in parts.iter().flat_map(|part| part.0.iter()) {
            let is_full = pieces.len() >= MAX_PIECES;
            match (pieces.last_mut(), piece) {
                (Some(Piece::Literal(before, a)), Piece::Literal(text, b)) if a == b => {
                    // A query or a slash says less than what stands before it.
                    let is_name = text.bytes().any(|byte| byte.is_ascii_alphanumeric());
                    if is_name && !text.starts_with(['?', '#']) {
                        *a = a.then(*b);
                    }
                    *before = format!("{before}{text}").into();
                }
                (Some(Piece::Hole(a)), Piece::Hole(b)) => *a = a.join(*b),
                _ if is_full => {
                    pieces.push(Piece::Hole(Origin::HERE));
                    break;
                }
                _ => pieces.push(piece.clone()),
            }
        }
        Self(pieces.into())
    }

    fn map_origin(&self, to: &dyn Fn(Origin) -> Origin) -> Self {
        Self(
            self.0
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text, origin) => Piece::Literal(text.clone(), to(*origin)),
                    Piece::Hole(origin) => Piece::Hole(to(*origin)),
                })
                .collect(),
        )
    }

    /// Applies `change` to every known piece.
    pub(crate) fn map_literals(&self, change: &dyn Fn(&str) -> String) -> Self {
        Self(
            self.0
                .iter()
                .map(|piece| match piece {
                    Piece::Literal(text, origin) => Piece::Literal(change(text).into(), *origin),
                    Piece::Hole(origin) => Piece::Hole(*origin),
                })
                .collect(),
        )
    }
}

/// Tells whether text is for people or browsers: no name, verb, path or URL has such characters.
fn is_prose(text: &str) -> bool {
    let is_of_prose = |byte| matches!(byte, b' ' | b'\n' | b'\t' | b'<' | b'>');
    // A key for browsers in a header decides whether a request counts, an account for whom.
    let is_telling = || {
        text.contains("pk_live_")
            || text.contains("pk_test_")
            || matches!(text, "Bearer " | "Basic ")
            || text.starts_with("Authorization: ")
            || crate::extras::is_cost_text(text)
    };
    // Most texts are words.
    text.bytes().any(is_of_prose) && !is_telling()
}

/// A list, map or object literal.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Map {
    /// Entries whose key is known; positions of a list are `0`, `1`, ….
    pub(crate) entries: Fields,
    /// Entries whose key is not known, joined; never empty-but-open unless such entries exist.
    pub(crate) other: Value,
}

impl Map {
    /// Returns what stands under `key`.
    pub(crate) fn get(&self, key: &str) -> Value {
        match self.entries.get(key) {
            Some(value) => value.join(&self.other),
            None => self.other.clone(),
        }
    }

    /// Returns every element, joined.
    pub(crate) fn elements(&self) -> Value {
        self.entries
            .values()
            .fold(self.other.clone(), |sum, value| sum.join(value))
    }
}

/// An API object, or a part of one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Object {
    /// The SDK that it came through.
    pub(crate) sdk: SdkIndex,
    /// Its API name, for instance `payment_intent`.
    pub(crate) name: Name,
    /// Dotted path below it, where this is only a part; empty for the whole.
    pub(crate) path: Name,
    /// First part of the path that it was found under, for instance `customers` for a card.
    pub(crate) parent: Option<Name>,
    /// Whether it came through a class of the SDK's first generation (`Stripe_Charge`).
    pub(crate) legacy: bool,
}

/// Who named an operation of an SDK.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Naming {
    /// Who named the service or class.
    pub(crate) resource: Origin,
    /// Who named the method.
    pub(crate) operation: Origin,
}

impl Naming {
    /// Returns where the whole name comes from.
    pub(crate) fn origin(self) -> Origin {
        self.resource.join(self.operation)
    }

    fn map(self, to: &dyn Fn(Origin) -> Origin) -> Self {
        Self {
            resource: to(self.resource),
            operation: to(self.operation),
        }
    }
}

/// A function with what it is bound to.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Callable {
    /// The function.
    pub(crate) function: FunctionId,
    /// The receiver.
    pub(crate) this: Option<Atom>,
    /// Values of the names that it takes from the function around it.
    pub(crate) captured: Env,
}

/// An instance of a class of the unit.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Instance {
    /// Its class.
    pub(crate) class: ClassId,
    /// Fields that its constructor set from its arguments.
    pub(crate) fields: Fields,
}

/// One thing that a value can be.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum Atom {
    Null,
    Bool(bool),
    Int(i64),
    Text(Text),
    Map(Held<Map>),
    /// What a caller handed in and this function cannot know.
    Param(Origin),
    Function(Held<Callable>),
    Class(ClassId),
    Instance(Held<Instance>),
    /// A file as a module.
    Module(FileId),
    /// The SDK as a module (`import stripe`), or its main class in JavaScript.
    Sdk(SdkIndex),
    /// A namespace or class below the SDK's module, dotted; PHP: a class relative to the root.
    SdkPath(SdkIndex, Name, Origin),
    /// A client.
    Client(SdkIndex),
    /// A service or group of services below a client, dotted.
    Service(SdkIndex, Name, Origin),
    /// A method of a service, not yet called.
    ServiceMethod(SdkIndex, Name, Name, Naming),
    /// A method of a class of the SDK, not yet called.
    ClassMethod(SdkIndex, Name, Name, Naming),
    Object(Rc<Object>),
    /// A list of API objects, or its `data`.
    List(Rc<Object>),
    /// A list that belongs to an object and can make requests: `$customer->sources`.
    Collection(Rc<Object>, Name),
    /// A method of such a list, not yet called.
    CollectionMethod(Rc<Object>, Name, Name),
    /// An instance of a class that is not in the unit and no HTTP client.
    Foreign,
    /// Something of a module that is not in the unit, dotted: `axios.post`.
    External(Name),
    /// An instance of a class that is not in the unit, with the base of its URLs.
    ExternalInstance(Name, Rc<Value>),
    /// A method of one, not yet called.
    ExternalMethod(Name, Name, Rc<Value>),
}

/// Values as another function sees them: by digest, openness, a mark for the change, and depth.
pub(crate) type Rebased = RefCell<HashMap<(u64, bool, Origin, usize), Value>>;

/// What is known of a value.
#[derive(Clone, Debug, Default)]
pub(crate) struct Value {
    /// What it can be; sorted, without repetition.
    pub(crate) atoms: Atoms,
    /// Whether it can also be something that is not known.
    pub(crate) open: bool,
    /// Whether no condition is decided by it: other code may have changed it.
    pub(crate) soft: bool,
    /// Where what it names comes from.
    origin: Origin,
    /// Where all that it is made of comes from.
    depends_on: Origin,
    /// Sum of the digests of `atoms`. Values are compared by it: they are keys of large tables, and
    /// deep.
    digest: u64,
}

impl PartialEq for Value {
    fn eq(&self, other: &Self) -> bool {
        self.digest == other.digest
            && self.open == other.open
            && self.soft == other.soft
            && self.atoms.len() == other.atoms.len()
    }
}

impl Eq for Value {}

impl PartialOrd for Value {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Value {
    fn cmp(&self, other: &Self) -> Ordering {
        let key = |value: &Self| (value.digest, value.open, value.soft, value.atoms.len());
        key(self).cmp(&key(other))
    }
}

impl Hash for Value {
    fn hash<H: Hasher>(&self, state: &mut H) {
        state.write_u64(self.digest ^ u64::from(self.open) ^ (u64::from(self.soft) << 1));
    }
}

impl Parts for Map {
    fn sum(&self, of: fn(&Value) -> Origin, _: fn(&Atom) -> Origin) -> Origin {
        self.entries
            .values()
            .fold(of(&self.other), |sum, value| sum.join(of(value)))
    }
}

impl Parts for Instance {
    fn sum(&self, of: fn(&Value) -> Origin, _: fn(&Atom) -> Origin) -> Origin {
        self.fields
            .values()
            .fold(Origin::HERE, |sum, value| sum.join(of(value)))
    }
}

impl Parts for Callable {
    fn sum(&self, of: fn(&Value) -> Origin, of_this: fn(&Atom) -> Origin) -> Origin {
        let this = self.this.as_ref().map(of_this).unwrap_or_default();
        self.captured
            .values()
            .fold(this, |sum, value| sum.join(of(value)))
    }
}

/// Returns all atoms of two sorted sets, sorted, and the sum of the digests of those that are in
/// `others` alone.
fn union(atoms: &[Atom], others: &[Atom]) -> (Vec<Atom>, u64) {
    let mut all = Vec::with_capacity(atoms.len() + others.len());
    let mut added = 0_u64;
    let mut atoms = atoms.iter().peekable();
    for other in others {
        while let Some(atom) = atoms.next_if(|atom| *atom < other) {
            all.push(atom.clone());
        }
        if atoms.peek() != Some(&other) {
            added = added.wrapping_add(digest(other));
            all.push(other.clone());
        }
    }
    all.extend(atoms.cloned());
    (all, added)
}

/// Most things that a value can be before it is just unknown as well.
const MAX_ATOMS: usize = 64;
/// How deep values nest inside values.
const MAX_DEPTH: usize = 4;

impl Value {
    /// No value: code that is never reached.
    pub(crate) fn never() -> Self {
        Self::default()
    }

    /// Any value.
    pub(crate) fn unknown() -> Self {
        Self {
            open: true,
            ..Self::default()
        }
    }

    fn make(atoms: Vec<Atom>, open: bool) -> Self {
        if atoms.is_empty() {
            return Self {
                open,
                ..Self::default()
            };
        }
        let mut value = Self {
            open,
            ..Self::default()
        };
        for atom in &atoms {
            value.digest = value.digest.wrapping_add(digest(atom));
            value.origin = value.origin.join(atom.origin());
            value.depends_on = value.depends_on.join(atom.depends_on());
        }
        value.atoms = atoms.into();
        value
    }

    /// Returns what tells it from values that can be other things, openness apart.
    pub(crate) fn digest(&self) -> u64 {
        self.digest
    }

    /// Returns it as one that is nothing but what is known.
    pub(crate) fn closed(self) -> Self {
        Self {
            open: false,
            ..self
        }
    }

    /// Returns it as one that decides no condition, if `soft`.
    pub(crate) fn softer(mut self, soft: bool) -> Self {
        self.soft |= soft;
        self
    }

    /// Returns what a call gives: code that never returns is not what a branch is decided by.
    pub(crate) fn or_soft(self) -> Self {
        let is_never = self.is_never();
        self.softer(is_never)
    }

    /// Returns what a condition leaves of `before`; if nothing, then `before` was something else, where
    /// that is possible.
    pub(crate) fn unless_gone(self, before: &Self) -> Self {
        if before.soft && !self.matters() {
            Self::unknown()
        } else {
            self
        }
    }

    pub(crate) fn of(atom: Atom) -> Self {
        Self {
            open: false,
            soft: false,
            origin: Origin::HERE.join(atom.origin()),
            depends_on: Origin::HERE.join(atom.depends_on()),
            digest: digest(&atom),
            atoms: Atoms::one(atom),
        }
    }

    pub(crate) fn text(text: impl Into<Name>) -> Self {
        Self::of(Atom::Text(Text::literal(text)))
    }

    pub(crate) fn map(map: Map) -> Self {
        Self::of(Atom::Map(Held::new(map)))
    }

    /// Makes a list of `elements`.
    pub(crate) fn list(elements: impl IntoIterator<Item = Self>) -> Self {
        let entries = elements
            .into_iter()
            .enumerate()
            .map(|(index, value)| (index.to_string().into(), value))
            .collect();
        Self::map(Map {
            entries,
            other: Self::never(),
        })
    }

    pub(crate) fn from_atoms(mut atoms: Vec<Atom>, open: bool) -> Self {
        atoms.sort_unstable();
        atoms.dedup();
        let open = open || atoms.len() > MAX_ATOMS;
        atoms.truncate(MAX_ATOMS);
        Self::make(atoms, open)
    }

    pub(crate) fn is_never(&self) -> bool {
        self.atoms.is_empty() && !self.open
    }

    /// Tells whether nothing is known of it.
    pub(crate) fn is_unknown(&self) -> bool {
        self.atoms
            .iter()
            .all(|atom| matches!(atom, Atom::Param(_) | Atom::Null))
            && (self.open || self.atoms.iter().any(|atom| matches!(atom, Atom::Param(_))))
    }

    pub(crate) fn join(&self, other: &Self) -> Self {
        if self == other {
            return self.clone();
        }
        let open = self.open || other.open;
        let soft = self.soft || other.soft;
        if other.atoms.is_empty() || self.atoms.is_same(&other.atoms) {
            return Self {
                open,
                soft,
                ..self.clone()
            };
        }
        if self.atoms.is_empty() {
            return Self {
                open,
                soft,
                ..other.clone()
            };
        }
        let is_full = self.atoms.len() == MAX_ATOMS;
        if is_full && self.atoms.last() < other.atoms.first() {
            return Self {
                open: true,
                soft,
                ..self.clone()
            };
        }
        let mut sum = Self {
            open,
            soft,
            origin: self.origin.join(other.origin),
            depends_on: self.depends_on.join(other.depends_on),
            digest: self.digest,
            atoms: Atoms::default(),
        };
        let (atoms, added) = union(&self.atoms, &other.atoms);
        if added == 0 {
            sum.atoms = self.atoms.clone();
            return sum;
        }
        if atoms.len() > MAX_ATOMS {
            return Self::make(atoms.into_iter().take(MAX_ATOMS).collect(), true).softer(soft);
        }
        sum.digest = sum.digest.wrapping_add(added);
        sum.atoms = atoms.into();
        sum
    }

    /// Returns it without the atoms that `drop` names.
    pub(crate) fn without(&self, drop: impl Fn(&Atom) -> bool) -> Self {
        if !self.atoms.iter().any(&drop) {
            return self.clone();
        }
        let kept = self.atoms.iter().filter(|atom| !drop(atom));
        Self::make(kept.cloned().collect(), self.open).softer(self.soft)
    }

    /// Makes one value of what `each` says about every atom; an open value stays open.
    pub(crate) fn flat_map(&self, mut each: impl FnMut(&Atom) -> Self) -> Self {
        if let (false, [atom]) = (self.open, self.atoms.as_slice()) {
            return each(atom).softer(self.soft);
        }
        let sum = if self.open {
            Self::unknown()
        } else {
            Self::never()
        };
        self.atoms
            .iter()
            .fold(sum.softer(self.soft), |sum, atom| sum.join(&each(atom)))
    }

    /// Returns the texts it can be; what is no text becomes one hole.
    pub(crate) fn texts(&self) -> Vec<Text> {
        let mut texts = Vec::new();
        let mut hole = None;
        for atom in self.atoms.iter() {
            match atom {
                Atom::Text(text) => texts.push(text.clone()),
                Atom::Int(number) => texts.push(Text::literal(number.to_string())),
                Atom::Null | Atom::Bool(_) => {}
                Atom::Param(origin) => {
                    hole = Some(hole.map_or(*origin, |sum: Origin| sum.join(*origin)));
                }
                _ => hole = Some(hole.unwrap_or(Origin::HERE)),
            }
        }
        // An empty text beside something unknown is the case where nothing was given.
        if self.open || hole.is_some() {
            texts.retain(|text| text.known().is_none_or(|known| !known.is_empty()));
        }
        if self.open && hole.is_none() && texts.is_empty() {
            hole = Some(Origin::HERE);
        }
        texts.extend(hole.map(Text::hole));
        texts
    }

    /// Returns the texts it can be that are known in full.
    pub(crate) fn known_texts(&self) -> Vec<String> {
        self.atoms
            .iter()
            .filter_map(|atom| match atom {
                Atom::Text(text) => text.known(),
                Atom::Int(number) => Some(number.to_string()),
                _ => None,
            })
            .collect()
    }

    /// Tells whether all that it can be is known text.
    pub(crate) fn is_known_text(&self) -> bool {
        !self.open
            && !self.atoms.is_empty()
            && self.atoms.iter().all(|atom| match atom {
                Atom::Text(text) => text.known().is_some(),
                Atom::Int(_) => true,
                _ => false,
            })
    }

    /// Returns where its pieces come from.
    pub(crate) fn origin(&self) -> Origin {
        self.origin
    }

    /// Returns where all that it is made of comes from.
    pub(crate) fn depends_on(&self) -> Origin {
        self.depends_on
    }

    /// Returns it with every origin changed by `to`, and every [`Atom::Param`] by `param`.
    pub(crate) fn rebase(
        &self,
        to: &dyn Fn(Origin) -> Origin,
        param: &dyn Fn(Origin) -> Self,
    ) -> Self {
        let fixed = to(Origin::HERE) == Origin::HERE;
        let known = Rebased::default();
        self.rebase_to_depth(to, param, (0, fixed), (&known, Origin::HERE))
    }

    /// Returns it as a function sees it that gets it from outside: all of it from `origin`.
    ///
    /// Large values are handed in again and again, so the result is kept in `known`.
    pub(crate) fn handed_in(&self, origin: Origin, known: &Rebased) -> Self {
        let param = |_| Self::of(Atom::Param(origin));
        self.rebase_to_depth(&|_| origin, &param, (0, false), (known, origin))
    }

    /// Returns it as a closure sees it that captured it.
    pub(crate) fn seen_by_closure(&self, known: &Rebased) -> Self {
        let mark = |origin: Origin| {
            if origin.is_here() {
                Origin::HERE
            } else {
                Origin::OUTER
            }
        };
        let param = |_| Self::of(Atom::Param(Origin::OUTER));
        let tag = Origin::OUTER.join(Origin::PROSE);
        self.rebase_to_depth(&mark, &param, (0, true), (known, tag))
    }

    fn rebase_to_depth(
        &self,
        to: &dyn Fn(Origin) -> Origin,
        param: &dyn Fn(Origin) -> Self,
        (depth, fixed): (usize, bool),
        (known, tag): (&Rebased, Origin),
    ) -> Self {
        let is_fixed = fixed && self.depends_on == Origin::HERE;
        if is_fixed || self.atoms.iter().all(Atom::is_plain) {
            return self.clone();
        }
        if depth > MAX_DEPTH {
            return Self::unknown();
        }
        // A value is often part of many others: each is changed once.
        let is_large = self.atoms.iter().any(Atom::has_parts);
        let key = (self.digest, self.open, tag, depth);
        if is_large && let Some(value) = known.borrow().get(&key) {
            return value.clone().softer(self.soft);
        }
        let inner =
            |value: &Self| value.rebase_to_depth(to, param, (depth + 1, fixed), (known, tag));
        let mut atoms = Vec::with_capacity(self.atoms.len());
        let mut rest = Self::never();
        for atom in self.atoms.iter() {
            match atom {
                Atom::Param(origin) => rest = rest.join(&param(*origin)),
                _ => atoms.push(atom.rebase(to, &inner)),
            }
        }
        let value = Self::from_atoms(atoms, self.open).join(&rest);
        if is_large {
            known.borrow_mut().insert(key, value.clone());
        }
        value.softer(self.soft)
    }

    /// Tells whether knowing it can change which requests a function makes.
    pub(crate) fn matters(&self) -> bool {
        !self.atoms.is_empty()
    }
}

impl Atom {
    /// Tells whether it neither carries an origin nor holds other values.
    fn is_plain(&self) -> bool {
        matches!(
            self,
            Self::Null
                | Self::Bool(_)
                | Self::Int(_)
                | Self::Class(_)
                | Self::Module(_)
                | Self::Sdk(_)
                | Self::Client(..)
                | Self::Object(_)
                | Self::List(_)
                | Self::Collection(..)
                | Self::CollectionMethod(..)
                | Self::External(_)
                | Self::Foreign
        )
    }

    /// Tells whether it holds other values.
    fn has_parts(&self) -> bool {
        matches!(
            self,
            Self::Map(_) | Self::Instance(_) | Self::Function(_) | Self::ExternalInstance(..)
        )
    }

    pub(crate) fn origin(&self) -> Origin {
        match self {
            Self::Text(text) => text.origin(),
            Self::Map(map) => map.origin(),
            Self::Instance(instance) => instance.origin(),
            Self::Function(callable) => callable.origin(),
            Self::ExternalInstance(_, base) | Self::ExternalMethod(_, _, base) => base.origin(),
            _ => self.own_origin(),
        }
    }

    pub(crate) fn depends_on(&self) -> Origin {
        match self {
            Self::Text(text) => text.depends_on(),
            Self::Map(map) => map.depends_on(),
            Self::Instance(instance) => instance.depends_on(),
            Self::Function(callable) => callable.depends_on(),
            Self::ExternalInstance(_, base) | Self::ExternalMethod(_, _, base) => base.depends_on(),
            _ => self.own_origin(),
        }
    }

    fn own_origin(&self) -> Origin {
        match self {
            Self::Param(origin) | Self::SdkPath(_, _, origin) | Self::Service(_, _, origin) => {
                *origin
            }
            Self::ServiceMethod(_, _, _, naming) | Self::ClassMethod(_, _, _, naming) => {
                naming.origin()
            }
            _ => Origin::HERE,
        }
    }

    fn rebase(&self, to: &dyn Fn(Origin) -> Origin, inner: &dyn Fn(&Value) -> Value) -> Self {
        let all = |map: &Fields| {
            map.iter()
                .map(|(name, value)| (name.clone(), inner(value)))
                .collect()
        };
        match self {
            Self::Text(text) => Self::Text(text.map_origin(to)),
            Self::SdkPath(sdk, path, origin) => Self::SdkPath(*sdk, path.clone(), to(*origin)),
            Self::Service(sdk, path, origin) => Self::Service(*sdk, path.clone(), to(*origin)),
            Self::ServiceMethod(sdk, path, method, naming) => {
                Self::ServiceMethod(*sdk, path.clone(), method.clone(), naming.map(to))
            }
            Self::ClassMethod(sdk, class, method, naming) => {
                Self::ClassMethod(*sdk, class.clone(), method.clone(), naming.map(to))
            }
            Self::Map(map) => Self::Map(Held::new(Map {
                entries: all(&map.entries),
                other: inner(&map.other),
            })),
            Self::Instance(instance) => Self::Instance(Held::new(Instance {
                class: instance.class,
                fields: all(&instance.fields),
            })),
            Self::Function(callable) => Self::Function(Held::new(Callable {
                function: callable.function,
                this: callable.this.as_ref().map(|this| this.rebase(to, inner)),
                captured: callable
                    .captured
                    .iter()
                    .map(|(name, value)| (name.clone(), inner(value)))
                    .collect(),
            })),
            Self::ExternalInstance(class, base) => {
                Self::ExternalInstance(class.clone(), Rc::new(inner(base)))
            }
            Self::ExternalMethod(class, method, base) => {
                Self::ExternalMethod(class.clone(), method.clone(), Rc::new(inner(base)))
            }
            other => other.clone(),
        }
    }

    /// Tells whether it is something of Stripe, or an HTTP client.
    pub(crate) fn is_of_stripe(&self) -> bool {
        matches!(
            self,
            Self::Sdk(_)
                | Self::SdkPath(..)
                | Self::Client(..)
                | Self::Service(..)
                | Self::ServiceMethod(..)
                | Self::ClassMethod(..)
                | Self::Object(_)
                | Self::List(_)
                | Self::Collection(..)
                | Self::CollectionMethod(..)
                | Self::ExternalInstance(..)
                | Self::ExternalMethod(..)
        )
    }

    /// Tells how it counts in a condition, where that is known.
    pub(crate) fn truth(&self) -> Option<bool> {
        match self {
            Self::Null => Some(false),
            Self::Bool(truth) => Some(*truth),
            Self::Int(number) => Some(*number != 0),
            Self::Text(text) => match text.known() {
                Some(known) => Some(!known.is_empty()),
                None => text
                    .0
                    .iter()
                    .any(|piece| matches!(piece, Piece::Literal(part, _) if !part.is_empty()))
                    .then_some(true),
            },
            Self::Function(_) | Self::Class(_) | Self::Module(_) => Some(true),
            // What the API returns, and what a declared type promises, may not be there.
            _ => None,
        }
    }
}
