//! Reads the lines of one log into [`Usage`], each kind of log in its own way.

use std::{collections::BTreeMap, io};

use model::api::Endpoint;
use rules::RuleSet;

use super::{
    Bad, LogPlace, Refusal, Seen, Side, Usage,
    columns::{Columns, Field},
    csv,
    entry::{self, Entry, Target},
    json,
    lines::Lines,
    plain,
};
use crate::denial::Denial;

/// Bad lines that are named.
const NAMED: usize = 3;
/// Endpoints that are not in the table, and refusals, that are kept apart.
const MOST: usize = 1000;

/// Reads one log.
pub(super) struct Reader<'u> {
    pub(super) usage: &'u mut Usage,
    pub(super) rules: &'u RuleSet,
    pub(super) file: String,
    /// Lines that are requests, to Stripe or elsewhere.
    pub(super) n_used: u64,
    pub(super) first_bad: Option<(u64, Bad)>,
    /// The request of the line before, for a message on a line of its own.
    pub(super) last: Option<(Endpoint, Side, u64)>,
}

impl Reader<'_> {
    pub(super) fn table(
        &mut self,
        lines: &mut Lines<'_>,
        delimiter: char,
        columns: &Columns,
    ) -> io::Result<()> {
        let mut found = None;
        while let Some(row) = csv::next(lines, delimiter)? {
            let Some(cells) = row.cells else {
                self.bad(row.number, Bad::OpenQuote);
                continue;
            };
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let Some(found) = &found else {
                found = Some(columns.of_header(&cells));
                continue;
            };
            let values = |field: Field| {
                let columns: &[usize] = found.get(&field).map_or(&[], Vec::as_slice);
                columns.iter().filter_map(|at| cells.get(*at))
            };
            let account = values(Field::Account).next();
            let entry = Entry {
                method: values(Field::Method).next().cloned(),
                paths: values(Field::Path).cloned().collect(),
                status: values(Field::Status).find_map(|text| entry::status(text)),
                error: values(Field::Error).find(|text| !text.is_empty()).cloned(),
                side: account.map_or(Side::Unknown, |text| Side::of_account(text)),
            };
            self.add(row.number, &entry);
        }
        Ok(())
    }

    pub(super) fn json(&mut self, lines: &mut Lines<'_>, columns: &Columns) -> io::Result<()> {
        let names = json::Names::new(columns);
        while let Some(line) = lines.next()? {
            match line.text.as_deref().map(str::trim) {
                None => self.bad(line.number, Bad::TooLong),
                Some("") => {}
                Some(text) => match json::entry(text, &names) {
                    Some(entry) => self.add(line.number, &entry),
                    None => self.bad(line.number, Bad::NoObject),
                },
            }
        }
        Ok(())
    }

    pub(super) fn plain(&mut self, lines: &mut Lines<'_>) -> io::Result<()> {
        while let Some(line) = lines.next()? {
            let Some(text) = line.text else {
                self.bad(line.number, Bad::TooLong);
                continue;
            };
            match plain::read(&text) {
                plain::Read::Request(entry) => self.add(line.number, &entry),
                plain::Read::Message(message) => self.message(&message),
                plain::Read::Nothing => {}
                plain::Read::Bad => self.bad(line.number, Bad::NoRequest),
            }
        }
        Ok(())
    }

    fn bad(&mut self, line: u64, reason: Bad) {
        self.first_bad.get_or_insert((line, reason));
        self.usage.n_bad += 1;
        if self.usage.bad.len() < NAMED {
            let place = self.place(line);
            self.usage.bad.push((place, reason));
        }
    }

    fn place(&self, line: u64) -> LogPlace {
        let file = self.file.clone();
        LogPlace { file, line }
    }

    fn add(&mut self, line: u64, entry: &Entry) {
        self.last = None;
        let endpoint = match entry.target(self.rules) {
            Ok(Target::Stripe(endpoint)) => endpoint,
            Ok(Target::Elsewhere) => {
                self.n_used += 1;
                self.usage.n_elsewhere += 1;
                return;
            }
            Err(reason) => return self.bad(line, reason),
        };
        self.n_used += 1;
        self.usage.n_requests += 1;
        let key = (endpoint, entry.side);
        if !self.usage.seen.contains_key(&key) && self.rules.endpoint(&key.0).is_none() {
            if self.usage.n_unknown >= MOST {
                self.usage.n_dropped += 1;
                return;
            }
            self.usage.n_unknown += 1;
        }
        let place = self.place(line);
        count(&mut self.usage.seen, key.clone(), place, entry.status);
        let denial = entry.error.as_deref().and_then(Denial::parse);
        let denial = denial.or_else(|| (entry.status == Some(403)).then(Denial::silent));
        let (endpoint, side) = key;
        if let Some(denial) = denial.clone() {
            self.refused(endpoint.clone(), side, line, denial);
        }
        // A message on the next line says more than the status.
        if denial.is_none_or(|denial| denial == Denial::silent()) {
            self.last = Some((endpoint, side, line));
        }
    }

    fn refused(&mut self, endpoint: Endpoint, side: Side, line: u64, denial: Denial) {
        let refusal = Refusal {
            endpoint,
            side,
            denial,
        };
        let refused = &self.usage.refused;
        if refused.contains_key(&refusal) || refused.len() < MOST {
            let place = self.place(line);
            count(&mut self.usage.refused, refusal, place, None);
        }
    }

    /// Adds a message to the request before it.
    fn message(&mut self, text: &str) {
        let Some(denial) = Denial::parse(text) else {
            return;
        };
        let Some((endpoint, side, line)) = self.last.take() else {
            return;
        };
        let silent = Refusal {
            endpoint: endpoint.clone(),
            side,
            denial: Denial::silent(),
        };
        if let Some(seen) = self.usage.refused.get_mut(&silent) {
            seen.count = seen.count.saturating_sub(1);
            if seen.count == 0 {
                self.usage.refused.remove(&silent);
            }
        }
        self.refused(endpoint, side, line, denial);
    }
}

/// Counts one more request of `key`.
fn count<K: Ord>(all: &mut BTreeMap<K, Seen>, key: K, place: LogPlace, status: Option<u16>) {
    let seen = all.entry(key).or_insert_with(|| Seen {
        count: 0,
        first: place,
        statuses: BTreeMap::new(),
        last_status: None,
    });
    seen.count += 1;
    if let Some(status) = status {
        *seen.statuses.entry(status).or_default() += 1;
        seen.last_status = Some(status);
    }
}
