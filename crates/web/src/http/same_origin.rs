//! Whether a browser sent a form from one of our own pages.

use axum::http::{HeaderMap, header};
use url::Url;

/// Whether the browser's own headers allow the request; browsers that send none are left to the form's token.
pub fn is_same_origin(headers: &HeaderMap, public_url: &Url) -> bool {
    let header = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = header("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    let Some(origin) = header(header::ORIGIN.as_str()) else { return true };
    let Ok(origin) = Url::parse(origin) else { return false };
    let host = header(header::HOST.as_str())
        .and_then(|host| Url::parse(&format!("{}://{host}", origin.scheme())).ok());
    origin.origin() == public_url.origin() || host.is_some_and(|host| host.origin() == origin.origin())
}
