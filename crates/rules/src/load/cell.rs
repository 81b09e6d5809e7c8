//! Reads single cells of the compiled table, quickly.

use std::hash::Hasher;

use model::{api::HttpPlace, permission::PermissionId, unit::Version};

use crate::{http::place, rule::Answer};

/// The cells of a row; empty ones at its end may be missing.
pub(crate) struct Cells<'t>(pub(crate) &'t str);

impl<'t> Cells<'t> {
    /// Cells are short: looking at each byte beats the library's search.
    pub(crate) fn next(&mut self) -> &'t str {
        let end = self.0.bytes().position(|byte| byte == b'\t');
        let (cell, rest) = match end {
            Some(end) => (&self.0[..end], &self.0[end + 1..]),
            None => (self.0, ""),
        };
        self.0 = rest;
        cell
    }
}

/// Hashes eight bytes at a time: the texts are our own, so nobody can make them collide.
#[derive(Default)]
pub(super) struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}

/// Reads `7.33.0`.
pub(super) fn version(text: &str) -> Option<Version> {
    let mut numbers = [0u16; 3];
    let mut at = 0;
    for byte in text.bytes() {
        match byte {
            b'0'..=b'9' => {
                let number = numbers.get_mut(at)?;
                *number = number
                    .checked_mul(10)?
                    .checked_add(u16::from(byte - b'0'))?;
            }
            b'.' => at += 1,
            _ => return None,
        }
    }
    let [major, minor, patch] = numbers;
    Some(Version {
        major,
        minor,
        patch,
    })
}

/// Reads what [`Answer`] writes.
pub(crate) fn answer(text: &str) -> Option<Answer> {
    Some(match text {
        "none" => Answer::Nothing,
        "unknown" => Answer::Unknown,
        ids => {
            let ids = ids.split('|').map(PermissionId::parse);
            Answer::Needs(ids.collect::<Option<_>>()?)
        }
    })
}

/// Reads places parted by blanks.
pub(super) fn places(text: &str) -> Option<Vec<HttpPlace>> {
    text.split(' ')
        .filter(|part| !part.is_empty())
        .map(place)
        .collect()
}
