//! `keys`: Stripe keys that lie where they do not belong.

use model::key::{KeyReport, Severity};
use scan::ScanError;

use crate::{
    args::{KeyArgs, RunArgs},
    error::CliError,
    input::input,
    keys_args::{KeysArgs, KeysFormat},
    output::write,
    progress::Bar,
    rule_files,
    scanning::{self, Request},
    screen::{Screen, Talk},
    status::Status,
};

pub(crate) fn run(args: &KeysArgs, screen: &Screen) -> Result<Status, CliError> {
    let reports = reports(args, screen)?;
    let options = report::Options {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        styles: screen.styles && args.output.is_none(),
        verbose: screen.talk == Talk::Verbose,
        ..report::Options::default()
    };
    let mut out = Vec::new();
    match args.format {
        KeysFormat::Text => report::keys::render_text(&reports, &options, &mut out)?,
        KeysFormat::Json => report::keys::render_json(&reports, &options, &mut out)?,
    }
    match &args.output {
        Some(path) => write(path, &out)?,
        None => screen.print(&out)?,
    }
    let has_error = reports.iter().any(|one| one.n_of(Severity::Error) > 0);
    Ok(if has_error {
        Status::Findings
    } else {
        Status::Done
    })
}

/// Looks through what is asked for.
fn reports(args: &KeysArgs, screen: &Screen) -> Result<Vec<KeyReport>, CliError> {
    let rules = rule_files::load(&[])?;
    let input = input(&args.paths, &args.input)?;
    let run = RunArgs {
        config: args.config.clone(),
        no_config: args.no_config,
        threads: args.threads,
        strict: false,
    };
    let request = Request {
        paths: &args.paths,
        files: &args.input,
        key: &KeyArgs {
            test_mode: false,
            include_unreferenced: false,
            exclude_one_off: false,
        },
        run: &run,
    };
    let options = scanning::options(request, &input, &rules)?;
    let bar = Bar::new(screen);
    scan::keys(&input, &options, &bar).map_err(|error| match error {
        ScanError::NothingToScan => CliError::NothingToLookAt,
        error => error.into(),
    })
}
