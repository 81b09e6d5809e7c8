//! The configuration file: what the owner of the code says about it.
//!
//! Read only where the user names it, or at the root of a folder that the user names; what lies
//! deeper may be code of others.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use miette::{Diagnostic, NamedSource, SourceSpan};
use model::{
    Name,
    api::Endpoint,
    config::{Assumption, Config, Exclusion, Feature, Part},
};
use rules::{
    OperationError, RuleSet,
    locate::{self, Place, Step},
};
use scan::{CONFIG_FILES, Input};
use serde::Deserialize;

use crate::{args::RunArgs, error::CliError, input::failed, nearest::nearest};

/// No honest configuration is larger; what is larger is refused before it is parsed.
const LARGEST: usize = 1 << 20;

/// A configuration file that cannot be used.
#[derive(Debug, thiserror::Error, Diagnostic)]
#[error("{message}")]
#[diagnostic(code("bad-configuration"))]
pub(crate) struct ConfigError {
    message: String,
    #[help]
    help: Option<String>,
    #[source_code]
    source_code: NamedSource<String>,
    #[label("here")]
    span: SourceSpan,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ConfigFile {
    #[serde(default)]
    assume: Vec<AssumeEntry>,
    #[serde(default)]
    ignore: Vec<IgnoreEntry>,
    #[serde(default)]
    features: Vec<FeatureEntry>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct FeatureEntry {
    name: String,
    paths: Vec<String>,
    #[serde(default)]
    optional: bool,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct AssumeEntry {
    at: String,
    function: Option<String>,
    endpoints: Option<Vec<String>>,
    uses: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct IgnoreEntry {
    path: String,
    reason: String,
}

/// Reads the configuration of each root of `input` that has one.
pub(crate) fn load(
    args: &RunArgs,
    input: &Input,
    rules: &RuleSet,
) -> Result<BTreeMap<PathBuf, Config>, CliError> {
    let Input::Paths(roots) = input else {
        return Ok(BTreeMap::new());
    };
    if args.no_config {
        return Ok(BTreeMap::new());
    }
    if let Some(file) = &args.config {
        let config = read(file, rules)?;
        return Ok(roots
            .iter()
            .map(|root| (root.clone(), config.clone()))
            .collect());
    }
    let mut configs = BTreeMap::new();
    for root in roots {
        if let Some(file) = at_root(root, &CONFIG_FILES) {
            configs.insert(root.clone(), read(&file, rules)?);
        }
    }
    Ok(configs)
}

/// Finds the first file of these names in a folder; a link that leads out of it is none.
pub(crate) fn at_root(root: &Path, names: &[&str]) -> Option<PathBuf> {
    let whole = root.canonicalize().ok().filter(|root| root.is_dir())?;
    names.iter().map(|name| root.join(name)).find(|file| {
        let target = file.canonicalize();
        target.is_ok_and(|target| target.is_file() && target.starts_with(&whole))
    })
}

fn read(file: &Path, rules: &RuleSet) -> Result<Config, CliError> {
    let bytes = fs::read(file).map_err(|source| failed(file, source))?;
    let text = String::from_utf8_lossy(&bytes);
    let shown = file.display().to_string();
    let name = file.file_name().unwrap_or(file.as_os_str());
    Ok(parse(&shown, &name.to_string_lossy(), &text, rules)?)
}

/// A mistake and the path to it.
struct Fault {
    path: Vec<Step>,
    message: String,
    help: Option<String>,
}

fn fault(path: &[Step], message: impl Into<String>, help: impl Into<String>) -> Fault {
    Fault {
        path: path.to_vec(),
        message: message.into(),
        help: Some(help.into()),
    }
}

fn parse(shown: &str, name: &str, text: &str, rules: &RuleSet) -> Result<Config, Box<ConfigError>> {
    let error = |message: String, help: Option<String>, place: Place| {
        Box::new(ConfigError {
            message: report::sanitize(&message).into_owned(),
            help,
            source_code: NamedSource::new(shown, text.to_owned()).with_language("yaml"),
            span: (place.start, place.len).into(),
        })
    };
    if text.len() > LARGEST {
        let message =
            format!("the file has more than the {LARGEST} bytes a configuration may have");
        return Err(error(message, None, Place::default()));
    }
    let file: Option<ConfigFile> = serde_yaml::from_str(text).map_err(|wrong| {
        let message = locate::bare(&wrong).replace("unknown field", "unknown key");
        let message = message.replace("missing field", "missing key");
        error(message, None, locate::place_of(text, &wrong))
    })?;
    let Some(file) = file else {
        return Ok(Config::default());
    };
    checked(name, text, &file, rules)
        .map_err(|fault| error(fault.message, fault.help, locate::value(text, &fault.path)))
}

fn checked(name: &str, text: &str, file: &ConfigFile, rules: &RuleSet) -> Result<Config, Fault> {
    let line = |path: &[Step]| u32::try_from(locate::value(text, path).line).unwrap_or(u32::MAX);
    let mut config = Config {
        file: name.into(),
        ..Config::default()
    };
    for (n, entry) in file.assume.iter().enumerate() {
        let under = [Step::Key("assume"), Step::Index(n)];
        let assumption = assumption(entry, &under, line(&under), rules)?;
        config.assumptions.push(assumption);
    }
    for (n, entry) in file.ignore.iter().enumerate() {
        let under = [Step::Key("ignore"), Step::Index(n)];
        config
            .exclusions
            .push(exclusion(entry, &under, line(&under))?);
    }
    for (n, entry) in file.features.iter().enumerate() {
        let under = [Step::Key("features"), Step::Index(n)];
        let feature = feature(entry, &under, line(&under), &config.features)?;
        config.features.push(feature);
    }
    Ok(config)
}

fn below(under: &[Step], more: &[Step]) -> Vec<Step> {
    [under, more].concat()
}

fn assumption(
    entry: &AssumeEntry,
    under: &[Step],
    line: u32,
    rules: &RuleSet,
) -> Result<Assumption, Fault> {
    let at = below(under, &["at".into()]);
    let (path, part) = place(&entry.at);
    if path.is_empty() || path.starts_with('/') || path.split('/').any(|part| part == "..") {
        let help = "write it relative to this file's folder, as in `src/export.php`";
        return Err(fault(&at, format!("`{}` is no path here", entry.at), help));
    }
    let part = match (part, &entry.function) {
        (Part::File, Some(function)) => Part::Function(function.as_str().into()),
        (Part::Line(_), Some(_)) => {
            let help = "keep the function: lines move";
            return Err(fault(
                &at,
                "an entry names a line or a function, not both",
                help,
            ));
        }
        (part, _) => part,
    };
    if entry.endpoints.is_none() && entry.uses.is_none() {
        let help = "add `endpoints: [POST /v1/refunds]`, `uses: [refunds.create]`, or `uses: []` \
                    if it makes no request";
        return Err(fault(
            under,
            "the entry does not say what is requested",
            help,
        ));
    }
    let mut endpoints = Vec::new();
    for (key, list) in [("endpoints", &entry.endpoints), ("uses", &entry.uses)] {
        for (n, operation) in list.iter().flatten().enumerate() {
            let path = below(under, &[key.into(), n.into()]);
            endpoints.push(endpoint(operation, &path, rules)?);
        }
    }
    Ok(Assumption {
        line,
        path,
        part,
        endpoints,
    })
}

/// Reads `src/a.php`, `src/a.php:12` and `src/a.php:12:5`.
fn place(at: &str) -> (Name, Part) {
    let number = |text: &str| text.parse::<u32>().ok().filter(|n| *n > 0);
    let numbered = |text: &str| {
        let (before, after) = text.rsplit_once(':')?;
        Some((before.to_owned(), number(after)?))
    };
    let (path, line) = match numbered(at) {
        None => (at.to_owned(), None),
        Some((before, n)) => match numbered(&before) {
            Some((path, line)) => (path, Some(line)),
            None => (before, Some(n)),
        },
    };
    let path = path.replace('\\', "/");
    let path = path.strip_prefix("./").unwrap_or(&path);
    (path.into(), line.map_or(Part::File, Part::Line))
}

fn endpoint(operation: &str, path: &[Step], rules: &RuleSet) -> Result<Endpoint, Fault> {
    rules.operation(operation).map_err(|wrong| {
        let help = match &wrong {
            OperationError::Ambiguous { .. } => "write the endpoint".to_owned(),
            OperationError::Unknown { text } => unknown(text, rules),
        };
        fault(path, wrong.to_string(), help)
    })
}

fn unknown(text: &str, rules: &RuleSet) -> String {
    let endpoints: Vec<String> = rules
        .endpoints()
        .map(|rule| rule.endpoint.to_string())
        .collect();
    let near = nearest(text, endpoints.iter().map(String::as_str));
    match near.first() {
        Some(near) => format!("write `{near}` if that is meant"),
        None => "write an endpoint of `rakscan rules list`, or a call such as `refunds.create`; \
                 `--rules` adds endpoints"
            .to_owned(),
    }
}

fn feature(
    entry: &FeatureEntry,
    under: &[Step],
    line: u32,
    others: &[Feature],
) -> Result<Feature, Fault> {
    let name = entry.name.trim();
    let at_name = below(under, &["name".into()]);
    if name.is_empty() {
        let help = "write what users call it, as in `Subscriptions`";
        return Err(fault(&at_name, "the name of the feature is empty", help));
    }
    if others.iter().any(|other| &*other.name == name) {
        let help = "put all its paths into one entry";
        return Err(fault(&at_name, format!("`{name}` is named twice"), help));
    }
    if entry.paths.is_empty() {
        let help = "write patterns as in `.gitignore`: `paths: [src/subscriptions/]`";
        return Err(fault(
            &below(under, &["paths".into()]),
            "the feature has no paths",
            help,
        ));
    }
    for (n, path) in entry.paths.iter().enumerate() {
        if let Some(wrong) = scan::pattern_fault(path) {
            let at = below(under, &["paths".into(), n.into()]);
            let help = "write a pattern as in `.gitignore`: `src/subscriptions/`, `*-refund.php`";
            return Err(fault(&at, wrong, help));
        }
    }
    Ok(Feature {
        line,
        name: name.into(),
        patterns: entry.paths.iter().map(|path| path.trim().into()).collect(),
        optional: entry.optional,
    })
}

fn exclusion(entry: &IgnoreEntry, under: &[Step], line: u32) -> Result<Exclusion, Fault> {
    if let Some(wrong) = scan::pattern_fault(&entry.path) {
        let path = below(under, &["path".into()]);
        let help = "write a pattern as in `.gitignore`: `legacy/`, `*.inc.php`, `src/**/old.js`";
        return Err(fault(&path, wrong, help));
    }
    if entry.reason.trim().is_empty() {
        let path = below(under, &["reason".into()]);
        return Err(fault(
            &path,
            "the reason is empty",
            "say why these files do not matter",
        ));
    }
    Ok(Exclusion {
        line,
        pattern: entry.path.trim().into(),
        reason: model::source::mask_secrets(entry.reason.trim()).into(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_paths_with_or_without_a_line() {
        let of = |text| place(text);
        assert_eq!(of("./src/a.php"), ("src/a.php".into(), Part::File));
        assert_eq!(of("src\\a.php:12"), ("src/a.php".into(), Part::Line(12)));
        assert_eq!(of("a.php:12:5"), ("a.php".into(), Part::Line(12)));
        assert_eq!(of("a:b.php"), ("a:b.php".into(), Part::File));
    }
}
