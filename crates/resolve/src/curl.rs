//! PHP's `curl_*` functions: a handle collects its options call by call, and is sent at the end.

use model::{
    Name,
    api::Method,
    facts::{Argument, Expr},
    source::Span,
};

use crate::{
    apart::holds_publishable_key,
    evaluator::{Evaluator, Frame},
    extras::Extras,
    value::{Atom, Map, Value},
};

/// Entries of the map that stands for a handle.
const URL: &str = "curl url";
const VERB: &str = "curl verb";
const BODY: &str = "curl body";
const HEADERS: &str = "headers";
/// Where the URL was set: file, first and last byte. That line names the resource, not the last one.
const PLACE: [&str; 3] = ["curl file", "curl start", "curl end"];

impl Evaluator<'_> {
    /// Calls a `curl_*` function; `None` where `name` is none that matters.
    pub(crate) fn curl(
        &mut self,
        frame: &mut Frame,
        name: &str,
        arguments: &[Argument],
        span: Span,
    ) -> Option<Value> {
        let name = name.rsplit('\\').next().unwrap_or_default();
        let value = |index: usize| arguments.get(index).map(|argument| &argument.value);
        match name.to_ascii_lowercase().as_str() {
            "curl_init" => {
                let mut map = Map::default();
                if let Some(url) = value(0) {
                    let url = self.eval(frame, url);
                    map.entries.insert(URL.into(), url);
                    note_place(&mut map, frame, span);
                }
                Some(Value::map(map))
            }
            "curl_setopt" => {
                let option = self.eval(frame, value(1)?);
                let setting = self.eval(frame, value(2)?);
                let options = option.atoms.iter().filter_map(option_name);
                let options = options.map(|option| (option, setting.clone())).collect();
                self.set_options(frame, value(0)?, options, span);
                Some(Value::of(Atom::Bool(true)))
            }
            "curl_setopt_array" => {
                let settings = self.eval(frame, value(1)?);
                let mut options = Vec::new();
                for atom in settings.atoms.iter() {
                    if let Atom::Map(map) = atom {
                        let entries = map.entries.iter();
                        options.extend(entries.map(|(name, value)| (name.clone(), value.clone())));
                    }
                }
                self.set_options(frame, value(0)?, options, span);
                Some(Value::of(Atom::Bool(true)))
            }
            "curl_exec" => {
                let handle = self.eval(frame, value(0)?);
                self.send_handle(frame, &handle, span);
                Some(Value::unknown())
            }
            _ => None,
        }
    }

    fn set_options(
        &mut self,
        frame: &mut Frame,
        target: &Expr,
        options: Vec<(Name, Value)>,
        span: Span,
    ) {
        let handle = self.eval(frame, target);
        let mut map = match handle
            .atoms
            .iter()
            .find(|atom| matches!(atom, Atom::Map(_)))
        {
            Some(Atom::Map(map)) => (**map).clone(),
            _ => Map::default(),
        };
        for (option, value) in options {
            let is_off = value.atoms.iter().all(|atom| atom.truth() == Some(false));
            match &*option {
                "CURLOPT_URL" => {
                    note_place(&mut map, frame, span);
                    map.entries.insert(URL.into(), value)
                }
                "CURLOPT_CUSTOMREQUEST" => map.entries.insert(VERB.into(), value),
                "CURLOPT_POST" if !value.open && is_off => map.entries.remove(BODY),
                "CURLOPT_POST" => {
                    let body = map.entries.entry(BODY.into());
                    body.or_insert_with(|| Value::of(Atom::Bool(true)));
                    None
                }
                "CURLOPT_POSTFIELDS" => map.entries.insert(BODY.into(), value),
                "CURLOPT_HTTPHEADER" => map.entries.insert(HEADERS.into(), value),
                "CURLOPT_HTTPGET" => map.entries.remove(BODY),
                _ => None,
            };
        }
        self.assign(frame, target, Value::map(map), None);
    }

    fn send_handle(&mut self, frame: &mut Frame, handle: &Value, span: Span) {
        for atom in handle.atoms.iter() {
            let Atom::Map(map) = atom else {
                continue;
            };
            let Some(url) = map.entries.get(URL) else {
                continue;
            };
            let default = if map.entries.contains_key(BODY) {
                Method::Post
            } else {
                Method::Get
            };
            let verb = map.entries.get(VERB).cloned();
            let verb = verb.unwrap_or_else(|| Value::text(default.id()));
            frame.note_use(url);
            frame.note_use(&verb);
            let place = place_of(map, frame).unwrap_or(span);
            let given: Vec<&Value> = [BODY, HEADERS]
                .iter()
                .filter_map(|name| map.entries.get(*name))
                .collect();
            if given.iter().any(|value| holds_publishable_key(value, 0)) {
                self.set_apart(frame, &verb, url, place);
                continue;
            }
            let extras = Extras::of_http(given);
            self.url_request(frame, &verb, url, &extras, place);
        }
    }
}

fn note_place(map: &mut Map, frame: &Frame, span: Span) {
    for (name, number) in PLACE.into_iter().zip([frame.file.0, span.start, span.end]) {
        let number = Value::of(Atom::Int(i64::from(number)));
        map.entries.insert(name.into(), number);
    }
}

/// Returns where the URL of a handle was set, if that is in the file that runs.
fn place_of(map: &Map, frame: &Frame) -> Option<Span> {
    let [file, start, end] = PLACE.map(|name| match map.entries.get(name)?.atoms.as_slice() {
        [Atom::Int(number)] => u32::try_from(*number).ok(),
        _ => None,
    });
    let span = Span {
        start: start?,
        end: end?,
    };
    (file? == frame.file.0).then_some(span)
}

/// Returns the name of the option that a constant is.
pub(crate) fn option_name(atom: &Atom) -> Option<Name> {
    let Atom::External(name) = atom else {
        return None;
    };
    let name = name.strip_prefix('#')?;
    name.starts_with("CURLOPT_").then(|| name.into())
}
