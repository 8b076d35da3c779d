//! How control routes answer.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use serde_json::{Value, json};

use crate::org::error::SaveError;

/// What a control route answers: JSON, or a sentence about what was wrong with the request.
pub(super) type Answer = Result<Json<Value>, Refusal>;

/// A request that made no sense.
#[derive(Debug)]
pub(crate) struct Refusal(pub(super) String);

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        (StatusCode::BAD_REQUEST, Json(json!({"error": self.0}))).into_response()
    }
}

impl From<Vec<SaveError>> for Refusal {
    fn from(errors: Vec<SaveError>) -> Self {
        Refusal(errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; "))
    }
}

impl From<String> for Refusal {
    fn from(reason: String) -> Self {
        Refusal(reason)
    }
}

/// Reads a body as JSON, whatever its content type; an empty one is an empty object.
pub(super) fn read(body: &Bytes) -> Result<Value, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Ok(json!({}));
    }
    serde_json::from_slice(body).map_err(|error| Refusal(format!("the body is not JSON: {error}")))
}
