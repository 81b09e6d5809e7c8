//! Recognises packages by the files that name them.

use model::manifest::{Unit, UnitKind};

use super::{Target, folder};
use crate::{disk, json, lock::toml_value, place::Place};

/// Recognises a package, with the name and version that its package file says.
pub(crate) fn package(root: &Place) -> Option<Target> {
    let said: Vec<(Option<String>, Option<String>)> = [
        ("composer.json", said_in_json as fn(&str) -> _),
        ("pyproject.toml", said_in_toml),
        ("package.json", said_in_json),
        ("setup.py", said_in_setup),
        ("setup.cfg", said_in_setup),
    ]
    .into_iter()
    .filter_map(|(name, read)| Some(read(&disk::text(&root.join(name))?)))
    .collect();
    let best = said.iter().find(|(name, _)| name.is_some());
    let (name, version) = best.or_else(|| said.first())?.clone();
    let found = folder(root);
    Some(Target {
        unit: Unit {
            name: name.map_or(found.unit.name, Into::into),
            kind: UnitKind::Package,
            version: version.map(Into::into),
            path: None,
        },
        ..found
    })
}

type Said = (Option<String>, Option<String>);

fn said_in_json(text: &str) -> Said {
    let value = json::parse(text).unwrap_or_default();
    let of = |key| json::text(&value, &[key]).map(str::to_owned);
    (of("name"), of("version"))
}

fn said_in_toml(text: &str) -> Said {
    let section = ["[project]", "[tool.poetry]"]
        .iter()
        .find_map(|name| text.split_once(name))
        .map_or("", |(_, rest)| rest.split("\n[").next().unwrap_or(rest));
    let of = |key| toml_value(section, key).map(str::to_owned);
    (of("name"), of("version"))
}

fn said_in_setup(text: &str) -> Said {
    let of = |key: &str| {
        text.lines().find_map(|line| {
            let value = line.trim().strip_prefix(key)?.trim_start();
            let value = value.strip_prefix('=')?.trim().trim_end_matches(',');
            let bare = value.trim_matches(['"', '\'']);
            let is_plain = bare
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_+".contains(c));
            (is_plain && !bare.is_empty()).then(|| bare.to_owned())
        })
    };
    (of("name"), of("version"))
}
