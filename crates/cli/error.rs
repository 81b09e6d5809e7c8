//! What can go wrong at the edge, and how it is told.

use std::{
    error::Error as _,
    fmt::Write as _,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use anstyle::{AnsiColor, Style};
use miette::{Diagnostic, GraphicalReportHandler, GraphicalTheme};
use report::docs::DocsError;
use scan::{ScanError, TraceError};

use rules::RuleError;

use crate::{
    committed::ManifestError, config::ConfigError, screen::Screen, status::Status,
    stripe_cli::ProgramError,
};

/// Why a run failed.
#[derive(Debug, thiserror::Error, Diagnostic)]
pub(crate) enum CliError {
    #[error("no such file or directory: {}", quoted(paths))]
    #[diagnostic(help("check the spelling; nothing was scanned"))]
    Missing { paths: Vec<PathBuf> },
    #[error("cannot read `{}`", path.display())]
    #[diagnostic(help("make it readable, or leave it out"))]
    Unreadable { path: PathBuf, source: io::Error },
    #[error("cannot read standard input")]
    Stdin { source: io::Error },
    #[error("standard input cannot be scanned together with other paths")]
    #[diagnostic(help("give `-` alone, without --files-from"))]
    StdinIsNotAlone,
    #[error("cannot tell which language standard input is in")]
    #[diagnostic(help("name it with --language, or give a file name with --stdin-name"))]
    StdinLanguage,
    #[error("the list of files holds a path that is not UTF-8")]
    #[diagnostic(help("write the list in UTF-8"))]
    #[cfg_attr(unix, expect(dead_code, reason = "paths are any bytes on Unix"))]
    PathEncoding,
    #[error("there is no source file in a supported language")]
    #[diagnostic(help("{}", supported()))]
    NothingToScan,
    #[error("there is no file in which keys are looked for")]
    #[diagnostic(help(
        "give a folder with code or settings; --no-ignore, --include-tests and --include-dependencies \
         look at more"
    ))]
    NothingToLookAt,
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rules(#[from] RuleError),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Config(#[from] Box<ConfigError>),
    #[error(transparent)]
    #[diagnostic(transparent)]
    Manifest(#[from] Box<ManifestError>),
    #[error("there is no manifest in `{}`", folder.display())]
    #[diagnostic(help("{}", first_manifest(folder, below.as_deref())))]
    NoManifest {
        folder: PathBuf,
        below: Option<PathBuf>,
    },
    #[error("--manifest goes with one path")]
    #[diagnostic(help("check one folder at a time, or leave out --manifest: each has its own"))]
    OneManifest,
    #[error("`{}` is an archive of a kind that is not read", path.display())]
    #[diagnostic(help("unpack it, and give the folder; {} are read", archive_extensions()))]
    Archive { path: PathBuf },
    #[error("cannot open `{}`: {reason}", path.display())]
    #[diagnostic(help("check that the file is whole, or unpack it and give the folder"))]
    BadArchive { path: PathBuf, reason: String },
    #[error("cannot write `{}`", path.display())]
    #[diagnostic(help("name a file in a folder that exists and can be written to"))]
    Unwritable { path: PathBuf, source: io::Error },
    #[error("--write needs one folder that is one unit")]
    #[diagnostic(help("give one folder, or use --format yaml and --output FILE"))]
    WriteNeedsOneUnit,
    #[error("a document is about one unit, and here are {n_units}")]
    #[diagnostic(help("give the folder of one plugin"))]
    DocsNeedOneUnit { n_units: usize },
    #[error("cannot tell how `{}` is written", path.display())]
    #[diagnostic(help("say it with --format markdown or --format readme"))]
    DocsFormat { path: PathBuf },
    #[error("`{}` is too large to be a document", path.display())]
    #[diagnostic(help("name a README or readme.txt"))]
    DocsTooLarge { path: PathBuf },
    #[error("`{}` was left as it is: {error}", path.display())]
    #[diagnostic(help("{}", mending(error)))]
    Document { path: PathBuf, error: DocsError },
    #[error("--trace prints text or json, not {format}")]
    #[diagnostic(help("leave out --format, or give --format json"))]
    TraceFormat { format: &'static str },
    #[error("--trace writes one file, of the format of --format")]
    #[diagnostic(help("give --output once"))]
    TraceOutput,
    #[error("--out writes json or yaml, not {format}")]
    #[diagnostic(help("leave out --format, or give --format yaml"))]
    OutFormat { format: &'static str },
    #[error("there is nothing that --resume could continue")]
    #[diagnostic(help(
        "give --out DIR with reports in JSON, or --output FILE.jsonl, and no other output"
    ))]
    NothingToResume,
    #[error(
        "{} not written by rakscan, and left as {}: {}",
        be(paths),
        it(paths),
        quoted(paths)
    )]
    #[diagnostic(help("move what is there out of the way, or name another folder with --out"))]
    InTheWay { paths: Vec<PathBuf> },
    #[error("`{}` cannot be continued: line {number} is no report of rakscan", path.display())]
    #[diagnostic(help("name another file, or leave out --resume to write it anew"))]
    BadLine {
        path: PathBuf,
        number: u64,
        source: io::Error,
    },
    #[error("`{}` would be written twice", path.display())]
    #[diagnostic(help("give each --output a file of its own"))]
    OutputTwice { path: PathBuf },
    #[error(transparent)]
    #[diagnostic(transparent)]
    StripeCli(#[from] ProgramError),
    #[error(transparent)]
    #[diagnostic(help("{}", whereabouts(error)))]
    Trace { error: TraceError },
    #[error("nothing is known of `{subject}`")]
    #[diagnostic(help("{}", suggestion(nearest)))]
    UnknownSubject {
        subject: String,
        nearest: Vec<String>,
    },
    #[error(transparent)]
    #[diagnostic(help("{}", crate::error_help::log(error)))]
    Log { error: audit::LogError },
    #[error("--columns cannot be used: {error}")]
    #[diagnostic(help("write it as in `method=Verb,path=Endpoint,status=Code`"))]
    Columns { error: audit::ColumnsError },
    #[error("--granted cannot be used: {error}")]
    #[diagnostic(help("{}", crate::error_help::granted(error, nearest)))]
    Granted {
        error: audit::GrantedError,
        nearest: Vec<String>,
    },
    #[error("`{}` is no manifest: {reason}", path.display())]
    #[diagnostic(help("write one with `rakscan scan --write`, or give a PATH to scan"))]
    BadManifest { path: PathBuf, reason: String },
    #[error("there is nothing to explain")]
    #[diagnostic(help(
        "give a permission, an endpoint, an SDK call or a diagnostic code, or pipe Stripe's error message in"
    ))]
    NothingToExplain,
    #[error("cannot write the result")]
    Output(#[from] io::Error),
}

