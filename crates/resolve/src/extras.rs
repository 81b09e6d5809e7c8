//! What the parameters and options of a request ask for beside its endpoint.
//!
//! Reads expanded properties, types of events and the account that a request is sent for out of the
//! values that a call is given. Says how sure that is: a wrapper that hands on what it was given asks
//! for whatever its callers ask for.

use std::collections::BTreeSet;

use model::{Name, api::PathTemplate};

use crate::{
    evaluator::Arguments,
    fields::Fields,
    value::{Atom, Map, Origin, Text, Value},
};

/// What a request asks for beside its endpoint.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Extras {
    /// Properties to expand.
    pub(crate) expands: BTreeSet<Name>,
    /// Types of events.
    pub(crate) events: BTreeSet<Name>,
    /// For whom it is sent.
    pub(crate) column: Column,
    /// Where an expanded property comes from that is not known.
    pub(crate) open: Option<Origin>,
    /// What from outside takes part in all this.
    pub(crate) depends_on: Origin,
    /// What from outside is a property or an account itself, and not a map with one.
    pub(crate) direct: Origin,
    /// Whether the account is said to be none, or not known, where the request is made.
    is_said: bool,
}

/// For whom a request is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Column {
    /// It can be for the own account.
    pub(crate) own: bool,
    /// It can be for a connected account.
    pub(crate) connect: bool,
    /// It is for the caller to say.
    pub(crate) is_handed: bool,
}

impl Default for Column {
    fn default() -> Self {
        Self {
            own: true,
            connect: false,
            is_handed: false,
        }
    }
}

/// Whether something can be there, and whether it can be missing.
#[derive(Clone, Copy, Debug, Default)]
struct Presence {
    with: bool,
    without: bool,
}

/// How deep headers and bodies lie inside the arguments of an HTTP client.
const HTTP_DEPTH: usize = 3;

/// Names under which SDKs and HTTP know the account that a request is sent for, without `-` and `_`.
const ACCOUNT: [&str; 2] = ["stripeaccount", "stripecontext"];

/// Tells whether an entry of this name can ask for something beside the endpoint.
pub(crate) fn is_cost(name: &str) -> bool {
    is_expand(name) || is_account(name)
}

fn is_expand(name: &str) -> bool {
    name == "expand" || name.starts_with("expand[")
}

pub(crate) fn is_account(name: &str) -> bool {
    name.len() >= ACCOUNT[0].len() && name.len() < 16 && ACCOUNT.contains(&plain(name).as_str())
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|c| !matches!(c, '-' | '_'))
        .collect::<String>()
        .to_ascii_lowercase()
}

/// Tells whether a value holds an entry that asks for something.
pub(crate) fn holds_cost(value: &Value) -> bool {
    holds_cost_to(value, HTTP_DEPTH)
}

fn holds_cost_to(value: &Value, depth: usize) -> bool {
    value.atoms.iter().any(|atom| match atom {
        Atom::Map(map) => {
            map.entries.keys().any(|name| is_cost(name))
                || (depth > 0
                    && map
                        .entries
                        .values()
                        .chain([&map.other])
                        .any(|value| holds_cost_to(value, depth - 1)))
        }
        Atom::Text(text) => text.0.iter().any(|piece| match piece {
            crate::value::Piece::Literal(text, _) => is_cost_text(text),
            crate::value::Piece::Hole(_) => false,
        }),
        _ => false,
    })
}

/// Tells whether text is a header or a query that asks for something.
pub(crate) fn is_cost_text(text: &str) -> bool {
    text.contains("expand[") || text.contains("expand%5B") || is_account_header(text)
}

fn is_account_header(text: &str) -> bool {
    text.split_once(':')
        .is_some_and(|(name, _)| is_account(name))
}

impl Extras {
    /// Reads what a call of an SDK is given.
    pub(crate) fn of_sdk(arguments: &Arguments) -> Self {
        let mut extras = Self::default();
        let mut presence = Presence {
            with: false,
            without: true,
        };
        let named = Value::map(Map {
            entries: arguments.named.clone(),
            other: Value::never(),
        });
        // Below the arguments are `params` and `options` by name, below what is spread all of them.
        for value in arguments.positional.iter().chain([&named, &arguments.rest]) {
            extras.read(value, 1);
            presence = presence.and(account_of(value, 1));
        }
        extras.finish(presence)
    }

