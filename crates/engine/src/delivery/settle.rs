//! What an outcome makes of a delivery: done, tried again, held, or failed for good.

use crate::delivery::batch::{DUPLICATES, DeliveryJob};
use crate::delivery::write::WriteResult;
use domain::delivery::{
    DeliveredRecord, DeliveryPlan, DeliveryState, FailureClass, FollowUp, RecordAction, Retry, Write,
    after_failure,
};
use domain::value::{Step, Timestamp};
use salesforce::{ApiError, Error};

/// Fields that the booking can do without; a refusal of one of the others is final.
const REQUIRED_FIELDS: [&str; 14] = [
    "LastName",
    "FirstName",
    "Company",
    "Email",
    "Subject",
    "Description",
    "ActivityDate",
    "StartDateTime",
    "EndDateTime",
    "WhoId",
    "OwnerId",
    "CampaignId",
    "LeadId",
    "ContactId",
];
/// Refusals of one field's value (K16).
const FIELD_REFUSALS: [&str; 8] = [
    "INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST",
    "STRING_TOO_LONG",
    "INVALID_EMAIL_ADDRESS",
    "NUMBER_OUTSIDE_VALID_RANGE",
    "INVALID_TYPE_ON_FIELD_IN_RECORD",
    "INVALID_FIELD_FOR_INSERT_UPDATE",
    "FIELD_INTEGRITY_EXCEPTION",
    "FIELD_CUSTOM_VALIDATION_EXCEPTION",
];
/// What was found has changed since: looking again can help, a few times.
const STALE_REFERENCES: [&str; 6] = [
    "INVALID_CROSS_REFERENCE_KEY",
    "ENTITY_IS_DELETED",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "INACTIVE_OWNER_OR_USER",
    "MALFORMED_ID",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
];
const STALE_ATTEMPTS: u32 = 3;
/// Tries that follow each other without a pause; each leaves out another value.
const MAX_CONCURRENT: u32 = 20;

/// When and for how long, for the decisions on what comes next.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RoundTime {
    pub(crate) now: Timestamp,
    pub(crate) settle_seconds: i64,
}

/// Why one delivery could not be finished in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
struct DeliveryFailure {
    class: FailureClass,
    code: String,
    message: String,
    retry_now: bool,
}

/// Applies the outcomes of a plan's writes to its delivery and tells what happened, step by step.
///
/// `outcomes` belong to `plan.writes`, in order.
pub(crate) fn apply_results(
    job: &mut DeliveryJob,
    plan: &DeliveryPlan,
    outcomes: &[WriteResult],
    moment: RoundTime,
) -> Vec<Step> {
    let mut steps = Vec::new();
    let mut troubles = Vec::new();
    let mut open = Vec::new();
    for (write, outcome) in plan.writes.iter().zip(outcomes) {
        match outcome {
            Ok(id) => written(job, write, id.as_str(), &mut steps),
            Err(error) => {
                if error.may_have_acted() {
                    open.push(write.clone());
                }
                troubles.extend(refused(job, write, error, &mut steps));
            }
        }
    }
    match (&mut job.delivery.open_attempt, open.is_empty()) {
        (Some(attempt), false) => attempt.writes = open,
        (attempt, true) => *attempt = None,
        (None, false) => {}
    }
    // The most serious trouble decides: what is unknown must be found out before anything is given up.
    match troubles.into_iter().max_by_key(|trouble| rank(trouble.class)) {
        Some(trouble) => fail(job, &trouble, moment, &mut steps),
        None => finish(job, plan, moment, &mut steps),
    }
    job.delivery.explanation = plan.steps.iter().chain(&steps).cloned().collect();
    steps
}

/// Reading back found fewer records than planned, and the org may still be processing the request.
pub(crate) fn wait(job: &mut DeliveryJob, until: Timestamp, moment: RoundTime) {
    let next = after_failure(FailureClass::Unknown, job.delivery.attempts, moment.now, moment.settle_seconds);
    job.delivery.due_at = match next {
        Retry::At(at) => at.min(until),
        Retry::Hold | Retry::GiveUp => until,
    };
}

