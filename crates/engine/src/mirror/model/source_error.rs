//! Why no rows come from a source.

use crate::org::client::OrgCallError;
use salesforce::bulk_query::BulkQueryError;
use salesforce::{Error, QueryPagesError};

/// Why no rows come.
#[derive(Debug, thiserror::Error)]
pub(crate) enum SourceError {
    /// A call failed.
    #[error(transparent)]
    Asking(#[from] OrgCallError),
    /// The pages don't add up.
    #[error(transparent)]
    Pages(QueryPagesError),
    /// The job came to nothing, or its result does not add up.
    #[error(transparent)]
    Job(#[from] BulkQueryError),
}

impl SourceError {
    /// Whether asking again from the beginning may help: the place to go on is unknown to the org by now, or
    /// records were deleted between two pages.
    pub(crate) fn needs_restart(&self) -> bool {
        match self {
            Self::Pages(QueryPagesError::Call(_)) => false,
            Self::Pages(_) => true,
            Self::Asking(OrgCallError::Org(Error::Refused { errors, .. })) => errors
                .iter()
                .any(|error| matches!(error.code.as_str(), "INVALID_QUERY_LOCATOR" | "NOT_FOUND")),
            Self::Asking(_) | Self::Job(_) => false,
        }
    }
}
