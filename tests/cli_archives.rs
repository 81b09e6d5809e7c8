//! Archives from end to end: scanned and compared in place, and refused where they are none.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

#[path = "../crates/scan/tests/pack/mod.rs"]
mod pack;
mod program;

use std::fs;

use tempfile::TempDir;

use pack::{gz, member, tar, xz, zip, zip_of};
use program::rakscan;

const PLUGIN: &str = "<?php
/**
 * Plugin Name: Acme Shop
 * Version: 4.0.8
 */
";
const REFUNDS: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->refunds->create( [ 'charge' => $id ] );
";
const DYNAMIC: &str = "<?php
$stripe = new \\Stripe\\StripeClient( $key );
$stripe->{$_GET['what']}->all();
";

const SHOP: [(&str, &str); 2] = [
    ("acme-shop/acme-shop.php", PLUGIN),
    ("acme-shop/includes/refund.php", REFUNDS),
];

fn folder<T: AsRef<[u8]>>(files: &[(&str, T)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, bytes) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, bytes).unwrap();
    }
    folder
}

struct Done {
    code: Option<i32>,
    out: String,
    err: String,
}

fn run(folder: &TempDir, arguments: &[&str]) -> Done {
    let output = rakscan(folder, arguments).output().unwrap();
    Done {
        code: output.status.code(),
        out: String::from_utf8(output.stdout).unwrap(),
        err: String::from_utf8(output.stderr).unwrap(),
    }
}

#[test]
fn a_plugin_is_scanned_without_unpacking_it() {
    let plain = tar(&SHOP);
    let folder = folder(&[
        ("shop.zip", zip(&SHOP)),
        ("shop.tgz", gz(&plain)),
        ("shop.tar.xz", xz(&plain)),
    ]);
    for name in ["shop.zip", "shop.tgz", "shop.tar.xz"] {
        let done = run(&folder, &["scan", name]);
        assert_eq!((done.code, &*done.err), (Some(0), ""), "{name}");
        assert!(
            done.out.starts_with("acme-shop 4.0.8  WordPress plugin"),
            "{}",
            done.out
        );
        let place = format!("{name}!/acme-shop/includes/refund.php:3");
        assert!(done.out.contains(&place), "{}", done.out);
    }
    let left: Vec<_> = fs::read_dir(&folder).unwrap().collect();
    assert_eq!(left.len(), 3, "nothing is unpacked");
}

#[test]
fn a_folder_of_archives_gives_one_unit_each() {
    let other = [("other/other.php", PLUGIN), ("other/a.php", DYNAMIC)];
    let folder = folder(&[("shop.zip", zip(&SHOP)), ("other.zip", zip(&other))]);
    let done = run(&folder, &["scan", "--strict"]);
    assert_eq!(done.code, Some(4));
    for unit in [
        "acme-shop 4.0.8  WordPress plugin",
        "other 4.0.8  WordPress plugin",
    ] {
        assert!(done.out.contains(unit), "{}", done.out);
    }
}

#[test]
fn versions_are_compared_as_they_were_shipped() {
    let next = [SHOP[0], ("acme-shop/includes/refund.php", DYNAMIC)];
    let folder = folder(&[
        ("shop-1.zip", zip(&SHOP)),
        ("shop-2.tar.gz", gz(&tar(&next))),
        ("unpacked/acme-shop.php", PLUGIN.as_bytes().to_vec()),
        ("unpacked/includes/refund.php", REFUNDS.as_bytes().to_vec()),
    ]);
    let same = run(&folder, &["diff", "shop-1.zip", "unpacked", "--exit-code"]);
    assert_eq!(
        same.out,
        "no difference: the key needs the same permissions\n"
    );
    assert_eq!(same.code, Some(0), "{}", same.err);
    let other = run(
        &folder,
        &["diff", "shop-1.zip", "shop-2.tar.gz", "--exit-code"],
    );
    assert_eq!(other.code, Some(1), "{}", other.err);
    assert!(other.out.contains("charge_write"), "{}", other.out);
    assert!(
        other.out.contains("! includes/refund.php:3"),
        "{}",
        other.out
    );
}

#[test]
fn what_is_no_archive_is_an_error_that_says_what_to_do() {
    let folder = folder(&[
        ("page.zip", "<html>"),
        ("shop.rar", "Rar!"),
        ("a.tar.gz", "PK"),
    ]);
    for command in [&["scan"][..], &["diff", "page.zip"], &["keys"]] {
        let done = run(&folder, &[command, &["page.zip"]].concat());
        assert_eq!(done.code, Some(2), "{}", done.out);
        assert_eq!(
            done.err,
            "error: cannot open `page.zip`: it is no zip, or its end is missing\n  \
             help: check that the file is whole, or unpack it and give the folder\n"
        );
    }
    let done = run(&folder, &["scan", "shop.rar"]);
    assert_eq!(done.code, Some(2));
    assert!(
        done.err
            .starts_with("error: `shop.rar` is an archive of a kind that is not read\n"),
        "{}",
        done.err
    );
    assert!(
        done.err.contains(".zip, .whl, .tar, .tar.gz"),
        "{}",
        done.err
    );
    let done = run(&folder, &["scan", "a.tar.gz"]);
    assert!(done.err.contains("it cannot be unpacked"), "{}", done.err);
}

