//! Writes a call for every SDK row of the rule table and expects exactly the endpoint of that row.
//!
//! A spelling is what code writes: owner and method. Where one spelling has several rows, these
//! decide, in this order:
//!
//! 1. the release: each row is tried with the first release that has it, and every row of the
//!    spelling that the release has counts; without a known release, the newest generation counts;
//! 2. for services and classes, the number of ids: the call gives as many as the path has holes;
//! 3. for objects, where they come from. The parameter tried here does not say, so every endpoint
//!    of the release is expected.
//!
//! A new row is tested by being there.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    sync::LazyLock,
};

use model::{
    Name,
    api::{SdkId, SdkRow, is_hole},
    evidence::Resolution,
    language::Language,
    manifest::Verdict,
    source::SourceFile,
    unit::{SdkRoot, UnitFacts, Version},
};
use rules::RuleSet;

static RULES: LazyLock<RuleSet> = LazyLock::new(RuleSet::builtin);

/// What a method is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Owner {
    /// A service below a client.
    Service,
    /// A class.
    Class,
    /// An object.
    Object,
}

/// One call, and what it must request.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Probe {
    owner: Name,
    method: Name,
    /// How many ids the call gives.
    n_ids: usize,
    /// `VERB /path`, as the table spells it.
    endpoints: BTreeSet<String>,
}

/// The calls of each release; `None` is a unit that does not say which release it uses.
type Probes = BTreeMap<Option<Version>, BTreeSet<Probe>>;

/// A way to write a call: `{owner}`, `{method}`, `{ids}` and a number `{n}` are filled in.
struct Form {
    sdk: SdkId,
    owner: Owner,
    language: Language,
    header: &'static str,
    /// The call stands on the second line.
    lines: [&'static str; 3],
}

impl Form {
    const fn php(owner: Owner, lines: [&'static str; 3]) -> Self {
        Self {
            sdk: SdkId::Php,
            owner,
            language: Language::Php,
            header: "<?php",
            lines,
        }
    }

    const fn node(language: Language, header: &'static str, lines: [&'static str; 3]) -> Self {
        Self {
            sdk: SdkId::Node,
            owner: Owner::Service,
            language,
            header,
            lines,
        }
    }

