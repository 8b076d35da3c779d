//! What results make of a delivery: a row per kind of answer.

use crate::fixtures::{NOW, numbered};
use domain::delivery::{
    DeliveredRecord, Delivery, DeliveryPlan, DeliveryState, Fields, FollowUp, OnDuplicate, OpenAttempt,
    Operation, RecordAction, Recovery, Write,
};
use domain::value::Step;
use engine::delivery::settle::{RoundTime, apply_results, postpone, wait};
use engine::delivery::write::{SavedRecord, WriteResult};
use salesforce::{ApiError, DuplicateMatch, Error, Limit};
use serde_json::json;

const TIME: RoundTime = RoundTime { now: NOW, database_now: NOW, settle_seconds: 20 };
const ID: &str = "00Q000000000001EAA";

fn write() -> Write {
    let fields: Fields = json!({ "LastName": "山田", "Rating": "Hot" }).as_object().unwrap().clone();
    Write::create("Lead", fields, Recovery::Marker { field: "Description".to_owned() })
        .requiring(&["LastName"])
}

fn plan(writes: Vec<Write>) -> DeliveryPlan {
    DeliveryPlan::new(writes, FollowUp::Finish, vec![Step::new("lead-create")])
}

/// A delivery whose attempt is on its way.
fn sent(writes: &[Write]) -> Delivery {
    let attempt = OpenAttempt { org_time: NOW, sent_at: NOW, writes: writes.to_vec() };
    Delivery { open_attempt: Some(attempt), ..numbered(1, 1) }
}

fn refused(code: &str, fields: &[&str]) -> Error {
    refused_with(code, fields, Vec::new())
}

fn refused_with(code: &str, fields: &[&str], duplicates: Vec<DuplicateMatch>) -> Error {
    let error = ApiError {
        code: code.to_owned(),
        message: "no".to_owned(),
        fields: fields.iter().map(|field| (*field).to_owned()).collect(),
        duplicates,
    };
    Error::Refused { status: 400, errors: vec![error] }
}

fn lost() -> Error {
    Error::Unknown { reason: "reset".to_owned() }
}

struct Row {
    what: &'static str,
    error: Error,
    attempts: u32,
    state: DeliveryState,
    code: Option<&'static str>,
    stays_open: bool,
    step: &'static str,
}

#[test]
fn each_kind_of_error_has_its_consequence() {
    use DeliveryState::{Due, Failed};
    let row = |what, error, state, code, stays_open, step| Row {
        what,
        error,
        attempts: 1,
        state,
        code,
        stays_open,
        step,
    };
    let rows = [
        row("response lost", lost(), Due, Some("ANSWER_LOST"), true, "answer-lost"),
        row(
            "not reached",
            Error::NotSent { reason: "refused".to_owned() },
            Due,
            Some("NOT_REACHED"),
            false,
            "org-unavailable",
        ),
        row(
            "daily limit",
            Error::LimitReached { limit: Limit::Daily },
            Due,
            Some("REQUEST_LIMIT_EXCEEDED"),
            false,
            "limit-reached",
        ),
        row("session ended", Error::SessionExpired, Due, Some("INVALID_SESSION_ID"), false, "retry-at"),
        row(
            "row locked",
            refused("UNABLE_TO_LOCK_ROW", &[]),
            Due,
            Some("UNABLE_TO_LOCK_ROW"),
            false,
            "retry-at",
        ),
        row(
            "optional value refused",
            refused("STRING_TOO_LONG", &["Rating"]),
            Due,
            Some("STRING_TOO_LONG"),
            false,
            "value-dropped",
        ),
        row(
            "required value refused",
            refused("STRING_TOO_LONG", &["LastName"]),
            Failed,
            Some("STRING_TOO_LONG"),
            false,
            "gave-up",
        ),
        row(
            "field that was not written refused",
            refused("FIELD_CUSTOM_VALIDATION_EXCEPTION", &["Phone"]),
            Failed,
            Some("FIELD_CUSTOM_VALIDATION_EXCEPTION"),
            false,
            "gave-up",
        ),
        row(
            "what was found is gone",
            refused("ENTITY_IS_DELETED", &[]),
            Due,
            Some("ENTITY_IS_DELETED"),
            false,
            "retry-at",
        ),
        Row {
            attempts: 3,
            ..row(
                "what was found stays gone",
                refused("ENTITY_IS_DELETED", &[]),
                Failed,
                Some("ENTITY_IS_DELETED"),
                false,
                "gave-up",
            )
        },
        row(
            "duplicate without a meaning",
            refused("DUPLICATE_VALUE", &[]),
            Failed,
            Some("DUPLICATE_VALUE"),
            false,
            "gave-up",
        ),
        row(
            "request makes no sense",
            Error::InvalidRequest { reason: "no".to_owned() },
            Failed,
            Some("INVALID_REQUEST"),
            false,
            "gave-up",
        ),
    ];
    for row in rows {
        let writes = vec![write()];
        let mut delivery = Delivery { attempts: row.attempts, ..sent(&writes) };
        let steps = apply_results(&mut delivery, &plan(writes), &[Err(row.error)], TIME);
        assert_eq!(delivery.state, row.state, "{}", row.what);
        assert_eq!(delivery.error_code.as_deref(), row.code, "{}", row.what);
        assert_eq!(delivery.open_attempt.is_some(), row.stays_open, "{}", row.what);
        assert!(steps.iter().any(|step| step.code == row.step), "{}: {steps:?}", row.what);
        assert!(delivery.state == Failed || delivery.due_at >= NOW, "{}", row.what);
    }
}

