//! `/site/{key}/entries`: what the tag saw of an attempt to send a form.

use crate::actions::tag::arrivals;
use crate::actions::tag::entries::{Entry, Outcome, store};
use crate::actions::tag::site::Site;
use crate::http::client_address::ClientAddress;
use crate::public::tag::config::origin_of;
use crate::public::tag::reply::{SiteError, SiteReply, read};
use crate::state::AppState;
use axum::Json;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::HeaderMap;
use serde_json::json;

/// Stores a report; the same attempt reported again is the same row.
pub async fn add(
    State(state): State<AppState>,
    Path(key): Path<String>,
    client: ClientAddress,
    headers: HeaderMap,
    body: Bytes,
) -> SiteReply {
    if !arrivals::take(&key, client, state.clock.now()) {
        return Err(SiteError::TooOften(arrivals::RETRY_SECONDS));
    }
    let origin = origin_of(&headers);
    let site = Site::find(&state, &key, origin.as_deref()).await?.ok_or(SiteError::NotFound)?;
    let entry: Entry = read(&body)?;
    match store(&state, &site, client, entry).await? {
        Outcome::Stored => Ok(Json(json!({ "stored": true, "then": null }))),
        Outcome::Noted => Ok(Json(json!({ "stored": false, "then": null }))),
        Outcome::Malformed => Err(SiteError::Malformed),
        Outcome::Full => Err(SiteError::TooOften(arrivals::RETRY_SECONDS)),
    }
}
