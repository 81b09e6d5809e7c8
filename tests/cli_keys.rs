//! `rakscan keys` and `rakscan scan --keys` from end to end.
//!
//! Keys are put together here, so that no file of this repository holds anything that looks like one.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, path::PathBuf};

use assert_cmd::{Command, assert::Assert};
use tempfile::TempDir;

const BODY: &str = "hQ7vLm2RzX9tKc4WnB8yPd3F";

fn key(prefix: &str) -> String {
    format!("{prefix}_{BODY}")
}

fn tree(files: &[(&str, String)]) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    folder
}

fn rakscan(folder: &TempDir, arguments: &[&str]) -> Assert {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    let assert = command.args(arguments).current_dir(folder).assert();
    let output = assert.get_output();
    for stream in [&output.stdout, &output.stderr] {
        let text = String::from_utf8_lossy(stream);
        assert!(!text.contains(&BODY[..20]), "a key is printed: {text}");
    }
    assert
}

fn stdout(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

fn stderr(assert: &Assert) -> String {
    String::from_utf8(assert.get_output().stderr.clone()).unwrap()
}

/// A program with something of everything.
fn shop() -> TempDir {
    let (live, test) = (key("sk_live"), key("sk_test"));
    let php =
        format!("<?php\n$s = new \\Stripe\\StripeClient('{live}');\n$s->refunds->create([]);\n");
    tree(&[
        (
            ".env",
            format!("APP_DEBUG=true\r\nSTRIPE_SECRET={test}\r\n"),
        ),
        ("src/pay.php", php),
        ("src/hook.py", format!("secret = '{}'\n", key("whsec"))),
        (
            ".github/ci.yml",
            format!("env:\n  KEY: {}\n", key("rk_live")),
        ),
        ("front/a.ts", format!("loadStripe('{live}')\n")),
    ])
}

#[test]
fn the_worst_comes_first_and_errors_fail() {
    let run = rakscan(&shop(), &["keys", "."]).code(1);
    let text = stdout(&run);
    let codes: Vec<&str> = text
        .lines()
        .filter(|line| line.ends_with(']'))
        .filter_map(|line| {
            line.rsplit_once(" [")
                .map(|(_, code)| code.trim_end_matches(']'))
        })
        .collect();
    assert_eq!(
        codes,
        [
            "key-in-config",
            "key-to-stripe-js",
            "key-in-source",
            "webhook-secret",
            "debug-with-key",
            "key-in-config",
            "full-key",
        ],
        "{text}"
    );
    assert!(
        text.contains("$s = new \\Stripe\\StripeClient('sk_live_…Pd3F')"),
        "{text}"
    );
    assert!(text.contains("4 errors, 2 warnings, 1 note"), "{text}");
}

#[test]
fn warnings_and_nothing_do_not_fail() {
    let warned = tree(&[(".env", format!("K={}\n", key("sk_test")))]);
    let text = stdout(&rakscan(&warned, &["keys"]).code(0));
    assert!(text.contains("1 warning"), "{text}");
    let clean = tree(&[("a.py", "key = os.environ['STRIPE_SECRET']\n".to_owned())]);
    let text = stdout(&rakscan(&clean, &["keys", "--quiet"]).code(0));
    assert!(
        text.contains("no key found that lies where it does not belong"),
        "{text}"
    );
}

#[test]
fn what_is_left_out_is_counted_and_can_be_looked_at() {
    let line = format!("K={}\n", key("sk_live"));
    let files = [
        ".env.local",
        ".env.example",
        "docs/a.js",
        "README.md",
        "tests/a.js",
        "src/a.test.js",
        "node_modules/a/a.js",
        "vendor/autoload.php",
        "locales/de.json",
        "wp-config-sample.php",
        "sub/big.js",
        "a.js",
    ];
    let mut files: Vec<(&str, String)> = files.map(|path| (path, line.clone())).into();
    files.extend([
        (".gitignore", ".env.local\n".to_owned()),
        ("a.sh", format!("\0{line}")),
    ]);
    files[10].1 = format!("{}{line}", "x\n".repeat(1000));
    files[11].1 = "ok\n".to_owned();
    let folder = tree(&files);
    let text = stdout(&rakscan(&folder, &["keys", "--max-file-size", "1k"]).code(0));
    assert!(
        text.contains(
            "not looked at for keys: ignored 1 (--no-ignore), dependency 2 (--include-dependencies), \
             test 2 (--include-tests), documentation 4, too-large 1 (--max-file-size), binary 1"
        ),
        "{text}"
    );
    assert!(
        text.contains("sub/big.js  larger than --max-file-size"),
        "{text}"
    );
    for (option, path) in [
        ("--no-ignore", ".env.local:1:3"),
        ("--include-tests", "tests/a.js:1:3"),
        ("--include-dependencies", "node_modules/a/a.js:1:3"),
    ] {
        let text = stdout(&rakscan(&folder, &["keys", option]).code(1));
        assert!(text.contains(path), "{option}: {text}");
    }
}

#[test]
fn json_obeys_its_schema() {
    let run = rakscan(&shop(), &["keys", "--format", "json"]).code(1);
    let document: serde_json::Value = serde_json::from_str(&stdout(&run)).unwrap();
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let schema = fs::read_to_string(root.join("schema/keys-v1.schema.json")).unwrap();
    assert_eq!(
        schema.replace("\r\n", "\n"),
        report::keys::schema(),
        "run `cargo run -p rakscan-report --example schema keys > schema/keys-v1.schema.json`"
    );
    let unit = &document["units"][0];
    assert_eq!(unit["files"], 5);
    assert_eq!(unit["keys"][0]["value"], "rk_live_…Pd3F");
    assert_eq!(unit["keys"][0]["at"]["path"], ".github/ci.yml");
    assert_eq!(unit["keys"][0]["mode"], "live");
    let read: report::v1::keys::KeysDocument = serde_json::from_value(document).unwrap();
    assert_eq!(read.units[0].keys.len(), 7);
}

#[test]
fn a_scan_adds_them_and_stays_what_it_is() {
    let folder = shop();
    let plain = stdout(&rakscan(&folder, &["scan", "."]).code(0));
    let run = rakscan(&folder, &["scan", ".", "--keys", "--verbose"]).code(1);
    let text = stdout(&run);
    assert!(
        !plain.contains("Keys") && text.contains("Keys: errors"),
        "{text}"
    );
    assert!(text.contains("complete: every request found"), "{text}");
    assert!(
        text.contains("the link below creates a restricted key"),
        "{text}"
    );
    let json = stdout(&rakscan(&folder, &["scan", ".", "--keys", "--format", "json"]).code(1));
    let json: serde_json::Value = serde_json::from_str(&json).unwrap();
    let keys = json["units"][0]["keys"].as_array().unwrap();
    assert_eq!(keys.len(), 7);
    let help = keys[6]["help"].as_str().unwrap();
    assert!(
        help.contains("permissions%5B%5D=rak_charge_write"),
        "{help}"
    );
    let markdown =
        stdout(&rakscan(&folder, &["scan", ".", "--keys", "--format", "markdown"]).code(1));
    assert!(
        markdown.contains("### Keys\n\n- `.github/ci.yml:2`: error: "),
        "{markdown}"
    );
    let yaml = |options: &[&str]| {
        stdout(&rakscan(
            &folder,
            &[&["scan", ".", "-f", "yaml"], options].concat(),
        ))
    };
    assert_eq!(yaml(&[]), yaml(&["--keys"]));
}

#[test]
fn the_owner_closes_findings_and_leaves_files_out() {
    let key = key("sk_test");
    let code = format!("// rakscan: ignore[key-in-source] sandbox of all\nk = '{key}';\n");
    let config = "ignore:\n  - path: old.js\n    reason: gone soon\n".to_owned();
    let folder = tree(&[
        ("a.js", code.clone()),
        ("old.js", format!("k = '{key}';\n")),
        ("rakscan.yaml", config),
    ]);
    let text = stdout(&rakscan(&folder, &["keys"]).code(0));
    assert!(
        text.contains("a.js:2:6 [key-in-source]\n      sandbox of all"),
        "{text}"
    );
    assert!(text.contains("configured 1"), "{text}");
    let text = stdout(&rakscan(&folder, &["keys", "--no-config"]).code(1));
    assert!(text.contains("2 errors"), "{text}");
    let scanned = tree(&[(
        "a.js",
        format!("{code}import Stripe from 'stripe';\nnew Stripe(k).refunds.create({{}});\n"),
    )]);
    let text = stdout(&rakscan(&scanned, &["scan", ".", "--strict"]).code(0));
    assert!(!text.contains("bad-directive"), "{text}");
}

#[test]
fn comments_of_others_close_nothing() {
    let header = "<?php\n/*\nPlugin Name: X\n*/\n";
    let code = format!(
        "{header}// rakscan: ignore[key-in-source] mine\n$k = '{}';\n",
        key("sk_live")
    );
    let folder = tree(&[("one/one.php", code.clone()), ("two/two.php", code)]);
    let text = stdout(&rakscan(&folder, &["keys", "."]).code(1));
    assert!(text.contains("2 errors, 1 note"), "{text}");
}

#[test]
fn mistakes_are_told() {
    let folder = tree(&[("notes.txt", key("sk_live"))]);
    let text = stderr(&rakscan(&folder, &["keys"]).code(3));
    assert!(
        text.contains("no file in which keys are looked for"),
        "{text}"
    );
    let text = stderr(&rakscan(&folder, &["keys", "gone"]).code(2));
    assert!(text.contains("no such file or directory: `gone`"), "{text}");
    let text = stderr(&rakscan(&folder, &["keys", "--format", "xml"]).code(2));
    assert!(text.contains("possible values: text, json"), "{text}");
    let text = stderr(&rakscan(&shop(), &["keys", "-o", "no/where.txt"]).code(2));
    assert!(text.contains("cannot write `no/where.txt`"), "{text}");
}

#[test]
fn every_kind_is_explained() {
    let folder = tree(&[]);
    for code in [
        "key-in-source",
        "key-in-config",
        "key-in-browser",
        "key-to-stripe-js",
        "debug-with-key",
        "full-key",
        "webhook-secret",
    ] {
        let text = stdout(&rakscan(&folder, &["explain", code]).code(0));
        assert!(text.contains("It is found by `rakscan keys`"), "{text}");
    }
}
