//! Why a query job gives no rows, or none that can be trusted.

use super::JobState;
use crate::Error;
use crate::cells::ColumnsError;
use crate::csv::CsvError;

/// Why a query job gives no rows, or none that can be trusted.
#[derive(Debug, Clone, PartialEq, thiserror::Error)]
pub enum BulkQueryError {
    /// A call failed.
    #[error(transparent)]
    Call(#[from] Error),
    /// The job has failed.
    #[error("the query job has failed: {message}")]
    JobFailed {
        /// The org's own words.
        message: String,
    },
    /// Someone has stopped the job.
    #[error("the query job was aborted")]
    JobAborted,
    /// The job has no result yet.
    #[error("the query job is not complete but {0:?}")]
    NotComplete(JobState),
    /// The result is not the table it should be.
    #[error("the query job's result cannot be read: {0}")]
    Csv(#[from] CsvError),
    /// The result lacks a column.
    #[error(transparent)]
    Columns(#[from] ColumnsError),
    /// A page had another number of rows than its header told.
    #[error("a page of the result has {read} rows, not the {told} it told of")]
    PageRowCount {
        /// Rows read.
        read: u64,
        /// Rows told in the page's header.
        told: u64,
    },
    /// The pages together had another number of rows than the job told.
    #[error("the result has {read} rows where the job told of {told}")]
    RowCount {
        /// Rows read.
        read: u64,
        /// Rows the job told.
        told: u64,
    },
}
