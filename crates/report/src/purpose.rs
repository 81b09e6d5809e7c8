//! Says in English what a request is for, as far as its endpoint tells.

use model::{
    api::{Endpoint, Method, is_hole},
    manifest::{Cause, Request},
};

/// How many actions a purpose names.
const NAMED: usize = 3;

/// Says what `requests` are for, and where each of that is done first.
pub(crate) fn purpose(requests: &[(&Request, String)]) -> String {
    let mut actions: Vec<(String, &str)> = Vec::new();
    for (request, place) in requests {
        let action = of(request);
        if actions.iter().all(|(known, _)| *known != action) {
            actions.push((action, place));
        }
    }
    let named: Vec<String> = actions
        .iter()
        .take(NAMED)
        .map(|(action, place)| match *place {
            "" => action.clone(),
            place => format!("{action} ({place})"),
        })
        .collect();
    let more = match actions.len().saturating_sub(NAMED) {
        0 => String::new(),
        n => format!("; and {n} more"),
    };
    format!("{}{more}", named.join("; "))
}

/// Says what one request is for.
fn of(request: &Request) -> String {
    match &request.cause {
        Cause::Endpoint => action(request),
        Cause::Expand(path) => format!("{}, with {path}", action(request)),
        Cause::Event(event) => format!("Read {event} events"),
    }
}

fn action(request: &Request) -> String {
    let (verb, thing) = words(&request.endpoint);
    format!("{} {thing}", capitalised(&verb))
}

/// Takes an endpoint apart into what is done, and to what.
pub(crate) fn words(endpoint: &Endpoint) -> (String, String) {
    // The version of the API says nothing of the purpose.
    let parts: Vec<&str> = endpoint.path.segments().skip(1).collect();
    let Some((last, before)) = parts.split_last() else {
        return ("request".to_owned(), endpoint.path.to_string());
    };
    let is_one = is_hole(last);
    let is_many = last.ends_with('s');
    let verb = match endpoint.method {
        Method::Get if *last == "search" => return ("search".to_owned(), resource(before)),
        Method::Get => "read",
        Method::Post | Method::Put if !is_one && !is_many && !before.is_empty() => {
            return (spaced(last), resource(before));
        }
        Method::Post | Method::Put if is_one || !is_many => "update",
        Method::Post | Method::Put => "create",
        Method::Delete => "delete",
    };
    (verb.to_owned(), resource(&parts))
}

/// Names a resource from the inside out: `sources of customers`.
fn resource(parts: &[&str]) -> String {
    let groups = parts.split(|part| is_hole(part));
    let mut names: Vec<String> = groups
        .filter(|group| !group.is_empty())
        .map(|group| spaced(&group.join(" ")))
        .collect();
    names.reverse();
    names.join(" of ")
}

fn spaced(text: &str) -> String {
    text.replace('_', " ")
}

fn capitalised(text: &str) -> String {
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use model::{evidence::Tier, permission::Grade};

    use super::*;

    fn request(endpoint: &str) -> Request {
        Request {
            endpoint: Endpoint::parse(endpoint).unwrap(),
            cause: Cause::Endpoint,
            grade: Grade::Official,
            tier: Tier::Required,
            at: Vec::new(),
            through: [].into(),
            features: Vec::new(),
            spellings: Vec::new(),
        }
    }

    #[test]
    fn endpoints_are_read_aloud() {
        for (endpoint, said) in [
            ("POST /v1/refunds", "Create refunds"),
            ("GET /v1/refunds", "Read refunds"),
            ("GET /v1/refunds/{refund}", "Read refunds"),
            ("POST /v1/customers/{customer}", "Update customers"),
            ("DELETE /v1/customers/{customer}", "Delete customers"),
            ("GET /v1/customers/search", "Search customers"),
            ("GET /v1/balance", "Read balance"),
            ("POST /v1/account", "Update account"),
            (
                "POST /v1/invoices/create_preview",
                "Create preview invoices",
            ),
            ("POST /v1/charges/{charge}/capture", "Capture charges"),
            (
                "POST /v1/invoices/{invoice}/mark_uncollectible",
                "Mark uncollectible invoices",
            ),
            (
                "POST /v1/customers/{customer}/sources",
                "Create sources of customers",
            ),
            (
                "GET /v1/customers/{customer}/sources/{id}",
                "Read sources of customers",
            ),
            ("POST /v1/checkout/sessions", "Create checkout sessions"),
            (
                "POST /v1/checkout/sessions/{session}/expire",
                "Expire checkout sessions",
            ),
        ] {
            assert_eq!(of(&request(endpoint)), said, "{endpoint}");
        }
    }

    #[test]
    fn a_purpose_names_places_and_is_short() {
        let all = ["a", "b", "b", "c", "d", "e"].map(|name| request(&format!("POST /v1/{name}s")));
        let all: Vec<(&Request, String)> = all
            .iter()
            .zip(std::iter::repeat("x.php:1".to_owned()))
            .collect();
        assert_eq!(
            purpose(&all),
            "Create as (x.php:1); Create bs (x.php:1); Create cs (x.php:1); and 2 more"
        );
    }
}
