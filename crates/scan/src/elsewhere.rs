//! Looks for names in the files of a unit that were not read for calls.
//!
//! Asked only where some code seems to have no caller: a configuration file may name it, or code
//! that speaks of nothing else that leads to Stripe.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use model::Name;
use rayon::prelude::*;

use crate::{
    listing::Found,
    words::{Sought, is_word_byte},
};

/// Extensions of files that name classes and functions without being code in a language we read.
const EXTENSIONS: [&str; 17] = [
    "yml", "yaml", "xml", "json", "neon", "toml", "ini", "cfg", "twig", "latte", "tpl", "html",
    "htm", "module", "install", "inc", "theme",
];

/// Tells whether a file of this name may name code.
pub(crate) fn may_name_code(name: &str) -> bool {
    name.rsplit_once('.')
        .is_some_and(|(_, extension)| EXTENSIONS.contains(&extension))
}

/// Returns which of `names` are used in `files`.
pub(crate) fn names_used(
    names: &BTreeSet<Name>,
    files: &[Found],
    bytes: impl Fn(&Found) -> Vec<u8> + Sync,
) -> BTreeSet<Name> {
    let names: Vec<&Name> = names.iter().collect();
    let sought: Vec<Sought> = names.iter().map(|name| Sought::new(name)).collect();
    let may_hold = |file: &&Found| {
        let words = file.words.as_ref();
        words.is_none_or(|words| sought.iter().any(|name| words.may_hold(name)))
    };
    let Ok(search) = AhoCorasick::new(names.iter().map(|name| name.as_bytes())) else {
        // Too many names to search for: then each of them may be used.
        return names.into_iter().cloned().collect();
    };
    let found: BTreeSet<usize> = files
        .par_iter()
        .filter(may_hold)
        .flat_map_iter(|file| {
            let bytes = bytes(file);
            let hits: BTreeSet<usize> = search
                .find_overlapping_iter(&bytes)
                .filter(|hit| is_use(&bytes, hit.start(), hit.end()))
                .map(|hit| hit.pattern().as_usize())
                .collect();
            hits
        })
        .collect();
    found
        .into_iter()
        .filter_map(|index| names.get(index).map(|name| (*name).clone()))
        .collect()
}

/// Tells whether a name stands where code is named: called, quoted, behind a dot or colon, or as a
/// class.
fn is_use(bytes: &[u8], start: usize, end: usize) -> bool {
    if bytes[start..end].ends_with(b"\\") {
        return is_start_of_name(bytes, start, end);
    }
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    let after = bytes.get(end).copied();
    let is_name = |byte: Option<u8>| {
        byte.is_some_and(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$'))
    };
    if is_name(before) || is_name(after) || is_declaration(&bytes[..start]) {
        return false;
    }
    let is_reached = matches!(
        before,
        Some(b'.' | b':' | b'>' | b'@' | b'#' | b'\\' | b'/')
    );
    let is_quoted = matches!(before, Some(b'"' | b'\'')) || matches!(after, Some(b'"' | b'\''));
    let is_called = matches!(after, Some(b'(' | b':' | b'.'));
    let is_class = bytes.get(start).is_some_and(u8::is_ascii_uppercase);
    is_reached || is_quoted || is_called || is_class
}

/// Tells whether the end of a namespace stands where the name of a class is put together: in quotes,
/// or before what is filled in, and not as the key of a table that says where classes are.
fn is_start_of_name(bytes: &[u8], start: usize, end: usize) -> bool {
    let before = start.checked_sub(1).and_then(|at| bytes.get(at)).copied();
    if before.is_some_and(is_word_byte) {
        return false;
    }
    let after = &bytes[end..];
    let n_slashes = after.iter().take_while(|byte| **byte == b'\\').count();
    match &after[n_slashes..] {
        [b'"' | b'\'', rest @ ..] => {
            let rest = rest.trim_ascii_start();
            !rest.starts_with(b":") && !rest.starts_with(b"=>")
        }
        [b'{' | b'$' | b'%', ..] => true,
        _ => false,
    }
}

fn is_declaration(before: &[u8]) -> bool {
    let before = before.trim_ascii_end();
    [&b"function"[..], b"def", b"class", b"trait"]
        .iter()
        .any(|word| before.ends_with(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_used(name: &str, text: &str) -> bool {
        let at = text.find(name).unwrap();
        is_use(text.as_bytes(), at, at + name.len())
    }

    #[test]
    fn names_count_where_code_is_named() {
        for text in [
            "$x->refund_it()",
            "'refund_it'",
            "a: b.refund_it",
            "X::refund_it",
            "refund_it($y)",
        ] {
            assert!(is_used("refund_it", text), "{text}");
        }
        assert!(is_used("AcmeClient", "new AcmeClient"));
    }

    #[test]
    fn namespaces_count_where_names_of_classes_are_put_together() {
        let used = [
            r"'Acme\Pay\' . $name",
            r#""Acme\\Pay\\$name""#,
            r#"["Acme\\Pay\\"]"#,
        ];
        for text in used {
            assert!(is_used(r"Pay\", text), "{text}");
        }
        let others = [
            r#"{"Acme\\Pay\\": "src/"}"#,
            r"'Acme\Pay\' => __DIR__",
            r"use Acme\Pay\Card;",
            r"'Acme\RePay\' . $name",
        ];
        for text in others {
            assert!(!is_used(r"Pay\", text), "{text}");
        }
    }

    #[test]
    fn words_and_declarations_do_not() {
        for text in [
            "we refund_it soon",
            "function refund_it()",
            "def refund_it(self)",
            "xrefund_it()",
        ] {
            assert!(!is_used("refund_it", text), "{text}");
        }
    }
}
