//! Keys as they stand in text: prefix and value, told from what only looks like one.

use model::{key::Mode, source::mask_secrets};

use crate::{
    placeholder::is_placeholder,
    table::{KEY_LENGTH, Kind, PREFIXES, Prefix, WEBHOOK_LENGTH},
};

/// One key in a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Token {
    pub(crate) start: usize,
    pub(crate) end: usize,
    pub(crate) kind: Kind,
    pub(crate) mode: Mode,
    /// Whether it is what people write in place of a key.
    pub(crate) is_placeholder: bool,
}

impl Token {
    /// Reads the key whose prefix begins at `start`; `None` where that is no key.
    pub(crate) fn at(bytes: &[u8], start: usize) -> Option<Self> {
        let rest = bytes.get(start..)?;
        let prefix = prefix_of(rest)?;
        let body_start = start + prefix.text.len();
        let (is_body, (least, most)): (fn(u8) -> bool, _) = match prefix.kind {
            Kind::Secret | Kind::Restricted => (|byte| byte.is_ascii_alphanumeric(), KEY_LENGTH),
            Kind::Webhook => (is_of_webhook, WEBHOOK_LENGTH),
        };
        let body = rest.get(prefix.text.len()..)?;
        let length = body
            .iter()
            .take(most + 1)
            .take_while(|byte| is_body(**byte));
        let length = length.count();
        let after = body.get(length..).unwrap_or_default();
        if length < least || length > most || !may_follow(bytes, start) || goes_on(after) {
            return None;
        }
        let value = body.get(..length)?;
        Some(Self {
            start,
            end: body_start + length,
            kind: prefix.kind,
            mode: prefix.mode,
            is_placeholder: is_cut(after) || is_placeholder(value),
        })
    }

    /// Names the key.
    pub(crate) fn noun(&self) -> &'static str {
        match (self.kind, self.mode) {
            (Kind::Secret, Mode::Live | Mode::Unknown) => "a live secret key",
            (Kind::Secret, Mode::Test) => "a test secret key",
            (Kind::Restricted, Mode::Live | Mode::Unknown) => "a live restricted key",
            (Kind::Restricted, Mode::Test) => "a test restricted key",
            (Kind::Webhook, _) => "the signing secret of a webhook",
        }
    }

    /// Shows the prefix and the last four characters.
    pub(crate) fn masked(&self, bytes: &[u8]) -> String {
        let value = bytes.get(self.start..self.end).unwrap_or_default();
        mask_secrets(&String::from_utf8_lossy(value))
    }
}

fn prefix_of(rest: &[u8]) -> Option<Prefix> {
    let mut all = PREFIXES.into_iter();
    all.find(|prefix| rest.starts_with(prefix.text.as_bytes()))
}

fn is_of_webhook(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=_-".contains(&byte)
}

/// Tells whether a word can begin at `start`: nothing of a word is before it, but for the letter of
/// an escape (`\n`) or a byte in a URL (`%20`).
fn may_follow(bytes: &[u8], start: usize) -> bool {
    let before = bytes
        .get(start.saturating_sub(3)..start)
        .unwrap_or_default();
    match before {
        [.., last] if !last.is_ascii_alphanumeric() && *last != b'_' => true,
        [] | [.., b'\\', b'n' | b'r' | b't'] => true,
        [b'%', a, b] => a.is_ascii_hexdigit() && b.is_ascii_hexdigit(),
        _ => false,
    }
}

/// Tells whether the word goes on behind what could be a key.
fn goes_on(after: &[u8]) -> bool {
    after
        .first()
        .is_some_and(|byte| *byte == b'_' || *byte >= 0x80)
        && !is_cut(after)
}

/// Tells whether somebody left the rest out.
fn is_cut(after: &[u8]) -> bool {
    ["...", "…", "*", "•"]
        .iter()
        .any(|mark| after.starts_with(mark.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = "hQ7vLm2RzX9tKc4WnB8yPd3F";

    fn read(text: &str) -> Option<(usize, usize, bool)> {
        let start = text.find("sk_").or_else(|| text.find("whsec_"))?;
        let token = Token::at(text.as_bytes(), start)?;
        Some((token.start, token.end, token.is_placeholder))
    }

    #[test]
    fn length_and_borders_decide() {
        let key = format!("sk_live_{BODY}");
        assert_eq!(read(&key), Some((0, 32, false)));
        assert_eq!(read(&format!("'{key}'")), Some((1, 33, false)));
        assert_eq!(read(&format!("\\n{key}")), Some((2, 34, false)));
        assert_eq!(read(&format!("Bearer%20{key}")), Some((9, 41, false)));
        assert_eq!(read(&format!("ta{key}")), None);
        assert_eq!(read(&format!("{key}_more")), None);
        assert_eq!(read(&format!("sk_live_{}", &BODY[..9])), None);
        assert_eq!(
            read(&format!("sk_live_{}", &BODY[..10])),
            Some((0, 18, false))
        );
        let long = BODY.repeat(11);
        assert!(read(&format!("sk_live_{}", &long[..247])).is_some());
        assert_eq!(read(&format!("sk_live_{}", &long[..248])), None);
    }

    #[test]
    fn webhook_secrets_have_more_characters() {
        let value = "whsec_hQ7vLm2RzX9t+Kc4/nB8yPd3F=";
        assert_eq!(read(value), Some((0, value.len(), false)));
        assert_eq!(read(&format!("whsec_{}", &BODY[..23])), None);
    }

    #[test]
    fn what_is_cut_off_is_no_key() {
        assert_eq!(read(&format!("sk_live_{BODY}...")), Some((0, 32, true)));
        assert_eq!(read(&format!("sk_live_{BODY}…")), Some((0, 32, true)));
        assert_eq!(read("sk_test_1234567890abcdef"), Some((0, 24, true)));
    }

    #[test]
    fn only_the_end_is_shown() {
        let text = format!("sk_live_{BODY}");
        let token = Token::at(text.as_bytes(), 0).unwrap();
        assert_eq!(token.masked(text.as_bytes()), "sk_live_…Pd3F");
    }
}
