//! Puts a user's rule file over the rules that come with the program.

use std::collections::BTreeSet;

use model::{
    api::{EndpointId, EndpointInfo},
    permission::Grade,
};

use crate::{
    RuleSet,
    compile::{fnv1a, twice},
    error::{Fault, RuleError},
    http,
    rule::EndpointRule,
    schema::UserFile,
    validate::{self, Ids},
};

/// No honest rule file is larger; what is larger is refused before it is parsed.
const LARGEST: usize = 1 << 20;

pub(crate) fn add(mut rules: RuleSet, name: &str, text: &str) -> Result<RuleSet, RuleError> {
    if text.len() > LARGEST {
        return Err(RuleError::too_large(name, text.len(), LARGEST));
    }
    let file: Option<UserFile> =
        serde_yaml::from_str(text).map_err(|error| RuleError::shape(name, text, &error))?;
    if let Some(file) = file {
        add_rows(&mut rules, name, &file).map_err(|fault| RuleError::new(name, text, fault))?;
    }
    let hashed = format!("{}\n{text}", rules.version);
    rules.version = format!("{:016x}", fnv1a(hashed.as_bytes()));
    Ok(rules)
}

fn add_rows(rules: &mut RuleSet, name: &str, file: &UserFile) -> Result<(), Fault> {
    let ids: Ids = rules
        .permissions
        .iter()
        .map(|p| p.info.id.clone())
        .collect();
    let mut seen = BTreeSet::new();
    for (n, row) in file.endpoints.iter().enumerate() {
        let under = |fault: Fault| fault.under(n).under("endpoints");
        let mut rule =
            validate::endpoint_rule(row, &ids, Some(Grade::Documented)).map_err(under)?;
        if !seen.insert((rule.endpoint.path.shape(), rule.endpoint.method)) {
            return Err(under(twice(&row.endpoint).at(["endpoint".into()])));
        }
        rule.file = Some(name.into());
        rules.put(rule, row.status.is_some());
    }
    for (n, row) in file.http_clients.iter().enumerate() {
        let calls = http::calls(row, None);
        let calls = calls.map_err(|fault| fault.under(n).under("http_clients"))?;
        rules.catalog.http.make_mut().splice(0..0, calls);
    }
    for (n, row) in file.http_factories.iter().enumerate() {
        let factories = http::factories(row, None);
        let factories = factories.map_err(|fault| fault.under(n).under("http_factories"))?;
        let known = rules.catalog.http_factories.make_mut();
        known.splice(0..0, factories);
    }
    Ok(())
}

impl RuleSet {
    /// Adds a row, or replaces the row of the same endpoint.
    fn put(&mut self, mut rule: EndpointRule, has_status: bool) {
        let EndpointId(id) = self.catalog.add_endpoint(EndpointInfo {
            endpoint: rule.endpoint.clone(),
            returns: None,
        });
        let rules = self.endpoints.make_mut();
        let Some(known) = rules.get_mut(id as usize) else {
            return rules.push(rule);
        };
        // Names of ids are ours, so that one endpoint has one spelling in all output.
        rule.endpoint = known.endpoint.clone();
        if !has_status {
            rule.status.clone_from(&known.status);
        }
        *known = rule;
    }
}
