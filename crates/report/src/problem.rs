//! What tools that show single findings are told: what is open, and on request every place with a request.

use model::{
    diagnostic::{Code, Diagnostic},
    evidence::Tier,
    key::{KeyFinding, Severity},
    manifest::{Manifest, Needed, Request, Unmapped},
    source::Location,
};

use crate::{Options, help::help, place::from_start};

/// How bad something is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Level {
    /// It must be changed.
    Error,
    /// Somebody must look at it.
    Warning,
    /// It is good to know.
    Note,
}

impl Level {
    /// Returns the word for this level, the same in SARIF and in lists for people.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Note => "note",
        }
    }
}

/// What a finding is an example of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Rule {
    /// A diagnostic of this kind.
    Code(Code),
    /// A request without a known permission.
    UnmappedRequest,
    /// A request that needs a permission.
    Permission,
}

impl Rule {
    /// Returns the name of the rule, which stays the same from release to release.
    pub(crate) const fn id(self) -> &'static str {
        match self {
            Self::Code(code) => code.id(),
            Self::UnmappedRequest => "unmapped-request",
            Self::Permission => "permission",
        }
    }

    /// Returns what somebody should know who sees it for the first time.
    pub(crate) fn explanation(self) -> &'static str {
        match self {
            Self::Code(code) => code.explanation(),
            Self::UnmappedRequest => {
                "This request goes to Stripe, and it is not known which permission it needs. Either \
                 Stripe has not published that, or the endpoint is newer than the rule table, or no \
                 restricted key can be given it for connected accounts. Try the call with the key in \
                 test mode, and add what you find out with `--rules`."
            }
            Self::Permission => {
                "A restricted key needs this permission for the request that is made here. The list \
                 of all permissions, and the link that creates the key, is what `rakscan scan` prints."
            }
        }
    }
}

/// One finding.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Problem<'a> {
    pub(crate) level: Level,
    pub(crate) rule: Rule,
    /// Path as seen from where the reader starts.
    pub(crate) path: String,
    pub(crate) at: &'a Location,
    /// One sentence; not yet made safe to print.
    pub(crate) message: String,
    pub(crate) help: Option<String>,
    /// The wrapper calls below the place, with their paths as seen from the start.
    pub(crate) through: Vec<(String, &'a Location)>,
    /// Name of the unit.
    pub(crate) unit: &'a str,
}

/// Lists what a person must look at, sorted by place, the worst first at each.
pub(crate) fn problems<'a>(manifests: &'a [Manifest], options: &Options) -> Vec<Problem<'a>> {
    let mut all = Vec::new();
    for manifest in manifests {
        let see = Seen { manifest, options };
        let open = manifest.unresolved.iter().filter(|one| is_problem(one));
        all.extend(open.map(|one| see.diagnostic(Level::Warning, one)));
        let unmapped = manifest.unmapped.iter();
        let of_key = unmapped.filter(|one| manifest.key_tiers.contains(&one.request.tier));
        all.extend(of_key.flat_map(|one| see.unmapped(Level::Warning, one)));
        let keys = manifest.keys.iter().flat_map(|keys| &keys.findings);
        let bad = keys.filter(|key| key.severity != Severity::Note);
        all.extend(bad.map(|key| see.key(key)));
    }
    sorted(all)
}

/// Lists the places that need a permission, and what else is good to know.
pub(crate) fn evidence<'a>(manifests: &'a [Manifest], options: &Options) -> Vec<Problem<'a>> {
    let mut all = Vec::new();
    for manifest in manifests {
        let see = Seen { manifest, options };
        let keys = manifest.keys.iter().flat_map(|keys| &keys.findings);
        let notes = keys.filter(|key| key.severity == Severity::Note);
        all.extend(notes.map(|key| see.key(key)));
        let remarks = manifest.unresolved.iter().filter(|one| !is_problem(one));
        all.extend(remarks.map(|one| see.diagnostic(Level::Note, one)));
        let unmapped = manifest.unmapped.iter();
        let beside = unmapped.filter(|one| !manifest.key_tiers.contains(&one.request.tier));
        all.extend(beside.flat_map(|one| see.unmapped(Level::Note, one)));
        let own = manifest.permissions.iter().map(|needed| (needed, ""));
        let connect = manifest.connect.iter();
        let connect = connect.map(|needed| (needed, ", for connected accounts"));
        for (needed, column) in own.chain(connect) {
            all.extend(see.needed(needed, column));
        }
    }
    sorted(all)
}

