//! Path aliases: what `@/lib/stripe` means, by compiler files and by conventions of frameworks.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    Name,
    unit::{Package, PathAliases},
};
use serde_json::Value;

use crate::{disk, json, package_file, path, place::Place};

/// How far `extends` is followed.
const MAX_EXTENDS: usize = 8;

struct Files<'a> {
    by_path: BTreeMap<&'a str, &'a Place>,
    packages: &'a [Package],
}

/// Reads the aliases of every folder with a compiler file or a framework's.
pub(crate) fn aliases(files: &[(Name, Place)], packages: &[Package]) -> Vec<PathAliases> {
    let files = Files {
        by_path: files.iter().map(|(path, disk)| (&**path, disk)).collect(),
        packages,
    };
    let dirs: BTreeSet<&str> = files
        .by_path
        .keys()
        .filter(|path| {
            let name = path::file_name(path);
            package_file::is_compiler_file(name) || package_file::is_framework(name)
        })
        .map(|path| path::parent(path))
        .collect();
    dirs.into_iter()
        .filter_map(|dir| files.of_folder(dir))
        .collect()
}

impl Files<'_> {
    fn of_folder(&self, dir: &str) -> Option<PathAliases> {
        let mut aliases = self
            .compiler_files(dir)
            .into_iter()
            .map(|file| self.read(file, MAX_EXTENDS))
            .find(|read| read.base.is_some() || !read.paths.is_empty())
            .unwrap_or_default();
        aliases.dir = dir.into();
        for path in self.by_path.keys().filter(|path| path::parent(path) == dir) {
            aliases
                .paths
                .extend(conventions(dir, path::file_name(path)));
        }
        (aliases.base.is_some() || !aliases.paths.is_empty()).then_some(aliases)
    }

    /// Lists the compiler files in `dir`, the one that editors read first.
    fn compiler_files(&self, dir: &str) -> Vec<&str> {
        let mut files: Vec<&str> = self
            .by_path
            .keys()
            .copied()
            .filter(|path| path::parent(path) == dir)
            .filter(|path| package_file::is_compiler_file(path::file_name(path)))
            .collect();
        files.sort_by_key(|path| {
            let name = path::file_name(path);
            (name != "tsconfig.json", name != "jsconfig.json", *path)
        });
        files
    }

    fn read(&self, file: &str, n_left: usize) -> PathAliases {
        let value = self
            .by_path
            .get(file)
            .and_then(|disk| disk::text(disk))
            .and_then(|text| json::parse(&text));
        let Some(value) = value else {
            return PathAliases::default();
        };
        let dir = path::parent(file);
        let mut aliases = PathAliases::default();
        if n_left > 0 {
            for inherited in self.extended(dir, &value) {
                let inherited = self.read(&inherited, n_left - 1);
                aliases.base = inherited.base.or(aliases.base);
                if !inherited.paths.is_empty() {
                    aliases.paths = inherited.paths;
                }
            }
        }
        let options = value.get("compilerOptions");
        if let Some(base) = options.and_then(|options| json::text(options, &["baseUrl"])) {
            aliases.base = path::join(dir, base).map(Into::into);
        }
        if let Some(paths) = options.and_then(|options| options.get("paths")) {
            let base = aliases.base.clone().unwrap_or_else(|| dir.into());
            aliases.paths = patterns(&base, paths);
        }
        aliases
    }

    /// Returns the files that a compiler file builds on, as far as they are in the unit.
    fn extended(&self, dir: &str, value: &Value) -> Vec<String> {
        let names: Vec<&str> = match value.get("extends") {
            Some(Value::String(name)) => vec![name],
            Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).collect(),
            _ => Vec::new(),
        };
        names
            .into_iter()
            .filter_map(|name| {
                let place = if name.starts_with('.') {
                    path::join(dir, name)?
                } else {
                    self.in_package(name)?
                };
                [
                    place.clone(),
                    format!("{place}.json"),
                    format!("{place}/tsconfig.json"),
                ]
                .into_iter()
                .find(|place| self.by_path.contains_key(place.as_str()))
            })
            .collect()
    }

    fn in_package(&self, name: &str) -> Option<String> {
        self.packages.iter().find_map(|package| {
            let rest = name.strip_prefix(&**package.name.as_ref()?)?;
            let is_whole = rest.is_empty() || rest.starts_with('/');
            is_whole.then(|| path::join(&package.dir, rest.trim_start_matches('/')))?
        })
    }
}

