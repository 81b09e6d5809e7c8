//! What programs rely on: the schema is current, output obeys it, and reads back equal.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{fs, path::PathBuf};

use report::{Format, Options, v1};

mod manifest;

fn rendered(format: Format) -> String {
    let mut out = Vec::new();
    let manifests = [manifest::shop(), manifest::empty("lib")];
    report::render(format, &manifests, &Options::default(), &mut out).unwrap();
    String::from_utf8(out).unwrap()
}

fn checked_in() -> String {
    schema("manifest-v1.schema.json")
}

fn schema(name: &str) -> String {
    let folder = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schema");
    let path = folder.join(name);
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}

#[test]
fn the_checked_in_schema_is_current() {
    assert_eq!(
        checked_in(),
        report::json_schema(),
        "run `cargo run -p rakscan-report --example schema > schema/manifest-v1.schema.json`"
    );
}

#[test]
fn rendered_json_obeys_the_schema() {
    let schema = serde_json::from_str(&checked_in()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let document = serde_json::from_str(&rendered(Format::Json)).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&document)
        .map(|e| e.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    assert!(!validator.is_valid(&serde_json::json!({ "schema": 1 })));
}

#[test]
fn each_line_obeys_its_schema_and_reads_back_equal() {
    assert_eq!(
        schema("line-v1.schema.json"),
        report::line_schema(),
        "run `cargo run -p rakscan-report --example schema line > schema/line-v1.schema.json`"
    );
    let schema = serde_json::from_str(&report::line_schema()).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let text = rendered(Format::Jsonl);
    let manifests = [manifest::shop(), manifest::empty("lib")];
    assert_eq!(text.lines().count(), manifests.len());
    for (line, manifest) in text.lines().zip(&manifests) {
        assert!(validator.is_valid(&serde_json::from_str(line).unwrap()));
        let read = report::read_line(line).unwrap();
        assert_eq!(read, v1::Line::new(manifest, &Options::default()));
        let head = report::Head::read(line).unwrap();
        assert_eq!((head.files, head.folder()), (manifest.n_files, None));
    }
    let other = text.replacen("\"schema\":1", "\"schema\":2", 1);
    let first = other.lines().next().unwrap();
    assert!(report::read_line(first).is_err() && report::Head::read(first).is_err());
}

#[test]
fn json_reads_back_equal() {
    let text = rendered(Format::Json);
    let document = report::read_json(&text).unwrap();
    let manifests = [manifest::shop(), manifest::empty("lib")];
    assert_eq!(document, v1::Document::new(&manifests, &Options::default()));
    assert_eq!(
        serde_json::to_string_pretty(&document).unwrap() + "\n",
        text
    );
}

#[test]
fn yaml_reads_back_equal() {
    let files = report::read_yaml(&rendered(Format::Yaml)).unwrap();
    let mode = report::Mode::Live;
    let expected =
        [manifest::shop(), manifest::empty("lib")].map(|one| v1::UnitFile::new(&one, mode));
    assert_eq!(files, expected);
}

#[test]
fn another_version_is_refused() {
    let text = rendered(Format::Json).replacen("\"schema\": 1", "\"schema\": 2", 1);
    let error = report::read_json(&text).unwrap_err();
    assert_eq!(error.to_string(), "schema 2 is not supported, only 1 is");
    assert!(
        report::read_yaml(
            "schema: 2\nunit: {name: a, kind: file}\ncomplete: true\npermissions: []\n"
        )
        .is_err()
    );
}
