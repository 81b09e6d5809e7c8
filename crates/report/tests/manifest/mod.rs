//! Manifests made by hand, in few words.

use model::{
    api::Endpoint,
    diagnostic::{Code, Diagnostic},
    evidence::{Apart, NotCounted, Tier},
    manifest::{
        Cause, KeyTiers, Manifest, Needed, Request, SdkInUse, SkipReason, Told, Unit, UnitKind,
        Unmapped, UnmappedReason,
    },
    permission::{Grade, PermissionId},
    source::Location,
};

/// Reads `path:line:column text`.
pub(crate) fn at(text: &str) -> Location {
    let (place, excerpt) = text.split_once(' ').unwrap_or((text, ""));
    let mut parts = place.rsplitn(3, ':');
    let column = parts.next().unwrap().parse().unwrap();
    let line = parts.next().unwrap().parse().unwrap();
    Location {
        path: parts.next().unwrap().into(),
        line,
        column,
        excerpt: excerpt.into(),
    }
}

pub(crate) fn request(endpoint: &str, tier: Tier, places: &[&str]) -> Request {
    Request {
        endpoint: Endpoint::parse(endpoint).unwrap(),
        cause: Cause::Endpoint,
        grade: Grade::Official,
        tier,
        at: places.iter().map(|text| at(text)).collect(),
        features: Vec::new(),
        through: [].into(),
        spellings: Vec::new(),
    }
}

pub(crate) fn needed(id: &str, label: &str, section: &str, requests: Vec<Request>) -> Needed {
    Needed {
        id: PermissionId::parse(id).unwrap(),
        label: (!label.is_empty()).then(|| label.into()),
        section: section.into(),
        grade: Grade::Official,
        tier: requests.iter().map(|one| one.tier.clone()).min().unwrap(),
        alternatives: Vec::new(),
        requests,
    }
}

pub(crate) fn unmapped(endpoint: &str, reason: UnmappedReason, places: &[&str]) -> Unmapped {
    Unmapped {
        request: request(endpoint, Tier::Required, places),
        reason,
    }
}

pub(crate) fn unresolved(code: Code, place: &str, message: &str) -> Diagnostic {
    Diagnostic {
        location: at(place),
        code,
        message: message.into(),
        within: None,
    }
}

/// A unit in which nothing was found.
pub(crate) fn empty(name: &str) -> Manifest {
    Manifest {
        unit: Unit {
            name: name.into(),
            kind: UnitKind::Folder,
            version: None,
            path: None,
        },
        folder: "".into(),
        key_tiers: KeyTiers::default(),
        permissions: Vec::new(),
        connect: Vec::new(),
        unmapped: Vec::new(),
        not_counted: Vec::new(),
        unresolved: Vec::new(),
        told: Told::default(),
        sdks: Vec::new(),
        skipped: [].into(),
        n_files: 1,
        features: Vec::new(),
        keys: None,
        among: None,
    }
}

/// A unit with something of everything.
pub(crate) fn shop() -> Manifest {
    Manifest {
        unit: Unit {
            name: "acme-shop".into(),
            kind: UnitKind::WordPressPlugin,
            version: Some("4.0.8".into()),
            path: None,
        },
        folder: "".into(),
        key_tiers: KeyTiers::default(),
        permissions: own(),
        connect: connect(),
        unmapped: not_mapped(),
        not_counted: vec![asks_nothing()],
        unresolved: open(),
        told: Told::default(),
        sdks: vec![SdkInUse {
            name: "stripe-php".into(),
            version: Some("10.3.0".into()),
            path: Some("lib/stripe".into()),
            namespace: None,
        }],
        skipped: [(SkipReason::Dependency, 41), (SkipReason::NoMention, 212)].into(),
        n_files: 17,
        features: Vec::new(),
        keys: None,
        among: None,
    }
}

fn own() -> Vec<Needed> {
    vec![
        needed(
            "account_link_write",
            "Account Links",
            "Connect",
            vec![request(
                "POST /v1/account_links",
                Tier::OneOff,
                &["includes/class-onboarding.php:7:3 $stripe->accountLinks->create( $args );"],
            )],
        ),
        needed(
            "charge_write",
            "Charges and Refunds",
            "Core",
            vec![
                request(
                    "POST /v1/refunds",
                    Tier::Required,
                    &[
                        "includes/class-charge.php:90:12 return $this->stripe->refunds->create( $args );",
                        "includes/class-charge.php:120:12 $refund = \\Stripe\\Refund::create( $args );",
                    ],
                ),
                request(
                    "GET /v1/charges/{charge}",
                    Tier::Unreferenced,
                    &["includes/legacy.php:4:1 $c = Stripe_Charge::retrieve( $id );"],
                ),
            ],
        ),
        Needed {
            grade: Grade::Inferred,
            ..needed(
                "tax_calculations_read",
                "",
                "Tax",
                vec![request(
                    "GET /v1/tax/calculations/{calculation}",
                    Tier::Required,
                    &["includes/tax.php:33:9 $stripe->tax->calculations->retrieve( $id );"],
                )],
            )
        },
        needed(
            "topup_write",
            "Top-ups",
            "Core",
            vec![request(
                "POST /v1/topups",
                Tier::Unreferenced,
                &["includes/unused.php:5:1 $stripe->topups->create();"],
            )],
        ),
    ]
}

fn connect() -> Vec<Needed> {
    vec![needed(
        "payment_intent_write",
        "PaymentIntents",
        "Core",
        vec![request(
            "POST /v1/payment_intents",
            Tier::Required,
            &["includes/direct.php:12:5 PaymentIntent::create( $args, $on_behalf );"],
        )],
    )]
}

/// A request that asks nothing of the key.
pub(crate) fn asks_nothing() -> NotCounted {
    NotCounted {
        endpoint: "POST /oauth/token".into(),
        reason: Apart::NoPermission,
        at: vec![at("includes/oauth.php:3:1 OAuth::token( $args );")],
    }
}

fn not_mapped() -> Vec<Unmapped> {
    vec![unmapped(
        "POST /v1/wonders",
        UnmappedReason::UnknownEndpoint,
        &[
            "includes/new.php:8:2 request( 'wonders' );",
            "includes/new.php:9:2 request( 'wonders' );",
        ],
    )]
}

fn open() -> Vec<Diagnostic> {
    vec![
        unresolved(
            Code::DynamicOperation,
            "includes/form.php:326:5 $stripe->{$name}->all();",
            "cannot tell which Stripe resource `$name` reaches",
        ),
        unresolved(
            Code::InvalidUtf8,
            "includes/latin1.php:1:1",
            "the file has bytes that are not UTF-8",
        ),
    ]
}
