//! Names in source text, found without parsing: what PHP files declare and mention, words in bytes.

use std::{
    collections::{BTreeMap, BTreeSet},
    ops::Range,
};

use aho_corasick::{AhoCorasick, Input};
use memchr::memmem;
use model::facts::FileFacts;

use crate::words::is_word_byte;

/// What PHP files mention that may be declared elsewhere.
#[derive(Debug, Default)]
pub(crate) struct Mentioned {
    /// Last parts of names of classes and functions, and the namespaces in which each may be declared.
    pub(crate) names: BTreeMap<String, BTreeSet<String>>,
}

/// What tells the meaning of the names in a PHP file.
#[derive(Debug, Default)]
pub(crate) struct Meaning<'a> {
    /// The namespaces that it declares things in.
    namespaces: BTreeSet<&'a str>,
    /// What it imports, by the names that it uses for it.
    imports: BTreeMap<&'a str, &'a str>,
}

impl<'a> Meaning<'a> {
    /// Takes it from what is known of the file.
    pub(crate) fn of(facts: &'a FileFacts) -> Self {
        let classes = facts.classes.iter();
        let namespaces = classes.filter_map(|class| Some(class.name.rsplit_once('\\')?.0));
        let first = Some(&*facts.namespace).filter(|first| !first.is_empty());
        let imports = facts.imports.iter();
        Self {
            namespaces: namespaces.chain(first).collect(),
            imports: imports
                .map(|import| (&*import.local, &*import.module))
                .collect(),
        }
    }

    /// Returns the full name of what begins with something that the file imports.
    pub(crate) fn imported(&self, name: &str) -> Option<String> {
        let (first, rest) = name.split_at(name.find('\\').unwrap_or(name.len()));
        let imported = self.imports.get(first)?;
        Some(format!("{imported}{rest}"))
    }

    /// Lists the full names that a name has that means something of the same namespace.
    pub(crate) fn beside(&self, name: &str) -> impl Iterator<Item = String> {
        let is_relative = !name.starts_with('\\');
        let namespaces = self.namespaces.iter().filter(move |_| is_relative);
        namespaces.map(move |namespace| format!("{namespace}\\{name}"))
    }
}

impl Mentioned {
    /// Adds what stands in a text at places where classes and functions do.
    pub(crate) fn add_text(&mut self, text: &str, meaning: &Meaning<'_>) {
        let bytes = text.as_bytes();
        let mut end = 0;
        let is_of_name = |byte: &u8| is_full_name_byte(*byte);
        while let Some(at) = bytes[end..].iter().position(is_of_name) {
            let start = end + at;
            let length = bytes[start..].iter().position(|byte| !is_of_name(byte));
            end = length.map_or(bytes.len(), |length| start + length);
            let name = &text[start..end];
            let is_number = name.starts_with(|c: char| c.is_ascii_digit());
            if name.contains('\\') || (!is_number && is_use(bytes, start, end)) {
                let is_quoted = text[..start].ends_with(['\'', '"']);
                self.add_written(name, is_quoted, meaning);
            }
        }
    }

    /// Adds a name as it is written, with all that it can mean.
    fn add_written(&mut self, written: &str, is_quoted: bool, meaning: &Meaning<'_>) {
        // In texts, separators may be written twice, and the one in front is left out.
        let name = written.replace("\\\\", "\\");
        self.add_name(&name);
        let is_global = name.starts_with('\\');
        if let Some(imported) = meaning.imported(&name) {
            self.add_name(&imported);
        }
        // `__NAMESPACE__ . '\Card'` is no global name.
        if !is_global || is_quoted {
            let name = name.trim_start_matches('\\');
            for namespace in &meaning.namespaces {
                self.add_name(&format!("{namespace}\\{name}"));
            }
        }
    }

    /// Adds a full name.
    pub(crate) fn add_name(&mut self, name: &str) {
        let name = name.trim_matches('\\');
        let (namespace, last) = name.rsplit_once('\\').unwrap_or(("", name));
        let namespaces = self.names.entry(last.to_owned()).or_default();
        namespaces.insert(namespace.to_owned());
    }

