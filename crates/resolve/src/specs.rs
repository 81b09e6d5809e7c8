//! Requests that are written down as data: `{ url: 'https://api.stripe.com/v1/refunds', method: 'POST' }`.
//!
//! A table of such entries is often handed to code that was not read. While the unit is run, every URL of
//! the API that stands in a list or map is noted here. In the end those remain that no request was seen to
//! use. With a verb beside it such a URL is a request, without one it is open. What a text says about a
//! URL, and URLs of other servers of Stripe, are nothing.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    api::Method,
    diagnostic::Code,
    facts::{Entry, EntryKind},
    source::{Location, Span},
};

use crate::{
    apart::holds_publishable_key,
    evaluator::{Arguments, Evaluator, Frame},
    extras::Extras,
    found::{Found, Pending, Wanted},
    naming::Evidence,
    program::FileId,
    request::{API_HOSTS, URL_KEYS, VERB_KEYS, clean_path, stripe_path},
    value::{Atom, Map, Origin, Piece, Text, Value},
};

/// A byte of a file.
type Place = (FileId, u32);

/// URLs that stand in data, and those that requests use.
#[derive(Clone, Debug, Default)]
pub(crate) struct Specs {
    written: BTreeMap<Place, BTreeSet<Pending>>,
    sent: BTreeSet<Place>,
}

impl Specs {
    /// Takes over what another run noted.
    pub(crate) fn absorb(&mut self, other: Self) {
        for (place, pending) in other.written {
            self.written.entry(place).or_default().extend(pending);
        }
        self.sent.extend(other.sent);
    }

    /// Notes that a request uses what is written at `origin`.
    pub(crate) fn note_sent(&mut self, origin: Origin) {
        self.sent.extend(origin.place());
    }
}

impl Found {
    /// Reports the URLs in data that no request was seen to use, when everything has been run.
    pub(crate) fn close_specs(&mut self) {
        let Specs { written, sent } = std::mem::take(&mut self.specs);
        let known: BTreeSet<(Method, String, String)> = self
            .requests()
            .map(|(path, method, place)| (*method, path.to_string(), place.path.to_string()))
            .collect();
        let is_known = |pending: &Pending| match &pending.wanted {
            Wanted::Request { method, path, .. } => {
                known.contains(&(*method, path.to_string(), pending.location.path.to_string()))
            }
            Wanted::Open { .. } => false,
        };
        for (_, all) in written
            .into_iter()
            .filter(|(place, _)| !sent.contains(place))
        {
            let has_request = all.iter().any(is_request);
            for pending in all
                .into_iter()
                .filter(|one| !has_request || is_request(one))
            {
                if !is_known(&pending) {
                    let evidence = Evidence::at(pending.location.clone());
                    self.report(pending, evidence);
                }
            }
        }
    }
}

fn is_request(pending: &Pending) -> bool {
    matches!(pending.wanted, Wanted::Request { .. })
}

