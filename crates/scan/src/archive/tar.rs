//! Tar, also compressed: read once from its beginning, keeping what somebody may want to read.
//!
//! Names and sizes from the extensions of the format are read here and not by the library, which would
//! take as much memory for them as an archive asks for.

use std::{
    cell::Cell,
    io::{self, Read},
    rc::Rc,
};

use ::tar::{Archive, Entry, EntryType, PaxExtensions};
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;

use super::{
    Fault, Format, in_words,
    limits::Limits,
    remarks::Wrong,
    source::Source,
    tree::{Builder, Member, Node, link_target},
    wanted::Wanted,
};
use crate::mention;

/// Longest extension that is read, in bytes.
const LONGEST_EXTENSION: u64 = 64 << 10;
/// Memory that a decoder for xz may take, in KiB: that of `xz -9`.
const XZ_MEMORY: u32 = 66 << 10;

/// Tells whether the beginning is that of a tar.
pub(super) fn probe(source: Source, format: Format) -> Result<(), Fault> {
    let meter = Meter::new(&Limits::default());
    let mut archive = Archive::new(unpacked(source, format, &meter));
    let first = archive.entries().map(|entries| entries.raw(true).next());
    match first {
        Ok(Some(Ok(_))) => Ok(()),
        Ok(None) => Err(Fault("it is empty".to_owned())),
        Ok(Some(Err(error))) | Err(error) => Err(Fault(format!(
            "it cannot be unpacked: {}",
            in_words(&error)
        ))),
    }
}

/// Lists the members of a tar and keeps those that are wanted.
pub(super) fn read(
    source: Source,
    format: Format,
    wanted: Wanted,
    max_file_size: u64,
    builder: &mut Builder<'_>,
) {
    let meter = Meter::new(builder.limits);
    let mut archive = Archive::new(unpacked(source, format, &meter));
    let mut reading = Reading {
        wanted,
        max_file_size,
        n_kept: 0,
        next: Extension::default(),
    };
    let ended = match archive.entries() {
        Ok(entries) => reading.all(entries.raw(true), builder),
        Err(error) => Err(error),
    };
    // What stands behind the end mark is read too: only then are checksums compared.
    let ended = ended.and_then(|()| {
        if meter.0.is_at_end.get() {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        io::copy(&mut archive.into_inner(), &mut io::sink()).map(drop)
    });
    builder.n_unpacked = meter.0.n_unpacked.get();
    if let Err(error) = ended {
        let (wrong, detail) = match meter.0.stopped.get() {
            Some(wrong @ Wrong::Bomb) => (wrong, builder.limits.ratio.to_string()),
            Some(wrong) => (wrong, builder.limits.unpacked.to_string()),
            None => (Wrong::Damaged, in_words(&error)),
        };
        builder.remarks.add(wrong, "", &detail);
    }
}

/// Opens the stream of members.
fn unpacked(source: Source, format: Format, meter: &Meter) -> Metered<Box<dyn Read>> {
    let packed = Counted {
        inner: source.into_reader(),
        meter: meter.clone(),
    };
    let inner: Box<dyn Read> = match format {
        Format::TarGz => Box::new(MultiGzDecoder::new(packed)),
        Format::TarXz => Box::new(XzReader::new_mem_limit(
            io::BufReader::new(packed),
            true,
            XZ_MEMORY,
        )),
        Format::Tar | Format::Zip => Box::new(io::BufReader::new(packed)),
    };
    Metered {
        inner,
        is_compressed: matches!(format, Format::TarGz | Format::TarXz),
        meter: meter.clone(),
    }
}

/// What extensions say of the next member.
#[derive(Default)]
struct Extension {
    path: Option<Vec<u8>>,
    link: Option<Vec<u8>>,
    size: Option<u64>,
}

struct Reading {
    wanted: Wanted,
    max_file_size: u64,
    n_kept: u64,
    next: Extension,
}

fn invalid(message: &str) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, message)
}

impl Reading {
    fn all<'a, R: Read + 'a>(
        &mut self,
        entries: impl Iterator<Item = io::Result<Entry<'a, R>>>,
        builder: &mut Builder<'_>,
    ) -> io::Result<()> {
        for entry in entries {
            let mut entry = entry?;
            let kind = entry.header().entry_type();
            if self.is_extension(kind, &mut entry)? {
                continue;
            }
            let said = std::mem::take(&mut self.next);
            if said.size.is_some_and(|size| size != entry.size()) {
                return Err(invalid("it says two sizes of one member"));
            }
            let name = said.path.unwrap_or_else(|| entry.path_bytes().into_owned());
            let link = said.link;
            let Some(path) = builder.path(&name) else {
                continue;
            };
            if !builder.has_room() {
                return Ok(());
            }
            let is_folder = kind == EntryType::Directory || name.ends_with(b"/");
            match kind {
                _ if is_folder => builder.add(&path, Node::Folder),
                EntryType::Regular | EntryType::Continuous => {
                    self.file(&path, &mut entry, builder)?;
                }
                EntryType::Symlink | EntryType::Link => {
                    let link = link.or_else(|| Some(entry.link_name_bytes()?.into_owned()));
                    let link = String::from_utf8(link.unwrap_or_default()).unwrap_or_default();
                    add_link(kind, &path, &link, builder);
                }
                EntryType::GNUSparse => {
                    let detail = "it is stored with holes";
                    builder.remarks.add(Wrong::Method, &path, &detail);
                }
                // Devices and the like hold nothing to read.
                _ => {}
            }
        }
        Ok(())
    }

