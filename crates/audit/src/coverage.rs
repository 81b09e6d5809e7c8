//! Tells whether permissions that a key has are enough for a request.

use std::collections::BTreeSet;

use model::permission::{Access, PermissionId};
use rules::RuleSet;

/// Tells whether `granted` alone is enough where any of `any_of` is: write includes read, and some
/// permissions bring others along.
pub(crate) fn is_enough(granted: &PermissionId, any_of: &[PermissionId], rules: &RuleSet) -> bool {
    let implied = rules
        .permission(granted)
        .map_or(&[][..], |info| &info.implied);
    let implied: Vec<PermissionId> = implied
        .iter()
        .filter_map(|id| PermissionId::parse(id))
        .collect();
    any_of
        .iter()
        .any(|id| granted.includes(id) || implied.iter().any(|implied| implied.includes(id)))
}

/// Tells whether one of `granted` is enough.
pub(crate) fn is_covered(
    granted: &BTreeSet<PermissionId>,
    any_of: &[PermissionId],
    rules: &RuleSet,
) -> bool {
    granted.iter().any(|id| is_enough(id, any_of, rules))
}

/// Returns the permission that only reads, where there is one beside `id`.
pub(crate) fn reading(id: &PermissionId, rules: &RuleSet) -> Option<PermissionId> {
    let read = PermissionId {
        access: Access::Read,
        ..id.clone()
    };
    (id.access == Access::Write && rules.permission(&read).is_some()).then_some(read)
}
