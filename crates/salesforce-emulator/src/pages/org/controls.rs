//! The buttons: common faults, the clock, and what can be done with a record.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use crate::faults::Fault;
use crate::org::ids::RecordId;
use crate::org::save::{Conversion, SaveContext};
use crate::org::store::Org;
use crate::pages::render::moved;
use crate::state::EmulatorState;

/// Does what a button asks, and sends the browser back.
///
/// Only a page of this server may press the buttons.
pub(crate) async fn controls(
    State(state): State<Arc<EmulatorState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form: Vec<(String, String)> = url::form_urlencoded::parse(&body).into_owned().collect();
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    if from_elsewhere(&headers) {
        let mut response = Response::new(Body::empty());
        *response.status_mut() = StatusCode::FORBIDDEN;
        return response;
    }
    let once = |kind: &str| json!({"kind": kind, "times": 1});
    let fault = match field("do") {
        "lost_answer" => Some(json!({"kind": "lost_answer", "times": 1, "method": "POST"})),
        "unavailable" => Some(json!({"kind": "status", "status": 503, "times": 1})),
        "slow" => Some(json!({"kind": "slow", "milliseconds": 5000, "times": 1})),
        "session_expired" => Some(once("session_expired")),
        "revoke" => Some(once("revoke")),
        "row_lock" => Some(once("row_lock")),
        "daily_limit" => Some(json!({"kind": "daily_limit"})),
        "late_commit" => Some(json!({"kind": "late_commit", "seconds": 30, "method": "POST", "times": 1})),
        "query_timeout" => Some(once("query_timeout")),
        "convert" | "delete" | "undelete" => {
            let id = RecordId::parse(field("id"));
            let leads_to = id.and_then(|id| change(&mut state.write(), field("do"), id));
            return moved(&format!(
                "{}?language={}",
                leads_to.unwrap_or_else(|| "/".to_owned()),
                language(field("language"))
            ));
        }
        "clear" => {
            state.faults.clear();
            None
        }
        "advance" => {
            state.clock.advance(600.0);
            None
        }
        _ => None,
    };
    if let Some(fault) = fault.and_then(|fault| Fault::read(&fault).ok()) {
        state.faults.add(fault);
    }
    moved(&format!("/?language={}", language(field("language"))))
}

/// Executes an action on a record, and returns the address of the next page.
fn change(org: &mut Org, what: &str, id: RecordId) -> Option<String> {
    let context = SaveContext::plain(org.settings.admin);
    let object = Arc::clone(org.record(id)?.0);
    let done = match what {
        "convert" => org.convert_lead(&context, id, &Conversion::default()).map(drop),
        "delete" => org.delete(&context, &object, id),
        _ => org.undelete(&context, id),
    };
    if let Err(errors) = done {
        tracing::debug!(?errors, what, %id, "a button did nothing");
    }
    Some(format!("/lightning/r/{}/{id}/view", object.name))
}

fn language(asked: &str) -> &'static str {
    if asked == "ja" { "ja" } else { "en" }
}

fn from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}
