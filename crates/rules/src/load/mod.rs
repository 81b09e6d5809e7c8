//! Reads the compiled table: the fast way to a [`RuleSet`].
//!
//! The table was checked when it was compiled; what cannot be read makes the whole load fail.

pub(crate) mod cell;

use std::{collections::HashMap, hash::BuildHasherDefault, sync::Arc};

use model::{
    Name,
    api::{
        Catalog, Collection, Endpoint, EndpointId, EndpointInfo, GenericCall, GenericReceiver,
        HttpCall, HttpCallee, HttpFactory, Method, Methods, ObjectField, ObjectInfo, PathTemplate,
        Returned, SdkClass, SdkId, SdkRow, SdkTable,
    },
    permission::{Grade, PermissionId, PermissionInfo},
};

use crate::{
    RuleSet,
    costs::CostTable,
    functions, http,
    load::cell::{Cells, QuickHasher, answer, places, version},
    rule::{EndpointRule, NEWEST, PermissionRule},
    sdk::sdk_id,
};

/// Reads a whole table; `None` if it is damaged.
pub(crate) fn load(text: &str) -> Option<RuleSet> {
    let (text, costs) = split(text);
    let (head, rows) = text.split_once('\n')?;
    let mut head = Cells(head);
    if (head.next(), head.next()) != ("rakscan-rules", "1") {
        return None;
    }
    let mut loader = Loader {
        version: head.next().to_owned(),
        costs: CostTable::new(costs),
        ..Loader::default()
    };
    for line in rows.lines() {
        loader.row(Cells(line))?;
    }
    loader.finish()
}

/// The row behind which only rows about costs follow.
pub(crate) const COSTS: &str = "costs";

/// Parts the rows that every scan needs from those about costs, which few need.
pub(crate) fn split(text: &str) -> (&str, &str) {
    text.rsplit_once("\ncosts\n").unwrap_or((text, ""))
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
struct Loader<'t> {
    version: String,
    costs: CostTable,
    catalog: Catalog,
    permissions: Vec<PermissionRule>,
    endpoints: Vec<EndpointRule>,
    names: HashMap<&'t str, Name, BuildHasherDefault<QuickHasher>>,
    sdk: Option<(SdkId, SdkTable)>,
    owner: Option<Owner>,
    object: Option<(Name, ObjectInfo)>,
    unions: Vec<(Name, Vec<Name>)>,
}

impl<'t> Loader<'t> {
    fn row(&mut self, mut cells: Cells<'t>) -> Option<()> {
        match cells.next() {
            "m" | "s" => self.method(cells, |owner| &mut owner.statics),
            "i" => self.method(cells, |owner| &mut owner.instances),
            "service" => self.owner(cells, false),
            "class" => self.owner(cells, true),
            "permission" => self.permission(cells),
            "endpoint" => self.endpoint(cells),
            "sdk" => self.sdk(cells),
            "service-class" => self.service_class(cells),
            "silent" => self.quiet(cells, |table| &mut table.silent),
            "pager" => self.quiet(cells, |table| &mut table.pagers),
            "generic" => self.generic(cells),
            "object" => self.object(cells),
            "object-class" => self.object_class(cells),
            "union" => self.union(cells),
            "field" => self.field(cells),
            "collection" => self.collection(cells),
            "http" => self.http_call(cells),
            "http-factory" => self.http_factory(cells),
            "function" => self.function(cells),
            "library" => self.library(cells),
            _ => None,
        }
    }

    /// Returns the shared copy of a text.
    fn name(&mut self, text: &'t str) -> Name {
        self.names
            .entry(text)
            .or_insert_with(|| text.into())
            .clone()
    }

    fn name_unless_empty(&mut self, text: &'t str) -> Option<Name> {
        (!text.is_empty()).then(|| self.name(text))
    }

    fn names(&mut self, text: &'t str, separator: char) -> Vec<Name> {
        text.split(separator)
            .filter(|part| !part.is_empty())
            .map(|part| self.name(part))
            .collect()
    }

    fn permission(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let id = PermissionId::parse(cells.next())?;
        let grade = Grade::from_id(cells.next())?;
        let direct_only = match cells.next() {
            "yes" => Some(true),
            "no" => Some(false),
            "" => None,
            _ => return None,
        };
        let rule = PermissionRule {
            app_schema: cells.next() == "schema",
            info: PermissionInfo {
                id,
                section: self.name(cells.next()),
                label: self.name_unless_empty(cells.next()),
                implied: self.names(cells.next(), ','),
                direct_only: direct_only == Some(true),
                grade,
            },
            direct_only,
            source: self.name_unless_empty(cells.next()),
            note: self.name_unless_empty(cells.next()),
        };
        self.permissions.push(rule);
        Some(())
    }

