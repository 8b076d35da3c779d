//! `/synced-fields` and `/synced-records`: what is kept of the org for the router (D).

use crate::api::key::Caller;
use crate::api::preflight::{PATIENCE, unanswered};
use crate::api::problem::{Body, Problem};
use crate::inquiry::ask_and_wait;
use crate::state::AppState;
use crate::syncing::{self, NotNow};
use axum::Json;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use domain::problem::FieldProblem;
use domain::synced_fields::{SyncedFields, SyncedObject, check_synced_fields};
use serde::Deserialize;
use serde_json::{Value, json};
use storage::inquiries::{Answer, Question};
use storage::synced_records::{self, SyncedRow};
use storage::{runs, settings};

/// Records on one page of a list, at most.
const MOST_RECORDS: u32 = 1_000;

/// The fields as they are chosen, and what is kept of each object.
#[utoipa::path(get, path = "/synced-fields", tag = "synced fields", responses((status = 200, description = "The chosen fields and what is kept"), (status = 401, description = "The API key is not right")))]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let shown = async {
        let read = state.database.read();
        let fields = settings::synced_fields(&read, caller.workspace).await?;
        let tables = synced_records::tables(&read, caller.workspace).await?;
        let tables: Vec<Value> = tables
            .iter()
            .map(|table| {
                json!({ "object": table.object.name(), "rows": table.rows, "refreshed_at": table.refreshed_at,
                        "run": table.generation })
            })
            .collect();
        Ok(json!({ "account": fields.account, "contact": fields.contact, "lead": fields.lead,
                   "refresh_at": fields.refresh_at, "kept": tables }))
    };
    shown.await.map(Json).map_err(|error| Problem::storage(&error, caller.language))
}

/// Replaces the chosen fields.
#[utoipa::path(put, path = "/synced-fields", tag = "synced fields", request_body = Object, responses((status = 200, description = "The fields as saved"), (status = 422, description = "Fields are at fault"), (status = 401, description = "The API key is not right")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<SyncedFields>,
) -> Result<Json<SyncedFields>, Problem> {
    let checked = check_synced_fields(given).map_err(|faults| Problem::invalid(faults, caller.language))?;
    let saved = syncing::save(&state, caller.workspace, &checked, "api").await;
    saved.map_err(|error| Problem::storage(&error, caller.language))?;
    Ok(Json(checked))
}

/// Asks the org about every saved field; nothing is written (D2).
#[utoipa::path(post, path = "/synced-fields/test", tag = "synced fields", responses((status = 200, description = "What the org says of each field"), (status = 409, description = "Not connected"), (status = 502, description = "Salesforce could not be asked"), (status = 401, description = "The API key is not right")))]
pub async fn test(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let storage = |error| Problem::storage(&error, caller.language);
    let fields = settings::synced_fields(&state.database.read(), caller.workspace).await.map_err(storage)?;
    let question = Question::SyncedFields { fields };
    match ask_and_wait(&state, caller.workspace, &question, PATIENCE).await.map_err(storage)? {
        Some(Answer::SyncedFields { verdicts }) => {
            let good = verdicts.iter().all(|verdict| verdict.finding.is_usable());
            Ok(Json(json!({ "good": good, "fields": verdicts })))
        }
        answer => Err(unanswered(answer.as_ref(), caller)),
    }
}

/// Asks for a refresh now (D3).
#[utoipa::path(post, path = "/synced-fields/sync", tag = "synced fields", responses((status = 202, description = "The run that was begun"), (status = 409, description = "Not connected, nothing chosen, or one runs already"), (status = 429, description = "The last one was asked for less than two hours ago; `allowed_at` says when the next may be"), (status = 401, description = "The API key is not right")))]
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let asked = syncing::ask_for_refresh(&state, caller.workspace, "api").await;
    let refuse = |status, code| Err(Problem::new(status, code, caller.language));
    match asked.map_err(|error| Problem::storage(&error, caller.language))? {
        Ok(run) => Ok((StatusCode::ACCEPTED, Json(json!({ "run": run })))),
        Err(NotNow::NotConnected) => refuse(StatusCode::CONFLICT, "not-connected"),
        Err(NotNow::NothingChosen) => refuse(StatusCode::CONFLICT, "nothing-to-sync"),
        Err(NotNow::Running) => refuse(StatusCode::CONFLICT, "sync-running"),
        Err(NotNow::TooSoon(allowed)) => {
            let problem = Problem::new(StatusCode::TOO_MANY_REQUESTS, "sync-too-soon", caller.language);
            Err(problem.with("allowed_at", json!(allowed)))
        }
    }
}

