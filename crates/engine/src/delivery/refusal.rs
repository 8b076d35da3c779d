//! What a refused write means: success after all, a value to leave out, a record to use, or a failure.

use domain::delivery::{Delivery, FailureClass, OnDuplicate, RecordAction, Write};
use domain::value::{EmailAddress, Step};
use salesforce::{ApiError, DuplicateMatch, Error};

/// The org's duplicate rule spoke; a single write's response names the matches.
const DUPLICATES: &str = "DUPLICATES_DETECTED";
/// The org has such a record already.
const DUPLICATE_VALUE: &str = "DUPLICATE_VALUE";
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
/// What was found has changed since: looking up again can help, a few times.
const STALE_REFERENCES: [&str; 8] = [
    "NOT_FOUND",
    "DUPLICATE_EXTERNAL_ID",
    "INVALID_CROSS_REFERENCE_KEY",
    "ENTITY_IS_DELETED",
    "CANNOT_UPDATE_CONVERTED_LEAD",
    "INACTIVE_OWNER_OR_USER",
    "MALFORMED_ID",
    "INSUFFICIENT_ACCESS_ON_CROSS_REFERENCE_ENTITY",
];
const MAX_STALE_ATTEMPTS: u32 = 3;
/// Characters of a left-out value that the timeline shows.
const MAX_SHOWN: usize = 120;

/// Why one delivery could not be finished in a round.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct DeliveryFailure {
    pub(crate) class: FailureClass,
    /// A short code, for grouping in the inbox.
    pub(crate) code: String,
    /// The org's words.
    pub(crate) message: String,
    /// The next try can succeed at once, as it writes something else.
    pub(crate) retry_now: bool,
    /// The next try writes each record by itself.
    pub(crate) retry_singly: bool,
}

impl DeliveryFailure {
    fn retry_now(code: &str) -> Self {
        Self {
            class: FailureClass::Transient,
            code: code.to_owned(),
            message: String::new(),
            retry_now: true,
            retry_singly: false,
        }
    }
}

/// A refusal that is as good as success or can be put right gives no failure, or a try at once.
pub(crate) fn apply_refusal(
    delivery: &mut Delivery,
    write: &Write,
    error: &Error,
    steps: &mut Vec<Step>,
) -> Option<DeliveryFailure> {
    let errors = error.api_errors();
    if write.on_duplicate == OnDuplicate::Done && error.has_code(DUPLICATE_VALUE) {
        steps.push(already_there(write));
        return None;
    }
    let duplicates = errors.iter().find(|one| one.code == DUPLICATES);
    if let (OnDuplicate::AdoptSameEmail | OnDuplicate::UpdateSameEmail, Some(duplicates)) =
        (write.on_duplicate, duplicates)
    {
        return adopt_or_allow(delivery, write, duplicates, steps);
    }
    let mut dropped = droppable(write, errors);
    // What was left out already and is refused all the same can't be helped by leaving it out.
    dropped.retain(|(field, _, _)| !delivery.dropped_fields.contains(field));
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
            delivery.dropped_fields.push(field.clone());
        }
        return Some(DeliveryFailure::retry_now(errors.first().map_or("", |one| &one.code)));
    }
    steps.extend(errors.iter().map(|one| org_refused(write, &one.code, one.message.trim())));
    Some(classify(error, delivery.attempts))
}

/// The sentence for a campaign is of its own; every other object has a general one.
fn already_there(write: &Write) -> Step {
    match write.object.as_str() {
        "CampaignMember" => Step::new("campaign-member-already"),
        object => Step::new("record-already").with("object", object),
    }
}

fn org_refused(write: &Write, code: &str, message: &str) -> Step {
    Step::new("org-refused").with("object", &write.object).with("code", code).with("message", message)
}

