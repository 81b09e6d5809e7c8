//! What programs rely on: the schema of the changes is current, and what is rendered obeys it.

use std::{fs, path::PathBuf};

use report::v1::changes::{
    Because, ChangeKind, Changes, ChangesDocument, OpenPlace, PermissionChange, Presence,
};

fn checked_in() -> String {
    let path =
        PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../schema/changes-v1.schema.json");
    let text = fs::read_to_string(path).expect("the schema is checked in");
    text.replace("\r\n", "\n")
}

fn changes() -> Changes {
    Changes {
        unit: "shop".to_owned(),
        presence: Presence::Both,
        old_version: Some("1".to_owned()),
        new_version: None,
        permissions: vec![PermissionChange {
            id: "charge_write".to_owned(),
            label: None,
            section: "Core".to_owned(),
            grade: report::v1::Grade::Official,
            change: ChangeKind::Added,
            from: None,
            to: Some(report::v1::Access::Write),
            because: vec![Because {
                request: "POST /v1/refunds".to_owned(),
                at: vec!["a.php:3".to_owned()],
            }],
            note: None,
        }],
        connect: Vec::new(),
        opened: vec![OpenPlace {
            at: "a.php:4".to_owned(),
            code: "dynamic-operation".to_owned(),
            reason: "open".to_owned(),
            request: None,
        }],
        closed: Vec::new(),
    }
}

#[test]
fn the_checked_in_schema_is_current() {
    assert_eq!(
        checked_in(),
        report::changes_schema(),
        "run `cargo run -p rakscan-report --example schema changes > schema/changes-v1.schema.json`"
    );
}

#[test]
fn rendered_json_obeys_the_schema_and_reads_back_equal() {
    let mut out = Vec::new();
    compare::render_json(&[changes()], &mut out).expect("memory can be written to");
    let value = serde_json::from_slice(&out).expect("JSON");
    let schema = serde_json::from_str(&checked_in()).expect("JSON");
    let validator = jsonschema::validator_for(&schema).expect("a schema");
    assert!(validator.is_valid(&value), "{value}");
    let document: ChangesDocument = serde_json::from_value(value).expect("a document");
    assert_eq!(document.units, [changes()]);
}
