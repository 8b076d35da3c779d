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
use utoipa::ToSchema;

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

/// Why a call was refused, as problem details (RFC 9457).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Problem)]
pub struct ProblemBody {
    /// `urn:tsugite:problem:` and a code for programs.
    #[schema(example = "urn:tsugite:problem:invalid")]
    r#type: String,
    /// What happened, in the caller's language.
    #[schema(example = "Some fields are invalid")]
    title: String,
    /// The HTTP status.
    #[schema(example = 422)]
    status: u16,
    /// What to do, in the caller's language.
    #[schema(example = "Fix the fields listed under errors and send the request again.")]
    detail: String,
    /// The fields that are invalid.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblemBody>,
    /// When the call is possible again; only where that is known.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(format = DateTime, example = "2026-05-22T06:00:00Z")]
    allowed_at: Option<String>,
}

/// What is wrong with one field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = FieldProblem)]
pub struct FieldProblemBody {
    /// The path of the field: `attendee.email`, `guests[0]`; empty for the body as a whole.
    #[schema(example = "attendee.email")]
    field: String,
    /// A code for programs.
    #[schema(example = "not-an-email")]
    code: String,
    /// What is wrong, in the caller's language.
    #[schema(example = "Enter an email address like name@example.com")]
    message: String,
}

impl FieldProblemBody {
    /// A fault in a language.
    pub fn of(problem: &FieldProblem, language: Language) -> Self {
        Self {
            field: problem.field.clone(),
            code: problem.code.clone(),
            message: catalogue::problem(language, problem),
        }
    }
}

impl ProblemBody {
    /// What happened.
    pub fn title(&self) -> &str {
        &self.title
    }

    /// The code at the end of the type.
    pub fn code(&self) -> &str {
        self.r#type.rsplit(':').next().unwrap_or_default()
    }
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
        let errors = self.fields.iter().map(|problem| FieldProblemBody::of(problem, language));
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
    // Nothing has NUL in its name, and PostgreSQL can't even be asked for it.
    let response = match request.uri().path().contains("%00") {
        true => Problem::not_found().into_response(),
        false => next.run(request).await,
    };
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
