//! Hands the result of each unit on as soon as it is there: prints it, writes it, counts it.
//!
//! Nothing of a unit is kept, unless a format was asked for that needs all of them at once.

mod args;
mod journal;
mod name;
mod shelf;

use std::{
    fs::File,
    io::{self, Write},
    path::Path,
    slice,
};

use model::manifest::Manifest;
use report::{Format, directory::Directory, v1::Unit};
use scan::{Earlier, Outcome};

pub(crate) use self::args::ManyArgs;
use self::{
    journal::{Index, Journal},
    shelf::{Files, Shelf},
};
use crate::{error::CliError, formats::Plan, progress::Bar, scanning::Counts, screen::Screen};

/// Where the results of units go.
pub(crate) struct Sinks<'a> {
    screen: &'a Screen,
    bar: &'a Bar,
    /// How files are written.
    options: &'a report::Options,
    streams: Vec<Stream<'a>>,
    shelf: Option<(Format, Shelf)>,
    journal: Option<Journal>,
    /// All units in numbers.
    directory: Directory,
    counts: Counts,
    /// All units, where a format needs them at once.
    kept: Option<Vec<Manifest>>,
}

/// How what is printed and what is written looks.
pub(crate) struct Looks {
    pub(crate) printed: report::Options,
    pub(crate) written: report::Options,
}

/// What an earlier run left, to be looked at while this one adds to it.
pub(crate) enum Memory {
    /// The reports in a folder.
    Files(Files),
    /// The lines of a file.
    Lines(Index),
}

/// What is left when all units are done.
pub(crate) struct Done {
    /// How many there are of what decides how the run ends.
    pub(crate) counts: Counts,
    /// All units, where a format needs them at once.
    pub(crate) manifests: Vec<Manifest>,
}

/// A result that grows with each unit.
struct Stream<'a> {
    format: Format,
    options: &'a report::Options,
    /// `None` for standard output.
    path: Option<&'a Path>,
    /// Open as soon as there is something to write.
    file: Option<File>,
    directory: Directory,
}

/// Tells whether a format says everything of a unit before the next.
pub(crate) const fn is_streamed(format: Format) -> bool {
    matches!(format, Format::Text | Format::Jsonl)
}

/// Tells whether units must say what their results follow from.
pub(crate) fn wants_fingerprints(plan: &Plan) -> bool {
    let out = plan.out.as_ref();
    plan.has(Format::Jsonl) || out.is_some_and(|(format, _)| *format == Format::Json)
}

impl Memory {
    /// Returns what knows the units of the earlier run.
    pub(crate) fn earlier(&self) -> &dyn Earlier {
        match self {
            Self::Files(files) => files,
            Self::Lines(index) => index,
        }
    }
}

impl<'a> Sinks<'a> {
    /// Prepares what `plan` asks for; `root` names the folder that is scanned.
    ///
    /// What an earlier run left is returned where this one is to `resume` it.
    pub(crate) fn open(
        plan: &'a Plan,
        (root, are_several): (&str, bool),
        looks: &'a Looks,
        (screen, bar): (&'a Screen, &'a Bar),
        resume: bool,
    ) -> Result<(Self, Option<Memory>), CliError> {
        let mut sinks = Self {
            screen,
            bar,
            options: &looks.written,
            streams: Vec::new(),
            shelf: None,
            journal: None,
            directory: Directory::new(are_several),
            counts: Counts::default(),
            kept: plan.needs_all().then(Vec::new),
        };
        let mut memory = None;
        if let Some((format, folder)) = &plan.out {
            let shelf = Shelf::new(folder, root, *format)?;
            memory = resume.then(|| Memory::Files(shelf.files()));
            sinks.shelf = Some((*format, shelf));
        }
        let printed = plan.printed.iter();
        let printed = printed.map(|format| (*format, None, &looks.printed));
        let files = plan.files.iter();
        let files = files.map(|(format, path)| (*format, Some(path.as_path()), &looks.written));
        for (format, path, options) in printed.chain(files) {
            match path {
                Some(path) if resume && format == Format::Jsonl => {
                    let (journal, index) = Journal::open(path)?;
                    sinks.journal = Some(journal);
                    memory = Some(Memory::Lines(index));
                }
                _ if is_streamed(format) && !plan.is_split => sinks.streams.push(Stream {
                    format,
                    options,
                    path,
                    file: None,
                    directory: Directory::new(are_several),
                }),
                _ => {}
            }
        }
        Ok((sinks, memory))
    }

