//! Headers of what other origins fetch: who may read it, how long it keeps, and how large a report may be.

use crate::http::request_body;
use crate::public::tag::reply::SiteError;
use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

const CORP: HeaderName = HeaderName::from_static("cross-origin-resource-policy");

/// The layer of calls by websites: every origin may read its own answers, without cookies.
pub async fn for_site(request: Request, next: Next) -> Response {
    let origin = request.headers().get(header::ORIGIN).cloned();
    let mut response = if request.method() == Method::OPTIONS {
        StatusCode::NO_CONTENT.into_response()
    } else {
        match request_body::receive_report(request).await {
            Ok((request, _turn)) => next.run(request).await,
            Err(request_body::BodyError::TooLarge) => SiteError::TooLarge.into_response(),
            Err(_) => SiteError::Unavailable.into_response(),
        }
    };
    let headers = response.headers_mut();
    if let Some(origin) = origin {
        headers.insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, origin);
        let methods = HeaderValue::from_static("GET, POST");
        headers.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods);
        headers.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static("content-type"));
        headers.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    headers.insert(header::VARY, HeaderValue::from_static("origin"));
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-store"));
    common(response)
}

/// The layer of the tag's files: everybody may load them.
pub async fn for_files(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    response.headers_mut().insert(header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*"));
    common(response)
}

fn common(mut response: Response) -> Response {
    let headers = response.headers_mut();
    headers.insert(CORP, HeaderValue::from_static("cross-origin"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}
