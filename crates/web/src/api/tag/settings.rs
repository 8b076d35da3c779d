//! `/tag`: sites, forms, targeting and wording of the tag on the website.

use crate::actions::seen_version::Author;
use crate::actions::tag::settings::{Mode, ensure_key, save as save_settings, targets};
use crate::actions::tag::text_to_paste;
use crate::api::refusals::{InvalidBody, Refused};
use crate::api::tag::body::TagBody;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use domain::tag::{TagSettings, typed};
use domain::value::{FieldProblem, WorkspaceId};
use storage::StorageError;
use storage::tag::keys;
use storage::workspace::settings;

/// The tag's settings and the line to paste.
#[utoipa::path(
    get, path = "/tag", tag = "tag", operation_id = "show_tag",
    responses((status = 200, description = "The settings, the publishable key and the line to paste", body = TagBody), Refused),
)]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<TagBody>, Problem> {
    Ok(Json(body(&state, caller.workspace).await?))
}

/// Replaces the settings; `mode` stays if it is absent. Submissions that waited for a site that is allowed now count.
#[utoipa::path(
    put, path = "/tag", tag = "tag", operation_id = "save_tag", request_body = TagBody,
    responses((status = 200, description = "The settings as saved", body = TagBody), Refused, InvalidBody),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<TagBody>,
) -> Result<Json<TagBody>, Problem> {
    let mode = given.mode().map_err(|word| {
        Problem::invalid_field(FieldProblem::new("mode", "not-an-option").with("value", word))
    })?;
    let author = Author::program(&caller.actor);
    match save_settings(&state, caller.workspace, &given.into_input(), mode, author).await? {
        Ok(_) => Ok(Json(body(&state, caller.workspace).await?)),
        Err(problems) => Err(Problem::invalid(problems)),
    }
}

/// A workspace has a key as soon as someone asks for it.
async fn body(state: &AppState, workspace: WorkspaceId) -> Result<TagBody, StorageError> {
    ensure_key(state, workspace).await?;
    let read = state.database.read();
    let tags = keys::find(&read, workspace).await?;
    let settings = settings::find::<TagSettings>(&read, workspace).await?;
    let targets = targets(&read, workspace).await?;
    let mode = tags.as_ref().and_then(|tags| tags.active).map_or(Mode::Off, Mode::On);
    Ok(TagBody {
        tag: tags.as_ref().map(|tags| text_to_paste(state, &tags.key)),
        key: tags.map(|tags| tags.key),
        mode: Some(mode.name().to_owned()),
        ..TagBody::of(typed(&settings, &targets))
    })
}
