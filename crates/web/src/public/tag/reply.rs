//! Answers to the tag: JSON without anything personal, and refusals without words.

use axum::Json;
use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};
use storage::StorageError;

/// Why the tag gets no answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SiteError {
    /// There is no such key, or no such thing.
    NotFound,
    /// It can't be read.
    Malformed,
    /// It comes too often; after so many seconds it may come again.
    TooOften(u32),
    /// It is larger than the tag sends.
    TooLarge,
    /// What it is about is over.
    Gone,
    /// The database can't be used now.
    Unavailable,
}

impl From<StorageError> for SiteError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "a report of the tag failed in the database");
        Self::Unavailable
    }
}

impl IntoResponse for SiteError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NotFound => StatusCode::NOT_FOUND,
            Self::Malformed => StatusCode::UNPROCESSABLE_ENTITY,
            Self::TooOften(_) => StatusCode::TOO_MANY_REQUESTS,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::Gone => StatusCode::GONE,
            Self::Unavailable => StatusCode::SERVICE_UNAVAILABLE,
        };
        let mut response = (status, Json(json!({}))).into_response();
        if let Self::TooOften(seconds) = self {
            response.headers_mut().insert(header::RETRY_AFTER, seconds.into());
        }
        response
    }
}

/// An answer.
pub type SiteReply = Result<Json<Value>, SiteError>;

/// Reads a body whatever its content type says: the tag sends text, so that browsers ask no leave first.
///
/// # Errors
/// [`SiteError::Malformed`] if it is no object of the expected shape.
pub fn read<T: serde::de::DeserializeOwned>(body: &[u8]) -> Result<T, SiteError> {
    let value: Value = serde_json::from_slice(body).map_err(|_| SiteError::Malformed)?;
    if !value.is_object() {
        return Err(SiteError::Malformed);
    }
    serde_json::from_value(value).map_err(|_| SiteError::Malformed)
}
