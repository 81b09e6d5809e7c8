//! Checks the rows of HTTP clients.

use model::{
    Name,
    api::{HttpCall, HttpCallee, HttpFactory, HttpPlace, Method, SdkId},
};

use crate::{
    error::{Fault, Problem},
    schema::{FactoryRow, HttpRow, OneOrMany},
    validate::unknown,
};

/// Checks one row; a row with several names becomes several calls.
pub(crate) fn calls(row: &HttpRow, language: Option<SdkId>) -> Result<Vec<HttpCall>, Fault> {
    let language = language_of(row.language.as_deref(), language)?;
    let call = HttpCall {
        language,
        callee: HttpCallee::Function("".into()),
        url: places(Some(&row.url), "url")?,
        verb: places(row.verb.as_ref(), "verb")?,
        default_verb: Method::Get,
        body: places(row.body.as_ref(), "body")?,
        host: places(row.host.as_ref(), "host")?,
        headers: places(row.headers.as_ref(), "headers")?,
        base: places(row.base.as_ref(), "base")?,
    };
    callees(&row.into())?
        .into_iter()
        .map(|callee| {
            Ok(HttpCall {
                default_verb: default_verb(&row.default, &callee)?,
                callee,
                ..call.clone()
            })
        })
        .collect()
}

/// Checks one row; a row with several names becomes several factories.
pub(crate) fn factories(
    row: &FactoryRow,
    language: Option<SdkId>,
) -> Result<Vec<HttpFactory>, Fault> {
    let language = language_of(row.language.as_deref(), language)?;
    let base = places(row.base.as_ref(), "base")?;
    let factory = |callee| HttpFactory {
        language,
        callee,
        class: row.yields.as_str().into(),
        base: base.clone(),
    };
    Ok(callees(&row.into())?.into_iter().map(factory).collect())
}

/// Reads the name of a language.
pub(crate) fn language(word: &str) -> Result<SdkId, Problem> {
    match word {
        "php" => Ok(SdkId::Php),
        "javascript" => Ok(SdkId::Node),
        "python" => Ok(SdkId::Python),
        other => Err(unknown("language", other)),
    }
}

fn language_of(word: Option<&str>, usual: Option<SdkId>) -> Result<SdkId, Fault> {
    match (word, usual) {
        (Some(word), _) => language(word).map_err(|problem| problem.at(["language".into()])),
        (None, Some(usual)) => Ok(usual),
        (None, None) => Err(Problem::Shape("missing field `language`".to_owned()).at([])),
    }
}

/// The keys that say what is called.
struct Called<'r> {
    function: Option<&'r OneOrMany>,
    class: Option<&'r OneOrMany>,
    method: Option<&'r OneOrMany>,
    module: Option<&'r OneOrMany>,
    member: Option<&'r OneOrMany>,
}

impl<'r> From<&'r HttpRow> for Called<'r> {
    fn from(row: &'r HttpRow) -> Self {
        Self {
            function: row.function.as_ref(),
            class: row.class.as_ref(),
            method: row.method.as_ref(),
            module: row.module.as_ref(),
            member: row.member.as_ref(),
        }
    }
}

impl<'r> From<&'r FactoryRow> for Called<'r> {
    fn from(row: &'r FactoryRow) -> Self {
        Self {
            function: row.function.as_ref(),
            class: row.class.as_ref(),
            method: row.method.as_ref(),
            module: row.module.as_ref(),
            member: row.member.as_ref(),
        }
    }
}

