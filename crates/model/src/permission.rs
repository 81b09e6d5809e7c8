//! Permissions of a Stripe restricted API key.

use std::fmt;

use crate::Name;

/// What a permission allows; write includes read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// Reading only.
    Read,
    /// Reading and writing.
    Write,
}

impl Access {
    /// Returns the suffix of a permission id with this access.
    #[must_use]
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Read => "read",
            Self::Write => "write",
        }
    }
}

impl fmt::Display for Access {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.suffix())
    }
}

/// The id of a permission: base and access, for instance `charge_write`.
///
/// The Dashboard writes the same id with the prefix `rak_`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PermissionId {
    /// The base, for instance `charge`.
    pub base: Name,
    /// Read or write.
    pub access: Access,
}

impl PermissionId {
    /// Reads `charge_write` or `rak_charge_write`; `None` where there is no access suffix.
    ///
    /// Whether such a permission exists is for the rule table to say.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.strip_prefix("rak_").unwrap_or(text);
        let (base, access) = Self::split(text)?;
        let base = base.into();
        Some(Self { base, access })
    }

    /// Parts an id without prefix into base and access.
    #[must_use]
    pub fn split(text: &str) -> Option<(&str, Access)> {
        let (base, access) = if let Some(base) = text.strip_suffix("_write") {
            (base, Access::Write)
        } else {
            (text.strip_suffix("_read")?, Access::Read)
        };
        (!base.is_empty()).then_some((base, access))
    }

    /// Tells whether a key with `self` may do all that `other` allows.
    #[must_use]
    pub fn includes(&self, other: &Self) -> bool {
        self.base == other.base && self.access >= other.access
    }
}

impl fmt::Display for PermissionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}_{}", self.base, self.access)
    }
}

/// How well a mapping is known, best first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Grade {
    /// Stripe publishes it.
    Official,
    /// A real 403 message names it.
    Observed,
    /// Public documentation of others, or of Stripe for another product, says so.
    Documented,
    /// It follows from a rule that holds elsewhere.
    Inferred,
    /// Nobody has published it.
    Unknown,
}

impl Grade {
    /// Every grade, best first.
    pub const ALL: [Self; 5] = [
        Self::Official,
        Self::Observed,
        Self::Documented,
        Self::Inferred,
        Self::Unknown,
    ];

    /// Returns the word for this grade in rule files and output.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            Self::Official => "official",
            Self::Observed => "observed",
            Self::Documented => "documented",
            Self::Inferred => "inferred",
            Self::Unknown => "unknown",
        }
    }

    /// Finds the grade by its word.
    #[must_use]
    pub fn from_id(id: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|grade| grade.id() == id)
    }
}

/// One permission as the Dashboard shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PermissionInfo {
    /// The id.
    pub id: PermissionId,
    /// The row label in the Dashboard; `None` where it was never published.
    pub label: Option<Name>,
    /// The Dashboard section that holds the row.
    pub section: Name,
    /// Ids that Stripe grants along with this one.
    pub implied: Vec<Name>,
    /// Whether it exists only for the own account, not in the Connect column.
    pub direct_only: bool,
    /// How well the id is known.
    pub grade: Grade,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_read_back_with_and_without_prefix() {
        let id = PermissionId::parse("rak_payment_links_write").unwrap();
        assert_eq!(id.to_string(), "payment_links_write");
        assert_eq!(PermissionId::parse("charge"), None);
        assert_eq!(PermissionId::parse("_read"), None);
    }

    #[test]
    fn write_includes_read_and_not_the_reverse() {
        let write = PermissionId::parse("plan_write").unwrap();
        let read = PermissionId::parse("plan_read").unwrap();
        assert!(write.includes(&read) && write.includes(&write));
        assert!(!read.includes(&write));
    }
}
