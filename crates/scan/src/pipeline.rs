//! The way of one unit: list, read, resolve, judge, fold.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use model::{
    Name,
    api::SdkId,
    diagnostic::Code,
    evidence::Resolution,
    manifest::{Manifest, SdkInUse, SkipReason},
    unit::{SdkRoot, UnitFacts, Version},
};
use rules::RuleSet;

use crate::{
    Options, Progress, alias, fold,
    harvest::{self, Harvest, Reader},
    listing::{Listing, diagnostic},
    lock::{self, Declared},
    package, prefix,
    skip::Included,
    target::Target,
    walk,
};

/// What scanning a unit gave.
pub(crate) struct Scanned {
    /// What it needs.
    pub(crate) manifest: Manifest,
    /// Whether it has any file in a supported language.
    pub(crate) has_source: bool,
    /// Whether it is worth a manifest.
    pub(crate) counts: bool,
}

/// Scans one unit.
pub(crate) fn scan_unit(
    target: &Target,
    options: &Options,
    rules: &RuleSet,
    progress: &dyn Progress,
    is_alone: bool,
) -> Scanned {
    let listing = target.list(&walk_rules(options));
    if is_alone {
        progress.begin("reading", Some(listing.files.len() as u64));
    }
    let reader = reader(&listing, target, options);
    let silent = &crate::NoProgress;
    let harvest = harvest::harvest(&listing, &reader, if is_alone { progress } else { silent });
    if is_alone {
        progress.begin("resolving", None);
    }
    let has_source = has_source(&harvest);
    let (facts, sdks_in_use) = unit_facts(&listing, harvest.facts);
    let resolution = resolve_safely(&facts, rules);
    let verdicts = resolution.calls.into_iter().map(|call| rules.judge(call));
    let folded = fold::fold(verdicts.collect(), rules);
    let mut unresolved = harvest.diagnostics;
    unresolved.extend(resolution.unresolved);
    unresolved.sort();
    unresolved.dedup();
    let n_files = facts.files.len() as u64;
    Scanned {
        has_source,
        counts: !target.only_if_used || n_files > 0,
        manifest: Manifest {
            unit: target.unit.clone(),
            permissions: folded.permissions,
            connect: folded.connect,
            unmapped: folded.unmapped,
            unresolved,
            sdks: sdks_in_use,
            skipped: harvest.skipped,
            n_files,
        },
    }
}

/// Tells whether there was any source file, read or not.
fn has_source(harvest: &Harvest) -> bool {
    let is_source = |reason: &SkipReason| match reason {
        SkipReason::Ignored | SkipReason::Link | SkipReason::OtherRelease => false,
        SkipReason::Dependency
        | SkipReason::BundledSdk
        | SkipReason::Test
        | SkipReason::Minified
        | SkipReason::Generated
        | SkipReason::NoMention
        | SkipReason::BrowserScript => true,
    };
    !harvest.facts.is_empty()
        || !harvest.diagnostics.is_empty()
        || harvest.skipped.keys().any(is_source)
}

pub(crate) fn walk_rules(options: &Options) -> walk::Rules {
    walk::Rules {
        included: Included {
            tests: options.include_tests,
            dependencies: options.include_dependencies,
        },
        respect_ignore_files: options.respect_ignore_files,
        recursive: true,
    }
}

pub(crate) fn reader<'a>(listing: &Listing, target: &Target, options: &'a Options) -> Reader<'a> {
    let php = listing.copies.iter().filter(|copy| copy.sdk == SdkId::Php);
    Reader {
        options,
        browser_scripts: target.has_browser_scripts(),
        sdk_prefixes: php.map(|copy| format!("{}\\", copy.root)).collect(),
    }
}

