//! Reads the rows of objects.

use std::collections::BTreeMap;

use model::{
    Name,
    api::{Collection, EndpointId, ObjectField, ObjectInfo},
};

use crate::{
    load::{Pool, cell::Cells},
    sdk::sdk_id,
};

/// Reads every object.
pub(super) fn read(text: &'static str) -> Option<BTreeMap<Name, ObjectInfo>> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.row(Cells(line))?;
    }
    reader.finish()
}

#[derive(Default)]
struct Reader {
    pool: Pool<'static>,
    objects: BTreeMap<Name, ObjectInfo>,
    /// The object whose rows are being read.
    object: Option<(Name, ObjectInfo)>,
    unions: Vec<(Name, Vec<Name>)>,
}

impl Reader {
    fn row(&mut self, mut cells: Cells<'static>) -> Option<()> {
        match cells.next() {
            "object" => self.object(cells),
            "object-class" => self.class(cells),
            "union" => self.union(cells),
            "field" => self.field(cells),
            "collection" => self.collection(cells),
            _ => None,
        }
    }

    fn object(&mut self, mut cells: Cells<'static>) -> Option<()> {
        self.end_object();
        let name = self.pool.name_unless_empty(cells.next())?;
        self.object = Some((name, ObjectInfo::default()));
        Some(())
    }

    fn end_object(&mut self) {
        self.objects.extend(self.object.take());
    }

    fn class(&mut self, mut cells: Cells<'static>) -> Option<()> {
        let sdk = sdk_id(cells.next()).ok()?;
        let classes = self.pool.names(cells.next(), ' ');
        self.object.as_mut()?.1.classes.insert(sdk, classes);
        Some(())
    }

    fn union(&mut self, mut cells: Cells<'static>) -> Option<()> {
        let members = self.pool.names(cells.next(), ' ');
        self.unions.push((self.object.as_ref()?.0.clone(), members));
        Some(())
    }

    fn field(&mut self, mut cells: Cells<'static>) -> Option<()> {
        let name = self.pool.name(cells.next());
        let field = ObjectField {
            objects: self.pool.names(cells.next(), ' '),
            list: cells.next() == "list",
        };
        self.object.as_mut()?.1.fields.insert(name, field);
        Some(())
    }

    fn collection(&mut self, mut cells: Cells<'static>) -> Option<()> {
        let name = self.pool.name(cells.next());
        let collection = Collection {
            items: self.pool.names(cells.next(), ' '),
            list: endpoint_id(cells.next()),
            create: endpoint_id(cells.next()),
            retrieve: endpoint_id(cells.next()),
            update: endpoint_id(cells.next()),
            delete: endpoint_id(cells.next()),
        };
        let (_, info) = self.object.as_mut()?;
        info.collections.insert(name, collection);
        Some(())
    }

    fn finish(mut self) -> Option<BTreeMap<Name, ObjectInfo>> {
        self.end_object();
        for (name, members) in std::mem::take(&mut self.unions) {
            self.fill_union(&name, &members)?;
        }
        Some(self.objects)
    }

    /// Gives a union the classes and properties of its members.
    fn fill_union(&mut self, name: &Name, members: &[Name]) -> Option<()> {
        let mut union = self.objects.get(name)?.clone();
        for member in members {
            let info = self.objects.get(member)?;
            for (sdk, classes) in &info.classes {
                let known = union.classes.entry(*sdk).or_default();
                known.extend(classes.iter().cloned());
            }
            for (property, field) in &info.fields {
                let known = union.fields.entry(property.clone());
                known.or_insert_with(|| field.clone());
            }
        }
        self.objects.insert(name.clone(), union);
        Some(())
    }
}

/// Reads the number of an endpoint, where there is one.
fn endpoint_id(text: &str) -> Option<EndpointId> {
    text.parse().ok().map(EndpointId)
}
