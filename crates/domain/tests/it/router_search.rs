//! Which of several matching records a node takes: a table for filters and tie-breaks, and that their order is nothing.

use domain::router::{
    Chart, Facts, Known, LookupFailure, MatchedRecord, RecordSelection, SelectedRecord, TieBreak, decide,
    record_name, route_needs,
};
use domain::router::{FindKey, Node, RouteNeed};
use domain::synced_fields::SyncedObject;
use domain::value::Timestamp;
use proptest::prelude::*;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn record(id: &str, changed: i64, fields: Value) -> MatchedRecord {
    MatchedRecord {
        id: id.to_owned(),
        name: format!("Account {id}"),
        owner: fields["Owner.Email"].as_str().map(str::to_owned),
        fields: fields.as_object().unwrap().clone(),
        changed_at: Timestamp::from_seconds(changed),
    }
}

/// Four accounts of one domain.
fn accounts() -> Vec<MatchedRecord> {
    vec![
        record(
            "a",
            300,
            json!({ "Type": "Partner", "Size": 10, "Since": "2020-01-01", "At": null, "Owner.Email": null, "Note": "x" }),
        ),
        record(
            "b",
            200,
            json!({ "Type": "ＣＵＳＴＯＭＥＲ", "Size": 10, "Since": "2024-01-01", "At": "2026-05-22T10:00:00.000+0000",
                "Owner.Email": "Sato@host.example", "Note": null }),
        ),
        record(
            "c",
            100,
            json!({ "Type": "Customer", "Size": "9.5", "Since": "2022/01/01", "At": "2026-05-22T18:59:00+09:00",
                "Owner.Email": "gone@host.example", "Note": "y" }),
        ),
        record(
            "d",
            100,
            json!({ "Type": "Customer", "Size": null, "Since": "someday", "At": "2026-05-22T09:00:00Z",
                "Owner.Email": "sato@host.example", "Note": "3" }),
        ),
    ]
}

fn members() -> BTreeSet<String> {
    ["sato@host.example".to_owned()].into()
}

fn selection(filters: &Value, prefer: &Value) -> RecordSelection {
    serde_json::from_value(json!({ "filters": filters, "prefer": prefer })).unwrap()
}

fn choose(filters: &Value, prefer: &Value) -> SelectedRecord {
    selection(filters, prefer).choose(&accounts(), &members())
}

/// The record with how many were left out and what decided, in short.
fn told(found: &SelectedRecord) -> String {
    let record = match &found.record {
        Known::Found(record) => record.id.clone(),
        Known::NotFound => "none".to_owned(),
        Known::Unknown(failure) => failure.name().to_owned(),
    };
    let decided = match &found.search.decided_by {
        None => "-".to_owned(),
        Some(TieBreak::Preferred(by)) => format!("{} {}", by.order.name(), by.field).trim().to_owned(),
        Some(TieBreak::LastChanged) => "last changed".to_owned(),
        Some(TieBreak::RecordId) => "record id".to_owned(),
    };
    format!("{record} | {} of {} | {decided}", found.search.left_out, found.search.matched)
}

