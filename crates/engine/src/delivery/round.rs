//! One round of deliveries: look up, decide, record the attempt, write, settle.

use crate::delivery::batch::{BlockingDeliveries, DeliveryJob, choose};
use crate::delivery::decide::{decide, lookup_step};
use crate::delivery::lookup::{LookupError, LookupResult, look_up};
use crate::delivery::recover::{Recovery, recover};
use crate::delivery::settle::{RoundTime, apply_results, postpone, wait};
use crate::delivery::write::{WriteResults, send};
use crate::engine::Engine;
use crate::org::api_calls;
use crate::org::connected::{Org, OrgError, connected, renewed};
use domain::delivery::{
    DeliveryPlan, DeliveryState, FailureClass, FollowUp, OpenAttempt, Retry, SalesforceSettings,
    after_failure,
};
use domain::value::Step;
use salesforce::{ApiUsage, Error, Limit};
use std::collections::HashMap;
use storage::booking::{bookings, pages};
use storage::delivery::{deliveries, timeline};
use storage::notification::inbox;
use storage::org::descriptions;
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;
use storage::workspace::workspaces::Workspace;
use storage::workspace::{settings, workspaces};
use storage::{StorageError, Write, org};

/// What a round came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Round {
    /// Something was done; there may be more.
    Worked,
    /// Nothing is due, or nothing can be done now.
    Idle,
}

/// Deliveries read in one go: three kinds for two hundred bookings.
const MAX_DUE: u32 = 600;
/// Sessions that end in the middle of a round are renewed this often before it waits.
const RENEWALS: u32 = 3;

/// Works off what is due in one claimed lane, once.
pub(crate) async fn work(engine: &Engine, claim: OrgLease) -> Result<Round, StorageError> {
    let Loaded { mut jobs, stepped_back } = load(engine, claim).await?;
    if jobs.is_empty() {
        // Others that are due stand behind those that stepped back.
        return Ok(if stepped_back { Round::Worked } else { Round::Idle });
    }
    let moment = round_time(engine);
    let mut org = match connected(engine, claim.workspace).await {
        Ok(org) => org,
        Err(error) => return stop(engine, claim, &mut jobs, error, moment).await,
    };
    for job in &mut jobs {
        job.delivery.attempts += 1;
    }
    for renewal in 0..=RENEWALS {
        let looked = look_up(&engine.database, claim.workspace, &org, &jobs, engine.clock.now()).await;
        match looked {
            Ok(findings) => return write_and_apply(engine, claim, &org, jobs, findings).await,
            Err(LookupError::Storage(error)) => return Err(error),
            Err(LookupError::Org(Error::SessionExpired)) if renewal < RENEWALS => {
                org = match renewed(engine, claim.workspace, org.token_version).await {
                    Ok(org) => org,
                    Err(error) => return stop(engine, claim, &mut jobs, error, moment).await,
                };
            }
            Err(LookupError::Org(error)) => {
                return postpone_all(engine, claim, &mut jobs, &error, moment).await;
            }
        }
    }
    Ok(Round::Idle)
}

fn round_time(engine: &Engine) -> RoundTime {
    RoundTime { now: engine.clock.now(), settle_seconds: engine.org_settle_seconds() }
}

async fn load(engine: &Engine, claim: OrgLease) -> Result<Loaded, StorageError> {
    let read = engine.database.read();
    let due = deliveries::due(&read, claim.workspace, engine.clock.now(), MAX_DUE).await?;
    let mut ids: Vec<_> = due.iter().map(|delivery| delivery.booking).collect();
    ids.sort_unstable();
    ids.dedup();
    let found = bookings::find_many(&read, claim.workspace, &ids).await?;
    let bookings: HashMap<_, _> = found.into_iter().map(|booking| (booking.id, booking)).collect();
    let pages = pages::list(&read, claim.workspace).await?;
    let pages: HashMap<_, _> = pages.into_iter().map(|page| (page.id, page)).collect();
    let surroundings = BlockingDeliveries {
        pending_pages: deliveries::pending_deliveries(&read, claim.workspace, &ids).await?,
        in_doubt: deliveries::unresolved_emails(&read, claim.workspace).await?,
    };
    let chosen = choose(due, &bookings, &pages, &surroundings, engine.clock.now());
    let stepped_back = !chosen.postponed.is_empty();
    if stepped_back {
        let write = engine.database.write().await?;
        org_lease::renew(&write, claim, engine.lease()).await?;
        for (delivery, until) in chosen.postponed {
            deliveries::postpone(&write, claim.workspace, delivery, until).await?;
        }
        write.commit().await?;
    }
    Ok(Loaded { jobs: chosen.jobs, stepped_back })
}

