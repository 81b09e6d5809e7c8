//! Checks `objects.yaml` and writes its part of the compiled table.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    compile::{EndpointIndex, Files, Table, all, twice},
    error::{Fault, RuleError},
    schema::{CollectionRow, ObjectRow},
    sdk::sdk_id,
    validate::unknown,
};

/// The checked objects.
pub(crate) struct Objects {
    rows: Vec<ObjectRow>,
    /// Object and whether it is a list, by number of the endpoint that returns it.
    returned: BTreeMap<usize, (usize, bool)>,
    /// Numbers of the endpoints of each collection, in the order of its keys.
    collections: BTreeMap<(usize, usize), [String; 5]>,
}

/// Reads and checks the objects.
pub(crate) fn read(files: &Files, index: &EndpointIndex) -> Result<Objects, RuleError> {
    let mut objects = Objects {
        rows: Vec::new(),
        returned: BTreeMap::new(),
        collections: BTreeMap::new(),
    };
    for (name, text, rows) in all::<Vec<ObjectRow>>(files, "objects.yaml")? {
        let names: BTreeSet<&str> = rows.iter().map(|row| row.object.as_str()).collect();
        for (n, row) in rows.iter().enumerate() {
            objects
                .add(n, row, &names, index)
                .map_err(|fault| RuleError::new(name, text, fault.under(n)))?;
        }
        objects.rows = rows;
    }
    Ok(objects)
}

impl Objects {
    /// Returns what the endpoint of this number answers with.
    pub(crate) fn returned(&self, endpoint: usize) -> Option<(&str, bool)> {
        let (object, list) = self.returned.get(&endpoint)?;
        Some((self.rows.get(*object)?.object.as_str(), *list))
    }

    /// Returns the names of all objects.
    pub(crate) fn names(&self) -> BTreeSet<&str> {
        self.rows.iter().map(|row| row.object.as_str()).collect()
    }

    /// Returns the unions that an object is one of.
    pub(crate) fn unions_of<'a>(&'a self, object: &'a str) -> impl Iterator<Item = &'a str> {
        let has = move |row: &&ObjectRow| row.union.iter().any(|member| member == object);
        self.rows.iter().filter(has).map(|row| row.object.as_str())
    }

    /// Adds which object the instances of the classes of an SDK are.
    pub(crate) fn write_classes(&self, table: &mut Table, sdk: &str) {
        for row in &self.rows {
            if let Some(classes) = row.classes.get(sdk) {
                table.row(&["class-object", &row.object, &classes.join(" ")]);
            }
        }
    }

    /// Adds the rows of all objects.
    pub(crate) fn write(&self, table: &mut Table) {
        for (n, row) in self.rows.iter().enumerate() {
            table.row(&["object", &row.object]);
            for (sdk, classes) in &row.classes {
                table.row(&["object-class", sdk, &classes.join(" ")]);
            }
            if !row.union.is_empty() {
                table.row(&["union", &row.union.join(" ")]);
            }
            for field in &row.fields {
                let many = field.many.map_or("", |_| "list");
                let objects = field.objects.join(" ");
                table.row(&["field", &field.field, &objects, many]);
            }
            for (at, collection) in row.collections.iter().enumerate() {
                let items = collection.items.join(" ");
                let mut cells = vec!["collection", &collection.property, &items];
                if let Some(endpoints) = self.collections.get(&(n, at)) {
                    cells.extend(endpoints.iter().map(String::as_str));
                }
                table.row(&cells);
            }
        }
    }

    fn add(
        &mut self,
        n: usize,
        row: &ObjectRow,
        names: &BTreeSet<&str>,
        index: &EndpointIndex,
    ) -> Result<(), Fault> {
        for sdk in row.classes.keys() {
            sdk_id(sdk).map_err(|problem| problem.at(["classes".into()]))?;
        }
        self.returns(n, row, index)?;
        if let Some(object) = row.union.iter().find(|o| !names.contains(o.as_str())) {
            return Err(unknown("object", object).at(["union".into()]));
        }
        for (at, field) in row.fields.iter().enumerate() {
            if let Some(object) = field.objects.iter().find(|o| !names.contains(o.as_str())) {
                let path = ["fields".into(), at.into(), "objects".into()];
                return Err(unknown("object", object).at(path));
            }
        }
        for (at, collection) in row.collections.iter().enumerate() {
            let endpoints = collection_endpoints(collection, names, index)
                .map_err(|fault| fault.under(at).under("collections"))?;
            self.collections.insert((n, at), endpoints);
        }
        Ok(())
    }

    fn returns(&mut self, n: usize, row: &ObjectRow, index: &EndpointIndex) -> Result<(), Fault> {
        for (key, endpoints, list) in [
            ("returned_by", &row.returned_by, false),
            ("listed_by", &row.listed_by, true),
        ] {
            for (at, endpoint) in endpoints.iter().enumerate() {
                let path = [key.into(), at.into()];
                let number = index.number(endpoint).map_err(|problem| problem.at(path))?;
                if self.returned.insert(number, (n, list)).is_some() {
                    return Err(twice(endpoint).at(path));
                }
            }
        }
        Ok(())
    }
}

fn collection_endpoints(
    row: &CollectionRow,
    names: &BTreeSet<&str>,
    index: &EndpointIndex,
) -> Result<[String; 5], Fault> {
    if let Some(object) = row.items.iter().find(|o| !names.contains(o.as_str())) {
        return Err(unknown("object", object).at(["items".into()]));
    }
    let number = |key: &'static str, endpoint: &Option<String>| match endpoint {
        Some(text) => index
            .number(text)
            .map(|number| number.to_string())
            .map_err(|problem| problem.at([key.into()])),
        None => Ok(String::new()),
    };
    Ok([
        number("list", &row.list)?,
        number("create", &row.create)?,
        number("retrieve", &row.retrieve)?,
        number("update", &row.update)?,
        number("delete", &row.delete)?,
    ])
}
