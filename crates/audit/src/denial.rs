//! Reads the sentences in which Stripe refuses a request of a restricted key.

use std::collections::BTreeSet;

use model::permission::PermissionId;
use rules::RuleSet;

/// No honest message names more.
const MOST: usize = 20;

/// Ends of the sentence that names permissions, in each form of the message.
const ALLOW: &str = "would allow this request to continue";

/// In which words a request was refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Form {
    /// `Having the 'rak_plan_read' permission would allow …`: this one is missing.
    Singular,
    /// `Having the 'rak_a_read', 'rak_b_read' permissions would allow …`: any one is enough.
    Plural,
    /// `Enabling "Prices Read" ('plan_read') permissions on this key would allow …`.
    Label,
    /// `Having more permissions would allow …`: names nothing.
    Unnamed,
    /// The endpoint is not open to restricted keys at all.
    Never,
    /// The log has the status 403 and no message.
    Silent,
}

impl Form {
    /// Returns the word for this form in output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Singular => "singular",
            Self::Plural => "plural",
            Self::Label => "label",
            Self::Unnamed => "unnamed",
            Self::Never => "not-for-restricted-keys",
            Self::Silent => "no-message",
        }
    }

    /// Says what follows from this form of the message, which itself may name permissions.
    #[must_use]
    pub const fn consequence(self) -> &'static str {
        match self {
            Self::Singular => "the key lacked this permission",
            Self::Plural => "the key lacked all of these; any one of them is enough",
            Self::Label => "the key lacked this permission, named by its row in the Dashboard",
            Self::Unnamed => {
                "this message names no permission: it does not prove which one was missing"
            }
            Self::Never => "no restricted key can do this, whatever its permissions",
            Self::Silent => {
                "the log has no message: it does not prove which permission was missing"
            }
        }
    }
}

/// One refusal: its form and the names in it, as they stand there.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Denial {
    /// The form of the message.
    pub form: Form,
    /// Ids of permissions, without `rak_`.
    ids: BTreeSet<PermissionId>,
    /// Labels of rows with their access: `Prices Read`.
    labels: BTreeSet<String>,
}

impl Denial {
    /// A refusal without a message.
    pub(crate) fn silent() -> Self {
        Self::of(Form::Silent)
    }

    fn of(form: Form) -> Self {
        Self {
            form,
            ids: BTreeSet::new(),
            labels: BTreeSet::new(),
        }
    }

    /// Reads the first message in `text`; `None` where it has none.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        Self::parse_all(text).into_iter().next()
    }

    /// Reads every message in `text`, which may be prose, a log or JSON around them.
    #[must_use]
    pub fn parse_all(text: &str) -> Vec<Self> {
        let text = text.replace("\\u0027", "'").replace("\\u0022", "\"");
        let mut found = Vec::new();
        let mut rest = text.as_str();
        while let Some(at) = rest.find(ALLOW) {
            let (before, behind) = rest.split_at(at);
            found.push(named(before));
            rest = behind.get(ALLOW.len()..).unwrap_or_default();
        }
        if found.is_empty() {
            let never = text.contains("not available for use by restricted keys");
            let unnamed = text.contains("does not have the required permissions")
                || text.contains("does not have access to");
            found.extend(match (never, unnamed) {
                (true, _) => Some(Self::of(Form::Never)),
                (false, true) => Some(Self::of(Form::Unnamed)),
                (false, false) => None,
            });
        }
        found
    }

    /// Returns the permissions of the table that are named, sorted.
    #[must_use]
    pub fn permissions(&self, rules: &RuleSet) -> Vec<PermissionId> {
        let exists = |id: &&PermissionId| rules.permission(id).is_some();
        let mut found: BTreeSet<PermissionId> = self.ids.iter().filter(exists).cloned().collect();
        if found.is_empty() {
            for label in &self.labels {
                found.extend(labelled(label, rules));
            }
        }
        found.into_iter().collect()
    }

    /// Returns what is named and is not in the table.
    #[must_use]
    pub fn unknown(&self, rules: &RuleSet) -> Vec<String> {
        let known = |id: &&PermissionId| rules.permission(id).is_none();
        let ids = self.ids.iter().filter(known).map(ToString::to_string);
        let is_unknown = |label: &&String| labelled(label, rules).next().is_none();
        let labels = self.labels.iter().filter(|_| self.ids.is_empty());
        ids.chain(labels.filter(is_unknown).cloned()).collect()
    }
}

/// Reads the sentence that ends at the end of `text`.
fn named(text: &str) -> Denial {
    let start = ["Having ", "Enabling "].map(|word| text.rfind(word));
    let is_label = start[1] > start[0];
    let start = start.into_iter().flatten().max().unwrap_or(text.len());
    let sentence = text.get(start..).unwrap_or_default();
    let ids: BTreeSet<PermissionId> = sentence
        .split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'))
        .filter_map(PermissionId::parse)
        .filter(|id| id.base.len() <= 64)
        .take(MOST)
        .collect();
    let labels = if is_label {
        labels(sentence)
    } else {
        BTreeSet::new()
    };
    let form = match (is_label, ids.len()) {
        (true, n) if n > 0 || !labels.is_empty() => Form::Label,
        (_, 0) => Form::Unnamed,
        (_, 1) => Form::Singular,
        (_, _) => Form::Plural,
    };
    Denial { form, ids, labels }
}

