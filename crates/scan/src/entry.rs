//! Says which functions of a unit the world outside calls: whether it is an application or a library.

use model::{Name, manifest::UnitKind, unit::EntryPoints};

use crate::{disk, json, lock::toml_value, place::Place};

/// Types of `composer.json` whose packages are used by the code of others.
const COMPOSER_LIBRARIES: [&str; 3] = ["library", "symfony-bundle", "composer-plugin"];
/// Files at the root that only applications have.
const APPLICATION_FILES: [&str; 8] = [
    "manage.py",
    "artisan",
    "wsgi.py",
    "app.py",
    "main.py",
    "Procfile",
    "next.config.js",
    "next.config.mjs",
];

/// Decides it by the kind of the unit and the package files at its root.
pub(crate) fn entry_points(kind: UnitKind, files: &[(Name, Place)]) -> EntryPoints {
    match kind {
        UnitKind::WordPressPlugin | UnitKind::WordPressTheme => EntryPoints::Registered,
        UnitKind::Folder | UnitKind::File => EntryPoints::Conventional,
        UnitKind::Package => {
            let at_root = files.iter().filter(|(path, _)| !path.contains('/'));
            let mut is_library = false;
            for (name, disk) in at_root {
                if let Some(folder) = disk.parent()
                    && APPLICATION_FILES
                        .iter()
                        .any(|name| folder.join(name).exists())
                {
                    return EntryPoints::Conventional;
                }
                is_library |= disk::text(disk).is_some_and(|text| says_library(name, &text));
            }
            if is_library {
                EntryPoints::Public
            } else {
                EntryPoints::Conventional
            }
        }
    }
}

fn says_library(name: &str, text: &str) -> bool {
    match name {
        "composer.json" => {
            let value = json::parse(text).unwrap_or_default();
            json::text(&value, &["name"]).is_some()
                && COMPOSER_LIBRARIES.contains(&json::text(&value, &["type"]).unwrap_or("library"))
        }
        "package.json" => {
            let value = json::parse(text).unwrap_or_default();
            let is_private =
                value.get("private").and_then(serde_json::Value::as_bool) == Some(true);
            let hands_out = ["main", "module", "exports", "types"]
                .iter()
                .any(|key| value.get(key).is_some());
            !is_private && hands_out && json::text(&value, &["version"]).is_some()
        }
        "pyproject.toml" => ["[project]", "[tool.poetry]"].iter().any(|section| {
            text.split_once(section).is_some_and(|(_, rest)| {
                let block = rest.split("\n[").next().unwrap_or(rest);
                toml_value(block, "name").is_some() && text.contains("[build-system]")
            })
        }),
        "setup.py" => text.contains("setup("),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn published_packages_are_libraries() {
        let library = |name, text| assert!(says_library(name, text), "{name}: {text}");
        library("composer.json", r#"{"name":"acme/pay"}"#);
        library(
            "composer.json",
            r#"{"name":"acme/pay","type":"symfony-bundle"}"#,
        );
        library(
            "package.json",
            r#"{"name":"pay","version":"1.0.0","main":"index.js"}"#,
        );
        library(
            "pyproject.toml",
            "[build-system]\nrequires=[]\n[project]\nname = \"pay\"\n",
        );
    }

    #[test]
    fn applications_are_not() {
        let application = |name, text| assert!(!says_library(name, text), "{name}: {text}");
        application("composer.json", r#"{"name":"acme/shop","type":"project"}"#);
        application("composer.json", r#"{"require":{"stripe/stripe-php":"*"}}"#);
        application(
            "package.json",
            r#"{"name":"shop","private":true,"main":"a.js","version":"1.0.0"}"#,
        );
        application("pyproject.toml", "[tool.ruff]\nname = \"x\"\n");
    }
}
