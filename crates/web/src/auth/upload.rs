//! A file that a page of the console posts.

use crate::auth::session::SignedIn;
use crate::http::form::Form;
use crate::http::page_error::PageError;
use crate::http::request_body::receive_file;
use crate::http::same_origin::is_same_origin;
use crate::state::AppState;
use axum::body::Bytes;
use axum::extract::{FromRequest as _, Multipart, Request};
use domain::value::clean_text;

/// Bytes of an input beside the file.
const MAX_INPUT: usize = 4_096;

/// A form with a file, as it was received.
pub(crate) struct Upload {
    /// What stood beside the file.
    pub(crate) form: Form,
    /// The file; empty if none was chosen.
    pub(crate) file: Bytes,
    /// The right to hold it in memory.
    pub(crate) turn: Option<tokio::sync::SemaphorePermit<'static>>,
}

/// Receives a form with a file from a page of ours.
pub(crate) async fn receive(
    state: &AppState,
    session: &SignedIn,
    request: Request,
) -> Result<Upload, PageError> {
    let told = |fault: PageError| session.page_error(fault);
    if !is_same_origin(request.headers(), &state.settings.public_url) {
        return Err(told(PageError::cross_site_form()));
    }
    let (request, turn) = receive_file(request).await.map_err(|error| told(error.into()))?;
    let unreadable = |_| told(PageError::unreadable());
    let mut parts = Multipart::from_request(request, state).await.map_err(unreadable)?;
    let (mut pairs, mut file) = (Vec::new(), Bytes::new());
    let too_large = |_| told(PageError::body_too_large());
    while let Some(part) = parts.next_field().await.map_err(too_large)? {
        let name = part.name().unwrap_or_default().to_owned();
        let bytes = part.bytes().await.map_err(too_large)?;
        if name == "file" {
            file = bytes;
        } else if bytes.len() <= MAX_INPUT {
            pairs.push((name, clean_text(&String::from_utf8_lossy(&bytes))));
        }
    }
    let form = Form::of(pairs);
    if !session.has_valid_token(state, form.text("csrf")) {
        return Err(told(PageError::cross_site_form()));
    }
    Ok(Upload { form, file, turn })
}