#[test]
fn filters_leave_out_and_the_first_tie_break_that_differs_decides() {
    let customer = json!([{ "fact": "account.Type", "operator": "equals", "value": "Customer" }]);
    let large = json!([{ "fact": "account.Size", "operator": "greater_than", "value": 9 },
        { "fact": "account.Type", "operator": "equals", "value": "Customer" }]);
    let table = [
        (json!([]), json!([]), "a | 0 of 4 | last changed"),
        (customer.clone(), json!([]), "b | 1 of 4 | last changed"),
        (large.clone(), json!([]), "b | 2 of 4 | last changed"),
        (large, json!([{ "field": "Size", "order": "lowest" }]), "c | 2 of 4 | lowest Size"),
        (
            json!([{ "fact": "account.Type", "operator": "equals", "value": "Partner" }]),
            json!([]),
            "a | 3 of 4 | -",
        ),
        (
            json!([{ "fact": "account.Type", "operator": "equals", "value": "Other" }]),
            json!([]),
            "none | 4 of 4 | -",
        ),
        (
            json!([{ "fact": "account.type", "operator": "in", "value": ["Customer"] },
                { "fact": "account.Size", "operator": "not_exists" }]),
            json!([]),
            "d | 3 of 4 | -",
        ),
        (json!([]), json!([{ "field": "Since", "order": "newest" }]), "b | 0 of 4 | newest Since"),
        (json!([]), json!([{ "field": "Since", "order": "oldest" }]), "a | 0 of 4 | oldest Since"),
        (json!([]), json!([{ "field": "At", "order": "newest" }]), "b | 0 of 4 | newest At"),
        (json!([]), json!([{ "field": "At", "order": "oldest" }]), "d | 0 of 4 | oldest At"),
        (json!([]), json!([{ "field": "Size", "order": "lowest" }]), "c | 0 of 4 | lowest Size"),
        (json!([]), json!([{ "field": "Size", "order": "highest" }]), "a | 0 of 4 | last changed"),
        (
            json!([]),
            json!([{ "field": "Size", "order": "highest" }, { "field": "Since", "order": "newest" }]),
            "b | 0 of 4 | newest Since",
        ),
        (json!([]), json!([{ "order": "owner_is_member" }]), "b | 0 of 4 | last changed"),
        (
            customer.clone(),
            json!([{ "order": "owner_is_member" }, { "field": "At", "order": "oldest" }]),
            "d | 1 of 4 | oldest At",
        ),
        (
            json!([{ "fact": "account.Note", "operator": "exists" }, { "fact": "account.Size", "operator": "less_than", "value": "10" }]),
            json!([]),
            "c | 3 of 4 | -",
        ),
        // Nobody knows whether the record with the lowest size has a value that is no number.
        (
            json!([{ "fact": "account.Since", "operator": "less_than", "value": "2030-01-01" }]),
            json!([]),
            "not-comparable | 0 of 4 | -",
        ),
        (json!([{ "fact": "account.Gone__c", "operator": "exists" }]), json!([]), "field-gone | 0 of 4 | -"),
        (json!([]), json!([{ "field": "Gone__c", "order": "newest" }]), "field-gone | 0 of 4 | -"),
        // What is not needed need not be known.
        (
            json!([{ "fact": "account.Type", "operator": "equals", "value": "Partner" },
                { "fact": "account.Note", "operator": "equals", "value": "x" }]),
            json!([{ "field": "Gone__c", "order": "newest" }]),
            "a | 3 of 4 | -",
        ),
    ];
    for (filters, prefer, expected) in table {
        assert_eq!(told(&choose(&filters, &prefer)), expected, "{filters} {prefer}");
    }
    let same_instant = selection(&json!([]), &json!([])).choose(&accounts()[2..], &members());
    assert_eq!(told(&same_instant), "c | 0 of 2 | record id");
    let nobody = selection(&customer, &json!([])).choose(&[], &members());
    assert_eq!(told(&nobody), "none | 0 of 0 | -");
}

fn chart(find: Value) -> Chart {
    let mut find = find;
    find["kind"] = json!("find");
    find["object"] = json!("account");
    find["by"] = json!("domain");
    find["next"] = json!({ "match": "type", "otherwise": "z", "error": "z" });
    serde_json::from_value(json!({ "start": "a", "nodes": {
        "a": find,
        "type": { "kind": "condition", "all": [{ "fact": "account.Type", "operator": "equals", "value": "Customer" }],
            "next": { "match": "z", "otherwise": "z", "error": "z" } },
        "z": { "kind": "outcome", "outcome": { "kind": "nothing" } } } }))
    .unwrap()
}

