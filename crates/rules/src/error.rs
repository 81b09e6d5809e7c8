//! What can be wrong with a rule file, and where.

use miette::{Diagnostic, LabeledSpan, NamedSource, SourceCode};
use thiserror::Error;

use crate::locate::{self, Place, Step};

/// A rule file that cannot be used.
///
/// Displays what is wrong; as a [`Diagnostic`] it also shows the place. [`RuleError::line`] and
/// [`RuleError::column`] say it in numbers.
#[derive(Debug, Error)]
#[error("{}", visible(&.0.problem.to_string()))]
pub struct RuleError(Box<Report>);

/// Boxed, so that a result with the error is small.
#[derive(Debug)]
struct Report {
    problem: Problem,
    place: Place,
    source_code: NamedSource<String>,
}

/// What is wrong.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum Problem {
    /// The text is not YAML, or has a wrong shape: an unknown key, a missing one, a wrong type.
    #[error("{0}")]
    Shape(String),
    /// The file is too large to be a rule file.
    #[error("the file has {size} bytes, more than the {limit} a rule file may have")]
    TooLarge {
        /// Its size.
        size: usize,
        /// The largest size.
        limit: usize,
    },
    /// The permission catalogue does not have this id.
    #[error("unknown permission `{id}`")]
    UnknownPermission {
        /// The id.
        id: String,
        /// An id that was perhaps meant.
        nearest: Option<String>,
    },
    /// The endpoint does not begin with a verb that Stripe uses.
    #[error("`{value}` does not begin with a verb that Stripe uses")]
    Verb {
        /// The endpoint, or the verb alone.
        value: String,
    },
    /// The path is not one of Stripe's API.
    #[error("`{value}` is not a path of the Stripe API: {why}")]
    Path {
        /// The path.
        value: String,
        /// The rule that it breaks.
        why: &'static str,
    },
    /// No such grade.
    #[error("unknown grade `{value}`")]
    Grade {
        /// The word.
        value: String,
    },
    /// A grade that claims a source needs one.
    #[error("grade `{grade}` needs a source")]
    NoSource {
        /// The grade.
        grade: &'static str,
    },
    /// The grade says that nothing is known, the permission says otherwise, or the reverse.
    #[error("permission and grade disagree: only an unknown permission has grade `unknown`")]
    GradeDisagrees,
    /// The access level does not fit the verb and no note says why.
    #[error("`{id}` does not fit the verb, and no note says why")]
    Access {
        /// The permission.
        id: String,
    },
    /// The same row twice.
    #[error("`{value}` is there twice")]
    Twice {
        /// What is repeated.
        value: String,
    },
    /// A row names something that no table has.
    #[error("unknown {what} `{value}`")]
    Unknown {
        /// What kind of thing.
        what: &'static str,
        /// Its name.
        value: String,
    },
    /// Not a release number.
    #[error("`{value}` is not a release number")]
    Version {
        /// The text.
        value: String,
    },
    /// Not a place of a call.
    #[error("`{value}` is not a place of a call")]
    HttpPlace {
        /// The text.
        value: String,
    },
    /// A row does not say what is called, or says it twice.
    #[error("a row names a `function`, or a `class` and a `method`, or a `module`")]
    Callee,
    /// A text with a tab, a line break or the like, which the compiled table cannot hold.
    #[error("`{value}` holds a control character")]
    Control {
        /// The text.
        value: String,
    },
}

impl Problem {
    /// Returns what to do about it.
    fn help(&self) -> Option<String> {
        match self {
            Self::UnknownPermission { nearest, .. } => Some(nearest.as_ref().map_or_else(
                || "run `rakscan rules list` for the ids that exist".to_owned(),
                |nearest| format!("write `{nearest}` if that is meant"),
            )),
            Self::Verb { .. } => Some("begin with GET, POST, DELETE or PUT".to_owned()),
            Self::Path { .. } => Some("write it like `/v1/customers/{customer}`".to_owned()),
            Self::Grade { .. } => {
                Some("write official, observed, documented, inferred or unknown".to_owned())
            }
            Self::NoSource { .. } => Some("add `source:` with a public address".to_owned()),
            Self::HttpPlace { .. } => Some(
                "write an index, a keyword after `/` and a key after `.`, for instance `1/json.url`"
                    .to_owned(),
            ),
            Self::Shape(_)
            | Self::TooLarge { .. }
            | Self::GradeDisagrees
            | Self::Access { .. }
            | Self::Twice { .. }
            | Self::Unknown { .. }
            | Self::Version { .. }
            | Self::Callee
            | Self::Control { .. } => None,
        }
    }
}

