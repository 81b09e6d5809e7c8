//! Small reads from disk, bounded in size, for files that are not scanned but say something.

use std::{
    fs::File,
    io::Read,
    path::{Path, PathBuf},
};

/// Largest package or lock file that is read.
const LARGEST: u64 = 64 << 20;

/// Reads the beginning of a file; empty where it cannot be read.
pub(crate) fn head(path: &Path, n_bytes: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Ok(file) = File::open(path) {
        // What was read before a failure is still worth looking at.
        let _ = file.take(n_bytes).read_to_end(&mut bytes);
    }
    bytes
}

/// Reads a text file; `None` where it is not there.
pub(crate) fn text(path: &Path) -> Option<String> {
    if !path.is_file() {
        return None;
    }
    let bytes = head(path, LARGEST);
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    Some(String::from_utf8_lossy(bytes).into_owned())
}

/// Returns the names in a folder, sorted; empty where it cannot be read.
pub(crate) fn names(dir: &Path) -> Vec<String> {
    let mut names: Vec<String> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// Returns the folders in a folder, sorted, without links.
pub(crate) fn folders(dir: &Path) -> Vec<PathBuf> {
    let mut folders: Vec<PathBuf> = std::fs::read_dir(dir)
        .into_iter()
        .flatten()
        .flatten()
        .filter(|entry| entry.file_type().is_ok_and(|kind| kind.is_dir()))
        .map(|entry| entry.path())
        .collect();
    folders.sort();
    folders
}

/// Returns the name of a folder or file, of `.` too.
pub(crate) fn name_of(path: &Path) -> String {
    let named = path
        .file_name()
        .map(std::borrow::ToOwned::to_owned)
        .or_else(|| Some(path.canonicalize().ok()?.file_name()?.to_owned()));
    named.map_or_else(
        || path.display().to_string(),
        |name| name.to_string_lossy().into_owned(),
    )
}
