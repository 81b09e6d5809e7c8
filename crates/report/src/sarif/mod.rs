//! SARIF 2.1.0 for code scanning: what is open, and on request each place that needs a permission.
//!
//! Owns the part of the format that is written here; deliberately not all of it. Made for what GitHub
//! shows: no result without a place, at most [`SHOWN`] of them, and fingerprints that outlive a change
//! further up in the file.

mod fingerprint;
mod log;
mod rule;

use std::io::{self, Write};

use model::{manifest::Manifest, source::Location};

use self::{
    fingerprint::Fingerprints,
    log::{
        ArtifactLocation, BaseId, BaseIds, ContextRegion, Driver, Invocation, Log, Message,
        Notification, PhysicalLocation, Place, Region, Related, ResultProperties, Run, SarifResult,
        Snippet, Tool, ToolProperties,
    },
};
use crate::{
    Findings, Options,
    link::percent_encode,
    problem::{Level, Problem, evidence, problems},
    sanitize,
};

/// How many results code scanning shows.
const SHOWN: usize = 5_000;

pub(crate) fn render(
    manifests: &[Manifest],
    options: &Options,
    out: &mut dyn Write,
) -> io::Result<()> {
    let (all, n_cut) = shown(manifests, options);
    let log = log(&all, n_cut, options);
    serde_json::to_writer_pretty(&mut *out, &log)?;
    writeln!(out)
}

/// Returns how many results are left out, because code scanning would not show them.
#[must_use]
pub fn n_cut(manifests: &[Manifest], options: &Options) -> usize {
    shown(manifests, options).1
}

/// Lists what is shown, problems before remarks where not everything is.
fn shown<'a>(manifests: &'a [Manifest], options: &Options) -> (Vec<Problem<'a>>, usize) {
    let mut all = problems(manifests, options);
    all.sort_by_key(|problem| problem.level);
    if options.findings == Findings::All {
        all.extend(evidence(manifests, options));
    }
    let n_cut = all.len().saturating_sub(SHOWN);
    all.truncate(SHOWN);
    (all, n_cut)
}

fn log<'a>(all: &'a [Problem<'_>], n_cut: usize, options: &'a Options) -> Log<'a> {
    let rules = rule::rules(all);
    let mut fingerprints = Fingerprints::default();
    let results = all
        .iter()
        .map(|problem| result(problem, &rules, &mut fingerprints))
        .collect();
    Log {
        schema: "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool {
                driver: Driver {
                    name: "rakscan",
                    version: &options.tool_version,
                    semantic_version: &options.tool_version,
                    information_uri: rule::HOME,
                    rules: rules.into_iter().map(rule::descriptor).collect(),
                    properties: ToolProperties {
                        rules_version: &options.rules_version,
                        added_rules: &options.added_rules,
                    },
                },
            },
            invocations: [Invocation {
                execution_successful: true,
                tool_execution_notifications: notifications(n_cut),
            }],
            original_uri_base_ids: BaseIds {
                root: BaseId {
                    description: Message::plain("the root of the repository".to_owned()),
                },
            },
            column_kind: "unicodeCodePoints",
            results,
        }],
    }
}

fn notifications(n_cut: usize) -> Vec<Notification> {
    if n_cut == 0 {
        return Vec::new();
    }
    let text = format!("{n_cut} results are left out: code scanning shows {SHOWN}");
    vec![Notification {
        level: Level::Warning.id(),
        message: Message::plain(text),
    }]
}

fn result<'a>(
    problem: &'a Problem<'_>,
    rules: &[rule::Shown],
    fingerprints: &mut Fingerprints,
) -> SarifResult<'a> {
    let mut text = safe(&problem.message);
    if let Some(help) = &problem.help {
        text.push_str("\nhelp: ");
        text.push_str(&safe(help));
    }
    let rule = problem.rule.id();
    let related = problem.through.iter().zip(1..);
    SarifResult {
        rule_id: rule,
        rule_index: rules.iter().position(|shown| shown.rule == problem.rule),
        level: problem.level.id(),
        message: Message::plain(text),
        locations: [Place {
            physical_location: physical(&problem.path, problem.at),
        }],
        related_locations: related
            .map(|((path, at), id)| Related {
                id,
                message: Message::plain("passes through here".to_owned()),
                physical_location: physical(path, at),
            })
            .collect(),
        partial_fingerprints: fingerprints.of(rule, &problem.path, &problem.at.excerpt),
        properties: ResultProperties {
            unit: sanitize(problem.unit).into_owned(),
        },
    }
}

fn physical(path: &str, at: &Location) -> PhysicalLocation {
    let excerpt = sanitize(&at.excerpt).into_owned();
    let line = at.line.max(1);
    PhysicalLocation {
        artifact_location: ArtifactLocation {
            uri: uri(path),
            uri_base_id: "%SRCROOT%",
        },
        region: Region {
            start_line: line,
            start_column: at.column.max(1),
        },
        context_region: (!excerpt.is_empty()).then_some(ContextRegion {
            start_line: line,
            snippet: Snippet { text: excerpt },
        }),
    }
}

/// Encodes each part of a path; the slashes between them stay.
fn uri(path: &str) -> String {
    let parts: Vec<String> = path.split('/').map(percent_encode).collect();
    parts.join("/")
}

/// Makes text safe for messages, in which `[text](target)` is a link.
fn safe(text: &str) -> String {
    sanitize(text).replace("](", "]\u{20}(")
}

#[cfg(test)]
mod tests {
    use model::diagnostic::Code;

    use super::*;
    use crate::problem::Rule;

    #[test]
    fn paths_are_encoded_part_by_part() {
        assert_eq!(uri("a b/ü#?.php"), "a%20b/%C3%BC%23%3F.php");
    }

    #[test]
    fn no_link_of_scanned_code_survives() {
        assert_eq!(safe("[x](https://e)"), "[x] (https://e)");
    }

    #[test]
    fn errors_have_a_severity_and_others_have_none() {
        let at = Location {
            path: "a.php".into(),
            line: 3,
            column: 2,
            excerpt: "x".into(),
        };
        let problem = |level, code| Problem {
            level,
            rule: Rule::Code(code),
            path: "a.php".to_owned(),
            at: &at,
            message: "m".to_owned(),
            help: None,
            through: Vec::new(),
            unit: "u",
        };
        let all = [
            problem(Level::Error, Code::SyntaxError),
            problem(Level::Warning, Code::DynamicRequest),
        ];
        let log = serde_json::to_value(log(&all, 7, &Options::default())).unwrap();
        let rules = &log["runs"][0]["tool"]["driver"]["rules"];
        assert_eq!(rules[0]["id"], "dynamic-request");
        assert!(rules[0]["properties"].get("security-severity").is_none());
        assert!(rules[1]["properties"]["security-severity"].is_string());
        assert_eq!(rules[1]["defaultConfiguration"]["level"], "error");
        let told = &log["runs"][0]["invocations"][0]["toolExecutionNotifications"];
        assert_eq!(
            told[0]["message"]["text"],
            "7 results are left out: code scanning shows 5000"
        );
    }
}
