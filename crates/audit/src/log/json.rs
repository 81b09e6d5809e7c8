//! Lines that are JSON objects: those of `stripe logs tail --format JSON`, and others.

use serde_json::Value;

use super::{
    columns::{Columns, Field, spelled},
    entry::{Entry, Side},
};

/// Names of each field, to be looked for in every line.
pub(super) struct Names {
    names: Vec<(Field, Vec<String>)>,
}

impl Names {
    pub(super) fn new(columns: &Columns) -> Self {
        let names = Field::ALL.map(|field| (field, columns.names(field)));
        Self {
            names: names.into(),
        }
    }

    fn values<'v>(&self, field: Field, object: &'v Value) -> impl Iterator<Item = &'v Value> {
        let names = self.names.iter().filter(move |(of, _)| *of == field);
        let names: Vec<&'v Value> = names
            .flat_map(|(_, names)| names)
            .filter_map(|name| at(object, name))
            .collect();
        names.into_iter()
    }
}

/// Reads one line; `None` where it is no object.
pub(super) fn entry(text: &str, names: &Names) -> Option<Entry> {
    let object: Value = serde_json::from_str(text).ok()?;
    object.as_object()?;
    let texts = |field| -> Vec<String> { names.values(field, &object).filter_map(plain).collect() };
    let side = names.values(Field::Account, &object).next();
    Some(Entry {
        method: texts(Field::Method).into_iter().next(),
        paths: texts(Field::Path),
        status: texts(Field::Status)
            .iter()
            .find_map(|text| super::entry::status(text)),
        error: texts(Field::Error)
            .into_iter()
            .find(|text| !text.is_empty()),
        side: side.map_or(Side::Unknown, |account| {
            Side::of_account(plain(account).as_deref().unwrap_or_default())
        }),
    })
}

/// Returns what an object has under a name such as `response.status`.
fn at<'v>(object: &'v Value, name: &str) -> Option<&'v Value> {
    let fields = object.as_object()?;
    let find = |name: &str| {
        let mut found = fields.iter().filter(|(key, _)| spelled(key) == name);
        found.next().map(|(_, value)| value)
    };
    if let Some(value) = find(name) {
        return Some(value);
    }
    let (first, rest) = name.split_once('.')?;
    at(find(first)?, rest)
}

fn plain(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        Value::Number(number) => Some(number.to_string()),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => None,
    }
}
