//! What the results of a round make of a delivery: done, tried again, held, or failed for good.

use crate::delivery::refusal::{DeliveryFailure, apply_refusal, classify};
use crate::delivery::write::{SavedRecord, WriteResult};
use domain::delivery::{
    Delivery, DeliveryPlan, DeliveryState, FailureClass, FollowUp, Operation, RecordAction, Retry, Write,
    after_failure,
};
use domain::value::{Step, Timestamp};
use salesforce::Error;

/// Tries that follow each other without a pause; each leaves out another value.
const MAX_TRIES_AT_ONCE: u32 = 20;

/// When and for how long, for the decisions on what comes next.
#[derive(Clone, Copy, Debug)]
pub struct RoundTime {
    /// Now.
    pub now: Timestamp,
    /// Now by the database's clock, by which all nodes judge how long ago something was sent.
    pub database_now: Timestamp,
    /// How long the org may take to act on a request whose response was lost, in seconds.
    pub settle_seconds: i64,
}

/// Applies the results of a plan's writes to its delivery and tells what happened, step by step.
///
/// `results` belong to `plan.writes`, in order.
pub fn apply_results(
    delivery: &mut Delivery,
    plan: &DeliveryPlan,
    results: &[WriteResult],
    time: RoundTime,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut failures = Vec::new();
    let mut open = Vec::new();
    // What needs the record of a write that did not succeed was not written either: the next round writes it.
    let mut left_over = false;
    for (write, result) in plan.writes.iter().zip(results) {
        let made = write.record_of.as_ref().and_then(|other| results.get(other.place));
        if result.is_err() && matches!(made, Some(Err(_))) {
            left_over = true;
            if matches!(result, Err(error) if error.may_have_acted()) {
                open.push(write.clone());
            }
            continue;
        }
        match result {
            Ok(saved) => written(delivery, write, saved, &mut steps),
            Err(error) => {
                if error.may_have_acted() {
                    open.push(write.clone());
                }
                failures.extend(apply_refusal(delivery, write, error, &mut steps));
            }
        }
    }
    match (&mut delivery.open_attempt, open.is_empty()) {
        (Some(attempt), false) => attempt.writes = open,
        (attempt, true) => *attempt = None,
        (None, false) => {}
    }
    // The most serious failure decides: what is unknown must be found out before anything is given up.
    match failures.into_iter().max_by_key(|failure| rank(failure.class)) {
        Some(failure) => fail(delivery, &failure, time, &mut steps),
        None if left_over => go_on(delivery, time),
        None => finish(delivery, plan, time, &mut steps),
    }
    delivery.explanation = plan.steps.iter().chain(&steps).cloned().collect();
    steps
}

/// Reading back found fewer records than planned, and the org may still be processing the request.
pub fn wait(delivery: &mut Delivery, until: Timestamp, time: RoundTime) {
    let next = after_failure(FailureClass::Unknown, delivery.attempts, time.now, time.settle_seconds);
    delivery.due_at = match next {
        Retry::At(at) => at.min(until),
        Retry::Hold | Retry::GiveUp => until,
    };
}

/// What a whole round's failure makes of a delivery before anything of it was written.
pub fn postpone(delivery: &mut Delivery, error: &Error, time: RoundTime) -> Vec<Step> {
    let mut steps = Vec::new();
    let failure = classify(error, delivery.attempts);
    // Only looked up so far: nothing is open that wasn't open before.
    // A refused look-up is "don't know" too: a person may fix what the org hides, and one delivery's refusal
    // must not give up all the others of its round.
    let class = match failure.class {
        FailureClass::Unknown | FailureClass::Permanent => FailureClass::Transient,
        FailureClass::Transient | FailureClass::Limit | FailureClass::Auth => failure.class,
    };
    let retry_singly = delivery.retry_singly;
    fail(delivery, &DeliveryFailure { class, retry_singly, ..failure }, time, &mut steps);
    steps
}

fn rank(class: FailureClass) -> u8 {
    match class {
        FailureClass::Permanent => 0,
        FailureClass::Transient => 1,
        FailureClass::Limit => 2,
        FailureClass::Auth => 3,
        FailureClass::Unknown => 4,
    }
}

fn written(delivery: &mut Delivery, write: &Write, saved: &SavedRecord, steps: &mut Vec<Step>) {
    let id = saved.id.as_str();
    let (code, action) = match write.operation {
        Operation::Create | Operation::Upsert { .. } if saved.was_there => {
            ("record-recovered", RecordAction::Recovered)
        }
        Operation::Create | Operation::Upsert { .. } => ("record-created", RecordAction::Created),
        Operation::Update { .. } => ("record-updated", RecordAction::Updated),
    };
    steps.push(Step::new(code).with("object", &write.object).with("id", id));
    delivery.add_record(&write.object, id, action);
}

fn fail(delivery: &mut Delivery, failure: &DeliveryFailure, time: RoundTime, steps: &mut Vec<Step>) {
    delivery.error_code = Some(failure.code.clone());
    delivery.retry_singly = failure.retry_singly;
    if failure.retry_now && delivery.attempts < MAX_TRIES_AT_ONCE {
        delivery.due_at = time.now;
        return;
    }
    match failure.class {
        FailureClass::Unknown => steps.push(Step::new("answer-lost").with("detail", &failure.message)),
        FailureClass::Limit => steps.push(Step::new("limit-reached")),
        FailureClass::Transient => steps.push(Step::new("org-unavailable").with("detail", &failure.message)),
        FailureClass::Auth | FailureClass::Permanent => {}
    }
    match after_failure(failure.class, delivery.attempts, time.now, time.settle_seconds) {
        Retry::At(at) => {
            delivery.due_at = at;
            steps.push(Step::new("retry-at").with("at", at));
        }
        Retry::Hold => {
            delivery.state = DeliveryState::Held;
            steps.push(Step::new("delivery-held"));
        }
        Retry::GiveUp => {
            delivery.state = DeliveryState::Failed;
            steps.push(Step::new("gave-up").with("code", &failure.code).with("message", &failure.message));
        }
    }
}

/// The rest is decided in the next round, which is no further try of what failed.
fn go_on(delivery: &mut Delivery, time: RoundTime) {
    delivery.error_code = None;
    delivery.due_at = time.now;
}

fn finish(delivery: &mut Delivery, plan: &DeliveryPlan, time: RoundTime, steps: &mut Vec<Step>) {
    delivery.error_code = None;
    delivery.retry_singly = false;
    if plan.follow_up == FollowUp::GoOn {
        go_on(delivery, time);
        return;
    }
    if let FollowUp::SearchAgain { at, until } = plan.follow_up {
        delivery.due_at = at;
        delivery.search_until = Some(until);
        // A later search is not a failure, so it does not count as an attempt.
        delivery.attempts = 0;
        return;
    }
    let has_records = !delivery.records.is_empty();
    delivery.state = match plan.follow_up {
        FollowUp::Cancel if !has_records => DeliveryState::Cancelled,
        _ if plan.writes.is_empty() && !has_records => DeliveryState::Skipped,
        _ => DeliveryState::Done,
    };
    delivery.due_at = time.now;
    if delivery.state == DeliveryState::Done {
        steps.push(Step::new("delivery-done"));
    }
}
