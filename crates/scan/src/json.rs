//! JSON as people write it in configuration files: with comments and trailing commas.

use serde_json::Value;

/// Reads JSON; `None` where it cannot be understood.
pub(crate) fn parse(text: &str) -> Option<Value> {
    let strict = serde_json::from_str(text).ok();
    strict.or_else(|| serde_json::from_str(&without_trailing_commas(&without_comments(text))).ok())
}

/// Returns the text at a path of keys.
pub(crate) fn text<'a>(value: &'a Value, keys: &[&str]) -> Option<&'a str> {
    keys.iter()
        .try_fold(value, |value, key| value.get(key))?
        .as_str()
}

fn without_comments(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', '/']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let length = if rest.starts_with('"') {
            let length = string_length(rest);
            out.push_str(&rest[..length]);
            length
        } else if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            rest.find("*/").map_or(rest.len(), |end| end + 2)
        } else {
            out.push('/');
            1
        };
        rest = &rest[length..];
    }
    out + rest
}

/// Returns the length of the string that `text` begins with, quotes included.
fn string_length(text: &str) -> usize {
    let mut escaped = false;
    for (at, byte) in text.bytes().enumerate().skip(1) {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

fn without_trailing_commas(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(['"', ',']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if rest.starts_with('"') {
            let length = string_length(rest);
            out.push_str(&rest[..length]);
            rest = &rest[length..];
        } else {
            rest = &rest[1..];
            if !rest.trim_start().starts_with(['}', ']']) {
                out.push(',');
            }
        }
    }
    out + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn comments_and_trailing_commas_are_tolerated() {
        let value =
            parse("{ // a\n \"x\": \"//no, /*no*/\\\"\", /* b */ \"y\": [1, 2,], }").unwrap();
        assert_eq!(text(&value, &["x"]), Some("//no, /*no*/\""));
        assert_eq!(value["y"][1], 2);
        assert_eq!(parse("{ \"x\": "), None);
        assert_eq!(parse("{ \"x"), None);
    }
}
