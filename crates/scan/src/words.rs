//! Which words stand in a file, kept for files that may be asked for names again and again.

use std::{
    collections::HashSet,
    hash::{BuildHasherDefault, Hasher},
};

/// Words shorter than this are not kept: no name that is searched for is as short.
const SHORTEST: usize = 3;

/// The words of a text, by their digests.
///
/// Two words can have one digest: that a word is not there is certain, that it is there is not.
#[derive(Clone, Debug, Default)]
pub(crate) struct Words(HashSet<u32, BuildHasherDefault<Plain>>);

/// A name, by the digests of the words in it.
#[derive(Debug)]
pub(crate) struct Sought(Vec<u32>);

/// Takes digests as they are.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Plain(u64);

impl Hasher for Plain {
    fn finish(&self) -> u64 {
        self.0
    }

    fn write(&mut self, bytes: &[u8]) {
        for byte in bytes {
            self.write_u32(u32::from(*byte));
        }
    }

    fn write_u32(&mut self, digest: u32) {
        // Tables look at the highest bits and at the lowest.
        self.0 = u64::from(digest).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    }
}

impl Words {
    pub(crate) fn of(bytes: &[u8]) -> Self {
        let mut words = Self::default();
        each(bytes, &mut |digest| {
            words.0.insert(digest);
        });
        words
    }

    /// Returns how many there are.
    pub(crate) fn len(&self) -> usize {
        self.0.len()
    }

    /// Tells whether a name can stand in the text as a whole word.
    pub(crate) fn may_hold(&self, name: &Sought) -> bool {
        name.0.iter().all(|word| self.0.contains(word))
    }
}

impl Sought {
    pub(crate) fn new(name: &str) -> Self {
        let mut words = Vec::new();
        each(name.as_bytes(), &mut |digest| words.push(digest));
        Self(words)
    }
}

/// Tells whether a byte is one of a word; others end it.
pub(crate) fn is_word_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

/// Calls `on` with the digest of each word in a text.
fn each(bytes: &[u8], on: &mut dyn FnMut(u32)) {
    let mut digest = 0;
    let mut length = 0;
    for byte in bytes {
        if is_word_byte(*byte) {
            digest = (digest ^ u32::from(*byte)).wrapping_mul(0x0100_0193);
            length += 1;
            continue;
        }
        if length >= SHORTEST {
            on(digest);
        }
        digest = 0;
        length = 0;
    }
    if length >= SHORTEST {
        on(digest);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn may_hold(text: &str, name: &str) -> bool {
        Words::of(text.as_bytes()).may_hold(&Sought::new(name))
    }

    #[test]
    fn whole_words_are_held_and_parts_are_not() {
        let text = "$order->refund_all( Acme\\Pay\\Card::class );";
        for name in ["order", "refund_all", "Card", "Pay\\Card", "class"] {
            assert!(may_hold(text, name), "{name}");
        }
        for name in ["refund", "all", "card", "Pay\\Cart", "missing"] {
            assert!(!may_hold(text, name), "{name}");
        }
    }

    #[test]
    fn what_has_no_word_of_its_own_may_be_anywhere() {
        assert!(may_hold("x", "ab"));
        assert!(may_hold("", "größe"));
        assert!(!may_hold("", "größenwahn"));
    }
}
