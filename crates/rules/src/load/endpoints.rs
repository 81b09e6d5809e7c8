//! Reads the rows of permissions and endpoints.

use std::borrow::Cow;

use model::{
    api::{Endpoint, EndpointInfo, Method, PathTemplate, Returned},
    permission::{Grade, PermissionInfo},
};

use crate::{
    load::{Pool, cell::Cells},
    rule::{EndpointRule, PermissionRule},
};

/// Reads every permission.
pub(super) fn permissions(text: &'static str) -> Option<Vec<PermissionRule>> {
    let mut pool = Pool::default();
    text.lines()
        .map(|line| permission(&mut pool, Cells(line)))
        .collect()
}

fn permission(pool: &mut Pool<'static>, mut cells: Cells<'static>) -> Option<PermissionRule> {
    if cells.next() != "permission" {
        return None;
    }
    let id = pool.permission(cells.next())?;
    let grade = Grade::from_id(cells.next())?;
    let direct_only = match cells.next() {
        "yes" => Some(true),
        "no" => Some(false),
        "" => None,
        _ => return None,
    };
    Some(PermissionRule {
        app_schema: cells.next() == "schema",
        info: PermissionInfo {
            id,
            section: pool.name(cells.next()),
            label: pool.name_unless_empty(cells.next()),
            implied: pool.names(cells.next(), ','),
            direct_only: direct_only == Some(true),
            grade,
        },
        direct_only,
        source: text_unless_empty(cells.next()),
        note: text_unless_empty(cells.next()),
    })
}

/// Reads the endpoints themselves.
pub(super) fn infos(text: &'static str) -> Option<Vec<EndpointInfo>> {
    let mut pool = Pool::default();
    text.lines()
        .map(|line| info(&mut pool, Cells(line)))
        .collect()
}

fn info(pool: &mut Pool<'static>, mut cells: Cells<'static>) -> Option<EndpointInfo> {
    if cells.next() != "endpoint" {
        return None;
    }
    let method = Method::parse(cells.next())?;
    let path = PathTemplate::new(cells.next());
    let (_answer, _grade, _status) = (cells.next(), cells.next(), cells.next());
    let object = pool.name_unless_empty(cells.next());
    let list = cells.next() == "list";
    Some(EndpointInfo {
        endpoint: Endpoint { path, method },
        returns: object.map(|object| Returned { object, list }),
    })
}

/// Reads what the endpoints ask for, `infos` being the endpoints themselves.
pub(super) fn rules(text: &'static str, infos: &[EndpointInfo]) -> Option<Vec<EndpointRule>> {
    let mut pool = Pool::default();
    text.lines()
        .zip(infos)
        .map(|(line, info)| rule(&mut pool, Cells(line), info))
        .collect()
}

fn rule(
    pool: &mut Pool<'static>,
    mut cells: Cells<'static>,
    info: &EndpointInfo,
) -> Option<EndpointRule> {
    let (_kind, _method, _path) = (cells.next(), cells.next(), cells.next());
    let answer = pool.answer(cells.next())?;
    let grade = Grade::from_id(cells.next())?;
    let status = cells.next().into();
    let (_object, _list) = (cells.next(), cells.next());
    Some(EndpointRule {
        endpoint: info.endpoint.clone(),
        answer,
        grade,
        status,
        section: text_unless_empty(cells.next()),
        label: text_unless_empty(cells.next()),
        source: text_unless_empty(cells.next()),
        note: text_unless_empty(cells.next()),
        file: None,
    })
}

fn text_unless_empty(text: &'static str) -> Option<Cow<'static, str>> {
    (!text.is_empty()).then_some(Cow::Borrowed(text))
}
