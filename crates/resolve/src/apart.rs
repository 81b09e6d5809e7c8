//! Requests that have to do with Stripe, but not with the key: signed with the publishable key, or
//! sent to a server that is not Stripe's.

use model::{Name, evidence::Apart, source::Span};

use crate::{
    evaluator::{Evaluator, Frame},
    request::{clean_path, stripe_path},
    value::{Atom, Text, Value},
};

/// How a publishable key begins; what is named after it stands for one that is not known.
pub(crate) const PUBLISHABLE: &str = "pk_live_";

impl Evaluator<'_> {
    /// Notes a request to Stripe that is signed with the publishable key.
    pub(crate) fn set_apart(&mut self, frame: &Frame, verb: &Value, url: &Value, span: Span) {
        for text in url.texts() {
            let template = text.template();
            if let Some(path) = stripe_path(&template).and_then(clean_path) {
                let endpoint = with_verb(verb, path.as_str());
                self.put_apart(frame, endpoint, Apart::PublishableKey, span);
            }
        }
    }

    /// Notes a request to a server that is not Stripe's, where its URL says that it is about Stripe.
    pub(crate) fn note_proxy(&mut self, frame: &Frame, verb: &Value, url: &str, span: Span) {
        if let Some((host, path)) = proxy(url) {
            let endpoint = with_verb(verb, &format!("{host}{path}"));
            self.put_apart(frame, endpoint, Apart::Proxy(host.into()), span);
        }
    }

    fn put_apart(&mut self, frame: &Frame, endpoint: Name, reason: Apart, span: Span) {
        let place = self.program.file(frame.file).source.location(span);
        self.notes.found().set_apart(endpoint, reason, place);
    }
}

fn with_verb(verb: &Value, path: &str) -> Name {
    match verb.known_texts().as_slice() {
        [verb] => format!("{} {path}", verb.to_ascii_uppercase()).into(),
        _ => path.into(),
    }
}

/// Returns host and path of a URL that speaks of Stripe and leads elsewhere.
fn proxy(url: &str) -> Option<(&str, &str)> {
    let rest = url
        .strip_prefix("https://")
        .or_else(|| url.strip_prefix("http://"))?;
    let url = rest.split(['?', '#']).next().unwrap_or_default();
    let end = url.find('/').unwrap_or(url.len());
    let (host, path) = url.split_at(end);
    let is_host = host.contains('.') && !host.contains(['{', '@']);
    let is_of_stripe = ["stripe.com", "stripe.network", "stripe.dev"]
        .iter()
        .any(|own| host == *own || host.strip_suffix(own).is_some_and(|sub| sub.ends_with('.')));
    let speaks = url.to_ascii_lowercase().contains("stripe");
    (is_host && !is_of_stripe && speaks).then_some((host, path))
}

/// Tells whether a value that a request is given holds a publishable key.
pub(crate) fn holds_publishable_key(value: &Value, depth: usize) -> bool {
    is_publishable_key(value)
        || value.atoms.iter().any(|atom| match atom {
            Atom::Map(map) if depth < 3 => map
                .entries
                .values()
                .any(|value| holds_publishable_key(value, depth + 1)),
            _ => false,
        })
}

/// Tells whether a value is text with a publishable key in it, whatever it is.
fn is_publishable_key(value: &Value) -> bool {
    let mut texts = value
        .atoms
        .iter()
        .filter(|atom| !matches!(atom, Atom::Null))
        .peekable();
    let is_key = |atom: &Atom| match atom {
        Atom::Text(text) => is_key_text(text),
        _ => false,
    };
    !value.open && texts.peek().is_some() && texts.all(is_key)
}

fn is_key_text(text: &Text) -> bool {
    let template = text.template();
    template.contains(PUBLISHABLE) || template.contains("pk_test_")
}

/// Tells whether something of this name is a publishable key.
pub(crate) fn is_named_publishable(name: &str) -> bool {
    // Most names are none, and all names are asked.
    let is_near = |pair: &[u8]| matches!(pair, b"ub" | b"UB" | b"pk" | b"Pk" | b"PK");
    if !name.as_bytes().windows(2).any(is_near) {
        return false;
    }
    let name: String = name
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .to_ascii_lowercase();
    let ends = ["live", "test", "sandbox", "key", ""];
    let stem = ends.iter().find_map(|end| name.strip_suffix(end));
    let stem = stem.unwrap_or_default();
    let stem = ends
        .iter()
        .find_map(|end| stem.strip_suffix(end))
        .unwrap_or(stem);
    let is_short = ["pk", "stripepk", "livepk", "testpk"].contains(&stem) && name != "pk";
    stem.ends_with("publishable") || stem.ends_with("publishablekey") || is_short
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_speaks_of_stripe_and_is_not_stripe() {
        assert_eq!(
            proxy("https://api.acme.example/v1/stripe/charges?x=1"),
            Some(("api.acme.example", "/v1/stripe/charges"))
        );
        assert_eq!(proxy("https://js.stripe.com/v3"), None);
        assert_eq!(proxy("{id}/stripe/charges"), None);
        assert_eq!(proxy("https://{id}/stripe"), None);
        assert_eq!(proxy("https://api.acme.example/v1/orders"), None);
    }

    #[test]
    fn names_of_publishable_keys_are_told_from_others() {
        for name in [
            "$publishable",
            "publishableKey",
            "STRIPE_PUBLISHABLE_KEY",
            "test_publishable_key",
            "publishable_key_live",
            "get_publishable_key",
            "pk_live",
            "stripe_pk",
        ] {
            assert!(is_named_publishable(name), "{name}");
        }
        for name in [
            "pk",
            "secret_key",
            "publish",
            "publishableKeyService",
            "backup_key",
        ] {
            assert!(!is_named_publishable(name), "{name}");
        }
    }
}