pub(crate) fn unit_facts(
    listing: &Listing,
    files: Vec<model::facts::FileFacts>,
) -> (UnitFacts, Vec<SdkInUse>) {
    if files.is_empty() {
        let in_use = listing.copies.iter().map(in_use).collect();
        return (UnitFacts::default(), in_use);
    }
    let declared = lock::declared(&listing.packages);
    let packages = package::packages(&listing.packages);
    let aliases = alias::aliases(&listing.packages, &packages);
    let in_use = sdks_in_use(&listing.copies, &declared);
    let mut sdks = sdk_roots(&listing.copies, &declared);
    if declared.contains_key(&SdkId::Php) {
        add_configured(&mut sdks, &prefix::namespaces(&listing.packages));
    }
    let facts = UnitFacts {
        files,
        sdks,
        packages,
        aliases,
    };
    (facts, in_use)
}

/// Name by which code reaches an SDK that it did not rename.
fn usual_root(sdk: SdkId) -> Name {
    match sdk {
        SdkId::Php => "Stripe".into(),
        SdkId::Node | SdkId::Python => "stripe".into(),
    }
}

/// Lists the bundled copies, and each SDK under its usual name.
fn sdk_roots(copies: &[SdkRoot], declared: &Declared) -> Vec<SdkRoot> {
    let mut roots = copies.to_vec();
    for sdk in SdkId::ALL {
        let root = usual_root(sdk);
        let is_bundled = copies
            .iter()
            .any(|copy| copy.sdk == sdk && copy.root == root);
        let locked: Vec<Version> = declared.get(&sdk).into_iter().flatten().copied().collect();
        let versions: Vec<Option<Version>> = match (locked.is_empty(), is_bundled) {
            (true, true) => Vec::new(),
            (true, false) => vec![None],
            (false, _) => locked.into_iter().map(Some).collect(),
        };
        roots.extend(versions.into_iter().map(|version| SdkRoot {
            sdk,
            root: root.clone(),
            version,
            path: None,
        }));
    }
    roots.sort();
    roots.dedup();
    roots
}

/// Adds the SDK for PHP under names that a build will give it, where no copy has them yet.
fn add_configured(roots: &mut Vec<SdkRoot>, namespaces: &BTreeSet<Name>) {
    let usual: Vec<SdkRoot> = roots
        .iter()
        .filter(|root| root.sdk == SdkId::Php && root.path.is_none())
        .cloned()
        .collect();
    for namespace in namespaces {
        if roots.iter().all(|root| root.root != *namespace) {
            roots.extend(usual.iter().cloned().map(|root| SdkRoot {
                root: namespace.clone(),
                ..root
            }));
        }
    }
    roots.sort();
}

fn sdks_in_use(copies: &[SdkRoot], declared: &Declared) -> Vec<SdkInUse> {
    let mut all: Vec<SdkInUse> = copies.iter().map(in_use).collect();
    for (sdk, versions) in declared {
        let copies = copies.iter().filter(|copy| copy.sdk == *sdk);
        let is_new = |version: &Option<Version>| match version {
            Some(_) => copies.clone().all(|copy| copy.version != *version),
            None => copies.clone().next().is_none(),
        };
        let known = versions.iter().copied().map(Some);
        let range = versions.is_empty().then_some(None);
        let new = known.chain(range).filter(is_new);
        all.extend(new.map(|version| SdkInUse {
            name: sdk.id().into(),
            version: version.map(|version| version.to_string().into()),
            path: None,
            namespace: None,
        }));
    }
    all.sort();
    all.dedup();
    all
}

fn in_use(copy: &SdkRoot) -> SdkInUse {
    SdkInUse {
        name: copy.sdk.id().into(),
        version: copy.version.map(|version| version.to_string().into()),
        path: copy.path.clone(),
        namespace: (copy.sdk == SdkId::Php).then(|| copy.root.clone()),
    }
}

/// Resolves, and turns a failure of ours into something that the manifest says.
fn resolve_safely(facts: &UnitFacts, rules: &RuleSet) -> Resolution {
    let Some(first) = facts.files.first() else {
        return Resolution::default();
    };
    let attempt = AssertUnwindSafe(|| resolve::resolve(facts, rules.catalog()));
    catch_unwind(attempt).unwrap_or_else(|_| {
        let message = "following the calls of this unit failed and was given up";
        Resolution {
            calls: Vec::new(),
            unresolved: vec![diagnostic(&first.source.path, Code::LimitExceeded, message)],
        }
    })
}
