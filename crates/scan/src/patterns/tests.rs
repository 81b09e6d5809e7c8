use ignore::gitignore::GitignoreBuilder;
use proptest::prelude::*;

use super::*;

fn says(lines: &[&str], path: &str) -> Said {
    let patterns = Patterns::parse(lines.iter().copied()).unwrap();
    patterns.say(path.trim_end_matches('/'), path.ends_with('/'))
}

#[test]
fn a_pattern_without_a_slash_holds_at_any_depth() {
    for path in ["a.log", "b/a.log", "b/c/a.log"] {
        assert_eq!(says(&["*.log"], path), Said::Out, "{path}");
        assert_eq!(says(&["/*.log"], path) == Said::Out, path == "a.log");
    }
    assert_eq!(says(&["b/*.log"], "b/c/a.log"), Said::Nothing);
}

#[test]
fn the_last_line_that_matches_counts() {
    let lines = ["*.php", "!keep.php", "# keep.php", "", "  "];
    assert_eq!(says(&lines, "a/keep.php"), Said::In);
    assert_eq!(says(&lines, "a/other.php"), Said::Out);
    assert_eq!(says(&["\\!odd", "\\#odd"], "!odd"), Said::Out);
}

#[test]
fn a_slash_behind_means_folders() {
    assert_eq!(says(&["build/"], "build/"), Said::Out);
    assert_eq!(says(&["build/"], "build"), Said::Nothing);
    let patterns = Patterns::parse(["build/"]).unwrap();
    assert_eq!(patterns.say_with_folders("a/build/b.js", false), Said::Out);
    assert_eq!(patterns.say_with_folders("a/b.js", false), Said::Nothing);
}

#[test]
fn two_stars_are_any_folders() {
    for (pattern, path, said) in [
        ("a/**/b", "a/b", Said::Out),
        ("a/**/b", "a/x/y/b", Said::Out),
        ("a/**", "a/x/y", Said::Out),
        ("a/**", "a", Said::Nothing),
        ("**/b", "b", Said::Out),
        ("**", "x/y", Said::Out),
        ("a**z", "abcz", Said::Out),
        ("a**z", "a/z", Said::Nothing),
    ] {
        assert_eq!(says(&[pattern], path), said, "{pattern} {path}");
    }
}

#[test]
fn classes_are_single_characters_of_a_name() {
    for (pattern, path, said) in [
        ("[a-c]1", "b1", Said::Out),
        ("[!a-c]1", "b1", Said::Nothing),
        ("[]x]", "]", Said::Out),
        ("a[!b]c", "a/c", Said::Nothing),
        ("[a", "[a", Said::Out),
        ("*.{js,ts}", "x.ts", Said::Out),
        ("x{,.bak}", "x.bak", Said::Out),
        ("{src,lib}/*.py", "lib/a.py", Said::Out),
    ] {
        assert_eq!(says(&[pattern], path), said, "{pattern} {path}");
    }
}

#[test]
fn what_is_no_pattern_is_said() {
    for (pattern, fault) in [
        ("{a", PatternFault::UnclosedBrace),
        ("a}", PatternFault::UnopenedBrace),
        ("a\\", PatternFault::DanglingEscape),
        ("[z-a]", PatternFault::InvalidRange),
        ("{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}{a,b}", PatternFault::TooMany),
    ] {
        assert_eq!(Patterns::parse([pattern]).unwrap_err(), fault, "{pattern}");
    }
}

#[test]
fn many_stars_take_no_time() {
    let pattern = format!("{}b", "*a".repeat(500));
    assert_eq!(says(&[&pattern], &"a".repeat(5000)), Said::Nothing);
    let pattern = format!("{}b", "**/a/".repeat(500));
    assert_eq!(says(&[&pattern], &"a/".repeat(5000)), Said::Nothing);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(4000))]

    /// Where the widely used implementation takes a line for a pattern, it means the same here;
    /// but for classes that a slash is in, which git takes for no match.
    #[test]
    fn patterns_mean_what_they_mean_elsewhere(
        line in r"!?/?(([ab.\]!^-]|\*|\*\*|\?|\[(a|b|-|a-b|ab-|-a|ab)\]|\{[ab]{1,2},[ab]{0,2}\}|\\[ab*])(/|/\*\*/)?){1,5}(/|/\*\*)?",
        path in "[ab.!\\]\\[-]{1,3}(/[ab.*-]{1,3}){0,3}",
        is_folder: bool,
    ) {
        // No name is empty, and none is `.`.
        let is_odd = line.trim_matches(['!', '/']).is_empty()
            || line.contains("//")
            || path.split('/').any(|part| part == ".");
        let mut builder = GitignoreBuilder::new("");
        if is_odd || builder.add_line(None, &line).is_err() {
            return Ok(());
        }
        let ours = Patterns::parse([line.as_str()]);
        prop_assert!(ours.is_ok(), "{}", line);
        let (Ok(theirs), Ok(ours)) = (builder.build(), ours) else {
            return Ok(());
        };
        let theirs = match theirs.matched(&path, is_folder) {
            ignore::Match::Ignore(_) => Said::Out,
            ignore::Match::Whitelist(_) => Said::In,
            ignore::Match::None => Said::Nothing,
        };
        prop_assert_eq!(ours.say(&path, is_folder), theirs, "{} {}", line, path);
    }
}
