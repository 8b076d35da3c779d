//! Every address of the emulator on one screen.

use std::sync::Arc;

use axum::Router;
use axum::middleware::{from_fn_with_state, map_request};
use axum::routing::{any, get, post};
use tower_http::CompressionLevel;
use tower_http::compression::CompressionLayer;

use crate::http::middleware::around::around;
use crate::http::middleware::leading_slash;
use crate::http::{data, engagement, oauth, pubsub, soap};
use crate::state::EmulatorState;
use crate::{control, pages};

/// The routes with their middleware.
pub(crate) fn router(state: Arc<EmulatorState>) -> Router {
    // A layer that changes the address must wrap the routes.
    let eventbus = pubsub::routes(Arc::clone(&state));
    eventbus.fallback_service(routes(state)).layer(map_request(leading_slash::single))
}

fn routes(state: Arc<EmulatorState>) -> Router {
    Router::new()
        .route("/services/oauth2/authorize", get(oauth::authorize::get).post(oauth::authorize::get))
        .route("/services/oauth2/token", post(oauth::token::post))
        .route("/services/oauth2/revoke", get(oauth::revoke::any).post(oauth::revoke::any))
        .route("/services/oauth2/introspect", post(oauth::introspect::post))
        .route("/services/oauth2/userinfo", get(oauth::identity::userinfo).post(oauth::identity::userinfo))
        .route("/id/{organization}/{user}", get(oauth::identity::identity).post(oauth::identity::identity))
        .route("/id/keys", get(oauth::discovery::keys))
        .route("/.well-known/openid-configuration", get(oauth::discovery::configuration))
        .route("/login", post(oauth::login::post))
        .route("/consent", post(oauth::authorize::decide))
        .route(oauth::device::ADDRESS, get(oauth::device::get).post(oauth::device::post))
        .route("/services/Soap/u/{*rest}", post(soap::post))
        .route("/services/Soap/c/{*rest}", post(soap::post))
        .route("/services/data", any(data::handle))
        .route("/services/data/", any(data::handle))
        .route("/services/data/{*path}", any(data::handle))
        .route("/api/{*path}", any(engagement::handle))
        .route("/emulator/assets/style.css", get(pages::style))
        .route("/emulator/reset", post(control::reset))
        .route("/emulator/schema", post(control::schema))
        .route("/emulator/convert", post(control::convert))
        .route("/emulator/merge", post(control::merge))
        .route("/emulator/undelete", post(control::undelete))
        .route("/emulator/hard-delete", post(control::hard_delete))
        .route("/emulator/engagement", get(control::engagement).post(control::set_engagement))
        .route("/emulator/change-events", get(control::change_events).post(control::set_change_events))
        .route("/emulator/clock", get(control::clock).post(control::set_clock))
        .route("/emulator/requests", get(control::requests).delete(control::forget_requests))
        .route("/emulator/records/{object}", get(control::records))
        .route(
            "/emulator/faults",
            get(control::faults).post(control::add_fault).delete(control::clear_faults),
        )
        .route("/", get(pages::home))
        .route("/lightning/o/{object}/list", get(pages::list))
        .route("/lightning/r/{object}/{id}/view", get(pages::by_name))
        .route("/lightning/r/{object}/{id}", get(pages::by_name))
        .route("/{id}", get(pages::by_id))
        .route("/emulator/log", get(pages::requests))
        .route("/emulator/search", get(pages::search))
        .route("/emulator/steer", post(pages::controls))
        .layer(from_fn_with_state(Arc::clone(&state), around))
        .layer(CompressionLayer::new().quality(CompressionLevel::Fastest))
        .with_state(state)
}
