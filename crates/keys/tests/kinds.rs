//! Every kind of finding, where it is one and where it is not.
//!
//! Keys are put together here, so that no file of this repository holds anything that looks like one.

use model::key::{KeyFinding, Severity};
use proptest::strategy::Strategy as _;

/// A value as random as a real one.
const BODY: &str = "hQ7vLm2RzX9tKc4WnB8yPd3F";

fn key(prefix: &str) -> String {
    format!("{prefix}_{BODY}")
}

fn all(path: &str, text: &str) -> Vec<KeyFinding> {
    let found = keys::find(path, text.as_bytes());
    for finding in &found.findings {
        let shown = format!("{finding:?}");
        assert!(!shown.contains(&BODY[..20]), "{shown}");
    }
    found.findings
}

/// Lists the codes with their severities, without the note about full keys.
fn codes(path: &str, text: &str) -> Vec<String> {
    let all = all(path, text).into_iter();
    all.filter(|one| one.code.id() != "full-key")
        .map(|one| format!("{} {}", one.code.id(), one.severity.id()))
        .collect()
}

#[test]
fn a_key_in_the_source_is_an_error_whatever_it_may_do() {
    for prefix in ["sk_live", "sk_test", "rk_live", "rk_test"] {
        let text = format!("<?php\n$key = '{}';\n", key(prefix));
        assert_eq!(
            codes("src/pay.php", &text),
            ["key-in-source error"],
            "{prefix}"
        );
    }
    for prefix in [
        "pk_live", "pk_test", "SK_LIVE", "sk_prod", "ask_live", "sk_live2",
    ] {
        let text = format!("key = '{}'", key(prefix));
        assert_eq!(codes("src/pay.py", &text), [""; 0], "{prefix}");
    }
}

#[test]
fn a_key_in_settings_is_worse_if_it_is_live() {
    for path in [
        ".env",
        "wp-config.php",
        "app/config.yaml",
        "a.json",
        "b.ini",
        "c.toml",
    ] {
        let live = format!("STRIPE: {}\n", key("sk_live"));
        assert_eq!(codes(path, &live), ["key-in-config error"], "{path}");
        let test = format!("STRIPE: {}\n", key("rk_test"));
        assert_eq!(codes(path, &test), ["key-in-config warning"], "{path}");
    }
}

#[test]
fn placeholders_and_documented_keys_stay_quiet() {
    for value in [
        "xxxxxxxxxxxxxxxxxxxxxxxx",
        "1234567890abcdef",
        "YOUR_KEY",
        "4eC39HqLyjWDarjtT1zdp7dc",
        "26PHem9AhJZvU623DfE1x4sd",
        "your_secret_key_here",
        "...",
    ] {
        for prefix in ["sk_test", "sk_live", "rk_live"] {
            let text = format!("STRIPE_SECRET={prefix}_{value}\n");
            assert_eq!(codes(".env", &text), [""; 0], "{text}");
        }
    }
}

#[test]
fn browsers_get_what_has_a_name_for_them() {
    for name in [
        "NEXT_PUBLIC_PAY",
        "VITE_STRIPE_SECRET_KEY",
        "REACT_APP_X",
        "PUBLIC_KEY",
    ] {
        let text = format!("{name}={}\n", key("sk_test"));
        assert_eq!(codes(".env", &text), ["key-in-browser error"], "{name}");
    }
    let text = "const k = process.env.NEXT_PUBLIC_STRIPE_SECRET_KEY;\n";
    assert_eq!(codes("app/pay.ts", text), ["key-in-browser error"]);
    let text = "VITE_STRIPE_SECRET_KEY=$STRIPE_SECRET_KEY\n";
    assert_eq!(codes(".env", text), ["key-in-browser error"]);
    for text in [
        "// never: NEXT_PUBLIC_STRIPE_SECRET_KEY\n",
        "process.env.STRIPE_SECRET_KEY\n",
        "process.env.NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY\n",
        "const NEXT_PUBLIC_STRIPE_SECRET = 'pk_live_abc'\n",
    ] {
        assert_eq!(codes("app/pay.ts", text), [""; 0], "{text}");
    }
    let text = "VITE_STRIPE_SECRET_KEY=\nVITE_STRIPE_SK=sk_test_xxxxxxxxxxxx\n";
    assert_eq!(codes(".env", text), [""; 0]);
}

