//! Parses with bounded work, counted and never timed, so that the same text always ends the same way.
//!
//! Two things are counted. *Steps* of the parser: code takes at most 0.034 hundreds of them for a byte.
//! *Recoveries*, which a step may hold and which cost a hundred times as much as any other (PHP that
//! repeats `a,` took 20 µs for a byte): only the parser's log tells them, and that is too slow to read
//! all of, so of long texts every so often a hundred steps are read.

use std::{
    ops::ControlFlow,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
};

use tree_sitter::{LogType, ParseOptions, ParseState, Parser, Tree};

/// Hundreds of steps that any text may take.
const FREE: u64 = 10_000;
/// Bytes for which a text may take a hundred steps more; three times what the densest code takes.
const BYTES_PER_HUNDRED: u64 = 10;
/// Hundreds of steps before the log is read for the first time; most texts end before.
const UNWATCHED: u64 = 1_024;
/// Hundreds of steps between two that are read.
const BETWEEN: u64 = 32;
/// Recoveries that may be read.
const RECOVERIES: u64 = 200;

/// Parses `text`; `None` where that takes more work than any code does.
pub(crate) fn parse(parser: &mut Parser, text: &[u8]) -> Option<Tree> {
    Work::new(text.len()).parse(parser, text)
}

/// What parsing one text has taken so far.
struct Work {
    /// Hundreds of steps.
    steps: u64,
    /// How many of them it may take.
    limit: u64,
    /// Recoveries that were read.
    recoveries: Arc<AtomicU64>,
}

impl Work {
    fn new(size: usize) -> Self {
        let size = u64::try_from(size).unwrap_or(u64::MAX);
        Self {
            steps: 0,
            limit: FREE.saturating_add(size / BYTES_PER_HUNDRED),
            recoveries: Arc::default(),
        }
    }

    fn parse(&mut self, parser: &mut Parser, text: &[u8]) -> Option<Tree> {
        let mut tree = self.go_on(parser, text, UNWATCHED);
        while tree.is_none() && !self.is_spent() {
            tree = self.watch(parser, text);
            if tree.is_none() {
                tree = self.go_on(parser, text, BETWEEN);
            }
        }
        // The next text does not go on where this one was given up.
        parser.reset();
        tree
    }

    fn is_spent(&self) -> bool {
        self.steps >= self.limit || self.recoveries.load(Ordering::Relaxed) > RECOVERIES
    }

    /// Takes a hundred steps and reads the log of them.
    fn watch(&mut self, parser: &mut Parser, text: &[u8]) -> Option<Tree> {
        let recoveries = Arc::clone(&self.recoveries);
        parser.set_logger(Some(Box::new(move |kind, message| {
            if matches!(kind, LogType::Parse) && message.starts_with("resume ") {
                recoveries.fetch_add(1, Ordering::Relaxed);
            }
        })));
        let tree = self.go_on(parser, text, 1);
        parser.set_logger(None);
        tree
    }

    /// Takes up to so many hundreds of steps from where the parser stopped.
    fn go_on(&mut self, parser: &mut Parser, text: &[u8], hundreds: u64) -> Option<Tree> {
        let end = self.steps.saturating_add(hundreds).min(self.limit);
        let mut count = |_: &ParseState| {
            self.steps += 1;
            if self.steps < end {
                ControlFlow::Continue(())
            } else {
                ControlFlow::Break(())
            }
        };
        let options = ParseOptions::new().progress_callback(&mut count);
        let mut rest = |at: usize, _| text.get(at..).unwrap_or_default();
        parser.parse_with_options(&mut rest, None, Some(options))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn php() -> Parser {
        let mut parser = Parser::new();
        let language = tree_sitter_php::LANGUAGE_PHP.into();
        parser.set_language(&language).unwrap();
        parser
    }

    #[test]
    fn nothing_but_errors_is_given_up_early() {
        for row in ["a,", "a,;"] {
            let text = format!("<?php {}", row.repeat(400_000));
            let mut work = Work::new(text.len());
            assert!(work.parse(&mut php(), text.as_bytes()).is_none(), "{row}");
            assert!(work.steps < 2_000, "{row}: {}", work.steps);
        }
    }

    #[test]
    fn steps_beyond_the_limit_are_not_taken() {
        let text = "<?php f($a);\n".repeat(4_000);
        let mut parser = php();
        let mut work = Work::new(text.len());
        work.limit = 50;
        assert!(work.parse(&mut parser, text.as_bytes()).is_none());
        assert_eq!(work.steps, 50);
        let tree = parse(&mut parser, b"<?php g();").unwrap();
        assert_eq!(tree.root_node().end_byte(), 10);
    }

    #[test]
    fn what_is_watched_is_parsed_as_ever() {
        let broken = "<?php\nfunction f() { g(1, , 2); return [ 'a' => ; }\n".to_owned();
        let text = format!(
            "{broken}{}",
            "function h($b) { return $b->c(1, 'd'); }\n".repeat(9_000)
        );
        let mut work = Work::new(text.len());
        let watched = work.parse(&mut php(), text.as_bytes()).unwrap();
        assert!(work.steps > 2 * UNWATCHED);
        let plain = php().parse(text.as_bytes(), None).unwrap();
        assert_eq!(watched.root_node().to_sexp(), plain.root_node().to_sexp());
    }
}
