//! The signed token of a form: it says when the form was begun, and makes a second sending the same submission.

use crate::http::language::RequestLanguage;
use crate::http::page_error::PageError;
use crate::public::form::open::open;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use axum::http::header;
use axum::response::{IntoResponse as _, Response};
use domain::value::{FormId, Timestamp};
use serde::Serialize;

const PURPOSE: &str = "form";
/// How long a token is good.
const LIFE_SECONDS: i64 = 24 * 60 * 60;

/// What a token says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct FormToken {
    /// Its one-time part.
    pub(super) nonce: String,
    /// When it was given out.
    pub(super) issued: Timestamp,
}

impl FormToken {
    /// Whether it is older than a day.
    pub(super) fn is_old(&self, now: Timestamp) -> bool {
        now.seconds() - self.issued.seconds() > LIFE_SECONDS
    }
}

/// A new token for a form.
pub(super) fn make(state: &AppState, form: FormId) -> String {
    let (nonce, issued) = (storage::ids::new_secret(), state.clock.now().seconds());
    let tag = state.database.vault().sign(PURPOSE, &signed_text(form, &nonce, issued));
    format!("{nonce}.{issued}.{tag}")
}

/// A token that was made for this form.
pub(super) fn read(state: &AppState, form: FormId, token: &str) -> Option<FormToken> {
    let mut parts = token.splitn(3, '.');
    let (nonce, issued, tag) = (parts.next()?, parts.next()?.parse().ok()?, parts.next()?);
    let is_ours = state.database.vault().verify(PURPOSE, &signed_text(form, nonce, issued), tag);
    is_ours.then(|| FormToken { nonce: nonce.to_owned(), issued: Timestamp::from_seconds(issued) })
}

fn signed_text(form: FormId, nonce: &str, issued: i64) -> String {
    format!("{form}:{nonce}:{issued}")
}

#[derive(Serialize)]
struct Renewed {
    token: String,
}

/// Gives out a token when a form is begun: what stands in the page may be from a cache.
pub async fn renew(
    State(state): State<AppState>,
    Path(slug): Path<String>,
    visitor: RequestLanguage,
) -> Result<Response, PageError> {
    let opened = open(&state, &slug, &visitor).await?;
    let token = make(&state, opened.form.id);
    Ok(([(header::CACHE_CONTROL, "no-store")], Json(Renewed { token })).into_response())
}