#[test]
fn pages_and_client_components_are_code_of_browsers() {
    let text = format!("<script>\nconst key = '{}'\n</script>\n", key("rk_live"));
    for path in ["pay.html", "Pay.vue", "pay.svelte"] {
        assert_eq!(codes(path, &text), ["key-in-browser error"], "{path}");
    }
    let text = format!("'use client'\nconst key = '{}'\n", key("sk_test"));
    assert_eq!(codes("app/pay.tsx", &text), ["key-in-browser error"]);
}

#[test]
fn stripe_js_gets_no_secret() {
    let secret = key("sk_live");
    for text in [
        format!("const s = loadStripe('{secret}')"),
        format!("const s = Stripe(\n  '{secret}'\n)"),
        "loadStripe(import.meta.env.VITE_STRIPE_SECRET_KEY)".to_owned(),
        "loadStripe(stripeSecretKey, { locale })".to_owned(),
    ] {
        assert_eq!(
            codes("src/pay.js", &text),
            ["key-to-stripe-js error"],
            "{text}"
        );
    }
    let publishable = key("pk_live");
    for text in [
        format!("loadStripe('{publishable}')"),
        "loadStripe(process.env.NEXT_PUBLIC_STRIPE_KEY)".to_owned(),
        "import Stripe from 'stripe';\nStripe(secretKey)".to_owned(),
        "new Stripe(process.env.STRIPE_SECRET_KEY)".to_owned(),
    ] {
        assert_eq!(codes("src/pay.js", &text), [""; 0], "{text}");
    }
    assert_eq!(codes("src/pay.py", "Stripe(secret_key)"), [""; 0]);
}

#[test]
fn debug_output_beside_a_key_is_found() {
    let env = |debug: &str, key: &str| format!("APP_NAME=x\r\n{debug}\r\nSTRIPE_SECRET={key}\r\n");
    let live = codes(".env", &env("APP_DEBUG=true", &key("sk_live")));
    assert_eq!(live, ["debug-with-key error", "key-in-config error"]);
    let test = codes(".env", &env("APP_DEBUG=true", &key("sk_test")));
    assert_eq!(test, ["debug-with-key warning", "key-in-config warning"]);
    for text in [
        env("APP_DEBUG=false", &key("sk_live")),
        env("#APP_DEBUG=true", &key("sk_live")),
        env("MY_APP_DEBUG=true", &key("sk_live")),
    ] {
        assert_eq!(codes(".env", &text), ["key-in-config error"], "{text}");
    }
    assert_eq!(
        codes(".env", &env("APP_DEBUG=true", "sk_test_xxxxxxxxxxxx")),
        [""; 0]
    );
    assert_eq!(codes(".env", "APP_DEBUG=true\n"), [""; 0]);
}

#[test]
fn webhook_secrets_are_found() {
    let text = format!("secret = '{}'\n", key("whsec"));
    assert_eq!(codes("hook.py", &text), ["webhook-secret error"]);
    assert_eq!(codes(".env", &text), ["webhook-secret error"]);
    assert_eq!(codes("hook.py", "secret = 'whsec_short'"), [""; 0]);
}

#[test]
fn a_live_secret_key_is_noted_once_per_file() {
    let text = format!("a = '{0}'\nb = '{0}'\n", key("sk_live"));
    let notes = all("a.py", &text);
    let notes: Vec<_> = notes
        .iter()
        .filter(|one| one.code.id() == "full-key")
        .collect();
    assert_eq!(notes.len(), 1);
    assert_eq!(notes[0].severity, Severity::Note);
    for prefix in ["sk_test", "rk_live"] {
        let text = format!("a = '{}'\n", key(prefix));
        assert!(
            all("a.py", &text)
                .iter()
                .all(|one| one.code.id() != "full-key")
        );
    }
}

