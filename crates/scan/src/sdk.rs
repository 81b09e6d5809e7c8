//! Copies of Stripe's SDKs that a unit brings along, known by what is in them.
//!
//! Plugins put the SDK anywhere (`includes/stripe`, `libraries/Stripe`, `vendor_prefixed/…`) and
//! rename its namespace, so neither a path nor a name says that a folder is the SDK: the classes do.

use model::{
    api::SdkId,
    unit::{SdkRoot, Version},
};

use crate::{disk, path, place::Place};

/// Name by which PHP code reaches an SDK that nobody has renamed.
pub(crate) const USUAL_PHP_ROOT: &str = "Stripe";

/// How much of an SDK file is read to know it.
const HEAD: u64 = 128 << 10;

/// Finds the copy of an SDK whose package begins at `dir`, which holds `names`.
pub(crate) fn copy_at(dir: &Place, place: &str, names: &[String]) -> Option<SdkRoot> {
    php(dir, place, names)
        .or_else(|| python(dir, place, names))
        .or_else(|| node(dir, place, names))
}

/// Finds the copy of an SDK in a folder of dependencies that is not entered.
pub(crate) fn copies_in_closed(dir: &Place, place: &str) -> Vec<SdkRoot> {
    let mut places = vec![(dir.join("stripe"), format!("{place}/stripe"))];
    for lib in disk::folders(&dir.join("lib")) {
        let python = disk::name_of(&lib);
        places.push((
            lib.join("site-packages/stripe"),
            format!("{place}/lib/{python}/site-packages/stripe"),
        ));
    }
    for package in disk::folders(&dir.join(".pnpm")) {
        let name = disk::name_of(&package);
        if name.starts_with("stripe@") {
            places.push((
                package.join("node_modules/stripe"),
                format!("{place}/.pnpm/{name}/node_modules/stripe"),
            ));
        }
    }
    places
        .iter()
        .filter_map(|(dir, path)| copy_at(dir, path, &disk::names(dir)))
        .collect()
}

fn has(names: &[String], name: &str) -> bool {
    names.iter().any(|other| other == name)
}

fn php(dir: &Place, place: &str, names: &[String]) -> Option<SdkRoot> {
    let classes = if has(names, "ApiRequestor.php") {
        dir.clone()
    } else if has(names, "lib") && is_php_package(dir, names) {
        let modern = dir.join("lib");
        let legacy = dir.join("lib/Stripe");
        [modern, legacy]
            .into_iter()
            .find(|classes| classes.join("ApiRequestor.php").is_file())?
    } else {
        return None;
    };
    if !["Stripe.php", "ApiResource.php"]
        .iter()
        .any(|name| classes.join(name).is_file())
    {
        return None;
    }
    let requestor = disk::head(&classes.join("ApiRequestor.php"), HEAD);
    let requestor = String::from_utf8_lossy(&requestor);
    Some(SdkRoot {
        sdk: SdkId::Php,
        root: php_root(&requestor)?.into(),
        version: php_version(&classes),
        path: Some(place.into()),
    })
}

/// Tells whether the folder around `lib` belongs to the SDK, and not to the plugin that holds it.
fn is_php_package(dir: &Place, names: &[String]) -> bool {
    let mentions = |name: &str, word: &str| {
        has(names, name)
            && String::from_utf8_lossy(&disk::head(&dir.join(name), HEAD)).contains(word)
    };
    mentions("init.php", "ApiRequestor")
        || mentions("composer.json", "stripe/stripe-php")
        || mentions("Stripe.php", "ApiRequestor")
        || (has(names, "VERSION") && !names.iter().any(|name| is_own_code(name)))
}

fn is_own_code(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    path::extension(&lower) == "php"
        && !["init.php", "index.php", "build.php"].contains(&lower.as_str())
}

