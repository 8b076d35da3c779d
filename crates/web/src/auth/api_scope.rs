//! Which scope a call of the API needs, decided in one place by its method and address.

use axum::http::Method;
use domain::workspace::ApiScope;

/// Calls that aren't made by GET and yet change nothing.
const TRIALS: [&str; 9] = [
    "/dry-run",
    "/forms/{slug}/dry-run",
    "/synced-fields/test",
    "/company-import/preview",
    "/salesforce/preflight",
    "/tag/why",
    "/routers/{slug}/check",
    "/routers/{slug}/try",
    "/segments/count",
];
/// What a booking's life consists of.
const BOOKINGS: [&str; 6] = [
    "/bookings",
    "/bookings/{id}/cancel",
    "/bookings/{id}/outcome",
    "/deliveries/{id}/retry",
    "/forms/{slug}/submissions",
    "/routers/{slug}/route",
];

/// The scope of a call, by its address as the router writes it, without `/api/v1`.
///
/// What is listed nowhere needs the strongest: a call that is forgotten here is refused, not open.
pub fn scope_of(method: &Method, address: &str) -> ApiScope {
    if *method == Method::GET || *method == Method::HEAD || TRIALS.contains(&address) {
        ApiScope::Read
    } else if BOOKINGS.contains(&address) {
        ApiScope::Bookings
    } else {
        ApiScope::Settings
    }
}
