//! Tells the English word from the name of the company: `striped` rows, a `pinstripe`.
//!
//! A file that is taken for one without Stripe may lose its calls, one that is taken for one with it
//! only costs time; so only words that cannot be part of a name of the company are English.
//! `stripeData`, `stripeDispute`, `stripedata` and `stripe_d` go on behind the letter that makes
//! `striped` of `stripe`, or write it otherwise, and are names.

/// Letters of the word.
const LENGTH: usize = 6;

/// Bytes around a word that tell what it is.
pub(crate) const CONTEXT: usize = 4;

/// Tells whether the word at `at`, known to be `stripe` in some case, is English and nothing else.
///
/// The ends of `bytes` count as the ends of words.
pub(crate) fn is_english(bytes: &[u8], at: usize) -> bool {
    let end = at + LENGTH;
    let after = |n: usize| bytes.get(end + n).copied().unwrap_or(b' ');
    let before = |n: usize| match at.checked_sub(n) {
        Some(at) => bytes.get(at).copied().unwrap_or(b' '),
        None => b' ',
    };
    let word = bytes.get(at..end).unwrap_or_default();
    let is_lower = word.iter().all(u8::is_ascii_lowercase);
    let is_upper = word.iter().all(u8::is_ascii_uppercase);
    match after(0) {
        // The company has no past participle.
        b'd' => !is_upper && word.ends_with(b"e") && is_word_end(after(1)),
        b'D' => is_upper && is_word_end(after(1)),
        b'y' => is_lower && is_word_end(after(1)),
        // Several clients may well be called `$stripes`; as a word between blanks it is a pattern.
        b's' => is_lower && is_text_end(after(1)) && (is_text_end(before(1)) || is_pin(before)),
        next => is_lower && is_text_end(next) && is_pin(before),
    }
}

/// Tells whether no letter goes on here; letters beyond ASCII do.
const fn is_word_end(byte: u8) -> bool {
    byte.is_ascii() && !byte.is_ascii_alphabetic()
}

/// Tells whether a byte parts words in text and lists of classes, rather than names in code.
const fn is_text_end(byte: u8) -> bool {
    matches!(byte, b' ' | b'\n' | b'\r' | b'\t' | b'"' | b'\'' | b'-')
}

/// Tells whether `pin` stands directly before.
fn is_pin(before: impl Fn(usize) -> u8) -> bool {
    [before(3), before(2), before(1)] == *b"pin" && is_text_end(before(4))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all_are_english(text: &str) -> bool {
        let lower = text.to_ascii_lowercase();
        let mut places = lower.match_indices("stripe");
        places.all(|(at, _)| is_english(text.as_bytes(), at))
    }

    #[test]
    fn inflected_words_are_english() {
        for text in [
            "<table class=\"wp-list-table widefat fixed striped\">",
            "table-striped",
            "progress-bar-striped active",
            "striped",
            "Striped rows",
            "STRIPED",
            "$striped_rows = true;",
            "td.striped{",
            "is-style-stripes'",
            "with stripes ",
            "stripey",
            "a pinstripe suit",
            "pinstripes",
            "pinstriped",
        ] {
            assert!(all_are_english(text), "{text}");
        }
    }

    #[test]
    fn what_may_name_the_company_is_no_english() {
        for text in [
            "stripe",
            "Stripe",
            "STRIPE_KEY",
            "stripe_d",
            "stripe-d",
            "Stripe\\Customer",
            "stripeAccount",
            "stripeData",
            "stripeDispute",
            "stripeD",
            "StripeDonation",
            "StripeD",
            "STRIPEd",
            "stripedata",
            "stripedonation",
            "STRIPEDATA",
            "stripedAmount",
            "striped\u{e9}j\u{e0}",
            "wc_stripe",
            "wpStripe",
            "mystripe",
            "stripes_api",
            "Stripes",
            "$stripes as $one",
            "stripes.forEach(",
            "->stripes ",
            "lib/stripes/init.php",
            "stripeSource",
            "stripesource",
            "stripeYear",
            "PinStripe",
            "pin_stripe",
            "pinstripe(",
            "spinstripe ",
            "row-stripe",
        ] {
            assert!(!all_are_english(text), "{text}");
        }
    }

    #[test]
    fn a_name_is_no_more_english_alone_than_in_code() {
        for name in ["striped_rows", "stripes", "stripe", "StripeD", "pinstripe"] {
            for code in [format!("{name}("), format!(" {name} "), format!("${name};")] {
                assert!(all_are_english(name) || !all_are_english(&code), "{code}");
            }
        }
    }
}
