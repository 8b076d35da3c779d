//! Finding out what a lost attempt did: which queries are asked, what they prove, when it is over.

use crate::fixtures::{NOW, numbered};
use domain::delivery::{
    Delivery, Fields, ORG_MAY_STILL_ACT_SECONDS, OpenAttempt, RecordAction, Recovery, Write, marker,
};
use domain::value::Timestamp;
use engine::delivery::read_back::{OwnRecord, RecognisedBy, queries, recognise};
use engine::delivery::recover::{Recovered, recover};
use salesforce::Record;
use serde_json::json;

const USER: &str = "005000000000001AAA";
const LEAD: &str = "00Q000000000001EAA";

fn marked(object: &str) -> Write {
    Write::create(object, Fields::new(), Recovery::Marker { field: "Description".to_owned() })
}

fn keyed(value: &str) -> Write {
    let fields: Fields = json!({ "Key__c": value }).as_object().unwrap().clone();
    Write::create("Visit__c", fields, Recovery::ExternalId { field: "Key__c".to_owned() })
}

fn repeatable() -> Write {
    Write::update("Lead", LEAD, Fields::new())
}

fn refused_twice() -> Write {
    Write::create("CampaignMember", Fields::new(), Recovery::RefusedTwice)
}

fn attempt(writes: Vec<Write>) -> OpenAttempt {
    OpenAttempt { org_time: NOW, sent_at: NOW, writes }
}

fn with_attempt(writes: Vec<Write>) -> Delivery {
    Delivery { open_attempt: Some(attempt(writes)), ..numbered(1, 1) }
}

fn own(object: &str, by: RecognisedBy) -> OwnRecord {
    OwnRecord { object: object.to_owned(), id: LEAD.to_owned(), by }
}

fn soql(attempts: &[OpenAttempt]) -> Vec<String> {
    queries(USER, attempts.iter()).iter().map(|query| query.select.build().unwrap()).collect()
}

#[test]
fn each_recovery_has_its_query() {
    let by_marker = soql(&[attempt(vec![marked("Lead"), marked("Task"), repeatable(), refused_twice()])]);
    assert_eq!(
        by_marker.len(),
        2,
        "repeatable writes and those refused twice are not read back: {by_marker:?}"
    );
    assert!(by_marker[0].starts_with("SELECT Id,Description FROM Lead WHERE"), "{}", by_marker[0]);
    assert!(by_marker[0].contains(USER) && by_marker[0].contains("CreatedDate"), "{}", by_marker[0]);
    let by_key = soql(&[attempt(vec![keyed("a")]), attempt(vec![keyed("b")])]);
    assert_eq!(by_key, ["SELECT Id,Key__c FROM Visit__c WHERE Key__c IN ('a','b')"]);
    assert!(soql(&[]).is_empty());
}

#[test]
fn window_spans_all_attempts_of_an_object() {
    let early = OpenAttempt { org_time: NOW.plus_minutes(-90), ..attempt(vec![marked("Lead")]) };
    let one = soql(&[early, attempt(vec![marked("Lead")])]).remove(0);
    let moment = |at: Timestamp| at.to_jiff().strftime("%Y-%m-%dT%H:%M").to_string();
    assert!(one.contains(&moment(NOW.plus_minutes(-92))), "{one}");
    assert!(one.contains(&moment(NOW.plus_minutes(60))), "{one}");
}

#[test]
fn record_is_recognised_by_marker_or_by_key_only() {
    let delivery = numbered(7, 1).id;
    let query = |write: Write| queries(USER, [attempt(vec![write])].iter()).remove(0);
    let record = |field: &str, value: &str| {
        let mut record = Record::of("Lead");
        record.set("Id", LEAD);
        record.set(field, value);
        record
    };
    let note = marker::mark("text", delivery, 1_000);
    let by_marker = query(marked("Lead"));
    let found = recognise(&by_marker, &record("Description", &note)).unwrap();
    assert_eq!((found.id.as_str(), found.by), (LEAD, RecognisedBy::Marker(delivery)));
    assert_eq!(recognise(&by_marker, &record("Description", "somebody's own text")), None);
    let found = recognise(&query(keyed("a")), &record("Key__c", "a")).unwrap();
    assert_eq!(found.by, RecognisedBy::ExternalId { field: "Key__c".to_owned(), value: "a".to_owned() });
}

