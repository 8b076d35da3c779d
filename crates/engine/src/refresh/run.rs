//! One run from its claim to its end.

use super::failure::Failure;
use super::pull::{Pull, clear};
use super::stream::Stream;
use super::synced_fields;
use crate::engine::Engine;
use domain::run::{Receipt, Run, RunKind, RunState};
use storage::mirror;
use storage::runs::{self, RunClaim};
use storage::{StorageError, notices};

/// Works on a claimed run to its end.
///
/// # Errors
/// [`StorageError::LaneLost`] when somebody else has the run now, or any other failure of the database; the run
/// is then taken up again when its lease has run out, where it was left.
pub(crate) async fn run(engine: &Engine, claim: RunClaim, run: &Run) -> Result<(), StorageError> {
    let streams = match run.kind {
        RunKind::SyncedFields => synced_fields::streams(engine, claim.workspace).await?,
        RunKind::CompanyImport => Vec::new(),
    };
    let mut receipt = run.receipt.clone();
    let Err(failure) = attempt(engine, claim, run, &streams, &mut receipt).await else { return Ok(()) };
    let failure = match failure.storage() {
        Ok(error) => return Err(error),
        Err(failure) => failure,
    };
    tracing::warn!(workspace = %claim.workspace, run = %claim.run, %failure, "a run brought nothing");
    give_up(engine, claim, run, &receipt, &failure).await?;
    for stream in &streams {
        clear(engine, claim.workspace, &stream.name).await?;
    }
    Ok(())
}

async fn attempt(
    engine: &Engine,
    claim: RunClaim,
    run: &Run,
    streams: &[Stream],
    receipt: &mut Receipt,
) -> Result<(), Failure> {
    let mut pull = Pull::begin(engine, claim, run).await?;
    let pulled = pull.pull(run.origin, streams).await;
    *receipt = pull.receipt.clone();
    let pulled = pulled?;
    let mut known_stale = Vec::new();
    for stream in streams {
        let before = mirror::find(&engine.database.read(), claim.workspace, &stream.name).await?;
        known_stale.extend(before.state.stale.iter().map(|path| format!("{}.{path}", stream.object)));
    }
    let now = engine.clock.now();
    let also = async |write: &storage::Write| match run.kind {
        RunKind::SyncedFields => {
            synced_fields::finish(write, claim.workspace, streams, receipt, &known_stale, now).await
        }
        RunKind::CompanyImport => Ok(()),
    };
    pull.publish(streams, pulled, now, also).await
}

async fn give_up(
    engine: &Engine,
    claim: RunClaim,
    run: &Run,
    receipt: &Receipt,
    failure: &Failure,
) -> Result<(), StorageError> {
    let now = engine.clock.now();
    let reason = failure.step();
    let state = if failure.is_disconnection() { RunState::Stopped } else { RunState::Failed };
    let write = engine.database.write().await?;
    runs::finish(&write, claim, state, receipt, Some(&reason), now).await?;
    let mut notice = reason.clone();
    notice.code = match run.kind {
        RunKind::SyncedFields => format!("sync-{}", state.name()),
        RunKind::CompanyImport => format!("import-{}", state.name()),
    };
    let notice = notice.with("reason", &reason.code);
    notices::post(&write, claim.workspace, &notice, now).await?;
    let day = now.to_jiff().strftime("%Y-%m-%d").to_string();
    let calls = u32::try_from(receipt.calls).unwrap_or(u32::MAX);
    storage::api_usage::count(&write, claim.workspace, &day, run.kind.name(), calls).await?;
    write.commit().await
}
