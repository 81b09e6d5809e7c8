//! What can be typed.

use std::path::PathBuf;

use clap::{
    Args, Parser, Subcommand, ValueEnum, ValueHint,
    builder::{PossibleValue, PossibleValuesParser, TypedValueParser},
};
use clap_complete::Shell;
use model::language::Language;
use report::{Format, docs::Markup};

use crate::{
    audit_args::{self, AuditArgs},
    commands::{check, diff},
    keys_args,
    many::ManyArgs,
};

pub(crate) const INPUT: &str = "What is scanned";
pub(crate) const OUTPUT: &str = "What is printed";
const KEY: &str = "What the key is for";
pub(crate) const RUN: &str = "How it runs";

const ABOUT: &str =
    "Says which permissions a Stripe restricted API key needs, by reading source code";

const EXAMPLES: &str = "\
Examples:
  rakscan .                                  what the code in this folder needs
  rakscan wp-content/plugins/woo-acme -v     with every place that needs it
  rakscan woo-acme.4.0.8.zip                 a plugin as it was downloaded
  rakscan src -o report.json                 for another program
  rakscan . -f github -o sarif=report.sarif  in a workflow on GitHub
  rakscan . --write                          write stripe-permissions.yaml, to be committed
  rakscan check                              fail where that is no longer what the code needs
  rakscan wp-content/plugins --out reports   one report for each plugin
  rakscan . --units                          one key for each service of a monorepo
  rakscan - --language php < charge.php      standard input
  rakscan . --trace src/api.php:12           why the calls on that line count or do not
  rakscan explain charge_write               what a permission is and what needs it

Exit codes:
  0  done
  1  a check found a difference, or --keys a key that lies where it does not belong
  2  wrong usage, or a path, rule file or output failed
  3  nothing to scan
  4  incomplete, with --strict";

const DOCS_EXAMPLES: &str = "\
Examples:
  rakscan docs                               the table for a README
  rakscan docs --write readme.txt            into the readme.txt of a plugin
  rakscan docs plugin --write plugin/readme.txt --write README.md
  rakscan docs --write README.md --check     fail where it is out of date

Exit codes:
  0  done, or up to date
  1  out of date, with --check
  2  wrong usage, or a document, path or rule file failed
  3  nothing to scan";

const VERIFY_EXAMPLES: &str = "\
Examples:
  rakscan verify --with-stripe-cli .                     for the code in this folder
  rakscan verify --with-stripe-cli=/opt/stripe/stripe .  with a program that is not on the PATH
  rakscan verify --with-stripe-cli . --format json       for another program

Exit codes:
  0  Stripe says the same
  1  there are differences
  2  wrong usage, or the program could not be run or understood
  3  nothing to scan";

/// The whole command line.
#[derive(Debug, Parser)]
#[command(
    name = "rakscan",
    version,
    about = ABOUT,
    long_about = format!("{ABOUT}.\n\nReads PHP, JavaScript, TypeScript and Python; runs nothing, sends nothing."),
    after_long_help = EXAMPLES,
    args_conflicts_with_subcommands = true,
    arg_required_else_help = true,
    disable_help_subcommand = true,
    max_term_width = 100
)]
pub(crate) struct Cli {
    #[command(subcommand)]
    pub(crate) command: Option<Command>,
    #[command(flatten)]
    pub(crate) scan: ScanArgs,
    #[command(flatten)]
    pub(crate) talk: TalkArgs,
}

