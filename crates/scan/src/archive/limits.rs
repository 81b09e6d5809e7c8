//! How much is read of an archive.

/// How much is read of an archive.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Limits {
    /// Members and folders.
    pub(crate) n_members: usize,
    /// Bytes that the members to be read have when they are unpacked; of a tar, all members.
    pub(crate) unpacked: u64,
    /// Bytes that are held in memory: members of a tar, or an archive in an archive.
    pub(crate) kept: u64,
    /// How many times larger something may get than it is in the archive.
    pub(crate) ratio: u64,
    /// What gets no larger than this is read whatever its ratio.
    pub(crate) small: u64,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            n_members: 200_000,
            unpacked: 1 << 30,
            kept: 256 << 20,
            ratio: 200,
            small: 16 << 20,
        }
    }
}

impl Limits {
    /// Tells whether something of `n_packed` bytes must not get as large as `n_unpacked`.
    pub(super) const fn is_bomb(&self, n_packed: u64, n_unpacked: u64) -> bool {
        n_unpacked > self.small && n_unpacked / self.ratio > n_packed
    }
}