/// Reads the namespace from the requestor class; `None` where it is not Stripe's.
fn php_root(requestor: &str) -> Option<String> {
    let is_legacy = requestor.contains("class Stripe_ApiRequestor");
    let is_stripe = requestor.contains("X-Stripe-Client-User-Agent")
        || namespace(requestor).is_some_and(|name| name.to_ascii_lowercase().contains("stripe"));
    if is_legacy {
        return Some(USUAL_PHP_ROOT.to_owned());
    }
    if !is_stripe || !requestor.contains("class ApiRequestor") {
        return None;
    }
    Some(namespace(requestor).unwrap_or(USUAL_PHP_ROOT).to_owned())
}

/// Reads the namespace that a PHP file declares.
fn namespace(text: &str) -> Option<&str> {
    text.lines().find_map(|line| {
        let line = line.trim_start().trim_start_matches("<?php").trim_start();
        let name = line.strip_prefix("namespace ")?;
        let name = name.split([';', '{']).next()?.trim();
        (!name.is_empty()).then_some(name)
    })
}

fn php_version(classes: &Place) -> Option<Version> {
    let from_constant = |file: &Place| {
        let text = disk::head(file, HEAD);
        let text = String::from_utf8_lossy(&text);
        let (_, rest) = text.split_once("const VERSION")?;
        quoted(rest).and_then(Version::parse)
    };
    let from_file = |dir: Option<&Place>| Version::parse(&disk::text(&dir?.join("VERSION"))?);
    let package = classes.parent();
    let package = package.as_ref();
    from_file(package)
        .or_else(|| from_constant(&classes.join("Stripe.php")))
        .or_else(|| from_file(package?.parent().as_ref()))
        .or_else(|| from_constant(&package?.join("Stripe.php")))
}

/// Returns the first text in single or double quotes.
fn quoted(text: &str) -> Option<&str> {
    let start = text.find(['\'', '"'])?;
    let quote = text[start..].chars().next()?;
    text[start + 1..].split(quote).next()
}

fn python(dir: &Place, place: &str, names: &[String]) -> Option<SdkRoot> {
    let requestor = ["_api_requestor.py", "api_requestor.py"]
        .into_iter()
        .find(|name| has(names, name))?;
    let text = disk::head(&dir.join(requestor), HEAD);
    let text = String::from_utf8_lossy(&text);
    if !has(names, "__init__.py") || !text.contains("stripe") || !text.contains("APIRequestor") {
        return None;
    }
    let version = ["_version.py", "version.py"].into_iter().find_map(|name| {
        let text = disk::text(&dir.join(name))?;
        let (_, rest) = text.split_once("VERSION")?;
        quoted(rest).and_then(Version::parse)
    });
    Some(SdkRoot {
        sdk: SdkId::Python,
        root: "stripe".into(),
        version,
        path: Some(place.into()),
    })
}

fn node(dir: &Place, place: &str, names: &[String]) -> Option<SdkRoot> {
    if !has(names, "package.json") {
        return None;
    }
    let text = disk::text(&dir.join("package.json"))?;
    if !text.contains("stripe/stripe-node") {
        return None;
    }
    let package: serde_json::Value = serde_json::from_str(&text).ok()?;
    if package.get("name")?.as_str()? != "stripe" {
        return None;
    }
    let version = package.get("version").and_then(|value| value.as_str());
    Some(SdkRoot {
        sdk: SdkId::Node,
        root: "stripe".into(),
        version: version.and_then(Version::parse),
        path: Some(place.into()),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_namespace_is_read_from_the_requestor() {
        let prefixed = "<?php\n\nnamespace Acme\\Vendor\\Stripe;\n\nclass ApiRequestor {}";
        assert_eq!(php_root(prefixed).as_deref(), Some("Acme\\Vendor\\Stripe"));
        let flat = "<?php namespace Acme;\nclass ApiRequestor { 'X-Stripe-Client-User-Agent' }";
        assert_eq!(php_root(flat).as_deref(), Some("Acme"));
        let legacy = "<?php\nclass Stripe_ApiRequestor {}";
        assert_eq!(php_root(legacy).as_deref(), Some("Stripe"));
        let other = "<?php\nnamespace Pingpp;\nclass ApiRequestor { 'X-Pingpp-Client-User-Agent' }";
        assert_eq!(php_root(other), None);
    }
}
