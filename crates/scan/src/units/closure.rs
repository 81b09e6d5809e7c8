//! Which files each unit is resolved with: its own, and those of others that it uses.

use std::collections::BTreeSet;

use super::part::{Part, owner};

/// The files of one unit, by their index among all.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Closure {
    /// Its own.
    pub(crate) own: BTreeSet<usize>,
    /// Those of others that its imports lead to.
    pub(crate) imported: BTreeSet<usize>,
}

impl Closure {
    /// Lists all files, in their order.
    pub(crate) fn files(&self) -> BTreeSet<usize> {
        self.own.union(&self.imported).copied().collect()
    }
}

/// Finds the files of every part; `links` says which file leads to which.
pub(crate) fn closures(parts: &[Part], paths: &[&str], links: &[BTreeSet<usize>]) -> Vec<Closure> {
    let owners: Vec<usize> = paths.iter().map(|path| owner(parts, path)).collect();
    let of_part = |part: usize| {
        let files = owners.iter().enumerate();
        files
            .filter(move |(_, owner)| **owner == part)
            .map(|(file, _)| file)
    };
    (0..parts.len())
        .map(|part| {
            let own: BTreeSet<usize> = of_part(part).collect();
            let next = |file: &usize| links.get(*file).into_iter().flatten().copied();
            let mut imported = reached(own.iter().copied(), next);
            imported.retain(|file| !own.contains(file));
            Closure { own, imported }
        })
        .collect()
}

/// Follows `next` from `start`, which is part of the answer.
pub(crate) fn reached<I: IntoIterator<Item = usize>>(
    start: impl IntoIterator<Item = usize>,
    next: impl Fn(&usize) -> I,
) -> BTreeSet<usize> {
    let mut todo: Vec<usize> = start.into_iter().collect();
    let mut seen: BTreeSet<usize> = todo.iter().copied().collect();
    while let Some(one) = todo.pop() {
        for other in next(&one) {
            if seen.insert(other) {
                todo.push(other);
            }
        }
    }
    seen
}

#[cfg(test)]
mod tests {
    use super::*;
    use model::manifest::{Unit, UnitKind};

    fn part(dir: &str) -> Part {
        let unit = Unit {
            name: dir.into(),
            kind: UnitKind::Package,
            version: None,
            path: None,
        };
        Part {
            dir: dir.into(),
            unit,
        }
    }

    const PATHS: [&str; 6] = [
        "api/a.ts",
        "core/c.ts",
        "pay/p.ts",
        "pay/unused.ts",
        "run.ts",
        "worker/w.ts",
    ];

    /// `a → c → p → c`, `w → p`.
    fn found() -> Vec<Closure> {
        let parts = ["", "api", "core", "pay", "worker"].map(part);
        let links = [
            [1].into(),
            [2].into(),
            [1].into(),
            [].into(),
            [].into(),
            [2].into(),
        ];
        closures(&parts, &PATHS, &links)
    }

    fn set(all: impl IntoIterator<Item = usize>) -> BTreeSet<usize> {
        all.into_iter().collect()
    }

    #[test]
    fn imports_are_followed_through_other_packages_and_in_circles() {
        let found = found();
        assert_eq!(found[0].files(), set([4]));
        assert_eq!(
            (&found[1].own, &found[1].imported),
            (&set([0]), &set([1, 2]))
        );
        assert_eq!((&found[2].own, &found[2].imported), (&set([1]), &set([2])));
        assert_eq!(
            (&found[3].own, &found[3].imported),
            (&set([2, 3]), &set([1]))
        );
        assert_eq!(found[4].files(), set([1, 2, 5]));
    }
}
