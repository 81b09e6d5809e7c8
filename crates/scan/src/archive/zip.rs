//! Zip: lists members by the directory at the end, and inflates one where somebody reads it.
//!
//! The directory is what counts, as for the programs that unpack plugins; what stands before a member
//! only says where its bytes begin.

use std::{
    collections::BTreeSet,
    io::{self, Read},
};

use flate2::{Decompress, FlushDecompress, Status, read::DeflateDecoder};
use rawzip::{
    CompressionMethod, ErrorKind, RECOMMENDED_BUFFER_SIZE, ZipArchive, ZipArchiveEntryWayfinder,
    ZipFileHeaderRecord, ZipLocator,
};

use super::{
    Fault, names,
    remarks::Wrong,
    source::Source,
    tree::{Builder, Member, Node},
    wanted::Wanted,
};

/// A zip whose members can be read.
pub(super) struct Zip(ZipArchive<Source>);

/// A member as it lies in the archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Packed {
    way: ZipArchiveEntryWayfinder,
    /// Bytes that it has when it is unpacked, as the archive says; reading gives no other number.
    pub(super) size: u64,
    /// Bytes that it has in the archive, which are there.
    n_deflated: u64,
    crc: u32,
    is_deflated: bool,
}

/// A row of the directory.
struct Row {
    name: Vec<u8>,
    packed: Packed,
    start: u64,
    end: u64,
    is_folder: bool,
    is_link: bool,
    is_encrypted: bool,
    method: CompressionMethod,
}

/// Bytes before a member beside its name: the fixed part of its header.
const HEADER: u64 = 30;
/// How much larger than it is a member may get by being packed, with a wide margin.
const SPARE: u64 = 64 << 10;
/// Longest path that a link may hold.
const LONGEST_LINK: u64 = 4 << 10;

/// Finds the directory of a zip.
pub(super) fn locate(source: Source) -> Result<Zip, Fault> {
    let len = source.len();
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let located = ZipLocator::new().locate_in_reader(source, &mut buffer, len);
    let archive = located.map_err(|(_, error)| {
        Fault(match error.kind() {
            ErrorKind::MissingEndOfCentralDirectory | ErrorKind::Eof => {
                "it is no zip, or its end is missing".to_owned()
            }
            ErrorKind::IO(error) => super::in_words(error),
            _ => format!("its directory is damaged ({error})"),
        })
    })?;
    Ok(Zip(archive))
}

/// Lists the members of a zip.
pub(super) fn list(zip: &Zip, wanted: Wanted, builder: &mut Builder<'_>) {
    let rows = rows(&zip.0, builder);
    let shared = overlapping(&rows);
    let n_bytes = zip.0.get_ref().len();
    for (index, row) in rows.iter().enumerate() {
        let Some(path) = builder.path(&row.name) else {
            continue;
        };
        if !builder.has_room() {
            break;
        }
        if row.is_folder {
            builder.add(&path, Node::Folder);
            continue;
        }
        if !row.is_link && !wanted.has(&path) {
            builder.add(&path, Node::File(Member::Unwanted));
            continue;
        }
        if let Some((wrong, detail)) = row.wrong(shared.contains(&index), n_bytes, builder) {
            builder.remarks.add(wrong, &path, &detail);
            continue;
        }
        let n_unpacked = builder.n_unpacked.saturating_add(row.packed.size);
        if n_unpacked > builder.limits.unpacked {
            let limit = builder.limits.unpacked;
            builder.remarks.add(Wrong::TooLarge, &path, &limit);
            continue;
        }
        builder.n_unpacked = n_unpacked;
        if row.is_link {
            builder.add(&path, Node::Link(zip.link(&path, row.packed)));
        } else if !is_repeated(builder, &path, row.packed) {
            builder.add(&path, Node::File(Member::Packed(row.packed)));
        }
    }
}

/// Tells whether a member of this name with the same contents is there: some programs write it twice.
fn is_repeated(builder: &Builder<'_>, path: &str, packed: Packed) -> bool {
    match builder.get(path) {
        Some(Node::File(Member::Packed(other))) => {
            (other.size, other.crc) == (packed.size, packed.crc)
        }
        _ => false,
    }
}

/// Reads the directory, as far as it can be read.
fn rows(archive: &ZipArchive<Source>, builder: &mut Builder<'_>) -> Vec<Row> {
    let mut rows = Vec::new();
    let mut buffer = vec![0; RECOMMENDED_BUFFER_SIZE];
    let mut entries = archive.entries(&mut buffer);
    loop {
        match entries.next_entry() {
            Ok(Some(_)) if rows.len() >= builder.limits.n_members => {
                let limit = builder.limits.n_members;
                builder.remarks.add(Wrong::TooMany, "", &limit);
                return rows;
            }
            Ok(Some(record)) => rows.push(Row::of(&record)),
            Ok(None) => break,
            Err(_) => {
                let detail = format!("its directory cannot be read beyond {} members", rows.len());
                builder.remarks.add(Wrong::Damaged, "", &detail);
                return rows;
            }
        }
    }
    // Without an extension, the number is written with 16 bits.
    let n_said = archive.entries_hint();
    let n_found = rows.len() as u64;
    if n_found != n_said && n_found % (1 << 16) != n_said {
        let detail = format!("its directory has {n_found} members and says {n_said}");
        builder.remarks.add(Wrong::Damaged, "", &detail);
    }
    rows
}

