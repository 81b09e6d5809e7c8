//! Turns what was typed into what is scanned, and refuses it before anything is read in vain.

use std::{
    ffi::OsStr,
    fs::{self, File},
    io::{self, Read as _},
    path::{Path, PathBuf},
};

use model::language::Language;
use scan::Input;

use crate::{args::InputArgs, error::CliError};

/// Name shown for standard input where none is given.
const STDIN: &str = "<stdin>";

/// Returns what is to be scanned; the current folder where nothing is named.
pub(crate) fn input(paths: &[PathBuf], files: &InputArgs) -> Result<Input, CliError> {
    if paths.iter().any(|path| is_stdin(path)) {
        if paths.len() > 1 || files.files_from.is_some() {
            return Err(CliError::StdinIsNotAlone);
        }
        return stdin(files);
    }
    let mut roots = paths.to_vec();
    match &files.files_from {
        Some(list) => roots.extend(listed(list)?),
        None if roots.is_empty() => roots.push(PathBuf::from(".")),
        None => {}
    }
    must_exist(&roots)?;
    if roots.is_empty() {
        return Err(CliError::NothingToScan);
    }
    Ok(Input::Paths(roots))
}

fn is_stdin(path: &Path) -> bool {
    path.as_os_str() == "-"
}

fn stdin(args: &InputArgs) -> Result<Input, CliError> {
    let named = args.stdin_name.as_deref().map(Path::new);
    let language = args
        .language
        .or_else(|| named.and_then(Language::from_path))
        .ok_or(CliError::StdinLanguage)?;
    let name = args.stdin_name.as_deref().unwrap_or(STDIN);
    Ok(Input::Text {
        name: name.replace('\\', "/"),
        language,
        bytes: read_stdin()?,
    })
}

fn read_stdin() -> Result<Vec<u8>, CliError> {
    let mut bytes = Vec::new();
    match io::stdin().lock().read_to_end(&mut bytes) {
        Ok(_) => Ok(bytes),
        Err(source) => Err(CliError::Stdin { source }),
    }
}

/// Reads a list of paths, separated by NUL bytes where there are any, otherwise by lines.
fn listed(list: &Path) -> Result<Vec<PathBuf>, CliError> {
    let bytes = if is_stdin(list) {
        read_stdin()?
    } else {
        fs::read(list).map_err(|source| failed(list, source))?
    };
    let separator = if bytes.contains(&0) { 0 } else { b'\n' };
    bytes
        .split(|byte| *byte == separator)
        .map(|path| path.strip_suffix(b"\r").unwrap_or(path))
        .filter(|path| !path.is_empty())
        .map(to_path)
        .collect()
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "fails on other systems")]
fn to_path(bytes: &[u8]) -> Result<PathBuf, CliError> {
    use std::os::unix::ffi::OsStrExt as _;
    Ok(PathBuf::from(OsStr::from_bytes(bytes)))
}

#[cfg(not(unix))]
fn to_path(bytes: &[u8]) -> Result<PathBuf, CliError> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(PathBuf::from(OsStr::new(text))),
        Err(_) => Err(CliError::PathEncoding),
    }
}

/// Fails where any root is missing, naming all that are, or one cannot be read.
pub(crate) fn must_exist(roots: &[PathBuf]) -> Result<(), CliError> {
    let is_missing = |path: &&PathBuf| {
        fs::metadata(path).is_err_and(|error| error.kind() == io::ErrorKind::NotFound)
    };
    let missing: Vec<PathBuf> = roots.iter().filter(is_missing).cloned().collect();
    if !missing.is_empty() {
        return Err(CliError::Missing { paths: missing });
    }
    for root in roots {
        open(root).map_err(|source| failed(root, source))?;
    }
    Ok(())
}

/// Opens a file or folder and closes it again.
fn open(path: &Path) -> io::Result<()> {
    if fs::metadata(path)?.is_dir() {
        fs::read_dir(path).map(drop)
    } else {
        File::open(path).map(drop)
    }
}

/// Says why a file that was named could not be read.
pub(crate) fn failed(path: &Path, source: io::Error) -> CliError {
    let path = path.to_owned();
    if source.kind() == io::ErrorKind::NotFound {
        CliError::Missing { paths: vec![path] }
    } else {
        CliError::Unreadable { path, source }
    }
}
