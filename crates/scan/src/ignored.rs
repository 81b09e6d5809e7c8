//! Ignore files: `.gitignore` and `.ignore`, from a folder up to the root of its repository.

use std::{
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    patterns::{Patterns, Said},
    place::{Place, slashed},
};

/// The ignore files that govern a folder, nearest first.
#[derive(Clone, Default)]
pub(crate) struct Ignores(Option<Arc<Layer>>);

struct Layer {
    patterns: Patterns,
    /// What the patterns are relative to.
    dir: PathBuf,
    origin: Origin,
    outer: Ignores,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Origin {
    /// Of version control: also names what is built, and so what is shipped.
    Control,
    /// Of search tools.
    Search,
}

/// Names of ignore files.
const FILES: [&str; 2] = [".gitignore", ".ignore"];

/// Tells whether a file of this name says what is ignored.
pub(crate) fn is_one(name: &str) -> bool {
    FILES.contains(&name)
}

impl Ignores {
    /// Reads the ignore files above `root`, as far as its repository goes; an archive has none.
    pub(crate) fn above(root: &Place) -> Self {
        let Some(Ok(root)) = root.on_disk().map(Path::canonicalize) else {
            return Self::default();
        };
        let Some(top) = root.ancestors().find(|dir| dir.join(".git").exists()) else {
            return Self::default();
        };
        let mut between: Vec<&Path> = root
            .ancestors()
            .skip(1)
            .take_while(|dir| dir.starts_with(top))
            .collect();
        between.reverse();
        let excluded = Self::default().with(top, &top.join(".git/info/exclude"), Origin::Control);
        between
            .into_iter()
            .fold(excluded, |outer, dir| outer.within_folder(dir))
    }

    /// Adds the ignore files of `folder`.
    ///
    /// Those in an archive are not obeyed: everything in it was meant to be handed on, and code of
    /// others could hide something with them.
    pub(crate) fn within(&self, folder: &Place) -> Self {
        match folder.on_disk() {
            Some(dir) => self.within_folder(dir),
            None => self.clone(),
        }
    }

    fn within_folder(&self, dir: &Path) -> Self {
        self.with(dir, &dir.join(FILES[0]), Origin::Control).with(
            dir,
            &dir.join(FILES[1]),
            Origin::Search,
        )
    }

    fn with(&self, dir: &Path, file: &Path, origin: Origin) -> Self {
        if !file.is_file() {
            return self.clone();
        }
        Self(Some(Arc::new(Layer {
            patterns: Patterns::read(file),
            dir: dir.to_path_buf(),
            origin,
            outer: self.clone(),
        })))
    }

    /// Forgets what version control ignores.
    pub(crate) fn without_control(&self) -> Self {
        match &self.0 {
            None => Self(None),
            Some(layer) => {
                let outer = layer.outer.without_control();
                if layer.origin == Origin::Control {
                    return outer;
                }
                Self(Some(Arc::new(Layer {
                    patterns: layer.patterns.clone(),
                    dir: layer.dir.clone(),
                    origin: layer.origin,
                    outer,
                })))
            }
        }
    }

    /// Tells whether nothing is ignored.
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_none()
    }

    /// Tells whether what is at `place` is ignored; its folder is not.
    pub(crate) fn matches(&self, place: &Place, is_folder: bool) -> bool {
        let Some(path) = place.on_disk() else {
            return false;
        };
        let mut next = &self.0;
        while let Some(layer) = next {
            let below = path.strip_prefix(&layer.dir).unwrap_or(path);
            let below = slashed(below);
            let below = below.strip_prefix("./").unwrap_or(&below);
            match layer.patterns.say(below, is_folder) {
                Said::Out => return true,
                Said::In => return false,
                Said::Nothing => next = &layer.outer.0,
            }
        }
        false
    }
}
