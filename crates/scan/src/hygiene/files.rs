//! Lists the files in which keys are looked for: code, pages and settings, dotfiles too.

use std::collections::BTreeMap;

use model::{Name, key::LeftOut, manifest::SkipReason};

use crate::{
    disk,
    ignored::Ignores,
    listing::Found,
    place::{Entry, Kind, Place},
    sdk,
    skip::{self, Treatment},
    walk::Rules,
};

/// What a walk found.
#[derive(Default)]
pub(super) struct Listed {
    /// Files to be looked at, sorted by path.
    pub(super) files: Vec<Found>,
    /// How many files and folders were left out.
    pub(super) left_out: BTreeMap<LeftOut, u64>,
    /// Folders that could not be read, and why.
    pub(super) unread: Vec<(Name, Name)>,
}

/// A folder that is to be gone through.
struct Folder {
    disk: Place,
    path: String,
    ignores: Ignores,
}

/// Lists what lies below `start`; paths are relative to `base`, which `start` lies in.
pub(super) fn list(base: &Place, start: &Place, rules: &Rules, is_recursive: bool) -> Listed {
    let mut listed = Listed::default();
    let mut folders = vec![Folder {
        disk: start.clone(),
        path: start.below(base).unwrap_or_default(),
        ignores: if rules.respect_ignore_files {
            Ignores::above(start)
        } else {
            Ignores::default()
        },
    }];
    while let Some(mut folder) = folders.pop() {
        let entries = match folder.disk.entries() {
            Ok(entries) => entries,
            Err(error) => {
                let path = if folder.path.is_empty() {
                    "."
                } else {
                    &folder.path
                };
                let reason = format!("cannot be read: {}", error.kind());
                listed.unread.push((path.into(), reason.into()));
                continue;
            }
        };
        if rules.respect_ignore_files {
            folder.ignores = folder.ignores.within(&folder.disk);
        }
        for entry in entries {
            match entry.kind {
                Some(Kind::Link) => {
                    let is_meant = keys::is_looked_at(&entry.name);
                    add(&mut listed.left_out, LeftOut::Link, u64::from(is_meant));
                }
                Some(Kind::Folder) if is_recursive => {
                    folders.extend(enter(&folder, &entry, rules, &mut listed));
                }
                Some(Kind::File) => file(&folder, &entry, rules, &mut listed),
                Some(Kind::Folder | Kind::Other) | None => {}
            }
        }
    }
    listed.files.sort_by(|a, b| a.path.cmp(&b.path));
    listed
}

/// Returns the folder where it is gone through.
fn enter(folder: &Folder, entry: &Entry, rules: &Rules, listed: &mut Listed) -> Option<Folder> {
    let name = &*entry.name;
    let disk = entry.place(&folder.disk);
    let path = below(&folder.path, name);
    let reason = match skip::folder(name, rules.included, || disk::names(&disk)) {
        Treatment::Forget => return None,
        // Settings of tools lie in folders with a dot.
        Treatment::Read | Treatment::Close(SkipReason::Ignored) => {
            let names = disk::names(&disk);
            let is_sdk = sdk::copy_at(&disk, &path, &names).is_some();
            let is_ignored = folder.ignores.matches(&disk, true);
            if is_ignored {
                Some(LeftOut::Ignored)
            } else {
                is_sdk.then_some(LeftOut::Dependency)
            }
        }
        Treatment::Close(SkipReason::Test) | Treatment::Count(SkipReason::Test) => {
            Some(LeftOut::Test)
        }
        Treatment::Close(_) | Treatment::Count(_) => Some(LeftOut::Dependency),
    };
    if let Some(reason) = reason {
        add(&mut listed.left_out, reason, 1);
        return None;
    }
    Some(Folder {
        disk,
        path,
        ignores: folder.ignores.clone(),
    })
}

fn file(folder: &Folder, entry: &Entry, rules: &Rules, listed: &mut Listed) {
    let name = &*entry.name;
    if !keys::is_looked_at(name) {
        return;
    }
    let disk = entry.place(&folder.disk);
    let path = below(&folder.path, name);
    let reason = if folder.ignores.matches(&disk, false) {
        Some(LeftOut::Ignored)
    } else if keys::is_documentation(&path) {
        Some(LeftOut::Documentation)
    } else if skip::file(name, rules.included) == Some(SkipReason::Test) {
        Some(LeftOut::Test)
    } else {
        None
    };
    match reason {
        Some(reason) => add(&mut listed.left_out, reason, 1),
        None => listed.files.push(Found {
            path: path.into(),
            language: None,
            content: disk.content(),
            words: None,
        }),
    }
}

fn below(path: &str, name: &str) -> String {
    if path.is_empty() {
        return name.to_owned();
    }
    format!("{path}/{name}")
}

/// Adds to a count; zero leaves no trace.
pub(super) fn add(left_out: &mut BTreeMap<LeftOut, u64>, reason: LeftOut, n: u64) {
    if n > 0 {
        *left_out.entry(reason).or_default() += n;
    }
}
