//! Every address of the server, on one screen.

use crate::pages::{fault, headers};
use crate::state::AppState;
use crate::{api, assets, public};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};

/// The whole web part.
pub fn router(state: AppState) -> Router {
    let api = Router::new()
        .route("/bookings", get(api::bookings::list).post(api::bookings::create))
        .route("/bookings/{id}", get(api::bookings::show))
        .route("/bookings/{id}/cancel", post(api::bookings::cancel))
        .route("/deliveries/{id}/retry", post(api::deliveries::retry))
        .route("/dry-run", post(api::dry_run::run))
        .route(
            "/settings/salesforce",
            get(api::salesforce_settings::show).put(api::salesforce_settings::save),
        )
        .route("/teams", get(api::teams::list).post(api::teams::create))
        .route("/pages", get(api::pages::list).post(api::pages::create))
        .route("/pages/{*path}", get(api::pages::show).put(api::pages::save))
        .route(
            "/salesforce/connection",
            get(api::connection::show).post(api::connection::connect).delete(api::connection::disconnect),
        )
        .route("/salesforce/preflight", post(api::preflight::run))
        .fallback(api::problem::not_found)
        .method_not_allowed_fallback(api::problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(256 * 1024));
    let public = Router::new()
        .route("/b/{team}/{page}", get(public::days::show))
        .route("/b/{team}/{page}/{start}", get(public::book::show).post(public::book::book))
        .route("/b/{team}/{page}/done/{booking}", get(public::done::show))
        .route("/cancel/{booking}", get(public::cancel::show).post(public::cancel::cancel));
    // Long answers are refused field by field, so that the visitor reads which one it was.
    let pages = public
        .merge(assets::routes())
        .fallback(fault::unknown_address)
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(from_fn(fault::show))
        .layer(from_fn(headers::protect));
    Router::new()
        .nest("/api/v1", api)
        .merge(pages)
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .with_state(state)
}
