//! Every address of the server, on one screen.

use crate::console::company::import::{
    conditions_step, confirm_step, field_picker, mapping_step, object_step, overview, wizard,
};
use crate::http::{page_error, problem, request_body, request_span, security_headers};
use crate::public::tag::site_headers;
use crate::state::AppState;
use crate::ui::{assets, error_page};
use crate::{api, console, public};
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::middleware::{from_fn, from_fn_with_state};
use axum::routing::{get, post, put};
use tower_http::compression::CompressionLayer;

/// The whole web part.
pub fn router(state: AppState) -> Router {
    let api = Router::new()
        .route("/bookings", get(api::booking::bookings::list).post(api::booking::bookings::create))
        .route("/bookings/{id}", get(api::booking::bookings::show))
        .route("/bookings/{id}/cancel", post(api::booking::bookings::cancel))
        .route("/bookings/{id}/outcome", post(api::booking::bookings::outcome))
        .route("/deliveries/{id}/retry", post(api::delivery::retry::retry))
        .route("/dry-run", post(api::delivery::dry_run::run))
        .route("/settings/salesforce", get(api::delivery::settings::show).put(api::delivery::settings::save))
        .route(
            "/settings/notifications",
            get(api::notification::settings::show).put(api::notification::settings::save),
        )
        .route("/settings/notifications/test", post(api::notification::channel_test::test))
        .route("/notifications", get(api::notification::outbox::list))
        .route("/teams", get(api::workspace::teams::list).post(api::workspace::teams::create))
        .route("/teams/{slug}", put(api::workspace::teams::save))
        .route("/pages", get(api::booking::pages::list).post(api::booking::pages::create))
        .route("/pages/{*path}", get(api::booking::pages::show).put(api::booking::pages::save))
        .route(
            "/salesforce/connection",
            get(api::org::connection::show)
                .post(api::org::connection::connect)
                .delete(api::org::connection::disconnect),
        )
        .route("/salesforce/preflight", post(api::delivery::preflight::run))
        .route(
            "/synced-fields",
            get(api::synced_fields::settings::show).put(api::synced_fields::settings::save),
        )
        .route("/synced-fields/test", post(api::synced_fields::settings::test))
        .route("/synced-fields/sync", post(api::synced_fields::settings::sync))
        .route("/synced-records/{object}", get(api::synced_fields::records::list))
        .route("/synced-records/{object}/{id}", get(api::synced_fields::records::show))
        .route("/engagement-lists", get(api::engagement::settings::show).put(api::engagement::settings::save))
        .route("/engagement-lists/sync", post(api::engagement::settings::sync))
        .route("/engagement-lists/match", get(api::engagement::settings::find_rule))
        .route("/settings/visitor-tag", get(api::tag::visitor_tag::show).put(api::tag::visitor_tag::save))
        .route("/tag", get(api::tag::settings::show).put(api::tag::settings::save))
        .route("/tag/reconciliation", get(api::tag::reconciliation::show))
        .route("/tag/why", post(api::tag::why::explain))
        .route("/conversions", get(api::tag::conversions::list))
        .route("/forms", get(api::form::forms::list).post(api::form::forms::create))
        .route(
            "/forms/{slug}",
            get(api::form::forms::show).put(api::form::forms::save).delete(api::form::forms::remove),
        )
        .route("/forms/{slug}/submissions", post(api::form::submissions::create))
        .route("/forms/{slug}/dry-run", post(api::form::forms::dry_run))
        .route("/submissions", get(api::form::submissions::list))
        .route("/submissions/{id}", get(api::form::submissions::show))
        .route("/routers", get(api::router::routers::list).post(api::router::routers::create))
        .route("/routers/{slug}", get(api::router::routers::show).put(api::router::routers::save))
        .route("/routers/{slug}/check", post(api::router::routers::check))
        .route("/routers/{slug}/publish", post(api::router::routers::publish))
        .route("/routers/{slug}/versions", get(api::router::routers::versions))
        .route("/routers/{slug}/versions/{version}/restore", post(api::router::routers::restore))
        .route("/routers/{slug}/backtest", post(api::router::routers::backtest))
        .route("/routers/{slug}/try", post(api::router::routers::try_out))
        .route("/routers/{slug}/route", post(api::router::routers::decide))
        .route("/lists", get(api::router::lists::list))
        .route(
            "/lists/{slug}",
            get(api::router::lists::show).put(api::router::lists::replace).delete(api::router::lists::remove),
        )
        .route("/routing-decisions", get(api::router::decisions::list))
        .route("/routing-decisions/{id}", get(api::router::decisions::show))
        .route("/runs", get(api::run::list))
        .route("/runs/{id}", get(api::run::show))
        .route("/company-import", get(api::company::import::show).put(api::company::import::save))
        .route("/company-import/preview", post(api::company::import::preview))
        .route("/company-import/run", post(api::company::companies::run))
        .route("/person-fields", get(api::people::person_fields::show).put(api::people::person_fields::save))
        .route("/people", get(api::people::person::list).post(api::people::person::create))
        .route("/people/import", post(api::people::import::import))
        .route("/people/imports/{id}/undo", post(api::people::import::undo))
        .route(
            "/people/{id}",
            get(api::people::person::show)
                .patch(api::people::person::save)
                .delete(api::people::identity::delete),
        )
        .route("/people/{id}/merge", post(api::people::identity::merge_into))
        .route("/people/{id}/merges/{merge}/undo", post(api::people::identity::undo_merge))
        .route("/people/{id}/export", get(api::people::identity::export))
        .route("/people/{id}/retry", post(api::people::person::retry))
        .route("/people-sync", get(api::people::sync::show).put(api::people::sync::save))
        .route("/people-sync/start", post(api::people::sync::start))
        .route("/people-sync/stop", post(api::people::sync::stop))
        .route("/people-sync/run", post(api::people::sync::run))
        .route("/people-sync/preview", get(api::people::preview::show).post(api::people::preview::make))
        .route("/people-sync/confirm", post(api::people::preview::confirm))
        .route("/people-sync/errors", get(api::people::sync::errors))
        .route("/people-sync/conflicts", get(api::people::conflicts::list))
        .route("/people-sync/conflicts/{id}/undo", post(api::people::conflicts::undo))
        .route("/mailings", get(api::mailing::mailings::list).post(api::mailing::mailings::create))
        .route("/mailings/{id}", get(api::mailing::mailings::show).put(api::mailing::mailings::save))
        .route("/mailings/{id}/preview", get(api::mailing::mailings::preview))
        .route("/mailings/{id}/test", post(api::mailing::sending::test))
        .route("/mailings/{id}/start", post(api::mailing::sending::start))
        .route("/mailings/{id}/pause", post(api::mailing::sending::pause))
        .route("/mailings/{id}/resume", post(api::mailing::sending::resume))
        .route("/mailings/{id}/cancel", post(api::mailing::sending::cancel))
        .route("/mailings/{id}/recipients", get(api::mailing::recipients::list))
        .route("/settings/mail", get(api::mailing::settings::show).put(api::mailing::settings::save))
        .route("/segments", get(api::segment::segments::list).post(api::segment::segments::create))
        .route("/segments/count", post(api::segment::segments::count))
        .route(
            "/segments/{id}",
            get(api::segment::segments::show)
                .put(api::segment::segments::save)
                .delete(api::segment::segments::remove),
        )
        .route("/segments/{id}/why", get(api::segment::segments::why))
        .route("/segments/{id}/people", get(api::segment::members::list))
        .route("/segments/{id}/people.csv", get(api::segment::members::file))
        .route("/companies", get(api::company::companies::list))
        .route("/companies/{id}", get(api::company::companies::show))
        .route("/openapi.json", get(api::openapi::show))
        .fallback(problem::unknown_address)
        .method_not_allowed_fallback(problem::method_not_allowed)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(request_body::receive_json))
        .layer(from_fn(problem::show))
        .layer(from_fn(security_headers::protect_data));
    let public = Router::new()
        .route("/b/{team}/{page}", get(public::booking::days::show).post(public::booking::days::choose_again))
        .route("/b/{team}/{page}/{start}", get(public::booking::book::show).post(public::booking::book::book))
        .route("/b/{team}/{page}/done/{booking}", get(public::booking::confirmation::show))
        .route("/b/{team}/{page}/done/{booking}/calendar.ics", get(public::booking::ics::show))
        .route("/site/{key}/data-sheet", get(public::tag::data_sheet::show))
        .route("/r/{router}", get(public::router::show).post(public::router::send))
        .route("/r/{router}/decided/{decision}", get(public::router::show_decided))
        .route("/f/{form}", get(public::form::show::show).post(public::form::send::send))
        .route("/f/{form}/token", post(public::form::token::renew))
        .route("/f/{form}/shown", post(public::form::shown::shown))
        .route("/f/{form}/done/{submission}", get(public::form::done::show))
        .route("/u/{token}", get(public::mailing::unsubscribe::show).post(public::mailing::unsubscribe::send))
        .route("/routers/{token}", get(public::router::shared::show))
        .route("/brand/{workspace}/{file}", get(public::brand::show))
        .route("/cancel/{booking}", get(public::booking::cancel::show).post(public::booking::cancel::cancel));
    let site = Router::new()
        .route("/site/{key}/config", get(public::tag::config::show))
        .route("/site/{key}/entries", post(public::tag::entries::add))
        .route("/site/{key}/visits", post(public::tag::visits::add))
        .route("/site/{key}/forget", post(public::tag::visits::forget))
        .route("/site/{key}/not-me", post(public::tag::visits::not_me))
        .route("/site/{key}/slots", post(public::tag::dialog::slots))
        .route("/site/{key}/bookings", post(public::tag::dialog::book))
        .route("/site/{key}/inspector", post(public::tag::inspector::open))
        .route("/site/{key}/mapping", post(public::tag::inspector::save))
        .route("/site/{key}/outcomes", post(public::tag::dialog::note))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(site_headers::for_site));
    let hooks = Router::new()
        .route("/hooks/mail/{token}", post(public::mailing::reports::receive))
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(request_body::receive_json))
        .layer(from_fn(problem::show))
        .layer(from_fn(security_headers::protect_data));
    let tag_files = Router::new()
        .route("/tag.js", get(public::tag::files::tag))
        .route("/tag/{file}", get(public::tag::files::file))
        .layer(CompressionLayer::new())
        .layer(from_fn(site_headers::for_files));
    let console = Router::new()
        .route("/", get(console::account::sign_in::home))
        .route("/sign-in", get(console::account::sign_in::show).post(console::account::sign_in::sign_in))
        .route("/sign-out", post(console::account::sign_in::sign_out))
        .route("/console", get(console::overview::show))
        .route("/console/events", get(console::live::events::events))
        .route("/console/search", get(console::search::show))
        .route("/console/search/suggest", get(console::search::suggest))
        .route("/console/language", post(console::account::language::save))
        .route(
            "/console/password",
            get(console::account::password::show).post(console::account::password::save),
        )
        .route(
            "/console/connection",
            get(console::org::connection::show).post(console::org::connection::connect),
        )
        .route("/console/connection/callback", get(console::org::connection::callback))
        .route(
            "/console/connection/disconnect",
            get(console::org::connection::ask_disconnect).post(console::org::connection::disconnect),
        )
        .route("/console/connection/preflight", post(console::delivery::preflight::run))
        .route(
            "/console/settings",
            get(console::delivery::settings::show).post(console::delivery::settings::save),
        )
        .route("/console/synced-fields", get(console::synced_fields::show).post(console::synced_fields::save))
        .route("/console/synced-fields/test", post(console::synced_fields::test))
        .route("/console/synced-fields/sync", post(console::synced_fields::sync))
        .route("/console/people", get(console::people::list::show))
        .route("/console/people/sync", get(console::people::sync::show))
        .route("/console/people/sync/start", post(console::people::sync::start))
        .route("/console/people/sync/stop", post(console::people::sync::stop))
        .route(
            "/console/people/sync/preview",
            get(console::people::preview::show).post(console::people::preview::make),
        )
        .route("/console/people/sync/confirm", post(console::people::preview::confirm))
        .route(
            "/console/people/sync/settings",
            get(console::people::settings::show).post(console::people::settings::save),
        )
        .route(
            "/console/people/import",
            get(console::people::import::show).post(console::people::import::import),
        )
        .route("/console/people/imports/{id}/undo", post(console::people::import::undo))
        .route(
            "/console/people/fields",
            get(console::people::fields::show).post(console::people::fields::save),
        )
        .route("/console/people/fields/suggest/{object}", get(console::people::fields::suggest))
        .route("/console/people/sync/run", post(console::people::sync::run))
        .route("/console/people/{id}", get(console::people::person::show).post(console::people::person::save))
        .route("/console/people/{id}/merge", post(console::people::identity::merge))
        .route("/console/people/{id}/merges/{merge}/undo", post(console::people::identity::undo_merge))
        .route("/console/people/{id}/delete", post(console::people::identity::delete))
        .route("/console/people/{id}/export", get(console::people::identity::export))
        .route("/console/people/{id}/opt-out", post(console::people::identity::opt_out))
        .route("/console/people/{id}/retry", post(console::people::person::retry))
        .route("/console/people/{id}/conflicts/{conflict}/undo", post(console::people::person::undo))
        .route("/console/mailings", get(console::mailing::list::show))
        .route("/console/mailings/new", get(console::mailing::new::show).post(console::mailing::new::create))
        .route(
            "/console/mailings/settings",
            get(console::mailing::settings::show).post(console::mailing::settings::save),
        )
        .route("/console/mailings/{id}", get(console::mailing::show::show).post(console::mailing::show::save))
        .route("/console/mailings/{id}/preview", get(console::mailing::preview::show))
        .route("/console/mailings/{id}/preview/mail", get(console::mailing::preview::mail))
        .route("/console/mailings/{id}/recipients", get(console::mailing::recipients::show))
        .route("/console/mailings/{id}/test", post(console::mailing::sending::test))
        .route("/console/mailings/{id}/start", post(console::mailing::sending::start))
        .route("/console/mailings/{id}/pause", post(console::mailing::sending::pause))
        .route("/console/mailings/{id}/resume", post(console::mailing::sending::resume))
        .route("/console/mailings/{id}/cancel", post(console::mailing::sending::cancel))
        .route("/console/segments", get(console::segment::list::show))
        .route(
            "/console/segments/new",
            get(console::segment::editor::new).post(console::segment::editor::create),
        )
        .route("/console/segments/people", get(console::segment::members::show))
        .route(
            "/console/segments/{id}",
            get(console::segment::editor::show).post(console::segment::editor::save),
        )
        .route("/console/segments/{id}/why", get(console::segment::why::show))
        .route("/console/segments/{id}/remove", post(console::segment::editor::remove))
        .route("/console/companies", get(console::company::list::show))
        .route("/console/companies/run", post(console::company::list::run))
        .route("/console/companies/record/{id}", get(console::company::detail::show))
        .route("/console/companies/import", get(overview::show))
        .route("/console/companies/import/begin", post(overview::begin))
        .route("/console/companies/import/discard", post(overview::discard))
        .route("/console/companies/import/stop", post(overview::stop))
        .route("/console/companies/import/restore", post(wizard::restore))
        .route("/console/companies/import/object", get(object_step::show).post(object_step::save))
        .route("/console/companies/import/conditions", get(conditions_step::show).post(conditions_step::save))
        .route("/console/companies/import/mapping", get(mapping_step::show).post(mapping_step::save))
        .route("/console/companies/import/confirm", get(confirm_step::show).post(confirm_step::save))
        .route("/console/companies/import/suggest/{step}", get(field_picker::suggest))
        .route(
            "/console/engagement-lists",
            get(console::engagement::lists::show).post(console::engagement::lists::save),
        )
        .route("/console/engagement-lists/sync", post(console::engagement::lists::sync))
        .route("/console/engagement-lists/suggest", get(console::engagement::lists::suggest))
        .route("/console/tag", get(console::tag::settings::show).post(console::tag::settings::save))
        .route("/console/tag/allow", post(console::tag::seen::allow))
        .route("/console/tag/inspect", get(console::tag::inspect::open))
        .route("/console/tag/why", get(console::tag::why::show))
        .route("/console/conversions", get(console::tag::conversions::show))
        .route("/console/conversions/release", post(console::tag::conversions::release_chosen))
        .route("/console/conversions/{id}", get(console::tag::conversion::show))
        .route("/console/pages", get(console::booking::pages::show))
        .route(
            "/console/pages/new",
            get(console::booking::page_editor::new).post(console::booking::page_editor::create),
        )
        .route(
            "/console/pages/{id}",
            get(console::booking::page_editor::show).post(console::booking::page_editor::save),
        )
        .route("/console/pages/{id}/suggest", get(console::booking::field_suggestions::show))
        .route("/console/forms", get(console::form::list::show))
        .route("/console/forms/new", get(console::form::editor::new).post(console::form::editor::create))
        .route("/console/forms/{id}", get(console::form::editor::show).post(console::form::editor::save))
        .route("/console/forms/{id}/suggest", get(console::form::field_suggestions::show))
        .route("/console/forms/{id}/preview", get(console::form::preview::show))
        .route("/console/forms/{id}/try", get(console::form::try_out::show).post(console::form::try_out::run))
        .route("/console/forms/{id}/remove", post(console::form::editor::remove))
        .route("/console/lists", get(console::router::lists::show))
        .route(
            "/console/lists/new",
            get(console::router::list_upload::new).post(console::router::list_upload::create),
        )
        .route(
            "/console/lists/{slug}",
            get(console::router::list_page::show).post(console::router::list_upload::replace),
        )
        .route("/console/lists/{slug}/remove", post(console::router::list_page::remove))
        .route("/console/lists/{slug}/file.csv", get(console::router::list_download::file))
        .route("/console/submissions", get(console::form::submissions::show))
        .route("/console/submissions/{id}", get(console::form::submission::show))
        .route("/console/submissions/{id}/deliver", post(console::form::submission::deliver))
        .route("/console/bookings", get(console::booking::list::show))
        .route("/console/bookings/{id}", get(console::booking::detail::show))
        .route("/console/bookings/{id}/cancel", post(console::booking::detail::cancel))
        .route("/console/bookings/{id}/outcome", post(console::booking::detail::outcome))
        .route("/console/errors", get(console::delivery::failed::show))
        .route("/console/errors/retry", post(console::delivery::failed_actions::retry))
        .route("/console/errors/ignore", post(console::delivery::failed_actions::ignore))
        .route("/console/errors/unignore", post(console::delivery::failed_actions::unignore))
        .route("/console/routers", get(console::router::list::show))
        .route("/console/routers/new", get(console::router::new::show).post(console::router::new::create))
        .route(
            "/console/routers/{slug}",
            get(console::router::editor::show).post(console::router::editor::save),
        )
        .route(
            "/console/routers/{slug}/insert",
            get(console::router::insert::show).post(console::router::insert::insert),
        )
        .route("/console/routers/{slug}/point", post(console::router::insert::point))
        .route(
            "/console/routers/{slug}/nodes/{id}",
            get(console::router::node::show).post(console::router::node::save),
        )
        .route("/console/routers/{slug}/nodes/{id}/move", post(console::router::node::relocate))
        .route("/console/routers/{slug}/nodes/{id}/remove", post(console::router::node::remove))
        .route("/console/routers/{slug}/publish", post(console::router::changes::publish))
        .route("/console/routers/{slug}/undo", post(console::router::changes::undo))
        .route("/console/routers/{slug}/copy", post(console::router::changes::copy))
        .route("/console/routers/{slug}/archive", post(console::router::changes::archive))
        .route("/console/routers/{slug}/link", post(console::router::changes::link))
        .route("/console/routers/{slug}/versions", get(console::router::versions::list))
        .route("/console/routers/{slug}/versions/{version}", get(console::router::versions::show))
        .route("/console/routers/{slug}/versions/{version}/restore", post(console::router::versions::restore))
        .route(
            "/console/routers/{slug}/try",
            get(console::router::try_out::show).post(console::router::try_out::run),
        )
        .route("/console/routers/{slug}/analytics", get(console::router::analytics::show))
        .route("/console/routers/{slug}/backtest", get(console::router::backtest::show))
        .route("/console/routers/{slug}/decisions", get(console::router::decisions::list))
        .route("/console/routers/{slug}/decisions/{id}", get(console::router::decisions::show))
        .route("/console/routers/{slug}/export.json", get(console::router::transfer::export))
        .route(
            "/console/routers/{slug}/import",
            get(console::router::transfer::show).post(console::router::transfer::import),
        )
        .route("/console/runs", get(console::run::show))
        .route("/console/views", post(console::views::save))
        .route("/console/views/remove", post(console::views::remove))
        .route("/console/views/restore", post(console::views::restore))
        .route(
            "/console/dry-run",
            get(console::delivery::dry_run::show).post(console::delivery::dry_run::run),
        )
        .route("/console/brand", get(console::workspace::brand::show).post(console::workspace::brand::save))
        .route("/console/brand/logo", post(console::workspace::brand::save_logo))
        .route("/console/members", get(console::workspace::members::show))
        .route("/console/teams/{team}", get(console::workspace::turns::show))
        .route("/console/teams/{team}/weights", post(console::workspace::turns::save_weights))
        .route("/console/teams/{team}/credit", post(console::workspace::turns::credit))
        .route("/console/members/team", post(console::workspace::members::save_team))
        .route("/console/members/member", post(console::workspace::members::save_member))
        .route("/console/members/account", post(console::workspace::accounts::save))
        .route("/console/members/account/password", post(console::workspace::accounts::reset_password))
        .route("/console/members/account/remove", post(console::workspace::accounts::remove))
        .route(
            "/console/notices",
            get(console::notification::inbox::show).post(console::notification::inbox::mark_read),
        )
        .route(
            "/console/notifications",
            get(console::notification::settings::show).post(console::notification::settings::save),
        )
        .route("/console/notifications/test", post(console::notification::settings::test))
        .route(
            "/console/api-keys",
            get(console::workspace::api_keys::show).post(console::workspace::api_keys::create),
        )
        .route("/console/api-keys/remove", post(console::workspace::api_keys::remove))
        .route("/console/audit", get(console::workspace::audit_log::show))
        .route("/console/audit.csv", get(console::workspace::audit_log::export));
    // Long answers are refused field by field, so that the visitor reads which one it was.
    // Pages of the console hold tokens beside what others typed; together they are not compressed.
    let pages = public
        .layer(CompressionLayer::new())
        .merge(console)
        .merge(assets::routes().layer(CompressionLayer::new()))
        .fallback(page_error::unknown_address)
        .layer(DefaultBodyLimit::disable())
        .layer(from_fn(request_body::receive_form))
        .layer(from_fn(error_page::show))
        .layer(from_fn_with_state(state.clone(), security_headers::protect));
    Router::new()
        .nest("/api/v1", api)
        .merge(pages)
        .merge(site)
        .merge(hooks)
        .merge(tag_files)
        .merge(health())
        .layer(from_fn(request_span::trace))
        .with_state(state)
}

/// What a process without pages answers: those who watch it.
pub fn health_router(state: AppState) -> Router {
    health().layer(from_fn(request_span::trace)).with_state(state)
}

fn health() -> Router<AppState> {
    Router::new()
        .route("/healthz", get(api::health::alive))
        .route("/readyz", get(api::health::ready))
        .route("/metrics", get(api::health::metrics))
        .layer(from_fn(security_headers::protect_data))
}
