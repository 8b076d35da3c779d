//! All rows of a job's result, one after the other.

use super::page::Page;
use super::prefetch::Prefetch;
use super::{BulkPosition, BulkQueryError, QueryJob};
use crate::cells::{Cell, CellError, Columns};
use crate::csv::CsvRow;
use crate::{Client, Error};

/// All rows of a job's result, in the memory of one row and of what the connection holds.
///
/// The end is only reached when every page has had the rows it told of, and all of them those the job told of.
/// After an error, [`BulkRows::advance`] asks for the page again and passes over the rows already read: nothing is
/// lost and nothing comes twice.
#[derive(Debug)]
pub struct BulkRows {
    client: Client,
    columns: Columns,
    max_records: Option<u32>,
    position: BulkPosition,
    page: Option<Page>,
    ahead: Prefetch,
    has_ended: bool,
}

impl Client {
    /// Starts reading the rows of a complete job.
    ///
    /// # Errors
    /// [`BulkQueryError::NotComplete`], [`BulkQueryError::JobFailed`] and [`BulkQueryError::JobAborted`].
    pub fn query_job_rows(&self, job: &QueryJob, columns: Columns) -> Result<BulkRows, BulkQueryError> {
        if !job.is_complete()? {
            return Err(BulkQueryError::NotComplete(job.state.clone()));
        }
        let untold =
            || Error::Unreadable { status: 200, reason: "the job tells no number of rows".to_owned() };
        let total = job.number_records_processed.ok_or_else(untold)?;
        let position =
            BulkPosition { job: job.id, locator: None, rows_before_page: 0, rows_of_page: 0, total };
        Ok(self.resume_query_job_rows(position, columns))
    }

    /// Goes on reading from a position that was kept.
    pub fn resume_query_job_rows(&self, position: BulkPosition, columns: Columns) -> BulkRows {
        let (client, max_records, page) = (self.clone(), None, None);
        BulkRows {
            client,
            columns,
            max_records,
            position,
            page,
            ahead: Prefetch::default(),
            has_ended: false,
        }
    }
}

impl BulkRows {
    /// The same with pages of at most so many rows; without it the org decides.
    pub fn with_max_records(mut self, rows: u32) -> Self {
        self.max_records = Some(rows);
        self
    }

    /// Goes to the next row; false when every row has been read.
    ///
    /// # Errors
    /// [`BulkQueryError`]; calling again goes on behind the row that was read last.
    pub async fn advance(&mut self) -> Result<bool, BulkQueryError> {
        let outcome = self.go_on().await;
        if outcome.is_err() {
            self.page = None;
        }
        outcome
    }

    async fn go_on(&mut self) -> Result<bool, BulkQueryError> {
        while !self.has_ended {
            let page = match &mut self.page {
                Some(page) => page,
                none => {
                    let (job, locator) = (&self.position.job, self.position.locator.as_deref());
                    let results = match self.ahead.take(locator).await {
                        Some(results) => results?,
                        None => self.client.query_job_results(job, locator, self.max_records).await?,
                    };
                    none.insert(Page::begin(results, &self.columns).await?)
                }
            };
            if !page.advance().await? {
                self.end_page()?;
                continue;
            }
            if self.ahead.is_due(page.rows(), page.announced())
                && let Some(next) = page.next()
            {
                self.ahead.ask(self.client.clone(), self.position.job, next, self.max_records);
            }
            if page.rows() > self.position.rows_of_page {
                self.position.rows_of_page = page.rows();
                return Ok(true);
            }
        }
        Ok(false)
    }

    fn end_page(&mut self) -> Result<(), BulkQueryError> {
        let Some(page) = &self.page else { return Ok(()) };
        let (read, told) = (page.rows(), page.announced());
        if read != told {
            return Err(BulkQueryError::PageRowCount { read, told });
        }
        let next = page.next().map(str::to_owned);
        let (rows, told) = (self.position.rows_before_page + read, self.position.total);
        if rows > told || (next.is_none() && rows < told) {
            return Err(BulkQueryError::RowCount { read: rows, told });
        }
        if next.is_none() {
            self.has_ended = true;
        } else {
            (self.position.locator, self.position.rows_before_page) = (next, rows);
            // Pages can be shorter than they were when the position was kept.
            self.position.rows_of_page = self.position.rows_of_page.saturating_sub(read);
        }
        self.page = None;
        Ok(())
    }

    /// The values of the row, in the order of the columns.
    pub fn cells(&self) -> impl Iterator<Item = Result<Cell<'_>, CellError>> {
        let row = self.page.as_ref().map(Page::row);
        row.into_iter().flat_map(|(row, places)| self.columns.read_row(row, places))
    }

    /// The row as the org wrote it; `None` when there is none.
    pub fn row(&self) -> Option<CsvRow<'_>> {
        self.page.as_ref().map(|page| page.row().0)
    }

    /// Where to go on behind the row that was read last.
    pub fn position(&self) -> &BulkPosition {
        &self.position
    }

    /// Goes on with another client, as when the session has expired.
    pub fn use_client(&mut self, client: Client) {
        self.client = client;
    }
}
