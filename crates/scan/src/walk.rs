//! Lists the files of one unit, and says of each other one why it is left out.
//!
//! Opens folders and a few telling files; the text of the program is for `harvest`. Folders are read
//! in parallel, and the lists sorted, so that the order of the disk never shows.

use std::path::Path;

use model::{
    Name,
    diagnostic::{Code, Diagnostic},
    language::Language,
    manifest::SkipReason,
};
use rayon::prelude::*;

use crate::{
    archive, disk, elsewhere, foreign,
    ignored::{self, Ignores},
    listing::{Found, Listing, diagnostic},
    package_file,
    place::{Entry, Kind, Place},
    sdk,
    skip::{self, Included, Treatment},
    unknown, wordpress,
};

/// What holds for a whole walk.
pub(crate) struct Rules {
    /// What of the defaults is switched off.
    pub(crate) included: Included,
    /// Whether ignore files count, outside of shipped plugins.
    pub(crate) respect_ignore_files: bool,
    /// Whether folders are entered.
    pub(crate) recursive: bool,
}

/// A folder that is to be gone through.
#[derive(Clone)]
struct Folder {
    disk: Place,
    path: String,
    depth: usize,
    left_out: Option<SkipReason>,
    ignores: Ignores,
    is_shipped: bool,
}

struct Walk<'a> {
    rules: &'a Rules,
    root: Place,
}

/// How deep below the root a plugin may lie for its ignore files not to count.
const PLUGIN_DEPTH: usize = 3;

/// Lists what lies below `start`; paths are relative to `base`, which `start` lies in.
pub(crate) fn list(base: &Place, start: &Place, rules: &Rules) -> Listing {
    let walk = Walk {
        rules,
        root: base.canonical(),
    };
    let mut listing = walk.visit(&Folder::at(base, start, rules));
    listing.sort();
    listing
}

/// Says why the file at `path`, relative to `base`, is not in the list of what lies below `start`.
///
/// `None` where it is in that list, or is no source file at all.
pub(crate) fn why_left_out(
    base: &Place,
    start: &Place,
    rules: &Rules,
    path: &str,
) -> Option<SkipReason> {
    let Some(below) = base.join(path).below(start) else {
        return Some(SkipReason::OtherRelease);
    };
    let walk = Walk {
        rules,
        root: base.clone(),
    };
    let mut seen = Listing::default();
    let mut folder = Folder::at(base, start, rules);
    for name in below.split('/') {
        let entries = folder.disk.entries().ok()?;
        let around = walk.look_around(&folder, &names_of(&entries), &mut seen);
        let entry = entries.iter().find(|entry| entry.name == name)?;
        if entry.kind? != Kind::Folder {
            walk.file(&around, entry, &mut seen);
            break;
        }
        match walk.enter(&around, entry, &mut seen) {
            Some(inner) => folder = inner,
            None => break,
        }
    }
    seen.skipped.into_keys().next()
}

