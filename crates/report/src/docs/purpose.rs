//! What requests are for, in words: `create and read refunds`.

use model::api::{Endpoint, Method};

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

/// Takes an endpoint apart into what is done, and to what.
fn words(endpoint: &Endpoint) -> (String, String) {
    let path = endpoint.path.as_str();
    let path = path.trim_start_matches('/');
    let inner = path.split_once('/').map_or(path, |(_, inner)| inner);
    let parts: Vec<&str> = inner.split('/').filter(|part| !part.is_empty()).collect();
    let is_hole = |part: &str| part.starts_with('{');
    let names: Vec<&str> = parts
        .iter()
        .copied()
        .filter(|part| !is_hole(part))
        .collect();
    let ends_in_hole = parts.last().is_some_and(|part| is_hole(part));
    let is_below_one = parts.len() >= 2 && is_hole(parts[parts.len() - 2]);
    let spaced = |names: &[&str]| names.join(" ").replace('_', " ");
    if let (false, true, [of @ .., action]) = (ends_in_hole, is_below_one, names.as_slice())
        && endpoint.method == Method::Post
        && !action.ends_with('s')
    {
        return (spaced(&[action]), spaced(of));
    }
    let verb = match (endpoint.method, ends_in_hole) {
        (Method::Get, _) => "read",
        (Method::Post | Method::Put, true) => "update",
        (Method::Post | Method::Put, false) => "create",
        (Method::Delete, _) => "delete",
    };
    (verb.to_owned(), spaced(&names))
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
            "create customers sources"
        );
        assert_eq!(
            of(&["POST /v1/checkout/sessions", "GET /v1/account"]),
            "create checkout sessions; read account"
        );
    }
}
