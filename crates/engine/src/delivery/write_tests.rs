//! How a round's writes travel: singly or as collections, each with its place among the outcomes.

use super::*;
use domain::delivery::Recovery;
use salesforce::ApiVersion;
use serde_json::{Value, json};

const LEAD: &str = "00Q000000000001EAA";

fn fields(name: &str) -> Fields {
    json!({ "LastName": name }).as_object().unwrap().clone()
}

fn create(object: &str, name: &str) -> Write {
    Write::create(object, fields(name), Recovery::Repeatable)
}

fn update(id: &str) -> Write {
    Write::update("Lead", id, fields("佐藤"))
}

/// The part that a group sends.
fn sent(group: &Group) -> Value {
    let mut request = CompositeRequest::new();
    request.push("w", group.part.clone()).unwrap();
    request.to_body(ApiVersion::new(66))["compositeRequest"][0].clone()
}

#[test]
fn single_write_is_a_request_of_its_own() {
    for (write, method, path, body, assigns) in [
        (create("Lead", "山田"), "POST", "Lead", json!({ "LastName": "山田" }), "FALSE"),
        (create("Lead", "山田").assigned_by_rule(), "POST", "Lead", json!({ "LastName": "山田" }), "TRUE"),
        (update(LEAD), "PATCH", "Lead/00Q000000000001EAA", json!({ "LastName": "佐藤" }), "FALSE"),
    ] {
        let groups = single_groups(&outgoing([std::slice::from_ref(&write)].into_iter()));
        let [group] = groups.as_slice() else { panic!("{write:?}: {} groups", groups.len()) };
        let part = sent(group);
        assert_eq!(part["method"], method, "{part}");
        assert_eq!(part["url"], format!("/services/data/v66.0/sobjects/{path}"), "{part}");
        assert_eq!(part["body"], body, "{part}");
        assert_eq!(part["httpHeaders"]["Sforce-Auto-Assign"], assigns, "{part}");
        assert_eq!(part["httpHeaders"]["Sforce-Mru"], "updateMru=false", "{part}");
        assert_eq!(group.updated.is_some(), !write.is_create(), "an update's answer has no ID");
    }
}

#[test]
fn write_with_invalid_id_is_not_sent() {
    let writes = [create("Lead", "山田"), update("だれか"), update(LEAD), update("")];
    let single: Vec<Vec<usize>> = single_groups(&outgoing([writes.as_slice()].into_iter()))
        .into_iter()
        .map(|group| group.places)
        .collect();
    assert_eq!(single, [[0], [2]]);
    let together: Vec<Vec<usize>> = collection_groups(&outgoing([writes.as_slice()].into_iter()))
        .into_iter()
        .map(|group| group.places)
        .collect();
    assert_eq!(together, [[0], [2]]);
    assert!(
        single_groups(&outgoing([&writes[1..2]].into_iter())).is_empty()
            && collection_groups(&outgoing([&writes[3..]].into_iter())).is_empty()
    );
}

#[test]
fn write_without_outcome_is_open_or_was_never_sent() {
    for (write, may_have_acted) in
        [(create("Lead", "山田"), true), (update(LEAD), true), (update("だれか"), false), (update(""), false)]
    {
        let error = missing_result(&write).unwrap_err();
        assert_eq!(error.may_have_acted(), may_have_acted, "{write:?}: {error}");
        assert_eq!(matches!(error, Error::InvalidRequest { .. }), !may_have_acted, "{error}");
    }
}

#[test]
fn collections_are_apart_by_kind_and_assignment_and_sorted_by_object() {
    let writes = [
        create("Task", "a"),
        update(LEAD),
        create("Event", "b"),
        create("Task", "c"),
        create("Lead", "d").assigned_by_rule(),
        update(LEAD).assigned_by_rule(),
        create("Event", "e"),
    ];
    let groups = collection_groups(&outgoing([writes.as_slice()].into_iter()));
    let told: Vec<(Vec<usize>, String, String)> = groups
        .iter()
        .map(|group| {
            let part = sent(group);
            let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
            (group.places.clone(), text(&part["method"]), text(&part["httpHeaders"]["Sforce-Auto-Assign"]))
        })
        .collect();
    let row = |places: &[usize], method: &str, assigns: &str| {
        (places.to_vec(), method.to_owned(), assigns.to_owned())
    };
    assert_eq!(
        told,
        [
            row(&[4], "POST", "TRUE"),
            row(&[2, 6, 0, 3], "POST", "FALSE"),
            row(&[5], "PATCH", "TRUE"),
            row(&[1], "PATCH", "FALSE"),
        ]
    );
    let body = &sent(&groups[1])["body"]["records"];
    let types: Vec<&str> = (0..4).filter_map(|place| body[place]["attributes"]["type"].as_str()).collect();
    assert_eq!(types, ["Event", "Event", "Task", "Task"]);
    assert_eq!(sent(&groups[3])["body"]["records"][0]["Id"], LEAD, "an update names its record");
    assert_eq!(sent(&groups[3])["body"]["allOrNone"], false, "one refusal undoes no other");
}

#[test]
fn collection_takes_two_hundred_records() {
    for (count, sizes) in [(26, vec![26]), (200, vec![200]), (201, vec![200, 1]), (400, vec![200, 200])] {
        let writes: Vec<Write> = (0..count).map(|number| create("Task", &number.to_string())).collect();
        let groups = collection_groups(&outgoing([writes.as_slice()].into_iter()));
        assert_eq!(groups.iter().map(|group| group.places.len()).collect::<Vec<_>>(), sizes, "{count}");
        let places: Vec<usize> = groups.iter().flat_map(|group| group.places.clone()).collect();
        assert_eq!(places, (0..count).collect::<Vec<_>>(), "each has its place");
    }
}
