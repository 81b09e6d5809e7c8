//! Fingerprints by which code scanning knows a result again after the code around it has changed.

use std::collections::BTreeMap;

use super::log::PartialFingerprints;

/// Counts what looks the same, so that two such results stay two.
#[derive(Default)]
pub(super) struct Fingerprints {
    seen: BTreeMap<u64, u32>,
}

impl Fingerprints {
    /// Returns the fingerprint of the next result of `rule` on a line with this text.
    ///
    /// Where the line stands is no part of it, nor how it is indented.
    pub(super) fn of(&mut self, rule: &str, path: &str, line: &str) -> PartialFingerprints {
        let line: Vec<&str> = line.split_whitespace().collect();
        let hash = hash(&[rule, path, &line.join(" ")]);
        let ordinal = self.seen.entry(hash).or_default();
        *ordinal += 1;
        PartialFingerprints {
            primary_location_line_hash: format!("{hash:016x}:{ordinal}"),
        }
    }
}

/// FNV-1a: the same on every machine and in every release, which the standard library does not promise.
fn hash(parts: &[&str]) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for part in parts {
        // A byte that no text has keeps `a`, `bc` and `ab`, `c` apart.
        for byte in part.bytes().chain([0xff]) {
            hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
    }
    hash
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(fingerprints: &mut Fingerprints, rule: &str, path: &str, line: &str) -> String {
        fingerprints.of(rule, path, line).primary_location_line_hash
    }

    #[test]
    fn indentation_does_not_count_and_repetition_does() {
        let all = &mut Fingerprints::default();
        let first = of(all, "r", "a.php", "$x->all( 1 );");
        let second = of(all, "r", "a.php", "\t$x->all(  1 );");
        assert_eq!(first.strip_suffix(":1"), second.strip_suffix(":2"));
        assert!(first.ends_with(":1"));
    }

    #[test]
    fn rule_path_and_line_each_count() {
        let all = &mut Fingerprints::default();
        let many = [
            ("r", "a", "x"),
            ("s", "a", "x"),
            ("r", "b", "x"),
            ("r", "a", "y"),
            ("ra", "", "x"),
        ];
        let hashes: std::collections::BTreeSet<String> = many
            .iter()
            .map(|(rule, path, line)| of(all, rule, path, line))
            .collect();
        assert_eq!(hashes.len(), many.len());
    }

    #[test]
    fn the_hash_is_the_published_one() {
        // FNV-1a of "a" with the byte that ends a part.
        let expected = (0xaf63_dc4c_8601_ec8c_u64 ^ 0xff).wrapping_mul(0x0100_0000_01b3);
        assert_eq!(hash(&["a"]), expected);
    }
}
