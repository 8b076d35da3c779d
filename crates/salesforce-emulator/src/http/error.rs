//! Errors of the data API, in the shape clients expect.

use serde_json::{Map, Value as Json, json};

use crate::http::answer::Answer;
use crate::org::error::SaveError;
use crate::soql::error::QueryError;

/// An error that names no field.
pub(crate) fn error(status: u16, code: &str, message: &str) -> Answer {
    Answer::json(status, json!([{"message": message, "errorCode": code}]))
}

/// The error for whatever does not exist.
pub(crate) fn not_found() -> Answer {
    Answer::json(404, json!([{"errorCode": "NOT_FOUND", "message": "The requested resource does not exist"}]))
}

/// The error for an id or external id in the path that leads nowhere.
pub(crate) fn no_such_key(name: &str) -> Answer {
    let message = format!("Provided external ID field does not exist or is not accessible: {name}");
    Answer::json(404, json!([{"errorCode": "NOT_FOUND", "message": message}]))
}

/// The error for a method the resource does not have.
pub(crate) fn method_not_allowed(method: &str, allowed: &[&str]) -> Answer {
    let message = format!("HTTP Method '{method}' not allowed. Allowed are {}", allowed.join(","));
    error(405, "METHOD_NOT_ALLOWED", &message).with("Allow", allowed.join(","))
}

/// The error for a body that is not JSON, or not the JSON that was expected.
pub(crate) fn bad_body(message: &str) -> Answer {
    error(400, "JSON_PARSER_ERROR", message)
}

/// A refused query.
pub(crate) fn refused_query(refused: &QueryError) -> Answer {
    error(400, refused.code, &refused.message)
}

/// A record that was not saved, as a single-record answer.
pub(crate) fn not_saved(errors: &[SaveError]) -> Answer {
    let status = match errors.first().map(|error| error.code) {
        Some("ENTITY_IS_DELETED" | "NOT_FOUND") => 404,
        _ => 400,
    };
    Answer::json(status, Json::Array(errors.iter().map(|error| entry(error, "errorCode")).collect()))
}

/// The reasons as they stand in one item of a collection, where the code has another key.
pub(crate) fn item_errors(errors: &[SaveError]) -> Vec<Json> {
    let short = |error: &SaveError| entry(&SaveError { duplicates: None, ..error.clone() }, "statusCode");
    errors.iter().map(short).collect()
}

fn entry(error: &SaveError, code_key: &str) -> Json {
    let mut shown = Map::new();
    if let Some(duplicates) = &error.duplicates {
        // Misspelt by Salesforce, and relied on by its clients.
        shown.insert("duplicateResut".to_owned(), Json::clone(duplicates));
        shown.insert("errorCode".to_owned(), json!(error.code));
        shown.insert("message".to_owned(), json!(error.message));
    } else if code_key == "statusCode" {
        shown.insert("statusCode".to_owned(), json!(error.code));
        shown.insert("message".to_owned(), json!(error.message));
        shown.insert("fields".to_owned(), json!(error.fields));
    } else {
        shown.insert("message".to_owned(), json!(error.message));
        shown.insert("errorCode".to_owned(), json!(error.code));
        shown.insert("fields".to_owned(), json!(error.fields));
    }
    Json::Object(shown)
}
