//! Archives are scanned as the folders that unpacking them gives.

mod pack;
mod tree;

use model::manifest::{Manifest, UnitKind};
use scan::{Options, Paths, ScanError};

use pack::{Member, gz, member, tar, xz, zip, zip_of};
use tree::{CALL, PLUGIN, Tree, diagnostics, scan_path, skipped};

/// A plugin with code, tests, a copy of the SDK, a dependency, and more.
const FILES: [(&str, &str); 10] = [
    ("acme/acme.php", PLUGIN),
    ("acme/includes/refund.php", CALL),
    (
        "acme/includes/api.php",
        "<?php\nfunction acme_get($path) {\n    return wp_remote_get('https://api.stripe.com/v1/' . $path);\n}\n",
    ),
    ("acme/includes/use.php", "<?php\nacme_get('balance');\n"),
    ("acme/tests/test-refund.php", CALL),
    ("acme/assets/app.js", "console.log('pay');\n"),
    ("acme/vendor/composer/autoload.php", "<?php // Stripe\n"),
    (
        "acme/lib/stripe/lib/ApiRequestor.php",
        "<?php\nnamespace Acme\\Stripe;\nclass ApiRequestor { /* X-Stripe-Client-User-Agent */ }\n",
    ),
    (
        "acme/lib/stripe/lib/Stripe.php",
        "<?php\nnamespace Acme\\Stripe;\nclass Stripe { const VERSION = '7.0.0'; }\n",
    ),
    ("acme/lib/stripe/VERSION", "7.0.0\n"),
];

fn manifest_of(tree: &Tree, path: &str) -> Manifest {
    let mut units = tree.scan(path);
    assert_eq!(units.len(), 1, "{path}");
    units.remove(0)
}

/// Lists the requests as `endpoint path:line`.
fn requests(manifest: &Manifest) -> Vec<String> {
    let needed = manifest.permissions.iter();
    needed
        .flat_map(|one| &one.requests)
        .flat_map(|one| {
            one.at
                .iter()
                .map(move |at| format!("{} {}:{}", one.endpoint, at.path, at.line))
        })
        .collect()
}

#[test]
fn an_archive_gives_what_its_folder_gives() {
    let tree = Tree::of(&FILES);
    let plain = tar(&FILES);
    for (name, bytes) in [
        ("acme.zip", zip(&FILES)),
        ("acme.tar", plain.clone()),
        ("acme.tar.gz", gz(&plain)),
        ("acme.tgz", gz(&plain)),
        ("acme.tar.xz", xz(&plain)),
        ("acme.whl", zip(&FILES)),
    ] {
        tree.write(&format!("packed/{name}"), &bytes);
        let options = Options {
            paths: Paths::OfUnit,
            ..Options::default()
        };
        let folder = manifest_of(&tree, "acme");
        let packed = scan_path(&tree.path(&format!("packed/{name}")), &options).unwrap();
        let [packed] = packed.as_slice() else {
            panic!("{name}: {} units", packed.len());
        };
        let same = Manifest {
            folder: packed.folder.clone(),
            ..folder
        };
        assert_eq!(*packed, same, "{name}");
        assert!(!packed.permissions.is_empty() && !packed.sdks.is_empty());
    }
}

#[test]
fn paths_name_the_archive() {
    let tree = Tree::of(&[("acme.zip", zip(&FILES))]);
    let manifest = manifest_of(&tree, "acme.zip");
    assert_eq!(
        requests(&manifest),
        [
            "GET /v1/balance acme.zip!/acme/includes/use.php:2",
            "POST /v1/refunds acme.zip!/acme/includes/refund.php:2",
        ]
    );
    assert_eq!(&*manifest.unit.name, "acme");
    assert_eq!(manifest.unit.version.as_deref(), Some("1.2.3"));
    let sdk = manifest.sdks.first().unwrap();
    assert_eq!(sdk.path.as_deref(), Some("acme.zip!/acme/lib/stripe"));
}

#[test]
fn a_folder_of_archives_is_one_unit_each() {
    let other = [("other/other.php", PLUGIN), ("other/a.php", CALL)];
    let idle = [("demo/readme.html", "<p>")];
    let tree = Tree::of(&[
        ("b-acme.zip", zip(&FILES)),
        ("a-other.tar.gz", gz(&tar(&other))),
        ("idle.zip", zip(&idle)),
        ("README.md", b"downloads".to_vec()),
    ]);
    let units = tree.scan("");
    let names: Vec<&str> = units.iter().map(|one| &*one.unit.name).collect();
    assert_eq!(names, ["other", "acme"]);
    assert!(
        units
            .iter()
            .all(|one| one.unit.kind == UnitKind::WordPressPlugin)
    );
    assert!(requests(&units[0])[0].ends_with("a-other.tar.gz!/other/a.php:2"));
}

