//! What functions inside functions see of the names around them.
//!
//! A closure remembers what it, the functions in it, and the neighbours that it calls by name read; not
//! what else stands in a large function around it.

use std::{cell::RefCell, collections::BTreeSet, rc::Rc};

use model::{
    Name,
    facts::{ExprKind, FileFacts, FunctionIndex, Stmt},
};

use crate::hashing::{HashMap, HashSet};
use crate::{
    program::{FunctionId, Program},
    turns::{self, Effects},
    visit::{self, Reads},
};

/// Functions declared in functions, and the names that each function reads and assigns; computed when asked for.
pub(crate) struct Scopes<'a> {
    program: &'a Program<'a>,
    declared: RefCell<HashMap<FunctionId, Rc<HashMap<Name, FunctionId>>>>,
    reads: RefCell<HashMap<FunctionId, Rc<Reads>>>,
    assigned: RefCell<HashMap<FunctionId, Rc<[Name]>>>,
    free: RefCell<HashMap<FunctionId, Rc<BTreeSet<Name>>>>,
    /// By the place of the statement: all of them are of the program.
    effects: RefCell<HashMap<*const Stmt, Rc<Effects>>>,
}

impl<'a> Scopes<'a> {
    pub(crate) fn new(program: &'a Program<'a>) -> Self {
        Self {
            program,
            declared: RefCell::default(),
            reads: RefCell::default(),
            assigned: RefCell::default(),
            free: RefCell::default(),
            effects: RefCell::default(),
        }
    }

    /// Returns the names that a closure of `function` has to remember; `None` where it has nothing around
    /// it.
    pub(crate) fn free_names(&self, function: FunctionId) -> Option<Rc<BTreeSet<Name>>> {
        if function.index == 0 {
            return None;
        }
        if let Some(names) = self.free.borrow().get(&function) {
            return Some(Rc::clone(names));
        }
        let names = Rc::new(self.names_needed(function));
        let mut free = self.free.borrow_mut();
        free.insert(function, Rc::clone(&names));
        Some(names)
    }

    /// Collects what a function, those in it, and those that it calls by name read.
    fn names_needed(&self, function: FunctionId) -> BTreeSet<Name> {
        let facts = self.program.function(function);
        let is_outermost = facts.parent == Some(FunctionIndex(0)) || facts.class.is_some();
        let mut names = BTreeSet::new();
        let mut todo = vec![function];
        let mut seen: HashSet<FunctionId> = HashSet::default();
        while let Some(at) = todo.pop() {
            if !seen.insert(at) {
                continue;
            }
            let reads = self.reads(at);
            let inside = reads.functions.iter().map(|index| FunctionId {
                file: at.file,
                index: index.0,
            });
            todo.extend(inside);
            // A function with nothing but the module around it gets its own names when it runs.
            if is_outermost && at == function {
                continue;
            }
            for name in &reads.names {
                if names.insert(name.clone())
                    && let Some(neighbour) = self.declared_around(function, name)
                {
                    todo.push(neighbour);
                }
            }
        }
        names
    }

    /// Lists the names that a function assigns.
    pub(crate) fn assigned(&self, function: FunctionId) -> Rc<[Name]> {
        let mut known = self.assigned.borrow_mut();
        let assigned = known.entry(function).or_insert_with(|| {
            let mut names = Vec::new();
            visit::assignments(&self.program.function(function).body, &mut |target| {
                if let ExprKind::Name(name) = &target.kind {
                    names.push(name.clone());
                }
            });
            names.into()
        });
        Rc::clone(assigned)
    }

    /// Says what a statement of a function takes from its names, and leaves in them.
    pub(crate) fn effects(&self, function: FunctionId, statement: &Stmt) -> Rc<Effects> {
        let place = std::ptr::from_ref(statement);
        if let Some(known) = self.effects.borrow().get(&place) {
            return Rc::clone(known);
        }
        let effects = Rc::new(turns::effects(self, function, statement));
        self.effects.borrow_mut().insert(place, Rc::clone(&effects));
        effects
    }

    fn reads(&self, function: FunctionId) -> Rc<Reads> {
        let mut known = self.reads.borrow_mut();
        let reads = known.entry(function).or_insert_with(|| {
            let function = self.program.function(function);
            Rc::new(visit::reads(function))
        });
        Rc::clone(reads)
    }

    /// Finds a function declared in one of the functions around `function`, or in it.
    pub(crate) fn declared_around(&self, function: FunctionId, name: &str) -> Option<FunctionId> {
        let mut at = function;
        while at.index != 0 {
            if let Some(found) = self.declared_in(at).get(name) {
                return Some(*found);
            }
            at.index = self.program.function(at).parent?.0;
        }
        None
    }

    fn declared_in(&self, function: FunctionId) -> Rc<HashMap<Name, FunctionId>> {
        let mut known = self.declared.borrow_mut();
        let declared = known.entry(function).or_insert_with(|| {
            Rc::new(self.index_declared(self.program.file(function.file), function))
        });
        Rc::clone(declared)
    }

    fn index_declared(&self, facts: &FileFacts, function: FunctionId) -> HashMap<Name, FunctionId> {
        let mut inside = Vec::new();
        visit::declared_inside(&self.program.function(function).body, &mut inside);
        let mut declared = HashMap::default();
        for index in inside {
            if let Some(inner) = facts.functions.get(index.0 as usize) {
                let id = FunctionId {
                    file: function.file,
                    index: index.0,
                };
                declared.entry(inner.name.clone()).or_insert(id);
            }
        }
        declared
    }
}
