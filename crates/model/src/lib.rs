//! The vocabulary every crate of rakscan speaks, and nothing else.
//!
//! Values flow `path → SourceFile → FileFacts → CallSite → Verdict → Manifest → bytes`. This crate
//! holds the types of that way. It deliberately knows no grammar, no YAML, no disk and no terminal.

pub mod api;
pub mod config;
pub mod diagnostic;
pub mod evidence;
pub mod facts;
pub mod key;
pub mod language;
pub mod later;
pub mod library;
pub mod manifest;
pub mod permission;
pub mod source;
pub mod trace;
pub mod unit;

/// An interned or shared piece of text: cheap to clone, compared by content.
pub type Name = std::sync::Arc<str>;
