//! What code scanning shows beside a result: the rule that it is an example of.

use std::collections::BTreeMap;

use super::log::{Configuration, Descriptor, Message, RuleProperties};
use crate::problem::{Level, Problem, Rule};

/// Where the program is at home.
pub(super) const HOME: &str = env!("CARGO_PKG_REPOSITORY");

/// A rule that a result names, with the worst level among them.
#[derive(Clone, Copy)]
pub(super) struct Shown {
    pub(super) rule: Rule,
    level: Level,
}

/// Lists the rules of `all`, sorted by name.
pub(super) fn rules(all: &[Problem<'_>]) -> Vec<Shown> {
    let mut rules: BTreeMap<&str, Shown> = BTreeMap::new();
    for problem in all {
        let (rule, level) = (problem.rule, problem.level);
        let known = rules.entry(rule.id()).or_insert(Shown { rule, level });
        known.level = known.level.min(level);
    }
    rules.into_values().collect()
}

/// Describes a rule.
pub(super) fn descriptor(shown: Shown) -> Descriptor {
    let id = shown.rule.id();
    let explanation = shown.rule.explanation();
    Descriptor {
        id,
        name: pascal_case(id),
        short_description: Message::plain(first_sentence(explanation).to_owned()),
        full_description: Message::plain(explanation.to_owned()),
        help_uri: format!("{HOME}#{}", anchor(shown.rule)),
        help: Message {
            text: explanation.to_owned(),
            markdown: Some(format!("## `{id}`\n\n{explanation}\n")),
        },
        default_configuration: Configuration {
            level: shown.level.id(),
        },
        properties: RuleProperties {
            tags: ["security", "stripe"],
            security_severity: (shown.level == Level::Error).then_some("8.8"),
        },
    }
}

/// Returns the section of the README that says more.
const fn anchor(rule: Rule) -> &'static str {
    match rule {
        Rule::Code(_) => "when-something-stays-open",
        Rule::UnmappedRequest => "rules",
        Rule::Permission => "reading-the-result",
    }
}

/// Returns the text up to the first full stop that ends a sentence.
fn first_sentence(text: &str) -> &str {
    text.split_once(". ").map_or(text, |(first, _)| first)
}

/// Spells `dynamic-operation` as `DynamicOperation`, which the standard asks of names.
fn pascal_case(id: &str) -> String {
    let words = id.split('-');
    words
        .flat_map(|word| {
            let mut chars = word.chars();
            let first = chars.next().map(|first| first.to_ascii_uppercase());
            first.into_iter().chain(chars)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_sentences_are_cut_from_what_is_there() {
        assert_eq!(pascal_case("invalid-utf8"), "InvalidUtf8");
        assert_eq!(first_sentence("One `a.b`. Two."), "One `a.b`");
    }
}
