//! `/services/oauth2/introspect`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use serde_json::{Value as Json, json};

use crate::http::answer::{JSON, respond};
use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::token::refusal;
use crate::lock::lock;
use crate::sessions::Checked;
use crate::state::EmulatorState;

/// Tells whether a token is alive, and whose it is.
pub(in crate::http) async fn post(
    State(state): State<Arc<EmulatorState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Form::read(&headers, &body);
    let org = state.read();
    if let Err(Refused(error, description)) = client::check(&org.settings.app, &form) {
        return respond(400, JSON, Json::Object(refusal(error, description)).to_string());
    }
    let token = form.get("token").unwrap_or_default();
    let now = state.clock.now();
    let minutes = org.settings.limits.session_minutes;
    let mut sessions = lock(&state.sessions);
    let access = match sessions.check(token, now, minutes) {
        Checked::Good(grant) => Some(grant),
        Checked::Dead => None,
    };
    let kind = if access.is_some() { "access_token" } else { "refresh_token" };
    let Some(grant) = access.or_else(|| sessions.refresh_grant(token)) else {
        return respond(200, JSON, json!({"active": false}).to_string());
    };
    let issued = now.as_second();
    let expires = issued + i64::try_from(minutes).unwrap_or(120) * 60;
    let subject = format!("{}/id/{}/{}", state.public_url, org.settings.organization, grant.user);
    let told = json!({
        "active": true, "scope": grant.scope, "client_id": org.settings.app.key,
        "username": org.user_value(grant.user, "Username").to_text(), "sub": subject, "token_type": kind,
        "exp": expires, "iat": issued, "nbf": issued,
    });
    respond(200, JSON, told.to_string())
}
