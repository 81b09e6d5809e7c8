//! Reads single cells of the compiled table, quickly.

use model::{api::HttpPlace, unit::Version};

use crate::http::place;

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

/// Reads places parted by blanks.
pub(super) fn places(text: &str) -> Option<Vec<HttpPlace>> {
    text.split(' ')
        .filter(|part| !part.is_empty())
        .map(place)
        .collect()
}