/// What a round begins with.
struct Loaded {
    jobs: Vec<DeliveryJob>,
    stepped_back: bool,
}

/// The org can't be asked at all: without a connection the deliveries are held already.
async fn stop(
    engine: &Engine,
    claim: OrgLease,
    jobs: &mut [DeliveryJob],
    error: OrgError,
    moment: RoundTime,
) -> Result<Round, StorageError> {
    match error {
        OrgError::NotConnected => Ok(Round::Idle),
        OrgError::Storage(error) => Err(error),
        OrgError::Unavailable(reason) => {
            postpone_all(engine, claim, jobs, &Error::NotSent { reason }, moment).await
        }
    }
}

/// Nothing could be found out: every delivery waits, none is decided.
async fn postpone_all(
    engine: &Engine,
    claim: OrgLease,
    jobs: &mut [DeliveryJob],
    error: &Error,
    moment: RoundTime,
) -> Result<Round, StorageError> {
    tracing::info!(workspace = %claim.workspace, %error, deliveries = jobs.len(), "nothing could be looked up");
    let write = engine.database.write().await?;
    org_lease::renew(&write, claim, engine.lease()).await?;
    for job in jobs.iter_mut() {
        // Where there is a lane there is a connection: what was held is not any more.
        job.delivery.state = DeliveryState::Due;
        let steps = postpone(job, error, moment);
        save(&write, claim, job, &steps, moment).await?;
    }
    if let Error::LimitReached { limit } = error {
        org_lease::pause(&write, claim.workspace, pause_until(*limit, moment)).await?;
    }
    write.commit().await?;
    Ok(Round::Idle)
}

/// The daily limit is a rolling window; the others pass in seconds (C9).
fn pause_until(limit: Limit, moment: RoundTime) -> domain::value::Timestamp {
    let seconds = match limit {
        Limit::Daily => 60,
        Limit::Concurrent | Limit::Rate => 5,
    };
    moment.now.plus_seconds(seconds)
}

/// One delivery on its way through a round.
struct PlannedDelivery {
    job: DeliveryJob,
    plan: DeliveryPlan,
    told: Vec<Step>,
    waits: bool,
}

async fn write_and_apply(
    engine: &Engine,
    claim: OrgLease,
    org: &Org,
    jobs: Vec<DeliveryJob>,
    findings: LookupResult,
) -> Result<Round, StorageError> {
    let read = engine.database.read();
    let moment = round_time(engine);
    let settings = settings::find::<SalesforceSettings>(&read, claim.workspace).await?;
    let Some(workspace) = workspaces::find(&read, claim.workspace).await? else { return Ok(Round::Idle) };
    let works = jobs.into_iter().map(|job| plan(job, &findings, &settings, &workspace, moment)).collect();
    let mut works = record_attempts(engine, claim, works, &findings).await?;
    let writes: Vec<_> = works.iter().flat_map(|work| work.plan.writes.iter().cloned()).collect();
    let written = if writes.is_empty() {
        WriteResults { outcomes: Vec::new(), calls: 0, api_usage: None }
    } else {
        send(org, &writes).await
    };
    apply_all(engine, claim, &mut works, &findings, &written).await?;
    if written.outcomes.iter().any(|outcome| matches!(outcome, Err(Error::SessionExpired))) {
        match renewed(engine, claim.workspace, org.token_version).await {
            Err(OrgError::Storage(error)) => return Err(error),
            Ok(_) | Err(OrgError::NotConnected | OrgError::Unavailable(_)) => {}
        }
    }
    Ok(Round::Worked)
}

fn plan(
    mut job: DeliveryJob,
    findings: &LookupResult,
    settings: &SalesforceSettings,
    workspace: &Workspace,
    moment: RoundTime,
) -> PlannedDelivery {
    let repeated_look = job.delivery.search_until.is_some() && job.delivery.open_attempt.is_none();
    // Where there is a lane there is a connection: what was held is not any more.
    job.delivery.state = DeliveryState::Due;
    let mut told = match recover(&mut job, &findings.own, moment.now) {
        Recovery::Known(steps) => steps,
        Recovery::Wait { until, steps } => {
            wait(&mut job, until, moment);
            return PlannedDelivery {
                job,
                plan: DeliveryPlan::nothing(Vec::new()),
                told: steps,
                waits: true,
            };
        }
    };
    let plan = decide(&job, findings, settings, workspace, moment.now);
    if repeated_look && plan.writes.is_empty() {
        // A look every ten minutes for a day would bury the rest of the timeline.
        told.extend(plan.steps.iter().filter(|step| step.code.starts_with("rescue-")).cloned());
    } else {
        told.push(lookup_step(&job, findings));
        told.extend(plan.steps.iter().cloned());
    }
    PlannedDelivery { job, plan, told, waits: false }
}

