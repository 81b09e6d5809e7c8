//! Checks an SDK's file and writes its part of the compiled table.

use std::collections::{BTreeMap, BTreeSet};

use model::api::SdkId;

use crate::{
    compile::{EndpointIndex, Table, twice},
    error::{Fault, Problem},
    locate::Step,
    schema::{GenericRow, MethodKind, SdkFile, Silence, SilentRow},
    validate::{unknown, version},
};

/// Rows of one owner, as cells: kind, method, endpoint, since, until.
type Rows<'f> = BTreeMap<&'f str, BTreeSet<[String; 5]>>;

/// Checks `file` and adds its rows.
pub(crate) fn write(table: &mut Table, file: &SdkFile, index: &EndpointIndex) -> Result<(), Fault> {
    sdk_id(&file.sdk).map_err(|problem| problem.at(["sdk".into()]))?;
    version(&file.newest).map_err(|problem| problem.at(["newest".into()]))?;
    let (clients, requestors) = (file.clients.join(" "), file.requestors.join(" "));
    table.section(&file.sdk);
    table.row(&["sdk", &file.sdk, &file.package, &clients, &requestors]);
    write_owners(table, "service", services(file, index)?);
    write_owners(table, "class", classes(file, index)?);
    service_classes(table, file)?;
    for (n, row) in file.silent.iter().enumerate() {
        silent(table, row).map_err(|fault| fault.under(n).under("silent"))?;
    }
    for (n, row) in file.generic.iter().enumerate() {
        generic(table, row).map_err(|fault| fault.under(n).under("generic"))?;
    }
    Ok(())
}

/// Reads the name of an SDK.
pub(crate) fn sdk_id(name: &str) -> Result<SdkId, Problem> {
    SdkId::ALL
        .into_iter()
        .find(|sdk| sdk.id() == name)
        .ok_or_else(|| unknown("sdk", name))
}

fn services<'f>(file: &'f SdkFile, index: &EndpointIndex) -> Result<Rows<'f>, Fault> {
    let mut rows = Rows::new();
    for (n, row) in file.services.iter().enumerate() {
        let call = Call {
            kind: "m",
            method: &row.method,
            endpoint: &row.endpoint,
            since: &row.since,
            until: row.until.as_deref(),
            host: row.host.as_deref(),
        };
        add(&mut rows, &row.client, &call, index).map_err(|f| f.under(n).under("services"))?;
    }
    Ok(rows)
}

fn classes<'f>(file: &'f SdkFile, index: &EndpointIndex) -> Result<Rows<'f>, Fault> {
    let mut rows = Rows::new();
    for (n, row) in file.classes.iter().enumerate() {
        let call = Call {
            kind: match row.kind {
                MethodKind::Static => "s",
                MethodKind::Instance => "i",
            },
            method: &row.method,
            endpoint: &row.endpoint,
            since: &row.since,
            until: row.until.as_deref(),
            host: row.host.as_deref(),
        };
        add(&mut rows, &row.class, &call, index).map_err(|f| f.under(n).under("classes"))?;
    }
    Ok(rows)
}

/// The cells of one row.
struct Call<'f> {
    kind: &'static str,
    method: &'f str,
    endpoint: &'f str,
    since: &'f str,
    until: Option<&'f str>,
    host: Option<&'f str>,
}

fn add<'f>(
    rows: &mut Rows<'f>,
    owner: &'f str,
    call: &Call<'_>,
    index: &EndpointIndex,
) -> Result<(), Fault> {
    let at = |key: &'static str| move |problem: Problem| problem.at([Step::Key(key)]);
    let number = index.number(call.endpoint).map_err(at("endpoint"))?;
    let since = version(call.since).map_err(at("since"))?;
    let until = call.until.map(version).transpose().map_err(at("until"))?;
    if call.host.is_some_and(|host| !host.ends_with(".stripe.com")) {
        return Err(at("host")(unknown("host", call.host.unwrap_or_default())));
    }
    let cells = [
        call.kind.to_owned(),
        call.method.to_owned(),
        number.to_string(),
        since.to_string(),
        until.map(|until| until.to_string()).unwrap_or_default(),
    ];
    if rows.entry(owner).or_default().insert(cells) {
        Ok(())
    } else {
        Err(at("method")(twice(call.method)))
    }
}

fn write_owners(table: &mut Table, kind: &str, owners: Rows<'_>) {
    for (owner, rows) in owners {
        table.row(&[kind, owner]);
        for cells in rows {
            table.row(&cells.each_ref().map(String::as_str));
        }
    }
}

fn service_classes(table: &mut Table, file: &SdkFile) -> Result<(), Fault> {
    let clients: BTreeSet<&str> = file
        .services
        .iter()
        .map(|row| row.client.as_str())
        .collect();
    for (class, paths) in &file.service_classes {
        if let Some(path) = paths.iter().find(|path| !clients.contains(path.as_str())) {
            return Err(unknown("service", path).at(["service_classes".into()]));
        }
        table.row(&["service-class", class, &paths.join(" ")]);
    }
    Ok(())
}

fn silent(table: &mut Table, row: &SilentRow) -> Result<(), Fault> {
    let ((Some(owner), None) | (None, Some(owner))) = (&row.class, &row.client) else {
        let problem = "a row names a `class` or a `client`".to_owned();
        return Err(Problem::Shape(problem).at([]));
    };
    let kind = match row.why {
        Silence::Local | Silence::Throws => "silent",
        Silence::Pages => "pager",
        Silence::Collection => return Ok(()),
    };
    table.row(&[kind, owner, &row.method]);
    Ok(())
}

fn generic(table: &mut Table, row: &GenericRow) -> Result<(), Fault> {
    if !["client", "class", "object", "requestor"].contains(&row.receiver.as_str()) {
        return Err(unknown("receiver", &row.receiver).at(["receiver".into()]));
    }
    let fixed = model::api::Method::parse(&row.verb).is_some();
    if !fixed && row.verb.parse::<u8>().is_err() {
        let problem = Problem::Verb {
            value: row.verb.clone(),
        };
        return Err(problem.at(["verb".into()]));
    }
    let path = row.path.to_string();
    table.row(&["generic", &row.receiver, &row.method, &row.verb, &path]);
    Ok(())
}
