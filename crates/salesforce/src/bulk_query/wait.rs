//! Waiting for a query job.

use std::time::Duration;

use super::{BulkQueryError, QueryJob};
use crate::{Client, Response, SalesforceId};

const FIRST_PAUSE: Duration = Duration::from_millis(50);
const MAX_PAUSE: Duration = Duration::from_secs(20);
/// Each pause is longer than the one before: every poll is a call the customer pays for.
const GROWTH: f64 = 1.6;
/// By then the longest pause has been reached.
const LAST_GROWTH: u32 = 20;

/// The pause before a poll; the first poll is number 0.
pub fn poll_pause(poll: u32) -> Duration {
    let grown = FIRST_PAUSE.as_secs_f64() * GROWTH.powf(f64::from(poll.min(LAST_GROWTH)));
    Duration::from_secs_f64(grown).min(MAX_PAUSE)
}

impl Client {
    /// Waits until a job's result is there. Put a time-out around it to wait no longer than you like.
    ///
    /// # Errors
    /// [`BulkQueryError`]: the job has failed or was aborted, or a poll failed. After a failed poll the job goes
    /// on; wait again, with a client of a new session if need be.
    pub async fn wait_for_query_job(&self, id: &SalesforceId) -> Result<Response<QueryJob>, BulkQueryError> {
        let mut poll = 0;
        loop {
            tokio::time::sleep(poll_pause(poll)).await;
            let answer = self.query_job(id).await?;
            if answer.value.is_complete()? {
                return Ok(answer);
            }
            poll += 1;
        }
    }
}