    fn endpoint(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let method = Method::parse(cells.next())?;
        let endpoint = Endpoint {
            path: PathTemplate::new(cells.next()),
            method,
        };
        let answer = answer(cells.next())?;
        let grade = Grade::from_id(cells.next())?;
        let status = self.name(cells.next());
        let object = self.name_unless_empty(cells.next());
        let list = cells.next() == "list";
        self.catalog.add_endpoint(EndpointInfo {
            endpoint: endpoint.clone(),
            returns: object.map(|object| Returned { object, list }),
        });
        let rule = EndpointRule {
            endpoint,
            answer,
            grade,
            status,
            section: self.name_unless_empty(cells.next()),
            label: self.name_unless_empty(cells.next()),
            source: self.name_unless_empty(cells.next()),
            note: self.name_unless_empty(cells.next()),
            file: None,
        };
        self.endpoints.push(rule);
        Some(())
    }

    fn sdk(&mut self, mut cells: Cells<'t>) -> Option<()> {
        self.end_sdk();
        let id = sdk_id(cells.next()).ok()?;
        let table = SdkTable {
            package: self.name(cells.next()),
            clients: self.names(cells.next(), ' ').into_iter().collect(),
            requestors: self.names(cells.next(), ' ').into_iter().collect(),
            ..SdkTable::default()
        };
        self.sdk = Some((id, table));
        Some(())
    }

    fn owner(&mut self, mut cells: Cells<'t>, is_class: bool) -> Option<()> {
        self.end_owner();
        self.owner = Some(Owner {
            name: self.name_unless_empty(cells.next())?,
            is_class,
            statics: Vec::new(),
            instances: Vec::new(),
        });
        Some(())
    }

