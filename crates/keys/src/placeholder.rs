//! Tells keys from what people write in their place.

use crate::table::{DOCUMENTED, SHORT_WORDS, WORDS};

/// Longest value in which a word of four letters tells anything.
const SHORT: usize = 40;
/// Letters or digits in a row that follow one another.
const RUN: usize = 5;

/// Tells whether `body`, what stands behind the prefix of a key, is no key: an example that Stripe
/// prints, words, a pattern, or too regular to be random.
pub(crate) fn is_placeholder(body: &[u8]) -> bool {
    let lower = body.to_ascii_lowercase();
    let has = |word: &&str| memchr::memmem::find(&lower, word.as_bytes()).is_some();
    DOCUMENTED.iter().any(|known| known.as_bytes() == body)
        || WORDS.iter().any(&has)
        || (body.len() < SHORT && SHORT_WORDS.iter().any(has))
        || is_of_one_kind(body)
        || has_run(body)
        || entropy(body) < least_entropy(body.len())
}

/// Tells whether there are only small letters, only capitals or only digits: words, not random.
fn is_of_one_kind(body: &[u8]) -> bool {
    body.iter().all(u8::is_ascii_lowercase)
        || body.iter().all(u8::is_ascii_uppercase)
        || body.iter().all(u8::is_ascii_digit)
}

/// Finds `abcde`, `54321` and the like.
fn has_run(body: &[u8]) -> bool {
    let is_run = |step: i16| {
        let follows = |pair: &[u8]| i16::from(pair[1]) - i16::from(pair[0]) == step;
        let mut n_steps = 0;
        body.windows(2).any(|pair| {
            n_steps = if follows(pair) { n_steps + 1 } else { 0 };
            n_steps >= RUN - 1
        })
    };
    is_run(1) || is_run(-1)
}

/// Returns the bits that each character tells, were they drawn as often as they occur.
fn entropy(body: &[u8]) -> f64 {
    let mut counts = [0_u16; 256];
    for byte in body {
        let count = &mut counts[usize::from(*byte)];
        *count = count.saturating_add(1);
    }
    let n_all = f64::from(u32::try_from(body.len()).unwrap_or(u32::MAX));
    let bits = |count: &u16| {
        let share = f64::from(*count) / n_all;
        -share * share.log2()
    };
    counts.iter().filter(|count| **count > 0).map(bits).sum()
}

/// Returns what a random value of this length has at least, all but surely.
fn least_entropy(length: usize) -> f64 {
    match length {
        0..16 => 2.5,
        16..60 => 3.2,
        _ => 4.0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn random_values_are_keys() {
        for body in [
            "hQ7vLm2RzX9tKc4WnB8yPd3F",
            "q8Zr3Lk0Vt",
            "51MvQ2xKd8RtYw7LzPn4HcBj9GfTs6VaXe3UoWi5NbZrDkQ8mEyJhCpFgLtSvAuRx2O7I1w4K9d6M3B0zPqTnYlHc",
        ] {
            assert!(!is_placeholder(body.as_bytes()), "{body}");
        }
    }

    #[test]
    fn what_people_write_instead_is_not() {
        for body in [
            "xxxxxxxxxxxxxxxxxxxxxxxx",
            "1234567890abcdefghijklmn",
            "aaaaaaaaaaaaaaaaaaaaaaaa",
            "abcabcabcabcabcabcabcabc",
            "YourSecretKeyGoesRight1",
            "REPLACEMEWITHYOURS1",
            "mysupersafevalue",
            "EXAMPLE8fJ2kL9qW",
            "9876543210zyX",
            "4eC39HqLyjWDarjtT1zdp7dc",
            "00000000000000000000000Z",
        ] {
            assert!(is_placeholder(body.as_bytes()), "{body}");
        }
    }
}
