//! A rule file that is wrong says where, and shows the value.

#![allow(clippy::unwrap_used, reason = "a test may fail")]

use miette::Diagnostic;
use rules::{Problem, RuleError, RuleSet};

fn error(text: &str) -> RuleError {
    RuleSet::builtin().with_rules("my.yaml", text).unwrap_err()
}

/// Line, column, offending text and message.
fn shown(text: &str) -> (usize, usize, String, String) {
    let error = error(text);
    assert_eq!(error.file(), "my.yaml");
    let label = error.labels().unwrap().next().unwrap();
    assert_eq!(label.offset()..label.offset() + label.len(), error.span());
    let value = error.text()[error.span()].to_owned();
    (error.line(), error.column(), value, error.to_string())
}

fn row(line: usize, column: usize, value: &str, message: &str) -> (usize, usize, String, String) {
    (line, column, value.to_owned(), message.to_owned())
}

#[test]
fn an_id_that_does_not_exist() {
    let text = "endpoints:\n  - endpoint: POST /v1/refunds\n    permission: refund_write\n";
    assert_eq!(
        shown(text),
        row(3, 17, "refund_write", "unknown permission `refund_write`")
    );
    let text = "endpoints:\n  # ü\n  - { endpoint: GET /v1/x, permission: [charge_read, rak_chage_read] }\n";
    assert_eq!(
        shown(text),
        row(
            3,
            54,
            "rak_chage_read",
            "unknown permission `rak_chage_read`"
        )
    );
    let help = error(text).help().unwrap().to_string();
    assert_eq!(help, "write `charge_read` if that is meant");
}

#[test]
fn a_verb_that_stripe_does_not_use() {
    let text = "endpoints:\n  - { endpoint: PATCH /v1/x, permission: charge_read }\n";
    assert_eq!(
        shown(text),
        row(
            2,
            17,
            "PATCH /v1/x",
            "`PATCH /v1/x` does not begin with a verb that Stripe uses"
        )
    );
}

#[test]
fn a_path_that_is_none() {
    let of = |path: &str| {
        let text = format!("endpoints:\n- endpoint: \"GET {path}\"\n  permission: none\n");
        shown(&text)
    };
    let (line, column, value, message) = of("v1/x");
    assert_eq!((line, column, value.as_str()), (2, 13, "\"GET v1/x\""));
    assert_eq!(
        message,
        "`v1/x` is not a path of the Stripe API: it begins with `/`"
    );
    for bad in [
        "",
        "/",
        "/v1",
        "/v3/x",
        "/v1/{x}",
        "/v1/x/",
        "/v1//x",
        "/v1/x?y=1",
        "/v1/X",
        "/v1/{x",
        "https://api.stripe.com/v1/x",
    ] {
        let text = format!("endpoints:\n- endpoint: \"GET {bad}\"\n  permission: none\n");
        assert!(
            matches!(error(&text).problem(), Problem::Path { .. }),
            "{bad}"
        );
    }
}

#[test]
fn a_grade_that_is_none() {
    let text =
        "endpoints:\n- endpoint: GET /v1/x\n  permission: charge_read\n  grade: 'certain' # !\n";
    assert_eq!(
        shown(text),
        row(4, 10, "'certain'", "unknown grade `certain`")
    );
    let text = "endpoints:\n- { endpoint: GET /v1/x, permission: unknown, grade: observed }\n";
    assert_eq!(error(text).problem(), &Problem::GradeDisagrees);
}

#[test]
fn a_key_that_is_none() {
    let text = "endpoints:\n- endpoint: GET /v1/x\n  permision: charge_read\n";
    let (line, column, value, message) = shown(text);
    assert_eq!((line, column, value.as_str()), (3, 3, "permision"));
    assert!(message.contains("unknown field `permision`"), "{message}");
}

#[test]
fn a_key_that_is_missing_and_a_value_of_the_wrong_type() {
    let (line, _, _, message) = shown("endpoints:\n- endpoint: GET /v1/x\n");
    assert_eq!(line, 2);
    assert!(message.contains("missing field `permission`"), "{message}");
    let text = "endpoints:\n- endpoint: GET /v1/x\n  permission: { a: b }\n";
    let (line, column, _, message) = shown(text);
    assert_eq!((line, column), (3, 15));
    assert!(message.contains("a text or a list of texts"), "{message}");
}