    /// Tells whether nothing is mentioned.
    pub(crate) fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Tells whether a PHP file declares something that is mentioned.
    pub(crate) fn is_declared_in(&self, bytes: &[u8]) -> bool {
        let namespace = namespace(bytes).unwrap_or_default();
        lines(bytes).filter_map(declared_name).any(|name| {
            let namespaces = self.names.get(name);
            namespaces.is_some_and(|namespaces| namespaces.contains(namespace))
        })
    }
}

/// What stands between the parts of a PHP name.
const SEPARATOR: u8 = b'\\';

/// Tells whether a byte can be one of a part of a PHP name; of what is not ASCII, PHP takes all.
fn is_name_byte(byte: u8) -> bool {
    is_word_byte(byte) || !byte.is_ascii()
}

/// Tells whether a byte can be one of a PHP name with its namespace.
fn is_full_name_byte(byte: u8) -> bool {
    is_name_byte(byte) || byte == SEPARATOR
}

/// Words behind which a class is named.
const BEFORE_CLASS: [&[u8]; 7] = [
    b"catch",
    b"extends",
    b"implements",
    b"instanceof",
    b"insteadof",
    b"new",
    b"use",
];
/// Words behind which several classes are listed.
const BEFORE_CLASSES: [&[u8]; 3] = [b"extends", b"implements", b"use"];

/// Tags of comments behind which stands where the file belongs.
const PLACE_TAGS: [&[u8]; 2] = [b"package", b"subpackage"];

/// Tells whether a name of a PHP file stands where code names a class, or a function that it calls, and not
/// in what is written for people.
pub(crate) fn is_use(bytes: &[u8], start: usize, end: usize) -> bool {
    let (before, after) = (&bytes[..start], &bytes[end..]);
    let (previous, next) = (before.trim_ascii_end(), after.trim_ascii_start());
    if before.ends_with(b"$") || before.ends_with(b"-") || previous.ends_with(b"->") {
        return false;
    }
    let word = last_word(previous);
    let is_declared_or_member = previous.ends_with(b"::") || word == b"function";
    if next.starts_with(b"(") && !is_declared_or_member {
        return true;
    }
    let is_type = (after.len() > next.len() && next.starts_with(b"$"))
        || next.starts_with(b"&")
        || next.starts_with(b"|")
        || next.starts_with(b"...")
        || before.ends_with(b"?")
        || before.ends_with(b"&")
        || previous.ends_with(b"|")
        || previous
            .strip_suffix(b":")
            .is_some_and(|head| head.trim_ascii_end().ends_with(b")"));
    let opened = previous.strip_suffix(b"(").unwrap_or(previous);
    next.starts_with(b"::")
        || is_type
        || BEFORE_CLASS.contains(&last_word(opened.trim_ascii_end()))
        || (is_tag(previous, word) && !PLACE_TAGS.contains(&word))
        || (previous.ends_with(b",") || previous.ends_with(b"{")) && is_listed(previous)
}

/// Returns the word that a text ends with.
fn last_word(text: &[u8]) -> &[u8] {
    let start = text.iter().rposition(|byte| !is_name_byte(*byte));
    &text[start.map_or(0, |at| at + 1)..]
}

/// Tells whether a text ends with a word that says in a comment what is of the type behind it.
fn is_tag(text: &[u8], word: &[u8]) -> bool {
    !word.is_empty() && text[..text.len() - word.len()].ends_with(b"@")
}

/// Tells whether what stands behind a text says only where the file belongs.
pub(crate) fn is_place(before: &[u8]) -> bool {
    let previous = before.trim_ascii_end();
    let word = last_word(previous);
    word == b"namespace" || (is_tag(previous, word) && PLACE_TAGS.contains(&word))
}

/// How far a list of classes is looked for in front of a name, in bytes.
const LIST: usize = 256;

/// Tells whether a text ends within a list of classes.
fn is_listed(text: &[u8]) -> bool {
    let text = &text[text.len().saturating_sub(LIST)..];
    let mut words = BEFORE_CLASSES.iter();
    if words.all(|word| memmem::find(text, word).is_none()) {
        return false;
    }
    let is_of_list =
        |byte: &u8| is_name_byte(*byte) || byte.is_ascii_whitespace() || b"\\,{".contains(byte);
    let start = text.iter().rposition(|byte| !is_of_list(byte));
    let mut words = text[start.map_or(0, |at| at + 1)..].split(|byte| !is_name_byte(*byte));
    words.any(|word| BEFORE_CLASSES.contains(&word))
}

