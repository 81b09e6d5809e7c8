//! Which release of Stripe's SDK a unit depends on, as its lock and package files say it.
//!
//! A lock file beats a package file, and a range is no version: it only says that there is one.

use std::collections::{BTreeMap, BTreeSet};

use model::{Name, api::SdkId, unit::Version};
use serde_json::Value;

use crate::{disk, json, package_file, path, place::Place};

/// What files say about each SDK that is declared: the releases, none where only a range is known.
pub(crate) type Declared = BTreeMap<SdkId, BTreeSet<Version>>;

/// How a file says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Strength {
    Locked,
    Wished,
}

struct Statement {
    sdk: SdkId,
    strength: Strength,
    version: Option<Version>,
}

/// Reads the releases from all lock and package files.
pub(crate) fn declared(files: &[(Name, Place)]) -> Declared {
    let statements: Vec<Statement> = files
        .iter()
        .filter_map(|(path, disk)| Some((path, disk::text(disk)?)))
        .filter(|(_, text)| text.contains("stripe"))
        .flat_map(|(path, text)| statements(path, &text))
        .collect();
    let mut declared = Declared::new();
    for sdk in SdkId::ALL {
        let of = |strength| {
            statements
                .iter()
                .filter(move |said| said.sdk == sdk && said.strength == strength)
                .filter_map(|said| said.version)
                .collect::<BTreeSet<_>>()
        };
        if statements.iter().any(|said| said.sdk == sdk) {
            let locked = of(Strength::Locked);
            let best = if locked.is_empty() {
                of(Strength::Wished)
            } else {
                locked
            };
            declared.insert(sdk, best);
        }
    }
    declared
}

fn statements(path: &str, text: &str) -> Vec<Statement> {
    use SdkId::{Node, Php, Python};
    use Strength::{Locked, Wished};
    let (sdk, strength, versions) = match path::file_name(path) {
        "composer.lock" => (Php, Locked, composer_lock(text)),
        "composer.json" => (
            Php,
            Wished,
            wished(text, &["require", "require-dev"], "stripe/stripe-php"),
        ),
        "package-lock.json" | "npm-shrinkwrap.json" => (Node, Locked, npm_lock(text)),
        "yarn.lock" => (Node, Locked, yarn_lock(text)),
        "pnpm-lock.yaml" => (Node, Locked, pnpm_lock(text)),
        "bun.lock" => (Node, Locked, bun_lock(text)),
        "package.json" => (
            Node,
            Wished,
            wished(
                text,
                &[
                    "dependencies",
                    "devDependencies",
                    "peerDependencies",
                    "optionalDependencies",
                ],
                "stripe",
            ),
        ),
        "poetry.lock" | "uv.lock" | "pdm.lock" => (Python, Locked, toml_lock(text)),
        "Pipfile.lock" => (Python, Locked, pipfile_lock(text)),
        "pyproject.toml" | "setup.py" | "setup.cfg" | "Pipfile" => {
            (Python, Wished, requirements(text))
        }
        _ if package_file::is_requirements(path) => (Python, Wished, requirements(text)),
        _ => return Vec::new(),
    };
    let said = |version| Statement {
        sdk,
        strength,
        version,
    };
    versions.into_iter().map(said).collect()
}

/// Reads a version that allows no other; `None` for a range.
fn exact(text: &str) -> Option<Version> {
    let number = text.trim().trim_start_matches(['=', 'v', ' ']);
    let is_number = number.split('.').count() == 3
        && number
            .split('.')
            .take(2)
            .all(|part| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit()))
        && !number.contains(['*', 'x', '|', ',', ' ']);
    is_number.then(|| Version::parse(number)).flatten()
}

fn wished(text: &str, sections: &[&str], package: &str) -> Vec<Option<Version>> {
    let Some(value) = json::parse(text) else {
        return Vec::new();
    };
    sections
        .iter()
        .filter_map(|section| json::text(&value, &[section, package]))
        .map(exact)
        .collect()
}

fn composer_lock(text: &str) -> Vec<Option<Version>> {
    let Some(value) = json::parse(text) else {
        return Vec::new();
    };
    ["packages", "packages-dev"]
        .iter()
        .filter_map(|section| value.get(section)?.as_array())
        .flatten()
        .filter(|package| json::text(package, &["name"]) == Some("stripe/stripe-php"))
        .map(|package| json::text(package, &["version"]).and_then(Version::parse))
        .collect()
}

fn npm_lock(text: &str) -> Vec<Option<Version>> {
    let Some(value) = json::parse(text) else {
        return Vec::new();
    };
    let modern = value.get("packages").and_then(Value::as_object);
    let legacy = json::text(&value, &["dependencies", "stripe", "version"]);
    modern
        .into_iter()
        .flatten()
        .filter(|(place, _)| {
            *place == "node_modules/stripe" || place.ends_with("/node_modules/stripe")
        })
        .filter_map(|(_, package)| json::text(package, &["version"]))
        .chain(legacy)
        .map(Version::parse)
        .collect()
}

/// Reads the first number after each line that begins a block for the package.
fn yarn_lock(text: &str) -> Vec<Option<Version>> {
    let mut versions = Vec::new();
    let mut is_inside = false;
    for line in text.lines() {
        if !line.starts_with(' ') {
            is_inside = line.trim_start_matches('"').starts_with("stripe@");
        } else if let Some(version) = line.trim().strip_prefix("version")
            && is_inside
        {
            versions.push(Version::parse(version.trim_matches([':', ' ', '"'])));
        }
    }
    versions
}

