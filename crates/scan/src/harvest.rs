//! Reads the files of a unit and turns those that lead to Stripe into facts, in parallel.

use std::{
    collections::BTreeSet,
    fs::File,
    io::Read,
    panic::{AssertUnwindSafe, catch_unwind},
    path::Path,
};

use model::{
    Name,
    diagnostic::{Code, Diagnostic},
    facts::FileFacts,
    language::Language,
    manifest::SkipReason,
    source::SourceFile,
};
use rayon::prelude::*;

use crate::{
    Options, Progress,
    archive::Contents,
    elsewhere,
    evident::evident,
    fingerprint::Sums,
    foreign,
    frontier::{Frontier, Reach},
    listing::{Content, Found, Listing, Skipped, add, diagnostic},
    mention,
    path::file_name,
    text::{self, Decoded},
    unknown,
    walk::unreadable_at,
};

/// What reading the files of a unit gave.
#[derive(Default)]
pub(crate) struct Harvest {
    /// Facts, sorted by path.
    pub(crate) facts: Vec<FileFacts>,
    /// How many files were left out.
    pub(crate) skipped: Skipped,
    /// What could not be read.
    pub(crate) diagnostics: Vec<Diagnostic>,
    /// Source files that lead nowhere.
    pub(crate) unread: Vec<Found>,
}

/// How the files of one unit are read.
pub(crate) struct Reader<'a> {
    /// Limits.
    pub(crate) options: &'a Options,
    /// Whether scripts run in browsers unless they show otherwise.
    pub(crate) browser_scripts: bool,
    /// Namespaces of bundled SDKs, each with a backslash behind it.
    pub(crate) sdk_prefixes: Vec<String>,
    /// Whether a comment for rakscan is a reason to read a file.
    pub(crate) obeys_comments: bool,
    /// Files that the configuration names.
    pub(crate) named: BTreeSet<Name>,
    /// Digests of what is read, where anybody asked for them.
    pub(crate) sums: Option<Sums>,
}

/// What became of one file.
enum Outcome {
    /// It leads to Stripe.
    Read(Box<FileFacts>, Vec<Diagnostic>),
    /// It is left out; may still be read when the frontier ways it.
    Unmentioned(Found),
    /// It is left out.
    Skipped(SkipReason, Option<Diagnostic>),
    /// It is no source file.
    Nothing,
}

/// Reads all files of `listing`, and says what each of them says.
pub(crate) fn harvest(listing: &Listing, reader: &Reader<'_>, progress: &dyn Progress) -> Harvest {
    let mut harvest = Harvest {
        skipped: listing.skipped.clone(),
        diagnostics: listing.diagnostics.clone(),
        ..Harvest::default()
    };
    let outcomes: Vec<Outcome> = listing
        .files
        .par_iter()
        .map(|found| {
            let outcome = reader.first_look(found);
            progress.advance();
            outcome
        })
        .collect();
    let mut rest = Vec::new();
    for outcome in outcomes {
        harvest.take(outcome, &mut rest);
    }
    reader.follow(&mut harvest, rest);
    harvest
        .diagnostics
        .extend(foreign_signs(&listing.foreign, reader));
    harvest
        .facts
        .sort_by(|a, b| a.source.path.cmp(&b.source.path));
    harvest.diagnostics.sort();
    harvest
}

impl Harvest {
    fn take(&mut self, outcome: Outcome, rest: &mut Vec<Found>) {
        match outcome {
            Outcome::Read(facts, diagnostics) => {
                self.facts.push(*facts);
                self.diagnostics.extend(diagnostics);
            }
            Outcome::Unmentioned(found) => rest.push(found),
            Outcome::Skipped(reason, diagnostic) => {
                add(&mut self.skipped, reason, 1);
                self.diagnostics.extend(diagnostic);
            }
            Outcome::Nothing => {}
        }
    }
}

/// Bytes of a file, or why there are none.
pub(crate) enum Bytes {
    /// All of it.
    Some(Vec<u8>),
    /// It is larger than files may be; whether it mentions Stripe.
    TooLarge { mentions: bool },
    /// It cannot be read.
    Failed(std::io::Error),
}

