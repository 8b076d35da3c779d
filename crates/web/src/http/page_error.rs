//! What can go wrong with a page.

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use domain::value::Language;
use storage::StorageError;

/// Why a page can't be shown; its texts are under `fault-{code}` and `fault-{code}-remedy`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PageError {
    status: StatusCode,
    code: &'static str,
    language: Option<Language>,
}

impl PageError {
    /// There is no such page or thing.
    pub const fn not_found() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "not-found", language: None }
    }

    /// The booking page can't be booked now.
    pub const fn page_closed() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "page-closed", language: None }
    }

    /// The form takes no submissions now.
    pub const fn form_closed() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "form-closed", language: None }
    }

    /// The router decides nothing now.
    pub const fn router_closed() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "router-closed", language: None }
    }

    /// The role doesn't allow it (N2).
    pub const fn forbidden() -> Self {
        Self { status: StatusCode::FORBIDDEN, code: "forbidden", language: None }
    }

    /// The form didn't come from a page of ours, or is too old.
    pub const fn cross_site_form() -> Self {
        Self { status: StatusCode::FORBIDDEN, code: "foreign-form", language: None }
    }

    /// A signed link was changed or cut off.
    pub const fn bad_link() -> Self {
        Self { status: StatusCode::NOT_FOUND, code: "bad-link", language: None }
    }

    /// What was sent is not of the kind that is asked for.
    pub const fn unreadable() -> Self {
        Self { status: StatusCode::BAD_REQUEST, code: "bad-request", language: None }
    }

    /// More was sent than a form can hold.
    pub const fn body_too_large() -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, code: "too-large", language: None }
    }

    /// A form did not arrive in time.
    pub const fn too_slow() -> Self {
        Self { status: StatusCode::REQUEST_TIMEOUT, code: "too-slow", language: None }
    }

    /// The server has too much to do.
    pub const fn busy() -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, code: "busy", language: None }
    }

    /// Our own failure.
    pub const fn internal() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "internal", language: None }
    }

    /// Its status.
    pub const fn status(&self) -> StatusCode {
        self.status
    }

    /// Its code.
    pub const fn code(&self) -> &'static str {
        self.code
    }

    /// The language in which it is shown; the browser's if `None`.
    pub const fn language(&self) -> Option<Language> {
        self.language
    }

    /// The same fault told in a language, whatever the browser asks for.
    #[must_use]
    pub const fn in_language(mut self, language: Language) -> Self {
        self.language = Some(language);
        self
    }
}

impl From<StorageError> for PageError {
    fn from(error: StorageError) -> Self {
        tracing::error!(%error, "a page failed in the database");
        Self::internal()
    }
}

impl IntoResponse for PageError {
    fn into_response(self) -> Response {
        // The layer `ui::error_page::show` makes the page: only it knows which language the browser asked for.
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl PageError {
    /// The error that a response stands for: the one inside it, or the framework's bare refusal.
    pub fn of_response(response: &Response) -> Option<Self> {
        if let Some(fault) = response.extensions().get::<PageError>() {
            return Some(*fault);
        }
        let status = response.status();
        let bare = response
            .headers()
            .get(header::CONTENT_TYPE)
            .is_none_or(|kind| kind.as_bytes().starts_with(b"text/plain"));
        if !bare || !(status.is_client_error() || status.is_server_error()) {
            return None;
        }
        let code = match status {
            StatusCode::PAYLOAD_TOO_LARGE => "too-large",
            StatusCode::METHOD_NOT_ALLOWED => "method",
            StatusCode::NOT_FOUND => "not-found",
            status if status.is_client_error() => "bad-request",
            _ => "internal",
        };
        Some(PageError { status, code, language: None })
    }
}

/// The page for addresses that don't exist.
pub async fn unknown_address() -> PageError {
    PageError::not_found()
}
