//! The eight combinations of K11, K12 and K14 × no match, Lead, Contact, both (K18); names, company, values.

use crate::support::{
    HOST_USER, booking, candidate, codes, created, delivery, field, host_user, lead, object, page, question,
    updated,
};
use domain::booking::{Booking, BookingPage, PageSalesforce};
use domain::delivery::page_records::{PageContext, decide};
use domain::delivery::{
    Candidate, DeliveredRecord, Delivery, DeliveryKind, DeliveryPlan, PersonObject, RecordAction,
};
use domain::form::{Answer, FieldKind, FieldMapping};
use domain::org::FieldType;
use domain::value::PersonName;
use serde_json::Value;

fn mapping(field: &str, salesforce_field: &str) -> FieldMapping {
    FieldMapping { field: field.to_owned(), salesforce_field: salesforce_field.to_owned() }
}

fn settings(create_lead: bool, create_event: bool, map_fields: bool) -> PageSalesforce {
    let mappings = vec![mapping("rank", "Rank__c"), mapping("note", "Note__c")];
    PageSalesforce {
        split_name: true,
        create_lead,
        create_event,
        map_fields,
        mappings,
        ..PageSalesforce::default()
    }
}

fn page_with(salesforce: PageSalesforce) -> BookingPage {
    let fields =
        vec![question("rank", FieldKind::Radio, &["高", "無"]), question("note", FieldKind::Hidden, &[])];
    page(salesforce, fields)
}

fn answered() -> Booking {
    let mut booking = booking();
    booking.answers.insert("rank".to_owned(), Answer::One("高".to_owned()));
    booking.answers.insert("note".to_owned(), Answer::One("広告".to_owned()));
    booking
}

fn plan(
    booking: &Booking,
    page: &BookingPage,
    delivery: &Delivery,
    candidates: &[Candidate],
) -> DeliveryPlan {
    decide(PageContext {
        booking,
        page,
        delivery,
        candidates,
        users: &host_user(),
        subject: "件名",
        comment: "コメント",
        lead: &lead(),
        event: &object("Event", vec![]),
    })
}

fn plan_for(salesforce: PageSalesforce, candidates: &[Candidate]) -> DeliveryPlan {
    plan(&answered(), &page_with(salesforce), &delivery(DeliveryKind::Page), candidates)
}

#[test]
fn every_setting_and_match_gives_expected_plan() {
    let a_lead = candidate(PersonObject::Lead, 1, 5);
    let a_contact = candidate(PersonObject::Contact, 2, 5);
    let matches = [
        ("no match", vec![]),
        ("Lead", vec![a_lead.clone()]),
        ("Contact", vec![a_contact.clone()]),
        ("both", vec![a_lead.clone(), a_contact.clone()]),
    ];
    let mut cases = 0;
    for bits in 0..8_u8 {
        let (create_lead, create_event, map_fields) = (bits & 1 != 0, bits & 2 != 0, bits & 4 != 0);
        for (what, candidates) in &matches {
            let what = format!("{what}: lead {create_lead}, event {create_event}, fields {map_fields}");
            let plan = plan_for(settings(create_lead, create_event, map_fields), candidates);
            let has_lead = candidates.contains(&a_lead);
            let nobody = candidates.is_empty();
            // K11: a Lead only when no one has the e-mail; K14 goes into it.
            let new = created(&plan, "Lead");
            assert_eq!(new.is_some(), create_lead && nobody, "{what}: new Lead");
            if let Some(new) = new {
                assert_eq!(new.contains_key("Rank__c"), map_fields, "{what}: fields of the new Lead");
                assert!(!new.contains_key("OwnerId"), "{what}: the org's rule gives the owner");
            }
            // K14: on the Lead that matches, never on a Contact.
            let changed = updated(&plan, "Lead").map(|(id, _)| id.to_owned());
            assert_eq!(changed, (map_fields && has_lead).then(|| a_lead.id.clone()), "{what}: changed Lead");
            assert_eq!(updated(&plan, "Contact"), None, "{what}");
            // K12: only with a match; of both, the Lead alone.
            let who = created(&plan, "Event").map(|event| event["WhoId"].as_str().unwrap().to_owned());
            let expected = if has_lead { &a_lead.id } else { &a_contact.id };
            assert_eq!(who, (create_event && !nobody).then(|| expected.clone()), "{what}: Event");
            assert!(plan.writes.len() <= 2, "{what}: nothing else");
            cases += 1;
        }
    }
    assert_eq!(cases, 32);
}

#[test]
fn event_has_seven_specified_fields() {
    let mut event = field("Type", FieldType::Picklist);
    event.options[0].value = "Meeting".to_owned();
    let booking = answered();
    let page = page_with(settings(false, true, false));
    let plan = decide(PageContext {
        booking: &booking,
        page: &page,
        delivery: &delivery(DeliveryKind::Page),
        candidates: &[candidate(PersonObject::Lead, 1, 5)],
        users: &host_user(),
        subject: "件名",
        comment: "コメント",
        lead: &lead(),
        event: &object("Event", vec![event]),
    });
    let event = created(&plan, "Event").unwrap();
    let names: Vec<&str> = event.keys().map(String::as_str).collect();
    assert_eq!(names, ["Type", "Subject", "Description", "StartDateTime", "EndDateTime", "WhoId", "OwnerId"]);
    assert_eq!(event["StartDateTime"], "2026-05-23T09:00:00Z");
    assert_eq!(event["OwnerId"], HOST_USER);
}

