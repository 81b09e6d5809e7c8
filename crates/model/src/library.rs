//! What functions of libraries outside the scanned code do with the values that they are given.
//!
//! The types only; the rows come from `rules/functions/`.

use crate::{
    Name,
    api::{Endpoint, SdkId},
};

/// A function of a library through which values, or results of functions, pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passing {
    /// SDK whose language the function belongs to.
    pub language: SdkId,
    /// Its dotted name with the module before it; a method stands behind the name of its class.
    pub function: Name,
    /// The function that it calls, where it calls one of its arguments.
    pub calls: Option<Inner>,
    /// What it returns.
    pub returns: Returns,
    /// What it requests of Stripe itself.
    pub requests: Requests,
}

/// What a function of a library requests of Stripe.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Requests {
    /// These endpoints.
    pub known: Vec<Endpoint>,
    /// Whether there can be more that nobody has listed.
    pub unread: bool,
}

impl Requests {
    /// Reads endpoints, and `unread`, parted by `|`; nothing is no request.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let mut requests = Self::default();
        for part in text.split('|').filter(|part| !part.is_empty()) {
            match part {
                Self::UNREAD => requests.unread = true,
                endpoint => requests.known.push(Endpoint::parse(endpoint)?),
            }
        }
        Some(requests)
    }

    /// How the rules say that a function requests more than they list.
    pub const UNREAD: &str = "unread";
}

/// A library that makes requests to Stripe itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Library {
    /// SDK whose language it is written in.
    pub language: SdkId,
    /// Name of its package.
    pub package: Name,
    /// Dotted names of its modules or namespaces, as [`spelled`] spells them.
    pub roots: Vec<Name>,
    /// What makes no request: dotted names with all that is below them; `*` stands for any part,
    /// `<Class>` for one that begins with a capital.
    pub local: Vec<Name>,
}

impl Library {
    /// Tells whether a dotted name is the library's.
    #[must_use]
    pub fn has(&self, name: &str) -> bool {
        self.roots.iter().any(|root| is_below(name, root))
    }

    /// Tells whether what a dotted name means makes no request.
    #[must_use]
    pub fn is_local(&self, name: &str) -> bool {
        self.local.iter().any(|local| is_below(name, local))
    }
}

/// Tells whether the parts of a name begin with those of another.
fn is_below(name: &str, above: &str) -> bool {
    let is_break = |c: char| matches!(c, '.' | '\\' | '/');
    let mut parts = name.split(is_break);
    above
        .split(is_break)
        .all(|wanted| parts.next().is_some_and(|part| fits(part, wanted)))
}

fn fits(part: &str, wanted: &str) -> bool {
    match wanted {
        "*" => true,
        "<Class>" => part.starts_with(|c: char| c.is_uppercase()),
        _ => part == wanted,
    }
}

/// An argument that a function calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Inner {
    /// Which one.
    pub argument: ArgumentPlace,
    /// What it is called with.
    pub with: With,
}

/// What a function hands to the argument that it calls.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum With {
    /// All arguments behind the one that is called.
    Rest,
    /// These values; what comes after them is not known.
    Values(Vec<Given>),
}

/// A value made of an argument.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    /// The argument.
    Argument(ArgumentPlace),
    /// An element of the argument.
    Element(ArgumentPlace),
    /// All elements of the argument, as arguments of their own.
    Spread(ArgumentPlace),
}

/// Where an argument stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ArgumentPlace {
    /// Its index.
    pub index: u8,
    /// Its name, where it can be given by name.
    pub name: Option<Name>,
}

impl ArgumentPlace {
    /// Reads `1` and `1/args`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (index, name) = match text.split_once('/') {
            Some((index, name)) => (index, Some(name)),
            None => (text, None),
        };
        Some(Self {
            index: index.parse().ok()?,
            name: name.map(Into::into),
        })
    }
}

