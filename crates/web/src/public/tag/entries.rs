//! `/site/{key}/entries`: what the tag saw of an attempt to send a form.

use crate::actions::tag::arrivals;
use crate::actions::tag::entries::{Entry, Outcome, store};
use crate::public::tag::opened::SiteCall;
use crate::public::tag::reply::{SiteError, SiteReply};
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use serde_json::json;

/// Stores a report; the same attempt reported again is the same row.
pub(crate) async fn add(State(state): State<AppState>, call: SiteCall<Entry>) -> SiteReply {
    match store(&state, &call.site, call.client, call.body).await? {
        Outcome::Stored(stored) => {
            let mut answer = json!({ "stored": true, "then": stored.offer });
            if let Some(id) = stored.renewed {
                answer["visitor"] = id.into();
            }
            Ok(Json(answer))
        }
        Outcome::Noted => Ok(Json(json!({ "stored": false, "then": null }))),
        Outcome::Malformed => Err(SiteError::Malformed),
        Outcome::Full => Err(SiteError::TooOften(arrivals::RETRY_SECONDS)),
    }
}
