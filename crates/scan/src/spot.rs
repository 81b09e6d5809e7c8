//! Where units are: found at once, looked into when it is their turn.
//!
//! A folder of plugins can hold tens of thousands of them. What is kept for each is its path; whether
//! it is a plugin, and of which version, is found out by whoever scans it.

use std::{collections::BTreeMap, path::PathBuf, sync::Arc};

use model::Name;

use crate::{
    Input, ScanError,
    archive::Archive,
    disk,
    place::Place,
    target::{self, Origin, Scope, Target},
};

/// A unit, or a folder that is one and was not looked into yet.
pub(crate) enum Spot {
    /// It is known.
    Unit(Box<Target>),
    /// A folder among plugins.
    Member(Place),
    /// An archive among plugins.
    Archive(Archive),
}

impl Spot {
    /// Finds out what the unit is.
    pub(crate) fn target(&self) -> Target {
        match self {
            Self::Unit(target) => (**target).clone(),
            Self::Member(folder) => target::member(folder),
            Self::Archive(archive) => Target {
                only_if_used: true,
                ..target::of_archive(archive.clone())
            },
        }
    }
}

/// A spot, and what was asked for that led there.
pub(crate) struct Spotted {
    spot: Spot,
    asked: Arc<Asked>,
}

/// A path that was asked for.
#[derive(Default)]
struct Asked {
    /// `None` where nothing is on disk.
    root: Option<PathBuf>,
    /// Whether there are several units, which then are code of others.
    is_shared: bool,
    /// Name by which it is told from the other paths that were asked for; empty where it is alone.
    label: String,
}

/// Lists where the units of `input` are.
pub(crate) fn spots(input: &Input) -> Result<Vec<Spotted>, ScanError> {
    let Input::Paths(paths) = input else {
        let units = target::targets(input)?.into_iter();
        let asked = Arc::new(Asked::default());
        let spotted = |unit| Spotted {
            spot: Spot::Unit(Box::new(unit)),
            asked: Arc::clone(&asked),
        };
        return Ok(units.map(spotted).collect());
    };
    let mut all = Vec::new();
    let labels = labels(paths);
    for (path, label) in paths.iter().zip(labels) {
        let spots = target::of_path(path)?;
        let asked = Arc::new(Asked {
            root: Some(path.clone()),
            is_shared: spots.len() > 1,
            label,
        });
        all.extend(spots.into_iter().map(|spot| Spotted {
            spot,
            asked: Arc::clone(&asked),
        }));
    }
    Ok(all)
}

/// Names each path by its last part, with a number where another has the same.
fn labels(paths: &[PathBuf]) -> Vec<String> {
    if paths.len() < 2 {
        return paths.iter().map(|_| String::new()).collect();
    }
    let mut seen: BTreeMap<String, u32> = BTreeMap::new();
    let mut labels = Vec::new();
    for path in paths {
        let name = disk::name_of(&path.as_path().into());
        let mut label = name.clone();
        while seen.contains_key(&label) {
            let n = seen.entry(name.clone()).or_default();
            *n += 1;
            label = format!("{name}-{n}");
        }
        seen.insert(label.clone(), 1);
        labels.push(label);
    }
    labels
}

impl Spotted {
    /// Finds out what the unit is.
    pub(crate) fn target(&self) -> Target {
        let target = self.spot.target();
        let prefix = match self.below_root() {
            folder if folder.is_empty() => folder,
            folder => format!("{folder}/"),
        };
        Target {
            origin: Origin {
                root: self.asked.root.clone(),
                prefix,
                is_shared: self.asked.is_shared,
            },
            ..target
        }
    }

    /// Says what is known of the unit without looking into it.
    pub(crate) fn unknown(&self) -> Target {
        match &self.spot {
            Spot::Unit(target) => (**target).clone(),
            Spot::Member(folder) => target::folder(folder),
            Spot::Archive(archive) => target::of_archive(archive.clone()),
        }
    }

    /// Names the folder of the unit so that no other unit of the run has the name.
    pub(crate) fn folder(&self) -> Name {
        let label = self.asked.label.as_str();
        match (label, self.below_root().as_str()) {
            ("", "") => ".".into(),
            ("", below) => below.into(),
            (label, "") => label.into(),
            (label, below) => format!("{label}/{below}").into(),
        }
    }

    /// Returns the folder below the path that was asked for; empty for that path itself.
    fn below_root(&self) -> String {
        let folder: Option<&Place> = match &self.spot {
            Spot::Member(folder) => Some(folder),
            Spot::Archive(archive) => Some(&archive.place),
            Spot::Unit(target) => match &target.scope {
                Scope::Folder { base: folder, .. } | Scope::Loose(folder) => Some(folder),
                Scope::Archive(archive) => Some(&archive.place),
                Scope::File(_) => None,
            },
        };
        let root = self.asked.root.as_deref();
        let below = folder.zip(root);
        let below = below.and_then(|(folder, root)| folder.below(&root.into()));
        below.unwrap_or_default()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_of_the_same_name_are_numbered() {
        let of = |paths: &[&str]| {
            let paths: Vec<PathBuf> = paths.iter().map(PathBuf::from).collect();
            labels(&paths)
        };
        assert_eq!(of(&["a/plugins"]), [""]);
        assert_eq!(
            of(&["a/plugins", "b/plugins", "plugins-2", "c/plugins"]),
            ["plugins", "plugins-2", "plugins-2-2", "plugins-3"]
        );
    }
}
