//! `scan`: which permissions code needs.

use std::{
    fs,
    path::{Path, PathBuf},
};

use model::manifest::Manifest;
use report::{Format, Mode};
use rules::RuleSet;
use scan::Input;

use crate::{
    args::{Place, ScanArgs},
    committed::MANIFEST,
    error::CliError,
    input::input,
    progress::Bar,
    rescan, rule_files,
    scanning::{self, Request},
    screen::{Screen, Talk},
    status::Status,
};

pub(crate) fn run(args: &ScanArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let input = input(&args.paths, &args.input)?;
    if let Some(place) = &args.output.trace {
        return trace(args, place, &input, &rules, screen);
    }
    let target = target(args, &input)?;
    let manifests = scan(args, &input, &rules, screen)?;
    match target {
        Target::Stdout => screen.print(&rendered(args, &manifests, &rules, Some(screen))?)?,
        Target::Output(path) => write(&path, &rendered(args, &manifests, &rules, None)?)?,
        Target::Manifest(path) => {
            if manifests.len() != 1 {
                return Err(CliError::WriteNeedsOneUnit);
            }
            write(&path, &rendered(args, &manifests, &rules, None)?)?;
            screen.remark(&format!("wrote {}", path.display()));
        }
    }
    Ok(rescan::judged(&args.run, &manifests, screen))
}

/// Says why the calls on one line were or were not counted.
fn trace(
    args: &ScanArgs,
    place: &Place,
    input: &Input,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Status, CliError> {
    let format = args.output.format;
    if !matches!(format, Format::Text | Format::Json) {
        let format = format.id();
        return Err(CliError::TraceFormat { format });
    }
    let options = scanning::options(request(args), input, rules)?;
    let traces = scan::trace(input, &options, rules, &place.file, place.line)?;
    let mut out = Vec::new();
    if format == Format::Json {
        report::trace::render_json(&traces, &mut out)?;
    } else {
        let options = report::Options {
            styles: screen.styles && args.output.output.is_none(),
            ..report::Options::default()
        };
        report::trace::render_text(&traces, &options, &mut out)?;
    }
    match &args.output.output {
        Some(path) => write(path, &out)?,
        None => screen.print(&out)?,
    }
    Ok(Status::Done)
}

/// Where the result goes.
enum Target {
    Stdout,
    Output(PathBuf),
    Manifest(PathBuf),
}

fn target(args: &ScanArgs, input: &Input) -> Result<Target, CliError> {
    if let Some(path) = &args.output.output {
        return Ok(Target::Output(path.clone()));
    }
    if !args.output.write {
        return Ok(Target::Stdout);
    }
    match input {
        Input::Paths(roots) => match roots.as_slice() {
            [root] if root.is_dir() => Ok(Target::Manifest(root.join(MANIFEST))),
            _ => Err(CliError::WriteNeedsOneUnit),
        },
        Input::Text { .. } => Err(CliError::WriteNeedsOneUnit),
    }
}

fn scan(
    args: &ScanArgs,
    input: &Input,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Manifest>, CliError> {
    let options = scanning::options(request(args), input, rules)?;
    let bar = Bar::new(screen);
    Ok(scan::scan(input, &options, rules, &bar)?)
}

fn request(args: &ScanArgs) -> Request<'_> {
    Request {
        paths: &args.paths,
        files: &args.input,
        key: &args.key,
        run: &args.run,
    }
}

/// Renders for `screen`, or for a file where there is none.
fn rendered(
    args: &ScanArgs,
    manifests: &[Manifest],
    rules: &RuleSet,
    screen: Option<&Screen>,
) -> Result<Vec<u8>, CliError> {
    let options = report::Options {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        rules_version: rules.version().to_owned(),
        added_rules: args
            .rules
            .rules
            .iter()
            .map(|file| file_name(file))
            .collect(),
        styles: screen.is_some_and(|screen| screen.styles),
        verbose: screen.is_some_and(|screen| screen.talk == Talk::Verbose),
        explain_skips: args.output.explain_skips,
        width: screen.and_then(|screen| screen.width),
        mode: if args.key.test_mode {
            Mode::Test
        } else {
            Mode::Live
        },
    };
    let format = if args.output.write {
        Format::Yaml
    } else {
        args.output.format
    };
    let mut out = Vec::new();
    report::render(format, manifests, &options, &mut out)?;
    Ok(out)
}

/// Returns the last part of a path: what is printed must not depend on where it was run.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}

fn write(path: &Path, bytes: &[u8]) -> Result<(), CliError> {
    fs::write(path, bytes).map_err(|source| CliError::Unwritable {
        path: path.to_owned(),
        source,
    })
}
