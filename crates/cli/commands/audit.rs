//! `audit`: request logs and the permissions of a key, compared with code.

use std::{
    fs::File,
    io::{self, BufRead, BufReader},
    path::{Path, PathBuf},
};

use audit::{Columns, Granted, GrantedError, Usage};
use report::v1;
use rules::RuleSet;

use crate::{
    args::KeyArgs,
    audit_args::{AuditArgs, AuditFormat},
    error::CliError,
    input::failed,
    nearest::nearest,
    output::write,
    rule_files,
    scanning::{self, Request},
    screen::{Screen, Talk},
    status::Status,
};

/// No honest list of permissions is larger.
const LARGEST: u64 = 16 << 20;

pub(crate) fn run(args: &AuditArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let options = options(args, &rules, screen);
    let granted = granted(args, &rules)?;
    let usage = usage(args, &rules)?;
    let code = code(args, &rules, &options, screen)?;
    let audit = audit::audit(&code, usage.as_ref(), granted.as_ref(), &rules, &options);
    let mut out = Vec::new();
    match args.format {
        AuditFormat::Text => audit::render_text(&audit, &options, &mut out)?,
        AuditFormat::Json => audit::render_json(&audit, &mut out)?,
    }
    match &args.output {
        Some(path) => write(path, &out)?,
        None => screen.print(&out)?,
    }
    Ok(
        match (audit.findings, args.run.strict && !audit.code.complete) {
            (0, false) => Status::Done,
            (0, true) => Status::Incomplete,
            _ => Status::Findings,
        },
    )
}

fn options(args: &AuditArgs, rules: &RuleSet, screen: &Screen) -> report::Options {
    let name = |path: &PathBuf| {
        let name = path.file_name().unwrap_or(path.as_os_str());
        name.to_string_lossy().into_owned()
    };
    report::Options {
        tool_version: env!("CARGO_PKG_VERSION").to_owned(),
        rules_version: rules.version().to_owned(),
        added_rules: args.rules.rules.iter().map(name).collect(),
        styles: screen.styles && args.output.is_none(),
        verbose: screen.talk == Talk::Verbose,
        ..report::Options::default()
    }
}

/// Returns the units of code: of the manifest, or of a scan.
fn code(
    args: &AuditArgs,
    rules: &RuleSet,
    options: &report::Options,
    screen: &Screen,
) -> Result<Vec<v1::Unit>, CliError> {
    if let Some(path) = &args.manifest {
        let text = read(path)?;
        let path = path.clone();
        return audit::units(&text).map_err(|reason| CliError::BadManifest { path, reason });
    }
    let paths: Vec<PathBuf> = args.path.iter().cloned().collect();
    let key = KeyArgs {
        test_mode: false,
        include_unreferenced: false,
        exclude_one_off: false,
    };
    let request = Request {
        paths: &paths,
        files: &args.input,
        key: &key,
        run: &args.run,
    };
    let manifests = scanning::manifests(request, rules, screen)?;
    Ok(v1::Document::new(&manifests, options).units)
}

fn usage(args: &AuditArgs, rules: &RuleSet) -> Result<Option<Usage>, CliError> {
    let columns = match &args.columns {
        Some(text) => Columns::parse(text).map_err(|error| CliError::Columns { error })?,
        None => Columns::default(),
    };
    if args.log.is_empty() {
        return Ok(None);
    }
    let mut usage = Usage::default();
    for path in &args.log {
        let is_stdin = path.as_os_str() == "-";
        let mut input: Box<dyn BufRead> = if is_stdin {
            Box::new(io::stdin().lock())
        } else {
            Box::new(open(path)?)
        };
        let name = if is_stdin {
            "<stdin>".to_owned()
        } else {
            shown(path)
        };
        usage
            .read(&name, &mut *input, &columns, rules)
            .map_err(|error| CliError::Log { error })?;
    }
    Ok(Some(usage))
}

fn open(path: &Path) -> Result<BufReader<File>, CliError> {
    let file = File::open(path).map_err(|source| failed(path, source))?;
    Ok(BufReader::with_capacity(1 << 16, file))
}

/// Returns the name of a log as it was given, with `/`.
fn shown(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

fn granted(args: &AuditArgs, rules: &RuleSet) -> Result<Option<Granted>, CliError> {
    let Some(given) = args.granted.as_deref() else {
        return Ok(None);
    };
    let is_link = given.starts_with("https://");
    let path = Path::new(given);
    let text = if !is_link && (path.is_file() || looks_like_path(given)) {
        read(path)?
    } else {
        given.to_owned()
    };
    match Granted::parse(&text, rules) {
        Ok(granted) => Ok(Some(granted)),
        Err(error) => Err(granted_error(error, rules)),
    }
}

/// Tells a file that is not there from a list of ids.
fn looks_like_path(given: &str) -> bool {
    given.contains(['/', '\\', '.']) && !given.contains(',')
}

fn granted_error(error: GrantedError, rules: &RuleSet) -> CliError {
    let nearest = match &error {
        GrantedError::UnknownId { id } => {
            let ids: Vec<String> = rules
                .permissions()
                .map(|rule| rule.info.id.to_string())
                .collect();
            nearest(
                id.strip_prefix("rak_").unwrap_or(id),
                ids.iter().map(String::as_str),
            )
        }
        GrantedError::Key | GrantedError::Nothing | GrantedError::Manifest { .. } => Vec::new(),
    };
    CliError::Granted { error, nearest }
}

/// Reads a file whole, if it is not larger than one of its kind can be.
fn read(path: &Path) -> Result<String, CliError> {
    use io::Read as _;
    let mut bytes = Vec::new();
    let file = open(path)?;
    let result = file.take(LARGEST).read_to_end(&mut bytes);
    result.map_err(|source| failed(path, source))?;
    Ok(String::from_utf8_lossy(&bytes).into_owned())
}