/// What can be done.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Say which permissions code needs (the default where a path is given)
    #[command(after_long_help = EXAMPLES)]
    Scan(ScanArgs),
    /// Compare code with its committed manifest: fail where the key would need more, or less
    #[command(after_long_help = check::EXAMPLES)]
    Check(check::CheckArgs),
    /// Say how the need of a key differs between two versions of code
    #[command(after_long_help = diff::EXAMPLES)]
    Diff(diff::DiffArgs),
    /// Write the permissions into a README or a WordPress readme.txt
    ///
    /// In Markdown, the part between `<!-- stripe-permissions:start -->` and
    /// `<!-- stripe-permissions:end -->` is replaced; without these markers a section is added at the
    /// end. In readme.txt a sub-section under External services and an answer under Frequently Asked
    /// Questions are. Without --write the text is printed.
    #[command(after_long_help = DOCS_EXAMPLES)]
    Docs(DocsArgs),
    /// Compare the rule table with what Stripe's own program says
    #[command(after_long_help = VERIFY_EXAMPLES)]
    Verify(VerifyArgs),
    /// Compare request logs and the permissions of a key with the code
    ///
    /// Says what was requested and is not in the code, what the key lacks, what it can lose, and what
    /// refused requests (403) mean.
    #[command(after_long_help = audit_args::EXAMPLES)]
    Audit(AuditArgs),
    /// Find Stripe keys that lie where they do not belong
    ///
    /// Looks through code, pages and settings, dotfiles such as `.env` too, for secret and restricted
    /// keys and webhook secrets, for variables that front-end frameworks put into browsers, and for
    /// secrets handed to Stripe.js. Keys are never printed: only their prefix and last four characters.
    #[command(after_long_help = keys_args::EXAMPLES)]
    Keys(keys_args::KeysArgs),
    /// Explain a permission, an endpoint, an SDK call or a diagnostic code
    Explain(ExplainArgs),
    /// Look at the rule table
    #[command(subcommand_required = true, arg_required_else_help = true)]
    Rules {
        #[command(subcommand)]
        command: RulesCommand,
    },
    /// Print a completion script for a shell
    Completions {
        /// Shell to complete for
        shell: Shell,
    },
}

/// What can be done with the rule table.
#[derive(Debug, Subcommand)]
pub(crate) enum RulesCommand {
    /// List endpoints with the permission that each needs
    List(ListArgs),
}

