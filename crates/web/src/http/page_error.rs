//! What can go wrong with a page, and the page that says so.

use crate::http::language::wanted_language;
use crate::text::translator::Translator;
use crate::ui::frame::{PageHead, PublicFrame, render};
use askama::Template;
use axum::extract::Request;
use axum::http::{StatusCode, header};
use axum::middleware::Next;
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

    /// More was sent than a form can hold.
    pub const fn body_too_large() -> Self {
        Self { status: StatusCode::PAYLOAD_TOO_LARGE, code: "too-large", language: None }
    }

    /// Somebody tries passwords.
    pub const fn sign_in_often() -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, code: "sign-in-often", language: None }
    }

    /// Our own failure.
    pub const fn internal() -> Self {
        Self { status: StatusCode::INTERNAL_SERVER_ERROR, code: "internal", language: None }
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
        // The layer `show` makes the page: only it knows which language the browser asked for.
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

#[derive(Template)]
#[template(path = "public/page_error.html")]
struct ErrorPage {
    frame: PublicFrame,
    code: &'static str,
    has_sign_in: bool,
}

/// The layer that turns faults, and the framework's bare refusals, into pages.
pub async fn show(request: Request, next: Next) -> Response {
    let asked = wanted_language(request.uri(), request.headers());
    // Visitors of booking pages have no account.
    let has_sign_in = ["/console", "/sign-"].iter().any(|start| request.uri().path().starts_with(start));
    let response = next.run(request).await;
    let Some(fault) = page_error_of(&response) else { return response };
    let t = Translator::new(fault.language.unwrap_or(asked), "UTC");
    let title = t.text(&format!("fault-{}", fault.code));
    let brand = t.text("product-name");
    let frame = PublicFrame { head: PageHead { t, title }, brand, switch: None };
    match render(&ErrorPage { frame, code: fault.code, has_sign_in }) {
        Ok(page) => (fault.status, page).into_response(),
        Err(_) => response,
    }
}

fn page_error_of(response: &Response) -> Option<PageError> {
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

/// The page for addresses that don't exist.
pub async fn unknown_address() -> PageError {
    PageError::not_found()
}