#[test]
fn plugins_may_lie_there_unpacked_too() {
    let tree = Tree::of(&[
        ("one/one.php", PLUGIN.as_bytes().to_vec()),
        ("two/two.php", PLUGIN.as_bytes().to_vec()),
        ("three.zip", zip(&[("three/three.php", PLUGIN)])),
    ]);
    let units = tree.scan("");
    let names: Vec<&str> = units.iter().map(|one| &*one.unit.name).collect();
    assert_eq!(names, ["one", "two", "three"]);
}

#[test]
fn an_archive_in_code_is_counted_and_not_opened() {
    let tree = Tree::of(&[
        ("acme.php", PLUGIN.as_bytes().to_vec()),
        ("assets/demo.zip", zip(&[("demo/a.php", CALL)])),
    ]);
    let manifest = tree.one();
    assert_eq!(skipped(&manifest).get("archive"), Some(&1));
    assert!(manifest.permissions.is_empty());
    assert!(manifest.is_complete());
}

#[test]
fn a_bundle_of_archives_is_what_they_are() {
    let inner = zip(&FILES);
    let bundle: [(&str, &[u8]); 3] = [
        ("bundle/acme.zip", &inner),
        ("bundle/licence.txt", b"GPL"),
        ("bundle/documentation/index.html", b"<p>"),
    ];
    for (name, bytes) in [
        ("bundle.zip", zip(&bundle)),
        ("bundle.tar.gz", gz(&tar(&bundle))),
    ] {
        let tree = Tree::of(&[(name, bytes)]);
        let manifest = manifest_of(&tree, name);
        assert_eq!(&*manifest.unit.name, "acme");
        let expected = format!("GET /v1/balance {name}!/bundle/acme.zip!/acme/includes/use.php:2");
        assert_eq!(requests(&manifest)[0], expected);
        assert!(manifest.is_complete());
    }
}

#[test]
fn archives_are_opened_one_level_deep() {
    let inner = zip(&[("c.zip", zip(&FILES))]);
    let tree = Tree::of(&[("a.zip", zip(&[("b.zip", inner)]))]);
    let manifest = manifest_of(&tree, "a.zip");
    assert!(!manifest.is_complete());
    assert_eq!(
        diagnostics(&manifest),
        ["unread-archive a.zip!/b.zip!/c.zip:1"]
    );
}

#[test]
fn an_archive_is_code_of_others() {
    let hidden = "<?php\n// rakscan: uses nothing\n$stripe->{$name}->create();\n\\Stripe\\Refund::create([]);\n";
    let config = "ignore:\n  - path: '**'\n    reason: none of your business\n";
    let files = [
        ("acme/acme.php", PLUGIN),
        ("acme/a.php", hidden),
        ("acme/rakscan.yaml", config),
        ("acme/.ignore", "a.php\n"),
        ("rakscan.yaml", config),
    ];
    let tree = Tree::of(&[("acme.zip", zip(&files))]);
    let manifest = manifest_of(&tree, "acme.zip");
    assert_eq!(requests(&manifest).len(), 1);
    assert!(manifest.told.is_empty());
    let not_obeyed = diagnostics(&manifest);
    let config = "not-obeyed acme.zip!/acme/rakscan.yaml:1".to_owned();
    assert!(not_obeyed.contains(&config), "{not_obeyed:?}");
}

#[test]
fn what_was_not_read_makes_the_manifest_incomplete() {
    let secret = Member {
        is_encrypted: true,
        ..member("acme/secret.php", CALL)
    };
    let members = [
        member("acme/acme.php", PLUGIN),
        member("acme/a.php", CALL),
        secret,
    ];
    let tree = Tree::of(&[("acme.zip", zip_of(&members))]);
    let manifest = manifest_of(&tree, "acme.zip");
    assert_eq!(requests(&manifest).len(), 1);
    assert!(!manifest.is_complete());
    assert_eq!(
        diagnostics(&manifest),
        ["unread-archive acme.zip!/acme/secret.php:1"]
    );
}

#[test]
fn one_broken_archive_does_not_end_the_others() {
    let tree = Tree::of(&[
        ("acme.zip", zip(&FILES)),
        ("broken.zip", b"<html>not found</html>".to_vec()),
        ("short.tar.gz", gz(&tar(&FILES))[..200].to_vec()),
    ]);
    let units = tree.scan("");
    let complete: Vec<(&str, bool)> = units
        .iter()
        .map(|one| (&*one.unit.name, one.is_complete()))
        .collect();
    assert_eq!(
        complete,
        [("acme", true), ("broken", false), ("acme", false)]
    );
    assert_eq!(diagnostics(&units[1]), ["unread-archive broken.zip:1"]);
}

#[test]
fn a_named_archive_that_is_none_is_an_error() {
    let tree = Tree::of(&[("broken.zip", "<html>"), ("a.rar", "Rar!")]);
    let scan = |name| scan_path(&tree.path(name), &Options::default()).unwrap_err();
    assert!(matches!(scan("broken.zip"), ScanError::BadArchive { .. }));
    assert!(matches!(scan("a.rar"), ScanError::UnknownArchive { .. }));
}
