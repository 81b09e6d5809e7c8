//! `endpoints/<area>.yaml`: the permission that each endpoint asks for.

use std::{collections::BTreeMap, path::Path};

use crate::{ChoreError, facts::Facts, import::permissions::Catalogue, yaml};

/// Areas, and how the paths in them go on after `/v1/`, `/v2/` or `/`.
const AREAS: &[(&str, &str)] = &[
    (
        "accounts",
        "account accounts account_links account_sessions country_specs external_accounts core/account oauth linked_accounts link_account_sessions",
    ),
    ("apps", "apps extend iam network"),
    (
        "balance",
        "balance balance_transactions balance_settings exchange_rates",
    ),
    (
        "billing",
        "billing billing_portal coupons promotion_codes credit_notes invoice_rendering_templates entitlements",
    ),
    (
        "charges",
        "charges refunds disputes reviews bitcoin sources tokens 3d_secure three_d_secure",
    ),
    (
        "checkout",
        "checkout checkout_sessions payment_links shipping_rates",
    ),
    ("climate", "climate"),
    ("core", "core"),
    ("customers", "customers customer_sessions ephemeral_keys"),
    ("events", "events webhook_endpoints core/event"),
    ("files", "files file_links"),
    ("financial_connections", "financial_connections"),
    ("identity", "identity"),
    ("invoices", "invoices invoiceitems invoice_payments quotes"),
    ("issuing", "issuing"),
    ("money_management", "money_management"),
    (
        "orders",
        "orders order_returns skus orchestrated_commerce commerce",
    ),
    (
        "payment_intents",
        "payment_intents payment_intents_with_legacy_charges setup_intents setup_attempts confirmation_tokens mandates",
    ),
    (
        "payment_methods",
        "payment_methods payment_method_configurations payment_method_domains apple_pay",
    ),
    (
        "payments",
        "payments payment_records payment_attempt_records forwarding",
    ),
    ("payouts", "payouts"),
    ("products", "products prices plans product_catalog"),
    ("radar", "radar issuer_fraud_records"),
    ("reporting", "reporting sigma data"),
    (
        "subscriptions",
        "subscriptions subscription_items subscription_schedules",
    ),
    ("tax", "tax tax_codes tax_ids tax_rates tax_rate_templates"),
    ("terminal", "terminal"),
    ("test_helpers", "test_helpers"),
    ("transfers", "transfers recipients topups application_fees"),
    ("treasury", "treasury"),
];

/// Writes the files.
pub(crate) fn write(
    dir: &Path,
    catalogue: &Catalogue,
    files: &mut BTreeMap<String, String>,
) -> Result<(), ChoreError> {
    let facts = Facts::read(dir, "endpoint_permissions")?;
    let mut rows = facts.rows([
        "verb",
        "path",
        "permission",
        "grade",
        "status",
        "section",
        "label",
        "source",
        "note",
    ])?;
    rows.sort_by_key(|[verb, path, ..]| (*path, *verb));
    for row in rows {
        let area = area(row[1]);
        let text = files
            .entry(format!("endpoints/{area}.yaml"))
            .or_insert_with(|| {
                format!("# Endpoints of `{area}`; rules/README.md says what a row means.\n")
            });
        write_row(text, &row, catalogue);
    }
    Ok(())
}

fn write_row(text: &mut String, row: &[&str; 9], catalogue: &Catalogue) {
    let [
        verb,
        path,
        permission,
        grade,
        status,
        section,
        label,
        source,
        note,
    ] = row;
    let ids: Vec<&str> = permission.split('|').collect();
    let base = ids[0].rsplit_once('_').map_or("", |(base, _)| base);
    let (usual_section, usual_label) = catalogue.get(base).cloned().unwrap_or_default();
    let unless = |usual: &str, value: &str| {
        if value == usual {
            String::new()
        } else {
            yaml::block_or_empty(value)
        }
    };
    let permission = match ids.as_slice() {
        [one] => yaml::block(one),
        several => yaml::flow_list(several.iter().copied()),
    };
    yaml::item(
        text,
        &[
            ("endpoint", format!("{verb} {path}")),
            ("permission", permission),
            ("grade", yaml::block(grade)),
            ("status", unless("ga", status)),
            ("section", unless(&usual_section, section)),
            ("label", unless(&usual_label, label)),
            ("source", yaml::block_or_empty(source)),
            ("note", yaml::block_or_empty(note)),
        ],
    );
}

fn area(path: &str) -> &'static str {
    let path = path
        .strip_prefix("/v1/")
        .or_else(|| path.strip_prefix("/v2/"))
        .unwrap_or(path)
        .trim_start_matches('/');
    let resource = path.split('/').next().unwrap_or_default();
    let is_exact = |(_, starts): &&(&str, &str)| starts.split(' ').any(|start| start == resource);
    let is_longer = |(_, starts): &&(&str, &str)| {
        starts
            .split(' ')
            .any(|start| start.contains('/') && path.starts_with(start))
    };
    AREAS
        .iter()
        .find(is_longer)
        .or_else(|| AREAS.iter().find(is_exact))
        .map_or("other", |(area, _)| area)
}
