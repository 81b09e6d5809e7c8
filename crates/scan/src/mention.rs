//! Searches bytes for what leads to Stripe, before anything is parsed.

use std::{io::Read, ops::Range, sync::LazyLock};

use aho_corasick::packed;
use memchr::{memchr2_iter, memmem};

use crate::english;

/// The word that is searched for.
const WORD: &[u8] = b"stripe";
/// The part of it that is searched for first, because it is the rarest in source code.
const RARE: &[u8; 3] = b"ipe";
/// Where in the word that part begins.
const RARE_AT: usize = 3;

/// Finds the rare part in any case; `None` on processors that cannot search for several texts at once.
static RARE_SEARCH: LazyLock<Option<packed::Searcher>> = LazyLock::new(|| {
    let spellings = (0..8_u8).map(|upper| {
        let mut spelling = *RARE;
        for (at, byte) in spelling.iter_mut().enumerate() {
            if upper >> at & 1 == 1 {
                byte.make_ascii_uppercase();
            }
        }
        spelling
    });
    packed::Searcher::new(spellings)
});

/// Tells whether `bytes` hold the word, in any case, and not only as `striped` rows and the like.
pub(crate) fn mentions_stripe(bytes: &[u8]) -> bool {
    mentions_within(bytes, 0..bytes.len())
}

/// Tells whether `bytes` hold the word in a part of them; what is around that part tells what it means.
fn mentions_within(bytes: &[u8], part: Range<usize>) -> bool {
    let is_word = |start: Option<usize>| {
        start.is_some_and(|start| {
            let word = bytes.get(start..start + WORD.len());
            word.is_some_and(|word| word.eq_ignore_ascii_case(WORD))
                && part.start <= start
                && start + WORD.len() <= part.end
                && !english::is_english(bytes, start)
        })
    };
    match &*RARE_SEARCH {
        Some(search) => search
            .find_iter(bytes)
            .any(|found| is_word(found.start().checked_sub(RARE_AT))),
        // The `p` is rarer than the letters before it.
        None => memchr2_iter(b'p', b'P', bytes).any(|at| is_word(at.checked_sub(4))),
    }
}

/// How much of a large file is held at a time.
const CHUNK: usize = 1 << 20;
/// Bytes of one chunk that are seen again with the next: a word and what tells its meaning.
const OVERLAP: usize = english::CONTEXT + WORD.len() + english::CONTEXT;

/// Tells whether what `reader` gives holds the word, without holding all of it.
pub(crate) fn stream_mentions_stripe(mut reader: impl Read) -> std::io::Result<bool> {
    let mut buffer = vec![0; CHUNK + OVERLAP];
    let mut n_kept = 0;
    // What lies before was judged with the chunk before, what is too near the end is with the next.
    let mut judged = 0;
    loop {
        let n_read = reader.read(&mut buffer[n_kept..])?;
        if n_read == 0 {
            return Ok(mentions_within(&buffer[..n_kept], judged..n_kept));
        }
        let end = n_kept + n_read;
        let part = judged..end.saturating_sub(english::CONTEXT);
        if mentions_within(&buffer[..end], part) {
            return Ok(true);
        }
        let keep_from = end.saturating_sub(OVERLAP);
        buffer.copy_within(keep_from..end, 0);
        n_kept = end - keep_from;
        if keep_from > 0 {
            judged = english::CONTEXT;
        }
    }
}

/// Tells whether `bytes` name the host of Stripe's API.
pub(crate) fn names_api_host(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"api.stripe.com").is_some()
}

/// Tells whether `bytes` hold the word that addresses a comment to rakscan.
pub(crate) fn addresses_rakscan(bytes: &[u8]) -> bool {
    memmem::find(bytes, b"rakscan:").is_some()
}

/// Tells whether a script imports or requires the npm package `stripe`.
pub(crate) fn imports_package(bytes: &[u8]) -> bool {
    memmem::find_iter(bytes, b"stripe").any(|at| is_package_import(bytes, at))
}

