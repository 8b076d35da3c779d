//! The buttons of the first page: common faults, and the clock.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response, StatusCode};
use serde_json::json;

use crate::faults::Fault;
use crate::site::Site;

/// Does what a button asks, and sends the browser back to the first page.
///
/// Only a page of this server may press the buttons.
pub(crate) async fn steer(State(site): State<Arc<Site>>, headers: HeaderMap, body: Bytes) -> Response<Body> {
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
        "clear" => {
            site.faults.clear();
            None
        }
        "advance" => {
            site.clock.advance(600.0);
            None
        }
        _ => None,
    };
    if let Some(fault) = fault.and_then(|fault| Fault::read(&fault).ok()) {
        site.faults.add(fault);
    }
    let mut response = Response::new(Body::empty());
    *response.status_mut() = StatusCode::SEE_OTHER;
    let back = if field("language") == "ja" { "/?language=ja" } else { "/?language=en" };
    response.headers_mut().insert("location", axum::http::HeaderValue::from_static(back));
    response
}

fn from_elsewhere(headers: &HeaderMap) -> bool {
    let site = headers.get("sec-fetch-site").and_then(|value| value.to_str().ok());
    site.is_some_and(|site| !matches!(site, "same-origin" | "none"))
}
