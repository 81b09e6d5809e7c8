//! Names of files for units whose names are not to be trusted.

use std::path::PathBuf;

/// Longest name of a file, without what is added to it; file systems take 255 bytes.
const LONGEST: usize = 120;

/// Devices of Windows, which no file there can be named after.
const DEVICES: [&str; 4] = ["con", "prn", "aux", "nul"];

/// Returns the path of the file for the unit in `folder`, which is below where the files are put.
///
/// Folders that differ only in case, or in what cannot be part of a name, have different paths: what
/// does not stay as it is gets a checksum.
pub(crate) fn file(folder: &str, extension: &str) -> PathBuf {
    let mut path: PathBuf = folder.split('/').map(part).collect();
    let name = path.file_name().unwrap_or_default().to_owned();
    let mut name = name.to_string_lossy().into_owned();
    name.push('.');
    name.push_str(extension);
    path.set_file_name(name);
    path
}

/// Makes one part of a path that means nothing but a name, on any system.
fn part(text: &str) -> String {
    let safe: String = text.chars().map(character).take(LONGEST).collect();
    let safe = match safe.trim_end_matches('.') {
        "" => "_",
        name => name,
    };
    let safe = safe
        .strip_prefix('.')
        .map_or_else(|| safe.to_owned(), |rest| format!("_{rest}"));
    let has_capitals = text.chars().any(|c| c.is_ascii_uppercase());
    if safe == text && !has_capitals && !is_device(&safe) {
        return safe;
    }
    format!("{safe}-{:08x}", checksum(text.as_bytes()))
}

fn character(c: char) -> char {
    if c.is_ascii_alphanumeric() || "-_.@+~".contains(c) {
        c
    } else {
        '_'
    }
}

fn is_device(name: &str) -> bool {
    let stem = name.split('.').next().unwrap_or(name);
    let is_port = |kind| {
        let number = stem.strip_prefix(kind);
        number.is_some_and(|number| number.len() == 1 && number != "0")
    };
    DEVICES.contains(&stem) || is_port("com") || is_port("lpt")
}

/// FNV-1a: short, and the same everywhere.
fn checksum(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
    bytes.iter().fold(0x811c_9dc5, step)
}

#[cfg(test)]
mod tests {
    use std::path::{Component, Path};

    use super::*;

    fn of(folder: &str) -> String {
        file(folder, "json").to_string_lossy().into_owned()
    }

    #[test]
    fn usual_names_stay() {
        assert_eq!(of("woo-acme"), "woo-acme.json");
        assert_eq!(
            of("wp-content/plugins/a_b.2"),
            "wp-content/plugins/a_b.2.json"
        );
    }

    #[test]
    fn other_names_get_a_checksum() {
        assert_eq!(of("WooAcme"), "WooAcme-eca73e02.json");
        assert_ne!(of("WooAcme").to_lowercase(), of("woOAcme").to_lowercase());
        assert_ne!(of("a b"), of("a:b"));
        assert_ne!(of("支付"), of("退款"));
        assert!(of("con").starts_with("con-") && of("com1.x").starts_with("com1.x-"));
        assert!(of(&"x".repeat(500)).len() < 150);
    }

    #[test]
    fn no_name_leads_elsewhere() {
        for folder in [
            "..",
            "../../etc/passwd",
            "/etc/passwd",
            "a/../../b",
            ".ssh/x",
            "c:\\x",
            "",
            ".",
        ] {
            let path = file(folder, "json");
            let is_name = |part| matches!(part, Component::Normal(_));
            assert!(
                Path::new(&path).components().all(is_name),
                "{folder}: {path:?}"
            );
            let parts = path.iter().map(|part| part.to_string_lossy());
            assert!(
                parts.into_iter().all(|part| !part.starts_with('.')),
                "{path:?}"
            );
        }
    }
}