#[test]
fn recovery_takes_over_waits_or_goes_on() {
    let id = numbered(1, 1).id;
    let other = numbered(2, 2).id;
    let mark = |delivery| own("Lead", RecognisedBy::Marker(delivery));
    let key = |value: &str| {
        own("Visit__c", RecognisedBy::ExternalId { field: "Key__c".to_owned(), value: value.to_owned() })
    };
    let soon = NOW.plus_seconds(1);
    let late = NOW.plus_seconds(ORG_MAY_STILL_ACT_SECONDS);
    for (what, writes, found, now, records, waits) in [
        ("found by marker", vec![marked("Lead")], vec![mark(id)], soon, 1, false),
        ("another's marker", vec![marked("Lead")], vec![mark(other)], soon, 0, true),
        ("not there yet", vec![marked("Lead")], vec![], soon, 0, true),
        ("not there when nothing can come any more", vec![marked("Lead")], vec![], late, 0, false),
        ("one of two there", vec![marked("Lead"), marked("Task")], vec![mark(id)], soon, 1, true),
        ("found by key", vec![keyed("a")], vec![key("a")], soon, 1, false),
        ("another key", vec![keyed("a")], vec![key("b")], soon, 0, true),
        ("an update repeats", vec![repeatable()], vec![], soon, 0, false),
        ("a second one is refused", vec![refused_twice()], vec![], soon, 0, false),
    ] {
        let mut delivery = with_attempt(writes);
        let result = recover(&mut delivery, &found, now);
        assert_eq!(matches!(result, Recovered::Wait { .. }), waits, "{what}: {result:?}");
        assert_eq!(delivery.open_attempt.is_some(), waits, "{what}");
        assert_eq!(delivery.records.len(), records, "{what}");
        assert!(delivery.records.iter().all(|one| one.action == RecordAction::Recovered), "{what}");
    }
}

#[test]
fn what_is_found_later_leaves_only_the_rest_open() {
    let mut delivery = with_attempt(vec![marked("Lead"), marked("Task")]);
    let lead = own("Lead", RecognisedBy::Marker(delivery.id));
    recover(&mut delivery, std::slice::from_ref(&lead), NOW.plus_seconds(1));
    let open = delivery.open_attempt.clone().unwrap();
    assert_eq!(open.writes, [marked("Task")]);
    recover(&mut delivery, &[lead], NOW.plus_seconds(2));
    assert_eq!(delivery.records.len(), 1, "the Lead is not taken over twice");
}

#[test]
fn forgotten_attempt_gives_its_records_back() {
    let mut delivery = numbered(1, 1);
    let id = delivery.id.to_string();
    let key = |field: &str, value: &str| RecognisedBy::ExternalId {
        field: field.to_owned(),
        value: value.to_owned(),
    };
    for (by, is_ours) in [
        (RecognisedBy::Marker(delivery.id), true),
        (RecognisedBy::Marker(numbered(2, 2).id), false),
        (key("Tsugite_Id__c", &id.to_uppercase()), true),
        (key("Other_Id__c", &id), false),
        (key("Tsugite_Id__c", "another"), false),
    ] {
        delivery.records.clear();
        let found = [own("Event", by.clone())];
        let Recovered::Known(steps) = recover(&mut delivery, &found, NOW) else { panic!("{by:?} waits") };
        assert_eq!(
            (delivery.records.len(), steps.len()),
            (usize::from(is_ours), usize::from(is_ours)),
            "{by:?}"
        );
        assert!(delivery.open_attempt.is_none());
    }
}

#[test]
fn attempt_from_before_the_clock_was_set_back_waits_no_longer_than_another() {
    let mut delivery = with_attempt(vec![marked("Task")]);
    let two_hours_back = NOW.plus_seconds(-7_200);
    let longest = two_hours_back.plus_seconds(ORG_MAY_STILL_ACT_SECONDS);
    for seconds in [0, 60] {
        let Recovered::Wait { until, .. } = recover(&mut delivery, &[], two_hours_back.plus_seconds(seconds))
        else {
            panic!("what is not found yet is waited for")
        };
        assert_eq!(until, longest, "counted from when it was noticed");
    }
    assert!(matches!(recover(&mut delivery, &[], longest), Recovered::Known(_)));
}
