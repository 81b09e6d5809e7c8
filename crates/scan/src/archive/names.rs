//! Names of members become paths in the archive, or are refused.

/// Longest name that is read, in bytes.
pub(super) const LONGEST: usize = 1 << 10;
/// Deepest nesting of folders that is read.
const DEEPEST: usize = 64;

/// Why a name is refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Refused {
    /// It leads out of the archive.
    Outside,
    /// It is too long, or has too many folders.
    TooLong,
}

/// Turns the name of a member into a path with `/`, empty for the archive itself.
///
/// A name with no `/` but backslashes was written on Windows. Bytes that are not UTF-8 are replaced.
pub(super) fn path(name: &[u8]) -> Result<String, Refused> {
    if name.len() > LONGEST {
        return Err(Refused::TooLong);
    }
    let name = String::from_utf8_lossy(name);
    let name = if name.contains('/') {
        name.into_owned()
    } else {
        name.replace('\\', "/")
    };
    let has_drive = matches!(name.as_bytes(), [letter, b':', ..] if letter.is_ascii_alphabetic());
    if name.starts_with('/') || has_drive {
        return Err(Refused::Outside);
    }
    let mut parts = Vec::new();
    for part in name.split('/') {
        match part {
            "" | "." => {}
            ".." => return Err(Refused::Outside),
            part => parts.push(part),
        }
    }
    if parts.len() > DEEPEST {
        return Err(Refused::TooLong);
    }
    Ok(parts.join("/"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_become_paths_inside_the_archive() {
        let of = |name: &[u8]| path(name).unwrap();
        assert_eq!(of(b"a/b.php"), "a/b.php");
        assert_eq!(of(b"./a//./b.php"), "a/b.php");
        assert_eq!(of(b"a/"), "a");
        assert_eq!(of(b"a\\b.php"), "a/b.php");
        assert_eq!(of(b"a/b\\c.php"), "a/b\\c.php");
        assert_eq!(of(b"caf\xe9.php"), "caf\u{fffd}.php");
        assert_eq!(of(b"./"), "");
    }

    #[test]
    fn names_that_lead_out_are_refused() {
        for name in [
            &b"/etc/passwd"[..],
            b"../a.php",
            b"a/../../b.php",
            b"a/../b.php",
            b"..\\a.php",
            b"C:\\a.php",
            b"c:/a.php",
            b"\\\\host\\a.php",
        ] {
            assert_eq!(path(name), Err(Refused::Outside), "{name:?}");
        }
        assert_eq!(path(&[b'a'; 2000]), Err(Refused::TooLong));
        assert_eq!(path("a/".repeat(100).as_bytes()), Err(Refused::TooLong));
    }
}
