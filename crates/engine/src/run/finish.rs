//! How a run ends: its state, what it cost, and who is told.

use crate::engine::Engine;
use domain::notification::{Notice, RunNews};
use domain::run::{ApiFeature, Receipt, Run, RunKind, RunState};
use domain::value::{Step, Timestamp};
use storage::notification::inbox;
use storage::org::api_calls;
use storage::run::runs;
use storage::run::runs::RunClaim;
use storage::{StorageError, Write};

/// Ends a run that brought nothing, and tells people why.
pub(crate) async fn fail_run(
    engine: &Engine,
    claim: RunClaim,
    run: &Run,
    receipt: &Receipt,
    state: RunState,
    reason: Step,
) -> Result<(), StorageError> {
    let now = engine.clock.now();
    let write = engine.database.write().await?;
    runs::finish(&write, claim, state, receipt, Some(&reason), now).await?;
    let news = if state == RunState::Stopped { RunNews::Stopped } else { RunNews::Failed };
    let notice = Notice::run(run.kind, news).because(&reason);
    inbox::publish(&write, claim.workspace, &notice, now).await?;
    count_calls(&write, claim, run.kind, receipt, now).await?;
    write.commit().await
}

/// Counts a run's calls among those of the day (C9).
pub(crate) async fn count_calls(
    write: &Write,
    claim: RunClaim,
    kind: RunKind,
    receipt: &Receipt,
    now: Timestamp,
) -> Result<(), StorageError> {
    api_calls::count(write, claim.workspace, ApiFeature::Run(kind), receipt.calls, now).await
}