    /// Reads what a call of an HTTP client is given.
    pub(crate) fn of_http<'a>(given: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut extras = Self::default();
        let mut presence = Presence {
            with: false,
            without: true,
        };
        for value in given {
            extras.read(value, 2);
            presence = presence.and(account_of(value, HTTP_DEPTH));
        }
        extras.finish(presence)
    }

    /// Returns what from outside takes part in what a value asks for in a call of an HTTP client.
    pub(crate) fn handed_on_in(value: &Value) -> Origin {
        let mut extras = Self::default();
        extras.read(value, 2);
        extras.depends_on
    }

    fn finish(mut self, presence: Presence) -> Self {
        self.column = Column {
            own: presence.without || !presence.with,
            connect: presence.with,
            // What a caller adds cannot make it less of a request for a connected account.
            is_handed: self.depends_on.is_from_outside()
                && !self.is_said
                && (presence.without || !presence.with),
        };
        self
    }

    /// Drops the types of events where the request reads no events.
    pub(crate) fn for_path(&self, path: &PathTemplate) -> Self {
        let mut extras = self.clone();
        if path.segments().nth(1) != Some("events") {
            extras.events.clear();
        }
        extras
    }

    /// Returns it as a request made through a client that acts for a connected account.
    pub(crate) fn connected(mut self) -> Self {
        self.column.own &= self.column.connect;
        self.column.connect = true;
        self
    }

    /// Reads parameters out of maps and texts, maps inside maps down to `depth`.
    fn read(&mut self, value: &Value, depth: usize) {
        for atom in value.atoms.iter() {
            match atom {
                Atom::Param(origin) => self.depends_on = self.depends_on.join(*origin),
                Atom::Text(text) => self.read_query(text),
                Atom::Map(map) => self.read_map(map, depth),
                _ => {}
            }
        }
    }

    fn read_map(&mut self, map: &Map, depth: usize) {
        for (name, value) in &map.entries {
            if &**name == "expand" {
                self.read_paths(value);
            } else if is_expand(name) {
                self.read_path(value);
            } else if matches!(&**name, "type" | "types" | "types[]") {
                self.read_events(value);
            } else if is_account(name) {
                self.depends_on = self.depends_on.join(value.depends_on());
                self.direct = self.direct.join(value.depends_on());
                let may_be_none = given(value).without;
                self.is_said |= may_be_none && !value.depends_on().is_from_outside();
            } else if depth > 0 && &**name != "metadata" {
                self.read(value, depth - 1);
            }
        }
        // What is spread into a map and comes from outside.
        self.note_params(&map.other);
        for atom in map.other.atoms.iter() {
            if let Atom::Map(inner) = atom
                && inner.entries.keys().any(|name| is_cost(name))
            {
                self.read_map(inner, 0);
            }
        }
    }

    fn note_params(&mut self, value: &Value) {
        for atom in value.atoms.iter() {
            if let Atom::Param(origin) = atom {
                self.depends_on = self.depends_on.join(*origin);
            }
        }
    }

    /// Reads a list of properties, or a single one.
    fn read_paths(&mut self, value: &Value) {
        let mut rest = value.open;
        for atom in value.atoms.iter() {
            match atom {
                Atom::Map(map) => self.read_path(&map.elements()),
                Atom::Null | Atom::Bool(_) => {}
                Atom::Text(_) => self.read_path(&Value::of(atom.clone())),
                Atom::Param(origin) => {
                    self.note_open(*origin);
                    rest = false;
                }
                _ => rest = true,
            }
        }
        if rest {
            self.note_open(value.depends_on());
        }
    }

    fn read_path(&mut self, value: &Value) {
        self.depends_on = self.depends_on.join(value.depends_on());
        self.direct = self.direct.join(value.depends_on());
        for atom in value.atoms.iter() {
            match atom {
                Atom::Text(text) => match text.known() {
                    Some(path) => self.expand(&path),
                    None => self.note_open(text.depends_on()),
                },
                Atom::Null | Atom::Bool(_) => {}
                // A list inside the list is no list of properties.
                Atom::Map(map) if map.entries.is_empty() && map.other.is_never() => {}
                _ => self.note_open(value.depends_on()),
            }
        }
        if value.open {
            self.note_open(value.depends_on());
        }
    }

    fn expand(&mut self, path: &str) {
        if !path.is_empty() {
            self.expands.insert(path.into());
        }
    }

    fn note_open(&mut self, origin: Origin) {
        self.depends_on = self.depends_on.join(origin);
        self.direct = self.direct.join(origin);
        self.open = Some(self.open.map_or(origin, |known| known.join(origin)));
    }

    fn read_events(&mut self, value: &Value) {
        let list = value.flat_map(|atom| match atom {
            Atom::Map(map) => map.elements(),
            other => Value::of(other.clone()),
        });
        if list.is_known_text() {
            self.events
                .extend(list.known_texts().into_iter().map(Name::from));
        }
    }

    /// Reads the query of a URL, or a body in the same form.
    fn read_query(&mut self, text: &Text) {
        let template = text.template();
        let Some((query, origin)) = query_of(&template, text) else {
            return;
        };
        for part in query.split('&') {
            let Some((name, value)) = part.split_once('=') else {
                continue;
            };
            let name = name.replace("%5B", "[").replace("%5b", "[");
            if is_expand(&name) {
                self.depends_on = self.depends_on.join(origin);
                if value.contains("{id}") {
                    self.note_open(origin);
                } else {
                    self.expand(&value.replace("%2E", "."));
                }
            } else if name == "type" || name.starts_with("types[") || name.starts_with("types%5B") {
                self.events
                    .extend((!value.contains("{id}")).then(|| value.into()));
            }
        }
    }
}

