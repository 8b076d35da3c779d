//! Around every request: the body is read and unpacked, faults strike, the log is written, the date is set.

use std::io::Read;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::Response;
use axum::middleware::Next;
use bytes::Bytes;

use super::super::answer::{respond, set};
use super::super::error::error;
use super::last_modified;
use crate::connection::Cut;
use crate::faults::{Hit, Kind, StatusBody};
use crate::request_log::{Entry, excerpt};
use crate::site::{Site, lock};

/// The greatest body taken.
const LARGEST_BODY: usize = 160 * 1024 * 1024;

/// What a handler tells about how Salesforce would count the request.
#[derive(Clone, Copy, Debug)]
pub(in crate::http) struct ApiCalls(pub(in crate::http) u64);

/// Wraps every request.
pub(in crate::http) async fn around(
    State(site): State<Arc<Site>>,
    ConnectInfo(cut): ConnectInfo<Cut>,
    request: Request,
    next: Next,
) -> Response<Body> {
    let method = request.method().as_str().to_owned();
    let target = request.uri().path_and_query().map_or_else(String::new, ToString::to_string);
    let path = request.uri().path().to_owned();
    let hits = if path.starts_with("/emulator") { Vec::new() } else { site.faults.meet(&method, &target) };
    let (request, body) = match unpack(request).await {
        Ok(unpacked) => unpacked,
        Err(response) => return *response,
    };
    let mut lost = false;
    let mut response = answer(&site, &hits, request, next, &mut lost).await;
    set_date(&site, &mut response);
    let (response, answered) = log_copy(&path, response).await;
    let counted = response.extensions().get::<ApiCalls>().map_or(0, |calls| calls.0);
    let logged = !path.starts_with("/emulator") && path != "/favicon.ico";
    if logged {
        let shown = path.to_ascii_lowercase().starts_with("/services/data");
        site.log.push(Entry {
            number: 0,
            method,
            path: target,
            status: if lost { 0 } else { response.status().as_u16() },
            api_calls: counted,
            at: site.clock.now(),
            faults: hits.iter().map(|hit| hit.0.name().to_owned()).collect(),
            request: if shown { excerpt(&body) } else { String::new() },
            answer: if shown { excerpt(&answered) } else { String::new() },
        });
    }
    if lost {
        cut.now();
    }
    response
}

async fn answer(site: &Site, hits: &[Hit], request: Request, next: Next, lost: &mut bool) -> Response<Body> {
    let has = |wanted: Kind| hits.iter().any(|hit| hit.0 == wanted);
    if has(Kind::Reset) {
        *lost = true;
        return respond(200, "text/plain", "");
    }
    if has(Kind::Revoke) {
        lock(&site.sessions).revoke_all();
    } else if has(Kind::SessionExpired)
        && let Some(token) = super::super::data::token(request.headers())
    {
        lock(&site.sessions).revoke_access(&token);
    }
    if has(Kind::DailyLimit) {
        return error(403, "REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded.").into_response(false);
    }
    let replaced = hits.iter().find_map(|hit| match hit.0 {
        Kind::Status { status, body, after_commit } => Some((status, body, after_commit)),
        _ => None,
    });
    if let Some((status, body, false)) = replaced {
        return broken(status, body);
    }
    let mut response = next.run(request).await;
    if let Some((status, body, true)) = replaced {
        let calls = response.extensions().get::<ApiCalls>().copied();
        response = broken(status, body);
        if let Some(calls) = calls {
            response.extensions_mut().insert(calls);
        }
    }
    for hit in hits {
        if let Kind::Slow { milliseconds } = hit.0 {
            tokio::time::sleep(Duration::from_millis(milliseconds)).await;
        }
    }
    *lost = has(Kind::LostAnswer);
    response
}

fn broken(status: u16, body: StatusBody) -> Response<Body> {
    match body {
        StatusBody::Empty => respond(status, "text/plain", ""),
        StatusBody::Html => respond(
            status,
            "text/html;charset=UTF-8",
            "<html><head><title>Down For Maintenance</title></head><body><p>Sorry to interrupt. We are down for maintenance.</p></body></html>",
        ),
        StatusBody::Json => {
            let (code, message) = match status {
                503 => {
                    ("SERVER_UNAVAILABLE", "The server is temporarily unavailable. Please try again later.")
                }
                429 | 420 => ("REQUEST_LIMIT_EXCEEDED", "ConcurrentPerOrgLongTxn Limit exceeded."),
                403 => ("REQUEST_LIMIT_EXCEEDED", "TotalRequests Limit exceeded."),
                401 => ("INVALID_SESSION_ID", "Session expired or invalid"),
                _ => (
                    "UNKNOWN_EXCEPTION",
                    "An unexpected error occurred. Please include this ErrorId if you contact support: 1234567890-12345 (1234567890)",
                ),
            };
            error(status, code, message).into_response(false)
        }
    }
}

async fn unpack(request: Request) -> Result<(Request, Bytes), Box<Response<Body>>> {
    let (mut parts, body) = request.into_parts();
    let too_large =
        |_| Box::new(error(413, "REQUEST_TOO_LARGE", "The request body is too large.").into_response(false));
    let bytes = axum::body::to_bytes(body, LARGEST_BODY).await.map_err(too_large)?;
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
    let limit = LARGEST_BODY as u64;
    reader.take(limit).read_to_end(&mut plain).ok().map(|_| Bytes::from(plain))
}

async fn log_copy(path: &str, response: Response<Body>) -> (Response<Body>, Bytes) {
    if !path.to_ascii_lowercase().starts_with("/services/data") {
        return (response, Bytes::new());
    }
    let (parts, body) = response.into_parts();
    let bytes = axum::body::to_bytes(body, usize::MAX).await.unwrap_or_default();
    (Response::from_parts(parts, Body::from(bytes.clone())), bytes)
}

fn set_date(site: &Site, response: &mut Response<Body>) {
    response.headers_mut().remove("date");
    set(response, "date", &last_modified::print(site.clock.now()));
}
