//! A fast hash for keys that are compared all the time.
//!
//! Values are equal if their digests are, so every bit of the key must reach every bit of the result: each
//! word is multiplied to 128 bits, and both halves are folded together.

use std::{
    collections::{HashMap as AnyMap, HashSet as AnySet},
    hash::{BuildHasherDefault, Hasher},
};

/// A map with the fast hash.
pub(crate) type HashMap<K, V> = AnyMap<K, V, BuildHasherDefault<Folding>>;
/// A set with the fast hash.
pub(crate) type HashSet<K> = AnySet<K, BuildHasherDefault<Folding>>;

/// Odd numbers without a pattern: digits of pi.
const FIRST: u64 = 0x243f_6a88_85a3_08d3;
const SECOND: u64 = 0x1319_8a2e_0370_7345;
const LAST: u64 = 0xa409_3822_299f_31d1;

/// Hashes word by word; the same in every run of the program.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Folding {
    state: u64,
}

impl Default for Folding {
    fn default() -> Self {
        Self { state: FIRST }
    }
}

#[inline]
#[expect(clippy::cast_possible_truncation, reason = "both halves are taken")]
fn folded(a: u64, b: u64) -> u64 {
    let product = u128::from(a) * u128::from(b);
    (product as u64) ^ ((product >> 64) as u64)
}

impl Hasher for Folding {
    #[inline]
    fn finish(&self) -> u64 {
        folded(self.state ^ SECOND, LAST)
    }

    #[inline]
    fn write(&mut self, bytes: &[u8]) {
        let mut rest = bytes;
        while let Some((word, behind)) = rest.split_first_chunk::<8>() {
            self.write_u64(u64::from_le_bytes(*word));
            rest = behind;
        }
        let last = rest
            .iter()
            .fold(0, |last, byte| last << 8 | u64::from(*byte));
        // The length tells `a` from `a\0`.
        self.write_u64(last ^ ((bytes.len() as u64) << 56));
    }

    #[inline]
    fn write_u8(&mut self, number: u8) {
        self.write_u64(number.into());
    }

    #[inline]
    fn write_u32(&mut self, number: u32) {
        self.write_u64(number.into());
    }

    #[inline]
    fn write_u64(&mut self, number: u64) {
        self.state = folded(self.state.rotate_left(23) ^ number, SECOND).wrapping_add(LAST);
    }

    #[inline]
    fn write_usize(&mut self, number: usize) {
        self.write_u64(number as u64);
    }
}

#[cfg(test)]
mod tests {
    use std::hash::Hash;

    use super::*;

    fn hash(content: impl Hash) -> u64 {
        let mut hasher = Folding::default();
        content.hash(&mut hasher);
        hasher.finish()
    }

    #[test]
    fn what_differs_a_little_is_told_apart() {
        let all: AnySet<u64> = (0..100_000_u64).map(hash).collect();
        assert_eq!(all.len(), 100_000);
        assert_ne!(hash("a"), hash("a\0"));
        assert_ne!(hash(("ab", "c")), hash(("a", "bc")));
        assert_ne!(hash("customers"), hash("customer"));
    }

    #[test]
    fn sums_of_hashes_do_not_cancel_out() {
        let pair = |a: u32, b: u32| hash(a).wrapping_add(hash(b));
        let pairs = (0..300).flat_map(|a| (a + 1..300).map(move |b| pair(a, b)));
        let all: AnySet<u64> = pairs.collect();
        assert_eq!(all.len(), 300 * 299 / 2);
    }
}
