//! What an archive holds, as folders and files.

use std::{
    collections::BTreeMap,
    io::{self, Read},
    sync::{Arc, Mutex, PoisonError},
};

use model::diagnostic::Diagnostic;

use super::{
    limits::Limits,
    names::{self, Refused},
    remarks::{Remarks, Wrong},
    zip,
};
use crate::{mention, path};

/// Where the bytes of a member are.
#[derive(Clone, Debug)]
pub(crate) enum Member {
    /// In a zip.
    Packed(zip::Packed),
    /// In memory.
    Kept(Arc<[u8]>),
    /// It is larger than a file may be, and was only searched.
    TooLarge {
        /// Whether it mentions Stripe.
        mentions: bool,
    },
    /// Nobody wants to read a member of this name.
    Unwanted,
}

/// What stands under a name.
#[derive(Clone, Debug)]
pub(crate) enum Node {
    /// A folder.
    Folder,
    /// A link, and the path in the archive that it leads to, if it leads there.
    Link(Option<String>),
    /// A file.
    File(Member),
}

/// What reading a member gave.
pub(crate) enum Contents {
    /// Its bytes.
    Some(Vec<u8>),
    /// It is larger than it may be.
    TooLarge {
        /// Whether it mentions Stripe.
        mentions: bool,
    },
}

/// What an archive holds.
pub(crate) struct Tree {
    name: String,
    depth: usize,
    folders: Folders,
    store: Option<zip::Zip>,
    remarks: Remarks,
    n_members: usize,
    n_unpacked: u64,
    spent: Mutex<Spent>,
}

/// What the archives in an archive have taken of what may be read of it.
#[derive(Clone, Copy, Debug, Default)]
struct Spent {
    n_members: usize,
    n_unpacked: u64,
}

/// What is in each folder, by its path.
type Folders = BTreeMap<String, BTreeMap<String, Node>>;

impl std::fmt::Debug for Tree {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Tree")
            .field("name", &self.name)
            .finish_non_exhaustive()
    }
}

impl Tree {
    /// Returns what the archive is called, without its extension.
    pub(crate) fn name(&self) -> &str {
        &self.name
    }

    /// Returns how many archives lie around its members.
    pub(super) fn depth(&self) -> usize {
        self.depth
    }

    /// Returns what may still be read of an archive in it: all of them together get what one may have.
    pub(super) fn left(&self, limits: &Limits) -> Limits {
        let spent = *self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        Limits {
            n_members: limits.n_members.saturating_sub(spent.n_members),
            unpacked: limits.unpacked.saturating_sub(spent.n_unpacked),
            ..*limits
        }
    }

    /// Notes that an archive in it was listed.
    pub(super) fn spend(&self, inner: &Self) {
        let mut spent = self.spent.lock().unwrap_or_else(PoisonError::into_inner);
        spent.n_members = spent.n_members.saturating_add(inner.n_members);
        spent.n_unpacked = spent.n_unpacked.saturating_add(inner.n_unpacked);
    }

    /// Returns what was not read, with paths in the archive.
    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        self.remarks.diagnostics()
    }

    /// Returns what stands at a path.
    pub(crate) fn node(&self, path: &str) -> Option<&Node> {
        if path.is_empty() {
            return Some(&Node::Folder);
        }
        self.folders
            .get(path::parent(path))?
            .get(path::file_name(path))
    }

    /// Lists what is in a folder.
    pub(crate) fn children(&self, folder: &str) -> impl Iterator<Item = (&str, &Node)> {
        let inside = self.folders.get(folder).into_iter().flatten();
        inside.map(|(name, node)| (name.as_str(), node))
    }

    /// Lists the paths of all files.
    pub(super) fn files(&self) -> impl Iterator<Item = String> {
        self.folders.iter().flat_map(|(folder, children)| {
            let files = children.iter();
            let files = files.filter(|(_, node)| matches!(node, Node::File(_)));
            files.map(move |(name, _)| joined(folder, name))
        })
    }

    /// Tells whether the link at a path leads to a member of the archive.
    pub(crate) fn leads_to_member(&self, link: &str) -> bool {
        match self.node(link) {
            Some(Node::Link(Some(target))) => self.node(target).is_some(),
            _ => false,
        }
    }

    fn member(&self, path: &str) -> io::Result<&Member> {
        match self.node(path) {
            Some(Node::File(member)) => Ok(member),
            _ => Err(io::ErrorKind::NotFound.into()),
        }
    }

    /// Opens a file from its beginning.
    pub(crate) fn open(&self, path: &str) -> io::Result<Box<dyn Read + '_>> {
        match (self.member(path)?, &self.store) {
            (Member::Packed(packed), Some(store)) => store.open(*packed),
            (Member::Kept(bytes), _) => Ok(Box::new(&**bytes)),
            (Member::Packed(_) | Member::TooLarge { .. } | Member::Unwanted, _) => {
                Err(io::ErrorKind::NotFound.into())
            }
        }
    }

    /// Reads a file; of one that is larger than `limit`, only whether it mentions Stripe.
    pub(crate) fn read(&self, path: &str, limit: u64) -> io::Result<Contents> {
        if let Member::TooLarge { mentions } = self.member(path)? {
            let mentions = *mentions;
            return Ok(Contents::TooLarge { mentions });
        }
        if let Some(bytes) = self.whole(path, limit)? {
            return Ok(Contents::Some(bytes));
        }
        let mentions = mention::stream_mentions_stripe(self.open(path)?)?;
        Ok(Contents::TooLarge { mentions })
    }

    /// Reads a file; `None` where it is larger than `limit`.
    pub(super) fn whole(&self, path: &str, limit: u64) -> io::Result<Option<Vec<u8>>> {
        match (self.member(path)?, &self.store) {
            (Member::Packed(packed), Some(store)) if packed.size <= limit => {
                store.read(*packed).map(Some)
            }
            (Member::Kept(bytes), _) => {
                let is_small = u64::try_from(bytes.len()).is_ok_and(|size| size <= limit);
                Ok(is_small.then(|| bytes.to_vec()))
            }
            (Member::Packed(_) | Member::TooLarge { .. }, _) => Ok(None),
            (Member::Unwanted, _) => Err(io::ErrorKind::NotFound.into()),
        }
    }
}

