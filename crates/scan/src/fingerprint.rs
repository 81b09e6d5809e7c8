//! A digest of all that the manifest of a unit follows from.
//!
//! Where it is the same, scanning the unit again would give the same manifest. It is made from what the
//! walk lists and from what a scan reads of each file, so files without influence (pictures, what is left
//! out) have no say; archives are taken by their bytes. Package files and the like are read only for units
//! in which anything leads to Stripe, because for others nobody looks at them.

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
    Hygiene, Input, Options, ScanError, Split,
    archive::Archive,
    disk,
    harvest::{Bytes, Reader},
    listing::{Found, Listing},
    pipeline::{self, Listed},
    pool,
    target::{self, Scope, Target},
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

/// Largest archive that has a digest; a scan reads less of larger ones than a digest would.
const LARGEST_ARCHIVE: u64 = 1 << 30;

type Sum = [u8; 32];

/// Returns the digest of all that a scan of `input` follows from, in hexadecimal digits.
///
/// It begins with [`Options::fingerprint`], if there is one. Two scans with the same digest, by the same
/// program with the same rules, find the same. `None` where a scan follows from more than that.
///
/// # Errors
///
/// Fails where a path that was asked for is not there or cannot be read.
pub fn fingerprint(input: &Input, options: &Options) -> Result<Option<String>, ScanError> {
    if options.split != Split::Whole {
        return Ok(None);
    }
    let options = &Options {
        fingerprint: Some(options.fingerprint.clone().unwrap_or_default()),
        ..options.clone()
    };
    let targets = target::targets(input)?;
    let whole = || {
        let mut whole = Sha256::new();
        for target in &targets {
            // Whether anything leads to Stripe is not known yet: everything counts.
            let sum = again(target, options, true)?;
            whole.update(format!("{:?} {sum}\n", target.folder()));
        }
        Some(hexadecimal(&whole.finalize()))
    };
    Ok(match pool(options) {
        Some(pool) => pool.install(whole),
        None => whole(),
    })
}

/// What is noted of a unit while it is read.
#[derive(Debug)]
pub(crate) struct Sums {
    /// What was known before any of its files was read.
    beforehand: String,
    /// Digests of single files.
    of_files: Mutex<BTreeMap<Name, Sum>>,
}

impl Sums {
    /// Begins with what the walk found; `None` where nobody asked for a digest, or it would not be all.
    pub(crate) fn of(target: &Target, listed: &Listed<'_>, options: &Options) -> Option<Self> {
        let mut beforehand = beforehand(target, options)?;
        push_listed(&mut beforehand, listed);
        Some(Self {
            beforehand,
            of_files: Mutex::default(),
        })
    }

    /// Notes what was read of a file.
    pub(crate) fn note(&self, found: &Found, bytes: &Bytes) {
        let mut sum = Sha256::new();
        match bytes {
            Bytes::Some(bytes) => sum.update(bytes),
            Bytes::TooLarge { mentions } => sum.update(format!("too large {mentions}")),
            Bytes::Failed(error) => sum.update(format!("failed {}", error.kind())),
        }
        let mut all = self.of_files.lock().unwrap_or_else(PoisonError::into_inner);
        all.insert(found.path.clone(), sum.finalize().into());
    }
}

