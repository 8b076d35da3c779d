//! Saving which fields are synced and asking for a refresh, as the console and the API both do it (D1, D3).

use crate::actions::org_request::request_and_wait;
use crate::actions::refusal::Refusal;
use crate::state::AppState;
use domain::engagement::EngagementLists;
use domain::run::{RunKind, RunTrigger, manual_wait, next_nightly};
use domain::synced_fields::{
    FieldCheck, Finding, SyncedFields, SyncedObject, check_synced_fields, problems_of,
};
use domain::value::{RunId, Step, Timestamp, WorkspaceId};
use std::time::Duration;
use storage::StorageError;
use storage::mirror::streams;
use storage::org::connections;
use storage::org_request::{OrgRequest, OrgResponse};
use storage::run::{runs, schedules};
use storage::workspace::{audit, settings, workspaces};

/// Why a refresh can't be asked for now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunRefusal {
    /// There is no connection.
    NotConnected,
    /// No field is chosen, or the lists are switched off.
    NothingChosen,
    /// One waits or runs already.
    Running,
    /// The last one was asked for less than two hours ago; this is when the next may be.
    TooSoon(Timestamp),
}

/// Checks the fields, asks the org about those that are new, and saves all of them or none.
///
/// A field that was chosen before does not stand in the way when the org has it no longer. Without a connection
/// nobody can be asked: the test of the page and the first refresh tell then. Gives what is worth a warning.
pub(crate) async fn save_fields(
    state: &AppState,
    workspace: WorkspaceId,
    given: SyncedFields,
    actor: &str,
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
    save(state, workspace, &fields, actor).await?;
    verdicts.retain(|verdict| !matches!(verdict.finding, Finding::Usable { .. }));
    Ok(Ok((fields, verdicts)))
}

/// Saves the fields and puts their nightly refresh on the schedule, or takes it off.
async fn save(
    state: &AppState,
    workspace: WorkspaceId,
    fields: &SyncedFields,
    actor: &str,
) -> Result<(), StorageError> {
    let now = state.clock.now();
    let zone = workspaces::find(&state.database.read(), workspace).await?;
    let zone = zone.map_or_else(String::new, |found| found.time_zone);
    let write = state.database.write().await?;
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
    audit::record(&write, workspace, actor, &Step::new("synced-fields-saved"), now).await?;
    write.commit().await
}

/// Asks for a refresh of a kind (手動同期, リストを同期する; D3, E3).
pub(crate) async fn request_run(
    state: &AppState,
    workspace: WorkspaceId,
    kind: RunKind,
    actor: &str,
) -> Result<Result<RunId, RunRefusal>, StorageError> {
    let now = state.clock.now();
    let write = state.database.write().await?;
    if connections::find(&write, workspace).await?.is_none() {
        return Ok(Err(RunRefusal::NotConnected));
    }
    let anything = match kind {
        RunKind::SyncedFields | RunKind::CompanyImport => {
            !settings::find::<SyncedFields>(&write, workspace).await?.is_empty()
        }
        RunKind::EngagementLists => settings::find::<EngagementLists>(&write, workspace).await?.enabled,
    };
    if !anything {
        return Ok(Err(RunRefusal::NothingChosen));
    }
    let last_requested = runs::last_requested(&write, workspace, kind).await?;
    if let Some(allowed) = manual_wait(last_requested, now) {
        // One that still runs says more than the clock does.
        let latest = runs::list(&write, workspace, Some(kind), 1).await?;
        let running = latest.first().is_some_and(|run| !run.state.is_over());
        return Ok(Err(if running { RunRefusal::Running } else { RunRefusal::TooSoon(allowed) }));
    }
    let asked = runs::request(&write, workspace, kind, RunTrigger::Manual, now).await?;
    let Some(run) = asked else { return Ok(Err(RunRefusal::Running)) };
    audit::record(&write, workspace, actor, &Step::new("sync-asked").with("run", kind.name()), now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Ok(run))
}
