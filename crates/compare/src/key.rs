//! What one column of a key can do, according to a manifest.

use std::collections::{BTreeMap, BTreeSet};

use model::{manifest::KeyTiers, permission::PermissionId};
use report::v1::{Access, Permission, Request, Unit, Unmapped};

/// One column of a key: the own account, or connected accounts.
#[derive(Debug)]
pub(crate) struct Key<'a> {
    unit: &'a Unit,
    /// What it can do, by the permission's id without its access.
    pub(crate) rows: BTreeMap<String, Row<'a>>,
    /// What the manifest lists beside it: needed by code that the key is not made for.
    pub(crate) beside: BTreeSet<String>,
}

/// One permission of a key.
#[derive(Debug)]
pub(crate) struct Row<'a> {
    /// The entry with the widest access.
    pub(crate) permission: &'a Permission,
    /// What it allows.
    pub(crate) access: Access,
    /// The requests that it is part of the key for.
    pub(crate) requests: Vec<&'a Request>,
}

impl<'a> Key<'a> {
    /// Reads the column of the own account.
    pub(crate) fn own(unit: &'a Unit) -> Self {
        Self::of(unit, &unit.permissions)
    }

    /// Reads the Connect column.
    pub(crate) fn connect(unit: &'a Unit) -> Self {
        Self::of(unit, &unit.connect)
    }

    fn of(unit: &'a Unit, permissions: &'a [Permission]) -> Self {
        let mut rows: BTreeMap<String, Row<'a>> = BTreeMap::new();
        let mut beside = BTreeSet::new();
        for permission in permissions {
            let (base, access) = split(permission);
            if !is_part(unit, &permission.tier) {
                beside.insert(base);
                continue;
            }
            let all = permission.requests.iter();
            let requests = all.filter(|request| is_part(unit, &request.tier));
            let row = rows.entry(base).or_insert(Row {
                permission,
                access,
                requests: Vec::new(),
            });
            row.requests.extend(requests);
            if access == Access::Write {
                (row.permission, row.access) = (permission, access);
            }
        }
        Self { unit, rows, beside }
    }

    /// Names every request that the key is made for, mapped or not.
    pub(crate) fn titles(&self) -> BTreeSet<String> {
        let rows = self.rows.values().flat_map(|row| &row.requests);
        let mapped = rows.map(|request| request.title());
        mapped
            .chain(unmapped(self.unit).map(Unmapped::title))
            .collect()
    }
}

/// Lists the requests without a known permission that the key is made for.
pub(crate) fn unmapped(unit: &Unit) -> impl Iterator<Item = &Unmapped> {
    unit.unmapped.iter().filter(|one| is_part(unit, &one.tier))
}

/// Tells whether the key of `unit` is made for what is of `tier`; a tier that is not known counts.
fn is_part(unit: &Unit, tier: &str) -> bool {
    let default = KeyTiers::default();
    match (&unit.key_tiers, tier) {
        (Some(tiers), _) if tiers.iter().any(|one| one == tier) => true,
        (Some(_), "one_off" | "unreferenced") => false,
        (None, "one_off") => default.one_off,
        (None, "unreferenced") => default.unreferenced,
        _ => true,
    }
}

/// Splits `charge_write`, with or without the prefix that the Dashboard writes.
fn split(permission: &Permission) -> (String, Access) {
    match PermissionId::parse(&permission.id) {
        Some(id) => {
            let access = match id.access {
                model::permission::Access::Read => Access::Read,
                model::permission::Access::Write => Access::Write,
            };
            (id.base.to_string(), access)
        }
        None => (permission.id.clone(), permission.access),
    }
}
