//! Every format but text, on manifests made by hand.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use report::{Format, Mode, Options};

mod manifest;

use manifest::{empty, shop};
use model::{
    evidence::{Apart, NotCounted},
    manifest::Manifest,
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
#[expect(clippy::too_many_lines, reason = "the snapshot is long")]
fn json() {
    insta::assert_snapshot!(rendered(Format::Json, &[shop()], &options()), @r#"
    {
      "schema": 1,
      "tool": {
        "name": "rakscan",
        "version": "0.1.0"
      },
      "rules": {
        "version": "0.1.0"
      },
      "units": [
        {
          "unit": {
            "name": "acme-shop",
            "kind": "wordpress-plugin",
            "version": "4.0.8"
          },
          "complete": false,
          "permissions": [
            {
              "id": "account_link_write",
              "label": "Account Links",
              "section": "Connect",
              "access": "write",
              "grade": "official",
              "tier": "one_off",
              "requests": [
                {
                  "endpoint": "POST /v1/account_links",
                  "tier": "one_off",
                  "at": [
                    {
                      "path": "includes/class-onboarding.php",
                      "line": 7,
                      "column": 3,
                      "text": "$stripe->accountLinks->create( $args );"
                    }
                  ]
                }
              ]
            },
            {
              "id": "charge_write",
              "label": "Charges and Refunds",
              "section": "Core",
              "access": "write",
              "grade": "official",
              "tier": "required",
              "requests": [
                {
                  "endpoint": "POST /v1/refunds",
                  "tier": "required",
                  "at": [
                    {
                      "path": "includes/class-charge.php",
                      "line": 90,
                      "column": 12,
                      "text": "return $this->stripe->refunds->create( $args );"
                    },
                    {
                      "path": "includes/class-charge.php",
                      "line": 120,
                      "column": 12,
                      "text": "$refund = \\Stripe\\Refund::create( $args );"
                    }
                  ]
                },
                {
                  "endpoint": "GET /v1/charges/{charge}",
                  "tier": "unreferenced",
                  "at": [
                    {
                      "path": "includes/legacy.php",
                      "line": 4,
                      "column": 1,
                      "text": "$c = Stripe_Charge::retrieve( $id );"
                    }
                  ]
                }
              ]
            },
            {
              "id": "tax_calculations_read",
              "section": "Tax",
              "access": "read",
              "grade": "inferred",
              "tier": "required",
              "requests": [
                {
                  "endpoint": "GET /v1/tax/calculations/{calculation}",
                  "tier": "required",
                  "at": [
                    {
                      "path": "includes/tax.php",
                      "line": 33,
                      "column": 9,
                      "text": "$stripe->tax->calculations->retrieve( $id );"
                    }
                  ]
                }
              ]
            },
            {
              "id": "topup_write",
              "label": "Top-ups",
              "section": "Core",
              "access": "write",
              "grade": "official",
              "tier": "unreferenced",
              "requests": [
                {
                  "endpoint": "POST /v1/topups",
                  "tier": "unreferenced",
                  "at": [
                    {
                      "path": "includes/unused.php",
                      "line": 5,
                      "column": 1,
                      "text": "$stripe->topups->create();"
                    }
                  ]
                }
              ]
            }
          ],
          "connect": [
            {
              "id": "payment_intent_write",
              "label": "PaymentIntents",
              "section": "Core",
              "access": "write",
              "grade": "official",
              "tier": "required",
              "requests": [
                {
                  "endpoint": "POST /v1/payment_intents",
                  "tier": "required",
                  "at": [
                    {
                      "path": "includes/direct.php",
                      "line": 12,
                      "column": 5,
                      "text": "PaymentIntent::create( $args, $on_behalf );"
                    }
                  ]
                }
              ]
            }
          ],
          "unmapped": [
            {
              "endpoint": "POST /v1/wonders",
              "tier": "required",
              "at": [
                {
                  "path": "includes/new.php",
                  "line": 8,
                  "column": 2,
                  "text": "request( 'wonders' );"
                },
                {
                  "path": "includes/new.php",
                  "line": 9,
                  "column": 2,
                  "text": "request( 'wonders' );"
                }
              ],
              "code": "unknown-endpoint",
              "reason": "this endpoint is not in the rule table"
            }
          ],
          "not_counted": [
            {
              "endpoint": "POST /oauth/token",
              "reason": "no-permission",
              "at": [
                {
                  "path": "includes/oauth.php",
                  "line": 3,
                  "column": 1,
                  "text": "OAuth::token( $args );"
                }
              ]
            }
          ],
          "unresolved": [
            {
              "at": {
                "path": "includes/form.php",
                "line": 326,
                "column": 5,
                "text": "$stripe->{$name}->all();"
              },
              "code": "dynamic-operation",
              "reason": "cannot tell which Stripe resource `$name` reaches",
              "help": "write `// rakscan: uses OPERATION` on this line, or `- { at: includes/form.php:326, uses: [OPERATION] }` under `assume:` in rakscan.yaml"
            },
            {
              "at": {
                "path": "includes/latin1.php",
                "line": 1,
                "column": 1
              },
              "code": "invalid-utf8",
              "reason": "the file has bytes that are not UTF-8"
            }
          ],
          "sdks": [
            {
              "name": "stripe-php",
              "version": "10.3.0",
              "path": "lib/stripe"
            }
          ],
          "skipped": {
            "dependency": 41,
            "no-mention": 212
          },
          "files": 17,
          "link": "https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write"
        }
      ]
    }
    "#);
}

#[test]
#[expect(clippy::too_many_lines, reason = "the snapshot is long")]
fn yaml() {
    insta::assert_snapshot!(rendered(Format::Yaml, &[shop(), empty("lib")], &options()), @"
    # What a Stripe restricted API key must be allowed to do for this code.
    schema: 1
    unit:
      name: acme-shop
      kind: wordpress-plugin
      version: 4.0.8
    complete: false
    permissions:
    - id: account_link_write
      label: Account Links
      section: Connect
      access: write
      grade: official
      tier: one_off
      requests:
      - endpoint: POST /v1/account_links
        tier: one_off
        at:
        - includes/class-onboarding.php:7
    - id: charge_write
      label: Charges and Refunds
      section: Core
      access: write
      grade: official
      tier: required
      requests:
      - endpoint: POST /v1/refunds
        tier: required
        at:
        - includes/class-charge.php:90
        - includes/class-charge.php:120
      - endpoint: GET /v1/charges/{charge}
        tier: unreferenced
        at:
        - includes/legacy.php:4
    - id: tax_calculations_read
      section: Tax
      access: read
      grade: inferred
      tier: required
      requests:
      - endpoint: GET /v1/tax/calculations/{calculation}
        tier: required
        at:
        - includes/tax.php:33
    - id: topup_write
      label: Top-ups
      section: Core
      access: write
      grade: official
      tier: unreferenced
      requests:
      - endpoint: POST /v1/topups
        tier: unreferenced
        at:
        - includes/unused.php:5
    connect:
    - id: payment_intent_write
      label: PaymentIntents
      section: Core
      access: write
      grade: official
      tier: required
      requests:
      - endpoint: POST /v1/payment_intents
        tier: required
        at:
        - includes/direct.php:12
    unmapped:
    - endpoint: POST /v1/wonders
      tier: required
      at:
      - includes/new.php:8
      - includes/new.php:9
      code: unknown-endpoint
      reason: this endpoint is not in the rule table
    not_counted:
    - endpoint: POST /oauth/token
      reason: no-permission
      at:
      - includes/oauth.php:3
    unresolved:
    - at: includes/form.php:326
      code: dynamic-operation
      reason: cannot tell which Stripe resource `$name` reaches
    - at: includes/latin1.php:1
      code: invalid-utf8
      reason: the file has bytes that are not UTF-8
    sdks:
    - name: stripe-php
      version: 10.3.0
      path: lib/stripe
    link: https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write
    ---
    # What a Stripe restricted API key must be allowed to do for this code.
    schema: 1
    unit:
      name: lib
      kind: folder
    complete: true
    permissions: []
    connect: []
    unmapped: []
    unresolved: []
    sdks: []
    ");
}

#[test]
fn markdown() {
    insta::assert_snapshot!(rendered(Format::Markdown, &[shop()], &options()), @r"
    ## Stripe permissions for acme-shop 4.0.8

    | Permission | Access | Dashboard section | Needed for | Where |
    | --- | --- | --- | --- | --- |
    | Account Links (`account_link_write`) | Write | Connect | `POST /v1/account_links` | `includes/class-onboarding.php:7` |
    | Charges and Refunds (`charge_write`) | Write | Core | `POST /v1/refunds` | `includes/class-charge.php:90` and 1 more |
    | `tax_calculations_read`, inferred | Read | Tax | `GET /v1/tax/calculations/{calculation}` | `includes/tax.php:33` |

    ### Connect

    For requests on behalf of connected accounts.

    | Permission | Access | Dashboard section | Needed for | Where |
    | --- | --- | --- | --- | --- |
    | PaymentIntents (`payment_intent_write`) | Write | Core | `POST /v1/payment_intents` | `includes/direct.php:12` |

    ### Not mapped

    - `POST /v1/wonders`: this endpoint is not in the rule table (`includes/new.php:8` and 1 more)

    ### Could not be resolved

    - `includes/form.php:326`: cannot tell which Stripe resource \`$name\` reaches (dynamic-operation)

    ### Not counted

    These requests ask nothing of this key.

    - `POST /oauth/token`: no-permission (`includes/oauth.php:3`)

    [Create this key in the Stripe Dashboard](https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write)
    ");
}

#[test]
fn endpoints_are_sorted_and_reached() {
    insta::assert_snapshot!(rendered(Format::Endpoints, &[shop()], &options()), @"
    POST /v1/account_links
    POST /v1/payment_intents
    POST /v1/refunds
    GET /v1/tax/calculations/{calculation}
    POST /v1/wonders
    ");
}

#[test]
fn links() {
    insta::assert_snapshot!(rendered(Format::Link, &[shop(), empty("lib")], &options()), @"https://dashboard.stripe.com/apikeys/create?name=acme-shop&permissions%5B%5D=rak_account_link_write&permissions%5B%5D=rak_charge_write&permissions%5B%5D=rak_tax_calculations_read&connectPermissions%5B%5D=rak_payment_intent_write");
    let test = Options {
        mode: Mode::Test,
        ..options()
    };
    let link = rendered(Format::Link, &[shop()], &test);
    assert!(link.starts_with("https://dashboard.stripe.com/test/apikeys/create?name=acme-shop&"));
}

#[test]
fn no_format_prints_what_reorders_or_hides() {
    let mut hostile = shop();
    let bad = "a\u{202e}b\u{200b}c\u{1b}[31m|`<x>\n";
    hostile.unit.name = bad.into();
    hostile.unit.version = Some(bad.into());
    for needed in hostile.permissions.iter_mut().chain(&mut hostile.connect) {
        needed.label = Some(bad.into());
        for at in needed.requests.iter_mut().flat_map(|one| &mut one.at) {
            at.path = bad.into();
            at.excerpt = bad.into();
        }
    }
    for one in &mut hostile.unmapped {
        one.request.at = vec![manifest::at("x:1:1")];
        one.request.at[0].path = bad.into();
    }
    for one in &mut hostile.unresolved {
        one.location.path = bad.into();
        one.message = bad.into();
    }
    for format in Format::ALL {
        for verbose in [false, true] {
            let options = Options {
                verbose,
                ..options()
            };
            let text = rendered(format, &[hostile.clone()], &options);
            let found = text.find(|c: char| "\u{202e}\u{200b}\u{1b}".contains(c));
            assert_eq!(found, None, "{}: {text}", format.id());
        }
    }
}

#[test]
fn what_is_not_counted_stands_apart() {
    let manifest = Manifest {
        not_counted: vec![NotCounted {
            endpoint: "POST /v1/tokens".into(),
            reason: Apart::PublishableKey,
            at: vec![manifest::at("includes/keys.php:7:2 post( $publishable );")],
        }],
        ..shop()
    };
    let with = |format| rendered(format, std::slice::from_ref(&manifest), &options());
    let text = with(Format::Text);
    assert!(
        text.contains("Not counted: asks nothing of this key"),
        "{text}"
    );
    assert!(
        text.contains("POST /v1/tokens  publishable key  includes/keys.php:7"),
        "{text}"
    );
    assert!(with(Format::Markdown).contains("### Not counted"));
    assert!(with(Format::Json).contains("\"not_counted\""));
    assert!(!with(Format::Endpoints).contains("tokens"));
}
