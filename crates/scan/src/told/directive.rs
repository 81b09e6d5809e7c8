//! Comments for rakscan: `rakscan: uses refunds.create`, `rakscan: ignore[CODE] REASON`.

use std::{collections::BTreeSet, ops::RangeInclusive};

use model::{
    api::Endpoint,
    diagnostic::{Code, Diagnostic},
    facts::{Directive, FileFacts},
    source::{Location, SourceFile, Span, mask_secrets},
};
use rules::RuleSet;

use super::{Comments, Effect, Statement};

/// Returns what comments say, and what cannot be understood of them.
pub(super) fn statements(
    files: &[FileFacts],
    comments: Comments,
    rules: &RuleSet,
) -> (Vec<Statement>, Vec<Diagnostic>) {
    let (mut statements, mut warnings) = (Vec::new(), Vec::new());
    if comments == Comments::Off {
        return (statements, warnings);
    }
    for facts in files.iter().filter(|facts| !facts.directives.is_empty()) {
        let source = &facts.source;
        let alone = lines_alone(facts);
        for directive in &facts.directives {
            let at = source.location(directive.span);
            if is_about_keys(&directive.text) {
                continue;
            }
            if comments == Comments::Foreign {
                let message = "this comment for rakscan stands in code of others and is not obeyed";
                warnings.push(warning(&at, Code::NotObeyed, message));
                continue;
            }
            match effect(&directive.text, rules) {
                Ok(effect) => {
                    let lines = lines(source, directive, &alone);
                    statements.push(statement(source, &at, lines, effect));
                }
                Err(message) => warnings.push(warning(&at, Code::BadDirective, &message)),
            }
        }
    }
    (statements, warnings)
}

fn warning(at: &Location, code: Code, message: &str) -> Diagnostic {
    Diagnostic {
        location: at.clone(),
        code,
        message: mask_secrets(message).into(),
        within: None,
    }
}

fn statement(
    source: &SourceFile,
    at: &Location,
    lines: RangeInclusive<u32>,
    effect: Effect,
) -> Statement {
    let first = *lines.start();
    let text = source.line_text(first);
    let n_blank = text.chars().take_while(|c| c.is_whitespace()).count();
    let fallback = Location {
        path: source.path.clone(),
        line: first,
        column: u32::try_from(n_blank + 1).unwrap_or(1),
        excerpt: model::source::excerpt(text).into(),
    };
    let message = match &effect {
        Effect::Requests(_) => {
            "this comment has no effect: what it says is found without it, and nothing is open"
        }
        Effect::Ignore(..) => "this comment has no effect: nothing of that kind is open here",
    };
    Statement {
        path: source.path.clone(),
        lines: vec![lines],
        covers_file: false,
        effect,
        fallback: (!text.trim().is_empty()).then_some(fallback),
        by: "comment".into(),
        unused: warning(at, Code::UnusedDirective, message),
    }
}

/// Reads the text behind `rakscan:`.
fn effect(text: &str, rules: &RuleSet) -> Result<Effect, String> {
    let text = ["*/", "-->", "?>"]
        .iter()
        .fold(text.trim(), |text, end| text.trim_end_matches(end).trim());
    if let Some(rest) = text.strip_prefix("ignore") {
        return ignored(rest.trim());
    }
    let (word, operations) = text.split_once(char::is_whitespace).unwrap_or((text, ""));
    match (word, operations.trim()) {
        ("uses", "") => Err("`uses` names no operation, such as `refunds.create`".to_owned()),
        ("uses", operations) => used(operations, rules).map(Effect::Requests),
        (word, _) => Err(format!(
            "`{word}` is no word for rakscan; `uses` and `ignore[CODE]` are"
        )),
    }
}

/// Reads `refunds.create, POST /v1/charges`; what follows ` -- ` is for people.
fn used(operations: &str, rules: &RuleSet) -> Result<Vec<Endpoint>, String> {
    let operations = operations.split(" -- ").next().unwrap_or_default();
    operations
        .split(',')
        .map(|operation| {
            let read = rules.operation(operation);
            read.map_err(|error| error.to_string())
        })
        .collect()
}

