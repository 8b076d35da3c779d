//! `/settings/notifications`: which events go to whom, by which channel (N1).

use crate::actions::notification;
use crate::actions::seen_version::Author;
use crate::api::notification::settings_response::NotificationSettingsResponse;
use crate::api::refusals::{InvalidBody, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::notification::NotificationInput;
use storage::notification::settings;

/// The settings; of the webhook only its host and last characters.
#[utoipa::path(
    get, path = "/settings/notifications", tag = "settings", operation_id = "show_notification_settings",
    responses((status = 200, description = "The settings", body = NotificationSettingsResponse), Refused),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<NotificationSettingsResponse>, Problem> {
    let found = settings::find(&state.database.read(), caller.workspace).await;
    Ok(Json(found?.into()))
}

/// Replaces the settings. A missing or masked webhook stays; an empty one is removed.
#[utoipa::path(
    put, path = "/settings/notifications", tag = "settings", operation_id = "save_notification_settings",
    request_body = NotificationSettingsResponse,
    responses((status = 200, description = "The settings as saved", body = NotificationSettingsResponse), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<NotificationInput>,
) -> Result<Json<NotificationSettingsResponse>, Problem> {
    let saved = notification::save(&state, caller.workspace, &given, Author::program(&caller.actor)).await;
    let saved = saved?;
    saved.map(|settings| Json(settings.into())).map_err(Problem::invalid)
}
