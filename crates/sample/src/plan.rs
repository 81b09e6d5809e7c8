//! How large a plugin is, and how its files are spread.
//!
//! Most plugins are small and a few are very large. Every hundred plugins hold the same number of each
//! class, so that trees of all sizes are alike and their times can be compared.

use crate::random::Sizes;

/// How many files of each kind a plugin has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// Its own PHP.
    pub(crate) php: usize,
    /// Scripts.
    pub(crate) scripts: usize,
    /// Scripts that a tool made small.
    pub(crate) minified: usize,
    /// Style sheets.
    pub(crate) styles: usize,
    /// Pictures and drawings.
    pub(crate) pictures: usize,
    /// Translations.
    pub(crate) translations: usize,
    /// PHP in `vendor`.
    pub(crate) dependencies: usize,
    /// PHP that talks to Stripe, if any does.
    pub(crate) stripe: usize,
}

/// What a plugin has to do with Stripe.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Use {
    /// It does not know the word.
    None,
    /// It names it in a text.
    Word,
    /// It sends requests itself.
    Requests,
    /// It has the SDK in `vendor` and uses its classes.
    Sdk,
    /// It has the SDK elsewhere and uses its client.
    Client,
}

/// How many of a hundred plugins do not use Stripe.
const N_OTHERS: usize = 98;

/// How many of these plugins are of each class.
const CLASSES: [(usize, Plan); 5] = [
    (41, plan([4, 1, 0, 1, 2, 1, 0, 1])),
    (33, plan([13, 3, 1, 3, 7, 2, 0, 3])),
    (17, plan([50, 10, 4, 7, 20, 4, 30, 8])),
    (6, plan([210, 40, 12, 20, 50, 8, 180, 25])),
    (1, plan([650, 130, 50, 50, 120, 16, 1200, 60])),
];

const fn plan(counts: [usize; 8]) -> Plan {
    let [
        php,
        scripts,
        minified,
        styles,
        pictures,
        translations,
        dependencies,
        stripe,
    ] = counts;
    Plan {
        php,
        scripts,
        minified,
        styles,
        pictures,
        translations,
        dependencies,
        stripe,
    }
}

/// Which class each of the plugins with Stripe is of, in turn: every thousand plugins hold the same.
const WITH_STRIPE: [usize; 20] = [1, 0, 2, 0, 1, 0, 3, 1, 0, 2, 1, 0, 1, 0, 2, 0, 1, 2, 0, 1];

/// Sizes of files in bytes, as in plugins of the official directory.
pub(crate) const PHP: Sizes = [
    28, 500, 900, 1_300, 2_000, 2_900, 4_200, 6_200, 9_500, 16_700, 70_000,
];
pub(crate) const SCRIPT: Sizes = [
    150, 300, 600, 900, 1_400, 2_000, 3_000, 4_800, 8_000, 18_000, 150_000,
];
pub(crate) const MINIFIED: Sizes = [
    400, 900, 1_500, 2_200, 3_000, 4_500, 7_000, 12_000, 22_000, 45_000, 120_000,
];
pub(crate) const STYLE: Sizes = [
    100, 400, 900, 1_500, 2_400, 3_800, 5_600, 8_500, 14_000, 30_000, 120_000,
];
pub(crate) const PICTURE: Sizes = [
    250, 500, 900, 1_400, 2_000, 3_200, 5_000, 9_000, 17_000, 40_000, 140_000,
];
pub(crate) const TRANSLATION: Sizes = [
    900, 2_500, 5_000, 8_000, 12_000, 18_000, 26_000, 38_000, 55_000, 85_000, 140_000,
];
pub(crate) const README: Sizes = [
    900, 1_800, 2_600, 3_600, 4_800, 6_300, 8_200, 11_000, 15_000, 23_000, 70_000,
];

/// Says what plugin number `index` is made of.
pub(crate) fn plan_of(index: usize) -> Plan {
    if uses_stripe(index) {
        return CLASSES[WITH_STRIPE[index / 50 % WITH_STRIPE.len()]].1;
    }
    let (block, place) = (index / 100, index % 100);
    // Two plugins of the hundred use Stripe and are not counted here.
    let other = place - usize::from(place > 7) - usize::from(place > 57);
    let mut rank = (other * 37 + block * 13 + 5) % N_OTHERS;
    // From three to nine sixths of the usual number, spread evenly over the blocks.
    let scale = 3 + (block * 5 + place * 3) % 7;
    for (n_plugins, plan) in CLASSES {
        if rank < n_plugins {
            return plan.scaled(scale);
        }
        rank -= n_plugins;
    }
    CLASSES[0].1
}

fn uses_stripe(index: usize) -> bool {
    !matches!(use_of(index), Use::None | Use::Word)
}

/// Says what plugin number `index` has to do with Stripe: two in a hundred use it, one names it.
pub(crate) fn use_of(index: usize) -> Use {
    match (index % 50, index / 50 % 3) {
        (7, 0) => Use::Requests,
        (7, 1) => Use::Sdk,
        (7, _) => Use::Client,
        (31, _) if (index / 50).is_multiple_of(2) => Use::Word,
        _ => Use::None,
    }
}

impl Plan {
    fn scaled(self, sixths: usize) -> Self {
        let scale = |n: usize| if n < 2 { n } else { (n * sixths).div_ceil(6) };
        Self {
            php: scale(self.php),
            scripts: scale(self.scripts),
            minified: scale(self.minified),
            styles: scale(self.styles),
            pictures: scale(self.pictures),
            translations: scale(self.translations),
            dependencies: scale(self.dependencies),
            stripe: scale(self.stripe),
        }
    }

    #[cfg(test)]
    fn n_files(self) -> usize {
        self.php
            + self.scripts
            + self.minified
            + self.styles
            + self.pictures
            + self.translations
            + self.dependencies
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn two_in_a_hundred_use_stripe() {
        let uses = |n: usize| (0..n).filter(|index| uses_stripe(*index)).count();
        assert_eq!((uses(100), uses(1_000), uses(10_000)), (2, 20, 200));
        assert_eq!(uses(10), 1, "the smallest tree has one as well");
    }

    #[test]
    fn trees_of_all_sizes_are_alike() {
        let mean = |n: usize| (0..n).map(|index| plan_of(index).n_files()).sum::<usize>() * 10 / n;
        let (some, many) = (mean(1_000), mean(10_000));
        assert!(some.abs_diff(many) * 50 < many, "{some} {many}");
    }

    #[test]
    fn every_thousand_plugins_hold_as_much_code_about_stripe() {
        let n_files = |begin: usize| {
            let with = (begin..begin + 1_000).filter(|index| uses_stripe(*index));
            with.map(|index| plan_of(index).stripe).sum::<usize>()
        };
        assert!((1..10).all(|thousand| n_files(thousand * 1_000) == n_files(0)));
    }
}
