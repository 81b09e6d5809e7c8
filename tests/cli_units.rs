//! One key per service: a repository that is split into its packages.
#![expect(clippy::unwrap_used, reason = "a test may fail")]

use std::{collections::BTreeMap, fs, path::Path};

use assert_cmd::Command;
use serde_json::Value;
use tempfile::TempDir;

fn folder(files: &[(&str, &str)]) -> TempDir {
    let root = tempfile::tempdir().unwrap();
    for (path, text) in files {
        let path = root.path().join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, text).unwrap();
    }
    root
}

fn rakscan(root: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::cargo_bin("rakscan").unwrap();
    command.args(["scan", "--units"]).args(arguments).arg(root);
    for name in ["CLICOLOR_FORCE", "FORCE_COLOR"] {
        command.env_remove(name);
    }
    command
}

fn printed(root: &Path, arguments: &[&str]) -> String {
    let assert = rakscan(root, arguments).assert().success();
    String::from_utf8(assert.get_output().stdout.clone()).unwrap()
}

/// Scans and lists for the folder of each unit the permissions of its key.
fn keys(root: &TempDir) -> BTreeMap<String, String> {
    let report: Value = serde_json::from_str(&printed(root.path(), &["-f", "json"])).unwrap();
    let units = report["units"].as_array().unwrap().iter();
    units
        .map(|unit| {
            let all = unit["permissions"].as_array().unwrap().iter();
            let all = all.filter(|one| one["tier"] != "unreferenced");
            let ids: Vec<&str> = all.map(|one| one["id"].as_str().unwrap()).collect();
            let path = unit["unit"]["path"].as_str().unwrap_or("whole").to_owned();
            (path, ids.join(" "))
        })
        .collect()
}

fn check(files: &[(&str, &str)], expected: &[(&str, &str)]) {
    let found = keys(&folder(files));
    let found: Vec<(&str, &str)> = found.iter().map(|(path, ids)| (&**path, &**ids)).collect();
    assert_eq!(found, expected);
}

const PAY: (&str, &str) = (
    "packages/pay/package.json",
    r#"{"name":"@acme/pay","main":"src/index.ts"}"#,
);
const CLIENT: &str = "import Stripe from 'stripe';
export const stripe = new Stripe(process.env.KEY!);
export async function pay(n: number) { return stripe.paymentIntents.create({ amount: n }); }
export async function undo(id: string) { return stripe.refunds.create({ payment_intent: id }); }
";

