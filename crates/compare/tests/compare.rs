//! What counts as a change, and how it reads.

use insta::assert_snapshot;
use report::{
    Options, read_yaml,
    v1::{
        Access, Unit,
        changes::{ChangeKind, Changes},
    },
};

/// Reads a manifest with the given lists; what is not given is empty.
fn unit(lists: &str) -> Unit {
    let given = |key: &str| lists.lines().any(|line| line.starts_with(key));
    let permissions = if given("permissions:") {
        ""
    } else {
        "permissions: []\n"
    };
    let text = format!(
        "schema: 1\nunit: {{ name: shop, kind: package }}\ncomplete: true\n{permissions}{lists}"
    );
    let file = read_yaml(&text).expect("a manifest").remove(0);
    file.unit
}

/// Writes a permission with one request for each `endpoint @ place`.
fn needs(id: &str, tier: &str, requests: &[&str]) -> String {
    let access = id.rsplit('_').next().expect("an access");
    let requests: Vec<String> = requests
        .iter()
        .map(|request| {
            let (endpoint, at) = request.split_once(" @ ").expect("a place");
            format!("  - {{ endpoint: '{endpoint}', tier: {tier}, at: ['{at}'] }}\n")
        })
        .collect();
    let requests = requests.concat();
    format!(
        "- id: {id}\n  label: {id} row\n  section: Core\n  access: {access}\n  grade: official\n  tier: {tier}\n  requests:\n{requests}"
    )
}

fn own(all: &[String]) -> Unit {
    if all.is_empty() {
        return unit("");
    }
    unit(&format!("permissions:\n{}", all.concat()))
}

fn text(changes: &Changes) -> String {
    let mut out = Vec::new();
    compare::render_text(std::slice::from_ref(changes), &Options::default(), &mut out)
        .expect("memory can be written to");
    String::from_utf8(out).expect("text")
}

fn markdown(changes: &Changes) -> String {
    let mut out = Vec::new();
    compare::render_markdown(std::slice::from_ref(changes), &mut out)
        .expect("memory can be written to");
    String::from_utf8(out).expect("text")
}

#[test]
fn moved_lines_grades_and_labels_are_no_change() {
    let old = own(&[needs(
        "charge_write",
        "required",
        &["POST /v1/refunds @ a.php:3"],
    )]);
    let mut new = own(&[needs(
        "charge_write",
        "required",
        &["POST /v1/refunds @ b.php:9"],
    )]);
    new.permissions[0].label = Some("Another label".to_owned());
    new.permissions[0].grade = report::v1::Grade::Inferred;
    new.unit.version = Some("2".to_owned());
    let changes = compare::compare(&old, &new);
    assert!(changes.is_empty(), "{changes:?}");
    assert_eq!(text(&changes), "");
    assert_eq!(
        markdown(&changes),
        "The Stripe key needs the same permissions as before.\n"
    );
}

