//! Taking up runs: those whose night has come and those that someone asked for.

use crate::engine::Engine;
use domain::company::CompanyImport;
use domain::engagement::EngagementLists;
use domain::people::PeopleSync;
use domain::run::{RunKind, RunTrigger, TimeOfDay, next_nightly};
use domain::synced_fields::SyncedFields;
use domain::value::{Timestamp, WorkspaceId};
use storage::StorageError;
use storage::org::connections;
use storage::run::{runs, schedules};
use storage::workspace::{settings, workspaces};
use tokio::task::JoinSet;
use tracing::Instrument as _;

/// Runs that one process works on at the same time.
const MAX_CONCURRENT: u32 = 2;

/// Takes up what is to be done, each in a task of its own; `true` when there was something.
pub(crate) async fn claim_and_spawn(engine: &Engine, tasks: &mut JoinSet<()>) -> Result<bool, StorageError> {
    let asked = request_due(engine).await?;
    let free = MAX_CONCURRENT.saturating_sub(u32::try_from(tasks.len()).unwrap_or(MAX_CONCURRENT));
    if free == 0 || !runs::any_to_do(&engine.database.read()).await? {
        return Ok(asked);
    }
    let write = engine.database.write().await?;
    let now = engine.clock.now();
    let claimed = runs::claim(&write, &engine.settings.worker, now, engine.lease(), free).await?;
    write.commit().await?;
    let any = !claimed.is_empty();
    for (claim, run) in claimed {
        let engine = engine.clone();
        let span = tracing::info_span!(
            "run",
            workspace = %claim.workspace,
            run = %claim.run,
            kind = run.kind.name()
        );
        let work = async move {
            if let Err(error) = crate::worker::run_kinds::run(&engine, claim, &run).await {
                // Its lease expires, and the worker that claims it next resumes it.
                tracing::warn!(%error, "a run was broken off");
            }
            engine.database.wake_own_worker();
        };
        tasks.spawn(work.instrument(span));
    }
    Ok(any || asked)
}

/// Requests the scheduled runs that are due. Without a connection, scheduled runs are skipped.
async fn request_due(engine: &Engine) -> Result<bool, StorageError> {
    let now = engine.clock.now();
    let due = schedules::due(&engine.database.read(), now).await?;
    for (workspace, kind, at) in &due {
        let (next, origin) = next_time(engine, *workspace, *kind, now).await?;
        let write = engine.database.write().await?;
        if schedules::advance(&write, *workspace, *kind, *at, next).await?
            && (is_own(*kind) || connections::find(&write, *workspace).await?.is_some())
        {
            // One that waits or runs already does what this one would.
            runs::request(&write, *workspace, *kind, origin, now).await?;
        }
        write.commit().await?;
    }
    Ok(!due.is_empty())
}

/// Whether a kind has something to do without an org.
const fn is_own(kind: RunKind) -> bool {
    matches!(kind, RunKind::TagReconciliation)
}

/// When a kind of run is due again, and what such a run is called.
async fn next_time(
    engine: &Engine,
    workspace: WorkspaceId,
    kind: RunKind,
    now: Timestamp,
) -> Result<(Timestamp, RunTrigger), StorageError> {
    let read = engine.database.read();
    match kind {
        RunKind::SyncedFields | RunKind::EngagementLists | RunKind::TagReconciliation => {
            let refresh_at = match kind {
                RunKind::EngagementLists => {
                    settings::find::<EngagementLists>(&read, workspace).await?.refresh_at
                }
                RunKind::TagReconciliation => TimeOfDay::default(),
                _ => settings::find::<SyncedFields>(&read, workspace).await?.refresh_at,
            };
            let zone = workspaces::find(&read, workspace).await?;
            let zone = zone.map_or_else(String::new, |found| found.time_zone);
            Ok((next_nightly(now, refresh_at, &zone), RunTrigger::Nightly))
        }
        RunKind::PeopleSync => {
            let sync = settings::find::<PeopleSync>(&read, workspace).await?;
            let minutes = i64::from(sync.interval_minutes.max(1));
            Ok((now.plus_minutes(minutes), RunTrigger::Periodic))
        }
        RunKind::CompanyImport => {
            let import = settings::find::<CompanyImport>(&read, workspace).await?;
            Ok((now.plus_minutes(60 * i64::from(import.every_hours)), RunTrigger::Periodic))
        }
    }
}
