//! Issuing access tokens.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Map, Value as Json};

use crate::lock::lock;
use crate::sessions::Grant;
use crate::state::EmulatorState;

/// The token response with a new access token.
pub(super) fn issue(state: &EmulatorState, grant: &Grant, refresh: Option<&str>) -> Map<String, Json> {
    let org = state.read();
    let now = state.clock.now();
    let organization = org.settings.organization;
    let token = lock(&state.sessions).issue_access(organization, grant.clone(), now, refresh);
    let id = format!("{}/id/{organization}/{}", state.public_url, grant.user);
    let issued_at = now.as_millisecond().to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, org.settings.app.secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, format!("{id}{issued_at}").as_bytes()));
    [
        ("access_token", token),
        ("signature", signature),
        ("scope", grant.scope.clone()),
        ("instance_url", state.public_url.clone()),
        ("id", id),
        ("token_type", "Bearer".to_owned()),
        ("issued_at", issued_at),
    ]
    .map(|(key, text)| (key.to_owned(), Json::String(text)))
    .into_iter()
    .collect()
}