/// Returns the part of a text that can be a query, and where the text comes from.
fn query_of<'t>(template: &'t str, text: &Text) -> Option<(&'t str, Origin)> {
    let query = match template.split_once('?') {
        Some((_, query)) => query,
        None if template.contains("expand") && !template.contains("://") => template,
        None => return None,
    };
    Some((query, text.depends_on()))
}

impl Presence {
    /// Joins what two arguments of one call say.
    fn and(self, other: Self) -> Self {
        Self {
            with: self.with || other.with,
            without: self.without && other.without,
        }
    }

    /// Joins what two values that one argument can have say.
    fn or(self, other: Self) -> Self {
        Self {
            with: self.with || other.with,
            without: self.without || other.without,
        }
    }
}

/// Says whether a value names the account that a request is sent for.
fn account_of(value: &Value, depth: usize) -> Presence {
    let mut sum = Presence {
        with: false,
        without: value.open || value.atoms.is_empty(),
    };
    for atom in value.atoms.iter() {
        let one = match atom {
            Atom::Map(map) => account_in(map, depth),
            Atom::Text(text) => {
                let is_header = text.begins_like_header() && is_account_header(&text.template());
                Presence {
                    with: is_header,
                    without: !is_header,
                }
            }
            _ => Presence {
                with: false,
                without: true,
            },
        };
        sum = sum.or(one);
    }
    sum
}

fn account_in(map: &Map, depth: usize) -> Presence {
    let mut sum = Presence {
        with: false,
        without: true,
    };
    for (name, value) in &map.entries {
        if is_account(name) {
            sum = sum.and(given(value));
        } else if depth > 0 {
            sum = sum.and(account_of(value, depth - 1));
        }
    }
    for atom in map.other.atoms.iter() {
        if let Atom::Map(inner) = atom
            && inner.entries.keys().any(|name| is_account(name))
        {
            sum.with = true;
        }
    }
    sum
}

/// Says whether a value is something, or nothing.
///
/// What is not known can be nothing; what a caller hands in is taken for something, as long as the
/// parameter does not say otherwise.
fn given(value: &Value) -> Presence {
    let is_nothing = |atom: &Atom| atom.truth() == Some(false);
    // Something of another module, or of the environment of the process.
    let may_be_nothing = |atom: &Atom| is_nothing(atom) || matches!(atom, Atom::External(_));
    Presence {
        with: value.open || value.atoms.iter().any(|atom| !is_nothing(atom)),
        without: value.open || value.atoms.iter().any(may_be_nothing),
    }
}

/// Says for whom a client acts.
pub(crate) fn client_column(arguments: &Arguments) -> Column {
    Extras::of_sdk(arguments).column
}

/// Tells whether a value can be the id of an account.
pub(crate) fn can_be_account(value: &Value) -> bool {
    given(value).with
}

/// Returns the entries that spreading a value adds; those that ask for something beside the endpoint
/// say whether they can be missing.
pub(crate) fn spread_entries(value: &Value) -> Fields {
    let mut entries = Fields::new();
    for atom in value.atoms.iter() {
        let Atom::Map(map) = atom else {
            continue;
        };
        for (name, value) in &map.entries {
            let known = entries.get(name).filter(|_| is_cost(name));
            let value = known.map_or(value.clone(), |known| known.join(value));
            entries.insert(name.clone(), value);
        }
    }
    let has = |atom: &Atom, name: &Name| match atom {
        Atom::Map(map) => map.entries.contains_key(name),
        _ => false,
    };
    for (name, entry) in &mut entries {
        if is_cost(name) && !value.atoms.iter().all(|atom| has(atom, name)) {
            *entry = entry.join(&Value::of(Atom::Null));
        }
    }
    entries
}

/// Returns text of a query with what a map asks for; `None` where it asks for nothing.
pub(crate) fn query_text(value: &Value) -> Option<Value> {
    let mut parts = Vec::new();
    for atom in value.atoms.iter() {
        let Atom::Map(map) = atom else {
            continue;
        };
        for (name, value) in &map.entries {
            if &**name == "expand" {
                let elements = value.flat_map(|atom| match atom {
                    Atom::Map(map) => map.elements(),
                    other => Value::of(other.clone()),
                });
                parts.extend(query_parts("&expand[]=", &elements));
            } else if is_expand(name) {
                parts.extend(query_parts("&expand[]=", value));
            } else if &**name == "key" {
                parts.extend(query_parts("&key=", value));
            }
        }
    }
    if parts.is_empty() {
        return None;
    }
    parts.insert(0, Value::of(Atom::Text(Text::hole(Origin::HERE))));
    Some(crate::expressions::concat(&parts))
}

fn query_parts(name: &str, value: &Value) -> Vec<Value> {
    let texts = value.texts().into_iter();
    texts
        .flat_map(|text| [Value::text(name), Value::of(Atom::Text(text))])
        .collect()
}
