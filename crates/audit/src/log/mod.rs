//! Reads request logs: tables, JSON lines and plain lines, line by line.

use std::{
    collections::BTreeMap,
    io::{self, BufRead},
};

use model::api::Endpoint;
use rules::RuleSet;

use crate::denial::Denial;

mod columns;
mod csv;
mod entry;
mod json;
mod lines;
mod plain;
mod reader;

pub use columns::{Columns, ColumnsError};
pub(crate) use entry::{Bad, Side};

use columns::Field;
use lines::Lines;
use reader::Reader;

/// Lines that are looked at to tell what kind of log it is.
const PEEKED: usize = 50;

/// A place in a log.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct LogPlace {
    /// Name of the log.
    pub(crate) file: String,
    /// Line, from one.
    pub(crate) line: u64,
}

/// How often an endpoint was requested, and with what result.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Seen {
    pub(crate) count: u64,
    pub(crate) first: LogPlace,
    pub(crate) statuses: BTreeMap<u16, u64>,
    pub(crate) last_status: Option<u16>,
}

/// What was refused, and for which account.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Refusal {
    pub(crate) endpoint: Endpoint,
    pub(crate) side: Side,
    pub(crate) denial: Denial,
}

/// What request logs say was used.
#[derive(Clone, Debug, Default)]
pub struct Usage {
    pub(crate) files: Vec<String>,
    pub(crate) n_requests: u64,
    pub(crate) n_elsewhere: u64,
    /// Requests to further unknown endpoints, beyond those that are kept.
    pub(crate) n_dropped: u64,
    pub(crate) n_bad: u64,
    pub(crate) bad: Vec<(LogPlace, Bad)>,
    pub(crate) seen: BTreeMap<(Endpoint, Side), Seen>,
    pub(crate) refused: BTreeMap<Refusal, Seen>,
    /// Unknown endpoints that are kept.
    n_unknown: usize,
}

/// Why a log cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// It cannot be read.
    #[error("cannot read the log `{file}`")]
    Read {
        /// Name of the log.
        file: String,
        /// Why.
        source: io::Error,
    },
    /// There is nothing in it.
    #[error("the log `{file}` is empty")]
    Empty {
        /// Name of the log.
        file: String,
    },
    /// It is in another encoding.
    #[error("the log `{file}` is not UTF-8 text")]
    Encoding {
        /// Name of the log.
        file: String,
    },
    /// It is a table without a column that is needed.
    #[error("the log `{file}` has no column for {}", wanted.join(" and "))]
    NoColumn {
        /// Name of the log.
        file: String,
        /// What is missing.
        wanted: Vec<String>,
        /// The columns that it has.
        columns: Vec<String>,
    },
    /// No line of it is a request.
    #[error("the log `{file}` has no request in it: line {line} has {reason}, and so on")]
    NoRequest {
        /// Name of the log.
        file: String,
        /// The first line that is none.
        line: u64,
        /// Why it is none.
        reason: &'static str,
    },
}

impl Usage {
    /// Returns how many requests to Stripe were read.
    #[must_use]
    pub fn n_requests(&self) -> u64 {
        self.n_requests
    }

    /// Reads the log `file` and adds what it says.
    ///
    /// # Errors
    ///
    /// Fails where the log cannot be read, is empty, or has no request or not the columns for one.
    pub fn read(
        &mut self,
        file: &str,
        input: &mut dyn BufRead,
        columns: &Columns,
        rules: &RuleSet,
    ) -> Result<(), LogError> {
        let file = model::source::mask_secrets(file);
        let read = |source| LogError::Read {
            file: file.clone(),
            source,
        };
        let mut reader = Reader {
            usage: self,
            rules,
            file: file.clone(),
            n_used: 0,
            first_bad: None,
            last: None,
        };
        let mut lines = Lines::new(input);
        let kind = kind(&mut lines, columns, &file)?;
        match kind {
            Kind::Table(delimiter) => reader.table(&mut lines, delimiter, columns),
            Kind::Json => reader.json(&mut lines, columns),
            Kind::Plain => reader.plain(&mut lines),
        }
        .map_err(read)?;
        if reader.n_used == 0 {
            let (line, bad) = reader.first_bad.unwrap_or((1, Bad::NoRequest));
            let reason = bad.text();
            return Err(LogError::NoRequest { file, line, reason });
        }
        self.files.push(file);
        Ok(())
    }
}

/// How a log is written.
enum Kind {
    Table(char),
    Json,
    Plain,
}

/// Tells how a log is written by its first lines.
fn kind(lines: &mut Lines<'_>, columns: &Columns, file: &str) -> Result<Kind, LogError> {
    let file = || file.to_owned();
    let peeked = lines.peek(PEEKED).map_err(|source| LogError::Read {
        file: file(),
        source,
    })?;
    let mut texts = peeked
        .iter()
        .filter_map(|line| line.text.as_deref())
        .filter(|text| !text.trim().is_empty())
        .peekable();
    let Some(first) = texts.peek().copied() else {
        return Err(LogError::Empty { file: file() });
    };
    if first.contains('\0') {
        return Err(LogError::Encoding { file: file() });
    }
    let delimiter = csv::delimiter(first);
    let header = delimiter.map(|delimiter| csv::header(first, delimiter));
    let found = header.as_deref().map(|header| columns.of_header(header));
    let has = |field| {
        found
            .as_ref()
            .is_some_and(|found| found.contains_key(&field))
    };
    let is_object = |text: &str| text.trim_start().starts_with('{');
    if let Some(delimiter) = delimiter
        && has(Field::Path)
        && !is_object(first)
    {
        let is_combined = texts.clone().nth(1).is_some_and(starts_with_verb);
        return if has(Field::Method) || is_combined {
            Ok(Kind::Table(delimiter))
        } else {
            Err(no_column(file(), columns, &[Field::Method], header))
        };
    }
    if texts.clone().any(is_object) {
        return Ok(Kind::Json);
    }
    if texts.any(|text| matches!(plain::read(text), plain::Read::Request(_))) {
        return Ok(Kind::Plain);
    }
    if header.is_some() {
        let wanted = [Field::Method, Field::Path];
        let wanted: Vec<Field> = wanted.into_iter().filter(|field| !has(*field)).collect();
        return Err(no_column(file(), columns, &wanted, header));
    }
    Ok(Kind::Plain)
}

/// Tells whether a row has a cell such as `POST /v1/refunds`, which needs no column for the verb.
fn starts_with_verb(row: &str) -> bool {
    model::api::Method::ALL.iter().any(|method| {
        row.contains(&format!("{method} /")) || row.contains(&format!("{method} https://"))
    })
}

fn no_column(
    file: String,
    columns: &Columns,
    wanted: &[Field],
    header: Option<Vec<String>>,
) -> LogError {
    let name = |field: &Field| match columns.told(*field) {
        Some(column) => format!("the {} (`{column}`)", field.id()),
        None => format!("the {}", field.id()),
    };
    LogError::NoColumn {
        file,
        wanted: wanted.iter().map(name).collect(),
        columns: header.unwrap_or_default(),
    }
}
