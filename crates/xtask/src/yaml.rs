//! Writes YAML the way a person would: plain where possible, quoted where needed.

use std::fmt::Write as _;

/// Writes a value of a block mapping.
pub(crate) fn block(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphanumeric())
        && !text.contains(": ")
        && !text.contains(" #")
        && !text.ends_with([':', ' '])
        && !is_word_of_yaml(text)
        && text.chars().all(|c| !c.is_control());
    quoted_unless(plain, text)
}

/// Writes a value inside braces or brackets.
pub(crate) fn flow(text: &str) -> String {
    let plain = text.starts_with(|c: char| c.is_ascii_alphanumeric() || c == '_')
        && !text.ends_with(' ')
        && !is_word_of_yaml(text)
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || " _-./\\<>()".contains(c));
    quoted_unless(plain, text)
}

/// Writes a list inside brackets.
pub(crate) fn flow_list<'t>(values: impl IntoIterator<Item = &'t str>) -> String {
    let values: Vec<String> = values.into_iter().map(flow).collect();
    format!("[{}]", values.join(", "))
}

/// A mapping on one line, without the keys whose value is empty.
pub(crate) fn flow_map(pairs: &[(&str, &str)]) -> String {
    let pairs: Vec<String> = pairs
        .iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(key, value)| format!("{key}: {}", flow(value)))
        .collect();
    format!("{{ {} }}", pairs.join(", "))
}

/// A mapping as an item of a list, a line for each key whose value is not empty.
pub(crate) fn item(out: &mut String, pairs: &[(&str, String)]) {
    let mut lead = "- ";
    for (key, value) in pairs.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "{lead}{key}: {value}");
        lead = "  ";
    }
}

/// Writes a value of a block mapping, or nothing for an empty text.
pub(crate) fn block_or_empty(text: &str) -> String {
    if text.is_empty() {
        String::new()
    } else {
        block(text)
    }
}

fn quoted_unless(plain: bool, text: &str) -> String {
    if plain {
        text.to_owned()
    } else if text.contains(['"', '\\']) {
        format!("'{}'", text.replace('\'', "''"))
    } else {
        format!("\"{text}\"")
    }
}

/// Words that some YAML readers take for something else than text.
fn is_word_of_yaml(text: &str) -> bool {
    let words = ["true", "false", "yes", "no", "on", "off", "null", "y", "n"];
    words.iter().any(|word| text.eq_ignore_ascii_case(word))
}
