//! What is wrong with the keys of one file.

use std::{collections::BTreeSet, sync::LazyLock};

use aho_corasick::AhoCorasick;
use model::{
    diagnostic::Code,
    key::{ClosedKey, KeyFinding, Mode, Severity},
};

use crate::{
    Found,
    comment::{self, Comment, Comments},
    lines::Lines,
    name,
    place::{self, Place},
    stripe_js,
    table::{Kind, PREFIXES},
    token::Token,
};

/// What a file is searched for besides the prefixes of keys.
const ANCHORS: [&str; 4] = ["STRIPE", "Stripe(", "APP_DEBUG", "rakscan:"];

/// Knows the prefixes of keys, then [`ANCHORS`].
static SEARCH: LazyLock<Option<AhoCorasick>> = LazyLock::new(|| {
    let prefixes = PREFIXES.iter().map(|prefix| prefix.text);
    AhoCorasick::new(prefixes.chain(ANCHORS)).ok()
});

/// One thing that was found, not yet placed.
struct Raw {
    start: usize,
    end: usize,
    code: Code,
    severity: Severity,
    mode: Mode,
    message: String,
    value: Option<String>,
}

/// Goes through one file.
struct Search<'b> {
    path: &'b str,
    bytes: &'b [u8],
    place: Place,
    raw: Vec<Raw>,
    comments: Vec<Comment>,
    /// What lies before was looked at as part of something else.
    done: usize,
    /// Whether the file is told from the SDK for servers; looked up once.
    is_server: Option<bool>,
    /// Where debug output is switched on.
    debug: Option<(usize, usize)>,
    has_full_key: bool,
}

pub(crate) fn find(path: &str, bytes: &[u8]) -> Found {
    let mut search = Search {
        path,
        bytes,
        place: place::of(path, bytes),
        raw: Vec::new(),
        comments: Vec::new(),
        done: 0,
        is_server: None,
        debug: None,
        has_full_key: false,
    };
    for hit in SEARCH.iter().flat_map(|search| search.find_iter(bytes)) {
        if hit.start() < search.done {
            continue;
        }
        let at = hit.start();
        match hit.pattern().as_usize().checked_sub(PREFIXES.len()) {
            None => search.key(at),
            Some(0) => search.variable(at),
            Some(1) => search.stripe_js(at),
            Some(2) => search.debug(at, hit.end()),
            Some(_) => search.comments.extend(comment::at(bytes, at)),
        }
    }
    search.debug_with_key();
    search.placed()
}

