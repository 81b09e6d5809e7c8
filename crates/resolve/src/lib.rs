//! Finds the requests that the code of one unit makes.
//!
//! One evaluator over language-neutral facts. Deliberately knows no grammar, no YAML and no disk.

use model::{api::Catalog, evidence::Resolution, unit::UnitFacts};

/// Says which Stripe requests the code of `unit` makes, and what could not be resolved.
#[must_use]
pub fn resolve(unit: &UnitFacts, catalog: &Catalog) -> Resolution {
    let _ = (unit, catalog);
    Resolution::default()
}