/// Says what to do about a document that cannot be written into.
fn mending(error: &DocsError) -> &'static str {
    match error {
        DocsError::LoneMarker { .. } => "write both markers, each on a line of its own, or none",
        DocsError::SecondMarker { .. } => "keep one pair of markers",
        DocsError::NotReadme => {
            "name the readme.txt of a WordPress plugin, or give --format markdown"
        }
    }
}

/// Lists how the names of archives end that are read.
fn archive_extensions() -> String {
    scan::archive_extensions().collect::<Vec<_>>().join(", ")
}

impl From<ScanError> for CliError {
    fn from(error: ScanError) -> Self {
        match error {
            ScanError::NotFound { path } => Self::Missing { paths: vec![path] },
            ScanError::Unreadable { path, source } => Self::Unreadable { path, source },
            ScanError::BadArchive { path, reason } => Self::BadArchive { path, reason },
            ScanError::UnknownArchive { path } => Self::Archive { path },
            ScanError::NothingToScan => Self::NothingToScan,
        }
    }
}

impl From<TraceError> for CliError {
    fn from(error: TraceError) -> Self {
        match error {
            TraceError::Scan(error) => error.into(),
            error => Self::Trace { error },
        }
    }
}

impl CliError {
    /// Returns how the run ends; a reader that has gone away is no failure.
    pub(crate) fn status(&self) -> Status {
        match self {
            Self::Output(error) if error.kind() == io::ErrorKind::BrokenPipe => Status::Done,
            Self::NothingToScan | Self::NothingToLookAt => Status::NothingToScan,
            _ => Status::Failed,
        }
    }

