//! Names in source text, found without parsing: what PHP files declare and mention, words in bytes.

use std::collections::BTreeSet;

use aho_corasick::AhoCorasick;
use memchr::memmem;

use crate::words::is_word_byte;

/// What a PHP file mentions that may be declared elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Mentioned {
    /// Last parts of names of classes and functions.
    pub(crate) names: BTreeSet<String>,
    /// Namespaces, the whole and each beginning.
    pub(crate) namespaces: BTreeSet<String>,
}

impl Mentioned {
    /// Adds what stands in a text at places where classes and functions do.
    pub(crate) fn add_text(&mut self, text: &str) {
        let mut end = 0;
        while let Some(at) = text[end..].find(is_name_char) {
            let start = end + at;
            let length = text[start..].find(|c| !is_name_char(c));
            end = length.map_or(text.len(), |length| start + length);
            let name = &text[start..end];
            if name.contains('\\') || is_called(&text[..start], name, &text[end..]) {
                self.add_name(name);
            }
        }
    }

    /// Adds a name, qualified or not.
    pub(crate) fn add_name(&mut self, name: &str) {
        let name = name.trim_matches('\\');
        if let Some((namespace, _)) = name.rsplit_once('\\') {
            self.add_namespace(namespace);
        }
        self.names.insert(last_part(name).to_owned());
    }

    /// Adds a namespace and those around it.
    pub(crate) fn add_namespace(&mut self, namespace: &str) {
        let ends = namespace.match_indices('\\').map(|(at, _)| at);
        for end in ends.chain([namespace.len()]) {
            self.namespaces.insert(namespace[..end].to_owned());
        }
    }

    /// Tells whether nothing is mentioned.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Tells whether a PHP file declares something that is mentioned.
    pub(crate) fn is_declared_in(&self, bytes: &[u8]) -> bool {
        let namespace = namespace(bytes).unwrap_or_default();
        (namespace.is_empty() || self.namespaces.contains(namespace))
            && lines(bytes)
                .filter_map(declared_name)
                .any(|name| self.names.contains(name))
    }
}

fn is_name_char(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '\\'
}

/// Words behind which a class is named.
const BEFORE_CLASS: [&str; 6] = ["new", "extends", "implements", "instanceof", "use", "@var"];

/// Tells whether a name between two texts is one of a class, or of a function that is called.
fn is_called(before: &str, name: &str, after: &str) -> bool {
    if name.starts_with(|c: char| c.is_ascii_digit()) || before.ends_with(['$', '>', '-']) {
        return false;
    }
    let previous = before.trim_end();
    let after_spaces = after.trim_start();
    let is_member = previous.ends_with("::") || previous.ends_with("function");
    let is_called = after_spaces.starts_with('(') && !is_member;
    let is_class = after_spaces.starts_with("::")
        || (after.starts_with(' ') && after_spaces.starts_with(['$', '&', '|']))
        || (previous.ends_with(':') && !previous.ends_with("::"))
        || BEFORE_CLASS.iter().any(|word| previous.ends_with(word));
    is_called || is_class
}

fn lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter_map(|line| std::str::from_utf8(line.get(..200).unwrap_or(line)).ok())
}

fn namespace(bytes: &[u8]) -> Option<&str> {
    memmem::find(bytes, b"namespace ")?;
    lines(bytes).find_map(|line| {
        let line = line.trim_start().trim_start_matches("<?php").trim_start();
        let name = line.strip_prefix("namespace ")?;
        Some(name.split([';', '{']).next()?.trim())
    })
}

/// Returns the class that a line declares, or the function if it does so at the left margin.
fn declared_name(line: &str) -> Option<&str> {
    let is_at_margin = !line.starts_with([' ', '\t']);
    let mut words = line
        .split_whitespace()
        .skip_while(|word| ["abstract", "final", "readonly"].contains(word));
    let name = match words.next()? {
        "class" | "trait" | "interface" => words.next()?,
        "function" if is_at_margin => words.next()?,
        _ => return None,
    };
    let end = name.find(|c: char| !is_name_char(c)).unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

/// Returns the part of a class or function name behind its namespace.
pub(crate) fn last_part(name: &str) -> &str {
    name.rsplit(['\\', '.']).next().unwrap_or(name)
}

/// Finds which of the names stand in `bytes` as whole words.
pub(crate) fn words_in(search: &AhoCorasick, bytes: &[u8]) -> BTreeSet<usize> {
    search
        .find_overlapping_iter(bytes)
        .filter(|hit| is_word(bytes, hit.start(), hit.end()))
        .map(|hit| hit.pattern().as_usize())
        .collect()
}

/// Tells whether `word` stands in `bytes` as a whole word.
pub(crate) fn has_word(bytes: &[u8], word: &str) -> bool {
    !word.is_empty() && memmem::find_iter(bytes, word).any(|at| is_word(bytes, at, at + word.len()))
}

fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let goes_on = |byte: Option<&u8>| byte.is_some_and(|byte| is_word_byte(*byte));
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    !goes_on(before) && !goes_on(bytes.get(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned(text: &str) -> Vec<String> {
        let mut mentioned = Mentioned::default();
        mentioned.add_text(text);
        mentioned.names.into_iter().collect()
    }

    #[test]
    fn only_places_of_classes_and_functions_count() {
        let code = "use Acme\\Http\\Client; function own(Order $order): Reply { \
                    $this->method(); $x = new Thing(); Tool::run(); send($y); // about Words\n }";
        let found = mentioned(code);
        assert_eq!(found, ["Client", "Order", "Reply", "Thing", "Tool", "send"]);
    }

    #[test]
    fn a_declaration_counts_in_a_namespace_that_is_mentioned() {
        let mut mentioned = Mentioned::default();
        mentioned.add_text("use Acme\\Http\\Client;");
        let is_declared = |code: &str| mentioned.is_declared_in(code.as_bytes());
        assert!(is_declared(
            "<?php\nnamespace Acme\\Http;\nfinal class Client {"
        ));
        assert!(is_declared("<?php\nclass Client{"));
        assert!(!is_declared("<?php namespace Other;\nclass Client {"));
        assert!(!is_declared("<?php\n// a class Client\n"));
        assert!(!is_declared("<?php\nclass A {\n  function Client() {}"));
    }

    #[test]
    fn names_count_as_whole_words_only() {
        let search = AhoCorasick::new(["Gateway"]).unwrap();
        assert_eq!(words_in(&search, b"new Gateway()").len(), 1);
        assert_eq!(words_in(&search, b"new AcmeGateway()").len(), 0);
        assert!(has_word(b"a = db.x", "db") && !has_word(b"adb", "db"));
    }
}
