//! Archives, read in place: nothing of them is ever written to disk.
//!
//! An archive is listed into a [`Tree`], in which a walk finds what it would find in the folder that
//! unpacking gives. Members of a zip are inflated when somebody reads them, one at a time; a tar can
//! only be read from its beginning, so that what may be source code of it is kept in memory. Archives
//! are hostile input: every number they say is checked, every cost has a limit, and what was not read
//! becomes a diagnostic.

mod limits;
mod names;
mod relocate;
mod remarks;
mod source;
mod tar;
mod tree;
mod units;
mod wanted;
mod zip;

#[cfg(test)]
mod tests;

use std::{fs::File, io, path::Path, sync::Arc};

pub(crate) use self::{
    limits::Limits,
    tree::{Contents, Node, Tree},
    units::{expanded, in_folder, is_of_archives, keys, scan},
};
use crate::{Options, ScanError, disk, place::Place};
use source::Source;
use tree::Builder;
use wanted::Wanted;

/// How an archive is made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Format {
    /// Zip, also that of a Python wheel.
    Zip,
    /// Tar.
    Tar,
    /// Tar, compressed with gzip.
    TarGz,
    /// Tar, compressed with xz.
    TarXz,
}

/// How the names of archives end that are read.
const ENDS: [(&str, Format); 7] = [
    (".zip", Format::Zip),
    (".whl", Format::Zip),
    (".tar", Format::Tar),
    (".tar.gz", Format::TarGz),
    (".tgz", Format::TarGz),
    (".tar.xz", Format::TarXz),
    (".txz", Format::TarXz),
];
/// How the names of archives end that are not.
const OTHER_ENDS: [&str; 9] = [
    ".7z", ".bz2", ".gz", ".phar", ".rar", ".tbz2", ".xz", ".zst", ".jar",
];

/// Returns how the names of archives end that are read.
pub fn archive_extensions() -> impl Iterator<Item = &'static str> {
    ENDS.iter().map(|(end, _)| *end)
}

/// Splits the name of an archive before its extension.
fn split(name: &str) -> Option<(&str, Format)> {
    ENDS.into_iter().find_map(|(end, format)| {
        let at = name.len().checked_sub(end.len()).filter(|at| *at > 0)?;
        let (stem, rest) = name.split_at_checked(at)?;
        rest.eq_ignore_ascii_case(end).then_some((stem, format))
    })
}

impl Format {
    /// Knows the format by the name of a file.
    pub(crate) fn of(name: &str) -> Option<Self> {
        split(name).map(|(_, format)| format)
    }
}

/// Why an archive cannot be opened.
#[derive(Debug)]
pub(crate) struct Fault(pub(crate) String);

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        Self(in_words(&error))
    }
}

/// Says why reading failed.
pub(crate) fn in_words(error: &io::Error) -> String {
    match error.kind() {
        io::ErrorKind::UnexpectedEof => "it ends too early".to_owned(),
        io::ErrorKind::InvalidData | io::ErrorKind::InvalidInput | io::ErrorKind::Other => {
            error.to_string()
        }
        kind => kind.to_string(),
    }
}

/// An archive that is still to be opened.
#[derive(Clone, Debug)]
pub(crate) struct Archive {
    /// Where it is.
    pub(crate) place: Place,
    format: Format,
}

/// How many archives may lie around a member.
const DEEPEST: usize = 2;

impl Archive {
    /// Takes a file for an archive, if its name says so.
    pub(crate) fn at(place: Place) -> Option<Self> {
        let format = Format::of(&disk::name_of(&place))?;
        Some(Self { place, format })
    }

    /// Takes a file that was asked for as an archive, if its name says so.
    ///
    /// # Errors
    ///
    /// Fails where it cannot be read as what its name says.
    pub(crate) fn named(path: &Path) -> Result<Option<Self>, ScanError> {
        let place = Place::from(path);
        let name = disk::name_of(&place).to_ascii_lowercase();
        let path = || path.to_path_buf();
        let Some(archive) = Self::at(place) else {
            return if OTHER_ENDS.iter().any(|end| name.ends_with(end)) {
                Err(ScanError::UnknownArchive { path: path() })
            } else {
                Ok(None)
            };
        };
        match archive.probe() {
            Ok(()) => Ok(Some(archive)),
            Err(Fault(reason)) => Err(ScanError::BadArchive {
                path: path(),
                reason,
            }),
        }
    }

    /// Returns its name without what says that it is an archive.
    pub(crate) fn stem(&self) -> String {
        let name = disk::name_of(&self.place);
        split(&name).map_or_else(|| name.clone(), |(stem, _)| stem.to_owned())
    }

    fn depth(&self) -> usize {
        match &self.place {
            Place::Disk(_) => 1,
            Place::Inside(tree, _) => tree.depth() + 1,
        }
    }

    /// Finds out cheaply whether it can be opened.
    fn probe(&self) -> Result<(), Fault> {
        match self.format {
            Format::Zip => zip::locate(self.source(&Limits::default())?).map(drop),
            Format::Tar | Format::TarGz | Format::TarXz => {
                tar::probe(self.source(&Limits::default())?, self.format)
            }
        }
    }

    /// Returns where its bytes are; those of a member are read into memory.
    fn source(&self, limits: &Limits) -> Result<Source, Fault> {
        match &self.place {
            Place::Disk(path) => Ok(Source::of_file(File::open(path)?)?),
            Place::Inside(tree, path) => match tree.whole(path, limits.kept)? {
                Some(bytes) => Ok(Source::Memory(bytes)),
                None => Err(Fault(format!(
                    "it is larger than the {} bytes that are read of an archive in an archive",
                    limits.kept
                ))),
            },
        }
    }

    /// Lists what is in it.
    pub(crate) fn open(&self, options: &Options, limits: &Limits) -> Result<Arc<Tree>, Fault> {
        if self.depth() > DEEPEST {
            let reason = "archives in archives in archives are not opened";
            return Err(Fault(reason.to_owned()));
        }
        let limits = &match &self.place {
            Place::Disk(_) => *limits,
            Place::Inside(outer, _) => outer.left(limits),
        };
        if limits.unpacked == 0 || limits.n_members == 0 {
            let reason = "those before it have what is read of archives in one archive";
            return Err(Fault(reason.to_owned()));
        }
        let wanted = Wanted::of(options);
        let mut builder = Builder::new(limits);
        let source = self.source(limits)?;
        let store = match self.format {
            Format::Zip => {
                let archive = zip::locate(source)?;
                zip::list(&archive, wanted, &mut builder);
                Some(archive)
            }
            Format::Tar | Format::TarGz | Format::TarXz => {
                let max_file_size = options.max_file_size;
                tar::read(source, self.format, wanted, max_file_size, &mut builder);
                None
            }
        };
        let tree = builder.build(self.stem(), self.depth(), store);
        if let Place::Inside(outer, _) = &self.place {
            outer.spend(&tree);
        }
        Ok(Arc::new(tree))
    }
}
