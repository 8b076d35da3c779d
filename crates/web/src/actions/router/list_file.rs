//! A list's file: bytes to text, text to rows with the lines on which they stand.

use csv::{ReaderBuilder, StringRecord};
use domain::router::{ListEntry, ListKey, ListKind, ListReader, ListTargets};
use domain::value::FieldProblem;
use encoding_rs::SHIFT_JIS;
use std::borrow::Cow;

/// Faulty rows that are named; the others are counted.
const MAX_NAMED: usize = 100;

/// What is wrong with a file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct FileFaults {
    /// The file can't be read as a list, whatever its rows are.
    pub(crate) is_unreadable: bool,
    /// Rows at fault.
    pub(crate) faulty_rows: u32,
    /// The first of their faults; fields are named by line: `lines[3].value`.
    pub(crate) named: Vec<FieldProblem>,
}

impl FileFaults {
    /// Notes a row's faults.
    pub(crate) fn add(&mut self, line: u32, problems: Vec<FieldProblem>) {
        self.faulty_rows += 1;
        for mut problem in problems {
            let dot = if problem.field.is_empty() { "" } else { "." };
            problem.field = format!("lines[{line}]{dot}{}", problem.field);
            if self.named.len() < MAX_NAMED {
                self.named.push(problem);
            }
        }
    }

    /// Notes why the file can't be read.
    pub(crate) fn refuse(&mut self, problem: FieldProblem) {
        self.is_unreadable = true;
        self.named.insert(0, problem);
    }

    /// The faults, with how many rows have one at the end if not all of them are named.
    pub(crate) fn into_problems(mut self) -> Vec<FieldProblem> {
        if self.faulty_rows as usize > self.named.len() {
            self.named.push(FieldProblem::new("", "list-more-faults").with("count", self.faulty_rows));
        }
        self.named
    }
}

/// The text of a file in UTF-8, with or without byte order mark, or in Shift_JIS as Excel saves it.
pub(crate) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, FieldProblem> {
    let bytes = bytes.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(bytes);
    match std::str::from_utf8(bytes) {
        Ok(text) => Ok(Cow::Borrowed(text)),
        Err(error) => {
            let decoded = SHIFT_JIS.decode_without_bom_handling_and_without_replacement(bytes);
            let before = bytes.get(..error.valid_up_to()).unwrap_or_default();
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            decoded.ok_or_else(|| FieldProblem::new(format!("lines[{line}]"), "list-encoding"))
        }
    }
}

/// The rows of a text with the lines on which they begin.
pub(crate) struct CsvRows<'t> {
    reader: csv::Reader<&'t [u8]>,
    text: &'t str,
    record: StringRecord,
    /// Lines are counted up to this byte.
    counted: usize,
    line: u32,
}

impl<'t> CsvRows<'t> {
    /// A text from its start.
    pub(crate) fn new(text: &'t str) -> Self {
        let reader = ReaderBuilder::new().has_headers(false).flexible(true).from_reader(text.as_bytes());
        Self { reader, text, record: StringRecord::new(), counted: 0, line: 1 }
    }

    /// The next row; `None` at the end.
    ///
    /// # Errors
    /// Why the rest can't be read.
    pub(crate) fn next_row(&mut self) -> Result<Option<(u32, Vec<&str>)>, FieldProblem> {
        match self.reader.read_record(&mut self.record) {
            Ok(true) => {}
            Ok(false) => return Ok(None),
            Err(error) => return Err(FieldProblem::new("", "list-not-csv").with("reason", error)),
        }
        let line = self.line_of_record();
        if self.has_open_quote() {
            return Err(FieldProblem::new(format!("lines[{line}]"), "list-quote-open"));
        }
        Ok(Some((line, self.record.iter().collect())))
    }

    /// The line on which the record begins; lines without anything in them belong to none.
    fn line_of_record(&mut self) -> u32 {
        let bytes = self.text.as_bytes();
        let place = self.record.position().map_or(0, csv::Position::byte);
        let mut start = usize::try_from(place).unwrap_or(bytes.len()).min(bytes.len());
        while bytes.get(start).is_some_and(|byte| matches!(byte, b'\r' | b'\n')) {
            start += 1;
        }
        for at in self.counted..start {
            let is_end = match bytes[at] {
                b'\n' => true,
                b'\r' => bytes.get(at + 1) != Some(&b'\n'),
                _ => false,
            };
            self.line += u32::from(is_end);
        }
        self.counted = start.max(self.counted);
        self.line
    }

    /// A quotation mark that nobody closes would make one row of all that follow.
    fn has_open_quote(&self) -> bool {
        let end = usize::try_from(self.reader.position().byte()).unwrap_or(usize::MAX);
        let raw = self.text.as_bytes().get(self.counted..end.min(self.text.len())).unwrap_or_default();
        let is_last = end >= self.text.len();
        is_last && raw.iter().filter(|byte| **byte == b'"').count() % 2 == 1
    }
}

/// The entries of a list's text, read in parts, so that a long list needs no more memory than its text.
pub(crate) struct ListFile<'t> {
    csv: CsvRows<'t>,
    rows: ListReader<'t>,
    max_rows: u32,
    /// What was wrong so far.
    pub(crate) faults: FileFaults,
}

impl<'t> ListFile<'t> {
    /// A file from its start.
    pub(crate) fn new(text: &'t str, kind: ListKind, by: Option<ListKey>, targets: &'t ListTargets) -> Self {
        Self {
            csv: CsvRows::new(text),
            rows: ListReader::new(kind, by, targets),
            max_rows: kind.max_rows(),
            faults: FileFaults::default(),
        }
    }

    /// The next entries, as many as asked for; fewer at the end only. Faults are noted.
    pub(crate) fn next_entries(&mut self, count: usize) -> Vec<ListEntry> {
        let mut entries = Vec::new();
        while entries.len() < count && !self.faults.is_unreadable {
            let (line, cells) = match self.csv.next_row() {
                Ok(Some(row)) => row,
                Ok(None) => break,
                Err(problem) => {
                    self.faults.refuse(problem);
                    break;
                }
            };
            match self.rows.read(line, &cells) {
                Ok(Some(entry)) => entries.push(entry),
                Ok(None) => {}
                Err(problems) => {
                    self.faults.is_unreadable |= self.rows.is_unreadable();
                    self.faults.add(line, problems);
                }
            }
            if self.rows.rows() > self.max_rows {
                self.faults.refuse(FieldProblem::new("", "list-too-many-rows").with("max", self.max_rows));
            }
        }
        entries
    }
}
