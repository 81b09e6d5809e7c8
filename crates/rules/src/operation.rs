//! Reads an operation as people write it: `POST /v1/refunds`, `refunds.create`.

use std::collections::BTreeSet;

use model::api::Endpoint;

use crate::RuleSet;

/// Why a text is not one operation.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OperationError {
    /// No row of the table has it.
    #[error("`{text}` is no operation of the rule table")]
    Unknown {
        /// The text.
        text: String,
    },
    /// Several endpoints are called like that.
    #[error("`{text}` can mean {}", listed(endpoints))]
    Ambiguous {
        /// The text.
        text: String,
        /// The endpoints, sorted.
        endpoints: Vec<Endpoint>,
    },
}

fn listed(endpoints: &[Endpoint]) -> String {
    let all: Vec<String> = endpoints.iter().map(|one| format!("`{one}`")).collect();
    all.join(" or ")
}

/// Returns the endpoint that `text` means, as the table spells it.
pub(crate) fn read(rules: &RuleSet, text: &str) -> Result<Endpoint, OperationError> {
    let text = text.trim();
    if let Some(endpoint) = Endpoint::parse(text) {
        let rule = rules.endpoint(&endpoint);
        return rule
            .map(|rule| rule.endpoint.clone())
            .ok_or_else(|| unknown(text));
    }
    let ids: BTreeSet<_> = rules
        .calls_spelled(text)
        .into_iter()
        .map(|spelling| spelling.endpoint)
        .collect();
    let mut endpoints: Vec<Endpoint> = ids
        .into_iter()
        .map(|id| rules.endpoint_by_id(id).endpoint.clone())
        .collect();
    endpoints.sort();
    match endpoints.as_slice() {
        [] => Err(unknown(text)),
        [one] => Ok(one.clone()),
        _ => Err(OperationError::Ambiguous {
            text: text.to_owned(),
            endpoints,
        }),
    }
}

fn unknown(text: &str) -> OperationError {
    OperationError::Unknown {
        text: text.to_owned(),
    }
}
