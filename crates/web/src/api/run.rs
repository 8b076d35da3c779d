//! `/runs`: what syncs and imports have done, and how far they are.

use crate::api::delivery::response::CodeResponse;
use crate::api::refusals::{NotFound, Refused};
use crate::api::value::{Id, RunKindWord, RunStateWord, RunTriggerWord, Time};
use crate::auth::api_caller::Caller;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::{Path, State};
use domain::run::{Receipt, Run};
use serde::Serialize;
use std::collections::BTreeMap;
use storage::run::runs;
use utoipa::ToSchema;

/// Runs in the list.
const MAX_RUNS: u32 = 100;

/// The latest runs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct RunList {
    /// Runs, latest first.
    runs: Vec<RunResponse>,
}

/// A run that was started.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
pub struct StartedRun {
    /// Its ID, for `GET /runs/{id}`.
    pub(crate) run: Id,
}

/// One run of a sync or an import.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Run)]
pub struct RunResponse {
    /// Its ID.
    id: Id,
    /// What it does.
    kind: RunKindWord,
    /// What started it.
    origin: RunTriggerWord,
    /// How far it is.
    state: RunStateWord,
    /// When it was requested.
    requested_at: Time,
    /// When a worker began it.
    started_at: Option<Time>,
    /// When it ended.
    finished_at: Option<Time>,
    /// What it cost and brought so far.
    receipt: ReceiptResponse,
    /// Why it failed or stopped.
    reason: Option<CodeResponse>,
}

/// What a run cost and brought so far.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = Receipt)]
pub struct ReceiptResponse {
    /// API calls to the org.
    #[schema(example = 4)]
    calls: u64,
    /// Bytes received from the org.
    #[schema(example = 120400)]
    bytes: u64,
    /// Objects of which everything was fetched, and not only changes.
    #[schema(example = json!(["Account"]))]
    everything: Vec<String>,
    /// Rows in the org, by object.
    #[schema(example = json!({ "Account": 1200 }))]
    expected: BTreeMap<String, u64>,
    /// Rows received, by object.
    #[schema(example = json!({ "Account": 1200 }))]
    received: BTreeMap<String, u64>,
    /// Rows that were new or changed.
    #[schema(example = 37)]
    changed: u64,
    /// Rows without changes.
    #[schema(example = 1163)]
    unchanged: u64,
    /// Rows that could not be read; the stored ones stay.
    #[schema(example = 0)]
    failed: u64,
    /// Rows that were deleted, hidden or no longer match, by state.
    #[schema(example = json!({ "deleted": 2 }))]
    gone: BTreeMap<String, u64>,
    /// Every change in the org before this time is included.
    covered_until: Option<Time>,
    /// Fields that were skipped because the org no longer shows them.
    #[schema(example = json!(["Lead.Phone"]))]
    #[serde(rename = "left_out")]
    skipped_fields: Vec<String>,
}

impl From<Run> for RunResponse {
    fn from(run: Run) -> Self {
        Self {
            id: run.id.into(),
            kind: run.kind.into(),
            origin: run.origin.into(),
            state: run.state.into(),
            requested_at: run.requested_at.into(),
            started_at: run.started_at.map(Time::from),
            finished_at: run.finished_at.map(Time::from),
            receipt: run.receipt.into(),
            reason: run.reason.as_ref().map(CodeResponse::from),
        }
    }
}

impl From<Receipt> for ReceiptResponse {
    fn from(receipt: Receipt) -> Self {
        Self {
            calls: receipt.calls,
            bytes: receipt.bytes,
            everything: receipt.everything,
            expected: receipt.expected,
            received: receipt.received,
            changed: receipt.changed,
            unchanged: receipt.unchanged,
            failed: receipt.failed,
            gone: receipt.gone,
            covered_until: receipt.covered_until.map(Time::from),
            skipped_fields: receipt.skipped_fields,
        }
    }
}

/// The latest runs of syncs and imports.
#[utoipa::path(
    get, path = "/runs", tag = "runs", operation_id = "list_runs",
    responses((status = 200, description = "Runs, latest first", body = RunList), Refused),
)]
pub async fn list(State(state): State<AppState>, caller: Caller) -> Result<Json<RunList>, Problem> {
    let found = runs::list(&state.database.read(), caller.workspace, None, MAX_RUNS).await?;
    Ok(Json(RunList { runs: found.into_iter().map(RunResponse::from).collect() }))
}

/// One run: its state, counts and progress.
#[utoipa::path(
    get, path = "/runs/{id}", tag = "runs", operation_id = "show_run",
    params(("id" = String, Path, description = "The ID")),
    responses((status = 200, description = "The run", body = RunResponse), Refused, NotFound),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<RunResponse>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found())?;
    let found = runs::find(&state.database.read(), caller.workspace, id).await?;
    found.map(|run| Json(run.into())).ok_or_else(Problem::not_found)
}
