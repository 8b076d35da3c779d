//! A span around every request, so that log lines tell which request they belong to.

use axum::extract::{MatchedPath, Request};
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;
use tracing::field::Empty;

/// Characters of a request's ID: 72 random bits.
const ID_LENGTH: usize = 12;

/// The layer that opens the span. It names the route, never the address: that may carry personal data.
pub async fn trace(request: Request, next: Next) -> Response {
    let route = request.extensions().get::<MatchedPath>().map_or("none", MatchedPath::as_str);
    let id: String = storage::ids::new_secret().chars().take(ID_LENGTH).collect();
    let span =
        tracing::info_span!("request", %id, method = %request.method(), route = %route, status = Empty);
    async move {
        let response = next.run(request).await;
        tracing::Span::current().record("status", response.status().as_u16());
        tracing::debug!("answered");
        response
    }
    .instrument(span)
    .await
}
