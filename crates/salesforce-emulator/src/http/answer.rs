//! An answer of the data API, before it becomes an HTTP response.

use axum::body::Body;
use axum::http::header::{CONTENT_TYPE, HeaderName, HeaderValue};
use axum::http::{Response, StatusCode};
use bytes::Bytes;
use futures_util::stream;
use serde_json::Value as Json;
use std::convert::Infallible;
use std::fmt;
use std::sync::Arc;

/// What the data API sends as JSON.
pub(crate) const JSON: &str = "application/json;charset=UTF-8";

/// What an answer carries.
#[derive(Clone, Debug)]
pub(crate) enum Payload {
    /// JSON, printed when the answer is sent.
    Json(Json),
    /// Bytes that are ready to be sent.
    Bytes {
        /// What they are.
        content_type: &'static str,
        /// The bytes.
        bytes: Bytes,
    },
    /// Bytes that are made as they are sent.
    Parts {
        /// What they are.
        content_type: &'static str,
        /// The bytes.
        parts: Parts,
    },
}

/// Bytes in parts, each made when it is asked for by its number; `None` behind the last one.
#[derive(Clone)]
pub(crate) struct Parts(pub(crate) Arc<dyn Fn(usize) -> Option<Bytes> + Send + Sync>);

impl fmt::Debug for Parts {
    fn fmt(&self, to: &mut fmt::Formatter<'_>) -> fmt::Result {
        to.write_str("Parts")
    }
}

impl Parts {
    fn into_body(self) -> Body {
        let parts = (0..).map_while(move |number| (self.0)(number));
        Body::from_stream(stream::iter(parts.map(Ok::<_, Infallible>)))
    }
}

/// An answer of the data API.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    /// The status.
    pub(crate) status: u16,
    /// Headers beyond those every answer has, in the spelling composite shows.
    pub(crate) headers: Vec<(&'static str, String)>,
    /// The body; `None` is no body at all.
    pub(crate) body: Option<Payload>,
}

impl Answer {
    /// An answer with a JSON body.
    pub(crate) fn json(status: u16, body: Json) -> Self {
        Answer { status, headers: Vec::new(), body: Some(Payload::Json(body)) }
    }

    /// An answer whose body is printed already.
    pub(crate) fn bytes(status: u16, content_type: &'static str, bytes: impl Into<Bytes>) -> Self {
        let body = Payload::Bytes { content_type, bytes: bytes.into() };
        Answer { status, headers: Vec::new(), body: Some(body) }
    }

    /// An answer whose body is made as it is sent.
    pub(crate) fn parts(status: u16, content_type: &'static str, parts: Parts) -> Self {
        Answer { status, headers: Vec::new(), body: Some(Payload::Parts { content_type, parts }) }
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

    /// The body as one part of a larger JSON answer; null when there is none.
    pub(crate) fn body_json(&self) -> Json {
        match &self.body {
            None | Some(Payload::Parts { .. }) => Json::Null,
            Some(Payload::Json(json)) => json.clone(),
            Some(Payload::Bytes { bytes, .. }) => serde_json::from_slice(bytes).unwrap_or_default(),
        }
    }

    /// The answer as an HTTP response.
    pub(crate) fn into_response(self, pretty: bool) -> Response<Body> {
        let empty = self.body.is_none();
        let (content_type, bytes): (_, Body) = match self.body {
            None => (JSON, Body::empty()),
            Some(Payload::Json(json)) if pretty => {
                (JSON, serde_json::to_vec_pretty(&json).unwrap_or_default().into())
            }
            Some(Payload::Json(json)) => (JSON, serde_json::to_vec(&json).unwrap_or_default().into()),
            Some(Payload::Bytes { content_type: JSON, bytes }) if pretty => (JSON, indented(&bytes).into()),
            Some(Payload::Bytes { content_type, bytes }) => (content_type, bytes.into()),
            Some(Payload::Parts { content_type, parts }) => (content_type, parts.into_body()),
        };
        let mut response = respond(self.status, content_type, bytes);
        if empty {
            response.headers_mut().remove(CONTENT_TYPE);
        }
        for (name, value) in self.headers {
            set(&mut response, name, &value);
        }
        response
    }
}

fn indented(bytes: &Bytes) -> Bytes {
    let json: Option<Json> = serde_json::from_slice(bytes).ok();
    let pretty = json.and_then(|json| serde_json::to_vec_pretty(&json).ok());
    pretty.map_or_else(|| bytes.clone(), Bytes::from)
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