fn created() -> WriteResult {
    Ok(SavedRecord::new(ID.parse().unwrap()))
}

#[test]
fn success_ends_the_delivery_and_keeps_the_record() {
    let writes = vec![write()];
    let mut delivery = sent(&writes);
    apply_results(&mut delivery, &plan(writes), &[created()], TIME);
    assert_eq!((delivery.state, delivery.open_attempt.is_none()), (DeliveryState::Done, true));
    let record =
        DeliveredRecord { object: "Lead".to_owned(), id: ID.to_owned(), action: RecordAction::Created };
    assert_eq!(delivery.records, [record]);
}

#[test]
fn one_unknown_write_keeps_only_itself_open() {
    let task = Write::create("Task", Fields::new(), Recovery::Marker { field: "Description".to_owned() });
    let writes = vec![write(), task.clone()];
    let mut delivery = sent(&writes);
    apply_results(&mut delivery, &plan(writes), &[created(), Err(lost())], TIME);
    assert_eq!(delivery.state, DeliveryState::Due);
    assert_eq!(delivery.open_attempt.unwrap().writes, [task], "the Lead is known");
    assert_eq!(delivery.records.len(), 1);
}

#[test]
fn unknown_outcome_outweighs_a_refusal() {
    let writes = vec![write(), write()];
    for results in [
        [Err(refused("REQUIRED_FIELD_MISSING", &[])), Err(lost())],
        [Err(lost()), Err(refused("REQUIRED_FIELD_MISSING", &[]))],
    ] {
        let mut delivery = sent(&writes);
        apply_results(&mut delivery, &plan(writes.clone()), &results, TIME);
        assert_eq!(delivery.state, DeliveryState::Due, "nothing is given up before it is known");
    }
}

#[test]
fn follow_up_and_writes_decide_how_it_ends() {
    let nothing = || DeliveryPlan::nothing(vec![Step::new("todo-off")]);
    let cancelled = || DeliveryPlan::cancelled(vec![Step::new("delivery-booking-cancelled")]);
    let until = NOW.plus_minutes(60);
    let again =
        DeliveryPlan { follow_up: FollowUp::SearchAgain { at: NOW.plus_minutes(10), until }, ..nothing() };
    let with_record = || {
        let mut delivery = numbered(1, 1);
        delivery.add_record("Task", ID, RecordAction::Created);
        delivery
    };
    for (what, mut delivery, plan, state) in [
        ("nothing to do", numbered(1, 1), nothing(), DeliveryState::Skipped),
        ("nothing more to do", with_record(), nothing(), DeliveryState::Done),
        ("cancelled before it wrote", numbered(1, 1), cancelled(), DeliveryState::Cancelled),
        ("cancelled after it wrote", with_record(), cancelled(), DeliveryState::Done),
        ("searched for again", numbered(1, 1), again, DeliveryState::Due),
    ] {
        apply_results(&mut delivery, &plan, &[], TIME);
        assert_eq!(delivery.state, state, "{what}");
        let searches = matches!(plan.follow_up, FollowUp::SearchAgain { .. });
        assert_eq!(delivery.search_until, searches.then_some(until), "{what}");
        assert_eq!(delivery.attempts == 0, searches, "{what}: a search is no failed attempt");
    }
}

#[test]
fn dropped_value_is_not_dropped_twice() {
    let writes = vec![write()];
    let mut delivery = sent(&writes);
    let refusal = || [Err(refused("STRING_TOO_LONG", &["Rating"]))];
    apply_results(&mut delivery, &plan(writes.clone()), &refusal(), TIME);
    assert_eq!((delivery.dropped_fields.clone(), delivery.due_at), (vec!["Rating".to_owned()], NOW));
    apply_results(&mut delivery, &plan(writes), &refusal(), TIME);
    assert_eq!(delivery.state, DeliveryState::Failed, "leaving it out did not help");
}

#[test]
fn tries_at_once_are_bounded() {
    let writes = vec![write()];
    let mut delivery = Delivery { attempts: 20, ..sent(&writes) };
    apply_results(&mut delivery, &plan(writes), &[Err(refused("STRING_TOO_LONG", &["Rating"]))], TIME);
    assert!(delivery.state == DeliveryState::Failed || delivery.due_at > NOW, "{delivery:?}");
}