fn patterns(base: &str, paths: &Value) -> Vec<(Name, Vec<Name>)> {
    let all = paths.as_object().into_iter().flatten();
    all.map(|(pattern, targets)| {
        let targets = targets.as_array().into_iter().flatten();
        let targets = targets
            .filter_map(|target| path::join(base, target.as_str()?))
            .map(Into::into)
            .collect();
        (pattern.as_str().into(), targets)
    })
    .collect()
}

/// Returns the aliases that a framework sets without saying so in a compiler file.
fn conventions(dir: &str, config: &str) -> Vec<(Name, Vec<Name>)> {
    let rows: &[(&str, &[&str])] = match config.split('.').next() {
        Some("svelte") => &[("$lib", &["src/lib"]), ("$lib/*", &["src/lib/*"])],
        Some("nuxt") => &[
            ("~/*", &["*", "app/*", "src/*"]),
            ("@/*", &["*", "app/*", "src/*"]),
            ("~~/*", &["*"]),
            ("@@/*", &["*"]),
            ("#shared/*", &["shared/*"]),
        ],
        _ => &[],
    };
    rows.iter()
        .map(|(pattern, targets)| {
            let targets = targets.iter().filter_map(|target| path::join(dir, target));
            ((*pattern).into(), targets.map(Into::into).collect())
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn aliases_of(texts: &[(&str, &str)], packages: &[Package]) -> Vec<PathAliases> {
        let root = tempfile::tempdir().unwrap();
        let mut files = Vec::new();
        for (path, text) in texts {
            let disk = root.path().join(path);
            std::fs::create_dir_all(disk.parent().unwrap()).unwrap();
            std::fs::write(&disk, text).unwrap();
            files.push((Name::from(*path), disk.into()));
        }
        aliases(&files, packages)
    }

    fn paths(aliases: &PathAliases) -> Vec<(String, Vec<String>)> {
        let texts = |targets: &[Name]| targets.iter().map(ToString::to_string).collect();
        let rows = aliases.paths.iter();
        rows.map(|(pattern, targets)| (pattern.to_string(), texts(targets)))
            .collect()
    }

    #[test]
    fn paths_are_relative_to_the_unit_and_extends_is_followed() {
        let base =
            r#"{ "compilerOptions": { "baseUrl": ".", "paths": { "@lib/*": ["libs/*/src"] } } }"#;
        let app = r#"{ // the app
            "extends": "../../tsconfig.strict.json",
            "compilerOptions": { "paths": { "@/*": ["./src/*", "../shared/*",], }, },
        }"#;
        let all = aliases_of(
            &[
                ("tsconfig.base.json", base),
                (
                    "apps/api/tsconfig.json",
                    r#"{ "extends": "../../tsconfig.base" }"#,
                ),
                ("apps/web/tsconfig.json", app),
                ("apps/web/tsconfig.node.json", "{}"),
                ("broken/tsconfig.json", "{ \"compilerOptions\": "),
            ],
            &[],
        );
        let dirs: Vec<&str> = all.iter().map(|aliases| &*aliases.dir).collect();
        assert_eq!(dirs, ["", "apps/api", "apps/web"]);
        let lib = ("@lib/*".to_owned(), vec!["libs/*/src".to_owned()]);
        assert_eq!(paths(&all[0]), paths(&all[1]));
        assert_eq!(paths(&all[0]), [lib]);
        assert_eq!(all[1].base.as_deref(), Some(""));
        let targets = vec!["apps/web/src/*".to_owned(), "apps/shared/*".to_owned()];
        assert_eq!(paths(&all[2]), [("@/*".to_owned(), targets)]);
    }

    #[test]
    fn shared_packages_and_frameworks_bring_aliases() {
        let package = Package {
            dir: "config".into(),
            name: Some("@acme/config".into()),
            ..Package::default()
        };
        let all = aliases_of(
            &[
                ("config/base.json", "{}"),
                (
                    "config/tsconfig.app.json",
                    r#"{"compilerOptions":{"paths":{"~/*":["../web/src/*"]}}}"#,
                ),
                (
                    "web/tsconfig.json",
                    r#"{"extends":"@acme/config/tsconfig.app"}"#,
                ),
                ("kit/svelte.config.js", ""),
                ("loop/tsconfig.json", r#"{"extends":"./tsconfig.json"}"#),
            ],
            &[package],
        );
        let web = all.iter().find(|aliases| &*aliases.dir == "web").unwrap();
        assert_eq!(
            paths(web),
            [("~/*".to_owned(), vec!["web/src/*".to_owned()])]
        );
        let kit = all.iter().find(|aliases| &*aliases.dir == "kit").unwrap();
        assert_eq!(
            paths(kit)[0],
            ("$lib".to_owned(), vec!["kit/src/lib".to_owned()])
        );
    }
}
