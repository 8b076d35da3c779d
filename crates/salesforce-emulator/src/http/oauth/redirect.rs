//! Redirects of the browser.

use axum::body::Body;
use axum::http::Response;

use crate::http::answer::{respond, set};

/// Redirects the browser to an address.
pub(super) fn redirect(address: &str) -> Response<Body> {
    let mut response = respond(302, "text/html;charset=UTF-8", "");
    set(&mut response, "location", address);
    set(&mut response, "cache-control", "no-cache, no-store");
    response
}
