//! What was asked for is one unit or several, with name, kind and version.

mod tree;

use model::manifest::{Manifest, UnitKind};
use scan::{Options, ScanError};
use tree::{CALL, PLUGIN, Tree, scan_path, skipped};

/// Says `name kind version`.
fn unit(manifest: &Manifest) -> String {
    let unit = &manifest.unit;
    let version = unit.version.as_deref().unwrap_or("-");
    format!("{} {} {version}", unit.name, unit.kind.id())
}

fn units(manifests: &[Manifest]) -> Vec<String> {
    manifests.iter().map(unit).collect()
}

#[test]
fn plugins_and_themes_are_known_by_their_headers() {
    let theme = "/*\nTheme Name: Shop\nVersion: 2.0\n*/";
    let tree = Tree::of(&[
        ("acme-pay/main.php", PLUGIN),
        ("shop/style.css", theme),
        ("shop/functions.php", CALL),
    ]);
    assert_eq!(
        units(&tree.scan("acme-pay")),
        ["acme-pay wordpress-plugin 1.2.3"]
    );
    assert_eq!(units(&tree.scan("shop")), ["shop wordpress-theme 2.0"]);
}

#[test]
fn packages_are_called_as_they_call_themselves() {
    let tree = Tree::of(&[
        (
            "a/composer.json",
            "{\"name\":\"acme/billing\",\"version\":\"1.0.0\"}",
        ),
        ("a/x.php", CALL),
        ("b/package.json", "{\"name\":\"@acme/billing\"}"),
        ("b/x.php", CALL),
        (
            "c/pyproject.toml",
            "[project]\nname = \"billing\"\nversion = \"3.1\"\n",
        ),
        ("c/x.py", "import stripe"),
        (
            "d/setup.py",
            "setup(\n    name='billing-d',\n    version='0.1',\n)",
        ),
        ("e/x.php", CALL),
    ]);
    let of = |path| units(&tree.scan(path)).remove(0);
    assert_eq!(of("a"), "acme/billing package 1.0.0");
    assert_eq!(of("b"), "@acme/billing package -");
    assert_eq!(of("c"), "billing package 3.1");
    assert_eq!(of("d"), "billing-d package 0.1");
    assert_eq!(of("e"), "e folder -");
    assert_eq!(of("e/x.php"), "x.php file -");
}

#[test]
fn a_subversion_checkout_is_its_stable_release() {
    let tree = Tree::of(&[
        ("acme/trunk/acme.php", PLUGIN),
        ("acme/trunk/readme.txt", "=== Acme ===\nStable tag: 1.1\n"),
        ("acme/tags/1.0/acme.php", PLUGIN),
        ("acme/tags/1.0/old.php", CALL),
        ("acme/tags/1.1/acme.php", PLUGIN),
        ("acme/tags/1.1/pay.php", CALL),
    ]);
    let manifest = tree.scan("acme").remove(0);
    assert_eq!(unit(&manifest), "acme wordpress-plugin 1.2.3");
    assert_eq!(
        (manifest.n_files, skipped(&manifest)["other-release"]),
        (2, 2)
    );
}

#[test]
fn trunk_counts_where_the_stable_release_is_not_there() {
    let tree = Tree::of(&[
        ("acme/trunk/acme.php", PLUGIN),
        ("acme/trunk/readme.txt", "Stable tag: 9.9\n"),
        ("acme/tags/1.0/acme.php", PLUGIN),
    ]);
    let manifest = tree.scan("acme").remove(0);
    assert_eq!(
        (manifest.n_files, skipped(&manifest)["other-release"]),
        (1, 1)
    );
}

#[test]
fn a_folder_around_one_plugin_is_that_plugin() {
    let tree = Tree::of(&[("zip/acme-pay/main.php", PLUGIN), ("zip/docs/x.php", CALL)]);
    let manifest = tree.scan("zip").remove(0);
    assert_eq!(unit(&manifest), "acme-pay wordpress-plugin 1.2.3");
    assert_eq!(manifest.n_files, 2);
}

#[test]
fn a_folder_of_plugins_has_one_unit_each() {
    let tree = Tree::of(&[
        ("plugins/acme/main.php", PLUGIN),
        ("plugins/bold/trunk/main.php", PLUGIN),
        ("plugins/cool/cool/main.php", PLUGIN),
        ("plugins/helper/pay.php", CALL),
        ("plugins/nothing/x.php", "<?php"),
        ("plugins/index.php", "<?php // Silence is golden."),
    ]);
    assert_eq!(
        units(&tree.scan("plugins")),
        [
            "acme wordpress-plugin 1.2.3",
            "bold wordpress-plugin 1.2.3",
            "cool wordpress-plugin 1.2.3",
            "helper folder -",
        ]
    );
}

#[test]
fn a_site_is_its_plugins_and_themes() {
    let tree = Tree::of(&[
        ("site/wp-includes/version.php", "<?php"),
        ("site/wp-content/plugins/acme/main.php", PLUGIN),
        (
            "site/wp-content/themes/shop/style.css",
            "/* Theme Name: Shop */",
        ),
        ("site/wp-content/themes/shop/functions.php", CALL),
    ]);
    assert_eq!(
        units(&tree.scan("site")),
        ["acme wordpress-plugin 1.2.3", "shop wordpress-theme -"]
    );
}

#[test]
fn what_cannot_be_scanned_at_all_is_an_error() {
    let tree = Tree::of(&[("docs/readme.md", "Stripe")]);
    let missing = scan_path(&tree.path("nowhere"), &Options::default());
    assert!(matches!(missing, Err(ScanError::NotFound { .. })));
    let nothing = scan_path(&tree.path("docs"), &Options::default());
    assert!(matches!(nothing, Err(ScanError::NothingToScan)));
}

#[test]
fn code_without_stripe_is_an_empty_manifest() {
    let tree = Tree::of(&[("x.php", "<?php echo 1;")]);
    let manifest = tree.one();
    assert_eq!((manifest.n_files, manifest.is_complete()), (0, true));
    assert_eq!(manifest.unit.kind, UnitKind::Folder);
}
