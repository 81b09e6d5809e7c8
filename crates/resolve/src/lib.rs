//! Finds the requests that the code of one unit makes.
//!
//! One abstract interpreter over language-neutral facts. Deliberately knows no grammar, no YAML and
//! no disk.

mod builtin;
mod calls;
mod classes;
mod curl;
mod describe;
mod env;
mod evaluator;
mod expressions;
mod found;
mod members;
mod modules;
mod names;
mod program;
mod reach;
mod recorder;
mod request;
mod sdk;
mod statements;
mod trace;
mod value;
mod visit;
mod why;

use model::{api::Catalog, evidence::Resolution, facts::FunctionKind, unit::UnitFacts};

pub use crate::trace::trace;

use crate::{evaluator::Evaluator, program::Program, reach::Reach};

/// How often everything is run again because a field or variable turned out to hold more.
const MAX_ROUNDS: usize = 4;

/// Says which Stripe requests the code of `unit` makes, and what could not be resolved.
#[must_use]
pub fn resolve(unit: &UnitFacts, catalog: &Catalog) -> Resolution {
    let program = Program::new(unit, catalog);
    let reach = Reach::new(&program);
    if reach.is_empty() {
        return Resolution::default();
    }
    let mut evaluator = Evaluator::new(&program, &reach);
    evaluate(&mut evaluator);
    evaluator.found.into_resolution()
}

/// Runs everything until nothing changes.
fn evaluate(evaluator: &mut Evaluator<'_>) {
    evaluator.index_subclasses();
    for _ in 0..MAX_ROUNDS {
        evaluator.start_round();
        run_all(evaluator);
        if !evaluator.changed || evaluator.is_exhausted() {
            break;
        }
    }
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
    for function in program.entry_functions() {
        if !reach.contains(function) {
            continue;
        }
        let class = program.class_around(function);
        evaluator.run_open(function, class);
    }
    for class in program.classes() {
        if !program.is_concrete(class) {
            continue;
        }
        for base in evaluator.lineage(class).into_iter().skip(1) {
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