#[test]
fn places_are_those_of_editors() {
    let text = format!("a\r\n  é = \"{}\"\r\n", key("sk_test"));
    let finding = all("a.py", &text).remove(0);
    assert_eq!((finding.location.line, finding.location.column), (2, 8));
    assert_eq!(&*finding.location.excerpt, "é = \"sk_test_…Pd3F\"");
    assert_eq!(finding.value.as_deref(), Some("sk_test_…Pd3F"));
}

#[test]
fn comments_close_findings_with_a_reason() {
    let secret = key("sk_test");
    let closed = |text: &str| {
        let found = keys::find("a.js", text.as_bytes());
        let reasons = found.closed.iter().map(|one| one.reason.to_string());
        (reasons.collect::<Vec<_>>(), found.findings.len())
    };
    let above = format!("// rakscan: ignore[key-in-source] sandbox of all\nk = '{secret}'\n");
    assert_eq!(closed(&above), (vec!["sandbox of all".to_owned()], 0));
    let beside = format!("k = '{secret}' // rakscan: ignore[key-in-source] sandbox\n");
    assert_eq!(closed(&beside), (vec!["sandbox".to_owned()], 0));
    for text in [
        format!("// rakscan: ignore[key-in-source]\nk = '{secret}'\n"),
        format!("s = 'rakscan: ignore[key-in-source] x'; k = '{secret}'\n"),
    ] {
        assert_eq!(closed(&text), (vec![], 1), "{text}");
    }
    let other = format!("// rakscan: ignore[webhook-secret] x\nk = '{secret}'\n");
    let found = keys::find("a.js", other.as_bytes()).findings;
    let ids: Vec<_> = found.iter().map(|one| one.code.id()).collect();
    assert_eq!(ids, ["key-in-source", "unused-directive"]);
}

#[test]
fn long_lines_and_broken_text_are_no_trouble() {
    let secret = key("sk_live");
    let mut bytes = vec![b'x'; 1 << 20];
    bytes.extend_from_slice(format!(";a='{secret}';").as_bytes());
    bytes.extend(vec![b'y'; 1 << 20]);
    let found = keys::find("a.min.js", &bytes).findings;
    assert_eq!(found.len(), 2);
    assert_eq!(&*found[0].location.excerpt, "a='sk_live_…Pd3F'");
    let mut bytes = b"\xff\xfe\x80 '".to_vec();
    bytes.extend_from_slice(secret.as_bytes());
    bytes.extend_from_slice(b"' \xff\xff");
    let found = keys::find("a.php", &bytes).findings;
    assert_eq!(found[0].code.id(), "key-in-source");
    assert!(found[0].location.excerpt.contains("sk_live_…Pd3F"));
}

#[test]
fn many_keys_on_one_line_take_no_time_and_show_nothing_of_each_other() {
    let line = format!("'{}' ", key("sk_test")).repeat(20_000);
    let found = all("a.js", &line);
    assert_eq!(found.len(), 20_000);
}

proptest::proptest! {
    #[test]
    fn no_text_is_too_strange(
        parts in proptest::collection::vec(
            proptest::prop_oneof![
                "[\\x00-\\x7fé]{0,12}",
                proptest::sample::select(vec![
                    "sk_live_", "whsec_", "Stripe(", "load", "APP_DEBUG=true", "STRIPE", "VITE_",
                    "SECRET", "\n", "// rakscan: ignore[key-in-source] x", "hQ7vLm2RzX9tKc4WnB8yPd3F",
                    "process.env.", "'", ",", "{",
                ]).prop_map(str::to_owned),
            ],
            0..40,
        ),
        path in proptest::sample::select(vec![".env", "a.js", "a.vue", "a.php", "c.yaml"]),
    ) {
        let text = parts.concat();
        for one in keys::find(path, text.as_bytes()).findings {
            let shown = format!("{one:?}");
            for prefix in ["sk_live", "whsec"] {
                proptest::prop_assert!(!shown.contains(&key(prefix)), "{}", shown);
            }
        }
    }
}
