//! What each construct becomes, printed compactly.

mod declarations;
mod expressions;
mod modules;
mod robustness;
mod statements;
mod types;

use model::{facts::FileFacts, language::Language, source::SourceFile};

use super::print;

fn lower(language: Language, source: &str) -> FileFacts {
    let extension = language.info().extensions[0];
    crate::lower(SourceFile::new(format!("a.{extension}"), language, source))
}

fn facts(language: Language, source: &str) -> String {
    let facts = lower(language, source);
    assert_eq!(facts.errors, [], "{source}");
    print::facts(&facts)
}

fn ts(source: &str) -> String {
    facts(Language::TypeScript, source)
}

fn js(source: &str) -> String {
    facts(Language::JavaScript, source)
}
