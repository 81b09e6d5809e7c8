//! Names of folders and files that are left out, and why.
//!
//! Judges by name alone. `lib`, `dist` and `build` are not here: some packages ship nothing else.

use model::manifest::SkipReason;

use crate::path;

/// Folders of dependencies that can hold tens of thousands of files; they are not entered.
const CLOSED: [&str; 8] = [
    "node_modules",
    "bower_components",
    "jspm_packages",
    "site-packages",
    "dist-packages",
    "__pypackages__",
    "venv",
    ".venv",
];

/// Folders of dependencies that may hold a copy of the SDK for PHP.
const OPEN: [&str; 10] = [
    "vendors",
    "vendor_prefixed",
    "vendor-prefixed",
    "vendor_scoped",
    "vendor-scoped",
    "vendor-bin",
    "third-party",
    "third_party",
    "thirdparty",
    ".extlib",
];

/// Folders of tests, in lower case.
const TESTS: [&str; 20] = [
    "test",
    "tests",
    "__tests__",
    "__test__",
    "__mocks__",
    "__fixtures__",
    "__snapshots__",
    "__integration__",
    "__e2e__",
    "spec",
    "specs",
    "e2e",
    "fixtures",
    "testdata",
    "phpunit",
    "cypress",
    "playwright",
    "stories",
    "integration-tests",
    "spikes",
];

/// Folders of version control, which hold nothing that counts.
const CONTROL: [&str; 4] = [".git", ".svn", ".hg", ".bzr"];

/// What is done with a folder.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Treatment {
    /// It is read.
    Read,
    /// It is gone through for counting and for copies of the SDK.
    Count(SkipReason),
    /// It is not entered and counts as one.
    Close(SkipReason),
    /// It is not there.
    Forget,
}

/// What of the defaults is switched off.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Included {
    /// Tests are read.
    pub(crate) tests: bool,
    /// Dependencies are read.
    pub(crate) dependencies: bool,
}

/// Says what to do with a folder of this name; `names` tells what a name holds.
pub(crate) fn folder(name: &str, included: Included, names: impl Fn() -> Vec<String>) -> Treatment {
    if CONTROL.contains(&name) {
        return Treatment::Forget;
    }
    let closed = CLOSED.contains(&name);
    if closed || OPEN.contains(&name) || (name == "vendor" && holds_packages(&names())) {
        return match (included.dependencies, closed) {
            (true, _) => Treatment::Read,
            (false, true) => Treatment::Close(SkipReason::Dependency),
            (false, false) => Treatment::Count(SkipReason::Dependency),
        };
    }
    if name.starts_with('.') {
        return Treatment::Close(SkipReason::Ignored);
    }
    if !included.tests && TESTS.contains(&name.to_ascii_lowercase().as_str()) {
        return Treatment::Count(SkipReason::Test);
    }
    Treatment::Read
}

/// Tells a `vendor` folder of packages from one with the code about vendors of a shop.
fn holds_packages(names: &[String]) -> bool {
    let has = |name: &str| names.iter().any(|other| other == name);
    has("autoload.php")
        || has("composer")
        || !names
            .iter()
            .any(|name| name != "index.php" && has_code_extension(name))
}

fn has_code_extension(name: &str) -> bool {
    [".php", ".py", ".ts", ".tsx"]
        .iter()
        .any(|extension| name.ends_with(extension))
}

/// Says why a file of this name is left out, if it is.
pub(crate) fn file(name: &str, included: Included) -> Option<SkipReason> {
    let lower = name.to_ascii_lowercase();
    if lower.starts_with('.') {
        return Some(SkipReason::Ignored);
    }
    if !included.tests && is_test(&lower) {
        return Some(SkipReason::Test);
    }
    let stem = path::stem(&lower);
    let is_script = [".js", ".mjs", ".cjs"]
        .iter()
        .any(|extension| lower.ends_with(extension));
    if is_script
        && [".min", "-min", "_min"]
            .iter()
            .any(|end| stem.ends_with(end))
    {
        return Some(SkipReason::Minified);
    }
    let is_declaration = [".d.ts", ".d.mts", ".d.cts"]
        .iter()
        .any(|end| lower.ends_with(end));
    is_declaration.then_some(SkipReason::Generated)
}

/// Tells whether a file name, in lower case, is one of a test.
fn is_test(lower: &str) -> bool {
    let stem = path::stem(lower);
    if path::extension(lower) == "py" {
        return stem == "conftest"
            || stem == "tests"
            || stem.starts_with("test_")
            || stem.ends_with("_test");
    }
    if path::extension(lower) == "php" {
        return false;
    }
    let kind = stem.rsplit_once('.').map_or("", |(_, kind)| kind);
    let is_kind = matches!(
        kind,
        "test" | "tests" | "spec" | "stories" | "story" | "cy" | "e2e" | "mock" | "fixture"
    );
    is_kind || kind.ends_with("-spec") || kind.ends_with("-test") || stem.ends_with("_test")
}

#[cfg(test)]
mod tests {
    use super::*;

    const DEFAULT: Included = Included {
        tests: false,
        dependencies: false,
    };

    fn of(name: &str, inside: &[&str]) -> Treatment {
        folder(name, DEFAULT, || {
            inside.iter().map(ToString::to_string).collect()
        })
    }

    #[test]
    fn folders_that_some_packages_ship_alone_are_read() {
        for name in ["lib", "dist", "build", "includes", "testing-tools"] {
            assert_eq!(of(name, &[]), Treatment::Read, "{name}");
        }
    }

    #[test]
    fn a_vendor_folder_with_own_code_is_read() {
        let dependency = Treatment::Count(SkipReason::Dependency);
        assert_eq!(of("vendor", &["autoload.php", "acme"]), dependency);
        assert_eq!(of("vendor", &["stripe", "index.php"]), dependency);
        assert_eq!(
            of("vendor", &["class-vendor-dashboard.php"]),
            Treatment::Read
        );
    }

    #[test]
    fn tests_are_known_by_their_names() {
        for name in [
            "a.test.js",
            "a.spec.ts",
            "test_a.py",
            "a_test.py",
            "conftest.py",
            "A.stories.tsx",
        ] {
            assert_eq!(file(name, DEFAULT), Some(SkipReason::Test), "{name}");
        }
        for name in [
            "latest.py",
            "attest.js",
            "class-test-mode.php",
            "contest.ts",
        ] {
            assert_eq!(file(name, DEFAULT), None, "{name}");
        }
        assert_eq!(of("Tests", &[]), Treatment::Count(SkipReason::Test));
    }

    #[test]
    fn minified_scripts_and_declarations_are_left_out() {
        assert_eq!(file("a.min.js", DEFAULT), Some(SkipReason::Minified));
        assert_eq!(file("a.d.ts", DEFAULT), Some(SkipReason::Generated));
        assert_eq!(file("admin.js", DEFAULT), None);
    }
}
