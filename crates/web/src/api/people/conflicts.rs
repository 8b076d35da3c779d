//! `/people-sync/conflicts`: fields that changed on both sides (S12).

use crate::actions::people::conflict::{UndoRefusal, undo as undo_conflict};
use crate::api::people::response::{ConflictList, ConflictResponse};
use crate::api::refusals::{ConflictUndone, Invalid, NotFound, Refused};
use crate::auth::api_caller::Caller;
use crate::http::json::Parameters;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::value::{FieldProblem, PersonConflictId, PersonId};
use serde::Deserialize;
use storage::people::conflicts;

const MAX_CONFLICTS: u32 = 200;

/// Which part of the list.
#[derive(Clone, Debug, Default, Deserialize, utoipa::IntoParams)]
#[serde(deny_unknown_fields)]
#[into_params(parameter_in = Query)]
pub struct ConflictQuery {
    /// Only those of this person.
    person: Option<String>,
    /// Conflicts per page, 1 to 200; 50 when missing.
    #[param(minimum = 1, maximum = 200)]
    limit: Option<u32>,
    /// `next_cursor` of the previous page.
    cursor: Option<String>,
}

/// Conflicts, the latest first.
#[utoipa::path(
    get, path = "/people-sync/conflicts", tag = "people", operation_id = "list_people_conflicts", params(ConflictQuery),
    responses((status = 200, description = "Conflicts and the next cursor", body = ConflictList), Refused, Invalid),
)]
pub async fn list(
    State(state): State<AppState>,
    caller: Caller,
    Parameters(query): Parameters<ConflictQuery>,
) -> Result<Json<ConflictList>, Problem> {
    let limit = query.limit.unwrap_or(50);
    if !(1..=MAX_CONFLICTS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MAX_CONFLICTS);
        return Err(Problem::invalid_field(fault));
    }
    let bad = |field: &str, code: &str| Problem::invalid_field(FieldProblem::new(field, code));
    let person: Option<PersonId> =
        query.person.map(|id| id.parse()).transpose().map_err(|_| bad("person", "not-an-id"))?;
    let before: Option<PersonConflictId> =
        query.cursor.map(|id| id.parse()).transpose().map_err(|_| bad("cursor", "bad-cursor"))?;
    let found = conflicts::list(&state.database.read(), caller.workspace, person, before, limit).await?;
    let is_full = found.len() == limit as usize;
    Ok(Json(ConflictList {
        next_cursor: found.last().filter(|_| is_full).map(|last| last.id.to_string()),
        conflicts: found.into_iter().map(ConflictResponse::from).collect(),
    }))
}

/// Puts the value that lost back, as an edit of the person that is synced with the next run.
#[utoipa::path(
    post, path = "/people-sync/conflicts/{id}/undo", tag = "people", operation_id = "undo_people_conflict",
    params(("id" = String, Path, description = "The conflict's ID")),
    responses((status = 200, description = "The conflict", body = ConflictResponse), Refused, NotFound, ConflictUndone),
)]
pub async fn undo(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<ConflictResponse>, Problem> {
    let id: PersonConflictId = id.parse().map_err(|_| Problem::not_found())?;
    match undo_conflict(&state, caller.workspace, id, &caller.actor).await? {
        Ok(undone) => Ok(Json(undone.into())),
        Err(UndoRefusal::NotFound) => Err(Problem::not_found()),
        Err(UndoRefusal::Undone) => Err(Problem::conflict("conflict-undone")),
        Err(UndoRefusal::Taken) => Err(Problem::conflict("conflict-address-taken")),
    }
}
