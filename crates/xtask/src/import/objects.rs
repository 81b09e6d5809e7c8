//! `objects.yaml`: API objects, their classes, and where they come from and lead to.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    path::Path,
};

use crate::{ChoreError, facts::Facts, import::returns, yaml};

const HEAD: &str = "\
# API objects: the SDK classes they are, the endpoints that answer with one or with a list of them,
# the properties that lead to other objects, and the nested lists that make requests.
# `many: list` is a list object with `data`, `many: array` a plain array.
";

/// Names that stand for several objects.
pub(crate) const UNIONS: [(&str, &[&str]); 2] = [
    ("external_account", &["bank_account", "card"]),
    ("payment_source", &["bank_account", "card", "source"]),
];

/// Older class names that no rule would give.
const OLD_NAMES: [(&str, &str); 3] = [
    ("checkout.session", "CheckoutSession"),
    ("file", "FileUpload"),
    ("transfer_reversal", "Reversal"),
];

/// One object in the making.
#[derive(Default)]
struct Object {
    php: Vec<String>,
    python: Vec<String>,
    returned_by: Vec<String>,
    listed_by: Vec<String>,
    fields: BTreeMap<String, (BTreeSet<String>, &'static str)>,
    collections: Vec<String>,
}

/// Writes the file.
pub(crate) fn write(dir: &Path) -> Result<String, ChoreError> {
    let mut objects = BTreeMap::new();
    classes(dir, &mut objects)?;
    fields(dir, &mut objects)?;
    collections(dir, &mut objects)?;
    let names: BTreeSet<String> = objects.keys().cloned().collect();
    for (endpoint, (object, list)) in returns::read(dir, &names)? {
        let object: &mut Object = objects.entry(object).or_default();
        let endpoints = if list {
            &mut object.listed_by
        } else {
            &mut object.returned_by
        };
        endpoints.push(endpoint);
    }
    let mut text = HEAD.to_owned();
    for (name, object) in &objects {
        write_object(&mut text, name, object);
    }
    Ok(text)
}

fn classes(dir: &Path, objects: &mut BTreeMap<String, Object>) -> Result<(), ChoreError> {
    let known = |facts: &Facts| -> Result<BTreeSet<String>, ChoreError> {
        let rows = facts.rows(["class"])?;
        Ok(rows.into_iter().map(|[class]| class.to_owned()).collect())
    };
    let php = known(&Facts::read(dir, "php_static")?)?;
    let python = known(&Facts::read(dir, "python_static")?)?;
    let facts = Facts::read(dir, "resources")?;
    for [name, php_class, python_class] in facts.rows(["object", "php_class", "python_class"])? {
        let object = objects.entry(name.to_owned()).or_default();
        if let Some(class) = php_class.strip_prefix("Stripe\\") {
            object.php.push(class.to_owned());
            let legacy = format!("Stripe_{class}");
            object.php.extend(php.contains(&legacy).then_some(legacy));
        }
        if let Some(class) = python_class.strip_prefix("stripe.") {
            object.python.push(class.to_owned());
        }
        for (_, old) in OLD_NAMES.iter().filter(|(of, _)| *of == name) {
            for legacy in [format!("Stripe_{old}"), format!("Stripe\\{old}")] {
                if php.contains(&legacy) {
                    object
                        .php
                        .push(legacy.trim_start_matches("Stripe\\").to_owned());
                }
            }
            object
                .python
                .extend(python.contains(*old).then(|| (*old).to_owned()));
        }
    }
    Ok(())
}

fn fields(dir: &Path, objects: &mut BTreeMap<String, Object>) -> Result<(), ChoreError> {
    let facts = Facts::read(dir, "object_fields")?;
    for [name, property, target, is_list] in
        facts.rows(["object", "property", "refers_to", "is_list"])?
    {
        let many = match is_list {
            "list" => "list",
            "array" => "array",
            _ => "",
        };
        for target in targets(target) {
            objects.entry(target.clone()).or_default();
            let object = objects.entry(name.to_owned()).or_default();
            let field = object.fields.entry(property.to_owned());
            let (targets, how) = field.or_default();
            targets.insert(target);
            *how = if how.is_empty() { many } else { how };
        }
    }
    Ok(())
}

fn targets(text: &str) -> impl Iterator<Item = String> {
    text.split('|').map(|target| target.trim().to_owned())
}

fn collections(dir: &Path, objects: &mut BTreeMap<String, Object>) -> Result<(), ChoreError> {
    let facts = Facts::read(dir, "collections")?;
    for [
        name,
        property,
        items,
        list,
        create,
        retrieve,
        update,
        delete,
    ] in facts.rows([
        "parent_object",
        "property",
        "item_object",
        "list_all",
        "create",
        "retrieve",
        "item_save_update",
        "item_delete",
    ])? {
        for item in targets(items) {
            objects.entry(item).or_default();
        }
        let tail = yaml::flow_map(&[
            ("list", list),
            ("create", create),
            ("retrieve", retrieve),
            ("update", update),
            ("delete", delete),
        ]);
        let row = format!(
            "{{ property: {property}, items: {}, {}",
            yaml::flow_list(items.split('|')),
            tail.trim_start_matches("{ "),
        );
        objects
            .entry(name.to_owned())
            .or_default()
            .collections
            .push(row);
    }
    Ok(())
}

fn write_object(text: &mut String, name: &str, object: &Object) {
    let class_list = |sdk: &str, classes: &[String]| {
        let list = yaml::flow_list(classes.iter().map(String::as_str));
        (!classes.is_empty()).then(|| format!("{sdk}: {list}"))
    };
    let classes: Vec<String> = [
        class_list("stripe-php", &object.php),
        class_list("stripe-python", &object.python),
    ]
    .into_iter()
    .flatten()
    .collect();
    let _ = writeln!(text, "- object: {name}");
    if !classes.is_empty() {
        let _ = writeln!(text, "  classes: {{ {} }}", classes.join(", "));
    }
    if let Some((_, members)) = UNIONS.iter().find(|(union, _)| *union == name) {
        let _ = writeln!(
            text,
            "  union: {}",
            yaml::flow_list(members.iter().copied())
        );
    }
    rows(text, "returned_by", &object.returned_by);
    rows(text, "listed_by", &object.listed_by);
    let fields: Vec<String> = object
        .fields
        .iter()
        .map(|(field, (targets, many))| {
            let targets = yaml::flow_list(targets.iter().map(String::as_str));
            let many = if many.is_empty() {
                String::new()
            } else {
                format!(", many: {many}")
            };
            format!(
                "{{ field: {}, objects: {targets}{many} }}",
                yaml::flow(field)
            )
        })
        .collect();
    rows(text, "fields", &fields);
    rows(text, "collections", &object.collections);
}

fn rows(text: &mut String, key: &str, rows: &[String]) {
    if !rows.is_empty() {
        let _ = writeln!(text, "  {key}:");
    }
    for row in rows {
        let _ = writeln!(text, "    - {row}");
    }
}
