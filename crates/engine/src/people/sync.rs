//! A run of the sync of people, from its claim to its end (S1).

use crate::engine::Engine;
use crate::people::context::PeopleRun;
use crate::people::failure::PeopleFailure;
use crate::people::review::Gate;
use crate::people::{merge, opt_out, read, review, settle};
use crate::run::finish::{count_calls, fail_run};
use domain::notification::{Notice, NoticeKind};
use domain::run::{Receipt, Run, RunKind, RunState};
use domain::value::{Step, Timestamp};
use storage::notification::inbox;
use storage::people::faults;
use storage::run::runs;
use storage::run::runs::RunClaim;
use storage::{StorageError, Write};

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
    Ok(finish(sync, worked?).await?)
}

async fn work(run: &mut PeopleRun<'_>) -> Result<Gate, PeopleFailure> {
    read::read_changes(run).await?;
    if run.settings.enabled {
        settle::read_open_attempts(run).await?;
    }
    let gate = review::gate(run).await?;
    if gate == Gate::Open {
        merge::merge_pending(run).await?;
    }
    // A refusal of mail waits for nobody (S6).
    if run.settings.enabled {
        opt_out::push(run).await?;
    }
    Ok(gate)
}

async fn finish(mut run: PeopleRun<'_>, gate: Gate) -> Result<(), StorageError> {
    run.update_receipt();
    let now = run.engine.clock.now();
    let write = run.engine.database.write().await?;
    // The first run that was held has told everybody.
    let held = Step::new("people-held");
    let (state, reason) = match gate {
        Gate::Open | Gate::Shown => (RunState::Done, None),
        Gate::Held => (RunState::Stopped, Some(&held)),
    };
    runs::finish(&write, run.claim, state, &run.receipt, reason, now).await?;
    if gate == Gate::Open {
        review::finish(&write, &run, now).await?;
    }
    tell_errors(&write, &run, now).await?;
    count_calls(&write, run.claim, RunKind::PeopleSync, &run.receipt, now).await?;
    write.commit().await
}

/// Tells owners and admins once a run of what is not synced since then, all of it together (S11).
async fn tell_errors(write: &Write, run: &PeopleRun<'_>, now: Timestamp) -> Result<(), StorageError> {
    let causes = faults::since(write, run.claim.workspace, run.begun_at).await?;
    let count: u64 = causes.iter().map(|(_, count)| count).sum();
    let Some((most, _)) = causes.first() else { return Ok(()) };
    let notice = Notice::new(NoticeKind::PeopleErrors)
        .with("count", count)
        .with("cause", most.strip_prefix("people-").unwrap_or(most));
    inbox::publish(write, run.claim.workspace, &notice, now).await
}
