//! One page of a job's result as rows.

use super::{BulkQueryError, QueryResults};
use crate::cells::Columns;
use crate::csv::{CsvReader, CsvRow};

/// Longer rows are refused: several times what all texts of a record can be together, so that a table whose quotes
/// went wrong is not taken for one endless row.
const MAX_ROW: usize = 16 * 1024 * 1024;

/// One page of a job's result as rows.
#[derive(Debug)]
pub(super) struct Page {
    results: QueryResults,
    reader: CsvReader,
    has_ended: bool,
    /// Where the columns stand, once the header has been read.
    places: Vec<usize>,
}

impl Page {
    /// Reads the header.
    pub(super) async fn begin(results: QueryResults, columns: &Columns) -> Result<Self, BulkQueryError> {
        let reader = CsvReader::new(MAX_ROW);
        let mut page = Self { results, reader, has_ended: false, places: Vec::new() };
        page.advance().await?;
        page.places = columns.find_in(page.reader.row())?;
        Ok(page)
    }

    /// Goes to the next row; false at the end of the page.
    pub(super) async fn advance(&mut self) -> Result<bool, BulkQueryError> {
        while !self.reader.advance()? {
            if self.has_ended {
                return Ok(false);
            }
            match self.results.chunk().await? {
                Some(chunk) => self.reader.feed(chunk),
                None => {
                    self.has_ended = true;
                    if self.reader.finish()? {
                        break;
                    }
                }
            }
        }
        Ok(true)
    }

    /// Rows read so far, without the header.
    pub(super) fn rows(&self) -> u64 {
        self.reader.rows() - 1
    }

    /// Rows the page told of.
    pub(super) fn announced(&self) -> u64 {
        self.results.number_of_records
    }

    /// Where the next page begins.
    pub(super) fn next(&self) -> Option<&str> {
        self.results.locator.as_deref()
    }

    /// The row, and where the columns stand in it.
    pub(super) fn row(&self) -> (CsvRow<'_>, &[usize]) {
        (self.reader.row(), &self.places)
    }
}