/// Finds members that lie in the bytes of others: a small file could become a large one that way.
fn overlapping(rows: &[Row]) -> BTreeSet<usize> {
    let mut order: Vec<usize> = (0..rows.len()).collect();
    order.sort_by_key(|index| rows.get(*index).map(|row| (row.start, row.end)));
    let mut shared = BTreeSet::new();
    let mut last: Option<(usize, u64)> = None;
    for index in order {
        let Some(row) = rows.get(index) else {
            continue;
        };
        match last {
            Some((before, end)) if row.start < end => {
                shared.extend([before, index]);
                last = Some(if row.end > end {
                    (index, row.end)
                } else {
                    (before, end)
                });
            }
            Some(_) | None => last = Some((index, row.end)),
        }
    }
    shared
}

impl Row {
    fn of(record: &ZipFileHeaderRecord<'_>) -> Self {
        let path = record.file_path();
        let name = path.as_bytes();
        let n_packed = record.compressed_size_hint();
        let start = record.local_header_offset();
        Self {
            // One byte more than is read shows that the name is too long.
            name: name.get(..=names::LONGEST).unwrap_or(name).to_vec(),
            packed: Packed {
                way: record.wayfinder(),
                size: record.uncompressed_size_hint(),
                n_deflated: n_packed,
                crc: record.crc32(),
                is_deflated: record.compression_method() == CompressionMethod::DEFLATE,
            },
            start,
            end: start
                .saturating_add(HEADER)
                .saturating_add(name.len() as u64)
                .saturating_add(n_packed),
            is_folder: record.is_dir() || name.ends_with(b"\\"),
            is_link: record.mode().is_symlink(),
            is_encrypted: record.flags().is_encrypted(),
            method: record.compression_method(),
        }
    }

    /// Says why the member is not to be read, if it is not.
    fn wrong(
        &self,
        is_shared: bool,
        n_bytes: u64,
        builder: &Builder<'_>,
    ) -> Option<(Wrong, String)> {
        let is_known = self.packed.is_deflated || self.method == CompressionMethod::STORE;
        if self.is_encrypted {
            Some((Wrong::Encrypted, String::new()))
        } else if !is_known {
            let detail = format!("it is packed with method {}", self.method.as_u16());
            Some((Wrong::Method, detail))
        } else if self.end > n_bytes {
            Some((Wrong::Missing, String::new()))
        } else if is_shared {
            Some((Wrong::Overlapping, String::new()))
        } else if builder
            .limits
            .is_bomb(self.packed.n_deflated, self.packed.size)
        {
            Some((Wrong::Bomb, builder.limits.ratio.to_string()))
        } else {
            None
        }
    }
}

impl Zip {
    /// Opens a member; reading fails where it is other than the directory says.
    pub(super) fn open(&self, packed: Packed) -> io::Result<Box<dyn Read + '_>> {
        let entry = self.0.get_entry(packed.way).map_err(|_| damaged())?;
        let left = packed.size;
        Ok(if packed.is_deflated {
            let inflated = DeflateDecoder::new(entry.reader());
            let inner = entry.verifying_reader(inflated);
            Box::new(Exact { inner, left })
        } else {
            let inner = entry.verifying_reader(entry.reader());
            Box::new(Exact { inner, left })
        })
    }

    /// Reads a member, which is no larger than somebody allowed.
    pub(super) fn read(&self, packed: Packed) -> io::Result<Vec<u8>> {
        if packed.is_deflated && packed.n_deflated <= packed.size.saturating_add(SPARE) {
            return self.inflate(packed);
        }
        let mut bytes = Vec::new();
        self.open(packed)?.read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// Inflates a member in one step, which takes less time than a stream.
    fn inflate(&self, packed: Packed) -> io::Result<Vec<u8>> {
        let n_packed = usize::try_from(packed.n_deflated).map_err(|_| damaged())?;
        let size = usize::try_from(packed.size).map_err(|_| damaged())?;
        let entry = self.0.get_entry(packed.way).map_err(|_| damaged())?;
        let mut deflated = vec![0; n_packed];
        entry.reader().read_exact(&mut deflated)?;
        // One byte more shows that there would be more.
        let mut bytes = Vec::with_capacity(size.saturating_add(1));
        let mut state = Decompress::new(false);
        let status = state.decompress_vec(&deflated, &mut bytes, FlushDecompress::Finish);
        if bytes.len() > size {
            return Err(larger());
        }
        let is_whole = matches!(status, Ok(Status::StreamEnd)) && bytes.len() == size;
        if !is_whole || rawzip::crc32(&bytes) != packed.crc {
            return Err(damaged());
        }
        Ok(bytes)
    }

    /// Returns the path in the archive that a link leads to, if it leads there.
    fn link(&self, path: &str, packed: Packed) -> Option<String> {
        if packed.size > LONGEST_LINK {
            return None;
        }
        let target = String::from_utf8(self.read(packed).ok()?).ok()?;
        super::tree::link_target(path, &target)
    }
}

fn damaged() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "its bytes in the archive are damaged",
    )
}

fn larger() -> io::Error {
    io::Error::new(
        io::ErrorKind::InvalidData,
        "it is larger than the archive says",
    )
}

/// Gives as many bytes as the directory says, or fails.
struct Exact<R> {
    inner: R,
    left: u64,
}

impl<R: Read> Read for Exact<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n_read = self
            .inner
            .read(buffer)
            .map_err(|error| match error.kind() {
                io::ErrorKind::UnexpectedEof => error,
                _ => damaged(),
            })?;
        self.left = self.left.checked_sub(n_read as u64).ok_or_else(larger)?;
        Ok(n_read)
    }
}
