//! The rows of a file with people, read in parts.

use crate::actions::router::list_file::{CsvRows, FileFaults};
use domain::people::{EMAIL, ImportColumns, PersonFields, Values, email_key};
use domain::value::FieldProblem;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

/// A row that was understood.
pub(crate) struct Line {
    /// On which line of the file it begins.
    pub(crate) line: u32,
    /// The key of its address.
    pub(crate) key: String,
    /// Its values.
    pub(crate) values: Values,
}

/// The rows of a file.
pub(crate) struct ImportFile<'t> {
    csv: CsvRows<'t>,
    fields: &'t PersonFields,
    labels: &'t [(String, String)],
    columns: Option<ImportColumns>,
    /// Addresses that were read, and on which line.
    seen: HashMap<String, u32>,
    max_rows: u64,
    /// Rows with something in them.
    pub(crate) rows: u64,
    /// What was wrong so far.
    pub(crate) faults: FileFaults,
}

impl<'t> ImportFile<'t> {
    /// A file from its start.
    pub(crate) fn new(
        text: &'t str,
        fields: &'t PersonFields,
        labels: &'t [(String, String)],
        max_rows: u64,
    ) -> Self {
        let (csv, faults) = (CsvRows::new(text), FileFaults::default());
        Self { csv, fields, labels, columns: None, seen: HashMap::new(), max_rows, rows: 0, faults }
    }

    /// The next rows, as many as asked for; fewer at the end only. Faults are noted.
    pub(crate) fn next_lines(&mut self, count: usize) -> Vec<Line> {
        let mut lines = Vec::new();
        while lines.len() < count && !self.faults.is_unreadable {
            let (line, cells) = match self.csv.next_row() {
                Ok(Some((line, cells))) => (line, cells),
                Ok(None) => break,
                Err(problem) => {
                    self.faults.refuse(problem);
                    break;
                }
            };
            if cells.iter().all(|cell| cell.trim().is_empty()) {
                continue;
            }
            let Some(columns) = &self.columns else {
                match ImportColumns::read(&cells, self.fields, self.labels) {
                    Ok(columns) => self.columns = Some(columns),
                    Err(problems) => problems.into_iter().rev().for_each(|one| self.faults.refuse(one)),
                }
                continue;
            };
            let read = columns.row(&cells, self.fields);
            self.rows += 1;
            match read.and_then(|values| self.first_of_address(line, values)) {
                Ok(line) => lines.push(line),
                Err(problem) => self.faults.add(line, vec![problem]),
            }
            if self.rows > self.max_rows {
                self.faults.refuse(FieldProblem::new("", "list-too-many-rows").with("max", self.max_rows));
            }
        }
        lines
    }

    /// Two rows with one address would say two things of one person.
    fn first_of_address(&mut self, line: u32, values: Values) -> Result<Line, FieldProblem> {
        let key = email_key(values.get(EMAIL).map_or("", String::as_str));
        match self.seen.entry(key.clone()) {
            Entry::Occupied(first) => {
                Err(FieldProblem::new(EMAIL, "import-email-twice").with("line", first.get()))
            }
            Entry::Vacant(seen) => {
                seen.insert(line);
                Ok(Line { line, key, values })
            }
        }
    }
}
