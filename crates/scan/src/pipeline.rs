//! The way of one unit: list, read, resolve, judge, fold.

use std::{
    collections::BTreeSet,
    panic::{AssertUnwindSafe, catch_unwind},
    sync::Arc,
};

use model::{
    Name,
    api::SdkId,
    diagnostic::{Code, Diagnostic},
    evidence::Resolution,
    facts::FileFacts,
    manifest::{Among, Excluded, Manifest, SdkInUse, SkipReason, Told, Unit, UnitKind},
    unit::{SdkRoot, UnitFacts, Version},
};
use rules::RuleSet;

use crate::{
    Afterwards, Hygiene, Options, Progress, Split, alias, archive, entry,
    fingerprint::{self, Sums},
    fold,
    harvest::{self, Harvest, Reader},
    hygiene,
    listing::{Found, Listing, Skipped, diagnostic},
    lock::{self, Declared},
    package, package_file, prefix,
    run::Turn,
    sdk,
    skip::Included,
    target::{Scope, Target},
    told::{self, Comments, Owner, feature::Features},
    units, walk,
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

/// What is known of a unit before any of its source files is read.
pub(crate) struct Listed<'a> {
    /// What the walk found.
    pub(crate) listing: Listing,
    /// Whose word counts.
    pub(crate) owner: Owner<'a>,
    /// What the owner had left out.
    pub(crate) excluded: Vec<Excluded>,
    /// What is to be said of the configuration.
    pub(crate) notes: Vec<Diagnostic>,
}

/// All that was read of a unit.
pub(crate) struct Gathered<'a> {
    /// What the walk found.
    pub(crate) listing: Listing,
    /// How files are read.
    pub(crate) reader: Reader<'a>,
    /// Whose word counts.
    pub(crate) owner: Owner<'a>,
    /// Which files belong to which feature.
    pub(crate) features: Features,
    /// What the owner had left out.
    pub(crate) excluded: Vec<Excluded>,
    /// What is to be said of the configuration.
    pub(crate) notes: Vec<Diagnostic>,
    /// What could not be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// How many files were left out.
    pub(crate) skipped: Skipped,
    /// Source files that lead nowhere.
    pub(crate) unread: Vec<Found>,
    /// What the files say.
    pub(crate) facts: UnitFacts,
    /// SDKs found.
    pub(crate) sdks: Vec<SdkInUse>,
    /// Whether there is any source file.
    pub(crate) has_source: bool,
}

/// Scans one unit, or each of those that it is to be split into.
pub(crate) fn scan_unit(
    target: &Target,
    options: &Options,
    rules: &RuleSet,
    progress: &dyn Progress,
    turn: Turn,
) -> Vec<Scanned> {
    if let Scope::Archive(archive) = &target.scope {
        return archive::scan(target, archive, options, rules, progress, turn);
    }
    let is_alone = turn.is_alone;
    let mut gathered = gather(target, options, progress, is_alone);
    if is_alone {
        progress.begin("resolving", None);
    }
    let parts = if options.split == Split::Packages {
        units::scan(target, &mut gathered, options, rules)
    } else {
        Vec::new()
    };
    if parts.is_empty() {
        vec![whole(target, gathered, options, rules, turn)]
    } else {
        parts
    }
}

/// Lists the files of a unit.
pub(crate) fn listed<'a>(target: &'a Target, options: &'a Options) -> Listed<'a> {
    let mut listing = target.list(&walk_rules(options));
    let owner = Owner::of(target, options);
    let (excluded, notes) = match &owner.entries {
        Some(entries) => told::exclude::exclude(&mut listing, entries),
        None => Default::default(),
    };
    Listed {
        listing,
        owner,
        excluded,
        notes,
    }
}

/// Reads a unit.
fn gather<'a>(
    target: &'a Target,
    options: &'a Options,
    progress: &dyn Progress,
    is_alone: bool,
) -> Gathered<'a> {
    let listed = listed(target, options);
    let sums = Sums::of(target, &listed, options);
    let Listed {
        listing,
        owner,
        excluded,
        mut notes,
    } = listed;
    notes.extend(owner.configs_of_others(&listing));
    let (features, unused) = Features::new(&listing, owner.entries.as_ref());
    notes.extend(unused);
    if is_alone {
        progress.begin("reading", Some(listing.files.len() as u64));
    }
    let reader = Reader {
        sums,
        ..reader(&listing, target, options, &owner)
    };
    let silent = &crate::NoProgress;
    let progress = if is_alone { progress } else { silent };
    let harvest = harvest::harvest(&listing, &reader, progress);
    let has_source = has_source(&harvest);
    let (mut facts, sdks) = unit_facts(&listing, harvest.facts);
    facts.entry_points = entry::entry_points(target.unit.kind, &listing.packages);
    Gathered {
        listing,
        reader,
        owner,
        features,
        excluded,
        notes,
        diagnostics: harvest.diagnostics,
        skipped: harvest.skipped,
        unread: harvest.unread,
        facts,
        sdks,
        has_source,
    }
}

