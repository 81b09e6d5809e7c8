//! Reads the rows of one SDK.

use std::{collections::BTreeSet, sync::Arc};

use model::{
    Name,
    api::{EndpointId, GenericCall, GenericReceiver, Method, Methods, SdkClass, SdkRow, SdkTable},
};

use crate::{
    load::{
        Pool,
        cell::{Cells, version},
    },
    rule::NEWEST,
};

/// Reads everything about one SDK.
pub(super) fn read(text: &'static str) -> Option<SdkTable> {
    let mut reader = Reader::default();
    for line in text.lines() {
        reader.row(Cells(line))?;
    }
    reader.end_owner();
    Some(reader.table)
}

/// Methods in the order of the table, which is that of their names.
type SortedMethods = Vec<(Name, Vec<SdkRow>)>;

/// A service or class whose methods are being read.
struct Owner {
    name: Name,
    is_class: bool,
    statics: SortedMethods,
    instances: SortedMethods,
}

#[derive(Default)]
struct Reader {
    pool: Pool<'static>,
    table: SdkTable,
    owner: Option<Owner>,
}

impl Reader {
    fn row(&mut self, mut cells: Cells<'static>) -> Option<()> {
        match cells.next() {
            "m" | "s" => self.method(cells, |owner| &mut owner.statics),
            "i" => self.method(cells, |owner| &mut owner.instances),
            "service" => self.owner(cells, false),
            "class" => self.owner(cells, true),
            "class-object" => self.class_object(cells),
            "sdk" => {
                self.head(cells);
                Some(())
            }
            "service-class" => {
                self.service_class(cells);
                Some(())
            }
            "silent" => {
                self.quiet(cells, |table| &mut table.silent);
                Some(())
            }
            "pager" => {
                self.quiet(cells, |table| &mut table.pagers);
                Some(())
            }
            "generic" => self.generic(cells),
            _ => None,
        }
    }

    fn head(&mut self, mut cells: Cells<'static>) {
        let _id = cells.next();
        let pool = &mut self.pool;
        self.table.package = pool.name(cells.next());
        self.table.clients = pool.names(cells.next(), ' ').into_iter().collect();
        self.table.requestors = pool.names(cells.next(), ' ').into_iter().collect();
    }

    fn owner(&mut self, mut cells: Cells<'static>, is_class: bool) -> Option<()> {
        self.end_owner();
        self.owner = Some(Owner {
            name: self.pool.name_unless_empty(cells.next())?,
            is_class,
            statics: Vec::new(),
            instances: Vec::new(),
        });
        Some(())
    }

    fn method(
        &mut self,
        mut cells: Cells<'static>,
        of: fn(&mut Owner) -> &mut SortedMethods,
    ) -> Option<()> {
        let name = self.pool.name(cells.next());
        let row = SdkRow {
            endpoint: EndpointId(cells.next().parse().ok()?),
            since: version(cells.next())?,
            until: match cells.next() {
                "" => NEWEST,
                text => version(text)?,
            },
        };
        let methods = of(self.owner.as_mut()?);
        match methods.last_mut() {
            Some((last, rows)) if Arc::ptr_eq(last, &name) => rows.push(row),
            Some(_) | None => methods.push((name, vec![row])),
        }
        Some(())
    }

    fn end_owner(&mut self) {
        let Some(owner) = self.owner.take() else {
            return;
        };
        let statics = Methods::from_iter(owner.statics);
        if owner.is_class {
            let class = SdkClass {
                object: None,
                statics,
                instances: Methods::from_iter(owner.instances),
            };
            self.table.classes.insert(owner.name, class);
        } else {
            self.table.services.insert(owner.name, statics);
        }
    }

    /// Reads which object the instances of some classes are.
    fn class_object(&mut self, mut cells: Cells<'static>) -> Option<()> {
        self.end_owner();
        let object = self.pool.name_unless_empty(cells.next())?;
        for class in self.pool.names(cells.next(), ' ') {
            let class = self.table.classes.entry(class).or_default();
            class.object = Some(object.clone());
        }
        Some(())
    }

    fn service_class(&mut self, mut cells: Cells<'static>) {
        let class = self.pool.name(cells.next());
        let paths = self.pool.names(cells.next(), ' ').into_iter().collect();
        self.table.service_classes.insert(class, paths);
    }

    fn quiet(
        &mut self,
        mut cells: Cells<'static>,
        of: fn(&mut SdkTable) -> &mut BTreeSet<(Name, Name)>,
    ) {
        let pair = (self.pool.name(cells.next()), self.pool.name(cells.next()));
        of(&mut self.table).insert(pair);
    }

    fn generic(&mut self, mut cells: Cells<'static>) -> Option<()> {
        let receiver = match cells.next() {
            "client" => GenericReceiver::Client,
            "class" => GenericReceiver::Class,
            "object" => GenericReceiver::Object,
            "requestor" => GenericReceiver::Requestor,
            _ => return None,
        };
        let method = self.pool.name(cells.next());
        let verb = cells.next();
        self.table.generic.push(GenericCall {
            receiver,
            method,
            verb_argument: verb.parse().ok(),
            verb: Method::parse(verb),
            path_argument: cells.next().parse().ok()?,
        });
        Some(())
    }
}