#[test]
fn text_that_is_not_yaml() {
    let (line, _, _, message) = shown("endpoints:\n  - { endpoint: GET /v1/x\nother: [\n");
    assert_eq!(line, 3);
    assert!(!message.contains("line"), "{message}");
}

#[test]
fn the_same_row_twice() {
    let text = "endpoints:\n- { endpoint: \"GET /v1/x/{a}\", permission: none }\n- { endpoint: \"GET /v1/x/{b}\", permission: none }\n";
    assert_eq!(
        shown(text),
        row(3, 15, "\"GET /v1/x/{b}\"", "`GET /v1/x/{b}` is there twice")
    );
}

#[test]
fn an_http_client_that_cannot_be() {
    let text = "http_clients:\n- { language: php, function: f, url: zero, default: GET }\n";
    assert_eq!(
        shown(text),
        row(2, 38, "zero", "`zero` is not a place of a call")
    );
    let text = "http_clients:\n- { language: perl, function: f, url: 0, default: GET }\n";
    assert_eq!(shown(text), row(2, 15, "perl", "unknown language `perl`"));
    let text = "http_clients:\n- { language: php, function: f, class: g, url: 0, default: GET }\n";
    assert_eq!(error(text).problem(), &Problem::Callee);
    let text = "http_clients:\n- { language: php, function: f, url: 0, default: name }\n";
    assert!(matches!(error(text).problem(), Problem::Verb { .. }));
}

#[test]
fn text_that_would_break_the_table_or_the_terminal() {
    let text = "endpoints:\n- { endpoint: GET /v1/x, permission: none, note: \"a\\tb\" }\n";
    assert!(matches!(error(text).problem(), Problem::Control { .. }));
    let text = "endpoints:\n- { endpoint: GET /v1/x, permission: \"\\e[31m\\u202ered\" }\n";
    assert_eq!(
        error(text).to_string(),
        "unknown permission `\\u{1b}[31m\\u{202e}red`"
    );
}

#[test]
fn a_file_that_is_too_large() {
    let text = "#".repeat((1 << 20) + 1);
    assert!(matches!(error(&text).problem(), Problem::TooLarge { .. }));
}

#[test]
fn a_bomb_of_aliases() {
    let mut lines = vec!["a0: &a0 [x, x, x, x, x, x, x, x, x]".to_owned()];
    for n in 1..30 {
        let before = n - 1;
        let aliases = vec![format!("*a{before}"); 9].join(", ");
        lines.push(format!("a{n}: &a{n} [{aliases}]"));
    }
    lines.push("endpoints: *a29".to_owned());
    let _ = error(&lines.join("\n"));
}

#[test]
fn no_text_makes_it_panic() {
    let whole = "endpoints:\n  - { endpoint: \"GET /v1/ü/{a}\", permission: [charge_read], grade: x }\nhttp_clients:\n  - { language: php, class: [A], method: get, url: 0/u.k, default: name }\n";
    let rules = RuleSet::builtin();
    let ends = whole.char_indices().map(|(at, _)| at);
    for end in ends.step_by(3) {
        let (start, rest) = whole.split_at(end);
        for text in [
            start.to_owned(),
            rest.to_owned(),
            format!("{start}: [\u{0}é{rest}"),
        ] {
            if let Err(error) = rules.clone().with_rules("my.yaml", &text) {
                assert!(error.text().get(error.span()).is_some(), "{text:?}");
            }
        }
    }
}

#[test]
fn rows_about_functions_are_checked() {
    let problem = |name: &str, text: &str| {
        let files = rules::Files::from([(name.to_owned(), text.to_owned())]);
        rules::compile(&files).unwrap_err().to_string()
    };
    let row = |row: &str| format!("language: php\nfunctions:\n- {{ function: f, {row} }}\n");
    let of = |text: &str| problem("functions/php.yaml", &row(text));
    assert_eq!(of("returns: everything"), "unknown result `everything`");
    assert_eq!(of("returns: result"), "missing field `calls`");
    assert_eq!(
        of("calls: 0, with: all, returns: result"),
        "unknown value `all`"
    );
    let library = "package: p\nlanguage: python\nversion: 1.0.0\ngrade: documented\nroots: [p]\nfunctions: []\n";
    assert_eq!(
        problem("libraries/p.yaml", library),
        "grade `documented` needs a source"
    );
}
