//! What small sources become.

mod declarations;
mod expressions;
mod hostile;
mod show;
mod statements;

use model::{facts::FileFacts, language::Language, source::SourceFile};

fn facts(source: &str) -> FileFacts {
    crate::lower(SourceFile::new("app.py", Language::Python, source))
}

/// Asserts what the module body of a source without errors is.
fn becomes(source: &str, expected: &str) {
    let facts = facts(source);
    assert_eq!(show::module(&facts), expected, "{source}");
    assert_eq!(facts.errors, [], "{source}");
}
