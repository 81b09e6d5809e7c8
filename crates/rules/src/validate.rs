//! Turns rows of text into checked rows.
//!
//! Knows what a permission, a verb, a path, a grade and a release look like, and that the same
//! fact may not be there twice. Names the value that is wrong by its path, see [`Fault`].

use std::collections::BTreeSet;

use model::{
    api::{Endpoint, Method, PathTemplate},
    permission::{Access, Grade, PermissionId, PermissionInfo},
    unit::Version,
};

use crate::{
    error::{Fault, Problem},
    rule::{Answer, EndpointRule, PermissionRule, access},
    schema::{EndpointRow, PermissionRow},
};

/// The permissions that exist.
#[derive(Clone, Debug, Default)]
pub(crate) struct Ids(BTreeSet<PermissionId>);

impl FromIterator<PermissionId> for Ids {
    fn from_iter<I: IntoIterator<Item = PermissionId>>(ids: I) -> Self {
        Self(ids.into_iter().collect())
    }
}

impl Ids {
    /// Reads an id and makes sure that it exists.
    pub(crate) fn read(&self, text: &str) -> Result<PermissionId, Problem> {
        PermissionId::parse(text)
            .filter(|id| !text.starts_with("rak_") && self.0.contains(id))
            .ok_or_else(|| Problem::UnknownPermission {
                id: text.to_owned(),
                nearest: self.nearest(text),
            })
    }

    /// Returns the id that differs least from `text`, if little.
    fn nearest(&self, text: &str) -> Option<String> {
        let wanted = text.strip_prefix("rak_").unwrap_or(text);
        self.0
            .iter()
            .map(ToString::to_string)
            .map(|id| (distance(&id, wanted), id))
            .filter(|(distance, id)| distance * 3 <= id.len())
            .min()
            .map(|(_, id)| id)
    }
}

/// Counts the characters to add, drop or change to make one text of the other.
fn distance(left: &str, right: &str) -> usize {
    if left.len().abs_diff(right.len()) > 32 {
        return usize::MAX / 4;
    }
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (n, a) in left.chars().enumerate() {
        let mut above_left = n;
        let mut before = n + 1;
        for (cell, b) in row.iter_mut().skip(1).zip(&right) {
            let changed = above_left + usize::from(a != *b);
            above_left = *cell;
            before = changed.min(*cell + 1).min(before + 1);
            *cell = before;
        }
        if let Some(first) = row.first_mut() {
            *first = n + 1;
        }
    }
    row.last().copied().unwrap_or_default()
}

/// Checks one row of the permission catalogue; a row holds a permission for each level.
pub(crate) fn permission(row: &PermissionRow) -> Result<Vec<PermissionRule>, Fault> {
    let grade = grade(&row.grade)?;
    needs_source(grade, row.source.as_deref())?;
    let direct_only = match row.direct_only.as_str() {
        "yes" => Some(true),
        "no" => Some(false),
        "unknown" => None,
        other => return Err(unknown("value", other).at(["direct_only".into()])),
    };
    let mut rules = Vec::new();
    for (n, level) in row.levels.iter().enumerate() {
        let access =
            access(level).ok_or_else(|| unknown("level", level).at(["levels".into(), n.into()]))?;
        rules.push(PermissionRule {
            info: PermissionInfo {
                id: PermissionId {
                    base: row.base.as_str().into(),
                    access,
                },
                label: plain(row.label.as_deref(), "label")?,
                section: row.section.as_str().into(),
                implied: row.implied.iter().map(|id| id.as_str().into()).collect(),
                direct_only: direct_only == Some(true),
                grade,
            },
            direct_only,
            app_schema: row.app_schema.contains(level),
            source: plain(row.source.as_deref(), "source")?,
            note: plain(row.note.as_deref(), "note")?,
        });
    }
    Ok(rules)
}

/// Checks one row of the endpoint table. `usual_grade` is for rows that do not say one.
pub(crate) fn endpoint_rule(
    row: &EndpointRow,
    ids: &Ids,
    usual_grade: Option<Grade>,
) -> Result<EndpointRule, Fault> {
    let endpoint = endpoint(&row.endpoint).map_err(|problem| problem.at(["endpoint".into()]))?;
    let answer = answer(row, ids)?;
    let grade = match (&row.grade, usual_grade) {
        (Some(word), _) => grade(word)?,
        (None, Some(_)) if answer == Answer::Unknown => Grade::Unknown,
        (None, Some(usual)) => usual,
        (None, None) => return Err(Problem::Shape("missing field `grade`".to_owned()).at([])),
    };
    if (answer == Answer::Unknown) != (grade == Grade::Unknown) {
        return Err(Problem::GradeDisagrees.at(["grade".into()]));
    }
    if usual_grade.is_none() {
        needs_source(grade, row.source.as_deref())?;
        if row.note.is_none() {
            fits_verb(endpoint.method, &answer)?;
        }
    }
    Ok(EndpointRule {
        endpoint,
        answer,
        grade,
        status: plain(row.status.as_deref(), "status")?.unwrap_or_else(|| "ga".into()),
        section: plain(row.section.as_deref(), "section")?,
        label: plain(row.label.as_deref(), "label")?,
        source: plain(row.source.as_deref(), "source")?,
        note: plain(row.note.as_deref(), "note")?,
        file: None,
    })
}

