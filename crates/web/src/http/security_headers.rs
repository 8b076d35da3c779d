//! The headers that keep pages from being framed, sniffed, or made to run what isn't ours.

use crate::state::AppState;
use axum::extract::{Request, State};
use axum::http::{HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// Hosts besides our own to which a page's forms may lead, for the Content-Security-Policy.
#[derive(Clone, Debug)]
pub struct FormTargets(pub Vec<String>);

/// Sites besides the operator's that may show a page in a frame.
#[derive(Clone, Debug)]
pub struct FramedBy(pub Vec<String>);

/// How a page has to do with a mail: its own styles belong to a mail, and to nothing else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MailView {
    /// The page shows a mail in a frame.
    Framing,
    /// The document is the mail: nothing of it runs or leads anywhere, and only our own pages show it.
    Mail,
}

/// The policy of a mail's document.
const MAIL_POLICY: &str = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'none'; \
    frame-ancestors 'self'; base-uri 'none'; sandbox";

const FIXED: [(HeaderName, &str); 4] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("permissions-policy"), "camera=(), microphone=(), geolocation=()"),
];

/// Pages that a visitor sees on the way to a booking; other sites may show these in a frame, where that is allowed.
const FRAMEABLE: [&str; 3] = ["/b/", "/cancel/", "/f/"];

/// The layer that adds them to every page.
pub async fn protect(State(state): State<AppState>, request: Request, next: Next) -> Response {
    let path = request.uri().path();
    let is_booking = path.starts_with("/b/") || path.starts_with("/f/");
    let may_frame = FRAMEABLE.iter().any(|start| path.starts_with(start));
    let mut response = next.run(request).await;
    let more = response.extensions_mut().remove::<FramedBy>().map(|sites| sites.0).unwrap_or_default();
    let framing: Vec<String> = if may_frame {
        state.settings.frame_origins.iter().chain(&more).cloned().collect()
    } else {
        Vec::new()
    };
    let targets = response.extensions_mut().remove::<FormTargets>();
    let view = response.extensions_mut().remove::<MailView>();
    let policy = match view {
        Some(MailView::Mail) => MAIL_POLICY.to_owned(),
        _ => policy(targets.as_ref().map_or(&[], |targets| &targets.0), &framing, view.is_some()),
    };
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(name, HeaderValue::from_static(value));
    }
    // It can't name several sites; browsers that know `frame-ancestors` go by that.
    if view == Some(MailView::Mail) {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("SAMEORIGIN"));
    } else if framing.is_empty() {
        headers.insert(header::X_FRAME_OPTIONS, HeaderValue::from_static("DENY"));
    }
    if let Ok(policy) = HeaderValue::from_str(&policy) {
        headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    // Pages hold names and addresses. Visitors who go back find what they typed, which "no-store" would forget.
    let caching = if is_booking { "private, no-cache" } else { "no-store" };
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static(caching));
    response
}

/// The layer for what programs read: nobody keeps it, and it is what it says it is.
pub async fn protect_data(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
    response
}

fn policy(targets: &[String], framing: &[String], shows_mail: bool) -> String {
    let targets: String = targets.iter().map(|target| format!(" {target}")).collect();
    let framing =
        if framing.is_empty() { "'none'".to_owned() } else { format!("'self' {}", framing.join(" ")) };
    let frames = if shows_mail { " frame-src 'self';" } else { "" };
    format!(
        "default-src 'none';{frames} script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; \
         form-action 'self'{targets}; frame-ancestors {framing}; base-uri 'none'"
    )
}
