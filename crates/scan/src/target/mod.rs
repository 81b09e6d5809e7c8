//! Finds the units in what was asked for: plugins, themes, packages, folders, files, archives.

mod in_folder;
mod named;

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use model::{
    language::Language,
    manifest::{Unit, UnitKind},
};

pub(crate) use self::{
    in_folder::{member, of_folder},
    named::package,
};

use crate::{
    Input, ScanError,
    archive::Archive,
    disk,
    listing::{Content, Found, Listing, Skipped},
    place::Place,
    spot::{self, Spot, Spotted},
    walk,
};

/// A unit and where its files are.
#[derive(Clone, Debug)]
pub(crate) struct Target {
    /// What it is called.
    pub(crate) unit: Unit,
    /// Its files.
    pub(crate) scope: Scope,
    /// Whether it counts only if it mentions Stripe.
    pub(crate) only_if_used: bool,
    /// What is left out already.
    pub(crate) skipped: Skipped,
    /// Where it was found.
    pub(crate) origin: Origin,
}

/// Where a unit was found.
#[derive(Clone, Debug, Default)]
pub(crate) struct Origin {
    /// The path that was asked for; `None` where nothing is on disk.
    pub(crate) root: Option<PathBuf>,
    /// The folder of the unit below it, with `/` behind; empty for the root itself.
    pub(crate) prefix: String,
    /// Whether it is code of others: one of several units found there, or in an archive.
    pub(crate) is_shared: bool,
}

/// Where the files of a unit are.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    /// A folder, and the folder that paths are relative to.
    Folder {
        /// What paths are relative to.
        base: Place,
        /// What is listed.
        start: Place,
    },
    /// The files in a folder, without its folders.
    Loose(Place),
    /// One file.
    File(Found),
    /// What is in an archive: as many units as there are in it.
    Archive(Archive),
}

/// Lists the units of `input`.
pub(crate) fn targets(input: &Input) -> Result<Vec<Target>, ScanError> {
    match input {
        Input::Paths(_) => Ok(spot::spots(input)?.iter().map(Spotted::target).collect()),
        Input::Text {
            name,
            language,
            bytes,
        } => Ok(vec![of_file(
            name,
            Some(*language),
            Content::Memory(bytes.as_slice().into()),
        )]),
    }
}

/// Lists where the units at `path` are.
pub(crate) fn of_path(path: &Path) -> Result<Vec<Spot>, ScanError> {
    let unreadable = |source| ScanError::Unreadable {
        path: path.to_path_buf(),
        source,
    };
    let metadata = match std::fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
            return Err(ScanError::NotFound {
                path: path.to_path_buf(),
            });
        }
        other => other.map_err(unreadable)?,
    };
    if metadata.is_dir() {
        std::fs::read_dir(path).map_err(unreadable)?;
        return Ok(of_folder(&path.into()));
    }
    if let Some(archive) = Archive::named(path)? {
        return Ok(vec![Spot::Unit(Box::new(of_archive(archive)))]);
    }
    let mut first = [0; 1];
    std::fs::File::open(path)
        .and_then(|mut file| file.read(&mut first))
        .map_err(unreadable)?;
    let content = Content::Disk(path.into());
    let name = disk::name_of(&path.into());
    let file = of_file(&name, Language::from_path(path), content);
    Ok(vec![Spot::Unit(Box::new(file))])
}

/// Takes all that lies at `path` for one unit, whatever units there are.
pub(crate) fn whole(path: &Path) -> Result<Target, ScanError> {
    let mut units = of_path(path)?;
    let is_shared = units.len() > 1;
    let mut whole = match units.pop() {
        Some(Spot::Unit(unit)) if matches!(unit.scope, Scope::File(_) | Scope::Archive(_)) => *unit,
        Some(_) | None => folder(&path.into()),
    };
    whole.origin = Origin {
        root: Some(path.to_path_buf()),
        prefix: String::new(),
        is_shared,
    };
    Ok(whole)
}

fn of_file(name: &str, language: Option<Language>, content: Content) -> Target {
    let scope = Scope::File(Found {
        path: name.into(),
        language,
        content,
        words: None,
    });
    target(name.to_owned(), UnitKind::File, None, scope)
}

fn target(name: String, kind: UnitKind, version: Option<model::Name>, scope: Scope) -> Target {
    Target {
        unit: Unit {
            name: name.into(),
            kind,
            version,
            path: None,
        },
        scope,
        only_if_used: false,
        skipped: Skipped::new(),
        origin: Origin::default(),
    }
}

/// Makes a target of an archive, whose units are found when it is scanned.
pub(crate) fn of_archive(archive: Archive) -> Target {
    let name = archive.stem();
    target(name, UnitKind::Folder, None, Scope::Archive(archive))
}

/// Takes a folder for a unit, without looking into it.
pub(crate) fn folder(root: &Place) -> Target {
    let scope = Scope::Folder {
        base: root.clone(),
        start: root.clone(),
    };
    target(disk::name_of(root), UnitKind::Folder, None, scope)
}

impl Target {
    /// Lists the files of the unit.
    pub(crate) fn list(&self, rules: &walk::Rules) -> Listing {
        let mut listing = match &self.scope {
            Scope::Folder { base, start } => walk::list(base, start, rules),
            Scope::Loose(folder) => walk::list(
                folder,
                folder,
                &walk::Rules {
                    recursive: false,
                    ..*rules
                },
            ),
            Scope::File(found) => Listing {
                files: vec![found.clone()],
                ..Listing::default()
            },
            // Its units have scopes of their own.
            Scope::Archive(_) => Listing::default(),
        };
        for (reason, n) in &self.skipped {
            listing.skip(*reason, *n);
        }
        listing
    }

    /// Returns the folder that paths are relative to, as it was asked for; empty for the current one.
    pub(crate) fn folder(&self) -> model::Name {
        let Some(root) = &self.origin.root else {
            return "".into();
        };
        let folder = match &self.scope {
            Scope::Folder {
                base: Place::Disk(base),
                ..
            }
            | Scope::Loose(Place::Disk(base)) => base.as_path(),
            Scope::Folder { .. } | Scope::Loose(_) if root.is_dir() => root,
            Scope::Folder { .. } | Scope::Loose(_) | Scope::File(_) | Scope::Archive(_) => {
                root.parent().unwrap_or(Path::new(""))
            }
        };
        let folder = folder.to_string_lossy();
        let folder = folder.replace(std::path::MAIN_SEPARATOR, "/");
        let folder = folder.strip_prefix("./").unwrap_or(&folder);
        let folder = folder.trim_end_matches('/');
        if folder == "." {
            "".into()
        } else {
            folder.into()
        }
    }

    /// Tells whether it is all that lies in a folder.
    pub(crate) fn is_whole_folder(&self) -> bool {
        match &self.scope {
            Scope::Folder { base, start } => {
                start.below(base).is_some_and(|below| below.is_empty())
            }
            Scope::Loose(_) | Scope::File(_) | Scope::Archive(_) => false,
        }
    }

    /// Tells whether scripts in the unit run in browsers unless they show otherwise.
    pub(crate) fn has_browser_scripts(&self) -> bool {
        matches!(
            self.unit.kind,
            UnitKind::WordPressPlugin | UnitKind::WordPressTheme
        )
    }
}
