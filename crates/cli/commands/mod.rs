//! The subcommands, one file each.

mod audit;
pub(crate) mod check;
mod completions;
pub(crate) mod diff;
mod docs;
mod explain;
mod keys;
mod rules;
mod scan;
mod verify;

use crate::{
    args::{Cli, Command, RulesCommand},
    error::CliError,
    screen::Screen,
    status::Status,
};

/// Does what was asked for.
pub(crate) fn run(cli: Cli, screen: &Screen) -> Result<Status, CliError> {
    match cli.command {
        None => scan::run(&cli.scan, screen),
        Some(Command::Scan(args)) => scan::run(&args, screen),
        Some(Command::Docs(args)) => docs::run(&args, screen),
        Some(Command::Verify(args)) => verify::run(&args, screen),
        Some(Command::Audit(args)) => audit::run(&args, screen),
        Some(Command::Check(args)) => check::run(&args, screen),
        Some(Command::Diff(args)) => diff::run(&args, screen),
        Some(Command::Keys(args)) => keys::run(&args, screen),
        Some(Command::Explain(args)) => explain::run(&args, screen),
        Some(Command::Rules {
            command: RulesCommand::List(args),
        }) => rules::list(&args, screen),
        Some(Command::Completions { shell }) => completions::run(shell, screen),
    }
}
