//! Which folders of a repository are units of their own: those with a package file.

use std::collections::BTreeMap;

use model::{
    Name,
    manifest::{Unit, UnitKind},
};
use serde_json::Value;

use crate::{disk, json, package_file, path, place::Place, target};

/// A folder that is a unit, or what of the root belongs to no other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Part {
    /// Its folder, empty for the root.
    pub(crate) dir: Name,
    /// What it is called.
    pub(crate) unit: Unit,
}

/// Lists the units of a repository, sorted by folder; the root, called `root`, is the first.
pub(crate) fn parts(root: &Unit, packages: &[(Name, Place)]) -> Vec<Part> {
    let mut dirs: BTreeMap<&str, Place> = BTreeMap::new();
    for (path, disk) in packages {
        let (dir, Some(folder)) = (path::parent(path), disk.parent()) else {
            continue;
        };
        if !dir.is_empty() && says_package(path, disk) {
            dirs.insert(dir, folder);
        }
    }
    let first = Part {
        dir: "".into(),
        unit: Unit {
            path: Some(".".into()),
            ..root.clone()
        },
    };
    let others = dirs.into_iter().map(|(dir, folder)| Part {
        dir: dir.into(),
        unit: unit(dir, &folder),
    });
    [first].into_iter().chain(others).collect()
}

fn unit(dir: &str, folder: &Place) -> Unit {
    let said = target::package(folder).map(|target| target.unit);
    let unit = said.unwrap_or_else(|| Unit {
        name: path::file_name(dir).into(),
        kind: UnitKind::Package,
        version: None,
        path: None,
    });
    Unit {
        path: Some(dir.into()),
        ..unit
    }
}

/// Tells whether a file makes its folder a package, and does not only set something for a tool.
fn says_package(path: &str, disk: &Place) -> bool {
    let has_key = |keys: &[&str]| {
        let value = disk::text(disk).and_then(|text| json::parse(&text));
        value.is_some_and(|value| keys.iter().any(|key| is_filled(value.get(key))))
    };
    match path::file_name(path) {
        "package.json" => has_key(&["name", "dependencies", "scripts"]),
        "composer.json" => has_key(&["name", "require", "autoload"]),
        "pyproject.toml" => disk::text(disk)
            .is_some_and(|text| text.contains("[project]") || text.contains("[tool.poetry]")),
        "setup.py" => disk::text(disk).is_some_and(|text| text.contains("setup(")),
        "setup.cfg" => disk::text(disk).is_some_and(|text| text.contains("[metadata]")),
        "Pipfile" => true,
        name => name == "requirements.txt" && package_file::is_requirements(path),
    }
}

fn is_filled(value: Option<&Value>) -> bool {
    value.is_some_and(|value| !value.is_null())
}

/// Returns the index of the part that `path` belongs to: the innermost one around it.
pub(crate) fn owner(parts: &[Part], path: &str) -> usize {
    let mut dir = path::parent(path);
    while !dir.is_empty() {
        if let Ok(found) = parts.binary_search_by(|part| (*part.dir).cmp(dir)) {
            return found;
        }
        dir = path::parent(dir);
    }
    0
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts_of(texts: &[(&str, &str)]) -> Vec<(String, String)> {
        let root = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (path, text) in texts {
            let disk = root.path().join(path);
            std::fs::create_dir_all(disk.parent().unwrap()).unwrap();
            std::fs::write(&disk, text).unwrap();
            files.push((Name::from(*path), disk.into()));
        }
        let unit = Unit {
            name: "shop".into(),
            kind: UnitKind::Folder,
            version: None,
            path: None,
        };
        let all = parts(&unit, &files).into_iter();
        all.map(|part| (part.dir.to_string(), part.unit.name.to_string()))
            .collect()
    }

    #[test]
    fn each_folder_with_a_package_file_is_one() {
        let found = parts_of(&[
            ("package.json", r#"{"name":"@acme/root"}"#),
            ("services/api/package.json", r#"{"name":"@acme/api"}"#),
            ("services/api/inner/package.json", r#"{"name":"inner"}"#),
            ("worker/pyproject.toml", "[project]\nname = \"worker\"\n"),
            ("cron/requirements.txt", "stripe\n"),
            (
                "php/composer.json",
                r#"{"require":{"stripe/stripe-php":"*"}}"#,
            ),
        ]);
        let found: Vec<(&str, &str)> = found.iter().map(|(dir, name)| (&**dir, &**name)).collect();
        assert_eq!(
            found,
            [
                ("", "shop"),
                ("cron", "cron"),
                ("php", "php"),
                ("services/api", "@acme/api"),
                ("services/api/inner", "inner"),
                ("worker", "worker"),
            ]
        );
    }

    #[test]
    fn settings_of_tools_make_no_package() {
        let found = parts_of(&[
            ("src/esm/package.json", r#"{"type":"module"}"#),
            ("lint/pyproject.toml", "[tool.ruff]\n"),
            ("docs/composer.json", "{"),
        ]);
        assert_eq!(found.len(), 1);
    }

    #[test]
    fn a_file_belongs_to_the_innermost_package_around_it() {
        let part = |dir: &str| Part {
            dir: dir.into(),
            unit: Unit {
                name: dir.into(),
                kind: UnitKind::Package,
                version: None,
                path: None,
            },
        };
        let parts = ["", "a", "a/b", "ab"].map(part);
        let of = |path| &*parts[owner(&parts, path)].dir;
        assert_eq!(of("a/b/c/x.ts"), "a/b");
        assert_eq!(of("a/c/x.ts"), "a");
        assert_eq!(of("abc/x.ts"), "");
        assert_eq!(of("x.ts"), "");
    }
}
