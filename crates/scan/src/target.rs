//! Finds the units in what was asked for: plugins, themes, packages, folders, files, archives.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use model::{
    language::Language,
    manifest::{SkipReason, Unit, UnitKind},
};

use crate::{
    Input, ScanError,
    archive::{self, Archive},
    disk, json,
    listing::{Content, Found, Listing, Skipped},
    lock::toml_value,
    place::Place,
    spot::{self, Spot, Spotted},
    walk,
    wordpress::{self, Identity},
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

/// Folders of a WordPress site that hold plugins and themes.
const SITE: [&str; 3] = ["plugins", "themes", "mu-plugins"];

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

/// Lists where the units of a folder are.
pub(crate) fn of_folder(root: &Place) -> Vec<Spot> {
    let alone = |target| vec![Spot::Unit(Box::new(target))];
    if let Some(target) = plugin(root) {
        return alone(target);
    }
    let site = site_folders(root);
    if !site.is_empty() {
        return site
            .iter()
            .flat_map(|folder| of_collection(folder, Archives::Closed))
            .collect();
    }
    let n_plugins = disk::folders(root)
        .iter()
        .filter(|folder| plugin_in(folder).is_some())
        .take(2)
        .count();
    if n_plugins > 1 || archive::is_of_archives(root) {
        return of_collection(root, Archives::Opened);
    }
    let inner = lone_plugin(root).filter(|_| package(root).is_none());
    alone(
        inner
            .or_else(|| package(root))
            .unwrap_or_else(|| folder(root)),
    )
}

/// Recognises a plugin or theme, also as a Subversion checkout.
fn plugin(dir: &Place) -> Option<Target> {
    if let Some(identity) = wordpress::identify(dir) {
        return Some(wordpress_target(dir, dir, dir, &identity));
    }
    let release = wordpress::release(dir)?;
    let mut target = wordpress_target(dir, dir, &release.dir, &release.identity);
    crate::listing::add(
        &mut target.skipped,
        SkipReason::OtherRelease,
        release.n_others,
    );
    Some(target)
}

/// Does the same, also where an archive was unpacked into a folder of its own.
fn plugin_in(dir: &Place) -> Option<Target> {
    plugin(dir).or_else(|| lone_plugin(dir).filter(|_| package(dir).is_none()))
}

/// Finds the one plugin among the folders in `dir`; everything in `dir` is then its unit.
fn lone_plugin(dir: &Place) -> Option<Target> {
    let mut inner = disk::folders(dir)
        .into_iter()
        .filter_map(|inner| plugin(&inner));
    let found = inner.next().filter(|_| inner.next().is_none())?;
    let Scope::Folder { start, .. } = &found.scope else {
        return None;
    };
    let is_checkout = !found.is_whole_folder();
    let start = if is_checkout { start } else { dir };
    Some(Target {
        scope: Scope::Folder {
            base: dir.clone(),
            start: start.clone(),
        },
        ..found
    })
}

fn wordpress_target(named: &Place, base: &Place, start: &Place, identity: &Identity) -> Target {
    let scope = Scope::Folder {
        base: base.clone(),
        start: start.clone(),
    };
    target(
        disk::name_of(named),
        identity.kind,
        identity.version.clone(),
        scope,
    )
}

/// Lists the folders of plugins and themes where `root` is a WordPress site or its `wp-content`.
fn site_folders(root: &Place) -> Vec<Place> {
    let content = root.join("wp-content");
    let is_site = root.join("wp-includes").is_dir() || content.join("plugins").is_dir();
    let content = if is_site { &content } else { root };
    let folders: Vec<Place> = SITE
        .iter()
        .map(|name| content.join(name))
        .filter(Place::is_dir)
        .collect();
    let is_content = root.join("plugins").is_dir() && root.join("themes").is_dir();
    if is_site || (is_content && folders.iter().any(holds_plugin)) {
        return folders;
    }
    Vec::new()
}

fn holds_plugin(folder: &Place) -> bool {
    disk::folders(folder)
        .iter()
        .any(|inner| plugin_in(inner).is_some())
}

/// What is done with archives that lie beside plugins.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Archives {
    /// They are units like the folders.
    Opened,
    /// They are left out: a site runs nothing out of them.
    Closed,
}