/// How much is said, and how it looks.
#[derive(Debug, Args)]
pub(crate) struct TalkArgs {
    /// Show every place and everything left out
    #[arg(short, long, global = true, conflicts_with = "quiet", help_heading = OUTPUT)]
    pub(crate) verbose: bool,
    /// Say nothing but the result and errors
    #[arg(short, long, global = true, help_heading = OUTPUT)]
    pub(crate) quiet: bool,
    /// When to colour
    ///
    /// `auto` colours where a terminal reads, and obeys `NO_COLOR`, `CLICOLOR_FORCE` and
    /// `FORCE_COLOR`.
    #[arg(long, value_name = "WHEN", global = true, default_value = "auto", help_heading = OUTPUT)]
    pub(crate) color: When,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum When {
    /// Where a terminal reads.
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// Rule files.
#[derive(Debug, Args)]
pub(crate) struct RuleArgs {
    /// Add rules from a YAML file; may be given several times
    ///
    /// Its rows add to the built-in table, and replace the row of the same endpoint.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = RUN)]
    pub(crate) rules: Vec<PathBuf>,
}

/// What is scanned, and what is printed of it.
#[derive(Debug, Args)]
pub(crate) struct ScanArgs {
    /// Folders, files and archives to scan; `-` for standard input
    ///
    /// A folder is one unit, unless it holds WordPress plugins or themes: each of those is one. An
    /// archive (.zip, .whl, .tar, .tar.gz, .tgz, .tar.xz, .txz) is read in place, as the folder that
    /// unpacking it would give; a folder of archives is one unit each.
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) output: OutputArgs,
    /// Look for keys that lie where they do not belong, too
    ///
    /// As `rakscan keys` does; exits with 1 where it finds an error.
    #[arg(long, conflicts_with_all = ["trace", "units"], help_heading = OUTPUT)]
    pub(crate) keys: bool,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// Which documents are written.
#[derive(Debug, Args)]
pub(crate) struct DocsArgs {
    /// Folder of the program [default: the current one]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Document to write into; may be given several times
    ///
    /// It is only touched where it says something else than the code.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub(crate) write: Vec<PathBuf>,
    /// Write nothing; exit with 1 where a document is out of date
    #[arg(long, requires = "write", help_heading = OUTPUT)]
    pub(crate) check: bool,
    /// How documents are written [default: by the name of each]
    #[arg(short, long, value_name = "FORMAT", value_parser = markups(), help_heading = OUTPUT)]
    pub(crate) format: Option<Markup>,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// How a scan runs.
#[derive(Debug, Args)]
pub(crate) struct RunArgs {
    /// Read the configuration from a file [default: rakscan.yaml in the scanned folder]
    ///
    /// It says what places request that cannot be told by reading them (`assume`), and which files
    /// are left out (`ignore`). One that lies deeper than the folder that is scanned is never read.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, conflicts_with = "no_config", help_heading = RUN)]
    pub(crate) config: Option<PathBuf>,
    /// Obey no configuration and no comment in the code
    ///
    /// For code that you do not trust: what it says about itself could hide what it requests.
    #[arg(long, help_heading = RUN)]
    pub(crate) no_config: bool,
    /// Number of threads [default: one per core]
    #[arg(short = 'j', long, value_name = "N", value_parser = clap::value_parser!(u16).range(1..=1024), help_heading = RUN)]
    pub(crate) threads: Option<u16>,
    /// Exit with 4 where anything is open, or told without effect
    ///
    /// Open is what could not be resolved or mapped. Told without effect are entries of rakscan.yaml
    /// and comments for rakscan that are mistaken or no longer needed.
    #[arg(long, help_heading = RUN)]
    pub(crate) strict: bool,
}

/// What is scanned.
#[derive(Debug, Args)]
pub(crate) struct InputArgs {
    /// Make each package of a repository a unit of its own
    ///
    /// For one key per service. A package is a folder with a package.json, composer.json,
    /// pyproject.toml, setup.py, setup.cfg, Pipfile or requirements.txt. Code of other packages counts
    /// for those that reach it through imports; what is left of the root is one more unit.
    #[arg(long, help_heading = INPUT)]
    pub(crate) units: bool,
    /// Read the paths to scan from a file, or from `-`
    ///
    /// One path a line, or separated by NUL bytes as `git ls-files -z` prints them. Each is scanned by
    /// itself, as if it were given as PATH.
    #[arg(long, value_name = "FILE", value_hint = ValueHint::FilePath, help_heading = INPUT)]
    pub(crate) files_from: Option<PathBuf>,
    /// Language of standard input
    #[arg(long, value_name = "LANG", value_parser = languages(), help_heading = INPUT)]
    pub(crate) language: Option<Language>,
    /// Name shown for standard input; its extension can stand in for --language
    #[arg(long, value_name = "NAME", help_heading = INPUT)]
    pub(crate) stdin_name: Option<String>,
    #[command(flatten)]
    pub(crate) read: ReadArgs,
}

/// Which files are read.
#[derive(Debug, Args)]
pub(crate) struct ReadArgs {
    /// Read what `.gitignore` and other ignore files name
    #[arg(long, help_heading = INPUT)]
    pub(crate) no_ignore: bool,
    /// Read tests too
    #[arg(long, help_heading = INPUT)]
    pub(crate) include_tests: bool,
    /// Read dependencies too (`vendor`, `node_modules`)
    #[arg(long, help_heading = INPUT)]
    pub(crate) include_dependencies: bool,
    /// Leave out larger files, for instance 500k or 1M [default: 4M]
    #[arg(long, value_name = "SIZE", value_parser = size, help_heading = INPUT)]
    pub(crate) max_file_size: Option<u64>,
}

/// What is printed.
#[derive(Debug, Args)]
pub(crate) struct OutputArgs {
    /// Format of the result [default: text]
    #[arg(short, long, value_name = "FORMAT", value_parser = formats(), help_heading = OUTPUT)]
    pub(crate) format: Option<Format>,
    /// Write the result into a file; may be given several times
    ///
    /// The format is the one named before the file, as in `sarif=report.sarif`; without it that of
    /// --format, or else what the extension says (.json, .jsonl, .sarif, .yaml, .md,
    /// .txt), or else text.
    /// Where every file has a format of its own, what --format names is printed too.
    #[arg(short, long, value_name = "[FORMAT=]FILE", value_parser = output, value_hint = ValueHint::FilePath, help_heading = OUTPUT)]
    pub(crate) output: Vec<Output>,
    #[command(flatten)]
    pub(crate) many: ManyArgs,
    /// Write stripe-permissions.yaml into the folder that is scanned
    ///
    /// With --units, into the folder of each unit.
    #[arg(long, conflicts_with_all = ["output", "format"], help_heading = OUTPUT)]
    pub(crate) write: bool,
    /// Say why the calls on one line were or were not counted
    ///
    /// FILE is a path from here, or one as the result shows it. For each call on the line: what it is
    /// called on, the values it is given, the wrappers that it goes through, the request that it sends
    /// and the permission, or why it sends none. With --format json for programs.
    #[arg(
        long,
        value_name = "FILE:LINE",
        value_parser = place,
        conflicts_with_all = ["write", "units", "strict", "explain_skips", "test_mode"],
        help_heading = OUTPUT
    )]
    pub(crate) trace: Option<Place>,
    /// Say how many files were left out, and why
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) explain_skips: bool,
    /// Let SARIF list every place that needs a permission, as a note
    ///
    /// Otherwise it holds what somebody must look at, and nothing else.
    #[arg(long, help_heading = OUTPUT)]
    pub(crate) evidence: bool,
}

