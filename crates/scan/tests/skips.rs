//! What is left out is counted by reason, and what leads to Stripe is not left out.

mod tree;

use scan::Options;
use tree::{CALL, PLUGIN, Tree, diagnostics, skipped};

#[test]
fn each_reason_is_counted() {
    let minified = format!("var stripe=1;{}", "a();".repeat(2_000));
    let tree = Tree::of(&[
        ("pay.php", CALL),
        ("other.php", "<?php echo 1;"),
        ("vendor/autoload.php", "<?php"),
        ("vendor/acme/x.php", CALL),
        ("node_modules/x/index.js", "require('stripe')"),
        ("tests/pay.php", CALL),
        ("app.test.js", "require('stripe')"),
        ("app.min.js", "require('stripe')"),
        ("bundle.js", minified.as_str()),
        ("types.d.ts", "import Stripe from 'stripe'"),
        ("made.js", "// @generated\nstripe"),
        (".ignore", "ignored.php\n"),
        ("ignored.php", CALL),
    ]);
    let manifest = tree.one();
    let expected = [
        ("dependency", 3),
        ("generated", 2),
        ("ignored", 1),
        ("minified", 2),
        ("no-mention", 1),
        ("test", 2),
    ];
    assert_eq!(skipped(&manifest), expected.into_iter().collect());
    assert_eq!((manifest.n_files, manifest.is_complete()), (1, true));
}

#[test]
fn options_switch_the_defaults_off() {
    let tree = Tree::of(&[
        ("pay.php", CALL),
        ("vendor/acme/pay.php", CALL),
        ("tests/pay.php", CALL),
        (".gitignore", "ignored.php\n"),
        ("ignored.php", CALL),
    ]);
    let n_files = |options: Options| tree.one_with(&options).n_files;
    assert_eq!(n_files(Options::default()), 1);
    assert_eq!(
        n_files(Options {
            include_tests: true,
            ..Options::default()
        }),
        2
    );
    assert_eq!(
        n_files(Options {
            include_dependencies: true,
            ..Options::default()
        }),
        2
    );
    assert_eq!(
        n_files(Options {
            respect_ignore_files: false,
            ..Options::default()
        }),
        2
    );
}

#[test]
fn a_shipped_plugin_is_read_in_spite_of_its_gitignore() {
    let ignored = "build/\n*.generated.php\n";
    let tree = Tree::of(&[
        ("plugin/acme.php", PLUGIN),
        ("plugin/.gitignore", ignored),
        ("plugin/build/pay.php", CALL),
        ("app/main.php", CALL),
        ("app/.gitignore", ignored),
        ("app/build/pay.php", CALL),
        ("app/deep/a.generated.php", CALL),
    ]);
    assert_eq!(tree.scan("plugin")[0].n_files, 2);
    let app = tree.scan("app").remove(0);
    assert_eq!((app.n_files, skipped(&app)["ignored"]), (1, 2));
}

#[test]
fn the_ignore_files_above_the_root_count_within_a_repository() {
    let tree = Tree::of(&[
        (".git/HEAD", "ref: x"),
        (".gitignore", "/app/secret.php\n"),
        ("app/main.php", CALL),
        ("app/secret.php", CALL),
    ]);
    assert_eq!(tree.scan("app")[0].n_files, 1);
}

#[test]
fn scripts_of_a_plugin_run_in_browsers_unless_they_show_otherwise() {
    let tree = Tree::of(&[
        ("acme.php", PLUGIN),
        ("assets/pay.js", "const stripe = Stripe('pk_live_x');"),
        (
            "assets/types.js",
            "import { loadStripe } from '@stripe/stripe-js';",
        ),
        ("server/pay.js", "import Stripe from 'stripe';"),
        (
            "server/raw.js",
            "fetch('https://api.stripe.com/v1/refunds')",
        ),
    ]);
    let manifest = tree.one();
    assert_eq!(
        (manifest.n_files, skipped(&manifest)["browser-script"]),
        (3, 2)
    );
}

#[cfg(unix)]
#[test]
fn links_are_not_followed_out_of_the_root() {
    use std::os::unix::fs::symlink;
    let outside = Tree::of(&[("secret/pay.php", CALL), ("one.php", CALL)]);
    let tree = Tree::of(&[("pay.php", CALL), ("inner/x.php", CALL)]);
    symlink(outside.path("secret"), tree.path("out")).unwrap();
    symlink(outside.path("one.php"), tree.path("one.php")).unwrap();
    symlink(tree.path("inner"), tree.path("again")).unwrap();
    symlink(tree.path("."), tree.path("inner/loop")).unwrap();
    let manifest = tree.one();
    assert_eq!((manifest.n_files, skipped(&manifest)["link"]), (2, 2));
}

#[test]
fn files_that_lead_to_stripe_without_naming_it_are_read() {
    let tree = Tree::of(&[
        (
            "src/Pay.php",
            "<?php\nclass Pay extends Acme_Gateway { const URL = 'https://api.stripe.com'; }",
        ),
        ("src/Gateway.php", "<?php\nabstract class Acme_Gateway {}"),
        ("src/Unrelated.php", "<?php\nclass Unrelated {}"),
        (
            "web/pay.ts",
            "import Stripe from 'stripe';\nimport { send } from './lib/send';",
        ),
        ("web/lib/send.ts", "export function send() {}"),
        ("web/shop.ts", "import { pay } from './pay';"),
        ("web/other.ts", "import { x } from './x';"),
        ("jobs/billing.py", "import stripe\nfrom .http import call\n"),
        ("jobs/http.py", "def call(): pass\n"),
        ("jobs/daily.py", "from jobs.billing import run\n"),
    ]);
    let manifest = tree.one();
    assert_eq!((manifest.n_files, skipped(&manifest)["no-mention"]), (8, 2));
}

#[test]
fn users_of_users_are_read_and_namesakes_are_not() {
    let api = "<?php\nnamespace Acme\\Pay;\nclass Remote { const URL = 'https://api.stripe.com'; }";
    let user = "<?php\nuse Acme\\Pay\\Remote;\nfunction acme_refund() { return new Remote(); }\nfunction acme_other() {}";
    let tree = Tree::of(&[
        ("src/Remote.php", api),
        ("src/refund.php", user),
        ("src/admin.php", "<?php\nacme_refund();"),
        ("src/theme.php", "<?php\nacme_other();"),
        ("src/Tv.php", "<?php\nnamespace Acme\\Tv;\nnew Remote();"),
    ]);
    let manifest = tree.one();
    assert_eq!((manifest.n_files, skipped(&manifest)["no-mention"]), (3, 2));
}

#[test]
fn names_in_prose_lead_nowhere() {
    let tree = Tree::of(&[
        (
            "acme.php",
            "<?php\nclass Acme { const URL = 'https://api.stripe.com'; }",
        ),
        (
            "about.php",
            "<?php\n// Acme asks first.\necho __( 'Acme takes cards' );",
        ),
        ("shop.php", "<?php\nfunction shop( Acme $acme ) {}"),
    ]);
    let manifest = tree.one();
    assert_eq!((manifest.n_files, skipped(&manifest)["no-mention"]), (2, 1));
}

#[test]
fn other_languages_are_not_passed_over_in_silence() {
    let tree = Tree::of(&[
        ("pay.php", CALL),
        ("job.rb", "Stripe::Charge.create(amount: 1)"),
        ("run.sh", "curl https://api.stripe.com/v1/charges"),
        ("quiet.go", "package main // stripe"),
    ]);
    assert_eq!(
        diagnostics(&tree.one()),
        ["unsupported-file job.rb:1", "unsupported-file run.sh:1"]
    );
}
