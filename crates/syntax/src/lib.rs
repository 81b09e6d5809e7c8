//! Turns source text into language-neutral facts.
//!
//! Owns tree-sitter: the syntax tree is born and dies inside [`lower`]. Deliberately knows nothing of
//! Stripe, of other files, or of what a value means; that is `resolve`'s.

mod bounded;
mod clock;
mod component;
mod frontend;
mod javascript;
mod newer;
mod nothing;
mod php;
mod python;

#[cfg(feature = "clock")]
pub use crate::clock::times;

use model::{facts::FileFacts, source::SourceFile};

/// Says in neutral words what one file declares and does.
///
/// Never fails: what cannot be parsed is listed in [`FileFacts::errors`].
#[must_use]
pub fn lower(file: SourceFile) -> FileFacts {
    frontend::lower(file)
}
