//! The rule table: endpoints, permissions, and how SDKs and HTTP clients spell requests.
//!
//! Owns YAML. Deliberately knows no source code: it is asked about a [`CallSite`], never about text.

use model::{
    api::Catalog,
    evidence::CallSite,
    manifest::Verdict,
    permission::{PermissionId, PermissionInfo},
};

/// All rows after validation.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    catalog: Catalog,
    permissions: Vec<PermissionInfo>,
}

impl RuleSet {
    /// Returns the rules that come with the program.
    #[must_use]
    pub fn builtin() -> Self {
        Self::default()
    }

    /// Returns what the analysis must know of Stripe.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns the Dashboard row of a permission, where it exists.
    #[must_use]
    pub fn permission(&self, id: &PermissionId) -> Option<&PermissionInfo> {
        self.permissions.iter().find(|info| info.id == *id)
    }

    /// Says which permission a call needs.
    #[must_use]
    pub fn judge(&self, call: CallSite) -> Verdict {
        let endpoint = model::api::Endpoint {
            path: call.path.clone(),
            method: call.method,
        };
        Verdict::Unmapped {
            call,
            endpoint,
            reason: model::manifest::UnmappedReason::UnknownEndpoint,
        }
    }
}
