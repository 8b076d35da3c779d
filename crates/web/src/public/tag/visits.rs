//! `/site/{key}/visits`, `/forget` and `/not-me`: a visitor's ID, and nothing about whose it is.

use crate::actions::tag::dialog;
use crate::actions::tag::handle::OfferHandle;
use crate::actions::tag::visits::{Visit, visit};
use crate::public::tag::opened::SiteCall;
use crate::public::tag::reply::SiteReply;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use serde_json::json;

/// A visitor's ID, and the dialog in which they said that they are someone else.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Someone {
    visitor: String,
    handle: String,
}

/// Offers a meeting to whom one is meant.
pub(crate) async fn add(State(state): State<AppState>, call: SiteCall<Visit>) -> SiteReply {
    let then = visit(&state, &call.site, call.client, &call.body).await?;
    Ok(Json(json!({ "then": then })))
}

/// Deletes what belongs to a visitor who withdrew their consent.
pub(crate) async fn forget(State(state): State<AppState>, call: SiteCall<Someone>) -> SiteReply {
    dialog::forget(&state, &call.site, &call.body.visitor).await?;
    Ok(Json(json!({})))
}

/// Drops the ID of a browser that someone else uses (「私ではありません」).
pub(crate) async fn not_me(State(state): State<AppState>, call: SiteCall<Someone>) -> SiteReply {
    if let Some(handle) = OfferHandle::read(&state, call.site.workspace, &call.body.handle) {
        dialog::note_outcome(&state, &call.site, &handle, dialog::DialogOutcome::NotMe).await?;
    }
    dialog::forget(&state, &call.site, &call.body.visitor).await?;
    Ok(Json(json!({})))
}
