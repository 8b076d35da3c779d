//! An answer of the data API, before it becomes an HTTP response.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use serde_json::Value as Json;

/// What the data API sends as JSON.
pub(crate) const JSON: &str = "application/json;charset=UTF-8";

/// An answer of the data API.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// Headers beyond those every answer has, in the spelling composite shows.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The body; `None` is no body at all.
    pub(crate) body: Option<Json>,
}

impl Answer {
    /// An answer with a body.
    pub(crate) fn json(status: u16, body: Json) -> Self {
        Answer { status, headers: Vec::new(), body: Some(body) }
    }

    /// An answer without one.
    pub(crate) fn empty(status: u16) -> Self {
        Answer { status, headers: Vec::new(), body: None }
    }

    /// The same answer with one more header.
    pub(crate) fn with(mut self, name: &'static str, value: impl Into<String>) -> Self {
        self.headers.push((name, value.into()));
        self
    }

    /// Whether the request was carried out.
    pub(crate) fn succeeded(&self) -> bool {
        self.status < 300 || self.status == 304
    }

    /// The answer as an HTTP response.
    pub(crate) fn into_response(self, pretty: bool) -> Response<Body> {
        let bytes = match &self.body {
            None => Vec::new(),
            Some(json) if pretty => serde_json::to_vec_pretty(json).unwrap_or_default(),
            Some(json) => serde_json::to_vec(json).unwrap_or_default(),
        };
        let mut response = respond(self.status, JSON, bytes);
        if self.body.is_none() {
            response.headers_mut().remove(CONTENT_TYPE);
        }
        for (name, value) in self.headers {
            set(&mut response, name, &value);
        }
        response
    }
}

/// A response with a body of any type.
pub(crate) fn respond(status: u16, content_type: &str, body: impl Into<Body>) -> Response<Body> {
    let mut response = Response::new(body.into());
    *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
    set(&mut response, "content-type", content_type);
    response
}

/// Sets a header; a value that cannot be sent is left out.
pub(crate) fn set(response: &mut Response<Body>, name: &str, value: &str) {
    if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
        response.headers_mut().append(name, value);
    }
}
