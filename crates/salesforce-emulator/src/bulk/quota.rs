//! What jobs may use in 24 hours.

use jiff::Timestamp;

use crate::org::settings::Limits;
use crate::usage::Usage;

/// Bytes in a megabyte, as limits count them.
const MEGABYTE: u64 = 1024 * 1024;

/// What jobs have used in the last 24 hours.
#[derive(Debug, Default)]
pub(crate) struct Quota {
    batches: Usage,
    query_jobs: Usage,
    result_bytes: Usage,
}

/// Why a job may not go on.
#[derive(Debug, thiserror::Error)]
#[error("ExceededQuota : {0}")]
pub(crate) struct ExceededQuota(pub(crate) String);

impl Quota {
    /// Counts one batch of rows.
    pub(crate) fn take_batch(&mut self, limits: &Limits, now: Timestamp) -> Result<(), ExceededQuota> {
        take(&mut self.batches, limits.daily_bulk_batches, "batches", now)
    }

    /// Counts one query job.
    pub(crate) fn take_query_job(&mut self, limits: &Limits, now: Timestamp) -> Result<(), ExceededQuota> {
        take(&mut self.query_jobs, limits.daily_bulk_query_jobs, "query jobs", now)
    }

    /// Counts the bytes of a result that has been fetched.
    pub(crate) fn count_result(&mut self, bytes: usize, now: Timestamp) {
        self.result_bytes.count(now, bytes as u64);
    }

    /// What is used up, under the names that `/limits` has for it.
    pub(crate) fn used(&mut self, now: Timestamp) -> [(&'static str, u64); 3] {
        [
            ("DailyBulkApiBatches", self.batches.used(now)),
            ("DailyBulkV2QueryJobs", self.query_jobs.used(now)),
            ("DailyBulkV2QueryFileStorageMB", self.result_bytes.used(now) / MEGABYTE),
        ]
    }
}

fn take(usage: &mut Usage, limit: u64, what: &str, now: Timestamp) -> Result<(), ExceededQuota> {
    if usage.used(now) >= limit {
        return Err(ExceededQuota(format!("The number of {what} exceeds the limit of {limit} in 24 hours")));
    }
    usage.count(now, 1);
    Ok(())
}
