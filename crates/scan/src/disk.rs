//! Small reads, bounded in size, for files that are not scanned but say something.

use std::{fs::File, io::Read};

use crate::place::{Kind, Place};

/// Largest package or lock file that is read.
const LARGEST: u64 = 64 << 20;

/// Reads the beginning of a file; empty where it cannot be read.
pub(crate) fn head(place: &Place, n_bytes: u64) -> Vec<u8> {
    let mut bytes = Vec::new();
    // What was read before a failure is still worth looking at.
    match place {
        Place::Disk(path) => {
            if let Ok(file) = File::open(path) {
                let _ = file.take(n_bytes).read_to_end(&mut bytes);
            }
        }
        Place::Inside(tree, path) => {
            if let Ok(member) = tree.open(path) {
                let _ = member.take(n_bytes).read_to_end(&mut bytes);
            }
        }
    }
    bytes
}

/// Reads a text file; `None` where it is not there.
pub(crate) fn text(place: &Place) -> Option<String> {
    if !place.is_file() {
        return None;
    }
    let bytes = head(place, LARGEST);
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&bytes);
    Some(String::from_utf8_lossy(bytes).into_owned())
}

/// Returns the names in a folder, sorted; empty where it cannot be read.
pub(crate) fn names(folder: &Place) -> Vec<String> {
    let entries = folder.entries().unwrap_or_default();
    let mut names: Vec<String> = entries.into_iter().map(|entry| entry.name).collect();
    names.sort();
    names
}

/// Returns the folders in a folder, sorted, without links.
pub(crate) fn folders(folder: &Place) -> Vec<Place> {
    of_kind(folder, Kind::Folder)
}

/// Returns the files in a folder, sorted, without links.
pub(crate) fn files(folder: &Place) -> Vec<Place> {
    of_kind(folder, Kind::File)
}

fn of_kind(folder: &Place, kind: Kind) -> Vec<Place> {
    let mut entries = folder.entries().unwrap_or_default();
    entries.retain(|entry| entry.kind == Some(kind));
    entries.sort_by(|a, b| a.name.cmp(&b.name));
    entries.iter().map(|entry| entry.place(folder)).collect()
}

/// Returns the name of a folder or file, of `.` too; of an archive that of what is in it.
pub(crate) fn name_of(place: &Place) -> String {
    match place {
        Place::Disk(path) => {
            let named = path
                .file_name()
                .map(std::borrow::ToOwned::to_owned)
                .or_else(|| Some(path.canonicalize().ok()?.file_name()?.to_owned()));
            named.map_or_else(
                || path.display().to_string(),
                |name| name.to_string_lossy().into_owned(),
            )
        }
        Place::Inside(tree, path) if path.is_empty() => tree.name().to_owned(),
        Place::Inside(_, path) => crate::path::file_name(path).to_owned(),
    }
}
