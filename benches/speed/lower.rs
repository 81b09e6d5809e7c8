//! Source text to facts, for each language.

use divan::{Bencher, counter::BytesCount};
use model::{language::Language, source::SourceFile};
use sample::Kind;

/// Size of the file.
const SIZE: usize = 64 << 10;

#[divan::bench]
fn php(bencher: Bencher<'_, '_>) {
    lower(bencher, Kind::PhpClass, Language::Php);
}

#[divan::bench]
fn php_in_pages(bencher: Bencher<'_, '_>) {
    lower(bencher, Kind::PhpTemplate, Language::Php);
}

#[divan::bench]
fn javascript(bencher: Bencher<'_, '_>) {
    lower(bencher, Kind::JavaScript, Language::JavaScript);
}

#[divan::bench]
fn typescript(bencher: Bencher<'_, '_>) {
    lower(bencher, Kind::TypeScript, Language::TypeScript);
}

#[divan::bench]
fn python(bencher: Bencher<'_, '_>) {
    lower(bencher, Kind::Python, Language::Python);
}

fn lower(bencher: Bencher<'_, '_>, kind: Kind, language: Language) {
    let source = SourceFile::new("file", language, sample::source(kind, 1, SIZE));
    bencher
        .counter(BytesCount::new(source.text.len()))
        .with_inputs(|| source.clone())
        .bench_values(syntax::lower);
}
