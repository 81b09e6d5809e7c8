//! What each construct of PHP becomes.

mod declarations;
mod docs;
mod expressions;
mod grammar;
mod names;
mod print;
mod robustness;
mod statements;

use model::{facts::FileFacts, language::Language, source::SourceFile};

/// Lowers PHP code without its opening tag.
fn lower(code: &str) -> FileFacts {
    lower_file(&format!("<?php {code}"))
}

fn lower_file(text: &str) -> FileFacts {
    crate::lower(SourceFile::new("a.php", Language::Php, text))
}

/// Prints what `code` becomes.
fn php(code: &str) -> String {
    let facts = lower(code);
    assert_eq!(facts.errors, [], "{code}");
    print::facts(&facts)
}

/// Checks pairs of code and what it becomes.
#[track_caller]
fn check(pairs: &[(&str, &str)]) {
    for (code, expected) in pairs {
        assert_eq!(php(code).trim_end(), *expected, "{code}");
    }
}
