//! Finds the units in what was asked for: plugins, themes, packages, folders, files.

use std::{
    io::Read,
    path::{Path, PathBuf},
};

use model::{
    language::Language,
    manifest::{SkipReason, Unit, UnitKind},
};

use crate::{
    Input, ScanError, disk, json,
    listing::{Content, Found, Listing, Skipped},
    lock::toml_value,
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
    /// Whether it is one of several units found there, which then are code of others.
    pub(crate) is_shared: bool,
}

/// Where the files of a unit are.
#[derive(Clone, Debug)]
pub(crate) enum Scope {
    /// A folder, and the folder that paths are relative to.
    Folder {
        /// What paths are relative to.
        base: PathBuf,
        /// What is listed.
        start: PathBuf,
    },
    /// The files in a folder, without its folders.
    Loose(PathBuf),
    /// One file.
    File(Found),
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
        return Ok(of_folder(path));
    }
    let mut first = [0; 1];
    std::fs::File::open(path)
        .and_then(|mut file| file.read(&mut first))
        .map_err(unreadable)?;
    let content = Content::Disk(path.into());
    let file = of_file(&disk::name_of(path), Language::from_path(path), content);
    Ok(vec![Spot::Unit(Box::new(file))])
}

/// Takes all that lies at `path` for one unit, whatever units there are.
pub(crate) fn whole(path: &Path) -> Result<Target, ScanError> {
    let mut units = of_path(path)?;
    let is_shared = units.len() > 1;
    let mut whole = match units.pop() {
        Some(Spot::Unit(unit)) if matches!(unit.scope, Scope::File(_)) => *unit,
        Some(_) | None => folder(path),
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

fn of_folder(root: &Path) -> Vec<Spot> {
    let alone = |target| vec![Spot::Unit(Box::new(target))];
    if let Some(target) = plugin(root) {
        return alone(target);
    }
    let site = site_folders(root);
    if !site.is_empty() {
        return site
            .iter()
            .flat_map(|folder| of_collection(folder))
            .collect();
    }
    let n_plugins = disk::folders(root)
        .iter()
        .filter(|folder| plugin_in(folder).is_some())
        .take(2)
        .count();
    if n_plugins > 1 {
        return of_collection(root);
    }
    let inner = lone_plugin(root).filter(|_| package(root).is_none());
    alone(
        inner
            .or_else(|| package(root))
            .unwrap_or_else(|| folder(root)),
    )
}

/// Recognises a plugin or theme, also as a Subversion checkout.
fn plugin(dir: &Path) -> Option<Target> {
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
fn plugin_in(dir: &Path) -> Option<Target> {
    plugin(dir).or_else(|| lone_plugin(dir).filter(|_| package(dir).is_none()))
}

/// Finds the one plugin among the folders in `dir`; everything in `dir` is then its unit.
fn lone_plugin(dir: &Path) -> Option<Target> {
    let mut inner = disk::folders(dir)
        .into_iter()
        .filter_map(|inner| plugin(&inner));
    let found = inner.next().filter(|_| inner.next().is_none())?;
    let Scope::Folder { base, start } = &found.scope else {
        return None;
    };
    let is_checkout = base != start;
    let start = if is_checkout { start.as_path() } else { dir };
    Some(Target {
        scope: Scope::Folder {
            base: dir.to_path_buf(),
            start: start.to_path_buf(),
        },
        ..found
    })
}

fn wordpress_target(named: &Path, base: &Path, start: &Path, identity: &Identity) -> Target {
    let scope = Scope::Folder {
        base: base.to_path_buf(),
        start: start.to_path_buf(),
    };
    target(
        disk::name_of(named),
        identity.kind,
        identity.version.clone(),
        scope,
    )
}

/// Lists the folders of plugins and themes where `root` is a WordPress site or its `wp-content`.
fn site_folders(root: &Path) -> Vec<PathBuf> {
    let content = root.join("wp-content");
    let is_site = root.join("wp-includes").is_dir() || content.join("plugins").is_dir();
    let content = if is_site { content.as_path() } else { root };
    let folders: Vec<PathBuf> = SITE
        .iter()
        .map(|name| content.join(name))
        .filter(|folder| folder.is_dir())
        .collect();
    let is_content = root.join("plugins").is_dir() && root.join("themes").is_dir();
    if is_site || (is_content && folders.iter().any(|folder| holds_plugin(folder))) {
        return folders;
    }
    Vec::new()
}

fn holds_plugin(folder: &Path) -> bool {
    disk::folders(folder)
        .iter()
        .any(|inner| plugin_in(inner).is_some())
}

/// Makes a unit of each folder in a folder of plugins, and of the files that lie among them.
fn of_collection(root: &Path) -> Vec<Spot> {
    let mut all: Vec<Spot> = disk::folders(root)
        .into_iter()
        .filter(|inner| !disk::name_of(inner).starts_with('.'))
        .map(Spot::Member)
        .collect();
    let loose = Scope::Loose(root.to_path_buf());
    all.push(Spot::Unit(Box::new(Target {
        only_if_used: true,
        ..target(disk::name_of(root), UnitKind::Folder, None, loose)
    })));
    all
}

/// Says what a folder among plugins is: a plugin, or something that counts where it mentions Stripe.
pub(crate) fn member(inner: &Path) -> Target {
    plugin_in(inner).unwrap_or_else(|| Target {
        only_if_used: true,
        ..package(inner).unwrap_or_else(|| folder(inner))
    })
}

/// Takes a folder for a unit, without looking into it.
pub(crate) fn folder(root: &Path) -> Target {
    let scope = Scope::Folder {
        base: root.to_path_buf(),
        start: root.to_path_buf(),
    };
    target(disk::name_of(root), UnitKind::Folder, None, scope)
}

/// Recognises a package, with the name and version that its package file says.
pub(crate) fn package(root: &Path) -> Option<Target> {
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
            Scope::Folder { base, .. } | Scope::Loose(base) => base.as_path(),
            Scope::File(_) => root.parent().unwrap_or(Path::new("")),
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

    /// Tells whether scripts in the unit run in browsers unless they show otherwise.
    pub(crate) fn has_browser_scripts(&self) -> bool {
        matches!(
            self.unit.kind,
            UnitKind::WordPressPlugin | UnitKind::WordPressTheme
        )
    }
}