impl Reader<'_> {
    fn first_look(&self, found: &Found) -> Outcome {
        let bytes = self.bytes(found);
        self.note(found, &bytes);
        let bytes = match bytes {
            Bytes::Some(bytes) => bytes,
            Bytes::TooLarge { mentions } => return self.too_large(found, mentions),
            Bytes::Failed(error) => {
                let said = unreadable_at(&found.path, &error);
                return Outcome::Skipped(SkipReason::NoMention, Some(said));
            }
        };
        let Some(language) = language_of(found, &bytes) else {
            return match unknown::unread(found, &bytes) {
                Some(said) => Outcome::Skipped(SkipReason::NoMention, Some(said)),
                None => Outcome::Nothing,
            };
        };
        let found = Found {
            language: Some(language),
            ..found.clone()
        };
        if self.is_named(&found, &bytes) {
            self.read(&found, language, &bytes)
        } else if mentions_stripe(&bytes) {
            self.left_out(&found, language, &bytes)
                .unwrap_or_else(|| self.read(&found, language, &bytes))
        } else if let Some(reason) = made_by_tool(language, &bytes) {
            // What a tool made leads nowhere, and is large.
            Outcome::Skipped(reason, None)
        } else {
            Outcome::Unmentioned(found)
        }
    }

    /// Tells whether the owner of the code has something to say about a file.
    fn is_named(&self, found: &Found, bytes: &[u8]) -> bool {
        self.named.contains(&found.path)
            || (self.obeys_comments && mention::addresses_rakscan(bytes))
    }

    /// Says why a listed file was not read, given that it was not; `None` where it is no source file.
    pub(crate) fn why_unread(&self, found: &Found) -> Option<SkipReason> {
        match self.first_look(found) {
            Outcome::Skipped(reason, _) => Some(reason),
            Outcome::Read(..) | Outcome::Unmentioned(_) => Some(SkipReason::NoMention),
            Outcome::Nothing => None,
        }
    }

    /// Returns the text of a file, whether it is worth reading or not; `None` where it has none.
    pub(crate) fn text(&self, found: &Found) -> Option<String> {
        let Bytes::Some(bytes) = self.bytes(found) else {
            return None;
        };
        match text::decode(&bytes) {
            Decoded::Text(text) | Decoded::Repaired(text) => Some(text),
            Decoded::Binary => None,
        }
    }

    fn second_look(&self, found: &Found) -> Outcome {
        match (self.bytes(found), found.language) {
            (Bytes::Some(bytes), Some(language)) => self.read(found, language, &bytes),
            _ => Outcome::Skipped(SkipReason::NoMention, None),
        }
    }

    fn read(&self, found: &Found, language: Language, bytes: &[u8]) -> Outcome {
        match text::decode(bytes) {
            Decoded::Text(text) => self.lower(found, language, text, Vec::new()),
            Decoded::Repaired(text) => {
                let message = "has bytes that are not UTF-8, which were replaced";
                let said = diagnostic(&found.path, Code::InvalidUtf8, message);
                self.lower(found, language, text, vec![said])
            }
            Decoded::Binary => {
                let is_loss = mentions_stripe(bytes);
                let said = is_loss.then(|| not_source(found, "looks binary"));
                Outcome::Skipped(SkipReason::NoMention, said)
            }
        }
    }

    /// Says why a file that mentions Stripe is not worth reading.
    fn left_out(&self, found: &Found, language: Language, bytes: &[u8]) -> Option<Outcome> {
        let calls_stripe = mention::names_api_host(bytes)
            || (language.is_script() && mention::imports_package(bytes));
        if let Some(reason) = made_by_tool(language, bytes) {
            let is_loss = calls_stripe && !self.browser_scripts;
            let said = is_loss.then(|| not_source(found, &format!("looks {}", reason.id())));
            return Some(Outcome::Skipped(reason, said));
        }
        let is_for_browser = self.browser_scripts && language.is_script() && !calls_stripe;
        is_for_browser.then_some(Outcome::Skipped(SkipReason::BrowserScript, None))
    }

    fn too_large(&self, found: &Found, mentions: bool) -> Outcome {
        if found.language.is_none() {
            return Outcome::Nothing;
        }
        let message = format!(
            "the file is larger than {} bytes and was not read",
            self.options.max_file_size
        );
        let said = mentions.then(|| diagnostic(&found.path, Code::FileTooLarge, &message));
        Outcome::Skipped(SkipReason::NoMention, said)
    }

    fn lower(
        &self,
        found: &Found,
        language: Language,
        text: String,
        mut said: Vec<Diagnostic>,
    ) -> Outcome {
        let is_evidence = mention::is_evidence(text.as_bytes(), &self.sdk_prefixes);
        let source = SourceFile::new(found.path.clone(), language, text);
        let copy = source.clone();
        let facts = catch_unwind(AssertUnwindSafe(|| syntax::lower(source)));
        let facts = facts.unwrap_or_else(|_| {
            let message = "reading this file failed and was given up";
            said.push(diagnostic(&found.path, Code::LimitExceeded, message));
            FileFacts::empty(copy)
        });
        if facts.is_given_up {
            let message = "the file has too many errors to be read and was given up";
            said.push(diagnostic(&found.path, Code::LimitExceeded, message));
        } else if is_evidence {
            said.extend(syntax_error(&facts));
        }
        Outcome::Read(Box::new(facts), said)
    }

    /// Reads the files that use, or are used by, what was read so far.
    fn follow(&self, harvest: &mut Harvest, mut rest: Vec<Found>) {
        if self.browser_scripts {
            let n_before = rest.len();
            rest.retain(|found| !found.language.is_some_and(Language::is_script));
            let n_scripts = (n_before - rest.len()) as u64;
            add(&mut harvest.skipped, SkipReason::NoMention, n_scripts);
        }
        let evident = evident(&harvest.facts, &self.sdk_prefixes);
        let mut frontier = Frontier::of_evidence(evident);
        while !frontier.is_exhausted() && !rest.is_empty() {
            frontier = self.advance(&frontier, harvest, &mut rest);
        }
        let n_left = rest.len() as u64;
        add(&mut harvest.skipped, SkipReason::NoMention, n_left);
        harvest.unread = rest;
    }

    /// Reads those of `unread` that are `wanted`, and leaves the others there.
    pub(crate) fn read_more(&self, unread: &mut Vec<Found>, wanted: &BTreeSet<Name>) -> Harvest {
        let (chosen, rest): (Vec<Found>, Vec<Found>) = std::mem::take(unread)
            .into_iter()
            .partition(|found| wanted.contains(&found.path));
        *unread = rest;
        let looks: Vec<Outcome> = chosen
            .par_iter()
            .map(|found| self.second_look(found))
            .collect();
        let mut harvest = Harvest::default();
        for outcome in looks {
            harvest.take(outcome, unread);
        }
        harvest
    }

    /// Reads what the frontier reaches of `rest`, and moves it there.
    fn advance(
        &self,
        frontier: &Frontier,
        harvest: &mut Harvest,
        rest: &mut Vec<Found>,
    ) -> Frontier {
        let reached = frontier.reached(rest, |found| match self.bytes(found) {
            Bytes::Some(bytes) => bytes,
            Bytes::TooLarge { .. } | Bytes::Failed(_) => Vec::new(),
        });
        let mut next = Vec::new();
        for (found, reach) in std::mem::take(rest).into_iter().zip(reached) {
            match reach {
                Some(reach) => next.push((found, reach)),
                None => rest.push(found),
            }
        }
        let outcomes: Vec<(Outcome, Reach)> = next
            .par_iter()
            .map(|(found, reach)| (self.second_look(found), *reach))
            .collect();
        let n_before = harvest.facts.len();
        let mut ways = Vec::new();
        for (outcome, reach) in outcomes {
            if matches!(outcome, Outcome::Read(..)) {
                ways.push(reach);
            }
            harvest.take(outcome, rest);
        }
        frontier.beyond(harvest.facts[n_before..].iter().zip(ways))
    }

    /// Returns which of `names` are used in files that were not read for calls.
    pub(crate) fn names_used(
        &self,
        names: &BTreeSet<Name>,
        unread: &[Found],
        texts: &[Found],
    ) -> BTreeSet<Name> {
        let bytes = |found: &Found| match self.bytes(found) {
            Bytes::Some(bytes) => bytes,
            Bytes::TooLarge { .. } | Bytes::Failed(_) => Vec::new(),
        };
        let mut used = elsewhere::names_used(names, unread, bytes);
        used.extend(elsewhere::names_used(names, texts, bytes));
        used
    }

    /// Notes what was read of a file, where anybody asked for that.
    pub(crate) fn note(&self, found: &Found, bytes: &Bytes) {
        if let Some(sums) = &self.sums {
            sums.note(found, bytes);
        }
    }

    pub(crate) fn bytes(&self, found: &Found) -> Bytes {
        match &found.content {
            Content::Memory(bytes) => Bytes::Some(bytes.to_vec()),
            Content::Disk(path) => {
                read_limited(path, self.options.max_file_size).unwrap_or_else(Bytes::Failed)
            }
            Content::Member(tree, path) => match tree.read(path, self.options.max_file_size) {
                Ok(Contents::Some(bytes)) => Bytes::Some(bytes),
                Ok(Contents::TooLarge { mentions }) => Bytes::TooLarge { mentions },
                Err(error) => Bytes::Failed(error),
            },
        }
    }
}