fn joined(folder: &str, name: &str) -> String {
    if folder.is_empty() {
        return name.to_owned();
    }
    format!("{folder}/{name}")
}

/// Puts a tree together.
pub(super) struct Builder<'a> {
    /// How much is read.
    pub(super) limits: &'a Limits,
    /// What is to be said.
    pub(super) remarks: Remarks,
    /// Bytes that are unpacked, or may be.
    pub(super) n_unpacked: u64,
    folders: Folders,
    n_nodes: usize,
}

impl<'a> Builder<'a> {
    pub(super) fn new(limits: &'a Limits) -> Self {
        Self {
            limits,
            remarks: Remarks::default(),
            folders: Folders::from([(String::new(), BTreeMap::new())]),
            n_nodes: 0,
            n_unpacked: 0,
        }
    }

    /// Turns the name of a member into its path; says so where it is refused.
    pub(super) fn path(&mut self, name: &[u8]) -> Option<String> {
        let refused = match names::path(name) {
            Ok(path) => return Some(path).filter(|path| !path.is_empty()),
            Err(refused) => refused,
        };
        let wrong = match refused {
            Refused::Outside => Wrong::Outside,
            Refused::TooLong => Wrong::TooLong,
        };
        let shown = name.get(..200).unwrap_or(name);
        // What is shown must not look like a path from the root.
        let shown = String::from_utf8_lossy(shown);
        self.remarks.add(wrong, shown.trim_start_matches('/'), &"");
        None
    }

    /// Tells whether there is room for more, and says so where there is not.
    pub(super) fn has_room(&mut self) -> bool {
        let is_full = self.n_nodes >= self.limits.n_members;
        if is_full {
            self.remarks.add(Wrong::TooMany, "", &self.limits.n_members);
        }
        !is_full
    }

    /// Puts something at a path, with the folders around it; of files of one name the last counts.
    pub(super) fn add(&mut self, path: &str, node: Node) {
        if matches!(node, Node::Folder) {
            self.add_folder(path);
            return;
        }
        let parent = path::parent(path);
        if !self.folders.contains_key(parent) && !self.add_folder(parent) {
            return;
        }
        let Some(children) = self.folders.get_mut(parent) else {
            return;
        };
        match children.insert(path::file_name(path).to_owned(), node) {
            None => self.n_nodes += 1,
            Some(Node::Folder) => {
                children.insert(path::file_name(path).to_owned(), Node::Folder);
                self.remarks.add(Wrong::Repeated, path, &"");
            }
            Some(Node::Link(_) | Node::File(_)) => self.remarks.add(Wrong::Repeated, path, &""),
        }
    }

    /// Returns what is at a path.
    pub(super) fn get(&self, path: &str) -> Option<&Node> {
        self.folders
            .get(path::parent(path))?
            .get(path::file_name(path))
    }

    /// Makes a folder and those around it; false where a file is in the way.
    fn add_folder(&mut self, path: &str) -> bool {
        if self.folders.contains_key(path) {
            return true;
        }
        if !self.add_folder(path::parent(path)) {
            return false;
        }
        let children = self
            .folders
            .entry(path::parent(path).to_owned())
            .or_default();
        let name = path::file_name(path).to_owned();
        if children.insert(name.clone(), Node::Folder).is_some() {
            // A file and a folder of one name: the folder counts, the file cannot be unpacked.
            self.remarks.add(Wrong::Repeated, path, &"");
        } else {
            self.n_nodes += 1;
        }
        self.folders.insert(path.to_owned(), BTreeMap::new());
        true
    }

    pub(super) fn build(self, name: String, depth: usize, store: Option<zip::Zip>) -> Tree {
        Tree {
            name,
            depth,
            folders: self.folders,
            store,
            remarks: self.remarks,
            n_members: self.n_nodes,
            n_unpacked: self.n_unpacked,
            spent: Mutex::default(),
        }
    }
}

/// Returns the path in the archive that a link at `path` leads to, if it leads there.
pub(super) fn link_target(path: &str, target: &str) -> Option<String> {
    if target.is_empty() || target.starts_with('/') {
        return None;
    }
    path::join(path::parent(path), target)
}