/// A file that a result is written into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Output {
    /// The format that was named with it.
    pub(crate) format: Option<Format>,
    pub(crate) file: PathBuf,
}

/// What the key is made for.
#[derive(Debug, Args)]
pub(crate) struct KeyArgs {
    /// Let Dashboard links create a test mode key
    #[arg(long, help_heading = KEY)]
    pub(crate) test_mode: bool,
    /// Let the key do what only unreachable code needs
    ///
    /// Such requests are listed in any case, but are not part of the key unless this is given.
    #[arg(long, help_heading = KEY)]
    pub(crate) include_unreferenced: bool,
    /// Keep out of the key what only upgrade code needs
    ///
    /// Requests that are made once, by upgrade or migration code, are part of the key unless this is
    /// given.
    #[arg(long, help_heading = KEY)]
    pub(crate) exclude_one_off: bool,
}

/// What is verified, and with what.
#[derive(Debug, Args)]
pub(crate) struct VerifyArgs {
    /// Folders, files and archives to scan [default: the current folder]
    #[arg(value_name = "PATH", value_hint = ValueHint::AnyPath)]
    pub(crate) paths: Vec<PathBuf>,
    /// Ask Stripe with its own program, `stripe` or the one that is named
    ///
    /// Runs `stripe keys permissions` with the endpoints that the code requests. That program goes to
    /// the network, with the key of its own login; rakscan itself does neither. Only verbs and paths
    /// are handed over, without ids, and no source code.
    #[arg(long, value_name = "PROGRAM", num_args = 0..=1, require_equals = true, default_missing_value = "stripe", required = true, value_hint = ValueHint::ExecutablePath, help_heading = RUN)]
    pub(crate) with_stripe_cli: PathBuf,
    /// Give up on the program after this many seconds
    #[arg(long, value_name = "SECONDS", default_value_t = 60, value_parser = clap::value_parser!(u64).range(1..=3600), help_heading = RUN)]
    pub(crate) timeout: u64,
    /// Format of the result
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) input: InputArgs,
    #[command(flatten)]
    pub(crate) key: KeyArgs,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
    #[command(flatten)]
    pub(crate) run: RunArgs,
}

/// A line of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    pub(crate) file: PathBuf,
    pub(crate) line: u32,
}

/// What is explained.
#[derive(Debug, Args)]
pub(crate) struct ExplainArgs {
    /// For instance `charge_write`, `POST /v1/refunds`, `customers.create`, `dynamic-operation`
    ///
    /// A permission (with or without `rak_`, or its Dashboard label), an endpoint, a call as the PHP,
    /// Node.js or Python SDK spells it, a diagnostic code, or the text of Stripe's error message.
    /// `-`, or nothing where input is piped, reads it from standard input: one or several messages, also
    /// inside JSON or a log.
    #[arg(value_name = "SUBJECT")]
    pub(crate) subject: Vec<String>,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// What is listed.
#[derive(Debug, Args)]
pub(crate) struct ListArgs {
    /// Only rows with this text in the endpoint, permission, grade or status
    pub(crate) filter: Option<String>,
    /// Format of the list
    #[arg(short, long, value_name = "FORMAT", default_value = "text", help_heading = OUTPUT)]
    pub(crate) format: ListFormat,
    #[command(flatten)]
    pub(crate) rules: RuleArgs,
}

/// Format of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub(crate) enum ListFormat {
    /// A table for people.
    Text,
    /// For programs.
    Json,
}

fn markups() -> impl TypedValueParser<Value = Markup> {
    let ids = Markup::ALL.map(Markup::id);
    PossibleValuesParser::new(ids).try_map(|id| Markup::from_id(&id).ok_or("no such format"))
}

