//! `completions`: a script that lets a shell complete arguments.

use clap::CommandFactory as _;
use clap_complete::{Shell, generate};

use crate::{args::Cli, error::CliError, screen::Screen, status::Status};

pub(crate) fn run(shell: Shell, screen: &Screen) -> Result<Status, CliError> {
    let mut script = Vec::new();
    generate(shell, &mut Cli::command(), "rakscan", &mut script);
    screen.print(&script)?;
    Ok(Status::Done)
}
