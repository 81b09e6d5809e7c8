//! The report for people, on manifests made by hand.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use report::{Format, Options};

mod manifest;

use manifest::{empty, shop, unresolved};
use model::{
    diagnostic::Code,
    manifest::{Among, Manifest},
};

fn options() -> Options {
    Options {
        tool_version: "0.1.0".to_owned(),
        rules_version: "0.1.0".to_owned(),
        ..Options::default()
    }
}

fn rendered(format: Format, manifests: &[Manifest], options: &Options) -> String {
    let mut out = Vec::new();
    report::render(format, manifests, options, &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

#[test]
fn text() {
    insta::assert_snapshot!(rendered(Format::Text, &[shop()], &options()), @"
    acme-shop 4.0.8  WordPress plugin, 17 files read, stripe-php 10.3.0

      Core
        Charges and Refunds  charge_write           Write  official        includes/class-charge.php:90 and 1 more

      Connect
        Account Links        account_link_write     Write  official, once  includes/class-onboarding.php:7

      Tax
        –                    tax_calculations_read  Read   inferred        includes/tax.php:33

    Connect, for requests on behalf of connected accounts

      Core
        PaymentIntents  payment_intent_write  Write  official  includes/direct.php:12

    Not part of the key: nothing here reaches this code

      Core
        Top-ups  topup_write  Write  official  includes/unused.php:5

      Not mapped
        POST /v1/wonders  this endpoint is not in the rule table
          includes/new.php:8:2 and 1 more

      Could not be resolved
        includes/form.php:326:5
          cannot tell which Stripe resource `$name` reaches [dynamic-operation]
          $stripe->{$name}->all();
          help: write `// rakscan: uses OPERATION` on this line, or `- { at: includes/form.php:326, uses: [OPERATION] }` under `assume:` in rakscan.yaml

      Not counted: asks nothing of this key
        POST /oauth/token  asks for no permission  includes/oauth.php:3

      incomplete: 1 place could not be resolved, 1 endpoint has no known permission

      Create the key:
      https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write
    ");
}

#[test]
fn text_in_a_narrow_terminal_puts_places_below() {
    let options = Options {
        width: Some(60),
        ..options()
    };
    insta::assert_snapshot!(rendered(Format::Text, &[shop()], &options), @"
    acme-shop 4.0.8  WordPress plugin, 17 files read, stripe-php 10.3.0

      Core
        Charges and Refunds  charge_write           Write  official
          includes/class-charge.php:90 and 1 more

      Connect
        Account Links        account_link_write     Write  official, once
          includes/class-onboarding.php:7

      Tax
        –                    tax_calculations_read  Read   inferred
          includes/tax.php:33

    Connect, for requests on behalf of connected accounts

      Core
        PaymentIntents  payment_intent_write  Write  official
          includes/direct.php:12

    Not part of the key: nothing here reaches this code

      Core
        Top-ups  topup_write  Write  official
          includes/unused.php:5

      Not mapped
        POST /v1/wonders  this endpoint is not in the rule table
          includes/new.php:8:2 and 1 more

      Could not be resolved
        includes/form.php:326:5
          cannot tell which Stripe resource `$name` reaches [dynamic-operation]
          $stripe->{$name}->all();
          help: write `// rakscan: uses OPERATION` on this line, or `- { at: includes/form.php:326, uses: [OPERATION] }` under `assume:` in rakscan.yaml

      Not counted: asks nothing of this key
        POST /oauth/token  asks for no permission  includes/oauth.php:3

      incomplete: 1 place could not be resolved, 1 endpoint has no known permission

      Create the key:
      https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write
    ");
}

#[test]
fn verbose_text_shows_every_place() {
    let options = Options {
        verbose: true,
        ..options()
    };
    insta::assert_snapshot!(rendered(Format::Text, &[shop()], &options), @r"
    acme-shop 4.0.8  WordPress plugin, 17 files read, stripe-php 10.3.0

      Core
        Charges and Refunds  charge_write           Write  official
          POST /v1/refunds
            includes/class-charge.php:90:12  return $this->stripe->refunds->create( $args );
            includes/class-charge.php:120:12  $refund = \Stripe\Refund::create( $args );
          GET /v1/charges/{charge}  (not reached)
            includes/legacy.php:4:1  $c = Stripe_Charge::retrieve( $id );

      Connect
        Account Links        account_link_write     Write  official, once
          POST /v1/account_links
            includes/class-onboarding.php:7:3  $stripe->accountLinks->create( $args );

      Tax
        –                    tax_calculations_read  Read   inferred
          GET /v1/tax/calculations/{calculation}
            includes/tax.php:33:9  $stripe->tax->calculations->retrieve( $id );

    Connect, for requests on behalf of connected accounts

      Core
        PaymentIntents  payment_intent_write  Write  official
          POST /v1/payment_intents
            includes/direct.php:12:5  PaymentIntent::create( $args, $on_behalf );

    Not part of the key: nothing here reaches this code

      Core
        Top-ups  topup_write  Write  official
          POST /v1/topups
            includes/unused.php:5:1  $stripe->topups->create();

      Not mapped
        POST /v1/wonders  this endpoint is not in the rule table
          includes/new.php:8:2
          includes/new.php:9:2

      Could not be resolved
        includes/form.php:326:5
          cannot tell which Stripe resource `$name` reaches [dynamic-operation]
          $stripe->{$name}->all();
          help: write `// rakscan: uses OPERATION` on this line, or `- { at: includes/form.php:326, uses: [OPERATION] }` under `assume:` in rakscan.yaml

      Not counted: asks nothing of this key
        POST /oauth/token  asks for no permission  includes/oauth.php:3

      Notes
        includes/latin1.php:1:1
          the file has bytes that are not UTF-8 [invalid-utf8]

      incomplete: 1 place could not be resolved, 1 endpoint has no known permission
      files left out: dependency 41, no-mention 212

      Create the key:
      https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write
    ");
}

#[test]
fn text_without_any_request_says_so_plainly() {
    insta::assert_snapshot!(rendered(Format::Text, &[empty("lib")], &options()), @"
    lib  folder, 1 file read

      complete: no Stripe API request found; a key for this code needs no permission
    ");
    let mut open = empty("lib");
    open.unresolved = vec![unresolved(
        Code::DynamicRequest,
        "a.py:2:1",
        "cannot tell which URL is called",
    )];
    insta::assert_snapshot!(rendered(Format::Text, &[open], &options()), @"
    lib  folder, 1 file read

      Could not be resolved
        a.py:2:1
          cannot tell which URL is called [dynamic-request]
          help: write `# rakscan: uses OPERATION` on this line, or `- { at: a.py:2, uses: [OPERATION] }` under `assume:` in rakscan.yaml

      incomplete: no Stripe API request found, but 1 place could not be resolved
    ");
}

#[test]
fn text_says_what_code_needs_that_is_not_reached_or_free() {
    let mut unused = empty("lib");
    unused.permissions = shop().permissions.split_off(3);
    insta::assert_snapshot!(rendered(Format::Text, &[unused], &options()), @"
    lib  folder, 1 file read

    Not part of the key: nothing here reaches this code

      Core
        Top-ups  topup_write  Write  official  includes/unused.php:5

      complete: no request is part of the key; a key for this code needs no permission
    ");
    let mut free = empty("lib");
    free.not_counted = vec![manifest::asks_nothing()];
    insta::assert_snapshot!(rendered(Format::Text, &[free], &options()), @"
    lib  folder, 1 file read

      Not counted: asks nothing of this key
        POST /oauth/token  asks for no permission  includes/oauth.php:3

      complete: no request found needs a permission of the key
    ");
}

/// The unit in a folder among others.
fn among(folder: &str, manifest: Manifest) -> Manifest {
    Manifest {
        among: Some(Among {
            folder: folder.into(),
            fingerprint: None,
        }),
        ..manifest
    }
}

#[test]
fn text_of_a_directory_leaves_out_units_without_stripe_and_ends_in_numbers() {
    let mut open = empty("b");
    open.unresolved = shop().unresolved;
    open.unresolved.truncate(1);
    let all = [("a", empty("a")), ("b", open), ("c", empty("c"))];
    let all = all.map(|(folder, manifest)| among(folder, manifest));
    insta::assert_snapshot!(rendered(Format::Text, &all, &options()), @"
    b  folder, 1 file read

      Could not be resolved
        includes/form.php:326:5
          cannot tell which Stripe resource `$name` reaches [dynamic-operation]
          $stripe->{$name}->all();
          help: write `// rakscan: uses OPERATION` on this line, or `- { at: includes/form.php:326, uses: [OPERATION] }` under `assume:` in rakscan.yaml

      incomplete: no Stripe API request found, but 1 place could not be resolved

    Summary

      units        3
      with Stripe  1
      complete     2
      incomplete   1
    ");
    let verbose = Options {
        verbose: true,
        ..options()
    };
    let text = rendered(Format::Text, &all, &verbose);
    assert_eq!(text.matches("folder, 1 file read").count(), 3);
}

#[test]
fn the_permissions_that_most_units_need_come_first() {
    let all: Vec<Manifest> = ["a", "b"].map(|name| among(name, shop())).into();
    let text = rendered(Format::Text, &all, &options());
    let (_, summary) = text.split_once("Summary").unwrap();
    insta::assert_snapshot!(summary, @"
    plugins      2
    with Stripe  2
    complete     0
    incomplete   2

    Most needed permissions                          plugins
    Account Links             account_link_write           2
    Charges and Refunds       charge_write                 2
    –                         tax_calculations_read        2
    PaymentIntents (Connect)  payment_intent_write         2
    ");
}

#[test]
fn text_of_several_units_ends_in_a_count() {
    let text = rendered(Format::Text, &[empty("a"), empty("b")], &options());
    insta::assert_snapshot!(text, @"
    a  folder, 1 file read

      complete: no Stripe API request found; a key for this code needs no permission

    b  folder, 1 file read

      complete: no Stripe API request found; a key for this code needs no permission

    2 units: 0 with permissions, 0 incomplete
    ");
}

#[test]
fn styles_only_add_escape_sequences() {
    let styled = Options {
        styles: true,
        ..options()
    };
    let styled = rendered(Format::Text, &[shop()], &styled);
    assert!(styled.contains("\u{1b}[1macme-shop 4.0.8\u{1b}[0m"));
    let mut plain = String::new();
    for (index, part) in styled.split('\u{1b}').enumerate() {
        let rest = part.split_once('m').map_or(part, |(_, rest)| rest);
        plain.push_str(if index == 0 { part } else { rest });
    }
    assert_eq!(plain, rendered(Format::Text, &[shop()], &options()));
}
