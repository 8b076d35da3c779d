//! `/settings/notifications`: which events go to whom, by which channel (N1).

use crate::actions::notification;
use crate::actions::org_request::request_and_wait;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use crate::text::catalogue;
use axum::Json;
use axum::extract::State;
use domain::notification::{Channel, NotificationDelivery, NotificationInput, NotificationSettings};
use domain::value::FieldProblem;
use serde::Deserialize;
use serde_json::{Value, json};
use storage::notification::{outbox, settings};
use storage::org_request::{OrgRequest, OrgResponse};

/// Messages that are listed.
const MAX: u32 = 100;

/// The settings; of the webhook only its host and last characters.
#[utoipa::path(get, path = "/settings/notifications", tag = "settings", responses((status = 200, description = "The settings"), (status = 401, description = "The API key is not valid")))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<NotificationSettings>, Problem> {
    let found = settings::find(&state.database.read(), caller.workspace).await;
    found.map(Json).map_err(Problem::from)
}

/// Replaces the settings. A missing or masked webhook stays; an empty one is removed.
#[utoipa::path(put, path = "/settings/notifications", tag = "settings", request_body = Object, responses((status = 200, description = "The settings as saved"), (status = 422, description = "Some fields are invalid"), (status = 401, description = "The API key is not valid")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<NotificationInput>,
) -> Result<Json<NotificationSettings>, Problem> {
    let saved = notification::save(&state, caller.workspace, &given, "api").await;
    let saved = saved?;
    saved.map(Json).map_err(Problem::invalid)
}

/// Which channel is to be tried.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TestBody {
    /// `slack` or `email`.
    channel: String,
}

/// Sends a test message to every recipient of a channel and returns its responses.
#[utoipa::path(post, path = "/settings/notifications/test", tag = "settings", request_body = Object, responses((status = 200, description = "The channel's response for each recipient"), (status = 422, description = "There is no such channel"), (status = 504, description = "The check did not finish in time"), (status = 401, description = "The API key is not valid")))]
pub async fn test(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<TestBody>,
) -> Result<Json<Value>, Problem> {
    let Some(channel) = Channel::parse(&given.channel) else {
        let fault = FieldProblem::new("channel", "not-an-option").with("value", &given.channel);
        return Err(Problem::invalid_field(fault));
    };
    let question = OrgRequest::TestNotification { channel };
    let answer = request_and_wait(&state, caller.workspace, &question, TIMEOUT).await;
    match answer? {
        Some(OrgResponse::NotificationTested { results }) => {
            let sent = !results.is_empty() && results.iter().all(|result| result.sent);
            let results: Vec<Value> = results
                .iter()
                .map(|result| {
                    json!({ "recipient": result.recipient, "sent": result.sent, "code": result.answer.code,
                            "text": catalogue::step(caller.language, &result.answer) })
                })
                .collect();
            Ok(Json(json!({ "sent": sent, "results": results })))
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}

/// The latest outgoing messages.
#[utoipa::path(get, path = "/notifications", tag = "settings", responses((status = 200, description = "Messages with their state, latest first"), (status = 401, description = "The API key is not valid")))]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let found = outbox::list(&state.database.read(), caller.workspace, MAX).await;
    let found = found?;
    Ok(Json(json!({ "notifications": found.iter().map(|one| line(one, caller)).collect::<Vec<_>>() })))
}

fn line(delivery: &NotificationDelivery, caller: Caller) -> Value {
    let mut line = json!(delivery);
    line["text"] = catalogue::render(caller.language, "notice", &delivery.message).into();
    line["answer_text"] = json!(delivery.answer.as_ref().map(|step| catalogue::step(caller.language, step)));
    line
}