/// Tells whether a text in quotes that begins with a name, and goes on with `after`, is nothing but what PHP
/// would call: the class, the function, or a method of the class.
fn is_whole_text(after: &[u8]) -> bool {
    [&b"'"[..], b"\"", b"::", b"@", b"("]
        .iter()
        .any(|end| after.starts_with(end))
}

/// What the lines begin with that declare something or a namespace: `abstract`, `class`, `enum`, `final`, `function`,
/// `interface`, `namespace`, `readonly`, `trait`, `<?php`.
const BEGIN: &[u8] = b"acefinrt<";

/// Lists the lines that may declare something.
fn lines(bytes: &[u8]) -> impl Iterator<Item = &str> {
    bytes
        .split(|byte| *byte == b'\n')
        .filter(|line| {
            line.trim_ascii_start()
                .first()
                .is_some_and(|first| BEGIN.contains(first))
        })
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
        "class" | "trait" | "interface" | "enum" => words.next()?,
        "function" if is_at_margin => words.next()?,
        _ => return None,
    };
    let end = name.bytes().position(|byte| !is_name_byte(byte));
    let end = end.unwrap_or(name.len());
    (end > 0).then(|| &name[..end])
}

/// Returns the part of a class or function name behind its namespace.
pub(crate) fn last_part(name: &str) -> &str {
    name.rsplit(['\\', '.']).next().unwrap_or(name)
}

/// Finds which of the names stand in a part of `bytes` as whole words, and where.
pub(crate) fn words_in(
    search: &AhoCorasick,
    bytes: &[u8],
    part: Range<usize>,
) -> BTreeMap<usize, Vec<usize>> {
    let mut words = BTreeMap::<usize, Vec<usize>>::new();
    for hit in search.find_overlapping_iter(Input::new(bytes).range(part)) {
        if is_word(bytes, hit.start(), hit.end()) {
            let places = words.entry(hit.pattern().as_usize()).or_default();
            places.push(hit.start());
        }
    }
    words
}

/// Finds where `word` stands in `bytes` as a whole word.
pub(crate) fn places(bytes: &[u8], word: &str) -> impl Iterator<Item = usize> {
    let found = memmem::find_iter(bytes, word);
    found.filter(move |at| !word.is_empty() && is_word(bytes, *at, at + word.len()))
}

/// Tells whether `word` stands in `bytes` as a whole word.
pub(crate) fn has_word(bytes: &[u8], word: &str) -> bool {
    places(bytes, word).next().is_some()
}

/// How a PHP file writes a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Written<'a> {
    /// It is a part of a namespace.
    Part,
    /// As what it means in no namespace.
    Global,
    /// As a text, with nothing but a separator in front.
    Quoted,
    /// Alone, where a class or function is named.
    Bare,
    /// Where nothing is named: in a comment, or in a text for people.
    Prose,
    /// With a namespace, of which this is the last part.
    Qualified(&'a str),
}

/// Says how the word of a PHP file at `start..end` is written.
pub(crate) fn written(bytes: &[u8], start: usize, end: usize) -> Written<'_> {
    if bytes.get(end) == Some(&SEPARATOR) {
        return Written::Part;
    }
    let before = bytes.get(..start).unwrap_or_default();
    // In texts, a separator may be written twice.
    let stop = before.iter().rposition(|byte| *byte != SEPARATOR);
    let stop = stop.map_or(0, |at| at + 1);
    if matches!(before[..stop].last(), Some(b'\'' | b'"')) {
        let is_whole = is_whole_text(bytes.get(end..).unwrap_or_default());
        return if is_whole {
            Written::Quoted
        } else {
            Written::Prose
        };
    }
    if stop == start {
        let is_use = is_use(bytes, start, end);
        return if is_use {
            Written::Bare
        } else {
            Written::Prose
        };
    }
    if is_place(before_full_name(before)) {
        return Written::Part;
    }
    match std::str::from_utf8(last_word(&before[..stop])) {
        Err(_) | Ok("") => Written::Global,
        Ok(around) => Written::Qualified(around),
    }
}

