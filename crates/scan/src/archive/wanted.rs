//! Which members of an archive somebody may want to read: known by their names.

use std::path::Path;

use model::language::Language;

use crate::{Hygiene, Options, elsewhere, foreign, package_file, path, unknown};

/// Files that are no source but say what a plugin or theme is.
const TELLING: [&str; 3] = ["style.css", "readme.txt", "readme.md"];

/// Extensions of most other files; that they are not wanted is known without a closer look.
const MEDIA: [&str; 16] = [
    "png", "jpg", "jpeg", "gif", "svg", "webp", "ico", "woff", "woff2", "ttf", "eot", "po", "mo",
    "map", "scss", "mp4",
];

/// Which members somebody may want to read.
#[derive(Clone, Copy)]
pub(super) struct Wanted {
    keys: Hygiene,
}

impl Wanted {
    pub(super) fn of(options: &Options) -> Self {
        Self { keys: options.keys }
    }

    /// Tells whether the member may be read by what looks through a tree.
    pub(super) fn has(self, member: &str) -> bool {
        let name = path::file_name(member);
        if self.keys == Hygiene::Off && MEDIA.contains(&path::extension(name)) {
            return false;
        }
        Language::from_path(Path::new(name)).is_some()
            || package_file::is_one(member)
            || elsewhere::may_name_code(name)
            || foreign::is_one(name)
            || unknown::may_be_code(name)
            || !name.contains('.')
            || TELLING.contains(&name.to_ascii_lowercase().as_str())
            || super::Format::of(name).is_some()
            || (self.keys == Hygiene::On && keys::is_looked_at(name))
    }
}
