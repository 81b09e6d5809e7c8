//! Reads the rows of HTTP clients, and those of functions and libraries.

use model::{
    api::{HttpCall, HttpCallee, HttpFactory, Method},
    library::{Library, Passing},
};

use crate::{
    functions, http,
    load::{
        Pool,
        cell::{Cells, places},
    },
};

/// Reads every call that sends a request.
pub(super) fn calls(text: &'static str) -> Option<Vec<HttpCall>> {
    let mut pool = Pool::default();
    rows(text, "http")
        .map(|cells| call(&mut pool, cells))
        .collect()
}

/// Reads every call that yields an HTTP client.
pub(super) fn factories(text: &'static str) -> Option<Vec<HttpFactory>> {
    let mut pool = Pool::default();
    rows(text, "http-factory")
        .map(|cells| factory(&mut pool, cells))
        .collect()
}

/// Reads every function that passes values on.
pub(super) fn functions(text: &'static str) -> Option<Vec<Passing>> {
    rows(text, "function")
        .map(|mut cells| functions::read(&mut cells))
        .collect()
}

/// Reads every library that makes requests itself.
pub(super) fn libraries(text: &'static str) -> Option<Vec<Library>> {
    rows(text, "library")
        .map(|mut cells| functions::read_library(&mut cells))
        .collect()
}

/// Returns the rows of one kind, without the cell that says it.
fn rows(text: &'static str, kind: &str) -> impl Iterator<Item = Cells<'static>> {
    text.lines().filter_map(move |line| {
        let cells = line.strip_prefix(kind)?.strip_prefix('\t')?;
        Some(Cells(cells))
    })
}

fn call(pool: &mut Pool<'static>, mut cells: Cells<'static>) -> Option<HttpCall> {
    let language = http::language(cells.next()).ok()?;
    let callee = callee(pool, &mut cells)?;
    Some(HttpCall {
        language,
        callee,
        default_verb: Method::parse(cells.next())?,
        url: places(cells.next())?,
        verb: places(cells.next())?,
        body: places(cells.next())?,
        host: places(cells.next())?,
        headers: places(cells.next())?,
        base: places(cells.next())?,
    })
}

fn factory(pool: &mut Pool<'static>, mut cells: Cells<'static>) -> Option<HttpFactory> {
    let language = http::language(cells.next()).ok()?;
    let callee = callee(pool, &mut cells)?;
    Some(HttpFactory {
        language,
        callee,
        class: pool.name(cells.next()),
        base: places(cells.next())?,
    })
}

fn callee(pool: &mut Pool<'static>, cells: &mut Cells<'static>) -> Option<HttpCallee> {
    let kind = cells.next();
    let (first, second) = (pool.name(cells.next()), pool.name(cells.next()));
    Some(match kind {
        "function" => HttpCallee::Function(first),
        "method" => HttpCallee::Method {
            class: first,
            method: second,
        },
        "module" => HttpCallee::Module {
            module: first,
            member: second,
        },
        _ => return None,
    })
}