#[test]
fn each_change_has_its_sign_and_its_cause() {
    let old = own(&[
        needs(
            "customer_read",
            "required",
            &["GET /v1/customers @ a.php:3"],
        ),
        needs("plan_read", "required", &["GET /v1/prices @ a.php:4"]),
        needs(
            "invoice_write",
            "required",
            &["GET /v1/invoices @ a.php:5", "POST /v1/invoices @ a.php:6"],
        ),
    ]);
    let new = own(&[
        needs(
            "customer_write",
            "required",
            &[
                "GET /v1/customers @ a.php:3",
                "POST /v1/customers @ b.php:7",
            ],
        ),
        needs("charge_write", "required", &["POST /v1/refunds @ b.php:8"]),
        needs("invoice_read", "required", &["GET /v1/invoices @ a.php:5"]),
    ]);
    let changes = compare::compare(&old, &new);
    assert_snapshot!(text(&changes), @"
    shop: the key needs more, the key could do with less

      + charge_write    Write         charge_write row    b.php:8      POST /v1/refunds
      ~ customer_write  Read → Write  customer_write row  b.php:7      POST /v1/customers
      ~ invoice_read    Write → Read  invoice_write row   was a.php:6  POST /v1/invoices
      - plan_read       Read          plan_read row       was a.php:4  GET /v1/prices
    ");
    assert_snapshot!(markdown(&changes), @"
    ### Stripe permissions of shop

    shop needs now, which it did not before:

    - **Write** on charge\\_write row (`charge_write`), because of `POST /v1/refunds` (`b.php:8`)
    - **Write** instead of Read on customer\\_write row (`customer_write`), because of `POST /v1/customers` (`b.php:7`)

    No longer needed; remove it from the key:

    - **Read** instead of Write on invoice\\_write row (`invoice_read`), which was for `POST /v1/invoices` (`a.php:6`)
    - **Read** on plan\\_read row (`plan_read`), which was for `GET /v1/prices` (`a.php:4`)
    ");
}

#[test]
fn connect_is_a_column_of_its_own() {
    let charge = needs("charge_write", "required", &["POST /v1/refunds @ b.php:8"]);
    let old = own(std::slice::from_ref(&charge));
    let new = unit(&format!("connect:\n{charge}"));
    let changes = compare::compare(&old, &new);
    assert_eq!(changes.permissions[0].change, ChangeKind::Removed);
    assert_eq!(changes.connect[0].change, ChangeKind::Added);
    assert_snapshot!(text(&changes), @"
    shop: the key needs more, the key could do with less

      - charge_write  Write  charge_write row  was b.php:8  POST /v1/refunds

      Connect, for requests on behalf of connected accounts
      + charge_write  Write  charge_write row  b.php:8      POST /v1/refunds
    ");
}

#[test]
fn what_no_longer_is_part_of_the_key_is_no_longer_needed() {
    let refunds = ["POST /v1/refunds @ b.php:8"];
    let required = own(&[needs("charge_write", "required", &refunds)]);
    let unreferenced = own(&[needs("charge_write", "unreferenced", &refunds)]);
    let lost = compare::compare(&required, &unreferenced);
    assert_eq!(lost.permissions[0].change, ChangeKind::Removed);
    assert_snapshot!(lost.permissions[0].note.as_deref().unwrap_or_default(), @"
    still in the code, but the key is not made for the code that needs it
    ");
    let gained = compare::compare(&unreferenced, &required);
    assert_eq!(gained.permissions[0].change, ChangeKind::Added);
    assert_snapshot!(gained.permissions[0].note.as_deref().unwrap_or_default(), @"
    the code was there before, but the key was not made for it
    ");
    let once = own(&[needs("charge_write", "one_off", &refunds)]);
    assert!(compare::compare(&required, &once).is_empty());
    let kept = Unit {
        key_tiers: Some(vec!["required".to_owned(), "unreferenced".to_owned()]),
        ..unreferenced
    };
    assert!(compare::compare(&required, &kept).is_empty());
}

#[test]
fn a_read_beside_an_unreferenced_write_is_read() {
    let old = own(&[needs(
        "customer_read",
        "required",
        &["GET /v1/customers @ a.php:3"],
    )]);
    let new = own(&[
        needs(
            "customer_read",
            "required",
            &["GET /v1/customers @ a.php:3"],
        ),
        needs(
            "customer_write",
            "unreferenced",
            &["POST /v1/customers @ a.php:9"],
        ),
    ]);
    assert!(compare::compare(&old, &new).is_empty());
}

#[test]
fn a_request_that_was_there_before_is_not_blamed() {
    let requests = ["POST /v1/refunds @ b.php:8"];
    let old = own(&[needs("refund_write", "required", &requests)]);
    let new = own(&[needs("charge_write", "required", &requests)]);
    let notes: Vec<Option<String>> = compare::compare(&old, &new)
        .permissions
        .into_iter()
        .map(|one| one.note)
        .collect();
    let note = "the code makes the same requests; what is known about them has changed";
    assert_eq!(notes, [Some(note.to_owned()), Some(note.to_owned())]);
}

#[test]
fn an_id_with_the_prefix_of_the_dashboard_is_the_same() {
    let requests = ["POST /v1/refunds @ b.php:8"];
    let old = own(&[needs("rak_charge_write", "required", &requests)]);
    let new = own(&[needs("charge_write", "required", &requests)]);
    assert!(compare::compare(&old, &new).is_empty());
}

#[test]
fn an_open_place_that_moves_is_the_same_and_a_second_one_is_new() {
    let open = |lines: &[u32]| {
        let entries: Vec<String> = lines
            .iter()
            .map(|line| {
                format!("- {{ at: 'a.ts:{line}', code: dynamic-operation, reason: open }}\n")
            })
            .collect();
        unit(&format!("unresolved:\n{}", entries.concat()))
    };
    assert!(compare::compare(&open(&[8]), &open(&[9])).is_empty());
    let changes = compare::compare(&open(&[8, 10]), &open(&[2, 8, 9]));
    let opened: Vec<&str> = changes.opened.iter().map(|one| one.at.as_str()).collect();
    assert_eq!(opened, ["a.ts:2"]);
    assert!(changes.closed.is_empty());
    let changes = compare::compare(&open(&[8]), &unit(""));
    assert_snapshot!(text(&changes), @"
    shop: less is open than before

      No longer open
      - a.ts:8  open [dynamic-operation]
    ");
}

#[test]
fn notes_that_leave_a_manifest_complete_are_not_open() {
    let noted = "unresolved:\n- { at: 'a.ts:1', code: event-objects, reason: events }\n";
    assert!(compare::compare(&unit(""), &unit(noted)).is_empty());
}

#[test]
fn a_request_without_a_permission_is_open_once() {
    let one = "unmapped:\n- { endpoint: GET /v1/x, tier: required, at: ['a.ts:1', 'a.ts:2'], code: unknown-endpoint, reason: not in the table }\n";
    let changes = compare::compare(&unit(""), &unit(one));
    assert_snapshot!(text(&changes), @"
    shop: more is open than before

      Newly open
      ! a.ts:1  GET /v1/x: not in the table [unknown-endpoint]
    ");
    let aside = one.replace("required", "unreferenced");
    assert!(compare::compare(&unit(""), &unit(&aside)).is_empty());
}

#[test]
fn several_units_are_compared_by_name() {
    let named = |name: &str, all: &[String]| {
        let mut unit = own(all);
        name.clone_into(&mut unit.unit.name);
        unit
    };
    let charge = || needs("charge_write", "required", &["POST /v1/refunds @ b.php:8"]);
    let old = [named("a", &[charge()]), named("b", &[])];
    let new = [named("b", &[charge()]), named("c", &[charge()])];
    let all = compare::compare_all(&old, &new);
    let units: Vec<&str> = all.iter().map(|one| one.unit.as_str()).collect();
    assert_eq!(units, ["a", "b", "c"]);
    assert!(all[0].narrows() && all[1].widens() && all[2].widens());
    let mut out = Vec::new();
    compare::render_text(&all, &Options::default(), &mut out).expect("memory can be written to");
    assert_snapshot!(String::from_utf8_lossy(&out), @"
    a: gone, and with it the need for

      - charge_write  Write  charge_write row  was b.php:8  POST /v1/refunds

    b: the key needs more

      + charge_write  Write  charge_write row  b.php:8  POST /v1/refunds

    c: new here; a key for it needs

      + charge_write  Write  charge_write row  b.php:8  POST /v1/refunds
    ");
}

#[test]
fn hostile_names_are_escaped_everywhere() {
    let mut new = own(&[needs(
        "charge_write",
        "required",
        &["POST /v1/refunds @ b.php:8"],
    )]);
    new.unit.name = "shop\u{1b}[2J".to_owned();
    new.permissions[0].requests[0].endpoint = "POST /v1/\u{202e}|`x`".to_owned();
    let changes = compare::appeared(&new);
    let mut json = Vec::new();
    compare::render_json(std::slice::from_ref(&changes), &mut json).expect("can be written");
    for text in [
        text(&changes),
        markdown(&changes),
        String::from_utf8(json).expect("text"),
    ] {
        assert!(!text.contains(['\u{1b}', '\u{202e}']), "{text}");
    }
}

#[test]
fn widening_is_told_by_access() {
    let old = own(&[needs(
        "customer_read",
        "required",
        &["GET /v1/customers @ a.php:3"],
    )]);
    let new = own(&[needs(
        "customer_write",
        "required",
        &["POST /v1/customers @ a.php:3"],
    )]);
    let change = &compare::compare(&old, &new).permissions[0];
    assert_eq!(
        (change.from, change.to),
        (Some(Access::Read), Some(Access::Write))
    );
    let change = &compare::compare(&new, &old).permissions[0];
    assert_eq!(change.id, "customer_read");
    assert_eq!(
        (change.from, change.to),
        (Some(Access::Write), Some(Access::Read))
    );
}
