//! What each refusal of the org means for a write and its delivery.

use super::*;
use domain::delivery::{DeliveryKind, DeliveryState, Fields, Recovery, Subject, SubjectKind};
use domain::value::{DeliveryId, Timestamp};
use salesforce::Limit;
use serde_json::json;
use uuid::Uuid;

fn delivery() -> Delivery {
    let subject = Subject { kind: SubjectKind::Booking, id: Uuid::from_u128(2) };
    let id = DeliveryId(Uuid::from_u128(1));
    Delivery::new(id, subject, DeliveryKind::Page, DeliveryState::Due, Timestamp::from_seconds(0))
}

fn write() -> Write {
    let fields: Fields =
        json!({ "LastName": "山田", "Rating": "熱い", "Seats__c": 12, "Note__c": "あ".repeat(300) })
            .as_object()
            .unwrap()
            .clone();
    Write::create("Lead", fields, Recovery::Repeatable).requiring(&["LastName"])
}

fn said(code: &str, fields: &[&str]) -> ApiError {
    ApiError {
        code: code.to_owned(),
        message: " だめです ".to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        duplicates: Vec::new(),
    }
}

fn refused(errors: Vec<ApiError>) -> Error {
    Error::Refused { status: 400, errors }
}

#[test]
fn each_error_has_its_class_and_code() {
    use FailureClass::{Limit as OverLimit, Permanent, Transient, Unknown};
    let text = || "x".to_owned();
    for (error, attempts, class, code) in [
        (Error::SessionExpired, 1, Transient, "INVALID_SESSION_ID"),
        (Error::LimitReached { limit: Limit::Daily }, 1, OverLimit, "REQUEST_LIMIT_EXCEEDED"),
        (Error::LimitReached { limit: Limit::Rate }, 1, OverLimit, "REQUEST_LIMIT_EXCEEDED"),
        (Error::NotSent { reason: text() }, 9, Transient, "NOT_REACHED"),
        (Error::Unknown { reason: text() }, 1, Unknown, "ANSWER_LOST"),
        (Error::Unreadable { status: 200, reason: text() }, 1, Unknown, "ANSWER_LOST"),
        (Error::TooLong { status: 200, largest: 1 }, 1, Unknown, "ANSWER_LOST"),
        (Error::InvalidRequest { reason: text() }, 1, Permanent, "INVALID_REQUEST"),
        (refused(vec![]), 1, Permanent, "REFUSED"),
        (refused(vec![said("UNABLE_TO_LOCK_ROW", &[])]), 9, Transient, "UNABLE_TO_LOCK_ROW"),
        (refused(vec![said("REQUIRED_FIELD_MISSING", &[])]), 1, Permanent, "REQUIRED_FIELD_MISSING"),
        (refused(vec![said("MALFORMED_ID", &[])]), MAX_STALE_ATTEMPTS - 1, Transient, "MALFORMED_ID"),
        (refused(vec![said("MALFORMED_ID", &[])]), MAX_STALE_ATTEMPTS, Permanent, "MALFORMED_ID"),
        (
            refused(vec![said("REQUIRED_FIELD_MISSING", &[]), said("ENTITY_IS_DELETED", &[])]),
            1,
            Transient,
            "REQUIRED_FIELD_MISSING",
        ),
    ] {
        let failure = classify(&error, attempts);
        assert_eq!((failure.class, failure.code.as_str()), (class, code), "{error} at {attempts}");
        assert!(!failure.retry_now && !failure.retry_singly, "{error}");
    }
    for code in STALE_REFERENCES {
        assert_eq!(classify(&refused(vec![said(code, &[])]), 1).class, Transient, "{code}");
    }
    assert_eq!(classify(&refused(vec![said("X", &[])]), 1).message, "だめです", "the org's words, trimmed");
}

