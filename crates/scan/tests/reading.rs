//! Files in any state are read or reported, and never stop a scan.

mod tree;

use std::time::{Duration, Instant};

use model::language::Language;
use rules::RuleSet;
use scan::{Input, NoProgress, Options, scan};
use tree::{CALL, Tree, diagnostics, skipped};

#[test]
fn encodings_are_read_and_replaced_bytes_reported() {
    let wide: Vec<u8> = std::iter::once(0xFEFF)
        .chain(CALL.encode_utf16())
        .flat_map(u16::to_le_bytes)
        .collect();
    let marked = [b"\xEF\xBB\xBF", CALL.as_bytes()].concat();
    let latin = b"<?php // caf\xE9 Stripe\n".to_vec();
    let quiet_latin = b"<?php // caf\xE9\n".to_vec();
    let tree = Tree::of(&[
        ("wide.php", wide),
        ("marked.php", marked),
        ("latin.php", latin),
        ("quiet.php", quiet_latin),
    ]);
    let manifest = tree.one();
    assert_eq!(manifest.n_files, 3);
    assert_eq!(diagnostics(&manifest), ["invalid-utf8 latin.php:1"]);
    assert!(manifest.is_complete());
}

#[test]
fn binaries_matter_only_where_they_mention_stripe() {
    let tree = Tree::of(&[
        ("quiet.php", &b"\0\x01\x02"[..]),
        ("loud.php", &b"\0\x01Stripe\x02"[..]),
        (
            "bin/phar",
            &b"#!/usr/bin/env php\n<?php // Stripe\n__HALT_COMPILER();\0\0"[..],
        ),
        ("bin/job", &b"#!/usr/bin/env python3\nimport stripe\n"[..]),
        ("empty.php", &b""[..]),
    ]);
    let manifest = tree.one();
    assert_eq!(diagnostics(&manifest), ["not-source loud.php:1"]);
    assert_eq!(manifest.n_files, 1);
}

#[test]
fn large_files_matter_only_where_they_mention_stripe() {
    let options = Options {
        max_file_size: 1_000,
        ..Options::default()
    };
    let quiet = "x".repeat(2_000);
    let loud = format!("{quiet}sTrIpE");
    let tree = Tree::of(&[("quiet.php", &quiet), ("loud.php", &loud)]);
    let manifest = tree.one_with(&options);
    assert_eq!(diagnostics(&manifest), ["file-too-large loud.php:1"]);
    assert_eq!(skipped(&manifest)["no-mention"], 2);
}

#[test]
fn striped_tables_are_no_mention_of_stripe() {
    let table = "<table class=\"wp-list-table widefat fixed striped\"><?php f();";
    let tree = Tree::of(&[
        ("list.php", table.to_owned()),
        ("loud.php", format!("{table} // stripeData")),
        (
            "wide.js",
            "x.className = 'pinstripe table-striped'".to_owned(),
        ),
    ]);
    let manifest = tree.one();
    assert_eq!(manifest.n_files, 1);
    assert!(manifest.is_complete());
}

#[test]
fn users_of_a_name_with_an_english_stripe_are_found() {
    let declared = format!("{CALL}\nfunction striped_charge() {{ refund_all(); }}");
    let tree = Tree::of(&[
        ("a.php", declared.as_str()),
        ("b.php", "<?php striped_charge();"),
        ("c.php", "<?php echo 'striped';"),
    ]);
    assert_eq!(tree.one().n_files, 2);
}

#[test]
fn a_php_name_leads_to_files_that_can_mean_it() {
    let declared = "<?php\nnamespace Acme\\Pay;\nclass Card {\n function pay() { \\Stripe\\Charge::create(); }\n}\n";
    for (code, is_read) in [
        ("use Acme\\Pay\\Card; new Card();", true),
        ("use Acme\\Pay as P; new P\\Card();", true),
        ("use Acme\\Pay\\{Card, Purse}; new Card();", true),
        ("namespace Acme\\Pay; new Card();", true),
        ("$name = 'Acme\\\\Pay\\\\Card';", true),
        ("namespace Acme\\Pay\\Card; new Number();", false),
        (
            "namespace Acme\\Play; use Acme\\Pay\\Purse; new Card();",
            false,
        ),
        ("use Acme\\Pay\\Purse; new \\Card();", false),
    ] {
        let code = format!("<?php {code}");
        let manifest = Tree::of(&[("card.php", declared), ("code.php", &code)]).one();
        assert_eq!(manifest.n_files, 1 + u64::from(is_read), "{code}");
        let left_out = skipped(&manifest).contains_key("no-mention");
        assert_eq!(left_out, !is_read, "{code}");
    }
}

#[test]
fn a_global_php_name_leads_everywhere() {
    let declared = "<?php\nclass Card {\n function pay() { \\Stripe\\Charge::create(); }\n}\n";
    let tree = Tree::of(&[
        ("card.php", declared),
        ("beside.php", "<?php new Card();"),
        ("global.php", "<?php namespace Acme; new \\Card();"),
        ("import.php", "<?php namespace Acme; use Card; new Card();"),
        ("other.php", "<?php namespace Acme; new Pay\\Card();"),
        ("part.php", "<?php namespace Acme\\Card; new Number();"),
    ]);
    assert_eq!(tree.one().n_files, 4);
}

