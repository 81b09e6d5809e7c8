//! The text that `explain` prints: headed blocks of fields and lists.

use std::fmt::Write as _;

use anstyle::Style;
use model::{
    diagnostic::Code,
    permission::{Access, PermissionId},
};
use rules::{Answer, EndpointRule, PermissionRule, RuleSet, Spelling};

use crate::screen::{Screen, Talk};

/// Columns that prose takes at most.
const PROSE: usize = 80;

/// Entries of a list that are shown unless all are asked for.
const SHOWN: usize = 12;

/// A page that grows downwards.
pub(super) struct Page<'s> {
    text: String,
    screen: &'s Screen,
}

impl<'s> Page<'s> {
    pub(super) fn new(screen: &'s Screen) -> Self {
        let text = String::new();
        Self { text, screen }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.text.is_empty()
    }

    pub(super) fn into_text(self) -> String {
        self.text
    }

    pub(super) fn code(&mut self, code: Code) {
        self.heading(code.id());
        for line in wrapped(code.explanation(), PROSE) {
            self.line(2, &line);
        }
        let consequence = if code.is_of_key() {
            "It is found by `rakscan keys`, and says nothing about permissions."
        } else if code.leaves_complete() {
            "The manifest can still be complete."
        } else {
            "The manifest is incomplete as long as this stands."
        };
        self.line(2, consequence);
    }

    /// Says what a refusal proves, before the permissions that it names.
    pub(super) fn refusal(&mut self, title: &str, means: &str, unknown: &[String]) {
        self.heading(title);
        self.field("means", means);
        self.field("not known", &unknown.join(", "));
    }

    pub(super) fn permission(&mut self, rule: &PermissionRule, rules: &RuleSet) {
        let info = &rule.info;
        self.heading(&info.id.to_string());
        self.field("label", info.label.as_deref().unwrap_or("not published"));
        self.field("section", &info.section);
        self.field("access", &access(&info.id, rules));
        self.field("grade", info.grade.id());
        self.field("Connect", connect(rule));
        if !info.implied.is_empty() {
            self.field("implies", &info.implied.join(", "));
        }
        self.field("link id", &format!("rak_{}", info.id));
        self.sources(rule.source.as_deref());
        self.field("note", rule.note.as_deref().unwrap_or_default());
        self.list("needed for", &needing(&info.id, rules));
        self.list("also allows", &included(&info.id, rules));
    }

    pub(super) fn endpoint(&mut self, rule: &EndpointRule, calls: &[Spelling], rules: &RuleSet) {
        self.heading(&rule.endpoint.to_string());
        match &rule.answer {
            Answer::Needs(ids) => {
                for (index, id) in ids.iter().enumerate() {
                    let name = if index == 0 { "permission" } else { "or" };
                    self.field(name, &labelled(id, rules));
                }
            }
            Answer::Nothing => self.field("permission", "none: it needs no permission of the key"),
            Answer::Unknown => self.field("permission", "not published"),
        }
        self.field("grade", rule.grade.id());
        self.field("status", &rule.status);
        self.sources(rule.source.as_deref());
        self.field("note", rule.note.as_deref().unwrap_or_default());
        let width = calls.iter().map(|call| call.text.len()).max().unwrap_or(0);
        let calls: Vec<String> = calls.iter().map(|call| spelled(call, width)).collect();
        self.list("SDK calls", &calls);
    }

    fn heading(&mut self, text: &str) {
        if !self.text.is_empty() {
            self.text.push('\n');
        }
        let heading = self.painted(Style::new().bold(), text);
        self.line(0, &heading);
    }

    /// Writes a name and its value, or nothing where the value is empty.
    fn field(&mut self, name: &str, value: &str) {
        for (index, line) in wrapped(&report::sanitize(value), PROSE).iter().enumerate() {
            let name = if index == 0 { name } else { "" };
            let name = self.painted(Style::new().dimmed(), &format!("{name:11}"));
            self.line(2, &format!("{name} {line}"));
        }
    }

    fn sources(&mut self, source: Option<&str>) {
        for (index, one) in source.unwrap_or_default().split("; ").enumerate() {
            self.field(if index == 0 { "source" } else { "" }, one);
        }
    }

    fn list(&mut self, name: &str, all: &[String]) {
        if all.is_empty() {
            return;
        }
        let title = self.painted(Style::new().dimmed(), name);
        self.line(2, &title);
        let n_shown = match self.screen.talk {
            Talk::Verbose => all.len(),
            Talk::Quiet | Talk::Normal => SHOWN.min(all.len()),
        };
        for one in all.iter().take(n_shown) {
            self.line(4, &report::sanitize(one));
        }
        if all.len() > n_shown {
            self.line(
                4,
                &format!("… and {} more, shown by --verbose", all.len() - n_shown),
            );
        }
    }

    fn line(&mut self, indent: usize, text: &str) {
        // Writing to a string cannot fail.
        let _ = writeln!(self.text, "{:indent$}{text}", "");
    }

    fn painted(&self, style: Style, text: &str) -> String {
        if self.screen.styles {
            format!("{style}{text}{style:#}")
        } else {
            text.to_owned()
        }
    }
}

fn access(id: &PermissionId, rules: &RuleSet) -> String {
    let read = PermissionId {
        access: Access::Read,
        ..id.clone()
    };
    match id.access {
        Access::Read => "Read".to_owned(),
        Access::Write if rules.permission(&read).is_some() => format!("Write, includes {read}"),
        Access::Write => "Write".to_owned(),
    }
}

fn connect(rule: &PermissionRule) -> &'static str {
    match rule.direct_only {
        Some(true) => "own account only, not in the Connect column",
        Some(false) => "also for connected accounts",
        None => "not published",
    }
}

/// Returns the endpoints whose answer names `id` itself.
fn needing(id: &PermissionId, rules: &RuleSet) -> Vec<String> {
    endpoints(rules, |answer| answer.contains(id))
}

/// Returns the endpoints whose answer names less than `id`.
fn included(id: &PermissionId, rules: &RuleSet) -> Vec<String> {
    endpoints(rules, |answer| {
        !answer.contains(id) && answer.iter().any(|other| id.includes(other))
    })
}

fn endpoints(rules: &RuleSet, is_meant: impl Fn(&[PermissionId]) -> bool) -> Vec<String> {
    rules
        .endpoints()
        .filter(|rule| match &rule.answer {
            Answer::Needs(ids) => is_meant(ids),
            Answer::Nothing | Answer::Unknown => false,
        })
        .map(|rule| rule.endpoint.to_string())
        .collect()
}

fn labelled(id: &PermissionId, rules: &RuleSet) -> String {
    let info = rules.permission(id);
    match info.and_then(|info| info.label.as_deref().map(|label| (label, &info.section))) {
        Some((label, section)) => format!("{id}, {label} ({section})"),
        None => id.to_string(),
    }
}

fn spelled(call: &Spelling, width: usize) -> String {
    let releases = match call.until {
        Some(until) => format!("{} to {until}", call.since),
        None => format!("since {}", call.since),
    };
    format!("{:13}  {:width$}  {releases}", call.sdk.id(), call.text)
}

/// Breaks prose at spaces.
fn wrapped(text: &str, width: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.len() + 1 + word.len() <= width => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}
