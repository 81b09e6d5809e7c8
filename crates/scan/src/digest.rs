//! A digest of everything that a scan depends on.
//!
//! Two scans with the same digest, by the same program with the same rules, find the same. Files are
//! listed as a scan lists them, so that what is left out has no say, and taken in with all their bytes.

use std::{fmt::Write as _, fs::File, io::Read as _, path::Path};

use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::{
    Input, Options, ScanError, Split,
    listing::{Content, Listing},
    pipeline::walk_rules,
    pool,
    target::{self, Scope, Target},
};

/// No more of a file is read; no part of a scan reads more.
const LARGEST: u64 = 64 << 20;

/// Returns the digest of what a scan of `input` would read, in hexadecimal digits.
///
/// `None` where a scan depends on more than can be told beforehand.
///
/// # Errors
///
/// Fails where a path that was asked for is not there or cannot be read.
pub fn digest(input: &Input, options: &Options) -> Result<Option<String>, ScanError> {
    if options.split != Split::Whole || options.max_file_size > LARGEST {
        return Ok(None);
    }
    let targets = target::targets(input)?;
    let whole = || {
        let mut whole = Sha256::new();
        whole.update(about(options));
        for target in &targets {
            whole.update(of_target(target, options)?);
        }
        Some(hexadecimal(&whole.finalize()))
    };
    Ok(match pool(options) {
        Some(pool) => pool.install(whole),
        None => whole(),
    })
}

/// Says how is scanned; the number of threads makes no difference.
fn about(options: &Options) -> String {
    let options = Options {
        threads: None,
        ..options.clone()
    };
    format!("{options:?}\n")
}

/// `None` where a file cannot be read.
fn of_target(target: &Target, options: &Options) -> Option<[u8; 32]> {
    if matches!(target.scope, Scope::Archive(_)) {
        return None;
    }
    let listing = target.list(&walk_rules(options));
    let mut text = format!(
        "{:?}\n{:?}\n{}\n",
        target.unit,
        target.origin,
        target.folder()
    );
    let Listing {
        files,
        foreign,
        texts,
        packages,
        configs,
        copies,
        skipped,
        diagnostics,
    } = &listing;
    // Writing to a string cannot fail.
    let _ = writeln!(
        text,
        "{configs:?}\n{copies:?}\n{skipped:?}\n{diagnostics:?}"
    );
    let mut places: Vec<(&str, &Path)> = Vec::new();
    for found in files.iter().chain(foreign).chain(texts) {
        let Content::Disk(place) = &found.content else {
            return None;
        };
        let _ = writeln!(text, "{:?} {:?}", found.path, found.language);
        places.push((&found.path, place));
    }
    for (path, place) in packages {
        places.push((path, place.on_disk()?));
    }
    let sums: Option<Vec<[u8; 32]>> = places.par_iter().map(|(_, place)| of_file(place)).collect();
    let mut whole = Sha256::new();
    whole.update(text);
    for ((path, _), sum) in places.iter().zip(sums?) {
        whole.update(format!("{path:?}"));
        whole.update(sum);
    }
    Some(whole.finalize().into())
}

fn of_file(place: &Path) -> Option<[u8; 32]> {
    let file = File::open(place).ok()?;
    let n_bytes = file.metadata().ok()?.len();
    let mut bytes = Vec::new();
    file.take(LARGEST).read_to_end(&mut bytes).ok()?;
    let mut sum = Sha256::new();
    sum.update(n_bytes.to_le_bytes());
    sum.update(bytes);
    Some(sum.finalize().into())
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}
