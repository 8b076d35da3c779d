//! Every refusal of the API: problem details (RFC 9457) in the caller's language.

use crate::text::catalogue;
use axum::extract::FromRequest;
use axum::extract::rejection::JsonRejection;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::value::{FieldProblem, Language};
use serde_json::{Value, json};
use storage::StorageError;

/// A refusal: what happened, what it means, what to do.
#[derive(Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    fields: Vec<FieldProblem>,
    language: Language,
    area: &'static str,
    remedy: &'static str,
    members: Vec<(&'static str, Value)>,
}

impl Problem {
    /// A refusal whose title is `api-{code}` and whose remedy is `api-{code}-detail` in the catalogues.
    pub fn new(status: StatusCode, code: &'static str, language: Language) -> Self {
        Self {
            status,
            code,
            fields: Vec::new(),
            language,
            area: "api",
            remedy: "detail",
            members: Vec::new(),
        }
    }

    /// Fields are at fault.
    pub fn invalid(fields: Vec<FieldProblem>, language: Language) -> Self {
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid", language) }
    }

    /// Connecting failed; title and remedy are those of the connection page (C3).
    pub fn connecting(status: StatusCode, code: &'static str, language: Language) -> Self {
        Self {
            status,
            code,
            fields: Vec::new(),
            language,
            area: "connect",
            remedy: "remedy",
            members: Vec::new(),
        }
    }

    /// The same refusal with one more member for programs.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: Value) -> Self {
        self.members.push((name, value));
        self
    }

    /// There is no such thing in this workspace.
    pub fn not_found(language: Language) -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found", language)
    }

    /// The database failed; the cause is logged, not told.
    pub fn storage(error: &StorageError, language: Language) -> Self {
        tracing::error!(%error, "a request failed in the database");
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable", language)
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let text = |key: String| catalogue::text(self.language, &key);
        let mut body = json!({
            "type": format!("urn:tsugite:problem:{}", self.code),
            "title": text(format!("{}-{}", self.area, self.code)),
            "status": self.status.as_u16(),
            "detail": text(format!("{}-{}-{}", self.area, self.code, self.remedy)),
        });
        if !self.fields.is_empty() {
            body["errors"] = self
                .fields
                .iter()
                .map(|fault| {
                    let message = catalogue::problem(self.language, fault);
                    json!({ "field": fault.field, "code": fault.code, "message": message })
                })
                .collect::<Vec<_>>()
                .into();
        }
        for (name, value) in self.members {
            body[name] = value;
        }
        let kind = [(header::CONTENT_TYPE, "application/problem+json")];
        (self.status, kind, body.to_string()).into_response()
    }
}

/// The language of an answer, by the request's `Accept-Language`.
pub fn language(headers: &HeaderMap) -> Language {
    headers
        .get(header::ACCEPT_LANGUAGE)
        .and_then(|value| value.to_str().ok())
        .and_then(Language::from_accept_language)
        .unwrap_or_default()
}

/// A JSON body, with refusals as problem details.
pub struct Body<T>(pub T);

impl<S: Send + Sync, T: serde::de::DeserializeOwned> FromRequest<S> for Body<T> {
    type Rejection = Problem;

    async fn from_request(request: axum::extract::Request, state: &S) -> Result<Self, Problem> {
        let language = language(request.headers());
        let refuse = |rejection| match rejection {
            JsonRejection::MissingJsonContentType(_) => {
                Problem::new(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json", language)
            }
            JsonRejection::BytesRejection(_) => {
                Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large", language)
            }
            _ => Problem::new(StatusCode::BAD_REQUEST, "malformed-json", language),
        };
        let axum::Json(value) = axum::Json::<Value>::from_request(request, state).await.map_err(refuse)?;
        serde_json::from_value(value).map(Self).map_err(|error| {
            let fault = FieldProblem::new("", "bad-body").with("reason", error);
            Problem::invalid(vec![fault], language)
        })
    }
}

/// No such address.
pub async fn not_found(headers: HeaderMap) -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no-such-address", language(&headers))
}

/// The address exists, with other methods.
pub async fn method_not_allowed(headers: HeaderMap) -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed", language(&headers))
}
