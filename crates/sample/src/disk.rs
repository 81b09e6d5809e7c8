//! Writes what was made.

use std::{
    fs, io,
    path::Path,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use crate::{File, plugin::plugin};

/// How much was written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files.
    pub files: u64,
    /// Bytes.
    pub bytes: u64,
}

/// Writes a tree of `n_plugins` plugins below `dir`, one folder each.
///
/// # Errors
///
/// Fails where a file cannot be written.
pub fn plugins(n_plugins: usize, dir: &Path) -> io::Result<Written> {
    let next = AtomicUsize::new(0);
    let n_threads = thread::available_parallelism().map_or(1, usize::from);
    thread::scope(|scope| {
        let work = || {
            let mut written = Written::default();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                if index >= n_plugins {
                    return Ok(written);
                }
                let (name, files) = plugin(index);
                written = written.and(write(&files, &dir.join(name))?);
            }
        };
        let threads: Vec<_> = (0..n_threads).map(|_| scope.spawn(work)).collect();
        let mut all = Written::default();
        for thread in threads {
            let done: io::Result<Written> = thread
                .join()
                .unwrap_or_else(|_| Err(io::Error::other("a thread failed")));
            all = all.and(done?);
        }
        Ok(all)
    })
}

/// Writes `files` below `dir`.
///
/// # Errors
///
/// Fails where a file cannot be written.
pub fn write(files: &[File], dir: &Path) -> io::Result<Written> {
    let mut written = Written::default();
    fs::create_dir_all(dir)?;
    for file in files {
        let path = dir.join(&file.path);
        if let Err(error) = fs::write(&path, &file.bytes) {
            if error.kind() != io::ErrorKind::NotFound {
                return Err(error);
            }
            path.parent().map_or(Ok(()), fs::create_dir_all)?;
            fs::write(&path, &file.bytes)?;
        }
        written = written.and(Written {
            files: 1,
            bytes: u64::try_from(file.bytes.len()).unwrap_or(u64::MAX),
        });
    }
    Ok(written)
}

impl Written {
    fn and(self, other: Self) -> Self {
        Self {
            files: self.files + other.files,
            bytes: self.bytes + other.bytes,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_has_a_folder_for_each_plugin() {
        let dir = tempfile::tempdir().unwrap();
        let written = plugins(3, dir.path()).unwrap();
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 3);
        assert!(written.files > 20 && written.bytes > 20_000, "{written:?}");
    }
}
