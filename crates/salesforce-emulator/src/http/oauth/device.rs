//! The device flow: a code that a person types into a browser elsewhere.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, Response};
use serde_json::{Map, Value as Json, json};

use crate::http::call::pairs;
use crate::http::oauth::client;
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::password::password_is_right;
use crate::http::oauth::scopes::ALL_SCOPES;
use crate::lock::lock;
use crate::pages::{self, Language};
use crate::state::EmulatorState;

/// Where people type the code.
pub(in crate::http) const ADDRESS: &str = "/setup/connect";
/// Seconds a device waits before it asks again.
const INTERVAL: u64 = 5;

/// Gives a device its codes.
pub(super) fn begin(state: &EmulatorState, form: &Form) -> Result<Map<String, Json>, Refused> {
    client::check_key(&state.read().settings.app, &form.client_id)?;
    let scope = form.get("scope").unwrap_or(ALL_SCOPES).replace("offline_access", "refresh_token");
    let (device, user) = lock(&state.devices).issue(&scope, state.clock.now());
    let answer = [
        ("device_code", json!(device)),
        ("user_code", json!(user)),
        ("verification_uri", json!(format!("{}{ADDRESS}", state.public_url))),
        ("interval", json!(INTERVAL)),
    ];
    Ok(answer.map(|(key, value)| (key.to_owned(), value)).into_iter().collect())
}

/// Asks for the code.
pub(in crate::http) async fn get(RawQuery(query): RawQuery, headers: HeaderMap) -> Response<Body> {
    let query = query.unwrap_or_default();
    let code = pairs(query.as_bytes()).into_iter().find(|(name, _)| name == "user_code");
    pages::device(Language::of(&headers, &query), &code.map(|(_, code)| code).unwrap_or_default(), None)
}

/// Handles the code and the decision.
pub(in crate::http) async fn post(
    State(state): State<Arc<EmulatorState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = pairs(&body);
    let field =
        |name: &str| form.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value.as_str());
    let user = {
        let org = state.read();
        let right = password_is_right(&org.settings.password, field("password"));
        org.user_named(field("username").trim()).filter(|user| right && org.user_flag(*user, "IsActive"))
    };
    let done = user.is_some_and(|user| {
        let allowed = (field("decision") == "allow").then_some(user);
        lock(&state.devices).decide(field("user_code"), allowed, state.clock.now())
    });
    pages::device(Language::of(&headers, ""), field("user_code"), Some(done))
}