impl Walk<'_> {
    fn visit(&self, folder: &Folder) -> Listing {
        let entries = match folder.disk.entries() {
            Ok(entries) => entries,
            Err(error) => return unreadable(folder, &error),
        };
        let mut listing = Listing::default();
        let folder = self.look_around(folder, &names_of(&entries), &mut listing);
        let mut inner = Vec::new();
        for entry in &entries {
            match entry.kind {
                Some(Kind::Link) => self.link(&entry.place(&folder.disk), &mut listing),
                Some(Kind::Folder) => inner.extend(self.enter(&folder, entry, &mut listing)),
                Some(Kind::File) => self.file(&folder, entry, &mut listing),
                Some(Kind::Other) | None => {}
            }
        }
        let below: Vec<Listing> = inner.par_iter().map(|inner| self.visit(inner)).collect();
        below.into_iter().fold(listing, Listing::merged)
    }

    /// Learns from the names in a folder whether it is a copy of the SDK, a plugin, has ignore files.
    fn look_around(&self, folder: &Folder, names: &[String], listing: &mut Listing) -> Folder {
        let mut folder = folder.clone();
        let may_hold_sdk = matches!(folder.left_out, None | Some(SkipReason::Dependency));
        if folder.depth > 0
            && may_hold_sdk
            && let Some(copy) = sdk::copy_at(&folder.disk, &folder.path, names)
        {
            listing.copies.push(copy);
            folder.left_out = Some(SkipReason::BundledSdk);
        }
        if folder.left_out.is_some() || !self.rules.respect_ignore_files {
            return folder;
        }
        if names.iter().any(|name| ignored::is_one(name)) {
            folder.ignores = folder.ignores.within(&folder.disk);
        }
        if !folder.is_shipped && !folder.ignores.is_empty() && folder.depth <= PLUGIN_DEPTH {
            folder.is_shipped = wordpress::identify_with(&folder.disk, names).is_some();
        }
        if folder.is_shipped {
            folder.ignores = folder.ignores.without_control();
        }
        folder
    }

    fn link(&self, link: &Place, listing: &mut Listing) {
        // What a link inside the root leads to is found under its own name.
        if !link.leads_below(&self.root) {
            listing.skip(SkipReason::Link, 1);
        }
    }

    fn enter(&self, folder: &Folder, entry: &Entry, listing: &mut Listing) -> Option<Folder> {
        if !self.rules.recursive {
            return None;
        }
        let name = &*entry.name;
        let disk = entry.place(&folder.disk);
        let path = folder.below(name);
        let left_out = match skip::folder(name, self.rules.included, || disk::names(&disk)) {
            Treatment::Forget => return None,
            Treatment::Close(reason) => {
                if reason == SkipReason::Dependency && folder.may_use_dependencies() {
                    listing.copies.extend(sdk::copies_in_closed(&disk, &path));
                }
                listing.skip(folder.left_out.unwrap_or(reason), 1);
                return None;
            }
            Treatment::Count(reason) => Some(reason),
            Treatment::Read => None,
        };
        if left_out.is_none() && folder.left_out.is_none() && folder.ignores.matches(&disk, true) {
            listing.skip(SkipReason::Ignored, 1);
            return None;
        }
        Some(Folder {
            disk,
            path,
            depth: folder.depth + 1,
            left_out: folder.left_out.or(left_out),
            ignores: folder.ignores.clone(),
            is_shipped: folder.is_shipped,
        })
    }

    fn file(&self, folder: &Folder, entry: &Entry, listing: &mut Listing) {
        if entry.kind != Some(Kind::File) {
            return;
        }
        let name = &*entry.name;
        let disk = entry.place(&folder.disk);
        let language = Language::from_path(Path::new(name));
        if let Some(reason) = folder.left_out {
            listing.skip(reason, u64::from(language.is_some()));
            return;
        }
        let path: Name = folder.below(name).into();
        if crate::CONFIG_FILES.contains(&name) {
            listing.configs.push(path.clone());
        }
        if package_file::is_one(name) {
            listing.packages.push((path.clone(), disk.clone()));
        }
        if archive::Format::of(name).is_some() {
            // It is no part of the program, and may be a unit of its own.
            let n_archives = u64::from(self.rules.recursive);
            listing.skip(SkipReason::Archive, n_archives);
            return;
        }
        let may_be_script = !name.contains('.') || unknown::may_be_code(name);
        let is_foreign = foreign::is_one(name);
        let is_text = language.is_none() && elsewhere::may_name_code(name);
        if language.is_none() && !may_be_script && !is_foreign && !is_text {
            return;
        }
        let reason = skip::file(name, self.rules.included).or_else(|| {
            let is_ignored = folder.ignores.matches(&disk, false);
            is_ignored.then_some(SkipReason::Ignored)
        });
        if let Some(reason) = reason {
            listing.skip(reason, u64::from(language.is_some()));
            return;
        }
        let found = Found {
            path,
            language,
            content: disk.content(),
            words: None,
        };
        if is_text {
            listing.texts.push(found.clone());
        }
        if is_text && !may_be_script {
            // It names code and holds none.
        } else if is_foreign {
            listing.foreign.push(found);
        } else {
            listing.files.push(found);
        }
    }
}

impl Folder {
    /// Makes the folder that a walk begins at.
    fn at(base: &Place, start: &Place, rules: &Rules) -> Self {
        let ignores = if rules.respect_ignore_files {
            Ignores::above(start)
        } else {
            Ignores::default()
        };
        Self {
            disk: start.clone(),
            path: start.below(base).unwrap_or_default(),
            depth: 0,
            left_out: None,
            ignores,
            is_shipped: false,
        }
    }

    fn below(&self, name: &str) -> String {
        if self.path.is_empty() {
            return name.to_owned();
        }
        format!("{}/{name}", self.path)
    }

    fn may_use_dependencies(&self) -> bool {
        matches!(self.left_out, None | Some(SkipReason::Dependency))
    }
}

fn names_of(entries: &[Entry]) -> Vec<String> {
    entries.iter().map(|entry| entry.name.clone()).collect()
}

fn unreadable(folder: &Folder, error: &std::io::Error) -> Listing {
    let mut listing = Listing::default();
    if folder.left_out.is_none() {
        let path = if folder.path.is_empty() {
            "."
        } else {
            &folder.path
        };
        listing.diagnostics.push(unreadable_at(path, error));
    }
    listing
}

/// Says that `path` could not be read.
pub(crate) fn unreadable_at(path: &str, error: &std::io::Error) -> Diagnostic {
    let message = format!("cannot be read: {}", archive::in_words(error));
    diagnostic(path, Code::UnreadableFile, &message)
}