    /// Notes what is said of the next member; false where this is a member itself.
    fn is_extension<R: Read>(
        &mut self,
        kind: EntryType,
        entry: &mut Entry<'_, R>,
    ) -> io::Result<bool> {
        match kind {
            EntryType::GNULongName => self.next.path = Some(text(entry)?),
            EntryType::GNULongLink => self.next.link = Some(text(entry)?),
            EntryType::XHeader => {
                let said = small(entry)?;
                for extension in PaxExtensions::new(&said) {
                    let extension = extension?;
                    let value = extension.value_bytes();
                    match extension.key_bytes() {
                        b"path" => self.next.path = Some(value.to_vec()),
                        b"linkpath" => self.next.link = Some(value.to_vec()),
                        b"size" => {
                            let size = extension.value().ok().and_then(|value| value.parse().ok());
                            self.next.size = Some(size.unwrap_or(u64::MAX));
                        }
                        _ => {}
                    }
                }
            }
            EntryType::XGlobalHeader => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    fn file<R: Read>(
        &mut self,
        path: &str,
        entry: &mut Entry<'_, R>,
        builder: &mut Builder<'_>,
    ) -> io::Result<()> {
        if !self.wanted.has(path) {
            builder.add(path, Node::File(Member::Unwanted));
            return Ok(());
        }
        let size = entry.size();
        // An archive in an archive is opened as a whole; other files have a limit of their own.
        let limit = match Format::of(path) {
            Some(_) => builder.limits.kept,
            None => self.max_file_size,
        };
        if size > limit {
            let mentions = mention::stream_mentions_stripe(entry)?;
            builder.add(path, Node::File(Member::TooLarge { mentions }));
            return Ok(());
        }
        if self.n_kept + size > builder.limits.kept {
            let limit = builder.limits.kept;
            builder.remarks.add(Wrong::NotKept, path, &limit);
            return Ok(());
        }
        self.n_kept += size;
        let mut bytes = Vec::new();
        entry.read_to_end(&mut bytes)?;
        if bytes.len() as u64 != size {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        builder.add(path, Node::File(Member::Kept(bytes.into())));
        Ok(())
    }
}

fn add_link(kind: EntryType, path: &str, link: &str, builder: &mut Builder<'_>) {
    if kind == EntryType::Symlink {
        builder.add(path, Node::Link(link_target(path, link)));
        return;
    }
    // A hard link is the member that it names, under another name.
    let target = super::names::path(link.as_bytes()).ok();
    match target.and_then(|target| builder.get(&target).cloned()) {
        Some(Node::File(member)) => builder.add(path, Node::File(member)),
        Some(Node::Folder | Node::Link(_)) | None => builder.add(path, Node::Link(None)),
    }
}

/// Reads an extension.
fn small<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Vec<u8>> {
    if entry.size() > LONGEST_EXTENSION {
        return Err(invalid("what it says of a member is too long"));
    }
    let mut bytes = Vec::new();
    entry.read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// Reads an extension that is a name, which may end with a NUL byte.
fn text<R: Read>(entry: &mut Entry<'_, R>) -> io::Result<Vec<u8>> {
    let mut bytes = small(entry)?;
    while bytes.last() == Some(&0) {
        bytes.pop();
    }
    Ok(bytes)
}

/// Counts what goes in and comes out.
#[derive(Clone)]
struct Meter(Rc<Counts>);

struct Counts {
    limits: Limits,
    n_packed: Cell<u64>,
    n_unpacked: Cell<u64>,
    is_at_end: Cell<bool>,
    stopped: Cell<Option<Wrong>>,
}

impl Meter {
    fn new(limits: &Limits) -> Self {
        Self(Rc::new(Counts {
            limits: *limits,
            n_packed: Cell::new(0),
            n_unpacked: Cell::new(0),
            is_at_end: Cell::new(false),
            stopped: Cell::new(None),
        }))
    }
}

/// What is read of the archive itself.
struct Counted<R> {
    inner: R,
    meter: Meter,
}

impl<R: Read> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        let n_packed = &self.meter.0.n_packed;
        n_packed.set(n_packed.get().saturating_add(n_read as u64));
        Ok(n_read)
    }
}

/// What comes out when it is unpacked, up to the limits.
struct Metered<R> {
    inner: R,
    is_compressed: bool,
    meter: Meter,
}

impl<R: Read> Read for Metered<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self.inner.read(buffer)?;
        let counts = &*self.meter.0;
        counts.is_at_end.set(n_read == 0 && !buffer.is_empty());
        let n_unpacked = counts.n_unpacked.get().saturating_add(n_read as u64);
        counts.n_unpacked.set(n_unpacked);
        let is_bomb =
            self.is_compressed && counts.limits.is_bomb(counts.n_packed.get(), n_unpacked);
        let stopped = if is_bomb {
            Some(Wrong::Bomb)
        } else {
            (n_unpacked > counts.limits.unpacked).then_some(Wrong::TooLarge)
        };
        counts.stopped.set(stopped);
        match stopped {
            Some(_) => Err(invalid("it is too large")),
            None => Ok(n_read),
        }
    }
}
