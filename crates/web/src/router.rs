//! Every address of the server, on one screen.

use crate::console::company_import;
use crate::console::sign_in_limit::SignInLimit;
use crate::pages::{fault, headers};
use crate::state::AppState;
use crate::{api, assets, console, public};
use axum::extract::DefaultBodyLimit;
use axum::middleware::from_fn;
use axum::routing::{get, post};
use axum::{Extension, Router};
use std::sync::Arc;
use tower_http::compression::CompressionLayer;

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
        .route("/settings/notifications", get(api::notifications::show).put(api::notifications::save))
        .route("/settings/notifications/test", post(api::notifications::test))
        .route("/notifications", get(api::notifications::list))
        .route("/teams", get(api::teams::list).post(api::teams::create))
        .route("/pages", get(api::pages::list).post(api::pages::create))
        .route("/pages/{*path}", get(api::pages::show).put(api::pages::save))
        .route(
            "/salesforce/connection",
            get(api::connection::show).post(api::connection::connect).delete(api::connection::disconnect),
        )
        .route("/salesforce/preflight", post(api::preflight::run))
        .route("/synced-fields", get(api::synced_fields::show).put(api::synced_fields::save))
        .route("/synced-fields/test", post(api::synced_fields::test))
        .route("/synced-fields/sync", post(api::synced_fields::sync))
        .route("/synced-records/{object}", get(api::synced_records::list))
        .route("/synced-records/{object}/{id}", get(api::synced_records::show))
        .route("/engagement-lists", get(api::engagement_lists::show).put(api::engagement_lists::save))
        .route("/engagement-lists/sync", post(api::engagement_lists::sync))
        .route("/engagement-lists/match", get(api::engagement_lists::find_rule))
        .route("/settings/visitor-tag", get(api::visitor_tag::show).put(api::visitor_tag::save))
        .route("/runs", get(api::runs::list))
        .route("/runs/{id}", get(api::runs::show))
        .route("/company-import", get(api::company_import::show).put(api::company_import::save))
        .route("/company-import/preview", post(api::company_import::preview))
        .route("/company-import/run", post(api::companies::run))
        .route("/companies", get(api::companies::list))
        .route("/companies/{id}", get(api::companies::show))
        .route("/openapi.json", get(api::openapi::show))
        .fallback(api::problem::not_found)
        .method_not_allowed_fallback(api::problem::method_not_allowed)
        .layer(DefaultBodyLimit::max(256 * 1024));
    let public = Router::new()
        .route("/b/{team}/{page}", get(public::days::show))
        .route("/b/{team}/{page}/{start}", get(public::book::show).post(public::book::book))
        .route("/b/{team}/{page}/done/{booking}", get(public::done::show))
        .route("/b/{team}/{page}/done/{booking}/calendar.ics", get(public::calendar::show))
        .route("/cancel/{booking}", get(public::cancel::show).post(public::cancel::cancel));
    let console = Router::new()
        .route("/", get(console::sign_in::home))
        .route("/sign-in", get(console::sign_in::show).post(console::sign_in::sign_in))
        .route("/sign-out", post(console::sign_in::sign_out))
        .route("/console", get(console::overview::show))
        .route("/console/language", post(console::language::save))
        .route("/console/password", get(console::password::show).post(console::password::save))
        .route("/console/connection", get(console::connection::show).post(console::connection::connect))
        .route("/console/connection/callback", get(console::connection::callback))
        .route(
            "/console/connection/disconnect",
            get(console::connection::ask_disconnect).post(console::connection::disconnect),
        )
        .route("/console/connection/preflight", post(console::preflight::run))
        .route("/console/settings", get(console::settings::show).post(console::settings::save))
        .route("/console/synced-fields", get(console::synced_fields::show).post(console::synced_fields::save))
        .route("/console/synced-fields/test", post(console::synced_fields::test))
        .route("/console/synced-fields/sync", post(console::synced_fields::sync))
        .route("/console/companies", get(console::companies::show))
        .route("/console/companies/run", post(console::companies::run))
        .route("/console/companies/record/{id}", get(console::company::show))
        .route("/console/companies/import", get(company_import::overview::show))
        .route("/console/companies/import/begin", post(company_import::overview::begin))
        .route("/console/companies/import/discard", post(company_import::overview::discard))
        .route("/console/companies/import/stop", post(company_import::overview::stop))
        .route(
            "/console/companies/import/object",
            get(company_import::object::show).post(company_import::object::save),
        )
        .route(
            "/console/companies/import/conditions",
            get(company_import::conditions::show).post(company_import::conditions::save),
        )
        .route(
            "/console/companies/import/mapping",
            get(company_import::mapping::show).post(company_import::mapping::save),
        )
        .route(
            "/console/companies/import/confirm",
            get(company_import::confirm::show).post(company_import::confirm::save),
        )
        .route("/console/companies/import/suggest/{step}", get(company_import::chooser::suggest))
        .route(
            "/console/engagement-lists",
            get(console::engagement_lists::show).post(console::engagement_lists::save),
        )
        .route("/console/engagement-lists/sync", post(console::engagement_lists::sync))
        .route("/console/engagement-lists/suggest", get(console::engagement_lists::suggest))
        .route("/console/pages", get(console::pages::show))
        .route("/console/pages/new", get(console::page_editor::new).post(console::page_editor::create))
        .route("/console/pages/{id}", get(console::page_editor::show).post(console::page_editor::save))
        .route("/console/pages/{id}/suggest", get(console::suggest::show))
        .route("/console/bookings", get(console::bookings::show))
        .route("/console/bookings/{id}", get(console::booking::show))
        .route("/console/bookings/{id}/cancel", post(console::booking::cancel))
        .route("/console/errors", get(console::errors::show))
        .route("/console/errors/retry", post(console::errors::retry))
        .route("/console/dry-run", get(console::dry_run::show).post(console::dry_run::run))
        .route("/console/members", get(console::members::show))
        .route("/console/members/team", post(console::members::save_team))
        .route("/console/members/member", post(console::members::save_member))
        .route("/console/members/account", post(console::people::save))
        .route("/console/members/account/password", post(console::people::reset_password))
        .route("/console/members/account/remove", post(console::people::remove))
        .route("/console/notices", get(console::notices::show).post(console::notices::mark_read))
        .route("/console/notifications", get(console::notifications::show).post(console::notifications::save))
        .route("/console/notifications/test", post(console::notifications::test))
        .route("/console/api-keys", get(console::api_keys::show).post(console::api_keys::create))
        .route("/console/api-keys/remove", post(console::api_keys::remove))
        .route("/console/audit", get(console::audit::show))
        .route("/console/audit.csv", get(console::audit::export))
        .layer(Extension(Arc::new(SignInLimit::default())));
    // Long answers are refused field by field, so that the visitor reads which one it was.
    let pages = public
        .merge(console)
        .merge(assets::routes().layer(CompressionLayer::new()))
        .fallback(fault::unknown_address)
        .layer(DefaultBodyLimit::max(1024 * 1024))
        .layer(from_fn(fault::show))
        .layer(from_fn(headers::protect));
    Router::new()
        .nest("/api/v1", api)
        .merge(pages)
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .route("/metrics", get(api::health::metrics))
        .with_state(state)
}