#[test]
fn what_a_name_leads_to_leads_on_under_the_name_that_it_gives_to_it() {
    let tree = Tree::of(&[
        (
            "card.php",
            "<?php namespace Acme; class Card { function pay() { \\Stripe\\Charge::create(); } }",
        ),
        (
            "shop.php",
            "<?php use Acme\\Card as Means; class Checkout { function go() { (new Means)->pay(); } }",
        ),
        ("page.php", "<?php (new Checkout)->go();"),
    ]);
    assert_eq!(tree.one().n_files, 3);
}

#[test]
fn a_name_leads_to_files_of_its_own_language() {
    let tree = Tree::of(&[
        (
            "pay.py",
            "import stripe\ndef refund_all():\n    stripe.Refund.create()\n",
        ),
        ("job.py", "from pay import *\nrefund_all()\n"),
        ("page.js", "button.onclick = () => refund_all();"),
        (
            "pay.ts",
            "import Stripe from 'stripe';\nexport const payAll = () => new Stripe(key).payouts.create();",
        ),
        ("panel.vue", "<script>window.payAll()</script>"),
        ("later.py", "payAll()\n"),
    ]);
    let manifest = tree.one();
    assert_eq!(manifest.n_files, 4);
    assert_eq!(skipped(&manifest)["no-mention"], 2);
}

#[test]
fn a_file_of_nothing_but_errors_is_given_up_and_reported() {
    let errors = format!("{CALL}\n{}", "a,".repeat(400_000));
    let manifest = Tree::of(&[("errors.php", errors.as_str())]).one();
    assert_eq!(diagnostics(&manifest), ["limit-exceeded errors.php:1"]);
    assert!(!manifest.is_complete());
}

#[test]
fn one_line_of_twenty_megabytes_is_no_burden() {
    let line = "stripe(); ".repeat(2 << 20);
    let tree = Tree::of(&[("a.js", &line), ("b.php", &line)]);
    let began = Instant::now();
    let manifest = tree.one();
    assert!(began.elapsed() < Duration::from_secs(20));
    assert_eq!(diagnostics(&manifest).len(), 2);
    let large = Options {
        max_file_size: 64 << 20,
        ..Options::default()
    };
    std::fs::remove_file(tree.path("b.php")).unwrap();
    assert_eq!(skipped(&tree.one_with(&large))["minified"], 1);
}

#[test]
fn truncated_code_is_read_as_far_as_it_goes() {
    let tree = Tree::of(&[("cut.php", "<?php\nclass A { function b() { \\Stripe\\Ref")]);
    assert_eq!(tree.one().n_files, 1);
}

#[test]
fn minified_code_with_calls_is_reported_outside_of_plugins() {
    let code = format!("require('stripe');{}", "a();".repeat(2_000));
    let tree = Tree::of(&[("server.js", code.as_str())]);
    assert_eq!(diagnostics(&tree.one()), ["not-source server.js:1"]);
    tree.write("acme.php", tree::PLUGIN.as_bytes());
    assert!(diagnostics(&tree.one()).is_empty());
}

#[cfg(unix)]
#[test]
fn what_may_not_be_read_is_reported() {
    use std::os::unix::fs::PermissionsExt;
    let tree = Tree::of(&[
        ("pay.php", CALL),
        ("closed/x.php", CALL),
        ("shut.php", CALL),
    ]);
    let close = |path: &str, mode| {
        let permissions = std::fs::Permissions::from_mode(mode);
        std::fs::set_permissions(tree.path(path), permissions).unwrap();
    };
    close("closed", 0);
    close("shut.php", 0);
    let may_read_all = std::fs::read_dir(tree.path("closed")).is_ok();
    let said = diagnostics(&tree.one());
    close("closed", 0o755);
    // The superuser may read everything.
    if !may_read_all {
        assert_eq!(
            said,
            ["unreadable-file closed:1", "unreadable-file shut.php:1"]
        );
    }
}

#[test]
fn text_that_is_on_no_disk_is_a_unit_too() {
    let input = Input::Text {
        name: "<stdin>".to_owned(),
        language: Language::Php,
        bytes: CALL.as_bytes().to_vec(),
    };
    let manifests = scan(
        &input,
        &Options::default(),
        &RuleSet::builtin(),
        &NoProgress,
    )
    .unwrap();
    assert_eq!(&*manifests[0].unit.name, "<stdin>");
    assert_eq!(manifests[0].n_files, 1);
}

#[test]
fn the_order_of_files_and_the_number_of_threads_do_not_show() {
    let mut files: Vec<(String, String)> = (0..40)
        .map(|n| (format!("d{}/f{n}.php", n % 7), format!("{CALL}// {n}\n")))
        .collect();
    files.push((
        "broken.php".to_owned(),
        "<?php // Stripe \u{1}\n class {".to_owned(),
    ));
    let of = |files: &[(String, String)], threads| {
        let files: Vec<(&str, &String)> =
            files.iter().map(|(path, text)| (&**path, text)).collect();
        let mut manifest = Tree::of(&files).one_with(&Options {
            threads,
            ..Options::default()
        });
        manifest.unit.name = "x".into();
        manifest.folder = "x".into();
        manifest
    };
    let first = of(&files, Some(1));
    files.reverse();
    assert_eq!(first, of(&files, Some(4)));
    assert_eq!(first, of(&files, None));
}
