//! Every refusal of the API: problem details (RFC 9457) in the caller's language.

use crate::http::language::accepted_language;
use crate::text::catalogue;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use domain::value::{FieldProblem, Language, Timestamp};
use serde::Serialize;
use storage::StorageError;

/// A refusal: what happened, what it means, what to do.
#[derive(Clone, Debug)]
pub struct Problem {
    status: StatusCode,
    code: &'static str,
    fields: Vec<FieldProblem>,
    area: &'static str,
    remedy: &'static str,
    allowed_at: Option<Timestamp>,
}

/// A problem as it is sent.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProblemBody {
    r#type: String,
    title: String,
    status: u16,
    detail: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    errors: Vec<FieldProblemBody>,
    #[serde(skip_serializing_if = "Option::is_none")]
    allowed_at: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct FieldProblemBody {
    field: String,
    code: String,
    message: String,
}

impl Problem {
    /// A refusal whose title is `api-{code}` and whose remedy is `api-{code}-detail` in the catalogues.
    pub const fn new(status: StatusCode, code: &'static str) -> Self {
        Self { status, code, fields: Vec::new(), area: "api", remedy: "detail", allowed_at: None }
    }

    /// Fields are invalid.
    pub fn invalid(fields: Vec<FieldProblem>) -> Self {
        Self { fields, ..Self::new(StatusCode::UNPROCESSABLE_ENTITY, "invalid") }
    }

    /// One field is invalid.
    pub fn invalid_field(field: FieldProblem) -> Self {
        Self::invalid(vec![field])
    }

    /// Connecting failed; title and remedy are those of the connection page (C3).
    pub fn connecting(status: StatusCode, code: &'static str) -> Self {
        Self { area: "connect", remedy: "remedy", ..Self::new(status, code) }
    }

    /// The call conflicts with how things stand now.
    pub const fn conflict(code: &'static str) -> Self {
        Self::new(StatusCode::CONFLICT, code)
    }

    /// The call comes too soon; this is when the next may come.
    pub fn too_soon(code: &'static str, allowed_at: Timestamp) -> Self {
        Self { allowed_at: Some(allowed_at), ..Self::new(StatusCode::TOO_MANY_REQUESTS, code) }
    }

    /// There is no such thing in this workspace.
    pub const fn not_found() -> Self {
        Self::new(StatusCode::NOT_FOUND, "not-found")
    }

    /// The database can't be used now.
    pub const fn unavailable() -> Self {
        Self::new(StatusCode::SERVICE_UNAVAILABLE, "unavailable")
    }

    /// Its status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Its code, the last part of its type.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The body in a language.
    pub fn body(&self, language: Language) -> ProblemBody {
        let text = |key: String| catalogue::text(language, &key);
        let errors = self.fields.iter().map(|problem| FieldProblemBody {
            field: problem.field.clone(),
            code: problem.code.clone(),
            message: catalogue::problem(language, problem),
        });
        ProblemBody {
            r#type: format!("urn:tsugite:problem:{}", self.code),
            title: text(format!("{}-{}", self.area, self.code)),
            status: self.status.as_u16(),
            detail: text(format!("{}-{}-{}", self.area, self.code, self.remedy)),
            errors: errors.collect(),
            allowed_at: self.allowed_at.map(|at| at.to_string()),
        }
    }
}

impl From<StorageError> for Problem {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "a request failed in the database");
        Self::unavailable()
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        // The layer `show` writes the body: only it knows which language the caller asked for.
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// The layer that writes the bodies of problems, and turns the framework's bare refusals into problems.
pub async fn show(request: Request, next: Next) -> Response {
    let language = accepted_language(request.headers()).unwrap_or_default();
    let response = next.run(request).await;
    let Some(problem) = problem_of(&response) else { return response };
    match serde_json::to_string(&problem.body(language)) {
        Ok(body) => {
            (problem.status, [(header::CONTENT_TYPE, "application/problem+json")], body).into_response()
        }
        Err(_) => response,
    }
}

fn problem_of(response: &Response) -> Option<Problem> {
    if let Some(problem) = response.extensions().get::<Problem>() {
        return Some(problem.clone());
    }
    // A path that is no text can't be an ID of anything.
    (response.status() == StatusCode::BAD_REQUEST).then(Problem::not_found)
}

/// No such address.
pub async fn unknown_address() -> Problem {
    Problem::new(StatusCode::NOT_FOUND, "no-such-address")
}

/// The address exists, with other methods.
pub async fn method_not_allowed() -> Problem {
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method-not-allowed")
}