/// Makes the digest of a unit that was read by `reader`; `None` where nobody asked for one.
///
/// `is_deep` where anything in it leads to Stripe.
pub(crate) fn of(listing: &Listing, reader: &Reader<'_>, is_deep: bool) -> Option<Name> {
    let sums = reader.sums.as_ref()?;
    if is_deep {
        listing
            .texts
            .par_iter()
            .for_each(|found| reader.note(found, &reader.bytes(found)));
    }
    let mut whole = Sha256::new();
    whole.update(&sums.beforehand);
    whole.update(format!("{is_deep}\n"));
    let of_files = sums.of_files.lock().unwrap_or_else(PoisonError::into_inner);
    for (path, sum) in &*of_files {
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

/// Makes the digest of an archive, of all its bytes; `None` where nobody asked for one, or it is too large.
pub(crate) fn of_archive(target: &Target, archive: &Archive, options: &Options) -> Option<Name> {
    let mut whole = Sha256::new();
    whole.update(beforehand(target, options)?);
    let name = disk::name_of(&archive.place);
    whole.update(format!("archive {name:?}\n"));
    let file = File::open(archive.place.on_disk()?).ok()?;
    let mut file = file.take(LARGEST_ARCHIVE + 1);
    let mut buffer = vec![0; 64 << 10];
    loop {
        let n_read = file.read(&mut buffer).ok()?;
        match buffer.get(..n_read) {
            Some([]) | None => break,
            Some(bytes) => whole.update(bytes),
        }
    }
    // Nothing is left of the limit: there was more.
    (file.limit() > 0).then(|| hexadecimal(&whole.finalize()).into())
}

/// Makes the digest of a unit as a scan would now, without parsing anything.
pub(crate) fn again(target: &Target, options: &Options, is_deep: bool) -> Option<Name> {
    if let Scope::Archive(archive) = &target.scope {
        return of_archive(target, archive, options);
    }
    let listed = pipeline::listed(target, options);
    let listing = &listed.listing;
    let reader = Reader {
        sums: Some(Sums::of(target, &listed, options)?),
        ..pipeline::reader(listing, target, options, &listed.owner)
    };
    let files = listing.files.par_iter().chain(&listing.foreign);
    files.for_each(|found| reader.note(found, &reader.bytes(found)));
    of(listing, &reader, is_deep)
}

/// Writes down what is known before anything of a unit is listed; `None` where nobody asked.
fn beforehand(target: &Target, options: &Options) -> Option<String> {
    let basis = options.fingerprint.as_deref()?;
    let options = about(target, options)?;
    Some(format!("{basis}\n{:?}\n{options}\n", target.unit))
}

/// Writes down which options and what configuration count for a unit; `None` where a scan opens files that
/// nobody lists here.
fn about(target: &Target, options: &Options) -> Option<String> {
    // Each option by its name: a new one must be thought of here.
    let Options {
        threads: _,
        afterwards: _,
        respect_ignore_files,
        include_tests,
        include_dependencies,
        max_file_size,
        configs,
        trust,
        key_tiers,
        keys,
        split,
        fingerprint: _,
        paths,
    } = options;
    if *keys == Hygiene::On {
        return None;
    }
    let origin = &target.origin;
    let config = origin.root.as_ref().map(|root| configs.get(root));
    let read = (respect_ignore_files, include_tests, include_dependencies);
    Some(format!(
        "{read:?} {max_file_size} {trust:?} {key_tiers:?} {split:?} {paths:?}\n{config:?} {:?} {}",
        origin.prefix, origin.is_shared
    ))
}

/// Writes down what the walk found, but for the bytes of files.
fn push_listed(text: &mut String, listed: &Listed<'_>) {
    let Listed {
        listing,
        // It follows from the options.
        owner: _,
        excluded,
        notes,
    } = listed;
    let Listing {
        files,
        foreign,
        texts,
        packages,
        configs,
        copies,
        skipped,
        diagnostics,
    } = listing;
    // Writing to a string cannot fail.
    for found in [files, foreign, texts].into_iter().flatten() {
        let _ = writeln!(text, "{:?} {:?}", found.path, found.language);
    }
    for (path, _) in packages {
        let _ = writeln!(text, "{path:?}");
    }
    let _ = writeln!(
        text,
        "{configs:?}\n{copies:?}\n{skipped:?}\n{diagnostics:?}\n{excluded:?}\n{notes:?}"
    );
}

fn hexadecimal(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut text, byte| {
        // Writing to a string cannot fail.
        let _ = write!(text, "{byte:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    const REFUND: &str = "<?php\n\\Stripe\\Refund::create( $refund );\n";

    fn now(root: &Path, options: &Options) -> Option<String> {
        fingerprint(&Input::Paths(vec![root.to_path_buf()]), options).unwrap()
    }

    fn project() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("a.php"), REFUND).unwrap();
        fs::write(folder.path().join("composer.json"), "{}").unwrap();
        folder
    }

    #[test]
    fn what_has_influence_counts_and_nothing_else() {
        let folder = project();
        let (root, options) = (folder.path(), Options::default());
        let before = now(root, &options);
        assert!(before.is_some());
        fs::write(root.join("logo.png"), "picture").unwrap();
        assert_eq!(now(root, &options), before);
        for (name, text) in [
            ("a.php", "<?php\n"),
            ("b.php", REFUND),
            ("composer.json", r#"{"name": "acme/pay"}"#),
            ("names.yaml", "class: Refunds"),
            ("pay.rb", "Stripe::Refund.create"),
        ] {
            let place = root.join(name);
            let old = fs::read(&place).ok();
            fs::write(&place, text).unwrap();
            assert_ne!(now(root, &options), before, "{name}");
            match old {
                Some(old) => fs::write(&place, old).unwrap(),
                None => fs::remove_file(&place).unwrap(),
            }
            assert_eq!(now(root, &options), before, "{name}");
        }
    }

    #[test]
    fn options_count_and_the_number_of_threads_does_not() {
        let folder = project();
        let of = |options| now(folder.path(), &options);
        let usual = Options::default;
        let before = of(usual());
        let threads = Some(1);
        assert_eq!(of(Options { threads, ..usual() }), before);
        let max_file_size = 1 << 10;
        assert_ne!(
            of(Options {
                max_file_size,
                ..usual()
            }),
            before
        );
        let fingerprint = Some("another program".into());
        assert_ne!(
            of(Options {
                fingerprint,
                ..usual()
            }),
            before
        );
        let keys = Hygiene::On;
        assert_eq!(of(Options { keys, ..usual() }), None);
        let split = Split::Packages;
        assert_eq!(of(Options { split, ..usual() }), None);
    }

    #[test]
    fn an_archive_counts_with_all_its_bytes() {
        let folder = tempfile::tempdir().unwrap();
        let options = Options::default();
        for name in ["a", "b"] {
            fs::write(folder.path().join(format!("{name}.tar")), [0; 1024]).unwrap();
        }
        let before = now(folder.path(), &options);
        assert!(before.is_some());
        let mut bytes = vec![0; 1024];
        bytes[1023] = 1;
        fs::write(folder.path().join("b.tar"), bytes).unwrap();
        assert_ne!(now(folder.path(), &options), before);
    }
}