/// A problem and the path to the value that has it.
#[derive(Debug)]
pub(crate) struct Fault {
    pub(crate) problem: Problem,
    pub(crate) path: Vec<Step>,
}

impl Problem {
    /// Ties the problem to a value.
    pub(crate) fn at(self, path: impl Into<Vec<Step>>) -> Fault {
        Fault {
            problem: self,
            path: path.into(),
        }
    }
}

impl Fault {
    /// Puts a step before the path.
    pub(crate) fn under(mut self, step: impl Into<Step>) -> Self {
        self.path.insert(0, step.into());
        self
    }
}

impl RuleError {
    /// Ties a fault to the file it is in.
    pub(crate) fn new(name: &str, text: &str, fault: Fault) -> Self {
        let place = locate::value(text, &fault.path);
        Self::placed(name, text, fault.problem, place)
    }

    /// Turns the parser's error into ours.
    pub(crate) fn shape(name: &str, text: &str, error: &serde_yaml::Error) -> Self {
        let place = locate::place_of(text, error);
        Self::placed(name, text, Problem::Shape(locate::bare(error)), place)
    }

    /// Refuses a file for its size.
    pub(crate) fn too_large(name: &str, size: usize, limit: usize) -> Self {
        let problem = Problem::TooLarge { size, limit };
        Self::placed(name, "", problem, Place::default())
    }

    fn placed(name: &str, text: &str, problem: Problem, place: Place) -> Self {
        Self(Box::new(Report {
            problem,
            place,
            source_code: NamedSource::new(name, text.to_owned()).with_language("yaml"),
        }))
    }

    /// Returns what is wrong.
    #[must_use]
    pub fn problem(&self) -> &Problem {
        &self.0.problem
    }

    /// Returns the name of the file.
    #[must_use]
    pub fn file(&self) -> &str {
        self.0.source_code.name()
    }

    /// Returns the line of the offending value, from 1.
    #[must_use]
    pub fn line(&self) -> usize {
        self.0.place.line
    }

    /// Returns the column of the offending value in characters, from 1.
    #[must_use]
    pub fn column(&self) -> usize {
        self.0.place.column
    }

    /// Returns the bytes of the offending value.
    #[must_use]
    pub fn span(&self) -> std::ops::Range<usize> {
        self.0.place.start..self.0.place.start + self.0.place.len
    }

    /// Returns the text of the file.
    #[must_use]
    pub fn text(&self) -> &str {
        self.0.source_code.inner()
    }
}

/// Escapes what a terminal would not show, or would obey.
fn visible(text: &str) -> String {
    let mut visible = String::with_capacity(text.len());
    for c in text.chars() {
        let is_hidden = matches!(c, '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}');
        if c.is_control() || is_hidden {
            visible.extend(c.escape_unicode());
        } else {
            visible.push(c);
        }
    }
    visible
}

impl Diagnostic for RuleError {
    fn code<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        Some(Box::new("bad-rule-file"))
    }

    fn help<'a>(&'a self) -> Option<Box<dyn std::fmt::Display + 'a>> {
        let help = self.0.problem.help()?;
        Some(Box::new(help))
    }

    fn source_code(&self) -> Option<&dyn SourceCode> {
        Some(&self.0.source_code)
    }

    fn labels(&self) -> Option<Box<dyn Iterator<Item = LabeledSpan> + '_>> {
        let label = LabeledSpan::new(
            Some("here".to_owned()),
            self.0.place.start,
            self.0.place.len,
        );
        Some(Box::new(std::iter::once(label)))
    }
}
