//! `scan`: which permissions code needs.

use std::{
    ops::ControlFlow,
    path::{Path, PathBuf},
};

use model::manifest::Manifest;
use report::{Findings, Format, Mode};
use rules::RuleSet;
use scan::{Hygiene, Input};

use crate::{
    args::{Place, ScanArgs},
    committed::MANIFEST,
    error::CliError,
    formats::{self, Plan},
    input::input,
    many::{self, Done, Looks, Memory, Sinks},
    output::write,
    progress::Bar,
    rule_files,
    scanning::{self, Request},
    screen::{Screen, Talk},
    status::Status,
};

/// Scans, and prints or writes the result.
pub(crate) fn run(args: &ScanArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let input = input(&args.paths, &args.input)?;
    if let Some(place) = &args.output.trace {
        return trace(args, place, &input, &rules, screen);
    }
    if args.output.write {
        let folder = folder(&input)?;
        let manifests = scan(args, &input, &rules, screen)?;
        return written(args, folder, &manifests, &rules, screen);
    }
    let plan = Plan::of(&args.output, args.input.units)?;
    let Done { counts, manifests } = streamed(args, &plan, &input, &rules, screen)?;
    for (format, path) in plan.at_once() {
        write(path, &rendered(args, format, &manifests, &rules, None)?)?;
    }
    if let Some(format) = plan.printed_at_once() {
        screen.print(&rendered(args, format, &manifests, &rules, Some(screen))?)?;
    }
    let n_left_out = remarks(args, &plan, &manifests, &rules, screen)?;
    Ok(match scanning::judged_by(&args.run, counts, screen) {
        Status::Done if args.run.strict && n_left_out > 0 => Status::Incomplete,
        Status::Done if counts.has_bad_key() => Status::Findings,
        status => status,
    })
}