/// Tells whether a comment is about keys alone, which are looked for apart and obey it there.
fn is_about_keys(text: &str) -> bool {
    let rest = text.trim().strip_prefix("ignore").map(str::trim_start);
    let codes = rest.and_then(|rest| rest.strip_prefix('[')?.split_once(']'));
    codes.is_some_and(|(codes, reason)| {
        let is_of_key = |id: &str| Code::from_id(id.trim()).is_some_and(Code::is_of_key);
        codes.split(',').all(is_of_key) && !reason.trim().is_empty()
    })
}

/// Reads `[dynamic-operation] reason`.
fn ignored(text: &str) -> Result<Effect, String> {
    let Some((codes, reason)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) else {
        return Err("`ignore` needs the code of a diagnostic, as in `ignore[CODE]`".to_owned());
    };
    let codes: Vec<Code> = codes
        .split(',')
        .map(|id| {
            let code = Code::from_id(id.trim()).filter(|code| !code.leaves_complete());
            code.ok_or_else(|| format!("`{}` is no code of something open", id.trim()))
        })
        .collect::<Result<_, _>>()?;
    let reason = reason.trim_start_matches(['-', ':', '—', ' ']).trim();
    if reason.is_empty() {
        return Err("`ignore[CODE]` needs a reason behind it".to_owned());
    }
    Ok(Effect::Ignore(codes, mask_secrets(reason).into()))
}

/// Returns the lines that a comment is about: its own, or the next where it stands alone.
///
/// The lines of a chain of calls that begins there count too.
fn lines(source: &SourceFile, directive: &Directive, alone: &BTreeSet<u32>) -> RangeInclusive<u32> {
    let own = own_lines(source, directive);
    let (first, last) = if alone.contains(own.end()) {
        let mut next = own.end().saturating_add(1);
        while alone.contains(&next) {
            next = next.saturating_add(1);
        }
        (next, next)
    } else {
        (*own.start(), *own.end())
    };
    let is_chained = |line: u32| {
        let text = source.line_text(line).trim_start();
        ["->", "?->", ".", "?.", "::"]
            .iter()
            .any(|sign| text.starts_with(sign))
    };
    let mut last = last;
    while is_chained(last.saturating_add(1)) && last < u32::MAX {
        last += 1;
    }
    first..=last
}

fn own_lines(source: &SourceFile, directive: &Directive) -> RangeInclusive<u32> {
    let span = trimmed(source, directive.span);
    source.line(span.start)..=source.line(span.end.saturating_sub(1).max(span.start))
}

/// Returns the span of a comment without a line break at its end.
fn trimmed(source: &SourceFile, span: Span) -> Span {
    let text = source
        .text
        .get(span.start as usize..span.end as usize)
        .unwrap_or_default();
    let n_after = text.len() - text.trim_end().len();
    Span {
        start: span.start,
        end: span.end - u32::try_from(n_after).unwrap_or(0),
    }
}

/// Returns the lines that hold nothing but a comment for rakscan.
fn lines_alone(facts: &FileFacts) -> BTreeSet<u32> {
    let source = &facts.source;
    let mut alone = BTreeSet::new();
    for directive in &facts.directives {
        let span = trimmed(source, directive.span);
        let before = source.text.get(..span.start as usize).unwrap_or_default();
        let before = before.rsplit('\n').next().unwrap_or_default();
        let after = source.text.get(span.end as usize..).unwrap_or_default();
        let after = after.split('\n').next().unwrap_or_default();
        // In JSX, a comment stands in braces.
        let is_alone = before.trim().trim_start_matches('{').is_empty()
            && after.trim().trim_end_matches('}').is_empty();
        if is_alone {
            alone.extend(own_lines(source, directive));
        }
    }
    alone
}
