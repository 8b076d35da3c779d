//! `/synced-fields`: which fields of the org are kept for the router (D).

use crate::actions::org_request::request_and_wait;
use crate::actions::refusal::Refusal;
use crate::actions::run::request_run;
use crate::actions::synced_fields;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::run_refusal::run_problem;
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::run::RunKind;
use domain::synced_fields::{SyncedFields, SyncedObject};
use serde_json::{Value, json};
use storage::StorageError;
use storage::mirror::rows;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::settings;

/// The chosen fields, and the stored records of each object.
#[utoipa::path(get, path = "/synced-fields", tag = "synced fields", responses((status = 200, description = "The chosen fields and the stored records"), (status = 401, description = "The API key is not valid")))]
pub async fn show(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let shown = async {
        let read = state.database.read();
        let fields = settings::synced_fields(&read, caller.workspace).await?;
        let mut kept = Vec::new();
        for object in SyncedObject::ALL {
            let mirror = rows::find(&read, caller.workspace, object.stream()).await?;
            if mirror.generation != rows::NO_GENERATION {
                kept.push(json!({ "object": object.name(), "rows": mirror.rows,
                    "refreshed_at": mirror.refreshed_at, "covered_until": mirror.state.covered_until,
                    "stale": mirror.state.stale }));
            }
        }
        Ok::<_, StorageError>(
            json!({ "account": fields.account, "contact": fields.contact, "lead": fields.lead,
                   "refresh_at": fields.refresh_at, "kept": kept }),
        )
    };
    shown.await.map(Json).map_err(Problem::from)
}

/// Replaces the chosen fields after a check of the new ones in the org; saves nothing if one is invalid.
///
/// Without a connection to Salesforce only the syntax is checked.
#[utoipa::path(put, path = "/synced-fields", tag = "synced fields", request_body = Object, responses((status = 200, description = "The fields as saved"), (status = 422, description = "Some fields are invalid"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<SyncedFields>,
) -> Result<Json<SyncedFields>, Problem> {
    let chosen = synced_fields::save_fields(&state, caller.workspace, given, "api", TIMEOUT).await;
    match chosen? {
        Ok((fields, _)) => Ok(Json(fields)),
        Err(Refusal::Fields(faults)) => Err(Problem::invalid(faults)),
        Err(Refusal::Unanswered(answer)) => Err(org_problem(answer.as_ref())),
    }
}

/// Checks every saved field in the org; writes nothing (D2).
#[utoipa::path(post, path = "/synced-fields/test", tag = "synced fields", responses((status = 200, description = "The org's result for each field"), (status = 409, description = "Not connected"), (status = 502, description = "Could not reach Salesforce"), (status = 401, description = "The API key is not valid")))]
pub async fn test(State(state): State<AppState>, caller: Caller) -> Result<Json<Value>, Problem> {
    let fields = settings::synced_fields(&state.database.read(), caller.workspace).await?;
    let question = OrgRequest::SyncedFields { fields };
    match request_and_wait(&state, caller.workspace, &question, TIMEOUT).await? {
        Some(OrgResponse::SyncedFields { verdicts }) => {
            let good = verdicts.iter().all(|verdict| verdict.finding.is_usable());
            Ok(Json(json!({ "good": good, "fields": verdicts })))
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}

/// Starts a manual sync (D3).
#[utoipa::path(post, path = "/synced-fields/sync", tag = "synced fields", responses((status = 202, description = "The run that was started"), (status = 409, description = "Not connected, no fields chosen, or a run is in progress"), (status = 429, description = "The last manual sync was less than two hours ago; `allowed_at` gives the next possible time"), (status = 401, description = "The API key is not valid")))]
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::SyncedFields, "api").await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::SyncedFields, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(json!({ "run": run }))))
}
