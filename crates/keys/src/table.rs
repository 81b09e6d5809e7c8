//! What is known of keys: how they look, which names browsers see, and which values are no secret.

/// What a key is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// May do everything.
    Secret,
    /// May do what it was given.
    Restricted,
    /// Signs webhook events.
    Webhook,
}

/// One way in which keys begin.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Prefix {
    pub(crate) text: &'static str,
    pub(crate) kind: Kind,
    pub(crate) mode: model::key::Mode,
}

/// How keys begin. `pk_` is not here: publishable keys are no secret.
/// Source: <https://docs.stripe.com/keys>, <https://docs.stripe.com/webhooks#verify-official-libraries>.
pub(crate) const PREFIXES: [Prefix; 5] = {
    use model::key::Mode::{Live, Test, Unknown};
    const fn prefix(text: &'static str, kind: Kind, mode: model::key::Mode) -> Prefix {
        Prefix { text, kind, mode }
    }
    [
        prefix("sk_live_", Kind::Secret, Live),
        prefix("sk_test_", Kind::Secret, Test),
        prefix("rk_live_", Kind::Restricted, Live),
        prefix("rk_test_", Kind::Restricted, Test),
        prefix("whsec_", Kind::Webhook, Unknown),
    ]
};

/// Fewest and most letters and digits behind the prefix of an API key.
/// Source: the patterns that secret scanners use; keys of today have 24 or 99.
pub(crate) const KEY_LENGTH: (usize, usize) = (10, 247);
/// Fewest and most characters behind the prefix of a webhook secret.
pub(crate) const WEBHOOK_LENGTH: (usize, usize) = (24, 247);

/// Beginnings of the names of environment variables that front-end frameworks put into browsers.
/// Sources: the pages about environment variables of Create React App, Vue CLI, Vite, Nuxt 2 and 3,
/// Next.js, Gatsby, Expo, `@ngx-env/builder`, and Astro and `SvelteKit`, in this order.
pub(crate) const BROWSER_NAMES: [&str; 10] = [
    "REACT_APP_",
    "VUE_APP_",
    "VITE_",
    "NUXT_ENV_",
    "NUXT_PUBLIC_",
    "NEXT_PUBLIC_",
    "GATSBY_",
    "EXPO_PUBLIC_",
    "NG_APP_",
    "PUBLIC_",
];

/// Test keys that Stripe prints in its public documentation, without their prefix.
/// Source: <https://docs.stripe.com/api/authentication> and older versions of it, and the READMEs of
/// Stripe's libraries.
pub(crate) const DOCUMENTED: [&str; 5] = [
    "4eC39HqLyjWDarjtT1zdp7dc",
    "26PHem9AhJZvU623DfE1x4sd",
    "BQokikJOvBiI2HlWgH4olfQ2",
    "tR3PYbcVNZZ796tH88S4VQ2u",
    "VePHdqKTYQjKNInc7u56JBrQ",
];

/// Words that people write where a key would be. Each is too long to be there by chance.
pub(crate) const WORDS: [&str; 24] = [
    "xxxxx",
    "12345",
    "abcde",
    "00000",
    "qwerty",
    "foobar",
    "example",
    "sample",
    "placeholder",
    "dummy",
    "replace",
    "change",
    "insert",
    "secret",
    "stripe",
    "apikey",
    "redacted",
    "hidden",
    "mykey",
    "yourkey",
    "keyhere",
    "testkey",
    "livekey",
    "notreal",
];

/// Shorter words of the same kind, for values in which they cannot be there by chance.
pub(crate) const SHORT_WORDS: [&str; 7] = ["your", "fake", "mock", "demo", "test", "here", "todo"];
