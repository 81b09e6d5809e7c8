//! The way of one unit: list, read, resolve, judge, fold.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
};

use model::{
    Name,
    api::SdkId,
    diagnostic::{Code, Diagnostic},
    evidence::Resolution,
    manifest::{Manifest, SdkInUse, SkipReason},
    unit::{SdkRoot, UnitFacts, Version},
};
use rules::RuleSet;

use crate::{
    Hygiene, Options, Progress, alias, entry, fold,
    harvest::{self, Harvest, Reader},
    hygiene,
    listing::{Listing, diagnostic},
    lock::{self, Declared},
    package, prefix,
    skip::Included,
    target::Target,
    told::{self, Comments, Owner},
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
    let mut listing = target.list(&walk_rules(options));
    let owner = Owner::of(target, options);
    let (excluded, mut notes) = match &owner.entries {
        Some(entries) => told::exclude::exclude(&mut listing, entries),
        None => Default::default(),
    };
    notes.extend(owner.configs_of_others(&listing));
    let (features, unused) = told::feature::Features::new(&listing, owner.entries.as_ref());
    notes.extend(unused);
    if is_alone {
        progress.begin("reading", Some(listing.files.len() as u64));
    }
    let reader = reader(&listing, target, options, &owner);
    let silent = &crate::NoProgress;
    let harvest = harvest::harvest(&listing, &reader, if is_alone { progress } else { silent });
    if is_alone {
        progress.begin("resolving", None);
    }
    let has_source = has_source(&harvest);
    let (mut facts, sdks_in_use) = unit_facts(&listing, harvest.facts);
    facts.entry_points = entry::entry_points(target.unit.kind, &listing.packages);
    let unread = harvest.unread;
    let mentioned = |names: &BTreeSet<Name>| reader.names_used(names, &unread, &listing.texts);
    let (mut found, failure) = resolve_safely(&facts, rules, &mentioned);
    found.unresolved.extend(harvest.diagnostics);
    let (found, mut told) = told::apply(found, &facts.files, owner.entries, owner.comments, rules);
    told.excluded = excluded;
    let mut unresolved = [found.unresolved, notes, failure.into_iter().collect()].concat();
    let mut verdicts = Vec::new();
    for call in found.calls {
        let costs = rules.costs(&call);
        verdicts.extend(costs.verdicts);
        unresolved.extend(costs.notes);
        verdicts.push(rules.judge(call));
    }
    let folded = fold::fold(verdicts, options.key_tiers, &features, rules);
    let mut not_counted = [found.not_counted, folded.free].concat();
    not_counted.sort();
    unresolved.sort();
    unresolved.dedup();
    told::name_functions(&mut unresolved, &facts.files);
    let n_files = facts.files.len() as u64;
    let looks_for_keys = options.keys == Hygiene::On;
    let keys = looks_for_keys.then(|| hygiene::of_unit(target, options, &owner));
    let has_keys = keys.as_ref().is_some_and(|keys| !keys.findings.is_empty());
    Scanned {
        has_source,
        counts: !target.only_if_used || n_files > 0 || has_keys,
        manifest: Manifest {
            unit: target.unit.clone(),
            folder: target.folder(),
            key_tiers: options.key_tiers,
            permissions: folded.permissions,
            connect: folded.connect,
            unmapped: folded.unmapped,
            not_counted,
            unresolved,
            told,
            sdks: sdks_in_use,
            skipped: harvest.skipped,
            n_files,
            features: features.all,
            keys,
        },
    }
}

/// Tells whether there was any source file, read or not.
fn has_source(harvest: &Harvest) -> bool {
    let is_source = |reason: &SkipReason| match reason {
        SkipReason::Ignored | SkipReason::Link | SkipReason::OtherRelease => false,
        SkipReason::Configured
        | SkipReason::Dependency
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

pub(crate) fn reader<'a>(
    listing: &Listing,
    target: &Target,
    options: &'a Options,
    owner: &Owner<'_>,
) -> Reader<'a> {
    let php = listing.copies.iter().filter(|copy| copy.sdk == SdkId::Php);
    Reader {
        options,
        browser_scripts: target.has_browser_scripts(),
        sdk_prefixes: php.map(|copy| format!("{}\\", copy.root)).collect(),
        obeys_comments: owner.comments == Comments::Obeyed,
        named: owner.named(),
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
        ..UnitFacts::default()
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
fn resolve_safely(
    facts: &UnitFacts,
    rules: &RuleSet,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
) -> (Resolution, Option<Diagnostic>) {
    let Some(first) = facts.files.first() else {
        return Default::default();
    };
    let attempt = AssertUnwindSafe(|| resolve::resolve(facts, rules.catalog(), mentioned));
    if let Ok(found) = catch_unwind(attempt) {
        return (found, None);
    }
    let message = "following the calls of this unit failed and was given up";
    let said = diagnostic(&first.source.path, Code::LimitExceeded, message);
    (Resolution::default(), Some(said))
}
