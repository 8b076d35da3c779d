//! The headers that keep pages from being framed, sniffed, or made to run what isn't ours.

use axum::extract::Request;
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Hosts besides our own to which a page's forms may lead, for the Content-Security-Policy.
#[derive(Clone, Debug)]
pub struct FormTargets(pub Vec<String>);

const FIXED: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
    (header::X_FRAME_OPTIONS, "DENY"),
];

/// The layer that adds them to every page.
pub async fn protect(request: Request, next: Next) -> Response {
    let is_booking = request.uri().path().starts_with("/b/");
    let mut response = next.run(request).await;
    let targets = response.extensions_mut().remove::<FormTargets>();
    let policy = policy(targets.as_ref().map_or(&[], |targets| &targets.0));
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // Pages hold names and addresses. Visitors who go back find what they typed, which "no-store" would forget.
    let caching = if is_booking { "private, no-cache" } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(caching));
    response
}

fn policy(targets: &[String]) -> String {
    let targets: String = targets.iter().map(|target| format!(" {target}")).collect();
    format!(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'{targets}; frame-ancestors 'none'; base-uri 'none'"
    )
}
