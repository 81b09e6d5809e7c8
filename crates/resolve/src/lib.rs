//! Finds the requests that the code of one unit makes.
//!
//! One abstract interpreter over language-neutral facts. Deliberately knows no grammar, no YAML and
//! no disk.

mod accounts;
mod apart;
mod atoms;
mod budget;
mod builtin;
mod calls;
mod class_aliases;
mod classes;
mod closures;
mod curl;
mod declared;
mod decorated;
mod describe;
mod enums;
mod env;
mod evaluator;
mod expressions;
mod external;
mod extras;
mod field_values;
mod fields;
mod found;
mod given_fields;
mod hashing;
mod held;
mod links;
mod liveness;
mod loose;
mod members;
mod modules;
mod names;
mod naming;
mod narrowing;
mod once;
mod own_resource;
mod passing;
mod program;
mod quoted;
mod reach;
mod recorder;
mod request;
mod runs;
mod scopes;
mod sdk;
mod specs;
mod standing;
mod statements;
mod table;
mod telling;
mod trace;
mod turns;
mod twins;
mod usage;
mod value;
mod verbs;
mod visit;
mod why;

use std::collections::BTreeSet;

use model::{Name, api::Catalog, evidence::Resolution, facts::FunctionKind, unit::UnitFacts};

pub use crate::{
    links::{Finder, links},
    trace::trace,
};

use crate::{
    evaluator::Evaluator, liveness::Liveness, loose::Loose, program::Program, quoted::Quoted,
    reach::Reach,
};

/// How often everything is run again because a field or variable turned out to hold more.
const MAX_ROUNDS: usize = 16;

/// Says which Stripe requests the code of `unit` makes, and what could not be resolved.
///
/// Where it seems that nothing calls some code, `mentioned` is asked which of a few names stand in
/// files of the unit that are not among its facts.
#[must_use]
pub fn resolve(
    unit: &UnitFacts,
    catalog: &Catalog,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> Resolution {
    resolve_and(unit, catalog, mentioned, false)
}

/// Says the same, for a program that ends soon: what the analysis made is left to the system to free.
///
/// The analysis of a large plugin makes a million small things, and freeing each takes a twentieth of its
/// time.
#[must_use]
pub fn resolve_last(
    unit: &UnitFacts,
    catalog: &Catalog,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> Resolution {
    resolve_and(unit, catalog, mentioned, true)
}

fn resolve_and(
    unit: &UnitFacts,
    catalog: &Catalog,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
    is_last: bool,
) -> Resolution {
    let program = Program::new(unit, catalog);
    let (reach, loose) = rayon::join(|| Reach::new(&program), || Loose::new(&program));
    if reach.is_empty() {
        return Resolution::default();
    }
    let mut texts = None;
    let mut evaluator = rayon::in_place_scope(|scope| {
        // What only the text of the unit says is read beside.
        scope.spawn(|_| texts = Some(Texts::new(&program)));
        let mut evaluator = Evaluator::new(&program, &reach, loose);
        evaluate(&mut evaluator);
        evaluator
    });
    let texts = texts.unwrap_or_else(|| Texts::new(&program));
    let resolution = resolution(&mut evaluator, &texts, mentioned);
    if is_last {
        std::mem::forget(evaluator);
        std::mem::forget(texts);
    }
    resolution
}

/// What the text of a unit says of who calls what, whatever is found when it is run.
struct Texts {
    index: liveness::Index,
    quoted: Quoted,
}

impl Texts {
    fn new(program: &Program<'_>) -> Self {
        Self {
            index: liveness::Index::new(program),
            quoted: Quoted::new(program),
        }
    }
}

/// How often code that is called by a name in quotes is searched for more such names.
const MAX_QUOTED: usize = 4;

/// Runs everything until nothing changes.
fn evaluate(evaluator: &mut Evaluator<'_>) {
    evaluator.index_subclasses();
    for round in 1..=MAX_ROUNDS {
        evaluator.start_round();
        run_all(evaluator);
        if !evaluator.changed || evaluator.is_exhausted() {
            break;
        }
        if round == MAX_ROUNDS || evaluator.budget.ends_here() {
            evaluator.leave_unsettled();
            break;
        }
    }
    evaluator.gather();
}

/// Sums up what was found, once everything has been run.
fn resolution(
    evaluator: &mut Evaluator<'_>,
    texts: &Texts,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> Resolution {
    evaluator.found.close();
    evaluator.found.close_specs();
    let liveness = liveness(evaluator, texts, mentioned);
    std::mem::take(&mut evaluator.found)
        .into_resolution(&|node| liveness.tier(node), &evaluator.program.borrowed())
}

/// Says which functions the program can reach.
fn liveness(
    evaluator: &mut Evaluator<'_>,
    texts: &Texts,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> Liveness {
    let nothing = BTreeSet::new();
    let index = &texts.index;
    let mut liveness = Liveness::new(evaluator, index, &nothing, &nothing);
    let users = evaluator.usage.users();
    let in_doubt = liveness.names_in_doubt(evaluator, &users);
    if in_doubt.is_empty() {
        return liveness;
    }
    let found = mentioned(&in_doubt);
    if !found.is_empty() {
        liveness = Liveness::new(evaluator, index, &found, &nothing);
    }
    // What is called by a name in quotes can hold names itself.
    let mut quoted = BTreeSet::new();
    for _ in 0..MAX_QUOTED {
        let in_doubt = liveness.names_in_doubt(evaluator, &users);
        let more = texts.quoted.names_called(&liveness.functions(), &in_doubt);
        if more.is_subset(&quoted) {
            break;
        }
        quoted.extend(more);
        liveness = Liveness::new(evaluator, index, &found, &quoted);
    }
    liveness
}

/// Runs every file, every function, and every inherited method for the class that inherits it.
fn run_all(evaluator: &mut Evaluator<'_>) {
    let program = evaluator.program;
    let reach = evaluator.reach;
    for (file, _) in program.files() {
        if reach.contains(program::FunctionId { file, index: 0 }) {
            evaluator.run_module(file);
        }
    }
    // What constructors put into fields is read by all the rest.
    for class in program.classes() {
        if program.is_concrete(class)
            && let Some(function) = evaluator.constructor(class)
            && reach.contains(function)
        {
            evaluator.run_open(function, Some(class));
        }
    }
    for function in program.entry_functions() {
        if !reach.contains(function) {
            continue;
        }
        let class = program.class_around(function);
        if class.is_some_and(|class| evaluator.is_left_to_subclasses(class)) {
            continue;
        }
        evaluator.run_open(function, class);
    }
    for class in program.classes() {
        if !program.is_concrete(class) {
            continue;
        }
        evaluator.run_field_values(class);
        for base in evaluator.lineage(class).iter().copied().skip(1) {
            for method in &program.class(base).methods {
                let method = program::FunctionId {
                    file: base.file,
                    index: method.0,
                };
                if !reach.contains(method) {
                    continue;
                }
                let function = program.function(method);
                let is_own = evaluator.method(class, &function.name) == Some(method);
                if is_own && function.kind != FunctionKind::Setter {
                    evaluator.run_open(method, Some(class));
                }
            }
        }
    }
}
