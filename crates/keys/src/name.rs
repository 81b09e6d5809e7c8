//! Names of variables: which a key is put into, and which of them browsers see.

use crate::table::BROWSER_NAMES;

/// Longest name that is looked at.
const LONGEST: usize = 120;

/// Returns the end and beginning of the identifier around `at`.
pub(crate) fn around(bytes: &[u8], at: usize) -> (usize, usize) {
    let before = bytes
        .get(at.saturating_sub(LONGEST)..at)
        .unwrap_or_default();
    let n_before = before
        .iter()
        .rev()
        .take_while(|byte| is_part(**byte))
        .count();
    let after = bytes.get(at..).unwrap_or_default();
    let n_after = after
        .iter()
        .take(LONGEST)
        .take_while(|byte| is_part(**byte))
        .count();
    (at - n_before, at + n_after)
}

/// Returns the name that the value beginning at `start` is given, on its line: `NAME=`, `name: `,
/// `define('NAME', `, `$a['name'] = `.
pub(crate) fn assigned(bytes: &[u8], start: usize) -> Option<&str> {
    let before = bytes.get(start.saturating_sub(2 * LONGEST)..start)?;
    let before = before.rsplit(|byte| *byte == b'\n').next()?;
    let before = trimmed(before, b" \t'\"`");
    let (sign, before) = before.split_last()?;
    let before = match sign {
        b'>' => before.strip_suffix(b"=").or(before.strip_suffix(b"-"))?,
        b'=' | b':' | b',' => before,
        _ => return None,
    };
    let before = trimmed(before, b" \t'\"`]:?");
    let n = before
        .iter()
        .rev()
        .take_while(|byte| is_part(**byte))
        .count();
    let name = before.get(before.len() - n..)?;
    std::str::from_utf8(name)
        .ok()
        .filter(|name| !name.is_empty())
}

fn trimmed<'b>(mut bytes: &'b [u8], blanks: &[u8]) -> &'b [u8] {
    while let [rest @ .., last] = bytes
        && blanks.contains(last)
    {
        bytes = rest;
    }
    bytes
}

/// Tells whether front-end frameworks put a variable of this name into browsers.
pub(crate) fn is_exposed(name: &str) -> bool {
    exposed_rest(name).is_some()
}

fn exposed_rest(name: &str) -> Option<&str> {
    BROWSER_NAMES
        .iter()
        .find_map(|prefix| name.strip_prefix(prefix))
}

/// Tells whether browsers see a variable of this name, and it is meant for a secret of Stripe.
pub(crate) fn is_exposed_secret(name: &str) -> bool {
    let Some(rest) = exposed_rest(name) else {
        return false;
    };
    let rest = format!("_{rest}_");
    let has = |word: &str| rest.contains(word);
    let is_secret = ["SECRET", "RESTRICTED", "_SK_", "_RK_"]
        .into_iter()
        .any(has);
    let is_harmless = ["PUBLISHABLE", "PUBLIC", "_PK_", "CLIENT_SECRET"]
        .into_iter()
        .any(has);
    has("STRIPE") && is_secret && !is_harmless
}

fn is_part(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || byte == b'_'
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_values_are_read_in_every_notation() {
        for before in [
            "NAME=",
            "export NAME = \"",
            "NAME: '",
            "define( 'NAME', '",
            "$a['NAME'] = '",
            "'NAME' => '",
            "{\"NAME\":\"",
            "other = 1\nNAME=",
        ] {
            assert_eq!(
                assigned(before.as_bytes(), before.len()),
                Some("NAME"),
                "{before}"
            );
        }
        for before in ["", "f(", "NAME\n", "= "] {
            assert_eq!(assigned(before.as_bytes(), before.len()), None, "{before}");
        }
    }

    #[test]
    fn only_secrets_under_a_prefix_for_browsers_are_exposed() {
        for name in [
            "NEXT_PUBLIC_STRIPE_SECRET_KEY",
            "VITE_STRIPE_SK",
            "REACT_APP_STRIPE_RESTRICTED_KEY",
            "VUE_APP_STRIPE_SECRET",
            "NUXT_ENV_STRIPE_SECRET_KEY",
            "NUXT_PUBLIC_STRIPE_SECRET",
            "GATSBY_STRIPE_SECRET_KEY",
            "EXPO_PUBLIC_STRIPE_SECRET_KEY",
            "NG_APP_STRIPE_SECRET",
            "PUBLIC_STRIPE_SECRET_KEY",
            "VITE_STRIPE_WEBHOOK_SECRET",
        ] {
            assert!(is_exposed_secret(name), "{name}");
        }
        for name in [
            "STRIPE_SECRET_KEY",
            "NEXT_PUBLIC_STRIPE_PUBLISHABLE_KEY",
            "NEXT_PUBLIC_STRIPE_KEY",
            "VITE_STRIPE_PK",
            "VITE_STRIPE_CLIENT_SECRET",
            "NEXT_PUBLIC_AUTH_SECRET",
            "INVITE_STRIPE_SECRET",
            "MY_PUBLIC_STRIPE_SECRET",
        ] {
            assert!(!is_exposed_secret(name), "{name}");
        }
    }
}
