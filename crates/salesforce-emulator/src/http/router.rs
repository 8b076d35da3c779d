//! Every address of the emulator on one screen.

use std::sync::Arc;

use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::{any, get, post};
use tower_http::compression::CompressionLayer;

use super::frame::middleware::around;
use super::{data, oauth};
use crate::control;
use crate::site::Site;

/// The routes, with what stands around each of them.
pub(crate) fn router(site: Arc<Site>) -> Router {
    Router::new()
        .route("/services/oauth2/token", post(oauth::token::post))
        .route("/services/data", any(data::handle))
        .route("/services/data/", any(data::handle))
        .route("/services/data/{*path}", any(data::handle))
        .route("/emulator/reset", post(control::reset))
        .route("/emulator/clock", get(control::clock).post(control::set_clock))
        .route("/emulator/requests", get(control::requests).delete(control::forget_requests))
        .route("/emulator/records/{object}", get(control::records))
        .route(
            "/emulator/faults",
            get(control::faults).post(control::add_fault).delete(control::clear_faults),
        )
        .layer(from_fn_with_state(Arc::clone(&site), around))
        .layer(CompressionLayer::new())
        .with_state(site)
}