    fn method(
        &mut self,
        mut cells: Cells<'t>,
        of: fn(&mut Owner) -> &mut SortedMethods,
    ) -> Option<()> {
        let name = self.name(cells.next());
        let row = SdkRow {
            endpoint: self.endpoint_id(cells.next())?,
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

    fn endpoint_id(&self, text: &str) -> Option<EndpointId> {
        let number: u32 = text.parse().ok()?;
        ((number as usize) < self.endpoints.len()).then_some(EndpointId(number))
    }

    fn end_owner(&mut self) {
        let (Some(owner), Some((_, table))) = (self.owner.take(), &mut self.sdk) else {
            return;
        };
        let statics = Methods::from_iter(owner.statics);
        if owner.is_class {
            let class = SdkClass {
                object: None,
                statics,
                instances: Methods::from_iter(owner.instances),
            };
            table.classes.insert(owner.name, class);
        } else {
            table.services.insert(owner.name, statics);
        }
    }

    fn end_sdk(&mut self) {
        self.end_owner();
        if let Some((id, table)) = self.sdk.take() {
            self.catalog.sdks.insert(id, table);
        }
    }

    fn service_class(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let class = self.name(cells.next());
        let paths = self.names(cells.next(), ' ').into_iter().collect();
        let (_, table) = self.sdk.as_mut()?;
        table.service_classes.insert(class, paths);
        Some(())
    }

    fn quiet(
        &mut self,
        mut cells: Cells<'t>,
        of: fn(&mut SdkTable) -> &mut std::collections::BTreeSet<(Name, Name)>,
    ) -> Option<()> {
        let pair = (self.name(cells.next()), self.name(cells.next()));
        of(&mut self.sdk.as_mut()?.1).insert(pair);
        Some(())
    }

    fn generic(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let receiver = match cells.next() {
            "client" => GenericReceiver::Client,
            "class" => GenericReceiver::Class,
            "object" => GenericReceiver::Object,
            "requestor" => GenericReceiver::Requestor,
            _ => return None,
        };
        let method = self.name(cells.next());
        let verb = cells.next();
        let call = GenericCall {
            receiver,
            method,
            verb_argument: verb.parse().ok(),
            verb: Method::parse(verb),
            path_argument: cells.next().parse().ok()?,
        };
        self.sdk.as_mut()?.1.generic.push(call);
        Some(())
    }

    fn object(&mut self, mut cells: Cells<'t>) -> Option<()> {
        self.end_sdk();
        self.end_object();
        let name = self.name_unless_empty(cells.next())?;
        self.object = Some((name, ObjectInfo::default()));
        Some(())
    }

    fn end_object(&mut self) {
        if let Some((name, info)) = self.object.take() {
            self.catalog.objects.insert(name, info);
        }
    }

    fn object_class(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let sdk = sdk_id(cells.next()).ok()?;
        let classes = self.names(cells.next(), ' ');
        let (object, info) = self.object.as_mut()?;
        let table = self.catalog.sdks.get_mut(&sdk)?;
        for class in &classes {
            table.classes.entry(class.clone()).or_default().object = Some(object.clone());
        }
        info.classes.insert(sdk, classes);
        Some(())
    }

    fn union(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let members = self.names(cells.next(), ' ');
        self.unions.push((self.object.as_ref()?.0.clone(), members));
        Some(())
    }

    fn field(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let name = self.name(cells.next());
        let field = ObjectField {
            objects: self.names(cells.next(), ' '),
            list: cells.next() == "list",
        };
        self.object.as_mut()?.1.fields.insert(name, field);
        Some(())
    }

    fn collection(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let name = self.name(cells.next());
        let collection = Collection {
            items: self.names(cells.next(), ' '),
            list: self.endpoint_id(cells.next()),
            create: self.endpoint_id(cells.next()),
            retrieve: self.endpoint_id(cells.next()),
            update: self.endpoint_id(cells.next()),
            delete: self.endpoint_id(cells.next()),
        };
        let (_, info) = self.object.as_mut()?;
        info.collections.insert(name, collection);
        Some(())
    }

    fn callee(&mut self, cells: &mut Cells<'t>) -> Option<HttpCallee> {
        let kind = cells.next();
        let (first, second) = (self.name(cells.next()), self.name(cells.next()));
        Some(match kind {
            "function" => HttpCallee::Function(first),
            "method" => HttpCallee::Method {
                class: first,
                method: second,
            },
            "module" => HttpCallee::Module {
                module: first,
                member: second,
            },
            _ => return None,
        })
    }

    fn http_call(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let language = http::language(cells.next()).ok()?;
        let callee = self.callee(&mut cells)?;
        self.catalog.http.push(HttpCall {
            language,
            callee,
            default_verb: Method::parse(cells.next())?,
            url: places(cells.next())?,
            verb: places(cells.next())?,
            body: places(cells.next())?,
            host: places(cells.next())?,
            headers: places(cells.next())?,
            base: places(cells.next())?,
        });
        Some(())
    }

    fn function(&mut self, mut cells: Cells<'t>) -> Option<()> {
        self.catalog.functions.push(functions::read(&mut cells)?);
        Some(())
    }

    fn library(&mut self, mut cells: Cells<'t>) -> Option<()> {
        self.catalog
            .libraries
            .push(functions::read_library(&mut cells)?);
        Some(())
    }

    fn http_factory(&mut self, mut cells: Cells<'t>) -> Option<()> {
        let language = http::language(cells.next()).ok()?;
        let callee = self.callee(&mut cells)?;
        let class = self.name(cells.next());
        self.catalog.http_factories.push(HttpFactory {
            language,
            callee,
            class,
            base: places(cells.next())?,
        });
        Some(())
    }

    fn finish(mut self) -> Option<RuleSet> {
        self.end_sdk();
        self.end_object();
        for (name, members) in std::mem::take(&mut self.unions) {
            self.fill_union(&name, &members)?;
        }
        Some(RuleSet {
            catalog: self.catalog,
            permissions: self.permissions,
            endpoints: self.endpoints,
            costs: self.costs,
            version: self.version,
        })
    }

    /// Gives a union the classes and properties of its members.
    fn fill_union(&mut self, name: &Name, members: &[Name]) -> Option<()> {
        let mut union = self.catalog.objects.get(name)?.clone();
        for member in members {
            let info = self.catalog.objects.get(member)?;
            for (sdk, classes) in &info.classes {
                let known = union.classes.entry(*sdk).or_default();
                known.extend(classes.iter().cloned());
            }
            for (property, field) in &info.fields {
                let known = union.fields.entry(property.clone());
                known.or_insert_with(|| field.clone());
            }
        }
        self.catalog.objects.insert(name.clone(), union);
        Some(())
    }
}
