//! The rule table: endpoints, permissions, and how SDKs and HTTP clients spell requests.
//!
//! Owns YAML. Deliberately knows no source code: it is asked about a [`CallSite`], never about text.
//! The files under `rules/` are the truth; the program carries them as one compiled table, see
//! [`compile()`], of which each part is read when it is first asked for.

mod compile;
mod costs;
mod error;
mod functions;
mod http;
mod load;
pub mod locate;
mod objects;
mod operation;
mod rule;
mod schema;
mod sdk;
mod spelling;
mod user;
mod validate;

use model::{
    api::{Catalog, Endpoint, EndpointId},
    evidence::CallSite,
    later::Later,
    manifest::{Cause, UnmappedReason, Verdict},
    permission::{PermissionId, PermissionInfo},
};

pub use crate::{
    compile::{Files, compile},
    costs::Costs,
    error::{Problem, RuleError},
    operation::OperationError,
    rule::{Answer, EndpointRule, PermissionRule, Spelling},
};

/// The compiled table of the files under `rules/`, packed by `build.rs`.
const PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/rules.lz4"));

/// All rows after validation.
#[derive(Clone, Debug, Default)]
pub struct RuleSet {
    catalog: Catalog,
    /// Sorted by id.
    permissions: Later<Vec<PermissionRule>>,
    /// The rule of each endpoint, at the position that its [`EndpointId`] says.
    endpoints: Later<Vec<EndpointRule>>,
    /// What parameters of requests ask for.
    costs: costs::CostTable,
    version: String,
}

impl RuleSet {
    /// Returns the rules that come with the program; reads next to nothing of them.
    ///
    /// # Panics
    ///
    /// Never: a test compares the compiled table with the rule files.
    #[must_use]
    pub fn builtin() -> Self {
        load::load(PACKED).expect("a test compares the compiled table with the rule files")
    }

    /// Adds a user's rule file; its rows replace those of the same endpoint.
    ///
    /// `name` is shown in errors and kept as the origin of the rows.
    ///
    /// # Errors
    ///
    /// Fails at the first value that is wrong, and says where it stands.
    pub fn with_rules(self, name: &str, text: &str) -> Result<Self, RuleError> {
        user::add(self, name, text)
    }

    /// Returns a short text that differs whenever the rules do.
    #[must_use]
    pub fn version(&self) -> &str {
        &self.version
    }

    /// Returns what the analysis must know of Stripe.
    #[must_use]
    pub fn catalog(&self) -> &Catalog {
        &self.catalog
    }

    /// Returns the Dashboard row of a permission, where it exists.
    #[must_use]
    pub fn permission(&self, id: &PermissionId) -> Option<&PermissionInfo> {
        self.permission_rule(id).map(|rule| &rule.info)
    }

    /// Returns all that is known of a permission, where it exists.
    #[must_use]
    pub fn permission_rule(&self, id: &PermissionId) -> Option<&PermissionRule> {
        let found = self
            .permissions
            .binary_search_by(|rule| rule.info.id.cmp(id));
        found.ok().and_then(|at| self.permissions.get(at))
    }

    /// Returns every permission that exists, sorted by id.
    pub fn permissions(&self) -> impl Iterator<Item = &PermissionRule> {
        self.permissions.iter()
    }

    /// Returns every endpoint with its rule; those that come with the program are sorted by path.
    pub fn endpoints(&self) -> impl Iterator<Item = &EndpointRule> {
        self.endpoints.iter()
    }

    /// Returns the rule for a request; its path may have ids or holes where the table has holes.
    #[must_use]
    pub fn endpoint(&self, endpoint: &Endpoint) -> Option<&EndpointRule> {
        let id = self.catalog.find(endpoint.method, &endpoint.path)?;
        Some(self.endpoint_by_id(id))
    }

    /// Returns the rule of an endpoint of [`RuleSet::catalog`].
    ///
    /// # Panics
    ///
    /// Panics if `id` is of another catalogue.
    #[must_use]
    pub fn endpoint_by_id(&self, id: EndpointId) -> &EndpointRule {
        &self.endpoints[id.0 as usize]
    }

    /// Returns the endpoints for which `permission` is one of the answers, and those whose answer
    /// is the same permission with less access.
    pub fn endpoints_allowed_by<'r>(
        &'r self,
        permission: &'r PermissionId,
    ) -> impl Iterator<Item = &'r EndpointRule> {
        self.endpoints
            .iter()
            .filter(move |rule| match &rule.answer {
                Answer::Needs(ids) => ids.iter().any(|id| permission.includes(id)),
                Answer::Nothing | Answer::Unknown => false,
            })
    }

    /// Returns every call of every SDK that requests an endpoint, sorted.
    #[must_use]
    pub fn sdk_spellings(&self, endpoint: &Endpoint) -> Vec<Spelling> {
        let found = self.catalog.find(endpoint.method, &endpoint.path);
        found.map_or_else(Vec::new, |id| spelling::of_endpoint(&self.catalog, id))
    }

    /// Returns what a call requests in every SDK that has it, sorted.
    ///
    /// Reads `customers.create`, `$stripe->customers->create`, `\Stripe\Customer::create` and
    /// `stripe.Customer.create`; arguments are ignored.
    #[must_use]
    pub fn calls_spelled(&self, text: &str) -> Vec<Spelling> {
        spelling::of_text(&self.catalog, text)
    }

    /// Says what the parameters of a call need beside the permission of its endpoint.
    #[must_use]
    pub fn costs(&self, call: &CallSite) -> Costs {
        match self.catalog.find(call.method, &call.path) {
            Some(id) => {
                let rule = self.endpoint_by_id(id);
                let table = &self.costs;
                table.of(&self.catalog, call, &rule.endpoint, &rule.answer)
            }
            None => Costs::default(),
        }
    }

    /// Returns the endpoint that a person means by `POST /v1/refunds` or `refunds.create`.
    ///
    /// # Errors
    ///
    /// Fails where the table has no such operation, or several.
    pub fn operation(&self, text: &str) -> Result<Endpoint, OperationError> {
        operation::read(self, text)
    }

    /// Says which permission a call needs.
    #[must_use]
    pub fn judge(&self, call: CallSite) -> Verdict {
        let Some(id) = self.catalog.find(call.method, &call.path) else {
            let endpoint = Endpoint {
                path: call.path.clone(),
                method: call.method,
            };
            return unmapped(call, endpoint, UnmappedReason::UnknownEndpoint);
        };
        let rule = self.endpoint_by_id(id);
        let endpoint = rule.endpoint.clone();
        match &rule.answer {
            Answer::Nothing => Verdict::Nothing { call, endpoint },
            Answer::Unknown => unmapped(call, endpoint, UnmappedReason::UnknownPermission),
            Answer::Needs(ids) => match ids.split_first() {
                Some((permission, alternatives)) => Verdict::Needs {
                    call,
                    endpoint,
                    cause: Cause::Endpoint,
                    permission: permission.clone(),
                    alternatives: alternatives.to_vec(),
                    grade: rule.grade,
                },
                None => unmapped(call, endpoint, UnmappedReason::UnknownPermission),
            },
        }
    }
}

fn unmapped(call: CallSite, endpoint: Endpoint, reason: UnmappedReason) -> Verdict {
    Verdict::Unmapped {
        call,
        endpoint,
        cause: Cause::Endpoint,
        reason,
    }
}