/// What a whole round's failure makes of a delivery before anything of it was written.
pub(crate) fn postpone(job: &mut DeliveryJob, error: &Error, moment: RoundTime) -> Vec<Step> {
    let mut steps = Vec::new();
    let trouble = classify(error, job.delivery.attempts);
    // Only looked up so far: nothing is open that wasn't open before.
    // A rejected lookup is retried too: an admin may fix what the org hides, and one delivery's error
    // must not give up all the others of its round.
    let class = match trouble.class {
        FailureClass::Unknown | FailureClass::Permanent => FailureClass::Transient,
        FailureClass::Transient | FailureClass::Limit | FailureClass::Auth => trouble.class,
    };
    fail(job, &DeliveryFailure { class, ..trouble }, moment, &mut steps);
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

fn written(job: &mut DeliveryJob, write: &Write, id: &str, steps: &mut Vec<Step>) {
    let (code, action) = match write {
        Write::Create { .. } => ("record-created", RecordAction::Created),
        Write::Update { .. } => ("record-updated", RecordAction::Updated),
    };
    steps.push(Step::new(code).with("object", write.object()).with("id", id));
    store_record(job, write.object(), id, action);
}

fn store_record(job: &mut DeliveryJob, object: &str, id: &str, action: RecordAction) {
    if !job.delivery.records.iter().any(|record| record.id == id) {
        let record = DeliveredRecord { object: object.to_owned(), id: id.to_owned(), action };
        job.delivery.records.push(record);
    }
}

/// A refusal that is as good as success or can be put right gives no trouble, or a try at once.
fn refused(
    job: &mut DeliveryJob,
    write: &Write,
    error: &Error,
    steps: &mut Vec<Step>,
) -> Option<DeliveryFailure> {
    let errors = error.api_errors();
    if write.object() == "CampaignMember" && error.has_code("DUPLICATE_VALUE") {
        steps.push(Step::new("campaign-member-already"));
        return None;
    }
    let new_lead = matches!(write, Write::Create { object, .. } if object == "Lead");
    if let Some(duplicates) = errors.iter().find(|one| one.code == DUPLICATES).filter(|_| new_lead) {
        return duplicate(job, write, duplicates, steps);
    }
    let mut dropped = droppable(write, errors);
    // What was left out already and is refused all the same can't be helped by leaving it out.
    dropped.retain(|(field, _, _)| !job.delivery.dropped_fields.contains(field));
    if !dropped.is_empty() {
        for (field, value, reason) in &dropped {
            steps.push(
                Step::new("value-dropped")
                    .with("field", field)
                    .with("question", field)
                    .with("value", value)
                    .with("reason", "refused-by-org")
                    .with("message", reason),
            );
            job.delivery.dropped_fields.push(field.clone());
        }
        let code = errors.first().map_or_else(String::new, |one| one.code.clone());
        return Some(DeliveryFailure {
            class: FailureClass::Transient,
            code,
            message: String::new(),
            retry_now: true,
        });
    }
    let trouble = classify(error, job.delivery.attempts);
    for one in errors {
        steps.push(
            Step::new("org-refused")
                .with("object", write.object())
                .with("code", &one.code)
                .with("message", one.message.trim()),
        );
    }
    Some(trouble)
}

/// `DUPLICATES_DETECTED` names the record that the org takes for the same: it is adopted, and not written to,
/// because its e-mail is another and it may be somebody else's after all.
fn duplicate(
    job: &mut DeliveryJob,
    write: &Write,
    error: &ApiError,
    steps: &mut Vec<Step>,
) -> Option<DeliveryFailure> {
    if let Some(found) = error.duplicates.first() {
        steps.push(
            Step::new("lead-duplicate-adopted")
                .with("object", &found.object)
                .with("id", found.id.as_str())
                .with("rule", &found.rule),
        );
        store_record(job, &found.object, found.id.as_str(), RecordAction::Adopted);
        return None;
    }
    let asked_singly = job.delivery.error_code.as_deref() == Some(DUPLICATES);
    if asked_singly {
        let message = error.message.clone();
        steps.push(
            Step::new("org-refused")
                .with("object", write.object())
                .with("code", DUPLICATES)
                .with("message", &message),
        );
        return Some(DeliveryFailure {
            class: FailureClass::Permanent,
            code: DUPLICATES.to_owned(),
            message,
            retry_now: false,
        });
    }
    steps.push(Step::new("lead-duplicate-look"));
    Some(DeliveryFailure {
        class: FailureClass::Transient,
        code: DUPLICATES.to_owned(),
        message: String::new(),
        retry_now: true,
    })
}

/// The fields that were refused and can be left out, each with its value and the org's words.
fn droppable(write: &Write, errors: &[ApiError]) -> Vec<(String, String, String)> {
    let mut dropped = Vec::new();
    for error in errors {
        let can_go = FIELD_REFUSALS.contains(&error.code.as_str())
            && !error.fields.is_empty()
            && error.fields.iter().all(|field| {
                !REQUIRED_FIELDS.contains(&field.as_str()) && write.fields().contains_key(field.as_str())
            });
        if !can_go {
            return Vec::new();
        }
        for field in &error.fields {
            let value = write.fields().get(field.as_str()).map(plain).unwrap_or_default();
            dropped.push((field.clone(), value.chars().take(120).collect(), error.message.clone()));
        }
    }
    dropped
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn classify(error: &Error, attempts: u32) -> DeliveryFailure {
    let class = match error {
        Error::SessionExpired => FailureClass::Transient,
        Error::LimitReached { .. } => FailureClass::Limit,
        Error::NotSent { .. } => FailureClass::Transient,
        Error::Unknown { .. } | Error::Unreadable { .. } | Error::TooLong { .. } => FailureClass::Unknown,
        Error::Refused { .. } if error.is_transient() => FailureClass::Transient,
        Error::Refused { errors, .. }
            if attempts < STALE_ATTEMPTS
                && errors.iter().any(|one| STALE_REFERENCES.contains(&one.code.as_str())) =>
        {
            FailureClass::Transient
        }
        Error::Refused { .. } | Error::InvalidRequest { .. } => FailureClass::Permanent,
    };
    let first = error.api_errors().first();
    let code = first.map_or_else(|| code(error).to_owned(), |one| one.code.clone());
    let message = first.map_or_else(|| error.to_string(), |one| one.message.trim().to_owned());
    DeliveryFailure { class, code, message, retry_now: false }
}

fn code(error: &Error) -> &'static str {
    match error {
        Error::NotSent { .. } => "NOT_REACHED",
        Error::InvalidRequest { .. } => "INVALID_REQUEST",
        Error::Unknown { .. } | Error::Unreadable { .. } | Error::TooLong { .. } => "ANSWER_LOST",
        Error::SessionExpired => "INVALID_SESSION_ID",
        Error::LimitReached { .. } => "REQUEST_LIMIT_EXCEEDED",
        Error::Refused { .. } => "REFUSED",
    }
}

fn fail(job: &mut DeliveryJob, trouble: &DeliveryFailure, moment: RoundTime, steps: &mut Vec<Step>) {
    let delivery = &mut job.delivery;
    delivery.error_code = Some(trouble.code.clone());
    if trouble.retry_now && delivery.attempts < MAX_CONCURRENT {
        delivery.due_at = moment.now;
        return;
    }
    match trouble.class {
        FailureClass::Unknown => steps.push(Step::new("answer-lost").with("detail", &trouble.message)),
        FailureClass::Limit => steps.push(Step::new("limit-reached")),
        FailureClass::Transient => steps.push(Step::new("org-unavailable").with("detail", &trouble.message)),
        FailureClass::Auth | FailureClass::Permanent => {}
    }
    match after_failure(trouble.class, delivery.attempts, moment.now, moment.settle_seconds) {
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
            steps.push(Step::new("gave-up").with("code", &trouble.code).with("message", &trouble.message));
        }
    }
}

fn finish(job: &mut DeliveryJob, plan: &DeliveryPlan, moment: RoundTime, steps: &mut Vec<Step>) {
    let delivery = &mut job.delivery;
    delivery.error_code = None;
    match plan.follow_up {
        FollowUp::SearchAgain { at, until } => {
            delivery.due_at = at;
            delivery.search_until = Some(until);
            // A later search is not a failure, so it does not count as an attempt.
            delivery.attempts = 0;
        }
        FollowUp::Finish => {
            let cancelled = plan.steps.iter().any(|step| step.code == "delivery-booking-cancelled");
            let nothing = plan.writes.is_empty() && delivery.records.is_empty();
            delivery.state = match (cancelled && delivery.records.is_empty(), nothing) {
                (true, _) => DeliveryState::Cancelled,
                (false, true) => DeliveryState::Skipped,
                (false, false) => DeliveryState::Done,
            };
            delivery.due_at = moment.now;
            if delivery.state == DeliveryState::Done {
                steps.push(Step::new("delivery-done"));
            }
        }
    }
}