#[test]
fn what_cannot_be_read_of_an_archive_is_open() {
    let evil = [
        member("acme-shop/acme-shop.php", PLUGIN),
        member("../evil.php", REFUNDS),
    ];
    let folder = folder(&[("shop.zip", zip_of(&evil))]);
    let done = run(&folder, &["scan", "shop.zip", "--strict"]);
    assert_eq!(done.code, Some(4));
    let said = "this member was not read: its name leads out of the archive";
    assert!(done.out.contains(said), "{}", done.out);
}

#[test]
fn a_bomb_costs_little() {
    let zeros = vec![0; 32 << 20];
    let bomb = [
        ("acme-shop/acme-shop.php", PLUGIN.as_bytes()),
        ("acme-shop/b.php", &zeros),
    ];
    let folder = folder(&[("bomb.zip", zip(&bomb)), ("bomb.tar.gz", gz(&tar(&bomb)))]);
    for name in ["bomb.zip", "bomb.tar.gz"] {
        let done = run(&folder, &["scan", name, "--strict"]);
        assert_eq!(done.code, Some(4), "{}", done.err);
        assert!(done.out.contains("[unread-archive]"), "{}", done.out);
    }
}

#[test]
fn names_of_members_are_escaped() {
    let odd = [
        member("a/x.php", PLUGIN),
        member(b"a/\x1b[31mred\xff.php", DYNAMIC),
    ];
    let folder = folder(&[("odd.zip", zip_of(&odd))]);
    let done = run(&folder, &["scan", "odd.zip"]);
    assert_eq!(done.code, Some(0));
    assert!(!done.out.contains('\x1b'), "{:?}", done.out);
}

#[test]
fn keys_are_looked_for_in_archives() {
    let key = ["sk_live", "hQ7vLm2RzX9tKc4WnB8yPd3F"].join("_");
    let code = format!("<?php\n$key = '{key}';\n");
    let folder = folder(&[("shop.zip", zip(&[("shop/pay.php", code.as_str())]))]);
    let done = run(&folder, &["keys", "shop.zip"]);
    assert_eq!(done.code, Some(1), "{} {}", done.out, done.err);
    assert!(
        done.out.contains("shop.zip!/shop/pay.php:2"),
        "{}",
        done.out
    );
    assert!(!done.out.contains(&key));
}

#[test]
fn a_line_of_a_member_is_traced() {
    let folder = folder(&[("shop.zip", zip(&SHOP))]);
    for place in [
        "shop.zip!/acme-shop/includes/refund.php:3",
        "includes/refund.php:3",
    ] {
        let done = run(&folder, &["scan", "shop.zip", "--trace", place]);
        assert_eq!(done.code, Some(0), "{}", done.err);
        assert!(done.out.contains("POST /v1/refunds"), "{}", done.out);
    }
    let done = run(
        &folder,
        &["scan", "shop.zip", "--trace", "shop.zip!/gone.php:3"],
    );
    assert_eq!(done.code, Some(2));
}

#[test]
fn what_is_open_is_answered_from_outside() {
    let config = "assume:\n  - { at: 'shop.zip!/acme-shop/a.php:3', uses: [refunds.create] }\n";
    let files = zip(&[SHOP[0], ("acme-shop/a.php", DYNAMIC)]);
    let folder = folder(&[
        ("shop.zip", files),
        ("own.yaml", config.as_bytes().to_vec()),
    ]);
    let open = run(&folder, &["scan", "shop.zip"]);
    let help = "write `- { at: 'shop.zip!/acme-shop/a.php:3', uses: [OPERATION] }` under `assume:` in a \
                rakscan.yaml, and give that with --config";
    assert!(open.out.contains(help), "{}", open.out);
    let closed = run(
        &folder,
        &["scan", "shop.zip", "--config", "own.yaml", "--strict"],
    );
    assert_eq!(closed.code, Some(0), "{}", closed.out);
    assert!(closed.out.contains("charge_write"), "{}", closed.out);
}

#[test]
fn sarif_names_the_member() {
    let files = [SHOP[0], ("acme-shop/a.php", DYNAMIC)];
    let folder = folder(&[("down/shop.zip", zip(&files))]);
    let done = run(&folder, &["scan", "down/shop.zip", "-f", "sarif"]);
    assert!(
        done.out.contains("down/shop.zip%21/acme-shop/a.php"),
        "{}",
        done.out
    );
}

#[test]
fn archives_beside_code_are_counted() {
    let folder = folder(&[
        ("pay.php", REFUNDS.as_bytes().to_vec()),
        ("demo.zip", zip(&SHOP)),
    ]);
    let done = run(&folder, &["scan", "--explain-skips"]);
    assert!(done.out.contains("archive"), "{}", done.out);
    assert!(!done.out.contains("demo.zip!"), "{}", done.out);
}