impl Evaluator<'_> {
    /// Notes that a request uses a URL.
    pub(crate) fn note_sent(&mut self, url: &Value) {
        for text in url.texts() {
            for piece in text.0.iter() {
                if let Piece::Literal(_, origin) = piece {
                    self.notes.found().specs.note_sent(*origin);
                }
            }
        }
    }

    /// Notes the URLs among the entries of a list or map.
    pub(crate) fn note_specs(&mut self, frame: &mut Frame, entries: &[Entry], map: &Map) {
        for (name, value) in &map.entries {
            let is_url = URL_KEYS.contains(&&**name);
            let url = if is_url {
                self.given_back(frame, value)
            } else {
                value.clone()
            };
            let texts = url.atoms.iter().filter_map(|atom| match atom {
                Atom::Text(text) => Some(text),
                _ => None,
            });
            for text in texts.filter(|text| is_api_url(text)) {
                let place = place_of(text);
                if let Some(place) = place.filter(|place| stands_in(frame.file, entries, *place)) {
                    self.note_spec(frame, map, text, is_url, place);
                }
            }
        }
    }

    /// Returns what a function among data gives back; other values as they are.
    fn given_back(&mut self, frame: &mut Frame, value: &Value) -> Value {
        let is_function = |atom: &Atom| matches!(atom, Atom::Function(_));
        if !value.atoms.iter().any(is_function) {
            return value.clone();
        }
        let arguments = Arguments {
            open: true,
            ..Arguments::default()
        };
        self.call_value(frame, value, &arguments, Span::default())
    }

    fn note_spec(&mut self, frame: &mut Frame, map: &Map, url: &Text, is_url: bool, place: Place) {
        if map
            .entries
            .values()
            .any(|value| holds_publishable_key(value, 0))
        {
            return;
        }
        let template = url.template();
        let path = stripe_path(&template).and_then(clean_path);
        let verb = VERB_KEYS.iter().find_map(|key| map.entries.get(*key));
        let verb = match verb.filter(|_| is_url).cloned() {
            Some(verb) => self.given_back(frame, &verb),
            None => Value::never(),
        };
        let verbs = verb.known_texts();
        let methods: BTreeSet<Method> = verbs
            .iter()
            .filter_map(|verb| Method::parse(verb))
            .collect();
        let (file, offset) = place;
        let span = Span {
            start: offset,
            end: offset,
        };
        let location = self.program.file(file).source.location(span);
        let extras = Extras::of_http(map.entries.values());
        let catalog = self.program.catalog;
        let mut wanted = Vec::new();
        for method in methods {
            let Some(path) = &path else { continue };
            let path = match catalog.find(method, path) {
                Some(id) => catalog.endpoint(id).endpoint.path.clone(),
                None => path.clone(),
            };
            wanted.push(Wanted::Request {
                method,
                spelling: format!("{method} {path}").into(),
                extras: extras.for_path(&path),
                path,
            });
        }
        if wanted.is_empty() {
            wanted.push(Wanted::Open {
                code: Code::DynamicRequest,
                message: "a URL of Stripe stands here, and no request was seen to use it".into(),
            });
        }
        let all = wanted
            .into_iter()
            .map(|wanted| at(frame, wanted, &location, place));
        let written = &mut self.notes.found().specs.written;
        written.entry(place).or_default().extend(all);
    }
}

/// Makes a request, or what is open, of the data at `place`.
fn at(frame: &Frame, wanted: Wanted, location: &Location, (file, offset): Place) -> Pending {
    let span = Span {
        start: offset,
        end: offset,
    };
    Pending {
        wanted,
        origin: Origin::HERE,
        location: location.clone(),
        node: frame.node,
        sink: (file, span),
        call: (file, span),
        parts: Vec::new(),
        chain: Vec::new(),
    }
}

/// Tells whether a text is a URL of the API that says more than its version.
fn is_api_url(text: &Text) -> bool {
    let template = text.template();
    let is_api =
        template.starts_with("http") && API_HOSTS.iter().any(|host| template.contains(host));
    let path = stripe_path(&template).unwrap_or_default();
    let mut segments = path.split('/').filter(|segment| !segment.is_empty());
    let is_version = segments
        .next()
        .is_some_and(|first| matches!(first, "v1" | "v2"));
    is_api && is_version && segments.next().is_some()
}

/// Returns where the beginning of a text was written.
fn place_of(text: &Text) -> Option<Place> {
    text.0.iter().find_map(|piece| match piece {
        Piece::Literal(_, origin) => origin.place(),
        Piece::Hole(_) => None,
    })
}

/// Tells whether a place is within the entries, and not where they got a value from; a function
/// among them is written elsewhere in the facts, but not in the file.
fn stands_in(file: FileId, entries: &[Entry], (of, offset): Place) -> bool {
    let mut values = entries
        .iter()
        .filter(|entry| entry.kind != EntryKind::Spread);
    of == file
        && values.any(|entry| (entry.value.span.start..=entry.value.span.end).contains(&offset))
}
