//! `/services/oauth2/token`.

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::{HeaderMap, Response};
use serde_json::{Map, Value as Json, json};

use crate::http::answer::{JSON, respond, set};
use crate::http::oauth::form::{Form, Refused};
use crate::http::oauth::{device, grant};
use crate::http::xml::escape;
use crate::state::EmulatorState;

/// Answers a token request.
pub(in crate::http) async fn post(
    State(state): State<Arc<EmulatorState>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response<Body> {
    let form = Form::read(&headers, &body);
    let granted = match form.get("grant_type").unwrap_or_default() {
        "authorization_code" => grant::authorization_code(&state, &form),
        "refresh_token" => grant::refresh_token(&state, &form),
        "client_credentials" => grant::client_credentials(&state, &form),
        "urn:ietf:params:oauth:grant-type:jwt-bearer" => grant::jwt_bearer(&state, &form),
        "password" => grant::password(&state, &form),
        "device"
        | "urn:ietf:params:oauth:grant-type:device"
        | "urn:ietf:params:oauth:grant-type:device_code" => grant::device(&state, &form),
        "" if form.get("response_type") == Some("device_code") => device::begin(&state, &form),
        _ => Err(Refused("unsupported_grant_type", "grant type not supported")),
    };
    let (status, body) = match granted {
        Ok(token) => (200, token),
        Err(Refused(error, description)) => (400, refusal(error, description)),
    };
    let mut response = print(status, &body, form.get("format"));
    set(&mut response, "cache-control", "no-cache, no-store");
    set(&mut response, "pragma", "no-cache");
    response
}

/// An OAuth refusal as a JSON object.
pub(super) fn refusal(error: &str, description: &str) -> Map<String, Json> {
    [("error", error), ("error_description", description)]
        .map(|(key, text)| (key.to_owned(), json!(text)))
        .into_iter()
        .collect()
}

fn print(status: u16, body: &Map<String, Json>, format: Option<&str>) -> Response<Body> {
    if format == Some("urlencoded") {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        for (name, value) in body {
            form.append_pair(name, value.as_str().unwrap_or_default());
        }
        return respond(status, "application/x-www-form-urlencoded;charset=UTF-8", form.finish());
    }
    if format == Some("xml") {
        let element = |(name, value): (&String, &Json)| {
            format!("<{name}>{}</{name}>", escape(value.as_str().unwrap_or_default()))
        };
        let elements: String = body.iter().map(element).collect();
        let document = format!("<?xml version=\"1.0\" encoding=\"UTF-8\"?><OAuth>{elements}</OAuth>");
        return respond(status, "application/xml;charset=UTF-8", document);
    }
    respond(status, JSON, serde_json::to_vec(body).unwrap_or_default())
}
