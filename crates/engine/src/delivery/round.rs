//! One round of deliveries: look up, decide, record the attempt, write, apply the results.

use crate::delivery::batch::{BlockingDeliveries, choose};
use crate::delivery::job::{DecisionContext, DeliveryJob};
use crate::delivery::lookup::{LookupError, look_up};
use crate::delivery::lookup_result::LookupResult;
use crate::delivery::planned::{PlannedDelivery, plan};
use crate::delivery::save_results::{apply_all, pause_until, record_attempts, save};
use crate::delivery::settle::{RoundTime, postpone};
use crate::delivery::subjects::Subjects;
use crate::delivery::write::{WriteResults, go_singly, outgoing, send};
use crate::engine::Engine;
use crate::org::connected::{Org, OrgError, connected, renewed, with_renewal};
use crate::org::send_guard::SendGuard;
use domain::delivery::{DeliveryPlan, DeliveryState, FailureClass, Retry, SalesforceSettings, after_failure};
use salesforce::Error;
use storage::StorageError;
use storage::delivery::deliveries;
use storage::queue::lease::database_time;
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;
use storage::workspace::{settings, workspaces};
use tracing::Instrument as _;

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Round {
    /// Something was done; there may be more.
    Worked,
    /// Nothing is due, or nothing can be done now.
    Idle,
}

/// Deliveries read in one go: three kinds for two hundred bookings.
const MAX_DUE: u32 = 600;

/// Delivers what is due in one claimed org, once.
pub(crate) async fn work(engine: &Engine, lease: OrgLease) -> Result<Round, StorageError> {
    let Loaded { jobs, postponed } = load(engine, lease).await?;
    if jobs.is_empty() {
        // Others that are due stand behind those that were put off.
        return Ok(if postponed { Round::Worked } else { Round::Idle });
    }
    deliver(engine, lease, jobs).await
}

/// Delivers some jobs: any objects, any subjects, two calls as a rule.
pub async fn deliver(
    engine: &Engine,
    lease: OrgLease,
    jobs: Vec<DeliveryJob>,
) -> Result<Round, StorageError> {
    let span = tracing::info_span!(
        "round",
        workspace = %lease.workspace,
        fence = lease.fence,
        deliveries = jobs.len()
    );
    deliver_in_span(engine, lease, jobs).instrument(span).await
}

async fn deliver_in_span(
    engine: &Engine,
    lease: OrgLease,
    mut jobs: Vec<DeliveryJob>,
) -> Result<Round, StorageError> {
    let time = round_time(engine);
    let mut org = match connected(engine, lease.workspace).await {
        Ok(org) => org,
        Err(error) => return stop(engine, lease, &mut jobs, error, time).await,
    };
    for job in &mut jobs {
        job.delivery.attempts += 1;
    }
    let workspace = lease.workspace;
    let asked = jobs.as_slice();
    let ask =
        |org| async move { look_up(&engine.database, workspace, &org, asked, engine.clock.now()).await };
    match with_renewal(engine, workspace, &mut org, ask, LookupError::is_session_ended).await {
        Ok(Ok(found)) => write_and_apply(engine, lease, &org, jobs, found).await,
        Ok(Err(LookupError::Storage(error))) => Err(error),
        Ok(Err(LookupError::Org(error))) => postpone_all(engine, lease, &mut jobs, &error, time).await,
        Err(error) => stop(engine, lease, &mut jobs, error, time).await,
    }
}

fn round_time(engine: &Engine) -> RoundTime {
    let now = engine.clock.now();
    RoundTime { now, database_now: now, settle_seconds: engine.org_settle_seconds() }
}

/// What a round begins with.
struct Loaded {
    jobs: Vec<DeliveryJob>,
    postponed: bool,
}

async fn load(engine: &Engine, lease: OrgLease) -> Result<Loaded, StorageError> {
    let read = engine.database.read();
    let workspace = lease.workspace;
    let due = deliveries::due(&read, workspace, engine.clock.now(), MAX_DUE).await?;
    let subjects = Subjects::load(&read, workspace, &due).await?;
    let after: Vec<_> = due.iter().filter_map(|delivery| delivery.after_delivery).collect();
    let blocking = BlockingDeliveries {
        pending: deliveries::pending(&read, workspace, &after).await?,
        unresolved: deliveries::unresolved_keys(&read, workspace).await?,
    };
    let due = due.into_iter().filter(|delivery| subjects.has(delivery)).collect();
    let batch = choose(due, &blocking, engine.clock.now());
    let postponed = !batch.postponed.is_empty();
    if postponed {
        let write = engine.database.write().await?;
        org_lease::renew(&write, lease, engine.lease()).await?;
        for (delivery, until) in batch.postponed {
            deliveries::postpone(&write, workspace, delivery, until).await?;
        }
        write.commit().await?;
    }
    let jobs = batch.chosen.into_iter().filter_map(|delivery| subjects.job(delivery)).collect();
    Ok(Loaded { jobs, postponed })
}

