//! The API's description, made from the code (OpenAPI 3.1).

use crate::api::booking::{bookings, pages};
use crate::api::company::{companies, import};
use crate::api::delivery::{dry_run, preflight, retry, settings};
use crate::api::examples::WithExamples;
use crate::api::form::{forms, submissions};
use crate::api::mailing::{mailings, sending};
use crate::api::org::connection;
use crate::api::people::{person, person_fields};
use crate::api::refusals::WithRefusals;
use crate::api::router::{decisions, lists, routers};
use crate::api::segment::{members, segments};
use crate::api::synced_fields::records;
use crate::api::workspace::teams;
use crate::api::{engagement, mailing, notification, people, run, synced_fields, tag};
use crate::auth::api_scope::scope_of;
use crate::http::problem::ProblemBody;
use axum::http::{Method, header};
use axum::response::IntoResponse;
use utoipa::openapi::security::{HttpAuthScheme, HttpBuilder, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{License, OpenApi as Description};
use utoipa::{Modify, OpenApi};

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Tsugite API",
        description = "Create bookings and get the right Salesforce records. Errors are problem details (RFC 9457) whose `errors` name the fields; send Accept-Language: ja or en."
    ),
    servers((url = "/api/v1")),
    paths(
        bookings::create,
        bookings::list,
        bookings::show,
        bookings::cancel,
        bookings::outcome,
        retry::retry,
        dry_run::run,
        settings::show,
        settings::save,
        notification::settings::show,
        notification::settings::save,
        notification::channel_test::test,
        notification::outbox::list,
        teams::list,
        teams::create,
        teams::save,
        pages::list,
        pages::show,
        pages::create,
        pages::save,
        connection::show,
        connection::connect,
        connection::disconnect,
        preflight::run,
        synced_fields::settings::show,
        synced_fields::settings::save,
        synced_fields::settings::test,
        synced_fields::settings::sync,
        records::list,
        records::show,
        engagement::settings::show,
        engagement::settings::save,
        engagement::settings::sync,
        engagement::settings::find_rule,
        tag::visitor_tag::show,
        tag::visitor_tag::save,
        tag::settings::show,
        tag::settings::save,
        tag::conversions::list,
        tag::why::explain,
        tag::reconciliation::show,
        run::list,
        run::show,
        import::show,
        import::save,
        import::preview,
        companies::run,
        companies::list,
        companies::show,
        forms::list,
        forms::show,
        forms::create,
        forms::save,
        forms::remove,
        forms::dry_run,
        submissions::create,
        submissions::list,
        submissions::show,
        routers::list,
        routers::show,
        routers::create,
        routers::save,
        routers::check,
        routers::publish,
        routers::versions,
        routers::restore,
        routers::backtest,
        routers::try_out,
        routers::decide,
        lists::list,
        lists::show,
        lists::replace,
        lists::remove,
        decisions::list,
        decisions::show,
        person_fields::show,
        person_fields::save,
        person::list,
        person::create,
        person::show,
        person::save,
        person::retry,
        people::sync::show,
        people::sync::save,
        people::sync::start,
        people::sync::stop,
        people::sync::run,
        people::import::import,
        people::import::undo,
        people::identity::merge_into,
        people::identity::undo_merge,
        people::identity::delete,
        people::identity::export,
        people::preview::show,
        people::preview::make,
        people::preview::confirm,
        people::sync::errors,
        people::conflicts::list,
        people::conflicts::undo,
        mailings::list,
        mailings::create,
        mailings::show,
        mailings::save,
        mailings::preview,
        sending::test,
        sending::start,
        sending::pause,
        sending::resume,
        sending::cancel,
        mailing::recipients::list,
        mailing::settings::show,
        mailing::settings::save,
        segments::list,
        segments::create,
        segments::show,
        segments::save,
        segments::remove,
        segments::count,
        segments::why,
        members::list,
        members::file,
    ),
    components(schemas(ProblemBody)),
    modifiers(&WithKey, &WithExamples, &WithRefusals)
)]
struct ApiDescription;

struct WithKey;

const KEYS: &str = "A key of the workspace. Each has scopes, of which none includes another: `read` for every GET and for \
    trials that change nothing, `bookings` to make and cancel bookings and to retry deliveries, `settings` for the rest. \
    It stops working when it expires, and when whoever made it loses the role that its scopes need.";

impl Modify for WithKey {
    fn modify(&self, description: &mut Description) {
        let key = HttpBuilder::new().scheme(HttpAuthScheme::Bearer).description(Some(KEYS)).build();
        let components = description.components.get_or_insert_default();
        components.add_security_scheme("key", SecurityScheme::Http(key));
        for (path, item) in &mut description.paths.paths {
            let address = path.replace("{path}", "{*path}");
            for (method, operation) in [
                (Method::GET, &mut item.get),
                (Method::POST, &mut item.post),
                (Method::PUT, &mut item.put),
                (Method::PATCH, &mut item.patch),
                (Method::DELETE, &mut item.delete),
            ] {
                if let Some(operation) = operation {
                    let scope = scope_of(&method, &address).name();
                    operation.security = Some(vec![SecurityRequirement::new("key", [scope])]);
                }
            }
        }
        description.info.contact = None;
        description.info.license = Some(License::new("Apache-2.0"));
    }
}

/// The description as JSON, indented, ending with a line break.
pub fn text() -> String {
    let mut text = ApiDescription::openapi().to_pretty_json().unwrap_or_default();
    text.push('\n');
    text
}

/// `/openapi.json`
pub async fn show() -> impl IntoResponse {
    ([(header::CONTENT_TYPE, "application/json")], text())
}
