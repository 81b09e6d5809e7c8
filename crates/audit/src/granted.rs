//! Reads which permissions a key has: a list of ids, a manifest, or a link to the Dashboard.

use std::collections::BTreeSet;

use model::permission::PermissionId;
use report::v1;
use rules::RuleSet;

/// Marks an id of the Connect column in a list.
const CONNECT: &str = "connect:";

/// What one key may do.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Granted {
    /// Permissions for the own account.
    pub(crate) own: BTreeSet<PermissionId>,
    /// Permissions for connected accounts.
    pub(crate) connect: BTreeSet<PermissionId>,
}

/// Why it is not known what a key may do.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum GrantedError {
    /// A permission that does not exist.
    #[error("there is no permission `{id}`")]
    UnknownId {
        /// What was given for an id.
        id: String,
    },
    /// A key in place of what it may do.
    #[error("a key does not say which permissions it has")]
    Key,
    /// Nothing was named.
    #[error("no permission is named")]
    Nothing,
    /// A manifest that cannot be read.
    #[error("the manifest cannot be read: {reason}")]
    Manifest {
        /// Why.
        reason: String,
    },
}

impl Granted {
    /// Reads a list of ids, a link that fills in the Dashboard's form, or the text of a file with any of
    /// these or a manifest.
    ///
    /// # Errors
    ///
    /// Fails where an id does not exist, or nothing is named.
    pub fn parse(text: &str, rules: &RuleSet) -> Result<Self, GrantedError> {
        let text = text.trim_start_matches('\u{feff}').trim();
        let granted = if text.starts_with("https://") {
            link(text, rules)?
        } else if text.starts_with('{') || is_yaml(text) {
            manifest(text, rules)?
        } else {
            list(text, rules)?
        };
        if granted.own.is_empty() && granted.connect.is_empty() {
            return Err(GrantedError::Nothing);
        }
        Ok(granted)
    }

    fn add(&mut self, is_connect: bool, text: &str, rules: &RuleSet) -> Result<(), GrantedError> {
        if ["sk_", "rk_", "pk_"]
            .iter()
            .any(|key| text.starts_with(key))
        {
            return Err(GrantedError::Key);
        }
        let id = PermissionId::parse(text).filter(|id| rules.permission(id).is_some());
        let Some(id) = id else {
            let id = model::source::mask_secrets(text);
            return Err(GrantedError::UnknownId { id });
        };
        let side = if is_connect {
            &mut self.connect
        } else {
            &mut self.own
        };
        side.insert(id);
        Ok(())
    }
}

/// Tells a manifest from a list, which has no `permissions:` at the start of a line.
fn is_yaml(text: &str) -> bool {
    text.lines().any(|line| line.starts_with("permissions:"))
}

fn list(text: &str, rules: &RuleSet) -> Result<Granted, GrantedError> {
    let mut granted = Granted::default();
    let words = text
        .lines()
        .filter_map(|line| line.split('#').next())
        .flat_map(|line| line.split(|c: char| c == ',' || c.is_whitespace()))
        .map(|word| word.trim_matches(|c: char| "\"'[]`-".contains(c)))
        .filter(|word| !word.is_empty());
    for word in words {
        match word.strip_prefix(CONNECT) {
            Some(id) => granted.add(true, id, rules)?,
            None => granted.add(false, word, rules)?,
        }
    }
    Ok(granted)
}

fn link(text: &str, rules: &RuleSet) -> Result<Granted, GrantedError> {
    let mut granted = Granted::default();
    let query = text.split_once('?').map_or("", |(_, query)| query);
    let query = query.split(['#', '\n', ' ']).next().unwrap_or_default();
    for parameter in query.split('&') {
        let (name, id) = parameter.split_once('=').unwrap_or((parameter, ""));
        let (name, id) = (decoded(name), decoded(id));
        match name.split('[').next() {
            Some("permissions") => granted.add(false, &id, rules)?,
            Some("connectPermissions") => granted.add(true, &id, rules)?,
            _ => {}
        }
    }
    Ok(granted)
}

/// Decodes `%5B` and the like.
fn decoded(text: &str) -> String {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((first, behind)) = rest.split_first() {
        let digits = behind
            .get(..2)
            .and_then(|two| std::str::from_utf8(two).ok());
        let byte = digits.and_then(|digits| u8::from_str_radix(digits, 16).ok());
        if let (b'%', Some(byte)) = (first, byte) {
            bytes.push(byte);
            rest = behind.get(2..).unwrap_or_default();
        } else {
            bytes.push(*first);
            rest = behind;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

fn manifest(text: &str, rules: &RuleSet) -> Result<Granted, GrantedError> {
    let units = units(text).map_err(|reason| GrantedError::Manifest { reason })?;
    let mut granted = Granted::default();
    for unit in &units {
        let tiers = crate::needs::key_tiers(unit);
        for (is_connect, all) in [(false, &unit.permissions), (true, &unit.connect)] {
            for permission in all.iter().filter(|one| tiers.contains(&one.tier.as_str())) {
                granted.add(is_connect, &permission.id, rules)?;
            }
        }
    }
    Ok(granted)
}

/// Reads the units of a manifest file or of a JSON report.
///
/// # Errors
///
/// Returns the reason why `text` is neither.
pub fn units(text: &str) -> Result<Vec<v1::Unit>, String> {
    if text.trim_start().starts_with('{') && text.contains("\"units\"") {
        return match report::read_json(text) {
            Ok(document) => Ok(document.units),
            Err(error) => Err(error.to_string()),
        };
    }
    match report::read_yaml(text) {
        Ok(files) => Ok(files.into_iter().map(|file| file.unit).collect()),
        Err(error) => Err(error.to_string()),
    }
}
