//! Facts to requests, for a plugin whose every file talks to Stripe through a wrapper.

use std::collections::BTreeSet;

use divan::{Bencher, counter::ItemsCount};
use model::{language::Language, source::SourceFile, unit::UnitFacts};
use rules::RuleSet;
use sample::File;

#[divan::bench(args = [10, 100, 400])]
fn files(bencher: Bencher<'_, '_>, n_files: usize) {
    let rules = RuleSet::builtin();
    let unit = UnitFacts {
        files: sample::chain(n_files).into_iter().map(lowered).collect(),
        ..UnitFacts::default()
    };
    bencher
        .counter(ItemsCount::new(n_files))
        .bench_local(|| resolve::resolve(&unit, rules.catalog(), &|_| BTreeSet::new()));
}

fn lowered(file: File) -> model::facts::FileFacts {
    let text = String::from_utf8_lossy(&file.bytes);
    syntax::lower(SourceFile::new(file.path, Language::Php, &*text))
}
