//! Same in, same out; and whatever comes in, something comes out.
//!
//! Bytes of the result do not depend on threads, on a second run, or on the order of files. Files
//! that are broken in any way end as diagnostics or are left out, never as a failure, and a file that
//! mentions Stripe is never passed over in silence.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

use assert_cmd::Command;
use model::{
    api::SdkId,
    evidence::Resolution,
    language::Language,
    source::SourceFile,
    unit::{SdkRoot, UnitFacts},
};
use proptest::{prelude::*, sample};
use report::{Format, v1};
use rules::RuleSet;
use scan::{Input, NoProgress, Options};
use tempfile::TempDir;

/// Path and text of every file of a code base in all languages: clients of their own, a wrapper
/// that all use, and what cannot be resolved.
fn project() -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = [
        (
            "php/wrapper.php",
            "<?php\nclass ShopApi {\n    public static function get($path) {\n        \
             return wp_remote_get('https://api.stripe.com/v1/' . $path);\n    }\n}\n",
        ),
        (
            "js/client.ts",
            "import Stripe from 'stripe';\nexport const stripe = new Stripe('x');\n",
        ),
        (
            "py/client.py",
            "import stripe\nclient = stripe.StripeClient('x')\n",
        ),
    ]
    .map(|(path, text)| (path.to_owned(), text.to_owned()))
    .into();
    let services = ["customers", "refunds", "invoices", "payouts", "coupons"];
    for (n, service) in services.iter().cycle().take(12).enumerate() {
        files.extend([
            (
                format!("php/use_{n}.php"),
                format!(
                    "<?php\nfunction php_{n}(\\Stripe\\StripeClient $client, $what) {{\n    \
                     $client->{service}->create([]);\n    ShopApi::get('{service}');\n    \
                     $client->{{$what}}->all();\n}}\n"
                ),
            ),
            (
                format!("js/use_{n}.ts"),
                format!(
                    "import {{ stripe }} from './client';\n\
                     export const f{n} = (id: string) => stripe.{service}.retrieve(id);\n"
                ),
            ),
            (
                format!("js/page_{n}.tsx"),
                format!(
                    "import {{ stripe }} from './client';\nexport async function Page{n}() {{\n  \
                     const all = await stripe.{service}.list();\n  return <b>{{all.data}}</b>;\n}}\n"
                ),
            ),
            (
                format!("js/old_{n}.js"),
                format!(
                    "const stripe = require('stripe')('x');\n\
                     exports.f = (what) => [stripe.{service}.create({{}}), stripe[what].list()];\n"
                ),
            ),
            (
                format!("py/use_{n}.py"),
                format!(
                    "from client import client\n\n\ndef f{n}():\n    \
                     return client.v1.{service}.list()\n"
                ),
            ),
        ]);
    }
    files
}

