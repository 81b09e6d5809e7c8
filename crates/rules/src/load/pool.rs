//! Keeps one copy of each text that is met again and again.

use std::{
    collections::HashMap,
    hash::{BuildHasherDefault, Hasher},
};

use model::{Name, permission::PermissionId};

use crate::rule::Answer;

/// The texts of one section, each kept once.
#[derive(Default)]
pub(crate) struct Pool<'t> {
    names: HashMap<&'t str, Name, BuildHasherDefault<QuickHasher>>,
}

impl<'t> Pool<'t> {
    /// Returns the shared copy of a text.
    pub(crate) fn name(&mut self, text: &'t str) -> Name {
        self.names
            .entry(text)
            .or_insert_with(|| text.into())
            .clone()
    }

    pub(crate) fn name_unless_empty(&mut self, text: &'t str) -> Option<Name> {
        (!text.is_empty()).then(|| self.name(text))
    }

    pub(crate) fn names(&mut self, text: &'t str, separator: char) -> Vec<Name> {
        text.split(separator)
            .filter(|part| !part.is_empty())
            .map(|part| self.name(part))
            .collect()
    }

    /// Reads the id of a permission.
    pub(crate) fn permission(&mut self, text: &'t str) -> Option<PermissionId> {
        let (base, access) = PermissionId::split(text)?;
        let base = self.name(base);
        Some(PermissionId { base, access })
    }

    /// Reads what [`Answer`] writes.
    pub(crate) fn answer(&mut self, text: &'t str) -> Option<Answer> {
        Some(match text {
            "none" => Answer::Nothing,
            "unknown" => Answer::Unknown,
            ids => {
                let ids = ids.split('|').map(|id| self.permission(id));
                Answer::Needs(ids.collect::<Option<_>>()?)
            }
        })
    }
}

/// Hashes eight bytes at a time: the texts are our own, so nobody can make them collide.
#[derive(Default)]
struct QuickHasher(u64);

impl Hasher for QuickHasher {
    fn write(&mut self, bytes: &[u8]) {
        for chunk in bytes.chunks(8) {
            let mut word = [0; 8];
            word[..chunk.len()].copy_from_slice(chunk);
            self.0 = (self.0.rotate_left(5) ^ u64::from_le_bytes(word))
                .wrapping_mul(0x517c_c1b7_2722_0a95);
        }
    }

    fn finish(&self) -> u64 {
        self.0
    }
}