#[test]
fn shared_code_counts_for_those_that_reach_it() {
    check(
        &[
            PAY,
            ("packages/pay/src/client.ts", CLIENT),
            ("packages/pay/src/index.ts", "export * from './client';"),
            ("api/package.json", r#"{"name":"api"}"#),
            (
                "api/main.ts",
                "import { pay } from '@acme/pay';\nexport const run = () => pay(1);",
            ),
            ("desk/package.json", r#"{"name":"desk"}"#),
            (
                "desk/main.ts",
                "import { pay, undo } from '@acme/pay';\nexport const run = () => pay(1).then(() => undo('x'));",
            ),
        ],
        &[
            ("api", "payment_intent_write"),
            ("desk", "charge_write payment_intent_write"),
        ],
    );
}

#[test]
fn imports_lead_through_aliases_circles_and_other_packages() {
    check(
        &[
            (
                "tsconfig.json",
                r#"{"compilerOptions":{"baseUrl":".","paths":{"~pay/*":["libs/pay/*"]}}}"#,
            ),
            ("libs/pay/package.json", r#"{"name":"pay"}"#),
            (
                "libs/pay/a.ts",
                "import { b } from './b';\nimport { stripe } from './s';\nexport const a = (n: number) => n ? b(n) : stripe.balance.retrieve();",
            ),
            (
                "libs/pay/b.ts",
                "import { a } from './a';\nexport const b = (n: number) => a(n - 1);",
            ),
            (
                "libs/pay/s.ts",
                "import Stripe from 'stripe';\nexport const stripe = new Stripe('');",
            ),
            ("libs/core/package.json", r#"{"name":"core"}"#),
            (
                "libs/core/index.ts",
                "import { b } from '~pay/b';\nexport const core = () => b(3);",
            ),
            ("job/package.json", r#"{"name":"job"}"#),
            ("job/run.ts", "import { core } from 'core';\ncore();"),
            ("idle/package.json", r#"{"name":"idle"}"#),
            ("idle/run.ts", "console.log('nothing');"),
        ],
        &[("job", "balance_read")],
    );
}

#[test]
fn python_packages_import_one_another_by_name() {
    check(
        &[
            (
                "libs/billing/pyproject.toml",
                "[project]\nname = \"acme-billing\"\n",
            ),
            (
                "libs/billing/src/acme_billing/__init__.py",
                "from .refunds import refund\n",
            ),
            (
                "libs/billing/src/acme_billing/refunds.py",
                "import stripe\n\ndef refund(id):\n    return stripe.Refund.create(charge=id)\n\ndef other():\n    return stripe.Payout.list()\n",
            ),
            ("web/pyproject.toml", "[project]\nname = \"web\"\n"),
            (
                "web/app.py",
                "from acme_billing import refund\n\nrefund('ch_1')\n",
            ),
            ("cron/requirements.txt", "stripe\n"),
            ("cron/job.py", "import stripe\n\nstripe.Invoice.list()\n"),
        ],
        &[
            ("cron", "invoice_read"),
            ("libs/billing", ""),
            ("web", "charge_write"),
        ],
    );
}

#[test]
fn php_packages_load_classes_and_functions_by_name() {
    check(
        &[
            ("billing/composer.json", r#"{"name":"acme/billing"}"#),
            (
                "billing/src/Refunds.php",
                "<?php\nnamespace Acme\\Billing;\nclass Refunds {\n    public function undo($id) {\n        return (new \\Stripe\\StripeClient(KEY))->refunds->create(['charge' => $id]);\n    }\n}\n",
            ),
            (
                "billing/src/payouts.php",
                "<?php\nnamespace Acme\\Billing;\nfunction payouts() {\n    return (new \\Stripe\\StripeClient(KEY))->payouts->all();\n}\n",
            ),
            ("shop/composer.json", r#"{"name":"acme/shop"}"#),
            (
                "shop/index.php",
                "<?php\nfunction cancel($id) {\n    $refunds = new \\Acme\\Billing\\Refunds();\n    return $refunds->undo($id);\n}\ncancel($_GET['id']);\n",
            ),
            ("desk/composer.json", r#"{"name":"acme/desk"}"#),
            (
                "desk/index.php",
                "<?php\nfunction show() {\n    return \\Acme\\Billing\\payouts();\n}\nshow();\n",
            ),
        ],
        &[("desk", "payout_read"), ("shop", "charge_write")],
    );
}

#[test]
fn types_alone_lead_nowhere() {
    check(
        &[
            ("server/package.json", r#"{"name":"server"}"#),
            (
                "server/router.ts",
                "import Stripe from 'stripe';\nconst stripe = new Stripe('');\nexport const router = { all: () => stripe.customers.list() };\nexport type Router = typeof router;",
            ),
            ("web/package.json", r#"{"name":"web"}"#),
            (
                "web/stripe.ts",
                "import type { Router } from '../server/router';\nexport const api = (r: Router) => 1;",
            ),
        ],
        &[("server", "customer_read"), ("web", "")],
    );
}

#[test]
fn nested_packages_the_root_and_equal_names_are_told_apart() {
    let call = |what: &str| format!("import Stripe from 'stripe';\nnew Stripe('').{what}.list();");
    let (root, outer, inner) = (call("refunds"), call("customers"), call("invoices"));
    let repository = folder(&[
        ("package.json", r#"{"name":"all"}"#),
        ("run.ts", &root),
        ("a/package.json", r#"{"name":"same"}"#),
        ("a/run.ts", &outer),
        ("a/b/package.json", r#"{"name":"same"}"#),
        ("a/b/run.ts", &inner),
    ]);
    let found = keys(&repository);
    let of = |path: &str| found[path].as_str();
    assert_eq!(of("."), "charge_read");
    assert_eq!((of("a"), of("a/b")), ("customer_read", "invoice_read"));
    let text = printed(repository.path(), &[]);
    let is_head = |line: &str| line.split_whitespace().eq(["all", "a", "a/b"]);
    assert!(text.lines().any(is_head), "{text}");
}

#[test]
fn one_package_is_scanned_as_ever() {
    let repository = folder(&[
        ("package.json", r#"{"name":"one"}"#),
        (
            "a.ts",
            "import Stripe from 'stripe';\nnew Stripe('').refunds.list();",
        ),
    ]);
    let split = printed(repository.path(), &[]);
    let mut whole = Command::cargo_bin("rakscan").unwrap();
    let whole = whole.arg("scan").arg(repository.path()).assert().success();
    assert_eq!(split.as_bytes(), whole.get_output().stdout);
}

#[test]
fn each_unit_gets_its_manifest_and_the_configuration_of_the_root_counts() {
    let repository = folder(&[
        (
            "rakscan.yaml",
            "assume:\n  - at: api/main.ts\n    endpoints: [GET /v1/payouts]\n",
        ),
        ("api/package.json", r#"{"name":"api"}"#),
        (
            "api/main.ts",
            "import Stripe from 'stripe';\nnew Stripe('').refunds.list();",
        ),
        ("job/package.json", r#"{"name":"job"}"#),
        (
            "job/main.ts",
            "import Stripe from 'stripe';\nnew Stripe('').balance.retrieve();",
        ),
    ]);
    rakscan(repository.path(), &["--write"]).assert().success();
    let read = |path: &str| fs::read_to_string(repository.path().join(path)).unwrap();
    let api = read("api/stripe-permissions.yaml");
    assert!(
        api.contains("path: api") && api.contains("payout_read"),
        "{api}"
    );
    let job = read("job/stripe-permissions.yaml");
    assert!(
        job.contains("balance_read") && !job.contains("payout_read"),
        "{job}"
    );
    assert!(!repository.path().join("stripe-permissions.yaml").exists());
}
