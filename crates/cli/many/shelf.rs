//! A folder with one report for each unit.
//!
//! The names of units come from code that is not to be trusted: files lie nowhere but in the folder,
//! links in it are not followed, and what is no report is never written over.

use std::{
    collections::BTreeSet,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use report::{Format, v1::Unit};
use scan::{Earlier, Known};

use super::name;
use crate::error::CliError;

/// A larger file is no report of one unit.
const LARGEST: u64 = 256 << 20;

/// Where the reports are; threads may look here while more are put there.
#[derive(Clone)]
pub(crate) struct Files {
    folder: PathBuf,
    /// The folder that is scanned, for the unit that has no folder below it.
    root: String,
    format: Format,
}

/// A folder that reports are put into.
pub(crate) struct Shelf {
    files: Files,
    /// What was put there, as a file system would see it that does not tell case.
    taken: BTreeSet<String>,
    /// Files of others that are in the way.
    in_the_way: Vec<PathBuf>,
}

impl Shelf {
    /// Makes the folder where it is not there.
    pub(crate) fn new(folder: &Path, root: &str, format: Format) -> Result<Self, CliError> {
        fs::create_dir_all(folder).map_err(|source| unwritable(folder, source))?;
        Ok(Self {
            files: Files {
                folder: folder.to_owned(),
                root: root.to_owned(),
                format,
            },
            taken: BTreeSet::new(),
            in_the_way: Vec::new(),
        })
    }

    /// Says where the reports are.
    pub(crate) fn files(&self) -> Files {
        self.files.clone()
    }

    /// Writes the report on the unit in `folder`, all of it or nothing.
    pub(crate) fn put(&mut self, folder: &str, report: &[u8]) -> Result<(), CliError> {
        let path = self.free_path(folder);
        self.make_folders(&path)?;
        let path = self.files.folder.join(path);
        if !self.is_free(&path) {
            self.in_the_way.push(path);
            return Ok(());
        }
        replace(&path, report).map_err(|source| unwritable(&path, source))
    }

    /// Leaves the report on the unit in `folder` as it is, and returns what it says.
    pub(crate) fn keep(&mut self, folder: &str) -> Option<Unit> {
        self.free_path(folder);
        self.files.unit(folder)
    }

    /// Fails where files of others were in the way.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        if self.in_the_way.is_empty() {
            return Ok(());
        }
        Err(CliError::InTheWay {
            paths: self.in_the_way,
        })
    }

    /// Returns the path for `folder`, or one with a number where another unit has it.
    fn free_path(&mut self, folder: &str) -> PathBuf {
        let path = self.files.path(folder);
        let mut free = path.clone();
        let mut number = 1;
        while !self.taken.insert(free.to_string_lossy().to_lowercase()) {
            number += 1;
            free = path.with_extension(format!("{number}.{}", self.files.format.id()));
        }
        free
    }

    /// Makes the folders that `path` lies in, and follows no link there.
    fn make_folders(&self, path: &Path) -> Result<(), CliError> {
        let mut folder = self.files.folder.clone();
        for part in path.parent().into_iter().flatten() {
            folder.push(part);
            let made = match fs::symlink_metadata(&folder) {
                Ok(found) if found.is_dir() => Ok(()),
                Ok(_) => Err(io::ErrorKind::NotADirectory.into()),
                Err(_) => fs::create_dir(&folder),
            };
            made.map_err(|source| unwritable(&folder, source))?;
        }
        Ok(())
    }

    /// Tells whether a report may be written at `path`: there is none, or one of ours.
    fn is_free(&self, path: &Path) -> bool {
        match fs::symlink_metadata(path) {
            Err(error) => error.kind() == io::ErrorKind::NotFound,
            Ok(found) if !found.is_file() => false,
            // What a broken run can leave behind.
            Ok(found) if found.len() == 0 => true,
            Ok(_) => read(path, self.files.format).is_some(),
        }
    }
}

impl Files {
    fn path(&self, folder: &str) -> PathBuf {
        let folder = if folder == "." { &self.root } else { folder };
        name::file(folder, self.format.id())
    }

    fn unit(&self, folder: &str) -> Option<Unit> {
        let path = self.folder.join(self.path(folder));
        read(&path, self.format)?.into_iter().next()
    }
}

impl Earlier for Files {
    fn known(&self, folder: &str) -> Option<Known> {
        let unit = self.unit(folder)?;
        Some(Known {
            fingerprint: unit.fingerprint?,
            n_files: unit.files.unwrap_or(0),
        })
    }
}

/// Reads the units of a report; `None` where there is none.
fn read(path: &Path, format: Format) -> Option<Vec<Unit>> {
    let found = fs::symlink_metadata(path).ok()?;
    if !found.is_file() || found.len() > LARGEST {
        return None;
    }
    let text = fs::read_to_string(path).ok()?;
    if format == Format::Yaml {
        let files = report::read_yaml(&text).ok()?;
        return (!files.is_empty()).then(|| files.into_iter().map(|file| file.unit).collect());
    }
    Some(report::read_json(&text).ok()?.units)
}

/// Puts a file in the place of another at once, so that nobody sees half of it.
fn replace(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    let mut builder = tempfile::Builder::new();
    builder.prefix(".rakscan-");
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        // As for any other file: what the user's mask allows.
        builder.permissions(fs::Permissions::from_mode(0o666));
    }
    let mut file = builder.tempfile_in(folder)?;
    file.write_all(bytes)?;
    file.persist(path)?;
    Ok(())
}

fn unwritable(path: &Path, source: io::Error) -> CliError {
    let path = path.to_owned();
    CliError::Unwritable { path, source }
}
