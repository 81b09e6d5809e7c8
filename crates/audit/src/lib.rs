//! Compares what was requested, and what a key may do, with what code needs.
//!
//! Request logs come in as bytes, the permissions of a key as text, the needs of code as the units of a
//! manifest; findings go out. Deliberately knows no file, no terminal and no source code. Logs are
//! untrusted: they are read line by line within bounds, and nothing of them is printed that could be a
//! secret.

mod compare;
mod coverage;
mod denial;
mod granted;
mod log;
mod needs;
mod summary;
mod text;
pub mod v1;

pub use compare::audit;
pub use denial::{Denial, Form};
pub use granted::{Granted, GrantedError, units};
pub use log::{Columns, ColumnsError, LogError, Usage};
pub use text::render as render_text;
pub use v1::{render as render_json, schema as json_schema};
