//! Keeps what was found, so that it need not be worked out again where nothing has changed.
//!
//! Nothing depends on it: an entry that is missing, damaged or of another program is as good as none,
//! and what cannot be written is not kept. Nothing in scanned code decides where entries lie.

use std::{
    env,
    fmt::Write as _,
    fs,
    io::Write as _,
    path::{Path, PathBuf},
    process,
    time::UNIX_EPOCH,
};

use serde::{Serialize, de::DeserializeOwned};
use sha2::{Digest as _, Sha256};

/// Says where entries are kept; empty for nowhere.
const VARIABLE: &str = "RAKSCAN_CACHE_DIR";
/// Behind the names of entries.
const EXTENSION: &str = "rakscan";
/// Most entries that are kept; those written first are removed first.
const MOST: usize = 256;
/// Most bytes of all entries together, and of one.
const MOST_BYTES: u64 = 64 << 20;
const LARGEST: u64 = 8 << 20;

/// A folder of entries.
#[derive(Clone, Debug)]
pub(crate) struct Cache {
    folder: PathBuf,
}

impl Cache {
    /// Returns the cache of the user who runs the program, if there is a place for one.
    pub(crate) fn of_user() -> Option<Self> {
        let own = env::var_os(VARIABLE);
        let folder = match own {
            Some(folder) if folder.is_empty() => return None,
            Some(folder) => PathBuf::from(folder),
            None => usual()?.join("rakscan"),
        };
        folder.is_absolute().then_some(Self { folder })
    }

    /// Returns what is kept under `key`.
    pub(crate) fn get<T: DeserializeOwned>(&self, key: &str) -> Option<T> {
        let file = self.file(key);
        if fs::metadata(&file).ok()?.len() > LARGEST {
            return None;
        }
        let text = fs::read_to_string(file).ok()?;
        let (sum, text) = text.split_once('\n')?;
        if sum != hash(&[text]) {
            return None;
        }
        serde_json::from_str(text).ok()
    }

    /// Keeps `value` under `key`, if that can be done.
    pub(crate) fn put<T: Serialize>(&self, key: &str, value: &T) {
        let Ok(text) = serde_json::to_string(value) else {
            return;
        };
        if text.len() as u64 > LARGEST / 2 || make(&self.folder).is_err() {
            return;
        }
        let text = format!("{}\n{text}", hash(&[&text]));
        // Another run may write the same entry now: each writes a file of its own, and the last one
        // stays.
        let new = self.folder.join(format!("{key}.{}.new", process::id()));
        let written = fs::File::create_new(&new)
            .and_then(|mut file| file.write_all(text.as_bytes()))
            .and_then(|()| fs::rename(&new, self.file(key)));
        if written.is_err() {
            let _ = fs::remove_file(&new);
        }
        self.shrink();
    }

    fn file(&self, key: &str) -> PathBuf {
        self.folder.join(format!("{key}.{EXTENSION}"))
    }

    /// Removes the entries that were written first, until few enough are left.
    fn shrink(&self) {
        let Ok(entries) = fs::read_dir(&self.folder) else {
            return;
        };
        let mut all: Vec<_> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| {
                path.extension()
                    .is_some_and(|end| end == EXTENSION || end == "new")
            })
            .filter_map(|path| {
                let about = fs::metadata(&path).ok()?;
                Some((about.modified().ok()?, about.len(), path))
            })
            .collect();
        all.sort();
        let mut n_bytes: u64 = all.iter().map(|(_, length, _)| length).sum();
        let n_over = all.len().saturating_sub(MOST);
        for (n, (_, length, path)) in all.iter().enumerate() {
            if n >= n_over && n_bytes <= MOST_BYTES {
                break;
            }
            let _ = fs::remove_file(path);
            n_bytes -= length;
        }
    }
}

/// Makes a key of all that an entry depends on, and of the program itself.
pub(crate) fn key(parts: &[&str]) -> Option<String> {
    let program = fs::metadata(env::current_exe().ok()?).ok()?;
    let built = program.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
    let version = env!("CARGO_PKG_VERSION");
    let program = format!("{version} {} {}", program.len(), built.as_nanos());
    Some(hash(&[&[program.as_str()], parts].concat()))
}

/// Returns the folder in which programs keep such things.
fn usual() -> Option<PathBuf> {
    let named = |name: &str| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|p| p.is_absolute())
    };
    if cfg!(windows) {
        return named("LOCALAPPDATA");
    }
    named("XDG_CACHE_HOME").or_else(|| {
        let below = if cfg!(target_os = "macos") {
            "Library/Caches"
        } else {
            ".cache"
        };
        Some(named("HOME")?.join(below))
    })
}

/// Makes the folder; only its owner may look into it.
fn make(folder: &Path) -> std::io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    {
        use std::os::unix::fs::DirBuilderExt as _;
        builder.mode(0o700);
    }
    builder.create(folder)
}

fn hash(parts: &[&str]) -> String {
    let mut sum = Sha256::new();
    for part in parts {
        sum.update(part.len().to_le_bytes());
        sum.update(part);
    }
    sum.finalize().iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