/// Returns what stands in double quotes, be they straight, curly or escaped for JSON.
fn labels(sentence: &str) -> BTreeSet<String> {
    sentence
        .split(['"', '\u{201c}', '\u{201d}'])
        .skip(1)
        .step_by(2)
        .map(|label| label.trim_end_matches('\\').trim().to_owned())
        .filter(|label| !label.is_empty() && label.len() <= 100)
        .take(MOST)
        .collect()
}

/// Returns the permissions whose row has the label `Prices Read`.
fn labelled<'r>(label: &'r str, rules: &'r RuleSet) -> impl Iterator<Item = PermissionId> + 'r {
    rules
        .permissions()
        .filter(move |rule| name(&rule.info.id, rules).is_some_and(|name| name == label))
        .map(|rule| rule.info.id.clone())
}

/// Returns the name of a permission in the newer messages: `Prices Read`.
fn name(id: &PermissionId, rules: &RuleSet) -> Option<String> {
    let label = rules.permission(id)?.label.as_deref()?;
    let access = match id.access {
        model::permission::Access::Read => "Read",
        model::permission::Access::Write => "Write",
    };
    Some(format!("{label} {access}"))
}

/// Returns the sentence of the newer message that asks for any of `ids`.
pub(crate) fn newer(ids: &[PermissionId], rules: &RuleSet) -> String {
    let one = |id: &PermissionId| match name(id, rules) {
        Some(name) => format!("\"{name}\" ('{id}')"),
        None => format!("'{id}'"),
    };
    let all: Vec<String> = ids.iter().map(one).collect();
    format!(
        "Enabling {} permissions on this key {ALLOW}.",
        all.join(", ")
    )
}

/// Returns the sentence of the older message that asks for any of `ids`.
pub(crate) fn older(ids: &[PermissionId]) -> String {
    let all: Vec<String> = ids.iter().map(|id| format!("'rak_{id}'")).collect();
    let noun = if all.len() == 1 {
        "permission"
    } else {
        "permissions"
    };
    format!("Having the {} {noun} {ALLOW}.", all.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parsed(text: &str) -> (Form, String, Vec<String>) {
        let denial = Denial::parse(text).unwrap();
        let ids: Vec<String> = denial.ids.iter().map(ToString::to_string).collect();
        (
            denial.form,
            ids.join(" "),
            denial.labels.into_iter().collect(),
        )
    }

    #[test]
    fn each_form_is_told_apart() {
        let key = "The provided key 'rk_test_****abcdef' does not have the required permissions for \
                   this endpoint on account 'acct_1'.";
        let read = |sentence: &str| parsed(&format!("{key} {sentence}"));
        assert_eq!(
            read("Having the 'rak_plan_read' permission would allow this request to continue."),
            (Form::Singular, "plan_read".to_owned(), vec![])
        );
        assert_eq!(
            read(
                "Having the ‘rak_b_read’, ‘rak_a_read’ permissions would allow this request to continue."
            ),
            (Form::Plural, "a_read b_read".to_owned(), vec![])
        );
        assert_eq!(
            read(
                r#"Enabling \"Prices Read\" ('plan_read') permissions on this key would allow this request to continue."#
            ),
            (
                Form::Label,
                "plan_read".to_owned(),
                vec!["Prices Read".to_owned()]
            )
        );
        assert_eq!(
            read("Having more permissions would allow this request to continue.").0,
            Form::Unnamed
        );
        assert_eq!(parsed(key).0, Form::Unnamed);
        assert_eq!(
            parsed("This is a restricted API key, but the required permissions are not available for use by restricted keys").0,
            Form::Never
        );
    }

    #[test]
    fn other_texts_are_no_refusal() {
        for text in ["", "No such charge: 'ch_1'", "permission denied"] {
            assert_eq!(Denial::parse(text), None, "{text}");
        }
    }

    #[test]
    fn every_message_in_a_text_is_read() {
        let one = "Having the 'rak_plan_read' permission would allow this request to continue.";
        let two = "Having the 'rak_charge_write' permission would allow this request to continue.";
        assert_eq!(Denial::parse_all(&format!("{one}\n{two}")).len(), 2);
    }

    #[test]
    fn what_is_written_is_read_back() {
        let ids: Vec<PermissionId> = ["plan_read", "charge_read"]
            .iter()
            .filter_map(|id| PermissionId::parse(id))
            .collect();
        assert_eq!(parsed(&older(&ids)).1, "charge_read plan_read");
        assert_eq!(parsed(&older(&ids[..1])).0, Form::Singular);
    }
}
