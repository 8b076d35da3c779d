//! The API's description, made from the code (OpenAPI 3.1).

use crate::api::{
    bookings, companies, company_import, connection, deliveries, dry_run, engagement_lists, notifications,
    pages, preflight, runs, salesforce_settings, synced_fields, synced_records, teams, visitor_tag,
};
use axum::http::header;
use axum::response::IntoResponse;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
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
        deliveries::retry,
        dry_run::run,
        salesforce_settings::show,
        salesforce_settings::save,
        notifications::show,
        notifications::save,
        notifications::test,
        notifications::list,
        teams::list,
        teams::create,
        pages::list,
        pages::show,
        pages::create,
        pages::save,
        connection::show,
        connection::connect,
        connection::disconnect,
        preflight::run,
        synced_fields::show,
        synced_fields::save,
        synced_fields::test,
        synced_fields::sync,
        synced_records::list,
        synced_records::show,
        engagement_lists::show,
        engagement_lists::save,
        engagement_lists::sync,
        engagement_lists::find_rule,
        visitor_tag::show,
        visitor_tag::save,
        runs::list,
        runs::show,
        company_import::show,
        company_import::save,
        company_import::preview,
        companies::run,
        companies::list,
        companies::show,
    ),
    modifiers(&WithKey)
)]
struct ApiDescription;

struct WithKey;

impl Modify for WithKey {
    fn modify(&self, description: &mut Description) {
        let key = SecurityScheme::Http(Http::new(HttpAuthScheme::Bearer));
        description.components.get_or_insert_default().add_security_scheme("key", key);
        description.security = Some(vec![SecurityRequirement::new("key", Vec::<String>::new())]);
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
