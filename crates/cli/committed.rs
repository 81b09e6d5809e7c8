//! Manifest files: finds them, reads them, and says where they are wrong.
//!
//! A manifest that was committed may have been edited by hand, cut by a merge, or written by others: it
//! is trusted no more than code.

use std::{
    fs,
    path::{Path, PathBuf},
};

use miette::{Diagnostic, NamedSource, SourceSpan};
use model::{manifest::KeyTiers, permission::PermissionId};
use report::v1::{Document, Permission, Unit, VERSION};
use rules::{
    RuleSet,
    locate::{self, Place, Step},
};
use serde::{Deserialize, de::DeserializeOwned};

use crate::{config, error::CliError, input::failed, nearest::nearest};

/// The name of the manifest file that is written.
pub(crate) const MANIFEST: &str = "stripe-permissions.yaml";
/// Names that are looked for; the first that is there counts.
const NAMES: [&str; 3] = [
    MANIFEST,
    "stripe-permissions.yml",
    "stripe-permissions.json",
];
/// No honest manifest is larger; what is larger is refused before it is parsed.
const LARGEST: usize = 16 << 20;

/// A manifest file that cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(code("bad-manifest"))]
pub(crate) struct ManifestError {
    message: String,
    #[help]
    help: Option<String>,
    #[source_code]
    source_code: NamedSource<String>,
    #[label("here")]
    span: SourceSpan,
}

/// How a manifest file is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Form {
    /// One document for each unit.
    Yaml,
    /// The report of a run.
    Json,
}

/// A manifest file.
#[derive(Clone, Debug)]
pub(crate) struct Committed {
    /// Where it is.
    pub(crate) path: PathBuf,
    /// How it is written.
    pub(crate) form: Form,
    /// What it says.
    pub(crate) units: Vec<Unit>,
    /// The tiers that its keys are made for.
    pub(crate) key_tiers: KeyTiers,
}

/// Whether ids that the rule table does not know are refused.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ids {
    /// Each must be known.
    Known,
    /// They are taken as they are: they are about to be replaced, or are history.
    Any,
}

/// Finds the manifest in a folder; a link that leads out of it is none.
pub(crate) fn in_folder(folder: &Path) -> Option<PathBuf> {
    config::at_root(folder, &NAMES)
}

/// Finds a folder near below `folder` that has a manifest, to be named where `folder` has none.
pub(crate) fn below(folder: &Path) -> Option<PathBuf> {
    let folders = |folder: &Path| -> Vec<PathBuf> {
        let entries = fs::read_dir(folder).into_iter().flatten().flatten();
        let mut all: Vec<PathBuf> = entries
            .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
            .map(|entry| entry.path())
            .take(200)
            .collect();
        all.sort();
        all
    };
    let first = folders(folder);
    let second = first.iter().flat_map(|folder| folders(folder));
    let mut all = first.iter().cloned().chain(second);
    all.find(|folder| in_folder(folder).is_some())
}

/// Reads a manifest file.
pub(crate) fn read(path: &Path, rules: &RuleSet, ids: Ids) -> Result<Committed, CliError> {
    let bytes = fs::read(path).map_err(|source| failed(path, source))?;
    let text = String::from_utf8_lossy(&bytes);
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let source = Source {
        shown: &path.strip_prefix(".").unwrap_or(path).display().to_string(),
        text,
    };
    let read = source.read(rules, ids)?;
    Ok(Committed {
        path: path.to_owned(),
        ..read
    })
}

/// The text of a manifest file.
struct Source<'a> {
    shown: &'a str,
    text: &'a str,
}

/// The part of a manifest that is read before all others.
#[derive(Deserialize)]
#[serde(expecting = "keys and values")]
struct Head {
    schema: u32,
}

/// A mistake: what, where, and what to do.
struct Fault {
    message: String,
    help: String,
    place: Place,
}

const REWRITE: &str =
    "correct it, or write it anew with `rakscan scan --write` and read the difference";

impl Source<'_> {
    fn read(&self, rules: &RuleSet, ids: Ids) -> Result<Committed, Box<ManifestError>> {
        if self.text.len() > LARGEST {
            let message = format!("the file has more than the {LARGEST} bytes a manifest may have");
            return Err(self.error(0, fault(message, Place::default())));
        }
        let form = if self.text.trim_start().starts_with('{') {
            Form::Json
        } else {
            Form::Yaml
        };
        let mut units = Vec::new();
        for (start, text) in documents(self.text, form) {
            let found = document(text, form, rules, ids);
            units.extend(found.map_err(|fault| self.error(start, fault))?);
        }
        let Some(first) = units.first() else {
            let fault = fault("there is no unit in this manifest", Place::default());
            return Err(self.error(0, fault));
        };
        Ok(Committed {
            path: PathBuf::new(),
            form,
            key_tiers: key_tiers(first),
            units,
        })
    }

    fn error(&self, start: usize, fault: Fault) -> Box<ManifestError> {
        Box::new(ManifestError {
            message: report::sanitize(&fault.message).into_owned(),
            help: Some(fault.help),
            source_code: NamedSource::new(self.shown, visible(self.text)).with_language("yaml"),
            span: (start + fault.place.start, fault.place.len).into(),
        })
    }
}

fn fault(message: impl Into<String>, place: Place) -> Fault {
    Fault {
        message: message.into(),
        help: REWRITE.to_owned(),
        place,
    }
}