/// Says what a unit needs that is not split.
fn whole(
    target: &Target,
    gathered: Gathered<'_>,
    options: &Options,
    rules: &RuleSet,
    turn: Turn,
) -> Scanned {
    let is_last = turn.is_last && options.afterwards == Afterwards::Ends;
    let (mut found, failure) = resolve_all(&gathered, rules, is_last);
    found.unresolved.extend(gathered.diagnostics);
    let (files, owner) = (&gathered.facts.files, &gathered.owner);
    let (found, mut told) = told::apply(found, files, owner.entries, owner.comments, rules);
    told.excluded = gathered.excluded;
    let notes = [gathered.notes, failure.into_iter().collect()].concat();
    let judged = judged(found, notes, files, &gathered.features, options, rules);
    let n_files = files.len() as u64;
    let fingerprint = fingerprint::of(&gathered.listing, &gathered.reader, n_files > 0);
    let looks_for_keys = options.keys == Hygiene::On;
    let keys = looks_for_keys.then(|| hygiene::of_unit(target, options, owner));
    let has_keys = keys.as_ref().is_some_and(|keys| !keys.findings.is_empty());
    Scanned {
        has_source: gathered.has_source,
        counts: !target.only_if_used || n_files > 0 || has_keys || !judged.is_complete(),
        manifest: Manifest {
            unit: target.unit.clone(),
            folder: target.folder(),
            told,
            sdks: gathered.sdks,
            skipped: gathered.skipped,
            n_files,
            keys,
            among: fingerprint.map(|fingerprint| Among {
                fingerprint: Some(fingerprint),
                ..Among::default()
            }),
            ..judged
        },
    }
}

/// Resolves all that was read as one program.
pub(crate) fn resolve_all(
    gathered: &Gathered<'_>,
    rules: &RuleSet,
    is_last: bool,
) -> (Resolution, Option<Diagnostic>) {
    let (reader, texts) = (&gathered.reader, &gathered.listing.texts);
    let mentioned = |names: &BTreeSet<Name>| reader.names_used(names, &gathered.unread, texts);
    resolve_safely(&gathered.facts, rules, &mentioned, is_last)
}

/// Judges what was found; what only the caller knows of the unit is left empty.
pub(crate) fn judged(
    found: Resolution,
    notes: Vec<Diagnostic>,
    files: &[FileFacts],
    features: &Features,
    options: &Options,
    rules: &RuleSet,
) -> Manifest {
    let mut unresolved = [found.unresolved, notes].concat();
    let mut verdicts = Vec::new();
    for call in found.calls {
        let costs = rules.costs(&call);
        verdicts.extend(costs.verdicts);
        unresolved.extend(costs.notes);
        verdicts.push(rules.judge(call));
    }
    let folded = fold::fold(verdicts, options.key_tiers, features, rules);
    let mut not_counted = [found.not_counted, folded.free].concat();
    not_counted.sort();
    unresolved.sort();
    unresolved.dedup();
    told::name_functions(&mut unresolved, files);
    Manifest {
        unit: Unit {
            name: "".into(),
            kind: UnitKind::Folder,
            version: None,
            path: None,
        },
        folder: Arc::default(),
        key_tiers: options.key_tiers,
        permissions: folded.permissions,
        connect: folded.connect,
        unmapped: folded.unmapped,
        not_counted,
        unresolved,
        told: Told::default(),
        sdks: Vec::new(),
        skipped: Skipped::new(),
        n_files: 0,
        features: features.all.clone(),
        keys: None,
        among: None,
    }
}

/// Tells whether there was any source file, read or not.
fn has_source(harvest: &Harvest) -> bool {
    let is_source = |reason: &SkipReason| match reason {
        SkipReason::Ignored | SkipReason::Link | SkipReason::OtherRelease | SkipReason::Archive => {
            false
        }
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
        sums: None,
    }
}

pub(crate) fn unit_facts(listing: &Listing, files: Vec<FileFacts>) -> (UnitFacts, Vec<SdkInUse>) {
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
        python_roots: package_file::python_roots(&listing.packages),
        ..UnitFacts::default()
    };
    (facts, in_use)
}

/// Name by which code reaches an SDK that it did not rename.
fn usual_root(sdk: SdkId) -> Name {
    match sdk {
        SdkId::Php => sdk::USUAL_PHP_ROOT.into(),
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
pub(crate) fn resolve_safely(
    facts: &UnitFacts,
    rules: &RuleSet,
    mentioned: &dyn Fn(&BTreeSet<Name>) -> BTreeSet<Name>,
    is_last: bool,
) -> (Resolution, Option<Diagnostic>) {
    let Some(first) = facts.files.first() else {
        return Default::default();
    };
    let resolve = if is_last {
        resolve::resolve_last
    } else {
        resolve::resolve
    };
    let attempt = AssertUnwindSafe(|| resolve(facts, rules.catalog(), mentioned));
    if let Ok(found) = catch_unwind(attempt) {
        return (found, None);
    }
    let message = "following the calls of this unit failed and was given up";
    let said = diagnostic(&first.source.path, Code::LimitExceeded, message);
    (Resolution::default(), Some(said))
}
