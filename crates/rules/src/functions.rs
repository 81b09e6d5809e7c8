//! Rows about functions that pass values on, `functions/<language>.yaml`, and about libraries that
//! make requests themselves, `libraries/<package>.yaml`.

use std::collections::BTreeSet;

use model::{
    api::SdkId,
    library::{ArgumentPlace, Inner, Library, Passing, Requests, Returns, With, spelled},
};

use crate::{
    compile::{EndpointIndex, Files, Table, all, twice},
    error::{Fault, Problem, RuleError},
    http,
    load::cell::Cells,
    schema::{FunctionFile, FunctionRow, LibraryFile, OneOrMany},
    validate::{self, unknown},
};

/// Checks the files and writes their rows.
pub(crate) fn write(
    table: &mut Table,
    files: &Files,
    index: &EndpointIndex,
) -> Result<(), RuleError> {
    for (name, text, file) in all::<FunctionFile>(files, "functions/")? {
        write_rows(table, &file.language, &file.functions, index)
            .map_err(|fault| RuleError::new(name, text, fault))?;
    }
    for (name, text, file) in all::<LibraryFile>(files, "libraries/")? {
        write_library(table, &file, index).map_err(|fault| RuleError::new(name, text, fault))?;
    }
    Ok(())
}

fn write_library(
    table: &mut Table,
    file: &LibraryFile,
    index: &EndpointIndex,
) -> Result<(), Fault> {
    let language = language(&file.language)?;
    let grade = validate::grade(&file.grade)?;
    if file.source.is_none() {
        return Err(Problem::NoSource { grade: grade.id() }.at(["grade".into()]));
    }
    let names = |names: &[String]| {
        let names = names.iter().map(|name| spelled(language, name));
        names.collect::<Vec<_>>().join(" ")
    };
    let (roots, local) = (names(&file.roots), names(&file.local));
    table.row(&["library", &file.language, &file.package, &roots, &local]);
    write_rows(table, &file.language, &file.functions, index)
}

/// Reads a library of the compiled table.
pub(crate) fn read_library(cells: &mut Cells<'_>) -> Option<Library> {
    let names = |text: &str| text.split_whitespace().map(Into::into).collect();
    Some(Library {
        language: http::language(cells.next()).ok()?,
        package: cells.next().into(),
        roots: names(cells.next()),
        local: names(cells.next()),
    })
}

fn language(word: &str) -> Result<SdkId, Fault> {
    http::language(word).map_err(|problem| problem.at(["language".into()]))
}

fn write_rows(
    table: &mut Table,
    word: &str,
    rows: &[FunctionRow],
    index: &EndpointIndex,
) -> Result<(), Fault> {
    let language = language(word)?;
    let mut seen = BTreeSet::new();
    for (n, row) in rows.iter().enumerate() {
        let under = |fault: Fault| fault.under(n).under("functions");
        let requests = requests(row, index).map_err(under)?;
        for passing in passings(row, language).map_err(under)? {
            if !seen.insert(passing.function.clone()) {
                return Err(under(twice(&passing.function).at(["function".into()])));
            }
            table.row(&[
                "function",
                word,
                &passing.function,
                row.calls(),
                &with_text(row),
                &row.returns,
                &requests,
            ]);
        }
    }
    Ok(())
}

/// Checks the endpoints of a row, and spells them for the table.
fn requests(row: &FunctionRow, index: &EndpointIndex) -> Result<String, Fault> {
    let endpoints = row.requests.as_ref().map(OneOrMany::values);
    let endpoints = endpoints.unwrap_or_default();
    for endpoint in endpoints.iter().filter(|word| *word != Requests::UNREAD) {
        let number = index.number(endpoint);
        number.map_err(|problem| problem.at(["requests".into()]))?;
    }
    Ok(endpoints.join("|"))
}

/// Checks one row; a row with several names becomes several functions.
fn passings(row: &FunctionRow, language: SdkId) -> Result<Vec<Passing>, Fault> {
    let returns = Returns::parse(&row.returns);
    let returns = returns.ok_or_else(|| unknown("result", &row.returns).at(["returns".into()]))?;
    let calls = inner(row.calls(), &with_text(row));
    let calls = calls.ok_or_else(|| unknown("value", &with_text(row)).at(["with".into()]))?;
    if calls.is_none() && (returns.is_of_call() || row.with.is_some()) {
        return Err(Problem::Shape("missing field `calls`".to_owned()).at([]));
    }
    let passing = |name: &String| Passing {
        language,
        function: spelled(language, name).into(),
        calls: calls.clone(),
        returns: returns.clone(),
        requests: Requests::default(),
    };
    Ok(row.function.values().iter().map(passing).collect())
}

impl FunctionRow {
    fn calls(&self) -> &str {
        let places = self.calls.as_ref().map(OneOrMany::values);
        places
            .unwrap_or_default()
            .first()
            .map_or("", String::as_str)
    }
}

fn with_text(row: &FunctionRow) -> String {
    let values = row.with.as_ref().map(OneOrMany::values);
    values.unwrap_or_default().join(",")
}

/// Reads what is called and with what; `None` where that is wrong.
#[expect(clippy::option_option, reason = "wrong is not the same as absent")]
fn inner(argument: &str, with: &str) -> Option<Option<Inner>> {
    let with = With::parse(with)?;
    if argument.is_empty() {
        return Some(None);
    }
    let argument = ArgumentPlace::parse(argument)?;
    Some(Some(Inner { argument, with }))
}

/// Reads a row of the compiled table.
pub(crate) fn read(cells: &mut Cells<'_>) -> Option<Passing> {
    let language = http::language(cells.next()).ok()?;
    let function = cells.next().into();
    Some(Passing {
        language,
        function,
        calls: inner(cells.next(), cells.next())?,
        returns: Returns::parse(cells.next())?,
        requests: Requests::parse(cells.next())?,
    })
}
