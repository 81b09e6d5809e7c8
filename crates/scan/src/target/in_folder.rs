//! Finds the units in a folder: plugins, themes, archives, or the folder as a whole.

use model::manifest::{SkipReason, UnitKind};

use super::{Scope, Target, folder, package, target};
use crate::{
    archive, disk, listing,
    place::Place,
    spot::Spot,
    wordpress::{self, Identity},
};

/// Folders of a WordPress site that hold plugins and themes.
const SITE: [&str; 3] = ["plugins", "themes", "mu-plugins"];

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
    listing::add(
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
