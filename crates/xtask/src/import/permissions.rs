//! `permissions.yaml`: the only ids that exist.

use std::{collections::BTreeMap, path::Path};

use crate::{ChoreError, disk, facts::Facts, yaml};

const HEAD: &str = "\
# Every permission of a restricted key: the only ids that may ever be printed.
# One row per base; an id is the base and a level, for instance `charge_write`.
# `app_schema`: the levels that the published schema of Stripe App manifests accepts.
";

/// Section and label of each base.
pub(crate) type Catalogue = BTreeMap<String, (String, String)>;

/// Reads what the Dashboard shows for each base.
pub(crate) fn read(dir: &Path) -> Result<Catalogue, ChoreError> {
    let facts = Facts::read(dir, "permissions_catalog")?;
    let rows = facts.rows(["base_id", "dashboard_section", "dashboard_label"])?;
    let shown = |[base, section, label]: [&str; 3]| {
        (base.to_owned(), (section.to_owned(), label.to_owned()))
    };
    Ok(rows.into_iter().map(shown).collect())
}

/// Writes the file.
pub(crate) fn write(dir: &Path) -> Result<String, ChoreError> {
    let path = dir.join("stripe_app_schema_ids.txt");
    let schema = std::fs::read_to_string(&path).map_err(|source| disk(&path, source))?;
    let schema: Vec<&str> = schema.lines().map(str::trim).collect();
    let facts = Facts::read(dir, "permissions_catalog")?;
    let mut text = HEAD.to_owned();
    for [
        base,
        levels,
        label,
        section,
        implied,
        direct_only,
        grade,
        source,
        note,
    ] in facts.rows([
        "base_id",
        "levels",
        "dashboard_label",
        "dashboard_section",
        "implied",
        "direct_only",
        "grade",
        "source",
        "note",
    ])? {
        let levels: Vec<&str> = levels.split(',').collect();
        let in_schema = |level: &&&str| schema.contains(&format!("{base}_{level}").as_str());
        let in_schema: Vec<&str> = levels.iter().filter(in_schema).copied().collect();
        yaml::item(
            &mut text,
            &[
                ("base", yaml::block(base)),
                ("levels", yaml::flow_list(levels)),
                ("label", yaml::block_or_empty(label)),
                ("section", yaml::block(section)),
                ("implied", list_or_empty(implied.split(','))),
                ("direct_only", yaml::block(direct_only)),
                ("app_schema", list_or_empty(in_schema)),
                ("grade", yaml::block(grade)),
                ("source", yaml::block_or_empty(source)),
                ("note", yaml::block_or_empty(note)),
            ],
        );
    }
    Ok(text)
}

fn list_or_empty<'t>(values: impl IntoIterator<Item = &'t str>) -> String {
    let values: Vec<&str> = values
        .into_iter()
        .filter(|value| !value.is_empty())
        .collect();
    if values.is_empty() {
        String::new()
    } else {
        yaml::flow_list(values)
    }
}
