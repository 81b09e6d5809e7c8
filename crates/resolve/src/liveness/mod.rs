//! Which functions the running program can reach.
//!
//! Starts from what the world outside calls (module bodies, hooks, routes, what a framework finds by
//! its base class) and follows what [`crate::usage`] noted. Where nothing is known of a receiver,
//! methods are followed by name, so the answer is too large rather than too small: a request that is
//! called unreferenced has no caller that could be found by any of these ways.

mod index;
mod named;
mod plain;
mod search;

use std::collections::BTreeSet;

use model::{Name, evidence::Tier};

use crate::{
    evaluator::Evaluator,
    hashing::HashSet,
    program::FunctionId,
    reach::last,
    usage::{Node, Users},
};

pub(crate) use self::index::Index;
use self::search::Search;

/// The functions that the program can reach.
#[derive(Debug, Default)]
pub(crate) struct Liveness {
    /// In normal operation.
    required: HashSet<Node>,
    /// At all.
    live: HashSet<Node>,
}

impl Liveness {
    /// Follows the program from its entries; `mentioned` are names that other code is known to use.
    ///
    /// `quoted` are names of methods that code of the unit hands to something that calls them.
    pub(crate) fn new(
        evaluator: &mut Evaluator<'_>,
        index: &Index,
        mentioned: &BTreeSet<Name>,
        quoted: &BTreeSet<Name>,
    ) -> Self {
        let usage = std::mem::take(&mut evaluator.usage);
        let mut search = Search::new(evaluator, &usage, index);
        search.start();
        for name in mentioned {
            if let Some(folder) = name.strip_suffix('\\') {
                search.make_in(folder);
            } else {
                search.mention(name);
                search.call_name(name);
            }
        }
        for name in quoted {
            search.call_name(name);
        }
        search.run();
        search.start_unmentioned();
        search.run();
        let required = search.live.clone();
        search.with_one_off = true;
        for node in std::mem::take(&mut search.deferred) {
            search.reach(node);
        }
        search.run();
        let live = search.live;
        evaluator.usage = usage;
        Self { required, live }
    }

    /// Lists the names by which code that was not read could reach requests that seem unreferenced.
    pub(crate) fn names_in_doubt(
        &self,
        evaluator: &Evaluator<'_>,
        users: &Users,
    ) -> BTreeSet<Name> {
        let program = evaluator.program;
        let mut seen: BTreeSet<Node> = evaluator
            .found
            .nodes()
            .filter(|node| self.tier(*node) == Tier::Unreferenced)
            .collect();
        let mut todo: Vec<Node> = seen.iter().copied().collect();
        while let Some(node) = todo.pop() {
            for user in users.get(&node).into_iter().flatten() {
                if !self.live.contains(user) && seen.insert(*user) {
                    todo.push(*user);
                }
            }
        }
        let mut names = BTreeSet::new();
        for node in seen {
            names.insert(last(&program.function(node.function).name).into());
            let Some(class) = node.class else { continue };
            let facts = program.class(class);
            names.insert(last(&facts.name).into());
            names.extend(folder_of(&facts.name).map(|folder| Name::from(format!("{folder}\\"))));
            // A method that is called from afar may lead to the others.
            let methods = facts.methods.iter().map(|method| FunctionId {
                file: class.file,
                index: method.0,
            });
            let class = Some(class);
            let unreached = methods.filter(|function| {
                let function = *function;
                !self.live.contains(&Node { function, class })
            });
            names.extend(unreached.map(|method| program.function(method).name.clone()));
        }
        names.retain(|name: &Name| name.len() > SHORTEST);
        names
    }

    /// Lists the functions that the program can reach, on some receiver.
    pub(crate) fn functions(&self) -> HashSet<FunctionId> {
        self.live.iter().map(|node| node.function).collect()
    }

    /// Says how needed a line is that belongs to a function.
    pub(crate) fn tier(&self, node: Node) -> Tier {
        if self.required.contains(&node) {
            Tier::Required
        } else if self.live.contains(&node) {
            Tier::OneOff
        } else {
            Tier::Unreferenced
        }
    }
}

/// Names that no reader would search for: they stand everywhere.
const SHORTEST: usize = 2;
/// How long a name is that means one thing.
const TELLING: usize = 12;

/// Tells whether a name is long enough to mean one thing.
pub(crate) fn is_telling_name(name: &str) -> bool {
    name.trim_matches('_').contains('_') || name.len() >= TELLING
}

/// Returns the last part of the namespace that a class is in.
fn folder_of(class: &str) -> Option<&str> {
    let (namespace, _) = class.rsplit_once('\\')?;
    Some(last(namespace))
}
