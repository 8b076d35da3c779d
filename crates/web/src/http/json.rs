//! What a caller of the API sends: a JSON body or a query, with refusals as problem details.

use crate::http::problem::Problem;
use crate::http::strict_json;
use axum::extract::rejection::JsonRejection;
use axum::extract::{FromRequest, FromRequestParts, Request};
use axum::http::request::Parts;
use axum::http::{HeaderMap, StatusCode};
use domain::value::{FieldProblem, clean_text};
use serde::Serialize;
use serde::de::DeserializeOwned;
use serde_json::Value;

/// A JSON body.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let refuse = |rejection| match rejection {
            JsonRejection::MissingJsonContentType(_) => {
                Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json")
            }
            JsonRejection::BytesRejection(_) => Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            _ => Problem::new(StatusCode::BAD_REQUEST, "malformed-json"),
        };
        let axum::Json(value) = axum::Json::<Value>::from_request(request, state).await.map_err(refuse)?;
        strict_json::read(value).map(Self).map_err(Problem::invalid_field)
    }
}

/// The parameters after the `?` of an address.
pub struct Parameters<T>(pub T);

impl<S: Send + Sync, T: DeserializeOwned> FromRequestParts<S> for Parameters<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        let query = parts.uri.query().unwrap_or_default();
        let mut clean = url::form_urlencoded::Serializer::for_suffix(String::from("/?"), 2);
        for (name, value) in url::form_urlencoded::parse(query.as_bytes()) {
            if name.contains('\0') || value.contains('\0') {
                return Err(Problem::invalid_field(FieldProblem::new(
                    name.replace('\0', ""),
                    "nul-character",
                )));
            }
            clean.append_pair(&name, &clean_text(&value));
        }
        let clean = clean.finish().parse().map_err(unreadable)?;
        let read = axum::extract::Query::<T>::try_from_uri(&clean);
        read.map(|axum::extract::Query(value)| Self(value)).map_err(|error| unreadable(error.body_text()))
    }
}

/// A caller's idempotency key, with the hash of the request that it stands for.
pub fn idempotency_key(
    headers: &HeaderMap,
    request: &impl Serialize,
) -> Result<Option<(String, String)>, Problem> {
    let Some(value) = headers.get("idempotency-key") else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| !key.is_empty() && key.len() <= 255);
    let key = key
        .ok_or_else(|| Problem::invalid_field(FieldProblem::new("Idempotency-Key", "bad-idempotency-key")))?;
    let body = serde_json::to_string(request).unwrap_or_default();
    Ok(Some((key.to_owned(), storage::secret::token_hash::of_token(&body))))
}

/// The problem of a body or query that doesn't have the expected shape.
fn unreadable(reason: impl ToString) -> Problem {
    Problem::invalid_field(FieldProblem::new("", "bad-body").with("reason", reason))
}
