//! A file of JSON Lines that a run continues: what is unchanged stays, in the order of the units.
//!
//! At any moment the file holds whole reports in that order, each unit once, and perhaps a piece of a
//! line at the end. Lines stay where they are as long as units are unchanged; from the first other
//! unit on the file is written anew, and what it held is put aside until the end of the run.

use std::{
    collections::BTreeMap,
    fs::{File, OpenOptions},
    io::{self, BufRead as _, BufReader, Read as _, Seek as _, SeekFrom, Write as _},
    path::{Path, PathBuf},
};

use report::{Head, v1::Unit};
use scan::{Earlier, Known};

use crate::error::CliError;

/// Where the lines of an earlier run are; threads may look here while the file changes.
#[derive(Default)]
pub(crate) struct Index(BTreeMap<String, Entry>);

struct Entry {
    start: u64,
    length: u64,
    known: Option<Known>,
}

/// A file of lines that is continued.
pub(crate) struct Journal {
    path: PathBuf,
    file: File,
    /// End of what is settled.
    end: u64,
    /// End of the whole lines of the earlier run.
    length: u64,
    /// What was put aside, and where in the file it began.
    aside: Option<(File, u64)>,
}

impl Journal {
    /// Opens the file, which need not be there.
    pub(crate) fn open(path: &Path) -> Result<(Self, Index), CliError> {
        let failed = |source| CliError::Unwritable {
            path: path.to_owned(),
            source,
        };
        let mut options = OpenOptions::new();
        options.read(true).write(true).create(true).truncate(false);
        let file = options.open(path).map_err(failed)?;
        let (index, length) = Index::of(&file, path)?;
        let journal = Self {
            path: path.to_owned(),
            file,
            end: 0,
            length,
            aside: None,
        };
        Ok((journal, index))
    }

    /// Adds the line of a unit that was scanned.
    pub(crate) fn add(&mut self, line: &[u8]) -> Result<(), CliError> {
        self.put_aside()
            .and_then(|()| self.append(line))
            .map_err(|source| self.failed(source))
    }

    /// Keeps the line of a unit that is unchanged, and returns what it says.
    pub(crate) fn keep(&mut self, folder: &str, index: &Index) -> Result<Option<Unit>, CliError> {
        let Some(entry) = index.0.get(folder) else {
            return Ok(None);
        };
        let line = self.kept(entry).map_err(|source| self.failed(source))?;
        let text = String::from_utf8_lossy(&line);
        Ok(report::read_line(&text).ok().map(|line| line.unit))
    }

    /// Cuts off what belongs to no unit any more.
    pub(crate) fn finish(self) -> Result<(), CliError> {
        self.file
            .set_len(self.end)
            .map_err(|source| self.failed(source))
    }

    fn kept(&mut self, entry: &Entry) -> io::Result<Vec<u8>> {
        let is_next = self.aside.is_none() && entry.start == self.end;
        if is_next {
            let line = read(&self.file, entry.start, entry.length)?;
            self.end += entry.length;
            return Ok(line);
        }
        self.put_aside()?;
        let line = match &self.aside {
            Some((aside, start)) if entry.start >= *start => {
                read(aside, entry.start - start, entry.length)?
            }
            Some(_) | None => read(&self.file, entry.start, entry.length)?,
        };
        self.append(&line)?;
        Ok(line)
    }

    /// Copies what is behind the settled lines into a file of its own, and cuts it off.
    fn put_aside(&mut self) -> io::Result<()> {
        if self.aside.is_some() {
            return Ok(());
        }
        let folder = self.path.parent().filter(|one| !one.as_os_str().is_empty());
        let mut aside = tempfile::tempfile_in(folder.unwrap_or(Path::new(".")))?;
        self.file.seek(SeekFrom::Start(self.end))?;
        let n_bytes = self.length.saturating_sub(self.end);
        io::copy(&mut (&self.file).take(n_bytes), &mut aside)?;
        self.file.set_len(self.end)?;
        self.aside = Some((aside, self.end));
        Ok(())
    }

    fn append(&mut self, line: &[u8]) -> io::Result<()> {
        self.file.seek(SeekFrom::Start(self.end))?;
        self.file.write_all(line)?;
        self.end += line.len() as u64;
        Ok(())
    }

