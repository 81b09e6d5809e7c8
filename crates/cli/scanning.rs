//! Scans for a command: what was typed becomes manifests.

use std::path::PathBuf;

use model::manifest::{KeyTiers, Manifest};
use rules::RuleSet;
use scan::{Input, Split};

use crate::{
    args::{InputArgs, KeyArgs, RunArgs},
    error::CliError,
    input::input,
    progress::Bar,
    rescan,
    screen::Screen,
};

/// What is to be scanned, and how.
#[derive(Clone, Copy)]
pub(crate) struct Request<'a> {
    pub(crate) paths: &'a [PathBuf],
    pub(crate) files: &'a InputArgs,
    pub(crate) key: &'a KeyArgs,
    pub(crate) run: &'a RunArgs,
}

/// Scans what is asked for.
pub(crate) fn manifests(
    request: Request<'_>,
    rules: &RuleSet,
    screen: &Screen,
) -> Result<Vec<Manifest>, CliError> {
    let input = input(request.paths, request.files)?;
    let options = options(request, &input, rules)?;
    let bar = Bar::new(screen);
    Ok(scan::scan(&input, &options, rules, &bar)?)
}

/// Returns how `input` is to be scanned.
pub(crate) fn options(
    request: Request<'_>,
    input: &Input,
    rules: &RuleSet,
) -> Result<scan::Options, CliError> {
    let Request {
        files, key, run, ..
    } = request;
    let key_tiers = KeyTiers {
        one_off: !key.exclude_one_off,
        unreferenced: key.include_unreferenced,
    };
    let options = rescan::options(&files.read, run, key_tiers, input, rules)?;
    Ok(scan::Options {
        split: if files.units {
            Split::Packages
        } else {
            Split::Whole
        },
        ..options
    })
}
