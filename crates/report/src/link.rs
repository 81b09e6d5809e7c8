//! The address of the Dashboard page that creates the key, with every permission ticked.

use std::{
    fmt::Write as _,
    io::{self, Write},
};

use model::manifest::{Manifest, Needed};

use crate::{Options, sanitize};

/// Which kind of key a link creates.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Mode {
    /// A key for real payments.
    #[default]
    Live,
    /// A key for the test mode.
    Test,
}

/// Returns the link for `manifest`; `None` where it needs no permission.
///
/// Permissions of tiers that the key is not made for are left out.
#[must_use]
pub fn link(manifest: &Manifest, mode: Mode) -> Option<String> {
    let mut query = String::new();
    let mut push = |parameter, all| {
        for needed in part_of_key(manifest, all) {
            let id = percent_encode(&needed.id.to_string());
            // Writing to a string cannot fail.
            let _ = write!(query, "&{parameter}%5B%5D=rak_{id}");
        }
    };
    push("permissions", &manifest.permissions);
    push("connectPermissions", &manifest.connect);
    if query.is_empty() {
        return None;
    }
    let page = match mode {
        Mode::Live => "apikeys/create",
        Mode::Test => "test/apikeys/create",
    };
    let name = percent_encode(&sanitize(&manifest.unit.name));
    Some(format!(
        "https://dashboard.stripe.com/{page}?name={name}{query}"
    ))
}

/// Lists those of `all` that the key is made for.
pub(crate) fn part_of_key<'a>(
    manifest: &Manifest,
    all: &'a [Needed],
) -> impl Iterator<Item = &'a Needed> {
    let tiers = manifest.key_tiers;
    all.iter()
        .filter(move |needed| tiers.contains(&needed.tier))
}

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    for manifest in manifests {
        if let Some(link) = link(manifest, options.mode) {
            writeln!(out, "{link}")?;
        }
    }
    Ok(())
}

/// Encodes everything but RFC 3986's unreserved characters.
pub(crate) fn percent_encode(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_but_unreserved_characters_is_encoded() {
        assert_eq!(percent_encode("a-b_c.d~1"), "a-b_c.d~1");
        assert_eq!(percent_encode("a b&c=ü/"), "a%20b%26c%3D%C3%BC%2F");
    }
}