/// Tells whether the word at `at` is the module name of an import.
fn is_package_import(bytes: &[u8], at: usize) -> bool {
    let after = bytes.get(at + b"stripe".len()).copied().unwrap_or(0);
    if !matches!(after, b'\'' | b'"' | b'`' | b'/' | b'@') {
        return false;
    }
    let head = &bytes[at.saturating_sub(60)..at];
    let Some(quote) = head
        .iter()
        .rposition(|byte| matches!(byte, b'\'' | b'"' | b'`'))
    else {
        return false;
    };
    let scheme = &head[quote + 1..];
    let known_scheme = matches!(scheme, b"" | b"npm:")
        || (scheme.starts_with(b"https://") && scheme.ends_with(b"/"));
    let before = head[..quote].trim_ascii_end();
    let before = before.strip_suffix(b"(").unwrap_or(before).trim_ascii_end();
    known_scheme
        && [&b"from"[..], b"require", b"import"]
            .iter()
            .any(|word| before.ends_with(word))
}

/// Text that only code which itself talks to Stripe has; the others merely list it as a name.
const EVIDENCE: [&[u8]; 9] = [
    b"api.stripe.com",
    b"\\Stripe",
    b"Stripe\\",
    b"Stripe::",
    b"StripeClient",
    b"import stripe",
    b"from stripe",
    b"Stripe_",
    b"new Stripe",
];

/// Tells whether `bytes` look like code that talks to Stripe, rather than only naming it.
pub(crate) fn is_evidence(bytes: &[u8], sdk_prefixes: &[String]) -> bool {
    evident_places(bytes).next().is_some()
        || holds_one(bytes, sdk_prefixes)
        || imports_package(bytes)
}

/// Finds where `bytes` hold Stripe's name as code does that talks to Stripe.
pub(crate) fn evident_places(bytes: &[u8]) -> impl Iterator<Item = usize> {
    EVIDENCE.iter().flat_map(move |needle| {
        let of_name = memmem::find(needle, b"tripe").unwrap_or_default();
        memmem::find_iter(bytes, needle).map(move |at| at + of_name)
    })
}

/// Tells whether one of `names` stands in `bytes`.
pub(crate) fn holds_one(bytes: &[u8], names: &[String]) -> bool {
    let mut names = names.iter();
    names.any(|name| memmem::find(bytes, name.as_bytes()).is_some())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_word_counts_in_any_case_and_place() {
        assert!(mentions_stripe(b"STRIPE"));
        assert!(mentions_stripe(b"x my_sTrIpE_x"));
        assert!(mentions_stripe(b"recipe by STRIPe"));
        assert!(!mentions_stripe(b"strip the tripe"));
        assert!(!mentions_stripe(b"ipe"));
        assert!(!mentions_stripe(b"pe"));
        assert!(!mentions_stripe(b"<tr class='striped'>"));
        assert!(mentions_stripe(b"<tr class='striped'> by Stripe"));
    }

    #[test]
    fn a_stream_finds_the_word_across_chunks() {
        let mut bytes = vec![b'p'; CHUNK + OVERLAP - 3];
        bytes.extend_from_slice(b"Stripe");
        assert!(stream_mentions_stripe(bytes.as_slice()).unwrap());
        assert!(!stream_mentions_stripe(&bytes[..CHUNK]).unwrap());
    }

    #[test]
    fn a_stream_knows_words_by_what_is_around_them() {
        for at in CHUNK - 20..=CHUNK + OVERLAP + 4 {
            for (word, is_name) in [
                ("$stripes ", true),
                (" stripedata", true),
                (" stripes ", false),
                (" striped-", false),
                (" pinstripe ", false),
            ] {
                let mut bytes = vec![b'x'; CHUNK + 99];
                bytes[at..at + word.len()].copy_from_slice(word.as_bytes());
                let found = stream_mentions_stripe(bytes.as_slice()).unwrap();
                assert_eq!(found, is_name, "{word} at {at}");
            }
        }
    }

    #[test]
    fn imports_are_told_from_other_strings() {
        for code in [
            "import Stripe from 'stripe'",
            "const s = require( \"stripe\" )(key)",
            "await import('stripe/esm/x')",
            "import Stripe from \"npm:stripe@12\"",
            "import Stripe from 'https://esm.sh/stripe@14'",
        ] {
            assert!(imports_package(code.as_bytes()), "{code}");
        }
        for code in [
            "gateway === 'stripe'",
            "import x from '@stripe/stripe-js'",
            "from './stripe'",
        ] {
            assert!(!imports_package(code.as_bytes()), "{code}");
        }
    }
}
