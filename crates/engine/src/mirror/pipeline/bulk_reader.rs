//! Rows of a job's result, typed on another core while those before are kept.

use crate::mirror::model::batch::Batch;
use crate::mirror::model::source_error::SourceError;
use crate::mirror::pipeline::row_reader::Reader;
use crate::org::client::OrgClient;
use crate::org::retry::RetryState;
use domain::value::Timestamp;
use salesforce::bulk_query::{BulkQueryError, BulkRows};
use tokio::time::Instant;
use tokio_util::task::AbortOnDropHandle;

/// Rows that are handed on together, unless they are long or slow to come: enough to make a commit cheap, and few
/// enough that a booking need not wait for long until they are written.
const BATCH: usize = 3_000;
/// Bytes of values after which no more rows are added, so that memory does not depend on how long they are.
const BATCH_BYTES: usize = 4 * 1024 * 1024;
/// Rows between two checks of the clock.
const UNTIMED: usize = 32;

/// Reads the next rows of a job's result into a batch; whether they are the last.
pub(crate) async fn read_some(
    asking: &mut OrgClient<'_>,
    rows: Box<BulkRows>,
    reader: &Reader,
    now: Timestamp,
) -> Result<(Box<BulkRows>, Batch, bool), SourceError> {
    let mut trouble = RetryState::default();
    // The run's lease is renewed when rows are kept.
    let until = Instant::now() + asking.longest_pause() / 2;
    let mut reading =
        BulkReader { rows, reader: reader.clone(), batch: Batch::default(), bytes: 0, now, until };
    loop {
        // A task of its own, so that another core types these rows while those before are written.
        let task = AbortOnDropHandle::new(tokio::spawn(reading.go_on()));
        let outcome;
        (reading, outcome) = task.await.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()));
        match outcome {
            Ok(more) => return Ok((reading.rows, reading.batch, !more)),
            // Going on asks for the page again and passes over what was read.
            Err(BulkQueryError::Call(error)) => {
                asking.recover_or_fail(error, &mut trouble).await?;
                reading.rows.use_client(asking.client());
            }
            Err(error) => return Err(error.into()),
        }
    }
}

/// Rows of a job's result on their way into a batch.
struct BulkReader {
    rows: Box<BulkRows>,
    reader: Reader,
    batch: Batch,
    bytes: usize,
    now: Timestamp,
    until: Instant,
}

impl BulkReader {
    /// Reads until the batch is full or it is time; `false` behind the last row.
    async fn go_on(mut self) -> (Self, Result<bool, BulkQueryError>) {
        let outcome = self.fill().await;
        (self, outcome)
    }

    async fn fill(&mut self) -> Result<bool, BulkQueryError> {
        let Self { rows, reader, batch, bytes, .. } = self;
        while batch.rows.len() < BATCH && *bytes < BATCH_BYTES {
            if batch.rows.len() % UNTIMED == UNTIMED - 1 && Instant::now() >= self.until {
                break;
            }
            if !rows.advance().await? {
                return Ok(false);
            }
            batch.take(reader.row(rows.cells(), self.now));
            *bytes += batch.rows.last().map_or(0, |row| row.body.len());
        }
        Ok(true)
    }
}