/// Returns what stands in front of the name that a text ends with, or of what there is of it.
fn before_full_name(text: &[u8]) -> &[u8] {
    let end = text.iter().rposition(|byte| !is_full_name_byte(*byte));
    &text[..end.map_or(0, |at| at + 1)]
}

/// Returns where the name is, with its namespace, that a text has at `at`.
pub(crate) fn full_name(text: &[u8], at: usize) -> Range<usize> {
    let rest = text[at..].iter().position(|byte| !is_full_name_byte(*byte));
    before_full_name(&text[..at]).len()..rest.map_or(text.len(), |length| at + length)
}

/// Lists the names that a PHP file gives to what it imports.
pub(crate) fn aliases(bytes: &[u8]) -> BTreeSet<&[u8]> {
    let behind = memmem::find_iter(bytes, b" as ").map(|at| bytes[at + 4..].trim_ascii_start());
    behind.map(first_word).collect()
}

/// Returns the word that a text begins with.
fn first_word(text: &[u8]) -> &[u8] {
    let length = text.iter().position(|byte| !is_name_byte(*byte));
    &text[..length.unwrap_or(text.len())]
}

/// Tells whether a PHP file imports something under its own name.
pub(crate) fn imports(bytes: &[u8], full: &str) -> bool {
    memmem::find_iter(bytes, full).any(|at| {
        let before = before_full_name(&bytes[..at]).trim_ascii_end();
        let after = bytes[at + full.len()..].trim_ascii_start();
        last_word(before) == b"use" && after.starts_with(b";")
    })
}

/// Tells whether a PHP file says that it is, or that a part of it is, in a namespace.
pub(crate) fn declares_namespace(bytes: &[u8], namespace: &str) -> bool {
    let said = format!("namespace {namespace}");
    memmem::find_iter(bytes, &said).any(|at| {
        let next = bytes.get(at + said.len()).copied().unwrap_or(b';');
        !is_name_byte(next) && next != SEPARATOR
    })
}

