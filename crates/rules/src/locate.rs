//! Finds where in a YAML text a value stands.
//!
//! The parser forgets positions once it has made values of a text. So a value that proves wrong
//! later is looked for a second time, by walking the text along the path to it.

use std::fmt;

use serde::de::{self, DeserializeSeed, Deserializer, IgnoredAny, MapAccess, SeqAccess, Visitor};

/// One step down into a YAML value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// The value of a key.
    Key(&'static str),
    /// An entry of a list, from 0.
    Index(usize),
}

impl From<&'static str> for Step {
    fn from(key: &'static str) -> Self {
        Self::Key(key)
    }
}

impl From<usize> for Step {
    fn from(index: usize) -> Self {
        Self::Index(index)
    }
}

/// Where a value stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// First byte.
    pub start: usize,
    /// Number of bytes.
    pub len: usize,
    /// Line, from 1.
    pub line: usize,
    /// Column in characters, from 1.
    pub column: usize,
}

impl Default for Place {
    fn default() -> Self {
        Self {
            start: 0,
            len: 0,
            line: 1,
            column: 1,
        }
    }
}

/// Finds the value at the end of `path`, or the nearest value above it that exists.
#[must_use]
pub fn value(text: &str, path: &[Step]) -> Place {
    (0..=path.len())
        .rev()
        .find_map(|n| {
            let error = Finder(&path[..n])
                .deserialize(serde_yaml::Deserializer::from_str(text))
                .err()?;
            error
                .to_string()
                .contains(FOUND)
                .then(|| place_of(text, &error))
        })
        .unwrap_or_default()
}

/// Says where the parser stopped.
#[must_use]
pub fn place_of(text: &str, error: &serde_yaml::Error) -> Place {
    let Some(location) = error.location() else {
        return Place::default();
    };
    let start = text.floor_char_boundary(location.index());
    let line_start = text[..start].rfind('\n').map_or(0, |at| at + 1);
    Place {
        start,
        len: length(&text[start..]),
        line: text[..start].matches('\n').count() + 1,
        column: text[line_start..start].chars().count() + 1,
    }
}

/// Returns the parser's message without the position that it appends.
#[must_use]
pub fn bare(error: &serde_yaml::Error) -> String {
    let message = error.to_string();
    let end = message.find(" at line ").unwrap_or(message.len());
    message[..end].to_owned()
}

/// Returns the length of the scalar that begins here.
fn length(text: &str) -> usize {
    let line = text.lines().next().unwrap_or_default();
    if line.starts_with(['{', '[']) {
        return 1;
    }
    let quote = line
        .chars()
        .next()
        .filter(|first| matches!(first, '"' | '\''));
    let end = match quote {
        Some(quote) => line[1..].find(quote).map(|at| at + 2),
        None => [", ", " }", "]", " #", ": "]
            .iter()
            .filter_map(|stop| line.find(stop))
            .min(),
    };
    line[..end.unwrap_or(line.len())].trim_end().len()
}

const FOUND: &str = "\u{1}found";

/// Walks along a path and fails at its end: only errors have a position.
#[derive(Clone, Copy)]
struct Finder<'p>(&'p [Step]);

impl<'de> DeserializeSeed<'de> for Finder<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Finder<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a value")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut seq: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.0.split_first() else {
            return Err(de::Error::custom(FOUND));
        };
        let mut at = 0;
        loop {
            let more = if *first == Step::Index(at) {
                seq.next_element_seed(Finder(rest))?.is_some()
            } else {
                seq.next_element::<IgnoredAny>()?.is_some()
            };
            if !more {
                return Ok(());
            }
            at += 1;
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<(), A::Error> {
        let Some((first, rest)) = self.0.split_first() else {
            return Err(de::Error::custom(FOUND));
        };
        while let Some(key) = map.next_key::<String>()? {
            if matches!(first, Step::Key(wanted) if *wanted == key) {
                map.next_value_seed(Finder(rest))?;
            } else {
                map.next_value::<IgnoredAny>()?;
            }
        }
        Ok(())
    }

    fn visit_bool<E: de::Error>(self, _: bool) -> Result<(), E> {
        self.end()
    }

    fn visit_i64<E: de::Error>(self, _: i64) -> Result<(), E> {
        self.end()
    }

    fn visit_u64<E: de::Error>(self, _: u64) -> Result<(), E> {
        self.end()
    }

    fn visit_f64<E: de::Error>(self, _: f64) -> Result<(), E> {
        self.end()
    }

    fn visit_str<E: de::Error>(self, _: &str) -> Result<(), E> {
        self.end()
    }

    fn visit_unit<E: de::Error>(self) -> Result<(), E> {
        self.end()
    }
}

impl Finder<'_> {
    fn end<E: de::Error>(self) -> Result<(), E> {
        if self.0.is_empty() {
            Err(E::custom(FOUND))
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_scalars_in_block_and_flow_style() {
        let text = "# ü\nendpoints:\n  - endpoint: GET /v1/x\n    grade: 'bad one' # why\n  - { endpoint: y, permission: [ä, b] }\n";
        let at = |path: &[Step]| {
            let place = value(text, path);
            (
                place.line,
                place.column,
                &text[place.start..place.start + place.len],
            )
        };
        let row = |n: usize| [Step::Key("endpoints"), Step::Index(n)];
        assert_eq!(
            at(&[row(0).as_slice(), &["endpoint".into()]].concat()),
            (3, 15, "GET /v1/x")
        );
        assert_eq!(
            at(&[row(0).as_slice(), &["grade".into()]].concat()),
            (4, 12, "'bad one'")
        );
        let list = [row(1).as_slice(), &["permission".into(), 1.into()]].concat();
        assert_eq!(at(&list), (5, 36, "b"), "columns are characters");
        assert_eq!(
            at(&[row(1).as_slice(), &["grade".into()]].concat()),
            (5, 5, "{")
        );
    }
}