    /// Takes what came of one unit.
    pub(crate) fn take(
        &mut self,
        outcome: Outcome,
        memory: Option<&Memory>,
    ) -> Result<(), CliError> {
        match outcome {
            Outcome::Scanned(manifest) => self.scanned(*manifest),
            Outcome::Unchanged(folder) => self.unchanged(&folder, memory),
        }
    }

    fn scanned(&mut self, manifest: Manifest) -> Result<(), CliError> {
        let unit = Unit::of(&manifest, self.options.mode);
        self.counts.add(&unit);
        self.directory.add(&unit);
        for stream in &mut self.streams {
            let bytes = stream.rendered(&manifest, &unit)?;
            stream.write(&bytes, self.screen, self.bar)?;
        }
        if let Some(journal) = &mut self.journal {
            journal.add(&rendered(Format::Jsonl, &manifest, self.options)?)?;
        }
        if let Some((format, shelf)) = &mut self.shelf {
            let folder = manifest.among.as_ref().map_or(".", |among| &among.folder);
            shelf.put(folder, &rendered(*format, &manifest, self.options)?)?;
        }
        if let Some(kept) = &mut self.kept {
            kept.push(manifest);
        }
        Ok(())
    }

    fn unchanged(&mut self, folder: &str, memory: Option<&Memory>) -> Result<(), CliError> {
        let unit = match (&mut self.shelf, &mut self.journal, memory) {
            (Some((_, reports)), _, _) => reports.keep(folder),
            (None, Some(journal), Some(Memory::Lines(index))) => journal.keep(folder, index)?,
            (None, _, _) => None,
        };
        if let Some(unit) = unit {
            self.counts.add(&unit);
            self.directory.add_unchanged(&unit);
        }
        Ok(())
    }

    /// Writes what comes at the end.
    pub(crate) fn finish(self) -> Result<Done, CliError> {
        let is_text = |stream: &Stream<'_>| stream.format == Format::Text;
        let says_all = self.streams.iter().any(is_text) || self.kept.is_some();
        for mut stream in self.streams {
            if stream.format == Format::Text {
                let mut bytes = Vec::new();
                stream.directory.summary(stream.options, &mut bytes)?;
                stream.write(&bytes, self.screen, self.bar)?;
            }
        }
        if let Some(journal) = self.journal {
            journal.finish()?;
        }
        if !says_all {
            let options = report::Options {
                styles: self.screen.talk_styles,
                ..self.options.clone()
            };
            let mut talk = Vec::new();
            self.directory.summary(&options, &mut talk)?;
            self.screen
                .remark(String::from_utf8_lossy(&talk).trim_end());
        }
        if let Some((_, shelf)) = self.shelf {
            shelf.finish()?;
        }
        Ok(Done {
            counts: self.counts,
            manifests: self.kept.unwrap_or_default(),
        })
    }
}

impl Stream<'_> {
    fn rendered(&mut self, manifest: &Manifest, unit: &Unit) -> io::Result<Vec<u8>> {
        if self.format != Format::Text {
            return rendered(self.format, manifest, self.options);
        }
        let mut bytes = Vec::new();
        self.directory.add(unit);
        self.directory.text(manifest, self.options, &mut bytes)?;
        Ok(bytes)
    }

    fn write(&mut self, bytes: &[u8], screen: &Screen, bar: &Bar) -> Result<(), CliError> {
        let Some(path) = self.path else {
            if !bytes.is_empty() {
                bar.beside(|| screen.print(bytes))?;
            }
            return Ok(());
        };
        let unwritable = |source| CliError::Unwritable {
            path: path.to_owned(),
            source,
        };
        let mut file = match self.file.take() {
            Some(file) => file,
            None => File::create(path).map_err(unwritable)?,
        };
        file.write_all(bytes).map_err(unwritable)?;
        self.file = Some(file);
        Ok(())
    }
}

fn rendered(format: Format, manifest: &Manifest, options: &report::Options) -> io::Result<Vec<u8>> {
    let mut out = Vec::new();
    report::render(format, slice::from_ref(manifest), options, &mut out)?;
    Ok(out)
}
