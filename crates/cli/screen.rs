//! The two streams of the terminal: the result on standard output, the talk on standard error.

use std::{
    env,
    io::{self, IsTerminal as _, Write as _},
};

use anstream::{AutoStream, ColorChoice};

use crate::args::{TalkArgs, When};

/// What the terminal can do, and how much may be said on it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Screen {
    /// Whether the result is coloured.
    pub(crate) styles: bool,
    /// Whether the talk is coloured.
    pub(crate) talk_styles: bool,
    /// Whether a person reads the talk.
    pub(crate) talk_is_read: bool,
    /// Columns of the result; `None` where no terminal reads it.
    pub(crate) width: Option<usize>,
    /// How much is said.
    pub(crate) talk: Talk,
}

/// How much is said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Talk {
    /// The result and errors.
    Quiet,
    /// What most people want.
    Normal,
    /// Everything.
    Verbose,
}

impl Screen {
    pub(crate) fn new(args: &TalkArgs) -> Self {
        choice(args.color).write_global();
        Self {
            styles: AutoStream::choice(&io::stdout()) != ColorChoice::Never,
            talk_styles: AutoStream::choice(&io::stderr()) != ColorChoice::Never,
            talk_is_read: io::stderr().is_terminal(),
            width: terminal_size::terminal_size_of(io::stdout())
                .map(|(terminal_size::Width(columns), _)| usize::from(columns)),
            talk: match (args.quiet, args.verbose) {
                (true, _) => Talk::Quiet,
                (false, true) => Talk::Verbose,
                (false, false) => Talk::Normal,
            },
        }
    }

    /// Writes a result to standard output.
    pub(crate) fn print(self, result: &[u8]) -> io::Result<()> {
        if self.styles {
            let mut out = anstream::stdout().lock();
            out.write_all(result)?;
            return out.flush();
        }
        let mut out = io::stdout().lock();
        out.write_all(result)?;
        out.flush()
    }

    /// Writes a remark to standard error, unless it is to be quiet there.
    pub(crate) fn remark(self, text: &str) {
        if self.talk != Talk::Quiet {
            // Where nobody reads, there is nobody to tell.
            let _ = writeln!(anstream::stderr().lock(), "{text}");
        }
    }
}

/// Adds `FORCE_COLOR` to the variables that anstream knows.
fn choice(when: When) -> ColorChoice {
    let is_set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
    let forced = env::var_os("FORCE_COLOR").is_some_and(|value| !value.is_empty() && value != "0");
    match when {
        When::Always => ColorChoice::Always,
        When::Never => ColorChoice::Never,
        When::Auto if forced && !is_set("NO_COLOR") => ColorChoice::Always,
        When::Auto => ColorChoice::Auto,
    }
}
