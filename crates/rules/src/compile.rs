//! Makes the one compact table that the program carries from the YAML files under `rules/`.
//!
//! The YAML is the truth and is checked here, once, by a developer; the table is only a faster
//! spelling of it. One line per row, cells parted by tabs, the first cell says what the row is; see
//! `load` for the reader.

use std::collections::{BTreeMap, BTreeSet};

use model::{
    api::{Endpoint, HttpCall, HttpCallee, HttpFactory, HttpPlace},
    permission::{Grade, PermissionId},
};
use serde::de::DeserializeOwned;

use crate::{
    error::{Fault, Problem, RuleError},
    functions,
    http::{self, place_text},
    load::{FORMAT, VERSION, section},
    objects::{self, Objects},
    rule::{Answer, EndpointRule, PermissionRule},
    schema::{EndpointRow, EventRow, ExpandRow, HttpFile, OneOrMany, PermissionRow, SdkFile},
    sdk,
    validate::{self, Ids, unknown},
};

/// Path below `rules/` and text of every file.
pub type Files = BTreeMap<String, String>;

/// Checks the files under `rules/` and makes the compiled table of them.
///
/// # Errors
///
/// Fails at the first value that is wrong, and says where it stands.
pub fn compile(files: &Files) -> Result<String, RuleError> {
    let mut table = Table::default();
    let permissions = permissions(files)?;
    table.section(section::PERMISSIONS);
    for rule in &permissions {
        table.permission(rule);
    }
    let ids: Ids = permissions.into_iter().map(|rule| rule.info.id).collect();
    let endpoints = endpoints(files, &ids)?;
    let index = EndpointIndex::of(&endpoints);
    let objects = objects::read(files, &index)?;
    table.section(section::ENDPOINTS);
    for (n, rule) in endpoints.iter().enumerate() {
        table.endpoint(rule, objects.returned(n));
    }
    for (name, text, file) in all::<SdkFile>(files, "sdks/")? {
        sdk::write(&mut table, &file, &index).map_err(|fault| RuleError::new(name, text, fault))?;
        objects.write_classes(&mut table, &file.sdk);
    }
    table.section(section::OBJECTS);
    objects.write(&mut table);
    table.section(section::HTTP);
    for (name, text, file) in all::<HttpFile>(files, "http_clients/")? {
        http_clients(&mut table, &file).map_err(|fault| RuleError::new(name, text, fault))?;
    }
    table.section(section::FUNCTIONS);
    functions::write(&mut table, files, &index)?;
    table.section(section::COSTS);
    costs(&mut table, files, &ids, &objects)?;
    Ok(table.finish())
}

/// Finds endpoints by their text.
pub(crate) struct EndpointIndex(BTreeMap<Endpoint, usize>);

impl EndpointIndex {
    fn of(rules: &[EndpointRule]) -> Self {
        let numbered = rules.iter().enumerate();
        Self(
            numbered
                .map(|(n, rule)| (rule.endpoint.clone(), n))
                .collect(),
        )
    }

    /// Returns the number of the endpoint, which must be spelled as in the endpoint table.
    pub(crate) fn number(&self, text: &str) -> Result<usize, Problem> {
        let endpoint = validate::endpoint(text)?;
        let found = self.0.get(&endpoint).copied();
        found.ok_or_else(|| unknown("endpoint", text))
    }
}

fn permissions(files: &Files) -> Result<Vec<PermissionRule>, RuleError> {
    let mut rules: BTreeMap<PermissionId, PermissionRule> = BTreeMap::new();
    for (name, text, rows) in all::<Vec<PermissionRow>>(files, "permissions.yaml")? {
        for (n, row) in rows.iter().enumerate() {
            let read = || -> Result<(), Fault> {
                for rule in validate::permission(row)? {
                    if rules.insert(rule.info.id.clone(), rule).is_some() {
                        return Err(twice(&row.base).at(["base".into()]));
                    }
                }
                Ok(())
            };
            in_row(name, text, n, read)?;
        }
        implied_exist(name, text, &rows, &rules)?;
    }
    Ok(rules.into_values().collect())
}

fn implied_exist(
    name: &str,
    text: &str,
    rows: &[PermissionRow],
    rules: &BTreeMap<PermissionId, PermissionRule>,
) -> Result<(), RuleError> {
    let ids: Ids = rules.keys().cloned().collect();
    for (n, row) in rows.iter().enumerate() {
        for (at, id) in row.implied.iter().enumerate() {
            let read = || {
                ids.read(id)
                    .map_err(|problem| problem.at(["implied".into(), at.into()]))
            };
            in_row(name, text, n, read)?;
        }
    }
    Ok(())
}

