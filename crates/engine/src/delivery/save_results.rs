//! What a round saves: the attempts before anything is sent, and the results after.

use crate::delivery::lookup_result::LookupResult;
use crate::delivery::planned::PlannedDelivery;
use crate::delivery::settle::{RoundTime, apply_results};
use crate::delivery::write::WriteResults;
use crate::engine::Engine;
use crate::org::api_calls;
use domain::delivery::{Delivery, DeliveryState, FollowUp, OpenAttempt};
use domain::notification::Notice;
use domain::run::ApiFeature;
use domain::value::Step;
use salesforce::{ApiUsage, Error, Limit};
use storage::delivery::{deliveries, timeline};
use storage::notification::inbox;
use storage::org::descriptions;
use storage::queue::org_lease;
use storage::queue::org_lease::OrgLease;
use storage::{StorageError, Write, org};

/// Before anything is sent: what is about to be written, so that a crash is found out about.
///
/// Deliveries that a person has decided about since they were read, by cancelling the booking, drop out here.
pub(crate) async fn record_attempts(
    engine: &Engine,
    lease: OrgLease,
    planned: Vec<PlannedDelivery>,
    found: &LookupResult,
) -> Result<Vec<PlannedDelivery>, StorageError> {
    if planned.iter().all(|one| one.plan.writes.is_empty()) {
        return Ok(planned);
    }
    let now = engine.clock.now();
    let org_time = found.org_time.unwrap_or(now);
    let write = engine.database.write().await?;
    let database_now = org_lease::renew(&write, lease, engine.lease()).await?;
    // Nothing is sent when less than a call's time-out is left of the lease.
    let sent_at = engine.clock.at(database_now).plus_seconds(engine.org_settle_seconds());
    let mut recorded = Vec::with_capacity(planned.len());
    for mut one in planned {
        if !one.plan.writes.is_empty() {
            let delivery = &mut one.delivery;
            // A ToDo for the assignee alone is looked after even if this response is lost (K9).
            if let FollowUp::SearchAgain { until, .. } = one.plan.follow_up {
                delivery.search_until = Some(until);
            }
            delivery.open_attempt = Some(OpenAttempt { org_time, sent_at, writes: one.plan.writes.clone() });
            if !deliveries::save(&write, lease.workspace, delivery, &deliveries::CLAIMABLE, now).await? {
                continue;
            }
        }
        recorded.push(one);
    }
    write.commit().await?;
    Ok(recorded)
}

/// Saves what every delivery came to, with the describes and the calls of the round.
pub(crate) async fn apply_all(
    engine: &Engine,
    lease: OrgLease,
    time: RoundTime,
    planned: &mut [PlannedDelivery],
    found: &LookupResult,
    written: &WriteResults,
) -> Result<(), StorageError> {
    let write = engine.database.write().await?;
    org_lease::renew(&write, lease, engine.lease()).await?;
    let mut from = 0;
    for PlannedDelivery { delivery, plan, timeline, waits } in planned.iter_mut() {
        let outcomes = &written.outcomes[from..from + plan.writes.len()];
        from += plan.writes.len();
        if !plan.writes.is_empty() {
            let objects: Vec<&str> = plan.writes.iter().map(|write| write.object.as_str()).collect();
            timeline.push(Step::new("request").with("objects", objects.join(", ")));
        }
        if !*waits {
            timeline.extend(apply_results(delivery, plan, outcomes, time));
        }
        save(&write, lease, delivery, timeline, time).await?;
    }
    descriptions::save_all(&write, lease.workspace, found.fresh_descriptions()).await?;
    let calls = found.calls + written.calls;
    add_calls(&write, lease, calls, written.api_usage.or(found.api_usage), time).await?;
    for outcome in &written.outcomes {
        if let Err(Error::LimitReached { limit }) = outcome {
            org_lease::pause(&write, lease.workspace, pause_until(*limit, time)).await?;
        }
    }
    write.commit().await
}

/// The daily limit is a rolling window; the others pass in seconds (C9).
pub(crate) fn pause_until(limit: Limit, time: RoundTime) -> domain::value::Timestamp {
    let seconds = match limit {
        Limit::Daily => 60,
        Limit::Concurrent | Limit::Rate => 5,
    };
    time.now.plus_seconds(seconds)
}

async fn add_calls(
    write: &Write,
    lease: OrgLease,
    calls: u32,
    usage: Option<ApiUsage>,
    time: RoundTime,
) -> Result<(), StorageError> {
    let feature = ApiFeature::Deliveries;
    org::api_calls::count(write, lease.workspace, feature, u64::from(calls), time.now).await?;
    let Some(usage) = usage else { return Ok(()) };
    api_calls::add_calls(write, lease.workspace, usage, time.now).await
}

/// The step that says that a record was saved without its e-mail.
const EMAIL_KEPT_ELSEWHERE: &str = "email-in-description";

/// Saves one delivery with its timeline; a failed one is told to people.
pub(crate) async fn save(
    write: &Write,
    lease: OrgLease,
    delivery: &Delivery,
    steps: &[Step],
    time: RoundTime,
) -> Result<(), StorageError> {
    if !deliveries::save(write, lease.workspace, delivery, &deliveries::CLAIMABLE, time.now).await? {
        return Ok(());
    }
    timeline::add(write, lease.workspace, delivery.subject, Some(delivery.id), steps, time.now).await?;
    if delivery.state == DeliveryState::Done && steps.iter().any(|step| step.code == EMAIL_KEPT_ELSEWHERE) {
        inbox::publish(write, lease.workspace, &Notice::email_refused(delivery), time.now).await?;
    }
    if delivery.state == DeliveryState::Failed {
        inbox::publish(write, lease.workspace, &Notice::delivery_failed(delivery), time.now).await?;
    }
    Ok(())
}
