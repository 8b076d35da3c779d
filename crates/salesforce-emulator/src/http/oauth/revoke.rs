//! `/services/oauth2/revoke`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};

use crate::http::answer::respond;
use crate::http::call::pairs;
use crate::http::oauth::form::Form;
use crate::lock::lock;
use crate::state::EmulatorState;

/// Kills a token; the refusal of an unknown one is form-encoded, not JSON.
pub(in crate::http) async fn any(
    State(state): State<Arc<EmulatorState>>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Form::read(&headers, &body);
    let query = pairs(query.unwrap_or_default().as_bytes());
    let in_query = query.iter().find(|(name, _)| name == "token").map(|(_, value)| value.as_str());
    let token = form.get("token").or(in_query).unwrap_or_default();
    if lock(&state.sessions).revoke(token) {
        return respond(200, "text/html;charset=UTF-8", "");
    }
    let refusal = "error=unsupported_token_type&error_description=this%20token%20type%20is%20not%20supported";
    respond(400, "application/x-www-form-urlencoded", refusal)
}