fn folder(files: impl IntoIterator<Item = (String, impl AsRef<[u8]>)>) -> TempDir {
    let folder = tempfile::Builder::new().prefix("shop").tempdir().unwrap();
    let root = folder.path().join("shop");
    for (path, text) in files {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

/// Scans and renders in every format.
fn bytes(paths: Vec<PathBuf>, threads: usize) -> Vec<u8> {
    let rules = RuleSet::builtin();
    let options = Options {
        threads: Some(threads),
        ..Options::default()
    };
    let manifests = scan::scan(&Input::Paths(paths), &options, &rules, &NoProgress).unwrap();
    let options = report::Options {
        verbose: true,
        explain_skips: true,
        ..report::Options::default()
    };
    let mut bytes = Vec::new();
    for format in Format::ALL {
        report::render(format, &manifests, &options, &mut bytes).unwrap();
    }
    bytes
}

#[test]
fn threads_and_repetition_do_not_change_a_byte() {
    let folder = folder(project());
    let paths = vec![folder.path().join("shop")];
    let once = bytes(paths.clone(), 1);
    let text = String::from_utf8_lossy(&once);
    for expected in [
        "refunds",
        "php/use_11.php",
        "js/page_11.tsx",
        "py/use_11.py",
    ] {
        assert!(text.contains(expected), "{expected} is missing:\n{text}");
    }
    assert!(once == bytes(paths.clone(), 8), "8 threads differ from 1");
    assert!(once == bytes(paths.clone(), 8), "a second run differs");
    assert!(once == bytes(paths, 3), "3 threads differ from 1");
}

#[test]
fn the_order_in_which_files_were_made_does_not_matter() {
    let forwards = folder(project());
    let backwards = folder(project().into_iter().rev());
    let of = |folder: &TempDir| bytes(vec![folder.path().join("shop")], 2);
    assert!(of(&forwards) == of(&backwards), "the order matters");
}

fn resolution(files: impl Iterator<Item = (String, String)>, rules: &RuleSet) -> Resolution {
    let files = files.map(|(path, text)| {
        let language = Language::from_path(path.as_ref()).unwrap();
        syntax::lower(SourceFile::new(path, language, text))
    });
    let unit = UnitFacts {
        files: files.collect(),
        sdks: sdks(rules),
        ..UnitFacts::default()
    };
    resolve::resolve(&unit, rules.catalog(), &|_| BTreeSet::new())
}

fn sdks(rules: &RuleSet) -> Vec<SdkRoot> {
    let roots = SdkId::ALL.into_iter().map(|sdk| SdkRoot {
        sdk,
        root: rules.catalog().sdk(sdk).unwrap().package.clone(),
        version: None,
        path: None,
    });
    roots.collect()
}

#[test]
fn the_order_of_facts_does_not_matter() {
    let rules = RuleSet::builtin();
    let forwards = resolution(project().into_iter(), &rules);
    assert!(forwards.calls.len() >= 60, "{:#?}", forwards.calls);
    let backwards = resolution(project().into_iter().rev(), &rules);
    assert_eq!(forwards, backwards);
    let (one, other) = (project(), project());
    let (one, other) = (one.into_iter().skip(30), other.into_iter().take(30));
    assert_eq!(forwards, resolution(one.chain(other), &rules));
}

/// A call in each language that begins a file, and what may follow it.
const BEGINNINGS: [(&str, &str); 5] = [
    ("php", "<?php\n\\Stripe\\Refund::create([]);\n$x = "),
    (
        "js",
        "const stripe = require('stripe')('x');\nstripe.refunds.create({});\nx = ",
    ),
    (
        "ts",
        "import Stripe from 'stripe';\nnew Stripe('x').refunds.create({});\nx = ",
    ),
    (
        "tsx",
        "import Stripe from 'stripe';\nnew Stripe('x').refunds.create({});\nx = ",
    ),
    ("py", "import stripe\nstripe.Refund.create()\nx = "),
];

/// Lines, so that a script is not taken for a minified one.
fn repeated(text: &str, n: usize) -> String {
    format!("{}\n", text.repeat(20)).repeat(n / 20)
}

/// Files that no compiler would take, by name; each begins with a call, as far as it can.
fn broken(extension: &str, beginning: &str) -> Vec<(String, Vec<u8>)> {
    let utf16: Vec<u8> = [0xFF, 0xFE]
        .into_iter()
        .chain(beginning.encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    let mut latin: Vec<u8> = beginning.into();
    latin.extend(b"'caf\xE9';\n");
    let mut binary: Vec<u8> = beginning.into();
    binary.extend([0, 1, 2, 0, 255, 0].repeat(400));
    let closed = repeated("(", 100_000) + "1" + &repeated(")", 100_000);
    let with = |rest: &str| format!("{beginning}{rest}").into_bytes();
    let files = [
        ("truncated", with("f(function ($a) { return [1, {'b'")),
        ("quote", with("'never closed\n")),
        ("binary", binary),
        ("latin", latin),
        ("utf16", utf16),
        ("long_line", with(&"a+".repeat(10 << 20))),
        ("open_parentheses", with(&repeated("(", 100_000))),
        ("parentheses", with(&closed)),
        ("open_brackets", with(&repeated("[", 100_000))),
        ("open_braces", with(&repeated("{", 100_000))),
        ("calls", with(&repeated("f(", 20_000))),
        (
            "closed_calls",
            with(&format!("{}1{};\n", "f(".repeat(200), ")".repeat(200))),
        ),
        ("members", with(&format!("a{}", repeated(".b", 20_000)))),
        ("array", with(&format!("[{}]", repeated("1,", 20_000)))),
        ("choices", with(&repeated("1 ? ", 20_000))),
    ];
    let named = files.map(|(name, bytes)| (format!("{name}.{extension}"), bytes));
    named.into()
}

#[test]
fn broken_files_end_as_calls_or_diagnostics() {
    for (extension, beginning) in BEGINNINGS {
        let mut files = broken(extension, beginning);
        let names: BTreeSet<String> = files.iter().map(|(name, _)| name.clone()).collect();
        files.push((format!("empty.{extension}"), Vec::new()));
        files.push((format!("newlines.{extension}"), vec![b'\n'; 9]));
        let folder = folder(files);
        let json = scanned_alone(folder.as_ref());
        let seen = seen(&report::read_json(&json).unwrap().units);
        let silent: Vec<&String> = names.difference(&seen).collect();
        assert!(silent.is_empty(), "passed over in silence: {silent:?}");
    }
}

/// A chain of functions is followed in a first round from its end, and asked about from its beginning in the next.
#[test]
fn a_long_chain_of_functions_ends() {
    let n = 30_000;
    let chain = (1..n).rev().map(|i| {
        let next = i + 1;
        format!("function f{i}($x) {{ return f{next}($x); }}\n")
    });
    let code = format!(
        "<?php\nfunction first() {{ return f1(1); }}\n\
         function f{n}($x) {{ global $g; $g = $g . 'a'; return \\Stripe\\Charge::create($x); }}\n\
         {}function last() {{ global $g; $g = 'name'; return f1(1); }}\n",
        chain.collect::<String>()
    );
    let folder = folder([("chain.php".to_owned(), code)]);
    assert!(scanned_alone(folder.as_ref()).contains("charge_write"));
}

/// Scans in a process of its own: an exhausted stack would take the other tests along.
fn scanned_alone(folder: &Path) -> String {
    let assert = Command::cargo_bin("rakscan")
        .unwrap()
        .args(["--format", "json", "shop"])
        .current_dir(folder)
        .assert()
        .success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// The files that the result speaks of.
fn seen(units: &[v1::Unit]) -> BTreeSet<String> {
    let mut seen = BTreeSet::new();
    for unit in units {
        let requests = unit.permissions.iter().flat_map(|needed| &needed.requests);
        let places = requests.flat_map(|request| &request.at);
        let places = places.chain(unit.unresolved.iter().map(|open| &open.at));
        seen.extend(places.filter_map(|place| match place {
            v1::Place::Full { path, .. } => Some(path.clone()),
            v1::Place::Short(_) => None,
        }));
    }
    seen
}

/// Pieces of code that are likely to meet in odd ways.
const PIECES: [&str; 72] = [
    "<?php",
    "?>",
    "stripe",
    "Stripe",
    "\\Stripe\\Charge",
    "::",
    "->",
    "?->",
    "$this",
    "$x",
    "this",
    "self",
    "cls",
    "static",
    "parent",
    "super",
    "class",
    "A",
    "B",
    "extends",
    "implements",
    "use",
    "import",
    "from",
    "require('stripe')",
    "export",
    "default",
    "function",
    "fn",
    "=>",
    "def",
    "lambda",
    ":",
    "async",
    "await",
    "return",
    "yield",
    "new",
    "StripeClient",
    "(",
    ")",
    "[",
    "]",
    "{",
    "}",
    ",",
    ";",
    ".",
    "?.",
    "...",
    "=",
    "??=",
    ".=",
    "'v1/charges'",
    "\"https://api.stripe.com/v1/\"",
    "`${x}`",
    "f\"{x}\"",
    "customers",
    "create",
    "getattr",
    "if",
    "else",
    "for",
    "in",
    "as",
    "match",
    "\n",
    "\n    ",
    "<b>",
    "/*",
    "#",
    "//",
];

fn language() -> impl Strategy<Value = Language> {
    sample::select(Language::ALL.to_vec())
}

/// Reads and resolves; the result does not matter, only that there is one.
fn survives(language: Language, texts: &[String], rules: &RuleSet) -> usize {
    let files = texts.iter().enumerate().map(|(n, text)| {
        let path = format!("file_{n}.{}", language.info().extensions[0]);
        syntax::lower(SourceFile::new(path, language, text.as_str()))
    });
    let unit = UnitFacts {
        files: files.collect(),
        sdks: sdks(rules),
        ..UnitFacts::default()
    };
    resolve::resolve(&unit, rules.catalog(), &|_| BTreeSet::new())
        .calls
        .len()
}

thread_local! {
    static RULES: RuleSet = RuleSet::builtin();
}

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig {
        cases: n,
        failure_persistence: None,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_bytes_are_read(language in language(), bytes: Vec<u8>) {
        let text = String::from_utf8_lossy(&bytes).into_owned();
        RULES.with(|rules| survives(language, &[text], rules));
    }

    #[test]
    fn any_text_is_read(language in language(), text in "\\PC{0,200}") {
        RULES.with(|rules| survives(language, &[text], rules));
    }
}

proptest! {
    #![proptest_config(cases(1500))]

    #[test]
    fn any_pieces_of_code_are_read(
        language in language(),
        files in prop::collection::vec(
            prop::collection::vec(sample::select(PIECES.to_vec()), 0..60),
            1..3,
        ),
    ) {
        let start = if language == Language::Php { "<?php " } else { "" };
        let texts: Vec<String> = files.iter().map(|pieces| start.to_owned() + &pieces.join(" ")).collect();
        RULES.with(|rules| survives(language, &texts, rules));
    }
}