#[test]
fn refused_values_are_dropped_together_or_not_at_all() {
    let long = || said("STRING_TOO_LONG", &["Note__c"]);
    for (what, errors, dropped) in [
        ("one field", vec![long()], vec!["Note__c"]),
        (
            "two of one refusal",
            vec![said("FIELD_INTEGRITY_EXCEPTION", &["Rating", "Seats__c"])],
            vec!["Rating", "Seats__c"],
        ),
        ("two refusals", vec![long(), said("INVALID_EMAIL_ADDRESS", &["Rating"])], vec!["Note__c", "Rating"]),
        ("one of them required", vec![said("STRING_TOO_LONG", &["Rating", "LastName"])], vec![]),
        ("no field named", vec![said("STRING_TOO_LONG", &[])], vec![]),
        ("a field that was not written", vec![said("STRING_TOO_LONG", &["Phone"])], vec![]),
        ("a refusal of something else beside", vec![long(), said("REQUIRED_FIELD_MISSING", &[])], vec![]),
        ("another refusal that names a field", vec![said("REQUIRED_FIELD_MISSING", &["Rating"])], vec![]),
    ] {
        let (mut delivery, mut steps) = (delivery(), Vec::new());
        let failure = apply_refusal(&mut delivery, &write(), &refused(errors.clone()), &mut steps).unwrap();
        assert_eq!(delivery.dropped_fields, dropped, "{what}");
        assert_eq!(
            (failure.retry_now, failure.code.as_str()),
            (!dropped.is_empty(), errors[0].code.as_str()),
            "{what}"
        );
        let code = if dropped.is_empty() { "org-refused" } else { "value-dropped" };
        assert!(steps.iter().all(|step| step.code == code) && !steps.is_empty(), "{what}: {steps:?}");
    }
    for code in FIELD_REFUSALS {
        let mut delivery = delivery();
        apply_refusal(&mut delivery, &write(), &refused(vec![said(code, &["Rating"])]), &mut Vec::new());
        assert_eq!(delivery.dropped_fields, ["Rating"], "{code}");
    }
}

#[test]
fn dropped_value_is_shown_shortened() {
    let short = "あ".repeat(MAX_SHOWN);
    for (field, value) in [("Rating", "熱い"), ("Seats__c", "12"), ("Note__c", short.as_str())] {
        let (mut delivery, mut steps) = (delivery(), Vec::new());
        let error = refused(vec![said("STRING_TOO_LONG", &[field])]);
        apply_refusal(&mut delivery, &write(), &error, &mut steps);
        let step = Step::new("value-dropped")
            .with("field", field)
            .with("question", field)
            .with("value", value)
            .with("reason", "refused-by-org")
            .with("message", " だめです ");
        assert_eq!(steps, [step]);
    }
}

#[test]
fn duplicate_value_of_a_write_that_is_done_by_it_is_success() {
    let error = refused(vec![said(DUPLICATE_VALUE, &[])]);
    for (object, meaning, step) in [
        ("CampaignMember", OnDuplicate::Done, "campaign-member-already"),
        ("Visit__c", OnDuplicate::Done, "record-already"),
        ("Visit__c", OnDuplicate::AdoptSameEmail, "org-refused"),
        ("Visit__c", OnDuplicate::Fail, "org-refused"),
    ] {
        let (mut delivery, mut steps) = (delivery(), Vec::new());
        let write = Write { object: object.to_owned(), ..write() }.on_duplicate(meaning);
        let failure = apply_refusal(&mut delivery, &write, &error, &mut steps);
        assert_eq!(failure.is_none(), meaning == OnDuplicate::Done, "{object} {meaning:?}");
        assert_eq!(steps.iter().map(|step| step.code.as_str()).collect::<Vec<_>>(), [step]);
    }
}

#[test]
fn unnamed_duplicate_is_asked_for_singly_and_then_given_up() {
    let error = refused(vec![said(DUPLICATES, &[])]);
    let adopting = write().on_duplicate(OnDuplicate::AdoptSameEmail);
    for (retry_singly, class, again) in
        [(false, FailureClass::Transient, true), (true, FailureClass::Permanent, false)]
    {
        let mut delivery = Delivery { retry_singly, ..delivery() };
        let failure = apply_refusal(&mut delivery, &adopting, &error, &mut Vec::new()).unwrap();
        assert_eq!((failure.class, failure.retry_now, failure.retry_singly), (class, again, again));
        assert_eq!((failure.code.as_str(), delivery.records.len()), (DUPLICATES, 0));
    }
    let failing = apply_refusal(&mut delivery(), &write(), &error, &mut Vec::new()).unwrap();
    assert_eq!(failing.class, FailureClass::Permanent, "a write that does not adopt fails by it");
}
