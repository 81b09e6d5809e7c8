//! Prefixes that a build will put before the namespace of the SDK, as its configuration says.
//!
//! In a repository the renamed copy is often not there yet, only the code that uses it and the
//! configuration of the tool that renames: Strauss, Mozart, Imposter, php-scoper and its relatives.

use std::collections::BTreeSet;

use model::Name;

use crate::{disk, json, path, place::Place};

/// Where tools keep the prefix in `composer.json`.
const KEYS: [[&str; 3]; 4] = [
    ["extra", "strauss", "namespace_prefix"],
    ["extra", "mozart", "dep_namespace"],
    ["extra", "imposter", "namespace"],
    ["extra", "wpify-scoper", "prefix"],
];

/// Lists the namespaces that the SDK for PHP will have.
pub(crate) fn namespaces(files: &[(Name, Place)]) -> BTreeSet<Name> {
    files
        .iter()
        .filter_map(|(file, disk)| match path::file_name(file) {
            "composer.json" => in_composer(&disk::text(disk)?),
            "scoper.inc.php" => in_scoper(&disk::text(disk)?),
            _ => None,
        })
        .map(|prefix| format!("{prefix}\\Stripe").into())
        .collect()
}

fn in_composer(text: &str) -> Option<String> {
    let value = json::parse(text)?;
    KEYS.iter()
        .find_map(|keys| json::text(&value, keys))
        .and_then(namespace)
}

fn in_scoper(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("prefix")?;
    let rest = rest.trim_start_matches(['\'', '"', ' ', '=', '>']);
    // Only the value itself is left of a line like `'prefix' => 'Acme\\Vendor',`.
    namespace(rest.split(['\'', '"', '\n']).next()?)
}

fn namespace(text: &str) -> Option<String> {
    let text = text.replace("\\\\", "\\");
    let text = text.trim_matches('\\');
    let is_name = text
        .chars()
        .all(|c| c.is_alphanumeric() || c == '_' || c == '\\');
    (is_name && !text.is_empty()).then(|| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_are_read_from_the_configuration_of_tools() {
        let strauss = r#"{"extra":{"strauss":{"namespace_prefix":"Acme\\Vendor\\"}}}"#;
        assert_eq!(in_composer(strauss).as_deref(), Some("Acme\\Vendor"));
        let scoper = "return [\n  'prefix' => 'Acme\\\\Deps',\n];";
        assert_eq!(in_scoper(scoper).as_deref(), Some("Acme\\Deps"));
        assert_eq!(in_scoper("'prefix' => $prefix,"), None);
        assert_eq!(in_composer("{}"), None);
    }
}
