//! Archives for tests, honest and hostile ones.

use std::io::Write;

use flate2::{
    Compression,
    write::{DeflateEncoder, GzEncoder},
};
use rawzip::{CompressionMethod, DataDescriptorOutput, ZipArchiveWriter, path::EntryPath};

/// A member of a zip that is to be written.
#[derive(Clone, Debug)]
pub(crate) struct Member {
    /// Its name, byte for byte.
    pub(crate) name: Vec<u8>,
    /// What it holds.
    pub(crate) bytes: Vec<u8>,
    /// The size that the archive says it has; `None` for the true one.
    pub(crate) said: Option<u64>,
    /// Permissions and kind, as Unix writes them.
    pub(crate) mode: u32,
    /// Whether it is said to be encrypted.
    pub(crate) is_encrypted: bool,
    /// How it is said to be packed.
    pub(crate) method: CompressionMethod,
}

/// Makes an honest member.
pub(crate) fn member(name: impl AsRef<[u8]>, bytes: impl AsRef<[u8]>) -> Member {
    Member {
        name: name.as_ref().to_vec(),
        bytes: bytes.as_ref().to_vec(),
        said: None,
        mode: 0o100_644,
        is_encrypted: false,
        method: CompressionMethod::DEFLATE,
    }
}

/// Writes a zip.
pub(crate) fn zip_of(members: &[Member]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut archive = ZipArchiveWriter::new(&mut out);
    for member in members {
        let path = EntryPath::verbatim(member.name.clone());
        if member.name.ends_with(b"/") {
            archive.new_dir(path).create().expect("a folder");
            continue;
        }
        let (mut entry, _) = archive
            .new_file(path)
            .compression_method(member.method)
            .unix_permissions(member.mode)
            .encrypted(member.is_encrypted)
            .start()
            .expect("a member");
        if member.method == CompressionMethod::DEFLATE {
            let mut encoder = DeflateEncoder::new(&mut entry, Compression::default());
            encoder.write_all(&member.bytes).expect("bytes");
            encoder.finish().expect("an end");
        } else {
            entry.write_all(&member.bytes).expect("bytes");
        }
        let size = member.said.unwrap_or(member.bytes.len() as u64);
        let said = DataDescriptorOutput::new(rawzip::crc32(&member.bytes), size);
        entry.finish(said).expect("an end");
    }
    archive.finish().expect("a directory");
    out
}

/// Writes a zip of honest members.
pub(crate) fn zip<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Vec<u8> {
    let members: Vec<Member> = files
        .iter()
        .map(|(name, bytes)| member(name, bytes))
        .collect();
    zip_of(&members)
}

/// Writes a tar.
#[allow(dead_code, reason = "not every test writes one")]
pub(crate) fn tar<T: AsRef<[u8]>>(files: &[(&str, T)]) -> Vec<u8> {
    let mut archive = tar::Builder::new(Vec::new());
    for (name, bytes) in files {
        let bytes = bytes.as_ref();
        let mut header = tar::Header::new_gnu();
        header.set_size(bytes.len() as u64);
        header.set_mode(0o644);
        archive
            .append_data(&mut header, name, bytes)
            .expect("a member");
    }
    archive.into_inner().expect("an end")
}

/// Compresses with gzip.
#[allow(dead_code, reason = "not every test compresses")]
pub(crate) fn gz(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(bytes).expect("bytes");
    encoder.finish().expect("an end")
}

/// Compresses with xz.
#[allow(dead_code, reason = "not every test compresses")]
pub(crate) fn xz(bytes: &[u8]) -> Vec<u8> {
    let options = lzma_rust2::XzOptions::with_preset(1);
    let mut encoder = lzma_rust2::XzWriter::new(Vec::new(), options).expect("an encoder");
    encoder.write_all(bytes).expect("bytes");
    encoder.finish().expect("an end")
}