/// The org can't be asked at all: without a connection the deliveries are held already.
async fn stop(
    engine: &Engine,
    lease: OrgLease,
    jobs: &mut [DeliveryJob],
    error: OrgError,
    time: RoundTime,
) -> Result<Round, StorageError> {
    match error {
        OrgError::NotConnected => Ok(Round::Idle),
        OrgError::Storage(error) => Err(error),
        OrgError::Unavailable(reason) => {
            postpone_all(engine, lease, jobs, &Error::NotSent { reason }, time).await
        }
    }
}

/// Nothing could be found out: every delivery waits, none is decided.
async fn postpone_all(
    engine: &Engine,
    lease: OrgLease,
    jobs: &mut [DeliveryJob],
    error: &Error,
    time: RoundTime,
) -> Result<Round, StorageError> {
    tracing::info!(error = error.log_text(), deliveries = jobs.len(), "nothing could be looked up");
    let write = engine.database.write().await?;
    org_lease::renew(&write, lease, engine.lease()).await?;
    for job in jobs.iter_mut() {
        // Where there is a lane there is a connection: what was held is not any more.
        job.delivery.state = DeliveryState::Due;
        let steps = postpone(&mut job.delivery, error, time);
        save(&write, lease, &job.delivery, &steps, time).await?;
    }
    if let Error::LimitReached { limit } = error {
        org_lease::pause(&write, lease.workspace, pause_until(*limit, time)).await?;
    }
    write.commit().await?;
    Ok(Round::Idle)
}

async fn write_and_apply(
    engine: &Engine,
    lease: OrgLease,
    org: &Org,
    jobs: Vec<DeliveryJob>,
    found: LookupResult,
) -> Result<Round, StorageError> {
    let read = engine.database.read();
    let mut time = round_time(engine);
    if jobs.iter().any(|job| job.delivery.open_attempt.is_some()) {
        time.database_now = engine.clock.at(database_time(&read).await?);
    }
    let settings = settings::find::<SalesforceSettings>(&read, lease.workspace).await?;
    let Some(workspace) = workspaces::find(&read, lease.workspace).await? else { return Ok(Round::Idle) };
    let context =
        DecisionContext { found: &found, settings: &settings, workspace: &workspace, now: time.now };
    let planned = in_one_round(jobs.into_iter().map(|job| plan(job, &context, time)).collect());
    let mut planned = record_attempts(engine, lease, planned, &found).await?;
    let writes = outgoing(planned.iter().map(|one| one.plan.writes.as_slice()));
    let written = if writes.is_empty() {
        WriteResults { outcomes: Vec::new(), calls: 0, api_usage: None }
    } else {
        send(&SendGuard { engine, lease }, org, &writes).await?
    };
    apply_all(engine, lease, round_time(engine), &mut planned, &found, &written).await?;
    if written.outcomes.iter().any(|outcome| matches!(outcome, Err(Error::SessionExpired))) {
        match renewed(engine, lease.workspace, org.token_version).await {
            Err(OrgError::Storage(error)) => return Err(error),
            Ok(_) | Err(OrgError::NotConnected | OrgError::Unavailable(_)) => {}
        }
    }
    Ok(Round::Worked)
}

/// In a collection no write can name the record of another: those that need one wait for the next round.
fn in_one_round(mut planned: Vec<PlannedDelivery>) -> Vec<PlannedDelivery> {
    if !go_singly(planned.iter().map(|one| one.plan.writes.len()).sum()) {
        for one in &mut planned {
            let plan = std::mem::replace(&mut one.plan, DeliveryPlan::nothing(Vec::new()));
            one.plan = plan.without_dependent_writes();
        }
    }
    planned
}

/// How long a lane waits after a failure of our own database.
pub(crate) fn pause_after_trouble(attempts: u32, engine: &Engine) -> std::time::Duration {
    match after_failure(FailureClass::Transient, attempts, engine.clock.now(), 0) {
        Retry::At(at) => {
            let seconds = at.seconds() - engine.clock.now().seconds();
            std::time::Duration::from_secs(u64::try_from(seconds).unwrap_or(1).min(30))
        }
        Retry::Hold | Retry::GiveUp => std::time::Duration::from_secs(30),
    }
}
