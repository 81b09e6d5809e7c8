//! Notes which functions use which, while functions are run.
//!
//! What a function uses says nothing about whether the function itself is used; that is decided in
//! [`mod@crate::liveness`] when everything has been run.

use std::collections::BTreeSet;

use model::Name;

use crate::hashing::{HashMap, HashSet};
use crate::{
    evaluator::{Evaluator, Frame},
    program::{ClassId, FunctionId, Program},
    value::{Atom, Value},
};

/// A function, and the class of the receiver that it is run on.
///
/// Methods are told apart by receiver, because what a base class does is done only for those
/// subclasses on which it is called. Closures count as part of the function that they are written in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Node {
    pub(crate) function: FunctionId,
    pub(crate) class: Option<ClassId>,
}

/// What one function uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Used {
    /// Functions that it calls, or takes as values.
    pub(crate) nodes: BTreeSet<Node>,
    /// Names of methods and properties that it reaches on receivers of which nothing is known.
    pub(crate) names: BTreeSet<Name>,
    /// Classes of which it calls a method whose name is known only when the program runs.
    pub(crate) any_of: BTreeSet<ClassId>,
    /// Names of classes that it makes or calls, with holes for what is not known.
    pub(crate) class_names: BTreeSet<Name>,
}

/// Functions, each with those that use it, in no order.
pub(crate) type Users = HashMap<Node, Vec<Node>>;

/// What one run notes of who uses what.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Use {
    /// A function is run.
    Run(Node),
    /// A function, the first, calls another or takes it as a value.
    Function(Node, Node),
    /// A function reaches a member of this name on a receiver of which nothing is known.
    Name(Node, Name),
    /// A function calls a method of a class whose name is known only when the program runs.
    AnyOf(Node, ClassId),
    /// A function makes or calls a class of this name, with holes for what is not known.
    ClassName(Node, Name),
    /// A function is not run to its end.
    CutShort(FunctionId),
}

/// What every function that was run uses.
#[derive(Clone, Debug, Default)]
pub(crate) struct Usage {
    of: HashMap<Node, Used>,
    /// Functions that were not run to their end.
    cut_short: HashSet<FunctionId>,
}

impl Node {
    /// Returns the node of a function that is run on `this`.
    pub(crate) fn new(program: &Program<'_>, function: FunctionId, this: Option<&Atom>) -> Self {
        let function = program.outermost(function);
        let own = program.function(function).class.map(|class| ClassId {
            file: function.file,
            index: class.0,
        });
        let class = own.map(|own| match this {
            Some(Atom::Instance(instance)) => instance.class,
            Some(Atom::Class(class)) => *class,
            _ => own,
        });
        Self { function, class }
    }
}

impl Used {
    fn absorb(&mut self, other: Self) {
        self.nodes.extend(other.nodes);
        self.names.extend(other.names);
        self.any_of.extend(other.any_of);
        self.class_names.extend(other.class_names);
    }
}

impl Usage {
    /// Takes over what a run noted.
    pub(crate) fn note(&mut self, seen: Use) {
        match seen {
            Use::Run(node) => {
                self.used(node);
            }
            Use::Function(by, node) => {
                self.used(by).nodes.insert(node);
            }
            Use::Name(by, name) => {
                self.used(by).names.insert(name);
            }
            Use::AnyOf(by, class) => {
                self.used(by).any_of.insert(class);
            }
            Use::ClassName(by, name) => {
                self.used(by).class_names.insert(name);
            }
            Use::CutShort(function) => {
                self.cut_short.insert(function);
            }
        }
    }

    /// Returns what a function uses; `None` where it was not run, or not to its end.
    pub(crate) fn of(&self, node: Node) -> Option<&Used> {
        if self.cut_short.contains(&node.function) {
            return None;
        }
        self.of.get(&node)
    }

    /// Lists for each function those that use it.
    pub(crate) fn users(&self) -> Users {
        let mut users = Users::default();
        let used = self.of.iter();
        let pairs = used.flat_map(|(user, used)| used.nodes.iter().map(|node| (*node, *user)));
        pairs.for_each(|(node, user)| users.entry(node).or_default().push(user));
        users
    }

    fn used(&mut self, node: Node) -> &mut Used {
        self.of.entry(node).or_default()
    }
}

impl Evaluator<'_> {
    /// Returns what a method of an abstract class uses on its subclasses, for which alone it is run.
    pub(crate) fn used_by_subclasses(&self, usage: &Usage, node: Node) -> Option<Used> {
        let class = node
            .class
            .filter(|class| self.is_left_to_subclasses(*class))?;
        let mut all: Option<Used> = None;
        for below in self.subclasses.get(&class).into_iter().flatten() {
            let class = Some(*below);
            if let Some(used) = usage.of(Node { class, ..node }) {
                all.get_or_insert_default().absorb(used.clone());
            }
        }
        all
    }

    /// Notes that the running function uses another.
    pub(crate) fn note_function(
        &mut self,
        frame: &Frame,
        function: FunctionId,
        this: Option<&Atom>,
    ) {
        let node = Node::new(self.program, function, this);
        if node != frame.node {
            self.notes.note_use(Use::Function(frame.node, node));
        }
    }

    /// Notes the functions among what the running function has in its hands.
    pub(crate) fn note_value(&mut self, frame: &Frame, value: &Value) {
        for atom in value.atoms.iter() {
            if let Atom::Function(callable) = atom {
                self.note_function(frame, callable.function, callable.this.as_ref());
            }
        }
    }

    /// Notes that a member is reached on `receiver`, where that does not say whose it is.
    pub(crate) fn note_member(&mut self, frame: &Frame, receiver: &Value, name: &Name) {
        let is_unclear = |atom: &Atom| {
            matches!(
                atom,
                Atom::Param(_) | Atom::Foreign | Atom::Text(_) | Atom::External(_)
            )
        };
        if receiver.open || receiver.atoms.is_empty() || receiver.atoms.iter().any(is_unclear) {
            self.notes.note_use(Use::Name(frame.node, name.clone()));
        }
    }

    /// Notes a class that is used by a name of which only a part is known.
    pub(crate) fn note_class_name(&mut self, frame: &Frame, class: &Value) {
        for atom in class.atoms.iter() {
            if let Atom::Text(text) = atom
                && text.known().is_none()
            {
                let name = text.template().into();
                self.notes.note_use(Use::ClassName(frame.node, name));
            }
        }
    }

    /// Notes that some method of `receiver` is reached.
    pub(crate) fn note_any_member(&mut self, frame: &Frame, receiver: &Value) {
        for atom in receiver.atoms.iter() {
            let class = match atom {
                Atom::Instance(instance) => instance.class,
                Atom::Class(class) => *class,
                _ => continue,
            };
            self.notes.note_use(Use::AnyOf(frame.node, class));
        }
    }
}