fn callees(called: &Called<'_>) -> Result<Vec<HttpCallee>, Fault> {
    let none = OneOrMany::One(String::new());
    let pairs = |first: &OneOrMany, second: &OneOrMany, make: fn(Name, Name) -> HttpCallee| {
        let (first, second) = (first.values(), second.values());
        first
            .iter()
            .flat_map(|a| {
                second
                    .iter()
                    .map(move |b| make(a.as_str().into(), b.as_str().into()))
            })
            .collect()
    };
    Ok(match called {
        Called {
            function: Some(functions),
            class: None,
            method: None,
            module: None,
            member: None,
        } => functions
            .values()
            .iter()
            .map(|name| HttpCallee::Function(name.as_str().into()))
            .collect(),
        Called {
            function: None,
            class: Some(classes),
            method: Some(methods),
            module: None,
            member: None,
        } => pairs(classes, methods, |class, method| HttpCallee::Method {
            class,
            method,
        }),
        Called {
            function: None,
            class: None,
            method: None,
            module: Some(modules),
            member,
        } => pairs(modules, member.unwrap_or(&none), |module, member| {
            HttpCallee::Module { module, member }
        }),
        _ => return Err(Problem::Callee.at([])),
    })
}

fn default_verb(word: &str, callee: &HttpCallee) -> Result<Method, Fault> {
    let wrong = |value: &str| {
        Problem::Verb {
            value: value.to_owned(),
        }
        .at(["default".into()])
    };
    if word != "name" {
        return Method::parse(word).ok_or_else(|| wrong(word));
    }
    let name = match callee {
        HttpCallee::Function(name)
        | HttpCallee::Method { method: name, .. }
        | HttpCallee::Module { member: name, .. } => name,
    };
    // `postAsync`, `wp_remote_post`, `del`: the verb is one word of the name.
    Method::ALL
        .into_iter()
        .find(|verb| words(name).any(|word| word.eq_ignore_ascii_case(verb.id())))
        .or_else(|| {
            words(name)
                .any(|word| word == "del")
                .then_some(Method::Delete)
        })
        .ok_or_else(|| wrong(name))
}

/// Splits `wp_remote_post` and `postAsync` into words.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(['_', '.', '$']).flat_map(|part| {
        let end = part
            .char_indices()
            .skip(1)
            .find(|(_, c)| c.is_ascii_uppercase())
            .map_or(part.len(), |(at, _)| at);
        [&part[..end], &part[end..]]
    })
}

fn places(values: Option<&OneOrMany>, key: &'static str) -> Result<Vec<HttpPlace>, Fault> {
    let read = |(n, text): (usize, &String)| {
        place(text).ok_or_else(|| {
            let problem = Problem::HttpPlace {
                value: text.clone(),
            };
            match values {
                Some(OneOrMany::Many(_)) => problem.at([key.into(), n.into()]),
                Some(OneOrMany::One(_)) | None => problem.at([key.into()]),
            }
        })
    };
    values
        .map(OneOrMany::values)
        .unwrap_or_default()
        .iter()
        .enumerate()
        .map(read)
        .collect()
}

/// Reads `1`, `1/json`, `/json`, `1.method`, `1/json.method`.
pub(crate) fn place(text: &str) -> Option<HttpPlace> {
    let (argument, key) = match text.split_once('.') {
        Some((argument, key)) => (argument, Some(key)),
        None => (text, None),
    };
    let (index, keyword) = match argument.split_once('/') {
        Some((index, keyword)) => (index, Some(keyword)),
        None => (argument, None),
    };
    let index = match index {
        "" if keyword.is_some() => None,
        digits => Some(digits.parse::<u8>().ok()?),
    };
    let is_word = |word: &str| !word.is_empty() && !word.contains(|c: char| c.is_whitespace());
    ([keyword, key].into_iter().flatten().all(is_word)).then(|| HttpPlace {
        argument: index,
        keyword: keyword.map(Into::into),
        key: key.map(Into::into),
    })
}

/// Writes a place as [`place`] reads it.
pub(crate) fn place_text(place: &HttpPlace) -> String {
    let mut text = place.argument.map(|at| at.to_string()).unwrap_or_default();
    if let Some(keyword) = &place.keyword {
        text.push('/');
        text.push_str(keyword);
    }
    if let Some(key) = &place.key {
        text.push('.');
        text.push_str(key);
    }
    text
}
