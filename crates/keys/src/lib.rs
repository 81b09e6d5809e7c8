//! Finds Stripe keys that lie where they do not belong.
//!
//! Works on the bytes of one file and its path, and parses nothing: a key is known by its prefix and
//! length, and what is meant by the words right around it. Deliberately knows no disk and no unit,
//! and keeps no key: what leaves this crate is masked.

mod comment;
mod finding;
mod lines;
mod name;
mod place;
mod placeholder;
mod stripe_js;
mod table;
mod token;

use model::key::{ClosedKey, KeyFinding};

pub use crate::place::{is_documentation, is_looked_at};

/// What one file holds.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// What was found, in the order of the file.
    pub findings: Vec<KeyFinding>,
    /// What comments in the file close, in the same order.
    pub closed: Vec<ClosedKey>,
}

/// Finds what is wrong with keys in the file at `path`.
///
/// Of a live secret key, a file says only once that a restricted one would do
/// ([`Code::FullKey`](model::diagnostic::Code::FullKey)); whoever looks at several files keeps the
/// first.
///
/// ```
/// let env = format!("STRIPE_SECRET_KEY=sk_test_{}\n", "hQ7vLm2RzX9tKc4WnB8yPd3F");
/// let found = keys::find(".env", env.as_bytes());
/// assert_eq!(found.findings[0].code.id(), "key-in-config");
/// assert_eq!(found.findings[0].value.as_deref(), Some("sk_test_…Pd3F"));
/// ```
#[must_use]
pub fn find(path: &str, bytes: &[u8]) -> Found {
    finding::find(path, bytes)
}