/// Tells whether somebody must do something about a diagnostic.
fn is_problem(diagnostic: &Diagnostic) -> bool {
    !diagnostic.code.leaves_complete() || diagnostic.code.is_without_effect()
}

fn sorted(mut all: Vec<Problem<'_>>) -> Vec<Problem<'_>> {
    all.sort_by(|a, b| {
        let left = (&a.path, a.at.line, a.at.column, a.level, a.rule, &a.message);
        left.cmp(&(&b.path, b.at.line, b.at.column, b.level, b.rule, &b.message))
    });
    all.dedup();
    all
}

/// A manifest, seen from where the reader starts.
#[derive(Clone, Copy)]
struct Seen<'a, 'o> {
    manifest: &'a Manifest,
    options: &'o Options,
}

impl<'a> Seen<'a, '_> {
    fn path(&self, at: &Location) -> String {
        from_start(&self.options.start, &self.manifest.folder, &at.path)
    }

    fn problem(&self, level: Level, rule: Rule, at: &'a Location, message: String) -> Problem<'a> {
        Problem {
            level,
            rule,
            path: self.path(at),
            at,
            message,
            help: None,
            through: Vec::new(),
            unit: &self.manifest.unit.name,
        }
    }

    fn diagnostic(&self, level: Level, open: &'a Diagnostic) -> Problem<'a> {
        let rule = Rule::Code(open.code);
        let message = open.message.to_string();
        Problem {
            help: help(open),
            ..self.problem(level, rule, &open.location, message)
        }
    }

    fn key(&self, key: &'a KeyFinding) -> Problem<'a> {
        let level = match key.severity {
            Severity::Error => Level::Error,
            Severity::Warning => Level::Warning,
            Severity::Note => Level::Note,
        };
        let message = match &key.value {
            Some(value) => format!("{} ({value})", key.message),
            None => key.message.to_string(),
        };
        self.problem(level, Rule::Code(key.code), &key.location, message)
    }

    fn unmapped(&self, level: Level, one: &'a Unmapped) -> Vec<Problem<'a>> {
        let message = format!("`{}`: {}", one.request.title(), one.explanation());
        self.places(level, Rule::UnmappedRequest, &one.request, &message)
    }

    fn needed(&self, needed: &'a Needed, column: &str) -> Vec<Problem<'a>> {
        let name = match &needed.label {
            Some(label) => format!("`{}` ({label}{column})", needed.id),
            None => format!("`{}`{column}", needed.id),
        };
        let requests = needed.requests.iter();
        requests
            .flat_map(|request| {
                let why = match request.tier {
                    Tier::Required => "",
                    Tier::OneOff => ", once",
                    Tier::Unreferenced => "; nothing calls it",
                };
                let title = request.title();
                let message = format!("`{title}` needs {name}, {}{why}", request.grade.id());
                self.places(Level::Note, Rule::Permission, request, &message)
            })
            .collect()
    }

    fn places(
        &self,
        level: Level,
        rule: Rule,
        request: &'a Request,
        message: &str,
    ) -> Vec<Problem<'a>> {
        let places = request.at.iter();
        places
            .map(|at| {
                let chain = request.through.get(at).into_iter().flatten();
                Problem {
                    through: chain.map(|step| (self.path(step), step)).collect(),
                    ..self.problem(level, rule, at, message.to_owned())
                }
            })
            .collect()
    }
}
