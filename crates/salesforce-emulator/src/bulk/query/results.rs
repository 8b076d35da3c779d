//! Fetching what a query job has found, page by page.

use std::ops::Range;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD_NO_PAD;

use crate::bulk::csv::Writer;
use crate::bulk::format::Format;
use crate::bulk::query::columns::Found;
use crate::bulk::query::print::print;

/// Bytes a value takes, more or less.
const USUAL_VALUE: usize = 24;

/// Rows that are printed together.
const ROW_BATCH: usize = 1_000;

/// One page of a result.
#[derive(Debug)]
pub(crate) struct Page {
    /// The rows on it.
    pub(crate) rows: Range<usize>,
    /// Where the next page begins.
    pub(crate) next: Option<String>,
}

impl Found {
    /// How many rows there are.
    pub(crate) fn len(&self) -> usize {
        self.records.len()
    }

    /// One page, from the row that a locator names.
    pub(crate) fn page(&self, from: usize, most: usize) -> Page {
        let end = from.saturating_add(most).min(self.len());
        Page { rows: from..end, next: (end < self.len()).then(|| locator(end)) }
    }

    /// Prints a part of a page, so that its beginning can be on its way before its end is printed. The first part
    /// begins with the names of the columns; `None` behind the last one.
    pub(crate) fn part(&self, page: &Range<usize>, number: usize, format: Format) -> Option<Vec<u8>> {
        let from = page.start + number * ROW_BATCH;
        let end = page.end.min(from + ROW_BATCH);
        if number > 0 && from >= end {
            return None;
        }
        let rows = end.saturating_sub(from);
        let mut table = Writer::new(format, (rows + 1) * self.columns.len() * USUAL_VALUE);
        if number == 0 {
            self.columns.iter().for_each(|column| table.text(&column.header));
            table.end_row();
        }
        for row in from..end {
            self.each_value(row, |value| table.value(|bytes| print(bytes, value)));
            table.end_row();
        }
        Some(table.into_bytes())
    }

    /// The row that a locator names, if it is one of this result's.
    pub(crate) fn row_at(&self, locator: &str) -> Option<usize> {
        let bytes = STANDARD_NO_PAD.decode(locator).ok()?;
        let row = std::str::from_utf8(&bytes).ok()?.parse().ok()?;
        (row <= self.len()).then_some(row)
    }
}

/// The opaque name of a row.
pub(crate) fn locator(row: usize) -> String {
    STANDARD_NO_PAD.encode(row.to_string())
}
