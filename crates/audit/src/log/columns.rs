//! Which column of a table, or field of an object, says what of a request.

use std::collections::BTreeMap;

/// What a log says of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Field {
    Method,
    Path,
    Status,
    Error,
    Account,
}

impl Field {
    pub(super) const ALL: [Self; 5] = [
        Self::Method,
        Self::Path,
        Self::Status,
        Self::Error,
        Self::Account,
    ];

    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Method => "method",
            Self::Path => "path",
            Self::Status => "status",
            Self::Error => "error",
            Self::Account => "account",
        }
    }

    /// Names under which logs have the field, spelled as [`spelled`] does, the surest first.
    ///
    /// A plain `account` is not among them: it can be the own one.
    const fn names(self) -> &'static [&'static str] {
        match self {
            Self::Method => &[
                "method",
                "httpmethod",
                "requestmethod",
                "verb",
                "request.method",
            ],
            Self::Path => &[
                "path",
                "requestpath",
                "url",
                "requesturl",
                "uri",
                "endpoint",
                "apiendpoint",
                "request.path",
                "request.url",
                "request",
                "apicall",
                "resource",
            ],
            Self::Status => &[
                "status",
                "statuscode",
                "httpstatus",
                "httpstatuscode",
                "responsestatus",
                "responsecode",
                "response.status",
                "response.statuscode",
                "code",
            ],
            Self::Error => &[
                "error.message",
                "errormessage",
                "error",
                "message",
                "response.error.message",
                "response.body.error.message",
                "failuremessage",
            ],
            Self::Account => &[
                "stripeaccount",
                "connectedaccount",
                "connectedaccountid",
                "connectaccount",
                "connectaccountid",
            ],
        }
    }
}

/// Which columns to take, where the user says so.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Columns {
    told: BTreeMap<Field, String>,
}

/// A mapping of columns that cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ColumnsError {
    /// There is no `=`.
    #[error("`{entry}` is not of the form NAME=COLUMN")]
    NoColumn {
        /// The entry.
        entry: String,
    },
    /// The name is not one of ours.
    #[error("`{name}` is none of method, path, status, error, account")]
    NoSuchName {
        /// The name.
        name: String,
    },
}

impl Columns {
    /// Reads `method=Verb,path=Endpoint`.
    ///
    /// # Errors
    ///
    /// Fails where an entry has no `=` or an unknown name.
    pub fn parse(text: &str) -> Result<Self, ColumnsError> {
        let mut told = BTreeMap::new();
        for entry in text.split(',').map(str::trim) {
            let (name, column) = entry
                .split_once('=')
                .map(|(name, column)| (name.trim(), column.trim()))
                .filter(|(_, column)| !column.is_empty())
                .ok_or_else(|| ColumnsError::NoColumn {
                    entry: entry.to_owned(),
                })?;
            let field = Field::ALL.into_iter().find(|field| field.id() == name);
            let field = field.ok_or_else(|| ColumnsError::NoSuchName {
                name: name.to_owned(),
            })?;
            told.insert(field, column.to_owned());
        }
        Ok(Self { told })
    }

    /// Returns the column that the user says has `field`.
    pub(super) fn told(&self, field: Field) -> Option<&str> {
        self.told.get(&field).map(String::as_str)
    }

    /// Returns the names under which `field` is looked for, in the order of trust.
    pub(super) fn names(&self, field: Field) -> Vec<String> {
        match self.told(field) {
            Some(column) => vec![spelled(column)],
            None => field
                .names()
                .iter()
                .map(|name| (*name).to_owned())
                .collect(),
        }
    }

    /// Returns, for each field, the numbers of the columns of `header` that may have it.
    pub(super) fn of_header(&self, header: &[String]) -> BTreeMap<Field, Vec<usize>> {
        let header: Vec<String> = header.iter().map(|name| spelled(name)).collect();
        let columns = |field| -> Vec<usize> {
            let at = |name: &String| header.iter().position(|column| column == name);
            self.names(field).iter().filter_map(at).collect()
        };
        Field::ALL
            .into_iter()
            .map(|field| (field, columns(field)))
            .filter(|(_, columns)| !columns.is_empty())
            .collect()
    }
}

/// Returns `text` in small letters, without what stands between words; dots lead into objects.
pub(super) fn spelled(text: &str) -> String {
    text.chars()
        .filter(|c| c.is_alphanumeric() || *c == '.')
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name() {
        let header = [
            "Created (UTC)",
            "HTTP Method",
            "URL",
            "Status code",
            "Stripe-Account",
        ];
        let header = header.map(str::to_owned);
        let found = Columns::default().of_header(&header);
        let expected = [
            (Field::Method, vec![1]),
            (Field::Path, vec![2]),
            (Field::Status, vec![3]),
            (Field::Account, vec![4]),
        ];
        assert_eq!(found, BTreeMap::from(expected));
    }

    #[test]
    fn what_the_user_says_counts_alone() {
        let columns = Columns::parse("method=Verb, path=Adresse").unwrap();
        let header = ["Adresse", "Verb", "Method"].map(str::to_owned);
        let found = columns.of_header(&header);
        let expected = [(Field::Method, vec![1]), (Field::Path, vec![0])];
        assert_eq!(found, BTreeMap::from(expected));
    }

    #[test]
    fn a_wrong_mapping_is_named() {
        let error = |text| Columns::parse(text).unwrap_err().to_string();
        assert_eq!(error("method"), "`method` is not of the form NAME=COLUMN");
        assert!(error("verb=Verb").starts_with("`verb` is none of method"));
    }
}