fn endpoints(files: &Files, ids: &Ids) -> Result<Vec<EndpointRule>, RuleError> {
    let mut rules: BTreeMap<Endpoint, EndpointRule> = BTreeMap::new();
    let mut shapes = BTreeSet::new();
    for (name, text, rows) in all::<Vec<EndpointRow>>(files, "endpoints/")? {
        for (n, row) in rows.iter().enumerate() {
            let read = || {
                let rule = validate::endpoint_rule(row, ids, None)?;
                let shape = (rule.endpoint.path.shape(), rule.endpoint.method);
                if !shapes.insert(shape) {
                    return Err(twice(&row.endpoint).at(["endpoint".into()]));
                }
                rules.insert(rule.endpoint.clone(), rule);
                Ok(())
            };
            in_row(name, text, n, read)?;
        }
    }
    Ok(rules.into_values().collect())
}

fn http_clients(table: &mut Table, file: &HttpFile) -> Result<(), Fault> {
    let language = http::language(&file.language).map_err(|p| p.at(["language".into()]))?;
    for (n, row) in file.calls.iter().enumerate() {
        let calls = http::calls(row, Some(language));
        for call in calls.map_err(|fault| fault.under(n).under("calls"))? {
            table.http_call(&file.language, &call);
        }
    }
    for (n, row) in file.factories.iter().enumerate() {
        let factories = http::factories(row, Some(language));
        for factory in factories.map_err(|fault| fault.under(n).under("factories"))? {
            table.http_factory(&file.language, &factory);
        }
    }
    Ok(())
}

/// Adds what parameters of requests ask for.
fn costs(table: &mut Table, files: &Files, ids: &Ids, objects: &Objects) -> Result<(), RuleError> {
    let names = objects.names();
    for (name, text, rows) in all::<Vec<ExpandRow>>(files, "expand.yaml")? {
        for (n, row) in rows.iter().enumerate() {
            in_row(name, text, n, || expand(table, row, ids, objects, &names))?;
        }
    }
    for (name, text, rows) in all::<Vec<EventRow>>(files, "events.yaml")? {
        for (n, row) in rows.iter().enumerate() {
            in_row(name, text, n, || event(table, row, ids))?;
        }
    }
    Ok(())
}

fn expand(
    table: &mut Table,
    row: &ExpandRow,
    ids: &Ids,
    objects: &Objects,
    names: &BTreeSet<&str>,
) -> Result<(), Fault> {
    let is_known = |object: &&String| names.contains(object.as_str());
    if !is_known(&&row.object) {
        return Err(unknown("object", &row.object).at(["object".into()]));
    }
    if let Some(object) = row.expands_to.iter().find(|object| !is_known(object)) {
        return Err(unknown("object", object).at(["expands_to".into()]));
    }
    let (answer, grade) = price(&row.permission, &row.grade, ids)?;
    // What holds for an object holds for the unions that it is in.
    for object in std::iter::once(row.object.as_str()).chain(objects.unions_of(&row.object)) {
        let targets = row.expands_to.join(" ");
        table.row(&["expand", object, &row.field, &targets, &answer, grade.id()]);
    }
    Ok(())
}

fn event(table: &mut Table, row: &EventRow, ids: &Ids) -> Result<(), Fault> {
    if row.grade == "official" && row.source.is_none() {
        return Err(Problem::NoSource { grade: "official" }.at(["grade".into()]));
    }
    let (answer, grade) = price(&row.permission, &row.grade, ids)?;
    table.row(&["event", &row.event, &answer, grade.id()]);
    Ok(())
}

/// Reads what something asks for, as the table spells it, and how well that is known.
fn price(permission: &OneOrMany, grade: &str, ids: &Ids) -> Result<(String, Grade), Fault> {
    let grade = validate::grade(grade)?;
    let answer = match permission.values() {
        [one] if one == "unknown" || one == "none" => one.clone(),
        _ => Answer::Needs(validate::permissions(permission, ids)?).to_string(),
    };
    Ok((answer, grade))
}

/// Runs `read` for row `n` of a file that is a list of rows.
fn in_row<T>(
    name: &str,
    text: &str,
    n: usize,
    read: impl FnOnce() -> Result<T, Fault>,
) -> Result<T, RuleError> {
    read().map_err(|fault| RuleError::new(name, text, fault.under(n)))
}

