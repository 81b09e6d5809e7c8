//! A digest of all that the manifest of a unit follows from.
//!
//! Where it is the same, scanning the unit again would give the same manifest. Of files without
//! influence (pictures, what is left out) nothing goes into it. It is made from what the walk lists and
//! from the bytes that are read anyway; package files and the like are read only for units in which
//! anything leads to Stripe, because for others nobody looks at them.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs::File,
    io::Read as _,
    sync::{Mutex, PoisonError},
};

use model::Name;
use rayon::prelude::*;
use sha2::{Digest as _, Sha256};

use crate::{
    Options,
    archive::Archive,
    disk,
    harvest::{Bytes, Reader},
    listing::{Found, Listing},
    pipeline::{self, Listed},
    target::{Scope, Target},
};

/// What an earlier run found of a unit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Known {
    /// The digest that it wrote.
    pub fingerprint: String,
    /// How many files it read for calls.
    pub n_files: u64,
}

/// Largest package file that goes into a digest, as for those who read them.
const LARGEST: u64 = 64 << 20;

type Sum = [u8; 32];

/// Digests of single files, noted while they are read.
#[derive(Debug, Default)]
pub(crate) struct Sums(Mutex<BTreeMap<Name, Sum>>);

impl Sums {
    /// Notes what was read of a file.
    pub(crate) fn note(&self, found: &Found, bytes: &Bytes) {
        let mut sum = Sha256::new();
        match bytes {
            Bytes::Some(bytes) => sum.update(bytes),
            Bytes::TooLarge { mentions } => sum.update(format!("too large {mentions}")),
            Bytes::Failed(error) => sum.update(format!("failed {}", error.kind())),
        }
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(found.path.clone(), sum.finalize().into());
    }
}

/// Makes the digest of a unit that was read by `reader`; `None` where nobody asked for one.
///
/// `is_deep` where anything in it leads to Stripe.
pub(crate) fn of(
    target: &Target,
    listing: &Listing,
    reader: &Reader<'_>,
    is_deep: bool,
) -> Option<Name> {
    let basis = reader.options.fingerprint.as_deref()?;
    let sums = reader.sums.as_ref()?;
    let mut text = format!("{basis}\n{:?}\n{is_deep}\n", target.unit);
    push_options(&mut text, reader.options);
    push_listing(&mut text, listing);
    push_origin(&mut text, target, reader.options);
    if is_deep {
        listing
            .texts
            .par_iter()
            .for_each(|found| reader.note(found, &reader.bytes(found)));
    }
    let mut whole = Sha256::new();
    whole.update(text);
    for (path, sum) in &*sums.0.lock().unwrap_or_else(PoisonError::into_inner) {
        whole.update(format!("{path:?}"));
        whole.update(sum);
    }
    if is_deep {
        for (path, place) in &listing.packages {
            whole.update(format!("{path:?}"));
            whole.update(Sha256::digest(disk::head(place, LARGEST)));
        }
    }
    Some(hexadecimal(&whole.finalize()).into())
}

/// Makes the digest of an archive, of all its bytes; `None` where nobody asked for one.
pub(crate) fn of_archive(target: &Target, archive: &Archive, options: &Options) -> Option<Name> {
    let basis = options.fingerprint.as_deref()?;
    let mut text = format!("{basis}\narchive {:?}\n", target.unit);
    push_options(&mut text, options);
    push_origin(&mut text, target, options);
    let mut whole = Sha256::new();
    whole.update(text);
    let mut file = File::open(archive.place.on_disk()?).ok()?;
    let mut buffer = vec![0; 64 << 10];
    loop {
        let n_read = file.read(&mut buffer).ok()?;
        match buffer.get(..n_read) {
            Some([]) | None => break,
            Some(bytes) => whole.update(bytes),
        }
    }
    Some(hexadecimal(&whole.finalize()).into())
}

/// Writes down where a unit was found, and what the owner says there.
fn push_origin(text: &mut String, target: &Target, options: &Options) {
    let origin = &target.origin;
    if let Some(root) = &origin.root {
        let config = options.configs.get(root);
        // Writing to a string cannot fail.
        let _ = writeln!(text, "{config:?} {:?} {}", origin.prefix, origin.is_shared);
    }
}

/// Makes the digest of a unit as a scan would now, without parsing anything.
pub(crate) fn again(target: &Target, options: &Options, is_deep: bool) -> Option<Name> {
    if let Scope::Archive(archive) = &target.scope {
        return of_archive(target, archive, options);
    }
    let Listed { listing, owner, .. } = pipeline::listed(target, options);
    let reader = pipeline::reader(&listing, target, options, &owner);
    let files = listing.files.par_iter().chain(&listing.foreign);
    files.for_each(|found| reader.note(found, &reader.bytes(found)));
    of(target, &listing, &reader, is_deep)
}

/// Writes down what the result follows from, but for configurations.
fn push_options(text: &mut String, options: &Options) {
    let Options {
        threads: _,
        respect_ignore_files,
        include_tests,
        include_dependencies,
        max_file_size,
        configs: _,
        trust,
        key_tiers,
        keys,
        split,
        fingerprint: _,
        paths,
    } = options;
    let read = (respect_ignore_files, include_tests, include_dependencies);
    let _ = writeln!(
        text,
        "{read:?} {max_file_size} {trust:?} {key_tiers:?} {keys:?} {split:?} {paths:?}"
    );
}

/// Writes down what the walk found, but for the bytes of files.
fn push_listing(text: &mut String, listing: &Listing) {
    let lists = [&listing.files, &listing.foreign, &listing.texts];
    for found in lists.into_iter().flatten() {
        let _ = writeln!(text, "{:?} {:?}", found.path, found.language);
    }
    for (path, _) in &listing.packages {
        let _ = writeln!(text, "{path:?}");
    }
    let Listing {
        configs,
        copies,
        skipped,
        diagnostics,
        ..
    } = listing;
    let _ = writeln!(
        text,
        "{configs:?}\n{copies:?}\n{skipped:?}\n{diagnostics:?}"
    );
}

fn hexadecimal(bytes: &[u8]) -> String {
    let mut text = String::new();
    for byte in bytes {
        let _ = write!(text, "{byte:02x}");
    }
    text
}
