//! Saving which fields are synced, as the console and the API both do it (D1).

use crate::actions::org_request::request_and_wait;
use crate::actions::refusal::Refusal;
use crate::actions::seen_version::Author;
use crate::state::AppState;
use domain::run::{RunKind, next_nightly};
use domain::synced_fields::{
    FieldCheck, Finding, SyncedFields, SyncedObject, check_synced_fields, problems_of,
};
use domain::value::{FieldProblem, Step, WorkspaceId};
use std::time::Duration;
use storage::StorageError;
use storage::mirror::streams;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::run::schedules;
use storage::workspace::{audit, settings, workspaces};

/// Checks the fields, asks the org about those that are new, and saves all of them or none.
///
/// A field that was chosen before does not stand in the way when the org has it no longer. Without a connection
/// no one can be asked: the test of the page and the first refresh tell then. Gives what is worth a warning.
pub(crate) async fn save_fields(
    state: &AppState,
    workspace: WorkspaceId,
    given: SyncedFields,
    author: Author<'_>,
    patience: Duration,
) -> Result<Result<(SyncedFields, Vec<FieldCheck>), Refusal>, StorageError> {
    let fields = match check_synced_fields(given) {
        Ok(fields) => fields,
        Err(problems) => return Ok(Err(Refusal::Fields(problems))),
    };
    let read = state.database.read();
    let new = fields.newly_chosen(&settings::find::<SyncedFields>(&read, workspace).await?);
    let mut verdicts = Vec::new();
    if !new.is_empty() && connections::find(&read, workspace).await?.is_some() {
        let question = OrgRequest::SyncedFields { fields: new };
        verdicts = match request_and_wait(state, workspace, &question, patience).await? {
            Some(OrgResponse::SyncedFields { verdicts }) => verdicts,
            Some(OrgResponse::NotConnected) => Vec::new(),
            other => return Ok(Err(Refusal::Unanswered(other))),
        };
    }
    let faults = problems_of(&fields, &verdicts);
    if !faults.is_empty() {
        return Ok(Err(Refusal::Fields(faults)));
    }
    if let Some(conflict) = save(state, workspace, &fields, author).await? {
        return Ok(Err(Refusal::Fields(vec![conflict])));
    }
    verdicts.retain(|verdict| !matches!(verdict.finding, Finding::Usable { .. }));
    Ok(Ok((fields, verdicts)))
}

/// Saves the fields and puts their nightly refresh on the schedule, or takes it off.
async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    fields: &SyncedFields,
    author: Author<'_>,
) -> Result<Option<FieldProblem>, StorageError> {
    let now = state.clock.now();
    let zone = workspaces::find(&state.database.read(), workspace).await?;
    let zone = zone.map_or_else(String::new, |found| found.time_zone);
    let write = state.database.write().await?;
    if let Some(conflict) = author.conflict::<SyncedFields>(&write, workspace).await? {
        return Ok(Some(conflict));
    }
    settings::save(&write, workspace, fields, now).await?;
    if fields.is_empty() {
        schedules::clear(&write, workspace, RunKind::SyncedFields).await?;
        // No refresh will come that takes them away.
        for object in SyncedObject::ALL {
            streams::remove_stream(&write, workspace, object.stream()).await?;
        }
    } else {
        let next = next_nightly(now, fields.refresh_at, &zone);
        schedules::set(&write, workspace, RunKind::SyncedFields, next).await?;
    }
    audit::record(&write, workspace, author.actor, &Step::new("synced-fields-saved"), now).await?;
    write.commit().await?;
    Ok(None)
}
