//! Why a run brought nothing.

use crate::mirror::model::source_error::SourceError;
use crate::org::client::OrgCallError;
use domain::value::Step;
use salesforce::Error;
use salesforce::bulk_query::BulkQueryError;
use salesforce::soql::SoqlError;
use storage::StorageError;

/// Why a run brought nothing.
#[derive(Debug, thiserror::Error)]
pub(crate) enum PullFailure {
    /// The org could not be asked.
    #[error(transparent)]
    Asking(#[from] OrgCallError),
    /// Our own database failed.
    #[error(transparent)]
    Storage(#[from] StorageError),
    /// The org said how many records there are, and other many came.
    #[error("{object}: {received} records came instead of {expected}")]
    Incomplete {
        /// The object.
        object: String,
        /// Records told.
        expected: u64,
        /// Records that came.
        received: u64,
    },
    /// The query can't be written.
    #[error(transparent)]
    Query(#[from] SoqlError),
    /// Conditions name what the org does not have any more; without them too much would be brought.
    #[error("conditions do not fit the org: {fields}")]
    Conditions {
        /// The paths of the fields at fault.
        fields: String,
    },
    /// What came does not add up.
    #[error("{0}")]
    Unreadable(SourceError),
}

impl From<SourceError> for PullFailure {
    fn from(error: SourceError) -> Self {
        match error {
            SourceError::Asking(error) => error.into(),
            SourceError::Job(BulkQueryError::Call(error)) => OrgCallError::Org(error).into(),
            SourceError::Job(BulkQueryError::JobFailed { message }) => {
                OrgCallError::Org(Error::InvalidRequest { reason: message }).into()
            }
            other => Self::Unreadable(other),
        }
    }
}

impl From<Error> for PullFailure {
    fn from(error: Error) -> Self {
        OrgCallError::Org(error).into()
    }
}

impl PullFailure {
    /// The failure of our own database, after which a run is taken up again.
    pub(crate) fn storage(self) -> Result<StorageError, Self> {
        match self {
            Self::Storage(error) | Self::Asking(OrgCallError::Storage(error)) => Ok(error),
            other => Err(other),
        }
    }

    /// Whether the connection was taken away meanwhile.
    pub(crate) const fn is_disconnection(&self) -> bool {
        matches!(self, Self::Asking(OrgCallError::NotConnected))
    }

    /// Whether the org does not know a field that was thought to be there.
    ///
    /// Its dates of change have whole seconds and don't tell of every permission: a describe can be older than
    /// it says.
    pub(crate) fn is_unknown_field(&self) -> bool {
        match self {
            Self::Asking(OrgCallError::Org(Error::InvalidRequest { reason })) => {
                reason.contains("No such column")
            }
            Self::Asking(OrgCallError::Org(error)) => error.has_code("INVALID_FIELD"),
            _ => false,
        }
    }

    /// The reason as a step for people, under `step-{code}`.
    pub(crate) fn step(&self) -> Step {
        match self {
            Self::Asking(error) => error.step(),
            Self::Storage(_) => Step::new("run-storage"),
            Self::Incomplete { object, expected, received } => Step::new("run-incomplete")
                .with("object", object)
                .with("expected", expected)
                .with("received", received),
            Self::Conditions { fields } => Step::new("run-conditions-unfit").with("fields", fields),
            Self::Query(error) => Step::new("run-org-refused").with("detail", error),
            Self::Unreadable(error) => Step::new("run-unreadable").with("detail", error),
        }
    }
}

#[cfg(test)]
#[path = "failure_tests.rs"]
mod tests;
