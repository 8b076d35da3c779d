//! `/services/oauth2/token`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use serde_json::{Map, Value as Json, json};

use super::super::answer::{JSON, respond, set};
use super::super::call::pairs;
use crate::sessions::Grant;
use crate::site::{Site, lock};

/// What the token endpoint refuses with.
#[derive(Debug)]
pub(super) struct Refused(pub(super) &'static str, pub(super) String);

/// The form of a token request.
pub(super) struct Form {
    fields: Vec<(String, String)>,
    pub(super) client_id: String,
    pub(super) client_secret: Option<String>,
}

impl Form {
    fn read(headers: &HeaderMap, body: &[u8]) -> Self {
        let fields = pairs(body);
        let value =
            |name: &str| fields.iter().find(|(known, _)| known == name).map(|(_, value)| value.clone());
        let (mut client_id, mut client_secret) = (value("client_id"), value("client_secret"));
        let basic =
            headers.get("authorization").and_then(|value| value.to_str().ok()?.strip_prefix("Basic "));
        let basic = basic
            .and_then(|text| STANDARD.decode(text.trim()).ok())
            .and_then(|bytes| String::from_utf8(bytes).ok());
        if let Some((id, secret)) = basic.as_deref().and_then(|pair| pair.split_once(':')) {
            (client_id, client_secret) = (Some(id.to_owned()), Some(secret.to_owned()));
        }
        Form { fields, client_id: client_id.unwrap_or_default(), client_secret }
    }

    /// A field; empty counts as missing.
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.fields.iter().find(|(known, _)| known == name);
        found.map(|(_, value)| value.as_str()).filter(|value| !value.is_empty())
    }
}

/// Answers a token request.
pub(in crate::http) async fn post(
    State(site): State<Arc<Site>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Form::read(&headers, &body);
    let answer = match form.get("grant_type").unwrap_or_default() {
        "client_credentials" => client_credentials(&site, &form),
        "" => Err(Refused("unsupported_grant_type", "grant type not supported".to_owned())),
        _ => Err(Refused("unsupported_grant_type", "grant type not supported".to_owned())),
    };
    let mut response = match answer {
        Ok(token) => respond(200, JSON, Json::Object(token).to_string()),
        Err(Refused(code, message)) => {
            respond(400, JSON, json!({"error": code, "error_description": message}).to_string())
        }
    };
    set(&mut response, "cache-control", "no-cache, no-store");
    set(&mut response, "pragma", "no-cache");
    response
}

fn client_credentials(site: &Site, form: &Form) -> Result<Map<String, Json>, Refused> {
    let user = {
        let org = site.read();
        let app = &org.settings.app;
        if form.client_id != app.key {
            return Err(Refused("invalid_client_id", "client identifier invalid".to_owned()));
        }
        if form.client_secret.as_deref() != Some(app.secret.as_str()) {
            return Err(Refused("invalid_client", "invalid client credentials".to_owned()));
        }
        org.settings.admin
    };
    let grant = Grant { user, scope: "api id web".to_owned() };
    Ok(answer(site, &grant, None))
}

/// The answer that carries a new access token.
pub(super) fn answer(site: &Site, grant: &Grant, refresh: Option<&str>) -> Map<String, Json> {
    let org = site.read();
    let now = org.clock.now();
    let token = lock(&site.sessions).issue_access(org.settings.organization, grant.clone(), now, refresh);
    let id = format!("{}/id/{}/{}", site.public_url, org.settings.organization, grant.user);
    let issued_at = now.as_millisecond().to_string();
    let key = hmac::Key::new(hmac::HMAC_SHA256, org.settings.app.secret.as_bytes());
    let signature = STANDARD.encode(hmac::sign(&key, format!("{id}{issued_at}").as_bytes()));
    let shown = json!({"access_token": token, "signature": signature, "scope": grant.scope,
                       "instance_url": site.public_url, "id": id, "token_type": "Bearer", "issued_at": issued_at});
    match shown {
        Json::Object(map) => map,
        _ => Map::new(),
    }
}
