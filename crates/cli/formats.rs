//! Which results go where, and what has to be said or written beside them.

use std::{
    collections::BTreeSet,
    env,
    fs::OpenOptions,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

use model::{manifest::Manifest, permission::PermissionId};
use report::{Format, Start};
use rules::RuleSet;

use crate::{
    args::{Output, OutputArgs},
    error::CliError,
    many,
    screen::Screen,
};

/// Which results go where.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Plan {
    /// What is printed, if anything is.
    pub(crate) printed: Option<Format>,
    /// What is written into files.
    pub(crate) files: Vec<(Format, PathBuf)>,
    /// What is written into a folder, one file for each unit.
    pub(crate) out: Option<(Format, PathBuf)>,
    /// Whether a repository is split, whose units are then shown side by side.
    pub(crate) is_split: bool,
}

impl Plan {
    /// Writes nothing that is told by formats.
    pub(crate) const fn nothing() -> Self {
        Self {
            printed: None,
            files: Vec::new(),
            out: None,
            is_split: false,
        }
    }

    /// Decides what was asked for.
    ///
    /// What `--format` names goes into the files that are named without a format of their own, or else
    /// is printed.
    pub(crate) fn of(args: &OutputArgs, is_split: bool) -> Result<Self, CliError> {
        let mut seen = BTreeSet::new();
        if let Some(twice) = args.output.iter().find(|one| !seen.insert(&one.file)) {
            let path = twice.file.clone();
            return Err(CliError::OutputTwice { path });
        }
        let format = |output: &Output| {
            let named = output.format.or(args.format);
            let said = || by_extension(&output.file);
            named.or_else(said).unwrap_or(Format::Text)
        };
        let files = args.output.iter();
        let files = files.map(|one| (format(one), one.file.clone())).collect();
        // A file without a format of its own takes that of `--format`.
        let is_taken =
            args.many.out.is_some() || args.output.iter().any(|one| one.format.is_none());
        let printed = match args.format {
            Some(format) => (!is_taken).then_some(format),
            None => (args.output.is_empty() && args.many.out.is_none()).then_some(Format::Text),
        };
        let plan = Self {
            printed,
            files,
            out: out(args)?,
            is_split,
        };
        if args.many.resume && !plan.can_be_resumed() {
            return Err(CliError::NothingToResume);
        }
        Ok(plan)
    }

    /// Lists the files that are written when all units are there.
    pub(crate) fn at_once(&self) -> impl Iterator<Item = (Format, &Path)> {
        let files = self
            .files
            .iter()
            .map(|(format, path)| (*format, path.as_path()));
        files.filter(|(format, _)| self.is_at_once(*format))
    }

    /// Returns what is printed when all units are there.
    pub(crate) fn printed_at_once(&self) -> Option<Format> {
        self.printed.filter(|format| self.is_at_once(*format))
    }

    fn is_at_once(&self, format: Format) -> bool {
        self.is_split || !many::is_streamed(format)
    }

    /// Tells whether any result needs all units at once.
    pub(crate) fn needs_all(&self) -> bool {
        self.printed_at_once().is_some() || self.at_once().next().is_some()
    }

    /// Tells whether what is written says by itself which units are done.
    fn can_be_resumed(&self) -> bool {
        match (&self.out, self.files.as_slice(), self.printed) {
            (Some((Format::Json, _)), [], None) | (None, [(Format::Jsonl, _)], None) => true,
            (_, _, _) => false,
        }
    }

    /// Tells whether any result is of `format`.
    pub(crate) fn has(&self, format: Format) -> bool {
        self.printed == Some(format) || self.files.iter().any(|(one, _)| *one == format)
    }
}

/// Returns what is written into a folder.
fn out(args: &OutputArgs) -> Result<Option<(Format, PathBuf)>, CliError> {
    let Some(folder) = &args.many.out else {
        return Ok(None);
    };
    match args.format.unwrap_or(Format::Json) {
        format @ (Format::Json | Format::Yaml) => Ok(Some((format, folder.clone()))),
        format => Err(CliError::OutFormat {
            format: format.id(),
        }),
    }
}

/// Returns the format that the name of a file says.
fn by_extension(file: &Path) -> Option<Format> {
    let name = file.file_name()?.to_str()?.to_ascii_lowercase();
    let extension = match name.strip_suffix(".sarif.json") {
        Some(_) => "sarif",
        None => name.rsplit_once('.')?.1,
    };
    match extension {
        "json" => Some(Format::Json),
        "jsonl" | "ndjson" => Some(Format::Jsonl),
        "sarif" => Some(Format::Sarif),
        "yaml" | "yml" => Some(Format::Yaml),
        "md" | "markdown" => Some(Format::Markdown),
        "txt" => Some(Format::Text),
        _ => None,
    }
}

/// Finds where the paths of findings start: at the checkout of a workflow, or the current folder.
pub(crate) fn start() -> Start {
    let Ok(current) = env::current_dir() else {
        return Start::default();
    };
    let workspace = env::var_os("GITHUB_WORKSPACE").map(PathBuf::from);
    let root = workspace.filter(|root| root.is_absolute() && current.starts_with(root));
    let slashed = |path: &Path| path.to_string_lossy().replace('\\', "/");
    Start {
        root: slashed(root.as_deref().unwrap_or(&current)),
        current: slashed(&current),
    }
}

