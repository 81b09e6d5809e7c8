//! Many units: handed over one by one in their order, and skipped where nothing changed.

#![expect(clippy::unwrap_used, reason = "a test may fail")]

mod tree;

use std::{cell::RefCell, collections::BTreeMap, fs, ops::ControlFlow, path::PathBuf};

use rules::RuleSet;
use scan::{Earlier, Input, Known, NoProgress, Options, Outcome, Units, scan_each};
use tree::{CALL, PLUGIN, Tree};

/// What an earlier run found, by the folder of the unit.
#[derive(Clone, Debug, Default)]
struct Memory(BTreeMap<String, Known>);

impl Earlier for Memory {
    fn known(&self, folder: &str) -> Option<Known> {
        self.0.get(folder).cloned()
    }
}

fn options(threads: usize) -> Options {
    Options {
        threads: Some(threads),
        fingerprint: Some("version 1".into()),
        ..Options::default()
    }
}

/// Scans, and lists the folders in the order of the units, with `=` before those that are unchanged.
fn run(tree: &Tree, options: &Options, earlier: &Memory) -> (Vec<String>, Memory) {
    let input = Input::Paths(vec![tree.path("plugins")]);
    let units = Units::of(&input).unwrap();
    let found = RefCell::new((Vec::new(), Memory::default()));
    let rules = RuleSet::builtin();
    let mut take = |outcome| {
        let (order, memory) = &mut *found.borrow_mut();
        match outcome {
            Outcome::Unchanged(folder) => order.push(format!("={folder}")),
            Outcome::Scanned(manifest) => {
                let among = manifest.among.unwrap();
                let known = Known {
                    fingerprint: among.fingerprint.unwrap().to_string(),
                    n_files: manifest.n_files,
                };
                order.push(among.folder.to_string());
                memory.0.insert(among.folder.to_string(), known);
            }
        }
        ControlFlow::Continue(())
    };
    scan_each(
        &units,
        options,
        &rules,
        &NoProgress,
        Some(earlier),
        &mut take,
    )
    .unwrap();
    found.into_inner()
}

fn again(tree: &Tree, options: &Options, earlier: &Memory) -> Vec<String> {
    run(tree, options, earlier).0
}

/// A folder with a plugin that uses Stripe, and one that does not.
fn two() -> Tree {
    Tree::of(&[
        ("plugins/pay/pay.php", PLUGIN),
        ("plugins/pay/src/refund.php", CALL),
        ("plugins/pay/composer.json", "{}"),
        ("plugins/pay/services.yaml", "a: b"),
        (
            "plugins/plain/plain.php",
            "<?php\n/* Plugin Name: Plain */\n",
        ),
        ("plugins/plain/composer.json", "{}"),
        ("plugins/plain/logo.png", "x"),
    ])
}

#[test]
fn units_are_handed_over_in_their_order_whatever_the_number_of_threads() {
    let files: Vec<(String, String)> = (0..1500)
        .map(|n| {
            (
                format!("plugins/p{n:04}/p.php"),
                PLUGIN.replace("1.2.3", &n.to_string()),
            )
        })
        .collect();
    let files: Vec<(&str, &str)> = files.iter().map(|(a, b)| (&**a, &**b)).collect();
    let tree = Tree::of(&files);
    let (one, memory) = run(&tree, &options(1), &Memory::default());
    assert_eq!(one.len(), 1500);
    assert!(one.is_sorted());
    let (two, same) = run(&tree, &options(2), &Memory::default());
    assert_eq!((one, memory.0), (two, same.0));
}

#[test]
fn whoever_takes_units_can_end_the_run() {
    let tree = two();
    let units = Units::of(&Input::Paths(vec![tree.path("plugins")])).unwrap();
    let mut n_taken = 0;
    let mut take = |_| {
        n_taken += 1;
        ControlFlow::Break(())
    };
    let rules = RuleSet::builtin();
    scan_each(&units, &options(2), &rules, &NoProgress, None, &mut take).unwrap();
    assert_eq!(n_taken, 1);
}

#[test]
fn what_did_not_change_is_not_scanned_again() {
    let tree = two();
    let (first, memory) = run(&tree, &options(2), &Memory::default());
    assert_eq!(first, ["pay", "plain"]);
    assert_eq!(again(&tree, &options(1), &memory), ["=pay", "=plain"]);
    tree.write("plugins/plain/logo.png", b"other");
    tree.write("plugins/plain/composer.json", b"{\"name\":\"x\"}");
    assert_eq!(
        again(&tree, &options(1), &memory),
        ["=pay", "=plain"],
        "neither counts where nothing leads to Stripe"
    );
}

#[test]
fn what_can_change_the_result_is_seen() {
    let changes: [(&str, &[u8]); 6] = [
        (
            "plugins/pay/src/refund.php",
            b"<?php\n\\Stripe\\Charge::create([]);\n",
        ),
        ("plugins/pay/src/other.php", b"<?php\n"),
        (
            "plugins/pay/pay.php",
            b"<?php\n/* Plugin Name: Pay\n * Version: 9 */\n",
        ),
        (
            "plugins/pay/composer.json",
            b"{\"require\":{\"stripe/stripe-php\":\"^7\"}}",
        ),
        ("plugins/pay/services.yaml", b"a: refund"),
        ("plugins/pay/main.go", b"package main"),
    ];
    for (path, bytes) in changes {
        let tree = two();
        let (_, memory) = run(&tree, &options(2), &Memory::default());
        tree.write(path, bytes);
        assert_eq!(
            again(&tree, &options(2), &memory),
            ["pay", "=plain"],
            "{path}"
        );
    }
    let tree = two();
    let (_, memory) = run(&tree, &options(2), &Memory::default());
    fs::remove_file(tree.path("plugins/pay/src/refund.php")).unwrap();
    assert_eq!(again(&tree, &options(2), &memory), ["pay", "=plain"]);
}

#[test]
fn options_and_what_the_caller_adds_count() {
    let tree = two();
    let (_, memory) = run(&tree, &options(2), &Memory::default());
    let others = [
        Options {
            fingerprint: Some("version 2".into()),
            ..options(2)
        },
        Options {
            include_tests: true,
            ..options(2)
        },
        Options {
            max_file_size: 100,
            ..options(2)
        },
        Options {
            configs: [(tree.path("plugins"), model::config::Config::default())].into(),
            ..options(2)
        },
    ];
    for other in others {
        assert_eq!(again(&tree, &other, &memory), ["pay", "plain"], "{other:?}");
    }
}

#[test]
fn units_of_several_paths_are_told_apart() {
    let tree = Tree::of(&[
        ("a/plugins/pay/pay.php", PLUGIN),
        ("a/plugins/ship/ship.php", PLUGIN),
        ("b/plugins/pay/pay.php", PLUGIN),
        ("b/plugins/ship/ship.php", PLUGIN),
    ]);
    let paths: Vec<PathBuf> = ["a/plugins", "b/plugins"]
        .map(|path| tree.path(path))
        .into();
    let rules = RuleSet::builtin();
    let manifests = scan::scan(&Input::Paths(paths), &options(2), &rules, &NoProgress).unwrap();
    let folders = manifests
        .iter()
        .map(|one| one.among.clone().unwrap().folder.to_string());
    let folders: Vec<String> = folders.collect();
    assert_eq!(
        folders,
        [
            "plugins/pay",
            "plugins/ship",
            "plugins-2/pay",
            "plugins-2/ship"
        ]
    );
}