fn is_word(bytes: &[u8], start: usize, end: usize) -> bool {
    let goes_on = |byte: Option<&u8>| byte.is_some_and(|byte| is_word_byte(*byte));
    let before = start.checked_sub(1).and_then(|at| bytes.get(at));
    !goes_on(before) && !goes_on(bytes.get(end))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn mentioned(text: &str, meaning: &Meaning<'_>) -> Mentioned {
        let mut mentioned = Mentioned::default();
        mentioned.add_text(text, meaning);
        mentioned
    }

    #[test]
    fn only_places_of_classes_and_functions_count() {
        let code = "use Acme\\Http\\Client; function own(Order $order): Reply { \
                    $this->method(); $x = new Thing(); Tool::run(); send($y); // about Words\n }";
        let found = mentioned(code, &Meaning::default());
        let names: Vec<&String> = found.names.keys().collect();
        assert_eq!(names, ["Client", "Order", "Reply", "Thing", "Tool", "send"]);
    }

    #[test]
    fn a_declaration_counts_where_its_whole_name_is_mentioned() {
        let meaning = Meaning {
            namespaces: BTreeSet::from(["Acme\\Pay"]),
            imports: BTreeMap::from([("Client", "Acme\\Http\\Client"), ("Db", "Acme\\Data")]),
        };
        let code = r#"new Client(); send($x); Db\Row::all(); new \Top(); $c = "Acme\\Jobs\\Job";
                      $d = __NAMESPACE__ . '\Card';"#;
        let mentioned = mentioned(code, &meaning);
        let is_declared = |code: &str| mentioned.is_declared_in(code.as_bytes());
        for code in [
            "<?php\nnamespace Acme\\Http;\nfinal class Client {",
            "<?php\nnamespace Acme\\Pay;\nclass Client{",
            "<?php\nclass Client{",
            "<?php namespace Acme\\Pay;\nfunction send($x) {",
            "<?php\nfunction send($x) {",
            "<?php\nnamespace Acme\\Data {\n  class Row {",
            "<?php\nclass Top {",
            "<?php\nnamespace Acme\\Jobs;\nclass Job {",
            "<?php\nnamespace Acme\\Pay;\nclass Card {",
            "<?php\nnamespace Acme\\Jobs;\n  final readonly class Job {",
            "<?php\nnamespace Acme\\Jobs;\nenum Job: string {",
        ] {
            assert!(is_declared(code), "{code}");
        }
        for code in [
            "<?php namespace Other;\nclass Client {",
            "<?php namespace Acme;\nclass Client {",
            "<?php namespace Acme\\Pay;\nclass Top {",
            "<?php\n// a class Client\n",
            "<?php\nclass A {\n  function Client() {}",
        ] {
            assert!(!is_declared(code), "{code}");
        }
    }

    #[test]
    fn a_name_is_alone_qualified_global_in_quotes_or_a_part() {
        let written = |text: &str| {
            let start = text.find("Card").unwrap();
            format!("{:?}", written(text.as_bytes(), start, start + 4))
        };
        assert_eq!(written("new Card"), "Bare");
        assert_eq!(written("use Acme\\{Card, Purse}"), "Bare");
        assert_eq!(written("'Card'"), "Quoted");
        assert_eq!(written(r"__NAMESPACE__ . '\Card'"), "Quoted");
        assert_eq!(written(r"use Acme\Pay\Card;"), "Qualified(\"Pay\")");
        assert_eq!(written(r"'Acme\\Pay\\Card'"), "Qualified(\"Pay\")");
        assert_eq!(written("new Café\\Card"), "Qualified(\"Café\")");
        assert_eq!(written(r"new \Card"), "Global");
        assert_eq!(written(r"use Acme\Card\Number;"), "Part");
        assert_eq!(written(r"namespace Acme\Card;"), "Part");
        assert_eq!(written(r" * @package Acme\Card"), "Part");
        assert_eq!(written(r" * @return Acme\Card"), "Qualified(\"Acme\")");
    }

    #[test]
    fn a_name_is_used_where_code_names_it_and_not_in_prose() {
        let is_used = |text: &str| {
            let start = text.find("Card").unwrap();
            let written = written(text.as_bytes(), start, start + 4);
            !matches!(written, Written::Prose | Written::Part)
        };
        for code in [
            "$x = Card($y);",
            "return $a ?Card::of($b) : null;",
            "=>Card::all()",
            "Card :: all()",
            "function pay(Card $card)",
            "function pay( ?Card $card )",
            "function pay(Purse|Card $from)",
            "function pay(Card &$from)",
            "function pay(Card ...$all)",
            "function of(int $id): Card {",
            "function of() : ?Card;",
            "catch (Card $error)",
            "catch ( Card ) {",
            "class Gold extends Card {",
            "class Gold implements Metal, Card {",
            "class Gold { use Shiny, Card; }",
            "use Acme\\{Purse, Card};",
            "$x instanceof Card",
            "/** @var Card */",
            " * @param Card|null $card",
            "['Card', 'all']",
            "'Card::all'",
            "\"Card@all\"",
        ] {
            assert!(is_used(code), "{code}");
        }
        for prose in [
            "// Card holders are asked first.",
            "__( 'Card number' )",
            "__( \"Pay by Card, please\" )",
            "<h4>Card</h4>",
            "/* phpcs:disable Card.Names */",
            " * @package Card",
            "$Card->all()",
            "$this->Card( 1 )",
            "$this\n  ->Card( 1 )",
            "const Card = 1;",
        ] {
            assert!(!is_used(prose), "{prose}");
        }
    }

    #[test]
    fn a_namespace_is_declared_by_its_whole_name() {
        let declares = |text: &str| declares_namespace(text.as_bytes(), "Acme\\Pay");
        assert!(declares("<?php namespace Acme\\Pay;") && declares("namespace Acme\\Pay {"));
        assert!(!declares("namespace Acme\\Payments;") && !declares("namespace Acme\\Pay\\Jobs;"));
    }

    #[test]
    fn names_count_as_whole_words_only() {
        let search = AhoCorasick::new(["Gateway"]).unwrap();
        let words = |text: &[u8], from| words_in(&search, text, from..text.len()).len();
        assert_eq!(words(b"new Gateway()", 0), 1);
        assert_eq!(words(b"new Gateway()", 5), 0);
        assert_eq!(words(b"new AcmeGateway()", 0), 0);
        assert!(has_word(b"a = db.x", "db") && !has_word(b"adb", "db"));
    }
}
