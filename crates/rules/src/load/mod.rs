//! Reads the compiled table: the fast way to a [`RuleSet`].
//!
//! The table was checked when it was compiled. Its head says where each section is, and a section is
//! read when somebody first asks for what is in it: few runs need the spellings of all SDKs.

pub(crate) mod cell;
mod clients;
mod endpoints;
mod objects;
mod pool;
mod sdk;

use model::{api::SdkId, later::Later};

pub(crate) use crate::load::pool::Pool;
use crate::{
    RuleSet,
    costs::{self, CostTable},
    load::cell::Cells,
    sdk::sdk_id,
};

/// First cell of the table.
pub(crate) const FORMAT: &str = "rakscan-rules";
/// Second cell of the table.
pub(crate) const VERSION: &str = "2";

/// Names of the sections that are not those of an SDK.
pub(crate) mod section {
    pub(crate) const PERMISSIONS: &str = "permissions";
    pub(crate) const ENDPOINTS: &str = "endpoints";
    pub(crate) const OBJECTS: &str = "objects";
    pub(crate) const HTTP: &str = "http";
    pub(crate) const FUNCTIONS: &str = "functions";
    pub(crate) const COSTS: &str = "costs";
}

/// Why a section can be read.
const TESTED: &str = "a test reads every section of the compiled table";

/// Finds the sections of a packed table; `None` if its head is damaged.
pub(crate) fn load(table: &'static [u8]) -> Option<RuleSet> {
    let end = table.iter().position(|byte| *byte == b'\n')?;
    let (head, rows) = table.split_at(end);
    let mut head = Cells(str::from_utf8(head).ok()?);
    if (head.next(), head.next()) != (FORMAT, VERSION) {
        return None;
    }
    let mut rules = RuleSet {
        version: head.next().to_owned(),
        ..RuleSet::default()
    };
    let mut start = 1;
    while !head.0.is_empty() {
        let name = head.next();
        let end = head.next().parse::<usize>().ok()?.checked_add(start)?;
        let packed = rows.get(start..end)?;
        let rows = Section(Later::new(move || unpack(packed)));
        section(&mut rules, name, &rows)?;
        start = end;
    }
    Some(rules)
}

fn unpack(packed: &[u8]) -> &'static str {
    let bytes = lz4_flex::block::decompress_size_prepended(packed).expect(TESTED);
    String::from_utf8(bytes).expect(TESTED).leak()
}

/// The rows of a section, unpacked when they are first asked for.
#[derive(Clone)]
struct Section(Later<&'static str>);

impl Section {
    /// Promises what `read` makes of the rows.
    fn promise<T: 'static>(
        &self,
        read: impl FnOnce(&'static str) -> Option<T> + Send + Sync + 'static,
    ) -> Later<T> {
        let text = self.0.clone();
        Later::new(move || read(*text).expect(TESTED))
    }
}

/// Promises what is in one section.
fn section(rules: &mut RuleSet, name: &str, rows: &Section) -> Option<()> {
    let catalog = &mut rules.catalog;
    match name {
        section::PERMISSIONS => rules.permissions = rows.promise(endpoints::permissions),
        section::ENDPOINTS => {
            let infos = rows.promise(endpoints::infos);
            catalog.endpoints = infos.clone();
            rules.endpoints = rows.promise(move |text| endpoints::rules(text, &infos));
        }
        section::OBJECTS => catalog.objects = rows.promise(objects::read),
        section::HTTP => {
            catalog.http = rows.promise(clients::calls);
            catalog.http_factories = rows.promise(clients::factories);
        }
        section::FUNCTIONS => {
            catalog.functions = rows.promise(clients::functions);
            catalog.libraries = rows.promise(clients::libraries);
        }
        section::COSTS => rules.costs = CostTable::new(rows.promise(costs::read)),
        name => {
            let id: SdkId = sdk_id(name).ok()?;
            catalog.sdks.insert(id, rows.promise(sdk::read));
        }
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use model::api::EndpointId;

    use super::*;

    #[test]
    fn every_section_can_be_read() {
        let rules = load(crate::PACKED).unwrap();
        let catalog = &rules.catalog;
        assert!(!rules.permissions.is_empty() && !rules.endpoints.is_empty());
        assert_eq!(catalog.endpoints.len(), rules.endpoints.len());
        assert!(!catalog.objects.is_empty());
        assert!(!catalog.http.is_empty() && !catalog.http_factories.is_empty());
        assert!(!catalog.functions.is_empty() && !catalog.libraries.is_empty());
        assert!(!rules.costs.is_empty());
        assert_eq!(catalog.sdks.len(), SdkId::ALL.len());
        for table in catalog.sdks.values() {
            assert!(!table.services.is_empty() && !table.clients.is_empty());
        }
    }

    #[test]
    fn every_endpoint_that_a_row_names_is_there() {
        let rules = load(crate::PACKED).unwrap();
        let is_there = |id: EndpointId| (id.0 as usize) < rules.endpoints.len();
        for table in rules.catalog.sdks.values() {
            let classes = table.classes.values();
            let mut methods: Vec<_> = table.services.values().collect();
            methods.extend(classes.flat_map(|class| [&class.statics, &class.instances]));
            let mut rows = methods
                .iter()
                .flat_map(|methods| methods.values())
                .flatten();
            assert!(rows.all(|row| is_there(row.endpoint)));
        }
        for collection in rules
            .catalog
            .objects
            .values()
            .flat_map(|o| o.collections.values())
        {
            let c = collection;
            let ids = [c.list, c.create, c.retrieve, c.update, c.delete];
            assert!(ids.into_iter().flatten().all(is_there));
        }
    }

    #[test]
    fn a_damaged_head_is_refused() {
        for text in [
            "",
            "rakscan-rules\t1\t0\n",
            "rakscan-rules\t2\t0\tpermissions\t9\nshort",
            "rakscan-rules\t2\t0\tpermissions\tx\n",
            "rakscan-rules\t2\t0\tnobody\t0\n",
        ] {
            assert!(load(text.as_bytes()).is_none(), "{text}");
        }
    }
}