/// Which records are wanted.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Wanted {
    /// Those of this e-mail (Contact, Lead) or domain (Account).
    key: Option<String>,
    /// Those after this id.
    #[serde(default)]
    cursor: String,
    /// How many at most.
    limit: Option<u32>,
}

/// The records that are kept of an object.
#[utoipa::path(get, path = "/synced-records/{object}", tag = "synced fields", params(("object" = String, Path, description = "`account`, `contact` or `lead`"), ("key" = Option<String>, Query, description = "An e-mail, or a domain for accounts"), ("cursor" = Option<String>, Query, description = "Continues after a page"), ("limit" = Option<u32>, Query, description = "Records on a page, 1,000 at most")), responses((status = 200, description = "Records in the order of their ids"), (status = 404, description = "There is no such object"), (status = 422, description = "A parameter is at fault"), (status = 401, description = "The API key is not right")))]
pub async fn records(
    State(state): State<AppState>,
    caller: Caller,
    Path(object): Path<String>,
    wanted: Result<Query<Wanted>, axum::extract::rejection::QueryRejection>,
) -> Result<Json<Value>, Problem> {
    let object = SyncedObject::parse(&object).ok_or_else(|| Problem::not_found(caller.language))?;
    let Query(wanted) = wanted.map_err(|error| {
        let fault = FieldProblem::new("", "bad-body").with("reason", error.body_text());
        Problem::invalid(vec![fault], caller.language)
    })?;
    let limit = wanted.limit.unwrap_or(100);
    if !(1..=MOST_RECORDS).contains(&limit) {
        let fault = FieldProblem::new("limit", "out-of-range").with("min", 1).with("max", MOST_RECORDS);
        return Err(Problem::invalid(vec![fault], caller.language));
    }
    let read = state.database.read();
    let found = match &wanted.key {
        Some(key) => {
            let key = key.trim().to_lowercase();
            synced_records::find_by_key(&read, caller.workspace, object, &key).await
        }
        None => synced_records::list(&read, caller.workspace, object, &wanted.cursor, limit).await,
    };
    let found = found.map_err(|error| Problem::storage(&error, caller.language))?;
    let full = wanted.key.is_none() && found.len() == limit as usize;
    let cursor = found.last().filter(|_| full).map(|row| row.record_id.clone());
    Ok(Json(json!({ "records": found.iter().map(record).collect::<Vec<_>>(), "cursor": cursor })))
}

fn record(row: &SyncedRow) -> Value {
    json!({ "id": row.record_id, "key": row.match_key, "fields": row.values })
}

/// The latest runs of syncs and imports.
#[utoipa::path(get, path = "/runs", tag = "runs", responses((status = 200, description = "Runs, the latest first"), (status = 401, description = "The API key is not right")))]
pub async fn list_runs(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let found = runs::list(&state.database.read(), caller.workspace, None, 100).await;
    let found = found.map_err(|error| Problem::storage(&error, caller.language))?;
    Ok(Json(json!({ "runs": found })))
}

/// One run: its state, counts and progress.
#[utoipa::path(get, path = "/runs/{id}", tag = "runs", params(("id" = String, Path, description = "The id")), responses((status = 200, description = "The run"), (status = 404, description = "There is no such run"), (status = 401, description = "The API key is not right")))]
pub async fn show_run(
    State(state): State<AppState>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let id = id.parse().map_err(|_| Problem::not_found(caller.language))?;
    let found = runs::find(&state.database.read(), caller.workspace, id).await;
    let found = found.map_err(|error| Problem::storage(&error, caller.language))?;
    found.map(|run| Json(json!(run))).ok_or_else(|| Problem::not_found(caller.language))
}