/// Makes a target of an archive, whose units are found when it is scanned.
pub(crate) fn of_archive(archive: Archive) -> Target {
    let name = archive.stem();
    target(name, UnitKind::Folder, None, Scope::Archive(archive))
}

/// Makes a unit of each folder in a folder of plugins, and of the files that lie among them.
fn of_collection(root: &Place, archives: Archives) -> Vec<Spot> {
    let mut all: Vec<Spot> = disk::folders(root)
        .into_iter()
        .filter(|inner| !disk::name_of(inner).starts_with('.'))
        .map(Spot::Member)
        .collect();
    if archives == Archives::Opened {
        all.extend(archive::in_folder(root).into_iter().map(Spot::Archive));
    }
    let loose = Scope::Loose(root.clone());
    all.push(Spot::Unit(Box::new(Target {
        only_if_used: true,
        ..target(disk::name_of(root), UnitKind::Folder, None, loose)
    })));
    all
}

/// Says what a folder among plugins is: a plugin, or something that counts where it mentions Stripe.
pub(crate) fn member(inner: &Place) -> Target {
    plugin_in(inner).unwrap_or_else(|| Target {
        only_if_used: true,
        ..package(inner).unwrap_or_else(|| folder(inner))
    })
}

/// Takes a folder for a unit, without looking into it.
pub(crate) fn folder(root: &Place) -> Target {
    let scope = Scope::Folder {
        base: root.clone(),
        start: root.clone(),
    };
    target(disk::name_of(root), UnitKind::Folder, None, scope)
}

/// Recognises a package, with the name and version that its package file says.
pub(crate) fn package(root: &Place) -> Option<Target> {
    let said: Vec<(Option<String>, Option<String>)> = [
        ("composer.json", said_in_json as fn(&str) -> _),
        ("pyproject.toml", said_in_toml),
        ("package.json", said_in_json),
        ("setup.py", said_in_setup),
        ("setup.cfg", said_in_setup),
    ]
    .into_iter()
    .filter_map(|(name, read)| Some(read(&disk::text(&root.join(name))?)))
    .collect();
    let best = said.iter().find(|(name, _)| name.is_some());
    let (name, version) = best.or_else(|| said.first())?.clone();
    let found = folder(root);
    Some(Target {
        unit: Unit {
            name: name.map_or(found.unit.name, Into::into),
            kind: UnitKind::Package,
            version: version.map(Into::into),
            path: None,
        },
        ..found
    })
}

type Said = (Option<String>, Option<String>);

fn said_in_json(text: &str) -> Said {
    let value = json::parse(text).unwrap_or_default();
    let of = |key| json::text(&value, &[key]).map(str::to_owned);
    (of("name"), of("version"))
}

fn said_in_toml(text: &str) -> Said {
    let section = ["[project]", "[tool.poetry]"]
        .iter()
        .find_map(|name| text.split_once(name))
        .map_or("", |(_, rest)| rest.split("\n[").next().unwrap_or(rest));
    let of = |key| toml_value(section, key).map(str::to_owned);
    (of("name"), of("version"))
}

fn said_in_setup(text: &str) -> Said {
    let of = |key: &str| {
        text.lines().find_map(|line| {
            let value = line.trim().strip_prefix(key)?.trim_start();
            let value = value.strip_prefix('=')?.trim().trim_end_matches(',');
            let bare = value.trim_matches(['"', '\'']);
            let is_plain = bare
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_+".contains(c));
            (is_plain && !bare.is_empty()).then(|| bare.to_owned())
        })
    };
    (of("name"), of("version"))
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
