//! WordPress: plugins and themes by their header comments, and releases of a Subversion checkout.

use model::{Name, manifest::UnitKind, unit::Version};

use crate::{disk, path, place::Place};

/// How much of a file WordPress searches for its header.
const HEADER: u64 = 8 << 10;

/// What a folder is to WordPress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Identity {
    /// Plugin or theme.
    pub(crate) kind: UnitKind,
    /// Its version.
    pub(crate) version: Option<Name>,
}

/// Reads the header of the plugin or theme whose main file lies in `dir`.
pub(crate) fn identify(dir: &Place) -> Option<Identity> {
    identify_with(dir, &disk::names(dir))
}

/// Does the same where the names in `dir` are known.
pub(crate) fn identify_with(dir: &Place, names: &[String]) -> Option<Identity> {
    let slug = format!("{}.php", disk::name_of(dir));
    let mut candidates: Vec<&String> = names.iter().filter(|name| is_php(name)).collect();
    candidates.sort_by_key(|name| **name != slug);
    candidates
        .into_iter()
        .find_map(|name| identity(&dir.join(name), "Plugin Name", UnitKind::WordPressPlugin))
        .or_else(|| {
            names.iter().any(|name| name == "style.css").then_some(())?;
            identity(
                &dir.join("style.css"),
                "Theme Name",
                UnitKind::WordPressTheme,
            )
        })
}

fn is_php(name: &str) -> bool {
    path::extension(name).eq_ignore_ascii_case("php") && path::stem(name) != name
}

fn identity(file: &Place, field: &str, kind: UnitKind) -> Option<Identity> {
    let head = disk::head(file, HEADER);
    let head = String::from_utf8_lossy(&head);
    header(&head, field)?;
    Some(Identity {
        kind,
        version: header(&head, "Version").map(Into::into),
    })
}

/// Reads a field of a header comment.
fn header<'a>(head: &'a str, field: &str) -> Option<&'a str> {
    head.split(['\n', '\r']).find_map(|line| {
        let line = line.trim_start_matches("<?php");
        let line = line.trim_start_matches([' ', '\t', '/', '*', '#', '@']);
        let start = line.get(..field.len())?;
        let value = line[field.len()..].trim_start().strip_prefix(':')?;
        let value = value.split("*/").next()?.split("?>").next()?.trim();
        (start.eq_ignore_ascii_case(field) && !value.is_empty()).then_some(value)
    })
}

/// The release that counts in a Subversion checkout.
#[derive(Clone, Debug)]
pub(crate) struct Release {
    /// Its folder.
    pub(crate) dir: Place,
    /// What it is.
    pub(crate) identity: Identity,
    /// How many other releases there are.
    pub(crate) n_others: u64,
}

/// Finds the stable release in `dir`, if that is a Subversion checkout of a plugin.
pub(crate) fn release(dir: &Place) -> Option<Release> {
    let trunk = Some(dir.join("trunk")).filter(Place::is_dir);
    let tags = disk::folders(&dir.join("tags"));
    if trunk.is_none() && tags.is_empty() {
        return None;
    }
    let chosen = trunk
        .as_ref()
        .and_then(|trunk| stable_tag(trunk, &tags))
        .or_else(|| trunk.clone().filter(|trunk| identify(trunk).is_some()))
        .or_else(|| newest(&tags))?;
    let n_branches = disk::folders(&dir.join("branches")).len();
    let n_all = usize::from(trunk.is_some()) + tags.len() + n_branches;
    Some(Release {
        identity: identify(&chosen)?,
        dir: chosen,
        n_others: n_all.saturating_sub(1) as u64,
    })
}

/// Finds the tag that `readme.txt` in trunk calls stable.
fn stable_tag(trunk: &Place, tags: &[Place]) -> Option<Place> {
    let readme = disk::names(trunk)
        .into_iter()
        .find(|name| ["readme.txt", "readme.md"].contains(&name.to_ascii_lowercase().as_str()))?;
    let readme = disk::text(&trunk.join(readme))?;
    let wanted = header(&readme, "Stable tag")?;
    tags.iter()
        .find(|tag| disk::name_of(tag) == wanted && identify(tag).is_some())
        .cloned()
}

fn newest(tags: &[Place]) -> Option<Place> {
    tags.iter()
        .filter(|tag| identify(tag).is_some())
        .max_by_key(|tag| (Version::parse(&disk::name_of(tag)), disk::name_of(tag)))
        .cloned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headers_are_read_in_the_shapes_people_write() {
        let block = "<?php\n/**\n * Plugin Name: Acme Pay\n * Version:  1.2.3\n */";
        assert_eq!(header(block, "Plugin Name"), Some("Acme Pay"));
        assert_eq!(header(block, "Version"), Some("1.2.3"));
        assert_eq!(
            header("<?php /* plugin name: X */", "Plugin Name"),
            Some("X")
        );
        assert_eq!(header("Stable tag: 2.0\r\nx", "Stable tag"), Some("2.0"));
        assert_eq!(header("the Plugin Name: X", "Plugin Name"), None);
        assert_eq!(header("Plugin Name:", "Plugin Name"), None);
    }
}