fn pnpm_lock(text: &str) -> Vec<Option<Version>> {
    text.lines()
        .filter(|line| line.starts_with("  ") && line.trim_end().ends_with([':', '}']))
        .filter_map(|line| {
            let key = line
                .trim()
                .trim_matches(['\'', '"'])
                .trim_start_matches('/');
            let version = key
                .strip_prefix("stripe@")
                .or_else(|| key.strip_prefix("stripe/"))?;
            Some(Version::parse(version))
        })
        .collect()
}

fn bun_lock(text: &str) -> Vec<Option<Version>> {
    text.lines()
        .filter_map(|line| line.split_once("[\"stripe@"))
        .map(|(_, version)| Version::parse(version))
        .collect()
}

fn toml_lock(text: &str) -> Vec<Option<Version>> {
    text.split("[[package]]")
        .filter(|block| toml_value(block, "name") == Some("stripe"))
        .map(|block| toml_value(block, "version").and_then(Version::parse))
        .collect()
}

/// Reads `key = "value"` in a block of TOML.
pub(crate) fn toml_value<'a>(block: &'a str, key: &str) -> Option<&'a str> {
    block.lines().find_map(|line| {
        let value = line.trim().strip_prefix(key)?.trim_start();
        let value = value.strip_prefix('=')?.trim_start();
        let quote = value.chars().next().filter(|c| ['"', '\''].contains(c))?;
        value[1..].split(quote).next()
    })
}

fn pipfile_lock(text: &str) -> Vec<Option<Version>> {
    let Some(value) = json::parse(text) else {
        return Vec::new();
    };
    ["default", "develop"]
        .iter()
        .filter_map(|section| json::text(&value, &[section, "stripe", "version"]))
        .map(exact)
        .collect()
}

/// Reads `stripe==1.2.3`, and `stripe = "1.2.3"`, wherever they stand in the file.
fn requirements(text: &str) -> Vec<Option<Version>> {
    text.lines()
        .flat_map(|line| line.split([',', '[']).map(str::trim))
        .filter_map(|part| {
            let part = part.trim_start_matches(['"', '\'']);
            let rest = part.strip_prefix("stripe")?.trim_start();
            let is_requirement =
                rest.is_empty() || rest.starts_with(['=', '>', '<', '~', '!', '"', '\'', ';']);
            let version = rest.trim_start_matches([' ', '=', '"', '\'']);
            let version = version.split(['"', '\'', ';', '#', ' ']).next()?;
            is_requirement.then(|| exact(version))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(path: &str, text: &str) -> Vec<String> {
        statements(path, text)
            .into_iter()
            .map(|said| {
                said.version
                    .map_or("?".to_owned(), |version| version.to_string())
            })
            .collect()
    }

    #[test]
    fn lock_files_name_the_release() {
        let composer = r#"{"packages":[{"name":"stripe/stripe-php","version":"v7.128.0"}]}"#;
        assert_eq!(found("composer.lock", composer), ["7.128.0"]);
        let npm = r#"{"packages":{"a/node_modules/stripe":{"version":"12.1.0"}}}"#;
        assert_eq!(found("x/package-lock.json", npm), ["12.1.0"]);
        let npm1 = r#"{"dependencies":{"stripe":{"version":"8.1.0"}}}"#;
        assert_eq!(found("package-lock.json", npm1), ["8.1.0"]);
        let yarn = "stripe-x@1:\n  version \"9.9.9\"\n\nstripe@^12.0.0:\n  version \"12.18.0\"\n";
        assert_eq!(found("yarn.lock", yarn), ["12.18.0"]);
        let berry = "\"stripe@npm:^14.0.0\":\n  version: 14.2.0\n";
        assert_eq!(found("yarn.lock", berry), ["14.2.0"]);
        let pnpm = "packages:\n\n  stripe@17.2.0:\n    resolution: {}\n\n  /stripe/8.0.0:\n";
        assert_eq!(found("pnpm-lock.yaml", pnpm), ["17.2.0", "8.0.0"]);
        let poetry =
            "[[package]]\nname = \"stripe\"\nversion = \"7.1.0\"\n[[package]]\nname = \"x\"\n";
        assert_eq!(found("uv.lock", poetry), ["7.1.0"]);
        let pipfile = r#"{"default":{"stripe":{"version":"==5.0.0"}}}"#;
        assert_eq!(found("Pipfile.lock", pipfile), ["5.0.0"]);
        assert_eq!(
            found("bun.lock", "    \"stripe\": [\"stripe@17.7.0\", {}],"),
            ["17.7.0"]
        );
    }

    #[test]
    fn a_range_says_only_that_there_is_one() {
        assert_eq!(
            found("package.json", r#"{"dependencies":{"stripe":"^12.0.0"}}"#),
            ["?"]
        );
        assert_eq!(
            found("package.json", r#"{"dependencies":{"stripe":"12.1.0"}}"#),
            ["12.1.0"]
        );
        assert_eq!(
            found(
                "requirements/base.txt",
                "stripe==7.1.0 # x\nstripe-x==1.0.0\n"
            ),
            ["7.1.0"]
        );
        assert_eq!(found("requirements.txt", "stripe>=7.1.0\n"), ["?"]);
        assert_eq!(found("pyproject.toml", "stripe = \"^5.0.0\"\n"), ["?"]);
        assert_eq!(
            found("setup.py", "install_requires=['stripe==2.1.0', 'x']"),
            ["2.1.0"]
        );
        assert_eq!(
            found("pyproject.toml", "dependencies = [\"a\", \"stripe\"]"),
            ["?"]
        );
    }
}
