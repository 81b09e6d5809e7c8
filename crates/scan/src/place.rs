//! Where a file or folder is: on disk, or in an archive that is read in place.
//!
//! Whoever looks for units and files asks a [`Place`], and so finds the same in an archive as in the
//! folder that unpacking it would give. What an archive is, only [`crate::archive`] knows.

use std::{
    fs::DirEntry,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use crate::{
    archive::{Node, Tree},
    listing::Content,
};

/// Where a file or folder is, or would be.
#[derive(Clone, Debug)]
pub(crate) enum Place {
    /// On disk.
    Disk(PathBuf),
    /// In an archive: the path in it, with `/`, empty for all of it.
    Inside(Arc<Tree>, String),
}

impl From<PathBuf> for Place {
    fn from(path: PathBuf) -> Self {
        Self::Disk(path)
    }
}

impl From<&Path> for Place {
    fn from(path: &Path) -> Self {
        Self::Disk(path.to_path_buf())
    }
}

/// What stands in a folder under a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A file.
    File,
    /// A folder.
    Folder,
    /// A link, which is never followed.
    Link,
    /// Something that is not read.
    Other,
}

/// One name in a folder.
pub(crate) struct Entry {
    /// The name.
    pub(crate) name: String,
    /// What it is; `None` where that cannot be told.
    pub(crate) kind: Option<Kind>,
    on_disk: Option<DirEntry>,
}

impl Entry {
    fn of_disk(entry: DirEntry) -> Self {
        let kind = entry.file_type().ok().map(|kind| {
            if kind.is_symlink() {
                Kind::Link
            } else if kind.is_dir() {
                Kind::Folder
            } else if kind.is_file() {
                Kind::File
            } else {
                Kind::Other
            }
        });
        Self {
            name: entry.file_name().to_string_lossy().into_owned(),
            kind,
            on_disk: Some(entry),
        }
    }

    /// Returns where it is, given the folder that it is in.
    pub(crate) fn place(&self, folder: &Place) -> Place {
        match &self.on_disk {
            // The name may have been changed to be shown.
            Some(entry) => Place::Disk(entry.path()),
            None => folder.join(&self.name),
        }
    }
}

impl Place {
    /// Returns the place of what `path`, with `/`, leads to from this folder.
    pub(crate) fn join(&self, path: impl AsRef<str>) -> Self {
        let path = path.as_ref();
        match self {
            Self::Disk(folder) => Self::Disk(folder.join(path)),
            Self::Inside(tree, folder) if folder.is_empty() => {
                Self::Inside(Arc::clone(tree), path.to_owned())
            }
            Self::Inside(tree, folder) => {
                Self::Inside(Arc::clone(tree), format!("{folder}/{path}"))
            }
        }
    }

    /// Returns the folder around it, as far as that is known.
    pub(crate) fn parent(&self) -> Option<Self> {
        match self {
            Self::Disk(path) => path.parent().map(Into::into),
            Self::Inside(_, path) if path.is_empty() => None,
            Self::Inside(tree, path) => {
                let folder = crate::path::parent(path).to_owned();
                Some(Self::Inside(Arc::clone(tree), folder))
            }
        }
    }

    /// Returns the path on disk, where it is there.
    pub(crate) fn on_disk(&self) -> Option<&Path> {
        match self {
            Self::Disk(path) => Some(path),
            Self::Inside(..) => None,
        }
    }

    /// Returns the path from `base` to here, with `/`; `None` where it does not lie there.
    pub(crate) fn below(&self, base: &Self) -> Option<String> {
        match (self, base) {
            (Self::Disk(path), Self::Disk(base)) => path.strip_prefix(base).ok().map(slashed),
            (Self::Inside(_, path), Self::Inside(_, base)) => {
                let rest = path.strip_prefix(base.as_str())?;
                let is_whole = base.is_empty() || rest.is_empty();
                let rest = rest.strip_prefix('/').or(is_whole.then_some(rest))?;
                Some(rest.to_owned())
            }
            (Self::Disk(_), Self::Inside(..)) | (Self::Inside(..), Self::Disk(_)) => None,
        }
    }

    fn node(&self) -> Option<&Node> {
        match self {
            Self::Disk(_) => None,
            Self::Inside(tree, path) => tree.node(path),
        }
    }

    /// Tells whether a file is here.
    pub(crate) fn is_file(&self) -> bool {
        match self {
            Self::Disk(path) => path.is_file(),
            Self::Inside(..) => matches!(self.node(), Some(Node::File(_))),
        }
    }

    /// Tells whether a folder is here.
    pub(crate) fn is_dir(&self) -> bool {
        match self {
            Self::Disk(path) => path.is_dir(),
            Self::Inside(..) => matches!(self.node(), Some(Node::Folder)),
        }
    }

    /// Tells whether anything is here.
    pub(crate) fn exists(&self) -> bool {
        match self {
            Self::Disk(path) => path.exists(),
            Self::Inside(..) => self.node().is_some(),
        }
    }

    /// Lists what is in the folder, in no order.
    pub(crate) fn entries(&self) -> io::Result<Vec<Entry>> {
        match self {
            Self::Disk(path) => {
                let entries = std::fs::read_dir(path)?.flatten();
                Ok(entries.map(Entry::of_disk).collect())
            }
            Self::Inside(tree, path) => {
                let children = tree.children(path);
                Ok(children
                    .map(|(name, node)| Entry {
                        name: name.to_owned(),
                        kind: Some(match node {
                            Node::Folder => Kind::Folder,
                            Node::Link(_) => Kind::Link,
                            Node::File(_) => Kind::File,
                        }),
                        on_disk: None,
                    })
                    .collect())
            }
        }
    }

    /// Tells whether the link here leads to something below `root`.
    pub(crate) fn leads_below(&self, root: &Self) -> bool {
        match (self, root) {
            (Self::Disk(link), Self::Disk(root)) => link
                .canonicalize()
                .is_ok_and(|target| target.starts_with(root)),
            (Self::Inside(tree, path), _) => tree.leads_to_member(path),
            (Self::Disk(_), Self::Inside(..)) => false,
        }
    }

    /// Returns the place without links in its path, as far as that can be told.
    pub(crate) fn canonical(&self) -> Self {
        match self {
            Self::Disk(path) => path
                .canonicalize()
                .map_or_else(|_| self.clone(), Self::Disk),
            Self::Inside(..) => self.clone(),
        }
    }

    /// Returns what a reader of the file needs to know.
    pub(crate) fn content(&self) -> Content {
        match self {
            Self::Disk(path) => Content::Disk(Arc::from(path.as_path())),
            Self::Inside(tree, path) => Content::Member(Arc::clone(tree), path.as_str().into()),
        }
    }
}

/// Writes a relative path with `/`.
pub(crate) fn slashed(path: &Path) -> String {
    let parts: Vec<_> = path
        .components()
        .map(|part| part.as_os_str().to_string_lossy())
        .collect();
    parts.join("/")
}
