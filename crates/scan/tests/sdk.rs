//! Copies of Stripe's SDK are found by what is in them, and not read.

mod tree;

use model::manifest::Manifest;
use tree::{CALL, PLUGIN, Tree, skipped};

fn requestor(namespace: &str) -> String {
    format!(
        "<?php\n\nnamespace {namespace};\n\nclass ApiRequestor\n{{\n    const UA = 'X-Stripe-Client-User-Agent';\n}}\n"
    )
}

fn stripe(namespace: &str, version: &str) -> String {
    format!(
        "<?php\nnamespace {namespace};\nclass Stripe {{\n    const VERSION = '{version}';\n}}\n"
    )
}

/// Lists the SDKs as `name version namespace path`.
fn sdks(manifest: &Manifest) -> Vec<String> {
    manifest
        .sdks
        .iter()
        .map(|sdk| {
            let of = |part: &Option<model::Name>| part.as_deref().unwrap_or("-").to_owned();
            let parts = [of(&sdk.version), of(&sdk.namespace), of(&sdk.path)];
            format!("{} {}", sdk.name, parts.join(" "))
        })
        .collect()
}

#[test]
fn a_renamed_copy_is_found_in_any_folder() {
    let tree = Tree::of(&[
        ("acme-pay.php", PLUGIN.to_owned()),
        (
            "parts/gateway-code/lib/ApiRequestor.php",
            requestor("Acme\\Vendor\\Stripe"),
        ),
        (
            "parts/gateway-code/lib/Stripe.php",
            stripe("Acme\\Vendor\\Stripe", "15.10.0"),
        ),
        (
            "parts/gateway-code/lib/Service/RefundService.php",
            CALL.to_owned(),
        ),
        (
            "parts/gateway-code/init.php",
            "<?php require 'lib/ApiRequestor.php';".to_owned(),
        ),
        ("src/Pay.php", CALL.to_owned()),
    ]);
    let manifest = tree.one();
    assert_eq!(
        sdks(&manifest),
        ["stripe-php 15.10.0 Acme\\Vendor\\Stripe parts/gateway-code"]
    );
    assert_eq!(skipped(&manifest)["bundled-sdk"], 4);
    assert_eq!(manifest.n_files, 2);
}

#[test]
fn copies_in_dependency_folders_and_several_of_them_are_found() {
    let tree = Tree::of(&[
        ("acme-pay.php", PLUGIN.to_owned()),
        ("vendor/autoload.php", "<?php".to_owned()),
        ("vendor/stripe/stripe-php/VERSION", "7.33.0\n".to_owned()),
        (
            "vendor/stripe/stripe-php/composer.json",
            "{\"name\":\"stripe/stripe-php\"}".to_owned(),
        ),
        (
            "vendor/stripe/stripe-php/lib/ApiRequestor.php",
            requestor("Stripe"),
        ),
        (
            "vendor/stripe/stripe-php/lib/ApiResource.php",
            "<?php".to_owned(),
        ),
        (
            "vendor_prefixed/classes/ApiRequestor.php",
            requestor("AcmeFlat"),
        ),
        (
            "vendor_prefixed/classes/Stripe.php",
            stripe("AcmeFlat", "16.0.0"),
        ),
        (
            ".extlib/stripe-php/lib/ApiRequestor.php",
            requestor("Moo\\Stripe"),
        ),
        (
            ".extlib/stripe-php/lib/Stripe.php",
            stripe("Moo\\Stripe", "13.1.0"),
        ),
    ]);
    assert_eq!(
        sdks(&tree.one()),
        [
            "stripe-php 13.1.0 Moo\\Stripe .extlib/stripe-php/lib",
            "stripe-php 16.0.0 AcmeFlat vendor_prefixed/classes",
            "stripe-php 7.33.0 Stripe vendor/stripe/stripe-php",
        ]
    );
}

#[test]
fn the_first_generation_has_classes_with_a_prefix() {
    let tree = Tree::of(&[
        ("pay.php", "<?php require 'lib/Stripe.php'; Stripe_Charge::create();".to_owned()),
        ("stripe/lib/Stripe.php", "<?php require 'Stripe/ApiRequestor.php';\nabstract class Stripe { const VERSION = '1.18.0'; }".to_owned()),
        ("stripe/lib/Stripe/ApiRequestor.php", "<?php class Stripe_ApiRequestor {}".to_owned()),
        ("stripe/lib/Stripe/ApiResource.php", "<?php class Stripe_ApiResource {}".to_owned()),
        ("stripe/VERSION", "1.18.0".to_owned()),
    ]);
    assert_eq!(sdks(&tree.one()), ["stripe-php 1.18.0 Stripe stripe"]);
}

#[test]
fn code_around_an_sdk_without_a_folder_of_its_own_is_still_read() {
    let tree = Tree::of(&[
        ("plugin/acme-pay.php", PLUGIN.to_owned()),
        (
            "plugin/composer.json",
            "{\"require\":{\"stripe/stripe-php\":\"^7.0\"}}".to_owned(),
        ),
        ("plugin/lib/ApiRequestor.php", requestor("Acme\\Stripe")),
        ("plugin/lib/Stripe.php", stripe("Acme\\Stripe", "7.0.0")),
        ("plugin/src/Pay.php", CALL.to_owned()),
    ]);
    let manifest = tree.scan("plugin").remove(0);
    assert_eq!(manifest.n_files, 2);
    assert_eq!(sdks(&manifest), ["stripe-php 7.0.0 Acme\\Stripe lib"]);
}

#[test]
fn other_libraries_of_the_same_shape_are_no_sdk() {
    let text = "<?php\nnamespace Pay;\nclass ApiRequestor { /* like Stripe's */ }";
    let tree = Tree::of(&[
        ("lib/ApiRequestor.php", text),
        ("lib/ApiResource.php", CALL),
    ]);
    let manifest = tree.one();
    assert!(manifest.sdks.is_empty());
    assert_eq!(manifest.n_files, 2);
}

#[test]
fn copies_for_node_and_python_are_found() {
    let node = "{\"name\":\"stripe\",\"version\":\"12.1.0\",\"repository\":\"stripe/stripe-node\"}";
    let tree = Tree::of(&[
        ("app.js", "const stripe = require('stripe')(key);"),
        ("node_modules/stripe/package.json", node),
        ("node_modules/stripe/lib/stripe.js", "stripe"),
        ("vendored/stripe/__init__.py", ""),
        (
            "vendored/stripe/_api_requestor.py",
            "# stripe\nclass _APIRequestor: pass\n",
        ),
        ("vendored/stripe/_version.py", "VERSION = \"8.1.0\"\n"),
    ]);
    let manifest = tree.one();
    assert_eq!(
        sdks(&manifest),
        [
            "stripe-node 12.1.0 - node_modules/stripe",
            "stripe-python 8.1.0 - vendored/stripe",
        ]
    );
    assert_eq!(manifest.n_files, 1);
}

#[test]
fn a_lock_file_names_the_release_in_use() {
    let tree = Tree::of(&[
        ("app.js", "const stripe = require('stripe')(key);"),
        (
            "package.json",
            "{\"dependencies\":{\"stripe\":\"^12.0.0\"}}",
        ),
        (
            "package-lock.json",
            "{\"packages\":{\"node_modules/stripe\":{\"version\":\"12.18.0\"}}}",
        ),
    ]);
    assert_eq!(sdks(&tree.one()), ["stripe-node 12.18.0 - -"]);
}