fn read_limited(path: &Path, limit: u64) -> std::io::Result<Bytes> {
    let file = File::open(path)?;
    let size = file.metadata()?.len();
    if size > limit {
        let mentions = mention::stream_mentions_stripe(file)?;
        return Ok(Bytes::TooLarge { mentions });
    }
    // With room for one byte more, the end is seen without growing.
    let mut bytes = Vec::with_capacity(usize::try_from(size).map_or(0, |size| size + 1));
    file.take(limit).read_to_end(&mut bytes)?;
    Ok(Bytes::Some(bytes))
}

/// Knows the language by the name or, where there is no extension, by the first line of a text.
fn language_of(found: &Found, bytes: &[u8]) -> Option<Language> {
    found.language.or_else(|| {
        let named = unknown::language(file_name(&found.path), bytes);
        let language = named.or_else(|| Language::from_shebang(bytes))?;
        // Archives of PHP begin like scripts.
        memchr::memchr(0, bytes).is_none().then_some(language)
    })
}

/// Tells whether the text that `bytes` encode holds the word.
fn mentions_stripe(bytes: &[u8]) -> bool {
    if !text::is_wide(bytes) {
        return mention::mentions_stripe(bytes);
    }
    match text::decode(bytes) {
        Decoded::Text(text) | Decoded::Repaired(text) => mention::mentions_stripe(text.as_bytes()),
        Decoded::Binary => false,
    }
}

