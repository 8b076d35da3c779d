//! Requesting a run of a sync or an import, as the console and the API both do it (D3, E3, Y4).

use crate::state::AppState;
use domain::company::CompanyImport;
use domain::engagement::EngagementLists;
use domain::people::PeopleSync;
use domain::run::{RunKind, RunTrigger, manual_wait};
use domain::synced_fields::SyncedFields;
use domain::value::{RunId, Step, Timestamp, WorkspaceId};
use storage::org::connections;
use storage::run::runs;
use storage::tag::keys;
use storage::workspace::{audit, settings};
use storage::{Session, StorageError};

/// Why a run can't be requested now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RunRefusal {
    /// There is no connection.
    NotConnected,
    /// No field is chosen, or the lists or the import are off.
    NothingChosen,
    /// One waits or runs already.
    Running,
    /// The last manual one was requested less than two hours ago; this is when the next may be.
    TooSoon(Timestamp),
}

/// Requests a run of a kind now (手動同期, リストを同期する).
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
    if !has_work(&write, workspace, kind).await? {
        return Ok(Err(RunRefusal::NothingChosen));
    }
    if is_limited(kind)
        && let Some(allowed) = manual_wait(runs::last_requested(&write, workspace, kind).await?, now)
    {
        // A run in progress explains more than the clock does.
        let latest = runs::list(&write, workspace, Some(kind), 1).await?;
        let running = latest.first().is_some_and(|run| !run.state.is_over());
        return Ok(Err(if running { RunRefusal::Running } else { RunRefusal::TooSoon(allowed) }));
    }
    let requested = runs::request(&write, workspace, kind, RunTrigger::Manual, now).await?;
    let Some(run) = requested else { return Ok(Err(RunRefusal::Running)) };
    audit::record(&write, workspace, actor, &audit_step(kind), now).await?;
    write.commit().await?;
    state.database.wake_worker();
    Ok(Ok(run))
}

async fn has_work(on: &impl Session, workspace: WorkspaceId, kind: RunKind) -> Result<bool, StorageError> {
    Ok(match kind {
        RunKind::SyncedFields => !settings::find::<SyncedFields>(on, workspace).await?.is_empty(),
        RunKind::CompanyImport => settings::find::<CompanyImport>(on, workspace).await?.enabled,
        RunKind::EngagementLists => settings::find::<EngagementLists>(on, workspace).await?.enabled,
        RunKind::TagReconciliation => keys::find(on, workspace).await?.is_some(),
        RunKind::PeopleSync => settings::find::<PeopleSync>(on, workspace).await?.enabled,
    })
}

/// Whether manual runs of a kind are at least two hours apart.
const fn is_limited(kind: RunKind) -> bool {
    matches!(kind, RunKind::SyncedFields | RunKind::EngagementLists | RunKind::TagReconciliation)
}

fn audit_step(kind: RunKind) -> Step {
    match kind {
        RunKind::CompanyImport => Step::new("import-asked"),
        RunKind::SyncedFields
        | RunKind::EngagementLists
        | RunKind::TagReconciliation
        | RunKind::PeopleSync => Step::new("sync-asked").with("run", kind.name()),
    }
}
