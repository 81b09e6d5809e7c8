//! Source files in languages that cannot be read, searched only for signs of Stripe's API.

use memchr::memmem;

/// Extension, and what such a file holds when its code talks to Stripe.
const SIGNS: [(&[&str], &[&str]); 6] = [
    (&["rb", "rake"], &["Stripe::", "api.stripe.com"]),
    (&["go"], &["stripe/stripe-go", "api.stripe.com"]),
    (
        &["java", "kt", "scala"],
        &[
            "com.stripe.Stripe",
            "com.stripe.model",
            "com.stripe.StripeClient",
            "api.stripe.com",
        ],
    ),
    (
        &["cs", "fs", "vb"],
        &["using Stripe", "StripeConfiguration", "api.stripe.com"],
    ),
    (
        &[
            "rs", "ex", "exs", "pl", "pm", "lua", "cfm", "cfc", "clj", "dart", "swift",
        ],
        &["api.stripe.com"],
    ),
    (&["sh", "bash", "zsh"], &["api.stripe.com"]),
];

fn signs(name: &str) -> Option<&'static [&'static str]> {
    let (_, extension) = name.rsplit_once('.')?;
    SIGNS
        .iter()
        .find(|(extensions, _)| extensions.contains(&extension))
        .map(|(_, signs)| *signs)
}

/// Tells whether a file of this name is in a language that cannot be read.
pub(crate) fn is_one(name: &str) -> bool {
    signs(name).is_some()
}

/// Returns what shows that the file talks to Stripe.
pub(crate) fn sign(name: &str, bytes: &[u8]) -> Option<&'static str> {
    signs(name)?
        .iter()
        .copied()
        .find(|sign| memmem::find(bytes, sign.as_bytes()).is_some())
}
