//! What becomes of hostile and of broken code.

use model::language::Language;

use super::{js, lower, ts};
use crate::javascript::print;

#[test]
fn deep_nesting_is_bounded() {
    let n = 5_000;
    let sources = [
        format!("x = {}1{};", "(".repeat(n), ")".repeat(n)),
        format!("x = {}1{};", "[".repeat(n), "]".repeat(n)),
        format!("x = {}1{};", "{a:".repeat(n), "}".repeat(n)),
        format!("x = {}1;", "!".repeat(n)),
        format!("x = {}1;", "a => ".repeat(n)),
        format!("x = {}1;", "a ? b : ".repeat(n)),
        format!("x = {}1;", "a = ".repeat(n)),
        format!("x = a{};", ".b()".repeat(n)),
        format!("x = a{};", "[0]".repeat(n)),
        format!("x = a{};", " && b(c)".repeat(n)),
        format!("{}x", "if (a) {} else ".repeat(n)),
        format!("{}x{}", "{".repeat(n), "}".repeat(n)),
        format!("{}x{}", "f(function () {".repeat(n), "})".repeat(n)),
        format!("{}x{}", "class A { m() {".repeat(n), "}}".repeat(n)),
        format!("x = {}{};", "<a>".repeat(n), "</a>".repeat(n)),
        format!("let {}x{} = y;", "[".repeat(n), "]".repeat(n)),
        "((((".repeat(n),
        "`${".repeat(n),
    ];
    for source in &sources {
        for language in [Language::JavaScript, Language::TypeScript, Language::Tsx] {
            let facts = lower(language, source);
            assert_ne!(facts.errors, [], "{}", &source[..20]);
        }
    }
}

#[test]
fn deep_types_become_unknown() {
    let n = 5_000;
    for (open, close) in [("A<", ">"), ("(", ")"), ("{a:", "}"), ("", "[]")] {
        let source = format!("let x: {}T{};", open.repeat(n), close.repeat(n));
        lower(Language::TypeScript, &source);
        let comment = format!("/** @type {{{source}}} */ let x;");
        lower(Language::JavaScript, &comment);
    }
}

#[test]
fn long_chains_are_read() {
    let n = 5_000;
    let sum = js(&format!("x = a{};", " + b()".repeat(n)));
    assert_eq!(sum.matches("b()").count(), n);
    let links = js(&format!("x = a{};", ".then(f)".repeat(100)));
    assert_eq!(links.matches(".then(f)").count(), 100);
    let union = ts(&format!("type T = 'a'{};", " | 'b'".repeat(n)));
    assert_eq!(union.lines().next(), Some("type T = \"a\" | \"b\""));
}

#[test]
fn calls_in_a_chain_that_is_too_long_are_kept() {
    let source = format!("a{}.b(last());", ".b(f())".repeat(1_000));
    let facts = lower(Language::JavaScript, &source);
    assert_eq!(print::facts(&facts).matches("f()").count(), 1_000);
    assert!(print::facts(&facts).contains("last()"));
    assert_eq!(facts.errors.len(), 1);
}

#[test]
fn broken_code_is_read_around_the_break() {
    let facts = lower(
        Language::TypeScript,
        "const a = f(;\nstripe.customers.create({});\nclass A { m() { g( } n() { h(); } }",
    );
    assert_ne!(facts.errors, []);
    let printed = print::facts(&facts);
    assert!(printed.contains("stripe.customers.create("), "{printed}");
    assert!(printed.contains("h()"), "{printed}");
}