    fn failed(&self, source: io::Error) -> CliError {
        CliError::Unwritable {
            path: self.path.clone(),
            source,
        }
    }
}

impl Index {
    /// Finds the lines in a file, and where the last whole one ends.
    fn of(file: &File, path: &Path) -> Result<(Self, u64), CliError> {
        let mut reader = BufReader::new(file);
        let mut index = Self::default();
        let (mut start, mut number, mut line) = (0, 0, Vec::new());
        loop {
            line.clear();
            let n_read = reader.read_until(b'\n', &mut line);
            n_read.map_err(|source| crate::input::failed(path, source))?;
            if !line.ends_with(b"\n") {
                return Ok((index, start));
            }
            number += 1;
            let head = Head::read(&String::from_utf8_lossy(&line));
            let head = head.map_err(|source| CliError::BadLine {
                path: path.to_owned(),
                number,
                source,
            })?;
            let length = line.len() as u64;
            index.add(&head, start, length);
            start += length;
        }
    }

    fn add(&mut self, head: &Head, start: u64, length: u64) {
        let n_files = head.files;
        let fingerprint = head.fingerprint.clone();
        let known = fingerprint.map(|fingerprint| Known {
            fingerprint,
            n_files,
        });
        let entry = Entry {
            start,
            length,
            known,
        };
        if let Some(folder) = head.folder() {
            self.0.insert(folder.to_owned(), entry);
        }
    }
}

impl Earlier for Index {
    fn known(&self, folder: &str) -> Option<Known> {
        self.0.get(folder)?.known.clone()
    }
}

fn read(mut file: &File, start: u64, length: u64) -> io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    file.seek(SeekFrom::Start(start))?;
    file.take(length).read_to_end(&mut bytes)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    fn line(folder: &str, text: &str) -> String {
        let unit = format!(r#"{{"name":"{text}","kind":"folder","folder":"{folder}"}}"#);
        let rest = r#""complete":true,"permissions":[],"fingerprint":"x","files":0"#;
        let made = r#""schema":1,"tool":{"name":"rakscan","version":"0"},"rules":{"version":"0"}"#;
        format!("{{{made},\"unit\":{unit},{rest}}}\n")
    }

    /// Continues a file with the lines `a`, `b` and `c`: names of units are kept, others added.
    fn continued(before: &str, units: &[(&str, Option<&str>)]) -> String {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, before).unwrap();
        let (mut journal, index) = Journal::open(&path).unwrap();
        for (unit, new) in units {
            match new {
                Some(text) => journal.add(line(unit, text).as_bytes()).unwrap(),
                None => assert!(journal.keep(unit, &index).unwrap().is_some()),
            }
        }
        journal.finish().unwrap();
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        fs::read_to_string(&path).unwrap()
    }

    fn abc() -> String {
        ["a", "b", "c"].map(|unit| line(unit, "old")).concat()
    }

    #[test]
    fn an_interrupted_file_is_continued() {
        let broken = abc() + "{\"schema\":1,\"to";
        let all = [("a", None), ("b", None), ("c", None), ("d", Some("new"))];
        assert_eq!(continued(&broken, &all), abc() + &line("d", "new"));
        assert_eq!(continued("", &[("a", Some("new"))]), line("a", "new"));
    }

    #[test]
    fn what_changed_is_replaced_in_its_place() {
        let some = [("a", None), ("b", Some("longer than before")), ("c", None)];
        let expected = line("a", "old") + &line("b", "longer than before") + &line("c", "old");
        assert_eq!(continued(&abc(), &some), expected);
    }

    #[test]
    fn what_is_gone_is_removed_and_the_order_is_that_of_the_units() {
        assert_eq!(continued(&abc(), &[("b", None)]), line("b", "old"));
        assert_eq!(continued(&abc(), &[("a", None)]), line("a", "old"));
        let other = [("c", None), ("a", None)];
        assert_eq!(
            continued(&abc(), &other),
            line("c", "old") + &line("a", "old")
        );
    }

    #[test]
    fn a_file_of_something_else_is_left_alone() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.jsonl");
        fs::write(&path, "one\ntwo\n").unwrap();
        let error = Journal::open(&path).err().unwrap();
        assert!(matches!(error, CliError::BadLine { number: 1, .. }));
        assert_eq!(fs::read_to_string(&path).unwrap(), "one\ntwo\n");
    }
}
