//! Receiving a request's body, within bounds on its size, its time and the memory of all of them together (Q6).

use crate::http::page_error::PageError;
use crate::http::problem::Problem;
use axum::body::{Body, Bytes};
use axum::extract::{MatchedPath, Request};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use std::time::Duration;
use tokio::sync::{Semaphore, SemaphorePermit};

/// The largest body of a page's form, in bytes.
pub const MAX_FORM: usize = 1024 * 1024;
/// The largest body of the API, in bytes.
pub const MAX_API: usize = 256 * 1024;
/// The largest file of a list, in bytes: half a million e-mails with who meets them.
pub const MAX_FILE: usize = 32 * 1024 * 1024;
/// The largest body of a report of the tag, in bytes: what browsers send while a page is left.
pub const MAX_REPORT: usize = 65_536;
/// The largest body of the sign-in form, in bytes.
pub const MAX_SIGN_IN: usize = 8 * 1024;
/// Bytes of all bodies that are held at the same time: a form takes many times its size while it is read.
const IN_FLIGHT: usize = 8 * 1024 * 1024;
/// Bytes of all files of lists that are held at the same time.
const FILES_IN_FLIGHT: usize = MAX_FILE + FORM_AROUND_FILE;
/// Bytes that a form needs around its file.
const FORM_AROUND_FILE: usize = 64 * 1024;
/// The addresses that take a file, in a request whose sender they know before they receive it.
const FILE_ADDRESSES: [&str; 3] = ["/api/v1/lists/{slug}", "/console/lists/new", "/console/lists/{slug}"];
/// Within this time a body has to arrive.
const RECEIVE_TIMEOUT: Duration = Duration::from_secs(20);
/// Within this time a file has to arrive.
const FILE_TIMEOUT: Duration = Duration::from_secs(120);
/// So long a request waits for others to be done with their bodies.
const TURN_TIMEOUT: Duration = Duration::from_secs(10);

static BYTES: Semaphore = Semaphore::const_new(IN_FLIGHT);
static FILE_BYTES: Semaphore = Semaphore::const_new(FILES_IN_FLIGHT);

/// Why a body was not received.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum BodyError {
    /// It has more bytes than are taken.
    #[error("the body is too large")]
    TooLarge,
    /// It did not arrive in time.
    #[error("the body did not arrive in time")]
    TooSlow,
    /// The memory for bodies is taken by others.
    #[error("too many bodies are held already")]
    Busy,
}

/// The layer for pages.
pub async fn receive_form(request: Request, next: Next) -> Response {
    if takes_file(&request) {
        return next.run(request).await;
    }
    let most = if request.uri().path() == "/sign-in" { MAX_SIGN_IN } else { MAX_FORM };
    match receive(request, most).await {
        Ok((request, _turn)) => next.run(request).await,
        Err(error) => PageError::from(error).into_response(),
    }
}

impl From<BodyError> for PageError {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::body_too_large(),
            BodyError::TooSlow => Self::too_slow(),
            BodyError::Busy => Self::busy(),
        }
    }
}

impl From<BodyError> for Problem {
    fn from(error: BodyError) -> Self {
        match error {
            BodyError::TooLarge => Self::new(StatusCode::PAYLOAD_TOO_LARGE, "too-large"),
            BodyError::TooSlow => Self::new(StatusCode::REQUEST_TIMEOUT, "too-slow"),
            BodyError::Busy => Self::unavailable(),
        }
    }
}

/// Whether the handler receives the body itself, as it is a file.
fn takes_file(request: &Request) -> bool {
    let address = request.extensions().get::<MatchedPath>().map_or("", MatchedPath::as_str);
    matches!(*request.method(), Method::PUT | Method::POST) && FILE_ADDRESSES.contains(&address)
}

/// The layer for the API.
pub async fn receive_json(request: Request, next: Next) -> Response {
    if takes_file(&request) {
        return next.run(request).await;
    }
    match receive(request, MAX_API).await {
        Ok((request, _turn)) => next.run(request).await,
        Err(error) => Problem::from(error).into_response(),
    }
}

/// A report of the tag with its whole body.
pub(crate) async fn receive_report(
    request: Request,
) -> Result<(Request, Option<SemaphorePermit<'static>>), BodyError> {
    receive(request, MAX_REPORT).await
}

/// A file with the form around it, if there is one, and the right to hold it in memory.
pub(crate) async fn receive_file(
    request: Request,
) -> Result<(Request, Option<SemaphorePermit<'static>>), BodyError> {
    receive_within(request, FILES_IN_FLIGHT, &FILE_BYTES, FILE_TIMEOUT).await
}

/// The request with its whole body, and the right to hold it in memory.
async fn receive(
    request: Request,
    most: usize,
) -> Result<(Request, Option<SemaphorePermit<'static>>), BodyError> {
    receive_within(request, most, &BYTES, RECEIVE_TIMEOUT).await
}

async fn receive_within(
    request: Request,
    most: usize,
    bytes_of_all: &'static Semaphore,
    timeout: Duration,
) -> Result<(Request, Option<SemaphorePermit<'static>>), BodyError> {
    if matches!(*request.method(), Method::GET | Method::HEAD) {
        return Ok((request, None));
    }
    let told = request.headers().get(header::CONTENT_LENGTH);
    let told = told.and_then(|length| length.to_str().ok()).and_then(|length| length.parse::<usize>().ok());
    if told.is_some_and(|length| length > most) {
        return Err(BodyError::TooLarge);
    }
    let length = u32::try_from(told.unwrap_or(most)).map_err(|_| BodyError::TooLarge)?;
    let turn = tokio::time::timeout(TURN_TIMEOUT, bytes_of_all.acquire_many(length)).await;
    let turn = turn.map_err(|_| BodyError::Busy)?.map_err(|_| BodyError::Busy)?;
    let (parts, body) = request.into_parts();
    let received = tokio::time::timeout(timeout, axum::body::to_bytes(body, most)).await;
    let bytes: Bytes = received.map_err(|_| BodyError::TooSlow)?.map_err(|_| BodyError::TooLarge)?;
    Ok((Request::from_parts(parts, Body::from(bytes)), Some(turn)))
}