fn made_by_tool(language: Language, bytes: &[u8]) -> Option<SkipReason> {
    if language.is_script() {
        return text::made_by_tool(bytes);
    }
    text::has_generated_mark(bytes).then_some(SkipReason::Generated)
}

fn not_source(found: &Found, what: &str) -> Diagnostic {
    let message = format!("the file {what} and was not read, although it mentions Stripe");
    diagnostic(&found.path, Code::NotSource, &message)
}

fn syntax_error(facts: &FileFacts) -> Option<Diagnostic> {
    let first = facts.errors.iter().min()?;
    let message = match facts.errors.len() {
        1 => "one part of the file could not be parsed".to_owned(),
        n => format!("{n} parts of the file could not be parsed, the first of them here"),
    };
    Some(Diagnostic {
        location: facts.source.location(*first),
        code: Code::SyntaxError,
        message: message.into(),
        within: None,
    })
}

fn foreign_signs(found: &[Found], reader: &Reader<'_>) -> Vec<Diagnostic> {
    found
        .par_iter()
        .filter_map(|found| {
            let bytes = reader.bytes(found);
            reader.note(found, &bytes);
            let Bytes::Some(bytes) = bytes else {
                return None;
            };
            let sign = foreign::sign(file_name(&found.path), &bytes)?;
            let message = format!("`{sign}` stands in a file whose language is not supported");
            Some(diagnostic(&found.path, Code::UnsupportedFile, &message))
        })
        .collect()
}
