//! What requests are for, in words: `create and read refunds`.

use model::api::Endpoint;

use crate::purpose::words;

/// Says in words what `endpoints` do: verbs of the same thing are joined.
pub(super) fn purpose<'a>(endpoints: impl Iterator<Item = &'a Endpoint>) -> String {
    let mut things: Vec<(String, Vec<String>)> = Vec::new();
    for endpoint in endpoints {
        let (verb, thing) = words(endpoint);
        match things.iter_mut().find(|(known, _)| *known == thing) {
            None => things.push((thing, vec![verb])),
            Some((_, verbs)) if verbs.contains(&verb) => {}
            Some((_, verbs)) => verbs.push(verb),
        }
    }
    let parts = things
        .iter()
        .map(|(thing, verbs)| format!("{} {thing}", listed(verbs)));
    parts.collect::<Vec<_>>().join("; ")
}

/// Joins words as in `create, read and delete`.
pub(super) fn listed(words: &[String]) -> String {
    match words {
        [] => String::new(),
        [only] => only.clone(),
        [rest @ .., last] => format!("{} and {last}", rest.join(", ")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(endpoints: &[&str]) -> String {
        let endpoints: Vec<Endpoint> = endpoints
            .iter()
            .filter_map(|text| Endpoint::parse(text))
            .collect();
        purpose(endpoints.iter())
    }

    #[test]
    fn verbs_of_one_thing_are_joined() {
        assert_eq!(
            of(&[
                "POST /v1/customers",
                "GET /v1/customers/{customer}",
                "GET /v1/customers",
                "DELETE /v1/customers/{customer}",
            ]),
            "create, read and delete customers"
        );
    }

    #[test]
    fn actions_and_nested_things_are_told_apart() {
        assert_eq!(
            of(&["POST /v1/payment_intents/{intent}/capture"]),
            "capture payment intents"
        );
        assert_eq!(
            of(&["POST /v1/customers/{customer}/sources"]),
            "create sources of customers"
        );
        assert_eq!(
            of(&["POST /v1/checkout/sessions", "GET /v1/account"]),
            "create checkout sessions; read account"
        );
    }
}
