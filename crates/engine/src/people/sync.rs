//! A run of the sync of people, from its claim to its end (S1).

use crate::engine::Engine;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::{merge, opt_out, read, settle};
use crate::run::finish::{count_calls, fail_run};
use domain::run::{Receipt, Run, RunKind, RunState};
use storage::StorageError;
use storage::run::runs;
use storage::run::runs::RunClaim;

/// Works on a claimed run to its end.
///
/// # Errors
/// [`StorageError::LeaseLost`] when someone else has the run now, or any other failure of the database; the run
/// is then taken up again when its lease has run out. What was kept until then stays.
pub(crate) async fn run(engine: &Engine, claim: RunClaim, run: &Run) -> Result<(), StorageError> {
    let mut receipt = run.receipt.clone();
    let Err(failure) = attempt(engine, claim, run, &mut receipt).await else { return Ok(()) };
    match failure.storage() {
        Ok(error) => Err(error),
        Err(failure) => {
            tracing::warn!(reason = failure.step().code, "a sync of people was broken off");
            fail_run(engine, claim, run, &receipt, failure.final_state(), failure.step()).await
        }
    }
}

async fn attempt(
    engine: &Engine,
    claim: RunClaim,
    run: &Run,
    receipt: &mut Receipt,
) -> Result<(), PeopleFailure> {
    let mut sync = PeopleRun::begin(engine, claim, run).await?;
    let worked = work(&mut sync).await;
    sync.update_receipt();
    receipt.clone_from(&sync.receipt);
    worked?;
    Ok(finish(sync).await?)
}

async fn work(run: &mut PeopleRun<'_>) -> Result<(), PeopleFailure> {
    read::read_changes(run).await?;
    settle::read_open_attempts(run).await?;
    merge::merge_pending(run).await?;
    opt_out::push(run).await
}

async fn finish(mut run: PeopleRun<'_>) -> Result<(), StorageError> {
    run.update_receipt();
    let now = run.engine.clock.now();
    let write = run.engine.database.write().await?;
    runs::finish(&write, run.claim, RunState::Done, &run.receipt, None, now).await?;
    count_calls(&write, run.claim, RunKind::PeopleSync, &run.receipt, now).await?;
    write.commit().await
}
