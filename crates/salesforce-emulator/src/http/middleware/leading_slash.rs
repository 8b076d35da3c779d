//! Addresses that begin with more than one slash.

use axum::extract::Request;
use axum::http::uri::{PathAndQuery, Uri};

/// Leaves one slash in front of an address.
///
/// The Salesforce CLI joins an instance that ends in a slash and a path that begins with one.
pub(in crate::http) async fn single(mut request: Request) -> Request {
    let target = request.uri().path_and_query().map(PathAndQuery::as_str);
    let Some(rest) = target.and_then(|target| target.strip_prefix("//")) else { return request };
    let path = format!("/{}", rest.trim_start_matches('/'));
    if let Ok(uri) = Uri::try_from(path) {
        *request.uri_mut() = uri;
    }
    request
}