#[test]
fn new_lead_has_name_and_company() {
    let whole = PersonName::Whole { name: "山田　太郎".to_owned() };
    let split = PersonName::Split { family_name: "山田".to_owned(), given_name: "太郎".to_owned() };
    let rows = [
        (true, split.clone(), "山田商事", "山田", Some("太郎"), "山田商事"),
        (false, split, "", "山田 太郎", None, "example.co.jp"),
        (false, whole.clone(), "  ", "山田　太郎", None, "example.co.jp"),
        (true, whole, "山田商事", "山田　太郎", None, "山田商事"),
    ];
    for (split_name, name, company, last, first, expected_company) in rows {
        let mut booking = booking();
        booking.attendee.name = name.clone();
        booking.attendee.company = company.to_owned();
        let salesforce = PageSalesforce { split_name, ..settings(true, false, false) };
        let plan = plan(&booking, &page_with(salesforce), &delivery(DeliveryKind::Page), &[]);
        let lead = created(&plan, "Lead").unwrap();
        assert_eq!(lead["LastName"], last, "{name:?}");
        assert_eq!(lead.get("FirstName").and_then(Value::as_str), first, "{name:?}");
        assert_eq!(lead["Company"], expected_company);
    }
}

#[test]
fn hidden_fields_overwrite_and_empty_visible_fields_do_not() {
    let mut booking = booking();
    booking.answers.clear();
    let page = page_with(settings(false, false, true));
    let lead_there = [candidate(PersonObject::Lead, 1, 5)];
    let plan = plan(&booking, &page, &delivery(DeliveryKind::Page), &lead_there);
    let (_, fields) = updated(&plan, "Lead").unwrap();
    assert_eq!(fields.get("Note__c"), Some(&Value::Null), "the hidden field is emptied");
    assert_eq!(fields.get("Rank__c"), None, "the visible one keeps what the Lead has");
}

#[test]
fn value_outside_options_is_dropped_with_step() {
    let mut booking = answered();
    booking.answers.insert("rank".to_owned(), Answer::One("無".to_owned()));
    let page = page_with(settings(true, false, true));
    let plan = plan(&booking, &page, &delivery(DeliveryKind::Page), &[]);
    let lead = created(&plan, "Lead").unwrap();
    assert_eq!(lead.get("Rank__c"), None);
    assert_eq!(lead["Note__c"], "広告", "the others are saved");
    let step = plan.steps.iter().find(|step| step.code == "value-dropped").unwrap();
    assert_eq!((step.data["value"].as_str(), step.data["reason"].as_str()), ("無", "not-an-option"));
}

#[test]
fn written_records_are_not_written_again() {
    let record = |object: &str, id: &str, action| DeliveredRecord {
        object: object.to_owned(),
        id: id.to_owned(),
        action,
    };
    let page = page_with(settings(true, true, true));
    let ours = candidate(PersonObject::Lead, 1, 5);
    // Our own Lead, found again after a lost answer, is no match: the first booking of a stranger gets no Event.
    let mut recovered = delivery(DeliveryKind::Page);
    recovered.records = vec![record("Lead", &ours.id, RecordAction::Recovered)];
    let plan_one = plan(&answered(), &page, &recovered, std::slice::from_ref(&ours));
    assert_eq!(plan_one.writes, [], "{:?}", codes(&plan_one));
    // The Event was written, the fields were refused for a moment: only the fields are written.
    let mut half = delivery(DeliveryKind::Page);
    half.records = vec![record("Event", "00U000000000001AAA", RecordAction::Created)];
    let plan_two = plan(&answered(), &page, &half, std::slice::from_ref(&ours));
    assert_eq!(plan_two.writes.len(), 1);
    assert!(updated(&plan_two, "Lead").is_some());
    // The org's duplicate rule named a record: it stands for the Lead.
    let mut adopted = delivery(DeliveryKind::Page);
    adopted.records = vec![record("Contact", "003000000000009AAA", RecordAction::Adopted)];
    assert_eq!(plan(&answered(), &page, &adopted, &[]).writes, []);
}

#[test]
fn decision_of_a_router_fills_the_field_that_keeps_it_as_far_as_there_is_room() {
    let keeping = |name: &str| PageSalesforce {
        create_lead: true,
        map_fields: true,
        mappings: vec![mapping("routing", name)],
        ..PageSalesforce::default()
    };
    let routed = Booking {
        routing: "ルーター「受付」が営業チームに振り分けました。".to_owned(),
        ..booking()
    };
    let a_lead = candidate(PersonObject::Lead, 1, 5);
    let page = |name: &str| page(keeping(name), vec![]);
    let plan = |booking: &Booking, name: &str, found: &[Candidate]| {
        plan(booking, &page(name), &delivery(DeliveryKind::Page), found)
    };
    let cut: String = routed.routing.chars().take(20).collect();
    let new = plan(&routed, "Note__c", &[]);
    assert_eq!(created(&new, "Lead").unwrap()["Note__c"], Value::from(cut.clone()));
    let known = plan(&routed, "Note__c", std::slice::from_ref(&a_lead));
    assert_eq!(updated(&known, "Lead").unwrap().1["Note__c"], Value::from(cut));
    assert_eq!(updated(&plan(&booking(), "Note__c", std::slice::from_ref(&a_lead)), "Lead"), None);
    for (name, reason) in [("Gone__c", "no-such-field"), ("Rank__c", "wrong-type")] {
        let plan = plan(&routed, name, std::slice::from_ref(&a_lead));
        assert_eq!(updated(&plan, "Lead"), None);
        let step = plan.steps.iter().find(|step| step.code == "routing-dropped").unwrap();
        assert_eq!((step.data["field"].as_str(), step.data["reason"].as_str()), (name, reason));
    }
}
