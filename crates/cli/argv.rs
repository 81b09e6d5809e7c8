//! Lets options stand before a subcommand.
//!
//! `rakscan PATH` scans, so an option alone already means a scan and clap takes what follows for a
//! path. A subcommand after options is moved to the front before clap sees it.

use std::ffi::{OsStr, OsString};

use clap::{Command, CommandFactory as _};

use crate::args::Cli;

/// Moves the subcommand, where there is one behind options, to the front of `arguments`.
pub(crate) fn command_first(arguments: impl Iterator<Item = OsString>) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = arguments.collect();
    let command = Cli::command();
    let mut at = 1;
    while let Some(n_taken) = arguments.get(at).and_then(|text| option(&command, text)) {
        at += n_taken;
    }
    let name = arguments.get(at).and_then(|text| text.to_str());
    if name.is_some_and(|name| command.find_subcommand(name).is_some()) {
        let name = arguments.remove(at);
        arguments.insert(1, name);
    }
    arguments
}

/// Returns how many arguments an option takes up, itself included; `None` for no option.
fn option(command: &Command, text: &OsStr) -> Option<usize> {
    let text = text.to_str()?;
    if let Some(long) = text.strip_prefix("--") {
        if long.is_empty() {
            return None;
        }
        let takes_next =
            !long.contains('=') && takes_value(command, |arg| arg.get_long() == Some(long));
        return Some(if takes_next { 2 } else { 1 });
    }
    let cluster = text.strip_prefix('-').filter(|rest| !rest.is_empty())?;
    for (at, c) in cluster.char_indices() {
        if takes_value(command, |arg| arg.get_short() == Some(c)) {
            let is_last = at + c.len_utf8() == cluster.len();
            return Some(if is_last { 2 } else { 1 });
        }
    }
    Some(1)
}

fn takes_value(command: &Command, is_meant: impl Fn(&clap::Arg) -> bool) -> bool {
    command
        .get_arguments()
        .find(|arg| is_meant(arg))
        .is_some_and(|arg| arg.get_action().takes_values())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reordered(line: &str) -> String {
        let arguments = line.split(' ').map(OsString::from);
        let arguments: Vec<String> = command_first(arguments)
            .into_iter()
            .map(|text| text.into_string().unwrap())
            .collect();
        arguments.join(" ")
    }

    #[test]
    fn a_subcommand_behind_options_comes_first() {
        assert_eq!(
            reordered("rakscan -f json scan ."),
            "rakscan scan -f json ."
        );
        assert_eq!(
            reordered("rakscan --color=never -q explain x"),
            "rakscan explain --color=never -q x"
        );
        assert_eq!(
            reordered("rakscan -qfjson rules list"),
            "rakscan rules -qfjson list"
        );
    }

    #[test]
    fn a_path_or_a_value_is_no_subcommand() {
        for line in [
            "rakscan . scan",
            "rakscan -o scan .",
            "rakscan -- scan",
            "rakscan - scan",
            "rakscan",
        ] {
            assert_eq!(reordered(line), line);
        }
    }
}
