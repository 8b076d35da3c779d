//! The tables that tell what became of the rows.
//!
//! Each row of the upload is read once more where it began, so that a job keeps no copies.

use crate::bulk::csv::{Reader, Row, Writer};
use crate::bulk::ingest::job::IngestJob;
use crate::org::error::SaveError;

/// The first version whose failed rows tell the id of the record they were for.
const FAILED_IDS_SINCE: u32 = 53;

impl IngestJob {
    /// The rows that did what they should. The last come first: no client may count on the order of its upload.
    pub(crate) fn successful_results(&self) -> Vec<u8> {
        let mut table = self.table(&["sf__Id", "sf__Created"]);
        for success in self.successes.iter().rev() {
            table.value(|bytes| bytes.extend_from_slice(&success.id.long()));
            table.text(if success.created { "true" } else { "false" });
            self.repeat(&mut table, success.start);
        }
        table.into_bytes()
    }

    /// The rows that were refused, and why.
    pub(crate) fn failed_results(&self) -> Vec<u8> {
        let mut table = self.table(&["sf__Id", "sf__Error"]);
        for failure in self.failures.iter().rev() {
            let id = failure.id.filter(|_| self.head.version >= FAILED_IDS_SINCE);
            table.text(&id.map(|id| id.to_string()).unwrap_or_default());
            table.text(&failure.error);
            self.repeat(&mut table, failure.start);
        }
        table.into_bytes()
    }

    /// The rows that were unprocessed at the end of the job; the whole upload if none was processed.
    pub(crate) fn unprocessed_records(&self) -> Vec<u8> {
        if self.rest.at == 0 {
            return self.upload.as_deref().unwrap_or_default().to_vec();
        }
        let mut table = self.table(&[]);
        for start in &self.rest.waiting {
            self.repeat(&mut table, *start);
        }
        let width = self.width();
        for row in self.rows(self.rest.at) {
            write(&mut table, &row, width);
        }
        table.into_bytes()
    }

    fn rows(&self, at: usize) -> Reader<'_> {
        Reader::new(self.upload.as_deref().unwrap_or_default(), at, self.head.format)
    }

    fn width(&self) -> usize {
        self.rows(0).next().map_or(0, |header| header.values.len())
    }

    fn table(&self, own: &[&str]) -> Writer {
        let mut table = Writer::new(self.head.format, self.upload.as_ref().map_or(0, bytes::Bytes::len) + 64);
        own.iter().for_each(|name| table.text(name));
        if let Some(header) = self.rows(0).next() {
            header.values.iter().for_each(|name| table.text(name));
        }
        table.end_row();
        table
    }

    fn repeat(&self, table: &mut Writer, start: usize) {
        if let Some(row) = self.rows(start).next() {
            write(table, &row, self.width());
        }
    }
}

fn write(table: &mut Writer, row: &Row<'_>, width: usize) {
    let values = row.values.iter().map(AsRef::as_ref).chain(std::iter::repeat("")).take(width);
    values.for_each(|value| table.text(value));
    table.end_row();
}

/// The reasons against a row, as the result file writes them. How several are joined is a guess.
pub(super) fn reasons(errors: &[SaveError]) -> String {
    let one = |error: &SaveError| {
        let message = match error.code {
            "DUPLICATES_DETECTED" => "Use one of these records?",
            _ => &error.message,
        };
        let fields = error.fields.join(",");
        let gap = if fields.is_empty() { "" } else { " " };
        format!("{}:{message}:{fields}{gap}--", error.code)
    };
    errors.iter().map(one).collect()
}
