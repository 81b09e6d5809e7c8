//! `docs`: the permissions in a README or `readme.txt`.

use std::{fs, path::Path};

use model::manifest::Manifest;
use report::docs::{self, Markup};

use crate::{
    args::DocsArgs,
    error::CliError,
    output::write,
    rule_files,
    scanning::{self, Request},
    screen::Screen,
    status::Status,
};

/// The largest document that is written into.
const LARGEST: u64 = 16 << 20;

pub(crate) fn run(args: &DocsArgs, screen: &Screen) -> Result<Status, CliError> {
    let rules = rule_files::load(&args.rules.rules)?;
    let request = Request {
        paths: &args.paths,
        files: &args.input,
        key: &args.key,
        run: &args.run,
    };
    let manifests = scanning::manifests(request, &rules, screen)?;
    let [manifest] = manifests.as_slice() else {
        return Err(CliError::DocsNeedOneUnit {
            n_units: manifests.len(),
        });
    };
    if args.write.is_empty() {
        let markup = args.format.unwrap_or(Markup::Markdown);
        screen.print(docs::render(manifest, markup).as_bytes())?;
        return Ok(Status::Done);
    }
    let mut is_stale = false;
    for path in &args.write {
        is_stale |= document(args, path, manifest, screen)?;
    }
    Ok(if is_stale {
        Status::Findings
    } else {
        Status::Done
    })
}

/// Writes into one document; tells whether that was left to be done.
fn document(
    args: &DocsArgs,
    path: &Path,
    manifest: &Manifest,
    screen: &Screen,
) -> Result<bool, CliError> {
    let markup = args.format.or_else(|| markup_of(path));
    let markup = markup.ok_or_else(|| CliError::DocsFormat { path: path.into() })?;
    let old = read(path)?;
    let new = docs::update(&old, manifest, markup).map_err(|error| CliError::Document {
        path: path.into(),
        error,
    })?;
    let shown = path.display();
    if new == old {
        screen.remark(&format!("{shown} is up to date"));
    } else if args.check {
        screen.remark(&format!(
            "{shown} is out of date: run `rakscan docs --write {shown}`"
        ));
        return Ok(true);
    } else {
        write(path, new)?;
        screen.remark(&format!("wrote {shown}"));
    }
    Ok(false)
}

fn read(path: &Path) -> Result<String, CliError> {
    let unreadable = |source| CliError::Unreadable {
        path: path.into(),
        source,
    };
    let size = fs::metadata(path).map_err(unreadable)?.len();
    if size > LARGEST {
        return Err(CliError::DocsTooLarge { path: path.into() });
    }
    fs::read_to_string(path).map_err(unreadable)
}

/// Says by its name what kind of document it is.
fn markup_of(path: &Path) -> Option<Markup> {
    let name = path.file_name()?.to_string_lossy().to_ascii_lowercase();
    let extension = name.rsplit_once('.').map_or("", |(_, extension)| extension);
    match extension {
        "md" | "markdown" | "mdx" => Some(Markup::Markdown),
        "txt" if name == "readme.txt" => Some(Markup::Readme),
        _ => None,
    }
}
