//! Reads tables of facts: tab-separated, one line of column names.

use std::path::Path;

use crate::{ChoreError, read};

/// A table of facts.
pub(crate) struct Facts {
    file: String,
    columns: Vec<String>,
    rows: Vec<Vec<String>>,
}

impl Facts {
    /// Reads `<name>.tsv` of a folder.
    pub(crate) fn read(dir: &Path, name: &str) -> Result<Self, ChoreError> {
        let file = format!("{name}.tsv");
        let text = read(&dir.join(&file))?;
        let mut lines = text
            .lines()
            .map(|line| line.split('\t').map(str::to_owned).collect());
        Ok(Self {
            file,
            columns: lines.next().unwrap_or_default(),
            rows: lines.collect(),
        })
    }

    /// Returns the cells of the named columns, row by row.
    pub(crate) fn rows<const N: usize>(
        &self,
        columns: [&'static str; N],
    ) -> Result<Vec<[&str; N]>, ChoreError> {
        let mut at = [0; N];
        for (slot, column) in at.iter_mut().zip(columns) {
            let found = self.columns.iter().position(|name| name == column);
            *slot = found.ok_or_else(|| ChoreError::Column {
                file: self.file.clone(),
                column,
            })?;
        }
        Ok(self
            .rows
            .iter()
            .map(|row| at.map(|n| row.get(n).map_or("", |cell| cell.trim())))
            .collect())
    }
}
