//! The worker: claims orgs with due deliveries, answers org requests, waits when there is nothing to do.

use crate::delivery::round::{Round, pause_after_trouble, work};
use crate::engine::Engine;
use crate::mailing;
use crate::notification::worker;
use crate::org_request;
use crate::people::listen;
use crate::worker::{runs, segment_values};
use storage::StorageError;
use storage::delivery::deliveries;
use storage::queue::org_lease::OrgLease;
use storage::queue::{lease, org_lease};
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

/// Lanes that one process works on at the same time.
const MAX_LEASES: u32 = 8;

/// Works until it is told to stop; a round that has begun is finished first.
pub async fn run(engine: Engine, stop: CancellationToken) {
    let mut at_work = RunningTasks::default();
    let mut trouble = 0;
    while !stop.is_cancelled() {
        while at_work.rounds.try_join_next().is_some() {}
        while at_work.org_requests.try_join_next().is_some() {}
        while at_work.runs.try_join_next().is_some() {}
        while at_work.messages.try_join_next().is_some() {}
        while at_work.listeners.try_join_next().is_some() {}
        while at_work.mailings.try_join_next().is_some() {}
        let pause = match poll_once(&engine, &mut at_work, &stop).await {
            Ok(true) => continue,
            Ok(false) => {
                trouble = 0;
                idle_for(&engine).await
            }
            Err(error) => {
                trouble += 1;
                tracing::error!(%error, "the worker could not use the database");
                pause_after_trouble(trouble, &engine)
            }
        };
        tokio::select! {
            () = tokio::time::sleep(pause) => {}
            () = engine.database.wait_for_wake() => {}
            () = stop.cancelled() => {}
        }
    }
    while at_work.rounds.join_next().await.is_some() {}
    while at_work.org_requests.join_next().await.is_some() {}
    while at_work.messages.join_next().await.is_some() {}
    at_work.listeners.abort_all();
    while at_work.listeners.join_next().await.is_some() {}
    while at_work.mailings.join_next().await.is_some() {}
    // A refresh can be long; what it brought so far is not visible, and the next worker begins again.
    at_work.runs.abort_all();
    while at_work.runs.join_next().await.is_some() {}
}

/// What is being worked on. Questions have places of their own, so that they can't keep bookings waiting (C9).
#[derive(Default)]
struct RunningTasks {
    rounds: JoinSet<()>,
    org_requests: JoinSet<()>,
    runs: JoinSet<()>,
    messages: JoinSet<()>,
    listeners: JoinSet<()>,
    mailings: JoinSet<()>,
    /// When leases that lie in the future were looked for last.
    leases_looked_at: Option<tokio::time::Instant>,
}

/// A clock that was set back leaves leases that would last until it is there again.
async fn shorten_future_leases(engine: &Engine, at_work: &mut RunningTasks) -> Result<(), StorageError> {
    let now = tokio::time::Instant::now();
    if at_work.leases_looked_at.is_some_and(|last| now.duration_since(last) < engine.lease() / 2) {
        return Ok(());
    }
    at_work.leases_looked_at = Some(now);
    let longest = engine.lease();
    if !lease::has_future_leases(&engine.database.read(), longest).await? {
        return Ok(());
    }
    let write = engine.database.write().await?;
    let shortened = lease::shorten_future_leases(&write, longest).await?;
    write.commit().await?;
    tracing::warn!(
        shortened,
        "the database's clock was set back; leases that lie in the future were shortened"
    );
    Ok(())
}

/// One look around; `true` when there was something to do.
async fn poll_once(
    engine: &Engine,
    at_work: &mut RunningTasks,
    stop: &CancellationToken,
) -> Result<bool, StorageError> {
    shorten_future_leases(engine, at_work).await?;
    let answered = org_request::answer_all(engine, &mut at_work.org_requests).await?;
    let answered = runs::claim_and_spawn(engine, &mut at_work.runs).await? || answered;
    let answered = worker::claim_and_spawn(engine, &mut at_work.messages).await? || answered;
    listen::claim_and_spawn(engine, &mut at_work.listeners).await?;
    let answered = mailing::worker::claim_and_spawn(engine, &mut at_work.mailings, stop).await? || answered;
    let answered = segment_values::fill(engine).await? || answered;
    let free = MAX_LEASES.saturating_sub(u32::try_from(at_work.rounds.len()).unwrap_or(MAX_LEASES));
    if free == 0 || !has_work(engine).await? {
        return Ok(answered);
    }
    let write = engine.database.write().await?;
    let now = engine.clock.now();
    let claims = org_lease::claim(&write, &engine.settings.worker, now, engine.lease(), free).await?;
    write.commit().await?;
    for claim in &claims {
        at_work.rounds.spawn(run_rounds(engine.clone(), *claim, stop.clone()));
    }
    Ok(answered || !claims.is_empty())
}

/// Looking first keeps idle workers from taking the write lock again and again.
async fn has_work(engine: &Engine) -> Result<bool, StorageError> {
    let next = deliveries::next_due(&engine.database.read()).await?;
    Ok(next.is_some_and(|due| due <= engine.clock.now()))
}

async fn idle_for(engine: &Engine) -> std::time::Duration {
    let longest = engine.settings.poll;
    let Ok(Some(due)) = deliveries::next_due(&engine.database.read()).await else { return longest };
    let now = engine.clock.now();
    if due <= now {
        return longest;
    }
    #[expect(clippy::cast_precision_loss, reason = "a pause of at most a poll's length")]
    let seconds = (due.microseconds() - now.microseconds()) as f64 / 1_000_000.0;
    engine.clock.real_duration(seconds).min(longest)
}

async fn run_rounds(engine: Engine, claim: OrgLease, stop: CancellationToken) {
    while !stop.is_cancelled() {
        match work(&engine, claim).await {
            Ok(Round::Worked) => {}
            Ok(Round::Idle) => break,
            Err(StorageError::LeaseLost) => {
                tracing::warn!(workspace = %claim.workspace, "another worker has the org now");
                return;
            }
            Err(error) => {
                // The lease runs out by itself; whatever was begun is recorded and read back then.
                tracing::error!(workspace = %claim.workspace, %error, "a round was broken off");
                return;
            }
        }
    }
    let released = async {
        let write = engine.database.write().await?;
        org_lease::release(&write, claim).await?;
        write.commit().await
    };
    if let Err(error) = released.await {
        tracing::warn!(workspace = %claim.workspace, %error, "the lease will run out by itself");
    }
    engine.database.wake_own_worker();
}
