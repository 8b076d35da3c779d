//! The rows of a file with people, read in parts.

use crate::actions::router::list_file::{CsvRows, FileFaults};
use domain::people::{EMAIL, ImportColumns, PersonFields, Values, email_key};
use domain::value::FieldProblem;
use std::collections::HashMap;

/// A row that was understood.
pub(crate) struct Line {
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
            match self.csv.next_row() {
                Ok(Some((line, cells))) if cells.iter().all(|cell| cell.trim().is_empty()) => {
                    let _ = line;
                }
                Ok(Some((line, cells))) => lines.extend(Self::read(
                    (&mut self.columns, &mut self.seen, &mut self.faults),
                    (self.fields, self.labels),
                    &mut self.rows,
                    (line, &cells),
                )),
                Ok(None) => break,
                Err(problem) => self.faults.refuse(problem),
            }
            if self.rows > self.max_rows {
                self.faults.refuse(FieldProblem::new("", "list-too-many-rows").with("max", self.max_rows));
            }
        }
        lines
    }

    fn read(
        (columns, seen, faults): (&mut Option<ImportColumns>, &mut HashMap<String, u32>, &mut FileFaults),
        (fields, labels): (&PersonFields, &[(String, String)]),
        rows: &mut u64,
        (line, cells): (u32, &[&str]),
    ) -> Option<Line> {
        let Some(known) = columns else {
            match ImportColumns::read(cells, fields, labels) {
                Ok(read) => *columns = Some(read),
                Err(problems) => problems.into_iter().rev().for_each(|problem| faults.refuse(problem)),
            }
            return None;
        };
        *rows += 1;
        let read = known.row(cells, fields).and_then(|values| {
            let key = email_key(values.get(EMAIL).map_or("", String::as_str));
            match seen.insert(key.clone(), line) {
                Some(first) => {
                    seen.insert(key, first);
                    Err(FieldProblem::new(EMAIL, "import-email-twice").with("line", first))
                }
                None => Ok(Line { key, values }),
            }
        });
        read.map_err(|problem| faults.add(line, vec![problem])).ok()
    }
}
