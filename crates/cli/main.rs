//! The `rakscan` command.
//!
//! Owns the terminal: arguments, colour, exit codes, rule and configuration files. Deliberately knows no analysis and
//! no output format; it joins `scan`, `rules` and `report`.

use std::process::ExitCode;

use clap::Parser as _;

mod args;
mod argv;
mod audit_args;
mod cache;
mod commands;
mod committed;
mod config;
mod error;
mod error_help;
mod formats;
mod input;
mod keys_args;
mod many;
mod nearest;
mod output;
mod progress;
mod rule_files;
mod scanning;
mod screen;
mod status;
mod stripe_cli;

use crate::{args::Cli, screen::Screen, status::Status};

/// The analysis makes and drops very many small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    let cli = match Cli::try_parse_from(argv::command_first(std::env::args_os())) {
        Ok(cli) => cli,
        Err(usage) => return refuse(&usage),
    };
    let screen = Screen::new(&cli.talk);
    let status = commands::run(cli, &screen).unwrap_or_else(|error| {
        let status = error.status();
        if status != Status::Done {
            error.show(&screen);
        }
        status
    });
    status.into()
}

/// Prints the usage error, or the help or version that was asked for.
fn refuse(usage: &clap::Error) -> ExitCode {
    // Where nobody reads, there is nobody to tell.
    let _ = usage.print();
    if usage.exit_code() == 0 {
        Status::Done.into()
    } else {
        Status::Failed.into()
    }
}
