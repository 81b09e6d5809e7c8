//! What is to be said of an archive: one diagnostic of each kind, however many members it is about.

use std::{collections::BTreeMap, fmt};

use model::diagnostic::{Code, Diagnostic};

use crate::listing::diagnostic;

/// What is wrong with members of an archive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Wrong {
    /// The archive is damaged; how, is said for its first place.
    Damaged,
    /// Names lead out of the archive.
    Outside,
    /// Names are too long or nest too deep.
    TooLong,
    /// Several members have one name.
    Repeated,
    /// Bytes of members lie behind the end of the archive.
    Missing,
    /// Members share bytes.
    Overlapping,
    /// Members are encrypted.
    Encrypted,
    /// Members are packed in a way that is not read.
    Method,
    /// There are too many members.
    TooMany,
    /// Unpacked it is too large.
    TooLarge,
    /// Members get too much larger than they are in the archive.
    Bomb,
    /// There is no memory left for members.
    NotKept,
}

impl Wrong {
    /// Says it in one sentence, `n` members, with what is known of the first.
    fn sentence(self, n: u64, detail: &str) -> String {
        let members = match n {
            1 => "this member was not read".to_owned(),
            n => format!("this member and {} more were not read", n - 1),
        };
        match self {
            Self::Damaged => format!("the archive is damaged: {detail}"),
            Self::Outside => format!("{members}: its name leads out of the archive"),
            Self::TooLong => format!("{members}: its name is too long or nests too deep"),
            Self::Repeated => match n {
                1 => "another member of this name was not read: only the last counts".to_owned(),
                n => format!(
                    "another member of this name, and {} more like it, were not read: only the last \
                     counts",
                    n - 1
                ),
            },
            Self::Missing => format!("{members}: the archive ends before its bytes do"),
            Self::Overlapping => format!("{members}: it shares its bytes with another"),
            Self::Encrypted => format!("{members}: it is encrypted"),
            Self::Method => format!("{members}: {detail}"),
            Self::TooMany => {
                format!("the archive has more than {detail} members; others were not read")
            }
            Self::TooLarge => {
                format!("{members}: unpacked, the archive has more than {detail} bytes")
            }
            Self::Bomb => format!("{members}: unpacked, it is more than {detail} times as large"),
            Self::NotKept => {
                format!("{members}: the archive holds more source than {detail} bytes")
            }
        }
    }
}

/// What is to be said of an archive.
#[derive(Debug, Default)]
pub(super) struct Remarks(BTreeMap<Wrong, (u64, String, String)>);

impl Remarks {
    /// Notes one more member; of the first, what `detail` says.
    pub(super) fn add(&mut self, wrong: Wrong, member: &str, detail: &dyn fmt::Display) {
        let first = || (0, member.to_owned(), detail.to_string());
        self.0.entry(wrong).or_insert_with(first).0 += 1;
    }

    /// Returns them with paths in the archive; an empty path is the archive itself.
    pub(super) fn diagnostics(&self) -> Vec<Diagnostic> {
        let said = self.0.iter();
        said.map(|(wrong, (n, member, detail))| {
            diagnostic(member, Code::UnreadArchive, &wrong.sentence(*n, detail))
        })
        .collect()
    }
}