impl Search<'_> {
    /// Judges the key whose prefix begins at `at`.
    fn key(&mut self, at: usize) {
        let Some(token) = Token::at(self.bytes, at) else {
            return;
        };
        self.done = token.end;
        if token.is_placeholder {
            return;
        }
        let exposed = name::assigned(self.bytes, at).filter(|name| name::is_exposed(name));
        let noun = token.noun();
        let (code, message) = match (exposed, self.place) {
            (Some(name), _) => (
                Code::KeyInBrowser,
                format!("{noun} is in `{name}`, which browsers get to see"),
            ),
            (None, Place::Browser) => (
                Code::KeyInBrowser,
                format!("{noun} stands in code that runs in browsers"),
            ),
            (None, place) => {
                let code = match (token.kind, place) {
                    (Kind::Webhook, _) => Code::WebhookSecret,
                    (_, Place::Source) => Code::KeyInSource,
                    _ => Code::KeyInConfig,
                };
                (code, format!("{noun} stands in {}", whereabouts(place)))
            }
        };
        let severity = match (code, token.mode) {
            (Code::KeyInConfig, Mode::Test) => Severity::Warning,
            _ => Severity::Error,
        };
        self.note(&token, code, severity, message);
    }

    /// Notes a key, and that it may do everything where it may.
    fn note(&mut self, token: &Token, code: Code, severity: Severity, message: String) {
        let value = token.masked(self.bytes);
        self.raw.push(Raw {
            start: token.start,
            end: token.end,
            code,
            severity,
            mode: token.mode,
            message,
            value: Some(value.clone()),
        });
        if token.kind == Kind::Secret && token.mode == Mode::Live && !self.has_full_key {
            self.has_full_key = true;
            self.raw.push(Raw {
                start: token.start,
                end: token.end,
                code: Code::FullKey,
                severity: Severity::Note,
                mode: Mode::Live,
                message: "a secret key may do everything; a restricted key would do here"
                    .to_owned(),
                value: Some(value),
            });
        }
    }

    /// Judges the name of a variable around `at`.
    fn variable(&mut self, at: usize) {
        let (start, end) = name::around(self.bytes, at);
        let name = self
            .bytes
            .get(start..end)
            .and_then(|name| std::str::from_utf8(name).ok());
        let Some(name) = name.filter(|name| name::is_exposed_secret(name)) else {
            return;
        };
        self.done = end;
        if self.is_comment(start) || self.is_harmless_value(end) {
            return;
        }
        self.raw.push(Raw {
            start,
            end,
            code: Code::KeyInBrowser,
            severity: Severity::Error,
            mode: Mode::Unknown,
            message: format!("`{name}` is meant for a secret, and browsers get to see it"),
            value: None,
        });
    }

    /// Tells whether what the name that ends at `end` is set to is judged elsewhere, or no secret.
    fn is_harmless_value(&self, end: usize) -> bool {
        let rest = self.bytes.get(end..).unwrap_or_default();
        let rest = rest.get(..80).unwrap_or(rest);
        let line = rest.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let line = trim_start(line, b" \t'\"`]");
        let is_settings = matches!(self.place, Place::Environment | Place::Settings);
        let Some((b'=' | b':' | b',', value)) = line.split_first() else {
            return is_settings;
        };
        let value = trim_start(value, b" \t'\"`=>");
        let is_key = PREFIXES
            .iter()
            .any(|prefix| value.starts_with(prefix.text.as_bytes()));
        is_key || value.starts_with(b"pk_") || (is_settings && !value.starts_with(b"$"))
    }

    /// Judges a call of Stripe.js whose `Stripe(` begins at `at`.
    fn stripe_js(&mut self, at: usize) {
        if !place::may_hold_script(self.path) || self.is_comment(at) {
            return;
        }
        let (bytes, is_server) = (self.bytes, &mut self.is_server);
        let is_server = || *is_server.get_or_insert_with(|| stripe_js::is_server(bytes));
        let Some(call) = stripe_js::call(bytes, at, is_server) else {
            return;
        };
        self.done = call.end;
        let name = call.name;
        match call.token {
            Some(token) => {
                let message = format!("{} is handed to `{name}` of Stripe.js", token.noun());
                self.note(&token, Code::KeyToStripeJs, Severity::Error, message);
            }
            None => self.raw.push(Raw {
                start: call.start,
                end: call.end,
                code: Code::KeyToStripeJs,
                severity: Severity::Error,
                mode: Mode::Unknown,
                message: format!("what `{name}` of Stripe.js is handed is named a secret"),
                value: None,
            }),
        }
    }

    /// Notes where debug output is switched on: `APP_DEBUG=true` on a line of its own.
    fn debug(&mut self, start: usize, end: usize) {
        let before = self.bytes.get(..start).unwrap_or_default();
        let is_first = matches!(before.last(), None | Some(b'\n'));
        let rest = self.bytes.get(end..).unwrap_or_default();
        let line = rest.get(..40).unwrap_or(rest);
        let line = line.split(|byte| *byte == b'\n').next().unwrap_or_default();
        let value = trim_start(line, b" \t=\"'").to_ascii_lowercase();
        let is_on = ["true", "(true)", "1", "on", "yes"]
            .iter()
            .any(|word| value.starts_with(word.as_bytes()));
        if self.place == Place::Environment && is_first && is_on && self.debug.is_none() {
            self.debug = Some((start, end + line.trim_ascii_end().len()));
        }
    }

    /// Says where debug output is switched on that there is a key beside it.
    fn debug_with_key(&mut self) {
        let Some((start, end)) = self.debug else {
            return;
        };
        let keys = self.raw.iter().filter(|raw| raw.value.is_some());
        let Some(mode) = keys.map(|raw| raw.mode).min() else {
            return;
        };
        let (severity, noun) = match mode {
            Mode::Live => (Severity::Error, "a live key"),
            Mode::Test | Mode::Unknown => (Severity::Warning, "a key"),
        };
        self.raw.push(Raw {
            start,
            end,
            code: Code::DebugWithKey,
            severity,
            mode,
            message: format!("error pages show the environment, and there is {noun} in it"),
            value: None,
        });
    }

    /// Tells whether the line of `at` begins with the sign of a comment.
    fn is_comment(&self, at: usize) -> bool {
        const FAR: usize = 400;
        let before = self
            .bytes
            .get(at.saturating_sub(FAR)..at)
            .unwrap_or_default();
        let line = before
            .rsplit(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let line = line.trim_ascii_start();
        ["//", "#", "/*", "*", "<!--", ";", "{/*"]
            .iter()
            .any(|sign| line.starts_with(sign.as_bytes()))
    }

    /// Puts everything where it is, and closes what a comment closes.
    fn placed(mut self) -> Found {
        self.raw.sort_by_key(|raw| raw.start);
        let comments = Comments::new(self.comments, self.bytes);
        let mut used = BTreeSet::new();
        let mut lines = Lines::new(self.bytes);
        let mut found = Found::default();
        for raw in self.raw {
            let location = lines.location(self.path, raw.start, raw.end);
            let closing = comments.closing(location.line, raw.code);
            let finding = KeyFinding {
                severity: raw.severity,
                mode: raw.mode,
                location,
                code: raw.code,
                message: raw.message.into(),
                value: raw.value.map(Into::into),
            };
            if let Some(comment) = closing {
                used.insert(comment.start);
                let reason = comment.reason.as_str().into();
                found.closed.push(ClosedKey { finding, reason });
            } else {
                found.findings.push(finding);
            }
        }
        let mut lines = Lines::new(self.bytes);
        let unused = comments.iter().filter(|one| !used.contains(&one.start));
        found.findings.extend(unused.map(|comment| KeyFinding {
            severity: Severity::Note,
            mode: Mode::Unknown,
            location: lines.location(self.path, comment.start, comment.end),
            code: Code::UnusedDirective,
            message: "this comment has no effect: no such finding is here".into(),
            value: None,
        }));
        found
    }
}

/// Says where a key stands.
const fn whereabouts(place: Place) -> &'static str {
    match place {
        Place::Environment => "a file of environment variables",
        Place::Settings => "a configuration file",
        Place::Browser => "code that runs in browsers",
        Place::Source => "the source code",
    }
}

fn trim_start<'b>(mut bytes: &'b [u8], blanks: &[u8]) -> &'b [u8] {
    while let [first, rest @ ..] = bytes
        && blanks.contains(first)
    {
        bytes = rest;
    }
    bytes
}
