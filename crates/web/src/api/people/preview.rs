//! `/people-sync/preview`: what the sync would do, before it does it.

use crate::actions::people::sync;
use crate::api::delivery::response::StepResponse;
use crate::api::people::sync::{PeopleSyncDetails, details, start_problem};
use crate::api::refusals::{Invalid, NothingHeld, Refused, StartSyncRefused};
use crate::api::value::{PreviewActionWord, Time};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::list::{Key, Position};
use domain::people::{PeopleReview, PeopleSync, PreviewAction, PreviewLine};
use domain::value::{FieldProblem, WorkspaceId};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use storage::people::previews;
use storage::workspace::settings;
use utoipa::ToSchema;

const MAX_LINES: u32 = 200;

/// What the sync would do.
#[derive(Clone, Debug, Serialize, ToSchema)]
pub struct PeoplePreviewDetails {
    /// When it was made; null before the first one.
    at: Option<Time>,
    /// A new one is being made.
    is_being_made: bool,
    /// A run would have changed too many people: nothing is synced before somebody confirms.
    is_held: bool,
    /// People that there are here.
    #[schema(example = 1200)]
    people: u64,
    /// People who would be created or change, here or in the org.
    #[schema(example = 310)]
    changing: u64,
    /// How often each thing would be done.
    #[schema(example = json!({ "create_here": 300, "update_there": 10, "skip": 41 }))]
    counts: BTreeMap<String, u64>,
    /// Values that both sides have changed; the rule of the field decides.
    #[schema(example = 8)]
    conflicts: u64,
    /// Why people are skipped, by a code for programs.
    #[schema(example = json!({ "people-no-email": 41 }))]
    reasons: BTreeMap<String, u64>,
    /// Lines, 50,000 of them at most; the counts are of everybody.
    lines: Vec<PreviewLineResponse>,
    /// For the next page of lines; null on the last one.
    #[schema(example = "00000199")]
    next_cursor: Option<String>,
}

/// One line of a preview.
#[derive(Clone, Debug, Serialize, ToSchema)]
#[schema(as = PreviewLine)]
pub struct PreviewLineResponse {
    /// What would be done.
    action: PreviewActionWord,
    /// The e-mail address; empty if there is none.
    #[schema(example = "taro@sample.example")]
    email: String,
    /// The record; null if there is none yet.
    #[schema(example = "00Q000000000001AAA")]
    record_id: Option<String>,
    /// The person fields whose values would change.
    #[schema(example = json!(["title"]))]
    fields: Vec<String>,
    /// Why something is not done.
    reason: Option<StepResponse>,
}

/// Which part of the lines.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct PreviewQuery {
    /// Only lines of this action: `create_here`, `update_here`, `create_there`, `update_there` or `skip`.
    action: Option<String>,
    /// Lines per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// What the sync would do, as it was found last.
#[utoipa::path(
    get, path = "/people-sync/preview", tag = "people", operation_id = "show_people_preview", params(PreviewQuery),
    responses((status = 200, description = "Counts, reasons and lines", body = PeoplePreviewDetails), Refused, Invalid),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(query): Parameters<PreviewQuery>,
) -> Result<Json<PeoplePreviewDetails>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_LINES).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_LINES);
        return Err(Problem::invalid_field(fault));
    }
    let action = match query.action.as_deref() {
        None => None,
        Some(name) => Some(PreviewAction::parse(name).ok_or_else(|| {
            let names = PreviewAction::ALL.map(PreviewAction::name).join(", ");
            Problem::invalid_field(
                FieldProblem::new("action", "unknown-choice").with("value", name).with("names", names),
            )
        })?),
    };
    let position = match query.cursor {
        None => Position::Start,
        Some(id) if id.len() == 8 && id.bytes().all(|byte| byte.is_ascii_digit()) => {
            Position::After(Key { value: id.clone(), id })
        }
        Some(_) => return Err(Problem::invalid_field(FieldProblem::new("cursor", "bad-cursor"))),
    };
    let read = state.database.read();
    let review = settings::find::<PeopleReview>(&read, caller.workspace).await?;
    let page = previews::select(&read, caller.workspace, action, &position, limit).await?;
    let found = review.preview.unwrap_or_default();
    Ok(Json(PeoplePreviewDetails {
        at: found.at.map(Into::into),
        is_being_made: review.is_wanted,
        is_held: review.is_held,
        people: found.people,
        changing: found.changing,
        counts: found.counts,
        conflicts: found.conflicts,
        reasons: found.reasons,
        lines: page.rows.into_iter().map(|line| line_response(line, &caller)).collect(),
        next_cursor: page.after.map(|key| key.id),
    }))
}

fn line_response(line: PreviewLine, caller: &Caller) -> PreviewLineResponse {
    PreviewLineResponse {
        action: line.action.into(),
        email: line.email,
        record_id: Some(line.record_id).filter(|id| !id.is_empty()),
        fields: line.fields,
        reason: line.reason.map(|reason| StepResponse::of(&reason, caller.language)),
    }
}

/// Reads the org and finds out what the sync would do. Nothing is changed, here or there, while the sync is off; while it
/// is on, the run goes on unless it would change too many people.
#[utoipa::path(
    post, path = "/people-sync/preview", tag = "people", operation_id = "preview_people_sync",
    responses((status = 202, description = "The settings; a run makes the preview", body = PeopleSyncDetails), Refused, StartSyncRefused),
)]
pub async fn make(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<PeopleSyncDetails>), Problem> {
    let asked = sync::preview(&state, caller.workspace, &caller.actor).await?;
    asked.map_err(start_problem)?;
    accepted(&state, caller.workspace).await
}

/// Lets a run that was held go on, however many people it changes.
#[utoipa::path(
    post, path = "/people-sync/confirm", tag = "people", operation_id = "confirm_people_sync",
    responses((status = 202, description = "The settings; the run has begun", body = PeopleSyncDetails), Refused, NothingHeld),
)]
pub async fn confirm(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<PeopleSyncDetails>), Problem> {
    if sync::confirm(&state, caller.workspace, &caller.actor).await? {
        accepted(&state, caller.workspace).await
    } else {
        Err(Problem::conflict("people-nothing-held"))
    }
}

async fn accepted(
    state: &AppState,
    workspace: WorkspaceId,
) -> Result<(StatusCode, Json<PeopleSyncDetails>), Problem> {
    let found = settings::find::<PeopleSync>(&state.database.read(), workspace).await?;
    Ok((StatusCode::ACCEPTED, Json(details(state, workspace, &found).await?)))
}
