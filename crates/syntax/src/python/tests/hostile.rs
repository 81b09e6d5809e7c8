use super::{facts, show};

#[test]
fn deep_nesting_is_an_error_and_no_crash() {
    for (open, middle, close) in [
        ("(", "x", ")"),
        ("[", "x", "]"),
        ("f(", "x", ")"),
        ("a.b(", "x", ")"),
        ("not ", "x", ""),
        ("-", "x", ""),
        ("lambda: ", "x", ""),
        ("{'k': ", "x", "}"),
        ("x if ", "x", " else y"),
        ("a < (", "x", ") < b"),
        ("import_module(", "x", ")"),
        ("dict(a=", "x", ")"),
        ("a ** ", "x", ""),
        ("", "x", ".a"),
        ("", "x", "()"),
        ("", "x", "[0]"),
        ("", "x", " and y"),
        ("x = ", "x", ""),
        ("f'{", "x", "}'"),
        ("x: ", "x", ""),
    ] {
        let source = format!(
            "{}{middle}{}\nafter()",
            open.repeat(3000),
            close.repeat(3000)
        );
        let facts = facts(&source);
        assert!(!facts.functions.is_empty(), "{open}");
    }
}

#[test]
fn deep_blocks_are_an_error_and_no_crash() {
    for word in [
        "if x:",
        "def f():",
        "class C:",
        "while x:",
        "with x:",
        "try:",
        "for x in y:",
    ] {
        let mut source = String::new();
        for depth in 0..400 {
            source.push_str(&" ".repeat(depth));
            source.push_str(word);
            source.push('\n');
        }
        source.push_str(&" ".repeat(400));
        source.push_str("pass\n");
        assert!(!facts(&source).errors.is_empty(), "{word}");
    }
}

#[test]
fn deep_types_are_unknown() {
    let source = format!("x: {}int{}", "List[".repeat(5000), "]".repeat(5000));
    assert_eq!(facts(&source).functions.len(), 1);
    let source = format!("x: '{}int{}'", "List[".repeat(5000), "]".repeat(5000));
    assert_eq!(facts(&source).functions.len(), 1);
}

#[test]
fn long_chains_are_read() {
    let sum = format!("x = {}'a'", "y + ".repeat(5000));
    assert_eq!(facts(&sum).errors, []);
    let branches = format!("if a: f()\n{}else: z()", "elif b: g()\n".repeat(5000));
    let facts = facts(&branches);
    assert_eq!(facts.errors, []);
    assert_eq!(show::module(&facts).matches("g()").count(), 5000);
    assert!(show::module(&facts).contains("z()"));
}

#[test]
fn what_cannot_be_parsed_is_listed_and_the_rest_is_read() {
    let facts = facts("def f(:\n  pass\n\nclient.customers.create(x)\n");
    assert!(!facts.errors.is_empty());
    assert!(show::module(&facts).contains("client.customers.create(x)"));
}

#[test]
fn beginnings_of_files_do_no_harm() {
    let python = "class A(B[C], metaclass=M):\n  @p.setter\n  def f(self, *a: 'T', **k) -> X | None:\n    match self:\n      case {'k': [a, *b]} if f'{x!r}': return (yield)\n    with a as b, c: x: T = lambda *a: {**k}\n";
    for (end, _) in python.char_indices() {
        let cut = python.get(..end).expect("a place between characters");
        assert!(!facts(cut).functions.is_empty());
    }
}
