//! Where reading a job's result can go on.

use serde::{Deserialize, Serialize};

use crate::SalesforceId;

/// Where reading a job's result goes on.
///
/// Good for as long as the job exists, seven days, and in any session that uses the API version of the job.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkPosition {
    /// The job.
    pub job: SalesforceId,
    /// Where the page begins that is being read; `None` for the first one.
    pub locator: Option<String>,
    /// Rows on the pages before it.
    pub rows_before_page: u64,
    /// Rows that have been read since it began.
    pub rows_of_page: u64,
    /// Rows in all.
    pub total: u64,
}

impl BulkPosition {
    /// How many rows have been read.
    pub fn rows_read(&self) -> u64 {
        self.rows_before_page + self.rows_of_page
    }
}