#[test]
fn duplicate_rule_adopts_the_same_email_and_saves_beside_another() {
    let mut lead = write().on_duplicate(OnDuplicate::AdoptSameEmail);
    lead.fields.insert("Email".to_owned(), "Taro@example.jp".into());
    let found = |email: Option<&str>, allow_save| DuplicateMatch {
        object: "Contact".to_owned(),
        id: "003000000000001AAA".parse().unwrap(),
        rule: "Standard".to_owned(),
        allow_save,
        email: email.map(str::to_owned),
        confidence: None,
    };
    let same = Some("taro@EXAMPLE.jp");
    let other = Some("jiro@example.jp");
    for (what, found, allowed_before, state, adopted, allowed) in [
        ("same, alert", found(same, true), false, DeliveryState::Done, true, false),
        ("same, block", found(same, false), false, DeliveryState::Done, true, false),
        ("another, alert", found(other, true), false, DeliveryState::Due, false, true),
        ("another, block", found(other, false), false, DeliveryState::Failed, false, false),
        ("hidden, alert", found(None, true), false, DeliveryState::Due, false, true),
        ("hidden, block", found(None, false), false, DeliveryState::Failed, false, false),
        (
            "another, alert in spite of the allowance",
            found(other, true),
            true,
            DeliveryState::Failed,
            false,
            true,
        ),
    ] {
        let writes = vec![lead.clone().allowing_duplicates(allowed_before)];
        let mut delivery = Delivery { allow_duplicates: allowed_before, ..sent(&writes) };
        let error = refused_with("DUPLICATES_DETECTED", &[], vec![found]);
        apply_results(&mut delivery, &plan(writes), &[Err(error)], TIME);
        let is_adopted = delivery.records.iter().any(|record| record.action == RecordAction::Adopted);
        assert_eq!(
            (delivery.state, is_adopted, delivery.allow_duplicates),
            (state, adopted, allowed),
            "{what}"
        );
        assert!(state != DeliveryState::Due || delivery.due_at == NOW, "{what}: tried again at once");
    }
}

#[test]
fn duplicate_without_a_name_is_asked_for_singly() {
    let writes = vec![write().on_duplicate(OnDuplicate::AdoptSameEmail)];
    let mut unnamed = sent(&writes);
    let error = || [Err(refused("DUPLICATES_DETECTED", &[]))];
    apply_results(&mut unnamed, &plan(writes.clone()), &error(), TIME);
    assert_eq!((unnamed.state, unnamed.retry_singly, unnamed.due_at), (DeliveryState::Due, true, NOW));
    apply_results(&mut unnamed, &plan(writes), &error(), TIME);
    assert_eq!(unnamed.state, DeliveryState::Failed, "a single response names no record either");
}

#[test]
fn upsert_that_finds_its_record_has_recovered_it() {
    let mut lead = write();
    lead.operation = Operation::Upsert { field: "Tsugite_Id__c".to_owned(), value: "x".to_owned() };
    for (was_there, action) in [(false, RecordAction::Created), (true, RecordAction::Recovered)] {
        let writes = vec![lead.clone()];
        let mut delivery = sent(&writes);
        let saved = SavedRecord { was_there, ..SavedRecord::new(ID.parse().unwrap()) };
        apply_results(&mut delivery, &plan(writes), &[Ok(saved)], TIME);
        assert_eq!((delivery.state, delivery.records[0].action), (DeliveryState::Done, action));
    }
}

#[test]
fn duplicate_counts_as_done_only_where_the_write_says_so() {
    for (meaning, state) in
        [(OnDuplicate::Done, DeliveryState::Done), (OnDuplicate::Fail, DeliveryState::Failed)]
    {
        let writes = vec![write().on_duplicate(meaning)];
        let mut delivery = sent(&writes);
        apply_results(&mut delivery, &plan(writes), &[Err(refused("DUPLICATE_VALUE", &[]))], TIME);
        assert_eq!(delivery.state, state, "{meaning:?}");
    }
}

#[test]
fn failed_look_up_gives_nothing_up() {
    for error in [
        refused("INSUFFICIENT_ACCESS", &[]),
        lost(),
        Error::SessionExpired,
        Error::LimitReached { limit: Limit::Daily },
        Error::NotSent { reason: String::new() },
    ] {
        let mut delivery = numbered(1, 1);
        postpone(&mut delivery, &error, TIME);
        assert_eq!(delivery.state, DeliveryState::Due, "{error}");
        assert!(delivery.due_at > NOW, "{error}");
        assert!(delivery.open_attempt.is_none(), "{error}: nothing was sent");
    }
}

#[test]
fn waiting_for_the_org_ends_when_nothing_can_come_any_more() {
    let until = NOW.plus_seconds(30);
    for attempts in [1, 5, 50] {
        let mut delivery = Delivery { attempts, ..numbered(1, 1) };
        wait(&mut delivery, until, TIME);
        assert!(
            delivery.due_at <= until && delivery.due_at > NOW,
            "attempt {attempts}: {:?}",
            delivery.due_at
        );
    }
}
