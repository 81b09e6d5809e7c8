//! Calls of Stripe.js: `Stripe('pk_…')` in a browser and `loadStripe(…)`, which take a publishable key.

use memchr::memmem;

use crate::{table::PREFIXES, token::Token};

/// Longest list of arguments that is looked at.
const LONGEST: usize = 240;

/// What such a call is given that it must not get.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Call {
    /// Where its name begins.
    pub(crate) start: usize,
    /// Where its first argument ends.
    pub(crate) end: usize,
    /// Its name.
    pub(crate) name: &'static str,
    /// The key, where it is written down.
    pub(crate) token: Option<Token>,
}

/// Reads the call whose `Stripe(` begins at `at`; `None` where it is another, or gets what it may.
pub(crate) fn call(bytes: &[u8], at: usize, is_server: impl FnOnce() -> bool) -> Option<Call> {
    let before = bytes.get(at.saturating_sub(16)..at).unwrap_or_default();
    let (start, name) = match before.strip_suffix(b"load") {
        Some(before) if !ends_in_name(before) => (at - "load".len(), "loadStripe"),
        _ => (at, "Stripe"),
    };
    if name == "Stripe" && (!is_function(before) || is_server()) {
        return None;
    }
    let first = at + "Stripe(".len();
    let argument = argument(bytes.get(first..)?);
    let end = first + argument.len();
    let token = (first..end)
        .filter(|at| bytes.get(*at).is_some_and(|byte| b"srw".contains(byte)))
        .find_map(|at| Token::at(bytes, at));
    let is_meant = match &token {
        Some(token) => !token.is_placeholder,
        None => names_secret(argument),
    };
    is_meant.then_some(Call {
        start,
        end,
        name,
        token,
    })
}

/// Tells whether `Stripe` behind `before` is the function of Stripe.js and not a method, a class or
/// a part of another name.
fn is_function(before: &[u8]) -> bool {
    if let Some(before) = before.strip_suffix(b".") {
        return before.ends_with(b"window");
    }
    let word = before.trim_ascii_end();
    let is_named = word.len() < before.len()
        && ["new", "function", "class", "def", "fn"]
            .iter()
            .any(|name| word.ends_with(name.as_bytes()));
    let is_part = before
        .last()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_$\\>:".contains(byte));
    !is_named && !is_part
}

fn ends_in_name(before: &[u8]) -> bool {
    before
        .last()
        .is_some_and(|byte| byte.is_ascii_alphanumeric() || b"_$".contains(byte))
}

/// Returns the first argument of a call, from behind its parenthesis.
fn argument(rest: &[u8]) -> &[u8] {
    let rest = rest.get(..LONGEST).unwrap_or(rest);
    let mut depth = 0_u32;
    let end = rest.iter().position(|byte| match byte {
        b'(' | b'[' | b'{' => {
            depth += 1;
            false
        }
        b')' | b']' | b'}' if depth > 0 => {
            depth -= 1;
            false
        }
        b')' | b',' | b';' => depth == 0,
        _ => false,
    });
    rest.get(..end.unwrap_or(rest.len())).unwrap_or_default()
}

/// Tells whether the argument names something that is no publishable key.
fn names_secret(argument: &[u8]) -> bool {
    let text = String::from_utf8_lossy(argument).to_ascii_lowercase();
    let text = text.trim();
    let is_literal = text.starts_with(['\'', '"', '`'])
        && !["${", "{{", "<?", "<%"]
            .iter()
            .any(|sign| text.contains(sign));
    let has = |word: &&str| text.contains(word);
    let is_placeholder = PREFIXES.iter().any(|prefix| text.contains(prefix.text));
    let is_harmless = ["publishable", "client_secret", "clientsecret", "pk_", "_pk"];
    !is_literal
        && !is_placeholder
        && text.lines().count() <= 3
        && !is_harmless.iter().any(has)
        && ["secret", "restricted_key", "restrictedkey"]
            .iter()
            .any(has)
}

/// Tells whether a file uses the SDK for servers, whose constructor has the same name.
pub(crate) fn is_server(bytes: &[u8]) -> bool {
    [
        "require('stripe')",
        "require(\"stripe\")",
        "from 'stripe'",
        "from \"stripe\"",
        "npm:stripe",
        "esm.sh/stripe",
    ]
    .iter()
    .any(|import| memmem::find(bytes, import.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn name(text: &str) -> Option<&'static str> {
        let at = text.find("Stripe(").unwrap();
        Some(call(text.as_bytes(), at, || is_server(text.as_bytes()))?.name)
    }

    #[test]
    fn a_secret_by_value_or_name_must_not_be_handed_over() {
        let key = format!("sk_live_{}", "hQ7vLm2RzX9tKc4WnB8yPd3F");
        assert_eq!(name(&format!("loadStripe('{key}')")), Some("loadStripe"));
        assert_eq!(
            name(&format!("x = Stripe( \"{key}\", {{}} )")),
            Some("Stripe")
        );
        assert_eq!(name(&format!("window.Stripe('{key}')")), Some("Stripe"));
        for argument in [
            "process.env.STRIPE_SECRET_KEY",
            "\n  import.meta.env.VITE_STRIPE_SECRET_KEY\n",
            "'{{ config(\"services.stripe.secret\") }}'",
            "\"<?php echo $secret_key; ?>\"",
            "secretKey",
        ] {
            assert_eq!(
                name(&format!("loadStripe({argument})")),
                Some("loadStripe"),
                "{argument}"
            );
        }
    }

    #[test]
    fn what_it_may_get_and_calls_of_others_are_left_alone() {
        let key = format!("sk_live_{}", "hQ7vLm2RzX9tKc4WnB8yPd3F");
        for text in [
            "loadStripe('pk_live_abc')",
            "loadStripe(process.env.NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY)",
            "loadStripe('sk_test_xxxxxxxxxxxxxxxx')",
            "loadStripe('your_secret_key')",
            "loadStripe(clientSecret)",
            "reloadStripe(secretKey)",
            "myStripe(secretKey)",
            "this.Stripe(secretKey)",
            "function Stripe(secretKey) {}",
        ] {
            assert_eq!(name(text), None, "{text}");
        }
        assert_eq!(name(&format!("new Stripe('{key}')")), None);
        assert_eq!(
            name(&format!("import Stripe from 'stripe'; Stripe('{key}')")),
            None
        );
    }
}
