//! Paths for readers that start from the root of a repository, not from the folder of a unit.

/// Where paths start.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Start {
    /// The current folder, with `/`.
    pub current: String,
    /// The folder that paths are relative to, with `/`: the current one, or one above it.
    pub root: String,
}

/// Returns `path`, which is relative to `folder`, as seen from the start.
///
/// Where `folder` does not lie below the start, `path` stays as it is: a path of this machine is
/// nothing that a report should hold.
pub(crate) fn from_start(start: &Start, folder: &str, path: &str) -> String {
    let inside = if is_absolute(folder) {
        folder.to_owned()
    } else {
        format!("{}/{folder}", start.current)
    };
    let below = parts(&inside).and_then(|folder| {
        let root = parts(&start.root)?;
        Some(folder.strip_prefix(root.as_slice())?.join("/"))
    });
    match below.as_deref() {
        None | Some("") => path.to_owned(),
        Some(_) if is_absolute(folder) && start.root.is_empty() => path.to_owned(),
        Some(below) => format!("{below}/{path}"),
    }
}

fn is_absolute(path: &str) -> bool {
    path.starts_with('/') || path.get(1..3) == Some(":/")
}

/// Splits a path without looking at the disk; `None` where it leads above its own start.
fn parts(path: &str) -> Option<Vec<&str>> {
    let mut all = Vec::new();
    for part in path.split('/') {
        match part {
            "" | "." => {}
            ".." => {
                all.pop()?;
            }
            part => all.push(part),
        }
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_start_at_the_root_of_the_repository() {
        let start = Start {
            current: "/w/repo/plugins".into(),
            root: "/w/repo".into(),
        };
        let seen = |folder| from_start(&start, folder, "a/b.php");
        assert_eq!(seen("shop"), "plugins/shop/a/b.php");
        assert_eq!(seen(""), "plugins/a/b.php");
        assert_eq!(seen("../src"), "src/a/b.php");
        assert_eq!(seen("/w/repo"), "a/b.php");
        assert_eq!(seen("/w/repo/lib/"), "lib/a/b.php");
    }

    #[test]
    fn folders_elsewhere_are_not_told() {
        let start = Start {
            current: "/w/repo".into(),
            root: "/w/repo".into(),
        };
        for folder in ["/home/me/shop", "../other", "../../../../x"] {
            assert_eq!(from_start(&start, folder, "a.php"), "a.php");
        }
        assert_eq!(from_start(&Start::default(), "/home/me", "a.php"), "a.php");
        assert_eq!(from_start(&Start::default(), "shop", "a.php"), "shop/a.php");
    }
}
