//! Makes the YAML files under `rules/` from tables of facts.
//!
//! Needed once; the YAML files are the truth from then on. Says nothing that the tables do not say,
//! except what `objects` derives about the objects that endpoints return.

mod endpoints;
mod objects;
mod permissions;
mod returns;
mod sdks;
mod side;

use std::{collections::BTreeMap, path::Path};

use crate::ChoreError;

/// Returns the texts of the files, by path below `rules/`.
pub(crate) fn import(dir: &Path) -> Result<BTreeMap<String, String>, ChoreError> {
    let mut files = BTreeMap::new();
    let catalogue = permissions::read(dir)?;
    files.insert("permissions.yaml".to_owned(), permissions::write(dir)?);
    endpoints::write(dir, &catalogue, &mut files)?;
    for sdk in sdks::SDKS {
        let name = format!("sdks/{}.yaml", sdk.file);
        files.insert(name, sdks::write(dir, &sdk)?);
    }
    files.insert("objects.yaml".to_owned(), objects::write(dir)?);
    files.insert("expand.yaml".to_owned(), side::expand(dir)?);
    files.insert("events.yaml".to_owned(), side::events(dir)?);
    Ok(files)
}