/// Before anything is sent: what is about to be written, so that a crash is found out about.
///
/// Deliveries that somebody has decided about since they were read, by cancelling the booking, drop out here.
async fn record_attempts(
    engine: &Engine,
    claim: OrgLease,
    works: Vec<PlannedDelivery>,
    findings: &LookupResult,
) -> Result<Vec<PlannedDelivery>, StorageError> {
    if works.iter().all(|work| work.plan.writes.is_empty()) {
        return Ok(works);
    }
    let now = engine.clock.now();
    let org_time = findings.org_time.unwrap_or(now);
    let write = engine.database.write().await?;
    org_lease::renew(&write, claim, engine.lease()).await?;
    let mut recorded = Vec::with_capacity(works.len());
    for mut work in works {
        if !work.plan.writes.is_empty() {
            let delivery = &mut work.job.delivery;
            // A ToDo for the assignee alone is looked after even if this answer is lost (K9).
            if let FollowUp::SearchAgain { until, .. } = work.plan.follow_up {
                delivery.search_until = Some(until);
            }
            delivery.open_attempt =
                Some(OpenAttempt { org_time, sent_at: now, writes: work.plan.writes.clone() });
            if !deliveries::save(&write, claim.workspace, delivery, &deliveries::CLAIMABLE, now).await? {
                continue;
            }
        }
        recorded.push(work);
    }
    write.commit().await?;
    Ok(recorded)
}

async fn apply_all(
    engine: &Engine,
    claim: OrgLease,
    works: &mut [PlannedDelivery],
    findings: &LookupResult,
    written: &WriteResults,
) -> Result<(), StorageError> {
    let moment = round_time(engine);
    let write = engine.database.write().await?;
    org_lease::renew(&write, claim, engine.lease()).await?;
    let mut from = 0;
    for PlannedDelivery { job, plan, told, waits } in works.iter_mut() {
        let outcomes = &written.outcomes[from..from + plan.writes.len()];
        from += plan.writes.len();
        if !plan.writes.is_empty() {
            let objects: Vec<&str> = plan.writes.iter().map(domain::delivery::Write::object).collect();
            told.push(Step::new("request").with("objects", objects.join(", ")));
        }
        if !*waits {
            told.extend(apply_results(job, plan, outcomes, moment));
        }
        save(&write, claim, job, told, moment).await?;
    }
    descriptions::save_all(&write, claim.workspace, findings.fresh_descriptions()).await?;
    let calls = findings.calls + written.calls;
    add_calls(&write, claim, calls, written.api_usage.or(findings.api_usage), moment).await?;
    for outcome in &written.outcomes {
        if let Err(Error::LimitReached { limit }) = outcome {
            org_lease::pause(&write, claim.workspace, pause_until(*limit, moment)).await?;
        }
    }
    write.commit().await
}

async fn add_calls(
    write: &Write,
    claim: OrgLease,
    calls: u32,
    usage: Option<ApiUsage>,
    moment: RoundTime,
) -> Result<(), StorageError> {
    let day = moment.now.to_jiff().strftime("%Y-%m-%d").to_string();
    org::api_calls::count(write, claim.workspace, &day, "bookings", calls).await?;
    let Some(usage) = usage else { return Ok(()) };
    api_calls::add_calls(write, claim.workspace, usage, moment.now).await
}

async fn save(
    write: &Write,
    claim: OrgLease,
    job: &DeliveryJob,
    steps: &[Step],
    moment: RoundTime,
) -> Result<(), StorageError> {
    let delivery = &job.delivery;
    if !deliveries::save(write, claim.workspace, delivery, &deliveries::CLAIMABLE, moment.now).await? {
        return Ok(());
    }
    timeline::add(write, claim.workspace, delivery.booking, Some(delivery.id), steps, moment.now).await?;
    if delivery.state == DeliveryState::Failed {
        let notice = Step::new("delivery-failed")
            .with("kind", delivery.kind.name())
            .with("booking", delivery.booking)
            .with("code", delivery.error_code.as_deref().unwrap_or_default());
        inbox::publish(write, claim.workspace, &notice, moment.now).await?;
    }
    Ok(())
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