/// Reads every file below a folder of `rules/`, or the one file.
pub(crate) fn all<'f, T: DeserializeOwned>(
    files: &'f Files,
    prefix: &str,
) -> Result<Vec<(&'f str, &'f str, T)>, RuleError> {
    files
        .iter()
        .filter(|(name, _)| name.starts_with(prefix))
        .map(|(name, text)| {
            let rows = serde_yaml::from_str(text);
            let rows = rows.map_err(|error| RuleError::shape(name, text, &error))?;
            Ok((name.as_str(), text.as_str(), rows))
        })
        .collect()
}

pub(crate) fn twice(value: &str) -> Problem {
    Problem::Twice {
        value: value.to_owned(),
    }
}

/// The compiled table in the making.
#[derive(Default)]
pub(crate) struct Table {
    text: String,
    /// Where each section starts.
    sections: Vec<(String, usize)>,
}

impl Table {
    /// Starts a section; every row belongs to one.
    pub(crate) fn section(&mut self, name: &str) {
        self.sections.push((name.to_owned(), self.text.len()));
    }

    /// Adds a row; empty cells at its end are left out.
    pub(crate) fn row(&mut self, cells: &[&str]) {
        self.text.push_str(cells.join("\t").trim_end_matches('\t'));
        self.text.push('\n');
    }

    fn permission(&mut self, rule: &PermissionRule) {
        let direct = match rule.direct_only {
            Some(true) => "yes",
            Some(false) => "no",
            None => "",
        };
        let info = &rule.info;
        self.row(&[
            "permission",
            &info.id.to_string(),
            info.grade.id(),
            direct,
            if rule.app_schema { "schema" } else { "" },
            &info.section,
            info.label.as_deref().unwrap_or_default(),
            &info.implied.join(","),
            rule.source.as_deref().unwrap_or_default(),
            rule.note.as_deref().unwrap_or_default(),
        ]);
    }

    fn endpoint(&mut self, rule: &EndpointRule, returned: Option<(&str, bool)>) {
        self.row(&[
            "endpoint",
            rule.endpoint.method.id(),
            rule.endpoint.path.as_str(),
            &rule.answer.to_string(),
            rule.grade.id(),
            &rule.status,
            returned.map_or("", |(object, _)| object),
            returned.map_or("", |(_, list)| if list { "list" } else { "" }),
            rule.section.as_deref().unwrap_or_default(),
            rule.label.as_deref().unwrap_or_default(),
            rule.source.as_deref().unwrap_or_default(),
            rule.note.as_deref().unwrap_or_default(),
        ]);
    }

    fn http_call(&mut self, language: &str, call: &HttpCall) {
        let [kind, first, second] = callee_cells(&call.callee);
        self.row(&[
            "http",
            language,
            kind,
            first,
            second,
            call.default_verb.id(),
            &places(&call.url),
            &places(&call.verb),
            &places(&call.body),
            &places(&call.host),
            &places(&call.headers),
            &places(&call.base),
        ]);
    }

    fn http_factory(&mut self, language: &str, factory: &HttpFactory) {
        let [kind, first, second] = callee_cells(&factory.callee);
        let base = places(&factory.base);
        self.row(&[
            "http-factory",
            language,
            kind,
            first,
            second,
            &factory.class,
            &base,
        ]);
    }

    /// Puts the head before the rows: the format's version, a hash of the rows, and the length of
    /// each section.
    fn finish(self) -> String {
        let hash = fnv1a(self.text.as_bytes());
        let mut head = format!("{FORMAT}\t{VERSION}\t{hash:016x}");
        let starts = self.sections.iter().map(|(_, start)| *start);
        let ends = starts.skip(1).chain([self.text.len()]);
        for ((name, start), end) in self.sections.iter().zip(ends) {
            let cells = ["", name.as_str(), &(end - start).to_string()];
            head.push_str(&cells.join("\t"));
        }
        format!("{head}\n{}", self.text)
    }
}

fn callee_cells(callee: &HttpCallee) -> [&str; 3] {
    match callee {
        HttpCallee::Function(name) => ["function", name, ""],
        HttpCallee::Method { class, method } => ["method", class, method],
        HttpCallee::Module { module, member } => ["module", module, member],
    }
}

fn places(places: &[HttpPlace]) -> String {
    let texts: Vec<String> = places.iter().map(place_text).collect();
    texts.join(" ")
}

/// Hashes bytes; small, and the same everywhere and always.
pub(crate) fn fnv1a(bytes: &[u8]) -> u64 {
    bytes.iter().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(*byte)).wrapping_mul(0x0100_0000_01b3)
    })
}