fn formats() -> impl TypedValueParser<Value = Format> {
    let values = Format::ALL.map(|format| PossibleValue::new(format.id()).help(format.summary()));
    PossibleValuesParser::new(values)
        .try_map(|id| Format::from_id(&id).ok_or("there is no such format"))
}

/// Reads `report.json` or `json=report.json`.
fn output(text: &str) -> Result<Output, String> {
    let (word, file) = match text.split_once('=') {
        Some((word, file)) if is_word(word) => (Some(word), file),
        Some(_) | None => (None, text),
    };
    if file.is_empty() {
        return Err("expected the name of a file".to_owned());
    }
    let format = word.map(|word| {
        Format::from_id(word).ok_or_else(|| {
            format!("there is no format `{word}`; write ./{text} for a file of that name")
        })
    });
    Ok(Output {
        format: format.transpose()?,
        file: file.into(),
    })
}

fn is_word(text: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_alphanumeric() || c == '-';
    !text.is_empty() && text.chars().all(is_letter)
}

fn languages() -> impl TypedValueParser<Value = Language> {
    PossibleValuesParser::new(Language::ALL.map(|language| language.info().id))
        .try_map(|id| Language::from_id(&id).ok_or("there is no such language"))
}

/// Reads `a/b.php:12`; a column behind it, as reports print it, is left out.
fn place(text: &str) -> Result<Place, String> {
    let wrong = || "expected a file and a line, as in includes/api.php:12".to_owned();
    let split = |text: &str| -> Option<(String, u32)> {
        let (before, number) = text.rsplit_once(':')?;
        Some((before.to_owned(), number.parse().ok()?))
    };
    let (before, last) = split(text).ok_or_else(wrong)?;
    let (file, line) = split(&before).unwrap_or((before, last));
    if file.is_empty() || line == 0 {
        return Err(wrong());
    }
    Ok(Place {
        file: file.into(),
        line,
    })
}

/// Reads `500k`, `1M`, `2G` or a number of bytes.
fn size(text: &str) -> Result<u64, String> {
    let wrong = || "expected a number of bytes such as 500k or 1M".to_owned();
    let text = text.trim_end_matches(['B', 'b']).trim_end_matches('i');
    let (number, factor) = match text.char_indices().last() {
        Some((at, 'k' | 'K')) => (text.get(..at), 1 << 10),
        Some((at, 'm' | 'M')) => (text.get(..at), 1 << 20),
        Some((at, 'g' | 'G')) => (text.get(..at), 1 << 30),
        _ => (Some(text), 1),
    };
    let number: u64 = number.and_then(|n| n.parse().ok()).ok_or_else(wrong)?;
    number.checked_mul(factor).ok_or_else(wrong)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory as _;

    use super::*;

    #[test]
    fn the_definition_is_consistent() {
        Cli::command().debug_assert();
    }

    #[test]
    fn places_have_a_file_and_a_line() {
        let at = |file: &str, line| {
            Ok(Place {
                file: file.into(),
                line,
            })
        };
        assert_eq!(place("a/b.php:12"), at("a/b.php", 12));
        assert_eq!(place("a/b.php:12:5"), at("a/b.php", 12));
        assert_eq!(place(r"C:\a.php:3"), at(r"C:\a.php", 3));
        for wrong in ["a.php", "a.php:", "a.php:x", ":3", "a.php:0"] {
            assert!(place(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn outputs_may_name_their_format() {
        let read = |text| output(text).map(|one| (one.format, one.file));
        let sarif = Some(Format::Sarif);
        assert_eq!(read("sarif=a.txt"), Ok((sarif, "a.txt".into())));
        assert_eq!(read("a.txt"), Ok((None, "a.txt".into())));
        assert_eq!(read("./sarfi=a"), Ok((None, "./sarfi=a".into())));
        assert!(read("sarfi=a").is_err() && read("json=").is_err() && read("").is_err());
    }

    #[test]
    fn sizes_have_units() {
        assert_eq!(size("500k"), Ok(512_000));
        assert_eq!(size("1M"), Ok(1_048_576));
        assert_eq!(size("2MiB"), Ok(2_097_152));
        assert_eq!(size("77"), Ok(77));
        assert!(size("M").is_err() && size("1x").is_err() && size("99999999999G").is_err());
    }
}
