//! Where a source of rows goes on after a kill.

use salesforce::bulk_query::BulkPosition;
use salesforce::{QueryPosition, SalesforceId};
use serde::{Deserialize, Serialize};

/// Where a source goes on after a kill.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Position {
    /// The next page of a query.
    Page(QueryPosition),
    /// A job that the org works on.
    Job(SalesforceId),
    /// A place in a job's result.
    Rows(BulkPosition),
    /// Behind the last row.
    Over,
}
