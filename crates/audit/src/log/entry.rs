//! One logged request, and the endpoint that it went to.

use model::api::{Endpoint, Method, PathTemplate};
use rules::RuleSet;

/// No path of Stripe's API is longer or deeper.
const LONGEST_PATH: usize = 2048;
const DEEPEST_PATH: usize = 9;

/// Servers of Stripe's API.
const HOSTS: [&str; 4] = [
    "api.stripe.com",
    "files.stripe.com",
    "connect.stripe.com",
    "meter-events.stripe.com",
];

/// Which account a request was sent for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Side {
    /// The account of the key.
    Own,
    /// A connected account.
    Connect,
    /// The log does not say.
    Unknown,
}

impl Side {
    /// Reads the cell or field that names the connected account.
    pub(super) fn of_account(text: &str) -> Self {
        if text.trim().is_empty() {
            Self::Own
        } else {
            Self::Connect
        }
    }
}

/// What a log says of one request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) method: Option<String>,
    /// What may be the path, the surest first; the verb may stand before it.
    pub(super) paths: Vec<String>,
    pub(super) status: Option<u16>,
    pub(super) error: Option<String>,
    pub(super) side: Side,
}

/// Why a line counts for nothing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Bad {
    TooLong,
    OpenQuote,
    NoObject,
    NoRequest,
    NoMethod,
    NoPath,
}

impl Bad {
    pub(crate) const fn text(self) -> &'static str {
        match self {
            Self::TooLong => "too long to be a request",
            Self::OpenQuote => "a quote is never closed",
            Self::NoObject => "not a JSON object",
            Self::NoRequest => "no verb with a path behind it",
            Self::NoMethod => "no verb that Stripe uses",
            Self::NoPath => "no path",
        }
    }
}

/// Where a request went.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Target {
    /// To Stripe; the endpoint as the table spells it, or with a hole for each id.
    Stripe(Endpoint),
    /// Elsewhere.
    Elsewhere,
}

impl Entry {
    /// Finds the endpoint of the request.
    pub(super) fn target(&self, rules: &RuleSet) -> Result<Target, Bad> {
        let mut bad = Bad::NoPath;
        let mut is_elsewhere = false;
        for text in &self.paths {
            let (verb, url) = split_verb(text.trim());
            let Some(method) = verb.or_else(|| Method::parse(self.method.as_deref()?.trim()))
            else {
                bad = Bad::NoMethod;
                continue;
            };
            match endpoint(method, url, rules) {
                Ok(Some(endpoint)) => return Ok(Target::Stripe(endpoint)),
                Ok(None) => is_elsewhere = true,
                Err(()) => {}
            }
        }
        if is_elsewhere {
            Ok(Target::Elsewhere)
        } else {
            Err(bad)
        }
    }
}

/// Takes a verb off the front, where there is one.
fn split_verb(text: &str) -> (Option<Method>, &str) {
    let split = text.split_once(char::is_whitespace);
    match split.and_then(|(verb, rest)| Some((Method::parse(verb)?, rest.trim()))) {
        Some((method, rest)) => (Some(method), rest),
        None => (None, text),
    }
}

/// Returns the endpoint that `url` means, `None` for one that is not Stripe's.
fn endpoint(method: Method, url: &str, rules: &RuleSet) -> Result<Option<Endpoint>, ()> {
    // A test server, or a proxy that is handed through: there only what the table knows counts.
    let (path, is_stripe) = match url.split_once("://") {
        Some((_, rest)) => {
            let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
            let host = host.rsplit('@').next().unwrap_or(host).to_ascii_lowercase();
            let host = host.split(':').next().unwrap_or_default();
            (path, HOSTS.contains(&host))
        }
        None => (url, true),
    };
    let path = path.split([' ', '?', '#']).next().unwrap_or_default();
    let is_path = path.starts_with('/') || path.starts_with("v1/") || path.starts_with("v2/");
    let depth = path.split('/').count();
    if !is_path || path.len() > LONGEST_PATH || depth > DEEPEST_PATH {
        return Err(());
    }
    let path = PathTemplate::new(path);
    let asked = Endpoint { method, path };
    if let Some(rule) = rules.endpoint(&asked) {
        return Ok(Some(rule.endpoint.clone()));
    }
    let mut segments = asked.path.segments();
    if !is_stripe || !matches!(segments.next(), Some("v1" | "v2")) {
        return Ok(None);
    }
    let path = PathTemplate::new(&with_holes(asked.path.as_str()));
    Ok(Some(Endpoint { method, path }))
}

/// Writes a hole for each part that looks like an id, so that an unknown endpoint is one endpoint.
fn with_holes(path: &str) -> String {
    let is_id = |part: &str| {
        part.len() > 40 || part.contains(|c: char| !(c.is_ascii_lowercase() || c == '_'))
    };
    let parts = path.split('/').enumerate().map(|(at, part)| {
        // The part before the first slash is empty, the next is the version.
        if at > 1 && is_id(part) { "{id}" } else { part }
    });
    parts.collect::<Vec<&str>>().join("/")
}

/// Reads an HTTP status: `200`, `[403]`, `200 OK`.
pub(super) fn status(text: &str) -> Option<u16> {
    let word = text.split_whitespace().next()?;
    let word = word.trim_matches(|c: char| "\"'[](),;".contains(c));
    let number: u16 = word.parse().ok()?;
    (100..600).contains(&number).then_some(number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_holes() {
        assert_eq!(
            with_holes("/v1/new_things/nt_1Abc/lines"),
            "/v1/new_things/{id}/lines"
        );
    }

    #[test]
    fn statuses_have_three_digits() {
        assert_eq!(status("403 ERR"), Some(403));
        assert_eq!(status("[200]"), Some(200));
        for wrong in ["", "20", "succeeded", "99999", "0x1"] {
            assert_eq!(status(wrong), None, "{wrong}");
        }
    }
}
