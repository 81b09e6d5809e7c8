//! Bytes become text: byte order marks, encodings, binaries, and text that no person wrote.

use memchr::{memchr, memchr_iter};
use model::manifest::SkipReason;

/// How far a file is searched for bytes that no text has.
const HEAD: usize = 8 << 10;

/// What bytes turned out to be.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Decoded {
    /// Text.
    Text(String),
    /// Text in which some bytes had to be replaced.
    Repaired(String),
    /// No text.
    Binary,
}

/// Reads `bytes` as UTF-8, or as the encoding that their byte order mark names.
pub(crate) fn decode(bytes: &[u8]) -> Decoded {
    match bytes {
        [0xEF, 0xBB, 0xBF, rest @ ..] => utf8(rest),
        [0xFF, 0xFE, rest @ ..] => utf16(rest, u16::from_le_bytes),
        [0xFE, 0xFF, rest @ ..] => utf16(rest, u16::from_be_bytes),
        _ if is_binary(bytes) => Decoded::Binary,
        _ => utf8(bytes),
    }
}

fn utf8(bytes: &[u8]) -> Decoded {
    match std::str::from_utf8(bytes) {
        Ok(text) => Decoded::Text(text.to_owned()),
        Err(_) => Decoded::Repaired(String::from_utf8_lossy(bytes).into_owned()),
    }
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Decoded {
    let pairs = bytes.chunks_exact(2);
    let is_odd = !pairs.remainder().is_empty();
    let units: Vec<u16> = pairs.map(|pair| unit([pair[0], pair[1]])).collect();
    match String::from_utf16(&units) {
        Ok(text) if !is_odd => Decoded::Text(text),
        Ok(text) => Decoded::Repaired(text),
        Err(_) => Decoded::Repaired(String::from_utf16_lossy(&units)),
    }
}

/// Tells whether there are bytes that no text has.
pub(crate) fn is_binary(bytes: &[u8]) -> bool {
    memchr(0, &bytes[..bytes.len().min(HEAD)]).is_some()
}

/// Tells whether the bytes must be decoded before they can be searched.
pub(crate) fn is_wide(bytes: &[u8]) -> bool {
    matches!(bytes, [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..])
}

/// First lines in which a tool says that it wrote the file.
const BANNER: usize = 2 << 10;
/// What bundlers leave at the head of what they write.
const BUNDLER_MARKS: [&[u8]; 6] = [
    b"/******/ (",
    b"webpackBootstrap",
    b"webpackJsonp",
    b"webpackUniversalModuleDefinition",
    b"__webpack_modules__",
    b"parcelRequire",
];
/// A line longer than this is no handwriting.
const LONG_LINE: usize = 5_000;
/// Average above which a script counts as minified.
const LONG_AVERAGE: usize = 400;
/// A line longer than this is rare in handwriting, and not a third of a long script.
const UNUSUAL_LINE: usize = 500;
/// Scripts longer than this are looked at for unusual lines.
const LONG_SCRIPT: usize = 50_000;
/// Scripts shorter than this are never called minified.
const SHORT_SCRIPT: usize = 2_000;

/// Says why a script is not worth reading, if it is not: a tool made it.
pub(crate) fn made_by_tool(bytes: &[u8]) -> Option<SkipReason> {
    let banner = &bytes[..bytes.len().min(BANNER)];
    let has = |mark: &[u8]| memchr::memmem::find(banner, mark).is_some();
    if BUNDLER_MARKS.into_iter().any(has) || has_generated_mark(banner) {
        return Some(SkipReason::Generated);
    }
    is_minified(bytes).then_some(SkipReason::Minified)
}

/// Tells whether a comment says `@generated`.
pub(crate) fn has_generated_mark(bytes: &[u8]) -> bool {
    let banner = &bytes[..bytes.len().min(BANNER)];
    memchr::memmem::find_iter(banner, b"@generated").any(|at| {
        let next = banner.get(at + b"@generated".len());
        next.is_none_or(u8::is_ascii_whitespace)
    })
}

fn is_minified(bytes: &[u8]) -> bool {
    let code = without_source_map(bytes);
    if code.len() < SHORT_SCRIPT {
        return false;
    }
    let (mut n_lines, mut in_long, mut in_unusual, mut start) = (1, 0, 0, 0);
    for end in memchr_iter(b'\n', code).chain([code.len()]) {
        let length = end - start;
        if length > LONG_LINE {
            in_long += length;
        }
        if length > UNUSUAL_LINE {
            in_unusual += length;
        }
        n_lines += 1;
        start = end + 1;
    }
    let is_large = code.len() > LONG_SCRIPT;
    in_long * 2 > code.len()
        || code.len() / n_lines > LONG_AVERAGE
        || (is_large && (in_unusual * 10 > code.len() * 3 || in_long * 5 > code.len()))
}

/// Cuts off a source map that is written into the file itself.
fn without_source_map(bytes: &[u8]) -> &[u8] {
    // Forwards is faster than backwards.
    match memchr::memmem::find_iter(bytes, b"# sourceMappingURL=data:").last() {
        Some(at) => &bytes[..at],
        None => bytes,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn byte_order_marks_name_the_encoding() {
        assert_eq!(decode(b"\xEF\xBB\xBFa"), Decoded::Text("a".into()));
        assert_eq!(decode(b"\xFF\xFEa\0"), Decoded::Text("a".into()));
        assert_eq!(decode(b"\xFE\xFF\0a"), Decoded::Text("a".into()));
        assert_eq!(decode(b"\xFF\xFEa\0b"), Decoded::Repaired("a".into()));
        assert_eq!(decode(b"a\0"), Decoded::Binary);
        assert_eq!(decode(b"caf\xE9"), Decoded::Repaired("caf\u{FFFD}".into()));
        assert_eq!(decode(b""), Decoded::Text(String::new()));
    }

    #[test]
    fn scripts_on_one_line_are_minified() {
        let line = "a();".repeat(2_000);
        assert_eq!(made_by_tool(line.as_bytes()), Some(SkipReason::Minified));
        let lines = "call(argument);\n".repeat(500);
        assert_eq!(made_by_tool(lines.as_bytes()), None);
        let mapped = format!(
            "{lines}//# sourceMappingURL=data:application/json;base64,{}",
            "A".repeat(50_000)
        );
        assert_eq!(made_by_tool(mapped.as_bytes()), None);
    }

    #[test]
    fn banners_of_tools_are_known() {
        let bundle = b"/******/ (() => { // webpackBootstrap\n";
        assert_eq!(made_by_tool(bundle), Some(SkipReason::Generated));
        assert!(has_generated_mark(b"// @generated by prisma\n"));
        assert!(!has_generated_mark(b"import x from '@generated/client'"));
    }
}
