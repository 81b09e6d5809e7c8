use super::{lower, lower_file, print};

#[test]
fn deep_nesting_ends_in_an_error() {
    for (open, inside, close) in [
        ("f(", "1", ")"),
        ("[", "1", "]"),
        ("(", "1", ")"),
        ("!", "1", ""),
        ("fn () => ", "1", ""),
        ("$a = ", "1", ""),
        ("match (1) { 1 => ", "1", "}"),
        ("function () { return ", "1", "; }"),
    ] {
        let code = format!("{}{inside}{};", open.repeat(3000), close.repeat(3000));
        assert!(!lower(&code).errors.is_empty(), "{open}");
    }
    let blocks = format!("{}f();{}", "if ($a) { ".repeat(2000), "}".repeat(2000));
    assert!(!lower(&blocks).errors.is_empty());
    let chain = format!("$a{};", "->b()".repeat(3000));
    assert!(!lower(&chain).errors.is_empty());
    let types = format!("function f({}A $x) {{}}", "(".repeat(3000));
    assert!(!lower(&types).errors.is_empty());
}

#[test]
fn long_rows_are_no_nesting() {
    let text = format!("$x = 'a'{};", " . $b".repeat(5000));
    assert_eq!(lower(&text).errors, []);
    let ways = format!("if ($a) {{}} {}", "elseif ($b) { f(); } ".repeat(1000));
    let facts = lower(&ways);
    assert_eq!(facts.errors, []);
    assert_eq!(print::facts(&facts).matches("f()").count(), 1000);
}

#[test]
fn what_is_told_twice_stays_small() {
    let arms: String = (0..60).fold(String::new(), |arms, n| format!("{arms}{n} => 1, "));
    let wrap = |pattern: &str| {
        let inside = |inside: String, _| pattern.replace('_', &inside).replace("ARMS", &arms);
        (0..40).fold("$x".to_owned(), inside)
    };
    for pattern in [
        "match (_) { 1 => 2, 3 => 4 }",
        "match (f(_)) { 1 => 2, 3 => 4 }",
        "match ($x) { ARMS 60, 61 => _ }",
        "$a[_] .= 1",
        "$a[_]++",
        "define('A', _)",
    ] {
        let told = print::facts(&lower(&format!("{};", wrap(pattern))));
        assert!(told.len() < 200_000, "{pattern}: {}", told.len());
    }
}

#[test]
fn long_rows_of_tests_are_no_nesting() {
    let row = "$x, ".repeat(20_000);
    for code in [
        format!("isset({row} $y);"),
        format!("match ($a) {{ {row} $y => 1 }};"),
    ] {
        assert_eq!(lower(&code).errors, [], "{}", &code[..10]);
    }
}

#[test]
fn a_long_match_without_subject_may_be_any_value() {
    let arms: String = (0..60).fold(String::new(), |arms, n| format!("{arms}f({n}) => 'v{n}', "));
    let told = print::facts(&lower(&format!("$x = match (true) {{ {arms} }};")));
    assert!(told.starts_with("$x = (['v0', 'v1', "), "{told}");
}

#[test]
fn code_around_an_error_is_still_read() {
    let facts = lower("class C { function f() { $a->b(; $c->d(); } function g() { h(); } }");
    assert!(!facts.errors.is_empty());
    let told = print::facts(&facts);
    assert!(told.contains("$c->d()") && told.contains("\\h()"), "{told}");
}

#[test]
fn only_the_outermost_errors_are_listed() {
    let facts = lower("f(; g(; } } class {");
    let ends: Vec<_> = facts
        .errors
        .windows(2)
        .map(|pair| pair[0].end <= pair[1].start)
        .collect();
    assert!(ends.iter().all(|apart| *apart), "{:?}", facts.errors);
}

#[test]
fn odd_text_does_no_harm() {
    for text in [
        "",
        "no php",
        "<?php",
        "<?php \u{0}",
        "<?php \"$",
        "<?php <<<A\n",
        "<?php '\u{e9}",
        "<?php \"\\u{110000} {$",
    ] {
        lower_file(text);
    }
}

#[test]
fn directives_are_found() {
    let facts =
        lower("f(); // rakscan: ignore this\n/* rakscan:assume customers.create */ # other");
    let told: Vec<_> = facts.directives.iter().map(|d| &*d.text).collect();
    assert_eq!(told, ["ignore this", "assume customers.create"]);
}
