//! Numbers that look random and are the same in every run.

/// A sequence of numbers (`SplitMix64`).
pub(crate) struct Random(u64);

/// How large files of a kind are: in steps of a tenth, from the smallest to the largest.
pub(crate) type Sizes = [usize; 11];

impl Random {
    /// Begins a sequence of its own for each `seed`.
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0xD129_0D3F_4F81_2A3B) ^ 0x5851_F42D_4C95_7F2D)
    }

    /// Returns the next number.
    pub(crate) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    /// Returns a number below `limit`, which is not zero.
    pub(crate) fn below(&mut self, limit: usize) -> usize {
        let limit = u64::try_from(limit.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % limit).unwrap_or(0)
    }

    /// Chooses one of `all`.
    pub(crate) fn of<'a, T>(&mut self, all: &'a [T]) -> Option<&'a T> {
        all.get(self.below(all.len()))
    }

    /// Draws a size: each tenth of the files lies between two neighbours of `sizes`.
    pub(crate) fn size(&mut self, sizes: &Sizes) -> usize {
        let step = self.below(sizes.len() - 1);
        let (low, high) = (sizes[step], sizes[step + 1]);
        low + self.below(high - low)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_numbers_never_change() {
        let mut random = Random::new(1);
        let first: Vec<u64> = (0..3).map(|_| random.next() % 1000).collect();
        let mut again = Random::new(1);
        assert_eq!(
            first,
            [again.next(), again.next(), again.next()].map(|n| n % 1000)
        );
        assert_ne!(first[0], Random::new(2).next() % 1000);
    }

    #[test]
    fn sizes_lie_between_the_smallest_and_the_largest() {
        let sizes = [1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024];
        let mut random = Random::new(7);
        let drawn: Vec<usize> = (0..1000).map(|_| random.size(&sizes)).collect();
        assert!(drawn.iter().all(|size| (1..1024).contains(size)));
        assert!(drawn.iter().any(|size| *size < 8) && drawn.iter().any(|size| *size > 512));
    }
}