/// Splits a text into YAML documents, each with its first byte.
fn documents(text: &str, form: Form) -> Vec<(usize, &str)> {
    if form == Form::Json {
        return vec![(0, text)];
    }
    let mut all = Vec::new();
    let (mut start, mut at) = (0, 0);
    for line in text.split_inclusive('\n') {
        if line.trim_end() == "---" {
            all.push((start, &text[start..at]));
            start = at + line.len();
        }
        at += line.len();
    }
    all.push((start, &text[start..]));
    let is_said = |text: &str| {
        let mut lines = text.lines().map(str::trim);
        lines.any(|line| !line.is_empty() && !line.starts_with('#'))
    };
    if all.iter().any(|(_, text)| is_said(text)) {
        all.retain(|(_, text)| is_said(text));
    } else {
        all.truncate(1);
    }
    all
}

fn document(text: &str, form: Form, rules: &RuleSet, ids: Ids) -> Result<Vec<Unit>, Fault> {
    let head: Head = parse(text)?;
    if head.schema != VERSION {
        let place = locate::value(text, &["schema".into()]);
        return Err(other_version(head.schema, place));
    }
    let units = match form {
        Form::Yaml => vec![parse::<Unit>(text)?],
        Form::Json => parse::<Document>(text)?.units,
    };
    for (n, unit) in units.iter().enumerate() {
        let under: &[Step] = match form {
            Form::Yaml => &[],
            Form::Json => &["units".into(), n.into()],
        };
        check_tiers(text, unit, under)?;
        if ids == Ids::Known {
            check_ids(text, "permissions", &unit.permissions, under, rules)?;
            check_ids(text, "connect", &unit.connect, under, rules)?;
        }
    }
    Ok(units)
}

/// Reads YAML, and JSON, which is YAML too: so every mistake has its place.
fn parse<T: DeserializeOwned>(text: &str) -> Result<T, Fault> {
    serde_yaml::from_str(text).map_err(|wrong| {
        let message = locate::bare(&wrong).replace("missing field", "missing key");
        fault(
            format!("this is no manifest: {message}"),
            locate::place_of(text, &wrong),
        )
    })
}

fn other_version(found: u32, place: Place) -> Fault {
    let help = if found > VERSION {
        "update rakscan to the release that your team uses"
    } else {
        REWRITE
    };
    Fault {
        message: format!("schema {found} is not supported, only {VERSION} is"),
        help: help.to_owned(),
        place,
    }
}

fn check_tiers(text: &str, unit: &Unit, under: &[Step]) -> Result<(), Fault> {
    let tiers = unit.key_tiers.iter().flatten();
    for (n, tier) in tiers.enumerate() {
        if !["required", "one_off", "unreferenced"].contains(&tier.as_str()) {
            let path = [under, &["key_tiers".into(), n.into()]].concat();
            return Err(Fault {
                message: format!("there is no tier `{tier}`"),
                help: "write `required`, `one_off` or `unreferenced`".to_owned(),
                place: locate::value(text, &path),
            });
        }
    }
    Ok(())
}

fn check_ids(
    text: &str,
    column: &'static str,
    permissions: &[Permission],
    under: &[Step],
    rules: &RuleSet,
) -> Result<(), Fault> {
    for (n, permission) in permissions.iter().enumerate() {
        let known = PermissionId::parse(&permission.id).and_then(|id| rules.permission(&id));
        if known.is_none() {
            let path = [under, &[column.into(), n.into(), "id".into()]].concat();
            return Err(Fault {
                message: format!("there is no permission `{}`", permission.id),
                help: meant(&permission.id, rules),
                place: locate::value(text, &path),
            });
        }
    }
    Ok(())
}

fn meant(id: &str, rules: &RuleSet) -> String {
    let ids: Vec<String> = rules
        .permissions()
        .map(|rule| rule.info.id.to_string())
        .collect();
    let near = nearest(id, ids.iter().map(String::as_str));
    let accept = "`rakscan check --fix` writes what the code needs";
    match near.first() {
        Some(near) => format!("write `{near}` if that is meant; {accept}"),
        None => format!("Stripe ignores ids that it does not know; {accept}"),
    }
}

fn key_tiers(unit: &Unit) -> KeyTiers {
    match &unit.key_tiers {
        None => KeyTiers::default(),
        Some(tiers) => KeyTiers {
            one_off: tiers.iter().any(|tier| tier == "one_off"),
            unreferenced: tiers.iter().any(|tier| tier == "unreferenced"),
        },
    }
}

/// Replaces what must not reach a terminal by as many bytes, so that places stay where they are.
fn visible(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        let mut bytes = [0; 4];
        let is_safe = matches!(c, '\n' | '\t')
            || matches!(
                report::sanitize(c.encode_utf8(&mut bytes)),
                std::borrow::Cow::Borrowed(_)
            );
        if is_safe {
            out.push(c);
        } else {
            out.extend(std::iter::repeat_n('?', c.len_utf8()));
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_keep_their_place() {
        let text = "# a\n---\nb: 1\n---\nc: 2\n";
        assert_eq!(documents(text, Form::Yaml), [(8, "b: 1\n"), (17, "c: 2\n")]);
        assert_eq!(documents("", Form::Yaml), [(0, "")]);
        assert_eq!(documents("{}", Form::Json), [(0, "{}")]);
    }

    #[test]
    fn what_moves_the_cursor_is_replaced_by_as_many_bytes() {
        let text = "a\u{1b}[2J\u{202e}b\r\n\tc";
        let seen = visible(text);
        assert_eq!(seen, "a?[2J???b?\n\tc");
        assert_eq!(seen.len(), text.len());
    }
}
