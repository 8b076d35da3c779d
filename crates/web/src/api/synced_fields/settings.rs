//! `/synced-fields`: which fields of the org are kept for the router (D).

use crate::actions::org_request::request_and_wait;
use crate::actions::run::request_run;
use crate::actions::seen_version::Author;
use crate::actions::synced_fields;
use crate::api::org_problem::{TIMEOUT, org_problem};
use crate::api::refusals::{InvalidBody, NoAnswer, NoOrg, Refused, SyncRefused};
use crate::api::run::StartedRun;
use crate::api::run_refusal::run_problem;
use crate::api::synced_fields::response::{
    FieldCheckResponse, FieldTest, StoredObject, SyncedFieldsDetails, SyncedFieldsResponse,
};
use crate::auth::api_caller::Caller;
use crate::http::json::Body;
use crate::http::problem::Problem;
use crate::state::AppState;
use axum::Json;
use axum::extract::State;
use axum::http::StatusCode;
use domain::run::RunKind;
use domain::synced_fields::{SyncedFields, SyncedObject};
use storage::mirror::streams;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::workspace::settings;

/// The chosen fields, and the stored records of each object.
#[utoipa::path(
    get, path = "/synced-fields", tag = "synced fields", operation_id = "show_synced_fields",
    responses((status = 200, description = "The chosen fields and the stored records", body = SyncedFieldsDetails), Refused),
)]
pub async fn show(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<Json<SyncedFieldsDetails>, Problem> {
    let read = state.database.read();
    let fields = settings::find::<SyncedFields>(&read, caller.workspace).await?;
    let mut kept = Vec::new();
    for object in SyncedObject::ALL {
        let mirror = streams::find(&read, caller.workspace, object.stream()).await?;
        if mirror.generation != streams::NO_GENERATION {
            kept.push(StoredObject::of(object, &mirror));
        }
    }
    Ok(Json(SyncedFieldsDetails { fields: fields.into(), kept }))
}

/// Replaces the chosen fields after a check of the new ones in the org; saves nothing if one is invalid.
///
/// Without a connection to Salesforce only the syntax is checked.
#[utoipa::path(
    put, path = "/synced-fields", tag = "synced fields", operation_id = "save_synced_fields",
    request_body = SyncedFieldsResponse,
    responses((status = 200, description = "The fields as saved", body = SyncedFieldsResponse), Refused, InvalidBody, NoAnswer),
)]
pub async fn save(
    State(state): State<AppState>,
    caller: Caller,
    Body(given): Body<SyncedFields>,
) -> Result<Json<SyncedFieldsResponse>, Problem> {
    let saved =
        synced_fields::save_fields(&state, caller.workspace, given, Author::program(&caller.actor), TIMEOUT)
            .await?;
    Ok(Json(saved?.0.into()))
}

/// Checks every saved field in the org; writes nothing (D2).
#[utoipa::path(
    post, path = "/synced-fields/test", tag = "synced fields", operation_id = "test_synced_fields",
    responses((status = 200, description = "The org's result for each field", body = FieldTest), Refused, NoOrg),
)]
pub async fn test(State(state): State<AppState>, caller: Caller) -> Result<Json<FieldTest>, Problem> {
    let fields = settings::find::<SyncedFields>(&state.database.read(), caller.workspace).await?;
    let question = OrgRequest::SyncedFields { fields };
    match request_and_wait(&state, caller.workspace, &question, TIMEOUT).await? {
        Some(OrgResponse::SyncedFields { verdicts }) => {
            let good = verdicts.iter().all(|verdict| verdict.finding.is_usable());
            Ok(Json(FieldTest { good, fields: verdicts.into_iter().map(FieldCheckResponse::from).collect() }))
        }
        answer => Err(org_problem(answer.as_ref())),
    }
}

/// Starts a manual sync (D3).
#[utoipa::path(
    post, path = "/synced-fields/sync", tag = "synced fields", operation_id = "sync_fields",
    responses((status = 202, description = "The run that was started", body = StartedRun), Refused, SyncRefused),
)]
pub async fn sync(
    State(state): State<AppState>,
    caller: Caller,
) -> Result<(StatusCode, Json<StartedRun>), Problem> {
    let asked = request_run(&state, caller.workspace, RunKind::SyncedFields, &caller.actor).await?;
    let run = asked.map_err(|refusal| run_problem(RunKind::SyncedFields, refusal))?;
    Ok((StatusCode::ACCEPTED, Json(StartedRun { run: run.into() })))
}