/// What a function returns.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Returns {
    /// Nothing that is known.
    Unknown,
    /// A value made of an argument.
    Given(Given),
    /// An argument that stands for what other code decides.
    Default(ArgumentPlace),
    /// The last argument.
    Last,
    /// What the argument returned that it calls.
    Result,
    /// A list of what the argument returned that it calls.
    Results,
    /// Text of which nothing is known but what it asks of a request.
    Text,
    /// All its arguments, as a list.
    All,
    /// All its arguments, as one map.
    Merged,
    /// The argument at this index with a slash behind it.
    Slashed(u8),
    /// The member of the first argument at the dotted path in the second.
    Member,
    /// The first argument and, below it, the second, as a URL.
    Url,
    /// An instance of a class of a library.
    Instance(Name),
}

impl Given {
    /// Reads `argument 0`, `element 1`, `spread 1/args`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (word, place) = text.split_once(' ')?;
        let place = ArgumentPlace::parse(place)?;
        match word {
            "argument" => Some(Self::Argument(place)),
            "element" => Some(Self::Element(place)),
            "spread" => Some(Self::Spread(place)),
            _ => None,
        }
    }
}

impl Returns {
    /// Reads what the rules say of a result.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let fixed = match text {
            "unknown" => Self::Unknown,
            "last argument" => Self::Last,
            "result" => Self::Result,
            "results" => Self::Results,
            "text" => Self::Text,
            "all arguments" => Self::All,
            "merged arguments" => Self::Merged,
            "member" => Self::Member,
            "url" => Self::Url,
            other => {
                return match other.split_once(' ')? {
                    ("instance", class) => Some(Self::Instance(class.into())),
                    ("default", place) => ArgumentPlace::parse(place).map(Self::Default),
                    ("slashed", index) => Some(Self::Slashed(index.parse().ok()?)),
                    _ => Given::parse(other).map(Self::Given),
                };
            }
        };
        Some(fixed)
    }

    /// Tells whether it needs an argument that is called.
    #[must_use]
    pub fn is_of_call(&self) -> bool {
        matches!(self, Self::Result | Self::Results)
    }
}

impl With {
    /// Reads `rest`, and values parted by commas; nothing is no value.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        if text == "rest" {
            return Some(Self::Rest);
        }
        let values = text.split(',').map(str::trim);
        let values = values.filter(|value| !value.is_empty()).map(Given::parse);
        values.collect::<Option<_>>().map(Self::Values)
    }
}

/// Returns a name as the table of functions spells it: `::` is a dot, case does not count in PHP,
/// and the default export of a module is the module.
#[must_use]
pub fn spelled(language: SdkId, name: &str) -> String {
    let name = name.trim_start_matches('\\').replace("::", ".");
    match language {
        SdkId::Php => name.to_ascii_lowercase(),
        SdkId::Node | SdkId::Python => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_as_they_are_spelled() {
        let place = |index, name: Option<&str>| ArgumentPlace {
            index,
            name: name.map(Into::into),
        };
        assert_eq!(With::parse("rest"), Some(With::Rest));
        assert_eq!(
            With::parse("argument 0,spread 1/args"),
            Some(With::Values(vec![
                Given::Argument(place(0, None)),
                Given::Spread(place(1, Some("args"))),
            ]))
        );
        assert_eq!(With::parse("argument one"), None);
        assert_eq!(Returns::parse("results"), Some(Returns::Results));
        assert_eq!(Returns::parse("slashed x"), None);
        let requests = Requests::parse("POST /v1/refunds|unread");
        assert!(requests.is_some_and(|requests| requests.unread && requests.known.len() == 1));
        assert_eq!(Requests::parse("refunds"), None);
    }

    #[test]
    fn a_name_is_below_another_by_whole_parts() {
        assert!(is_below("acme.models.Customer", "acme"));
        assert!(is_below(
            "acme.models.Customer.objects.get",
            "acme.models.<Class>.*.*"
        ));
        assert!(!is_below(
            "acme.models.core.subscribe",
            "acme.models.<Class>"
        ));
        assert!(!is_below("acmes.models", "acme"));
        assert_eq!(spelled(SdkId::Php, r"\Acme\Cache::Get"), r"acme\cache.get");
        assert_eq!(spelled(SdkId::Python, "acme.Cache"), "acme.Cache");
    }
}
