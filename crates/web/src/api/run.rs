//! `/runs`: what syncs and imports have done, and how far they are.

use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use serde_json::{Value, json};
use storage::run::runs;

/// Runs in the list.
const MAX_RUNS: u32 = 100;

/// The latest runs of syncs and imports.
#[utoipa::path(get, path = "/runs", tag = "runs", responses((status = 200, description = "Runs, latest first"), (status = 401, description = "The API key is not valid")))]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let found = runs::list(&state.database.read(), caller.workspace, None, MAX_RUNS).await;
    let found = found?;
    Ok(Json(json!({ "runs": found })))
}

/// One run: its state, counts and progress.
#[utoipa::path(get, path = "/runs/{id}", tag = "runs", params(("id" = String, Path, description = "The ID")), responses((status = 200, description = "The run"), (status = 404, description = "There is no such run"), (status = 401, description = "The API key is not valid")))]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found = runs::find(&state.database.read(), caller.workspace, id).await;
    let found = found?;
    found.map(|run| Json(json!(run))).ok_or_else(|| Problem::not_found())
}