    const fn python(owner: Owner, lines: [&'static str; 3]) -> Self {
        Self {
            sdk: SdkId::Python,
            owner,
            language: Language::Python,
            header: "import stripe",
            lines,
        }
    }
}

const PHP: [Form; 4] = [
    Form::php(
        Owner::Service,
        [
            r"function f{n}(\Stripe\StripeClient $client) {",
            "    $client->{owner}->{method}({ids});",
            "}",
        ],
    ),
    Form::php(
        Owner::Service,
        [
            "function f{n}() {",
            r"    (new \Stripe\StripeClient('x'))->{owner}->{method}({ids});",
            "}",
        ],
    ),
    Form::php(
        Owner::Class,
        ["function f{n}() {", "    {owner}::{method}({ids});", "}"],
    ),
    Form::php(
        Owner::Object,
        [
            "function f{n}({owner} $object) {",
            "    $object->{method}();",
            "}",
        ],
    ),
];

const NODE: [Form; 3] = [
    Form::node(
        Language::JavaScript,
        "import Stripe from 'stripe'; const stripe = new Stripe('x');",
        [
            "export async function f{n}() {",
            "  await stripe.{owner}.{method}({ids});",
            "}",
        ],
    ),
    Form::node(
        Language::JavaScript,
        "const stripe = require('stripe')('x');",
        [
            "exports.f{n} = () => {",
            "  stripe.{owner}.{method}({ids});",
            "};",
        ],
    ),
    Form::node(
        Language::TypeScript,
        "import type Stripe from 'stripe';",
        [
            "export function f{n}(client: Stripe) {",
            "  return client.{owner}.{method}({ids});",
            "}",
        ],
    ),
];

const PYTHON: [Form; 4] = [
    Form::python(
        Owner::Service,
        [
            "{async}def f{n}():",
            r#"    {await}stripe.StripeClient("x").{owner}.{method}({ids})"#,
            "",
        ],
    ),
    Form::python(
        Owner::Service,
        [
            "{async}def f{n}(client: stripe.StripeClient):",
            "    {await}client.{owner}.{method}({ids})",
            "",
        ],
    ),
    Form::python(
        Owner::Class,
        [
            "{async}def f{n}():",
            "    {await}{owner}.{method}({ids})",
            "",
        ],
    ),
    Form::python(
        Owner::Object,
        [
            "{async}def f{n}(object: {owner}):",
            "    {await}object{helpers}.{method}()",
            "",
        ],
    ),
];

/// Every spelling of an SDK with its rows.
fn spellings(sdk: SdkId, owner: Owner) -> Vec<(&'static Name, &'static Name, &'static [SdkRow])> {
    let table = RULES.catalog().sdk(sdk).unwrap();
    let owners: Vec<_> = match owner {
        Owner::Service => table.services.iter().collect(),
        Owner::Class => table.classes.iter().map(|(n, c)| (n, &c.statics)).collect(),
        Owner::Object => table
            .classes
            .iter()
            .map(|(name, class)| (name, &class.instances))
            .collect(),
    };
    owners
        .into_iter()
        .flat_map(|(owner, methods)| methods.iter().map(move |(m, rows)| (owner, m, &rows[..])))
        .collect()
}

fn endpoint(row: &SdkRow) -> String {
    RULES.catalog().endpoint(row.endpoint).endpoint.to_string()
}

fn n_holes(row: &SdkRow) -> usize {
    let path = &RULES.catalog().endpoint(row.endpoint).endpoint.path;
    path.segments().filter(|part| is_hole(part)).count()
}

fn probes_of_rows(sdk: SdkId, owner: Owner) -> Probes {
    let mut probes = Probes::new();
    for (name, method, rows) in spellings(sdk, owner) {
        let releases: BTreeSet<Version> = rows.iter().map(|row| row.since).collect();
        for release in releases.into_iter().map(Some).chain([None]) {
            let there = rows_of_release(rows, release);
            let mut by_ids: BTreeMap<usize, BTreeSet<String>> = BTreeMap::new();
            for row in there {
                let n_ids = match owner {
                    Owner::Service | Owner::Class => n_holes(row),
                    Owner::Object => 0,
                };
                by_ids.entry(n_ids).or_default().insert(endpoint(row));
            }
            let of_release = probes.entry(release).or_default();
            of_release.extend(by_ids.into_iter().map(|(n_ids, endpoints)| Probe {
                owner: name.clone(),
                method: method.clone(),
                n_ids,
                endpoints,
            }));
        }
    }
    probes
}

fn rows_of_release(rows: &[SdkRow], release: Option<Version>) -> Vec<&SdkRow> {
    let newest = rows.iter().map(|row| row.until).max();
    let is_there = |row: &&SdkRow| match release {
        Some(release) => row.since <= release && release <= row.until,
        None => Some(row.until) == newest,
    };
    rows.iter().filter(is_there).collect()
}

/// The owner as code of this language writes it.
fn spelled(sdk: SdkId, owner: Owner, name: &str) -> String {
    match (sdk, owner) {
        (SdkId::Php, Owner::Service) => name.replace('.', "->"),
        (SdkId::Php, _) if name.starts_with("Stripe_") => name.to_owned(),
        (SdkId::Php, _) => format!(r"\Stripe\{name}"),
        (SdkId::Node | SdkId::Python, Owner::Service) => name.to_owned(),
        (SdkId::Node, _) => format!("Stripe.{name}"),
        (SdkId::Python, _) => format!("stripe.{name}"),
    }
}

/// Writes the calls of one file; that of the probe `n` stands on line `3 * n + 3`.
fn text(form: &Form, probes: &[&Probe]) -> String {
    let mut text = format!("{}\n", form.header);
    for (n, probe) in probes.iter().enumerate() {
        let ids = vec!["'x_1'"; probe.n_ids].join(", ");
        let is_async = probe.method.ends_with("_async");
        // In Python, objects hold their test helpers.
        let helped = probe.owner.strip_suffix(".TestHelpers");
        let is_helper = form.owner == Owner::Object && helped.is_some();
        let owner = helped.filter(|_| is_helper).unwrap_or(&probe.owner);
        let lines = form
            .lines
            .join("\n")
            .replace("{n}", &n.to_string())
            .replace("{owner}", &spelled(form.sdk, form.owner, owner))
            .replace("{helpers}", if is_helper { ".test_helpers" } else { "" })
            .replace("{method}", &probe.method)
            .replace("{ids}", &ids)
            .replace("{async}", if is_async { "async " } else { "" })
            .replace("{await}", if is_async { "await " } else { "" });
        text.push_str(&lines.replace(".[", "["));
        text.push('\n');
    }
    text
}

fn line_of(n: usize) -> u32 {
    u32::try_from(3 * n + 3).unwrap()
}

fn resolution(sdk: SdkId, language: Language, version: Option<Version>, text: &str) -> Resolution {
    let root = RULES.catalog().sdk(sdk).unwrap().package.clone();
    let path = match language {
        Language::Php => "code.php",
        Language::Python => "code.py",
        Language::TypeScript => "code.ts",
        Language::JavaScript | Language::Tsx => "code.js",
    };
    let unit = UnitFacts {
        files: vec![syntax::lower(SourceFile::new(path, language, text))],
        sdks: vec![SdkRoot {
            sdk,
            root,
            version,
            path: None,
        }],
        ..UnitFacts::default()
    };
    resolve::resolve(&unit, RULES.catalog(), &|_| BTreeSet::new())
}

/// What was found on each line; what stayed open is found as `open: …`.
fn by_line(found: &Resolution) -> BTreeMap<u32, BTreeSet<String>> {
    let mut lines: BTreeMap<u32, BTreeSet<String>> = BTreeMap::new();
    for call in &found.calls {
        let verdict = RULES.judge(call.clone());
        let (Verdict::Needs { endpoint, .. }
        | Verdict::Unmapped { endpoint, .. }
        | Verdict::Nothing { endpoint, .. }) = verdict;
        let asked = format!("{} {}", call.method, call.path);
        let line = lines.entry(call.location.line).or_default();
        if endpoint.to_string() == asked {
            line.insert(asked);
        } else {
            line.insert(format!("{asked}, judged as {endpoint}"));
        }
    }
    for open in &found.unresolved {
        let line = lines.entry(open.location.line).or_default();
        line.insert(format!("open: {}", open.message));
    }
    lines
}

/// Runs a form over these calls of each release, and says what differs.
fn differences(form: &Form, probes: &Probes, n_probes: &mut usize) -> BTreeSet<String> {
    let mut all = BTreeSet::new();
    for (release, probes) in probes {
        let probes: Vec<&Probe> = probes.iter().collect();
        *n_probes += probes.len();
        let text = text(form, &probes);
        let found = resolution(form.sdk, form.language, *release, &text);
        let mut lines = by_line(&found);
        let of_release = release.map_or_else(|| "any".to_owned(), |release| release.to_string());
        for (n, probe) in probes.iter().enumerate() {
            let found = lines.remove(&line_of(n)).unwrap_or_default();
            if found != probe.endpoints {
                let code: Vec<&str> = text.lines().skip(3 * n + 1).take(2).collect();
                all.insert(format!(
                    "{of_release}: `{}` expects {:?}, found {found:?}",
                    code.join(""),
                    probe.endpoints,
                ));
            }
        }
        all.extend(
            lines
                .into_iter()
                .map(|(line, found)| format!("{of_release}: line {line} has no call: {found:?}")),
        );
    }
    all
}

/// Tries forms, each with its calls, and fails with everything that differs.
#[expect(clippy::print_stdout, reason = "the counts are for who runs the test")]
fn check(tries: &[(&Form, Probes)]) {
    let mut report = String::new();
    for (form, probes) in tries {
        let mut n_probes = 0;
        let differences = differences(form, probes, &mut n_probes);
        println!("{n_probes} calls like `{}`", form.lines[1].trim());
        for difference in differences {
            writeln!(report, "{difference}").unwrap();
        }
    }
    let n_differences = report.lines().count();
    assert!(report.is_empty(), "{n_differences} calls differ:\n{report}");
}

/// Tries every row of an SDK in every form.
fn check_rows(forms: &[Form]) {
    let tries = forms.iter();
    let tries: Vec<_> = tries
        .map(|form| (form, probes_of_rows(form.sdk, form.owner)))
        .collect();
    check(&tries);
}

#[test]
fn every_php_row_is_found() {
    check_rows(&PHP);
}

#[test]
fn every_node_row_is_found() {
    check_rows(&NODE);
}

#[test]
fn every_python_row_is_found() {
    check_rows(&PYTHON);
}

/// Every service class of the PHP SDK, as the type of a parameter.
#[test]
fn every_service_class_leads_to_its_service() {
    let form = Form::php(
        Owner::Class,
        [
            "function f{n}({owner} $service) {",
            "    $service->{method}({ids});",
            "}",
        ],
    );
    let table = RULES.catalog().sdk(SdkId::Php).unwrap();
    let mut probes = probes_of_rows(SdkId::Php, Owner::Service);
    for of_release in probes.values_mut() {
        *of_release = of_release
            .iter()
            .flat_map(|probe| {
                let classes = table.service_classes.iter();
                let of_service = classes.filter(|(_, paths)| paths.contains(&probe.owner));
                of_service.map(|(class, _)| Probe {
                    owner: class.clone(),
                    ..probe.clone()
                })
            })
            .collect();
    }
    check(&[(&form, probes)]);
}

/// Methods that repeat the request of the list they are called on.
#[test]
fn every_pager_repeats_only_the_request_of_its_list() {
    let php = Form::php(
        Owner::Service,
        [
            r"function f{n}(\Stripe\StripeClient $client) {",
            "    $client->customers->{owner}()->{method}();",
            "}",
        ],
    );
    let node = Form::node(
        Language::JavaScript,
        "const stripe = require('stripe')('x');",
        [
            "exports.f{n} = () => {",
            "  stripe.customers.{owner}().{method}();",
            "};",
        ],
    );
    let python = Form::python(
        Owner::Service,
        [
            "{async}def f{n}():",
            "    {await}stripe.Customer.{owner}().{method}()",
            "",
        ],
    );
    let tries = [php, node, python];
    let tries: Vec<_> = tries.iter().map(|form| (form, pages(form.sdk))).collect();
    check(&tries);
}

/// Every pager, called on a list of customers or on what a search for customers found.
fn pages(sdk: SdkId) -> Probes {
    let pagers = &RULES.catalog().sdk(sdk).unwrap().pagers;
    let probes = pagers.iter().filter(|(class, _)| &**class != "Stripe_List");
    let probes = probes.map(|(class, method)| {
        let is_search = class.contains("Search");
        let (list, path) = match (is_search, sdk) {
            (true, _) => ("search", "GET /v1/customers/search"),
            (false, SdkId::Php) => ("all", "GET /v1/customers"),
            (false, SdkId::Node | SdkId::Python) => ("list", "GET /v1/customers"),
        };
        Probe {
            owner: list.into(),
            method: method.clone(),
            n_ids: 0,
            endpoints: BTreeSet::from([path.to_owned()]),
        }
    });
    Probes::from([(None, probes.collect())])
}

#[test]
fn no_silent_method_is_found() {
    let clients = [
        Form::php(
            Owner::Service,
            [
                r"function f{n}(\Stripe\StripeClient $client) {",
                "    $client->{method}();",
                "}",
            ],
        ),
        Form::node(
            Language::JavaScript,
            "const stripe = require('stripe')('x');",
            ["exports.f{n} = () => {", "  stripe.{method}();", "};"],
        ),
        Form::python(
            Owner::Service,
            [
                "def f{n}(client: stripe.StripeClient):",
                "    client.{method}()",
                "",
            ],
        ),
    ];
    let mut tries = Vec::new();
    for form in &clients {
        tries.push((form, silence(form.sdk, Silent::Client)));
    }
    for form in PHP.iter().chain(&NODE).chain(&PYTHON) {
        let silent = match form.owner {
            Owner::Service => Silent::Service,
            Owner::Class | Owner::Object => Silent::Class,
        };
        tries.push((form, silence(form.sdk, silent)));
    }
    check(&tries);
}

/// What a silent method is called on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Silent {
    Client,
    Service,
    Class,
}

/// Every silent method of this kind, expected to request nothing.
fn silence(sdk: SdkId, kind: Silent) -> Probes {
    let table = RULES.catalog().sdk(sdk).unwrap();
    let probes = table.silent.iter().flat_map(|(owner, method)| {
        let is_service = owner.starts_with(char::is_lowercase) && &**owner != "v2.ListObject";
        let of_kind = match kind {
            Silent::Client => table.clients.contains(owner),
            Silent::Service => &**owner == "*" || is_service,
            Silent::Class => &**owner != "*" && !is_service && !table.clients.contains(owner),
        };
        let owners: Vec<Name> = match &**owner {
            _ if !of_kind => Vec::new(),
            "*" => table.services.keys().cloned().collect(),
            "StripeObject" => vec![owner.clone(), "Charge".into()],
            _ => vec![owner.clone()],
        };
        owners.into_iter().map(|owner| Probe {
            owner,
            method: method.clone(),
            n_ids: 0,
            endpoints: BTreeSet::new(),
        })
    });
    Probes::from([(None, probes.collect())])
}

/// Every request of a list that belongs to an object: `$customer->sources->create()`.
#[test]
fn every_nested_collection_makes_its_requests() {
    let php = Form::php(
        Owner::Object,
        [
            "function f{n}({owner} $object) {",
            "    $object->{method}();",
            "}",
        ],
    );
    let python = Form::python(
        Owner::Object,
        ["def f{n}(object: {owner}):", "    object.{method}()", ""],
    );
    let tries = [php, python];
    let tries: Vec<_> = tries.iter().map(|form| (form, nested(form.sdk))).collect();
    check(&tries);
}

/// Every collection of every object that the SDK has a class for, in its newest spelling.
fn nested(sdk: SdkId) -> Probes {
    let (list, member) = match sdk {
        SdkId::Php => ("all", "->"),
        SdkId::Node | SdkId::Python => ("list", "."),
    };
    let mut probes = BTreeSet::new();
    for object in RULES.catalog().objects.values() {
        let Some(class) = object.classes.get(&sdk).and_then(|classes| classes.first()) else {
            continue;
        };
        for (property, requests) in &object.collections {
            let calls = [
                (list, requests.list),
                ("create", requests.create),
                ("retrieve", requests.retrieve),
            ];
            for (method, id) in calls {
                let Some(id) = id else { continue };
                let endpoint = &RULES.catalog().endpoint(id).endpoint;
                probes.insert(Probe {
                    owner: class.clone(),
                    method: format!("{property}{member}{method}").into(),
                    n_ids: 0,
                    endpoints: BTreeSet::from([endpoint.to_string()]),
                });
            }
        }
    }
    Probes::from([(None, probes)])
}
