//! Where the bytes of an archive are: in a file, or in memory.

use std::{
    fs::File,
    io::{self, Cursor, Read},
};

use rawzip::{FileReader, ReaderAt};

/// Where the bytes of an archive are.
pub(super) enum Source {
    /// In a file.
    Disk(FileReader, u64),
    /// In memory: an archive in an archive.
    Memory(Vec<u8>),
}

impl Source {
    pub(super) fn of_file(file: File) -> io::Result<Self> {
        let len = file.metadata()?.len();
        Ok(Self::Disk(file.into(), len))
    }

    pub(super) fn len(&self) -> u64 {
        match self {
            Self::Disk(_, len) => *len,
            Self::Memory(bytes) => bytes.len() as u64,
        }
    }

    /// Reads it from its beginning.
    pub(super) fn into_reader(self) -> Box<dyn Read> {
        match self {
            Self::Disk(file, _) => Box::new(file.into_inner()),
            Self::Memory(bytes) => Box::new(Cursor::new(bytes)),
        }
    }
}

impl ReaderAt for Source {
    fn read_at(&self, buffer: &mut [u8], offset: u64) -> io::Result<usize> {
        match self {
            Self::Disk(file, _) => file.read_at(buffer, offset),
            Self::Memory(bytes) => bytes.read_at(buffer, offset),
        }
    }
}
