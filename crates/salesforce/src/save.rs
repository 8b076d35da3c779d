//! What the org says about one written row.

use serde::{Deserialize, Deserializer};
use serde_json::Value;

use crate::{ApiError, Error, SalesforceId};

/// The outcome for one row of a create, update, upsert or delete.
#[derive(Debug, Clone, PartialEq, Deserialize)]
pub struct SaveResult {
    /// The row; absent on a failed create and for an id the org does not know.
    #[serde(default)]
    pub id: Option<SalesforceId>,
    /// Whether the row was written.
    pub success: bool,
    /// Whether an upsert inserted the row; only upserts say so.
    #[serde(default)]
    pub created: Option<bool>,
    /// Why not, when it was not written.
    #[serde(default, deserialize_with = "read_errors")]
    pub errors: Vec<ApiError>,
}

fn read_errors<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<ApiError>, D::Error> {
    Ok(ApiError::read_all(&Value::deserialize(deserializer)?))
}

impl SaveResult {
    /// The outcome as a result: the row's id, or the reasons as a refusal with status 400.
    ///
    /// # Errors
    /// [`Error::Refused`], or [`Error::Unreadable`] for a success without an id.
    pub fn into_id(self) -> Result<SalesforceId, Error> {
        match (self.success, self.id) {
            (true, Some(id)) => Ok(id),
            (true, None) => {
                Err(Error::Unreadable { status: 200, reason: "a success without an id".to_owned() })
            }
            (false, _) => Err(Error::Refused { status: 400, errors: self.errors }),
        }
    }

    /// Whether some reason has this code.
    pub fn has_code(&self, code: &str) -> bool {
        self.errors.iter().any(|error| error.code == code)
    }
}
