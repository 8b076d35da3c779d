//! Why the org refused to save a record.

use serde_json::Value as Json;

use crate::org::ids::RecordId;

/// One reason why a record was not saved, in the words Salesforce uses.
#[derive(Clone, Debug, PartialEq, thiserror::Error)]
#[error("{code}: {message}")]
pub(crate) struct SaveError {
    /// The code, such as `REQUIRED_FIELD_MISSING`.
    pub(crate) code: &'static str,
    /// The message.
    pub(crate) message: String,
    /// The fields at fault.
    pub(crate) fields: Vec<String>,
    /// The matches of a duplicate rule, as a single-record answer shows them.
    pub(crate) duplicates: Option<Box<Json>>,
}

/// What a save gives: a value, or every reason against it.
pub(crate) type SaveResult<T> = Result<T, Vec<SaveError>>;

impl SaveError {
    /// A reason that names no field.
    pub(crate) fn new(code: &'static str, message: impl Into<String>) -> Self {
        SaveError { code, message: message.into(), fields: Vec::new(), duplicates: None }
    }

    /// A reason that names one field.
    pub(crate) fn on(field: &str, code: &'static str, message: impl Into<String>) -> Self {
        SaveError { fields: vec![field.to_owned()], ..SaveError::new(code, message) }
    }

    /// The reason given when a lookup's target cannot be found.
    pub(crate) fn invalid_reference() -> Self {
        SaveError::new("INVALID_CROSS_REFERENCE_KEY", "invalid cross reference id")
    }

    /// The reason given when a key leads to several records.
    pub(crate) fn ambiguous(field: &str, found: &[RecordId]) -> Self {
        let ids: Vec<String> = found.iter().map(ToString::to_string).collect();
        let message =
            format!("{field}: more than one record found for external id field: [{}]", ids.join(", "));
        SaveError::new("DUPLICATE_EXTERNAL_ID", message)
    }

    /// The reason given for a record in the recycle bin.
    pub(crate) fn deleted() -> Self {
        SaveError::new("ENTITY_IS_DELETED", "entity is deleted")
    }

    /// The reason given when a converted lead is changed or pointed at.
    pub(crate) fn converted_lead() -> Self {
        SaveError::new("CANNOT_UPDATE_CONVERTED_LEAD", "cannot reference converted lead")
    }
}

impl From<SaveError> for Vec<SaveError> {
    fn from(error: SaveError) -> Self {
        vec![error]
    }
}
