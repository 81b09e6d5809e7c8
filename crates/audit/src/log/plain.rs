//! Lines for people: `POST /v1/refunds 200`, access logs, and what `stripe logs tail` and the debug
//! output of SDKs print.

use model::api::Method;

use super::entry::{Entry, Side, status};

/// What a line without a request adds to the request before it.
const MESSAGE: &str = "Message:";

/// Lines in which `stripe logs tail` says more of an error.
const DETAILS: [&str; 5] = ["Type:", "Charge:", "Code:", "DeclineCode:", "Param:"];

/// What one line is.
pub(super) enum Read {
    Request(Entry),
    /// The message of the error of the request before.
    Message(String),
    /// Nothing that has to be said.
    Nothing,
    /// No request.
    Bad,
}

/// Reads one line.
pub(super) fn read(text: &str) -> Read {
    let text = text.trim();
    if text.is_empty() || text.starts_with('#') {
        return Read::Nothing;
    }
    if let Some(message) = text.strip_prefix(MESSAGE) {
        return Read::Message(message.trim().to_owned());
    }
    if DETAILS.iter().any(|detail| text.starts_with(detail)) {
        return Read::Nothing;
    }
    let words: Vec<&str> = text.split_whitespace().collect();
    match verb_and_path(&words, text).or_else(|| named(&words, text)) {
        Some(entry) => Read::Request(entry),
        None => Read::Bad,
    }
}

/// Reads a verb with the path behind it.
fn verb_and_path(words: &[&str], text: &str) -> Option<Entry> {
    let at = words.windows(2).position(|pair| {
        let [verb, path] = pair else { return false };
        Method::parse(bare(verb)).is_some() && is_path(bare(path))
    })?;
    let behind = words.get(at + 2..).unwrap_or_default();
    let before = words.get(..at).unwrap_or_default();
    let bracketed = |word: &&&str| word.starts_with('[') && word.ends_with(']');
    let found = behind
        .iter()
        .filter(|word| !bare(word).starts_with("HTTP/"))
        .take(2)
        .find_map(|word| status(bare(word)))
        .or_else(|| {
            before
                .iter()
                .filter(bracketed)
                .find_map(|word| status(bare(word)))
        });
    Some(Entry {
        method: words.get(at).map(|verb| bare(verb).to_owned()),
        paths: words
            .get(at + 1)
            .map(|path| bare(path).to_owned())
            .into_iter()
            .collect(),
        status: found.or_else(|| value(words, &["status", "response_code"]).and_then(status)),
        error: message(text),
        side: side(text),
    })
}

/// Reads `method=post path=/v1/refunds`.
fn named(words: &[&str], text: &str) -> Option<Entry> {
    let method = value(words, &["method", "verb", "http_method"])?;
    let path = value(words, &["path", "url", "uri", "endpoint"]).filter(|path| is_path(path))?;
    Some(Entry {
        method: Some(method.to_owned()),
        paths: vec![path.to_owned()],
        status: value(words, &["status", "status_code", "response_code"]).and_then(status),
        error: message(text),
        side: side(text),
    })
}

/// Returns the value of the first of `names` that is there.
fn value<'w>(words: &[&'w str], names: &[&str]) -> Option<&'w str> {
    names.iter().find_map(|name| {
        let of = |word: &&'w str| bare(word).strip_prefix(name)?.strip_prefix('=').map(bare);
        words.iter().find_map(of)
    })
}

fn bare(word: &str) -> &str {
    word.trim_matches(|c: char| "\"'`()[],;".contains(c))
}

fn is_path(text: &str) -> bool {
    text.starts_with('/') || text.starts_with("https://") || text.starts_with("http://")
}

/// Returns the line where it has the sentence in which Stripe refuses a request.
fn message(text: &str) -> Option<String> {
    text.contains("permission").then(|| text.to_owned())
}

/// Tells whether the line names a connected account as the SDKs and the header do.
fn side(text: &str) -> Side {
    let text = text.to_ascii_lowercase();
    let names = ["stripe-account", "stripe_account", "stripeaccount"];
    let is_named = names.iter().any(|name| {
        let behind = text.split_once(name).map(|(_, behind)| behind);
        behind.is_some_and(|behind| {
            let value = behind.trim_start_matches(|c: char| " \"':=>".contains(c));
            value.starts_with("acct_")
        })
    });
    if is_named {
        Side::Connect
    } else {
        Side::Unknown
    }
}
