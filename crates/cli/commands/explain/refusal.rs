//! Explains the messages with which Stripe refuses requests, one or many.

use std::collections::BTreeSet;

use audit::{Denial, Form};
use rules::RuleSet;
use serde_json::Value;

use super::{explained, page::Page};
use crate::{error::CliError, screen::Screen};

/// Returns the page about a text that was piped in: messages, JSON, a log, or names one a line.
pub(super) fn explained_text(
    text: &str,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<String, CliError> {
    let text = text.trim_start_matches('\u{feff}').trim();
    let mut page = Page::new(screen);
    refusals(
        &strings(text).unwrap_or_else(|| text.to_owned()),
        rules,
        &mut page,
    );
    if !page.is_empty() {
        return Ok(page.into_text());
    }
    let subjects: BTreeSet<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    if subjects.is_empty() {
        return Err(CliError::NothingToExplain);
    }
    let pages: Result<Vec<String>, CliError> = subjects
        .into_iter()
        .map(|subject| explained(&model::source::mask_secrets(subject), rules, screen))
        .collect();
    Ok(pages?.join("\n"))
}

/// Adds every refusal in `text` to the page, each once.
pub(super) fn refusals(text: &str, rules: &RuleSet, page: &mut Page<'_>) {
    let mut explained = BTreeSet::new();
    let denials: BTreeSet<Denial> = Denial::parse_all(text).into_iter().collect();
    for denial in denials {
        let permissions = denial.permissions(rules);
        let unknown = denial.unknown(rules);
        let says_all = matches!(denial.form, Form::Singular | Form::Label)
            && permissions.len() == 1
            && unknown.is_empty();
        if !says_all {
            let names: Vec<String> = permissions.iter().map(ToString::to_string).collect();
            let title = match names.as_slice() {
                [] => "403".to_owned(),
                names => format!("403: {}", names.join(" or ")),
            };
            page.refusal(&title, denial.form.consequence(), &unknown);
        }
        for id in permissions {
            if let Some(rule) = rules.permission_rule(&id)
                && explained.insert(id)
            {
                page.permission(rule, rules);
            }
        }
    }
}

/// Returns the texts in a JSON value, or in one a line; `None` where `text` is not JSON.
fn strings(text: &str) -> Option<String> {
    let mut out = String::new();
    for value in serde_json::Deserializer::from_str(text).into_iter::<Value>() {
        collect(&value.ok()?, &mut out);
    }
    (!out.is_empty()).then_some(out)
}

fn collect(value: &Value, out: &mut String) {
    match value {
        Value::String(text) => {
            out.push_str(text);
            out.push('\n');
        }
        Value::Array(values) => values.iter().for_each(|value| collect(value, out)),
        Value::Object(fields) => fields.values().for_each(|value| collect(value, out)),
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