/// Scans, and hands each unit on when it is done.
fn streamed(
    args: &ScanArgs,
    plan: &Plan,
    input: &Input,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Done, CliError> {
    let options = options(args, plan, input, rules)?;
    let units = scan::Units::of(input)?;
    let bar = Bar::new(screen);
    let looks = Looks {
        printed: report_options(args, rules, Some(screen)),
        written: report_options(args, rules, None),
    };
    let root = root(input);
    let found = (root.as_str(), units.are_several());
    let resume = args.output.many.resume;
    let (mut sinks, memory) = Sinks::open(plan, found, &looks, (screen, &bar), resume)?;
    let mut failure = None;
    let memory = memory.as_ref();
    let earlier = memory.map(Memory::earlier);
    scan::scan_each(
        &units,
        &options,
        rules,
        &bar,
        earlier,
        &mut |outcome| match sinks.take(outcome, memory) {
            Ok(()) => ControlFlow::Continue(()),
            Err(error) => {
                failure = Some(error);
                ControlFlow::Break(())
            }
        },
    )?;
    match failure {
        Some(error) => Err(error),
        None => sinks.finish(),
    }
}

/// Names what is scanned where it is one folder.
fn root(input: &Input) -> String {
    match input {
        Input::Paths(roots) => roots.first().map_or_else(String::new, |root| {
            let whole = root.canonicalize().unwrap_or_else(|_| root.clone());
            file_name(&whole)
        }),
        Input::Text { name, .. } => name.clone(),
    }
}

/// Writes the manifest file of each unit into its folder.
fn written(
    args: &ScanArgs,
    root: &Path,
    manifests: &[Manifest],
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Status, CliError> {
    let is_split = manifests.iter().all(|one| one.unit.path.is_some());
    if manifests.len() != 1 && !is_split {
        return Err(CliError::WriteNeedsOneUnit);
    }
    for manifest in manifests {
        let path = place(root, manifest);
        let alone = std::slice::from_ref(manifest);
        write(&path, &rendered(args, Format::Yaml, alone, rules, None)?)?;
        screen.remark(&format!("wrote {}", path.display()));
    }
    Ok(scanning::judged(&args.run, manifests, screen))
}

/// Says where the manifest of a unit belongs: into its folder.
fn place(root: &Path, manifest: &Manifest) -> PathBuf {
    match manifest.unit.path.as_deref() {
        None | Some(".") => root.join(MANIFEST),
        Some(folder) => root.join(folder).join(MANIFEST),
    }
}

/// Says why the calls on one line were or were not counted.
fn trace(
    args: &ScanArgs,
    place: &Place,
    input: &Input,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Status, CliError> {
    let format = args.output.format.unwrap_or(Format::Text);
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
            styles: screen.styles && args.output.output.is_empty(),
            ..report::Options::default()
        };
        report::trace::render_text(&traces, &options, &mut out)?;
    }
    match args.output.output.as_slice() {
        [] => screen.print(&out)?,
        [one] if one.format.is_none_or(|named| named == format) => write(&one.file, &out)?,
        _ => return Err(CliError::TraceOutput),
    }
    Ok(Status::Done)
}

/// Returns the one folder that is scanned.
fn folder(input: &Input) -> Result<&Path, CliError> {
    match input {
        Input::Paths(roots) => match roots.as_slice() {
            [root] if root.is_dir() => Ok(root),
            _ => Err(CliError::WriteNeedsOneUnit),
        },
        Input::Text { .. } => Err(CliError::WriteNeedsOneUnit),
    }
}

/// Says and writes what belongs to a format but not into its result; returns how much it left out.
fn remarks(
    args: &ScanArgs,
    plan: &Plan,
    manifests: &[Manifest],
    rules: &RuleSet,
    screen: &Screen,
) -> Result<usize, CliError> {
    if plan.has(Format::Github) {
        let summary = rendered(args, Format::Markdown, manifests, rules, None)?;
        formats::job_summary(&summary)?;
    }
    let options = report_options(args, rules, None);
    if plan.has(Format::Sarif) {
        formats::say_cut(manifests, &options, screen);
    }
    if plan.has(Format::StripeCli) {
        formats::say_no_endpoint(manifests, screen);
    }
    let is_app = plan.has(Format::StripeApp);
    Ok(if is_app {
        formats::say_refused(manifests, &options)
    } else {
        0
    })
}

fn scan(
    args: &ScanArgs,
    input: &Input,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Manifest>, CliError> {
    let options = options(args, &Plan::nothing(), input, rules)?;
    let bar = Bar::new(screen);
    Ok(scan::scan(input, &options, rules, &bar)?)
}

fn options(
    args: &ScanArgs,
    plan: &Plan,
    input: &Input,
    rules: &RuleSet,
) -> Result<scan::Options, CliError> {
    let basis = || {
        let made = report_options(args, rules, None);
        let by = (
            made.tool_version,
            made.rules_version,
            made.added_rules,
            made.mode,
        );
        format!("{by:?}").into()
    };
    Ok(scan::Options {
        keys: if args.keys { Hygiene::On } else { Hygiene::Off },
        fingerprint: many::wants_fingerprints(plan).then(basis),
        ..scanning::options(request(args), input, rules)?
    })
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
    format: Format,
    manifests: &[Manifest],
    rules: &RuleSet,
    screen: Option<&Screen>,
) -> Result<Vec<u8>, CliError> {
    let options = report_options(args, rules, screen);
    let mut out = Vec::new();
    report::render(format, manifests, &options, &mut out)?;
    Ok(out)
}

fn report_options(args: &ScanArgs, rules: &RuleSet, screen: Option<&Screen>) -> report::Options {
    report::Options {
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
        findings: if args.output.evidence {
            Findings::All
        } else {
            Findings::Problems
        },
        start: formats::start(),
        app_permissions: formats::app_permissions(rules),
    }
}

/// Returns the last part of a path: what is printed must not depend on where it was run.
fn file_name(path: &Path) -> String {
    let name = path.file_name().unwrap_or(path.as_os_str());
    name.to_string_lossy().into_owned()
}