/// Lists the permissions that the published schema of Stripe App manifests accepts.
pub(crate) fn app_permissions(rules: &RuleSet) -> BTreeSet<PermissionId> {
    let accepted = rules.permissions().filter(|rule| rule.app_schema);
    accepted.map(|rule| rule.info.id.clone()).collect()
}

/// Variable that names the file of the job summary.
const SUMMARY: &str = "GITHUB_STEP_SUMMARY";
/// GitHub refuses a summary of more than 1 MiB.
const LONGEST_SUMMARY: usize = 1_000_000;

/// Adds `markdown` to the job summary, where there is one.
pub(crate) fn job_summary(markdown: &[u8]) -> Result<(), CliError> {
    let Some(path) = env::var_os(SUMMARY).filter(|path| !path.is_empty()) else {
        return Ok(());
    };
    let path = PathBuf::from(path);
    let kept = cut(markdown);
    let write = || -> io::Result<()> {
        let mut file = OpenOptions::new().create(true).append(true).open(&path)?;
        file.write_all(kept)?;
        if kept.len() < markdown.len() {
            file.write_all("\n\n… cut here: GitHub takes no more than 1 MiB.\n".as_bytes())?;
        }
        file.write_all(b"\n")
    };
    write().map_err(|source| CliError::Unwritable {
        path: path.clone(),
        source,
    })
}

/// Cuts at a line break what is too long.
fn cut(markdown: &[u8]) -> &[u8] {
    let Some(head) = markdown.get(..LONGEST_SUMMARY) else {
        return markdown;
    };
    match head.iter().rposition(|byte| *byte == b'\n') {
        Some(end) => head.get(..end).unwrap_or(head),
        None => b"",
    }
}

/// Says how many results SARIF does not hold.
pub(crate) fn say_cut(manifests: &[Manifest], options: &report::Options, screen: &Screen) {
    let n_cut = report::n_cut_from_sarif(manifests, options);
    if n_cut > 0 {
        screen.remark(&format!(
            "sarif: {n_cut} results are left out: code scanning shows 5000"
        ));
    }
}

/// Says why there is no command for Stripe's program.
pub(crate) fn say_no_endpoint(manifests: &[Manifest], screen: &Screen) {
    if report::stripe_cli_endpoints(manifests).is_empty() {
        screen.remark("stripe-cli: nothing to ask, no endpoint was found");
    }
}

/// Says what the manifest of a Stripe App cannot ask for, even where little is to be said: otherwise
/// it would be dropped silently. Returns how much that is.
pub(crate) fn say_refused(manifests: &[Manifest], options: &report::Options) -> usize {
    let refused = report::refused_by_stripe_apps(manifests, options);
    let mut talk = anstream::stderr().lock();
    for one in &refused {
        // Where nobody reads, there is nobody to tell.
        let _ = writeln!(
            talk,
            "stripe-app: left out `{}`, which the published schema of app manifests does not accept: {}",
            report::sanitize(&one.id.to_string()),
            report::sanitize(&one.purpose),
        );
    }
    let open = manifests.iter().filter(|one| !one.is_complete()).count();
    if open > 0 {
        let _ = writeln!(
            talk,
            "stripe-app: incomplete, permissions may be missing; `rakscan scan` names what is open"
        );
    }
    refused.len()
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::args::Cli;

    fn plan(arguments: &[&str]) -> Plan {
        let all = ["rakscan", "."].iter().chain(arguments);
        Plan::of(&Cli::try_parse_from(all).unwrap().scan.output, false).unwrap()
    }

    fn written(plan: &Plan) -> Vec<(&str, &str)> {
        let files = plan.files.iter();
        files
            .map(|(format, path)| (format.id(), path.to_str().unwrap()))
            .collect()
    }

    #[test]
    fn one_file_takes_the_format_or_its_extension_says_it() {
        assert_eq!(plan(&[]).printed, Some(Format::Text));
        assert_eq!(plan(&["-f", "json"]).printed, Some(Format::Json));
        let both = plan(&["-f", "markdown", "-o", "a.json"]);
        assert_eq!(
            (both.printed, written(&both)),
            (None, vec![("markdown", "a.json")])
        );
        let said = plan(&["-o", "a.Sarif.JSON"]);
        assert_eq!(
            (said.printed, written(&said)),
            (None, vec![("sarif", "a.Sarif.JSON")])
        );
        assert_eq!(written(&plan(&["-o", "list"])), [("text", "list")]);
    }

    #[test]
    fn a_format_that_no_file_takes_is_printed() {
        let plan = plan(&["-f", "github", "-o", "sarif=a", "-o", "json=b.txt"]);
        assert_eq!(plan.printed, Some(Format::Github));
        assert_eq!(written(&plan), [("sarif", "a"), ("json", "b.txt")]);
    }

    #[test]
    fn several_files_are_told_apart_by_their_extensions() {
        let plan = plan(&["-o", "a.json", "-o", "b.md", "-o", "c"]);
        assert_eq!(plan.printed, None);
        assert_eq!(
            written(&plan),
            [("json", "a.json"), ("markdown", "b.md"), ("text", "c")]
        );
    }

    #[test]
    fn a_summary_is_cut_at_a_line() {
        let long = "line\n".repeat(300_000);
        let kept = cut(long.as_bytes());
        assert!(kept.len() <= LONGEST_SUMMARY && kept.ends_with(b"line"));
        assert_eq!(cut(b"short"), b"short");
    }
}