    /// Tells the error, its causes and what to do, on standard error.
    pub(crate) fn show(&self, screen: &Screen) {
        let text = if self.source_code().is_some() {
            excerpt(self, screen)
        } else {
            sentences(self, screen)
        };
        // Where nobody reads, there is nobody to tell.
        let _ = io::stderr().lock().write_all(text.as_bytes());
    }
}

/// Draws an error with the lines of the file that it is about.
fn excerpt(error: &CliError, screen: &Screen) -> String {
    let theme = match (screen.talk_is_read, screen.talk_styles) {
        (true, true) => GraphicalTheme::unicode(),
        (true, false) => GraphicalTheme::unicode_nocolor(),
        (false, true) => GraphicalTheme::ascii(),
        (false, false) => GraphicalTheme::none(),
    };
    let mut text = String::new();
    let drawn = GraphicalReportHandler::new_themed(theme)
        .with_links(false)
        .render_report(&mut text, error);
    match drawn {
        Ok(()) => text,
        Err(_) => sentences(error, screen),
    }
}

/// Writes an error as clap writes its own: a sentence, the causes, what to do.
fn sentences(error: &CliError, screen: &Screen) -> String {
    let paint = |style: Style, word: &str| {
        if screen.talk_styles {
            format!("{style}{word}{style:#}")
        } else {
            word.to_owned()
        }
    };
    let label = paint(AnsiColor::Red.on_default().bold(), "error:");
    let mut text = format!("{label} {}\n", report::sanitize(&error.to_string()));
    let mut cause = error.source();
    while let Some(inner) = cause {
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  because: {}", report::sanitize(&inner.to_string()));
        cause = inner.source();
    }
    if let Some(help) = error.help() {
        let label = paint(AnsiColor::Cyan.on_default(), "help:");
        // Writing to a string cannot fail.
        let _ = writeln!(text, "  {label} {}", report::sanitize(&help.to_string()));
    }
    text
}

/// Begins a sentence about files.
fn be(paths: &[PathBuf]) -> String {
    match paths.len() {
        1 => "a file was".to_owned(),
        n => format!("{n} files were"),
    }
}

fn it(paths: &[PathBuf]) -> &'static str {
    if paths.len() == 1 {
        "it is"
    } else {
        "they are"
    }
}

fn quoted(paths: &[PathBuf]) -> String {
    let paths: Vec<String> = paths
        .iter()
        .map(|path| format!("`{}`", Path::display(path)))
        .collect();
    paths.join(", ")
}

fn supported() -> String {
    let extensions: Vec<String> = model::language::Language::ALL
        .iter()
        .flat_map(|language| language.info().extensions)
        .map(|extension| format!(".{extension}"))
        .collect();
    let extensions = extensions.join(" ");
    format!(
        "give a folder with source code ({extensions}); --no-ignore, --include-tests and --include-dependencies read more"
    )
}

fn whereabouts(error: &TraceError) -> &'static str {
    match error {
        TraceError::NoSuchFile { .. } => {
            "give a path from here, or one as the report shows it, and a line: FILE:LINE"
        }
        TraceError::Outside { .. } => "give the folder that it belongs to as PATH",
        TraceError::NoText { .. } | TraceError::Scan(_) => "only source files can be traced",
        TraceError::NoSuchLine { .. } => "lines are counted from 1",
    }
}

fn first_manifest(folder: &Path, below: Option<&Path>) -> String {
    let path = match folder.as_os_str() {
        path if path == "." => String::new(),
        path => format!(" {}", Path::new(path).display()),
    };
    match below {
        Some(below) => format!(
            "there is one in `{}`: give that folder, or write one here with `rakscan scan --write{path}`",
            below.display()
        ),
        None => format!(
            "write the first one with `rakscan scan --write{path}` and commit it; or name it with --manifest"
        ),
    }
}

fn suggestion(nearest: &[String]) -> String {
    if nearest.is_empty() {
        return "give a permission id, an endpoint, an SDK call or a diagnostic code; `rakscan rules \
                list` shows all endpoints"
            .to_owned();
    }
    let names: Vec<String> = nearest.iter().map(|name| format!("`{name}`")).collect();
    format!("try {}", names.join(", "))
}