fn answer(row: &EndpointRow, ids: &Ids) -> Result<Answer, Fault> {
    match row.permission.values() {
        [one] if one == "none" => Ok(Answer::Nothing),
        [one] if one == "unknown" => Ok(Answer::Unknown),
        [] => Err(
            Problem::Shape("no permission; write `none` or `unknown`".to_owned())
                .at(["permission".into()]),
        ),
        _ => permissions(&row.permission, ids).map(Answer::Needs),
    }
}

/// Checks the ids under `permission`.
pub(crate) fn permissions(
    ids_as_text: &crate::schema::OneOrMany,
    ids: &Ids,
) -> Result<Vec<PermissionId>, Fault> {
    use crate::schema::OneOrMany::{Many, One};
    match ids_as_text {
        One(id) => ids
            .read(id)
            .map(|id| vec![id])
            .map_err(|problem| problem.at(["permission".into()])),
        Many(list) => list
            .iter()
            .enumerate()
            .map(|(n, id)| {
                ids.read(id)
                    .map_err(|problem| problem.at(["permission".into(), n.into()]))
            })
            .collect(),
    }
}

fn fits_verb(method: Method, answer: &Answer) -> Result<(), Fault> {
    let Answer::Needs(ids) = answer else {
        return Ok(());
    };
    let wanted = if method == Method::Get {
        Access::Read
    } else {
        Access::Write
    };
    match ids.iter().find(|id| id.access != wanted) {
        Some(id) => Err(Problem::Access { id: id.to_string() }.at(["permission".into()])),
        None => Ok(()),
    }
}

/// Reads a grade.
pub(crate) fn grade(word: &str) -> Result<Grade, Fault> {
    Grade::from_id(word).ok_or_else(|| {
        Problem::Grade {
            value: word.to_owned(),
        }
        .at(["grade".into()])
    })
}

fn needs_source(grade: Grade, source: Option<&str>) -> Result<(), Fault> {
    if source.is_none() && grade < Grade::Inferred {
        return Err(Problem::NoSource { grade: grade.id() }.at(["grade".into()]));
    }
    Ok(())
}

/// Reads an endpoint.
pub(crate) fn endpoint(text: &str) -> Result<Endpoint, Problem> {
    let (verb, path) = text.split_once(' ').unwrap_or((text, ""));
    let method = Method::parse(verb)
        .filter(|method| method.id() == verb)
        .ok_or_else(|| Problem::Verb {
            value: text.to_owned(),
        })?;
    path_rule(path).map_or(Ok(()), |why| {
        Err(Problem::Path {
            value: path.to_owned(),
            why,
        })
    })?;
    Ok(Endpoint {
        path: PathTemplate::new(path),
        method,
    })
}

/// Returns the rule that a path breaks.
fn path_rule(path: &str) -> Option<&'static str> {
    let mut segments = path.split('/');
    if segments.next() != Some("") || path.len() < 2 {
        return Some("it begins with `/`");
    }
    if !matches!(segments.next(), Some("v1" | "v2" | "oauth")) {
        return Some("it begins with `/v1`, `/v2` or `/oauth`");
    }
    let rest: Vec<&str> = segments.collect();
    let Some(first) = rest.first() else {
        return Some("it names a resource");
    };
    if first.starts_with('{') {
        return Some("its resource is not an id");
    }
    (!rest.iter().all(|segment| is_segment(segment)))
        .then_some("its parts are lower-case words or ids in braces")
}

fn is_segment(segment: &str) -> bool {
    let inner = segment
        .strip_prefix('{')
        .map_or(Some(segment), |rest| rest.strip_suffix('}'));
    inner.is_some_and(|word| {
        !word.is_empty()
            && word
                .chars()
                .all(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_')
    })
}

/// Reads a release.
pub(crate) fn version(text: &str) -> Result<Version, Problem> {
    Version::parse(text).ok_or_else(|| Problem::Version {
        value: text.to_owned(),
    })
}

/// Makes a name of a text that fits into one cell of a table.
fn plain<T: From<String>>(text: Option<&str>, key: &'static str) -> Result<Option<T>, Fault> {
    match text {
        Some(text) if text.contains(char::is_control) => Err(Problem::Control {
            value: text.to_owned(),
        }
        .at([key.into()])),
        Some(text) => Ok(Some(text.to_owned().into())),
        None => Ok(None),
    }
}

/// Says that a table has no such thing.
pub(crate) fn unknown(what: &'static str, value: &str) -> Problem {
    Problem::Unknown {
        what,
        value: value.to_owned(),
    }
}
