//! How far a query job is.

use serde::Deserialize;

/// How far a query job is.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub enum JobState {
    /// It waits.
    UploadComplete,
    /// The org works on it.
    InProgress,
    /// The result is there, for seven days.
    JobComplete,
    /// There will be no result.
    Failed,
    /// It was stopped.
    Aborted,
    /// A state this library does not know.
    #[serde(untagged)]
    Other(String),
}