#[test]
fn path_tells_how_many_matched_and_what_decided_and_conditions_read_the_record_that_was_taken() {
    let filters = json!([{ "fact": "account.Type", "operator": "equals", "value": "Customer" }]);
    let prefer = json!([{ "field": "Since", "order": "newest" }]);
    let chart = chart(json!({ "filters": filters, "prefer": prefer }));
    let Node::Find { filters: tests, prefer: order, .. } = &chart.nodes["a"] else { panic!() };
    let name = record_name(SyncedObject::Account, FindKey::Domain, false, tests, order);
    let needs = route_needs(&chart);
    let names: Vec<String> = needs.iter().map(RouteNeed::name).collect();
    assert_eq!(names, ["account domain", name.as_str()], "a condition may read a record that no node finds");
    let reads = needs.iter().all(|need| match need {
        RouteNeed::Record { fields, selection, .. } => {
            fields.contains("Type") && fields.contains("Since") != selection.is_default()
        }
        RouteNeed::List { .. } => false,
    });
    assert!(reads, "{needs:?}");
    let facts = |filters: &Value| {
        let SelectedRecord { record, search } = choose(filters, &prefer);
        Facts {
            records: [(name.clone(), record)].into(),
            searches: [(name.clone(), search)].into(),
            ..Facts::default()
        }
    };
    let steps = |filters: &Value| {
        let decision = decide(&chart, &facts(filters));
        let told = |step: &domain::value::Step| {
            let data: Vec<&str> = step.data.values().map(String::as_str).collect();
            format!("{} {}", step.code, data.join(" "))
        };
        let first = &decision.path[0];
        (first.exit.clone(), first.why.iter().map(told).collect::<Vec<_>>())
    };
    assert_eq!(
        steps(&filters),
        (
            "match".to_owned(),
            vec![
                "route-record-found b domain Account b Account".to_owned(),
                "route-records-filtered 3 1 4".to_owned(),
                "route-preferred-newest 3 account.Since".to_owned(),
            ]
        )
    );
    let nobody = json!([{ "fact": "account.Type", "operator": "equals", "value": "Nobody" }]);
    assert_eq!(
        steps(&nobody),
        (
            "otherwise".to_owned(),
            vec!["route-not-found domain Account".to_owned(), "route-records-filtered 0 4 4".to_owned()]
        )
    );
    let unknown = json!([{ "fact": "account.Gone__c", "operator": "exists" }]);
    assert_eq!(steps(&unknown).0, "error");
    let decision = decide(&chart, &facts(&filters));
    assert_eq!((decision.path[1].exit.as_str(), decision.record.as_deref()), ("match", Some(name.as_str())));
    let other = decide(
        &chart,
        &Facts { records: [("account domain".to_owned(), Known::NotFound)].into(), ..Facts::default() },
    );
    assert_eq!(other.path[0].exit, "error", "what other filters found says nothing");
    assert!(matches!(choose(&unknown, &prefer).record, Known::Unknown(LookupFailure::FieldGone)));
}

fn any_record() -> impl Strategy<Value = (i64, Value)> {
    let text =
        prop::sample::select(vec![Value::Null, json!("Customer"), json!("customer"), json!("Partner")]);
    let size = prop::sample::select(vec![Value::Null, json!(1), json!("1.0"), json!(2), json!("many")]);
    let since = prop::sample::select(vec![
        Value::Null,
        json!("2020-01-01"),
        json!("2024-02-03T00:00:00Z"),
        json!("x"),
    ]);
    let owner =
        prop::sample::select(vec![Value::Null, json!("sato@host.example"), json!("gone@host.example")]);
    (0_i64..3, text, size, since, owner).prop_map(|(changed, kind, size, since, owner)| {
        (changed, json!({ "Type": kind, "Size": size, "Since": since, "Owner.Email": owner }))
    })
}

fn any_selection() -> impl Strategy<Value = RecordSelection> {
    let filters = prop::sample::subsequence(
        vec![
            json!({ "fact": "account.Type", "operator": "equals", "value": "Customer" }),
            json!({ "fact": "account.Size", "operator": "exists" }),
            json!({ "fact": "account.Size", "operator": "greater_than", "value": 0 }),
        ],
        0..=3,
    );
    let prefer = prop::sample::subsequence(
        vec![
            json!({ "field": "Size", "order": "highest" }),
            json!({ "order": "owner_is_member" }),
            json!({ "field": "Since", "order": "oldest" }),
            json!({ "field": "Size", "order": "lowest" }),
        ],
        0..=4,
    )
    .prop_shuffle();
    (filters, prefer).prop_map(|(filters, prefer)| selection(&json!(filters), &json!(prefer)))
}

proptest! {
    #[test]
    fn order_of_the_records_changes_nothing(
        (drawn, order) in prop::collection::vec(any_record(), 0..8)
            .prop_flat_map(|drawn| { let places: Vec<usize> = (0..drawn.len()).collect(); (Just(drawn), Just(places).prop_shuffle()) }),
        selection in any_selection(),
    ) {
        let records: Vec<MatchedRecord> = drawn.iter().enumerate()
            .map(|(place, (changed, fields))| record(&format!("id-{place}"), *changed, fields.clone()))
            .collect();
        let found = selection.choose(&records, &members());
        let shuffled: Vec<MatchedRecord> = order.iter().map(|place| records[*place].clone()).collect();
        prop_assert_eq!(&selection.choose(&shuffled, &members()), &found);
        if let Known::Found(taken) = &found.record {
            let left = found.search.matched - found.search.left_out;
            prop_assert_eq!((taken.candidates, found.search.decided_by.is_some()), (left, left > 1));
        }
        let stored: SelectedRecord = serde_json::from_value(serde_json::to_value(&found).unwrap()).unwrap();
        prop_assert_eq!(stored, found, "as it was kept");
    }
}
