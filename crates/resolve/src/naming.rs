//! Which lines name a request.
//!
//! The name of a request is put together: a table holds the class and a loop calls its method, a
//! constant holds the beginning of a URL and a function adds the end. Each [`Part`] remembers where it
//! was written, so that a reader is shown those lines, and not every wrapper between them.

use std::collections::BTreeSet;

use model::{
    Name,
    source::{Location, Span},
};

use crate::{
    evaluator::{Evaluator, Frame},
    found::Pending,
    value::{Atom, Callable, Naming, Origin, Piece, Value},
};

/// A part of the name of a request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Part {
    /// What is written.
    name: Name,
    /// Who wrote it.
    pub(crate) origin: Origin,
}

/// The lines that show a request.
#[derive(Clone, Debug)]
pub(crate) struct Evidence {
    /// The line that made it concrete; within a call of several lines, the one with the name.
    pub(crate) location: Location,
    /// Lines elsewhere that write a part of its name.
    pub(crate) others: BTreeSet<Location>,
}

impl Evidence {
    /// Makes the evidence of what only one line shows.
    pub(crate) fn at(location: Location) -> Self {
        Self {
            location,
            others: BTreeSet::new(),
        }
    }
}

/// Lines this near to the evidence are seen with it and are not listed.
const NEARBY: u32 = 3;

/// How deep an argument is searched for the text that became part of a name.
const MAX_DEPTH: usize = 3;

impl Part {
    pub(crate) fn new(name: &str, origin: Origin) -> Self {
        Self {
            name: name.into(),
            origin,
        }
    }

    /// Returns who wrote the part, as the caller of the function sees it.
    pub(crate) fn at_caller(&self, callable: &Callable, given: &[Option<Value>]) -> Origin {
        if self.origin.is_here() {
            return self.origin;
        }
        let mut leaves = Vec::new();
        for value in self.origin.params().filter_map(|index| given.get(index)) {
            leaves_of(value.iter(), 0, &mut leaves);
        }
        if let (true, Some(Atom::Instance(this))) = (self.origin.has_this(), &callable.this) {
            leaves_of(this.fields.values(), 0, &mut leaves);
        }
        if self.origin.is_outer() {
            leaves_of(callable.captured.values(), 0, &mut leaves);
        }
        self.best_of(&leaves)
    }

    /// Returns the origin of the text that is most like the part.
    fn best_of(&self, leaves: &[(String, Origin)]) -> Origin {
        let own = letters(&self.name);
        let likeness = |name: &str| {
            if *name == own {
                usize::MAX
            } else if own.contains(name) {
                name.len()
            } else if name.contains(&own) {
                own.len()
            } else {
                0
            }
        };
        let best = leaves.iter().map(|(name, _)| likeness(name)).max();
        let alike = leaves
            .iter()
            .filter(|(name, _)| likeness(name) > 2 && Some(likeness(name)) == best);
        let first = alike.clone().next().map(|(_, origin)| *origin);
        alike.fold(first.unwrap_or_default(), |sum, (_, origin)| {
            sum.earlier(*origin)
        })
    }
}

/// Gathers the names in values with who wrote them.
fn leaves_of<'v>(
    values: impl Iterator<Item = &'v Value>,
    depth: usize,
    leaves: &mut Vec<(String, Origin)>,
) {
    for atom in values.flat_map(|value| value.atoms.iter()) {
        match atom {
            Atom::Text(text) => {
                for piece in text.0.iter() {
                    if let Piece::Literal(name, origin) = piece {
                        leaves.push((letters(name), *origin));
                    }
                }
            }
            Atom::SdkPath(_, name, origin) | Atom::Service(_, name, origin) => {
                leaves.push((letters(name), *origin));
            }
            Atom::ServiceMethod(_, path, name, naming)
            | Atom::ClassMethod(_, path, name, naming) => {
                leaves.push((letters(path), naming.resource));
                leaves.push((letters(name), naming.operation));
            }
            Atom::Map(map) if depth < MAX_DEPTH => {
                leaves_of(map.entries.values(), depth + 1, leaves);
            }
            Atom::Instance(instance) if depth < MAX_DEPTH => {
                leaves_of(instance.fields.values(), depth + 1, leaves);
            }
            Atom::ExternalInstance(_, base) | Atom::ExternalMethod(_, _, base) => {
                leaves_of(std::iter::once(&**base), depth + 1, leaves);
            }
            _ => {}
        }
    }
}

/// Returns the letters and digits of a name: `payment_intents` and `PaymentIntents` are one name.
fn letters(name: &str) -> String {
    name.chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

/// Returns the parts of the name of an SDK's operation.
pub(crate) fn operation_parts(path: &str, name: &str, naming: Naming) -> [Part; 2] {
    [
        Part::new(path, naming.resource),
        Part::new(name, naming.operation),
    ]
}

/// Returns where all parts together come from.
pub(crate) fn sum_of(parts: &[Part]) -> Origin {
    parts
        .iter()
        .fold(Origin::HERE, |sum, part| sum.join(part.origin))
}

/// Returns the origin of a name that stands at the end of an expression.
pub(crate) fn written_last(frame: &Frame, name: &str, span: Span) -> Origin {
    let length = u32::try_from(name.len()).unwrap_or_default();
    Origin::at(frame.file, span.end.saturating_sub(length).max(span.start))
}

impl Evaluator<'_> {
    /// Returns the lines that show a request.
    pub(crate) fn evidence(&self, pending: &Pending) -> Evidence {
        let (file, call) = pending.call;
        let mut evidence = Evidence::at(pending.location.clone());
        let mut is_first = true;
        for (of, offset) in pending.parts.iter().filter_map(|part| part.origin.place()) {
            let span = Span {
                start: offset,
                end: offset,
            };
            let place = self.program.file(of).source.location(span);
            if of != file || !(call.start..call.end).contains(&offset) {
                evidence.others.insert(place);
            } else if std::mem::take(&mut is_first) && place.line != evidence.location.line {
                evidence.location = place;
            }
        }
        let main = evidence.location.clone();
        let is_near =
            |place: &Location| place.path == main.path && place.line.abs_diff(main.line) <= NEARBY;
        evidence.others.retain(|place| !is_near(place));
        // Two parts of one line are one line.
        let mut lines = BTreeSet::new();
        evidence
            .others
            .retain(|place| lines.insert((place.path.clone(), place.line)));
        evidence
    }
}
