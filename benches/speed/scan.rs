//! Folders to manifests: a tree of plugins of which two in a hundred use Stripe, on all threads.

use divan::{
    Bencher,
    counter::{BytesCount, ItemsCount},
};
use rules::RuleSet;
use scan::{Input, NoProgress, Options};

#[divan::bench(args = [10, 100], sample_count = 20)]
fn plugins(bencher: Bencher<'_, '_>, n_plugins: usize) {
    measure(bencher, n_plugins, None);
}

#[divan::bench(args = [10, 100], sample_count = 20)]
fn plugins_on_one_thread(bencher: Bencher<'_, '_>, n_plugins: usize) {
    measure(bencher, n_plugins, Some(1));
}

fn measure(bencher: Bencher<'_, '_>, n_plugins: usize, threads: Option<usize>) {
    let dir = tempfile::tempdir().expect("a folder for the tree can be made");
    let written = sample::plugins(n_plugins, dir.path()).expect("the tree can be written");
    let input = Input::Paths(vec![dir.path().to_owned()]);
    let rules = RuleSet::builtin();
    let options = Options {
        threads,
        ..Options::default()
    };
    bencher
        .counter(BytesCount::new(written.bytes))
        .counter(ItemsCount::new(n_plugins))
        .bench_local(|| scan::scan(&input, &options, &rules, &NoProgress));
}
