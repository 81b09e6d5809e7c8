//! Developer chores of rakscan.
//!
//! `cargo xtask compile-rules` makes `rules/compiled.tsv` of the YAML files beside it.
//! `cargo xtask profile PATH` says how long each step of a scan takes.
//! `cargo xtask generate N DIR` writes a plugin of N files that all talk to Stripe.
//! `cargo xtask plugins N DIR` writes a tree of N plugins, of which two in a hundred use Stripe.
//! `cargo xtask import-facts DIR` writes those YAML files from tables of facts; it was needed once.

mod facts;
mod import;
mod profile;
mod yaml;

use std::{
    fs, io,
    path::{Path, PathBuf},
    process::ExitCode,
};

use rules::RuleError;

/// The analysis makes and drops very many small values.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Why a chore was not done.
#[derive(Debug, thiserror::Error, miette::Diagnostic)]
enum ChoreError {
    #[error(
        "usage: cargo xtask compile-rules | import-facts DIR | profile PATH | generate N DIR | plugins N DIR"
    )]
    Usage,
    #[error("cannot read or write `{}`", path.display())]
    Disk {
        path: PathBuf,
        #[source]
        source: io::Error,
    },
    #[error("`{file}` has no column `{column}`")]
    Column { file: String, column: &'static str },
    #[error(transparent)]
    #[diagnostic(transparent)]
    Rule(#[from] RuleError),
    #[error(transparent)]
    Scan(#[from] scan::ScanError),
}

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            #[expect(
                clippy::print_stderr,
                reason = "a chore tells the developer what is wrong"
            )]
            {
                eprintln!("{:?}", miette::Report::new(error));
            }
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), ChoreError> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../rules");
    match words.as_slice() {
        ["compile-rules"] => compile_rules(&rules),
        ["import-facts", dir] => {
            for (name, text) in import::import(Path::new(dir))? {
                write(&rules.join(name), &text)?;
            }
            compile_rules(&rules)
        }
        ["profile", path] => {
            let table = profile::profile(Path::new(path))?;
            #[expect(clippy::print_stdout, reason = "a chore says what it found")]
            {
                print!("{table}");
            }
            Ok(())
        }
        ["generate", n_files, dir] => {
            let n_files = n_files.parse().map_err(|_| ChoreError::Usage)?;
            let dir = Path::new(dir);
            let written = sample::write(&sample::chain(n_files), dir);
            written.map(|_| ()).map_err(|source| disk(dir, source))
        }
        ["plugins", n_plugins, dir] => {
            let n_plugins = n_plugins.parse().map_err(|_| ChoreError::Usage)?;
            plugins(n_plugins, Path::new(dir))
        }
        _ => Err(ChoreError::Usage),
    }
}

fn plugins(n_plugins: usize, dir: &Path) -> Result<(), ChoreError> {
    let written = sample::plugins(n_plugins, dir).map_err(|source| disk(dir, source))?;
    #[expect(clippy::print_stdout, reason = "a chore says what it wrote")]
    {
        println!("{} files, {} bytes", written.files, written.bytes);
    }
    Ok(())
}

fn compile_rules(rules: &Path) -> Result<(), ChoreError> {
    let mut files = rules::Files::new();
    for folder in [
        "",
        "endpoints",
        "sdks",
        "http_clients",
        "functions",
        "libraries",
    ] {
        read_yaml(rules, folder, &mut files)?;
    }
    let compiled = rules::compile(&files)?;
    write(&rules.join("compiled.tsv"), &compiled)
}

fn read_yaml(rules: &Path, folder: &str, files: &mut rules::Files) -> Result<(), ChoreError> {
    let dir = rules.join(folder);
    let entries = fs::read_dir(&dir).map_err(|source| disk(&dir, source))?;
    for entry in entries {
        let path = entry.map_err(|source| disk(&dir, source))?.path();
        if path
            .extension()
            .is_some_and(|extension| extension == "yaml")
        {
            let file = path.file_name().unwrap_or_default().to_string_lossy();
            let name = format!("{folder}/{file}");
            files.insert(name.trim_start_matches('/').to_owned(), read(&path)?);
        }
    }
    Ok(())
}

fn read(path: &Path) -> Result<String, ChoreError> {
    fs::read_to_string(path).map_err(|source| disk(path, source))
}

fn write(path: &Path, text: &str) -> Result<(), ChoreError> {
    path.parent()
        .map_or(Ok(()), fs::create_dir_all)
        .and_then(|()| fs::write(path, text))
        .map_err(|source| disk(path, source))
}

fn disk(path: &Path, source: io::Error) -> ChoreError {
    ChoreError::Disk {
        path: path.to_owned(),
        source,
    }
}
