//! What belongs together: the files of one unit, and how its modules find one another.

use std::collections::BTreeSet;

use crate::{Name, api::SdkId, facts::FileFacts};

/// A Stripe SDK that code of the unit can name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct SdkRoot {
    /// Which SDK.
    pub sdk: SdkId,
    /// PHP: the namespace of the copy, for instance `Acme\Vendor\Stripe`; others: the package name.
    pub root: Name,
    /// Its release, where a `VERSION` file or a lock file says it.
    pub version: Option<Version>,
    /// Folder of a bundled copy, relative to the unit.
    pub path: Option<Name>,
}

/// A release number, compared part by part.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Version {
    /// First number.
    pub major: u16,
    /// Second number.
    pub minor: u16,
    /// Third number.
    pub patch: u16,
}

impl Version {
    /// Reads `v7.33.0`, `7.33` or `7`; what follows the numbers is ignored.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let text = text
            .trim()
            .trim_start_matches(['v', '^', '~', '=', '>', ' ']);
        let mut parts = text.split('.').map(|part| {
            let digits = part
                .find(|c: char| !c.is_ascii_digit())
                .unwrap_or(part.len());
            part[..digits].parse().ok()
        });
        Some(Self {
            major: parts.next()??,
            minor: parts.next().flatten().unwrap_or(0),
            patch: parts.next().flatten().unwrap_or(0),
        })
    }
}

impl std::fmt::Display for Version {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}.{}.{}", self.major, self.minor, self.patch)
    }
}

/// Which functions of a unit the world outside it calls.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum EntryPoints {
    /// What the unit registers (hooks, routes, tasks): a plugin or theme of WordPress.
    Registered,
    /// That, and what frameworks and code outside the scanned folder find by name: an application,
    /// or a part of one.
    #[default]
    Conventional,
    /// Everything public: a library.
    Public,
}

/// How the files of a unit are shared with other units of the same repository.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Neighbours {
    /// Files of other units that this one uses: of them only what is reached from here counts.
    pub borrowed: BTreeSet<Name>,
    /// Files of this unit that others use: what they hand out counts for those.
    pub lent: BTreeSet<Name>,
}

/// A package of a workspace, as JavaScript and TypeScript see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Package {
    /// Folder relative to the unit, empty for its root.
    pub dir: Name,
    /// Name that other packages import it by.
    pub name: Option<Name>,
    /// Entry points and `exports`: sub-path (`.` for the package itself, may hold one `*`) and the
    /// file it stands for, relative to `dir`, may hold one `*`.
    pub exports: Vec<(Name, Name)>,
    /// `imports` of `package.json`: `#x` and the file, in the same form.
    pub imports: Vec<(Name, Name)>,
    /// Names of the packages that it depends on.
    pub dependencies: Vec<Name>,
}

/// `paths` and `baseUrl` of one `tsconfig.json` or `jsconfig.json`, `extends` followed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PathAliases {
    /// Folder of the files that it governs, relative to the unit.
    pub dir: Name,
    /// Folder that non-relative imports may start from, relative to the unit.
    pub base: Option<Name>,
    /// Pattern (one `*` at most) and targets relative to the unit (one `*` at most).
    pub paths: Vec<(Name, Vec<Name>)>,
}

/// The files of one unit and what its module names mean.
#[derive(Clone, Debug, Default)]
pub struct UnitFacts {
    /// Facts of every file that was read, sorted by path.
    pub files: Vec<FileFacts>,
    /// SDKs that the code can name.
    pub sdks: Vec<SdkRoot>,
    /// Packages of a workspace.
    pub packages: Vec<Package>,
    /// Path aliases.
    pub aliases: Vec<PathAliases>,
    /// Folders of Python packages, which other packages import from wherever they are.
    pub python_roots: Vec<Name>,
    /// Which functions the world outside calls.
    pub entry_points: EntryPoints,
    /// What is shared with other units.
    pub neighbours: Neighbours,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_compare_by_number() {
        let of = |text: &str| Version::parse(text).unwrap();
        assert!(of("v7.33.0") < of("10.0"));
        assert_eq!(of("^8.222.0"), of("8.222.0-beta.1"));
        assert_eq!(Version::parse("beta"), None);
    }
}