/// `DUPLICATES_DETECTED` names records that the org takes for the same. One with the same e-mail is adopted; another's
/// is not, and the record is saved beside it if the rule allows that.
fn adopt_or_allow(
    delivery: &mut Delivery,
    write: &Write,
    error: &ApiError,
    steps: &mut Vec<Step>,
) -> Option<DeliveryFailure> {
    let told = |code: &str, found: &DuplicateMatch| {
        Step::new(code).with("object", &found.object).with("id", found.id.as_str()).with("rule", &found.rule)
    };
    if let Some(same) = error.duplicates.iter().find(|found| has_same_email(write, found)) {
        steps.push(told("lead-duplicate-adopted", same));
        delivery.add_record(&same.object, same.id.as_str(), RecordAction::Adopted);
        let gets_values = write.on_duplicate == OnDuplicate::UpdateSameEmail && same.object == write.object;
        return gets_values.then(|| DeliveryFailure::retry_now(DUPLICATES));
    }
    let Some(other) = error.duplicates.first() else {
        if !delivery.retry_singly {
            steps.push(Step::new("lead-duplicate-look"));
            return Some(DeliveryFailure { retry_singly: true, ..DeliveryFailure::retry_now(DUPLICATES) });
        }
        return Some(blocked(write, error, steps));
    };
    if other.allow_save && !delivery.allow_duplicates {
        steps.push(told("lead-duplicate-allowed", other));
        delivery.allow_duplicates = true;
        return Some(DeliveryFailure { retry_singly: true, ..DeliveryFailure::retry_now(DUPLICATES) });
    }
    steps.push(told("lead-duplicate-blocked", other));
    Some(blocked(write, error, steps))
}

fn blocked(write: &Write, error: &ApiError, steps: &mut Vec<Step>) -> DeliveryFailure {
    steps.push(org_refused(write, DUPLICATES, &error.message));
    DeliveryFailure {
        class: FailureClass::Permanent,
        message: error.message.clone(),
        retry_now: false,
        ..DeliveryFailure::retry_now(DUPLICATES)
    }
}

fn has_same_email(write: &Write, found: &DuplicateMatch) -> bool {
    let key = |text: &str| EmailAddress::parse(text).ok().map(EmailAddress::into_key);
    let written = write.written_value("Email").and_then(|email| key(&email));
    written.is_some() && found.email.as_deref().and_then(key) == written
}

/// The fields that were refused and can be left out, each with its value and the org's words.
fn droppable(write: &Write, errors: &[ApiError]) -> Vec<(String, String, String)> {
    let mut dropped = Vec::new();
    for error in errors {
        let can_go = FIELD_REFUSALS.contains(&error.code.as_str())
            && !error.fields.is_empty()
            && error.fields.iter().all(|field| write.may_drop(field));
        if !can_go {
            return Vec::new();
        }
        for field in &error.fields {
            let value = write.fields.get(field.as_str()).map(plain).unwrap_or_default();
            dropped.push((field.clone(), value.chars().take(MAX_SHOWN).collect(), error.message.clone()));
        }
    }
    dropped
}

fn plain(value: &serde_json::Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

/// The class of an error, which decides when it is tried again.
pub(crate) fn classify(error: &Error, attempts: u32) -> DeliveryFailure {
    let class = match error {
        Error::SessionExpired => FailureClass::Transient,
        Error::LimitReached { .. } => FailureClass::Limit,
        Error::NotSent { .. } => FailureClass::Transient,
        Error::Unknown { .. } | Error::Unreadable { .. } | Error::TooLong { .. } => FailureClass::Unknown,
        Error::Refused { .. } if error.is_transient() => FailureClass::Transient,
        Error::Refused { errors, .. }
            if attempts < MAX_STALE_ATTEMPTS
                && errors.iter().any(|one| STALE_REFERENCES.contains(&one.code.as_str())) =>
        {
            FailureClass::Transient
        }
        Error::Refused { .. } | Error::InvalidRequest { .. } => FailureClass::Permanent,
    };
    let first = error.api_errors().first();
    let code = first.map_or_else(|| code(error).to_owned(), |one| one.code.clone());
    let message = first.map_or_else(|| error.to_string(), |one| one.message.trim().to_owned());
    DeliveryFailure { class, code, message, retry_now: false, retry_singly: false }
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

#[cfg(test)]
#[path = "refusal_tests.rs"]
mod tests;
