//! Around every request: unpacks the body, applies faults, writes the log and sets the date.

use std::io::Read;
use std::sync::Arc;

use axum::body::Body;
use axum::body::HttpBody as _;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::middleware::Next;
use bytes::Bytes;
use futures_util::{StreamExt as _, stream};

use crate::connection::Cut;
use crate::faults::Hit;
use crate::http::answer::set;
use crate::http::error::error;
use crate::http::extensions::{ApiCalls, RowLockMet};
use crate::http::middleware::faults::{self, Outcome};
use crate::http::middleware::{concurrency, last_modified};
use crate::in_flight::Family;
use crate::request_log::{Entry, excerpt};
use crate::state::EmulatorState;

/// Bytes in the largest accepted body.
const MAX_BODY_BYTES: usize = 160 * 1024 * 1024;

/// Wraps every request.
pub(in crate::http) async fn around(
    State(state): State<Arc<EmulatorState>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let method = request.method().as_str().to_owned();
    let path = request.uri().path().to_owned();
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let ours = path.starts_with("/emulator") || path == "/favicon.ico";
    let family = Family::of(&path);
    let hits = if ours { Vec::new() } else { state.faults.meet(&method, &target) };
    let (request, body) = match unpack(request).await {
        Ok(unpacked) => unpacked,
        Err(response) => return *response,
    };
    let outcome = match concurrency::enter(&state, family) {
        Ok(_slot) => faults::run(&state, &hits, request, next).await,
        Err(refused) => Outcome { response: *refused, unanswered: false },
    };
    let (mut response, answered) =
        if family.is_some() { copy(outcome.response).await } else { (outcome.response, Bytes::new()) };
    response.headers_mut().remove("date");
    set(&mut response, "date", &last_modified::print(state.clock.now()));
    if !ours {
        state.log.push(Entry {
            number: 0,
            method,
            // Outside the APIs a query string may hold a token or a code.
            path: if family.is_some() { target } else { path },
            status: if outcome.unanswered { 0 } else { response.status().as_u16() },
            api_calls: response.extensions().get::<ApiCalls>().map_or(0, |calls| calls.0),
            at: state.clock.now(),
            faults: fault_names(&hits, &response),
            request: if family.is_some() { excerpt(&body) } else { String::new() },
            answer: excerpt(&answered),
        });
    }
    if outcome.unanswered {
        cut.now();
    }
    response
}

fn fault_names(hits: &[Hit], response: &Response<Body>) -> Vec<String> {
    let locked = response.extensions().get::<RowLockMet>().map(|_| "row_lock");
    hits.iter().map(|hit| hit.0.name()).chain(locked).map(str::to_owned).collect()
}

async fn unpack(request: Request) -> Result<(Request, Bytes), Box<Response<Body>>> {
    let (mut parts, body) = request.into_parts();
    let body_too_large =
        |_| Box::new(error(413, "REQUEST_TOO_LARGE", "The request body is too large.").into_response(false));
    let bytes = axum::body::to_bytes(body, MAX_BODY_BYTES).await.map_err(body_too_large)?;
    let encoding = parts.headers.remove("content-encoding");
    let packed =
        encoding.as_ref().and_then(|value| value.to_str().ok()).unwrap_or_default().to_ascii_lowercase();
    let bytes = match packed.as_str() {
        "gzip" | "x-gzip" => inflate(flate2::read::MultiGzDecoder::new(&bytes[..])),
        "deflate" => inflate(flate2::read::ZlibDecoder::new(&bytes[..])),
        _ => Some(bytes),
    };
    let Some(bytes) = bytes else {
        let message = "The content encoding of the request body is invalid.";
        return Err(Box::new(error(400, "INVALID_CONTENT_ENCODING", message).into_response(false)));
    };
    parts.headers.remove("content-length");
    Ok((Request::from_parts(parts, Body::from(bytes.clone())), bytes))
}

fn inflate(reader: impl Read) -> Option<Bytes> {
    let mut plain = Vec::new();
    reader.take(MAX_BODY_BYTES as u64).read_to_end(&mut plain).ok().map(|_| Bytes::from(plain))
}

/// Copies a response's body for the log; of a streamed body, the first part.
async fn copy(response: Response<Body>) -> (Response<Body>, Bytes) {
    let (parts, body) = response.into_parts();
    if body.size_hint().exact().is_none() {
        let mut rest = body.into_data_stream();
        let first = rest.next().await.and_then(Result::ok).unwrap_or_default();
        let whole = stream::iter([Ok(first.clone())]).chain(rest);
        return (Response::from_parts(parts, Body::from_stream(whole)), first);
    }
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Response::from_parts(parts, Body::from(bytes.clone())), bytes)
}
